//! A map attempt's work, done again by the engine and told step by step.
//!
//! Where a spill begins does not follow from the data alone: while one is under way the mapper goes
//! on, and how far depends on time. So a spill is held back here until the run's own next one
//! began, record by record (`Script`), and the engine comes to the same spills.

use super::Material;
use super::pairs::{PAIRS_MAX, Pairs, collect, kept, views};
use super::spilled;
use super::told::{Told, line_text, segment_rows};
use crate::base::{Codec, FileId, Level, PartitionId, TaskId, Time};
use crate::lab::messages::zoom::{BufferUse, Did, LineView, PairView, PieceView};
use crate::mapreduce::attempt::{Budget, Lane, Read};
use crate::mapreduce::job::Record;
use crate::mapreduce::map_attempt::{COMBINE_SPILLS_MIN, MapAttempt, MapSpec, MergeView, Upcoming};
use crate::mapreduce::messages::{BlockAt, Served, Source};
use crate::mapreduce::segment::Segment;
use crate::mapreduce::split::Piece;
use crate::trace::event::{SpillReason, Volume};
use crate::trace::failure::TaskError;
use crate::trace::script::{Reach, Script, Spilled};
use crate::trace::sentence::sentence;
use crate::trace::{BatchEvent, Cause, Event, EventKind, FailureEvent, Recorder, Seq};
use bytes::Bytes;
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

    /// Whether the run recorded where spills began.
    fn is_recorded(&self) -> bool {
        self.script.reach != Reach::Whole
            || !self.script.spills.is_empty()
            || self.material.config.is_map_only()
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

    fn throw(&mut self, told: &mut Told) {
        let Some(error) = self.attempt.error().cloned() else { return };
        self.tell_line(told);
        self.over = true;
        let error = sentence_of(&self.script, error);
        told.tell(self.buffer(), |_| Did::Throw { error });
    }

    /// Whether the attempt was no further at the moment that is looked at.
    fn is_as_far_as_it_got(&self) -> bool {
        let Reach::Lines(lines) = self.script.reach else { return false };
        let has_mapped = self.attempt.lines_mapped() >= lines;
        let stands = self.attempt.is_blocked() && self.next_begins().is_none();
        (has_mapped || stands) && self.spills_begun >= self.script.spills.len()
    }

    /// Whether a spill is under way and the mapper goes on beside it.
    fn is_held(&self) -> bool {
        let Some(spill) = self.attempt.spilling() else { return false };
        if self.is_unfinished() {
            return true;
        }
        spill.is_written() && self.spill_told && !self.should_end()
    }

    /// Whether the spill under way had not ended at the moment that is looked at.
    fn is_unfinished(&self) -> bool {
        let known = self.script.spills.get(self.spills_begun.saturating_sub(1));
        self.script.reach != Reach::Whole && known.is_none_or(|spill| spill.freed_at.is_none())
    }

    /// The spill under way ended here in the run too, or at a record that comes to the same.
    fn should_end(&self) -> bool {
        if self.attempt.is_flushing() || self.attempt.is_blocked() {
            return true;
        }
        let known = |place: usize| self.script.spills.get(place).copied();
        let freed_at = self.spills_begun.checked_sub(1).and_then(known).and_then(|it| it.freed_at);
        let is_past = self.emitted() >= freed_at.unwrap_or(0);
        match (self.next_begins(), known(self.spills_begun)) {
            (Some(at), Some(Spilled { reason, .. })) if self.emitted() >= at => match reason {
                SpillReason::Threshold | SpillReason::EndOfInput => true,
                // It was stopped for want of room first.
                SpillReason::NoRoom => false,
            },
            (Some(_), _) => is_past && self.may_end,
            (None, _) => is_past,
        }
    }

    fn emitted(&self) -> u64 {
        self.attempt.counters().map_output_records
    }

    /// How many records were emitted when the next spill began; nothing when none is known.
    fn next_begins(&self) -> Option<u64> {
        let spills = self.script.spills.get(..=self.spills_begun)?;
        Some(spills.iter().map(|spill| spill.records).sum())
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

    /// Whether the next spill begins where the run's did if the one under way ends at once: a copy
    /// of the attempt goes ahead and sees. Large buffers are not copied; there it ends late.
    fn begins_the_same(&self) -> bool {
        let next = self.script.spills.get(self.spills_begun);
        let Some(next) = next.filter(|_| self.attempt.buffer_use().0 <= COPIED_BYTES_MAX) else {
            return false;
        };
        let (mut ahead, mut recorder) = (self.attempt.clone(), Recorder::new(Level::Tasks));
        ahead.step(Lane::Spill, NOTHING, &mut recorder);
        for _ in 0..STEPS_AHEAD_MAX {
            let work = ahead.step(Lane::Main, self.material.budget, &mut recorder);
            if let Some(read) = work.and_then(|work| work.read) {
                ahead.arrived(Served::Input(self.bytes_of(&read.source)), &mut recorder);
            }
            let begun = recorder.take().into_iter().find_map(|event| match event.kind {
                EventKind::Batch(BatchEvent::SpillStarted { content, .. }) => Some(content),
                EventKind::Batch(_)
                | EventKind::World(_)
                | EventKind::Failure(_)
                | EventKind::Stream(_) => None,
            });
            if let Some(content) = begun {
                return content.records == next.records;
            }
            if work.is_none() {
                return false;
            }
        }
        false
    }

    /// The bytes that a read is about.
    fn bytes_of(&self, source: &Source) -> Bytes {
        let Source::Input { block, offset, bytes } = *source else { return Bytes::new() };
        let found = self.material.blocks.iter().find(|found| found.id == block);
        let data = found.and_then(|found| self.material.files.slice(found.file, offset, bytes));
        data.unwrap_or_default()
    }

    /// The number of the spill under way.
    fn spill_number(&self) -> u32 {
        u32::try_from(self.spills_begun.saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// The sort, the combiner and the segments of the spill under way.
    fn tell_spill(&mut self, told: &mut Told) {
        let (number, buffer) = (self.spill_number(), self.buffer());
        let empty = Pairs::of(&self.material.config);
        let arrived = std::mem::replace(&mut self.arrived, empty);
        let Some(spill) = self.attempt.spilling() else { return };
        let config = &self.material.config;
        spilled::tell(told, config, (number, spill), &arrived, buffer);
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
        let number = self.attempt.lines_mapped();
        match self.attempt.upcoming() {
            Upcoming::Portion => self.portion(told),
            Upcoming::Line(file, line) => {
                let (start, next) = (line.start, line.next);
                let text = (told.wants() || self.line.is_some()).then(|| line_text(line.text));
                let whole = line.text.to_vec();
                let text = text.unwrap_or_default();
                self.map_line(told, (file, number, start, next, text), &whole);
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
        (file, number, start, next, text): (FileId, u64, u64, u64, String),
        whole: &[u8],
    ) {
        let (before, lines) = (self.emitted(), self.attempt.lines_mapped());
        let goes_on = self.attempt.mapper().1 > 0;
        let wants = told.wants();
        let mut pairs = Vec::new();
        if wants || self.arrived.has_room() {
            let record = Record { file: file.0, offset: start, text: whole };
            pairs = collect(&self.attempt, record);
        }
        let budget = Budget { records: 1, bytes: self.line_bytes() };
        self.attempt.step(Lane::Main, budget, &mut self.recorder);
        let emitted = self.emitted() - before;
        let is_whole = self.attempt.lines_mapped() > lines;
        if (emitted > 0 || is_whole) && self.line.is_none() {
            let place = Some((number, self.piece(), start, next, text));
            self.line = Some(OpenLine::new(place, goes_on, before));
        }
        self.take_pairs(pairs, emitted, wants);
        if is_whole {
            self.tell_line(told);
        }
        self.hear(told);
    }

    /// So many of these pairs were emitted.
    fn take_pairs(&mut self, pairs: Vec<(Vec<u8>, Vec<u8>)>, emitted: u64, wants: bool) {
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

    fn end_piece(&mut self, told: &mut Told, more: bool) {
        let Some((piece, position)) = self.attempt.place() else { return };
        let piece = self.material.piece_view(piece);
        self.text_from = 0;
        told.tell(self.buffer(), |_| Did::EndOfPiece { piece, position, more });
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

    /// A pass is over.
    fn tell_pass(&mut self, told: &mut Told, pass: &MergeView, after: Option<&MergeView>) {
        let Some((inputs, last)) = pass.running else { return };
        let written = after.and_then(|view| match last {
            true => view.merged.last(),
            false => view.segments.first(),
        });
        let written = written.cloned().unwrap_or_default();
        let config = &self.material.config;
        let partition = PartitionId(pass.partition);
        let before: Volume = pass.segments.iter().take(inputs).map(Segment::volume).sum();
        told.tell(None, |from| Did::MergePass {
            partition,
            pass: pass.pass,
            segments: count(pass.segments.len()),
            inputs: count(inputs),
            factor: config.sort_factor,
            last,
            combines: last && pass.combines,
            before,
            after: written.volume(),
            rows: segment_rows(config.job.shape(), &[written], partition, from),
        });
    }

    fn end(&mut self, told: &mut Told) {
        self.over = true;
        let counters = self.attempt.counters();
        if self.material.config.is_map_only() {
            let written = self.attempt.written_lines();
            told.tell(None, |_| Did::EndMapOnly { written, counters });
            return;
        }
        let segments = self.attempt.output().iter().map(Segment::volume).collect();
        let spills = count(self.spills_begun);
        told.tell(None, |_| Did::EndMap { spills, segments, counters });
    }

    /// Tells of the line that is open, if there is anything to tell.
    fn tell_line(&mut self, told: &mut Told) {
        let Some(line) = self.line.take() else { return };
        let stops = self.attempt.is_in_line();
        let OpenLine { place, goes_on, first_pair, all_pairs, pairs } = line;
        let buffer = self.buffer();
        match place {
            Some((number, piece, start, next, text)) => told.tell(buffer, |_| {
                Did::Line(Box::new(LineView {
                    number,
                    piece,
                    start,
                    next,
                    text,
                    goes_on,
                    stops,
                    first_pair,
                    pairs,
                    all_pairs,
                }))
            }),
            None if all_pairs > 0 => {
                told.tell(buffer, |_| Did::Kept { first_pair, pairs, all_pairs });
            }
            None => {}
        }
    }

    /// Tells of what the engine recorded; says whether a spill began or ended.
    fn hear(&mut self, told: &mut Told) -> bool {
        let mut has_spilled = false;
        for event in self.recorder.take() {
            let EventKind::Batch(event) = event.kind else { continue };
            has_spilled |= self.on_event(&event, told);
        }
        has_spilled
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the other events are told as steps")]
    fn on_event(&mut self, event: &BatchEvent, told: &mut Told) -> bool {
        match *event {
            BatchEvent::PartialLineSkipped { bytes, .. } => self.tell_skip(bytes, told),
            BatchEvent::SpillStarted { spill, reason, content, .. } => {
                self.tell_line(told);
                (self.spill_told, self.waiting_told) = (false, false);
                self.spills_begun += 1;
                let (arrived, config) = (&self.arrived, &self.material.config);
                let rows = |from| arrived.rows(config, content.records, from);
                told.tell(self.buffer(), |from| Did::BeginSpill {
                    spill,
                    reason,
                    content,
                    rows: rows(from),
                });
                if self.is_unfinished() {
                    self.arrived = Pairs::of(config);
                }
                return true;
            }
            BatchEvent::SpillFinished { spill, before, after, .. } => {
                self.tell_line(told);
                told.tell(self.buffer(), |_| Did::EndSpill { spill, before, after });
                return true;
            }
            BatchEvent::MergeStarted { inputs, .. } => {
                let config = &self.material.config;
                let combines_from = count(COMBINE_SPILLS_MIN);
                let combines = config.combines() && inputs >= combines_from;
                let factor = config.sort_factor;
                told.tell(None, |_| Did::BeginMerge {
                    spills: inputs,
                    factor,
                    combines,
                    combines_from,
                });
                self.pass = self.attempt.merging().filter(|view| view.running.is_some());
            }
            _ => {}
        }
        false
    }

    fn tell_skip(&mut self, bytes: u64, told: &mut Told) {
        let Some((piece, _)) = self.attempt.place() else { return };
        let text = self.material.files.slice(piece.file, piece.offset, bytes);
        let text = line_text(&text.unwrap_or_default());
        let piece = self.material.piece_view(piece);
        told.tell(self.buffer(), |_| Did::Skip { piece, bytes, text });
    }

    fn piece(&self) -> PieceView {
        let piece = self.attempt.place().map(|(piece, _)| piece);
        piece.map_or_else(PieceView::nothing, |piece| self.material.piece_view(piece))
    }

    fn buffer(&self) -> Option<BufferUse> {
        let config = &self.material.config;
        let (leaving, filling) = self.attempt.buffer_use();
        let (capacity, threshold) = (config.sort_buffer_bytes, config.spill_threshold());
        let here = BufferUse { leaving, filling, capacity, threshold };
        (!config.is_map_only()).then_some(here)
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

impl Material {
    /// A piece of a split, as it is told.
    pub(super) fn piece_view(&self, piece: Piece) -> PieceView {
        let file = self.files.get(piece.file);
        PieceView {
            file: piece.file,
            name: file.map(|file| file.name.to_string()).unwrap_or_default(),
            codec: piece.codec,
            offset: piece.offset,
            end: piece.end(),
            length: file.map_or(0, |file| file.length()),
        }
    }
}

impl PieceView {
    fn nothing() -> PieceView {
        PieceView {
            file: FileId(0),
            name: String::new(),
            codec: Codec::Plain,
            offset: 0,
            end: 0,
            length: 0,
        }
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

/// What an attempt says when it throws.
fn sentence_of(script: &Script, error: TaskError) -> String {
    let (attempt, node) = (script.attempt, Some(script.node));
    let kind = EventKind::Failure(FailureEvent::AttemptThrew { attempt, error });
    sentence(&Event { seq: Seq(0), at: Time::ZERO, node, kind, cause: None })
}

pub(super) fn count(items: usize) -> u32 {
    u32::try_from(items).unwrap_or(u32::MAX)
}
