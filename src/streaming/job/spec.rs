//! What a job is made of, before it runs.

use crate::base::{Amount, Level, Millis, Span};
use crate::streaming::assigner::AssignerError;
use crate::streaming::{beam, flink};
use crate::trace::stream::{Accumulation, AggregateKind, Profile, TimeDomain, WindowKind};
use thiserror::Error;

/// A job and its input.
#[derive(Clone, Debug)]
pub struct JobSpec {
    /// Whose rules hold.
    pub profile: Profile,
    /// Operators, each behind those that it hears.
    pub operators: Vec<OperatorSpec>,
    /// What a message takes from one operator to the next.
    pub latency: Span,
    /// Into how many groups keys are hashed.
    pub key_groups: u32,
    /// Partitions of each source's topic.
    pub partitions: u16,
    /// How sources make watermarks.
    pub watermark: WatermarkSpec,
    /// How often they say them.
    pub watermark_interval_ms: Millis,
    /// When a silent partition is not waited for any more.
    pub idle_timeout_ms: Option<Millis>,
    /// How far ahead of the slowest a partition may be.
    pub drift_ms: Option<Millis>,
    /// When an element happened.
    pub time: TimeOf,
    /// From one micro-batch of Spark to the next.
    pub micro_batch_ms: Millis,
    /// How long after its last record the stream stays open.
    pub stay_open_ms: Millis,
    /// The seed of all luck.
    pub seed: u64,
    /// What the clock says at the beginning.
    pub clock_at_start: Millis,
    /// How much of it will be told: at the lowest level, plain windows keep folds instead of their elements.
    pub level: Level,
    /// The input, in the order of its arrival.
    pub records: Vec<Record>,
}

/// A record of the input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// When it happened.
    pub event_time: Millis,
    /// When it is appended, by the clock.
    pub arrival: Millis,
    /// Its key; may be empty.
    pub key: String,
    /// Its value.
    pub value: Amount,
}

/// An operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorSpec {
    /// Its name.
    pub name: String,
    /// What it does.
    pub work: Work,
    /// Whom it hears, by their places.
    pub inputs: Vec<usize>,
    /// Its subtasks.
    pub parallelism: u16,
}

/// What an operator does.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are named for what they carry")]
pub enum Work {
    /// Reads a topic.
    Source,
    /// `value × by + add`.
    Map { by: i64, add: Amount },
    /// Lets through what is within the bounds and has the key.
    Filter { at_least: Option<Amount>, at_most: Option<Amount>, key: Option<String> },
    /// Gives another key.
    KeyBy(NewKey),
    /// Adds up by key and window.
    Window(WindowSpec),
    /// Adds up by key, and says each change.
    Running(AggregateKind),
    /// Lets the first of a key through, and remembers it so long in event time.
    Deduplicate { within_ms: Millis },
    /// Joins what is of one key and window.
    WindowJoin(WindowSpec),
    /// Joins a left element with right ones from `lower_ms` to `upper_ms` after it.
    IntervalJoin { lower_ms: Millis, upper_ms: Millis },
    /// Counts by key, and says the count when the key was silent for so long.
    Silence { timeout_ms: Millis },
    /// Takes results.
    Sink,
}

impl Work {
    /// Whether it goes by the watermarks of what it hears under any rules: Kafka's windows have stream time instead.
    pub(super) const fn needs_watermarks(&self) -> bool {
        match self {
            Work::Deduplicate { .. } | Work::IntervalJoin { .. } | Work::Silence { .. } => true,
            Work::Source
            | Work::Map { .. }
            | Work::Filter { .. }
            | Work::KeyBy(_)
            | Work::Window(_)
            | Work::Running(_)
            | Work::WindowJoin(_)
            | Work::Sink => false,
        }
    }
}

/// Another key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewKey {
    /// The first letter of the old one.
    FirstLetter,
    /// The value.
    Value,
    /// One for all.
    One,
}

/// Windows and what is made of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowSpec {
    /// Which windows.
    pub kind: WindowKind,
    /// What is made of them.
    pub aggregate: AggregateKind,
    /// When they fire.
    pub trigger: TriggerSpec,
    /// What a pane says.
    pub accumulation: Accumulation,
    /// How long after its end a window takes elements.
    pub allowed_lateness_ms: Millis,
    /// Whether Beam's pane at the end of a window comes though it is empty, and its last one.
    pub empty_panes: (bool, bool),
    /// Where one of the moments is that aligned delays go on to.
    pub align_offset_ms: Millis,
    /// What Spark emits.
    pub spark_output: SparkOutput,
    /// By which clock they are assigned and end, where that is not the job's: a job of Flink may have windows of
    /// both (`TumblingEventTimeWindows`, `TumblingProcessingTimeWindows`).
    pub time: Option<TimeDomain>,
}

/// When windows fire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TriggerSpec {
    /// When the watermark passes the end, and before and after as these say.
    Watermark {
        /// Before the end.
        early: Part,
        /// After it.
        late: Part,
    },
    /// So many elements.
    Count(u64),
    /// So long after the first element of the pane.
    Delay(Millis),
    /// At the next multiple of this on the clock.
    AlignedDelay(Millis),
    /// Each so much event time.
    EventTimeInterval(Millis),
    /// Not at all.
    Never,
    /// One of Beam's own, whatever it is made of.
    Beam(Box<beam::Trigger>),
    /// One of Flink's own.
    Flink(Box<flink::Trigger>),
}

/// A part of a watermark trigger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// None.
    None,
    /// So many elements.
    Count(u64),
    /// So long after the first element of the pane.
    Delay(Millis),
    /// At the next multiple of this on the clock.
    AlignedDelay(Millis),
}

/// What Spark emits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SparkOutput {
    /// A window once, when it is final.
    #[default]
    Append,
    /// What a batch changed.
    Update,
    /// All, each time.
    Complete,
}

/// When an element happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimeOf {
    /// As it says.
    #[default]
    Event,
    /// When the source reads it.
    Ingestion,
    /// When the window sees it.
    Processing,
}

/// How a source makes watermarks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WatermarkSpec {
    /// The latest event less this, asked now and then.
    Bounded(Millis),
    /// The same, said after each record.
    PerRecord(Millis),
    /// It knows the future.
    Perfect,
    /// Below all but so many percent of the last hundred.
    Percentile(u32),
    /// Steps of the clock and the watermark.
    Scripted(Vec<(Millis, Millis)>),
}

/// A job that can't be: the field, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{field}: {problem}")]
pub struct JobError {
    /// Which field, by the names of the scenario's parameters.
    pub field: &'static str,
    /// What is wrong, and what is allowed.
    pub problem: String,
}

impl From<AssignerError> for JobError {
    fn from(error: AssignerError) -> JobError {
        let field = match error {
            AssignerError::Length { field: "gap", .. } => "session_gap_ms",
            AssignerError::Length { field: "size", .. } => "window_size_ms",
            AssignerError::Length { .. } | AssignerError::Overlap { .. } => "window_slide_ms",
            AssignerError::Offset { .. } => "window_offset_ms",
        };
        JobError { field, problem: error.to_string() }
    }
}
