//! Machines as a job's specification asks for them, by the rules of each system.

use super::machine::{Counting, Machine};
use super::spec::{JobError, Part, SparkOutput, TriggerSpec, WindowSpec};
use crate::streaming::assigner::Assigner;
use crate::streaming::beam::{self, Emptiness, TimestampCombiner};
use crate::streaming::flink::{self, CountWindows};
use crate::streaming::timers::TimeDomain;
use crate::streaming::{kafka, spark};
use crate::trace::stream::{Accumulation, WindowKind};

/// The windows that are assigned by time alone, or merge.
pub(super) fn assigner(kind: WindowKind) -> Option<Assigner> {
    match kind {
        WindowKind::Tumbling { size, offset } => {
            Some(Assigner::Tumbling { size_ms: size, offset_ms: offset })
        }
        WindowKind::Sliding { size, slide, offset } => {
            Some(Assigner::Sliding { size_ms: size, slide_ms: slide, offset_ms: offset })
        }
        WindowKind::Session { gap } => Some(Assigner::Session { gap_ms: gap }),
        WindowKind::Global => Some(Assigner::Global),
        WindowKind::Around { .. } | WindowKind::Count { .. } => None,
    }
}

fn refuse<T>(field: &'static str, problem: impl ToString) -> Result<T, JobError> {
    Err(JobError { field, problem: problem.to_string() })
}

fn known_assigner(kind: WindowKind) -> Result<Assigner, JobError> {
    match assigner(kind) {
        Some(assigner) => Ok(assigner.validate()?),
        None => refuse("window", "these windows are another system's"),
    }
}

pub(super) fn flink_machine(spec: &WindowSpec, domain: TimeDomain) -> Result<Machine, JobError> {
    if let WindowKind::Count { size, slide } = spec.kind {
        let narrow = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let windows = match CountWindows::new(narrow(size), slide.map(narrow)) {
            Ok(windows) => windows,
            Err(error) => return refuse("window_count", error),
        };
        let counting = Counting { windows, empties: slide.is_none(), panes: 0 };
        return Ok(Machine::Count(Box::new(counting)));
    }
    let trigger = match (&spec.trigger, domain) {
        (TriggerSpec::Flink(own), _) => own.as_ref().clone(),
        (TriggerSpec::Watermark { early: Part::None, .. }, TimeDomain::Event) => {
            flink::Trigger::EventTime
        }
        (TriggerSpec::Watermark { early: Part::None, .. }, TimeDomain::Processing) => {
            flink::Trigger::ProcessingTime
        }
        (TriggerSpec::Count(n), _) => flink::Trigger::Count { n: *n },
        (TriggerSpec::AlignedDelay(interval_ms), _) => {
            flink::Trigger::ContinuousProcessingTime { interval_ms: *interval_ms }
        }
        (TriggerSpec::EventTimeInterval(interval_ms), _) => {
            flink::Trigger::ContinuousEventTime { interval_ms: *interval_ms }
        }
        (TriggerSpec::Never, _) => flink::Trigger::Never,
        (TriggerSpec::Watermark { .. } | TriggerSpec::Delay(_) | TriggerSpec::Beam(_), _) => {
            return refuse("trigger", "Flink has no such trigger");
        }
    };
    let trigger = match spec.accumulation {
        Accumulation::Accumulating => trigger,
        Accumulation::Discarding => flink::Trigger::Purging(Box::new(trigger)),
        Accumulation::Retracting => return refuse("accumulation", "Flink takes nothing back"),
    };
    let trigger = trigger.validate().or_else(|error| refuse("trigger", error))?;
    let assigner = known_assigner(spec.kind)?;
    let allowed_lateness_ms = spec.allowed_lateness_ms;
    let config = flink::Config { assigner, trigger, allowed_lateness_ms, domain };
    Ok(Machine::Flink(Box::new(flink::Windows::new(config))))
}

