//! A trigger of the reader's own: a tree of the triggers that Beam has, or one of Flink's.
//!
//! ```json
//! {"after_watermark": {"early": {"repeatedly": {"after_first": [
//!     {"after_count": {"n": 100}}, {"after_processing_time": {"delay_ms": 60000}}]}}}}
//! ```

use super::table::Key;
use serde::{Deserialize, Serialize};

/// When windows fire, by the names of the real systems' triggers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Trigger {
    /// Beam's `DefaultTrigger`: at the end of the window, then at each late element.
    Default,
    /// Beam's `AfterWatermark`: once at the end of the window; without `late` it finishes there.
    AfterWatermark {
        /// Again and again before the end: `withEarlyFirings`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        early: Option<Box<Trigger>>,
        /// Again and again after it: `withLateFirings`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        late: Option<Box<Trigger>>,
    },
    /// Beam's `AfterPane`: so many elements, then it finishes.
    AfterCount {
        /// How many elements.
        n: u64,
    },
    /// Beam's `AfterProcessingTime.pastFirstElementInPane`, then it finishes.
    AfterProcessingTime {
        /// How long after the first element of the pane: `plusDelayOf`.
        #[serde(default)]
        delay_ms: u64,
        /// Then on to the next multiple of this: `alignedTo`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        align_ms: Option<u64>,
        /// Where one of the multiples is.
        #[serde(default, skip_serializing_if = "is_zero")]
        align_offset_ms: u64,
    },
    /// Beam's `Repeatedly.forever`.
    Repeatedly(Box<Trigger>),
    /// Beam's `AfterFirst`, Python's `AfterAny`.
    #[serde(alias = "after_any")]
    AfterFirst(Vec<Trigger>),
    /// Beam's `AfterAll`.
    AfterAll(Vec<Trigger>),
    /// Beam's `AfterEach.inOrder`.
    AfterEach(Vec<Trigger>),
    /// Beam's `orFinally`.
    OrFinally {
        /// Fires as long as the other has not.
        main: Box<Trigger>,
        /// Fires, and finishes both.
        until: Box<Trigger>,
    },
    /// Never, in Beam as in Flink.
    Never,
    /// Flink's `EventTimeTrigger`.
    EventTime,
    /// Flink's `ProcessingTimeTrigger`.
    ProcessingTime,
    /// Flink's `CountTrigger`.
    Count {
        /// How many elements.
        n: u64,
    },
    /// Flink's `ContinuousEventTimeTrigger`.
    ContinuousEventTime {
        /// From one firing to the next.
        interval_ms: u64,
    },
    /// Flink's `ContinuousProcessingTimeTrigger`.
    ContinuousProcessingTime {
        /// From one firing to the next.
        interval_ms: u64,
    },
    /// Flink's `PurgingTrigger`: as the other, and empties the window when it fires.
    Purging(Box<Trigger>),
}

/// Whose trigger it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Owner {
    Beam,
    Flink,
    Both,
}

/// What is wrong with a part of a trigger: where it is below the whole, its value, and what is allowed.
pub(super) type Wrong = (String, String, String);

/// The most triggers in one another, and the most in all.
const DEEPEST: usize = 16;
const MOST: usize = 64;

fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Trigger {
    /// The longest time of the clock that it waits for, in milliseconds.
    pub fn longest_delay_ms(&self) -> u64 {
        let own = match self {
            Trigger::AfterProcessingTime { delay_ms, align_ms, .. } => {
                delay_ms.saturating_add(align_ms.unwrap_or(0))
            }
            Trigger::ContinuousProcessingTime { interval_ms } => *interval_ms,
            Trigger::Default
            | Trigger::AfterWatermark { .. }
            | Trigger::AfterCount { .. }
            | Trigger::Repeatedly(_)
            | Trigger::AfterFirst(_)
            | Trigger::AfterAll(_)
            | Trigger::AfterEach(_)
            | Trigger::OrFinally { .. }
            | Trigger::Never
            | Trigger::EventTime
            | Trigger::ProcessingTime
            | Trigger::Count { .. }
            | Trigger::ContinuousEventTime { .. }
            | Trigger::Purging(_) => 0,
        };
        self.parts().iter().map(|(_, part)| part.longest_delay_ms()).fold(own, u64::max)
    }

    /// Whether it waits for the machine's clock in a way that Flink's windows of event time do not go with.
    pub(super) fn is_of_flinks_clock(&self) -> bool {
        match self {
            Trigger::ProcessingTime | Trigger::ContinuousProcessingTime { .. } => true,
            Trigger::Purging(of) => of.is_of_flinks_clock(),
            Trigger::Default
            | Trigger::AfterWatermark { .. }
            | Trigger::AfterCount { .. }
            | Trigger::AfterProcessingTime { .. }
            | Trigger::Repeatedly(_)
            | Trigger::AfterFirst(_)
            | Trigger::AfterAll(_)
            | Trigger::AfterEach(_)
            | Trigger::OrFinally { .. }
            | Trigger::Never
            | Trigger::EventTime
            | Trigger::Count { .. }
            | Trigger::ContinuousEventTime { .. } => false,
        }
    }

    /// The interval of event time that it fires after, again and again.
    pub(super) fn event_time_interval_ms(&self) -> Option<u64> {
        match self {
            Trigger::ContinuousEventTime { interval_ms } => Some(*interval_ms),
            Trigger::Purging(of) => of.event_time_interval_ms(),
            Trigger::ProcessingTime
            | Trigger::ContinuousProcessingTime { .. }
            | Trigger::Default
            | Trigger::AfterWatermark { .. }
            | Trigger::AfterCount { .. }
            | Trigger::AfterProcessingTime { .. }
            | Trigger::Repeatedly(_)
            | Trigger::AfterFirst(_)
            | Trigger::AfterAll(_)
            | Trigger::AfterEach(_)
            | Trigger::OrFinally { .. }
            | Trigger::Never
            | Trigger::EventTime
            | Trigger::Count { .. } => None,
        }
    }

    /// What is wrong with it under the rules of a profile.
    pub(super) fn problems(&self, profile: &str) -> Vec<Wrong> {
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

    /// The triggers that it is made of, each with its place below this one.
    fn parts(&self) -> Vec<(String, &Trigger)> {
        match self {
            Trigger::AfterWatermark { early, late } => [(".early", early), (".late", late)]
                .into_iter()
                .filter_map(|(name, of)| Some((name.to_owned(), of.as_deref()?)))
                .collect(),
            Trigger::Repeatedly(of) | Trigger::Purging(of) => vec![(String::new(), of)],
            Trigger::AfterFirst(of) | Trigger::AfterAll(of) | Trigger::AfterEach(of) => {
                of.iter().enumerate().map(|(place, of)| (format!("[{place}]"), of)).collect()
            }
            Trigger::OrFinally { main, until } => {
                vec![(".main".to_owned(), main), (".until".to_owned(), until)]
            }
            Trigger::Default
            | Trigger::AfterCount { .. }
            | Trigger::AfterProcessingTime { .. }
            | Trigger::Never
            | Trigger::EventTime
            | Trigger::ProcessingTime
            | Trigger::Count { .. }
            | Trigger::ContinuousEventTime { .. }
            | Trigger::ContinuousProcessingTime { .. } => Vec::new(),
        }
    }

    const fn is_of_none(&self) -> bool {
        match self {
            Trigger::AfterFirst(of) | Trigger::AfterAll(of) | Trigger::AfterEach(of) => {
                of.is_empty()
            }
            Trigger::Default
            | Trigger::AfterWatermark { .. }
            | Trigger::AfterCount { .. }
            | Trigger::AfterProcessingTime { .. }
            | Trigger::Repeatedly(_)
            | Trigger::OrFinally { .. }
            | Trigger::Never
            | Trigger::EventTime
            | Trigger::ProcessingTime
            | Trigger::Count { .. }
            | Trigger::ContinuousEventTime { .. }
            | Trigger::ContinuousProcessingTime { .. }
            | Trigger::Purging(_) => false,
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Trigger {
        serde_json::from_str(json).unwrap()
    }

    fn told(profile: &str, json: &str) -> Vec<(String, String)> {
        read(json).problems(profile).into_iter().map(|(path, value, _)| (path, value)).collect()
    }

    #[test]
    fn what_is_written_is_read_again() {
        for json in [
            r#""default""#,
            r#"{"after_watermark":{"early":{"repeatedly":{"after_first":[{"after_count":{"n":3}},{"after_processing_time":{"delay_ms":5}}]}},"late":{"after_count":{"n":1}}}}"#,
            r#"{"or_finally":{"main":{"after_each":["default",{"after_all":["never"]}]},"until":{"after_processing_time":{"delay_ms":0,"align_ms":7,"align_offset_ms":2}}}}"#,
            r#"{"purging":{"continuous_event_time":{"interval_ms":4}}}"#,
        ] {
            assert_eq!(serde_json::to_string(&read(json)).unwrap(), json);
        }
        assert_eq!(read(r#"{"after_any": ["never"]}"#), read(r#"{"after_first": ["never"]}"#));
    }

    #[test]
    fn each_wrong_part_is_named_by_its_place() {
        let one = |path: &str, value: &str| vec![(path.to_owned(), value.to_owned())];
        assert_eq!(told("beam-java", r#"{"after_watermark": {}}"#), []);
        assert_eq!(
            told(
                "beam-java",
                r#"{"repeatedly": {"after_first": ["never", {"after_count": {"n": 0}}]}}"#
            ),
            one(".repeatedly.after_first[1].after_count.n", "0")
        );
        assert_eq!(
            told("beam-java", r#"{"after_watermark": {"late": {"count": {"n": 1}}}}"#),
            one(".after_watermark.late.count", "count")
        );
        assert_eq!(told("beam-python", r#"{"after_each": []}"#), one(".after_each", "[]"));
        assert_eq!(
            told("flink", r#"{"purging": {"repeatedly": "never"}}"#),
            one(".purging.repeatedly", "repeatedly")
        );
        assert_eq!(told("spark", r#""never""#), one(".never", "never"));
        assert_eq!(
            told("flink", r#"{"continuous_event_time": {"interval_ms": 0}}"#),
            one(".continuous_event_time.interval_ms", "0")
        );
        let years = format!(r#"{{"after_processing_time": {{"delay_ms": {}}}}}"#, u64::MAX);
        assert_eq!(told("beam-java", &years)[0].0, ".after_processing_time.delay_ms");
    }

    #[test]
    fn depth_and_number_are_bounded() {
        let nested = |depth: usize| {
            (0..depth).fold(Trigger::Never, |of, _| Trigger::Repeatedly(Box::new(of)))
        };
        assert_eq!(nested(16).problems("beam-java"), []);
        assert_eq!(nested(17).problems("beam-java").len(), 1);
        let wide = |parts: usize| Trigger::AfterAll(vec![Trigger::Never; parts]);
        assert_eq!(wide(63).problems("beam-java"), []);
        assert_eq!(wide(64).problems("beam-java")[0].1, "65 triggers");
    }

    #[test]
    fn the_longest_delay_is_found_in_the_depth() {
        let of = read(
            r#"{"or_finally": {"main": {"after_processing_time": {"delay_ms": 5, "align_ms": 7}},
                "until": {"after_processing_time": {"delay_ms": 9}}}}"#,
        );
        assert_eq!(of.longest_delay_ms(), 12);
    }
}
