//! The spill lane of a map attempt, and the flush at the end of its input.

use super::MapAttempt;
use crate::base::Level;
use crate::mapreduce::attempt::{Budget, Stage, Work};
use crate::mapreduce::buffer::SortBuffer;
use crate::mapreduce::segment::{Packed, Segment};
use crate::mapreduce::spill::{SpillRun, SpillStep};
use crate::trace::event::{Phase, SpillReason, Volume};
use crate::trace::{BatchEvent, EventKind, Recorder};

impl MapAttempt {
    /// Begins a spill that is due, unless one is under way.
    pub(super) fn begin_due_spill(&mut self, recorder: &mut Recorder) {
        if self.spilling.is_some() {
            return;
        }
        let over = self.buffer.accounted_bytes() >= self.spec.config.spill_threshold();
        let reason = self.spill_due.take().or(over.then_some(SpillReason::Threshold));
        if let Some(reason) = reason.filter(|_| self.buffer.volume().records > 0) {
            self.begin_spill(reason, recorder);
        }
    }

    fn begin_spill(&mut self, reason: SpillReason, recorder: &mut Recorder) {
        let config = self.spec.config.clone();
        let attempt = self.spec.id;
        let spill = u32::try_from(self.spills.len()).unwrap_or(u32::MAX);
        let (content, buffer_bytes) = (self.buffer.volume(), self.buffer.accounted_bytes());
        let threshold_bytes = config.spill_threshold();
        let (node, cause) = (Some(self.spec.node), self.journal.cause);
        self.spill_cause = recorder.record(Level::Tasks, node, cause, || {
            EventKind::Batch(BatchEvent::SpillStarted {
                attempt,
                spill,
                reason,
                content,
                buffer_bytes,
                threshold_bytes,
            })
        });
        let empty = SortBuffer::new(&config.job, config.combiner);
        let full = std::mem::replace(&mut self.buffer, empty);
        let (partitioner, codec) = (config.partitioner.clone(), config.codec);
        let run = SpillRun::new(full, partitioner, config.reducers, codec);
        self.spilling = Some((run, spill));
    }

    /// The next slice of the spill under way.
    pub(super) fn step_spill(&mut self, budget: Budget, recorder: &mut Recorder) -> Option<Work> {
        let codec = self.spec.config.codec;
        let (spill, _) = self.spilling.as_mut()?;
        match spill.step(budget) {
            SpillStep::Sorted { bytes } => Some(Work::compute(Stage::Sort, bytes)),
            SpillStep::Written(Packed { bytes, raw_bytes }) => {
                Some(Work { codec_bytes: codec.work(raw_bytes), ..Work::write(bytes) })
            }
            SpillStep::Done => {
                self.end_spill(recorder);
                self.begin_due_spill(recorder);
                self.step_spill(budget, recorder)
            }
        }
    }

    fn end_spill(&mut self, recorder: &mut Recorder) {
        let Some((run, spill)) = self.spilling.take() else { return };
        let attempt = self.spec.id;
        let before = run.before();
        let segments = run.finish();
        let after = total(&segments);
        if self.spec.config.combines() {
            self.counters.combine_input_records += before.records;
            self.counters.combine_output_records += after.records;
        }
        self.counters.spilled_records += after.records;
        let (node, cause) = (Some(self.spec.node), self.spill_cause);
        self.spill_cause = recorder.record(Level::Tasks, node, cause, || {
            EventKind::Batch(BatchEvent::SpillFinished { attempt, spill, before, after })
        });
        self.spills.push(segments);
    }

    /// Spills what is left at the end of the input, and waits for it. Without reducers there is
    /// nothing to spill: the output is whole.
    pub(super) fn flush(&mut self, budget: Budget, recorder: &mut Recorder) -> Option<Work> {
        if self.spec.config.is_map_only() {
            self.ask(recorder);
            return None;
        }
        if !std::mem::replace(&mut self.flushing, true) {
            self.journal.enter(recorder, Phase::Flush);
        }
        if self.spilling.is_none() && self.buffer.volume().records > 0 {
            self.begin_spill(SpillReason::EndOfInput, recorder);
        }
        if self.spilling.is_some() {
            return None;
        }
        if !self.spills.is_empty() {
            self.journal.cause = self.spill_cause;
        }
        self.begin_merge(recorder);
        self.merge(budget, recorder)
    }
}

/// What several segments hold together.
pub(super) fn total(segments: &[Segment]) -> Volume {
    segments.iter().map(Segment::volume).sum()
}
