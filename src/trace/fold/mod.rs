//! The fold: how each event changes the state that the page draws.
//!
//! It is pure and total. An event that does not fit the state before it (which only a foreign or
//! damaged trace holds) is refused with a `Misfit`, and the snapshot stays as it was. The fold
//! concludes nothing that an event does not say: what the coordinator believes of a node changes
//! only when it hears from it, or says that it has not for too long. What an attempt says that was
//! over on its node (a live worker's last words may come late) is passed over.

mod attempts;
mod coordinator;
#[cfg(test)]
mod failure_tests;
mod failures;
mod faults;
mod maps;
mod misfit;
mod reduces;
mod replicas;
mod stream;
#[cfg(test)]
mod stream_tests;
#[cfg(test)]
#[expect(clippy::cast_possible_truncation, reason = "small numbers of our own making")]
mod tests;
mod verdicts;
mod world;

pub use misfit::{CELLS_MAX, Misfit, REDUCES_MAX};

use super::event::Seq;
use super::event::{BatchEvent, Event, EventKind, SplitPiece};
use super::snapshot::{Attempt, Node, Snapshot, Task};
use crate::base::{AttemptId, NodeId, RackId, TaskId, TaskKind, Time};
use maps::in_split;
use std::rc::Rc;

impl Snapshot {
    /// Folds the next event in. Parts that it does not touch stay shared with other snapshots.
    ///
    /// # Errors
    /// When the event does not fit what came before it; the snapshot is then unchanged.
    pub fn apply(&mut self, event: &Event) -> Result<(), Misfit> {
        self.check_place(event)?;
        match &event.kind {
            EventKind::World(kind) => self.apply_world(event, kind)?,
            EventKind::Stream(kind) => self.apply_stream(event, kind)?,
            EventKind::Failure(kind) => {
                event.node.map_or(Ok(()), |node| self.check_node(node))?;
                self.apply_failure(event, kind)?;
            }
            EventKind::Batch(kind) => {
                event.node.map_or(Ok(()), |node| self.check_node(node))?;
                self.apply_batch(event, kind)?;
            }
        }
        self.applied = event.seq.0.saturating_add(1);
        self.at = event.at;
        Ok(())
    }

    /// A node by its name.
    pub fn node(&self, id: NodeId) -> Option<&Rc<Node>> {
        self.nodes.get(id.place()).filter(|node| node.id == id)
    }

    /// A task by its name.
    pub fn task(&self, id: TaskId) -> Option<&Rc<Task>> {
        let tasks = match id.kind {
            TaskKind::Map => &self.maps,
            TaskKind::Reduce => &self.reduces,
        };
        tasks.get(place(id.index))
    }

    /// An attempt by its name.
    pub fn attempt(&self, id: AttemptId) -> Option<&Rc<Attempt>> {
        self.task(id.task)?.attempts.get(usize::from(id.number))
    }

    /// The attempts that run on a node as the coordinator believes, in order of their tasks.
    pub fn believed_running(&self, id: NodeId) -> Vec<AttemptId> {
        let attempts = self.maps.iter().chain(&self.reduces).flat_map(|task| &task.attempts);
        attempts
            .filter(|attempt| attempt.node == id && attempt.is_living())
            .map(|attempt| attempt.id)
            .collect()
    }

    /// Since when a rack is cut off, and by which event.
    pub fn rack_cut_since(&self, rack: RackId) -> Option<(Time, Seq)> {
        self.cut_racks.iter().find(|(cut, _)| *cut == rack).map(|(_, since)| *since)
    }

    /// Whether what lies on a node can be read from beyond its rack.
    pub fn is_within_reach(&self, id: NodeId) -> bool {
        let up = |node: &&Rc<Node>| node.is_up() && self.rack_cut_since(node.rack).is_none();
        self.node(id).filter(up).is_some()
    }

    /// Whether anything can get from one node to another: both are up, and no cut lies between.
    pub fn can_reach(&self, from: NodeId, to: NodeId) -> bool {
        let (Some(one), Some(other)) = (self.node(from), self.node(to)) else { return false };
        let is_open = one.rack == other.rack
            || [one.rack, other.rack].iter().all(|rack| self.rack_cut_since(*rack).is_none());
        one.is_up() && other.is_up() && is_open
    }

