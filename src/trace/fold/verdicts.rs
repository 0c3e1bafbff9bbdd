//! What the coordinator makes of attempts, and what becomes of their tasks by that:
//!
//! ```text
//!              assigned               succeeded
//!   Pending ──────────────► Running ──────────────► Done
//!      ▲                       │                      │
//!      ├───────────────────────┘                      │
//!      │  its last living attempt failed or was killed│
//!      └──────────────────────────────────────────────┘
//!         its output was withdrawn
//! ```

use super::{Misfit, place};
use crate::base::{AttemptId, TaskId, TaskKind};
use crate::trace::event::{Counters, Event, Seq, Volume};
use crate::trace::failure::{KillReason, TaskError};
use crate::trace::snapshot::{
    Attempt, Cell, CellState, Ending, Snapshot, Task, TaskState, Verdict,
};
use std::rc::Rc;

impl Snapshot {
    /// The coordinator knows that an attempt ended well. Where phases are not recorded this is
    /// also all that tells of its end on the node.
    pub(super) fn attempt_succeeded(
        &mut self,
        event: &Event,
        id: AttemptId,
        counters: &Counters,
    ) -> Result<(), Misfit> {
        let task = self.task(id.task).ok_or(Misfit::NoTask(id.task))?;
        if task.state == TaskState::Done {
            return Err(Misfit::Repeated("the task's success"));
        }
        if self.job.is_none() {
            return Err(Misfit::NoJob);
        }
        if !self.attempt(id).ok_or(Misfit::NoAttempt(id))?.is_living() {
            return Err(Misfit::Over(id));
        }
        self.end_on_node(event, id, Ending::Done)?;
        let counters = Box::new(*counters);
        self.judge(event, id, Verdict::Succeeded { at: event.stamp(), counters })
    }

    /// An attempt failed, as the coordinator sees it; it may have succeeded before.
    pub(super) fn attempt_failed(
        &mut self,
        event: &Event,
        id: AttemptId,
        error: &TaskError,
        (failures, limit): (u32, u32),
    ) -> Result<(), Misfit> {
        let had_succeeded = self.check_not_over(id)?;
        if is_thrown(error) {
            self.end_on_node(event, id, Ending::Threw(error.clone()))?;
        }
        self.task_mut(id.task)?.failures = (failures, Some(limit));
        let (at, error) = (event.stamp(), error.clone());
        self.judge(event, id, Verdict::Failed { at, error, failures, limit, had_succeeded })
    }

    pub(super) fn attempt_killed(
        &mut self,
        event: &Event,
        id: AttemptId,
        reason: KillReason,
    ) -> Result<(), Misfit> {
        let had_succeeded = self.check_not_over(id)?;
        self.judge(event, id, Verdict::Killed { at: event.stamp(), reason, had_succeeded })
    }

    /// Whether it had succeeded; what failed or was killed before is over.
    fn check_not_over(&self, id: AttemptId) -> Result<bool, Misfit> {
        match self.attempt(id).ok_or(Misfit::NoAttempt(id))?.verdict {
            Verdict::Running => Ok(false),
            Verdict::Succeeded { .. } => Ok(true),
            Verdict::Failed { .. } | Verdict::Killed { .. } => Err(Misfit::Over(id)),
        }
    }

    /// Sets the verdict, and brings up to date what follows from it.
    fn judge(&mut self, event: &Event, id: AttemptId, verdict: Verdict) -> Result<(), Misfit> {
        self.touched(event, id)?.verdict = verdict;
        if self.settle(id.task)? {
            self.counters = Rc::new(self.counted());
        }
        self.choose_source(event.seq, id.task);
        Ok(())
    }

    /// Brings a task's state up to date with its attempts; says whether it was done and is not any
    /// more, or the other way round.
    pub(super) fn settle(&mut self, id: TaskId) -> Result<bool, Misfit> {
        let task = self.task_mut(id)?;
        let was_done = task.state == TaskState::Done;
        task.state = state_of(task);
        let is_done = task.state == TaskState::Done;
        if let Some(job) = self.job.as_mut().filter(|_| was_done != is_done) {
            let job = Rc::make_mut(job);
            let done = match id.kind {
                TaskKind::Map => &mut job.maps_done,
                TaskKind::Reduce => &mut job.reduces_done,
            };
            *done = if is_done { done.saturating_add(1) } else { done.saturating_sub(1) };
        }
        Ok(was_done != is_done)
    }

    /// The sums over the attempts that count.
    fn counted(&self) -> Counters {
        let mut sums = Counters::default();
        let tasks = self.maps.iter().chain(&self.reduces);
        for attempt in tasks.flat_map(|task| &task.attempts) {
            if let Verdict::Succeeded { counters, .. } = &attempt.verdict {
                sums.add(counters);
            }
        }
        sums
    }

    /// A map's output counts where its successful attempt left it; before there is one, where the
    /// first attempt that still runs has it ready. What a reduce has or fetches stays as it is.
    pub(super) fn choose_source(&mut self, seq: Seq, id: TaskId) {
        if id.kind == TaskKind::Reduce {
            return;
        }
        let Some(task) = self.maps.get(place(id.index)) else { return };
        let chosen = source_of(task).cloned();
        let Some(row) = self.shuffle.get_mut(place(id.index)) else { return };
        let source = chosen.as_ref().map(|attempt| (attempt.id, attempt.node));
        if row.source == source {
            return;
        }
        let row = Rc::make_mut(row);
        row.source = source;
        let segments = chosen.map_or_else(|| Rc::from([]), |attempt| Rc::clone(&attempt.segments));
        for (partition, cell) in row.cells.iter_mut().enumerate() {
            change_source(cell, segments.get(partition).copied(), seq);
        }
    }
}

/// A cell whose row is served by another attempt now, or by none.
fn change_source(cell: &mut Cell, volume: Option<Volume>, seq: Seq) {
    cell.seq = Some(seq);
    match (cell.state, volume) {
        (CellState::Fetched | CellState::Fetching, _) => {}
        (CellState::Missing | CellState::Ready, None) => {
            (cell.state, cell.volume) = (CellState::Missing, Volume::default());
        }
        (CellState::Missing | CellState::Ready, Some(volume)) => {
            (cell.state, cell.volume) = (CellState::Ready, volume);
        }
    }
}

/// The attempt that serves a map's output.
fn source_of(task: &Task) -> Option<&Rc<Attempt>> {
    let ready = |attempt: &&Rc<Attempt>| {
        attempt.is_living() && attempt.written.is_some() && !attempt.is_gone()
    };
    let counted = task.attempts.iter().find(|attempt| attempt.is_counted());
    counted.or_else(|| task.attempts.iter().find(ready))
}

fn state_of(task: &Task) -> TaskState {
    if task.attempts.iter().any(|attempt| attempt.is_counted()) {
        return TaskState::Done;
    }
    match task.attempts.iter().any(|attempt| attempt.is_living()) {
        true => TaskState::Running,
        false => TaskState::Pending,
    }
}

/// Whether an attempt that failed of this ended by itself: the others may still run.
fn is_thrown(error: &TaskError) -> bool {
    match error {
        TaskError::Exception
        | TaskError::PoisonRecord { .. }
        | TaskError::CorruptInput { .. }
        | TaskError::BadRecord { .. }
        | TaskError::BlockMissing { .. }
        | TaskError::FetchesFailed { .. }
        | TaskError::Worker { .. } => true,
        TaskError::TimedOut { .. }
        | TaskError::OutputUnreachable { .. }
        | TaskError::NoNodes { .. }
        | TaskError::TookTooLong { .. } => false,
    }
}
