//! The merge of a map's spills into one segment a partition (Hadoop's `mergeParts`).
//!
//! Partition by partition, in passes of at most the merge factor; the combiner runs again in the
//! last pass when there were at least three spills.

use super::spilling::total;
use super::{MapAttempt, State};
use crate::base::Level;
use crate::mapreduce::JobConfig;
use crate::mapreduce::attempt::{Budget, Stage, Work};
use crate::mapreduce::job::Accumulator;
use crate::mapreduce::merge::{Merger, pass_factor};
use crate::mapreduce::segment::{Packed, Ratio, Segment, SegmentCodec, SegmentSize, SegmentWriter};
use crate::trace::event::{Counters, Phase};
use crate::trace::{BatchEvent, Recorder};

/// Spills from which on the combiner runs again (`mapreduce.map.combine.minspills`).
pub const COMBINE_SPILLS_MIN: usize = 3;

/// A merge of spills under way.
#[derive(Clone, Debug)]
pub(super) struct MapMerge {
    /// What a group begins with, when the combiner runs again.
    pub(super) combiner: Option<Accumulator>,
    factor: u32,
    codec: SegmentCodec,
    /// What the spills take on disk.
    packed: Ratio,
    /// The segments of each partition that are not yet merged, the next partition last.
    waiting: Vec<Vec<Segment>>,
    /// The partition under way: its segments, and the pass over the first of them.
    pub(super) segments: Vec<Segment>,
    pub(super) pass: u32,
    pub(super) running: Option<PassRun>,
    pub(super) merged: Vec<Segment>,
}

/// One pass under way.
#[derive(Clone, Debug)]
pub(super) struct PassRun {
    merger: Merger,
    pub(super) inputs: usize,
    pub(super) last: bool,
    writer: SegmentWriter,
    group: Option<(Vec<u8>, Accumulator)>,
}

/// What a slice of a merge did.
#[derive(Clone, Copy, Debug, Default)]
struct Merged {
    /// Bytes of keys and values.
    read: u64,
    written: Packed,
}

impl MapAttempt {
    /// Merges the spills, or takes the only one as it is.
    pub(super) fn begin_merge(&mut self, recorder: &mut Recorder) {
        let spills = std::mem::take(&mut self.spills);
        let JobConfig { reducers, codec, .. } = *self.spec.config;
        let reducers = reducers as usize;
        match spills.len() {
            0 => return self.finish(vec![SegmentWriter::new(codec).finish(); reducers], recorder),
            1 => return self.finish(spills.into_iter().flatten().collect(), recorder),
            _ => {}
        }
        self.journal.enter(recorder, Phase::Merge);
        let (attempt, inputs) = (self.spec.id, u32::try_from(spills.len()).unwrap_or(u32::MAX));
        self.before_merge = spills.iter().map(|spill| total(spill)).sum();
        self.journal.record(recorder, Level::Tasks, || BatchEvent::MergeStarted {
            attempt,
            pass: 0,
            inputs,
            segments: inputs,
            last: true,
            memory: None,
        });
        self.state = State::Merging(Box::new(MapMerge::new(&self.spec.config, spills)));
    }

    /// The next slice of the merge.
    pub(super) fn merge(&mut self, budget: Budget, recorder: &mut Recorder) -> Option<Work> {
        let State::Merging(merge) = &mut self.state else { return None };
        if let Some(done) = merge.step(budget, &mut self.counters) {
            let codec = self.spec.config.codec;
            return Some(Work {
                reread_bytes: merge.packed.of_raw(done.read),
                codec_bytes: codec.work(done.read + done.written.raw_bytes),
                compute: Some((Stage::Sort, done.read)),
                write_bytes: done.written.bytes,
                ..Work::default()
            });
        }
        let output = std::mem::take(&mut merge.merged);
        let (attempt, before, after) = (self.spec.id, self.before_merge, total(&output));
        self.journal.record(recorder, Level::Tasks, || BatchEvent::MergeFinished {
            attempt,
            pass: 0,
            before,
            after,
        });
        self.finish(output, recorder);
        None
    }
}

