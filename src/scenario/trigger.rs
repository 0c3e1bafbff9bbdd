//! A trigger of the reader's own: a tree of the triggers that Beam has, or one of Flink's.
//!
//! ```json
//! {"after_watermark": {"early": {"repeatedly": {"after_first": [
//!     {"after_count": {"n": 100}}, {"after_processing_time": {"delay_ms": 60000}}]}}}}
//! ```

mod checks;

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

/// What is wrong with a part of a trigger: where it is below the whole, its value, and what is allowed.
pub(super) type Wrong = (String, String, String);

fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Trigger {
    /// The longest time of the clock that it waits for, in milliseconds.
    pub fn longest_delay_ms(&self) -> u64 {
        let own = if let Trigger::AfterProcessingTime { delay_ms, align_ms, .. } = self {
            delay_ms.saturating_add(align_ms.unwrap_or(0))
        } else if let Trigger::ContinuousProcessingTime { interval_ms } = self {
            *interval_ms
        } else {
            0
        };
        self.parts().iter().map(|(_, part)| part.longest_delay_ms()).fold(own, u64::max)
    }

    /// Whether it waits for the machine's clock in a way that Flink's windows of event time do not go with.
    pub(super) fn is_of_flinks_clock(&self) -> bool {
        let of = self.purged();
        matches!(of, Trigger::ProcessingTime | Trigger::ContinuousProcessingTime { .. })
    }

    /// The interval of event time that it fires after, again and again.
    pub(super) fn event_time_interval_ms(&self) -> Option<u64> {
        let Trigger::ContinuousEventTime { interval_ms } = self.purged() else { return None };
        Some(*interval_ms)
    }

    /// What says when it fires: where that purges too, the trigger within.
    fn purged(&self) -> &Trigger {
        let mut of = self;
        while let Trigger::Purging(within) = of {
            of = within;
        }
        of
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
}

#[cfg(test)]
mod tests;
