//! Reading and mapping: the front half of a map attempt's main lane.

use super::{MapAttempt, State};
use crate::base::Level;
use crate::mapreduce::attempt::{Budget, Stage, Work};
use crate::mapreduce::buffer::INDEX_BYTES;
use crate::mapreduce::job::Emit;
use crate::mapreduce::reader::LineReader;
use crate::trace::event::{Phase, SpillReason, Volume};
use crate::trace::{BatchEvent, Recorder};

/// Why mapping stopped where it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    /// The lines that are read are mapped, or the budget is spent.
    Pause,
    /// The buffer crossed its threshold.
    Threshold,
    /// The next pair found no room.
    NoRoom,
}

impl MapAttempt {
    /// Opens the split and reads its first lines.
    pub(super) fn open(&mut self, budget: Budget, recorder: &mut Recorder) -> Option<Work> {
        self.enter(recorder, Phase::Map);
        let (start, end) = (place(self.spec.split.offset), place(self.spec.split.end()));
        let reader = LineReader::new(self.spec.input.data.clone(), start, end);
        let until = reader.position_after(place(budget.bytes));
        self.reader = Some(reader);
        self.state = State::Reading { at: start, until };
        self.step_main(budget, recorder)
    }

    /// Reads the next piece: up to `until`, but no further than the block reaches.
    pub(super) fn read(&mut self, at: usize, until: usize, recorder: &mut Recorder) -> Work {
        let attempt = self.spec.id;
        let own = self.spec.node;
        let input = self.spec.input.clone();
        let Some(block) = input.block_at(at as u64) else {
            self.state = State::Reading { at: until, until };
            return Work::default();
        };
        let nearest = self.spec.topology.nearest(own, &block.replicas);
        let Some((locality, from)) = nearest else { panic!("a block has at least one replica") };
        if self.opened != Some(block.id) {
            self.opened = Some(block.id);
            let block = block.id;
            self.record(recorder, Level::Tasks, || BatchEvent::InputOpened {
                attempt,
                block,
                from,
                locality,
            });
        }
        let next = until.min(place(block.end()));
        self.report_boundaries(at, next, recorder);
        self.state = State::Reading { at: next, until };
        Work::read(from, (next - at) as u64)
    }

    /// Says where the record-boundary rule was at work between two positions.
    fn report_boundaries(&mut self, at: usize, next: usize, recorder: &mut Recorder) {
        let (attempt, split) = (self.spec.id, &self.spec.split);
        let (start, split_end) = (split.offset, split.end());
        let skipped = self.reader.as_ref().map_or(0, LineReader::skipped) as u64;
        if at as u64 == start && start > 0 && skipped > 0 {
            self.record(recorder, Level::Tasks, || BatchEvent::PartialLineSkipped {
                attempt,
                bytes: skipped,
            });
        }
        let line_end = next as u64;
        if line_end > split_end && start + skipped <= split_end {
            self.record(recorder, Level::Tasks, || BatchEvent::ReadPastEnd {
                attempt,
                split_end,
                line_end,
            });
        }
    }

    /// Maps lines that are read, until they end, the budget is spent, or the buffer says stop.
    pub(super) fn map(
        &mut self,
        until: usize,
        budget: Budget,
        recorder: &mut Recorder,
    ) -> Option<Work> {
        let mut reader = self.reader.take()?;
        let before = (reader.position(), self.resume.unwrap_or(0));
        let stop = self.map_lines(&mut reader, until, budget);
        let after = (reader.position(), self.resume.unwrap_or(0));
        let is_read = reader.position() >= until;
        let is_over = is_read && reader.peek().is_none();
        let ahead = reader.position_after(place(budget.bytes));
        self.reader = Some(reader);
        self.state = match stop {
            Stop::NoRoom => State::Blocked { until },
            Stop::Pause | Stop::Threshold if !is_read => State::Mapping { until },
            Stop::Pause | Stop::Threshold if is_over => State::Flushing,
            Stop::Pause | Stop::Threshold => State::Reading { at: until, until: ahead },
        };
        self.spill_due = match stop {
            Stop::Pause => self.spill_due,
            Stop::Threshold => Some(SpillReason::Threshold),
            Stop::NoRoom => self.spill_due.or(Some(SpillReason::NoRoom)),
        };
        let mapped = (after.0 + after.1).saturating_sub(before.0 + before.1) as u64;
        if mapped == 0 {
            return self.step_main(budget, recorder);
        }
        self.unreported = true;
        Some(Work::compute(Stage::Map, mapped))
    }

