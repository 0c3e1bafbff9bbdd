//! Beam's triggers, as a person writes them.

use crate::base::format::Length;
use crate::streaming::Millis;
use std::fmt;
use thiserror::Error;

/// When a window emits a pane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// `DefaultTrigger`: at the end of the window, then at each late element.
    Default,
    /// `AfterWatermark.pastEndOfWindow()`: `early` again and again before the end, once at the end, `late` again
    /// and again after it. Without `late` it finishes at the end.
    AfterWatermark {
        /// Before the end of the window.
        early: Option<Box<Trigger>>,
        /// After it.
        late: Option<Box<Trigger>>,
    },
    /// `AfterPane.elementCountAtLeast(n)`, Python's `AfterCount`.
    AfterCount {
        /// How many elements.
        n: u64,
    },
    /// `AfterProcessingTime.pastFirstElementInPane()`.
    AfterProcessingTime {
        /// How long after the first element of the pane: `plusDelayOf`.
        delay_ms: Millis,
        /// Then on to the next of these: `alignedTo`.
        align: Option<Alignment>,
    },
    /// `Repeatedly.forever`.
    Repeatedly(Box<Trigger>),
    /// `AfterFirst`, Python's `AfterAny`.
    AfterAny(Vec<Trigger>),
    /// `AfterAll`.
    AfterAll(Vec<Trigger>),
    /// `AfterEach.inOrder`.
    AfterEach(Vec<Trigger>),
    /// `main.orFinally(until)`.
    OrFinally {
        /// Fires as long as the other has not.
        main: Box<Trigger>,
        /// Fires and finishes both.
        until: Box<Trigger>,
    },
    /// `Never`.
    Never,
}

/// Moments that an aligned delay goes on to: `alignedTo(period, offset)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alignment {
    /// From one to the next.
    pub every_ms: Millis,
    /// Where one of them is.
    pub offset_ms: Millis,
}

impl Alignment {
    /// Multiples of this.
    pub const fn each(every_ms: Millis) -> Alignment {
        Alignment { every_ms, offset_ms: 0 }
    }

    /// `AlignFn`: the least that is not before, by Java's truncating remainder.
    pub(super) fn next(self, at: Millis) -> Millis {
        match at.saturating_sub(self.offset_ms) % self.every_ms {
            0 => at,
            beyond => at.saturating_add(self.every_ms - beyond),
        }
    }

    /// As Beam Python has it, whose remainder is never negative.
    pub(super) fn next_floored(self, at: Millis) -> Millis {
        let beyond = at.saturating_sub(self.offset_ms).rem_euclid(self.every_ms);
        at.saturating_add((self.every_ms - beyond) % self.every_ms)
    }
}

/// A trigger that can't be.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TriggerError {
    /// It would fire at nothing.
    #[error("after_count's n is 0, and must be at least 1")]
    Count,
    /// Back in time.
    #[error("after_processing_time's delay is {0} ms, and must not be negative")]
    Delay(Millis),
    /// A multiple of nothing.
    #[error("after_processing_time's alignment is {0} ms, and must be at least 1")]
    Alignment(Millis),
    /// A choice of none.
    #[error("{0} has no triggers to choose from")]
    Empty(&'static str),
    /// So many in each other that no one meant it.
    #[error("triggers are nested deeper than {MOST_NESTED}")]
    Nested,
}

const MOST_NESTED: usize = 32;

impl Trigger {
    /// Checks counts, delays and depth.
    ///
    /// # Errors
    /// When a trigger could never work.
    pub fn validate(self) -> Result<Trigger, TriggerError> {
        self.validated(0)?;
        Ok(self)
    }

    fn validated(&self, depth: usize) -> Result<(), TriggerError> {
        if depth > MOST_NESTED {
            return Err(TriggerError::Nested);
        }
        match self {
            Trigger::AfterCount { n: 0 } => return Err(TriggerError::Count),
            Trigger::AfterProcessingTime { delay_ms, .. } if *delay_ms < 0 => {
                return Err(TriggerError::Delay(*delay_ms));
            }
            Trigger::AfterProcessingTime { align: Some(align), .. } if align.every_ms < 1 => {
                return Err(TriggerError::Alignment(align.every_ms));
            }
            Trigger::AfterAny(of) if of.is_empty() => return Err(TriggerError::Empty("after_any")),
            Trigger::AfterAll(of) if of.is_empty() => return Err(TriggerError::Empty("after_all")),
            Trigger::AfterEach(of) if of.is_empty() => {
                return Err(TriggerError::Empty("after_each"));
            }
            Trigger::Default
            | Trigger::AfterWatermark { .. }
            | Trigger::AfterCount { .. }
            | Trigger::AfterProcessingTime { .. }
            | Trigger::Repeatedly(_)
            | Trigger::AfterAny(_)
            | Trigger::AfterAll(_)
            | Trigger::AfterEach(_)
            | Trigger::OrFinally { .. }
            | Trigger::Never => {}
        }
        self.children().into_iter().try_for_each(|child| child.validated(depth + 1))
    }

