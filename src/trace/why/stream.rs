//! Why something happened in a stream job: the rule, with its numbers: moments as the plot tells them.

mod windows;

pub use windows::{fire_rule, judged_rule};

use crate::base::format::{Clock, Count, Counted, Exactly, Length, Mark};
use crate::base::{Millis, Time};
use crate::trace::snapshot::Snapshot;
use crate::trace::snapshot::stream::StreamState;
use crate::trace::stream::{Fate, Input, Profile, StreamEvent, Subtask, TimeDomain, subtask_name};

#[expect(clippy::too_many_lines, reason = "a closed enum, one arm a kind")]
pub(super) fn why(kind: &StreamEvent, at: Time, before: &Snapshot) -> String {
    use StreamEvent as S;
    let state = before.stream.as_deref();
    let profile = state.map(|state| state.plan.profile).unwrap_or_default();
    match kind {
        S::JobStarted { plan } => format!(
            "The scenario asks for {}, by the rules of {}. Each element goes through all of them \
             one by one, as it comes.",
            Counted(plan.operators.len() as u64, "operator"),
            profile_name(plan.profile)
        ),
        S::RecordAppended { offset, event_time, clock, .. } => format!(
            "It happened at {} and arrived at {}, {} later. It is appended behind all that came \
             before, at offset {}, whatever its event time.",
            Clock(*event_time),
            Clock(*clock),
            Length(clock.saturating_sub(*event_time)),
            Count(*offset)
        ),
        S::RecordRead { offset, .. } => format!(
            "A source reads each partition in the order of its offsets: {} comes next.",
            Count(*offset)
        ),
        S::ElementMapped { .. } => "A map is asked of each element by itself.".to_owned(),
        S::ElementFiltered { value, .. } => {
            format!("A filter lets through what fits its condition, and {value} does not.")
        }
        S::WatermarkAdvanced { to, held_by, subtask, .. } => {
            advanced(state, *to, *held_by, *subtask)
        }
        S::InputAdvanced { input: Input::Partition(_), to, .. } => format!(
            "The partition's watermark says that nothing at or before {} is expected any more.",
            Mark(*to)
        ),
        S::InputAdvanced { input: Input::Channel(_), to, .. } => format!(
            "A watermark travels in line with the elements, so that all that was sent before it is \
             here; it says {}.",
            Mark(*to)
        ),
        S::InputIdle { silent, .. } => {
            let since = silent.map_or(String::new(), |silent| {
                format!(" It was silent for longer than {}.", Exactly(silent))
            });
            format!(
                "The combined watermark leaves idle inputs out, so that they hold nothing back.{since}"
            )
        }
        S::InputActive { .. } => "Something came from it again. It counts once its watermark has \
                                  reached the combined one, which never goes back."
            .to_owned(),
        S::PartitionPaused { watermark, slowest, drift, .. } => format!(
            "Its watermark {} is beyond the slowest, {}, by more than the allowed drift of {}.",
            Mark(*watermark),
            Mark(*slowest),
            Exactly(*drift)
        ),
        S::PartitionResumed { watermark, slowest, drift, .. } => format!(
            "Its watermark {} is within {} of the slowest again, {}.",
            Mark(*watermark),
            Exactly(*drift),
            Mark(*slowest)
        ),
        S::NeverArrived { partition, .. } => format!(
            "The producers of partition {} were silenced and did not speak again before the input ended. What they \
             hold is in no window, and not in the batch that the windows are compared with.",
            partition.index
        ),
        S::Sent { latency, to, .. } => sent(state, *to, &latency.to_string()),
        S::WindowsAssigned { subtask, event_time, windows, .. } => {
            let clock = state.map(|state| state.clock(at));
            windows::assigned(state, *subtask, (*event_time, clock), windows)
        }
        S::WindowsMerged { into, .. } => windows::merged(profile, *into),
        S::TimerSet { domain, time, window, .. } => {
            windows::timer_set(profile, *domain, *time, *window)
        }
        S::TimerFired { domain, time, clock, .. } => {
            windows::timer_fired(profile, *domain, *time, *clock)
        }
        S::PaneFired { why, timing, elements, fresh, retracts, .. } => {
            windows::fired(profile, *why, *timing, (*elements, *fresh), retracts.len())
        }
        S::RecordDropped { why, event_time, .. } => windows::dropped(profile, *why, *event_time),
        S::LateOutput { event_time, allowed_lateness, watermark, .. } => format!(
            "All of its windows were skipped, and event time {} + lateness {} ≤ watermark {}. So it \
             goes to the side output for late data instead of vanishing.",
            Clock(*event_time),
            Exactly(*allowed_lateness),
            Mark(*watermark)
        ),
        S::WindowForgotten { unseen, .. } => format!(
            "Nothing can come into it any more, so its state is freed. {} in it had been in no pane.",
            Counted(*unseen, "element")
        ),
        S::Joined { .. } => "Both have the same key, and their times are near enough for the \
                             join's bounds."
            .to_owned(),
        S::Emitted { event_time, .. } => format!(
            "Its timer was set when the key spoke last, and nothing came until {}.",
            Clock(*event_time)
        ),
        S::StateChanged { .. } => "State grows with keys, open windows and timers, and not with \
                                   the elements that have passed."
            .to_owned(),
        S::SinkReceived { retraction: false, .. } => {
            "The result went through all operators behind its own.".to_owned()
        }
        S::SinkReceived { retraction: true, .. } => {
            "What was said before is counted negatively, so that what follows can take its place."
                .to_owned()
        }
        S::JobFinished { windows, equal, ledger, .. } => format!(
            "All records are read and nothing is on its way. The same records in batch make {}, and \
             in {} stream and batch agree; {} were dropped.",
            Counted(*windows, "window"),
            Count(*equal),
            Counted(ledger.dropped, "element")
        ),
        S::OracleDiffers { batch, stream, elements, .. } => {
            let met = |fate: Fate| elements.iter().filter(|(_, found)| *found == fate).count();
            format!(
                "Batch, which sees all records at once, says {batch}; the stream's last word is \
                 {stream}. Of its elements {} were dropped, {} are pending and {} were never in a pane.",
                met(Fate::Dropped),
                met(Fate::Pending),
                met(Fate::Unseen)
            )
        }
    }
}

