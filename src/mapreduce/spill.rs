//! A spill: the content of a sort buffer, sorted by partition and key, combined, and written as
//! one segment a partition. It works in slices, so that a large buffer never stops the world.
//!
//! ```text
//! partition and sort runs of keys ──► merge the runs into segments ──► done
//! ```

use super::attempt::Budget;
use super::buffer::{SortBuffer, ValueCursor};
use super::segment::Packed;
use super::segment::{Segment, SegmentCodec, SegmentWriter};
use super::{Partitioner, heap};
use crate::trace::event::Volume;
use std::cmp::Ordering;

/// Keys that are sorted at once.
const RUN: usize = 4_096;

/// A spill under way.
#[derive(Clone, Debug)]
pub struct SpillRun {
    buffer: SortBuffer,
    partitioner: Partitioner,
    /// The keys with their partitions, in sorted runs of `RUN`.
    order: Vec<(u32, u32)>,
    /// How far each run is merged.
    heads: Vec<usize>,
    /// The runs that are not yet merged, as a heap by their next keys.
    heap: Vec<usize>,
    /// Where in the values of the smallest key the merge stands.
    cursor: ValueCursor,
    writers: Vec<SegmentWriter>,
    /// What the buffer held.
    before: Volume,
}

/// What a slice of a spill did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpillStep {
    /// Sorted keys that stand for this much of the buffer.
    Sorted {
        /// Their share of the buffer's bytes.
        bytes: u64,
    },
    /// Wrote to disk.
    Written(Packed),
    /// There is nothing left to do.
    Done,
}

impl SpillRun {
    /// Begins to spill a buffer into so many partitions.
    pub fn new(
        mut buffer: SortBuffer,
        partitioner: Partitioner,
        partitions: u32,
        codec: SegmentCodec,
    ) -> SpillRun {
        buffer.seal();
        let before = buffer.volume();
        let writers = (0..partitions).map(|_| SegmentWriter::new(codec)).collect();
        let order = Vec::with_capacity(buffer.groups());
        SpillRun {
            buffer,
            partitioner,
            order,
            heads: Vec::new(),
            heap: Vec::new(),
            cursor: ValueCursor::Start,
            writers,
            before,
        }
    }

    /// What the buffer held.
    pub fn before(&self) -> Volume {
        self.before
    }

    /// The bytes that the buffer still takes up, as Hadoop accounts for them.
    pub fn accounted_bytes(&self) -> u64 {
        self.buffer.accounted_bytes()
    }

    /// Does the next slice.
    pub fn step(&mut self, budget: Budget) -> SpillStep {
        let groups = self.buffer.groups();
        if self.order.len() < groups {
            let sorted = self.sort_run();
            SpillStep::Sorted { bytes: self.share_of(sorted) }
        } else if self.heap.is_empty() {
            SpillStep::Done
        } else {
            SpillStep::Written(self.merge(budget))
        }
    }

    /// Whether all is written, and only the end is left.
    pub fn is_written(&self) -> bool {
        self.order.len() == self.buffer.groups() && self.heap.is_empty()
    }

    /// The segments as they are written so far, by partition.
    pub fn written(&self) -> Vec<Segment> {
        self.writers.iter().map(|writer| writer.clone().finish()).collect()
    }

    /// The segments, by partition. Only right after `Done`.
    pub fn finish(self) -> Vec<Segment> {
        self.writers.into_iter().map(SegmentWriter::finish).collect()
    }

    /// The part of the buffer's bytes that so many of its keys stand for.
    fn share_of(&self, keys: usize) -> u64 {
        let share = u128::from(self.before.bytes) * keys as u128;
        u64::try_from(share / self.buffer.groups().max(1) as u128).unwrap_or(u64::MAX)
    }

