//! Faults strike: what each does to nodes, racks and attempts.

use super::{Happening, Simulation};
use crate::base::{
    AttemptId, Fault, FileId, Files, InputFile, Level, NodeId, NodePart, RackId, Span, TaskId, Time,
};
use crate::kernel::Ticket;
use crate::mapreduce::config::{JobConfig, Topology};
use crate::mapreduce::disk::Disk;
use crate::mapreduce::node_agent::{AgentSpec, Capacity, NodeAgent};
use crate::simulated::conditions::slowed;
use crate::simulated::faults::Origin;
use crate::trace::failure::TaskError;
use crate::trace::{Cause, EventKind, WorldEvent};
use std::sync::Arc;

/// When a node's heart beats next.
#[derive(Clone, Copy, Debug)]
pub(in crate::simulated) enum Heart {
    /// At this time.
    Beats(Ticket, Time),
    /// So long after its processor works again.
    Rests(Span),
    /// Never: the node is down.
    Still,
}

/// What every node's agent begins with.
#[derive(Clone, Debug)]
pub(in crate::simulated) struct Birth {
    capacity: Capacity,
    config: Arc<JobConfig>,
    topology: Arc<Topology>,
    /// The input, and the bytes of it that are poison.
    files: Files,
    poison: Vec<(FileId, u64)>,
}

impl Birth {
    /// For agents with this.
    pub(in crate::simulated) fn new(
        capacity: Capacity,
        config: Arc<JobConfig>,
        topology: Arc<Topology>,
        files: Files,
    ) -> Birth {
        Birth { capacity, config, topology, files, poison: Vec::new() }
    }

    /// What the agent of a node begins with.
    pub(in crate::simulated) fn spec(&self, id: NodeId) -> AgentSpec {
        let (config, topology) = (self.config.clone(), self.topology.clone());
        AgentSpec { id, capacity: self.capacity, config, topology }
    }

    /// Whether there is such a byte, and it is not poison yet. How long a compressed file's text
    /// is, nobody knows before it is read.
    fn can_poison(&self, byte: (FileId, u64)) -> bool {
        let is_there = |file: &InputFile| !file.codec.is_plain() || byte.1 < file.length();
        self.files.get(byte.0).is_some_and(is_there) && !self.poison.contains(&byte)
    }
}

impl Simulation {
    /// The next fault of the plan strikes.
    pub(super) fn strike_next(&mut self) {
        let Some((at, origin, fault)) = self.plan.take() else { return };
        let effect = self.has_effect(fault);
        let by_rate = match origin {
            Origin::Rate => true,
            Origin::Planned => false,
        };
        if by_rate {
            self.plan.follow(at, fault, effect);
            if !effect {
                return;
            }
        }
        let cause = self.recorder.record(Level::Counters, fault.node(), Cause::NONE, || {
            EventKind::World(WorldEvent::FaultStruck { fault, by_rate, effect })
        });
        if effect {
            self.strike(fault, cause);
            self.feel_change();
        }
    }

    /// Whether a fault finds something to do: its thing is there and not so already.
    fn has_effect(&self, fault: Fault) -> bool {
        let node = |node| self.conditions.find(node);
        match fault {
            Fault::Crash { node: id } => node(id).is_some_and(|node| node.up),
            Fault::Restart { node: id, .. } => node(id).is_some_and(|node| !node.up),
            Fault::Slow { node: id, part, percent } => {
                node(id).is_some_and(|node| node.percent(part) != percent)
            }
            Fault::CutRack { rack } => self.conditions.find_cut(rack) == Some(false),
            Fault::JoinRack { rack } => self.conditions.find_cut(rack) == Some(true),
            Fault::LoseMessages { node: id, percent } => {
                node(id).is_some_and(|node| node.lost_percent != percent)
            }
            Fault::FailTask { task } => !self.running(task).is_empty(),
            Fault::PoisonRecord { offset, file } => self.birth.can_poison((file, offset)),
            // A cluster reads no log.
            Fault::Stream(_) => false,
        }
    }

    fn strike(&mut self, fault: Fault, cause: Cause) {
        match fault {
            Fault::Crash { node } => self.crash(node),
            Fault::Restart { node, keep_disk } => self.restart(node, keep_disk, cause),
            Fault::Slow { node, part, percent } => self.slow(node, part, percent),
            Fault::CutRack { rack } => self.set_cut(rack, true),
            Fault::JoinRack { rack } => self.set_cut(rack, false),
            Fault::LoseMessages { node, percent } => {
                self.conditions.node_mut(node).lost_percent = percent;
                self.conditions.apply(node, &self.cluster, &mut self.world);
            }
            Fault::FailTask { task } => self.fail_task(task),
            Fault::PoisonRecord { offset, file } => {
                self.birth.poison.push((file, offset));
                self.agents.iter_mut().for_each(|agent| agent.poison((file, offset)));
            }
            Fault::Stream(_) => {}
        }
    }

