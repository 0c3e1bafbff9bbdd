//! What a job's plan says of its operators.

use super::building::clock_of;
use super::spec::{JobSpec, OperatorSpec, Part, TriggerSpec, WindowSpec, Work};
use crate::base::format::{Counted, Length};
use crate::trace::stream::{
    Accumulation, AggregateKind, EdgePlan, JobPlan, OperatorId, OperatorKind, OperatorPlan,
    TimeDomain, WindowKind, WindowPlan,
};

/// The plan of a job.
pub(super) fn plan(spec: &JobSpec) -> JobPlan {
    let id = |place: usize| OperatorId(u16::try_from(place).unwrap_or(u16::MAX));
    let each = spec.operators.iter().enumerate();
    let edges = each.clone().flat_map(|(place, operator)| {
        operator.inputs.iter().map(move |from| EdgePlan {
            from: id(*from),
            to: id(place),
            keyed: is_keyed(&operator.work),
            latency: spec.latency,
        })
    });
    JobPlan {
        profile: spec.profile,
        operators: each
            .clone()
            .map(|(place, operator)| OperatorPlan {
                id: id(place),
                name: operator.name.clone(),
                kind: kind(&operator.work),
                what: what(operator),
                parallelism: operator.parallelism,
                partitions: if operator.work == Work::Source { spec.partitions } else { 0 },
                window: window(spec, &operator.work),
            })
            .collect(),
        edges: edges.collect(),
        records: u32::try_from(spec.records.len()).unwrap_or(u32::MAX),
        clock_at_start: spec.clock_at_start,
    }
}

/// Whether an element must reach the subtask that owns its key.
pub(super) const fn is_keyed(work: &Work) -> bool {
    match work {
        Work::Window(_)
        | Work::Running(_)
        | Work::Deduplicate { .. }
        | Work::WindowJoin(_)
        | Work::IntervalJoin { .. }
        | Work::Silence { .. } => true,
        Work::Source | Work::Map { .. } | Work::Filter { .. } | Work::KeyBy(_) | Work::Sink => {
            false
        }
    }
}

const fn kind(work: &Work) -> OperatorKind {
    match work {
        Work::Source => OperatorKind::Source,
        Work::Map { .. } => OperatorKind::Map,
        Work::Filter { .. } => OperatorKind::Filter,
        Work::KeyBy(_) => OperatorKind::KeyBy,
        Work::Window(_) => OperatorKind::WindowAggregate,
        Work::Running(_) => OperatorKind::RunningAggregate,
        Work::Deduplicate { .. } => OperatorKind::Deduplicate,
        Work::WindowJoin(_) => OperatorKind::WindowJoin,
        Work::IntervalJoin { .. } => OperatorKind::IntervalJoin,
        Work::Silence { .. } => OperatorKind::Process,
        Work::Sink => OperatorKind::Sink,
    }
}

fn window(job: &JobSpec, work: &Work) -> Option<WindowPlan> {
    let plan = |spec: &WindowSpec, aggregate| WindowPlan {
        kind: spec.kind,
        aggregate,
        trigger: trigger(&spec.trigger),
        accumulation: spec.accumulation,
        allowed_lateness: spec.allowed_lateness_ms,
        time: clock_of(job, spec),
    };
    match work {
        Work::Window(spec) => Some(plan(spec, spec.aggregate)),
        Work::WindowJoin(spec) => Some(plan(spec, AggregateKind::Join)),
        Work::Running(aggregate) => Some(WindowPlan {
            kind: WindowKind::Global,
            aggregate: *aggregate,
            trigger: trigger(&TriggerSpec::Count(1)),
            accumulation: Accumulation::Accumulating,
            allowed_lateness: 0,
            time: TimeDomain::Event,
        }),
        Work::Source
        | Work::Map { .. }
        | Work::Filter { .. }
        | Work::KeyBy(_)
        | Work::Deduplicate { .. }
        | Work::IntervalJoin { .. }
        | Work::Silence { .. }
        | Work::Sink => None,
    }
}

fn what(operator: &OperatorSpec) -> String {
    match &operator.work {
        Work::Source => "reads a topic".to_owned(),
        Work::Map { by, add } => format!("value × {by} + {add}"),
        Work::Filter { .. } => "lets through what fits".to_owned(),
        Work::KeyBy(_) => "gives another key".to_owned(),
        Work::Window(spec) => format!("{} by key in {}", name(spec.aggregate), windows(spec.kind)),
        Work::Running(aggregate) => format!("{} by key, each change", name(*aggregate)),
        Work::Deduplicate { within_ms } => {
            format!("the first of each key within {}", Length(*within_ms))
        }
        Work::WindowJoin(spec) => format!("joins by key in {}", windows(spec.kind)),
        Work::IntervalJoin { lower_ms, upper_ms } => format!(
            "joins a left with right ones from {} to {} after it",
            Length(*lower_ms),
            Length(*upper_ms)
        ),
        Work::Silence { timeout_ms } => {
            format!("counts by key until it is silent for {}", Length(*timeout_ms))
        }
        Work::Sink => "takes results".to_owned(),
    }
}

fn name(aggregate: AggregateKind) -> String {
    match aggregate {
        AggregateKind::Count => "count".to_owned(),
        AggregateKind::Sum => "sum".to_owned(),
        AggregateKind::Min => "least".to_owned(),
        AggregateKind::Max => "greatest".to_owned(),
        AggregateKind::Mean => "mean".to_owned(),
        AggregateKind::Distinct => "number of different values".to_owned(),
        AggregateKind::Top(n) => format!("the {n} greatest"),
        AggregateKind::Join => "pairs".to_owned(),
    }
}

fn windows(kind: WindowKind) -> String {
    match kind {
        WindowKind::Tumbling { size, .. } => format!("tumbling windows of {}", Length(size)),
        WindowKind::Sliding { size, slide, .. } => {
            format!("windows of {} each {}", Length(size), Length(slide))
        }
        WindowKind::Around { difference } => {
            format!("windows around records, {} long", Length(difference))
        }
        WindowKind::Session { gap } => format!("sessions with a gap of {}", Length(gap)),
        WindowKind::Global => "one window for all".to_owned(),
        WindowKind::Count { size, slide: None } => {
            format!("windows of {}", Counted(size, "element"))
        }
        WindowKind::Count { size, slide: Some(slide) } => {
            format!("windows of {} each {slide}", Counted(size, "element"))
        }
    }
}

fn trigger(trigger: &TriggerSpec) -> String {
    let part = |part: Part| match part {
        Part::None => None,
        Part::Count(n) => Some(format!("each {}", Counted(n, "element"))),
        Part::Delay(delay) => Some(format!("{} after the first element", Length(delay))),
        Part::AlignedDelay(every) => Some(format!("each {} of the clock", Length(every))),
    };
    match trigger {
        TriggerSpec::Watermark { early, late } => {
            let mut text = "at the end of the window".to_owned();
            if let Some(early) = part(*early) {
                text += &format!("; before it {early}");
            }
            if let Some(late) = part(*late) {
                text += &format!("; after it {late}");
            }
            text
        }
        TriggerSpec::Count(n) => format!("each {}", Counted(*n, "element")),
        TriggerSpec::Delay(delay) => format!("{} after the first element", Length(*delay)),
        TriggerSpec::AlignedDelay(every) => format!("each {} of the clock", Length(*every)),
        TriggerSpec::EventTimeInterval(every) => format!("each {} of event time", Length(*every)),
        TriggerSpec::Never => "never".to_owned(),
        TriggerSpec::Beam(own) => own.to_string(),
        TriggerSpec::Flink(own) => own.to_string(),
    }
}
