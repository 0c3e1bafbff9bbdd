//! The steps of a map's replay, as they are told.

use super::{MapReplay, OpenLine, count};
use crate::base::{Codec, FileId, PartitionId, Time};
use crate::lab::messages::zoom::{BufferUse, Did, LineView, PieceView};
use crate::lab::zoom::pairs::Pairs;
use crate::lab::zoom::told::{Told, line_text, segment_rows};
use crate::lab::zoom::{Material, spilled};
use crate::mapreduce::map_attempt::{COMBINE_SPILLS_MIN, MergeView};
use crate::mapreduce::segment::Segment;
use crate::mapreduce::split::Piece;
use crate::trace::event::Volume;
use crate::trace::failure::TaskError;
use crate::trace::script::Script;
use crate::trace::sentence::sentence;
use crate::trace::{BatchEvent, Event, EventKind, FailureEvent, Seq};

impl MapReplay {
    pub(super) fn throw(&mut self, told: &mut Told) {
        let Some(error) = self.attempt.error().cloned() else { return };
        self.tell_line(told);
        self.over = true;
        let error = sentence_of(&self.script, error);
        told.tell(self.buffer(), |_| Did::Throw { error });
    }

    /// The number of the spill under way.
    pub(super) fn spill_number(&self) -> u32 {
        u32::try_from(self.spills_begun.saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// The sort, the combiner and the segments of the spill under way.
    pub(super) fn tell_spill(&mut self, told: &mut Told) {
        let (number, buffer) = (self.spill_number(), self.buffer());
        let empty = Pairs::of(&self.material.config);
        let arrived = std::mem::replace(&mut self.arrived, empty);
        let Some(spill) = self.attempt.spilling() else { return };
        let config = &self.material.config;
        spilled::tell(told, config, (number, spill), &arrived, buffer);
    }

    pub(super) fn end_piece(&mut self, told: &mut Told, more: bool) {
        let Some((piece, position)) = self.attempt.place() else { return };
        let piece = self.material.piece_view(piece);
        self.text_from = 0;
        told.tell(self.buffer(), |_| Did::EndOfPiece { piece, position, more });
    }

    /// A pass is over.
    pub(super) fn tell_pass(
        &mut self,
        told: &mut Told,
        pass: &MergeView,
        after: Option<&MergeView>,
    ) {
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

    pub(super) fn end(&mut self, told: &mut Told) {
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
    pub(super) fn tell_line(&mut self, told: &mut Told) {
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
    pub(super) fn hear(&mut self, told: &mut Told) -> bool {
        let mut has_spilled = false;
        for event in self.recorder.take() {
            let EventKind::Batch(event) = event.kind else { continue };
            has_spilled |= self.on_event(&event, told);
        }
        has_spilled
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the other events are told as steps")]
    pub(super) fn on_event(&mut self, event: &BatchEvent, told: &mut Told) -> bool {
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

    pub(super) fn tell_skip(&mut self, bytes: u64, told: &mut Told) {
        let Some((piece, _)) = self.attempt.place() else { return };
        let text = self.material.files.slice(piece.file, piece.offset, bytes);
        let text = line_text(&text.unwrap_or_default());
        let piece = self.material.piece_view(piece);
        told.tell(self.buffer(), |_| Did::Skip { piece, bytes, text });
    }

    pub(super) fn piece(&self) -> PieceView {
        let piece = self.attempt.place().map(|(piece, _)| piece);
        piece.map_or_else(PieceView::nothing, |piece| self.material.piece_view(piece))
    }

    pub(super) fn buffer(&self) -> Option<BufferUse> {
        let config = &self.material.config;
        let (leaving, filling) = self.attempt.buffer_use();
        let (capacity, threshold) = (config.sort_buffer_bytes, config.spill_threshold());
        let here = BufferUse { leaving, filling, capacity, threshold };
        (!config.is_map_only()).then_some(here)
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

/// What an attempt says when it throws.
fn sentence_of(script: &Script, error: TaskError) -> String {
    let (attempt, node) = (script.attempt, Some(script.node));
    let kind = EventKind::Failure(FailureEvent::AttemptThrew { attempt, error });
    sentence(&Event { seq: Seq(0), at: Time::ZERO, node, kind, cause: None })
}
