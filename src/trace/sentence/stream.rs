//! What happened in a stream job, in one sentence.

use super::counted;
use crate::base::format::{Clock, Length, Mark};
use crate::base::{Millis, Window};
use crate::trace::stream::{
    Content, DropReason, Input, JobPlan, OperatorId, Sent, StreamEvent, Subtask, TimeDomain,
    Timing, Verdict, operator_name, subtask_name,
};

/// So many letters of a key are told in a sentence.
const KEY_LETTERS_MAX: usize = 24;

#[expect(clippy::too_many_lines, reason = "a closed enum, one arm a kind")]
pub(super) fn stream(kind: &StreamEvent, plan: Option<&JobPlan>) -> String {
    use StreamEvent as S;
    let part = |subtask: Subtask| subtask_name(plan, subtask);
    let of_input = |input: Input| match input {
        Input::Partition(index) => format!("partition {index}"),
        Input::Channel(from) => part(from),
    };
    match kind {
        S::JobStarted { plan } => format!(
            "the stream job starts: {}, {} to come.",
            counted(plan.operators.len() as u64, "operator"),
            counted(plan.records, "record")
        ),
        S::RecordAppended { record, partition, offset, key, event_time, .. } => format!(
            "record {record} of {} arrives in partition {} at offset {offset}, happened {}.",
            name(key),
            partition.index,
            Clock(*event_time)
        ),
        S::RecordRead { record, subtask, partition, .. } => {
            format!("{} reads record {record} from partition {partition}.", part(*subtask))
        }
        S::ElementMapped { element, subtask, key, value, .. } => {
            format!("{} makes of {element} {value} of {}.", part(*subtask), name(key))
        }
        S::ElementFiltered { element, subtask, value, .. } => {
            format!("{} leaves out {element}, whose value is {value}.", part(*subtask))
        }
        S::WatermarkAdvanced { subtask, to, .. } => {
            let mark = plan.map_or("watermark", |plan| plan.profile.mark_name());
            format!("the {mark} of {} advances to {}.", part(*subtask), Mark(*to))
        }
        S::InputAdvanced { subtask, input, to, .. } => {
            format!("{} hears watermark {} from {}.", part(*subtask), Mark(*to), of_input(*input))
        }
        S::InputIdle { subtask, input, .. } => {
            format!("{} is idle; {} no longer waits for it.", of_input(*input), part(*subtask))
        }
        S::InputActive { subtask, input } => {
            format!("{} is active again at {}.", of_input(*input), part(*subtask))
        }
        S::PartitionPaused { subtask, partition, watermark, slowest, .. } => format!(
            "{} pauses partition {partition}, {} ahead of the slowest.",
            part(*subtask),
            Length(watermark.saturating_sub(*slowest))
        ),
        S::PartitionResumed { subtask, partition, .. } => {
            format!("{} goes on reading partition {partition}.", part(*subtask))
        }
        S::NeverArrived { partition, records } => format!(
            "{} of partition {} never arrived: it was silent till the end.",
            counted(*records, "record"),
            partition.index
        ),
        S::Sent { from, to, what, .. } => {
            format!("{} sends {} to {}.", part(*from), sent(*what), part(*to))
        }
        S::WindowsAssigned { element, key, windows, .. } => match &windows[..] {
            [] => format!("{element} of {} belongs to no window.", name(key)),
            [window] => format!("{element} of {} goes into {}.", name(key), of(*window)),
            several => format!("{element} of {} goes into {} windows.", name(key), several.len()),
        },
        S::WindowsMerged { key, from, into, .. } => merged(key, from, *into),
        S::TimerSet { key, time, .. } => {
            format!("a timer is set at {} for {}.", Clock(*time), name(key))
        }
        S::TimerFired { key, time, .. } => {
            format!("the timer at {} fires for {}.", Clock(*time), name(key))
        }
        S::PaneFired { subtask, key, window, timing, content, .. } => {
            let (at, by_clock) = whose(plan, subtask.operator);
            let (window, key) = (of(*window), name(key));
            let says = short(content);
            // Windows of the clock know no watermark, so that none of their panes is early, on time or late.
            if by_clock {
                return format!("{window} of {key}{at} fires by the clock: {says}.");
            }
            let timing = match timing {
                Timing::Early => "an early pane",
                Timing::OnTime => "its on-time pane",
                Timing::Late => "a late pane",
            };
            format!("{window} of {key}{at} fires {timing}: {says}.")
        }
        S::RecordDropped {
            element, key, window: Some(window), why: DropReason::Closed, ..
        } => {
            format!(
                "{element} of {} finds the trigger of {} finished: dropped.",
                name(key),
                of(*window)
            )
        }
        S::RecordDropped { element, key, window, .. } => match window {
            Some(window) => {
                format!("{element} of {} is too late for {}: dropped.", name(key), of(*window))
            }
            None => format!("{element} of {} is dropped.", name(key)),
        },
        S::LateOutput { element, key, .. } => {
            format!("{element} of {} goes to the late output.", name(key))
        }
        S::WindowForgotten { key, window, .. } => {
            format!("{} of {} is forgotten.", of(*window), name(key))
        }
        S::Joined { left, right, key, value, .. } => {
            format!("{left} and {right} of {} are joined: {value}.", name(key))
        }
        S::Emitted { key, value, .. } => format!("{} falls silent after {value}.", name(key)),
        S::StateChanged { subtask, keys, windows, timers } => format!(
            "{} keeps {}, {}, {}.",
            part(*subtask),
            counted(*keys, "key"),
            counted(*windows, "window"),
            counted(*timers, "timer")
        ),
        S::SinkReceived { key, content, retraction: false, .. } => {
            format!("the sink receives {} for {}.", short(content), name(key))
        }
        S::SinkReceived { key, content, retraction: true, .. } => {
            format!("the sink takes back {} for {}.", short(content), name(key))
        }
        S::JobFinished { windows, equal, .. } => format!(
            "the stream job is done: {equal} of {} as in batch.",
            counted(*windows, "window")
        ),
        S::OracleDiffers { key, window, verdict, .. } => {
            let verdict = match verdict {
                Verdict::Missing => "is missing",
                Verdict::Different => "differs from batch",
                Verdict::Extra => "is not in batch",
                Verdict::Double => "is counted double",
            };
            format!("{} of {} {verdict}.", of(*window), name(key))
        }
    }
}

