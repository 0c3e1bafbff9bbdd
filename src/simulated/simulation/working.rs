//! The lanes of attempts: what they do next, and the time that it takes.

use super::{Happening, Simulation};
use crate::base::{AttemptId, BlockId, NodeId, NodePart, Span};
use crate::kernel::Activity;
use crate::kernel::cluster::CORE;
use crate::mapreduce::attempt::{Lane, Work};
use crate::mapreduce::messages::{Order, Served};
use crate::mapreduce::node_agent::{Effect, TICK_INTERVAL};
use crate::simulated::busy::{BusyId, Doing, State, Toil};
use crate::simulated::conditions::part_of;
use crate::simulated::cost::Part;
use crate::trace::Cause;
use crate::trace::failure::ReadError;

impl Simulation {
    /// A node does what it was ordered.
    pub(super) fn obey(&mut self, node: NodeId, order: Order, cause: Cause) {
        let learner = order.learner();
        let mut effects = Vec::new();
        self.agents[node.place()].on_order(order, cause, &mut self.recorder, &mut effects);
        self.carry_out(node, effects);
        if let Some(attempt) = learner {
            self.wake(node, attempt);
        }
    }

    /// A second of an attempt's life has passed.
    pub(super) fn tick(&mut self, node: NodeId, attempt: AttemptId) {
        if !self.agents[node.place()].runs(attempt) {
            return;
        }
        if !self.stands_still(node) {
            let mut effects = Vec::new();
            self.agents[node.place()].tick(attempt, &mut effects);
            self.carry_out(node, effects);
        }
        self.world.schedule_after(TICK_INTERVAL, Happening::Tick(node, attempt));
    }

    /// A reduce may fetch from a host again that failed it.
    pub(super) fn end_penalty(&mut self, node: NodeId, attempt: AttemptId, host: NodeId) {
        self.agents[node.place()].woken(attempt, host);
        self.wake(node, attempt);
    }

    /// A part of what someone does is spent: the next part, or what comes of the whole.
    pub(super) fn go_on(&mut self, id: BusyId) {
        self.stop_clock(id);
        if self.begin_part(id) {
            return;
        }
        let Some(running) = self.busy.end(id) else { return };
        match (id, running.toil) {
            ((node, Doing::Lane(attempt, lane)), Toil::Step(work)) => {
                self.end_step(node, attempt, lane, &work);
            }
            ((node, Doing::Copy(block)), Toil::Copy { from, .. }) => {
                self.end_copy(node, block, from, true);
            }
            ((_, Doing::Lane(..)), Toil::Copy { .. }) | ((_, Doing::Copy(_)), Toil::Step(_)) => {}
        }
    }

    fn end_step(&mut self, node: NodeId, attempt: AttemptId, lane: Lane, work: &Work) {
        if let Some(read) = work.read {
            let served = self.agents[read.from.place()].serve(&read.source);
            self.end_read(node, attempt, lane, served.ok_or(ReadError::NotFound));
        }
        self.wake(node, attempt);
        if work.launch {
            self.tick(node, attempt);
        }
    }

    /// What a lane wanted to read is here, or is not.
    fn end_read(
        &mut self,
        node: NodeId,
        attempt: AttemptId,
        lane: Lane,
        served: Result<Served, ReadError>,
    ) {
        let (at, mut out) = (self.now(), Vec::new());
        let (agent, recorder) = (&mut self.agents[node.place()], &mut self.recorder);
        match served {
            Ok(served) => agent.arrived(at, attempt, lane, served, recorder, &mut out),
            Err(error) => agent.read_failed(at, attempt, lane, error, recorder, &mut out),
        }
        self.carry_out(node, out);
    }

    fn begin_copy(&mut self, node: NodeId, block: BlockId, from: NodeId) {
        let copy = self.agents[from.place()].disk().blocks.get(&block);
        let bytes = copy.map_or(0, |(_, bytes)| bytes.len() as u64);
        self.drop_work((node, Doing::Copy(block)));
        self.begin((node, Doing::Copy(block)), Toil::Copy { from, bytes });
    }

    fn end_copy(&mut self, node: NodeId, block: BlockId, from: NodeId, came: bool) {
        let copy = self.agents[from.place()].disk().blocks.get(&block).cloned();
        let mut effects = Vec::new();
        let agent = &mut self.agents[node.place()];
        agent.copied(block, from, copy.filter(|_| came), &mut effects);
        self.carry_out(node, effects);
    }

    /// Asks each free lane of an attempt for its next step, until all are busy or have to wait. A
    /// lane that has to wait may just have freed another, so it takes two quiet rounds to know.
    pub(super) fn wake(&mut self, node: NodeId, attempt: AttemptId) {
        let mut quiet_rounds = 0;
        while quiet_rounds < 2 {
            let mut progress = false;
            for lane in self.agents[node.place()].lanes(attempt) {
                if !self.busy.contains((node, Doing::Lane(attempt, lane))) {
                    progress |= self.ask(node, attempt, lane);
                }
            }
            quiet_rounds = if progress { 0 } else { quiet_rounds + 1 };
        }
    }

