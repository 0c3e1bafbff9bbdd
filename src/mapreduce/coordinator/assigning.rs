//! Giving tasks to the free slots of a node that just spoke. The order is that of Hadoop's
//! `RMContainerAllocator`: maps that failed before, then reduces once slow start lets them, then
//! the other maps. Backups come when nothing else waits.

use super::nodes::Free;
use super::tasks::Task;
use super::{Coordinator, Turn, count};
use crate::base::random::{Purpose, Random};
use crate::base::{AttemptId, Level, NodeId, TaskKind};
use crate::mapreduce::messages::Order;
use crate::mapreduce::placement::place_replicas;
use crate::mapreduce::scheduler::MapChoice;
use crate::mapreduce::split::Split;
use crate::trace::event::Locality;
use crate::trace::failure::LaunchReason;
use crate::trace::{BatchEvent, Cause};

/// Copies of the output that are written at once: the node's own, and one on another rack.
const OUTPUT_REPLICAS: u32 = 2;

impl Coordinator {
    /// Fills the free slots of a node. What may run anywhere, a map that failed or a reduce, ends
    /// it, and so does a map far from its data: the capacity scheduler gives one such container a
    /// heartbeat, so that a job does not crowd onto the node that speaks first.
    /// (`yarn.scheduler.capacity.per-node-heartbeat.maximum-offswitch-assignments` = 1,
    /// `CapacityScheduler.canAllocateMore`)
    pub(super) fn assign(
        &mut self,
        node: NodeId,
        mut free: Free,
        cause: Cause,
        turn: &mut Turn<'_>,
    ) {
        if !self.is_usable(node) {
            return;
        }
        if free.has_map() && self.retry_map(node, cause, turn) {
            return;
        }
        if free.has_reduce() && self.may_give_reduces() && self.give_reduce(node, cause, turn) {
            return;
        }
        while free.has_map() {
            match self.give_map(node, cause, turn) {
                Some(Locality::NodeLocal | Locality::RackLocal) => free.take_map(),
                Some(Locality::OffRack) => return,
                None => break,
            }
        }
        if free.has_map() && self.back_up(TaskKind::Map, node, turn) {
            return;
        }
        if free.has_reduce() {
            self.back_up(TaskKind::Reduce, node, turn);
        }
    }

    /// A map that failed runs again wherever there is room first.
    fn retry_map(&mut self, node: NodeId, cause: Cause, turn: &mut Turn<'_>) -> bool {
        let pending = pending(&self.maps);
        let failed = |map: &&usize| self.maps[**map].launch_reason() == LaunchReason::Retry;
        let Some(&map) = pending.iter().find(failed) else { return false };
        let choice = self.choice_without_wait(map, &pending, node);
        self.launch_map(
            (map, LaunchReason::Retry),
            node,
            (choice, count(pending.len())),
            cause,
            turn,
        );
        true
    }

    /// Gives a map out, if one does not wait for locality, and says how near its data is.
    fn give_map(&mut self, node: NodeId, cause: Cause, turn: &mut Turn<'_>) -> Option<Locality> {
        let pending = pending(&self.maps);
        let splits: Vec<&Split> = pending.iter().map(|map| &self.splits[*map]).collect();
        let delay = self.config.locality_delay;
        let choice = self.wait.choose(&splits, node, &self.topology, delay)?;
        let (map, locality) = (pending[choice.place], choice.locality);
        let reason = self.maps[map].launch_reason();
        self.launch_map((map, reason), node, (choice, count(pending.len())), cause, turn);
        Some(locality)
    }

    fn give_reduce(&mut self, node: NodeId, cause: Cause, turn: &mut Turn<'_>) -> bool {
        let pending = pending(&self.reduces);
        let Some(&reduce) = pending.first() else { return false };
        let reason = self.reduces[reduce].launch_reason();
        self.launch_reduce((reduce, reason), node, count(pending.len()), cause, turn);
        true
    }

    /// Gives out a backup that was decided on, to a node that does not run the task already: a
    /// slow machine would be slow for both.
    fn back_up(&mut self, kind: TaskKind, node: NodeId, turn: &mut Turn<'_>) -> bool {
        let fits = |task: &Task| {
            task.backup.is_some() && task.running().all(|(_, a_try)| a_try.node != node)
        };
        let Some(place) = self.tasks(kind).iter().position(fits) else { return false };
        let id = self.tasks(kind)[place].id;
        let Some(decided) = self.task_mut(id).backup.take() else { return false };
        let task = (place, LaunchReason::Backup);
        match kind {
            TaskKind::Map => {
                let choice = self.choice_without_wait(place, &[place], node);
                self.launch_map(task, node, (choice, 1), decided, turn);
            }
            TaskKind::Reduce => self.launch_reduce(task, node, 1, decided, turn),
        }
        true
    }

