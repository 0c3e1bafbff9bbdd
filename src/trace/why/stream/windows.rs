//! Why windows take, merge, fire, drop and forget: the predicates of each system.

use super::domain_name;
use crate::base::format::{Clock, Count, Counted, Exactly, Length, Mark};
use crate::base::{Millis, Window};
use crate::trace::snapshot::stream::StreamState;
use crate::trace::stream::{
    DropReason, FireReason, Profile, Subtask, TimeDomain, Timing, WindowKind,
};

pub(super) fn assigned(
    state: Option<&StreamState>,
    subtask: Subtask,
    (event_time, clock): (Millis, Option<Millis>),
    windows: &[Window],
) -> String {
    let operator = state.and_then(|state| state.operator(subtask.operator));
    let plan = operator.and_then(|operator| operator.window.as_ref());
    let (kind, first) = (plan.map(|plan| plan.kind), windows.first().copied());
    // The time that is asked: the element's own, or the machine's as it comes.
    let by_clock = plan.is_some_and(|plan| plan.time == TimeDomain::Processing);
    let (at, time) = match clock.filter(|_| by_clock) {
        Some(clock) => (clock, "clock"),
        None => (event_time, "time"),
    };
    match (kind, first) {
        (_, None) => "Between windows with gaps there is a time that is in none.".to_owned(),
        (Some(WindowKind::Tumbling { size, offset }), Some(window)) => format!(
            "start = {time} − ({time} − offset) mod size = {} − ({} − {}) mod {} = {} − {} = {}.",
            Clock(at),
            Clock(at),
            Exactly(offset),
            Exactly(size),
            Clock(at),
            Exactly(at.saturating_sub(window.start)),
            Clock(window.start)
        ),
        (Some(WindowKind::Sliding { size, slide, .. }), Some(_)) => format!(
            "Windows of {} begin each {}, so that each moment is in {}.",
            Length(size),
            Length(slide),
            Counted(windows.len() as u64, "window")
        ),
        (Some(WindowKind::Around { difference }), Some(_)) => format!(
            "Each record ends a window of {}, both ends included, and begins one behind it once another \
             record is in that. These are the ones that it is in now.",
            Length(difference)
        ),
        (Some(WindowKind::Session { gap }), Some(window)) => format!(
            "A session of its own at first, from its {time} to its {time} + gap: [{}, {} + {}).",
            Clock(window.start),
            Clock(at),
            Exactly(gap)
        ),
        (Some(WindowKind::Global | WindowKind::Count { .. }) | None, Some(_)) => {
            "Its time, or its place among those that came, says which windows it is in.".to_owned()
        }
    }
}

pub(super) fn merged(profile: Profile, into: Window) -> String {
    let rule = match profile {
        Profile::Flink | Profile::Spark => {
            "Sessions that overlap or touch merge: exactly the gap apart is one session"
        }
        Profile::BeamJava | Profile::BeamPython => {
            "Sessions that overlap merge: exactly the gap apart is two sessions"
        }
        Profile::KafkaStreams => "Sessions within the gap of each other merge, both ends included",
    };
    format!("{rule}. Now it is [{}, {}).", Clock(into.start), Clock(into.end))
}

pub(super) fn timer_set(
    profile: Profile,
    domain: TimeDomain,
    time: Millis,
    window: Option<Window>,
) -> String {
    let end = window.filter(|window| window.max_timestamp() == time);
    let what = if end.is_some() { ", the last millisecond of its window" } else { "" };
    let comes = if compared(profile, domain) == "<" { "is past" } else { "reaches" };
    format!("It is due when {} {comes} {}{what}.", domain_name(domain), Clock(time))
}

pub(super) fn timer_fired(
    profile: Profile,
    domain: TimeDomain,
    time: Millis,
    clock: Millis,
) -> String {
    let (sign, time) = (compared(profile, domain), Clock(time));
    match domain {
        TimeDomain::Event => format!("Timer {time} {sign} watermark {}.", Mark(clock)),
        TimeDomain::Processing => format!("Timer {time} {sign} clock {}.", Clock(clock)),
    }
}

