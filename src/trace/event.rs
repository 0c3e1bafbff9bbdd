//! The events of a run. Kinds are a closed enum, nested by world and batch; each
//! carries the numbers that its decision was made with.
//!
//! How they are read, and so what an engine must keep to:
//!
//! - The cluster starts first, then its nodes in order, then files, then blocks in file order;
//!   splits come in file order (combined ones as they were combined); the attempts of a task count from 0. Events name only what events before them
//!   introduced.
//! - Some events tell what is so on a node, others what the coordinator does or knows. An attempt
//!   is on its node from `AttemptLaunched` (or its first phase) to `PhaseStarted { Done }`; it is
//!   done for the coordinator at `AttemptSucceeded`, which is later by a message. Where phases are
//!   not recorded, `AttemptSucceeded` stands for both.
//! - A task is pending until it is assigned, and running from then on, as the coordinator sees it.
//! - The coordinator believes of a node what `HeartbeatReceived` told it last, and nothing else.
//! - A spill's content leaves the buffer at `SpillFinished`; until then it takes up its room.
//! - A cell of the shuffle is ready at `MapOutputReady`, then stands where the latest
//!   `FetchStarted` or `FetchFinished` of its reduce left it.

use super::failure::{FailureEvent, LaunchReason};
use super::stream::StreamEvent;
use crate::base::{
    AttemptId, BlockId, Codec, Fault, FileId, MapIndex, NodeId, PartitionId, RackId, Span,
    TaskKind, Time,
};
use serde::{Deserialize, Serialize};
use std::iter::Sum;
use std::ops::Add;

/// The place of an event in its trace, from 0.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Seq(pub u32);

/// Something that happened in a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Its place in the trace.
    pub seq: Seq,
    /// When it happened.
    pub at: Time,
    /// Where it happened; nothing means the coordinator or the cluster as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<NodeId>,
    /// What happened.
    pub kind: EventKind,
    /// The event that brought it about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Seq>,
}

impl Event {
    /// When it happened, and its place: what a snapshot remembers of it.
    pub fn stamp(&self) -> (Time, Seq) {
        (self.at, self.seq)
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// In the machines, disks and links.
    World(WorldEvent),
    /// In the batch engine.
    Batch(BatchEvent),
    /// In the batch engine, where something failed or is mended.
    Failure(FailureEvent),
    /// In the stream engine.
    Stream(StreamEvent),
}

/// What happened to the cluster and its file system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are named for what they carry")]
pub enum WorldEvent {
    /// The cluster is there. One byte of input stands for `scale` bytes.
    ClusterStarted { nodes: u16, racks: u16, scale: u64 },
    /// A node is there. `event.node` says which.
    NodeStarted { rack: RackId, cores: u32, memory_bytes: u64, map_slots: u32, reduce_slots: u32 },
    /// A file of the input is stored: its bytes on disk, and how its text lies in them. An input
    /// that is one plain file is not introduced. Files come in their order, before all blocks.
    FileStored { file: FileId, name: String, bytes: u64, codec: Codec },
    /// A block of a file of the input lies on these nodes, the writer's choice first.
    BlockPlaced {
        block: BlockId,
        offset: u64,
        length: u64,
        replicas: Vec<NodeId>,
        #[serde(default)]
        file: FileId,
    },
    /// A fault struck, as planned or by hand, or `by_rate`. Without `effect` it found nothing to
    /// do, such as a crash of a node that was down.
    FaultStruck { fault: Fault, by_rate: bool, effect: bool },
    /// What was sent between a node and the coordinator was lost on its way and is sent again
    /// after a while. `tries` counts how often it was sent so far.
    MessageLost { node: NodeId, to_coordinator: bool, tries: u32, again_after: Span },
    /// A second copy of a message came, and was thrown away.
    DuplicateDropped { node: NodeId, to_coordinator: bool },
    /// A live node's web worker (`event.node`) panicked, ran out of memory or did not start, and
    /// said why. A crash of the node follows from it.
    WorkerBroke { reason: String },
    /// What is used of a node (`event.node`), when that has changed since the last look, which is
    /// once a second.
    LoadChanged {
        /// Thousandths of a core.
        cores_thousandths: u32,
        disk_bytes_per_second: u64,
        sent_bytes_per_second: u64,
        received_bytes_per_second: u64,
    },
}

/// A piece of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SplitPiece {
    /// Which file.
    pub file: FileId,
    /// Where in it the piece begins.
    pub offset: u64,
    /// Its bytes on disk.
    pub length: u64,
}

/// Where a map's split was read from, nearest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Locality {
    /// A replica on the task's own node.
    NodeLocal,
    /// A replica on the task's own rack.
    RackLocal,
    /// A replica on another rack.
    OffRack,
}

