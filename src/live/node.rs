//! A node of a live cluster: an agent of the engine with its disk, and its share of the trace. It
//! is shown the wall clock, hears what the master and other nodes post, and says what to post.
//!
//! It works in short turns, so that heartbeats, orders and reads of others always get through.

mod reading;

use super::clock::RunClock;
use super::merge::LOCAL_FIRST;
use super::reads::Reads;
use super::turns::Turns;
use super::values::{HEARTBEAT, REPORT_INTERVAL, TICK_INTERVAL};
use super::wire::{NodeSetup, Parcel, Report, ToMaster, ToNode, open, seal};
use crate::base::{AttemptId, Breakdown, NodeId, Time};
use crate::mapreduce::config::Topology;
use crate::mapreduce::messages::{Message, Order};
use crate::mapreduce::node_agent::{AgentSpec, Effect, NodeAgent};
use crate::trace::{Cause, Recorder, packed};
use bytes::Bytes;
use std::sync::Arc;

/// A node at work.
#[derive(Debug)]
pub struct Node {
    setup: NodeSetup,
    agent: NodeAgent,
    recorder: Recorder,
    clock: RunClock,
    turns: Turns,
    reads: Reads,
    /// Reduces that stay away from a host until then.
    penalties: Vec<(Time, AttemptId, NodeId)>,
    report: Report,
    /// The bytes of what the report publishes.
    published: Vec<Bytes>,
    begun: bool,
    due: Due,
    out: Vec<Posted>,
}

/// A parcel and whom it goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Posted {
    /// The master.
    ToMaster(Parcel),
    /// Another node.
    ToPeer(NodeId, Parcel),
}

/// When something is done by the clock next.
#[derive(Debug, Default)]
struct Due {
    heartbeat: Time,
    tick: Time,
    report: Time,
}

impl Node {
    /// The node that a master's first parcel sets up; nothing when the parcel is another.
    pub fn start(parcel: &Parcel, wall: Time) -> Option<Node> {
        match open::<ToNode>(parcel)? {
            ToNode::Start(setup) => Some(Node::new(*setup, wall)),
            ToNode::Store { .. } | ToNode::Begin | ToNode::Order { .. } | ToNode::Break(_) => None,
        }
    }

    fn new(setup: NodeSetup, wall: Time) -> Node {
        let agent = NodeAgent::new(AgentSpec {
            id: setup.node,
            capacity: setup.capacity,
            config: Arc::new(setup.job.clone()),
            topology: Arc::new(Topology(setup.racks.clone())),
        });
        let mut node = Node {
            agent,
            recorder: Recorder::numbered_from(setup.level, LOCAL_FIRST),
            clock: RunClock::begin(wall),
            turns: Turns::default(),
            reads: Reads::default(),
            penalties: Vec::new(),
            report: Report::default(),
            published: Vec::new(),
            begun: false,
            due: Due::default(),
            out: Vec::new(),
            setup,
        };
        node.say_ready_if_stored();
        node
    }

    /// Says that it is there once its blocks lie on its disk: the job's time begins then.
    fn say_ready_if_stored(&mut self) {
        if self.agent.disk().blocks.len() == self.setup.blocks as usize {
            self.out.push(Posted::ToMaster(seal(&ToMaster::Ready, Vec::new())));
        }
    }

    /// Hears what the master posted.
    ///
    /// # Panics
    /// When it is asked to.
    pub fn hear(&mut self, wall: Time, parcel: Parcel) {
        self.look(wall);
        match open::<ToNode>(&parcel) {
            Some(ToNode::Start(_)) | None => debug_assert!(false, "it was set up before"),
            Some(ToNode::Store { block, offset }) => {
                let bytes = parcel.payloads.into_iter().next().unwrap_or_default();
                self.agent.store_block(block, offset, bytes);
                self.say_ready_if_stored();
            }
            Some(ToNode::Begin) => self.begun = true,
            Some(ToNode::Order { order, cause }) => self.obey(order, Cause::carried(cause)),
            Some(ToNode::Break(how)) => break_down(how),
        }
        self.keep_time();
    }

    /// Does a step of the attempt whose turn it is, and what the clock asks for.
    pub fn work(&mut self, wall: Time) {
        self.look(wall);
        if let Some(attempt) = self.turns.next() {
            let progress = self.take_turn(attempt);
            self.turns.ended_turn(attempt, progress);
        }
        self.keep_time();
    }

    /// Whether `work` has something to do at once. If not, it is called when time has passed.
    pub fn is_busy(&self) -> bool {
        self.turns.is_busy()
    }

    /// Takes what is to be posted.
    pub fn take_posts(&mut self) -> Vec<Posted> {
        std::mem::take(&mut self.out)
    }

