//! A job's subtasks and the channels between them, as its specification asks for them.

use super::deduplicate::Deduplicate;
use super::interval_join::IntervalJoin;
use super::plain::Plain;
use super::plan;
use super::running::{ChannelInfo, OutEdge, dealt};
use super::silence::Silence;
use super::source::Source;
use super::spec::{JobError, JobSpec, Record, SparkOutput, TimeOf, TriggerSpec, WindowSpec, Work};
use super::task::{Operator, Task};
use super::windowed::Windowed;
use crate::base::Millis;
use crate::streaming::log::Topic;
use crate::streaming::timers::TimeDomain;
use crate::trace::stream::{
    Accumulation, AggregateKind, OperatorId, Partition, Profile, Subtask, WindowKind,
};
use std::collections::BTreeMap;

/// The partition that each record goes to: its producer chose it, whenever it then arrives.
pub(super) fn places(spec: &JobSpec, topics: &BTreeMap<OperatorId, Topic>) -> Vec<Partition> {
    let sources: Vec<OperatorId> = topics.keys().copied().collect();
    let mut rehearsal = topics.clone();
    let place = |(number, record): (u32, &Record)| {
        let source = dealt(number, &sources)?;
        let (index, _) = rehearsal.get_mut(&source)?.append(number, record.key.as_bytes());
        Some(Partition { source, index })
    };
    (0..).zip(&spec.records).map_while(place).collect()
}

/// Event times of all records to come, by source and partition: what a perfect watermark knows.
pub(super) fn event_times(
    spec: &JobSpec,
    places: &[Partition],
) -> BTreeMap<OperatorId, BTreeMap<u16, Vec<Millis>>> {
    let mut times: BTreeMap<OperatorId, BTreeMap<u16, Vec<Millis>>> = BTreeMap::new();
    for (place, record) in places.iter().zip(&spec.records) {
        let of = times.entry(place.source).or_default().entry(place.index).or_default();
        of.push(record.event_time);
    }
    times
}

pub(super) fn operator_of(
    spec: &JobSpec,
    id: Subtask,
    work: &Work,
    times: &BTreeMap<OperatorId, BTreeMap<u16, Vec<Millis>>>,
) -> Result<Operator, JobError> {
    let windowed = |profile, window: WindowSpec, domain| {
        Ok(Operator::Windowed(Box::new(Windowed::new(profile, window, domain)?)))
    };
    match work {
        Work::Source => {
            let none = BTreeMap::new();
            let of = times.get(&id.operator).unwrap_or(&none);
            let parallelism = spec.operators[usize::from(id.operator.0)].parallelism.max(1);
            let own = (0..spec.partitions).filter(|partition| partition % parallelism == id.index);
            Ok(Operator::Source(Box::new(Source::new(spec, own, of))))
        }
        Work::Map { .. } | Work::Filter { .. } | Work::KeyBy(_) => {
            Ok(Operator::Stateless(work.clone()))
        }
        Work::Window(window) => {
            let domain = clock_of(spec, window);
            match Plain::new(spec, window, domain) {
                Some(plain) => Ok(Operator::Plain(Box::new(plain))),
                None => windowed(spec.profile, window.clone(), domain),
            }
        }
        Work::WindowJoin(window) => windowed(
            spec.profile,
            WindowSpec { aggregate: AggregateKind::Join, ..window.clone() },
            clock_of(spec, window),
        ),
        Work::Running(aggregate) => {
            let window = WindowSpec {
                kind: WindowKind::Global,
                aggregate: *aggregate,
                trigger: TriggerSpec::Count(1),
                accumulation: Accumulation::Accumulating,
                allowed_lateness_ms: 0,
                empty_panes: (false, false),
                align_offset_ms: 0,
                spark_output: SparkOutput::Append,
                time: None,
            };
            let windowed = Windowed::new(Profile::Flink, window, TimeDomain::Event)?;
            Ok(Operator::Windowed(Box::new(windowed.running())))
        }
        Work::Deduplicate { within_ms } => Ok(Operator::Deduplicate(Deduplicate::new(*within_ms))),
        Work::IntervalJoin { lower_ms, upper_ms } => {
            Ok(Operator::IntervalJoin(IntervalJoin::new(*lower_ms, *upper_ms)))
        }
        Work::Silence { timeout_ms } => Ok(Operator::Silence(Silence::new(*timeout_ms))),
        Work::Sink => Ok(Operator::Sink(Vec::new())),
    }
}

/// By which clock the windows of an operator are assigned and end.
pub(super) fn clock_of(spec: &JobSpec, window: &WindowSpec) -> TimeDomain {
    window.time.unwrap_or(match spec.time {
        TimeOf::Processing => TimeDomain::Processing,
        TimeOf::Event | TimeOf::Ingestion => TimeDomain::Event,
    })
}

/// Channels between the subtasks: from each to each where keys are exchanged or the numbers differ, else from
/// each to the one of its number.
pub(super) fn connect(
    spec: &JobSpec,
    first: &[usize],
    tasks: &mut [Task],
) -> (Vec<ChannelInfo>, Vec<Vec<OutEdge>>) {
    let mut channels = Vec::new();
    let mut edges: Vec<Vec<OutEdge>> = vec![Vec::new(); tasks.len()];
    let mut inputs: Vec<Vec<(Subtask, bool)>> = vec![Vec::new(); tasks.len()];
    for (place, operator) in spec.operators.iter().enumerate() {
        for (side, source) in operator.inputs.iter().enumerate() {
            let keyed = plan::is_keyed(&operator.work);
            let (senders, receivers) = (spec.operators[*source].parallelism, operator.parallelism);
            for from_index in 0..usize::from(senders) {
                let from = first[*source] + from_index;
                let all = keyed || senders != receivers;
                let targets: Vec<usize> = match all {
                    true => (0..usize::from(receivers)).collect(),
                    false => vec![from_index],
                };
                let mut edge = OutEdge { keyed, channels: Vec::new() };
                for target in targets {
                    let to = first[place] + target;
                    edge.channels.push(channels.len());
                    let (input, latency) = (inputs[to].len(), spec.latency);
                    channels.push(ChannelInfo { from, to, input, latency });
                    inputs[to].push((tasks[from].id, side == 1));
                }
                edges[from].push(edge);
            }
        }
    }
    for (task, inputs) in tasks.iter_mut().zip(inputs) {
        let operator = std::mem::replace(&mut task.operator, Operator::Sink(Vec::new()));
        *task = Task::new(task.id, inputs, operator);
    }
    (channels, edges)
}
