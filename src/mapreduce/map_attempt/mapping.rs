//! Mapping: what the main lane of a map attempt does with the lines that are read.

use super::sink::Sink;
use super::{MapAttempt, PastEnd, State};
use crate::base::{FileId, Level};
use crate::mapreduce::attempt::{Budget, Stage, Work};
use crate::mapreduce::job::{BadRecord, Record};
use crate::mapreduce::reader::{LineReader, Peek};
use crate::trace::event::{Phase, SpillReason, Volume};
use crate::trace::failure::TaskError;
use crate::trace::{BatchEvent, Recorder};

/// Why mapping stopped where it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The budget is spent.
    Pause,
    /// The next line is not read yet.
    More,
    /// The piece has no more lines, but its split has more pieces.
    EndOfPiece,
    /// The split has no more lines.
    End,
    /// The buffer crossed its threshold.
    Threshold,
    /// The next pair found no room.
    NoRoom,
    /// The next line can't be mapped.
    Throw(TaskError),
}

impl MapAttempt {
    /// Maps lines that are read, until they end, the budget is spent, or the buffer says stop.
    pub(super) fn map(&mut self, budget: Budget, recorder: &mut Recorder) -> Option<Work> {
        let mut reader = self.reader.take()?;
        let (before, written) = (self.place_in(&reader), self.lines.len());
        let stop = self.map_lines(&mut reader, budget);
        let mapped = self.place_in(&reader).saturating_sub(before);
        self.reader = Some(reader);
        self.report_past_end(recorder);
        self.state = match stop {
            Stop::NoRoom => State::Blocked,
            Stop::More => State::Reading,
            Stop::End => State::Flushing,
            Stop::EndOfPiece | Stop::Pause | Stop::Threshold | Stop::Throw(_) => State::Mapping,
        };
        self.spill_due = match stop {
            Stop::Pause | Stop::More | Stop::EndOfPiece | Stop::End | Stop::Throw(_) => {
                self.spill_due
            }
            Stop::Threshold => Some(SpillReason::Threshold),
            Stop::NoRoom => self.spill_due.or(Some(SpillReason::NoRoom)),
        };
        if mapped > 0 {
            self.unreported = true;
            let write_bytes = (self.lines.len() - written) as u64;
            return Some(Work { write_bytes, ..Work::compute(Stage::Map, mapped) });
        }
        if let Stop::Throw(error) = stop {
            self.error = Some(error);
            return None;
        }
        if stop == Stop::EndOfPiece {
            self.end_piece();
        }
        self.step_main(budget, recorder)
    }

    fn place_in(&self, reader: &LineReader) -> u64 {
        reader.position() + self.resume.unwrap_or(0) as u64
    }

    fn map_lines(&mut self, reader: &mut LineReader, budget: Budget) -> Stop {
        let mut left = budget;
        // What lies at this byte makes a line special: it is poison, or the split's end.
        let watch = self.next_special(reader.position());
        let file = self.piece().map(|piece| piece.file).unwrap_or_default();
        loop {
            let line = match reader.peek() {
                Peek::Line(line) => line,
                Peek::More => return Stop::More,
                Peek::End if self.next_piece().is_some() => return Stop::EndOfPiece,
                Peek::End => return self.map_end(left),
            };
            let (bytes, next) = (line.next - line.start, line.next);
            if next > watch
                && let Some(offset) = self.poison_in(line.start, next)
            {
                return Stop::Throw(TaskError::PoisonRecord { offset, file });
            }
            let record = Record { file: file.0, offset: line.start, text: line.text };
            let stop = match self.map_line(record, &mut left) {
                Ok(stop) => stop,
                Err(bad) => return Stop::Throw(bad_record((file, line.start), bad)),
            };
            if self.resume.is_some() {
                return stop;
            }
            self.input.records += 1;
            self.input.bytes += bytes;
            self.counters.map_input_records += 1;
            reader.advance();
            left.records = left.records.saturating_sub(1);
            left.bytes = left.bytes.saturating_sub(bytes);
            if stop != Stop::Pause || left.records == 0 || left.bytes == 0 {
                return stop;
            }
        }
    }

    /// The first byte from here on that is poison, or the split's end.
    fn next_special(&self, position: u64) -> u64 {
        let poison = self.poison_here().find(|offset| *offset >= position);
        poison.unwrap_or(u64::MAX).min(self.piece_end())
    }

    /// A byte of the line that is poison. Notes the line when it runs over the split's end.
    fn poison_in(&mut self, start: u64, next: u64) -> Option<u64> {
        if next > self.piece_end() && self.past_end == PastEnd::NotMet {
            self.past_end = PastEnd::Met(next);
        }
        self.poison_here().find(|offset| (start..next).contains(offset))
    }

