//! The coordinator: a state machine that hears messages of the nodes and answers with orders.
//!
//! What it knows of the cluster is what it was told. A task is in one of three states:
//!
//! ```text
//! Pending ──(a node has a free slot)──► Running ──(the node says so)──► Done
//! ```

mod assigning;

use super::config::{JobConfig, Topology};
use super::liveness::Liveness;
use super::messages::{Directed, MapOutputAt, Message, Order, OutputLogEntry};
use super::scheduler::LocalityWait;
use super::split::Split;
use crate::base::{AttemptId, Level, MapIndex, NodeId, PartitionId, TaskId, TaskKind, Time};
use crate::trace::event::{Counters, Volume};
use crate::trace::{BatchEvent, Cause, EventKind, Recorder};
use std::sync::Arc;

/// The coordinator of one job.
#[derive(Clone, Debug)]
pub struct Coordinator {
    config: Arc<JobConfig>,
    topology: Arc<Topology>,
    splits: Vec<Split>,
    /// Containers that all nodes together have memory for.
    containers: u32,
    maps: Vec<TaskState>,
    reduces: Vec<TaskState>,
    liveness: Liveness,
    wait: LocalityWait,
    /// Map outputs in the order in which the coordinator learned of them.
    outputs: Vec<(AttemptId, NodeId, Vec<Volume>, Cause)>,
    slow_start: bool,
    counters: Counters,
    submitted_at: Time,
    finished: bool,
}

/// Where a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TaskState {
    Pending,
    Running { attempt: AttemptId, since: Time, may_commit: bool },
    Done,
}

impl Coordinator {
    /// Takes a job over splits that are already planned, on nodes that together have memory for
    /// so many containers.
    pub fn submit(
        config: Arc<JobConfig>,
        topology: Arc<Topology>,
        splits: Vec<Split>,
        containers: u32,
        at: Time,
        recorder: &mut Recorder,
    ) -> Coordinator {
        let (maps, reduces) = (count(splits.len()), config.reducers);
        let input_bytes = splits.iter().map(|split| split.length).sum();
        let cause = recorder.record(Level::Counters, None, Cause::NONE, || {
            EventKind::Batch(BatchEvent::JobSubmitted { input_bytes, maps, reduces })
        });
        for (map, split) in splits.iter().enumerate() {
            recorder.record(Level::Counters, None, cause, || {
                let map = MapIndex(count(map));
                let Split { offset, length, hosts } = split.clone();
                EventKind::Batch(BatchEvent::SplitPlanned { map, offset, length, hosts })
            });
        }
        Coordinator {
            liveness: Liveness::new(topology.0.len(), config.node_timeout),
            maps: vec![TaskState::Pending; splits.len()],
            reduces: vec![TaskState::Pending; reduces as usize],
            config,
            topology,
            splits,
            containers,
            wait: LocalityWait::default(),
            outputs: Vec::new(),
            slow_start: false,
            counters: Counters::default(),
            submitted_at: at,
            finished: false,
        }
    }

    /// Whether the job is committed.
    pub fn is_finished(&self) -> bool {
        self.finished
    }

    /// The job's counters so far.
    pub fn counters(&self) -> Counters {
        self.counters
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
        match message {
            Message::Heartbeat { node, free_map_slots, free_reduce_slots, free_containers } => {
                self.liveness.hear(node, at);
                let cause = recorder.record(Level::Tasks, None, cause, || {
                    EventKind::Batch(BatchEvent::HeartbeatReceived {
                        node,
                        free_map_slots,
                        free_reduce_slots,
                    })
                });
                let free = Free {
                    map_slots: free_map_slots,
                    reduce_slots: free_reduce_slots,
                    containers: free_containers,
                };
                self.assign(at, node, free, cause, recorder, out);
            }
            Message::Finished { attempt, node, counters, segments } => {
                self.on_finished(at, attempt, node, (counters, segments), cause, recorder);
            }
            Message::MapOutputsAsked { attempt, node, known } => {
                self.tell_map_outputs(attempt, node, known, out);
            }
            Message::CommitAsked { attempt, node } => {
                self.grant_commit(attempt, node, cause, recorder, out);
            }
            Message::Registered { .. }
            | Message::Progress { .. }
            | Message::Failed { .. }
            | Message::FetchFailed { .. }
            | Message::BlockCopied { .. } => {}
        }
    }

