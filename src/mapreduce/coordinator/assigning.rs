//! Giving tasks to the free slots of a node that just spoke. Reduces come before maps, as in
//! Hadoop's `RMContainerAllocator`, once slow start lets them.

use super::{Coordinator, Free, TaskState, count};
use crate::base::random::{Purpose, Random};
use crate::base::{Level, NodeId, TaskId, Time};
use crate::mapreduce::messages::{Directed, Order};
use crate::mapreduce::placement::place_replicas;
use crate::mapreduce::split::Split;
use crate::trace::failure::LaunchReason;
use crate::trace::{BatchEvent, Cause, EventKind, Recorder};
use std::sync::Arc;

/// Copies of the output that are written at once: the node's own, and one on another rack.
const OUTPUT_REPLICAS: u32 = 2;

impl Coordinator {
    /// Fills the free slots of a node.
    pub(super) fn assign(
        &mut self,
        at: Time,
        node: NodeId,
        mut free: Free,
        cause: Cause,
        recorder: &mut Recorder,
        out: &mut Vec<Directed>,
    ) {
        if !self.liveness.is_alive(node, at) {
            return;
        }
        while free.reduce_slots > 0 && free.containers > 0 && self.may_give_reduces() {
            if !self.assign_reduce(at, node, cause, recorder, out) {
                break;
            }
            free.reduce_slots -= 1;
            free.containers -= 1;
        }
        while free.map_slots > 0 && free.containers > 0 {
            if !self.assign_map(at, node, cause, recorder, out) {
                break;
            }
            free.map_slots -= 1;
            free.containers -= 1;
        }
    }

    fn assign_map(
        &mut self,
        at: Time,
        node: NodeId,
        cause: Cause,
        recorder: &mut Recorder,
        out: &mut Vec<Directed>,
    ) -> bool {
        let pending = pending(&self.maps);
        let splits: Vec<&Split> = pending.iter().map(|map| &self.splits[*map]).collect();
        let delay = self.config.locality_delay;
        let Some(choice) = self.wait.choose(&splits, node, &self.topology, delay) else {
            return false;
        };
        let map = pending[choice.place];
        let attempt = TaskId::map(count(map)).attempt(0);
        self.maps[map] = TaskState::Running { attempt, since: at, may_commit: false };
        let cause = recorder.record(Level::Counters, None, cause, || {
            EventKind::Batch(BatchEvent::MapAssigned {
                attempt,
                node,
                locality: choice.locality,
                pending: count(pending.len()),
                pending_local: choice.pending_local,
                opportunities_passed: choice.passed,
                reason: LaunchReason::First,
            })
        });
        out.push((
            node,
            Order::LaunchMap { attempt, split: self.splits[map].clone(), blocks: Arc::default() },
            cause,
        ));
        true
    }

    fn assign_reduce(
        &mut self,
        at: Time,
        node: NodeId,
        cause: Cause,
        recorder: &mut Recorder,
        out: &mut Vec<Directed>,
    ) -> bool {
        let pending = pending(&self.reduces);
        let Some(&reduce) = pending.first() else { return false };
        let attempt = TaskId::reduce(count(reduce)).attempt(0);
        self.reduces[reduce] = TaskState::Running { attempt, since: at, may_commit: false };
        let cause = recorder.record(Level::Counters, None, cause, || {
            let pending = count(pending.len());
            EventKind::Batch(BatchEvent::ReduceAssigned {
                attempt,
                node,
                pending,
                reason: LaunchReason::First,
            })
        });
        let mut random =
            Random::keyed(self.config.seed, Purpose::Placement, attempt.key(), u64::MAX);
        let replicas = place_replicas(Some(node), OUTPUT_REPLICAS, &self.topology, &mut random);
        let replicate_to = replicas.get(1).copied();
        let maps = count(self.maps.len());
        out.push((node, Order::LaunchReduce { attempt, maps, replicate_to }, cause));
        true
    }

    /// Tells once when enough maps are done for reducers to be given out.
    pub(super) fn check_slow_start(&mut self, cause: Cause, recorder: &mut Recorder) {
        if self.slow_start || !self.slow_start_reached() {
            return;
        }
        self.slow_start = true;
        let (maps_done, maps, needed) =
            (self.maps_done(), count(self.maps.len()), self.maps_needed());
        recorder.record(Level::Counters, None, cause, || {
            EventKind::Batch(BatchEvent::SlowStartReached { maps_done, maps, needed })
        });
    }

    /// While maps wait for containers, reduces get only a part of them: as much as the part of
    /// the maps that is done, at most a half, and what the maps leave over. Without that they would
    /// take the memory that the maps need, and wait for these for ever.
    /// (`RMContainerAllocator.scheduleReduces`, `job.reduce.rampup.limit` 0.5.)
    fn may_give_reduces(&self) -> bool {
        if !self.slow_start_reached() {
            return false;
        }
        let pending = count(pending(&self.maps).len());
        if pending == 0 {
            return true;
        }
        let maps = u64::from(count(self.maps.len()));
        let (done, all) = (u64::from(self.maps_done()), u64::from(self.containers));
        let share = (all * done / maps).min(all / 2);
        let needed = maps - done;
        let limit = share + (all - share).saturating_sub(needed);
        u64::from(Self::running(&self.reduces)) < limit
    }

    fn running(tasks: &[TaskState]) -> u32 {
        count(tasks.iter().filter(|task| matches!(task, TaskState::Running { .. })).count())
    }

    fn slow_start_reached(&self) -> bool {
        self.maps_done() >= self.maps_needed()
    }

    /// Hadoop rounds up: `ceil(slow start × maps)` (`RMContainerAllocator.scheduleReduces`).
    fn maps_needed(&self) -> u32 {
        let maps = self.maps.len() as u64;
        let needed = (maps * u64::from(self.config.slow_start_percent)).div_ceil(100);
        u32::try_from(needed).unwrap_or(u32::MAX)
    }

    fn maps_done(&self) -> u32 {
        count(self.maps.iter().filter(|map| **map == TaskState::Done).count())
    }
}

/// The tasks that wait for a slot.
fn pending(tasks: &[TaskState]) -> Vec<usize> {
    (0..tasks.len()).filter(|task| tasks[*task] == TaskState::Pending).collect()
}
