//! Flink's `WatermarksWithIdleness`, over a bounded generator.

use super::{Bounded, Signal};
use crate::streaming::Millis;

/// A bounded generator that says when its input has fallen silent.
#[derive(Clone, Debug)]
pub struct Idleness {
    generator: Bounded,
    timer: IdlenessTimer,
    idle: bool,
}

/// When has nothing come for too long? The clock starts at the first question after the last element, not at
/// the element: `IdlenessTimer`, which spares a look at the clock for each element.
#[derive(Clone, Copy, Debug)]
pub struct IdlenessTimer {
    timeout_ms: Millis,
    elements: u64,
    elements_seen: u64,
    silent_since: Option<Millis>,
}

impl Idleness {
    /// No element yet.
    pub const fn new(generator: Bounded, timeout_ms: Millis) -> Idleness {
        Idleness { generator, timer: IdlenessTimer::new(timeout_ms), idle: false }
    }

    /// An element of this event time.
    pub fn on_element(&mut self, at: Millis) {
        self.generator.on_element(at);
        self.timer.on_activity();
        self.idle = false;
    }

    /// The periodic question, at this time of the clock. Idle is said once.
    pub fn on_periodic_emit(&mut self, now: Millis) -> Option<Signal> {
        if !self.timer.is_idle(now) {
            return Some(Signal::Watermark(self.generator.watermark()));
        }
        let first = !self.idle;
        self.idle = true;
        first.then_some(Signal::Idle)
    }
}

impl IdlenessTimer {
    /// Idle when silent for longer than this.
    pub const fn new(timeout_ms: Millis) -> IdlenessTimer {
        IdlenessTimer { timeout_ms, elements: 0, elements_seen: 0, silent_since: None }
    }

    /// Something came.
    pub fn on_activity(&mut self) {
        self.elements += 1;
    }

    /// Whether it has been silent for longer than the timeout.
    pub fn is_idle(&mut self, now: Millis) -> bool {
        if self.elements != self.elements_seen {
            self.elements_seen = self.elements;
            self.silent_since = None;
            return false;
        }
        let since = *self.silent_since.get_or_insert(now);
        now.saturating_sub(since) > self.timeout_ms
    }
}
