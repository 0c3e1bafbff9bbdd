//! The coordinator: a state machine that hears messages of the nodes and answers with orders.
//!
//! What it knows of the cluster is what it was told, and when; it never learns of a crash but by
//! silence. A task goes round like this (`failure.rs` of the trace says the same of its events):
//!
//! ```text
//!            ┌───────────────(the last attempt failed or was killed)───────────────┐
//!            ▼                                                                      │
//! Pending ──(a node has a free slot)──► Running ──(a node says so)──► Done ──(its output is lost)
//! ```
//!
//! It plays two parts of Hadoop at once, the resource manager and the job's own master, and it
//! never fails itself; the file system's name node is beside it.

mod assigning;
mod committing;
mod ending;
mod monitoring;
mod nodes;
mod outputs;
mod speculation;
mod tasks;
#[cfg(test)]
#[expect(clippy::wildcard_enum_match_arm, reason = "a test picks what it is about")]
mod tests;
mod turn;

use super::config::{JobConfig, StoredBlock, Topology};
use super::liveness::Liveness;
use super::messages::{Directed, Message, Order};
use super::name_node::NameNode;
use super::node_agent::Capacity;
use super::scheduler::LocalityWait;
use super::segment::SegmentSize;
use super::split::Split;
use crate::base::{AttemptId, Level, MapIndex, NodeId, PartitionId, TaskId, TaskKind, Time};
use crate::trace::event::Counters;
use crate::trace::event::SplitPiece;
use crate::trace::failure::TaskError;
use crate::trace::{BatchEvent, Cause, EventKind, FailureEvent, Recorder};
use committing::JobCommit;
use nodes::{Free, Place};
use outputs::OutputLog;
use speculation::Speculator;
use std::sync::Arc;
use tasks::{Task, TryState};
pub(super) use turn::Turn;

/// What a job is made of.
#[derive(Clone, Debug)]
pub struct JobSpec {
    /// Its settings.
    pub config: Arc<JobConfig>,
    /// Which rack each node is in.
    pub topology: Arc<Topology>,
    /// What a node can run at once; all are alike.
    pub capacity: Capacity,
    /// The maps' splits.
    pub splits: Vec<Split>,
    /// The input's blocks, and the nodes that hold them.
    pub blocks: Vec<StoredBlock>,
    /// Copies that each block should have.
    pub replication: u32,
}

/// Why a job failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobFailure {
    /// The task that could not be done.
    pub task: TaskId,
    /// What went wrong at last.
    pub error: TaskError,
    /// How often it was tried in vain.
    pub failures: u32,
}

/// The coordinator of one job.
#[derive(Clone, Debug)]
pub struct Coordinator {
    config: Arc<JobConfig>,
    topology: Arc<Topology>,
    capacity: Capacity,
    splits: Vec<Split>,
    maps: Vec<Task>,
    reduces: Vec<Task>,
    places: Vec<Place>,
    liveness: Liveness,
    name_node: NameNode,
    wait: LocalityWait,
    log: OutputLog,
    maps_speculator: Speculator,
    reduces_speculator: Speculator,
    slow_start: bool,
    submitted_at: Time,
    /// When the monitors look next.
    next_check: Time,
    /// When a node was last believed alive.
    alive_at: Time,
    job_commit: Option<JobCommit>,
    outcome: Option<Result<(), JobFailure>>,
}