    /// Partitions and sorts the next run of keys, and says how many they are.
    fn sort_run(&mut self) -> usize {
        let start = self.order.len();
        let end = (start + RUN).min(self.buffer.groups());
        let partitions = u32::try_from(self.writers.len()).unwrap_or(u32::MAX);
        let shape = self.buffer.shape();
        for group in start..end {
            let group = u32::try_from(group).unwrap_or(u32::MAX);
            let part = shape.partition_part(self.buffer.key(group));
            let partition = self.partitioner.partition_part(part, partitions);
            self.order.push((partition.0, group));
        }
        self.heads.push(start);
        let buffer = &self.buffer;
        self.order[start..end].sort_unstable_by(|one, other| {
            one.0.cmp(&other.0).then_with(|| buffer.compare_keys(one.1, other.1))
        });
        if end == self.buffer.groups() {
            self.begin_merge();
        }
        end - start
    }

    /// Merges the sorted runs into the segments until the budget is spent.
    fn merge(&mut self, budget: Budget) -> Packed {
        let mut written = Packed::default();
        let mut records = 0;
        while let Some(&run) = self.heap.first() {
            if records >= budget.records || written.raw_bytes >= budget.bytes {
                break;
            }
            let (partition, group) = self.order[self.heads[run]];
            match self.buffer.next_value(group, &mut self.cursor) {
                Some(value) => {
                    let writer = &mut self.writers[partition as usize];
                    let before = writer.size();
                    writer.push(self.buffer.key(group), value);
                    written.add(before, writer.size());
                    records += 1;
                }
                None => self.next_group(run),
            }
        }
        written
    }

    /// Goes past the smallest key.
    fn next_group(&mut self, run: usize) {
        self.cursor = ValueCursor::Start;
        self.heads[run] += 1;
        if self.heads[run] == self.run_end(run) {
            self.heap.swap_remove(0);
        }
        let (order, heads, buffer) = (&self.order, &self.heads, &self.buffer);
        heap::sift_down(&mut self.heap, 0, |one, other| {
            is_before(buffer, order[heads[one]], order[heads[other]])
        });
    }

    fn run_end(&self, run: usize) -> usize {
        (run * RUN + RUN).min(self.order.len())
    }

    /// Puts the sorted runs in a heap, the smallest key at its root.
    fn begin_merge(&mut self) {
        let (order, heads, buffer) = (&self.order, &self.heads, &self.buffer);
        self.heap = (0..heads.len()).collect();
        heap::build(&mut self.heap, |one, other| {
            is_before(buffer, order[heads[one]], order[heads[other]])
        });
    }
}

/// Whether a key comes before another, by partition and then by its bytes.
fn is_before(buffer: &SortBuffer, one: (u32, u32), other: (u32, u32)) -> bool {
    one.0.cmp(&other.0).then_with(|| buffer.compare_keys(one.1, other.1)) == Ordering::Less
}

#[cfg(test)]
mod tests {
    use super::super::Job;
    use super::*;

    #[test]
    fn a_spill_is_sorted_by_partition_and_key_however_many_runs_it_takes() {
        let mut buffer = SortBuffer::new(&Job::WordCount, false);
        for number in 0..10_000_u32 {
            let key = format!("key {}", number.wrapping_mul(2_654_435_761) % 9_000);
            buffer.push(key.as_bytes(), &number.to_be_bytes());
        }
        let mut spill = SpillRun::new(buffer, Partitioner::HadoopText, 3, SegmentCodec::Plain);
        let budget = Budget { records: 100, bytes: 1_000 };
        while spill.step(budget) != SpillStep::Done {}
        let segments = spill.finish();
        let mut records = 0;
        for (partition, segment) in segments.iter().enumerate() {
            let mut reader = segment.reader();
            let mut last: Option<(Vec<u8>, Vec<u8>)> = None;
            while reader.advance() {
                let record = (reader.key().to_vec(), reader.value().to_vec());
                assert!(last.is_none_or(|last| last < record), "equal keys keep their order");
                let home = Partitioner::HadoopText.partition(reader.key(), 3);
                assert_eq!(home.0 as usize, partition);
                last = Some(record);
                records += 1;
            }
        }
        assert_eq!(records, 10_000);
    }
}
