//! The state of a run at a moment: what the page draws. It is a fold over the events so far, and
//! parts that an event does not touch are shared with the snapshot before it (`Rc`), so that
//! keeping many is cheap and a component sees by pointer that nothing changed.

mod attempt;
mod files;
mod node;
pub mod stream;

pub use attempt::{Attempt, Avoided, Ending, Fetch, Merge, Progress, Spill, Verdict};
pub use files::StoredFile;
pub use node::{Barred, Belief, Load, Lost, Node, Speed};
pub use stream::StreamState;

use super::event::{Counters, Seq, SplitPiece, Volume};
use super::failure::TaskError;
use crate::base::{
    AttemptId, BlockId, FileId, MapIndex, NodeId, PartitionId, RackId, TaskId, Time,
};
use std::rc::Rc;

/// A run at a moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// How many events are folded in: `0..applied` of the trace.
    pub applied: u32,
    /// The time of the last of them.
    pub at: Time,
    /// How many bytes one byte of input stands for.
    pub scale: u64,
    /// Racks of the cluster.
    pub racks: u16,
    /// The machines, in order.
    pub nodes: Vec<Rc<Node>>,
    /// The input's blocks, in file order.
    pub blocks: Vec<Rc<Block>>,
    /// The files of the input, when they are several or one is compressed.
    pub files: Vec<Rc<StoredFile>>,
    /// The job, once it is submitted.
    pub job: Option<Rc<Job>>,
    /// The map tasks, in order of their splits.
    pub maps: Vec<Rc<Task>>,
    /// The reduce tasks, in order of their partitions.
    pub reduces: Vec<Rc<Task>>,
    /// Each map's output by partition, and which reduces have it.
    pub shuffle: Vec<Rc<ShuffleRow>>,
    /// The committed parts, by partition.
    pub outputs: Vec<Rc<Output>>,
    /// Parts that their tasks committed and the job did not yet, by commit algorithm 1.
    pub set_aside: Vec<Rc<Output>>,
    /// The sums over all attempts that succeeded and still count.
    pub counters: Rc<Counters>,
    /// Racks that are cut off, since when, and by which event.
    pub cut_racks: Vec<(RackId, (Time, Seq))>,
    /// Bytes of the input whose lines make maps throw, and the events that made them so.
    pub poisoned: Vec<(u64, Seq)>,
    /// The stream job, once it has begun.
    pub stream: Option<Rc<StreamState>>,
}

/// A block of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Which block.
    pub id: BlockId,
    /// The file that it is of.
    pub file: FileId,
    /// Where it begins in the line of all files.
    pub offset: u64,
    /// Its bytes.
    pub length: u64,
    /// The nodes with a copy on their disks, be they up or down.
    pub replicas: Vec<NodeId>,
    /// The nodes with a copy that can be read, as the name node believes.
    pub believed: Vec<NodeId>,
    /// How many copies there are to be: as many as were placed.
    pub wanted: u32,
    /// Copies on their way.
    pub copying: Vec<Copying>,
    /// The event that placed it.
    pub seq: Seq,
}

/// A copy of a block on its way from node to node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copying {
    /// Whence.
    pub from: NodeId,
    /// Whereto.
    pub to: NodeId,
    /// When it began, and the event.
    pub started: (Time, Seq),
}

/// The job as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Bytes of input.
    pub input_bytes: u64,
    /// When it was submitted.
    pub submitted_at: Time,
    /// Whether reducers may be given out yet, and by which event.
    pub slow_start: Option<Seq>,
    /// Maps done.
    pub maps_done: u32,
    /// Reduces done.
    pub reduces_done: u32,
    /// When it was committed, and by which event.
    pub finished: Option<(Time, Seq)>,
    /// How it failed, if it did.
    pub failed: Option<JobFailure>,
}

/// How a job failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobFailure {
    /// When, and by which event.
    pub at: (Time, Seq),
    /// The task that failed too often.
    pub task: TaskId,
    /// Its last failure.
    pub error: TaskError,
    /// How often it failed.
    pub failures: u32,
}

impl Job {
    /// When it was over, well or not, and by which event.
    pub fn over(&self) -> Option<(Time, Seq)> {
        self.finished.or(self.failed.as_ref().map(|failed| failed.at))
    }
}

/// A task and all tries at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Which task.
    pub id: TaskId,
    /// Where it stands.
    pub state: TaskState,
    /// A map's split; nothing for a reduce.
    pub split: Option<Split>,
    /// Its attempts, in order.
    pub attempts: Vec<Rc<Attempt>>,
    /// How many of them failed, and how many may before the job does; the limit is known from the
    /// first failure on.
    pub failures: (u32, Option<u32>),
    /// The event that planned it, or submitted the job.
    pub seq: Seq,
}

/// Where a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskState {
    /// Waits for a slot; for a map that was done once, because its output is lost.
    Pending,
    /// An attempt runs, as far as the coordinator knows.
    Running,
    /// An attempt succeeded, and the coordinator knows it.
    Done,
}

/// The piece of input that a map reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// Where it begins in the line of all files.
    pub offset: u64,
    /// Its bytes, of all its pieces.
    pub length: u64,
    /// The pieces of files that it is made of.
    pub pieces: Vec<SplitPiece>,
    /// Nodes near its data: those of the block that it starts in.
    pub hosts: Vec<NodeId>,
}

/// One map's output, by partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShuffleRow {
    /// The map.
    pub map: MapIndex,
    /// The attempt whose output counts, and the node that serves it; nothing until it is ready.
    pub source: Option<(AttemptId, NodeId)>,
    /// A cell a partition.
    pub cells: Vec<Cell>,
}

/// A cell of the shuffle matrix.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// How much the map has for the partition.
    pub volume: Volume,
    /// Where it stands.
    pub state: CellState,
    /// The last event that touched it.
    pub seq: Option<Seq>,
}

/// Where a segment stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CellState {
    /// The map has not finished.
    #[default]
    Missing,
    /// It lies on the map's node.
    Ready,
    /// It is on its way.
    Fetching,
    /// The reduce has it.
    Fetched,
}

/// A part of the output that is committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Which part.
    pub part: PartitionId,
    /// The attempt that committed it.
    pub attempt: AttemptId,
    /// How much it holds.
    pub volume: Volume,
    /// When it could be seen, or was set aside; and the event.
    pub committed: (Time, Seq),
}