impl Coordinator {
    /// Takes a job over splits that are already planned.
    pub fn submit(spec: JobSpec, at: Time, recorder: &mut Recorder) -> Coordinator {
        record_submission(&spec, recorder);
        let JobSpec { config, topology, capacity, splits, blocks, replication } = spec;
        let nodes = topology.0.len();
        let tasks = |kind, tasks| (0..tasks).map(move |index| Task::new(TaskId { kind, index }));
        Coordinator {
            maps: tasks(TaskKind::Map, count(splits.len())).collect(),
            reduces: tasks(TaskKind::Reduce, config.reducers).collect(),
            places: vec![Place::default(); nodes],
            liveness: Liveness::new(nodes, config.node_timeout),
            name_node: NameNode::new(blocks, replication, &config, topology.clone()),
            wait: LocalityWait::default(),
            log: OutputLog::default(),
            maps_speculator: Speculator::default(),
            reduces_speculator: Speculator::default(),
            slow_start: false,
            submitted_at: at,
            next_check: at + monitoring::CHECK_INTERVAL,
            alive_at: at,
            job_commit: None,
            outcome: None,
            config,
            topology,
            capacity,
            splits,
        }
    }

    /// The job's settings.
    pub fn config(&self) -> &JobConfig {
        &self.config
    }

    /// Whether the job is over: committed or failed.
    pub fn is_over(&self) -> bool {
        self.outcome.is_some()
    }

    /// Whether the job is committed.
    pub fn is_finished(&self) -> bool {
        self.outcome == Some(Ok(()))
    }

    /// Why the job failed, if it did.
    pub fn failure(&self) -> Option<&JobFailure> {
        self.outcome.as_ref()?.as_ref().err()
    }

    /// The job's counters so far: the sums over the attempts whose output counts.
    pub fn counters(&self) -> Counters {
        let mut counters = Counters::default();
        for task in self.maps.iter().chain(&self.reduces) {
            if let Some(TryState::Succeeded(of_task)) = task.success().map(|(_, a_try)| a_try.state)
            {
                counters.add(&of_task);
            }
        }
        counters
    }

    /// Hears a message and answers it.
    pub fn on_message(
        &mut self,
        at: Time,
        message: Message,
        cause: Cause,
        recorder: &mut Recorder,
        out: &mut Vec<Directed>,
    ) {
        // All tasks are done once the job commits; what nodes say then changes nothing.
        if self.is_over() || self.job_commit.is_some() {
            return;
        }
        let turn = &mut Turn { at, recorder, out };
        match message {
            Message::Registered { node, incarnation, outputs, blocks } => {
                self.on_registered((node, incarnation), &outputs, &blocks, cause, turn);
            }
            Message::Heartbeat { node, free_map_slots, free_reduce_slots, free_containers } => {
                let free = Free {
                    map_slots: free_map_slots,
                    reduce_slots: free_reduce_slots,
                    containers: free_containers,
                };
                self.on_heartbeat(node, free, cause, turn);
            }
            Message::Progress { attempt, millionths, worked, copying, .. } => {
                self.on_progress(attempt, millionths, (worked, copying), cause, turn);
            }
            Message::Finished { attempt, node, counters, segments } => {
                self.on_finished(attempt, node, (counters, segments), cause, turn);
            }
            Message::Failed { attempt, error, .. } => self.fail(attempt, error, cause, turn),
            Message::MapOutputsAsked { attempt, node, known } => {
                self.log.tell(attempt, node, known, turn);
            }
            Message::CommitAsked { attempt, node } => {
                self.on_commit_asked(attempt, node, cause, turn);
            }
            Message::FetchFailed { attempt, map, .. } => {
                self.on_fetch_failed(map, attempt, cause, turn);
            }
            Message::BlockCopied { node, block, from, arrived } => {
                self.name_node.on_copied((block, from, node), arrived, cause, turn);
            }
        }
    }

    fn on_heartbeat(&mut self, node: NodeId, reported: Free, cause: Cause, turn: &mut Turn<'_>) {
        let cause = turn.batch(Level::Tasks, cause, || BatchEvent::HeartbeatReceived {
            node,
            free_map_slots: reported.map_slots,
            free_reduce_slots: reported.reduce_slots,
        });
        if let Some(silent) = self.liveness.hear(node, turn.at, cause) {
            self.on_returned(node, silent, cause, turn);
            return;
        }
        self.assign(node, self.free(node, reported), cause, turn);
    }

