//! The events of failure and of its mending. Three kinds of speakers, told apart by who says it:
//!
//! - what is so on a node (`AttemptThrew`, `AttemptStopped`, `ReadFailed`, `FetchFailed`), with
//!   `event.node`;
//! - what the coordinator decides (`AttemptFailed`, `AttemptKilled`, `NodeLost`, …), from what it
//!   heard alone;
//! - what the file system's name node decides (`ReplicasLost`, `ReplicationStarted`, …).
//!
//! A task's state, as the coordinator sees it, follows from these: it runs while one of its
//! attempts was assigned and neither succeeded, failed nor was killed; it is done while one has
//! succeeded and was not failed or killed since; else it is pending. So a map is pending again
//! when its output is lost with its node: `AttemptKilled` then names an attempt that had succeeded.

use super::event::Counters;
use crate::base::{AttemptId, BlockId, FileId, NodeId, Span, TaskId, Time};
use serde::{Deserialize, Serialize};

/// Why an attempt failed. A failed attempt counts towards the limit of its task; a killed one
/// does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are named for what they carry")]
pub enum TaskError {
    /// The task's code threw an exception.
    Exception,
    /// It threw at the record that holds this byte of a file's text.
    PoisonRecord {
        offset: u64,
        #[serde(default)]
        file: FileId,
    },
    /// A compressed file's bytes are not what its codec writes, from this byte of it on.
    CorruptInput { file: FileId, offset: u64 },
    /// The line that begins at this byte of the input is none of the kind that the job reads; the
    /// column is that of the trouble in the line, from 1.
    BadRecord {
        offset: u64,
        column: u64,
        problem: String,
        #[serde(default)]
        file: FileId,
    },
    /// No replica of a block could be read.
    BlockMissing { block: BlockId },
    /// A reduce gave up: so many maps could not be fetched, so many were.
    FetchesFailed { failing: u32, fetched: u32 },
    /// The attempt reported nothing for too long.
    TimedOut { silent: Span, timeout: Span },
    /// Reduces could not fetch a finished map's output: at least `needed` notifications, from at
    /// least 50 % of the reduces that were copying.
    OutputUnreachable { notifications: u32, needed: u32, copying: u32 },
    /// No node was believed alive for too long, so that the task found no place.
    NoNodes { silent: Span, limit: Span },
    /// The job took longer than any may.
    TookTooLong { limit: Span },
    /// A live worker broke down, and said why.
    Worker { message: String },
}

/// Why the coordinator killed an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are named for what they carry")]
pub enum KillReason {
    /// Its node is believed to be lost.
    NodeLost { node: NodeId },
    /// Its node said that it began anew.
    NodeRestarted { node: NodeId },
    /// Another attempt of the task was first.
    LostRace { winner: AttemptId },
    /// A reduce made room for maps that had none (`RMContainerAllocator.preemptReducesIfNeeded`).
    MadeRoom { maps_waiting: u32 },
    /// The job failed.
    JobFailed,
    /// The job is done: all reduces are, and this map was only run again.
    JobFinished,
}

/// Why a read from a node failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are named for what they carry")]
pub enum ReadError {
    /// The node did not answer for this long.
    NoConnection { waited: Span },
    /// The node stopped sending for this long.
    Stalled { waited: Span },
    /// The node answered that it has no such data.
    NotFound,
    /// What came has the wrong checksum.
    Checksum,
}

/// Why an attempt was given out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LaunchReason {
    /// The task's first try.
    #[default]
    First,
    /// An earlier attempt failed.
    Retry,
    /// An earlier attempt was killed, or its output was lost.
    Rerun,
    /// An attempt that runs is slow: this one is its backup.
    Backup,
}