fn profile_name(profile: Profile) -> &'static str {
    match profile {
        Profile::Flink => "Flink",
        Profile::BeamJava => "Beam (Java)",
        Profile::BeamPython => "Beam (Python)",
        Profile::KafkaStreams => "Kafka Streams",
        Profile::Spark => "Spark",
    }
}

/// A combined watermark is the least of those that count.
fn advanced(
    state: Option<&StreamState>,
    to: Millis,
    held_by: Option<Input>,
    subtask: Subtask,
) -> String {
    if state.is_some_and(|state| state.plan.profile == Profile::KafkaStreams) && held_by.is_none() {
        return format!(
            "A record of {} came here. Stream time is the greatest time of a record so far, that of this one included; \
             nothing else moves it, not even the end of the input.",
            Mark(to)
        );
    }
    if to == Millis::MAX {
        return "The input has ended: nothing is expected any more, so the watermark is at +∞."
            .to_owned();
    }
    let inputs = state.and_then(|state| state.subtask(subtask)).map_or(0, |of| of.inputs.len());
    match held_by {
        Some(input) if inputs > 1 => format!(
            "It is the least of its {inputs} inputs' that are not idle: {} stands at {}.",
            input_name(state, input),
            Mark(to)
        ),
        Some(input) => {
            format!("Its only input, {}, stands at {}.", input_name(state, input), Mark(to))
        }
        None => format!("Its watermark generator says {}.", Mark(to)),
    }
}

fn input_name(state: Option<&StreamState>, input: Input) -> String {
    match input {
        Input::Partition(index) => format!("partition {index}"),
        Input::Channel(from) => subtask_name(state.map(|state| &*state.plan), from),
    }
}

fn sent(state: Option<&StreamState>, to: Subtask, latency: &str) -> String {
    let operator = state.and_then(|state| state.operator(to.operator));
    let edge = state.and_then(|state| state.plan.edges.iter().find(|edge| edge.to == to.operator));
    let of = operator.map_or(1, |operator| operator.parallelism);
    match edge.filter(|edge| edge.keyed && of > 1) {
        Some(_) => format!(
            "The key's group, murmur(hashCode) % 128, times {of} / 128 is {}: the subtask that owns \
             the key. It takes {latency}.",
            to.index
        ),
        None => format!("It is handed on to the next operator, which takes {latency}."),
    }
}

pub(super) fn domain_name(domain: TimeDomain) -> &'static str {
    match domain {
        TimeDomain::Event => "the watermark",
        TimeDomain::Processing => "the clock",
    }
}
