//! The job's commit (Hadoop's `FileOutputCommitter.commitJob`).
//!
//! By algorithm 1 what tasks committed waits aside, and is renamed into the output folder one part
//! after another; by algorithm 2 it is there already. Then `_SUCCESS` is written. The parts are files
//! with replicas, so that no fault of a node can stop this any more.

use super::{Coordinator, Turn, count};
use crate::base::{Level, PartitionId, Time};
use crate::trace::{BatchEvent, Cause};

/// A job commit under way.
#[derive(Clone, Copy, Debug)]
pub(super) struct JobCommit {
    /// The part that is renamed.
    part: u32,
    /// When it is done.
    at: Time,
    cause: Cause,
}

impl Coordinator {
    /// All tasks are done: the job commits.
    pub(super) fn commit_job(&mut self, cause: Cause, turn: &mut Turn<'_>) {
        let parts = self.parts();
        if self.config.commit.shows_at_task_commit() || parts == 0 {
            return self.finish_job(cause, turn);
        }
        let cause = turn.batch(Level::Counters, cause, || BatchEvent::JobCommitStarted { parts });
        self.job_commit =
            Some(JobCommit { part: 0, at: turn.at + self.config.commit.rename, cause });
    }

    /// When the rename under way is done.
    pub(super) fn next_rename(&self) -> Option<Time> {
        self.job_commit.map(|commit| commit.at)
    }

    /// Parts whose time is spent can be seen; after the last of them the job is done.
    pub(super) fn rename_what_is_due(&mut self, turn: &mut Turn<'_>) {
        while let Some(JobCommit { part, at, cause }) =
            self.job_commit.filter(|it| it.at <= turn.at)
        {
            let published = PartitionId(part);
            let cause = turn
                .batch(Level::Counters, cause, || BatchEvent::PartPublished { part: published });
            let (part, at) = (part + 1, at + self.config.commit.rename);
            self.job_commit = (part < self.parts()).then_some(JobCommit { part, at, cause });
            if self.job_commit.is_none() {
                self.finish_job(cause, turn);
            }
        }
    }

    fn finish_job(&mut self, cause: Cause, turn: &mut Turn<'_>) {
        let (took, counters) = (turn.at.since(self.submitted_at), self.counters());
        turn.batch(Level::Counters, cause, || BatchEvent::JobFinished { took, counters });
        self.outcome = Some(Ok(()));
    }

    /// Parts of the output.
    fn parts(&self) -> u32 {
        let tasks = if self.config.is_map_only() { &self.maps } else { &self.reduces };
        count(tasks.len())
    }
}
