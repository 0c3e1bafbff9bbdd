//! What the coordinator keeps of each node: what it gave to it, and whether it is barred.

use super::{Coordinator, Turn, count};
use crate::base::{AttemptId, Level, NodeId, TaskKind};
use crate::mapreduce::node_agent::Capacity;
use crate::trace::{Cause, FailureEvent};

/// Percent of the nodes that, when barred, make the job ignore all bars
/// (`yarn.app.mapreduce.am.job.node-blacklisting.ignore-threshold-node-percent`).
const IGNORE_BARS_PERCENT: usize = 33;

/// A node, as far as the job has to do with it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    /// Maps and reduces that the coordinator believes to run there.
    maps: u32,
    reduces: u32,
    failures: u32,
    barred: bool,
}

/// What of a node is free.
#[derive(Clone, Copy, Debug)]
pub(super) struct Free {
    pub(super) map_slots: u32,
    pub(super) reduce_slots: u32,
    pub(super) containers: u32,
}

impl Free {
    pub(super) fn has_map(self) -> bool {
        self.map_slots > 0 && self.containers > 0
    }

    pub(super) fn has_reduce(self) -> bool {
        self.reduce_slots > 0 && self.containers > 0
    }

    pub(super) fn take_map(&mut self) {
        self.map_slots -= 1;
        self.containers -= 1;
    }

    /// What is free by both accounts: a node's report may be older than the latest orders to it,
    /// and the coordinator's orders may not have been carried out yet.
    fn and(self, other: Free) -> Free {
        Free {
            map_slots: self.map_slots.min(other.map_slots),
            reduce_slots: self.reduce_slots.min(other.reduce_slots),
            containers: self.containers.min(other.containers),
        }
    }
}

impl Place {
    /// An attempt of this kind was given to it.
    pub(super) fn give(&mut self, kind: TaskKind) {
        *self.running(kind) += 1;
    }

    /// An attempt of this kind ended there.
    pub(super) fn take(&mut self, kind: TaskKind) {
        let running = self.running(kind);
        *running = running.saturating_sub(1);
    }

    fn running(&mut self, kind: TaskKind) -> &mut u32 {
        match kind {
            TaskKind::Map => &mut self.maps,
            TaskKind::Reduce => &mut self.reduces,
        }
    }

    fn free(&self, capacity: Capacity) -> Free {
        Free {
            map_slots: capacity.map_slots.saturating_sub(self.maps),
            reduce_slots: capacity.reduce_slots.saturating_sub(self.reduces),
            containers: capacity.containers.saturating_sub(self.maps + self.reduces),
        }
    }

    /// Maps that could run there beside the reduces that do.
    fn room_for_maps(&self, capacity: Capacity) -> u32 {
        capacity.map_slots.min(capacity.containers.saturating_sub(self.reduces))
    }
}

impl Coordinator {
    /// What is free on a node by its own word and by what was given to it.
    pub(super) fn free(&self, node: NodeId, reported: Free) -> Free {
        reported.and(self.places[node.place()].free(self.capacity))
    }

    /// Whether a node may get attempts: it is believed alive, and not barred.
    pub(super) fn is_usable(&self, node: NodeId) -> bool {
        self.liveness.is_alive(node)
            && (!self.places[node.place()].barred || self.bars_are_ignored())
    }

    /// Maps that could run at once on the nodes that may get any.
    pub(super) fn room_for_maps(&self) -> u32 {
        self.usable().map(|place| place.room_for_maps(self.capacity)).sum()
    }

    /// Containers of the nodes that may get attempts.
    pub(super) fn usable_containers(&self) -> u64 {
        self.usable().count() as u64 * u64::from(self.capacity.containers)
    }

    fn usable(&self) -> impl Iterator<Item = &Place> {
        (0..)
            .map(NodeId::nth)
            .zip(&self.places)
            .filter_map(|(node, place)| self.is_usable(node).then_some(place))
    }

    /// A failed attempt counts against its node, which is barred at the limit.
    /// (`RMContainerRequestor.containerFailedOnHost`)
    pub(super) fn blame(
        &mut self,
        attempt: AttemptId,
        node: NodeId,
        cause: Cause,
        turn: &mut Turn<'_>,
    ) {
        debug_assert!(self.task(attempt.task).get(attempt).is_some_and(|a_try| a_try.node == node));
        let limit = self.config.max_node_failures;
        let place = &mut self.places[node.place()];
        place.failures += 1;
        let failures = place.failures;
        if failures < limit || std::mem::replace(&mut place.barred, true) {
            return;
        }
        let (barred, ignored) = (self.barred(), self.bars_are_ignored());
        let (barred, nodes) = (count(barred), count(self.liveness.not_lost()));
        turn.failure(Level::Counters, cause, || FailureEvent::NodeBarred {
            node,
            failures,
            limit,
            barred,
            nodes,
            ignored,
        });
    }

    fn barred(&self) -> usize {
        self.places.iter().filter(|place| place.barred).count()
    }

    /// The share is of the nodes that are there: with most of a cluster lost, the last node may
    /// not be barred. (`RMContainerRequestor.computeIgnoreBlacklisting`: `clusterNmCount` is the
    /// resource manager's count of active nodes.)
    fn bars_are_ignored(&self) -> bool {
        self.barred() * 100 >= IGNORE_BARS_PERCENT * self.liveness.not_lost()
    }
}
