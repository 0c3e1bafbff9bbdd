//! What a stream job is made of: told once, at its beginning.

use super::{OperatorId, StreamEvent, Subtask, TimeDomain};
use crate::base::{Millis, Span};
use crate::trace::event::{Event, EventKind};
use serde::{Deserialize, Serialize};

/// A job: operators, and the channels between them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobPlan {
    /// Whose rules hold.
    pub profile: Profile,
    /// The operators, each behind those that it hears.
    pub operators: Vec<OperatorPlan>,
    /// Who hears whom.
    pub edges: Vec<EdgePlan>,
    /// How many records the input has.
    pub records: u32,
    /// What the job's clock says at the beginning of the run.
    pub clock_at_start: Millis,
}

impl JobPlan {
    /// The plan that these events begin with, when they are of a stream job.
    pub fn of(events: &[Event]) -> Option<&JobPlan> {
        const LOOKED_AT_MAX: usize = 64;
        events.iter().take(LOOKED_AT_MAX).find_map(|event| match &event.kind {
            EventKind::Stream(StreamEvent::JobStarted { plan }) => Some(&**plan),
            EventKind::Stream(_)
            | EventKind::World(_)
            | EventKind::Batch(_)
            | EventKind::Failure(_) => None,
        })
    }

    /// An operator.
    pub fn operator(&self, id: OperatorId) -> Option<&OperatorPlan> {
        self.operators.get(usize::from(id.0))
    }
}

/// An operator by the name that it has on its card: `“windows”`.
pub fn operator_name(plan: Option<&JobPlan>, id: OperatorId) -> String {
    const LETTERS_MAX: usize = 24;
    match plan.and_then(|plan| plan.operator(id)) {
        Some(operator) => {
            format!("“{}”", operator.name.chars().take(LETTERS_MAX).collect::<String>())
        }
        None => format!("operator {}", id.0),
    }
}

/// A subtask by its operator's name, `subtask 1 of “windows”`; where that has but one, by the name alone; and where
/// the plan is not known by numbers, `operator 2.1`.
pub fn subtask_name(plan: Option<&JobPlan>, id: Subtask) -> String {
    let of = plan.and_then(|plan| plan.operator(id.operator));
    match of.map(|operator| operator.parallelism) {
        Some(0 | 1) => operator_name(plan, id.operator),
        None => format!("operator {}.{}", id.operator.0, id.index),
        Some(_) => format!("subtask {} of {}", id.index, operator_name(plan, id.operator)),
    }
}

/// Whose rules hold, where real systems differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// Apache Flink.
    #[default]
    Flink,
    /// Apache Beam's Java SDK.
    BeamJava,
    /// Apache Beam's Python SDK.
    BeamPython,
    /// Kafka Streams.
    KafkaStreams,
    /// Spark Structured Streaming.
    Spark,
}

impl Profile {
    /// What says how far event time has come in a subtask: Kafka Streams has no watermarks, but the greatest time of a
    /// record that was seen.
    pub const fn mark_name(self) -> &'static str {
        match self {
            Profile::KafkaStreams => "stream time",
            Profile::Flink | Profile::BeamJava | Profile::BeamPython | Profile::Spark => {
                "watermark"
            }
        }
    }
}

/// An operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperatorPlan {
    /// Its place in the plan.
    pub id: OperatorId,
    /// Its name.
    pub name: String,
    /// What it does.
    pub kind: OperatorKind,
    /// What it does, in words.
    pub what: String,
    /// Its subtasks.
    pub parallelism: u16,
    /// Partitions that a source reads; 0 for all others.
    #[serde(default)]
    pub partitions: u16,
    /// Its windows, if it has any.
    #[serde(default)]
    pub window: Option<WindowPlan>,
}

/// What an operator does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OperatorKind {
    /// Reads partitions.
    Source,
    /// Changes values.
    Map,
    /// Leaves elements out.
    Filter,
    /// Gives elements another key.
    KeyBy,
    /// Adds up by key and window.
    WindowAggregate,
    /// Adds up by key, and says each change.
    RunningAggregate,
    /// Lets the first of a key through.
    Deduplicate,
    /// Joins what is of one key and window.
    WindowJoin,
    /// Joins what is of one key and near in time.
    IntervalJoin,
    /// Counts by key, and speaks when a key falls silent.
    Process,
    /// Where results go.
    Sink,
}

/// The windows of an operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WindowPlan {
    /// Which windows.
    pub kind: WindowKind,
    /// What is done with what is in them.
    pub aggregate: AggregateKind,
    /// When they fire, in words.
    pub trigger: String,
    /// What a pane says of what earlier ones said.
    pub accumulation: Accumulation,
    /// How long after its end a window takes elements.
    pub allowed_lateness: Millis,
    /// By which clock they are assigned and end.
    #[serde(default)]
    pub time: TimeDomain,
}

/// Which windows there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are named for what they carry")]
pub enum WindowKind {
    /// Side by side.
    Tumbling { size: Millis, offset: Millis },
    /// One each `slide`.
    Sliding { size: Millis, slide: Millis, offset: Millis },
    /// Kafka's: one that each record ends, and one that begins behind it; both ends are included.
    Around { difference: Millis },
    /// From a first element on, until a silence of `gap`.
    Session { gap: Millis },
    /// One for all.
    Global,
    /// Each `size` elements, or the last `size` each `slide` elements.
    Count { size: u64, slide: Option<u64> },
}

/// What is done with what is in a window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AggregateKind {
    /// How many.
    Count,
    /// Their sum.
    #[default]
    Sum,
    /// The smallest.
    Min,
    /// The largest.
    Max,
    /// Their mean, rounded half up to a thousandth.
    Mean,
    /// How many different values.
    Distinct,
    /// The largest few.
    Top(u8),
    /// Each of the left with each of the right.
    Join,
}

/// What a pane says of what earlier panes of its window said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Accumulation {
    /// Only what is new.
    Discarding,
    /// Everything so far.
    #[default]
    Accumulating,
    /// Everything so far, after taking back what was said before.
    Retracting,
}

/// Who hears whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EdgePlan {
    /// Who speaks.
    pub from: OperatorId,
    /// Who hears.
    pub to: OperatorId,
    /// Whether an element goes to the subtask that owns its key; else to the one of the same
    /// number, or in turn.
    pub keyed: bool,
    /// How long it takes.
    pub latency: Span,
}