impl MapMerge {
    fn new(config: &JobConfig, spills: Vec<Vec<Segment>>) -> MapMerge {
        let combine = config.combiner && spills.len() >= COMBINE_SPILLS_MIN;
        let combiner = config.job.combiner().filter(|_| combine);
        let packed = Ratio::of(spills.iter().flatten());
        let mut waiting: Vec<Vec<Segment>> = vec![Vec::new(); config.reducers as usize];
        for spill in spills {
            for (partition, segment) in spill.into_iter().enumerate() {
                waiting[partition].push(segment);
            }
        }
        waiting.reverse();
        let segments = waiting.pop().unwrap_or_default();
        MapMerge {
            combiner,
            factor: config.sort_factor,
            codec: config.codec,
            packed,
            waiting,
            segments,
            pass: 1,
            running: None,
            merged: Vec::new(),
        }
    }

    /// How many partitions are merged, and how many there are.
    pub(super) fn partitions(&self) -> (u64, u64) {
        let merged = self.merged.len() as u64;
        let open = u64::from(!self.segments.is_empty() || self.running.is_some());
        (merged, merged + open + self.waiting.len() as u64)
    }

    /// Merges until the budget is spent or a pass ends; nothing when all partitions are merged.
    fn step(&mut self, budget: Budget, counters: &mut Counters) -> Option<Merged> {
        if self.running.is_none() {
            if self.segments.is_empty() {
                return None;
            }
            self.begin_pass();
        }
        let mut run = self.running.take()?;
        let (merged, is_over) = run.advance(self.combiner, budget, counters);
        if is_over {
            self.end_pass(run, counters);
        } else {
            self.running = Some(run);
        }
        Some(merged)
    }

    fn begin_pass(&mut self) {
        let count = u32::try_from(self.segments.len()).unwrap_or(u32::MAX);
        let inputs = pass_factor(self.factor, self.pass, count).min(count) as usize;
        let last = inputs == self.segments.len();
        let merger = Merger::new(&self.segments[..inputs]);
        let writer = SegmentWriter::new(self.codec);
        self.running = Some(PassRun { merger, inputs, last, writer, group: None });
    }

    fn end_pass(&mut self, run: PassRun, counters: &mut Counters) {
        let segment = run.writer.finish();
        counters.spilled_records += segment.volume().records;
        if run.last {
            self.merged.push(segment);
            self.segments = self.waiting.pop().unwrap_or_default();
            self.pass = 1;
        } else {
            // The merged records came first, and stay first among equals.
            self.segments.splice(..run.inputs, [segment]);
            self.pass += 1;
        }
    }
}

impl PassRun {
    fn advance(
        &mut self,
        combiner: Option<Accumulator>,
        budget: Budget,
        counters: &mut Counters,
    ) -> (Merged, bool) {
        let before = self.writer.size();
        let mut read = 0;
        let mut records = 0;
        while records < budget.records && read < budget.bytes {
            let Some((key, value)) = self.merger.peek() else {
                self.close_group(counters);
                return (self.merged(read, before), true);
            };
            read += (key.len() + value.len()) as u64;
            records += 1;
            if let Some(empty) = combiner.filter(|_| self.last) {
                let same = self.group.as_ref().is_some_and(|(open, _)| open == key);
                if !same {
                    let next = (key.to_vec(), empty);
                    let open = self.group.replace(next);
                    write_group(open, &mut self.writer, counters);
                }
                counters.combine_input_records += 1;
                let value = self.merger.peek().map(|(_, value)| value);
                if let (Some((_, accumulator)), Some(value)) = (&mut self.group, value) {
                    accumulator.add(value);
                }
            } else {
                self.writer.push(key, value);
            }
            self.merger.advance();
        }
        (self.merged(read, before), false)
    }

    fn merged(&self, read: u64, before: SegmentSize) -> Merged {
        let mut written = Packed::default();
        written.add(before, self.writer.size());
        Merged { read, written }
    }

    fn close_group(&mut self, counters: &mut Counters) {
        write_group(self.group.take(), &mut self.writer, counters);
    }
}

fn write_group(
    group: Option<(Vec<u8>, Accumulator)>,
    writer: &mut SegmentWriter,
    counters: &mut Counters,
) {
    if let Some((key, accumulator)) = group {
        let mut value = Vec::new();
        accumulator.write(&mut value);
        writer.push(&key, &value);
        counters.combine_output_records += 1;
    }
}
