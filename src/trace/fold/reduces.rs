//! What reduce attempts do: learn of map outputs, fetch them, reduce.

use super::{Misfit, count, place};
use crate::base::{AttemptId, MapIndex, NodeId, TaskId, TaskKind};
use crate::trace::event::{Event, Seq, Volume};
use crate::trace::failure::FailureEvent;
use crate::trace::snapshot::{Avoided, Cell, CellState, Fetch, Snapshot, Task};
use std::collections::BTreeSet;
use std::rc::Rc;

impl Snapshot {
    pub(super) fn map_outputs_learned(
        &mut self,
        event: &Event,
        id: AttemptId,
        maps: &[MapIndex],
    ) -> Result<(), Misfit> {
        if let Some(unknown) = maps.iter().find(|map| place(map.0) >= self.maps.len()) {
            return Err(Misfit::NoTask(TaskId::map(unknown.0)));
        }
        self.reduce_attempt(event, id).map(|_| ())
    }

    pub(super) fn fetch_started(
        &mut self,
        event: &Event,
        id: AttemptId,
        map: AttemptId,
        (from, volume): (NodeId, Volume),
    ) -> Result<(), Misfit> {
        self.check_node(from)?;
        self.check_fetch(id, map)?;
        if self.attempt(id).is_some_and(|attempt| attempt.is_gone()) {
            return Ok(());
        }
        let fetch = Fetch { map, from, volume, started: event.stamp(), share: None };
        let attempt = self.reduce_attempt(event, id)?;
        attempt.fetching.push(fetch);
        attempt.avoided.retain(|avoided| avoided.host != from);
        self.set_cell(event, id, map, CellState::Fetching)
    }

    pub(super) fn fetch_finished(
        &mut self,
        event: &Event,
        id: AttemptId,
        map: AttemptId,
    ) -> Result<(), Misfit> {
        let attempt = self.attempt(id).ok_or(Misfit::NoAttempt(id))?;
        if attempt.is_gone() {
            return Ok(());
        }
        let found = attempt.fetching.iter().position(|fetch| fetch.map == map);
        let at = found.ok_or(Misfit::NotBegun { attempt: id, what: "a fetch" })?;
        let attempt = self.reduce_attempt(event, id)?;
        attempt.fetching.remove(at);
        attempt.fetched.push(MapIndex(map.task.index));
        self.set_cell(event, id, map, CellState::Fetched)
    }

    /// The segment lies where it lay, and the reduce stays away from that host for a while.
    pub(super) fn fetch_failed(
        &mut self,
        event: &Event,
        kind: &FailureEvent,
    ) -> Result<(), Misfit> {
        let &FailureEvent::FetchFailed {
            attempt: id,
            map,
            from,
            error,
            host_failures,
            retry_after,
            ..
        } = kind
        else {
            return Ok(());
        };
        self.check_node(from)?;
        self.check_fetch(id, map)?;
        if self.attempt(id).is_some_and(|attempt| attempt.is_gone()) {
            return Ok(());
        }
        let attempt = self.reduce_attempt(event, id)?;
        attempt.fetching.retain(|fetch| fetch.map != map);
        attempt.fetch_failures = attempt.fetch_failures.saturating_add(1);
        attempt.avoided.retain(|avoided| avoided.host != from);
        attempt.avoided.push(Avoided {
            host: from,
            until: event.at + retry_after,
            failures: host_failures,
            error,
            seq: event.seq,
        });
        let held = Held::by(self.task(id.task).map(Rc::as_ref));
        self.refresh_cell(event.seq, id.task.index, map.task.index, &held);
        Ok(())
    }

    pub(super) fn fetch_share(
        &mut self,
        event: &Event,
        id: AttemptId,
        map: AttemptId,
        share: (u64, u64),
    ) -> Result<(), Misfit> {
        self.check_attempt(map)?;
        let fetching = &mut self.reduce_attempt(event, id)?.fetching;
        if let Some(fetch) = fetching.iter_mut().find(|fetch| fetch.map == map) {
            fetch.share = Some(share);
        }
        Ok(())
    }

