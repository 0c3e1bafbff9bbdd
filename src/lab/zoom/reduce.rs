//! A reduce attempt's work, done again by the engine and told step by step: its fetches begin and
//! end, and its merges end, in the order that the run recorded.

use super::Material;
use super::groups::Groups;
use super::map::{MapReplay, SLICE};
use super::told::{Told, segment_rows};
use crate::base::{AttemptId, Level, NodeId, PartitionId, Time};
use crate::lab::messages::zoom::{Did, RunOf, RunView};
use crate::mapreduce::attempt::{Budget, Lane};
use crate::mapreduce::messages::{MapOutputAt, OutputLogEntry, Served};
use crate::mapreduce::reduce_attempt::{MergingSeen, ReduceAttempt, ReduceSpec, RunSeen};
use crate::mapreduce::segment::Segment;
use crate::trace::event::Volume;
use crate::trace::script::{Reach, Script, ShuffleAct, Spilled};
use crate::trace::{Cause, Recorder};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One record.
const ONE: Budget = Budget { records: 1, bytes: 1 };

/// Records that a turn reduces.
const RECORDS_A_TURN: u32 = 500;

/// A reduce attempt that is done again.
pub(super) struct ReduceReplay {
    attempt: ReduceAttempt,
    material: Arc<Material>,
    script: Arc<Script>,
    recorder: Recorder,
    stage: Stage,
    /// The next of what the run recorded.
    act: usize,
    lanes: BTreeMap<AttemptId, u32>,
    fetches: BTreeMap<AttemptId, Fetching>,
    known: u32,
    /// The merge under way, and which merge each merged run is of.
    merging: Option<MergingSeen>,
    merges: BTreeMap<u32, u32>,
    groups: Groups,
    /// A map's output that is made again, and the steps of that, which nobody hears.
    remaking: Option<Box<(MapReplay, Told)>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Begin,
    Shuffle,
    Sort,
    Reduce,
    Over,
}

/// A fetch under way.
struct Fetching {
    segment: Segment,
    volume: Volume,
    from: NodeId,
    remade: bool,
}

impl ReduceReplay {
    /// A reduce attempt at its beginning.
    pub(super) fn new(material: Arc<Material>, script: Arc<Script>) -> ReduceReplay {
        let spec = ReduceSpec {
            id: script.attempt,
            node: script.node,
            partition: PartitionId(script.attempt.task.index),
            maps: material.maps,
            replicate_to: None,
            config: material.config.clone(),
        };
        ReduceReplay {
            attempt: ReduceAttempt::new(spec, Cause::NONE),
            groups: Groups::new(material.config.clone()),
            material,
            script,
            recorder: Recorder::new(Level::Tasks),
            stage: Stage::Begin,
            act: 0,
            lanes: BTreeMap::new(),
            fetches: BTreeMap::new(),
            known: 0,
            merging: None,
            merges: BTreeMap::new(),
            remaking: None,
        }
    }

    /// Does a little, and tells of the steps that it came to; says whether there is more, and how
    /// many bytes it worked on.
    pub(super) fn turn(&mut self, told: &mut Told) -> (bool, u64) {
        let bytes = match self.stage {
            Stage::Begin => self.begin(told),
            Stage::Shuffle => self.shuffle(told),
            Stage::Sort => self.sort(told),
            Stage::Reduce => self.reduce(told),
            Stage::Over => return (false, 0),
        };
        self.recorder.take();
        (self.stage != Stage::Over, bytes)
    }

    fn begin(&mut self, told: &mut Told) -> u64 {
        self.attempt.launch(&mut self.recorder);
        self.attempt.step(Lane::Main, ONE, &mut self.recorder);
        self.stage = Stage::Shuffle;
        let (partition, config) = (self.attempt.partition(), &self.material.config);
        let (maps, factor) = (self.material.maps, config.sort_factor);
        let rule = config.shuffle;
        told.tell(None, |_| Did::BeginReduce {
            partition,
            maps,
            limit: rule.memory_limit(),
            single: rule.single_limit(),
            merge_at: rule.merge_limit(),
            factor,
        });
        0
    }

    /// What the fetches and merges did next.
    fn shuffle(&mut self, told: &mut Told) -> u64 {
        let script = self.script.clone();
        let Some(act) = script.shuffle.get(self.act) else { return self.end_shuffle(told) };
        match act {
            ShuffleAct::Starts { map, from, volume, spills } => {
                if self.fetches.contains_key(map) {
                    return self.start(*map, told);
                }
                let Some((segment, remade)) = self.segment(*map, *from, spills) else {
                    return super::TURN_BYTES;
                };
                let fetching = Fetching { segment, volume: *volume, from: *from, remade };
                self.fetches.insert(*map, fetching);
                self.learn(*map);
                0
            }
            ShuffleAct::Ends { map } => self.arrive(*map, told),
            ShuffleAct::Merged { pass } => self.merge_to(*pass, told),
        }
    }