/// How a timer is compared with its clock when it fires. Beam's Java fires what lies before the clock; Flink lets a timer
/// of the machine's clock go a millisecond after its time, so that no element of that millisecond is missed.
fn compared(profile: Profile, domain: TimeDomain) -> &'static str {
    match (profile, domain) {
        (Profile::BeamJava, _) | (Profile::Flink, TimeDomain::Processing) => "<",
        (Profile::Flink, TimeDomain::Event)
        | (Profile::BeamPython | Profile::KafkaStreams | Profile::Spark, _) => "≤",
    }
}

pub(super) fn fired(
    profile: Profile,
    why: FireReason,
    timing: Timing,
    (elements, fresh): (u64, u64),
    retracts: usize,
) -> String {
    let rule = rule(profile, why);
    let of = format!("It holds {}, {} of them new", Counted(elements, "element"), Count(fresh));
    let of = match retracts {
        0 => of,
        number => format!("{of}, and takes back {}", Counted(number as u64, "pane")),
    };
    match timing {
        Timing::Late => {
            let since = match profile {
                Profile::BeamJava | Profile::BeamPython => "an on-time pane can come but once",
                Profile::Flink | Profile::KafkaStreams | Profile::Spark => {
                    "the watermark had passed the end of its window"
                }
            };
            format!("{rule}. {of}; it is late, since {since}.")
        }
        Timing::Early | Timing::OnTime => format!("{rule}. {of}."),
    }
}

/// What made a window fire, under these rules, without a full stop.
pub fn fire_rule(profile: Profile, why: FireReason) -> String {
    rule(profile, why)
}

/// Why an element was taken into this window or not, under these rules: the predicate with its numbers,
/// without a full stop. `watermark` is Kafka's stream time.
pub fn judged_rule(
    profile: Profile,
    window: Window,
    allowed_lateness_ms: Millis,
    watermark: Millis,
    dropped: Option<DropReason>,
) -> String {
    if let Some(why) = dropped {
        let said = self::dropped(profile, why, window.start);
        let said = said.trim_end_matches('.').trim_end_matches(", so it was dropped");
        return said.to_owned();
    }
    if watermark == Millis::MIN {
        return "no watermark had come yet".to_owned();
    }
    let (last, end) = (Clock(window.max_timestamp()), Clock(window.end));
    let (late, mark) = (Exactly(allowed_lateness_ms), Mark(watermark));
    match profile {
        Profile::Flink => format!("end {last} + lateness {late} > watermark {mark}"),
        Profile::BeamJava => format!("end {last} + lateness {late} ≥ watermark {mark}"),
        Profile::BeamPython => format!("end {end} + lateness {late} ≥ watermark {mark}"),
        Profile::Spark => format!("end {end} > watermark {mark} of its batch"),
        Profile::KafkaStreams => format!("end {end} > stream time {mark} − grace {late}"),
    }
}