    fn map_lines(&mut self, reader: &mut LineReader, until: usize, budget: Budget) -> Stop {
        let mut left = budget;
        let data = self.spec.input.data.clone();
        while reader.position() < until {
            let Some(line) = reader.peek() else { return Stop::Pause };
            let (resume, stop) = self.map_line(&data[line.text.clone()], &mut left);
            self.resume = resume;
            if resume.is_some() {
                return stop;
            }
            self.input.records += 1;
            self.input.bytes += (line.next - line.text.start) as u64;
            self.counters.map_input_records += 1;
            reader.advance(&line);
            left.records = left.records.saturating_sub(1);
            left.bytes = left.bytes.saturating_sub((line.next - line.text.start) as u64);
            if stop != Stop::Pause || left.records == 0 || left.bytes == 0 {
                return stop;
            }
        }
        Stop::Pause
    }

    /// Maps one line from where it was stopped; says where to go on, if it was stopped again.
    fn map_line(&mut self, line: &[u8], left: &mut Budget) -> (Option<usize>, Stop) {
        let config = &self.spec.config;
        let (job, capacity) = (config.job, config.sort_buffer_bytes);
        let threshold = config.spill_threshold();
        let frozen = self.spilling.as_ref().map_or(0, |(spill, _)| spill.accounted_bytes());
        let is_spilling = self.spilling.is_some();
        let (buffer, counters) = (&mut self.buffer, &mut self.counters);
        let mut stop = Stop::Pause;
        let mut emitted = 0;
        let resume = job.map(line, self.resume.unwrap_or(0), |key, value| {
            let bytes = job.serialized_bytes(key, value);
            let used = frozen + buffer.accounted_bytes();
            if used > 0 && used + bytes + INDEX_BYTES > capacity {
                stop = Stop::NoRoom;
                return Emit::Refused;
            }
            buffer.push(key, value);
            counters.map_output_records += 1;
            counters.map_output_bytes += bytes;
            emitted += bytes;
            if !is_spilling && buffer.accounted_bytes() >= threshold {
                stop = Stop::Threshold;
                return Emit::TakenStop;
            }
            if emitted >= left.bytes { Emit::TakenStop } else { Emit::Taken }
        });
        if resume.is_some() {
            left.bytes = left.bytes.saturating_sub(emitted);
        }
        (resume, stop)
    }

    /// Goes on mapping once a spill made room.
    pub(super) fn unblock(
        &mut self,
        until: usize,
        budget: Budget,
        recorder: &mut Recorder,
    ) -> Option<Work> {
        if self.spilling.is_some() {
            self.note_blocked(recorder);
            return None;
        }
        if std::mem::take(&mut self.blocked) {
            self.enter(recorder, Phase::Map);
        }
        self.state = State::Mapping { until };
        self.map(until, budget, recorder)
    }

    fn note_blocked(&mut self, recorder: &mut Recorder) {
        if !std::mem::replace(&mut self.blocked, true) {
            self.enter(recorder, Phase::Blocked);
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
        let position = self.reader.as_ref().map_or(0, LineReader::position) as u64;
        let output = Volume {
            records: self.counters.map_output_records,
            bytes: self.counters.map_output_bytes,
        };
        self.record(recorder, Level::Records, || BatchEvent::MapProgress {
            attempt,
            position,
            input,
            output,
            buffer_bytes,
            buffer_capacity,
        });
    }
}

/// A place in a file, which the browser holds in memory.
fn place(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}
