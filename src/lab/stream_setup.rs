//! From a scenario, which is data, to a stream job.

mod density;

use super::messages::LabError;
use super::stream_trigger::triggered;
use crate::base::{Millis, Span};
use crate::scenario::events::{
    NINE_SCORES_START, StreamInput, book_watermark, of_set, read_events,
};
use crate::scenario::graph::{Graph, NewKey as GraphKey, Operator, OperatorKind, WindowTime};
use crate::scenario::table::AGGREGATES;
use crate::scenario::trigger::Trigger;
use crate::scenario::{Input, JobKind, Key, Parameters, Scenario, StreamJob};
use crate::streaming::job::{
    JobSpec, NewKey, OperatorSpec, Part, Record, SparkOutput, TimeOf, TriggerSpec, WatermarkSpec,
    WindowSpec, Work,
};
use crate::trace::stream::{Accumulation, AggregateKind, Profile, TimeDomain, WindowKind};

/// A job, and how long timers of the clock are waited for at its end.
pub(super) struct Setup {
    pub(super) spec: JobSpec,
    pub(super) linger_ms: Millis,
}

/// The job that a valid scenario and its input make.
///
/// # Errors
/// When the input holds no events.
pub(super) fn setup(scenario: &Scenario, data: &[u8]) -> Result<Setup, LabError> {
    let values = &scenario.parameters;
    let events = events(scenario, data)?;
    density::check(scenario, &events)?;
    let first = events.first().map_or(0, |event| event.arrival);
    let clock_at_start = match &scenario.input {
        Input::Events(name) if name.ends_with("-scores") => NINE_SCORES_START,
        Input::Events(_) => first.min(0),
        // The whole second before the first event.
        Input::Text(_)
        | Input::Builtin(_)
        | Input::File { .. }
        | Input::Files(_)
        | Input::Made(_) => first.div_euclid(1_000) * 1_000,
    };
    let slow = millis(values, Key::SlowPartition);
    let spec = JobSpec {
        profile: profile(values),
        operators: operators(scenario),
        latency: Span::from_millis(values.get(Key::ChannelLatency)),
        key_groups: values.count(Key::KeyGroups),
        partitions: small(values, Key::StreamPartitions),
        watermark: watermark(values, set_name(scenario)),
        watermark_interval_ms: millis(values, Key::WatermarkInterval),
        idle_timeout_ms: positive(values, Key::IdleTimeout),
        drift_ms: positive(values, Key::AlignmentDrift),
        time: match values.get(Key::TimeOf) {
            0 => TimeOf::Event,
            1 => TimeOf::Ingestion,
            _ => TimeOf::Processing,
        },
        micro_batch_ms: millis(values, Key::MicroBatch),
        stay_open_ms: millis(values, Key::StayOpen),
        seed: values.get(Key::Seed),
        clock_at_start,
        level: scenario.level,
        records: records(events, values, slow),
    };
    let waits = millis(values, Key::TriggerInterval).max(longest_delay(&scenario.job));
    let linger_ms = linger(&spec, waits);
    Ok(Setup { spec, linger_ms })
}

/// The longest that a trigger of the job's own waits for the clock.
fn longest_delay(job: &JobKind) -> Millis {
    let of_operator = |of: &Operator| match &of.kind {
        OperatorKind::WindowAggregate { trigger, .. } => {
            trigger.as_ref().map(Trigger::longest_delay_ms)
        }
        OperatorKind::Source
        | OperatorKind::Map { .. }
        | OperatorKind::Filter { .. }
        | OperatorKind::KeyBy(_)
        | OperatorKind::RunningAggregate
        | OperatorKind::Deduplicate
        | OperatorKind::WindowJoin
        | OperatorKind::IntervalJoin { .. }
        | OperatorKind::Silence
        | OperatorKind::Sink => None,
    };
    let JobKind::Stream(job) = job else { return 0 };
    let longest = match job {
        StreamJob::Triggered(trigger) => Some(trigger.longest_delay_ms()),
        StreamJob::Graph(graph) => graph.operators.iter().filter_map(of_operator).max(),
        StreamJob::Windows | StreamJob::Running | StreamJob::Deduplicate | StreamJob::Silence => {
            None
        }
    };
    longest.map_or(0, |longest| Millis::try_from(longest).unwrap_or(Millis::MAX))
}

