//! Holds on the output watermark: Beam's `WatermarkHold`, for one window.
//!
//! What downstream is told must not run past what a pane still to come will say. An element that is on time holds
//! at its own (or its window's) time until its pane; one that is too late for that holds at the end of the
//! window's life.

use super::config::{Config, Emptiness};
use crate::streaming::{BEFORE_ALL, Millis, Window};

/// The holds of one window.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Holds {
    /// Of elements, combined as the timestamp combiner says.
    element: Option<Millis>,
    /// At the end of the window's life.
    cleanup: Option<Millis>,
}

/// Where the watermarks of the key stand, and how it is windowed.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) config: &'a Config,
    pub(super) window: Window,
    pub(super) input: Millis,
    pub(super) output: Millis,
}

impl Holds {
    /// The earliest of the two.
    pub(super) fn earliest(&self) -> Option<Millis> {
        [self.element, self.cleanup].into_iter().flatten().min()
    }

    /// `addHolds`, for an element that has arrived.
    pub(super) fn add(&mut self, at: Millis, place: Place<'_>) {
        if !self.add_element(at, place) {
            self.add_cleanup(place, false);
        }
    }

    /// `extractAndRelease`: the event time of the pane that is emitted now. Afterwards only a pane that comes
    /// even when it is empty is held for.
    pub(super) fn release(&mut self, finished: bool, place: Place<'_>) -> Millis {
        let end = place.window.max_timestamp();
        let timestamp = self.earliest().filter(|hold| *hold <= end).unwrap_or(end);
        *self = Holds::default();
        if !finished {
            self.add_cleanup(place, true);
        }
        timestamp
    }

    /// `onMerge`: the holds of windows that had state become those of the window that they are now.
    pub(super) fn merged(sources: &[Holds], place: Place<'_>) -> Holds {
        use super::config::TimestampCombiner::{
            Earliest, EarliestTransformed, EndOfWindow, Latest,
        };
        let combiner = place.config.timestamp_combiner;
        let mut holds = Holds::default();
        match combiner {
            EndOfWindow if !sources.is_empty() => {
                holds.add_element(BEFORE_ALL, place);
            }
            EndOfWindow => {}
            Earliest | Latest | EarliestTransformed { .. } => {
                let elements = sources.iter().filter_map(|holds| holds.element);
                holds.element = elements.reduce(|first, second| combiner.combine(first, second));
            }
        }
        holds.add_cleanup(place, false);
        holds
    }

    /// Holds for an element, unless the output is past that already, or the window is over.
    fn add_element(&mut self, at: Millis, place: Place<'_>) -> bool {
        let combiner = place.config.timestamp_combiner;
        let hold = combiner.assign(place.window, at);
        if hold < place.output || place.window.max_timestamp() < place.input {
            return false;
        }
        let combined = self.element.map_or(hold, |element| combiner.combine(element, hold));
        self.element = Some(combined);
        true
    }

    /// `addGarbageCollectionHold`.
    fn add_cleanup(&mut self, place: Place<'_>, pane_is_empty: bool) {
        let hold = place.config.cleanup_time(place.window);
        let needless = pane_is_empty && place.config.closing == Emptiness::IfNonEmpty;
        if hold >= place.input && !needless {
            self.cleanup = Some(self.cleanup.map_or(hold, |cleanup| cleanup.min(hold)));
        }
    }
}
