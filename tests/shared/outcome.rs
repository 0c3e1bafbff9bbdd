//! What the rules allow a run to end in, told from its scenario and its trace by other means than
//! the engine's: a recount of failures, and what the plan of faults alone says.

use super::counters;
use super::random_runs::{combines, map_outputs, reducers, writes_a_line_a_group};
use millrace::base::{Fault, Level, TaskId, Time};
use millrace::lab::FinishedRun;
use millrace::scenario::{Key, Scenario};
use millrace::trace::Snapshot;
use millrace::trace::event::Counters;
use millrace::trace::failure::{FailureEvent, TaskError};
use millrace::trace::snapshot::TaskState;
use millrace::trace::timeline::Timeline;
use millrace::trace::{BatchEvent, EventKind};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Whether a run ended as it must: in the oracle's result, or in a failure that the rules predict.
pub(crate) fn judge(scenario: &Scenario, text: &str, run: &FinishedRun) -> Result<(), String> {
    let all_maps_count = fold(run)?.maps.iter().all(|map| map.state == TaskState::Done);
    match &run.summary.failed {
        None => judge_success(scenario, text, run, all_maps_count)?,
        Some(why) => judge_failure(scenario, run).map_err(|error| format!("{error} ({why})"))?,
    }
    if run.summary.failed.is_some() && must_succeed(scenario) {
        return Err("it failed, though nothing in its plan can make it fail".to_owned());
    }
    if run.summary.failed.is_none() && must_fail(scenario) {
        return Err("it succeeded, though a record was poison from the start".to_owned());
    }
    Ok(())
}

/// The counters of a map whose output was lost after all reduces had it do not count.
fn judge_success(
    scenario: &Scenario,
    text: &str,
    run: &FinishedRun,
    all_maps_count: bool,
) -> Result<(), String> {
    if !run.summary.equals_oracle {
        return Err("the result is not the oracle's".to_owned());
    }
    let counters = &run.summary.counters;
    let pairs = map_outputs(&scenario.job, text).unwrap_or(counters.map_output_records);
    let all_pairs = map_outputs(&scenario.job, text).unwrap_or(counters.reduce_input_records);
    if reducers(scenario) > 0 && !combines(scenario) && counters.reduce_input_records != all_pairs {
        return Err(format!(
            "{} pairs are reduced, not {all_pairs}",
            counters.reduce_input_records
        ));
    }
    let mapped = if all_maps_count { pairs } else { pairs.min(counters.map_output_records) };
    counters_add_up(counters, mapped, scenario)
}

/// What each record is counted as, from the mapper to the output. Attempts that failed or were
/// killed do not count; but with attempts of their own times, what a map combined may differ
/// between the attempt that a reduce fetched from and the one that counts.
fn counters_add_up(counters: &Counters, mapped: u64, scenario: &Scenario) -> Result<(), String> {
    let groups = if writes_a_line_a_group(&scenario.job) {
        counters.reduce_input_groups
    } else {
        counters.reduce_output_records
    };
    let maps = counters.merged_map_outputs / reducers(scenario).max(1);
    let sums = [
        ("lines make so many map outputs", mapped, counters.map_output_records),
        ("a group is an output", groups, counters.reduce_output_records),
        ("fetched outputs are merged", counters.shuffled_maps, counters.merged_map_outputs),
        ("each reduce has each map", maps * reducers(scenario), counters.shuffled_maps),
    ];
    for (what, one, other) in sums {
        if one != other {
            return Err(format!("{what}: {one} is not {other} in {counters:?}"));
        }
    }
    Ok(())
}

