//! What the coordinator knows of a task and of each try at it.

use crate::base::{AttemptId, NodeId, Span, TaskId, Time};
use crate::trace::Cause;
use crate::trace::event::Counters;
use crate::trace::failure::LaunchReason;

/// A task and all tries at it.
#[derive(Clone, Debug)]
pub(super) struct Task {
    pub(super) id: TaskId,
    pub(super) tries: Vec<Try>,
    /// Attempts that failed; killed ones do not count.
    pub(super) failures: u32,
    /// The attempt that may commit.
    pub(super) committing: Option<AttemptId>,
    /// A backup was decided on, by this event, and waits for a slot.
    pub(super) backup: Option<Cause>,
    /// Notifications that the finished output could not be fetched.
    pub(super) fetch_failures: u32,
}

/// A try at a task, as the coordinator knows it.
#[derive(Clone, Debug)]
pub(super) struct Try {
    pub(super) node: NodeId,
    pub(super) since: Time,
    pub(super) state: TryState,
    /// Progress as it was reported last, of 1,000,000.
    pub(super) millionths: u32,
    /// When progress was last made, as far as is known.
    pub(super) progress_at: Time,
    /// How long it will run in all, by its last report (`LegacyTaskRuntimeEstimator`).
    pub(super) estimate: Option<Span>,
    /// A reduce that still fetches.
    pub(super) copying: bool,
    /// The last event about it.
    pub(super) cause: Cause,
}

/// Where a try stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TryState {
    Running,
    Succeeded(Counters),
    Failed,
    Killed,
}

impl Task {
    pub(super) fn new(id: TaskId) -> Task {
        Task {
            id,
            tries: Vec::new(),
            failures: 0,
            committing: None,
            backup: None,
            fetch_failures: 0,
        }
    }

    /// Whether an attempt succeeded, and its output still counts.
    pub(super) fn is_done(&self) -> bool {
        self.success().is_some()
    }

    /// Whether it waits for a slot: no attempt runs, and none has succeeded.
    pub(super) fn is_pending(&self) -> bool {
        self.tries.iter().all(|a_try| matches!(a_try.state, TryState::Failed | TryState::Killed))
    }

    /// Whether an attempt runs.
    pub(super) fn is_running(&self) -> bool {
        self.running().next().is_some()
    }

    /// The attempts that run.
    pub(super) fn running(&self) -> impl Iterator<Item = (AttemptId, &Try)> {
        self.all().filter(|(_, a_try)| a_try.state == TryState::Running)
    }

    /// The attempt whose output counts.
    pub(super) fn success(&self) -> Option<(AttemptId, &Try)> {
        self.all().find(|(_, a_try)| matches!(a_try.state, TryState::Succeeded(_)))
    }

    /// A try by its attempt's name.
    pub(super) fn get(&self, attempt: AttemptId) -> Option<&Try> {
        self.tries.get(usize::from(attempt.number))
    }

    /// A try that runs, by its attempt's name.
    pub(super) fn running_mut(&mut self, attempt: AttemptId) -> Option<&mut Try> {
        let a_try = self.tries.get_mut(usize::from(attempt.number))?;
        (a_try.state == TryState::Running).then_some(a_try)
    }

    /// Begins another try; gives its name.
    pub(super) fn begin(&mut self, node: NodeId, at: Time, copying: bool) -> AttemptId {
        let attempt = self.next_attempt();
        self.tries.push(Try {
            node,
            since: at,
            state: TryState::Running,
            millionths: 0,
            progress_at: at,
            estimate: None,
            copying,
            cause: Cause::NONE,
        });
        attempt
    }

    /// What the next try will be called.
    pub(super) fn next_attempt(&self) -> AttemptId {
        self.id.attempt(u16::try_from(self.tries.len()).unwrap_or(u16::MAX))
    }

    /// Why the next try would be given out, if the task is pending.
    pub(super) fn launch_reason(&self) -> LaunchReason {
        match self.tries.last().map(|last| last.state) {
            None => LaunchReason::First,
            Some(TryState::Failed) => LaunchReason::Retry,
            Some(TryState::Killed) => LaunchReason::Rerun,
            Some(TryState::Running | TryState::Succeeded(_)) => LaunchReason::Backup,
        }
    }

    fn all(&self) -> impl Iterator<Item = (AttemptId, &Try)> {
        (0..=u16::MAX).map(|number| self.id.attempt(number)).zip(&self.tries)
    }
}
