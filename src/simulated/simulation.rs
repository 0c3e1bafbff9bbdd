//! The loop of a simulated run: take what happens next, let the engine answer, and give what it
//! wants done to the world.

use super::busy::{BusyLanes, LaneId};
use super::cost::{CostModel, Part};
use crate::base::{AttemptId, NodeId, Span, Time};
use crate::kernel::{Cluster, World};
use crate::mapreduce::attempt::{Budget, Lane, Work};
use crate::mapreduce::coordinator::Coordinator;
use crate::mapreduce::messages::{Directed, Message, Order};
use crate::mapreduce::node_agent::{Effect, NodeAgent};
use crate::mapreduce::output::OutputFolder;
use crate::mapreduce::reduce_attempt::copying::POLL_INTERVAL;
use crate::trace::{Cause, Event, Recorder};

/// What a message between a node and the coordinator takes on an idle network.
const MESSAGE_LATENCY: Span = Span::from_millis(1);

/// What can happen next in the world.
#[derive(Clone, Debug)]
pub(super) enum Happening {
    /// A node's heartbeat is due.
    Heartbeat(NodeId),
    /// A message reaches the coordinator.
    Hear(Message, Cause),
    /// An order reaches a node.
    Obey(NodeId, Order, Cause),
    /// A part of a lane's work is spent.
    Spent(NodeId, LaneId),
    /// A reduce asks for map outputs.
    Poll(NodeId, AttemptId),
}

/// How much of a run to simulate before control goes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice {
    /// Bytes of data to work on.
    pub bytes: u64,
    /// Happenings to take.
    pub happenings: u32,
    /// The time not to go past.
    pub until: Time,
}

/// A run on the simulated cluster.
#[derive(Clone, Debug)]
pub struct Simulation {
    world: World<Happening>,
    cluster: Cluster,
    cost: CostModel,
    heartbeat: Span,
    budget: Budget,
    coordinator: Coordinator,
    agents: Vec<NodeAgent>,
    recorder: Recorder,
    busy: BusyLanes,
    output: OutputFolder,
    worked_bytes: u64,
}

impl Simulation {
    #[expect(clippy::too_many_arguments, reason = "the parts of a run, each once")]
    pub(super) fn new(
        world: World<Happening>,
        cluster: Cluster,
        cost: CostModel,
        heartbeat: Span,
        budget: Budget,
        coordinator: Coordinator,
        agents: Vec<NodeAgent>,
        recorder: Recorder,
    ) -> Simulation {
        Simulation {
            world,
            cluster,
            cost,
            heartbeat,
            budget,
            coordinator,
            agents,
            recorder,
            busy: BusyLanes::default(),
            output: OutputFolder::default(),
            worked_bytes: 0,
        }
    }

    /// Simulates a slice; says whether there is more to come.
    pub fn advance(&mut self, slice: Slice) -> bool {
        let enough = self.worked_bytes.saturating_add(slice.bytes);
        for _ in 0..slice.happenings {
            if self.is_finished() {
                return false;
            }
            if self.worked_bytes >= enough
                || self.world.next_time().is_none_or(|at| at > slice.until)
            {
                return true;
            }
            self.step();
        }
        !self.is_finished()
    }

    /// Whether the job is committed.
    pub fn is_finished(&self) -> bool {
        self.output.is_committed()
    }

    /// The time of the last happening.
    pub fn now(&self) -> Time {
        self.world.now()
    }

    /// When the next thing happens; nothing when the run is over.
    pub fn next_time(&mut self) -> Option<Time> {
        if self.is_finished() { None } else { self.world.next_time() }
    }

    /// The events since the last time that this was asked.
    pub fn take_events(&mut self) -> Vec<Event> {
        self.recorder.take()
    }

    /// The committed output.
    pub fn output(&self) -> &OutputFolder {
        &self.output
    }

    /// The coordinator, for its counters.
    pub fn coordinator(&self) -> &Coordinator {
        &self.coordinator
    }

    /// The nodes' agents, for their data.
    pub fn agents(&self) -> &[NodeAgent] {
        &self.agents
    }

    fn step(&mut self) {
        let Some((at, happening)) = self.world.next() else { return };
        self.recorder.set_time(at);
        match happening {
            Happening::Heartbeat(node) => self.beat(node),
            Happening::Hear(message, cause) => self.hear(at, message, cause),
            Happening::Obey(node, order, cause) => self.obey(node, order, cause),
            Happening::Spent(node, lane) => self.go_on(node, lane),
            Happening::Poll(node, attempt) => self.poll(node, attempt),
        }
    }

