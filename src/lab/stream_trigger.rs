//! A scenario's own trigger as the engine has it.

use crate::base::Millis;
use crate::scenario::trigger::Trigger;
use crate::streaming::beam::{self, Alignment};
use crate::streaming::flink;
use crate::streaming::job::{TriggerSpec, WindowSpec};
use crate::trace::stream::{Accumulation, Profile};

/// The same windows by this trigger. What purges says only what is new, so that this is what the job is told
/// to do.
pub(super) fn triggered(spec: WindowSpec, trigger: &Trigger, profile: Profile) -> WindowSpec {
    match (profile, trigger) {
        (Profile::Flink, Trigger::Purging(of)) => {
            let accumulation = Accumulation::Discarding;
            triggered(WindowSpec { accumulation, ..spec }, of, profile)
        }
        (Profile::Flink, _) => {
            let trigger = TriggerSpec::Flink(Box::new(flink(trigger)));
            WindowSpec { trigger, ..spec }
        }
        (Profile::BeamJava | Profile::BeamPython | Profile::KafkaStreams | Profile::Spark, _) => {
            WindowSpec { trigger: TriggerSpec::Beam(Box::new(beam(trigger))), ..spec }
        }
    }
}

/// A valid trigger under Beam's rules; Flink's are none of these.
fn beam(trigger: &Trigger) -> beam::Trigger {
    let boxed = |of: &Trigger| Box::new(beam(of));
    let all = |of: &[Trigger]| of.iter().map(beam).collect();
    match trigger {
        Trigger::Default => beam::Trigger::Default,
        Trigger::AfterWatermark { early, late } => beam::Trigger::AfterWatermark {
            early: early.as_deref().map(boxed),
            late: late.as_deref().map(boxed),
        },
        Trigger::AfterCount { n } => beam::Trigger::AfterCount { n: *n },
        Trigger::AfterProcessingTime { delay_ms, align_ms, align_offset_ms } => {
            let offset_ms = millis(*align_offset_ms);
            let align = align_ms.map(|every| Alignment { every_ms: millis(every), offset_ms });
            beam::Trigger::AfterProcessingTime { delay_ms: millis(*delay_ms), align }
        }
        Trigger::Repeatedly(of) => beam::Trigger::Repeatedly(boxed(of)),
        Trigger::AfterFirst(of) => beam::Trigger::AfterAny(all(of)),
        Trigger::AfterAll(of) => beam::Trigger::AfterAll(all(of)),
        Trigger::AfterEach(of) => beam::Trigger::AfterEach(all(of)),
        Trigger::OrFinally { main, until } => {
            beam::Trigger::OrFinally { main: boxed(main), until: boxed(until) }
        }
        Trigger::Never
        | Trigger::EventTime
        | Trigger::ProcessingTime
        | Trigger::Count { .. }
        | Trigger::ContinuousEventTime { .. }
        | Trigger::ContinuousProcessingTime { .. }
        | Trigger::Purging(_) => beam::Trigger::Never,
    }
}

/// A valid trigger under Flink's rules; Beam's are none of these.
fn flink(trigger: &Trigger) -> flink::Trigger {
    match trigger {
        Trigger::EventTime => flink::Trigger::EventTime,
        Trigger::ProcessingTime => flink::Trigger::ProcessingTime,
        Trigger::Count { n } => flink::Trigger::Count { n: *n },
        Trigger::ContinuousEventTime { interval_ms } => {
            flink::Trigger::ContinuousEventTime { interval_ms: millis(*interval_ms) }
        }
        Trigger::ContinuousProcessingTime { interval_ms } => {
            flink::Trigger::ContinuousProcessingTime { interval_ms: millis(*interval_ms) }
        }
        Trigger::Purging(of) => flink::Trigger::Purging(Box::new(flink(of))),
        Trigger::Never
        | Trigger::Default
        | Trigger::AfterWatermark { .. }
        | Trigger::AfterCount { .. }
        | Trigger::AfterProcessingTime { .. }
        | Trigger::Repeatedly(_)
        | Trigger::AfterFirst(_)
        | Trigger::AfterAll(_)
        | Trigger::AfterEach(_)
        | Trigger::OrFinally { .. } => flink::Trigger::Never,
    }
}

fn millis(value: u64) -> Millis {
    Millis::try_from(value).unwrap_or(Millis::MAX)
}