    /// All that ran on the node is gone, and so is what it had in memory.
    fn crash(&mut self, node: NodeId) {
        self.conditions.node_mut(node).up = false;
        for id in self.busy.on(node) {
            self.drop_work(id);
        }
        if let Heart::Beats(ticket, _) = self.heart(node, Heart::Still) {
            self.world.cancel_timer(ticket);
        }
        self.lines[node.place()].crash();
        let disk = self.agents[node.place()].take_disk();
        self.agents[node.place()] = NodeAgent::with_disk(self.birth.spec(node), disk);
    }

    /// The attempts of a task that run, and where.
    fn running(&self, task: TaskId) -> Vec<(NodeId, AttemptId)> {
        let of_task = |(node, _): (NodeId, _)| {
            let running = self.agents[node.place()].running().into_iter();
            running.filter(|attempt| attempt.task == task).map(move |attempt| (node, attempt))
        };
        self.cluster.nodes().flat_map(of_task).collect()
    }

    fn fail_task(&mut self, task: TaskId) {
        for (node, attempt) in self.running(task) {
            let mut effects = Vec::new();
            let agent = &mut self.agents[node.place()];
            agent.throw(attempt, TaskError::Exception, &mut self.recorder, &mut effects);
            self.carry_out(node, effects);
        }
    }

    fn restart(&mut self, node: NodeId, keep_disk: bool, cause: Cause) {
        let condition = self.conditions.node_mut(node);
        condition.up = true;
        condition.incarnation += 1;
        let incarnation = condition.incarnation;
        self.lines[node.place()].restart();
        let disk = self.agents[node.place()].take_disk();
        let disk = if keep_disk { disk } else { Disk::default() };
        let (mut agent, message) = NodeAgent::restarted(self.birth.spec(node), incarnation, disk);
        for byte in &self.birth.poison {
            agent.poison(*byte);
        }
        self.agents[node.place()] = agent;
        self.send(node, message, cause);
        self.schedule_beat(node, Span::ZERO);
    }

    fn slow(&mut self, node: NodeId, part: NodePart, percent: u32) {
        let stood_still = self.stands_still(node);
        self.conditions.node_mut(node).slow(part, percent);
        self.conditions.apply(node, &self.cluster, &mut self.world);
        if part != NodePart::Processor {
            return;
        }
        self.cap_threads(node);
        match (stood_still, self.stands_still(node)) {
            (false, true) => self.stop_heart(node),
            (true, false) => self.revive(node),
            (false, false) | (true, true) => {}
        }
    }

    fn set_cut(&mut self, rack: RackId, cut: bool) {
        self.conditions.set_cut(rack, cut);
        self.conditions.apply_rack(rack, &self.cluster, &mut self.world);
    }

    /// Whether a node's processor does nothing at all, and so its agent neither.
    pub(super) fn stands_still(&self, node: NodeId) -> bool {
        self.conditions.node(node).percent(NodePart::Processor) == 0
    }

    /// A node's heartbeat is due: it is sent, and the next comes the later the slower the node.
    pub(super) fn beat(&mut self, node: NodeId) {
        let message = self.agents[node.place()].heartbeat();
        self.send(node, message, Cause::NONE);
        let percent = self.conditions.node(node).percent(NodePart::Processor);
        let interval = slowed(self.heartbeat.0, percent).unwrap_or(self.heartbeat.0);
        self.schedule_beat(node, Span(interval));
    }

    fn schedule_beat(&mut self, node: NodeId, after: Span) {
        let heart = if self.stands_still(node) {
            Heart::Rests(after)
        } else {
            let ticket = self.world.schedule_after(after, Happening::Heartbeat(node));
            Heart::Beats(ticket, self.now() + after)
        };
        self.heart(node, heart);
    }

    fn stop_heart(&mut self, node: NodeId) {
        let Heart::Beats(ticket, due) = self.hearts[node.place()] else { return };
        self.world.cancel_timer(ticket);
        let left = due.since(self.now());
        self.heart(node, Heart::Rests(left));
    }

    /// A node that stood still goes on: its heart beats, and it does what it was ordered since.
    fn revive(&mut self, node: NodeId) {
        if let Heart::Rests(left) = self.hearts[node.place()] {
            self.schedule_beat(node, left);
        }
        for (order, cause) in self.lines[node.place()].take_held() {
            self.obey(node, order, cause);
        }
    }

    fn heart(&mut self, node: NodeId, heart: Heart) -> Heart {
        std::mem::replace(&mut self.hearts[node.place()], heart)
    }
}
