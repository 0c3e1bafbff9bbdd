//! The state of a stream job at a moment.

use crate::base::fault::LogPartition;
use crate::base::{Amount, Millis, Time, Window};
use crate::trace::event::Seq;
use crate::trace::stream::{
    Content, ElementId, Fate, FireReason, Input, JobPlan, LedgerCounts, OperatorId, OperatorPlan,
    Partition, Retracted, Sent, Subtask, TimeDomain, Timing, Verdict,
};
use std::collections::BTreeMap;
use std::rc::Rc;

/// A stream job at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamState {
    /// What it is made of.
    pub plan: Rc<JobPlan>,
    /// When it began, and by which event.
    pub started: (Time, Seq),
    /// The partitions of all sources, in order.
    pub partitions: Vec<Rc<PartitionState>>,
    /// The records that are there, in the order in which they came.
    pub records: Vec<Rc<RecordState>>,
    /// The places of those that came out of the order of their numbers.
    pub strays: Rc<BTreeMap<ElementId, u32>>,
    /// Whether something was done to when records come, so that they may.
    pub is_disturbed: bool,
    /// Records by hand that are told of and not there yet.
    pub to_inject: u32,
    /// The subtasks of each operator.
    pub subtasks: Vec<Vec<Rc<SubtaskState>>>,
    /// What is on its way.
    pub flights: Rc<Vec<Flight>>,
    /// All panes so far.
    pub panes: Vec<Rc<PaneState>>,
    /// What sinks have received.
    pub received: Vec<Rc<Received>>,
    /// What has become of all elements in all of their windows.
    pub ledger: LedgerCounts,
    /// Where stream and batch differ; known at the end.
    pub differences: Vec<Rc<OracleDifference>>,
    /// When all was read and said, and by which event; and how many windows there are in batch, and how
    /// many of them stream and batch agree on.
    pub finished: Option<((Time, Seq), (u64, u64))>,
}

/// A partition of a source's topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartitionState {
    /// Which one.
    pub id: Partition,
    /// Its records, by offset.
    pub log: Vec<ElementId>,
    /// How many of them were read.
    pub read: u64,
    /// Where its own watermark stands.
    pub watermark: Option<Millis>,
    /// Whether it is silent and not waited for, and by which event.
    pub idle: Option<Seq>,
    /// Whether it is paused since it is too far ahead, and by which event.
    pub paused: Option<Seq>,
    /// Whether its producers were silenced, and by which event.
    pub silent: Option<Seq>,
    /// How many of its records never arrived, since it was silent till the input ended, and by which event.
    pub missing: Option<(u64, Seq)>,
    /// At how many percent of the planned pace its records come, where that is another, and by which event.
    pub pace: Option<(u32, Seq)>,
    /// The last event that touched it.
    pub seq: Seq,
}

/// A record of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordState {
    /// Its number.
    pub id: ElementId,
    /// Where it lies: the partition, and its offset.
    pub place: (Partition, u64),
    /// Its key, as it was appended.
    pub key: String,
    /// Its value, as it was appended.
    pub value: Amount,
    /// When it happened.
    pub event_time: Millis,
    /// When it was appended, and by which event.
    pub appended: (Time, Seq),
    /// When it was read, and by which event.
    pub read: Option<(Time, Seq)>,
    /// By which event a filter left it out.
    pub filtered: Option<Seq>,
    /// What has become of it in each of its windows, before any merging.
    pub fates: Vec<FateOf>,
}

/// What has become of an element in a window of an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FateOf {
    /// The operator.
    pub operator: OperatorId,
    /// The window that its time assigned it to; nothing when it is in none.
    pub window: Option<Window>,
    /// What has become of it.
    pub fate: Fate,
    /// The event that said so last.
    pub seq: Seq,
}

/// One of an operator's parallel instances.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubtaskState {
    /// Which one.
    pub id: Subtask,
    /// Its watermark; nothing before the first.
    pub watermark: Option<Millis>,
    /// The input that keeps the watermark from going further, as far as that is known.
    pub held_by: Option<Input>,
    /// What it hears, in the order in which it first spoke.
    pub inputs: Vec<InputState>,
    /// Its open windows, by key and by their ends.
    pub windows: BTreeMap<(String, Window), Rc<OpenWindow>>,
    /// The timers that are set.
    pub timers: Vec<TimerState>,
    /// Keys, windows and timers that it keeps, as it said last.
    pub size: (u64, u64, u64),
    /// The last event that touched it.
    pub seq: Seq,
}

/// A channel or partition, as a subtask knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InputState {
    /// Which one.
    pub input: Input,
    /// Its watermark; nothing before the first.
    pub watermark: Option<Millis>,
    /// Whether it is silent and not waited for, and by which event.
    pub idle: Option<Seq>,
}