    /// All that was recorded is done: on to the merges before the reducer, if it came to them.
    fn end_shuffle(&mut self, told: &mut Told) -> u64 {
        if self.script.reach == Reach::Shuffle {
            return self.stop(told);
        }
        if self.merging.is_some() || self.attempt.begin_due_merge(&mut self.recorder) {
            return self.merge_on(told);
        }
        self.attempt.begin_sorting(&mut self.recorder);
        self.stage = Stage::Sort;
        0
    }

    /// It was not further.
    fn stop(&mut self, told: &mut Told) -> u64 {
        self.stage = Stage::Over;
        told.tell(None, |_| Did::SoFar);
        0
    }

    /// A map's segment, from a disk or made again, and whether it was; nothing while it is being
    /// made.
    fn segment(
        &mut self,
        map: AttemptId,
        from: NodeId,
        spills: &[Spilled],
    ) -> Option<(Segment, bool)> {
        if let Some(segment) = self.material.segments.get(&map) {
            return Some((segment.clone(), false));
        }
        if self.remaking.is_none() {
            let script = Script::of_map(map, from, spills.to_vec());
            let replay = MapReplay::new(self.material.clone(), Arc::new(script));
            self.remaking = replay.map(|replay| Box::new((replay, Told::new(0..0, 0))));
        }
        let Some(remaking) = &mut self.remaking else {
            return Some((Segment::default(), true));
        };
        let (replay, unheard) = &mut **remaking;
        let mut bytes = 0;
        while bytes < super::TURN_BYTES {
            let (more, worked) = replay.turn(unheard);
            bytes += worked.max(super::TURN_BYTES / 4_096);
            if !more {
                let place = self.attempt.partition().0 as usize;
                let segment = replay.output().get(place).cloned().unwrap_or_default();
                self.remaking = None;
                return Some((segment, true));
            }
        }
        None
    }

    fn learn(&mut self, map: AttemptId) {
        let Some(fetching) = self.fetches.get(&map) else { return };
        let (node, size) = (fetching.from, fetching.segment.size());
        let entry = OutputLogEntry::Ready(MapOutputAt { map, node, size });
        self.attempt.learn(self.known, &[entry], Cause::NONE, &mut self.recorder);
        self.known += 1;
    }

    /// Begins a fetch, on a lane that is free. Where memory is full a merge has to end first.
    fn start(&mut self, map: AttemptId, told: &mut Told) -> u64 {
        let lane = (0..).find(|lane| !self.lanes.values().any(|busy| busy == lane)).unwrap_or(0);
        if self.attempt.step(Lane::Copy(lane), ONE, &mut self.recorder).is_some() {
            self.lanes.insert(map, lane);
            self.act += 1;
            return 0;
        }
        if self.merging.is_some() || self.attempt.begin_due_merge(&mut self.recorder) {
            return self.merge_on(told);
        }
        // It can't begin here: what it would have brought is left out.
        self.fetches.remove(&map);
        self.act += 1;
        0
    }

    /// A fetch ended.
    fn arrive(&mut self, map: AttemptId, told: &mut Told) -> u64 {
        self.act += 1;
        let (Some(lane), Some(fetching)) = (self.lanes.remove(&map), self.fetches.remove(&map))
        else {
            return 0;
        };
        let Fetching { segment, volume, from, remade } = fetching;
        let (served, mut out) = (Served::Segment(segment.clone()), Vec::new());
        self.attempt.arrived(Time::ZERO, lane, served, &mut self.recorder, &mut out);
        // What is compressed is here once it is unpacked.
        while self.attempt.step(Lane::Copy(lane), ONE, &mut self.recorder).is_some() {}
        let (used, limit) = self.attempt.memory();
        let on_disk = self.attempt.goes_to_disk(segment.size().raw_bytes);
        let (shape, partition) = (self.material.config.job.shape(), self.attempt.partition());
        let differs = segment.volume() != volume;
        told.tell(None, |first| Did::Fetch {
            map,
            from,
            volume: segment.volume(),
            on_disk,
            used,
            limit,
            remade,
            differs,
            rows: segment_rows(shape, &[segment], partition, first),
        });
        volume.bytes
    }