    /// The numbers of a choice that did not wait for locality.
    fn choice_without_wait(&self, map: usize, pending: &[usize], node: NodeId) -> MapChoice {
        let near = |map: usize| {
            let nearest = self.topology.nearest(node, &self.splits[map].hosts);
            nearest.map_or(Locality::NodeLocal, |(locality, _)| locality)
        };
        let local = pending.iter().filter(|map| near(**map) == Locality::NodeLocal).count();
        MapChoice { place: 0, locality: near(map), pending_local: count(local), passed: 0 }
    }

    fn launch_map(
        &mut self,
        (map, reason): (usize, LaunchReason),
        node: NodeId,
        (choice, pending): (MapChoice, u32),
        cause: Cause,
        turn: &mut Turn<'_>,
    ) {
        let attempt = self.maps[map].begin(node, turn.at, false);
        self.places[node.place()].give(TaskKind::Map);
        let cause = turn.batch(Level::Counters, cause, || BatchEvent::MapAssigned {
            attempt,
            node,
            locality: choice.locality,
            pending,
            pending_local: choice.pending_local,
            opportunities_passed: choice.passed,
            reason,
        });
        self.remember(attempt, cause);
        let (split, blocks) = (self.splits[map].clone(), self.name_node.locations());
        turn.order(node, Order::LaunchMap { attempt, split, blocks }, cause);
    }

    fn launch_reduce(
        &mut self,
        (reduce, reason): (usize, LaunchReason),
        node: NodeId,
        pending: u32,
        cause: Cause,
        turn: &mut Turn<'_>,
    ) {
        let attempt = self.reduces[reduce].begin(node, turn.at, true);
        self.places[node.place()].give(TaskKind::Reduce);
        let cause = turn.batch(Level::Counters, cause, || BatchEvent::ReduceAssigned {
            attempt,
            node,
            pending,
            reason,
        });
        self.remember(attempt, cause);
        let mut random =
            Random::keyed(self.config.seed, Purpose::Placement, attempt.key(), u64::MAX);
        let replicas = place_replicas(Some(node), OUTPUT_REPLICAS, &self.topology, &mut random);
        let replicate_to =
            replicas.get(1).copied().filter(|replica| !self.liveness.is_lost(*replica));
        let maps = count(self.maps.len());
        turn.order(node, Order::LaunchReduce { attempt, maps, replicate_to }, cause);
    }

    fn remember(&mut self, attempt: AttemptId, cause: Cause) {
        if let Some(a_try) = self.task_mut(attempt.task).running_mut(attempt) {
            a_try.cause = cause;
        }
    }

    /// Tells once when enough maps are done for reducers to be given out.
    pub(super) fn check_slow_start(&mut self, cause: Cause, turn: &mut Turn<'_>) {
        if self.slow_start || self.done(TaskKind::Map) < self.maps_needed() {
            return;
        }
        self.slow_start = true;
        let (maps_done, maps, needed) =
            (self.done(TaskKind::Map), count(self.maps.len()), self.maps_needed());
        turn.batch(Level::Counters, cause, || BatchEvent::SlowStartReached {
            maps_done,
            maps,
            needed,
        });
    }

    /// While maps wait for containers, reduces get only a part of them: as much as the part of
    /// the maps that is done, at most a half, and what the maps leave over. Without that they would
    /// take the memory that the maps need, and wait for these for ever. A slow start that was
    /// reached stays so, though maps be lost again.
    /// (`RMContainerAllocator.scheduleReduces`, `job.reduce.rampup.limit` 0.5.)
    fn may_give_reduces(&self) -> bool {
        if !self.slow_start && self.done(TaskKind::Map) < self.maps_needed() {
            return false;
        }
        if pending(&self.maps).is_empty() {
            return true;
        }
        let maps = u64::from(count(self.maps.len()));
        let (done, all) = (u64::from(self.done(TaskKind::Map)), self.usable_containers());
        let share = (all * done / maps).min(all / 2);
        let needed = maps - done;
        let limit = share + (all - share).saturating_sub(needed);
        // Backups take containers too.
        let running: usize = self.reduces.iter().map(|reduce| reduce.running().count()).sum();
        (running as u64) < limit
    }

    /// Hadoop rounds up: `ceil(slow start × maps)` (`RMContainerAllocator.scheduleReduces`).
    fn maps_needed(&self) -> u32 {
        let maps = self.maps.len() as u64;
        let needed = (maps * u64::from(self.config.slow_start_percent)).div_ceil(100);
        u32::try_from(needed).unwrap_or(u32::MAX)
    }
}

/// The tasks that wait for a slot.
fn pending(tasks: &[Task]) -> Vec<usize> {
    (0..tasks.len()).filter(|task| tasks[*task].is_pending()).collect()
}
