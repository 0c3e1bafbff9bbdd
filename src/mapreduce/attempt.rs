//! What all attempts share: how far a step may go, and what it cost.

use crate::base::{AttemptId, NodeId};
use serde::{Deserialize, Serialize};

/// How far one step may go, so that no call runs long. A step may overshoot by one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// Records.
    pub records: u64,
    /// Bytes.
    pub bytes: u64,
}

/// An activity of an attempt that goes on beside its others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// The mapper, or the reducer.
    Main,
    /// A map's background spill.
    Spill,
    /// One of a reduce's parallel copies.
    Copy(u32),
}

/// What the processor does in a step, and so how fast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Reads records and maps them.
    Map,
    /// Sorts, combines, merges, groups or reduces.
    Sort,
}

/// Bytes read from a disk of this or another node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Read {
    /// Whose disk it is.
    pub from: NodeId,
    /// How many.
    pub bytes: u64,
}

/// What a step cost. The data is already worked on; a simulated driver spends the time of each
/// part, one after another: launch, read, compute, write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// A container started.
    pub launch: bool,
    /// Bytes came from a disk, over the network if it is another node's.
    pub read: Option<Read>,
    /// The processor worked on so many bytes.
    pub compute: Option<(Stage, u64)>,
    /// Bytes went to the own disk.
    pub write_bytes: u64,
    /// They went to this node's disk too, as a second replica.
    pub replicate_to: Option<NodeId>,
    /// The read is a fetch of this map attempt's segment: once its time is spent, the driver
    /// delivers the segment.
    pub fetch: Option<AttemptId>,
}

impl Work {
    /// A container's start.
    pub fn launch() -> Work {
        Work { launch: true, ..Work::default() }
    }

    /// A read from a node's disk.
    pub fn read(from: NodeId, bytes: u64) -> Work {
        Work { read: Some(Read { from, bytes }), ..Work::default() }
    }

    /// Work of the processor.
    pub fn compute(stage: Stage, bytes: u64) -> Work {
        Work { compute: Some((stage, bytes)), ..Work::default() }
    }

    /// A write to the own disk.
    pub fn write(bytes: u64) -> Work {
        Work { write_bytes: bytes, ..Work::default() }
    }
}