    /// The bytes of the file that it reads which are poison, in order.
    fn poison_here(&self) -> impl Iterator<Item = u64> {
        let file = self.piece().map(|piece| piece.file);
        let here = self.poison.iter().filter(move |(poisoned, _)| Some(*poisoned) == file);
        here.map(|(_, offset)| *offset)
    }

    fn report_past_end(&mut self, recorder: &mut Recorder) {
        let PastEnd::Met(line_end) = self.past_end else { return };
        self.past_end = PastEnd::Told;
        let (attempt, split_end, piece) = (self.spec.id, self.piece_end(), self.piece_number());
        self.journal.record(recorder, Level::Tasks, || BatchEvent::ReadPastEnd {
            attempt,
            split_end,
            line_end,
            piece,
        });
    }

    /// Maps one line from where it was stopped, and notes where to go on if it was stopped again.
    fn map_line(&mut self, record: Record<'_>, left: &mut Budget) -> Result<Stop, BadRecord> {
        let frozen = self.spilling.as_ref().map(|(spill, _)| spill.accounted_bytes());
        let to = (&mut self.buffer, &mut self.lines);
        let mut sink = Sink::new(&self.spec.config, to, frozen, left.bytes);
        let from = self.resume.unwrap_or(0);
        let emit = &mut |key: &[u8], value: &[u8]| sink.take(key, value);
        let mapped = self.mapper.map(record, from, emit);
        let (emitted, stop) = (sink.emitted, sink.stop);
        self.count_emitted(emitted);
        self.resume = mapped?;
        if self.resume.is_some() {
            left.bytes = left.bytes.saturating_sub(emitted.bytes);
        }
        Ok(stop)
    }

    fn count_emitted(&mut self, emitted: Volume) {
        self.counters.map_output_records += emitted.records;
        // Hadoop counts the bytes of what goes into a buffer.
        if !self.spec.config.is_map_only() {
            self.counters.map_output_bytes += emitted.bytes;
        }
    }

    /// Emits what the mapper kept for the end of its lines.
    fn map_end(&mut self, left: Budget) -> Stop {
        let frozen = self.spilling.as_ref().map(|(spill, _)| spill.accounted_bytes());
        let to = (&mut self.buffer, &mut self.lines);
        let mut sink = Sink::new(&self.spec.config, to, frozen, left.bytes);
        let from = self.resume.unwrap_or(0);
        let emit = &mut |key: &[u8], value: &[u8]| sink.take(key, value);
        self.resume = self.mapper.finish(from, emit);
        let (emitted, stop) = (sink.emitted, sink.stop);
        self.count_emitted(emitted);
        if self.resume.is_none() { Stop::End } else { stop }
    }

    /// Goes on mapping once a spill made room.
    pub(super) fn unblock(&mut self, budget: Budget, recorder: &mut Recorder) -> Option<Work> {
        if self.spilling.is_some() {
            self.note_blocked(recorder);
            return None;
        }
        if std::mem::take(&mut self.blocked) {
            self.journal.enter(recorder, Phase::Map);
        }
        self.state = State::Mapping;
        self.map(budget, recorder)
    }

    fn note_blocked(&mut self, recorder: &mut Recorder) {
        if !std::mem::replace(&mut self.blocked, true) {
            self.journal.enter(recorder, Phase::Blocked);
        }
    }

    /// Records what the step before this one came to.
    pub(super) fn report_progress(&mut self, recorder: &mut Recorder) {
        if !std::mem::take(&mut self.unreported) {
            return;
        }
        let (attempt, input) = (self.spec.id, self.input);
        let frozen = self.spilling.as_ref().map_or(0, |(spill, _)| spill.accounted_bytes());
        let buffer_bytes = frozen + self.buffer.accounted_bytes();
        let buffer_capacity = self.spec.config.sort_buffer_bytes;
        let (position, piece) = (self.position(), self.piece_number());
        let text = self.reader.as_ref().filter(|_| self.decoder.is_some());
        let text_position = text.map(LineReader::position);
        let output = Volume {
            records: self.counters.map_output_records,
            bytes: self.counters.map_output_bytes,
        };
        self.journal.record(recorder, Level::Records, || BatchEvent::MapProgress {
            attempt,
            position,
            piece,
            text_position,
            input,
            output,
            buffer_bytes,
            buffer_capacity,
        });
    }
}

fn bad_record((file, offset): (FileId, u64), bad: BadRecord) -> TaskError {
    TaskError::BadRecord { file, offset, column: bad.column, problem: bad.problem }
}
