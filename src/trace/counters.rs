//! Hadoop's counters by its own names, of a task, of a node and of the job, as they stand at a
//! moment: what tasks counted (`TaskCounter`), and what the coordinator did (`JobCounter`).
//!
//! A task's counters are those of the attempt that counts; a node's are the sums over such attempts
//! that ran there, and the job's over all of them.

use super::event::{Counters, Locality};
use super::snapshot::{Attempt, Snapshot, Verdict};
use crate::base::{NodeId, Span, TaskId, TaskKind, Time};
use std::rc::Rc;

/// One of the counters that tasks keep.
#[derive(Clone, Copy, Debug)]
pub struct TaskCounter {
    /// Hadoop's name.
    pub name: &'static str,
    /// What it counts, in a few words.
    pub meaning: &'static str,
    /// Its value.
    pub of: fn(&Counters) -> u64,
}

const fn counter(
    name: &'static str,
    meaning: &'static str,
    of: fn(&Counters) -> u64,
) -> TaskCounter {
    TaskCounter { name, meaning, of }
}

/// The counters that tasks keep, in the order in which a record goes through a job.
pub const TASK_COUNTERS: [TaskCounter; 14] = [
    counter("MAP_INPUT_RECORDS", "Lines that maps read", |c| c.map_input_records),
    counter("MAP_OUTPUT_RECORDS", "Pairs that maps emitted", |c| c.map_output_records),
    counter("MAP_OUTPUT_BYTES", "Their bytes", |c| c.map_output_bytes),
    counter("COMBINE_INPUT_RECORDS", "Pairs that combiners read", |c| c.combine_input_records),
    counter("COMBINE_OUTPUT_RECORDS", "Pairs that combiners left", |c| c.combine_output_records),
    counter("SPILLED_RECORDS", "Records written in spills and merges", |c| c.spilled_records),
    counter("MAP_OUTPUT_MATERIALIZED_BYTES", "Bytes of map outputs on disk", |c| {
        c.map_output_materialized_bytes
    }),
    counter("SHUFFLED_MAPS", "Map outputs fetched by reduces", |c| c.shuffled_maps),
    counter("FAILED_SHUFFLE", "Fetches that failed", |c| c.failed_shuffle),
    counter("REDUCE_SHUFFLE_BYTES", "Bytes fetched by reduces", |c| c.reduce_shuffle_bytes),
    counter("MERGED_MAP_OUTPUTS", "Map outputs merged by reduces", |c| c.merged_map_outputs),
    counter("REDUCE_INPUT_GROUPS", "Different keys that reduces saw", |c| c.reduce_input_groups),
    counter("REDUCE_INPUT_RECORDS", "Records that reduces read", |c| c.reduce_input_records),
    counter("REDUCE_OUTPUT_RECORDS", "Records that reduces wrote", |c| c.reduce_output_records),
];

/// What the coordinator counts of attempts (Hadoop's `JobCounter`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JobCounters {
    /// Map attempts given out.
    pub total_launched_maps: u64,
    /// Of these, on a node with a copy of the block.
    pub data_local_maps: u64,
    /// On another node of such a node's rack.
    pub rack_local_maps: u64,
    /// Elsewhere.
    pub other_local_maps: u64,
    /// Map attempts that failed.
    pub num_failed_maps: u64,
    /// Map attempts that were killed.
    pub num_killed_maps: u64,
    /// How long map attempts ran that are over.
    pub millis_maps: u64,
    /// Reduce attempts given out.
    pub total_launched_reduces: u64,
    /// Reduce attempts that failed.
    pub num_failed_reduces: u64,
    /// Reduce attempts that were killed.
    pub num_killed_reduces: u64,
    /// How long reduce attempts ran that are over.
    pub millis_reduces: u64,
}

