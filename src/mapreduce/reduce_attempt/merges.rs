//! What a reduce has fetched, in memory and on disk, and when it is merged (Hadoop's
//! `MergeManagerImpl`).
//!
//! Fetched outputs go to memory, but for large ones. When memory is full enough, all that is there
//! is merged to disk; when too many files are on disk, some of them are merged into one; both while
//! other outputs are still fetched. At the end what is in memory goes to disk, and passes over the
//! disk leave few enough files for the reducer to read at once. Hadoop has a thread for each kind of
//! merge; here they share one lane.

use crate::mapreduce::config::ShuffleRule;
use crate::mapreduce::merge::{Sources, pass_factor};
use crate::mapreduce::segment::Segment;
use crate::trace::event::Volume;
use std::collections::{BTreeSet, VecDeque};

/// A sorted run of records that a reduce has.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) segment: Segment,
    /// Which maps its records are of: equal keys come in the order of the maps, whatever was
    /// merged with what.
    pub(super) sources: Sources,
    pub(super) on_disk: bool,
    /// The order in which runs came to be.
    pub(super) serial: u32,
}

/// A merge to be made of some runs.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) runs: Vec<Run>,
    /// Runs that there were to choose from.
    pub(super) of: u32,
    /// Whether the combiner runs: it does where memory is emptied while others are fetched
    /// (`MergeManagerImpl.InMemoryMerger`), and nowhere else.
    pub(super) combine: bool,
    /// What of the memory was in use, and what of it may be.
    pub(super) memory: (u64, u64),
}

/// All that a reduce has fetched.
#[derive(Clone, Debug)]
pub(super) struct Merges {
    rule: ShuffleRule,
    factor: u32,
    /// Maps whose outputs are here.
    fetched: BTreeSet<u32>,
    pub(super) memory: Vec<Run>,
    pub(super) disk: Vec<Run>,
    pub(super) planned: VecDeque<Plan>,
    /// Bytes of memory that are taken, by outputs that are here or on their way.
    used: u64,
    /// Bytes that came into memory since it was last emptied.
    committed: u64,
    serials: u32,
    /// Passes over the disk at the end.
    passes: u32,
}

impl Merges {
    /// With nothing yet.
    pub(super) fn new(rule: ShuffleRule, factor: u32) -> Merges {
        Merges {
            rule,
            factor,
            fetched: BTreeSet::new(),
            memory: Vec::new(),
            disk: Vec::new(),
            planned: VecDeque::new(),
            used: 0,
            committed: 0,
            serials: 0,
            passes: 0,
        }
    }

    /// Whether the output of this map is here.
    pub(super) fn has(&self, map: u32) -> bool {
        self.fetched.contains(&map)
    }

    /// How many outputs are here.
    pub(super) fn fetched(&self) -> u32 {
        u32::try_from(self.fetched.len()).unwrap_or(u32::MAX)
    }

    /// Bytes of memory in use, and how many may be.
    pub(super) fn memory(&self) -> (u64, u64) {
        (self.used, self.rule.memory_limit())
    }

    /// Whether an output of this size goes to memory: one that is less than a quarter of it
    /// (`mapreduce.reduce.shuffle.memory.limit.percent`).
    pub(super) fn fits_memory(&self, bytes: u64) -> bool {
        bytes < self.rule.single_limit()
    }

    /// Whether a fetch of this size has to wait until memory is emptied. One fetch may go past the
    /// limit, since it then brings the merge about (`MergeManagerImpl.reserve`).
    pub(super) fn stalls(&self, bytes: u64) -> bool {
        self.fits_memory(bytes) && self.used > self.rule.memory_limit()
    }

    /// A fetch of this size begins.
    pub(super) fn reserve(&mut self, bytes: u64) {
        if self.fits_memory(bytes) {
            self.used += bytes;
        }
    }

    /// It failed: what was reserved for it is free again.
    pub(super) fn unreserve(&mut self, bytes: u64) {
        if self.fits_memory(bytes) {
            self.used = self.used.saturating_sub(bytes);
        }
    }

