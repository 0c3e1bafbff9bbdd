//! The events of a stream job.
//!
//! How they are read, and so what an engine must keep to:
//!
//! - `JobStarted` comes first, and names all operators in an order in which each stands behind
//!   those that it hears; an operator's subtasks count from 0, and so do a source's partitions.
//! - Elements are numbered. The records of the input come first, in the order of their arrival,
//!   from 0 to the plan's `records`; what operators make of them is numbered from there on. Where
//!   something is done to the log (`FaultStruck`) records arrive in another order and keep their
//!   numbers; one that comes by hand has a number among those of what operators make.
//! - Event time and the job's clock are in milliseconds; the clock at a run's beginning is the
//!   plan's `clock_at_start`. An event's `at` is the same clock, since that beginning, in
//!   microseconds.
//! - `WindowsAssigned` tells the windows of an element before any merging. It is told again of an element that
//!   is in a window which a later one has made. The element is pending in each
//!   until a `PaneFired` of what its window has become, or a `RecordDropped` that names its own window.
//! - A pane holds what its window holds; in a discarding job, what came since the last one.

mod plan;
mod reason;

pub use plan::{
    Accumulation, AggregateKind, EdgePlan, JobPlan, OperatorKind, OperatorPlan, Profile,
    WindowKind, WindowPlan, operator_name, subtask_name,
};
pub use reason::{DropReason, FireReason};

use crate::base::{Amount, Millis, Span, Window};
use serde::{Deserialize, Serialize};
use std::fmt;

/// An operator, by its place in the job's plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OperatorId(pub u16);

/// One of an operator's parallel instances.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Subtask {
    /// Of which operator.
    pub operator: OperatorId,
    /// Which one, from 0.
    pub index: u16,
}

/// An element of a stream: a record of the input, or what an operator made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ElementId(pub u32);

/// A partition of a source's topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Partition {
    /// The source that reads it.
    pub source: OperatorId,
    /// Which one, from 0.
    pub index: u16,
}

/// Where watermarks come from: a source's partition, or a channel from another subtask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// A partition, to a source's subtask.
    Partition(u16),
    /// A channel, named by the subtask at its other end.
    Channel(Subtask),
}

/// Which clock a timer listens to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeDomain {
    /// The watermark.
    #[default]
    Event,
    /// The machine's clock, as the driver tells it.
    Processing,
}

/// A pane against the watermark: early ones, at most one on time, then late ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timing {
    /// Before the watermark passed the end of the window.
    Early,
    /// The one that the watermark brought about.
    OnTime,
    /// After that.
    Late,
}

/// What has become of an element in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// In a window's state, and in no pane yet.
    Pending,
    /// First seen in a pane before the end of the window.
    Early,
    /// First seen in the pane at the end of the window.
    OnTime,
    /// First seen in a pane after that.
    Late,
    /// Not taken, or in no window.
    Dropped,
    /// In a window that was forgotten before a pane had it.
    Unseen,
}

/// What a result says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// A number: a count, a sum, a mean.
    Number(Amount),
    /// The largest values and the elements that have them, the largest first.
    Top(Vec<(Amount, ElementId)>),
    /// Pairs that were joined: left, right.
    Pairs(Vec<(Amount, Amount)>),
    /// Nothing: the window is empty.
    Nothing,
}

/// What goes over a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sent {
    /// An element.
    Element(ElementId),
    /// An element is taken back.
    Retraction(ElementId),
    /// A watermark.
    Watermark(Millis),
    /// Nothing comes for now: don't wait.
    Idle,
    /// Something comes again.
    Active,
    /// A micro-batch ends, with the watermark of the next.
    BatchEnd(Millis),
}

/// What a pane takes back: a pane of this window, or of one that merged into it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are named for what they carry")]
pub struct Retracted {
    pub window: Window,
    pub index: u64,
    pub content: Content,
}

