//! Where the spills of a replay end: as the run's own did, so that the next begin where they did.

use super::{COPIED_BYTES_MAX, MapReplay, NOTHING, STEPS_AHEAD_MAX};
use crate::base::Level;
use crate::mapreduce::attempt::Lane;
use crate::mapreduce::messages::{Served, Source};
use crate::trace::event::SpillReason;
use crate::trace::script::{Reach, Spilled};
use crate::trace::{BatchEvent, EventKind, Recorder};
use bytes::Bytes;

impl MapReplay {
    /// Whether the run recorded where spills began.
    pub(super) fn is_recorded(&self) -> bool {
        self.script.reach != Reach::Whole
            || !self.script.spills.is_empty()
            || self.material.config.is_map_only()
    }

    /// Whether the attempt was no further at the moment that is looked at.
    pub(super) fn is_as_far_as_it_got(&self) -> bool {
        let Reach::Lines(lines) = self.script.reach else { return false };
        let has_mapped = self.attempt.lines_mapped() >= lines;
        let stands = self.attempt.is_blocked() && self.next_begins().is_none();
        (has_mapped || stands) && self.spills_begun >= self.script.spills.len()
    }

    /// Whether a spill is under way and the mapper goes on beside it.
    pub(super) fn is_held(&self) -> bool {
        let Some(spill) = self.attempt.spilling() else { return false };
        if self.is_unfinished() {
            return true;
        }
        spill.is_written() && self.spill_told && !self.should_end()
    }

    /// Whether the spill under way had not ended at the moment that is looked at.
    pub(super) fn is_unfinished(&self) -> bool {
        let known = self.script.spills.get(self.spills_begun.saturating_sub(1));
        self.script.reach != Reach::Whole && known.is_none_or(|spill| spill.freed_at.is_none())
    }

    /// The spill under way ended here in the run too, or at a record that comes to the same.
    pub(super) fn should_end(&self) -> bool {
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

    pub(super) fn emitted(&self) -> u64 {
        self.attempt.counters().map_output_records
    }

    /// How many records were emitted when the next spill began; nothing when none is known.
    pub(super) fn next_begins(&self) -> Option<u64> {
        let spills = self.script.spills.get(..=self.spills_begun)?;
        Some(spills.iter().map(|spill| spill.records).sum())
    }

    /// Whether the next spill begins where the run's did if the one under way ends at once: a copy
    /// of the attempt goes ahead and sees. Large buffers are not copied; there it ends late.
    pub(super) fn begins_the_same(&self) -> bool {
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
    pub(super) fn bytes_of(&self, source: &Source) -> Bytes {
        let Source::Input { block, offset, bytes } = *source else { return Bytes::new() };
        let found = self.material.blocks.iter().find(|found| found.id == block);
        let data = found.and_then(|found| self.material.files.slice(found.file, offset, bytes));
        data.unwrap_or_default()
    }
}