    /// An output is here; what was reserved for it were `reserved` bytes, those that it takes
    /// unpacked. Says whether it is on disk, where it stays as it came.
    pub(super) fn take(&mut self, map: u32, segment: Segment, reserved: u64) -> bool {
        self.fetched.insert(map);
        let on_disk = !self.fits_memory(reserved);
        let segment = if on_disk { segment } else { segment.unpacked() };
        let (sources, serial) = (Sources::One(map), self.next_serial());
        let run = Run { segment, sources, on_disk, serial };
        if on_disk {
            self.add_to_disk(run);
        } else {
            self.committed += reserved;
            self.memory.push(run);
            if self.committed >= self.rule.merge_limit()
                || self.memory.len() >= self.rule.merge_files
            {
                self.plan_memory_merge();
            }
        }
        on_disk
    }

    /// The merge that is due while others are fetched.
    pub(super) fn next_plan(&mut self) -> Option<Plan> {
        self.planned.pop_front()
    }

    /// A merge is made: its runs are replaced by one on disk.
    pub(super) fn merged(&mut self, plan: &Plan, segment: Segment, sources: Sources) {
        let freed =
            plan.runs.iter().filter(|run| !run.on_disk).map(|run| run.segment.volume().bytes);
        self.used = self.used.saturating_sub(freed.sum());
        let serial = self.next_serial();
        let run = Run { segment, sources, on_disk: true, serial };
        if self.passes == 0 {
            self.add_to_disk(run);
        } else {
            self.disk.push(run);
        }
    }

    /// All is fetched, and no merge is due: the next that is needed before the reducer can read
    /// (`MergeManagerImpl.finalMerge`); nothing when it can.
    pub(super) fn next_final_plan(&mut self) -> Option<Plan> {
        let memory = self.memory();
        let files = count(&self.disk);
        if self.passes == 0 && !self.memory.is_empty() && self.factor > files {
            let runs = std::mem::take(&mut self.memory);
            return Some(Plan { of: count(&runs), runs, combine: false, memory });
        }
        self.passes += 1;
        let in_memory = count(&self.memory);
        let mut inputs = pass_factor(self.factor, self.passes, files);
        if self.passes == 1 {
            inputs += in_memory;
        }
        if in_memory + files <= inputs {
            return None;
        }
        // The shortest files first, as in `Merger.MergeQueue.merge`.
        self.disk.sort_by_key(|run| (run.segment.volume().bytes, run.serial));
        let mut runs = std::mem::take(&mut self.memory);
        let from_disk = (inputs as usize).saturating_sub(runs.len()).min(self.disk.len());
        runs.extend(self.disk.drain(..from_disk));
        Some(Plan { runs, of: in_memory + files, combine: false, memory })
    }

    /// All runs, for the reducer to read.
    pub(super) fn into_runs(self) -> Vec<Run> {
        self.memory.into_iter().chain(self.disk).collect()
    }

    /// How much is here, all runs together.
    pub(super) fn volume(&self) -> Volume {
        let planned = self.planned.iter().flat_map(|plan| &plan.runs);
        self.memory.iter().chain(&self.disk).chain(planned).map(|run| run.segment.volume()).sum()
    }

    fn plan_memory_merge(&mut self) {
        self.committed = 0;
        let runs = std::mem::take(&mut self.memory);
        let memory = self.memory();
        self.planned.push_back(Plan { of: count(&runs), runs, combine: true, memory });
    }

    /// A file more is on disk. From `2 × factor − 1` files on the shortest are merged
    /// (`closeOnDiskFile`).
    fn add_to_disk(&mut self, run: Run) {
        self.disk.push(run);
        if self.disk.len() as u64 >= 2 * u64::from(self.factor) - 1 {
            let of = count(&self.disk);
            self.disk.sort_by_key(|run| (run.segment.volume().bytes, run.serial));
            let runs = self.disk.drain(..self.factor as usize).collect();
            let memory = self.memory();
            self.planned.push_back(Plan { runs, of, combine: false, memory });
        }
    }

    fn next_serial(&mut self) -> u32 {
        self.serials += 1;
        self.serials
    }
}

