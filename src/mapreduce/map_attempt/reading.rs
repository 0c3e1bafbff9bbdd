//! Reading: how a map attempt gets its split, piece by piece, from the nearest replica that can be
//! read.

use super::{MapAttempt, State};
use crate::base::{Level, NodeId};
use crate::mapreduce::attempt::{Budget, Work};
use crate::mapreduce::messages::{BlockAt, Served, Source};
use crate::mapreduce::reader::LineReader;
use crate::trace::event::Phase;
use crate::trace::failure::{FailureEvent, ReadError, TaskError};
use crate::trace::{BatchEvent, Recorder};

/// Past the split's end only the rest of a line is wanted, so the pieces are this much smaller.
const PIECES_PAST_END: u64 = 16;

/// But not smaller than this.
const PIECE_BYTES_MIN: u64 = 64;

impl MapAttempt {
    /// Opens the split.
    pub(super) fn open(&mut self, budget: Budget, recorder: &mut Recorder) -> Option<Work> {
        self.journal.enter(recorder, Phase::Map);
        let length = self.spec.blocks.last().map_or(0, |block| block.offset + block.length);
        let split = &self.spec.split;
        self.reader = Some(LineReader::new(split.offset, split.end(), length));
        self.state = State::Mapping;
        self.step_main(budget, recorder)
    }

    /// Asks for the next piece, which reaches no further than its block.
    pub(super) fn read(&mut self, budget: Budget, recorder: &mut Recorder) -> Option<Work> {
        let at = self.reader.as_ref()?.fed();
        let blocks = self.spec.blocks.clone();
        let place = blocks.partition_point(|block| block.offset + block.length <= at);
        let block = blocks.get(place)?;
        let Some(from) = self.choose_replica(block, recorder) else {
            self.error = Some(TaskError::BlockMissing { block: block.id });
            return None;
        };
        let bytes = self.piece(at, budget).min(block.offset + block.length - at);
        let source = Source::Input { block: block.id, offset: at, bytes };
        self.state = State::Fetching { block: block.id, from, bytes };
        Some(Work::read(from, source, bytes))
    }

    /// The nearest node that the block was not tried from.
    fn choose_replica(&mut self, block: &BlockAt, recorder: &mut Recorder) -> Option<NodeId> {
        let (attempt, id) = (self.spec.id, block.id);
        if self.opened.is_some_and(|(opened, _)| opened != id) {
            self.tried.clear();
        }
        let untried = block.replicas.iter().copied().filter(|node| !self.tried.contains(node));
        let untried: Vec<NodeId> = untried.collect();
        let (locality, from) = self.spec.topology.nearest(self.spec.node, &untried)?;
        if self.opened != Some((id, from)) {
            self.opened = Some((id, from));
            self.journal.record(recorder, Level::Tasks, || BatchEvent::InputOpened {
                attempt,
                block: id,
                from,
                locality,
            });
        }
        Some(from)
    }

    /// Bytes of the piece that begins here.
    fn piece(&self, at: u64, budget: Budget) -> u64 {
        let end = self.spec.split.end();
        if at < end {
            budget.bytes.clamp(1, end - at)
        } else {
            (budget.bytes / PIECES_PAST_END).max(PIECE_BYTES_MIN)
        }
    }

    /// What it asked for is here.
    pub fn arrived(&mut self, served: Served, recorder: &mut Recorder) {
        let State::Fetching { bytes, .. } = self.state else { return };
        let piece = match served {
            Served::Input(piece) if piece.len() as u64 == bytes => piece,
            Served::Input(_) | Served::Segment(_) => {
                return self.read_failed(ReadError::NotFound, recorder);
            }
        };
        let Some(reader) = &mut self.reader else { return };
        let in_head = reader.skipped().is_none();
        reader.feed(piece);
        let skipped = reader.skipped().filter(|_| in_head);
        self.state = State::Mapping;
        if let Some(bytes) = skipped.filter(|bytes| *bytes > 0 && self.spec.split.offset > 0) {
            let attempt = self.spec.id;
            self.journal.record(recorder, Level::Tasks, || BatchEvent::PartialLineSkipped {
                attempt,
                bytes,
            });
        }
    }

    /// It could not be read from there: the next replica is tried, if there is one.
    pub fn read_failed(&mut self, error: ReadError, recorder: &mut Recorder) {
        let State::Fetching { block, from, .. } = self.state else { return };
        let attempt = self.spec.id;
        self.journal.record_failure(recorder, Level::Tasks, || FailureEvent::ReadFailed {
            attempt,
            block,
            from,
            error,
        });
        self.tried.push(from);
        self.state = State::Reading;
    }
}