pub(super) fn beam_config(spec: &WindowSpec) -> Result<beam::Config, JobError> {
    let part = |part: Part| match part {
        Part::None => None,
        Part::Count(n) => Some(beam::Trigger::AfterCount { n }),
        Part::Delay(delay_ms) => Some(beam::Trigger::AfterProcessingTime { delay_ms, align: None }),
        Part::AlignedDelay(every_ms) => {
            let offset_ms = spec.align_offset_ms;
            let align = Some(beam::Alignment { every_ms, offset_ms });
            Some(beam::Trigger::AfterProcessingTime { delay_ms: 0, align })
        }
    };
    let repeatedly = |of: Part| match part(of) {
        Some(trigger) => beam::Trigger::Repeatedly(Box::new(trigger)),
        None => beam::Trigger::Never,
    };
    let trigger = match &spec.trigger {
        TriggerSpec::Beam(own) => own.as_ref().clone(),
        TriggerSpec::Watermark { early, late } => beam::Trigger::AfterWatermark {
            early: part(*early).map(Box::new),
            late: part(*late).map(Box::new),
        },
        TriggerSpec::Count(n) => repeatedly(Part::Count(*n)),
        TriggerSpec::Delay(delay) => repeatedly(Part::Delay(*delay)),
        TriggerSpec::AlignedDelay(every) => repeatedly(Part::AlignedDelay(*every)),
        TriggerSpec::Never => beam::Trigger::Never,
        TriggerSpec::EventTimeInterval(_) | TriggerSpec::Flink(_) => {
            return refuse("trigger", "Beam has no such trigger");
        }
    };
    let accumulation = match spec.accumulation {
        Accumulation::Accumulating => beam::Accumulation::Accumulating,
        Accumulation::Discarding => beam::Accumulation::Discarding,
        Accumulation::Retracting => beam::Accumulation::Retracting,
    };
    let emptiness = |always| if always { Emptiness::Always } else { Emptiness::IfNonEmpty };
    let config = beam::Config {
        assigner: known_assigner(spec.kind)?,
        trigger,
        accumulation,
        allowed_lateness_ms: spec.allowed_lateness_ms,
        timestamp_combiner: TimestampCombiner::EndOfWindow,
        closing: emptiness(spec.empty_panes.1),
        on_time: emptiness(spec.empty_panes.0),
    };
    config.validate().or_else(|error| refuse("trigger", error))
}

fn is_suppressed(spec: &WindowSpec) -> Result<bool, JobError> {
    match spec.trigger {
        TriggerSpec::Watermark { .. } => Ok(true),
        TriggerSpec::Count(1) => Ok(false),
        TriggerSpec::Count(_)
        | TriggerSpec::Delay(_)
        | TriggerSpec::AlignedDelay(_)
        | TriggerSpec::EventTimeInterval(_)
        | TriggerSpec::Beam(_)
        | TriggerSpec::Flink(_)
        | TriggerSpec::Never => refuse("trigger", "Kafka Streams says each change, or suppresses"),
    }
}

pub(super) fn kafka_config(spec: &WindowSpec) -> Result<kafka::Config, JobError> {
    let (size_ms, advance_ms) = match spec.kind {
        WindowKind::Tumbling { size, .. } => (size, size),
        WindowKind::Sliding { size, slide, .. } => (size, slide),
        WindowKind::Around { .. }
        | WindowKind::Session { .. }
        | WindowKind::Global
        | WindowKind::Count { .. } => {
            return refuse("window", "these are no hopping windows");
        }
    };
    let (grace_ms, suppress) = (spec.allowed_lateness_ms, is_suppressed(spec)?);
    let config = kafka::Config { size_ms, advance_ms, grace_ms, suppress };
    config.validate().or_else(|error| refuse("window_slide_ms", error))
}

/// Kafka's sliding windows.
pub(super) fn kafka_sliding_config(spec: &WindowSpec) -> Result<kafka::SlidingConfig, JobError> {
    let WindowKind::Around { difference: difference_ms } = spec.kind else {
        return refuse("window", "these are no sliding windows of Kafka");
    };
    let (grace_ms, suppress) = (spec.allowed_lateness_ms, is_suppressed(spec)?);
    let config = kafka::SlidingConfig { difference_ms, grace_ms, suppress };
    config.validate().or_else(|error| refuse("window_size_ms", error))
}

pub(super) fn kafka_machine(spec: &WindowSpec) -> Result<Machine, JobError> {
    let (grace, suppress) = (spec.allowed_lateness_ms, is_suppressed(spec)?);
    match spec.kind {
        WindowKind::Session { gap } => {
            Ok(Machine::KafkaSessions(kafka::Sessions::new(gap, grace, suppress)))
        }
        WindowKind::Around { .. } => {
            Ok(Machine::KafkaSliding(kafka::Sliding::new(kafka_sliding_config(spec)?)))
        }
        WindowKind::Tumbling { .. } | WindowKind::Sliding { .. } => {
            Ok(Machine::Kafka(kafka::Windows::new(kafka_config(spec)?)))
        }
        WindowKind::Global | WindowKind::Count { .. } => {
            refuse("window", "Kafka Streams has no such windows")
        }
    }
}

pub(super) fn spark_machine(spec: &WindowSpec) -> Result<Machine, JobError> {
    let mode = match spec.spark_output {
        SparkOutput::Append => spark::OutputMode::Append,
        SparkOutput::Update => spark::OutputMode::Update,
        SparkOutput::Complete => spark::OutputMode::Complete,
    };
    match spec.kind {
        WindowKind::Session { gap } => Ok(Machine::SparkSessions(spark::Sessions::new(gap))),
        WindowKind::Tumbling { .. } | WindowKind::Sliding { .. } => {
            Ok(Machine::Spark(spark::Windows::new(known_assigner(spec.kind)?, mode)))
        }
        WindowKind::Around { .. } | WindowKind::Global | WindowKind::Count { .. } => {
            refuse("window", "Spark has no such windows")
        }
    }
}