/// A window with state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenWindow {
    /// Which window.
    pub window: Window,
    /// The key.
    pub key: String,
    /// What came into it, in the order in which it came.
    pub elements: Vec<Held>,
    /// Its panes, by their places in the list of all.
    pub panes: Vec<usize>,
    /// The windows that it was merged from, as far as they had state.
    pub merged_from: Vec<Window>,
    /// When it was opened, and by which event.
    pub opened: (Time, Seq),
    /// The last event that touched it.
    pub seq: Seq,
}

/// An element in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Which element.
    pub element: ElementId,
    /// The window that its time assigned it to, before any merging.
    pub own: Window,
    /// Its value.
    pub value: Amount,
    /// When it happened.
    pub event_time: Millis,
    /// What has become of it there.
    pub fate: Fate,
    /// The event by which it came.
    pub seq: Seq,
}

/// A timer that is set.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are named for what they carry")]
pub struct TimerState {
    pub key: String,
    pub window: Option<Window>,
    pub domain: TimeDomain,
    pub time: Millis,
    pub seq: Seq,
}

/// A firing of a window.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are named for what they carry")]
pub struct PaneState {
    pub subtask: Subtask,
    pub key: String,
    pub window: Window,
    pub index: u64,
    pub timing: Timing,
    pub result: ElementId,
    pub content: Content,
    pub elements: u64,
    pub fresh: u64,
    pub retracts: Vec<Retracted>,
    pub why: FireReason,
    pub last: bool,
    pub fired: (Time, Seq),
}

/// What a sink received.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are named for what they carry")]
pub struct Received {
    pub subtask: Subtask,
    pub element: ElementId,
    pub key: String,
    pub content: Content,
    pub event_time: Millis,
    pub window: Option<Window>,
    pub retraction: bool,
    pub received: (Time, Seq),
}

/// Something on its way over a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are named for what they carry")]
pub struct Flight {
    pub from: Subtask,
    pub to: Subtask,
    pub what: Sent,
    pub sent: (Time, Seq),
    pub arrives: Time,
}

/// A window in which stream and batch differ.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are named for what they carry")]
pub struct OracleDifference {
    pub operator: OperatorId,
    pub key: String,
    pub window: Window,
    pub verdict: Verdict,
    pub batch: Content,
    pub stream: Content,
    pub elements: Vec<(ElementId, Fate)>,
    pub seq: Seq,
}

impl StreamState {
    /// An operator of the plan.
    pub fn operator(&self, id: OperatorId) -> Option<&OperatorPlan> {
        self.plan.operators.get(usize::from(id.0))
    }

    /// A subtask by its name.
    pub fn subtask(&self, id: Subtask) -> Option<&Rc<SubtaskState>> {
        self.subtasks.get(usize::from(id.operator.0))?.get(usize::from(id.index))
    }

    /// A partition by its name.
    pub fn partition(&self, id: Partition) -> Option<&Rc<PartitionState>> {
        self.partitions.iter().find(|partition| partition.id == id)
    }

    /// A record of the input, once it is there.
    pub fn record(&self, id: ElementId) -> Option<&Rc<RecordState>> {
        self.records.get(self.place_of(id)?)
    }

    /// Where a record stands in the order of their coming.
    pub fn place_of(&self, id: ElementId) -> Option<usize> {
        let place = self.strays.get(&id).copied().unwrap_or(id.0);
        let place = usize::try_from(place).ok()?;
        self.records.get(place).filter(|record| record.id == id).map(|_| place)
    }

    /// How faults name a partition: by the place of its source among the sources.
    pub fn named(&self, id: Partition) -> LogPartition {
        let sources = self.plan.operators.iter().filter(|of| of.partitions > 0);
        let source = sources.map(|of| of.id).position(|source| source == id.source).unwrap_or(0);
        LogPartition { source: u16::try_from(source).unwrap_or(u16::MAX), index: id.index }
    }

    /// What the job's clock says at a time of the run.
    pub fn clock(&self, at: Time) -> Millis {
        let since = Millis::try_from(at.0 / 1_000).unwrap_or(Millis::MAX);
        self.plan.clock_at_start.saturating_add(since)
    }

    /// The best that became of a record, over all of its windows. On time before early before late before
    /// pending; dropped or unseen only when it is so in all of them; nothing before it is in any.
    pub fn roll_up(&self, id: ElementId) -> Option<Fate> {
        const BEST_FIRST: [Fate; 6] =
            [Fate::OnTime, Fate::Early, Fate::Late, Fate::Pending, Fate::Unseen, Fate::Dropped];
        let record = self.record(id)?;
        BEST_FIRST.into_iter().find(|fate| record.fates.iter().any(|of| of.fate == *fate))
    }
}

impl OpenWindow {
    /// How many of its elements were in no pane yet.
    pub fn pending(&self) -> u64 {
        self.elements.iter().filter(|held| held.fate == Fate::Pending).count() as u64
    }
}