/// What an attempt is busy with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The container starts.
    Launch,
    /// Map: reads its split, maps each record, fills its buffer (and spills in the background).
    Map,
    /// Map: the buffer is full and the spill not yet done; the mapper waits.
    Blocked,
    /// Map: the input has ended; the rest of the buffer is sorted and spilled.
    Flush,
    /// Map: the spills are merged into one file.
    Merge,
    /// Reduce: fetches its partition of each map's output.
    Copy,
    /// Reduce: merges what it fetched down to few enough sorted segments.
    Sort,
    /// Reduce: groups equal keys and reduces each group.
    Reduce,
    /// Reduce: asks to commit, and renames its output.
    Commit,
    /// It is over.
    Done,
}

/// Why a spill began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpillReason {
    /// The buffer crossed its threshold.
    Threshold,
    /// The next record did not fit any more, though the threshold was not crossed.
    NoRoom,
    /// The input ended.
    EndOfInput,
}

/// A size in records and bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Volume {
    /// How many records.
    pub records: u64,
    /// How many bytes.
    pub bytes: u64,
}

impl Add for Volume {
    type Output = Volume;
    fn add(self, other: Volume) -> Volume {
        Volume {
            records: self.records.saturating_add(other.records),
            bytes: self.bytes.saturating_add(other.bytes),
        }
    }
}

impl Sum for Volume {
    fn sum<I: Iterator<Item = Volume>>(volumes: I) -> Volume {
        volumes.fold(Volume::default(), Volume::add)
    }
}

/// A reduce's memory for what it fetched, when a merge begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoryUse {
    /// Inputs of the merge that are in memory; the others are on disk.
    pub from_memory: u32,
    /// Bytes in use, by what is here or on its way.
    pub used_bytes: u64,
    /// Bytes that may be: 0.70 of the heap.
    pub limit_bytes: u64,
}

/// Hadoop's counters of a task; a job's are their sums. Field names are Hadoop's in lower case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Counters {
    /// Records that mappers read.
    pub map_input_records: u64,
    /// Records that mappers emitted.
    pub map_output_records: u64,
    /// Their serialized bytes.
    pub map_output_bytes: u64,
    /// Bytes of map outputs as they lie on disk, combined and perhaps compressed.
    #[serde(default)]
    pub map_output_materialized_bytes: u64,
    /// Records that combiners read.
    pub combine_input_records: u64,
    /// Records that combiners emitted.
    pub combine_output_records: u64,
    /// Records written to disk in spills and merges, of maps and reduces.
    pub spilled_records: u64,
    /// Map outputs fetched by reduces.
    pub shuffled_maps: u64,
    /// Fetches of reduces that failed.
    pub failed_shuffle: u64,
    /// Bytes fetched by reduces.
    pub reduce_shuffle_bytes: u64,
    /// Map outputs that went into reduces' merges.
    pub merged_map_outputs: u64,
    /// Distinct keys that reduces saw.
    pub reduce_input_groups: u64,
    /// Records that reduces read.
    pub reduce_input_records: u64,
    /// Records that reduces wrote.
    pub reduce_output_records: u64,
}

impl Counters {
    /// Adds a task's counters to a job's.
    pub fn add(&mut self, other: &Counters) {
        let sums = [
            (&mut self.map_input_records, other.map_input_records),
            (&mut self.map_output_records, other.map_output_records),
            (&mut self.map_output_bytes, other.map_output_bytes),
            (&mut self.map_output_materialized_bytes, other.map_output_materialized_bytes),
            (&mut self.combine_input_records, other.combine_input_records),
            (&mut self.combine_output_records, other.combine_output_records),
            (&mut self.spilled_records, other.spilled_records),
            (&mut self.shuffled_maps, other.shuffled_maps),
            (&mut self.failed_shuffle, other.failed_shuffle),
            (&mut self.reduce_shuffle_bytes, other.reduce_shuffle_bytes),
            (&mut self.merged_map_outputs, other.merged_map_outputs),
            (&mut self.reduce_input_groups, other.reduce_input_groups),
            (&mut self.reduce_input_records, other.reduce_input_records),
            (&mut self.reduce_output_records, other.reduce_output_records),
        ];
        for (sum, more) in sums {
            *sum = sum.saturating_add(more);
        }
    }
}

const fn visible() -> bool {
    true
}

