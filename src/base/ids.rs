//! Names of things in a run, in the order in which the run made them.
//!
//! Nodes and racks count from 1, as people count machines; tasks, splits, files, blocks and
//! parts count from 0, as the real systems number them. What a trace says is what the page says.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A machine of the cluster, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NodeId(pub u16);

/// A rack, from 1: nodes behind one switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RackId(pub u16);

/// A file of the input, in the order in which the job names them.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct FileId(pub u32);

/// A block of a file of the input in the distributed file system; they count on from file to file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BlockId(pub u32);

/// A map task, which is also the index of its split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MapIndex(pub u32);

/// A partition of the intermediate data, which is also the index of its reduce task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PartitionId(pub u32);

/// Which half of the job a task belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// Reads a split and leaves sorted, partitioned output on its node's disk.
    Map,
    /// Fetches one partition from every map and writes one output part.
    Reduce,
}

/// A task: one map or one reduce of the job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TaskId {
    /// Map or reduce.
    pub kind: TaskKind,
    /// Split or partition.
    pub index: u32,
}

/// One try at a task. The first is attempt 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AttemptId {
    /// The task that is tried.
    pub task: TaskId,
    /// Which try this is.
    pub number: u16,
}

impl FileId {
    /// The place of this file in a list of all files.
    pub fn place(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

impl TaskId {
    /// The map task of a split.
    pub fn map(index: u32) -> TaskId {
        TaskId { kind: TaskKind::Map, index }
    }

    /// The reduce task of a partition.
    pub fn reduce(index: u32) -> TaskId {
        TaskId { kind: TaskKind::Reduce, index }
    }

    /// One try at this task.
    pub fn attempt(self, number: u16) -> AttemptId {
        AttemptId { task: self, number }
    }
}

impl AttemptId {
    /// A number that no other attempt of the run has: the entity of keyed randomness.
    pub fn key(self) -> u64 {
        let kind = match self.task.kind {
            TaskKind::Map => 0,
            TaskKind::Reduce => 1,
        };
        kind << 48 | u64::from(self.task.index) << 16 | u64::from(self.number)
    }
}

impl NodeId {
    /// The node at this place in a list of all nodes.
    pub fn nth(place: u16) -> NodeId {
        NodeId(place + 1)
    }

    /// The place of this node in a list of all nodes.
    pub fn place(self) -> usize {
        usize::from(self.0).saturating_sub(1)
    }
}

impl fmt::Display for FileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "file {}", self.0)
    }
}

impl fmt::Display for RackId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rack {}", self.0)
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "node {}", self.0)
    }
}

/// `map 0`, `reduce 1`: tasks keep the numbers of their splits and parts, as in the real systems.
impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            TaskKind::Map => write!(f, "map {}", self.index),
            TaskKind::Reduce => write!(f, "reduce {}", self.index),
        }
    }
}

impl fmt::Display for AttemptId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            0 => self.task.fmt(f),
            n => write!(f, "{} (attempt {n})", self.task),
        }
    }
}
