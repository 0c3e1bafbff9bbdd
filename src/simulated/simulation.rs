//! The loop of a simulated run: take what happens next, let the engine answer, and give what it
//! wants done to the world.
//!
//! At the same time faults strike first, then comes what happens in the world, and last what the
//! coordinator does by the clock.

mod load;
mod mail;
mod striking;
mod transfers;
mod working;

#[cfg(test)]
mod tests;

use super::busy::{Busy, BusyId};
use super::conditions::Conditions;
use super::cost::CostModel;
use super::faults::FaultPlan;
use super::transport::{Again, Packet};
use crate::base::{AttemptId, NodeId, PlannedFault, Span, Time};
use crate::kernel::{Cluster, World};
use crate::mapreduce::attempt::Budget;
use crate::mapreduce::coordinator::Coordinator;
use crate::mapreduce::messages::Directed;
use crate::mapreduce::node_agent::NodeAgent;
use crate::mapreduce::output::OutputFolder;
use crate::trace::{Event, Recorder};
use load::Watch;
pub use mail::Network;
use mail::{Direction, Line};
use std::collections::BTreeSet;
pub(super) use striking::{Birth, Heart};

/// How often the driver looks at what the cluster is used for.
pub(super) const LOOK_INTERVAL: Span = Span::from_secs(1);

/// What can happen next in the world.
#[derive(Clone, Copy, Debug)]
pub(super) enum Happening {
    /// A node's heartbeat is due.
    Heartbeat(NodeId),
    /// A message or an order arrives.
    Arrive(NodeId, Direction, Packet),
    /// What was lost is sent again.
    SendAgain(NodeId, Direction, Again),
    /// A part of what someone does is spent.
    Spent(BusyId),
    /// What someone waits for has not come for too long.
    TimedOut(BusyId),
    /// A second of an attempt's life has passed.
    Tick(NodeId, AttemptId),
    /// A reduce's penalty for a host is over.
    Woken(NodeId, AttemptId, NodeId),
    /// The driver looks at what the cluster is used for.
    Look,
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

/// That the time of a fault is past.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the run is at {now} already: what is done at {at} would be too late")]
pub struct TooLate {
    /// When the fault was to strike.
    pub at: Time,
    /// What the run has come to.
    pub now: Time,
}

/// What a run is made of.
#[derive(Debug)]
pub(super) struct Parts {
    pub(super) world: World<Happening>,
    pub(super) cluster: Cluster,
    pub(super) conditions: Conditions,
    pub(super) cost: CostModel,
    pub(super) network: Network,
    pub(super) heartbeat: Span,
    pub(super) read_timeout: Span,
    pub(super) budget: Budget,
    pub(super) coordinator: Coordinator,
    pub(super) agents: Vec<NodeAgent>,
    pub(super) hearts: Vec<Heart>,
    pub(super) birth: Birth,
    pub(super) plan: FaultPlan,
    pub(super) recorder: Recorder,
    pub(super) seed: u64,
}

/// A run on the simulated cluster. A clone goes on exactly as the original does.
#[derive(Clone, Debug)]
pub struct Simulation {
    world: World<Happening>,
    cluster: Cluster,
    conditions: Conditions,
    cost: CostModel,
    network: Network,
    lines: Vec<Line>,
    heartbeat: Span,
    read_timeout: Span,
    budget: Budget,
    coordinator: Coordinator,
    agents: Vec<NodeAgent>,
    hearts: Vec<Heart>,
    birth: Birth,
    plan: FaultPlan,
    recorder: Recorder,
    busy: Busy,
    /// Attempts whose second replica could not be written, and which write on alone.
    alone: BTreeSet<AttemptId>,
    watch: Watch,
    output: OutputFolder,
    worked_bytes: u64,
    /// Whether anything has happened yet.
    begun: bool,
}

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    Fault,
    World,
    Coordinator,
}

