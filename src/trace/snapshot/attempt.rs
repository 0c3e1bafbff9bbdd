//! One try at a task: how it fares on its node, and what the coordinator made of it. The two part
//! when a node dies, is cut off or merely slow: then it is over on its node long before the
//! coordinator knows, or runs on though it does not count any more.

use crate::base::{AttemptId, MapIndex, NodeId, Time};
use crate::trace::event::{Counters, Locality, Phase, Seq, SpillReason, Volume};
use crate::trace::failure::{KillReason, LaunchReason, ReadError, TaskError};
use std::rc::Rc;

/// One try at a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Which try.
    pub id: AttemptId,
    /// Where it runs.
    pub node: NodeId,
    /// When the coordinator gave it out, and the event that says why.
    pub assigned: (Time, Seq),
    /// Why it was given out.
    pub reason: LaunchReason,
    /// The attempt whose backup it is.
    pub backs: Option<AttemptId>,
    /// How near its data is; nothing for a reduce.
    pub locality: Option<Locality>,
    /// What it is busy with, since when, and the event that says so.
    pub phase: Phase,
    /// Since when.
    pub phase_since: (Time, Seq),
    /// Each phase that it began, with its time: the bars of the timeline.
    pub phases: Vec<(Phase, Time)>,
    /// When it ended on its node, and the event that ended it.
    pub ended: Option<(Time, Seq)>,
    /// How it ended there.
    pub ending: Option<Ending>,
    /// What the coordinator made of it.
    pub verdict: Verdict,
    /// The progress that the coordinator heard of last, in millionths, and when.
    pub heard: Option<(u32, (Time, Seq))>,
    /// The event that found it slow and asked for a backup.
    pub found_slow: Option<Seq>,
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
    /// Maps whose segments this reduce has, in the order in which they came.
    pub fetched: Vec<MapIndex>,
    /// Fetches of this reduce that failed so far.
    pub fetch_failures: u32,
    /// Hosts that this reduce stays away from after a failed fetch.
    pub avoided: Vec<Avoided>,
    /// What it wrote: a map's segments together, or a reduce's part.
    pub written: Option<Volume>,
    /// What a map wrote for each partition.
    pub segments: Rc<[Volume]>,
    /// Whether its files were deleted, or went with the disk that they lay on.
    pub is_deleted: bool,
    /// The last event that touched it.
    pub seq: Seq,
}

/// How an attempt ended on its node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It did all that it had to.
    Done,
    /// It threw.
    Threw(TaskError),
    /// It was stopped as ordered.
    Stopped,
    /// Its node crashed.
    NodeCrashed,
}

/// What the coordinator made of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Given out, and nothing final heard.
    Running,
    /// It succeeded, and counts.
    Succeeded {
        /// When, and by which event.
        at: (Time, Seq),
        /// What it added to the job's counters.
        counters: Box<Counters>,
    },
    /// It failed, which counts towards its task's limit.
    Failed {
        /// When, and by which event.
        at: (Time, Seq),
        /// What of.
        error: TaskError,
        /// Failures of the task by then.
        failures: u32,
        /// Failures that end the job.
        limit: u32,
        /// Whether it had succeeded before.
        had_succeeded: bool,
    },
    /// It was killed, which does not count as a failure.
    Killed {
        /// When, and by which event.
        at: (Time, Seq),
        /// Why.
        reason: KillReason,
        /// Whether it had succeeded before.
        had_succeeded: bool,
    },
}

/// How far an attempt has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// A map's position: where its split begins in the line of all files, and what it read of it.
    pub position: u64,
    /// Its position in the text, where that is another one, since the file is compressed.
    pub text_position: Option<u64>,
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
    /// What it gets of the network, and the bytes that came by then, where that is recorded.
    pub share: Option<(u64, u64)>,
}

/// A host that a reduce stays away from for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Avoided {
    /// The node that served nothing.
    pub host: NodeId,
    /// When the reduce tries again.
    pub until: Time,
    /// How often it failed with this host.
    pub failures: u32,
    /// What went wrong last.
    pub error: ReadError,
    /// The event that says so.
    pub seq: Seq,
}

impl Attempt {
    /// Whether it ended on its node without having done its work.
    pub fn is_gone(&self) -> bool {
        self.ending.as_ref().is_some_and(|ending| *ending != Ending::Done)
    }

    /// Whether the coordinator counts on it: it was given out, and nothing final was heard.
    pub fn is_living(&self) -> bool {
        self.verdict == Verdict::Running
    }

    /// Whether it succeeded, and counts.
    pub fn is_counted(&self) -> bool {
        matches!(self.verdict, Verdict::Succeeded { .. })
    }
}

impl Verdict {
    /// When it was spoken, and by which event.
    pub fn stamp(&self) -> Option<(Time, Seq)> {
        match self {
            Verdict::Running => None,
            Verdict::Succeeded { at, .. }
            | Verdict::Failed { at, .. }
            | Verdict::Killed { at, .. } => Some(*at),
        }
    }
}