    /// Merges on until the merge of this number has ended.
    fn merge_to(&mut self, pass: u32, told: &mut Told) -> u64 {
        if self.merges.values().any(|done| *done == pass) {
            self.act += 1;
            return 0;
        }
        let is_under_way = self.merging.is_some();
        if is_under_way || self.attempt.begin_due_merge(&mut self.recorder) {
            return self.merge_on(told);
        }
        // It is one of those before the reducer.
        self.attempt.begin_sorting(&mut self.recorder);
        self.stage = Stage::Sort;
        0
    }

    /// A slice of the merge under way, or its end.
    fn merge_on(&mut self, told: &mut Told) -> u64 {
        if self.merging.is_none() {
            self.merging = self.attempt.merging();
        }
        if self.attempt.merge_on(SLICE, &mut self.recorder) {
            return SLICE.bytes;
        }
        let Some(merging) = self.merging.take() else { return 0 };
        let Some(newest) = self.attempt.newest_run() else { return 0 };
        let before = merging.runs.iter().map(|run| run.segment.volume()).sum();
        let inputs = merging.runs.iter().map(|run| self.run_view(run)).collect();
        self.merges.insert(newest.serial, merging.number);
        let (shape, partition) = (self.material.config.job.shape(), self.attempt.partition());
        let (copying, factor) = (self.stage == Stage::Shuffle, self.material.config.sort_factor);
        told.tell(None, |first| Did::ReduceMerge {
            pass: merging.number,
            inputs,
            of: merging.of,
            copying,
            combines: merging.combines,
            used: merging.memory.0,
            limit: merging.memory.1,
            factor,
            before,
            after: newest.segment.volume(),
            rows: segment_rows(shape, &[newest.segment], partition, first),
        });
        0
    }

    fn run_view(&self, run: &RunSeen) -> RunView {
        let merged = || self.merges.get(&run.serial).copied().unwrap_or(0);
        let of = run.map.map_or_else(|| RunOf::Merge(merged()), RunOf::Map);
        RunView { of, on_disk: run.on_disk, volume: run.segment.volume() }
    }

    /// The merges before the reducer, as far as it came to them.
    fn sort(&mut self, told: &mut Told) -> u64 {
        if self.merging.is_some() {
            return self.merge_on(told);
        }
        let mut acts = self.script.shuffle.iter();
        let recorded = acts.rfind(|act| matches!(act, ShuffleAct::Merged { .. }));
        let is_last = match recorded {
            Some(ShuffleAct::Merged { pass }) => self.merges.values().any(|done| done >= pass),
            Some(ShuffleAct::Starts { .. } | ShuffleAct::Ends { .. }) | None => true,
        };
        if self.script.reach == Reach::Shuffle && is_last {
            return self.stop(told);
        }
        let runs = self.attempt.runs();
        if self.attempt.begin_final_merge(&mut self.recorder) {
            self.merging = self.attempt.merging();
            return 0;
        }
        self.stage = Stage::Reduce;
        let runs: Vec<RunView> = runs.iter().map(|run| self.run_view(run)).collect();
        let factor = self.material.config.sort_factor;
        told.tell(None, |_| Did::Feed { runs, factor });
        0
    }

    /// Some records more.
    fn reduce(&mut self, told: &mut Told) -> u64 {
        let mut bytes = 0;
        for _ in 0..RECORDS_A_TURN {
            if self.is_as_far_as_it_got() {
                return self.stop(told);
            }
            bytes += self.groups.step(&mut self.attempt, &mut self.recorder, told);
            if self.attempt.is_asking() {
                self.stage = Stage::Over;
                let counters = self.attempt.counters();
                let bytes = self.attempt.output().len() as u64;
                let written = Volume { records: counters.reduce_output_records, bytes };
                told.tell(None, |_| Did::EndReduce { written, counters });
                return bytes;
            }
        }
        bytes
    }

    /// Whether it had reduced no more groups at the moment that is looked at: the last that it
    /// began may not have been over.
    fn is_as_far_as_it_got(&self) -> bool {
        let Reach::Groups(groups) = self.script.reach else { return false };
        self.groups.over() + 1 >= groups
    }
}

impl Material {
    /// Bytes that a reduce of these acts fetches.
    pub(super) fn fetched_bytes(script: &Script) -> u64 {
        let bytes = |act: &ShuffleAct| match act {
            ShuffleAct::Starts { volume, .. } => volume.bytes,
            ShuffleAct::Ends { .. } | ShuffleAct::Merged { .. } => 0,
        };
        script.shuffle.iter().map(bytes).sum()
    }
}