    fn look(&mut self, wall: Time) {
        let at = self.clock.look(wall);
        self.recorder.set_time(at);
    }

    /// Asks each lane that does not wait for its next step. The time of a step has passed already,
    /// but for what it reads.
    fn take_turn(&mut self, attempt: AttemptId) -> bool {
        let mut progress = false;
        for lane in self.agent.lanes(attempt) {
            if self.turns.waits(attempt, lane) {
                continue;
            }
            let (budget, mut effects) = (self.setup.budget, Vec::new());
            let work = self.agent.step(attempt, lane, budget, &mut self.recorder, &mut effects);
            self.carry_out(effects);
            progress |= work.is_some();
            if let Some(read) = work.and_then(|work| work.read) {
                self.read(attempt, lane, read);
            }
        }
        self.let_go_of_ended();
        progress
    }

    fn obey(&mut self, order: Order, cause: Cause) {
        let learner = order.learner();
        let mut effects = Vec::new();
        self.agent.on_order(order, cause, &mut self.recorder, &mut effects);
        self.carry_out(effects);
        self.let_go_of_ended();
        if let Some(attempt) = learner.filter(|attempt| self.agent.runs(*attempt)) {
            self.turns.wake(attempt);
        }
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Send(message, cause) => self.tell(message, cause),
                Effect::Launch(attempt, _) => self.turns.wake(attempt),
                Effect::Publish(part, attempt, bytes) => {
                    self.report.published.push((part, attempt));
                    self.published.push(bytes);
                }
                Effect::Stop(attempt) => self.end(attempt),
                Effect::Wake { attempt, host, after } => {
                    self.penalties.push((self.clock.now() + after, attempt, host));
                }
                Effect::CopyBlock { block, from } => self.copy(block, from),
            }
        }
    }

    fn let_go_of_ended(&mut self) {
        for attempt in self.turns.attempts() {
            if !self.agent.runs(attempt) {
                self.end(attempt);
            }
        }
    }

    /// An attempt is over: its slot is free, which the master hears at once.
    fn end(&mut self, attempt: AttemptId) {
        self.turns.end(attempt);
        self.reads.forget(attempt);
        self.due.heartbeat = Time::ZERO;
    }

    fn tell(&mut self, message: Message, cause: Cause) {
        self.report.messages.push((message, cause.seq()));
    }

    /// Does what is due. A message is not kept waiting; events that no message follows from are
    /// gathered for a while.
    fn keep_time(&mut self) {
        let at = self.clock.now();
        if !self.begun {
            return;
        }
        self.fail_late_reads(at);
        self.end_penalties(at);
        if at >= self.due.tick {
            self.due.tick = at + TICK_INTERVAL;
            let mut effects = Vec::new();
            for attempt in self.turns.attempts() {
                self.agent.tick(attempt, &mut effects);
            }
            self.carry_out(effects);
        }
        if at >= self.due.heartbeat {
            self.due.heartbeat = at + HEARTBEAT;
            self.tell(self.agent.heartbeat(), Cause::NONE);
        }
        if at >= self.due.report || !self.report.messages.is_empty() {
            self.due.report = at + REPORT_INTERVAL;
            self.send_report(at);
        }
    }

    fn end_penalties(&mut self, at: Time) {
        let over: Vec<_> = self.penalties.extract_if(.., |(until, ..)| *until <= at).collect();
        for (_, attempt, host) in over {
            self.agent.woken(attempt, host);
            if self.agent.runs(attempt) {
                self.turns.wake(attempt);
            }
        }
    }

    fn send_report(&mut self, at: Time) {
        let events = self.recorder.take();
        if events.is_empty() && self.report.messages.is_empty() {
            return;
        }
        let mut report = std::mem::take(&mut self.report);
        report.sent = at;
        report.events = events.into_iter().map(packed::parts).collect();
        let payloads = std::mem::take(&mut self.published);
        self.out.push(Posted::ToMaster(seal(&ToMaster::Report(report), payloads)));
    }
}

/// Breaks down, as a program with a mistake or too large an input would.
///
/// # Panics
/// That is what it is for.
fn break_down(how: Breakdown) {
    match how {
        Breakdown::Panic => panic!("asked to panic, to show what happens then"),
        Breakdown::OutOfMemory => {
            // Four times a gigabyte is more than a program of 32 bits can have beside itself.
            let hoards: Vec<Vec<u8>> = (0..4).map(|_| Vec::with_capacity(1 << 30)).collect();
            let hoards = std::hint::black_box(hoards).len();
            panic!("asked to run out of memory, but {hoards} GiB were there");
        }
    }
}
