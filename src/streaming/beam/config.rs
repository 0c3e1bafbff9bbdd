//! Beam's `WindowingStrategy`.

use super::trigger::{Trigger, TriggerError};
use crate::streaming::assigner::{Assigner, AssignerError, MOST_MS};
use crate::streaming::{Millis, Window};
use thiserror::Error;

/// How elements of one key are grouped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Which windows there are.
    pub assigner: Assigner,
    /// When they emit panes.
    pub trigger: Trigger,
    /// What a pane says of what earlier ones said.
    pub accumulation: Accumulation,
    /// How long after its end a window still takes elements.
    pub allowed_lateness_ms: Millis,
    /// Which event time a pane has.
    pub timestamp_combiner: TimestampCombiner,
    /// Whether the last pane comes even when it is empty: `ClosingBehavior`.
    pub closing: Emptiness,
    /// Whether the pane at the end of the window comes even when it is empty: `OnTimeBehavior`.
    pub on_time: Emptiness,
}

/// What a pane says of what earlier panes of the window said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accumulation {
    /// Only what is new.
    Discarding,
    /// Everything so far.
    Accumulating,
    /// Everything so far, after taking back what was said before. Designed (the Dataflow Model paper), and never
    /// built into Beam.
    Retracting,
}

/// Whether an empty pane is emitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Emptiness {
    /// `FIRE_ALWAYS`.
    Always,
    /// `FIRE_IF_NON_EMPTY`.
    IfNonEmpty,
}

/// Which event time a pane has, and how far the output watermark is held back for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimestampCombiner {
    /// The last millisecond of the window.
    EndOfWindow,
    /// The least of its elements that were not late.
    Earliest,
    /// The greatest of them.
    Latest,
    /// The least after each was moved by so much (Python's `OUTPUT_AT_EARLIEST_TRANSFORMED`).
    EarliestTransformed {
        /// By how much.
        shift_ms: Millis,
    },
}

/// A strategy that can't be.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ConfigError {
    /// Of the windows.
    #[error(transparent)]
    Assigner(#[from] AssignerError),
    /// Of the trigger.
    #[error(transparent)]
    Trigger(#[from] TriggerError),
    /// Negative, or of centuries.
    #[error("lateness is {0} ms, and must be 0 to {MOST_MS}")]
    Lateness(Millis),
}

impl Config {
    /// Checks all parts.
    ///
    /// # Errors
    /// When windows, trigger or lateness can't be.
    pub fn validate(self) -> Result<Config, ConfigError> {
        self.assigner.validate()?;
        let trigger = self.trigger.validate()?;
        if !(0..=MOST_MS).contains(&self.allowed_lateness_ms) {
            return Err(ConfigError::Lateness(self.allowed_lateness_ms));
        }
        Ok(Config { trigger, ..self })
    }

    /// `LateDataUtils.garbageCollectionTime`: the window is forgotten once the watermark is past this.
    pub(super) fn cleanup_time(&self, window: Window) -> Millis {
        let end = window.max_timestamp().saturating_add(self.allowed_lateness_ms);
        end.min(Window::GLOBAL.max_timestamp())
    }
}

impl TimestampCombiner {
    /// Where an element of this event time holds the output watermark: `assign`.
    pub(super) fn assign(self, window: Window, at: Millis) -> Millis {
        match self {
            TimestampCombiner::EndOfWindow => window.max_timestamp(),
            TimestampCombiner::Earliest | TimestampCombiner::Latest => at,
            TimestampCombiner::EarliestTransformed { shift_ms } => at.saturating_add(shift_ms),
        }
    }

    /// Two of them: `combine`.
    pub(super) fn combine(self, first: Millis, second: Millis) -> Millis {
        match self {
            TimestampCombiner::EndOfWindow | TimestampCombiner::Latest => first.max(second),
            TimestampCombiner::Earliest | TimestampCombiner::EarliestTransformed { .. } => {
                first.min(second)
            }
        }
    }
}