    /// Asks a lane for its next step; says whether it has one.
    fn ask(&mut self, node: NodeId, attempt: AttemptId, lane: Lane) -> bool {
        let mut effects = Vec::new();
        let agent = &mut self.agents[node.place()];
        let work = agent.step(attempt, lane, self.budget, &mut self.recorder, &mut effects);
        self.carry_out(node, effects);
        let Some(work) = work else { return false };
        self.begin_step(node, attempt, lane, work);
        true
    }

    fn begin_step(&mut self, node: NodeId, attempt: AttemptId, lane: Lane, work: Work) {
        let computed = work.compute.map_or(0, |(_, bytes)| bytes);
        self.worked_bytes += computed + work.codec_bytes + work.write_bytes;
        self.begin((node, Doing::Lane(attempt, lane)), Toil::Step(work));
    }

    pub(super) fn begin(&mut self, id: BusyId, toil: Toil) {
        self.busy.begin(id, toil);
        if !self.begin_part(id) {
            // It costs nothing, but ends as everything does: as something that happens.
            let ticket = self.world.schedule_after(Span::ZERO, Happening::Spent(id));
            self.busy.set(id, State::Waits(ticket));
        }
    }

    fn begin_part(&mut self, id: BusyId) -> bool {
        let state = match self.busy.next_part(id, &self.cost, &self.cluster) {
            None => return false,
            Some(Part::Wait(span)) => {
                State::Waits(self.world.schedule_after(span, Happening::Spent(id)))
            }
            Some(Part::Compute(activity)) => {
                let activity = Activity { cap: self.thread(id.0), ..activity };
                State::Computes(self.world.start(&activity, Happening::Spent(id)))
            }
            Some(Part::Local(activity)) => {
                State::Local(self.world.start(&activity, Happening::Spent(id)))
            }
            Some(Part::Transfer(transfer)) => self.begin_transfer(id, transfer),
        };
        self.busy.set(id, state);
        true
    }

    pub(super) fn fail_read(&mut self, id: BusyId, error: ReadError) {
        let Some(running) = self.busy.end(id) else { return };
        match (id, running.toil) {
            ((node, Doing::Lane(attempt, lane)), _) => {
                self.end_read(node, attempt, lane, Err(error));
                self.wake(node, attempt);
            }
            ((node, Doing::Copy(block)), Toil::Copy { from, .. }) => {
                self.end_copy(node, block, from, false);
            }
            ((_, Doing::Copy(_)), Toil::Step(_)) => {}
        }
    }

    /// Ends what someone does, as though it had never begun.
    pub(super) fn drop_work(&mut self, id: BusyId) {
        let Some(running) = self.busy.end(id) else { return };
        let (flow, timers) = match running.state {
            State::Begun => (None, [None, None]),
            State::Waits(ticket) => (None, [Some(ticket), None]),
            State::Computes(flow) | State::Local(flow) => (Some(flow), [None, None]),
            State::Flows { id, stalled, .. } => (Some(id), [stalled, None]),
            State::Connects { timeout, .. } | State::Broken { timeout, .. } => {
                (None, [Some(timeout), None])
            }
        };
        if let Some(flow) = flow {
            self.world.cancel(flow);
        }
        for ticket in timers.into_iter().flatten() {
            self.world.cancel_timer(ticket);
        }
    }

    /// The threads on a node can use as much of a core as its processor's speed allows.
    pub(super) fn cap_threads(&mut self, node: NodeId) {
        let cap = self.thread(node);
        for id in self.busy.on(node) {
            if let Some(State::Computes(flow)) = self.busy.get(id).map(|running| running.state) {
                self.world.set_cap(flow, cap);
            }
        }
    }

    fn thread(&self, node: NodeId) -> Option<u64> {
        Some(part_of(CORE, self.conditions.node(node).percent(NodePart::Processor)))
    }

    pub(super) fn carry_out(&mut self, node: NodeId, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Send(message, cause) => self.send(node, message, cause),
                Effect::Launch(attempt, work) => self.begin_step(node, attempt, Lane::Main, work),
                Effect::Publish(part, attempt, bytes) => self.output.rename(part, attempt, bytes),
                Effect::Stop(attempt) => {
                    for id in self.busy.of(node, attempt) {
                        self.drop_work(id);
                    }
                }
                Effect::Wake { attempt, host, after } => {
                    self.world.schedule_after(after, Happening::Woken(node, attempt, host));
                }
                Effect::CopyBlock { block, from } => self.begin_copy(node, block, from),
            }
        }
    }
}