    /// Whether a part of it fires when the watermark is past the end of the window.
    pub fn waits_for_the_end(&self) -> bool {
        matches!(self, Trigger::Default | Trigger::AfterWatermark { .. })
            || self.children().into_iter().any(Trigger::waits_for_the_end)
    }

    /// How many elements it waits for, where one count alone is in it, and starts anew with each pane.
    pub fn only_count(&self) -> Option<u64> {
        let mut counts = Vec::new();
        self.find_counts(&mut counts);
        match counts[..] {
            [n] => Some(n),
            _ => None,
        }
    }

    fn find_counts(&self, counts: &mut Vec<u64>) {
        match self {
            Trigger::AfterCount { n } => counts.push(*n),
            // It counts across panes: no number of a single pane.
            Trigger::OrFinally { main, until } => {
                main.find_counts(counts);
                until.find_counts(counts);
                until.find_counts(counts);
            }
            Trigger::Default
            | Trigger::AfterWatermark { .. }
            | Trigger::AfterProcessingTime { .. }
            | Trigger::Repeatedly(_)
            | Trigger::AfterAny(_)
            | Trigger::AfterAll(_)
            | Trigger::AfterEach(_)
            | Trigger::Never => {
                self.children().into_iter().for_each(|child| child.find_counts(counts));
            }
        }
    }

    fn children(&self) -> Vec<&Trigger> {
        match self {
            Trigger::AfterWatermark { early, late } => {
                [early, late].into_iter().flatten().map(Box::as_ref).collect()
            }
            Trigger::Repeatedly(of) => vec![of],
            Trigger::AfterAny(of) | Trigger::AfterAll(of) | Trigger::AfterEach(of) => {
                of.iter().collect()
            }
            Trigger::OrFinally { main, until } => vec![main, until],
            Trigger::Default
            | Trigger::AfterCount { .. }
            | Trigger::AfterProcessingTime { .. }
            | Trigger::Never => Vec::new(),
        }
    }
}

/// As one writes it in Beam.
impl fmt::Display for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list =
            |of: &[Trigger]| of.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        match self {
            Trigger::Default => f.write_str("Default"),
            Trigger::AfterWatermark { early, late } => {
                let part = |name: &str, of: &Option<Box<Trigger>>| {
                    of.as_ref().map(|of| format!("{name} {of}"))
                };
                let parts: Vec<String> =
                    part("early", early).into_iter().chain(part("late", late)).collect();
                write!(f, "AfterWatermark({})", parts.join(", "))
            }
            Trigger::AfterCount { n } => write!(f, "AfterCount({n})"),
            Trigger::AfterProcessingTime { delay_ms, align: None } => {
                write!(f, "AfterProcessingTime({})", Length(*delay_ms))
            }
            Trigger::AfterProcessingTime { delay_ms, align: Some(align) } => {
                let (delay, every) = (Length(*delay_ms), Length(align.every_ms));
                write!(f, "AfterProcessingTime({delay}, aligned to {every})")
            }
            Trigger::Repeatedly(of) => write!(f, "Repeatedly({of})"),
            Trigger::AfterAny(of) => write!(f, "AfterFirst({})", list(of)),
            Trigger::AfterAll(of) => write!(f, "AfterAll({})", list(of)),
            Trigger::AfterEach(of) => write!(f, "AfterEach({})", list(of)),
            Trigger::OrFinally { main, until } => write!(f, "OrFinally({main}, {until})"),
            Trigger::Never => f.write_str("Never"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_shown_as_beam_writes_it_and_knows_its_counts() {
        let count = |n| Trigger::AfterCount { n };
        let delay = Trigger::AfterProcessingTime { delay_ms: 60_000, align: None };
        let any = Trigger::AfterAny(vec![count(3), delay]);
        let early = Trigger::AfterWatermark { early: Some(Box::new(any.clone())), late: None };
        assert_eq!(
            early.to_string(),
            "AfterWatermark(early AfterFirst(AfterCount(3), AfterProcessingTime(1 min)))"
        );
        assert_eq!((early.waits_for_the_end(), any.waits_for_the_end()), (true, false));
        assert_eq!(early.only_count(), Some(3));
        assert_eq!(Trigger::AfterEach(vec![count(3), count(4)]).only_count(), None);
        let (main, until) = (Box::new(Trigger::Default), Box::new(count(5)));
        assert_eq!(Trigger::OrFinally { main, until }.only_count(), None);
    }
}
