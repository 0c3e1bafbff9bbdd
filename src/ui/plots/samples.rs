//! A run's state at equal intervals: tasks by state, memory and disk by node, counters. Only whole
//! intervals are looked at, and each but once.

use crate::base::{TaskKind, Time};
use crate::trace::event::Counters;
use crate::trace::snapshot::{Attempt, Snapshot, TaskState};
use crate::ui::shared_timeline::SharedTimeline;

/// The state at the end of an interval.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sample {
    /// When, in seconds.
    pub at: f64,
    /// Tasks that are done, maps that run, reduces that run, and tasks that wait.
    pub tasks: [u32; 4],
    /// What sort buffers and fetched segments take of each node's memory, in bytes of the text.
    pub memory: Vec<u64>,
    /// What blocks, spills and map outputs take of each node's disk, in bytes of the text.
    pub disk: Vec<u64>,
    /// The counters of the attempts that had succeeded.
    pub counters: Counters,
}

/// The names of `Sample::tasks`.
pub const TASK_STATES: [&str; 4] = ["done", "maps running", "reduces running", "waiting"];

/// Samples of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Samples {
    /// Those of the intervals that are complete.
    pub taken: Vec<Sample>,
    interval: f64,
}

impl Samples {
    /// Takes the samples of the first `complete` intervals of this width, those of before kept.
    pub fn take(&mut self, timeline: &SharedTimeline, interval: f64, complete: usize) {
        if self.interval.to_bits() != interval.to_bits() || complete < self.taken.len() {
            *self = Samples { interval, ..Samples::default() };
        }
        for place in self.taken.len()..complete {
            let seconds = (place as f64 + 1.0) * interval;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "not negative"
            )]
            let at = Time((seconds * 1e6) as u64);
            let snapshot = timeline.seek(timeline.at_time(at));
            self.taken.push(sample(&snapshot, seconds));
        }
    }
}

fn sample(snapshot: &Snapshot, at: f64) -> Sample {
    let mut tasks = [0_u32; 4];
    for task in snapshot.maps.iter().chain(&snapshot.reduces) {
        let place = match (task.state, task.id.kind) {
            (TaskState::Done, _) => 0,
            (TaskState::Running, TaskKind::Map) => 1,
            (TaskState::Running, TaskKind::Reduce) => 2,
            (TaskState::Pending, _) => 3,
        };
        tasks[place] += 1;
    }
    let count = snapshot.nodes.len();
    let (mut memory, mut disk) = (vec![0_u64; count], vec![0_u64; count]);
    for attempt in snapshot.maps.iter().chain(&snapshot.reduces).flat_map(|task| &task.attempts) {
        let Some(node) = place(attempt.node.0) else { continue };
        if let Some(sum) = memory.get_mut(node).filter(|_| attempt.ended.is_none()) {
            *sum += memory_of(snapshot, attempt);
        }
        if let Some(sum) = disk.get_mut(node).filter(|_| !attempt.is_deleted) {
            *sum += disk_of(attempt);
        }
    }
    for block in &snapshot.blocks {
        for node in block.replicas.iter().filter_map(|node| place(node.0)) {
            if let Some(sum) = disk.get_mut(node) {
                *sum += block.length;
            }
        }
    }
    Sample { at, tasks, memory, disk, counters: *snapshot.counters }
}

/// A map's sort buffer in use; a reduce's fetched segments.
fn memory_of(snapshot: &Snapshot, attempt: &Attempt) -> u64 {
    match attempt.id.task.kind {
        TaskKind::Map => attempt.progress.buffer_bytes,
        TaskKind::Reduce => {
            let part = usize::try_from(attempt.id.task.index).unwrap_or(usize::MAX);
            let rows = attempt.fetched.iter().filter_map(|map| {
                snapshot.shuffle.get(usize::try_from(map.0).unwrap_or(usize::MAX))
            });
            rows.filter_map(|row| row.cells.get(part)).map(|cell| cell.volume.bytes).sum()
        }
    }
}

/// A map's output, or its spills until they are merged. A reduce's part lies elsewhere.
fn disk_of(attempt: &Attempt) -> u64 {
    let spills =
        || attempt.spills.iter().filter_map(|spill| spill.written).map(|spill| spill.bytes);
    match (attempt.id.task.kind, &attempt.written) {
        (TaskKind::Map, Some(written)) => written.bytes,
        (TaskKind::Map, None) => spills().sum(),
        (TaskKind::Reduce, _) => 0,
    }
}

/// Nodes count from 1.
fn place(node: u16) -> Option<usize> {
    usize::from(node).checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::synthetic;

    fn timeline() -> SharedTimeline {
        SharedTimeline::default().append(synthetic::run(&synthetic::small())).unwrap()
    }

    #[test]
    fn samples_are_the_same_however_they_are_taken() {
        let timeline = timeline();
        let interval = timeline.end_time().seconds() / 20.0;
        let (mut slowly, mut at_once) = (Samples::default(), Samples::default());
        for complete in [0, 3, 4, 11, 21] {
            slowly.take(&timeline, interval, complete);
        }
        at_once.take(&timeline, interval, 21);
        assert_eq!(slowly, at_once);
        slowly.take(&timeline, interval, 5);
        assert_eq!(slowly.taken[..], at_once.taken[..5], "back to an earlier place");
    }

    #[test]
    fn every_task_is_in_one_state_and_in_the_end_all_are_done() {
        let timeline = timeline();
        let interval = timeline.end_time().seconds() / 20.0;
        let mut samples = Samples::default();
        samples.take(&timeline, interval, 21);
        let snapshot = timeline.seek(timeline.len());
        let all = u32::try_from(snapshot.maps.len() + snapshot.reduces.len()).unwrap();
        let planned = samples.taken.iter().filter(|sample| sample.tasks.iter().sum::<u32>() > 0);
        assert!(planned.clone().count() > 10);
        assert!(planned.clone().all(|sample| sample.tasks.iter().sum::<u32>() == all));
        let last = samples.taken.last().unwrap();
        assert_eq!(last.tasks, [all, 0, 0, 0]);
        assert_eq!(last.counters, *snapshot.counters);
        assert!(samples.taken.iter().any(|sample| sample.memory.iter().any(|bytes| *bytes > 0)));
        let written: u64 =
            snapshot.maps.iter().flat_map(|task| &task.attempts).map(|a| disk_of(a)).sum();
        let blocks: u64 = snapshot.blocks.iter().map(|b| b.length * b.replicas.len() as u64).sum();
        assert_eq!(last.disk.iter().sum::<u64>(), written + blocks);
    }
}
