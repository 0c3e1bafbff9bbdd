//! What the nodes are busy with, and how much of it is spent.

use super::cost::{CostModel, PARTS, Part, Transfer};
use crate::base::{AttemptId, BlockId, NodeId};
use crate::kernel::{ActivityId, Cluster, Ticket};
use crate::mapreduce::{Lane, Work};
use std::collections::BTreeMap;

/// Who is busy on a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Doing {
    /// A lane of an attempt.
    Lane(AttemptId, Lane),
    /// The copying of a block.
    Copy(BlockId),
}

/// Who is busy, and where.
pub(super) type BusyId = (NodeId, Doing);

/// What there is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Toil {
    /// A step of an attempt.
    Step(Work),
    /// A block comes from another node's disk to this one's.
    Copy { from: NodeId, bytes: u64 },
}

/// What is under way of it.
#[derive(Clone, Copy, Debug)]
pub(super) enum State {
    /// Nothing yet.
    Begun,
    /// Time passes.
    Waits(Ticket),
    /// The processor computes.
    Computes(ActivityId),
    /// The own disk is read or written.
    Local(ActivityId),
    /// Data is read, or goes between two nodes; while it stalls, a time-out runs.
    Flows { id: ActivityId, transfer: Transfer, stalled: Option<Ticket> },
    /// The other node does not answer; a time-out runs.
    Connects { transfer: Transfer, timeout: Ticket },
    /// The other node is gone, which is not noticed before the time-out; so much was left.
    Broken { transfer: Transfer, left: u64, timeout: Ticket },
}

/// Something under way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Running {
    pub(super) toil: Toil,
    next: u8,
    pub(super) state: State,
}

/// All that is under way.
#[derive(Clone, Debug, Default)]
pub(super) struct Busy(BTreeMap<BusyId, Running>);

impl Busy {
    /// Whether someone is busy.
    pub(super) fn contains(&self, id: BusyId) -> bool {
        self.0.contains_key(&id)
    }

    /// Something begins.
    pub(super) fn begin(&mut self, id: BusyId, toil: Toil) {
        self.0.insert(id, Running { toil, next: 0, state: State::Begun });
    }

    /// What someone is busy with.
    pub(super) fn get(&self, id: BusyId) -> Option<&Running> {
        self.0.get(&id)
    }

    /// Notes what is under way now.
    pub(super) fn set(&mut self, id: BusyId, state: State) {
        if let Some(running) = self.0.get_mut(&id) {
            running.state = state;
        }
    }

    /// The next part of what is to be done; when all is spent, nothing.
    pub(super) fn next_part(
        &mut self,
        id: BusyId,
        cost: &CostModel,
        cluster: &Cluster,
    ) -> Option<Part> {
        let running = self.0.get_mut(&id)?;
        while running.next < PARTS {
            let number = running.next;
            running.next += 1;
            let part = cost.part(number, &running.toil, id, cluster);
            if part.is_some() {
                return part;
            }
        }
        None
    }

    /// It is over.
    pub(super) fn end(&mut self, id: BusyId) -> Option<Running> {
        self.0.remove(&id)
    }

    /// All who are busy, in order.
    pub(super) fn all(&self) -> impl Iterator<Item = (BusyId, &Running)> {
        self.0.iter().map(|(id, running)| (*id, running))
    }

    /// All who are busy on a node, in order.
    pub(super) fn on(&self, node: NodeId) -> Vec<BusyId> {
        self.0.keys().filter(|(on, _)| *on == node).copied().collect()
    }

    /// The lanes of an attempt that are busy, in order.
    pub(super) fn of(&self, node: NodeId, attempt: AttemptId) -> Vec<BusyId> {
        let (first, last) = (Lane::Main, Lane::Copy(u32::MAX));
        let lane = |lane| (node, Doing::Lane(attempt, lane));
        self.0.range(lane(first)..=lane(last)).map(|(id, _)| *id).collect()
    }
}
