//! A reduce attempt as someone sees it who steps through it: what it has, and what it is about to
//! do. Merges are begun and gone on with one at a time, as the main lane does in one go.

use super::merges::Run;
use super::{ReduceAttempt, State};
use crate::mapreduce::attempt::Budget;
use crate::mapreduce::job::Lines;
use crate::mapreduce::merge::Sources;
use crate::mapreduce::segment::Segment;
use crate::trace::Recorder;

/// A sorted run of records that it has.
#[derive(Clone, Debug)]
pub struct RunSeen {
    /// Its records.
    pub segment: Segment,
    /// Whether it lies on disk.
    pub on_disk: bool,
    /// The order in which runs came to be, from 1.
    pub serial: u32,
    /// The map that it is of; nothing for what was merged.
    pub map: Option<u32>,
}

/// A merge under way.
#[derive(Clone, Debug)]
pub struct MergingSeen {
    /// Its number.
    pub number: u32,
    /// What it merges.
    pub runs: Vec<RunSeen>,
    /// Runs that there were to choose from.
    pub of: u32,
    /// Whether the combiner runs.
    pub combines: bool,
    /// What of the memory was in use, and what of it may be.
    pub memory: (u64, u64),
}

impl ReduceAttempt {
    /// Bytes of memory in use, and how many may be.
    pub fn memory(&self) -> (u64, u64) {
        self.merges.memory()
    }

    /// All runs that it has beside those of a merge, those in memory first.
    pub fn runs(&self) -> Vec<RunSeen> {
        self.merges.memory.iter().chain(&self.merges.disk).map(seen).collect()
    }

    /// The newest run, which may wait for another merge already.
    pub fn newest_run(&self) -> Option<RunSeen> {
        let planned = self.merges.planned.iter().flat_map(|plan| &plan.runs).map(seen);
        self.runs().into_iter().chain(planned).max_by_key(|run| run.serial)
    }

    /// Whether an output of this size goes to disk.
    pub fn goes_to_disk(&self, bytes: u64) -> bool {
        !self.merges.fits_memory(bytes)
    }

    /// The merge under way.
    pub fn merging(&self) -> Option<MergingSeen> {
        let merging = self.merging.as_ref()?;
        Some(MergingSeen {
            number: merging.number,
            runs: merging.plan.runs.iter().map(seen).collect(),
            of: merging.plan.of,
            combines: merging.combiner.is_some(),
            memory: merging.plan.memory,
        })
    }

    /// Begins the merge that is due while outputs are fetched; says whether there is one.
    pub fn begin_due_merge(&mut self, recorder: &mut Recorder) -> bool {
        let Some(plan) = self.merges.next_plan() else { return false };
        self.begin_merge(plan, recorder);
        true
    }

    /// All is fetched: the merges before the reducer begin.
    pub fn begin_sorting(&mut self, recorder: &mut Recorder) {
        self.begin_sort(recorder);
    }

    /// Begins the next merge before the reducer; where there is none the reducer begins.
    pub fn begin_final_merge(&mut self, recorder: &mut Recorder) -> bool {
        let plan = self.merges.next_final_plan();
        let is_merge = plan.is_some();
        match plan {
            Some(plan) => self.begin_merge(plan, recorder),
            None => self.begin_reduce(recorder),
        }
        is_merge
    }

    /// Goes on with the merge under way; says whether it is still under way.
    pub fn merge_on(&mut self, budget: Budget, recorder: &mut Recorder) -> bool {
        self.merge_slice(budget, recorder).is_some()
    }

    /// The record that the reducer takes next, and the map that it is of.
    pub fn next_record(&self) -> Option<(&[u8], &[u8], u32)> {
        let State::Reducing(reduction) = &self.state else { return None };
        let (key, value) = reduction.merger.peek()?;
        Some((key, value, reduction.merger.source()))
    }

    /// Whether that record begins a group.
    pub fn begins_group(&self) -> bool {
        let State::Reducing(reduction) = &self.state else { return false };
        reduction.merger.peek().is_some_and(|(key, _)| reduction.begins_group(key))
    }

    /// Bytes that the reducer would write if the group that is open were over now.
    pub fn closing_bytes(&self) -> usize {
        let State::Reducing(reduction) = &self.state else { return 0 };
        let Some(open) = &reduction.group else { return 0 };
        let (mut bytes, mut count) = (Vec::new(), 0);
        let lines = &mut Lines { bytes: &mut bytes, count: &mut count };
        reduction.reducer.clone().end(open, lines);
        bytes.len()
    }

    /// What it has written so far.
    pub fn output(&self) -> &[u8] {
        &self.output
    }
}

fn seen(run: &Run) -> RunSeen {
    let map = match run.sources {
        Sources::One(map) => Some(map),
        Sources::Each(_) => None,
    };
    RunSeen { segment: run.segment.clone(), on_disk: run.on_disk, serial: run.serial, map }
}
