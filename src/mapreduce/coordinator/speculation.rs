//! Backup attempts by Hadoop's rule (`DefaultSpeculator` with `LegacyTaskRuntimeEstimator`): once
//! a second it looks for the one task of each kind whose backup would end the earliest before it,
//! and after it found one it looks away for 15 seconds.

use super::{Coordinator, Turn, count};
use crate::base::{AttemptId, Level, Span, TaskKind, Time};
use crate::trace::{Cause, FailureEvent};

/// How long it looks away after a backup was decided on
/// (`mapreduce.job.speculative.retry-after-speculate`).
const PAUSE: Span = Span::from_secs(15);

/// Percent of the tasks that must be done, and at least one
/// (`MINIMUM_COMPLETE_PROPORTION_TO_SPECULATE`).
const DONE_PERCENT: u64 = 5;

/// Backups that may run in any case (`mapreduce.job.speculative.minimum-allowed-tasks`).
const BACKUPS_MIN: u32 = 10;

/// Percent of all tasks that backups may be besides
/// (`mapreduce.job.speculative.speculative-cap-total-tasks`).
const OF_TOTAL_PERCENT: u32 = 1;

/// Percent of the running tasks that backups may be besides
/// (`mapreduce.job.speculative.speculative-cap-running-tasks`).
const OF_RUNNING_PERCENT: u32 = 10;

/// One whole, of which progress is so many parts.
const WHOLE: u64 = 1_000_000;

/// What is known of the run times of one kind of task.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Speculator {
    succeeded: u64,
    sum: Span,
    looks_again_at: Time,
}

/// A task that a backup would end earlier than it will itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Candidate {
    gain: Span,
    attempt: AttemptId,
    millionths: u32,
    estimated_end: Time,
    cause: Cause,
}

/// How long an attempt will take in all, when it came so far in this time.
pub(super) fn estimate(ran: Span, millionths: u32) -> Span {
    // The real one takes a progress of less than 0.0001 for 0.0001.
    let done = u128::from(millionths.max(100));
    let whole = u128::from(ran.0) * u128::from(WHOLE) / done;
    Span(u64::try_from(whole).unwrap_or(u64::MAX))
}

impl Speculator {
    /// An attempt of this kind succeeded after so long.
    pub(super) fn learn(&mut self, took: Span) {
        self.succeeded += 1;
        self.sum = Span(self.sum.0.saturating_add(took.0));
    }

    /// The mean run time of those that succeeded.
    fn mean(&self) -> Option<Span> {
        self.sum.0.checked_div(self.succeeded).map(Span)
    }
}

impl Coordinator {
    /// Decides on a backup for at most one task of a kind.
    pub(super) fn speculate(&mut self, kind: TaskKind, turn: &mut Turn<'_>) {
        let speculator = *self.speculator_mut(kind);
        let tasks = count(self.tasks(kind).len());
        let done = self.done(kind);
        let enough = u64::from(done) * 100 >= u64::from(tasks) * DONE_PERCENT && done > 0;
        let waiting =
            self.tasks(kind).iter().any(|task| task.is_pending() || task.backup.is_some());
        if !self.config.speculation || waiting || !enough || turn.at < speculator.looks_again_at {
            return;
        }
        let Some(mean) = speculator.mean() else { return };
        let Some(best) = self.best_candidate(kind, turn.at, mean) else { return };
        let (backups, cap) = self.backups_and_cap(kind);
        if backups >= cap {
            return;
        }
        self.speculator_mut(kind).looks_again_at = turn.at + PAUSE;
        let Candidate { attempt, millionths, estimated_end, cause, .. } = best;
        let replacement_end = turn.at + mean;
        let decided = turn.failure(Level::Counters, cause, || FailureEvent::BackupDecided {
            attempt,
            millionths,
            estimated_end,
            replacement_end,
            mean,
            done,
            tasks,
            backups,
            cap,
        });
        self.task_mut(attempt.task).backup = Some(decided);
    }

    /// The task whose backup would gain the most; the first of equals.
    fn best_candidate(&self, kind: TaskKind, at: Time, mean: Span) -> Option<Candidate> {
        let mut best: Option<Candidate> = None;
        for task in self.tasks(kind) {
            let mut running = task.running();
            let (Some((attempt, a_try)), None) = (running.next(), running.next()) else { continue };
            let Some(estimate) = a_try.estimate else { continue };
            let estimated_end = a_try.since + estimate;
            let gain = estimated_end.since(at + mean);
            if estimated_end < at || gain == Span::ZERO {
                continue;
            }
            if best.is_none_or(|best| gain > best.gain) {
                let (millionths, cause) = (a_try.millionths, a_try.cause);
                best = Some(Candidate { gain, attempt, millionths, estimated_end, cause });
            }
        }
        best
    }

    /// Tasks with a backup that runs, and how many may have one.
    fn backups_and_cap(&self, kind: TaskKind) -> (u32, u32) {
        let tasks = self.tasks(kind);
        let running = count(tasks.iter().filter(|task| task.is_running()).count());
        let backups = count(tasks.iter().filter(|task| task.running().count() > 1).count());
        let of_total = count(tasks.len()) * OF_TOTAL_PERCENT / 100;
        let of_running = running * OF_RUNNING_PERCENT / 100;
        (backups, BACKUPS_MIN.max(of_total).max(of_running))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_a_quarter_done_takes_four_times_as_long_in_all() {
        assert_eq!(estimate(Span::from_secs(5), 250_000), Span::from_secs(20));
        assert_eq!(estimate(Span::from_secs(1), 0), Span::from_secs(10_000));
    }
}