    /// The event must be the next one, not earlier than the last, and not caused by a later one.
    fn check_place(&self, event: &Event) -> Result<(), Misfit> {
        if event.seq.0 != self.applied {
            return Err(Misfit::Gap { expected: self.applied, found: event.seq.0 });
        }
        if event.at < self.at {
            return Err(Misfit::TimeWentBack { before: self.at, found: event.at });
        }
        match event.cause {
            Some(cause) if cause >= event.seq => Err(Misfit::CauseAhead(cause.0)),
            Some(_) | None => Ok(()),
        }
    }

    #[expect(clippy::too_many_lines, reason = "a closed enum, one arm a kind")]
    fn apply_batch(&mut self, event: &Event, kind: &BatchEvent) -> Result<(), Misfit> {
        use BatchEvent as B;
        match kind {
            B::JobSubmitted { input_bytes, reduces, .. } => {
                self.job_submitted(event, *input_bytes, *reduces)
            }
            B::SplitPlanned { map, offset, length, hosts, file, more } => {
                let (file, offset, length) = (*file, *offset, *length);
                let pieces = [SplitPiece { file, offset, length }].into_iter();
                let pieces = pieces.chain(more.iter().copied()).collect();
                self.split_planned(event, *map, pieces, hosts)
            }
            B::HeartbeatReceived { node, free_map_slots, free_reduce_slots } => {
                self.heartbeat_received(event, *node, (*free_map_slots, *free_reduce_slots))
            }
            B::SlowStartReached { .. } => self.slow_start_reached(event),
            B::MapAssigned { attempt, node, locality, reason, .. } => {
                self.check_kind(*attempt, TaskKind::Map)?;
                self.assigned(event, *attempt, *node, (Some(*locality), *reason))
            }
            B::ReduceAssigned { attempt, node, reason, .. } => {
                self.check_kind(*attempt, TaskKind::Reduce)?;
                self.assigned(event, *attempt, *node, (None, *reason))
            }
            B::AttemptLaunched { attempt } => self.attempt_launched(event, *attempt),
            B::PhaseStarted { attempt, phase } => self.phase_started(event, *attempt, *phase),
            B::InputOpened { attempt, block, from, .. } => {
                self.input_opened(event, *attempt, *block, *from)
            }
            B::ReadPastEnd { attempt, line_end, piece, .. } => {
                let places = self.split_places(attempt.task);
                let read_to = in_split(&places, *piece, *line_end);
                self.map_attempt(event, *attempt)?.progress.read_to = Some(read_to);
                Ok(())
            }
            B::PartialLineSkipped { attempt, bytes } => {
                self.map_attempt(event, *attempt)?.progress.skipped_bytes = *bytes;
                Ok(())
            }
            B::MapProgress { attempt, .. } => self.map_progress(event, *attempt, kind),
            B::SpillStarted { attempt, .. } => self.spill_started(event, *attempt, kind),
            B::SpillFinished { attempt, spill, after, .. } => {
                self.spill_finished(event, *attempt, *spill, *after)
            }
            B::MergeStarted { attempt, pass, inputs, last, .. } => {
                self.merge_started(event, *attempt, *pass, (*inputs, *last))
            }
            B::MergeFinished { attempt, pass, after, .. } => {
                self.merge_finished(event, *attempt, *pass, *after)
            }
            B::MapOutputReady { attempt, segments } => {
                self.map_output_ready(event, *attempt, segments)
            }
            B::MapOutputsLearned { attempt, maps } => {
                self.map_outputs_learned(event, *attempt, maps)
            }
            B::FetchesStalled { attempt, .. } => self.touched(event, *attempt).map(|_| ()),
            B::FetchStarted { attempt, map, from, volume, .. } => {
                self.fetch_started(event, *attempt, *map, (*from, *volume))
            }
            B::FetchFinished { attempt, map, .. } => self.fetch_finished(event, *attempt, *map),
            B::ReduceProgress { attempt, groups, input, output } => {
                self.reduce_progress(event, *attempt, *groups, (*input, *output))
            }
            B::OutputWritten { attempt, part, volume } => {
                self.part_of(*attempt, *part)?;
                match attempt.task.kind {
                    TaskKind::Map => self.map_attempt(event, *attempt)?.written = Some(*volume),
                    TaskKind::Reduce => {
                        self.reduce_attempt(event, *attempt)?.written = Some(*volume);
                    }
                }
                Ok(())
            }
            B::CommitGranted { attempt, part } => {
                self.part_of(*attempt, *part)?;
                self.writer(event, *attempt)
            }
            B::OutputCommitted { attempt, part, volume, visible } => {
                self.output_committed(event, *attempt, (*part, *volume), *visible)
            }
            B::JobCommitStarted { .. } => self.job.is_some().then_some(()).ok_or(Misfit::NoJob),
            B::PartPublished { part } => self.part_published(event, *part),
            B::AttemptSucceeded { attempt, counters, .. } => {
                self.attempt_succeeded(event, *attempt, counters)
            }
            B::TasksFinished { .. } => self.job.is_some().then_some(()).ok_or(Misfit::NoJob),
            B::JobFinished { .. } => self.job_finished(event),
        }
    }

