//! Why an event does not fit the state before it. Our own engines never record such a trace; a
//! file from elsewhere may hold one.

use crate::base::{AttemptId, BlockId, FileId, Millis, NodeId, PartitionId, RackId, TaskId, Time};
use crate::trace::stream::{Partition, Subtask};

/// The most cells of a shuffle matrix (maps × reduces) that a snapshot holds.
pub const CELLS_MAX: u64 = 4_000_000;

/// The most reduces of a job that a snapshot holds.
pub const REDUCES_MAX: u32 = 100_000;

/// Why an event does not fit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the fields are named for what they carry")]
pub enum Misfit {
    /// An event is missing, or comes twice.
    #[error("event {expected} comes next, not event {found}")]
    Gap { expected: u32, found: u32 },
    /// Time never goes back.
    #[error("it happened at {found}, but the event before it at {before}")]
    TimeWentBack { before: Time, found: Time },
    /// A cause comes before what it brings about.
    #[error("its cause, event {0}, does not come before it")]
    CauseAhead(u32),
    /// The node has not started.
    #[error("there is no {0} yet")]
    NoNode(NodeId),
    /// The event must say on which node it happened.
    #[error("it does not say on which node it happened")]
    NoNodeNamed,
    /// The cluster has no such rack.
    #[error("there is no {0} in this cluster")]
    NoRack(RackId),
    /// No such block was placed.
    #[error("there is no block {} yet", .0.0)]
    NoBlock(BlockId),
    /// No such file was stored.
    #[error("there is no {0} yet")]
    NoFile(FileId),
    /// No job was submitted.
    #[error("no job was submitted yet")]
    NoJob,
    /// The job has no such task.
    #[error("there is no {0} yet")]
    NoTask(TaskId),
    /// The attempt was not given out.
    #[error("{0} was not given to a node yet")]
    NoAttempt(AttemptId),
    /// A map did what only a reduce does, or the other way round.
    #[error("{0} is not of the kind of task that does this")]
    WrongKind(AttemptId),
    /// The part is another task's.
    #[error("part {part} is not what {attempt} writes")]
    WrongPart { attempt: AttemptId, part: u32 },
    /// The job publishes what no task committed.
    #[error("part {} is published, which no task set aside", .0.0)]
    NoPart(PartitionId),
    /// A spill, merge or fetch ended that did not begin.
    #[error("{attempt} ends {what} that did not begin")]
    NotBegun { attempt: AttemptId, what: &'static str },
    /// Things are numbered in the order in which they come.
    #[error("the next {what} is {expected}, not {found}")]
    OutOfOrder { what: &'static str, expected: u32, found: u32 },
    /// What happens once happened again.
    #[error("{0} happened before, and can happen only once")]
    Repeated(&'static str),
    /// An attempt that was over went on.
    #[error("{0} is over, and cannot go on")]
    Over(AttemptId),
    /// A map's output has one segment a partition.
    #[error("{found} segments for {expected} partitions")]
    Segments { expected: u32, found: u32 },
    /// The matrix of maps and reduces would not fit the memory of a tab.
    #[error(
        "{maps} maps × {reduces} reduces are more than {CELLS_MAX} cells, the most there can be"
    )]
    TooLarge { maps: u32, reduces: u32 },
    /// No stream job began.
    #[error("no stream job began yet")]
    NoStream,
    /// The job's plan does not hold together.
    #[error("the job's plan is none: {0}")]
    NoPlan(&'static str),
    /// The job has no such subtask.
    #[error("the job has no operator {} with a subtask {}", .0.operator.0, .0.index)]
    NoSubtask(Subtask),
    /// The source has no such partition.
    #[error("the job's operator {} has no partition {}", .0.source.0, .0.index)]
    NoPartition(Partition),
    /// A watermark only goes forward, from where it is.
    #[error("the watermark is at {stands} and cannot go from {from} to {to}")]
    Watermark { stands: Millis, from: Millis, to: Millis },
}
