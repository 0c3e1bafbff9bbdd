//! What reduce attempts do: learn of map outputs, fetch them, reduce.

use super::{Misfit, place};
use crate::base::{AttemptId, MapIndex, NodeId, TaskId, TaskKind};
use crate::trace::event::{Event, Volume};
use crate::trace::snapshot::{CellState, Fetch, Snapshot};

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
        let fetch = Fetch { map, from, volume, started: event.stamp() };
        self.reduce_attempt(event, id)?.fetching.push(fetch);
        self.set_cell(event, id, map, CellState::Fetching)
    }

    pub(super) fn fetch_finished(
        &mut self,
        event: &Event,
        id: AttemptId,
        map: AttemptId,
    ) -> Result<(), Misfit> {
        let attempt = self.attempt(id).ok_or(Misfit::NoAttempt(id))?;
        let found = attempt.fetching.iter().position(|fetch| fetch.map == map);
        let at = found.ok_or(Misfit::NotBegun { attempt: id, what: "a fetch" })?;
        self.reduce_attempt(event, id)?.fetching.remove(at);
        self.set_cell(event, id, map, CellState::Fetched)
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
