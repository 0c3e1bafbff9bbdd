//! How attempts end on their node: done, committed, thrown, killed, or all at once.

use super::{Effect, NodeAgent};
use crate::base::{AttemptId, Level};
use crate::mapreduce::messages::Message;
use crate::mapreduce::segment::Segment;
use crate::trace::failure::{FailureEvent, TaskError};
use crate::trace::{Cause, EventKind, Recorder};

impl NodeAgent {
    /// An attempt throws; says whether it runs here.
    pub fn throw(
        &mut self,
        attempt: AttemptId,
        error: TaskError,
        recorder: &mut Recorder,
        out: &mut Vec<Effect>,
    ) -> bool {
        let Some(cause) = self.remove(attempt) else { return false };
        let node = self.spec.id;
        let cause = recorder.record(Level::Counters, Some(node), cause, || {
            let error = error.clone();
            EventKind::Failure(FailureEvent::AttemptThrew { attempt, error })
        });
        out.push(Effect::Send(Message::Failed { node, attempt, error }, cause));
        out.push(Effect::Stop(attempt));
        true
    }

    /// An attempt throws what it found out in its last step.
    pub(super) fn throw_what_is_due(
        &mut self,
        attempt: AttemptId,
        recorder: &mut Recorder,
        out: &mut Vec<Effect>,
    ) {
        let of_map = self.maps.get(&attempt).and_then(|map| map.error());
        let of_reduce = self.reduces.get(&attempt).and_then(|reduce| reduce.error());
        if let Some(error) = of_map.or(of_reduce).cloned() {
            self.throw(attempt, error, recorder, out);
        }
    }

    pub(super) fn end_map(&mut self, attempt: AttemptId, out: &mut Vec<Effect>) {
        let Some(map) = self.maps.remove(&attempt) else { return };
        self.ticks.remove(&attempt);
        self.worked.remove(&attempt);
        let segments = map.output().iter().map(Segment::size).collect();
        let counters = map.counters();
        let done = Message::Finished { attempt, node: self.spec.id, counters, segments };
        out.push(Effect::Send(done, map.cause()));
        self.disk.outputs.insert(attempt, map.output().to_vec());
    }

    /// Leave to commit came: the output is published and the attempt over.
    pub(super) fn commit(
        &mut self,
        attempt: AttemptId,
        cause: Cause,
        recorder: &mut Recorder,
        out: &mut Vec<Effect>,
    ) {
        let (part, bytes, counters, cause) =
            if let Some(map) = self.maps.get_mut(&attempt).filter(|map| map.is_asking()) {
                let bytes = map.commit(cause, recorder);
                (map.part(), bytes, map.counters(), map.cause())
            } else if let Some(reduce) =
                self.reduces.get_mut(&attempt).filter(|reduce| reduce.is_asking())
            {
                let bytes = reduce.commit(cause, recorder);
                (reduce.partition(), bytes, reduce.counters(), reduce.cause())
            } else {
                return;
            };
        out.push(Effect::Publish(part, attempt, bytes));
        let segments = Vec::new();
        let done = Message::Finished { attempt, node: self.spec.id, counters, segments };
        out.push(Effect::Send(done, cause));
        self.remove(attempt);
    }

    /// An attempt is stopped, if it still runs, and all that it left is deleted.
    pub(super) fn kill(
        &mut self,
        attempt: AttemptId,
        cause: Cause,
        recorder: &mut Recorder,
        out: &mut Vec<Effect>,
    ) {
        self.disk.outputs.remove(&attempt);
        if self.remove(attempt).is_none() {
            return;
        }
        recorder.record(Level::Counters, Some(self.spec.id), cause, || {
            EventKind::Failure(FailureEvent::AttemptStopped { attempt })
        });
        out.push(Effect::Stop(attempt));
    }

    /// All that runs is stopped, and all map outputs are deleted.
    pub(super) fn resync(&mut self, cause: Cause, recorder: &mut Recorder, out: &mut Vec<Effect>) {
        for attempt in self.running() {
            self.kill(attempt, cause, recorder, out);
        }
        self.disk.outputs.clear();
    }

    /// Forgets an attempt that runs; gives the last thing that happened to it.
    fn remove(&mut self, attempt: AttemptId) -> Option<Cause> {
        self.ticks.remove(&attempt);
        self.worked.remove(&attempt);
        let map = self.maps.remove(&attempt).map(|map| map.cause());
        map.or_else(|| self.reduces.remove(&attempt).map(|reduce| reduce.cause()))
    }
}