    pub(super) fn reduce_progress(
        &mut self,
        event: &Event,
        id: AttemptId,
        groups: u64,
        (input, output): (Volume, Volume),
    ) -> Result<(), Misfit> {
        let progress = &mut self.reduce_attempt(event, id)?.progress;
        progress.groups = groups;
        progress.input = input;
        progress.output = output;
        Ok(())
    }

    /// A reduce can fetch only from a map attempt that was given out, and only for a cell that
    /// there is.
    fn check_fetch(&self, id: AttemptId, map: AttemptId) -> Result<(), Misfit> {
        if id.task.kind != TaskKind::Reduce {
            return Err(Misfit::WrongKind(id));
        }
        self.attempt(id).ok_or(Misfit::NoAttempt(id))?;
        self.attempt(map).ok_or(Misfit::NoAttempt(map))?;
        let cells = &self.row(map)?.cells;
        cells.get(place(id.task.index)).map(|_| ()).ok_or(Misfit::NoTask(id.task))
    }

    /// An attempt of this reduce is gone with all that it had fetched: its cells stand where the
    /// others left them.
    pub(super) fn refresh_column(&mut self, seq: Seq, reduce: TaskId) {
        if reduce.kind == TaskKind::Map {
            return;
        }
        let held = Held::by(self.task(reduce).map(Rc::as_ref));
        for map in 0..count(&self.shuffle) {
            self.refresh_cell(seq, reduce.index, map, &held);
        }
    }

    /// A cell stands where the attempts of its reduce leave it; one that is to be fetched again
    /// has the volume of the output that counts now.
    fn refresh_cell(&mut self, seq: Seq, reduce: u32, map: u32, held: &Held) {
        let source = self.shuffle.get(place(map)).and_then(|row| row.source);
        let serving = source.and_then(|(id, _)| self.attempt(id));
        let ready = serving.and_then(|attempt| attempt.segments.get(place(reduce)).copied());
        let Some(row) = self.shuffle.get_mut(place(map)) else { return };
        let Some(old) = row.cells.get(place(reduce)).copied() else { return };
        let (state, volume) = match (held.state(map), ready) {
            (Some(state), _) => (state, old.volume),
            (None, Some(volume)) => (CellState::Ready, volume),
            (None, None) => (CellState::Missing, Volume::default()),
        };
        if (state, volume) == (old.state, old.volume) {
            return;
        }
        if let Some(cell) = Rc::make_mut(row).cells.get_mut(place(reduce)) {
            *cell = Cell { volume, state, seq: Some(seq) };
        }
    }

    /// A cell stands where the latest fetch of it stands, whichever attempt fetches.
    fn set_cell(
        &mut self,
        event: &Event,
        id: AttemptId,
        map: AttemptId,
        state: CellState,
    ) -> Result<(), Misfit> {
        if let Some(cell) = self.row_mut(map)?.cells.get_mut(place(id.task.index)) {
            cell.state = state;
            cell.seq = Some(event.seq);
        }
        Ok(())
    }
}

/// What the attempts of a reduce have, and what they fetch.
struct Held {
    fetched: BTreeSet<u32>,
    fetching: BTreeSet<u32>,
}

impl Held {
    fn by(task: Option<&Task>) -> Held {
        let attempts = task.map_or(&[][..], |task| &task.attempts);
        let here = attempts.iter().filter(|attempt| !attempt.is_gone());
        let fetching = here.clone().flat_map(|attempt| &attempt.fetching);
        Held {
            fetched: here.flat_map(|attempt| &attempt.fetched).map(|map| map.0).collect(),
            fetching: fetching.map(|fetch| fetch.map.task.index).collect(),
        }
    }

    /// Nothing where none of them has a part in it.
    fn state(&self, map: u32) -> Option<CellState> {
        if self.fetched.contains(&map) {
            return Some(CellState::Fetched);
        }
        self.fetching.contains(&map).then_some(CellState::Fetching)
    }
}