/// What failed, and what was done about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are named for what they carry")]
pub enum FailureEvent {
    /// On its node, an attempt ended by throwing.
    AttemptThrew { attempt: AttemptId, error: TaskError },
    /// On its node, an attempt was stopped as ordered; its files there are deleted.
    AttemptStopped { attempt: AttemptId },
    /// A map could not read a block from a node; it tries the next replica, if there is one.
    ReadFailed { attempt: AttemptId, block: BlockId, from: NodeId, error: ReadError },
    /// A reduce could not fetch a map's output. It stays away from that host for a while, and
    /// tells the coordinator when `reported`.
    FetchFailed {
        attempt: AttemptId,
        map: AttemptId,
        from: NodeId,
        error: ReadError,
        /// Failures of this reduce with this map's output so far, this one included.
        map_failures: u32,
        /// Failures of this reduce with this host so far, this one included.
        host_failures: u32,
        retry_after: Span,
        reported: bool,
    },
    /// A reduce learned that these outputs no longer count, and will not fetch them.
    OutputsWithdrawn { attempt: AttemptId, maps: Vec<AttemptId> },
    /// The coordinator heard that a finished map's output could not be fetched. It redoes the map
    /// when `notifications ≥ needed` and `notifications ≥ 50 %` of the reduces that copy.
    FetchFailureHeard {
        map: AttemptId,
        by: AttemptId,
        notifications: u32,
        needed: u32,
        copying: u32,
    },
    /// The coordinator heard of an attempt's progress. 1,000,000 is all of it.
    ProgressHeard { attempt: AttemptId, millionths: u32 },
    /// An attempt failed, as the coordinator sees it: so many of the task so far, of so many that
    /// it may have.
    AttemptFailed { attempt: AttemptId, node: NodeId, error: TaskError, failures: u32, limit: u32 },
    /// The coordinator killed an attempt, or what a finished map left behind.
    AttemptKilled { attempt: AttemptId, node: NodeId, reason: KillReason },
    /// The coordinator has not heard from a node for longer than the time-out and believes it
    /// lost. `running` are killed; of the maps that finished there `outputs` must run again.
    NodeLost {
        node: NodeId,
        silent: Span,
        timeout: Span,
        running: Vec<AttemptId>,
        outputs: Vec<AttemptId>,
    },
    /// A node that was believed lost speaks again; it must stop what it still runs.
    NodeReturned { node: NodeId, silent: Span },
    /// A node said that it began anew: what ran there is gone, and so are the outputs that it did
    /// not keep.
    NodeRegistered { node: NodeId, incarnation: u32, outputs_kept: u32, blocks_kept: u32 },
    /// So many attempts failed on a node that it gets none any more. When `ignored`, so many nodes
    /// are barred that the job goes on as though none were (at 33 %).
    NodeBarred { node: NodeId, failures: u32, limit: u32, barred: u32, nodes: u32, ignored: bool },
    /// An attempt is slow: it would end at `estimated_end`, a new one at `replacement_end`. The
    /// task is to get a backup. (`DefaultSpeculator`.)
    BackupDecided {
        attempt: AttemptId,
        millionths: u32,
        estimated_end: Time,
        replacement_end: Time,
        /// Mean run time of the attempts of this kind that succeeded.
        mean: Span,
        done: u32,
        tasks: u32,
        /// Backups that run of those that may.
        backups: u32,
        cap: u32,
    },
    /// The name node believes a node's replicas lost.
    ReplicasLost { node: NodeId, silent: Span, timeout: Span, blocks: Vec<BlockId> },
    /// A node reported the replicas that it has, which count again.
    ReplicasReported { node: NodeId, blocks: Vec<BlockId> },
    /// The name node has a block copied, since only `live` of `wanted` replicas are left.
    ReplicationStarted { block: BlockId, from: NodeId, to: NodeId, live: u32, wanted: u32 },
    /// The copy is there.
    ReplicaRestored { block: BlockId, from: NodeId, to: NodeId },
    /// The copy did not come about; it will be tried again.
    ReplicationFailed { block: BlockId, from: NodeId, to: NodeId },
    /// What a fetch gets of the network, when that has changed by the last look.
    FetchShare { attempt: AttemptId, map: AttemptId, bytes_per_second: u64, done_bytes: u64 },
    /// The job failed, with the failure that ended it.
    JobFailed { took: Span, task: TaskId, error: TaskError, failures: u32, counters: Counters },
}