/// What a window of the batch oracle is, compared with what the job said of it last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The job said nothing of this window.
    Missing,
    /// The job's last word is another.
    Different,
    /// There is no such window in batch.
    Extra,
    /// It was said more than once on end, as if it were more.
    Double,
}

/// How often each fate was met, over all elements in all of their windows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the fields are named for the fates that they count")]
pub struct LedgerCounts {
    pub pending: u64,
    pub early: u64,
    pub on_time: u64,
    pub late: u64,
    pub dropped: u64,
    pub unseen: u64,
}

/// What happened in a stream job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are named for what they carry")]
pub enum StreamEvent {
    /// The job begins.
    JobStarted { plan: Box<JobPlan> },
    /// A record is appended to a partition; `clock` is when.
    RecordAppended {
        record: ElementId,
        partition: Partition,
        offset: u64,
        key: String,
        value: Amount,
        event_time: Millis,
        clock: Millis,
    },
    /// A source's subtask reads a record, and gives it this event time.
    RecordRead {
        record: ElementId,
        subtask: Subtask,
        partition: u16,
        offset: u64,
        event_time: Millis,
    },
    /// A map or a new key changes an element.
    ElementMapped {
        element: ElementId,
        subtask: Subtask,
        key: String,
        value: Amount,
        event_time: Millis,
    },
    /// A filter leaves an element out.
    ElementFiltered { element: ElementId, subtask: Subtask, key: String, value: Amount },
    /// A subtask's watermark moves on; `held_by` is the input that keeps it from going further.
    WatermarkAdvanced { subtask: Subtask, from: Millis, to: Millis, held_by: Option<Input> },
    /// What comes from one input of a subtask is complete up to here.
    InputAdvanced { subtask: Subtask, input: Input, from: Millis, to: Millis },
    /// An input falls silent and is not waited for any more.
    InputIdle { subtask: Subtask, input: Input, silent: Option<Millis> },
    /// An input speaks again.
    InputActive { subtask: Subtask, input: Input },
    /// A partition is not read for now: its watermark is too far ahead of the slowest.
    PartitionPaused {
        subtask: Subtask,
        partition: u16,
        watermark: Millis,
        slowest: Millis,
        drift: Millis,
    },
    /// The input has ended, and records of a partition are not in it: their producers were silenced, and are still.
    NeverArrived { partition: Partition, records: u64 },
    /// A partition is read again.
    PartitionResumed {
        subtask: Subtask,
        partition: u16,
        watermark: Millis,
        slowest: Millis,
        drift: Millis,
    },
    /// Something goes over a channel, and arrives after `latency`.
    Sent { from: Subtask, to: Subtask, what: Sent, latency: Span },
    /// An element's windows, before any merging.
    WindowsAssigned {
        subtask: Subtask,
        element: ElementId,
        key: String,
        value: Amount,
        event_time: Millis,
        windows: Vec<Window>,
    },
    /// Windows became one; `into` may be one of them.
    WindowsMerged { subtask: Subtask, key: String, from: Vec<Window>, into: Window },
    /// A timer is set, for a window or for the key alone.
    TimerSet {
        subtask: Subtask,
        key: String,
        window: Option<Window>,
        domain: TimeDomain,
        time: Millis,
    },
    /// A timer fires; `clock` is where its clock stands.
    TimerFired {
        subtask: Subtask,
        key: String,
        window: Option<Window>,
        domain: TimeDomain,
        time: Millis,
        clock: Millis,
    },
    /// A window fires.
    PaneFired {
        subtask: Subtask,
        key: String,
        window: Window,
        /// From 0, over all panes of the window.
        index: u64,
        timing: Timing,
        /// The result's number, as downstream knows it.
        result: ElementId,
        content: Content,
        /// Elements in it.
        elements: u64,
        /// Those that no pane before had.
        fresh: u64,
        retracts: Vec<Retracted>,
        why: FireReason,
        last: bool,
    },
    /// An element is not taken into one of its windows, or is in none.
    RecordDropped {
        subtask: Subtask,
        element: ElementId,
        key: String,
        event_time: Millis,
        window: Option<Window>,
        why: DropReason,
    },
    /// An element goes to the late output, since all of its windows were too late for it:
    /// `event_time + allowed_lateness ≤ watermark`.
    LateOutput {
        subtask: Subtask,
        element: ElementId,
        key: String,
        event_time: Millis,
        allowed_lateness: Millis,
        watermark: Millis,
    },
    /// A window's state is forgotten, with so many elements that no pane had.
    WindowForgotten { subtask: Subtask, key: String, window: Window, unseen: u64 },
    /// Two elements are joined.
    Joined {
        subtask: Subtask,
        key: String,
        left: ElementId,
        right: ElementId,
        result: ElementId,
        value: Amount,
        event_time: Millis,
    },
    /// A process function says something of a key.
    Emitted { subtask: Subtask, key: String, result: ElementId, value: Amount, event_time: Millis },
    /// How much a subtask keeps, when that has changed.
    StateChanged { subtask: Subtask, keys: u64, windows: u64, timers: u64 },
    /// A result is there; or is taken back.
    SinkReceived {
        subtask: Subtask,
        element: ElementId,
        key: String,
        content: Content,
        event_time: Millis,
        window: Option<Window>,
        retraction: bool,
    },
    /// All is read and said.
    JobFinished { took: Span, ledger: LedgerCounts, windows: u64, equal: u64 },
    /// A window in which stream and batch differ: which elements the job's last word has not got (or has too
    /// many of), and what became of them.
    OracleDiffers {
        operator: OperatorId,
        key: String,
        window: Window,
        verdict: Verdict,
        batch: Content,
        stream: Content,
        elements: Vec<(ElementId, Fate)>,
    },
}