/// As long as windows of the clock may stay open behind each other, and a trigger's interval.
fn linger(spec: &JobSpec, interval: Millis) -> Millis {
    let length = |operator: &OperatorSpec| match operator.work {
        Work::Window(WindowSpec { kind, .. }) | Work::WindowJoin(WindowSpec { kind, .. }) => {
            match kind {
                WindowKind::Tumbling { size, .. } | WindowKind::Sliding { size, .. } => size,
                WindowKind::Around { difference } => difference,
                WindowKind::Session { gap } => gap,
                WindowKind::Global | WindowKind::Count { .. } => 0,
            }
        }
        Work::Source
        | Work::Map { .. }
        | Work::Filter { .. }
        | Work::KeyBy(_)
        | Work::Running(_)
        | Work::Deduplicate { .. }
        | Work::IntervalJoin { .. }
        | Work::Silence { .. }
        | Work::Sink => 0,
    };
    spec.operators.iter().map(length).fold(interval, Millis::saturating_add).saturating_add(1)
}

fn events(scenario: &Scenario, data: &[u8]) -> Result<Vec<StreamInput>, LabError> {
    match &scenario.input {
        Input::Events(name) => of_set(name, &scenario.parameters).ok_or_else(|| LabError {
            field: Some("input.events".to_owned()),
            message: format!("there is no event set \"{name}\""),
        }),
        Input::Text(_)
        | Input::Builtin(_)
        | Input::File { .. }
        | Input::Files(_)
        | Input::Made(_) => read_events(data).map_err(|error| LabError {
            field: Some("input".to_owned()),
            message: error.to_string(),
        }),
    }
}

/// The events as records: those of the last partition's second half are left out where it falls silent, and
/// those of the first come later where it is slow.
fn records(events: Vec<StreamInput>, values: &Parameters, slow_ms: Millis) -> Vec<Record> {
    let partitions = values.count(Key::StreamPartitions);
    let half = events.len() / 2;
    let falls_silent = values.is_on(Key::IdlePartition);
    let mut records: Vec<Record> = events
        .into_iter()
        .enumerate()
        .filter_map(|(place, event)| {
            let StreamInput { event_time, arrival, key, value } = event;
            // One without a key goes where the producer sticks, which no partition's trouble can tell beforehand.
            let partition = (!key.is_empty())
                .then(|| crate::streaming::log::partition_of(key.as_bytes(), partitions));
            let is_silent = falls_silent && place >= half && partition == Some(partitions - 1);
            let late = if partition == Some(0) { slow_ms } else { 0 };
            let record = Record { event_time, arrival: arrival.saturating_add(late), key, value };
            (!is_silent).then_some(record)
        })
        .collect();
    records.sort_by_key(|record| record.arrival);
    records
}

fn operators(scenario: &Scenario) -> Vec<OperatorSpec> {
    let values = &scenario.parameters;
    let JobKind::Stream(job) = &scenario.job else { return Vec::new() };
    let work = match job {
        StreamJob::Windows => Work::Window(window(values)),
        StreamJob::Triggered(trigger) => {
            Work::Window(triggered(window(values), trigger, profile(values)))
        }
        StreamJob::Running => Work::Running(aggregate(values)),
        StreamJob::Deduplicate => {
            Work::Deduplicate { within_ms: millis(values, Key::DeduplicateWithin) }
        }
        StreamJob::Silence => Work::Silence { timeout_ms: millis(values, Key::SilenceTimeout) },
        StreamJob::Graph(graph) => return of_graph(graph, values),
    };
    let name = match job {
        StreamJob::Windows | StreamJob::Triggered(_) => "windows",
        StreamJob::Running => "running",
        StreamJob::Deduplicate => "first of each key",
        StreamJob::Silence | StreamJob::Graph(_) => "silence",
    };
    let operator = |name: &str, work, inputs, parallelism| OperatorSpec {
        name: name.to_owned(),
        work,
        inputs,
        parallelism,
    };
    vec![
        operator("source", Work::Source, Vec::new(), small(values, Key::SourceParallelism)),
        operator(name, work, vec![0], small(values, Key::Parallelism)),
        operator("sink", Work::Sink, vec![1], 1),
    ]
}

