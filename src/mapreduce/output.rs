//! The output folder, as the distributed file system keeps it: attempts write in private, a commit
//! renames one attempt's file into place, and `_SUCCESS` says that the job is committed. By commit
//! algorithm 1 a task's file is renamed twice: aside when the task commits, into place when the job
//! does.

use super::JobConfig;
use crate::base::{AttemptId, PartitionId};
use bytes::Bytes;
use std::collections::BTreeMap;

/// The committed output of a job.
#[derive(Clone, Debug, Default)]
pub struct OutputFolder {
    parts: BTreeMap<PartitionId, Part>,
    /// What tasks committed and the job did not yet, where that is not to be seen.
    aside: BTreeMap<PartitionId, Part>,
    hides: bool,
    success: bool,
    /// Attempts of a task may write differently, since the job's combiner is one that must not run.
    may_differ: bool,
}

/// A committed part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The attempt whose output it is.
    pub attempt: AttemptId,
    /// Lines of `key TAB value`.
    pub bytes: Bytes,
}

impl OutputFolder {
    /// The folder of a job, with nothing in it.
    pub fn of(config: &JobConfig) -> OutputFolder {
        OutputFolder {
            hides: !config.commit.shows_at_task_commit(),
            may_differ: !config.job.is_combiner_safe(),
            ..OutputFolder::default()
        }
    }

    /// Renames an attempt's private file into place, whole. It replaces what an earlier attempt
    /// of the task renamed, whose node died before the coordinator heard of it
    /// (`FileOutputCommitter` replaces too).
    pub fn rename(&mut self, part: PartitionId, attempt: AttemptId, bytes: Bytes) {
        let parts = if self.hides { &mut self.aside } else { &mut self.parts };
        let before = parts.insert(part, Part { attempt, bytes });
        let now = parts.get(&part).map(|part| &part.bytes);
        let same = before.is_none_or(|before| Some(&before.bytes) == now);
        debug_assert!(
            same || self.may_differ,
            "all attempts of a task write the same to part {}",
            part.0
        );
    }

    /// Renames what lies aside into place, and writes `_SUCCESS`.
    pub fn commit_job(&mut self) {
        self.parts.append(&mut self.aside);
        self.success = true;
    }

    /// Whether the job is committed.
    pub fn is_committed(&self) -> bool {
        self.success
    }

    /// The parts that can be seen.
    pub fn parts(&self) -> &BTreeMap<PartitionId, Part> {
        &self.parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::TaskId;

    /// By algorithm 1 nothing can be seen of a job that does not commit.
    #[test]
    fn what_is_hidden_can_be_seen_once_the_job_commits() {
        let mut folder = OutputFolder { hides: true, ..OutputFolder::default() };
        folder.rename(PartitionId(0), TaskId::reduce(0).attempt(0), Bytes::from_static(b"a\t1\n"));
        assert!(folder.parts().is_empty() && !folder.is_committed());
        folder.commit_job();
        assert_eq!(folder.parts().len(), 1);
    }

    #[test]
    fn a_later_attempt_may_publish_again() {
        let mut folder = OutputFolder::default();
        for number in [0, 1] {
            let attempt = TaskId::reduce(0).attempt(number);
            folder.rename(PartitionId(0), attempt, Bytes::from_static(b"be\t2\n"));
            assert_eq!(folder.parts()[&PartitionId(0)].attempt, attempt);
        }
        assert_eq!(folder.parts().len(), 1);
    }
}
