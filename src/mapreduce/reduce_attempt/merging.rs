//! Merging what was fetched: one merge at a time, in slices, while others are fetched and after.

use super::merges::{Plan, Run};
use super::{ReduceAttempt, State};
use crate::base::Level;
use crate::mapreduce::attempt::{Budget, Stage, Work};
use crate::mapreduce::job::Accumulator;
use crate::mapreduce::merge::{Merger, Sources};
use crate::mapreduce::segment::{Packed, SegmentWriter};
use crate::trace::BatchEvent;
use crate::trace::Recorder;
use crate::trace::event::{MemoryUse, Phase, Volume};

/// A merge under way.
#[derive(Clone, Debug)]
pub(super) struct Merging {
    pub(super) plan: Plan,
    pub(super) number: u32,
    merger: Merger,
    writer: SegmentWriter,
    sources: Vec<u32>,
    pub(super) combiner: Option<Accumulator>,
    /// The group that the combiner adds up, and the first map that it is of.
    group: Option<(Vec<u8>, Accumulator, u32)>,
    before: Volume,
    is_over: bool,
}

impl ReduceAttempt {
    /// The next slice of what is to be written or merged while outputs are fetched; nothing when
    /// there is none.
    pub(super) fn merge_beside(&mut self, budget: Budget, recorder: &mut Recorder) -> Option<Work> {
        let written = std::mem::take(&mut self.unwritten);
        if written > 0 {
            return Some(Work::write(written));
        }
        loop {
            if self.merging.is_none() {
                let plan = self.merges.next_plan()?;
                self.begin_merge(plan, recorder);
            }
            if let Some(work) = self.merge_slice(budget, recorder) {
                return Some(work);
            }
        }
    }

    /// All is fetched: what is left to merge begins.
    pub(super) fn begin_sort(&mut self, recorder: &mut Recorder) {
        self.journal.enter(recorder, Phase::Sort);
        self.counters.merged_map_outputs += u64::from(self.spec.maps);
        let all = self.merges.volume().records;
        self.state = State::Sorting { done: 0, all };
    }

    /// The next slice of the merges before the reducer; it begins when there is none.
    pub(super) fn sort(&mut self, budget: Budget, recorder: &mut Recorder) -> Option<Work> {
        loop {
            if self.merging.is_none() {
                let Some(plan) = self.merges.next_final_plan() else {
                    self.begin_reduce(recorder);
                    return self.reduce(budget, recorder);
                };
                self.begin_merge(plan, recorder);
            }
            if let Some(work) = self.merge_slice(budget, recorder) {
                return Some(work);
            }
        }
    }

    pub(super) fn begin_merge(&mut self, plan: Plan, recorder: &mut Recorder) {
        let number = self.merge_count;
        self.merge_count += 1;
        let attempt = self.spec.id;
        let count = |runs: usize| u32::try_from(runs).unwrap_or(u32::MAX);
        let from_memory = count(plan.runs.iter().filter(|run| !run.on_disk).count());
        let (inputs, segments, (used_bytes, limit_bytes)) =
            (count(plan.runs.len()), plan.of, plan.memory);
        self.journal.record(recorder, Level::Tasks, || BatchEvent::MergeStarted {
            attempt,
            pass: number,
            inputs,
            segments,
            last: false,
            memory: Some(MemoryUse { from_memory, used_bytes, limit_bytes }),
        });
        let config = &self.spec.config;
        let combiner = config.job.combiner().filter(|_| config.combiner && plan.combine);
        let mut writer = SegmentWriter::new(config.codec);
        let before: Volume = plan.runs.iter().map(|run| run.segment.volume()).sum();
        if combiner.is_none() {
            // All of it is written again: growing on the way would take twice the memory.
            writer.reserve(plan.runs.iter().map(|run| run.segment.size().raw_bytes).sum());
        }
        self.merging = Some(Box::new(Merging {
            number,
            merger: merger(&plan.runs),
            before,
            plan,
            writer,
            sources: Vec::new(),
            combiner,
            group: None,
            is_over: false,
        }));
    }