    fn on_finished(
        &mut self,
        at: Time,
        attempt: AttemptId,
        node: NodeId,
        (counters, segments): (Counters, Vec<Volume>),
        cause: Cause,
        recorder: &mut Recorder,
    ) {
        let state = self.task_mut(attempt.task);
        let TaskState::Running { attempt: running, since, .. } = *state else { return };
        if running != attempt {
            return;
        }
        *state = TaskState::Done;
        self.counters.add(&counters);
        let cause = recorder.record(Level::Counters, None, cause, || {
            let took = at.since(since);
            EventKind::Batch(BatchEvent::AttemptSucceeded { attempt, took, counters })
        });
        match attempt.task.kind {
            TaskKind::Map => {
                self.outputs.push((attempt, node, segments, cause));
                self.check_slow_start(cause, recorder);
                self.check_finished(TaskKind::Map, cause, recorder);
            }
            TaskKind::Reduce => {
                let cause = self.check_finished(TaskKind::Reduce, cause, recorder);
                self.check_job(at, cause, recorder);
            }
        }
    }

    fn check_finished(&self, kind: TaskKind, cause: Cause, recorder: &mut Recorder) -> Cause {
        let tasks = self.tasks(kind);
        if tasks.iter().any(|task| *task != TaskState::Done) {
            return cause;
        }
        recorder.record(Level::Counters, None, cause, || {
            EventKind::Batch(BatchEvent::TasksFinished { kind, tasks: count(tasks.len()) })
        })
    }

    fn check_job(&mut self, at: Time, cause: Cause, recorder: &mut Recorder) {
        let all = self.maps.iter().chain(&self.reduces);
        if self.finished || all.clone().any(|task| *task != TaskState::Done) {
            return;
        }
        self.finished = true;
        let (took, counters) = (at.since(self.submitted_at), self.counters);
        recorder.record(Level::Counters, None, cause, || {
            EventKind::Batch(BatchEvent::JobFinished { took, counters })
        });
    }

    fn tell_map_outputs(
        &self,
        attempt: AttemptId,
        node: NodeId,
        known: u32,
        out: &mut Vec<Directed>,
    ) {
        let fresh = self.outputs.get(known as usize..).unwrap_or_default();
        let Some((.., cause)) = fresh.last() else { return };
        let partition = attempt.task.index as usize;
        let entries = fresh
            .iter()
            .map(|(map, node, segments, _)| {
                let volume = segments.get(partition).copied().unwrap_or_default();
                OutputLogEntry::Ready(MapOutputAt { map: *map, node: *node, volume })
            })
            .collect();
        out.push((node, Order::MapOutputs { attempt, known, entries }, *cause));
    }

    fn grant_commit(
        &mut self,
        attempt: AttemptId,
        node: NodeId,
        cause: Cause,
        recorder: &mut Recorder,
        out: &mut Vec<Directed>,
    ) {
        let TaskState::Running { attempt: running, may_commit, .. } = self.task_mut(attempt.task)
        else {
            return;
        };
        if *running != attempt || std::mem::replace(may_commit, true) {
            return;
        }
        let part = PartitionId(attempt.task.index);
        let cause = recorder.record(Level::Tasks, None, cause, || {
            EventKind::Batch(BatchEvent::CommitGranted { attempt, part })
        });
        out.push((node, Order::Commit { attempt }, cause));
    }

    fn tasks(&self, kind: TaskKind) -> &[TaskState] {
        match kind {
            TaskKind::Map => &self.maps,
            TaskKind::Reduce => &self.reduces,
        }
    }

    fn task_mut(&mut self, task: TaskId) -> &mut TaskState {
        let tasks = match task.kind {
            TaskKind::Map => &mut self.maps,
            TaskKind::Reduce => &mut self.reduces,
        };
        &mut tasks[task.index as usize]
    }
}

/// What a node said that it has free.
#[derive(Clone, Copy, Debug)]
struct Free {
    map_slots: u32,
    reduce_slots: u32,
    containers: u32,
}

fn count(items: usize) -> u32 {
    u32::try_from(items).unwrap_or(u32::MAX)
}
