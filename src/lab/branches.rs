//! The branches of a run: the run as it was started, and the forks of it and of each other.
//!
//! A branch is the run of a scenario with one fault more. It goes on from a checkpoint before the
//! fault and is, to the byte, what a rerun from the beginning would be.

use super::checkpoints::Checkpoints;
use super::forkable::{ForkState, Forkable};
use super::messages::{CommandId, LabError, Reply, RunId, Update};
use super::run::Progress;
use crate::base::{PlannedFault, Time};
use crate::simulated::TooLate;
use std::collections::{BTreeMap, VecDeque};

/// The most branches of a run, itself included.
pub const BRANCHES_MAX: usize = 64;

/// The branches of one run. They compute the same over the same input, so one oracle serves all.
pub(super) struct Branches<R: Forkable> {
    branches: BTreeMap<RunId, Branch<R>>,
    forks: VecDeque<Fork<R>>,
    oracle: R::Oracle,
    /// Whose turn it was last.
    last: RunId,
}

struct Branch<R: Forkable> {
    run: R,
    checkpoints: Checkpoints<R::State>,
    /// How far to advance, while advancing.
    until: Option<Time>,
}

/// A branch on its way from a checkpoint to where it parts; what happens there is known already.
struct Fork<R: Forkable> {
    command: CommandId,
    id: RunId,
    branch: Branch<R>,
    /// The last moment that is shared; nothing when the branch is there.
    until: Option<Time>,
}

impl<R: Forkable> Branches<R> {
    /// A run at its beginning.
    pub(super) fn new(id: RunId, run: R) -> Branches<R> {
        let checkpoints = Checkpoints::new(run.state(), run.checkpoint_bytes());
        let oracle = run.oracle();
        let branch = Branch { run, checkpoints, until: None };
        Branches {
            branches: BTreeMap::from([(id, branch)]),
            forks: VecDeque::new(),
            oracle,
            last: id,
        }
    }

    /// The run of this number.
    pub(super) fn run(&self, id: RunId) -> Result<&R, LabError> {
        self.branches.get(&id).map(|branch| &branch.run).ok_or_else(|| gone(id))
    }

    /// Has a run advance until this time, or not any more.
    pub(super) fn advance(&mut self, id: RunId, until: Option<Time>) -> Result<(), LabError> {
        self.branches.get_mut(&id).ok_or_else(|| gone(id))?.until = until;
        Ok(())
    }

    /// Begins a branch. The command is answered when it stands where it parts.
    pub(super) fn fork(
        &mut self,
        command: CommandId,
        parent: RunId,
        id: RunId,
        fault: PlannedFault,
    ) -> Result<(), LabError> {
        let branch = self.branches.get(&parent).ok_or_else(|| gone(parent))?;
        if self.branches.contains_key(&id) || self.forks.iter().any(|fork| fork.id == id) {
            return Err(error(format!("run {id} is there already: give the branch a new number")));
        }
        if self.branches.len() + self.forks.len() >= BRANCHES_MAX {
            return Err(error(format!(
                "this run has {BRANCHES_MAX} branches already: start it again to go on"
            )));
        }
        let (branch, until) = branch.fork(fault)?;
        self.forks.push_back(Fork { command, id, branch, until });
        Ok(())
    }

    /// The forks that are given up, since another run takes the place of this one.
    pub(super) fn unanswered(&self) -> impl Iterator<Item = CommandId> {
        self.forks.iter().map(|fork| fork.command)
    }

    /// Whether there is work to do.
    pub(super) fn is_busy(&self) -> bool {
        !self.forks.is_empty() || self.branches.values().any(|branch| branch.until.is_some())
    }

    /// Does a slice of work: a fork's first, then the runs' in turn.
    pub(super) fn work(&mut self) -> Vec<Update> {
        match self.forks.pop_front() {
            Some(fork) => self.fork_slice(fork),
            None => self.advance_slice(),
        }
    }

    fn fork_slice(&mut self, mut fork: Fork<R>) -> Vec<Update> {
        if !fork.catch_up() {
            self.forks.push_front(fork);
            return Vec::new();
        }
        let run = &fork.branch.run;
        let (shared, scenario) = (run.state().events(), Box::new(run.scenario().clone()));
        self.branches.insert(fork.id, fork.branch);
        vec![Update::Reply { id: fork.command, result: Ok(Reply::Forked { shared, scenario }) }]
    }

    fn advance_slice(&mut self) -> Vec<Update> {
        let Some(id) = self.next_in_turn() else { return Vec::new() };
        self.last = id;
        let Some(branch) = self.branches.get_mut(&id) else { return Vec::new() };
        branch.advance(id, &mut self.oracle)
    }

    /// The run after the last one that advances.
    fn next_in_turn(&self) -> Option<RunId> {
        let advancing = || {
            let advancing = self.branches.iter().filter(|(_, branch)| branch.until.is_some());
            advancing.map(|(id, _)| *id)
        };
        advancing().find(|id| *id > self.last).or_else(|| advancing().next())
    }
}

impl<R: Forkable> Branch<R> {
    fn advance(&mut self, id: RunId, oracle: &mut R::Oracle) -> Vec<Update> {
        let Some(until) = self.until else { return Vec::new() };
        let (events, progress) = self.run.work(until, oracle);
        let mut updates = Vec::new();
        if !events.is_empty() {
            self.checkpoints.offer(self.run.state());
            updates.push(Update::Trace { run: id, events });
        }
        match progress {
            Progress::More => {}
            Progress::Paused => self.until = None,
            Progress::Finished(summary) => {
                self.until = None;
                updates.push(Update::Finished { run: id, summary: Box::new(summary) });
            }
        }
        updates
    }

    /// The branch with this fault, and up to when it has yet to catch up.
    fn fork(&self, fault: PlannedFault) -> Result<(Branch<R>, Option<Time>), LabError> {
        let run = &self.run;
        let (over, now) = (run.state().is_over(), run.state().now());
        if over && fault.at >= now {
            return Err(error(format!(
                "the run was over at {now}: go back to a moment before its end to change what \
                 happens"
            )));
        }
        let mut scenario = run.scenario().clone();
        scenario.faults.push(fault);
        run.check(&scenario)?;
        let is_ahead = now < fault.at;
        let state = if is_ahead { run.state() } else { self.checkpoints.before(fault.at) };
        let until = (!is_ahead).then(|| fault.at.0.checked_sub(1).map(Time)).flatten();
        let checkpoints = self.checkpoints.shared_until(fault.at);
        let run = run.resume(scenario, state.clone())?;
        Ok((Branch { run, checkpoints, until: None }, until))
    }
}

impl<R: Forkable> Fork<R> {
    /// Simulates a slice of what is known already; says whether the branch is where it parts.
    fn catch_up(&mut self) -> bool {
        let Some(until) = self.until else { return true };
        let state = self.branch.run.state_mut();
        let more = state.advance(until);
        state.take_events();
        !more || state.reached(until)
    }
}

fn gone(id: RunId) -> LabError {
    error(format!("run {id} is not here any more: start it again"))
}

fn error(message: String) -> LabError {
    LabError { field: None, message }
}

impl From<TooLate> for LabError {
    fn from(late: TooLate) -> LabError {
        LabError { field: Some("at".to_owned()), message: late.to_string() }
    }
}
