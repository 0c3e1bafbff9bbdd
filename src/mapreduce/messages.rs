//! What nodes and the coordinator say to each other, and what nodes read from each other. Plain
//! data: a simulated network carries it as it is, a live one as bytes.
//!
//! Messages of a node reach the coordinator in order and once, unless the node dies; and so do
//! orders. How that is brought about on a network that loses and doubles is the driver's business.

use super::config::StoredBlock;
use super::segment::{Segment, SegmentSize};
use super::split::Split;
use crate::base::{AttemptId, BlockId, FileId, NodeId, PartitionId};
use crate::trace::Cause;
use crate::trace::event::Counters;
use crate::trace::failure::TaskError;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What a node says to the coordinator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are named for what they carry")]
pub enum Message {
    /// I have just started, for the `incarnation`-th time (from 0), and run nothing. These map
    /// outputs and blocks are on my disk. It is the first message of every incarnation, but not
    /// sent by the first one of all, with which the run begins.
    Registered { node: NodeId, incarnation: u32, outputs: Vec<AttemptId>, blocks: Vec<BlockId> },
    /// I am alive, and have so many free slots with memory for a container, and memory for so
    /// many containers of either kind.
    Heartbeat { node: NodeId, free_map_slots: u32, free_reduce_slots: u32, free_containers: u32 },
    /// An attempt has come so far: 1,000,000 is all of it. `worked` says whether it did anything
    /// since its last report; `copying` is a reduce's that still fetches.
    Progress { node: NodeId, attempt: AttemptId, millionths: u32, worked: bool, copying: bool },
    /// An attempt ended well; a map left these segments, by partition.
    Finished { node: NodeId, attempt: AttemptId, counters: Counters, segments: Vec<SegmentSize> },
    /// An attempt threw.
    Failed { node: NodeId, attempt: AttemptId, error: TaskError },
    /// Which map outputs came and went beyond the first `known` entries of your log?
    MapOutputsAsked { node: NodeId, attempt: AttemptId, known: u32 },
    /// May this reduce commit?
    CommitAsked { node: NodeId, attempt: AttemptId },
    /// A reduce could not fetch this map's output.
    FetchFailed { node: NodeId, attempt: AttemptId, map: AttemptId },
    /// A block that I was to copy is here, or could not be copied.
    BlockCopied { node: NodeId, block: BlockId, from: NodeId, arrived: bool },
}

/// What the coordinator orders a node to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are named for what they carry")]
pub enum Order {
    /// Start a map. `blocks` says where all blocks of the input lie, in file order, as the name
    /// node believes.
    LaunchMap { attempt: AttemptId, split: Split, blocks: Arc<[BlockAt]> },
    /// Start a reduce. The second replica of its output goes to `replicate_to`.
    LaunchReduce { attempt: AttemptId, maps: u32, replicate_to: Option<NodeId> },
    /// The answer to `MapOutputsAsked`: the entries `known..known + entries.len()` of the log.
    MapOutputs { attempt: AttemptId, known: u32, entries: Vec<OutputLogEntry> },
    /// Commit; no other attempt of the task may.
    Commit { attempt: AttemptId },
    /// Stop an attempt and delete its files, its finished output too.
    Kill { attempt: AttemptId },
    /// You were believed lost: stop all that runs and delete all map outputs, then go on.
    Resync,
    /// Copy a block from another node's disk to yours.
    CopyBlock { block: BlockId, from: NodeId },
}

impl Order {
    /// The attempt that may have something to do once it has heard this: a driver asks its lanes.
    pub fn learner(&self) -> Option<AttemptId> {
        match self {
            Order::MapOutputs { attempt, .. } => Some(*attempt),
            Order::LaunchMap { .. }
            | Order::LaunchReduce { .. }
            | Order::Commit { .. }
            | Order::Kill { .. }
            | Order::Resync
            | Order::CopyBlock { .. } => None,
        }
    }
}

/// An order, whom it goes to, and the event that brought it about.
pub type Directed = (NodeId, Order, Cause);

/// An entry of the coordinator's log of map outputs (Hadoop's task completion events).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OutputLogEntry {
    /// A map's output can be fetched.
    Ready(MapOutputAt),
    /// It does not count any more; the map runs again.
    Withdrawn(AttemptId),
}

/// A map output that can be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MapOutputAt {
    /// The attempt that made it.
    pub map: AttemptId,
    /// The node that serves it.
    pub node: NodeId,
    /// How much it holds for the reduce's partition.
    pub size: SegmentSize,
}

/// Where a block of the input lies, as the name node believes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockAt {
    /// Which block.
    pub id: BlockId,
    /// The file that it is of.
    pub file: FileId,
    /// Where it begins in the file.
    pub offset: u64,
    /// Its length in bytes.
    pub length: u64,
    /// The nodes that hold a copy; none when all are lost.
    pub replicas: Vec<NodeId>,
}

impl From<&StoredBlock> for BlockAt {
    fn from(block: &StoredBlock) -> BlockAt {
        let StoredBlock { id, file, offset, length, replicas } = block.clone();
        BlockAt { id, file, offset, length, replicas }
    }
}

/// What is read from a node's disk, by itself or by another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are named for what they carry")]
pub enum Source {
    /// Bytes of a file of the input, all in one block.
    Input { block: BlockId, offset: u64, bytes: u64 },
    /// A map attempt's segment for a partition.
    Segment { map: AttemptId, partition: PartitionId },
}

/// What was read.
#[derive(Clone, Debug)]
pub enum Served {
    /// Bytes of the input.
    Input(Bytes),
    /// A segment.
    Segment(Segment),
}