/// A failed job says which task failed, how often and with what; counted again here.
fn judge_failure(scenario: &Scenario, run: &FinishedRun) -> Result<(), String> {
    let mut failures: BTreeMap<TaskId, (u32, TaskError)> = BTreeMap::new();
    let mut heard = Time::ZERO;
    for event in &run.events {
        match &event.kind {
            EventKind::Failure(FailureEvent::AttemptFailed { attempt, error, .. }) => {
                let of_task = failures.entry(attempt.task).or_insert((0, error.clone()));
                *of_task = (of_task.0 + 1, error.clone());
            }
            EventKind::Batch(BatchEvent::HeartbeatReceived { .. }) => heard = event.at,
            EventKind::Failure(FailureEvent::JobFailed { task, error, failures: told, .. }) => {
                let (counted, last) =
                    failures.get(task).cloned().unwrap_or((0, TaskError::Exception));
                return judge_job_failure(
                    scenario,
                    (error, *told),
                    (&last, counted),
                    event.at.since(heard).0,
                );
            }
            EventKind::Batch(_)
            | EventKind::Failure(_)
            | EventKind::World(_)
            | EventKind::Stream(_) => {}
        }
    }
    Err("it failed, but its trace has no JobFailed".to_owned())
}

fn judge_job_failure(
    scenario: &Scenario,
    (error, told): (&TaskError, u32),
    (last, counted): (&TaskError, u32),
    silent_us: u64,
) -> Result<(), String> {
    if told != counted {
        return Err(format!("{told} failures are told, {counted} were counted"));
    }
    let limit = scenario.parameters.count(Key::MaxAttempts);
    match error {
        TaskError::NoNodes { .. } => {
            let needed = scenario.parameters.get(Key::NodeTimeout) * 1_000 * 10;
            let known = scenario.level >= Level::Tasks;
            (!known || silent_us >= needed)
                .then_some(())
                .ok_or(format!("a node was heard {silent_us} µs before"))
        }
        TaskError::TookTooLong { limit } => Err(format!("it took longer than {limit:?}")),
        TaskError::Worker { .. } => Err("there are no workers here".to_owned()),
        TaskError::CorruptInput { .. } => Err("no file of a random run is corrupt".to_owned()),
        TaskError::Exception
        | TaskError::PoisonRecord { .. }
        | TaskError::BadRecord { .. }
        | TaskError::BlockMissing { .. }
        | TaskError::FetchesFailed { .. }
        | TaskError::TimedOut { .. }
        | TaskError::OutputUnreachable { .. } => (counted == limit && error == last)
            .then_some(())
            .ok_or(format!("{counted} failures of {limit}, the last {last:?}, not {error:?}")),
    }
}

/// A plan without faults, or with one crash that leaves a replica of everything and nodes enough.
fn must_succeed(scenario: &Scenario) -> bool {
    let parameters = &scenario.parameters;
    let rates = [Key::CrashRate, Key::TaskFailures, Key::Stragglers, Key::MessageLoss];
    let crashes = scenario.faults.iter().filter(|fault| matches!(fault.fault, Fault::Crash { .. }));
    let crashes = crashes.count();
    let harmless = |fault: &Fault| matches!(fault, Fault::Crash { .. } | Fault::Restart { .. });
    rates.iter().all(|rate| parameters.get(*rate) == 0)
        && scenario.faults.iter().all(|fault| harmless(&fault.fault))
        && (crashes == 0
            || crashes == 1
                && parameters.get(Key::Replication) >= 2
                && parameters.get(Key::Nodes) >= 3)
}

/// A record that is poison from the start cannot be got past; only bytes that are there are made so.
fn must_fail(scenario: &Scenario) -> bool {
    scenario.faults.iter().any(|fault| match fault.fault {
        Fault::PoisonRecord { .. } => fault.at == Time::ZERO,
        Fault::Crash { .. }
        | Fault::Restart { .. }
        | Fault::Slow { .. }
        | Fault::CutRack { .. }
        | Fault::JoinRack { .. }
        | Fault::LoseMessages { .. }
        | Fault::FailTask { .. }
        | Fault::Stream(_) => false,
    })
}

fn fold(run: &FinishedRun) -> Result<Rc<Snapshot>, String> {
    let mut timeline = Timeline::new();
    let events = run.events.clone();
    timeline.append(events).map_err(|error| format!("the trace does not fold: {error}"))?;
    let end = timeline.seek(timeline.len());
    if *end.counters != run.summary.counters {
        return Err(format!(
            "the fold's counters are not the job's: {:?}, {:?}",
            end.counters, run.summary.counters
        ));
    }
    counters::parts_add_up(&end)?;
    Ok(end)
}
