//! The lanes that are busy, and how much of their work is spent.

use super::cost::{CostModel, PARTS, Part};
use crate::base::{AttemptId, NodeId};
use crate::kernel::Cluster;
use crate::mapreduce::{Lane, Work};
use std::collections::BTreeMap;

/// A lane of an attempt.
pub(super) type LaneId = (AttemptId, Lane);

/// Work under way.
#[derive(Clone, Copy, Debug)]
struct Running {
    node: NodeId,
    work: Work,
    next: u8,
}

/// The lanes that are busy.
#[derive(Clone, Debug, Default)]
pub(super) struct BusyLanes(BTreeMap<LaneId, Running>);

impl BusyLanes {
    /// Whether a lane is busy.
    pub(super) fn contains(&self, lane: LaneId) -> bool {
        self.0.contains_key(&lane)
    }

    /// A lane begins with its work.
    pub(super) fn begin(&mut self, lane: LaneId, node: NodeId, work: Work) {
        self.0.insert(lane, Running { node, work, next: 0 });
    }

    /// The next part of a lane's work; when all is spent the lane is free again.
    pub(super) fn next_part(
        &mut self,
        lane: LaneId,
        cost: &CostModel,
        cluster: &Cluster,
    ) -> Option<Part> {
        let running = self.0.get_mut(&lane)?;
        while running.next < PARTS {
            let number = running.next;
            running.next += 1;
            let part = cost.part(number, &running.work, running.node, lane.0, cluster);
            if part.is_some() {
                return part;
            }
        }
        None
    }

    /// Takes a lane's work when all of it is spent.
    pub(super) fn end(&mut self, lane: LaneId) -> Option<Work> {
        self.0.remove(&lane).map(|running| running.work)
    }
}