impl Simulation {
    pub(super) fn new(parts: Parts) -> Simulation {
        let nodes = || parts.cluster.nodes().map(|(node, _)| node);
        let output = OutputFolder::of(parts.coordinator.config());
        Simulation {
            lines: nodes().map(|node| Line::new(parts.seed, node)).collect(),
            watch: Watch::new(nodes().count()),
            world: parts.world,
            cluster: parts.cluster,
            conditions: parts.conditions,
            cost: parts.cost,
            network: parts.network,
            heartbeat: parts.heartbeat,
            read_timeout: parts.read_timeout,
            budget: parts.budget,
            coordinator: parts.coordinator,
            agents: parts.agents,
            hearts: parts.hearts,
            birth: parts.birth,
            plan: parts.plan,
            recorder: parts.recorder,
            busy: Busy::default(),
            alone: BTreeSet::new(),
            output,
            worked_bytes: 0,
            begun: false,
        }
    }

    /// Simulates a slice; says whether there is more to come.
    pub fn advance(&mut self, slice: Slice) -> bool {
        let enough = self.worked_bytes.saturating_add(slice.bytes);
        for _ in 0..slice.happenings {
            let Some((at, turn)) = self.next_turn() else { return false };
            if self.worked_bytes >= enough || at > slice.until {
                return true;
            }
            self.take(at, turn);
        }
        !self.is_over()
    }

    /// Has a fault strike at a time to come. The run goes on byte for byte as one that had it
    /// from the start, behind the others of its time.
    ///
    /// # Errors
    /// When something has happened at that time already.
    pub fn intervene(&mut self, fault: PlannedFault) -> Result<(), TooLate> {
        let now = self.now();
        if self.begun && fault.at <= now {
            return Err(TooLate { at: fault.at, now });
        }
        self.plan.add(fault);
        Ok(())
    }

    /// Whether the job is done or has failed.
    pub fn is_over(&self) -> bool {
        self.coordinator.is_over()
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
        self.next_turn().map(|(at, _)| at)
    }

    /// The events since the last time that this was asked.
    pub fn take_events(&mut self) -> Vec<Event> {
        self.recorder.take()
    }

    /// The committed output. It stays, whatever befalls the nodes: Millrace does not lose closed
    /// files.
    pub fn output(&self) -> &OutputFolder {
        &self.output
    }

    /// The coordinator, for its counters.
    pub fn coordinator(&self) -> &Coordinator {
        &self.coordinator
    }

    /// How far one step of an attempt goes.
    pub fn step_budget(&self) -> Budget {
        self.budget
    }

    /// The nodes' agents, for their data.
    pub fn agents(&self) -> &[NodeAgent] {
        &self.agents
    }

    fn next_turn(&mut self) -> Option<(Time, Turn)> {
        if self.is_over() {
            return None;
        }
        let turns = [
            self.plan.next_time().map(|at| (at, Turn::Fault)),
            self.world.next_time().map(|at| (at, Turn::World)),
            self.coordinator.next_deadline().map(|at| (at, Turn::Coordinator)),
        ];
        turns.into_iter().flatten().min()
    }

    fn take(&mut self, at: Time, turn: Turn) {
        self.begun = true;
        self.recorder.set_time(at);
        match turn {
            Turn::Fault => {
                self.world.advance_to(at);
                self.strike_next();
            }
            Turn::World => self.step(),
            Turn::Coordinator => {
                self.world.advance_to(at);
                let mut orders = Vec::new();
                self.coordinator.on_time(at, &mut self.recorder, &mut orders);
                self.post_all(orders);
            }
        }
    }

    fn step(&mut self) {
        let Some((_, happening)) = self.world.next() else { return };
        match happening {
            Happening::Heartbeat(node) => self.beat(node),
            Happening::Arrive(node, direction, packet) => self.arrive(node, direction, packet),
            Happening::SendAgain(node, direction, again) => {
                self.send_again(node, direction, again);
            }
            Happening::Spent(id) => self.go_on(id),
            Happening::TimedOut(id) => self.time_out(id),
            Happening::Tick(node, attempt) => self.tick(node, attempt),
            Happening::Woken(node, attempt, host) => self.end_penalty(node, attempt, host),
            Happening::Look => self.look(),
        }
    }

    fn post_all(&mut self, orders: Vec<Directed>) {
        for (node, order, cause) in orders {
            self.post(node, order, cause);
        }
        if self.coordinator.is_finished() && !self.output.is_committed() {
            self.output.commit_job();
        }
    }
}
