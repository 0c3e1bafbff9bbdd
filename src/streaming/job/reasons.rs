//! Why a window fired: the rule, from what was asked of it and where it stands.

use super::machine::Item;
use super::spec::{Part, TriggerSpec};
use super::windowed::Windowed;
use crate::base::{Millis, Window};
use crate::streaming::aggregate::Bag;
use crate::streaming::output::{Pane, Timing};
use crate::streaming::timers::TimeDomain;
use crate::trace::stream::{FireReason, Profile, WindowKind};

/// What was asked of a machine when it fired.
#[derive(Clone, Copy, Debug)]
pub(super) enum Asked {
    /// To take an element.
    Element { stream_time: Millis },
    /// To see a new watermark; the key's first timer was for `due`.
    Watermark { due: Millis },
    /// To see the clock.
    Clock { due: Millis },
    /// To run a batch.
    Batch,
    /// To see that time has passed by another key's record.
    StreamTime { stream_time: Millis },
}

/// The rule by which this pane came.
pub(super) fn reason(
    of: &Windowed,
    asked: Asked,
    pane: &Pane<Bag<Item>>,
    fresh: u64,
    now: Millis,
) -> FireReason {
    let watermark = of.watermark();
    let (window, max_timestamp) = (pane.window, pane.window.max_timestamp());
    let allowed_lateness_ms = of.spec.allowed_lateness_ms;
    match (of.profile, asked) {
        (
            Profile::KafkaStreams,
            Asked::Element { stream_time } | Asked::StreamTime { stream_time },
        ) => match pane.info.last {
            true => last_word(of, window, stream_time),
            false => FireReason::Changed { watermark: stream_time },
        },
        (_, Asked::StreamTime { stream_time }) => FireReason::Changed { watermark: stream_time },
        (_, Asked::Batch) => match pane.info.timing {
            Timing::OnTime => FireReason::EndReached { max_timestamp, watermark },
            Timing::Early | Timing::Late => FireReason::Changed { watermark },
        },
        (_, Asked::Clock { due }) => FireReason::Clock { timer: due, clock: now },
        (_, Asked::Element { .. }) if has_ended(of, window) => {
            FireReason::LateElement { max_timestamp, allowed_lateness_ms, watermark }
        }
        (_, Asked::Element { .. }) => {
            FireReason::Count { elements: fresh, needed: needed(of).unwrap_or(fresh) }
        }
        (_, Asked::Watermark { due }) => {
            let is_closing = pane.info.timing == Timing::Late || !waits_for_the_end(of);
            match pane.info.timing {
                Timing::Early => FireReason::EventTimer { timer: due, watermark },
                Timing::OnTime | Timing::Late if is_closing => {
                    FireReason::Closing { max_timestamp, allowed_lateness_ms, watermark }
                }
                Timing::OnTime | Timing::Late => {
                    FireReason::EndReached { max_timestamp, watermark }
                }
            }
        }
    }
}

/// Kafka's last word, by the end that it compares: windows include theirs, sessions and sliding windows end with
/// their last millisecond, and a session is open for its gap beyond the grace.
fn last_word(of: &Windowed, window: Window, stream_time: Millis) -> FireReason {
    let grace = of.spec.allowed_lateness_ms;
    let (end, grace) = match of.spec.kind {
        WindowKind::Session { gap } => (window.max_timestamp(), grace.saturating_add(gap)),
        WindowKind::Around { .. } => (window.max_timestamp(), grace),
        WindowKind::Tumbling { .. }
        | WindowKind::Sliding { .. }
        | WindowKind::Global
        | WindowKind::Count { .. } => (window.end, grace),
    };
    FireReason::Final { end, stream_time, grace }
}

fn has_ended(of: &Windowed, window: Window) -> bool {
    let (end, watermark) = (window.max_timestamp(), of.watermark());
    of.domain == TimeDomain::Event
        && match of.profile {
            Profile::Flink => end <= watermark,
            Profile::BeamJava | Profile::BeamPython | Profile::KafkaStreams | Profile::Spark => {
                end < watermark
            }
        }
}

fn waits_for_the_end(of: &Windowed) -> bool {
    match &of.spec.trigger {
        TriggerSpec::Watermark { .. } | TriggerSpec::EventTimeInterval(_) => true,
        TriggerSpec::Beam(own) => own.waits_for_the_end(),
        TriggerSpec::Flink(own) => own.waits_for_the_end(),
        TriggerSpec::Count(_)
        | TriggerSpec::Delay(_)
        | TriggerSpec::AlignedDelay(_)
        | TriggerSpec::Never => false,
    }
}

/// How many elements a count trigger waits for before the end.
fn needed(of: &Windowed) -> Option<u64> {
    if let WindowKind::Count { size, slide } = of.spec.kind {
        return Some(slide.unwrap_or(size));
    }
    match &of.spec.trigger {
        TriggerSpec::Count(n) | TriggerSpec::Watermark { early: Part::Count(n), .. } => Some(*n),
        TriggerSpec::Beam(own) => own.only_count(),
        TriggerSpec::Flink(own) => own.only_count(),
        TriggerSpec::Watermark { .. }
        | TriggerSpec::Delay(_)
        | TriggerSpec::AlignedDelay(_)
        | TriggerSpec::EventTimeInterval(_)
        | TriggerSpec::Never => None,
    }
}
