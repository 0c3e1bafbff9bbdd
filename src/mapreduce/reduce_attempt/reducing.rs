//! The grouping and reducing that the last merge feeds.

use super::merges::{Merges, Run};
use super::merging::merger;
use super::{ReduceAttempt, State};
use crate::base::Level;
use crate::mapreduce::attempt::{Budget, Stage, Work};
use crate::mapreduce::config::JobConfig;
use crate::mapreduce::job::{Lines, Reducer, Shape};
use crate::mapreduce::merge::Merger;
use crate::mapreduce::segment::Ratio;
use crate::trace::event::{Counters, Phase, Volume};
use crate::trace::failure::TaskError;
use crate::trace::{BatchEvent, Recorder};

/// The reduction under way: the merged records, and the group that is open.
#[derive(Clone, Debug)]
pub(super) struct Reduction {
    pub(super) merger: Merger,
    pub(super) reducer: Reducer,
    shape: Shape,
    /// The first key of the group that is open.
    pub(super) group: Option<Vec<u8>>,
    is_over: bool,
    input: Volume,
    /// Records that there are.
    records: u64,
    /// What they take on disk.
    packed: Ratio,
}

impl ReduceAttempt {
    /// What is left are few enough runs to be read at once.
    pub(super) fn begin_reduce(&mut self, recorder: &mut Recorder) {
        let config = self.spec.config.clone();
        let none = Merges::new(config.shuffle, config.sort_factor);
        let runs = std::mem::replace(&mut self.merges, none).into_runs();
        let on_disk = |run: &&Run| run.on_disk;
        let records = |run: &Run| run.segment.volume().records;
        self.counters.spilled_records += runs.iter().filter(on_disk).map(records).sum::<u64>();
        self.journal.enter(recorder, Phase::Reduce);
        self.state = State::Reducing(Reduction::new(&runs, &config));
    }

    /// Groups and reduces until the budget is spent.
    pub(super) fn reduce(&mut self, budget: Budget, recorder: &mut Recorder) -> Option<Work> {
        let State::Reducing(reduction) = &mut self.state else { return None };
        let written_before = self.output.len() as u64;
        let read = reduction.advance(budget, &mut self.counters, &mut self.output);
        let written = self.output.len() as u64 - written_before;
        let Some(read) = read else {
            self.end_reduce(recorder);
            return None;
        };
        let reread_bytes = reduction.packed.of_raw(read);
        self.unreported = true;
        Some(Work {
            reread_bytes,
            codec_bytes: self.spec.config.codec.work(read),
            compute: Some((Stage::Sort, read)),
            write_bytes: written,
            replicate_to: self.spec.replicate_to.filter(|_| written > 0),
            ..Work::default()
        })
    }

    fn end_reduce(&mut self, recorder: &mut Recorder) {
        if self.fuse.is_lit() {
            self.error = Some(TaskError::Exception);
            return;
        }
        self.state = State::Asking;
        let (attempt, part, volume) = (self.spec.id, self.spec.partition, self.written());
        self.journal.record(recorder, Level::Tasks, || BatchEvent::OutputWritten {
            attempt,
            part,
            volume,
        });
    }

    /// Records what the step before this one came to.
    pub(super) fn report_progress(&mut self, recorder: &mut Recorder) {
        if !std::mem::take(&mut self.unreported) {
            return;
        }
        let State::Reducing(reduction) = &self.state else { return };
        let (attempt, input, output) = (self.spec.id, reduction.input, self.written());
        let groups = self.counters.reduce_input_groups;
        self.journal.record(recorder, Level::Records, || BatchEvent::ReduceProgress {
            attempt,
            groups,
            input,
            output,
        });
    }
}

impl Reduction {
    /// How many records are read, and how many there are.
    pub(super) fn records(&self) -> (u64, u64) {
        (self.input.records, self.records)
    }

    /// Whether a record of this key is not of the group that is open.
    pub(super) fn begins_group(&self, key: &[u8]) -> bool {
        let part = self.shape.group_part(key);
        self.group.as_ref().is_none_or(|open| self.shape.group_part(open) != part)
    }

    fn new(runs: &[Run], config: &JobConfig) -> Reduction {
        Reduction {
            merger: merger(runs),
            reducer: Reducer::new(&config.job),
            shape: config.job.shape(),
            group: None,
            is_over: false,
            input: Volume::default(),
            records: runs.iter().map(|run| run.segment.volume().records).sum(),
            packed: Ratio::of(runs.iter().map(|run| &run.segment)),
        }
    }

    /// Takes records until the budget is spent, and ends each group that is over; says how many
    /// bytes it read, and nothing when all is done.
    fn advance(
        &mut self,
        budget: Budget,
        counters: &mut Counters,
        output: &mut Vec<u8>,
    ) -> Option<u64> {
        if self.is_over {
            return None;
        }
        let (mut records, mut read) = (0, 0);
        let Counters { reduce_input_groups, reduce_input_records, reduce_output_records, .. } =
            counters;
        let lines = &mut Lines { bytes: output, count: reduce_output_records };
        while records < budget.records && read < budget.bytes {
            let Some((key, value)) = self.merger.peek() else {
                if let Some(open) = self.group.take() {
                    self.reducer.end(&open, lines);
                }
                self.reducer.finish(lines);
                self.is_over = true;
                break;
            };
            if self.begins_group(key) {
                if let Some(open) = self.group.replace(key.to_vec()) {
                    self.reducer.end(&open, lines);
                }
                self.reducer.begin(key, lines);
                *reduce_input_groups += 1;
            }
            self.reducer.take(key, value, lines);
            let bytes = (key.len() + value.len()) as u64;
            (records, read) = (records + 1, read + bytes);
            *reduce_input_records += 1;
            self.input.records += 1;
            self.input.bytes += bytes;
            self.merger.advance();
        }
        Some(read)
    }
}