fn count(runs: &[Run]) -> u32 {
    u32::try_from(runs.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapreduce::segment::SegmentWriter;

    /// A segment of exactly so many bytes: one record with a value of zeros.
    fn segment(bytes: usize) -> Segment {
        let mut writer = SegmentWriter::default();
        // Lengths from 128 on take two bytes.
        writer.push(b"", &vec![0; if bytes < 130 { bytes - 2 } else { bytes - 3 }]);
        let segment = writer.finish();
        assert_eq!(segment.volume().bytes, bytes as u64);
        segment
    }

    /// A heap of 1,000 bytes: 700 for outputs, one of 175 to disk, a merge at 462.
    fn merges(factor: u32) -> Merges {
        Merges::new(ShuffleRule::of_heap(1_000), factor)
    }

    fn fetch(merges: &mut Merges, map: u32, bytes: usize) -> bool {
        merges.reserve(bytes as u64);
        merges.take(map, segment(bytes), bytes as u64)
    }

    /// `MergeManagerImpl`: 0.70 of the heap; a quarter of that goes to disk; 0.66 of it is merged.
    #[test]
    fn large_outputs_go_to_disk_and_full_memory_is_merged() {
        let mut merges = merges(10);
        assert!(!merges.fits_memory(175) && merges.fits_memory(174));
        let mut on_disk = 0;
        assert!(!fetch(&mut merges, 0, 100));
        on_disk += u32::from(fetch(&mut merges, 1, 175));
        assert_eq!(on_disk, 1);
        for map in 2..5 {
            assert!(!fetch(&mut merges, map, 120));
        }
        assert!(merges.next_plan().is_none(), "460 bytes are less than 462");
        fetch(&mut merges, 5, 2);
        let plan = merges.next_plan().unwrap();
        assert_eq!((plan.runs.len(), plan.combine, plan.memory), (5, true, (462, 700)));
        assert!(merges.next_plan().is_none());
        merges.merged(&plan, segment(100), Sources::One(0));
        assert_eq!(merges.memory(), (0, 700));
    }

    /// `mapreduce.reduce.merge.inmem.threshold`: 1000 files are merged however small they are.
    #[test]
    fn a_thousand_small_outputs_are_merged() {
        let mut merges = Merges::new(ShuffleRule::of_heap(1 << 30), 10);
        for map in 0..1_000 {
            assert!(merges.next_plan().is_none());
            fetch(&mut merges, map, 2);
        }
        assert_eq!(merges.next_plan().unwrap().runs.len(), 1_000);
    }

    /// `MergeManagerImpl.reserve`: exactly one fetch may go past the limit, then all wait.
    #[test]
    fn fetches_wait_while_memory_is_over_its_limit() {
        let mut merges = merges(10);
        for _ in 0..5 {
            assert!(!merges.stalls(150));
            merges.reserve(150);
        }
        assert_eq!(merges.memory(), (750, 700));
        assert!(merges.stalls(1) && !merges.stalls(500), "what goes to disk needs no memory");
        merges.unreserve(150);
        assert!(!merges.stalls(1));
    }

    /// `closeOnDiskFile`: at 2 × factor − 1 files the `factor` shortest are merged.
    #[test]
    fn too_many_files_on_disk_are_merged_the_shortest_first() {
        let mut merges = merges(3);
        for (map, bytes) in [(0, 300), (1, 200), (2, 400), (3, 250)] {
            assert!(fetch(&mut merges, map, bytes));
        }
        assert!(merges.next_plan().is_none());
        fetch(&mut merges, 4, 500);
        let plan = merges.next_plan().unwrap();
        let bytes: Vec<u64> = plan.runs.iter().map(|run| run.segment.volume().bytes).collect();
        assert_eq!((bytes, plan.of, plan.combine), (vec![200, 250, 300], 5, false));
    }

    /// `finalMerge`: memory goes to disk when that leaves at most `factor` files; else it joins
    /// the first pass over the disk, which `Merger.getPassFactor` sizes.
    #[test]
    fn the_final_merge_leaves_at_most_factor_files() {
        let mut few = merges(10);
        for map in 0..3 {
            fetch(&mut few, map, 50);
        }
        let plan = few.next_final_plan().unwrap();
        assert_eq!((plan.runs.len(), plan.combine), (3, false));
        few.merged(&plan, segment(150), Sources::One(0));
        assert!(few.next_final_plan().is_none());
        assert_eq!(few.into_runs().len(), 1);

        let mut many = merges(3);
        fetch(&mut many, 0, 50);
        for map in 1..5 {
            fetch(&mut many, map, 200 + map as usize);
        }
        let plan = many.next_final_plan().unwrap();
        // getPassFactor(3, 1, 4) = (4 − 1) mod 2 + 1 = 2 files, and what is in memory.
        let bytes: Vec<u64> = plan.runs.iter().map(|run| run.segment.volume().bytes).collect();
        assert_eq!((bytes, plan.of), (vec![50, 201, 202], 5));
        many.merged(&plan, segment(450), Sources::One(0));
        assert!(many.next_final_plan().is_none());
        assert_eq!(many.into_runs().len(), 3);
    }
}