fn rule(profile: Profile, why: FireReason) -> String {
    match why {
        FireReason::EndReached { max_timestamp, watermark } => {
            let (last, mark) = (Clock(max_timestamp), Mark(watermark));
            match profile {
                Profile::Flink => format!("Last millisecond {last} ≤ watermark {mark}"),
                Profile::BeamJava => format!("Last millisecond {last} < watermark {mark}"),
                Profile::BeamPython | Profile::KafkaStreams | Profile::Spark => {
                    format!("End {} ≤ watermark {mark}", Clock(max_timestamp.saturating_add(1)))
                }
            }
        }
        FireReason::LateElement { max_timestamp, allowed_lateness_ms, watermark } => late_element(
            profile,
            (Clock(max_timestamp), Clock(max_timestamp.saturating_add(1))),
            Exactly(allowed_lateness_ms),
            Mark(watermark),
        ),
        FireReason::Count { elements, needed } => {
            format!("{} since the last pane ≥ {}", Counted(elements, "element"), Count(needed))
        }
        FireReason::Clock { timer, clock } => {
            let sign = compared(profile, TimeDomain::Processing);
            format!("Timer {} {sign} clock {}", Clock(timer), Clock(clock))
        }
        FireReason::EventTimer { timer, watermark } => {
            let sign = compared(profile, TimeDomain::Event);
            format!("Timer {} {sign} watermark {}", Clock(timer), Mark(watermark))
        }
        FireReason::Closing { max_timestamp, allowed_lateness_ms, watermark } => format!(
            "The window's life ends: {} + lateness {} < watermark {}, and what no pane had comes out \
             once more",
            Clock(max_timestamp),
            Exactly(allowed_lateness_ms),
            Mark(watermark)
        ),
        FireReason::Changed { .. } => match profile {
            Profile::Spark => {
                "The batch changed it, and update and complete modes say so".to_owned()
            }
            Profile::Flink | Profile::BeamJava | Profile::BeamPython | Profile::KafkaStreams => {
                "Each change of a window is said at once".to_owned()
            }
        },
        FireReason::Final { end, stream_time, grace } => format!(
            "End {} ≤ stream time {} − grace {}",
            Clock(end),
            Mark(stream_time),
            Exactly(grace)
        ),
        FireReason::Merged => "The merge made its trigger ready".to_owned(),
    }
}

/// Between the end of a window and that of its lateness, with the bounds as each system has them: Flink fires when the
/// watermark is at the last millisecond and drops when it is beyond that by the lateness.
fn late_element(
    profile: Profile,
    (last, end): (Clock, Clock),
    late: Exactly,
    mark: Mark,
) -> String {
    let came = "An element came late";
    match profile {
        Profile::Flink => {
            format!("{came}: end {last} ≤ watermark {mark} < end {last} + lateness {late}")
        }
        Profile::BeamJava => {
            format!("{came}: end {last} < watermark {mark} ≤ end {last} + lateness {late}")
        }
        Profile::BeamPython => {
            format!("{came}: end {end} ≤ watermark {mark} ≤ end {end} + lateness {late}")
        }
        Profile::KafkaStreams | Profile::Spark => format!("{came}: end {end} ≤ watermark {mark}"),
    }
}

pub(super) fn dropped(profile: Profile, why: DropReason, at: Millis) -> String {
    match why {
        DropReason::Expired { max_timestamp, allowed_lateness_ms, watermark } => {
            let (last, end) = (Clock(max_timestamp), Clock(max_timestamp.saturating_add(1)));
            let (late, mark) = (Exactly(allowed_lateness_ms), Mark(watermark));
            match profile {
                Profile::Flink => {
                    format!("end {last} + lateness {late} ≤ watermark {mark}, so it was dropped.")
                }
                Profile::BeamJava => {
                    format!("end {last} + lateness {late} < watermark {mark}, so it was dropped.")
                }
                Profile::BeamPython => {
                    format!("end {end} + lateness {late} < watermark {mark}, so it was dropped.")
                }
                Profile::Spark => {
                    format!("end {end} ≤ watermark {mark} of this batch, so it was dropped.")
                }
                Profile::KafkaStreams => {
                    format!("end {end} ≤ stream time {mark} − grace {late}, so it was dropped.")
                }
            }
        }
        DropReason::Closed => {
            "The window's trigger had finished for good: what comes afterwards is \
                               lost, however early it is."
                .to_owned()
        }
        DropReason::InNoWindow => {
            format!("Time {} lies in the gap between two windows.", Clock(at))
        }
        DropReason::Duplicate { remembered_until } => format!(
            "An element like it has been seen, and is remembered until the watermark reaches {}.",
            Clock(remembered_until)
        ),
        DropReason::Behind { watermark } => {
            format!("time {} < watermark {}, so it was dropped.", Clock(at), Mark(watermark))
        }
    }
}
