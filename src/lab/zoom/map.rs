//! A map attempt's work, done again by the engine and told step by step.
//!
//! Where a spill begins does not follow from the data alone: while one is under way the mapper goes
//! on, and how far depends on time. So a spill is held back here until the run's own next one
//! began, record by record (`Script`), and the engine comes to the same spills.

mod holding;
mod telling;

use super::Material;
use super::pairs::{PAIRS_MAX, Pair, Pairs, collect, copied, kept, views};
use super::told::{Told, line_text};
use crate::base::{Level, TaskId};
use crate::lab::messages::zoom::{Did, PairView, PieceView};
use crate::mapreduce::attempt::{Budget, Lane, Read};
use crate::mapreduce::job::Record;
use crate::mapreduce::map_attempt::{MapAttempt, MapSpec, MergeView, Upcoming};
use crate::mapreduce::messages::{BlockAt, Served, Source};
use crate::mapreduce::segment::Segment;
use crate::trace::script::Script;
use crate::trace::{Cause, Recorder};
use std::sync::Arc;

/// A slice of a spill or a merge: some milliseconds in a browser.
pub(super) const SLICE: Budget = Budget { records: 1 << 12, bytes: 128 << 10 };

/// Begins something, and does nothing of it yet.
const NOTHING: Budget = Budget { records: 0, bytes: 0 };

/// The largest spill that is copied to see ahead, and how far.
const COPIED_BYTES_MAX: u64 = 256 << 10;
const STEPS_AHEAD_MAX: u32 = 10_000;

/// What a line may emit in one go.
const LINE_BYTES_MAX: u64 = 64 << 10;

/// A map attempt that is done again.
pub(super) struct MapReplay {
    attempt: MapAttempt,
    material: Arc<Material>,
    script: Arc<Script>,
    recorder: Recorder,
    begun: bool,
    over: bool,
    /// What it asked for and waits for.
    read: Option<Read>,
    /// Spills that have begun, and the records that were emitted when the next one is to begin.
    spills_begun: usize,
    /// Whether the spill under way was told up to its end.
    spill_told: bool,
    waiting_told: bool,
    /// Whether the spill under way may end before the next one is to begin.
    may_end: bool,
    /// What came into the buffer since it was last empty.
    arrived: Pairs,
    line: Option<OpenLine>,
    /// The pass under way.
    pass: Option<MergeView>,
    /// How much of a compressed file's text was decoded.
    text_from: u64,
    lines_over: bool,
}

/// A line, or what is kept for the end, as far as it was mapped and not yet told.
struct OpenLine {
    /// The line's number, place and text; nothing for what is kept for the end.
    place: Option<(u64, PieceView, u64, u64, String)>,
    goes_on: bool,
    first_pair: u64,
    all_pairs: u64,
    pairs: Vec<PairView>,
}

impl MapReplay {
    /// A map attempt at its beginning.
    pub(super) fn new(material: Arc<Material>, script: Arc<Script>) -> Option<MapReplay> {
        let TaskId { index, .. } = script.attempt.task;
        let spec = MapSpec {
            id: script.attempt,
            node: script.node,
            split: material.splits.get(&index)?.clone(),
            blocks: read_from(&material.blocks, &script),
            config: material.config.clone(),
            topology: material.topology.clone(),
        };
        let mut attempt = MapAttempt::new(spec, Cause::NONE);
        if let Some(byte) = script.poison {
            attempt.poison(byte);
        }
        Some(MapReplay {
            attempt,
            recorder: Recorder::new(Level::Tasks),
            begun: false,
            over: false,
            read: None,
            spills_begun: 0,
            spill_told: false,
            waiting_told: false,
            may_end: false,
            arrived: Pairs::of(&material.config),
            line: None,
            pass: None,
            text_from: 0,
            lines_over: false,
            material,
            script,
        })
    }

    /// Its segments, once it is done.
    pub(super) fn output(&self) -> &[Segment] {
        self.attempt.output()
    }

    /// Does a little, and tells of the steps that it came to; says whether there is more. Gives the
    /// bytes that it worked on.
    pub(super) fn turn(&mut self, told: &mut Told) -> (bool, u64) {
        if self.over {
            return (false, 0);
        }
        if !std::mem::replace(&mut self.begun, true) {
            self.begin(told);
            return (true, 0);
        }
        let bytes = self.go_on(told);
        (!self.over, bytes)
    }

