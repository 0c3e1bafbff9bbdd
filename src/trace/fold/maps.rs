//! What map attempts do: read, fill their buffer, spill, and leave their output.

use super::{Misfit, count, place};
use crate::base::{AttemptId, BlockId, NodeId, TaskKind};
use crate::trace::event::{BatchEvent, Event, Volume};
use crate::trace::snapshot::{Progress, ShuffleRow, Snapshot, Spill};
use std::rc::Rc;

impl Snapshot {
    /// A map that goes on into the next block to finish a line opens that too, maybe far away; how
    /// near its split is does not change by that.
    pub(super) fn input_opened(
        &mut self,
        event: &Event,
        id: AttemptId,
        block: BlockId,
        from: NodeId,
    ) -> Result<(), Misfit> {
        self.check_node(from)?;
        self.check_block(block)?;
        self.map_attempt(event, id)?.reads_from = Some(from);
        Ok(())
    }

    pub(super) fn map_progress(
        &mut self,
        event: &Event,
        id: AttemptId,
        kind: &BatchEvent,
    ) -> Result<(), Misfit> {
        let places = self.split_places(id.task);
        let attempt = self.map_attempt(event, id)?;
        if let &BatchEvent::MapProgress {
            position,
            piece,
            text_position,
            input,
            output,
            buffer_bytes,
            buffer_capacity,
            ..
        } = kind
        {
            let so_far = std::mem::take(&mut attempt.progress);
            let position = in_split(&places, piece, position);
            attempt.progress = Progress {
                position,
                text_position,
                input,
                output,
                buffer_bytes,
                buffer_capacity,
                ..so_far
            };
        }
        Ok(())
    }

    pub(super) fn spill_started(
        &mut self,
        event: &Event,
        id: AttemptId,
        kind: &BatchEvent,
    ) -> Result<(), Misfit> {
        let attempt = self.attempt(id).ok_or(Misfit::NoAttempt(id))?;
        let expected = count(&attempt.spills);
        let &BatchEvent::SpillStarted { spill, reason, content, buffer_bytes, .. } = kind else {
            return Ok(());
        };
        if spill != expected {
            return Err(Misfit::OutOfOrder { what: "spill", expected, found: spill });
        }
        let attempt = self.map_attempt(event, id)?;
        attempt.progress.buffer_bytes = buffer_bytes;
        attempt.spills.push(Spill {
            index: spill,
            reason,
            content,
            buffer_bytes,
            written: None,
            started: event.seq,
            finished: None,
        });
        Ok(())
    }

    /// What was spilled leaves the buffer only now: until it is on disk, the buffer holds it.
    pub(super) fn spill_finished(
        &mut self,
        event: &Event,
        id: AttemptId,
        index: u32,
        after: Volume,
    ) -> Result<(), Misfit> {
        let attempt = self.attempt(id).ok_or(Misfit::NoAttempt(id))?;
        let open = attempt.spills.get(place(index)).filter(|spill| spill.finished.is_none());
        let Some(freed) = open.map(|spill| spill.buffer_bytes) else {
            return Err(Misfit::NotBegun { attempt: id, what: "a spill" });
        };
        let attempt = self.map_attempt(event, id)?;
        let buffer = &mut attempt.progress.buffer_bytes;
        *buffer = buffer.saturating_sub(freed);
        if let Some(spill) = attempt.spills.get_mut(place(index)) {
            spill.written = Some(after);
            spill.finished = Some(event.seq);
        }
        Ok(())
    }

    /// A map's output lies on its node. Where a reduce has a segment already, from an earlier
    /// attempt, it keeps it; where another attempt's output counts, that serves on.
    pub(super) fn map_output_ready(
        &mut self,
        event: &Event,
        id: AttemptId,
        segments: &[Volume],
    ) -> Result<(), Misfit> {
        let row = self.row(id)?;
        if row.cells.len() != segments.len() {
            let (expected, found) = (count(&row.cells), count(segments));
            return Err(Misfit::Segments { expected, found });
        }
        let attempt = self.map_attempt(event, id)?;
        attempt.written = Some(segments.iter().copied().sum());
        attempt.segments = Rc::from(segments);
        self.choose_source(event.seq, id.task);
        Ok(())
    }

    /// The row of the shuffle matrix that a map attempt fills.
    pub(super) fn row(&self, id: AttemptId) -> Result<&ShuffleRow, Misfit> {
        match id.task.kind {
            TaskKind::Map => self
                .shuffle
                .get(place(id.task.index))
                .map(Rc::as_ref)
                .ok_or(Misfit::NoTask(id.task)),
            TaskKind::Reduce => Err(Misfit::WrongKind(id)),
        }
    }

    /// Our own copy of that row, to change.
    pub(super) fn row_mut(&mut self, id: AttemptId) -> Result<&mut ShuffleRow, Misfit> {
        self.row(id)?;
        let found = self.shuffle.get_mut(place(id.task.index));
        found.map(Rc::make_mut).ok_or(Misfit::NoTask(id.task))
    }
}

/// A place in a piece's file, as a place in the line of all files that the split begins in.
pub(super) fn in_split(places: &[(u64, u64)], piece: u32, position: u64) -> u64 {
    places
        .get(place(piece))
        .map_or(position, |(first, begin)| first.saturating_add(position.saturating_sub(*begin)))
}