impl Subtask {
    /// The first of an operator.
    pub const fn first(operator: OperatorId) -> Subtask {
        Subtask { operator, index: 0 }
    }
}

impl LedgerCounts {
    /// The count of a fate.
    pub const fn of(&self, fate: Fate) -> u64 {
        match fate {
            Fate::Pending => self.pending,
            Fate::Early => self.early,
            Fate::OnTime => self.on_time,
            Fate::Late => self.late,
            Fate::Dropped => self.dropped,
            Fate::Unseen => self.unseen,
        }
    }

    /// The count of a fate, to change.
    pub const fn of_mut(&mut self, fate: Fate) -> &mut u64 {
        match fate {
            Fate::Pending => &mut self.pending,
            Fate::Early => &mut self.early,
            Fate::OnTime => &mut self.on_time,
            Fate::Late => &mut self.late,
            Fate::Dropped => &mut self.dropped,
            Fate::Unseen => &mut self.unseen,
        }
    }

    /// Adds those of another.
    pub const fn add(&mut self, other: &LedgerCounts) {
        self.pending += other.pending;
        self.early += other.early;
        self.on_time += other.on_time;
        self.late += other.late;
        self.dropped += other.dropped;
        self.unseen += other.unseen;
    }

    /// All of them: each element once in each of its windows.
    pub const fn sum(&self) -> u64 {
        self.pending + self.early + self.on_time + self.late + self.dropped + self.unseen
    }
}

impl fmt::Display for ElementId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

impl fmt::Display for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Content::Number(amount) => amount.to_string(),
            Content::Top(list) => {
                let shown: Vec<String> =
                    list.iter().map(|(amount, _)| amount.to_string()).collect();
                format!("[{}]", shown.join(" "))
            }
            Content::Pairs(list) => {
                let shown: Vec<String> =
                    list.iter().map(|(left, right)| format!("{left}×{right}")).collect();
                format!("[{}]", shown.join(" "))
            }
            Content::Nothing => "nothing".to_owned(),
        };
        f.pad(&text)
    }
}
