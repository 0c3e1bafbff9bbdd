//! A node of a live cluster: an agent of the engine, its share of the trace, and its disk. It is
//! shown the wall clock, hears what the master and other nodes post, and says what to post.
//!
//! It works in short turns, so that heartbeats, orders and reads of others always get through.

use super::clock::RunClock;
use super::merge::LOCAL_FIRST;
use super::reads::{Reader, Reads};
use super::turns::Turns;
use super::values::{HEARTBEAT, POLL_INTERVAL, REPORT_INTERVAL};
use super::wire::{NodeSetup, Parcel, Report, ToMaster, ToNode, ToPeer, join, open, seal, split};
use crate::base::{AttemptId, NodeId, Time};
use crate::mapreduce::attempt::{Lane, Work};
use crate::mapreduce::config::Topology;
use crate::mapreduce::messages::{Message, Order, Served, Source};
use crate::mapreduce::node_agent::{AgentSpec, Effect, NodeAgent};
use crate::trace::failure::ReadError;
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
    report: Report,
    /// The bytes of what the report publishes.
    published: Vec<Bytes>,
    /// Reduces that may fetch from a host again, and when.
    penalties: Vec<(Time, AttemptId, NodeId)>,
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
    poll: Time,
    report: Time,
}

impl Node {
    fn new(setup: NodeSetup, wall: Time) -> Node {
        Node {
            agent: agent(&setup),
            penalties: Vec::new(),
            recorder: Recorder::numbered_from(setup.level, LOCAL_FIRST),
            clock: RunClock::begin(wall),
            turns: Turns::default(),
            reads: Reads::default(),
            report: Report::default(),
            published: Vec::new(),
            begun: false,
            due: Due::default(),
            out: vec![Posted::ToMaster(seal(&ToMaster::Ready, Vec::new()))],
            setup,
        }
    }

