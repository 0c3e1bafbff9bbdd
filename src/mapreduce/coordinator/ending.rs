//! How attempts and the job end, well and badly.

use super::tasks::{Task, TryState};
use super::{Coordinator, JobFailure, Turn, count};
use crate::base::{AttemptId, Level, NodeId, TaskId, TaskKind};
use crate::mapreduce::messages::Order;
use crate::mapreduce::segment::SegmentSize;
use crate::trace::event::Counters;
use crate::trace::failure::{KillReason, TaskError};
use crate::trace::{BatchEvent, Cause, FailureEvent};

impl Coordinator {
    /// A node says that an attempt ended well. An attempt that was given up meanwhile does not count.
    pub(super) fn on_finished(
        &mut self,
        attempt: AttemptId,
        node: NodeId,
        (counters, segments): (Counters, Vec<SegmentSize>),
        cause: Cause,
        turn: &mut Turn<'_>,
    ) {
        let at = turn.at;
        let Some(a_try) = self.task_mut(attempt.task).running_mut(attempt) else { return };
        let took = at.since(a_try.since);
        let cause = turn.batch(Level::Counters, cause, || BatchEvent::AttemptSucceeded {
            attempt,
            took,
            counters,
        });
        self.end(attempt, TryState::Succeeded(counters), cause);
        self.speculator_mut(attempt.task.kind).learn(took);
        self.kill_losers(attempt, cause, turn);
        match attempt.task.kind {
            TaskKind::Map => {
                if !self.config.is_map_only() {
                    self.task_mut(attempt.task).fetch_failures = 0;
                    self.log.ready(attempt, node, segments, cause);
                    self.check_slow_start(cause, turn);
                }
                self.check_tasks_done(TaskKind::Map, cause, turn);
            }
            TaskKind::Reduce => {
                self.check_tasks_done(TaskKind::Reduce, cause, turn);
            }
        }
        self.check_job_done(cause, turn);
    }

    /// An attempt failed, which counts towards the limit of its task and of its node.
    pub(super) fn fail(
        &mut self,
        attempt: AttemptId,
        error: TaskError,
        cause: Cause,
        turn: &mut Turn<'_>,
    ) {
        let Some(a_try) = self.task_mut(attempt.task).running_mut(attempt) else { return };
        let node = a_try.node;
        let cause = self.count_failure(attempt, node, error.clone(), cause, turn);
        self.blame(attempt, node, cause, turn);
        self.check_attempts_left(attempt.task, error, cause, turn);
    }

    /// Counts a failure of an attempt that ran or even succeeded.
    pub(super) fn count_failure(
        &mut self,
        attempt: AttemptId,
        node: NodeId,
        error: TaskError,
        cause: Cause,
        turn: &mut Turn<'_>,
    ) -> Cause {
        let limit = self.config.max_attempts;
        let task = self.task_mut(attempt.task);
        task.failures += 1;
        let failures = task.failures;
        let cause = turn.failure(Level::Counters, cause, || FailureEvent::AttemptFailed {
            attempt,
            node,
            error,
            failures,
            limit,
        });
        self.end(attempt, TryState::Failed, cause);
        cause
    }

    /// The job fails with a task that has failed too often.
    pub(super) fn check_attempts_left(
        &mut self,
        task: TaskId,
        error: TaskError,
        cause: Cause,
        turn: &mut Turn<'_>,
    ) {
        let failures = self.task(task).failures;
        if failures >= self.config.max_attempts {
            self.fail_job(JobFailure { task, error, failures }, cause, turn);
        }
    }

    /// Kills an attempt that runs, or takes back one that had succeeded. It does not count as a
    /// failure. The node is told, unless it is not there to hear.
    pub(super) fn kill(
        &mut self,
        attempt: AttemptId,
        reason: KillReason,
        cause: Cause,
        turn: &mut Turn<'_>,
    ) -> Cause {
        let Some(node) = self.task(attempt.task).get(attempt).map(|a_try| a_try.node) else {
            return cause;
        };
        let cause = turn.failure(Level::Counters, cause, || FailureEvent::AttemptKilled {
            attempt,
            node,
            reason,
        });
        self.end(attempt, TryState::Killed, cause);
        if self.liveness.is_alive(node) {
            turn.order(node, Order::Kill { attempt }, cause);
        }
        cause
    }

    /// A task needs one success only.
    fn kill_losers(&mut self, winner: AttemptId, cause: Cause, turn: &mut Turn<'_>) {
        let task = self.task_mut(winner.task);
        task.backup = None;
        let losers: Vec<AttemptId> = task.running().map(|(attempt, _)| attempt).collect();
        for loser in losers {
            self.kill(loser, KillReason::LostRace { winner }, cause, turn);
        }
    }

    /// Sets a try's state, and keeps what is counted by it in step.
    fn end(&mut self, attempt: AttemptId, state: TryState, cause: Cause) {
        let task = self.task_mut(attempt.task);
        if task.committing == Some(attempt) {
            task.committing = None;
        }
        let Some(a_try) = task.tries.get_mut(usize::from(attempt.number)) else { return };
        let before = std::mem::replace(&mut a_try.state, state);
        a_try.cause = cause;
        let node = a_try.node;
        if !task.is_running() {
            task.backup = None;
        }
        match before {
            TryState::Running => self.places[node.place()].take(attempt.task.kind),
            TryState::Succeeded(_) => self.log.withdraw(attempt, cause),
            TryState::Failed | TryState::Killed => {}
        }
    }

    fn check_tasks_done(&self, kind: TaskKind, cause: Cause, turn: &mut Turn<'_>) {
        let tasks = self.tasks(kind);
        if tasks.iter().all(Task::is_done) {
            let tasks = count(tasks.len());
            turn.batch(Level::Counters, cause, || BatchEvent::TasksFinished { kind, tasks });
        }
    }

    /// The job is done with its last reduce. Maps that run again by then are needed no more.
    /// (`mapreduce.job.finish-when-all-reducers-done`) Without reduces it is done with its last map.
    fn check_job_done(&mut self, mut cause: Cause, turn: &mut Turn<'_>) {
        let last = if self.config.is_map_only() { &self.maps } else { &self.reduces };
        if !last.iter().all(Task::is_done) {
            return;
        }
        for attempt in self.all_running() {
            cause = self.kill(attempt, KillReason::JobFinished, cause, turn);
        }
        self.commit_job(cause, turn);
    }

    /// The job fails, and all that runs for it is killed.
    pub(super) fn fail_job(&mut self, failure: JobFailure, cause: Cause, turn: &mut Turn<'_>) {
        if self.is_over() {
            return;
        }
        let (took, counters) = (turn.at.since(self.submitted_at), self.counters());
        let JobFailure { task, error, failures } = failure.clone();
        let cause = turn.failure(Level::Counters, cause, || FailureEvent::JobFailed {
            took,
            task,
            error,
            failures,
            counters,
        });
        for attempt in self.all_running() {
            self.kill(attempt, KillReason::JobFailed, cause, turn);
        }
        self.outcome = Some(Err(failure));
    }

    fn all_running(&self) -> Vec<AttemptId> {
        let tasks = self.maps.iter().chain(&self.reduces);
        tasks.flat_map(|task| task.running().map(|(attempt, _)| attempt)).collect()
    }
}