/// What happened in the batch engine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are named for what they carry")]
pub enum BatchEvent {
    /// The coordinator took the job.
    JobSubmitted { input_bytes: u64, maps: u32, reduces: u32 },
    /// A split was cut: `offset..offset + length` of a file, to be run near `hosts`. A combined
    /// split has `more` pieces.
    SplitPlanned {
        map: MapIndex,
        offset: u64,
        length: u64,
        hosts: Vec<NodeId>,
        #[serde(default)]
        file: FileId,
        #[serde(default)]
        more: Vec<SplitPiece>,
    },
    /// The coordinator heard from a node, which had so many free slots.
    HeartbeatReceived { node: NodeId, free_map_slots: u32, free_reduce_slots: u32 },
    /// Enough maps are done: reducers may be given out. The rule is `done ≥ needed`.
    SlowStartReached { maps_done: u32, maps: u32, needed: u32 },
    /// The coordinator gave a map to a node that had a free slot.
    MapAssigned {
        attempt: AttemptId,
        node: NodeId,
        locality: Locality,
        /// Maps that waited for a slot, this one included.
        pending: u32,
        /// How many of them had a replica on this node.
        pending_local: u32,
        /// Scheduling opportunities that this node's offers passed up while waiting for locality.
        opportunities_passed: u32,
        #[serde(default)]
        reason: LaunchReason,
    },
    /// The coordinator gave a reduce to a node that had a free slot.
    ReduceAssigned {
        attempt: AttemptId,
        node: NodeId,
        /// Reduces that waited for a slot, this one included.
        pending: u32,
        #[serde(default)]
        reason: LaunchReason,
    },
    /// A node started an attempt's container.
    AttemptLaunched { attempt: AttemptId },
    /// An attempt went on to another phase.
    PhaseStarted { attempt: AttemptId, phase: Phase },
    /// A map opened a block for reading, from the nearest replica: the one that its split starts
    /// in, and later those that it reads on into.
    InputOpened { attempt: AttemptId, block: BlockId, from: NodeId, locality: Locality },
    /// A map passed the end of its split, to finish its last line.
    ReadPastEnd {
        attempt: AttemptId,
        split_end: u64,
        line_end: u64,
        #[serde(default)]
        piece: u32,
    },
    /// A map skipped the partial line at the head of its split, which belongs to the split before.
    PartialLineSkipped { attempt: AttemptId, bytes: u64 },
    /// How far a map has come.
    MapProgress {
        attempt: AttemptId,
        /// Position in the piece's file, in bytes on disk.
        position: u64,
        /// Which piece of the split it reads, from 0.
        #[serde(default)]
        piece: u32,
        /// Position in the file's text, where that is not the same, since the file is compressed.
        #[serde(default)]
        text_position: Option<u64>,
        input: Volume,
        output: Volume,
        /// Bytes of the sort buffer in use, with its accounting.
        buffer_bytes: u64,
        buffer_capacity: u64,
    },
    /// The sort buffer's content goes to disk.
    SpillStarted {
        attempt: AttemptId,
        spill: u32,
        reason: SpillReason,
        content: Volume,
        buffer_bytes: u64,
        threshold_bytes: u64,
    },
    /// A spill is sorted, combined and on disk.
    SpillFinished {
        attempt: AttemptId,
        spill: u32,
        /// What came out of the buffer.
        before: Volume,
        /// What the combiner left, or the same without one.
        after: Volume,
    },
    /// A merge pass began, over this many of the `segments` there are. The last pass of a reduce
    /// feeds the reducer instead of the disk.
    MergeStarted {
        attempt: AttemptId,
        pass: u32,
        inputs: u32,
        segments: u32,
        last: bool,
        /// What of a reduce's memory it is about; nothing in a map.
        #[serde(default)]
        memory: Option<MemoryUse>,
    },
    /// A merge pass ended.
    MergeFinished { attempt: AttemptId, pass: u32, before: Volume, after: Volume },
    /// A map's output lies on its node's disk, one segment a partition.
    MapOutputReady { attempt: AttemptId, segments: Vec<Volume> },
    /// A reduce learned of map outputs that it can fetch.
    MapOutputsLearned { attempt: AttemptId, maps: Vec<MapIndex> },
    /// A reduce began to fetch its partition of a map's output, into memory or to its disk.
    FetchStarted {
        attempt: AttemptId,
        map: AttemptId,
        from: NodeId,
        volume: Volume,
        #[serde(default)]
        to_disk: bool,
    },
    /// A reduce's fetches wait, since its memory is over the limit, until a merge has emptied it.
    FetchesStalled { attempt: AttemptId, used_bytes: u64, limit_bytes: u64 },
    /// A fetch ended, and its checksum was right.
    FetchFinished { attempt: AttemptId, map: AttemptId, from: NodeId, volume: Volume },
    /// How far a reduce has come.
    ReduceProgress { attempt: AttemptId, groups: u64, input: Volume, output: Volume },
    /// An attempt's output is whole, in its private folder.
    OutputWritten { attempt: AttemptId, part: PartitionId, volume: Volume },
    /// The coordinator let this attempt commit; no other attempt of the task may.
    CommitGranted { attempt: AttemptId, part: PartitionId },
    /// The output was renamed: into place, where it can be seen; or, by commit algorithm 1, aside,
    /// until the job commits.
    OutputCommitted {
        attempt: AttemptId,
        part: PartitionId,
        volume: Volume,
        // Traces from before algorithm 1 do not say.
        #[serde(default = "visible")]
        visible: bool,
    },
    /// The attempt ended well, and the coordinator knows it.
    AttemptSucceeded { attempt: AttemptId, took: Span, counters: Counters },
    /// All tasks of one kind are done.
    TasksFinished { kind: TaskKind, tasks: u32 },
    /// All tasks are done, and the job renames its parts into place, one after another. Only by
    /// commit algorithm 1.
    JobCommitStarted { parts: u32 },
    /// A part was renamed into place by the job's commit, and can be seen.
    PartPublished { part: PartitionId },
    /// The job is committed: `_SUCCESS` is written.
    JobFinished { took: Span, counters: Counters },
}
