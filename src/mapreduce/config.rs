//! What a job runs with: the input as it lies on the cluster, and the job's settings.

use super::segment::SegmentCodec;
use super::split::SplitRule;
use super::{Job, Partitioner};
use crate::base::{BlockId, FileId, NodeId, PartitionId, RackId, Span};
use crate::trace::event::{Counters, Locality};
use serde::{Deserialize, Serialize};

/// A block of the input and the nodes that hold a copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredBlock {
    /// Which block.
    pub id: BlockId,
    /// The file that it is of.
    pub file: FileId,
    /// Where it begins in the file.
    pub offset: u64,
    /// Its length in bytes.
    pub length: u64,
    /// The nodes that hold a copy, the writer's choice first.
    pub replicas: Vec<NodeId>,
}

/// The settings of a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobConfig {
    /// What it computes.
    pub job: Job,
    /// How its input is cut into splits.
    pub splits: SplitRule,
    /// Reduce tasks; none when the maps write the output.
    pub reducers: u32,
    /// Whether the job's combiner runs.
    pub combiner: bool,
    /// Which reduce a key goes to.
    pub partitioner: Partitioner,
    /// Bytes of a map's sort buffer.
    pub sort_buffer_bytes: u64,
    /// How full the buffer is, in percent, when a spill begins.
    pub spill_percent: u64,
    /// How intermediate data is kept.
    pub codec: SegmentCodec,
    /// Segments that one merge reads at once.
    pub sort_factor: u32,
    /// Map outputs that a reduce fetches at once.
    pub parallel_copies: u32,
    /// How reduces keep and merge what they fetch.
    pub shuffle: ShuffleRule,
    /// Percent of the maps that are done before reducers are given out.
    pub slow_start_percent: u32,
    /// Scheduling opportunities to pass up while waiting for locality.
    pub locality_delay: u32,
    /// How long a node may be silent before it is believed lost.
    pub node_timeout: Span,
    /// How long an attempt may make no progress before it fails.
    pub task_timeout: Span,
    /// How long a read from another node may bring nothing before it fails.
    pub read_timeout: Span,
    /// How the outputs of tasks become the job's.
    pub commit: CommitRule,
    /// When so many attempts of a task have failed, the job fails.
    pub max_attempts: u32,
    /// When so many attempts have failed on a node, it gets no more.
    pub max_node_failures: u32,
    /// Whether slow attempts get backups.
    pub speculation: bool,
    /// Percent of the attempts that throw an exception at a moment of luck.
    pub task_failure_percent: u32,
    /// The seed of the engine's luck.
    pub seed: u64,
}

/// How the outputs of tasks become the job's (Hadoop's `FileOutputCommitter`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommitRule {
    /// When they can be seen.
    pub algorithm: CommitAlgorithm,
    /// What it takes to rename a file.
    pub rename: Span,
}

/// When outputs of tasks can be seen (`mapreduce.fileoutputcommitter.algorithm.version`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CommitAlgorithm {
    /// 1: all when the job commits, which renames one after another. A job that fails shows nothing.
    AtJobCommit,
    /// 2: each when its task commits. A job that fails leaves behind what was committed by then.
    AtTaskCommit,
}

impl CommitRule {
    /// The default since Hadoop 3.0.
    pub const SINCE_3_0: CommitRule =
        CommitRule { algorithm: CommitAlgorithm::AtTaskCommit, rename: Span::ZERO };

    /// Whether what a task commits can be seen at once.
    pub fn shows_at_task_commit(self) -> bool {
        self.algorithm == CommitAlgorithm::AtTaskCommit
    }
}

/// How a reduce keeps and merges what it fetches (Hadoop's `MergeManagerImpl`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShuffleRule {
    /// Bytes of a reduce's heap.
    pub heap_bytes: u64,
    /// Percent of the heap for fetched outputs (`mapreduce.reduce.shuffle.input.buffer.percent`).
    pub buffer_percent: u64,
    /// Percent of that from which on an output goes to disk (`…shuffle.memory.limit.percent`).
    pub single_percent: u64,
    /// Percent of that at which it is merged to disk (`…shuffle.merge.percent`).
    pub merge_percent: u64,
    /// Outputs in memory at which they are merged (`mapreduce.reduce.merge.inmem.threshold`).
    pub merge_files: usize,
}

impl ShuffleRule {
    /// Hadoop's percentages of a heap of this size.
    pub const fn of_heap(heap_bytes: u64) -> ShuffleRule {
        ShuffleRule {
            heap_bytes,
            buffer_percent: 70,
            single_percent: 25,
            merge_percent: 66,
            merge_files: 1_000,
        }
    }

    /// Bytes of fetched outputs that memory may hold.
    pub fn memory_limit(&self) -> u64 {
        percent(self.heap_bytes, self.buffer_percent)
    }

    /// Bytes from which on an output goes to disk.
    pub fn single_limit(&self) -> u64 {
        percent(self.memory_limit(), self.single_percent)
    }

    /// Bytes in memory at which it is merged to disk.
    pub fn merge_limit(&self) -> u64 {
        percent(self.memory_limit(), self.merge_percent)
    }
}

fn percent(of: u64, percent: u64) -> u64 {
    u64::try_from(u128::from(of) * u128::from(percent) / 100).unwrap_or(u64::MAX)
}

/// Which rack each node is in, in the order of the nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topology(pub Vec<RackId>);

impl Topology {
    /// How near one node is to another.
    pub fn locality(&self, one: NodeId, other: NodeId) -> Locality {
        if one == other {
            Locality::NodeLocal
        } else if self.0.get(one.place()) == self.0.get(other.place()) {
            Locality::RackLocal
        } else {
            Locality::OffRack
        }
    }

    /// The node whose turn it is, when each comes in its turn.
    ///
    /// # Panics
    /// When the cluster has no node.
    pub fn in_turn(&self, turn: u32) -> NodeId {
        let place = turn as usize % self.0.len();
        NodeId::nth(u16::try_from(place).unwrap_or(u16::MAX))
    }

    /// The nearest of several nodes, the first of equals, and how near it is.
    pub fn nearest(&self, to: NodeId, of: &[NodeId]) -> Option<(Locality, NodeId)> {
        let ranked = of.iter().map(|node| (self.locality(to, *node), *node));
        ranked.min_by_key(|(locality, _)| *locality)
    }
}

impl StoredBlock {
    /// The first byte after it.
    pub fn end(&self) -> u64 {
        self.offset + self.length
    }
}

impl JobConfig {
    /// Whether a combiner runs: it is wanted, and the job has one.
    pub fn combines(&self) -> bool {
        self.combiner && self.job.combiner().is_some()
    }

    /// Whether what the maps emit is the output, with no shuffle and no reduce.
    pub fn is_map_only(&self) -> bool {
        self.reducers == 0
    }

    /// Records of the output.
    pub fn output_records(&self, counters: &Counters) -> u64 {
        if self.is_map_only() {
            counters.map_output_records
        } else {
            counters.reduce_output_records
        }
    }

    /// The reducer that a key goes to; the first when there is none.
    pub fn partition(&self, key: &[u8]) -> PartitionId {
        let part = self.job.shape().partition_part(key);
        self.partitioner.partition_part(part, self.reducers.max(1))
    }

    /// Bytes in the sort buffer at which a spill begins.
    pub fn spill_threshold(&self) -> u64 {
        let threshold = u128::from(self.sort_buffer_bytes) * u128::from(self.spill_percent) / 100;
        u64::try_from(threshold).unwrap_or(u64::MAX)
    }
}
