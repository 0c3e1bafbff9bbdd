//! A made reduce attempt: it learns of each map when that is done, and fetches in 80 ms.

use super::words::{self, Counts};
use super::{Play, Ran};
use crate::base::{MapIndex, PartitionId, Span, Time};
use crate::trace::event::{BatchEvent, Counters, Phase, Volume};

const LAUNCH: Span = Span::from_millis(640);
const LEARN: Span = Span::from_millis(50);
const FETCH: Span = Span::from_millis(80);
const SORT: Span = Span::from_millis(400);
const REDUCE: Span = Span::from_millis(1_500);
const COMMIT: Span = Span::from_millis(60);

impl Play<'_> {
    /// Runs the reduces that were given out, now that it is known when each map ends.
    pub(super) fn run_reduces(&mut self) {
        for place in 0..self.reduces.len() {
            if self.reduces[place].until.is_none() {
                self.run_reduce(place);
            }
        }
    }

    fn run_reduce(&mut self, place: usize) {
        let Ran { attempt, node, given, cause, .. } = self.reduces[place];
        let at = given + Span::from_millis(40);
        let tell = |play: &mut Self, at, cause, kind| play.script.tell(at, Some(node), cause, kind);
        let phase = |phase| BatchEvent::PhaseStarted { attempt, phase };
        let cause = tell(self, at, cause, BatchEvent::AttemptLaunched { attempt });
        let cause = tell(self, at, cause, phase(Phase::Launch));
        let copy = at + LAUNCH;
        let cause = tell(self, copy, cause, phase(Phase::Copy));
        let (at, cause, fetched) = self.fetch_all(place, copy, cause);
        let cause = tell(self, at, cause, phase(Phase::Sort));
        let inputs = self.maps.len() as u32;
        let (pass, segments, last) = (0, inputs, true);
        let merge =
            BatchEvent::MergeStarted { attempt, pass, inputs, segments, last, memory: None };
        tell(self, at, cause, merge);
        let at = at + SORT;
        let cause = tell(self, at, cause, phase(Phase::Reduce));
        let (counts, part) = (self.part(attempt.task.index), PartitionId(attempt.task.index));
        let volume = words::volume(counts.keys());
        let (groups, at) = (volume.records, at + REDUCE);
        let progress =
            BatchEvent::ReduceProgress { attempt, groups, input: fetched, output: volume };
        tell(self, at, cause, progress);
        let cause = tell(self, at, cause, BatchEvent::OutputWritten { attempt, part, volume });
        let cause = tell(self, at, cause, phase(Phase::Commit));
        let granted = at + COMMIT;
        let commit = BatchEvent::CommitGranted { attempt, part };
        let cause = self.script.tell(granted, None, cause, commit);
        let at = granted + COMMIT;
        let cause = tell(
            self,
            at,
            cause,
            BatchEvent::OutputCommitted { attempt, part, volume, visible: true },
        );
        let cause = tell(self, at, cause, phase(Phase::Done));
        let counters = Counters {
            shuffled_maps: u64::from(inputs),
            reduce_shuffle_bytes: fetched.bytes,
            merged_map_outputs: u64::from(inputs),
            reduce_input_groups: groups,
            reduce_input_records: fetched.records,
            reduce_output_records: volume.records,
            spilled_records: fetched.records,
            ..Counters::default()
        };
        let (took, known) = (at - given, at + LEARN);
        let succeeded = BatchEvent::AttemptSucceeded { attempt, took, counters };
        self.reduces[place].counters = counters;
        self.reduces[place].until =
            self.script.tell(known, None, cause, succeeded).map(|told| (known, told));
    }

    /// Fetches each map's segment when it can; says when the last one is there, which event that
    /// was, and how much came.
    fn fetch_all(
        &mut self,
        place: usize,
        copy: Time,
        start: Option<usize>,
    ) -> (Time, Option<usize>, Volume) {
        let Ran { attempt, node, .. } = self.reduces[place];
        let (mut end, mut fetched) = ((copy, start), Volume::default());
        for map in &self.maps {
            let Some((done, told)) = map.until else { continue };
            let learned = copy.max(done + LEARN);
            let maps = vec![MapIndex(map.attempt.task.index)];
            let cause = self.script.tell(
                learned,
                Some(node),
                Some(told),
                BatchEvent::MapOutputsLearned { attempt, maps },
            );
            let (from, volume) = (map.node, map.segments[attempt.task.index as usize]);
            let (map, at) = (map.attempt, learned + Span::from_millis(5));
            let fetch = BatchEvent::FetchStarted { attempt, map, from, volume, to_disk: false };
            let cause = self.script.tell(at, Some(node), cause, fetch);
            let at = at + FETCH;
            let fetch = BatchEvent::FetchFinished { attempt, map, from, volume };
            let cause = self.script.tell(at, Some(node), cause, fetch);
            end = end.max((at, cause));
            fetched = fetched + volume;
        }
        (end.0, end.1, fetched)
    }

    /// All maps' counts of a partition, added up.
    fn part(&self, part: u32) -> Counts {
        let mut sums = Counts::new();
        for input in &self.inputs {
            for (key, count) in words::counts(input, self.shape.reduces) {
                if key.0 == part {
                    *sums.entry(key).or_default() += count;
                }
            }
        }
        sums
    }
}
