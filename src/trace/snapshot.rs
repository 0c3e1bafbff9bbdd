//! The state of a run at a moment: what the page draws. It is a fold over the events so far, and
//! parts that an event does not touch are shared with the snapshot before it (`Rc`), so that
//! keeping many is cheap and a component sees by pointer that nothing changed.

use super::event::{Counters, Locality, Phase, Seq, SpillReason, Volume};
use crate::base::{AttemptId, BlockId, MapIndex, NodeId, PartitionId, RackId, TaskId, Time};
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
    /// The sums over all attempts that succeeded.
    pub counters: Rc<Counters>,
}

/// A machine as it is, and as the coordinator believes it to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Which node.
    pub id: NodeId,
    /// Its rack.
    pub rack: RackId,
    /// Processor cores.
    pub cores: u32,
    /// Memory for containers.
    pub memory_bytes: u64,
    /// Map tasks that may run at once.
    pub map_slots: u32,
    /// Reduce tasks that may run at once.
    pub reduce_slots: u32,
    /// Attempts running here, in order of their start.
    pub running: Vec<AttemptId>,
    /// Attempts that ended here, in order of their end.
    pub ended: Vec<AttemptId>,
    /// What the coordinator believes.
    pub belief: Belief,
}

/// What the coordinator believes of a node: only what it heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Belief {
    /// When it last heard from the node.
    pub heard_at: Option<Time>,
    /// The map slots that were free by then.
    pub free_map_slots: u32,
    /// The reduce slots that were free by then.
    pub free_reduce_slots: u32,
    /// The event that told it.
    pub seq: Option<Seq>,
}

/// A block of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Which block.
    pub id: BlockId,
    /// Where it begins in the file.
    pub offset: u64,
    /// Its bytes.
    pub length: u64,
    /// The nodes that hold a copy.
    pub replicas: Vec<NodeId>,
    /// The event that placed it.
    pub seq: Seq,
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
    /// The event that planned it, or submitted the job.
    pub seq: Seq,
}

/// Where a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskState {
    /// Waits for a slot.
    Pending,
    /// An attempt runs.
    Running,
    /// An attempt succeeded, and the coordinator knows it.
    Done,
}

/// The piece of input that a map reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// Where it begins in the file.
    pub offset: u64,
    /// Its bytes.
    pub length: u64,
    /// Nodes near its data: those of the block that it starts in.
    pub hosts: Vec<NodeId>,
}

/// One try at a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Which try.
    pub id: AttemptId,
    /// Where it runs.
    pub node: NodeId,
    /// When the coordinator gave it out, and the event that says why.
    pub assigned: (Time, Seq),
    /// How near its data is; nothing for a reduce.
    pub locality: Option<Locality>,
    /// What it is busy with, since when, and the event that says so.
    pub phase: Phase,
    /// Since when.
    pub phase_since: (Time, Seq),
    /// Each phase that it began, with its time: the bars of the timeline.
    pub phases: Vec<(Phase, Time)>,
    /// When it ended well.
    pub ended: Option<(Time, Seq)>,
    /// Whence a map reads, once it does.
    pub reads_from: Option<NodeId>,
    /// How far it has come.
    pub progress: Progress,
    /// A map's spills; of a reduce's fetched segments see `Snapshot::shuffle`.
    pub spills: Vec<Spill>,
    /// Merge passes begun and ended.
    pub merges: Vec<Merge>,
    /// Fetches on the way: map, from where, volume, and the event of the start.
    pub fetching: Vec<Fetch>,
    /// What it wrote: a map's segments together, or a reduce's part.
    pub written: Option<Volume>,
    /// The last event that touched it.
    pub seq: Seq,
}

/// How far an attempt has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// A map's position in the file.
    pub position: u64,
    /// Read so far.
    pub input: Volume,
    /// Emitted so far.
    pub output: Volume,
    /// A map's sort buffer in use, with its accounting.
    pub buffer_bytes: u64,
    /// The sort buffer's capacity.
    pub buffer_capacity: u64,
    /// Groups that a reduce has seen.
    pub groups: u64,
    /// Bytes of a partial first line that a map skipped.
    pub skipped_bytes: u64,
    /// Where a map's last line ended, when that is past the end of its split.
    pub read_to: Option<u64>,
}

/// A spill of a map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spill {
    /// Its number.
    pub index: u32,
    /// Why it began.
    pub reason: SpillReason,
    /// What the buffer held.
    pub content: Volume,
    /// How much of the buffer that took, with its accounting; freed when the spill is done.
    pub buffer_bytes: u64,
    /// What came to disk, once it did.
    pub written: Option<Volume>,
    /// The event that began it.
    pub started: Seq,
    /// The event that ended it.
    pub finished: Option<Seq>,
}

/// A merge pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    /// Its number.
    pub pass: u32,
    /// Segments that it merges.
    pub inputs: u32,
    /// Whether it is the last.
    pub last: bool,
    /// What it wrote, once it did.
    pub written: Option<Volume>,
    /// The event that began it.
    pub started: Seq,
}

/// A fetch on its way to a reduce.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetch {
    /// The map attempt whose output it is.
    pub map: AttemptId,
    /// The node that serves it.
    pub from: NodeId,
    /// How much comes.
    pub volume: Volume,
    /// When it began, and the event.
    pub started: (Time, Seq),
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

/// A part of the output that can be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Which part.
    pub part: PartitionId,
    /// The attempt that committed it.
    pub attempt: AttemptId,
    /// How much it holds.
    pub volume: Volume,
    /// When, and the event.
    pub committed: (Time, Seq),
}
