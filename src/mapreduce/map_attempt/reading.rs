//! Reading: how a map attempt gets its split, portion by portion, from the nearest replica that can be
//! read.

use super::{MapAttempt, PastEnd, State};
use crate::base::gzip::Corrupt;
use crate::base::{Codec, Level, NodeId};
use crate::mapreduce::attempt::{Budget, Work};
use crate::mapreduce::messages::{BlockAt, Served, Source};
use crate::mapreduce::reader::LineReader;
use crate::mapreduce::split::Piece;
use crate::trace::event::Phase;
use crate::trace::failure::{FailureEvent, ReadError, TaskError};
use crate::trace::{BatchEvent, Recorder};

/// Past the split's end only the rest of a line is wanted, so the portions are this much smaller.
const PORTIONS_PAST_END: u64 = 16;

/// But not smaller than this.
const PORTION_BYTES_MIN: u64 = 64;

/// Text that one step decodes at the most, so that no call runs long.
const DECODED_BYTES_MAX: usize = 128 << 10;

impl MapAttempt {
    /// Opens the split.
    pub(super) fn open(&mut self, budget: Budget, recorder: &mut Recorder) -> Option<Work> {
        self.journal.enter(recorder, Phase::Map);
        self.open_piece();
        self.step_main(budget, recorder)
    }

    /// Opens the piece that comes next. Each piece of a combined split has a reader of its own
    /// (`CombineFileRecordReader.initNextRecordReader`).
    fn open_piece(&mut self) {
        let Some(piece) = self.piece() else { return };
        let last = self.spec.blocks.iter().rfind(|block| block.file == piece.file);
        let length = last.map_or(0, |block| block.offset + block.length);
        self.decoder = (!piece.codec.is_plain()).then(Box::default);
        self.reader = Some(match &self.decoder {
            Some(_) => LineReader::of_whole(),
            None => LineReader::new(piece.offset, piece.end(), length),
        });
        self.past_end = PastEnd::NotMet;
        self.fetched = 0;
        self.state = State::Mapping;
    }

    /// A piece has no more lines: the next one is opened.
    pub(super) fn end_piece(&mut self) {
        if let Some(next) = self.next_piece() {
            self.piece = next;
            self.open_piece();
        }
    }

    /// The piece after this one, if there is one with anything in it.
    pub(super) fn next_piece(&self) -> Option<usize> {
        let after = self.spec.split.pieces.iter().enumerate().skip(self.piece + 1);
        after.filter(|(_, piece)| piece.length > 0).map(|(place, _)| place).next()
    }

    /// The piece of its split that it reads.
    pub(super) fn piece(&self) -> Option<Piece> {
        self.spec.split.pieces.get(self.piece).copied()
    }

    /// The same, by its number.
    pub(super) fn piece_number(&self) -> u32 {
        u32::try_from(self.piece).unwrap_or(u32::MAX)
    }

    /// Where the piece that it reads ends in its file's text; a compressed one is the whole of it.
    pub(super) fn piece_end(&self) -> u64 {
        self.piece().map_or(0, |piece| match piece.codec {
            Codec::Plain => piece.end(),
            Codec::Gzip => u64::MAX,
        })
    }

    /// Asks for the next portion, which reaches no further than its block.
    pub(super) fn read(&mut self, budget: Budget, recorder: &mut Recorder) -> Option<Work> {
        if self.decoder.is_some() && self.decode(budget) {
            return self.after_decoding(budget, recorder);
        }
        let at = match self.decoder {
            Some(_) => self.fetched,
            None => self.reader.as_ref()?.fed(),
        };
        let (blocks, file) = (self.spec.blocks.clone(), self.piece()?.file);
        let is_before = |block: &BlockAt| (block.file, block.offset + block.length) <= (file, at);
        let block = blocks.get(blocks.partition_point(is_before))?;
        let Some(from) = self.choose_replica(block, recorder) else {
            self.error = Some(TaskError::BlockMissing { block: block.id });
            return None;
        };
        let bytes = self.portion(at, budget).min(block.offset + block.length - at);
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

    /// Decodes more of a compressed file's text for the reader; says whether it is not more of the
    /// file that is needed first.
    pub(super) fn decode(&mut self, budget: Budget) -> bool {
        let most = usize::try_from(budget.bytes).unwrap_or(usize::MAX).min(DECODED_BYTES_MAX);
        let Some(piece) = self.piece() else { return true };
        let (Some(decoder), Some(reader)) = (&mut self.decoder, &mut self.reader) else {
            return true;
        };
        let decoded = decoder.decode(most).and_then(|text| {
            let is_over = text.is_empty() && self.fetched >= piece.length;
            if is_over {
                decoder.finish()?;
            }
            Ok((text, is_over))
        });
        self.decoded = 0;
        match decoded {
            Ok((_, true)) => reader.end_here(),
            Ok((text, false)) if text.is_empty() => return false,
            Ok((text, false)) => {
                self.decoded = text.len() as u64;
                reader.feed(text.into());
            }
            Err(Corrupt { offset, .. }) => {
                self.error = Some(TaskError::CorruptInput { file: piece.file, offset });
            }
        }
        true
    }

    /// What was decoded is mapped next, once its time is spent.
    fn after_decoding(&mut self, budget: Budget, recorder: &mut Recorder) -> Option<Work> {
        if self.error.is_some() {
            return None;
        }
        self.state = State::Mapping;
        match self.decoded {
            0 => self.step_main(budget, recorder),
            bytes => Some(Work::codec(bytes)),
        }
    }

    /// How many bytes to ask for from here on.
    fn portion(&self, at: u64, budget: Budget) -> u64 {
        let end = match self.decoder {
            Some(_) => self.piece().map_or(0, |piece| piece.length),
            None => self.piece_end(),
        };
        if at < end {
            budget.bytes.clamp(1, end - at)
        } else {
            (budget.bytes / PORTIONS_PAST_END).max(PORTION_BYTES_MIN)
        }
    }

    /// What it asked for is here.
    pub fn arrived(&mut self, served: Served, recorder: &mut Recorder) {
        let State::Fetching { bytes, .. } = self.state else { return };
        let portion = match served {
            Served::Input(portion) if portion.len() as u64 == bytes => portion,
            Served::Input(_) | Served::Segment(_) => {
                return self.read_failed(ReadError::NotFound, recorder);
            }
        };
        if let Some(decoder) = &mut self.decoder {
            self.fetched += portion.len() as u64;
            decoder.feed(portion);
            // What comes of it is decoded before it is mapped.
            self.state = State::Reading;
            return;
        }
        let at_start = self.piece().is_none_or(|piece| piece.offset == 0);
        let Some(reader) = &mut self.reader else { return };
        let in_head = reader.skipped().is_none();
        reader.feed(portion);
        let skipped = reader.skipped().filter(|_| in_head);
        self.state = State::Mapping;
        if let Some(bytes) = skipped.filter(|bytes| *bytes > 0 && !at_start) {
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