/// A valid graph in the order of its edges.
fn of_graph(graph: &Graph, values: &Parameters) -> Vec<OperatorSpec> {
    let sorted = graph.sorted().unwrap_or_default();
    let place = |name: &String| sorted.iter().position(|other| other.name == *name);
    sorted
        .iter()
        .map(|operator| OperatorSpec {
            name: operator.name.clone(),
            work: work(operator, values),
            inputs: operator.inputs.iter().filter_map(place).collect(),
            parallelism: parallelism(operator, values),
        })
        .collect()
}

fn parallelism(operator: &Operator, values: &Parameters) -> u16 {
    let usual = match operator.kind {
        OperatorKind::Source => Key::SourceParallelism,
        OperatorKind::Sink => return operator.parallelism.unwrap_or(1),
        OperatorKind::Map { .. }
        | OperatorKind::Filter { .. }
        | OperatorKind::KeyBy(_)
        | OperatorKind::WindowAggregate { .. }
        | OperatorKind::RunningAggregate
        | OperatorKind::Deduplicate
        | OperatorKind::WindowJoin
        | OperatorKind::IntervalJoin { .. }
        | OperatorKind::Silence => Key::Parallelism,
    };
    operator.parallelism.unwrap_or_else(|| small(values, usual))
}

fn work(operator: &Operator, values: &Parameters) -> Work {
    match &operator.kind {
        OperatorKind::Source => Work::Source,
        OperatorKind::Map { by, add } => Work::Map { by: i64::from(*by), add: *add },
        OperatorKind::Filter { at_least, at_most, key } => {
            Work::Filter { at_least: *at_least, at_most: *at_most, key: key.clone() }
        }
        OperatorKind::KeyBy(new) => Work::KeyBy(match new {
            GraphKey::FirstLetter => NewKey::FirstLetter,
            GraphKey::Value => NewKey::Value,
            GraphKey::One => NewKey::One,
        }),
        OperatorKind::WindowAggregate { aggregate, size_ms, trigger, time } => {
            let mut spec = window(values);
            spec.time = time.map(|time| match time {
                WindowTime::Event => TimeDomain::Event,
                WindowTime::Processing => TimeDomain::Processing,
            });
            if let Some(trigger) = trigger {
                spec = triggered(spec, trigger, profile(values));
            }
            if let Some(name) = aggregate {
                let place = AGGREGATES.iter().position(|known| known == name).unwrap_or(0);
                spec.aggregate = aggregate_at(place as u64, values);
            }
            if let Some(size) = size_ms {
                let size = Millis::try_from(*size).unwrap_or(Millis::MAX);
                spec.kind = WindowKind::Tumbling { size, offset: 0 };
            }
            Work::Window(spec)
        }
        OperatorKind::RunningAggregate => Work::Running(aggregate(values)),
        OperatorKind::Deduplicate => {
            Work::Deduplicate { within_ms: millis(values, Key::DeduplicateWithin) }
        }
        OperatorKind::WindowJoin => Work::WindowJoin(window(values)),
        OperatorKind::IntervalJoin { lower_ms, upper_ms } => {
            Work::IntervalJoin { lower_ms: *lower_ms, upper_ms: *upper_ms }
        }
        OperatorKind::Silence => Work::Silence { timeout_ms: millis(values, Key::SilenceTimeout) },
        OperatorKind::Sink => Work::Sink,
    }
}