    /// A slice of the merge under way and what it cost; nothing when it has ended.
    pub(super) fn merge_slice(&mut self, budget: Budget, recorder: &mut Recorder) -> Option<Work> {
        let merging = self.merging.as_mut()?;
        if !merging.is_over {
            let from_disk = merging.share_from_disk();
            let (records, read, written) = merging.advance(budget);
            let (reread_bytes, unpacked) = from_disk(read);
            let codec = self.spec.config.codec;
            if let State::Sorting { done, .. } = &mut self.state {
                *done += records;
            }
            if read > 0 || written.raw_bytes > 0 {
                return Some(Work {
                    reread_bytes,
                    codec_bytes: codec.work(unpacked + written.raw_bytes),
                    compute: Some((Stage::Sort, read.max(written.raw_bytes))),
                    write_bytes: written.bytes,
                    ..Work::default()
                });
            }
        }
        self.end_merge(recorder);
        None
    }

    fn end_merge(&mut self, recorder: &mut Recorder) {
        let Some(merging) = self.merging.take() else { return };
        let Merging { plan, number, writer, sources, combiner, before, .. } = *merging;
        let segment = writer.finish();
        let (attempt, after) = (self.spec.id, segment.volume());
        // What is read from disk counts as spilled (`Merger`'s reads counter).
        let from_disk = plan.runs.iter().filter(|run| run.on_disk);
        self.counters.spilled_records +=
            from_disk.map(|run| run.segment.volume().records).sum::<u64>();
        if combiner.is_some() {
            self.counters.combine_input_records += before.records;
            self.counters.combine_output_records += after.records;
        }
        self.merges.merged(&plan, segment, Sources::Each(sources.into()));
        self.journal.record(recorder, Level::Tasks, || BatchEvent::MergeFinished {
            attempt,
            pass: number,
            before,
            after,
        });
    }
}

impl Merging {
    /// How many of so many bytes come from disk, as the runs are: as they are there, and unpacked.
    fn share_from_disk(&self) -> impl Fn(u64) -> (u64, u64) + use<> {
        let raw = |run: &Run| run.segment.size().raw_bytes;
        let all: u64 = self.plan.runs.iter().map(raw).sum();
        let on_disk = || self.plan.runs.iter().filter(|run| run.on_disk);
        let disk = on_disk().map(raw).sum();
        let stored = on_disk().map(|run| run.segment.volume().bytes).sum();
        let share = move |read: u64, part: u64| {
            let share = u128::from(read) * u128::from(part) / u128::from(all.max(1));
            u64::try_from(share).unwrap_or(read)
        };
        move |read| (share(read, stored), share(read, disk))
    }

    /// Merges until the budget is spent or all is merged; gives the records and bytes that it read,
    /// and what it wrote.
    fn advance(&mut self, budget: Budget) -> (u64, u64, Packed) {
        let before = self.writer.size();
        let (mut records, mut read) = (0, 0);
        while records < budget.records && read < budget.bytes {
            let Some((key, value)) = self.merger.peek() else {
                self.is_over = true;
                if let Some(group) = self.group.take() {
                    write_group(group, &mut self.writer, &mut self.sources);
                }
                break;
            };
            let source = self.merger.source();
            read += (key.len() + value.len()) as u64;
            records += 1;
            match self.combiner {
                None => {
                    self.writer.push(key, value);
                    self.sources.push(source);
                }
                Some(empty) => {
                    if self.group.as_ref().is_none_or(|(open, ..)| open != key) {
                        let next = (key.to_vec(), empty, source);
                        if let Some(group) = self.group.replace(next) {
                            write_group(group, &mut self.writer, &mut self.sources);
                        }
                    }
                    if let Some((_, accumulator, _)) = &mut self.group {
                        accumulator.add(value);
                    }
                }
            }
            self.merger.advance();
        }
        let mut written = Packed::default();
        written.add(before, self.writer.size());
        (records, read, written)
    }
}

/// A merge of runs, equal keys in the order of the maps that they are of.
pub(super) fn merger(runs: &[Run]) -> Merger {
    Merger::by_source(runs.iter().map(|run| (&run.segment, run.sources.clone())))
}

fn write_group(
    (key, accumulator, source): (Vec<u8>, Accumulator, u32),
    writer: &mut SegmentWriter,
    sources: &mut Vec<u32>,
) {
    let mut value = Vec::new();
    accumulator.write(&mut value);
    writer.push(&key, &value);
    sources.push(source);
}