/// Where windows are, if several operators have some: ` at “clock windows”`; and whether they go by the clock.
fn whose(plan: Option<&JobPlan>, id: OperatorId) -> (String, bool) {
    let Some(plan) = plan else { return (String::new(), false) };
    let several = plan.operators.iter().filter(|of| of.window.is_some()).count() > 1;
    let at = if several { format!(" at {}", operator_name(Some(plan), id)) } else { String::new() };
    let window = plan.operator(id).and_then(|of| of.window.as_ref());
    (at, window.is_some_and(|window| window.time == TimeDomain::Processing))
}

/// Windows that became one; of one alone, that it is longer now.
fn merged(key: &str, from: &[Window], into: Window) -> String {
    match from {
        [] => format!("{} of {} opens by a merge.", of(into), name(key)),
        [one] if *one == into => format!("{} of {} takes in one more.", of(into), name(key)),
        [one] => format!("{} of {} grows into {}.", of(*one), name(key), short_of(into)),
        several => {
            let number = counted(several.len() as u64, "window");
            format!("{number} of {} merge into {}.", name(key), of(into))
        }
    }
}

/// The same without its first word.
fn short_of(window: Window) -> String {
    of(window).trim_start_matches("window ").to_owned()
}

fn sent(what: Sent) -> String {
    match what {
        Sent::Element(element) => element.to_string(),
        Sent::Retraction(element) => format!("{element} to take back"),
        Sent::Watermark(to) => format!("watermark {}", Mark(to)),
        Sent::Idle => "that it is idle".to_owned(),
        Sent::Active => "that it is active".to_owned(),
        Sent::BatchEnd(to) => format!("a batch's end, watermark {},", Mark(to)),
    }
}

/// `window 12:00:00–12:02:00`.
pub(in crate::trace) fn of(window: Window) -> String {
    if window == Window::GLOBAL {
        return "the global window".to_owned();
    }
    let end: Millis = window.end;
    format!("window {}–{}", Clock(window.start), Clock(end))
}

/// A key in one word, not too long.
pub(in crate::trace) fn name(key: &str) -> String {
    let word: String = key
        .chars()
        .map(|letter| if letter.is_whitespace() { '_' } else { letter })
        .take(KEY_LETTERS_MAX)
        .collect();
    if word.is_empty() { "no-key".to_owned() } else { word }
}

/// Contents in one word or two.
pub(in crate::trace) fn short(content: &Content) -> String {
    match content {
        Content::Number(amount) => amount.to_string(),
        Content::Top(list) => match list.first() {
            Some((amount, _)) => format!("{amount} first"),
            None => "nothing".to_owned(),
        },
        Content::Pairs(list) => counted(list.len() as u64, "pair").to_string(),
        Content::Nothing => "nothing".to_owned(),
    }
}
