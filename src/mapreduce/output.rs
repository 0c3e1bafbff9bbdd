//! The output folder, as the distributed file system keeps it: attempts write in private, a commit
//! renames one attempt's file into place, and `_SUCCESS` says that the job is committed.

use crate::base::{AttemptId, PartitionId};
use bytes::Bytes;
use std::collections::BTreeMap;

/// The committed output of a job.
#[derive(Clone, Debug, Default)]
pub struct OutputFolder {
    parts: BTreeMap<PartitionId, Part>,
    success: bool,
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
    /// Renames an attempt's private file into place, whole.
    ///
    /// # Panics
    /// When the part is there already: the coordinator lets one attempt of a task commit.
    pub fn rename(&mut self, part: PartitionId, attempt: AttemptId, bytes: Bytes) {
        let before = self.parts.insert(part, Part { attempt, bytes });
        assert!(before.is_none(), "part {} was committed twice", part.0);
    }

    /// Writes `_SUCCESS`.
    pub fn commit_job(&mut self) {
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
