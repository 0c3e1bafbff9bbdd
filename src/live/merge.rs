//! Many recorders, one trace: what the nodes recorded is put with what the master recorded.
//!
//! A node numbers its events by itself, from `LOCAL_FIRST` on, and sends them in order, together
//! with the messages that followed from them. The master takes them over as they come, so that a
//! cause always lies before its effects, and gives them the trace's numbers. A time is taken over
//! as an age, since clocks of web workers differ, and never lies before that of the event before.

use crate::base::{Level, NodeId, Time};
use crate::trace::{Cause, Event, Recorder, Seq};

/// The number of a node's first event. Numbers below it are those of the one trace.
pub const LOCAL_FIRST: Seq = Seq(1 << 31);

/// What became of the nodes' numbers.
#[derive(Clone, Debug, Default)]
pub struct Merge {
    /// For each node, the trace's numbers of its events, in their order.
    taken: Vec<Vec<Seq>>,
}

impl Merge {
    /// Of so many nodes.
    pub fn new(nodes: usize) -> Merge {
        Merge { taken: vec![Vec::new(); nodes] }
    }

    /// Takes over what a node recorded since the last time. It is `now` here; for the node it was
    /// `sent` when it sent them.
    ///
    /// The recorder's time is `now` afterwards.
    pub fn take_over(
        &mut self,
        now: Time,
        node: NodeId,
        sent: Time,
        events: Vec<Event>,
        recorder: &mut Recorder,
    ) {
        for event in events {
            let age = sent.since(event.at);
            let at = Time(now.0.saturating_sub(age.0)).clamp(recorder.now().min(now), now);
            recorder.set_time(at);
            let cause = self.cause(node, event.cause);
            // What is in it was recorded at the run's level already.
            let taken = recorder.record(Level::Counters, event.node, cause, || event.kind);
            if let (Some(numbers), Some(seq)) = (self.taken.get_mut(node.place()), taken.seq()) {
                numbers.push(seq);
            }
        }
        recorder.set_time(now);
    }

    /// The cause that a node named: an event of its own, or one of the trace that it was told.
    pub fn cause(&self, node: NodeId, named: Option<Seq>) -> Cause {
        let number = |seq: Seq| match seq.0.checked_sub(LOCAL_FIRST.0) {
            None => Some(seq),
            Some(place) => self.taken.get(node.place())?.get(place as usize).copied(),
        };
        Cause::carried(named.and_then(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{AttemptId, TaskId};
    use crate::trace::{BatchEvent, EventKind};

    const ATTEMPT: AttemptId =
        AttemptId { task: TaskId { kind: crate::base::TaskKind::Map, index: 0 }, number: 0 };

    fn launched() -> EventKind {
        EventKind::Batch(BatchEvent::AttemptLaunched { attempt: ATTEMPT })
    }

    #[test]
    fn causes_are_renumbered_and_lie_before_their_effects() {
        let mut trace = Recorder::new(Level::Records);
        let order = trace.record(Level::Tasks, None, Cause::NONE, launched);
        let mut there = Recorder::numbered_from(Level::Records, LOCAL_FIRST);
        there.set_time(Time(5_000));
        let first = there.record(Level::Tasks, Some(NodeId(2)), order, launched);
        there.record(Level::Tasks, Some(NodeId(2)), first, launched);
        let mut merge = Merge::new(2);
        merge.take_over(Time(90_000), NodeId(2), Time(6_000), there.take(), &mut trace);
        let told: Vec<_> =
            trace.take().iter().map(|event| (event.seq.0, event.at.0, event.cause)).collect();
        // It was a millisecond old when it was sent.
        assert_eq!(told, [(0, 0, None), (1, 89_000, Some(Seq(0))), (2, 89_000, Some(Seq(1)))]);
        assert_eq!(merge.cause(NodeId(2), first.seq()).seq(), Some(Seq(1)));
        assert_eq!(merge.cause(NodeId(1), first.seq()), Cause::NONE);
    }

    #[test]
    fn times_never_go_back() {
        let mut trace = Recorder::new(Level::Records);
        trace.set_time(Time(50_000));
        let mut there = Recorder::numbered_from(Level::Records, LOCAL_FIRST);
        there.record(Level::Tasks, Some(NodeId(1)), Cause::NONE, launched);
        let mut merge = Merge::new(1);
        // It would have happened at 20,000; the trace is at 50,000 already.
        merge.take_over(Time(60_000), NodeId(1), Time(40_000), there.take(), &mut trace);
        trace.record(Level::Tasks, None, Cause::NONE, launched);
        let times: Vec<u64> = trace.take().iter().map(|event| event.at.0).collect();
        assert_eq!(times, [50_000, 60_000]);
    }
}