    fn check_node(&self, id: NodeId) -> Result<(), Misfit> {
        self.node(id).map(|_| ()).ok_or(Misfit::NoNode(id))
    }

    fn check_nodes(&self, ids: &[NodeId]) -> Result<(), Misfit> {
        ids.iter().try_for_each(|id| self.check_node(*id))
    }

    fn check_rack(&self, rack: RackId) -> Result<(), Misfit> {
        match rack.0 {
            0 => Err(Misfit::NoRack(rack)),
            number if number > self.racks => Err(Misfit::NoRack(rack)),
            _ => Ok(()),
        }
    }

    fn check_kind(&self, id: AttemptId, kind: TaskKind) -> Result<(), Misfit> {
        if id.task.kind == kind { Ok(()) } else { Err(Misfit::WrongKind(id)) }
    }

    /// Our own copy of a node, to change.
    fn node_mut(&mut self, id: NodeId) -> Result<&mut Node, Misfit> {
        let found = self.nodes.get_mut(id.place()).filter(|node| node.id == id);
        found.map(Rc::make_mut).ok_or(Misfit::NoNode(id))
    }

    /// Our own copy of a task, to change.
    fn task_mut(&mut self, id: TaskId) -> Result<&mut Task, Misfit> {
        let tasks = match id.kind {
            TaskKind::Map => &mut self.maps,
            TaskKind::Reduce => &mut self.reduces,
        };
        tasks.get_mut(place(id.index)).map(Rc::make_mut).ok_or(Misfit::NoTask(id))
    }

    /// Our own copy of an attempt, to change.
    fn attempt_mut(&mut self, id: AttemptId) -> Result<&mut Attempt, Misfit> {
        if self.attempt(id).is_none() {
            return Err(Misfit::NoAttempt(id));
        }
        let task = self.task_mut(id.task)?;
        let found = task.attempts.get_mut(usize::from(id.number));
        found.map(Rc::make_mut).ok_or(Misfit::NoAttempt(id))
    }

    /// A map's attempt, to change, marked as touched by the event.
    fn map_attempt(&mut self, event: &Event, id: AttemptId) -> Result<&mut Attempt, Misfit> {
        match id.task.kind {
            TaskKind::Map => self.touched(event, id),
            TaskKind::Reduce => Err(Misfit::WrongKind(id)),
        }
    }

    /// A reduce's attempt, to change, marked as touched by the event.
    fn reduce_attempt(&mut self, event: &Event, id: AttemptId) -> Result<&mut Attempt, Misfit> {
        match id.task.kind {
            TaskKind::Reduce => self.touched(event, id),
            TaskKind::Map => Err(Misfit::WrongKind(id)),
        }
    }

    /// An attempt of either kind, to change, marked as touched by the event. Whatever can go wrong
    /// with the event otherwise must be checked before.
    fn touched(&mut self, event: &Event, id: AttemptId) -> Result<&mut Attempt, Misfit> {
        let attempt = self.attempt_mut(id)?;
        attempt.seq = event.seq;
        Ok(attempt)
    }
}

/// The place in a list that an index of the trace means; past every list where it does not fit.
fn place(index: u32) -> usize {
    usize::try_from(index).unwrap_or(usize::MAX)
}

/// How long a list is, as the traces count.
fn count<T>(list: &[T]) -> u32 {
    u32::try_from(list.len()).unwrap_or(u32::MAX)
}