fn window(values: &Parameters) -> WindowSpec {
    let (size, offset) = (millis(values, Key::WindowSize), millis(values, Key::WindowOffset));
    let slide = millis(values, Key::WindowSlide);
    let kind = match values.get(Key::Window) {
        0 => WindowKind::Tumbling { size, offset },
        1 => WindowKind::Sliding { size, slide, offset },
        2 => WindowKind::Session { gap: millis(values, Key::SessionGap) },
        3 => WindowKind::Global,
        5 => WindowKind::Around { difference: size },
        _ => {
            let slide = Some(values.get(Key::CountSlide)).filter(|slide| *slide > 0);
            WindowKind::Count { size: values.get(Key::WindowCount), slide }
        }
    };
    let empty = values.get(Key::EmptyPanes);
    WindowSpec {
        kind,
        aggregate: aggregate(values),
        trigger: trigger(values),
        accumulation: match values.get(Key::Accumulation) {
            0 => Accumulation::Accumulating,
            1 => Accumulation::Discarding,
            _ => Accumulation::Retracting,
        },
        allowed_lateness_ms: millis(values, Key::AllowedLateness),
        align_offset_ms: millis(values, Key::TriggerOffset),
        empty_panes: (empty == 1 || empty == 3, empty >= 2),
        spark_output: match values.get(Key::SparkOutput) {
            0 => SparkOutput::Append,
            1 => SparkOutput::Update,
            _ => SparkOutput::Complete,
        },
        time: None,
    }
}

fn trigger(values: &Parameters) -> TriggerSpec {
    let (count, interval) = (values.get(Key::TriggerCount), millis(values, Key::TriggerInterval));
    let early = match values.get(Key::Early) {
        0 => Part::None,
        1 => Part::Count(count),
        2 => Part::Delay(interval),
        _ => Part::AlignedDelay(interval),
    };
    let late = match values.get(Key::Late) {
        0 => Part::Count(1),
        1 => Part::Count(count),
        2 => Part::Delay(interval),
        _ => Part::None,
    };
    match values.get(Key::Trigger) {
        0 => TriggerSpec::Watermark { early, late },
        1 => TriggerSpec::Count(count),
        2 => TriggerSpec::Delay(interval),
        3 => TriggerSpec::AlignedDelay(interval),
        4 => TriggerSpec::EventTimeInterval(interval),
        _ => TriggerSpec::Never,
    }
}

fn aggregate(values: &Parameters) -> AggregateKind {
    aggregate_at(values.get(Key::Aggregate), values)
}

fn aggregate_at(place: u64, values: &Parameters) -> AggregateKind {
    match place {
        0 => AggregateKind::Count,
        1 => AggregateKind::Sum,
        2 => AggregateKind::Min,
        3 => AggregateKind::Max,
        4 => AggregateKind::Mean,
        5 => AggregateKind::Distinct,
        _ => AggregateKind::Top(u8::try_from(values.get(Key::TopValues)).unwrap_or(u8::MAX)),
    }
}

fn watermark(values: &Parameters, events: &str) -> WatermarkSpec {
    let delay = millis(values, Key::WatermarkDelay);
    match values.get(Key::Watermark) {
        0 => WatermarkSpec::Bounded(delay),
        1 => WatermarkSpec::PerRecord(delay),
        2 => WatermarkSpec::Perfect,
        3 => WatermarkSpec::Percentile(values.count(Key::WatermarkPercentile)),
        4 => WatermarkSpec::Scripted(book_watermark(events, false).to_vec()),
        _ => WatermarkSpec::Scripted(book_watermark(events, true).to_vec()),
    }
}

/// The name of the event set, where it is one.
fn set_name(scenario: &Scenario) -> &str {
    match &scenario.input {
        Input::Events(name) => name,
        Input::Text(_)
        | Input::Builtin(_)
        | Input::File { .. }
        | Input::Files(_)
        | Input::Made(_) => "",
    }
}

fn profile(values: &Parameters) -> Profile {
    match values.get(Key::Profile) {
        0 => Profile::Flink,
        1 => Profile::BeamJava,
        2 => Profile::BeamPython,
        3 => Profile::KafkaStreams,
        _ => Profile::Spark,
    }
}

fn millis(values: &Parameters, key: Key) -> Millis {
    Millis::try_from(values.get(key)).unwrap_or(Millis::MAX)
}

fn positive(values: &Parameters, key: Key) -> Option<Millis> {
    Some(millis(values, key)).filter(|value| *value > 0)
}

fn small(values: &Parameters, key: Key) -> u16 {
    u16::try_from(values.get(key)).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests;