    fn beat(&mut self, node: NodeId) {
        let message = self.agents[node.place()].heartbeat();
        self.send(message, Cause::NONE);
        self.world.schedule_after(self.heartbeat, Happening::Heartbeat(node));
    }

    fn hear(&mut self, at: Time, message: Message, cause: Cause) {
        let mut orders: Vec<Directed> = Vec::new();
        self.coordinator.on_message(at, message, cause, &mut self.recorder, &mut orders);
        for (node, order, cause) in orders {
            self.world.schedule_after(MESSAGE_LATENCY, Happening::Obey(node, order, cause));
        }
        if self.coordinator.is_finished() && !self.output.is_committed() {
            self.output.commit_job();
        }
    }

    fn obey(&mut self, node: NodeId, order: Order, cause: Cause) {
        let learner = match &order {
            Order::MapOutputs { attempt, .. } => Some(*attempt),
            Order::LaunchMap { .. }
            | Order::LaunchReduce { .. }
            | Order::Commit { .. }
            | Order::Kill { .. }
            | Order::Resync
            | Order::CopyBlock { .. } => None,
        };
        self.order(node, order, cause);
        if let Some(attempt) = learner {
            self.wake(node, attempt);
        }
    }

    fn order(&mut self, node: NodeId, order: Order, cause: Cause) {
        let mut effects = Vec::new();
        self.agents[node.place()].on_order(order, cause, &mut self.recorder, &mut effects);
        self.carry_out(node, effects);
    }

    fn poll(&mut self, node: NodeId, attempt: AttemptId) {
        let agent = &self.agents[node.place()];
        if let Some(question) = agent.ask_map_outputs(attempt) {
            self.send(question, Cause::NONE);
        }
        if self.agents[node.place()].runs_reduce(attempt) {
            self.world.schedule_after(POLL_INTERVAL, Happening::Poll(node, attempt));
        }
    }

    /// A part of a lane's work is spent: the next part, or what comes of the whole.
    fn go_on(&mut self, node: NodeId, lane: LaneId) {
        if self.begin_part(node, lane) {
            return;
        }
        let Some(work) = self.busy.end(lane) else { return };
        if let (Some(map), Some(read)) = (work.fetch, work.read) {
            self.deliver(node, lane.0, map, read.from);
        }
        self.wake(node, lane.0);
        if work.launch {
            self.poll(node, lane.0);
        }
    }

    fn deliver(&mut self, node: NodeId, attempt: AttemptId, map: AttemptId, from: NodeId) {
        let partition = crate::base::PartitionId(attempt.task.index);
        let Some(segment) = self.agents[from.place()].serve(map, partition).cloned() else {
            panic!("{from} serves what {map} left on its disk");
        };
        self.agents[node.place()].deliver(attempt, map, segment, &mut self.recorder);
    }

    /// Asks each free lane of an attempt for its next step, until all are busy or have to wait. A
    /// lane that has to wait may just have freed another, so it takes two quiet rounds to know.
    fn wake(&mut self, node: NodeId, attempt: AttemptId) {
        let mut quiet_rounds = 0;
        while quiet_rounds < 2 {
            let mut progress = false;
            for lane in self.agents[node.place()].lanes(attempt) {
                if !self.busy.contains((attempt, lane)) {
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
        self.begin_work(node, (attempt, lane), work);
        true
    }

    fn begin_work(&mut self, node: NodeId, lane: LaneId, work: Work) {
        self.worked_bytes += work.compute.map_or(0, |(_, bytes)| bytes) + work.write_bytes;
        self.busy.begin(lane, node, work);
        if !self.begin_part(node, lane) {
            // It costs nothing, but ends as everything does: as something that happens.
            self.world.schedule_after(Span::ZERO, Happening::Spent(node, lane));
        }
    }

    fn begin_part(&mut self, node: NodeId, lane: LaneId) -> bool {
        let happening = Happening::Spent(node, lane);
        match self.busy.next_part(lane, &self.cost, &self.cluster) {
            None => return false,
            Some(Part::Wait(span)) => drop(self.world.schedule_after(span, happening)),
            Some(Part::Use(activity)) => drop(self.world.start(&activity, happening)),
        }
        true
    }

    fn carry_out(&mut self, node: NodeId, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Send(message, cause) => self.send(message, cause),
                Effect::Launch(attempt, work) => self.begin_work(node, (attempt, Lane::Main), work),
                Effect::Publish(part, attempt, bytes) => self.output.rename(part, attempt, bytes),
            }
        }
    }

    fn send(&mut self, message: Message, cause: Cause) {
        self.world.schedule_after(MESSAGE_LATENCY, Happening::Hear(message, cause));
    }
}