    fn begin(&mut self, told: &mut Told) {
        self.attempt.launch(&mut self.recorder);
        let (material, recorded) = (self.material.clone(), self.is_recorded());
        let index = self.script.attempt.task.index;
        let config = &material.config;
        let pieces = || {
            let split = material.splits.get(&index);
            let pieces = split.map_or(&[][..], |split| &split.pieces);
            pieces.iter().map(|piece| material.piece_view(*piece)).collect()
        };
        told.tell(None, |_| Did::BeginMap {
            pieces: pieces(),
            reducers: config.reducers,
            combiner: config.combines(),
            recorded,
        });
    }

    fn go_on(&mut self, told: &mut Told) -> u64 {
        if let Some(read) = self.read.take() {
            return self.arrive(read, told);
        }
        if self.attempt.error().is_some() {
            self.throw(told);
            return 0;
        }
        if self.attempt.is_done() || self.attempt.is_asking() {
            self.end(told);
            return 0;
        }
        if self.is_as_far_as_it_got() {
            self.tell_line(told);
            self.over = true;
            told.tell(self.buffer(), |_| Did::SoFar);
            return 0;
        }
        if self.attempt.spilling().is_some() && !self.is_held() {
            return self.spill_on(told);
        }
        self.main(told)
    }

    /// What it asked for is here.
    fn arrive(&mut self, read: Read, told: &mut Told) -> u64 {
        let Source::Input { block, offset, bytes } = read.source else { return 0 };
        let data = self.bytes_of(&read.source);
        self.attempt.arrived(Served::Input(data), &mut self.recorder);
        let piece = self.piece();
        let locality = self.material.topology.locality(self.script.node, read.from);
        let from = read.from;
        told.tell(self.buffer(), |_| Did::Read { piece, offset, bytes, block, from, locality });
        self.hear(told);
        bytes
    }

    /// Goes on with the spill under way: to all but its end, and then to its end.
    fn spill_on(&mut self, told: &mut Told) -> u64 {
        let Some(spill) = self.attempt.spilling() else { return 0 };
        if !spill.is_written() {
            self.attempt.step(Lane::Spill, SLICE, &mut self.recorder);
            return SLICE.bytes;
        }
        if !std::mem::replace(&mut self.spill_told, true) {
            self.tell_spill(told);
            self.may_end = self.begins_the_same();
            return 0;
        }
        let is_early = self.next_begins().is_none_or(|at| self.emitted() < at);
        if self.attempt.is_blocked() && is_early {
            // The run's own spill had ended by then, and left room.
            self.attempt.forget_due();
        } else if self.attempt.is_blocked() && !std::mem::replace(&mut self.waiting_told, true) {
            self.tell_line(told);
            let spill = self.spill_number();
            told.tell(self.buffer(), |_| Did::Wait { spill });
        }
        self.attempt.step(Lane::Spill, NOTHING, &mut self.recorder);
        self.hear(told);
        0
    }

    /// The main lane's next step.
    fn main(&mut self, told: &mut Told) -> u64 {
        self.attempt.begin_due(&mut self.recorder);
        if self.hear(told) {
            return 0;
        }
        if self.pass.is_some() || self.attempt.merging().is_some() {
            return self.merge(told);
        }
        let wants_pairs = told.wants() || self.arrived.has_room();
        let copy = wants_pairs.then(|| copied(&self.attempt));
        let number = self.attempt.lines_mapped();
        match self.attempt.upcoming() {
            Upcoming::Portion => self.portion(told),
            Upcoming::Line(file, line) => {
                let (start, next) = (line.start, line.next);
                let text = if told.wants() { line_text(line.text) } else { String::new() };
                let record = Record { file: file.0, offset: start, text: line.text };
                let pairs = copy.map(|copy| collect(copy, record)).unwrap_or_default();
                self.map_line(told, (number, start, next, text), pairs);
                next - start
            }
            Upcoming::NextPiece => {
                self.end_piece(told, true);
                self.portion(told)
            }
            Upcoming::EndOfLines => self.end_lines(told),
            Upcoming::After => {
                self.attempt.step(Lane::Main, NOTHING, &mut self.recorder);
                self.hear(told);
                0
            }
        }
    }

    /// Asks for the next bytes, or decodes some of those that are here.
    fn portion(&mut self, told: &mut Told) -> u64 {
        if let Some(bytes) = self.attempt.decode_on(self.material.budget) {
            if bytes > 0 {
                let from = self.text_from;
                self.text_from += bytes;
                told.tell(self.buffer(), |_| Did::Decode { from, bytes });
            }
            return bytes;
        }
        if self.attempt.error().is_none() {
            let work = self.attempt.step(Lane::Main, self.material.budget, &mut self.recorder);
            self.read = work.and_then(|work| work.read);
        }
        self.hear(told);
        0
    }