    /// The node that a master's first parcel sets up; nothing when the parcel is another.
    pub fn start(parcel: &Parcel, wall: Time) -> Option<Node> {
        match open::<ToNode>(parcel)? {
            ToNode::Start(setup) => Some(Node::new(*setup, wall)),
            ToNode::Store { .. } | ToNode::Begin | ToNode::Order { .. } | ToNode::Panic => None,
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
                if let Some(bytes) = parcel.payloads.into_iter().next() {
                    self.agent.store_block(block, offset, bytes);
                }
            }
            Some(ToNode::Begin) => self.begun = true,
            Some(ToNode::Order { order, cause }) => self.obey(order, Cause::carried(cause)),
            Some(ToNode::Panic) => panic!("asked to panic, to show what happens then"),
        }
        self.keep_time();
    }

    /// Hears what another node posted: it wants to read, or answers.
    pub fn hear_peer(&mut self, wall: Time, from: NodeId, parcel: Parcel) {
        self.look(wall);
        match open::<ToPeer>(&parcel) {
            None => debug_assert!(false, "{from} posted what is no message"),
            Some(ToPeer::Read { number, source }) => self.serve(from, number, &source),
            Some(ToPeer::Answer { number, head }) => {
                let served = join(head, parcel.payloads.into_iter().next());
                if let Some(reader) = self.reads.end(number) {
                    self.arrived(reader, served);
                }
            }
        }
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

    /// Asks each lane that does not wait for its next step.
    fn take_turn(&mut self, attempt: AttemptId) -> bool {
        let mut progress = false;
        for lane in self.agent.lanes(attempt) {
            if self.turns.waits(attempt, lane) {
                continue;
            }
            let mut effects = Vec::new();
            let budget = self.setup.budget;
            let work = self.agent.step(attempt, lane, budget, &mut self.recorder, &mut effects);
            self.carry_out(effects);
            if let Some(work) = work {
                progress = true;
                self.spend(attempt, lane, work);
            }
        }
        if self.agent.lanes(attempt).is_empty() {
            self.end(attempt);
        }
        progress
    }

    /// A step's time has passed already, but for what it reads.
    fn spend(&mut self, attempt: AttemptId, lane: Lane, work: Work) {
        let Some(read) = work.read else { return };
        self.turns.wait(attempt, lane);
        self.read(read.from, read.source, Reader::Lane(attempt, lane));
    }

    fn read(&mut self, from: NodeId, source: Source, reader: Reader) {
        if from == self.setup.node {
            let served = self.agent.serve(&source).ok_or(ReadError::NotFound);
            return self.arrived(reader, served);
        }
        let number = self.reads.begin(self.clock.now(), reader);
        let parcel = seal(&ToPeer::Read { number, source }, Vec::new());
        self.out.push(Posted::ToPeer(from, parcel));
    }

    fn serve(&mut self, to: NodeId, number: u32, source: &Source) {
        let served = self.agent.serve(source);
        let (head, payloads) = match served.as_ref().map(split) {
            Some((head, bytes)) => (Some(head), vec![bytes]),
            None => (None, Vec::new()),
        };
        let parcel = seal(&ToPeer::Answer { number, head }, payloads);
        self.out.push(Posted::ToPeer(to, parcel));
    }

    fn arrived(&mut self, reader: Reader, served: Result<Served, ReadError>) {
        let (at, mut out) = (self.clock.now(), Vec::new());
        match reader {
            Reader::Lane(attempt, lane) => {
                let (agent, recorder) = (&mut self.agent, &mut self.recorder);
                match served {
                    Ok(served) => agent.arrived(at, attempt, lane, served, recorder, &mut out),
                    Err(error) => agent.read_failed(at, attempt, lane, error, recorder, &mut out),
                }
                self.turns.resume(attempt, lane);
            }
        }
        self.carry_out(out);
    }

    fn obey(&mut self, order: Order, cause: Cause) {
        let learner = match &order {
            Order::MapOutputs { attempt, .. } => Some(*attempt),
            Order::LaunchMap { .. }
            | Order::LaunchReduce { .. }
            | Order::Commit { .. }
            | Order::Kill { .. }
            | Order::Resync
            | Order::CopyBlock { .. } => None,
        };
        let mut effects = Vec::new();
        self.agent.on_order(order, cause, &mut self.recorder, &mut effects);
        self.carry_out(effects);
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
                Effect::CopyBlock { block, from } => {
                    let mut out = Vec::new();
                    self.agent.copied(block, from, None, &mut out);
                    self.carry_out(out);
                }
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
        if at >= self.due.poll {
            self.due.poll = at + POLL_INTERVAL;
            for attempt in self.turns.attempts() {
                let mut out = Vec::new();
                self.agent.tick(attempt, &mut out);
                self.carry_out(out);
            }
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

    fn fail_late_reads(&mut self, at: Time) {
        for (reader, waited) in self.reads.expire(at, self.setup.job.read_timeout) {
            self.arrived(reader, Err(ReadError::NoConnection { waited }));
        }
    }

    fn end_penalties(&mut self, at: Time) {
        let (over, others) = self.penalties.iter().partition(|(until, ..)| *until <= at);
        self.penalties = others;
        let over: Vec<(Time, AttemptId, NodeId)> = over;
        for (_, attempt, host) in over {
            self.agent.woken(attempt, host);
            if self.agent.runs(attempt) {
                self.turns.wake(attempt);
            }
        }
    }

    fn send_report(&mut self, at: Time) {
        let events = self.recorder.take();
        let mut report = std::mem::take(&mut self.report);
        if events.is_empty() && report.messages.is_empty() {
            return;
        }
        report.sent = at;
        report.events = events.into_iter().map(packed::parts).collect();
        let payloads = std::mem::take(&mut self.published);
        self.out.push(Posted::ToMaster(seal(&ToMaster::Report(report), payloads)));
    }
}

fn agent(setup: &NodeSetup) -> NodeAgent {
    NodeAgent::new(AgentSpec {
        id: setup.node,
        capacity: setup.capacity,
        config: Arc::new(setup.job.clone()),
        topology: Arc::new(Topology(setup.racks.clone())),
    })
}