impl JobCounters {
    /// Of the attempts that were given to a node; to any when none is named.
    pub fn of(snapshot: &Snapshot, node: Option<NodeId>) -> JobCounters {
        let mut counters = JobCounters::default();
        for attempt in attempts(snapshot).filter(|it| node.is_none_or(|node| it.node == node)) {
            counters.add(attempt);
        }
        counters
    }

    /// Each with Hadoop's name and what it counts.
    pub fn rows(&self) -> [(&'static str, &'static str, u64); 11] {
        [
            ("TOTAL_LAUNCHED_MAPS", "Map attempts given out", self.total_launched_maps),
            ("DATA_LOCAL_MAPS", "On a node with the block", self.data_local_maps),
            ("RACK_LOCAL_MAPS", "On another node of its rack", self.rack_local_maps),
            ("OTHER_LOCAL_MAPS", "On a node of another rack", self.other_local_maps),
            ("NUM_FAILED_MAPS", "Map attempts that failed", self.num_failed_maps),
            ("NUM_KILLED_MAPS", "Map attempts that were killed", self.num_killed_maps),
            ("MILLIS_MAPS", "Time of map attempts, in ms", self.millis_maps),
            ("TOTAL_LAUNCHED_REDUCES", "Reduce attempts given out", self.total_launched_reduces),
            ("NUM_FAILED_REDUCES", "Reduce attempts that failed", self.num_failed_reduces),
            ("NUM_KILLED_REDUCES", "Reduce attempts that were killed", self.num_killed_reduces),
            ("MILLIS_REDUCES", "Time of reduce attempts, in ms", self.millis_reduces),
        ]
    }

    fn add(&mut self, attempt: &Attempt) {
        let over = over_at(attempt);
        let ran = over.map_or(Span::ZERO, |at| at.since(attempt.assigned.0)).0 / 1_000;
        let failed = u64::from(matches!(attempt.verdict, Verdict::Failed { .. }));
        let killed = u64::from(matches!(attempt.verdict, Verdict::Killed { .. }));
        match attempt.id.task.kind {
            TaskKind::Map => {
                self.total_launched_maps += 1;
                match attempt.locality {
                    Some(Locality::NodeLocal) => self.data_local_maps += 1,
                    Some(Locality::RackLocal) => self.rack_local_maps += 1,
                    Some(Locality::OffRack) | None => self.other_local_maps += 1,
                }
                self.num_failed_maps += failed;
                self.num_killed_maps += killed;
                self.millis_maps += ran;
            }
            TaskKind::Reduce => {
                self.total_launched_reduces += 1;
                self.num_failed_reduces += failed;
                self.num_killed_reduces += killed;
                self.millis_reduces += ran;
            }
        }
    }
}

/// The counters of a task: those of the attempt of it that counts.
pub fn of_task(snapshot: &Snapshot, task: TaskId) -> Counters {
    sum(snapshot, |attempt| attempt.id.task == task)
}

/// The counters of the attempts that count and ran on a node.
pub fn of_node(snapshot: &Snapshot, node: NodeId) -> Counters {
    sum(snapshot, |attempt| attempt.node == node)
}

fn sum(snapshot: &Snapshot, wanted: impl Fn(&Attempt) -> bool) -> Counters {
    let mut counters = Counters::default();
    for attempt in attempts(snapshot).filter(|attempt| wanted(attempt)) {
        if let Verdict::Succeeded { counters: more, .. } = &attempt.verdict {
            counters.add(more);
        }
    }
    counters
}

fn attempts(snapshot: &Snapshot) -> impl Iterator<Item = &Attempt> {
    let tasks = snapshot.maps.iter().chain(&snapshot.reduces);
    tasks.flat_map(|task| task.attempts.iter().map(Rc::as_ref))
}

/// When the coordinator knew that an attempt was over.
fn over_at(attempt: &Attempt) -> Option<Time> {
    match &attempt.verdict {
        Verdict::Running => None,
        Verdict::Succeeded { at, .. } | Verdict::Failed { at, .. } | Verdict::Killed { at, .. } => {
            Some(at.0)
        }
    }
}
