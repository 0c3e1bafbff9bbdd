//! The merge to disk, and the grouping and reducing that it feeds.

use super::{ReduceAttempt, State};
use crate::base::Level;
use crate::mapreduce::Job;
use crate::mapreduce::attempt::{Budget, Stage, Work};
use crate::mapreduce::job::Accumulator;
use crate::mapreduce::merge::Merger;
use crate::mapreduce::segment::{Segment, SegmentWriter};
use crate::trace::event::{Counters, Phase, Volume};
use crate::trace::failure::TaskError;
use crate::trace::{BatchEvent, Recorder};

/// The reduction under way: the merged records, and the group that is open.
#[derive(Clone, Debug)]
pub(super) struct Reduction {
    merger: Merger,
    group: Option<(Vec<u8>, Accumulator)>,
    input: Volume,
    /// Records that there are.
    records: u64,
}

impl ReduceAttempt {
    /// All is fetched: the merge begins.
    pub(super) fn begin_sort(&mut self, recorder: &mut Recorder) {
        self.journal.enter(recorder, Phase::Sort);
        let attempt = self.spec.id;
        let count = self.spec.maps;
        self.journal.record(recorder, Level::Tasks, || BatchEvent::MergeStarted {
            attempt,
            pass: 0,
            inputs: count,
            segments: count,
            last: false,
        });
        let merger = Merger::new(self.segments.values());
        let before = self.segments.values().map(Segment::volume).sum();
        self.counters.merged_map_outputs += u64::from(count);
        self.state = State::Sorting { merger, writer: SegmentWriter::default(), before };
    }

    /// Merges fetched segments to disk until the budget is spent.
    pub(super) fn sort(&mut self, budget: Budget, recorder: &mut Recorder) -> Option<Work> {
        let State::Sorting { merger, writer, .. } = &mut self.state else { return None };
        let start = writer.volume();
        while let Some((key, value)) = merger.peek() {
            writer.push(key, value);
            merger.advance();
            let done = writer.volume();
            if done.records - start.records >= budget.records
                || done.bytes - start.bytes >= budget.bytes
            {
                break;
            }
        }
        let written = writer.volume().bytes - start.bytes;
        if written > 0 {
            let sorted = Work::compute(Stage::Sort, written);
            return Some(Work { write_bytes: written, ..sorted });
        }
        self.begin_reduce(recorder);
        self.reduce(budget, recorder)
    }

    fn begin_reduce(&mut self, recorder: &mut Recorder) {
        let State::Sorting { writer, before, .. } = std::mem::replace(&mut self.state, State::Done)
        else {
            return;
        };
        let merged = writer.finish();
        let (attempt, after) = (self.spec.id, merged.volume());
        self.counters.spilled_records += after.records;
        self.journal.record(recorder, Level::Tasks, || BatchEvent::MergeFinished {
            attempt,
            pass: 0,
            before,
            after,
        });
        self.segments.clear();
        self.journal.enter(recorder, Phase::Reduce);
        let merger = Merger::new([&merged]);
        let (group, input, records) = (None, Volume::default(), after.records);
        self.state = State::Reducing(Reduction { merger, group, input, records });
    }

    /// Groups and reduces until the budget is spent.
    pub(super) fn reduce(&mut self, budget: Budget, recorder: &mut Recorder) -> Option<Work> {
        let State::Reducing(reduction) = &mut self.state else { return None };
        let written_before = self.output.len() as u64;
        let job = self.spec.config.job;
        let read = reduction.advance(job, budget, &mut self.counters, &mut self.output);
        let written = self.output.len() as u64 - written_before;
        if read == 0 && written == 0 {
            self.end_reduce(recorder);
            return None;
        }
        self.unreported = true;
        Some(Work {
            reread_bytes: read,
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

    /// Takes records until the budget is spent, and writes each group that ends; says how many
    /// bytes it read.
    fn advance(
        &mut self,
        job: Job,
        budget: Budget,
        counters: &mut Counters,
        output: &mut Vec<u8>,
    ) -> u64 {
        let (mut records, mut read) = (0, 0);
        while records < budget.records && read < budget.bytes {
            let Some((key, value)) = self.merger.peek() else {
                write_group(self.group.take(), job, counters, output);
                break;
            };
            if self.group.as_ref().is_none_or(|(open, _)| open != key) {
                let next = (key.to_vec(), job.accumulator());
                write_group(self.group.replace(next), job, counters, output);
                counters.reduce_input_groups += 1;
            }
            if let Some((_, accumulator)) = &mut self.group {
                accumulator.add(value);
            }
            let bytes = (key.len() + value.len()) as u64;
            (records, read) = (records + 1, read + bytes);
            counters.reduce_input_records += 1;
            self.input.records += 1;
            self.input.bytes += bytes;
            self.merger.advance();
        }
        read
    }
}

/// Writes a group's record as Hadoop's `TextOutputFormat` does: key, tab, value, line end.
fn write_group(
    group: Option<(Vec<u8>, Accumulator)>,
    job: Job,
    counters: &mut Counters,
    output: &mut Vec<u8>,
) {
    if let Some((key, accumulator)) = group {
        output.extend_from_slice(&key);
        output.push(b'\t');
        output.extend_from_slice(job.show_value(&accumulator.finish()).as_bytes());
        output.push(b'\n');
        counters.reduce_output_records += 1;
    }
}
