//! What the coordinator has at hand while it answers one input.

use crate::base::{Level, NodeId, Time};
use crate::mapreduce::messages::{Directed, Order};
use crate::trace::{BatchEvent, Cause, EventKind, FailureEvent, Recorder};

/// The time, the observer, and the orders that are the answer.
pub(in crate::mapreduce) struct Turn<'a> {
    pub(in crate::mapreduce) at: Time,
    pub(in crate::mapreduce) recorder: &'a mut Recorder,
    pub(in crate::mapreduce) out: &'a mut Vec<Directed>,
}

impl Turn<'_> {
    /// Records what the coordinator decided or heard.
    pub(in crate::mapreduce) fn batch(
        &mut self,
        level: Level,
        cause: Cause,
        event: impl FnOnce() -> BatchEvent,
    ) -> Cause {
        self.recorder.record(level, None, cause, || EventKind::Batch(event()))
    }

    /// Records what failed, or what is done about it.
    pub(in crate::mapreduce) fn failure(
        &mut self,
        level: Level,
        cause: Cause,
        event: impl FnOnce() -> FailureEvent,
    ) -> Cause {
        self.recorder.record(level, None, cause, || EventKind::Failure(event()))
    }

    /// Orders a node to do something.
    pub(in crate::mapreduce) fn order(&mut self, node: NodeId, order: Order, cause: Cause) {
        self.out.push((node, order, cause));
    }
}