    fn on_progress(
        &mut self,
        attempt: AttemptId,
        millionths: u32,
        (worked, copying): (bool, bool),
        cause: Cause,
        turn: &mut Turn<'_>,
    ) {
        let at = turn.at;
        let Some(a_try) = self.task_mut(attempt.task).running_mut(attempt) else { return };
        if worked || copying {
            a_try.progress_at = at;
        }
        a_try.millionths = millionths;
        a_try.copying = copying;
        a_try.estimate = Some(speculation::estimate(at.since(a_try.since), millionths));
        a_try.cause = turn
            .failure(Level::Records, cause, || FailureEvent::ProgressHeard { attempt, millionths });
    }

    /// The first reduce of a task to ask may commit, and no other unless that one ends.
    /// (`TaskImpl.canCommit`)
    fn on_commit_asked(
        &mut self,
        attempt: AttemptId,
        node: NodeId,
        cause: Cause,
        turn: &mut Turn<'_>,
    ) {
        let task = self.task_mut(attempt.task);
        if task.running_mut(attempt).is_none() || task.committing.is_some() {
            return;
        }
        task.committing = Some(attempt);
        let part = PartitionId(attempt.task.index);
        let cause = turn.batch(Level::Tasks, cause, || BatchEvent::CommitGranted { attempt, part });
        turn.order(node, Order::Commit { attempt }, cause);
    }

    /// The maps' splits.
    pub fn splits(&self) -> &[Split] {
        &self.splits
    }

    /// Who is near whom.
    pub fn topology(&self) -> Arc<Topology> {
        self.topology.clone()
    }

    /// The input's blocks, in file order, as the name node knows them.
    pub fn blocks(&self) -> Arc<[super::messages::BlockAt]> {
        self.name_node.locations()
    }

    fn tasks(&self, kind: TaskKind) -> &[Task] {
        match kind {
            TaskKind::Map => &self.maps,
            TaskKind::Reduce => &self.reduces,
        }
    }

    fn task(&self, task: TaskId) -> &Task {
        &self.tasks(task.kind)[task.index as usize]
    }

    fn task_mut(&mut self, task: TaskId) -> &mut Task {
        let tasks = match task.kind {
            TaskKind::Map => &mut self.maps,
            TaskKind::Reduce => &mut self.reduces,
        };
        &mut tasks[task.index as usize]
    }

    fn speculator_mut(&mut self, kind: TaskKind) -> &mut Speculator {
        match kind {
            TaskKind::Map => &mut self.maps_speculator,
            TaskKind::Reduce => &mut self.reduces_speculator,
        }
    }

    fn done(&self, kind: TaskKind) -> u32 {
        count(self.tasks(kind).iter().filter(|task| task.is_done()).count())
    }
}

fn record_submission(spec: &JobSpec, recorder: &mut Recorder) {
    let (maps, reduces) = (count(spec.splits.len()), spec.config.reducers);
    let input_bytes = spec.splits.iter().map(Split::length).sum();
    let cause = recorder.record(Level::Counters, None, Cause::NONE, || {
        EventKind::Batch(BatchEvent::JobSubmitted { input_bytes, maps, reduces })
    });
    for (map, split) in spec.splits.iter().enumerate() {
        recorder.record(Level::Counters, None, cause, || {
            let map = MapIndex(count(map));
            let (hosts, mut more) = (split.hosts.clone(), split.pieces_told());
            let SplitPiece { file, offset, length } = more.remove(0);
            EventKind::Batch(BatchEvent::SplitPlanned { map, offset, length, hosts, file, more })
        });
    }
}

fn count(items: usize) -> u32 {
    u32::try_from(items).unwrap_or(u32::MAX)
}

/// The volume of a partition among a map's segments.
fn size_of(segments: &[SegmentSize], partition: u32) -> SegmentSize {
    segments.get(partition as usize).copied().unwrap_or_default()
}