    /// Maps a line, or as much of it as finds room before the next spill.
    fn map_line(
        &mut self,
        told: &mut Told,
        (number, start, next, text): (u64, u64, u64, String),
        pairs: Vec<Pair>,
    ) {
        let (before, lines) = (self.emitted(), self.attempt.lines_mapped());
        let goes_on = self.attempt.mapper().1 > 0;
        let budget = Budget { records: 1, bytes: self.line_bytes() };
        self.attempt.step(Lane::Main, budget, &mut self.recorder);
        let emitted = self.emitted() - before;
        let is_whole = self.attempt.lines_mapped() > lines;
        if (emitted > 0 || is_whole) && self.line.is_none() {
            let place = Some((number, self.piece(), start, next, text));
            self.line = Some(OpenLine::new(place, goes_on, before));
        }
        self.take_pairs(pairs, emitted, told.wants());
        if is_whole {
            self.tell_line(told);
        }
        self.hear(told);
    }

    /// So many of these pairs were emitted.
    fn take_pairs(&mut self, pairs: Vec<Pair>, emitted: u64, wants: bool) {
        let config = self.material.config.clone();
        if let Some(line) = &mut self.line {
            line.all_pairs += emitted;
            if wants {
                let emitted = usize::try_from(emitted).unwrap_or(usize::MAX);
                line.pairs.extend(views(&config, pairs.iter().take(emitted)));
                line.pairs.truncate(PAIRS_MAX);
            }
        }
        self.arrived.take(pairs, emitted);
    }

    /// How much the next line may emit in one go: not past the record at which the next spill
    /// began, since each record has a byte at least.
    fn line_bytes(&self) -> u64 {
        let left = self.next_begins().map(|at| at.saturating_sub(self.emitted()));
        match left.filter(|_| self.attempt.spilling().is_some()) {
            Some(left) => left.clamp(1, LINE_BYTES_MAX),
            None => LINE_BYTES_MAX,
        }
    }

    /// The lines are over: what was kept is emitted.
    fn end_lines(&mut self, told: &mut Told) -> u64 {
        if !std::mem::replace(&mut self.lines_over, true) {
            self.end_piece(told, false);
        }
        let before = self.emitted();
        if self.line.is_none() {
            self.line = Some(OpenLine::new(None, false, before));
        }
        let pairs = kept(&self.attempt);
        self.attempt.step(Lane::Main, NOTHING, &mut self.recorder);
        self.take_pairs(pairs, self.emitted() - before, told.wants());
        if !self.attempt.is_in_line() {
            self.tell_line(told);
        }
        self.hear(told);
        0
    }

    /// Goes on with the merge: begins a pass, or takes a slice of it.
    fn merge(&mut self, told: &mut Told) -> u64 {
        let budget = if self.pass.is_some() { SLICE } else { NOTHING };
        self.attempt.step(Lane::Main, budget, &mut self.recorder);
        let view = self.attempt.merging();
        let is_running = view.as_ref().is_some_and(|view| view.running.is_some());
        if !is_running && let Some(pass) = self.pass.take() {
            self.tell_pass(told, &pass, view.as_ref());
        }
        if is_running && self.pass.is_none() {
            self.pass = view;
        }
        self.hear(told);
        SLICE.bytes
    }
}

impl OpenLine {
    fn new(
        place: Option<(u64, PieceView, u64, u64, String)>,
        goes_on: bool,
        first_pair: u64,
    ) -> OpenLine {
        OpenLine { place, goes_on, first_pair, all_pairs: 0, pairs: Vec::new() }
    }
}

/// The blocks, each to be read from where the run read it; one that has no replica left, from the
/// attempt's own node.
fn read_from(blocks: &Arc<[BlockAt]>, script: &Script) -> Arc<[BlockAt]> {
    let of = |block: &BlockAt| {
        let opened = script.opened.iter().find(|(opened, _)| *opened == block.id);
        let replicas = match opened {
            Some((_, from)) => vec![*from],
            None if block.replicas.is_empty() => vec![script.node],
            None => block.replicas.clone(),
        };
        BlockAt { replicas, ..block.clone() }
    };
    blocks.iter().map(of).collect()
}

pub(super) fn count(items: usize) -> u32 {
    u32::try_from(items).unwrap_or(u32::MAX)
}
