//! What is wrong with a trigger, part by part.

use super::{Trigger, Wrong};
use crate::scenario::table::Key;

/// The most triggers in one another, and the most in all.
const DEEPEST: usize = 16;
const MOST: usize = 64;

/// Whose trigger it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Owner {
    Beam,
    Flink,
    Both,
}

impl Trigger {
    /// What is wrong with it under the rules of a profile.
    pub(in crate::scenario) fn problems(&self, profile: &str) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        if self.size() > MOST {
            let allowed = format!("at most {MOST} triggers in all");
            wrong.push((String::new(), format!("{} triggers", self.size()), allowed));
        }
        self.find_problems(&mut wrong, (profile, String::new(), 0));
        wrong
    }

    fn find_problems(&self, wrong: &mut Vec<Wrong>, (profile, path, depth): (&str, String, usize)) {
        let path = format!("{path}.{}", self.name());
        if depth > DEEPEST {
            let allowed = format!("at most {DEEPEST} triggers in one another");
            wrong.push((path, format!("{depth} deep"), allowed));
            return;
        }
        let fits = match self.owner() {
            Owner::Beam => profile.starts_with("beam"),
            Owner::Flink => profile == "flink",
            Owner::Both => profile == "flink" || profile.starts_with("beam"),
        };
        if !fits {
            let allowed = match profile {
                "flink" => {
                    "with profile = flink, one of event_time, processing_time, count, \
                            continuous_event_time, continuous_processing_time, purging, never"
                }
                "beam-java" | "beam-python" => {
                    "with Beam's profiles, one of default, after_watermark, after_count, \
                     after_processing_time, repeatedly, after_first, after_all, after_each, \
                     or_finally, never"
                }
                _ => "a trigger of one's own goes with profile = flink, beam-java or beam-python",
            };
            wrong.push((path.clone(), self.name().to_owned(), allowed.to_owned()));
        }
        for (field, value, key) in self.numbers() {
            if key.parameter().check(value).is_err() {
                let allowed = key.parameter().allowed();
                wrong.push((format!("{path}.{field}"), value.to_string(), allowed));
            }
        }
        if self.is_of_none() {
            wrong.push((path.clone(), "[]".to_owned(), "one trigger at least".to_owned()));
        }
        for (place, part) in self.parts() {
            part.find_problems(wrong, (profile, format!("{path}{place}"), depth + 1));
        }
    }

    /// Its numbers, each with the parameter whose range is its own.
    fn numbers(&self) -> Vec<(&'static str, u64, Key)> {
        match self {
            Trigger::AfterCount { n } | Trigger::Count { n } => vec![("n", *n, Key::TriggerCount)],
            Trigger::AfterProcessingTime { delay_ms, align_ms, align_offset_ms } => {
                let align = align_ms.map(|align| ("align_ms", align, Key::TriggerInterval));
                let offset = ("align_offset_ms", *align_offset_ms, Key::TriggerOffset);
                [("delay_ms", *delay_ms, Key::TriggerOffset), offset]
                    .into_iter()
                    .chain(align)
                    .collect()
            }
            Trigger::ContinuousEventTime { interval_ms }
            | Trigger::ContinuousProcessingTime { interval_ms } => {
                vec![("interval_ms", *interval_ms, Key::TriggerInterval)]
            }
            Trigger::Default
            | Trigger::AfterWatermark { .. }
            | Trigger::Repeatedly(_)
            | Trigger::AfterFirst(_)
            | Trigger::AfterAll(_)
            | Trigger::AfterEach(_)
            | Trigger::OrFinally { .. }
            | Trigger::Never
            | Trigger::EventTime
            | Trigger::ProcessingTime
            | Trigger::Purging(_) => Vec::new(),
        }
    }

    fn is_of_none(&self) -> bool {
        let (Trigger::AfterFirst(of) | Trigger::AfterAll(of) | Trigger::AfterEach(of)) = self
        else {
            return false;
        };
        of.is_empty()
    }

    fn size(&self) -> usize {
        1 + self.parts().iter().map(|(_, part)| part.size()).sum::<usize>()
    }

    /// As a scenario calls it.
    const fn name(&self) -> &'static str {
        match self {
            Trigger::Default => "default",
            Trigger::AfterWatermark { .. } => "after_watermark",
            Trigger::AfterCount { .. } => "after_count",
            Trigger::AfterProcessingTime { .. } => "after_processing_time",
            Trigger::Repeatedly(_) => "repeatedly",
            Trigger::AfterFirst(_) => "after_first",
            Trigger::AfterAll(_) => "after_all",
            Trigger::AfterEach(_) => "after_each",
            Trigger::OrFinally { .. } => "or_finally",
            Trigger::Never => "never",
            Trigger::EventTime => "event_time",
            Trigger::ProcessingTime => "processing_time",
            Trigger::Count { .. } => "count",
            Trigger::ContinuousEventTime { .. } => "continuous_event_time",
            Trigger::ContinuousProcessingTime { .. } => "continuous_processing_time",
            Trigger::Purging(_) => "purging",
        }
    }

    const fn owner(&self) -> Owner {
        match self {
            Trigger::Never => Owner::Both,
            Trigger::Default
            | Trigger::AfterWatermark { .. }
            | Trigger::AfterCount { .. }
            | Trigger::AfterProcessingTime { .. }
            | Trigger::Repeatedly(_)
            | Trigger::AfterFirst(_)
            | Trigger::AfterAll(_)
            | Trigger::AfterEach(_)
            | Trigger::OrFinally { .. } => Owner::Beam,
            Trigger::EventTime
            | Trigger::ProcessingTime
            | Trigger::Count { .. }
            | Trigger::ContinuousEventTime { .. }
            | Trigger::ContinuousProcessingTime { .. }
            | Trigger::Purging(_) => Owner::Flink,
        }
    }
}
