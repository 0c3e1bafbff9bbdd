//! A map attempt as someone sees it who steps through it: what it is about to do, and what it has.
//! Nothing here does any of its work, but begins or ends what is due, so that each is seen alone.

use super::merging::MapMerge;
use super::{MapAttempt, State};
use crate::base::FileId;
use crate::mapreduce::attempt::Budget;
use crate::mapreduce::job::Mapper;
use crate::mapreduce::reader::{Line, Peek};
use crate::mapreduce::segment::Segment;
use crate::mapreduce::spill::SpillRun;
use crate::mapreduce::split::Piece;
use crate::trace::Recorder;
use crate::trace::event::Volume;

/// What the main lane does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upcoming<'a> {
    /// It asks for bytes of its piece.
    Portion,
    /// It maps a line of a file, or goes on with it.
    Line(FileId, Line<'a>),
    /// It opens the next piece.
    NextPiece,
    /// Its lines are over: it emits what it kept, and then flushes.
    EndOfLines,
    /// It flushes, merges, or is done.
    After,
}

/// A merge of spills, between its slices.
#[derive(Clone, Debug)]
pub struct MergeView {
    /// The partition under way.
    pub partition: u32,
    /// The pass over it, from 1.
    pub pass: u32,
    /// Its segments before the pass that is under way.
    pub segments: Vec<Segment>,
    /// The pass under way: how many of the segments it reads, and whether it is the last.
    pub running: Option<(usize, bool)>,
    /// Whether the combiner runs again in last passes.
    pub combines: bool,
    /// What the partitions before came to.
    pub merged: Vec<Segment>,
}

impl MapAttempt {
    /// What the main lane does next.
    pub fn upcoming(&mut self) -> Upcoming<'_> {
        match self.state {
            State::Launching | State::Reading => return Upcoming::Portion,
            State::Mapping | State::Blocked => {}
            State::Fetching { .. }
            | State::Flushing
            | State::Merging(_)
            | State::Asking
            | State::Done => return Upcoming::After,
        }
        let file = self.piece().map(|piece| piece.file).unwrap_or_default();
        let has_more = self.next_piece().is_some();
        match self.reader.as_mut().map(super::LineReader::peek) {
            None | Some(Peek::More) => Upcoming::Portion,
            Some(Peek::Line(line)) => Upcoming::Line(file, line),
            Some(Peek::End) if has_more => Upcoming::NextPiece,
            Some(Peek::End) => Upcoming::EndOfLines,
        }
    }

    /// The piece that it reads, and where in the file's text its next line begins.
    pub fn place(&self) -> Option<(Piece, u64)> {
        let piece = self.piece()?;
        Some((piece, self.reader.as_ref().map_or(piece.offset, super::LineReader::position)))
    }

    /// Decodes more of a compressed file's text, if there is some to decode before more of the
    /// file is needed: how many bytes of text came.
    pub fn decode_on(&mut self, budget: Budget) -> Option<u64> {
        if !matches!(self.state, State::Reading | State::Mapping) || self.decoder.is_none() {
            return None;
        }
        let has_decoded = self.decode(budget) && self.error.is_none();
        if has_decoded {
            self.state = State::Mapping;
        }
        has_decoded.then_some(self.decoded)
    }

    /// The mapper, which stands in its line where `resume` says.
    pub fn mapper(&self) -> (&Mapper, usize) {
        (&self.mapper, self.resume.unwrap_or(0))
    }

    /// Whether it was stopped within a line.
    pub fn is_in_line(&self) -> bool {
        self.resume.is_some()
    }

    /// Lines that it has mapped.
    pub fn lines_mapped(&self) -> u64 {
        self.input.records
    }

    /// Whether the next pair finds no room.
    pub fn is_blocked(&self) -> bool {
        matches!(self.state, State::Blocked)
    }

    /// Whether its input is over, and it waits for its last spill.
    pub fn is_flushing(&self) -> bool {
        matches!(self.state, State::Flushing)
    }

    /// Bytes of the buffer in use: by the spill under way, and by what was emitted since.
    pub fn buffer_use(&self) -> (u64, u64) {
        let leaving = self.spilling.as_ref().map_or(0, |(spill, _)| spill.accounted_bytes());
        (leaving, self.buffer.accounted_bytes())
    }

    /// The spill under way.
    pub fn spilling(&self) -> Option<&SpillRun> {
        self.spilling.as_ref().map(|(spill, _)| spill)
    }

    /// How many spills are over.
    pub fn spills_done(&self) -> usize {
        self.spills.len()
    }

    /// Begins a spill that is due, as the main lane's next step would.
    pub fn begin_due(&mut self, recorder: &mut Recorder) {
        self.begin_due_spill(recorder);
    }

    /// Forgets that a spill is due: it was stopped for want of room that a spill under way had
    /// given free by then, where the one who drives it knows better.
    pub fn forget_due(&mut self) {
        self.spill_due = None;
    }

    /// The merge under way.
    pub fn merging(&self) -> Option<MergeView> {
        match &self.state {
            State::Merging(merge) => Some(merge.view()),
            State::Launching
            | State::Reading
            | State::Fetching { .. }
            | State::Mapping
            | State::Blocked
            | State::Flushing
            | State::Asking
            | State::Done => None,
        }
    }

    /// What a map without reduces has written.
    pub fn written_lines(&self) -> Volume {
        self.written()
    }
}

impl MapMerge {
    fn view(&self) -> MergeView {
        MergeView {
            partition: u32::try_from(self.merged.len()).unwrap_or(u32::MAX),
            pass: self.pass,
            segments: self.segments.clone(),
            running: self.running.as_ref().map(|run| (run.inputs, run.last)),
            combines: self.combiner.is_some(),
            merged: self.merged.clone(),
        }
    }
}
