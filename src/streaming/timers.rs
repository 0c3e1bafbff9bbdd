//! The timers of one key: by time, then by window; setting one twice is setting it once.

use super::{Millis, Window};
pub use crate::trace::stream::TimeDomain;
use std::collections::BTreeSet;

/// The timers that are set.
#[derive(Clone, Debug, Default)]
pub struct Timers {
    event: BTreeSet<(Millis, Window)>,
    processing: BTreeSet<(Millis, Window)>,
    /// What has happened to them, where someone wants to know.
    watched: Option<Vec<TimerChange>>,
}

/// A timer is set that was not, or fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimerChange {
    /// Whether it fires.
    pub fired: bool,
    /// By which clock.
    pub domain: TimeDomain,
    /// For when it is set.
    pub time: Millis,
    /// For which window.
    pub window: Window,
}

impl Timers {
    /// Sets a timer for this window.
    pub fn set(&mut self, domain: TimeDomain, at: Millis, window: Window) {
        let is_new = self.of(domain).insert((at, window));
        if let Some(changes) = self.watched.as_mut().filter(|_| is_new) {
            changes.push(TimerChange { fired: false, domain, time: at, window });
        }
    }

    /// From now on remembers what happens to them.
    pub fn watch(&mut self) {
        self.watched = Some(Vec::new());
    }

    /// What has happened to them since the last time that this was asked.
    pub fn take_changes(&mut self) -> Vec<TimerChange> {
        self.watched.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// How many are set.
    pub fn len(&self) -> usize {
        self.event.len() + self.processing.len()
    }

    /// Whether none is set.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes a timer back; one that isn't set is no matter.
    pub fn delete(&mut self, domain: TimeDomain, at: Millis, window: Window) {
        self.of(domain).remove(&(at, window));
    }

    /// The earliest timer that is due at `latest` or before, taken out.
    pub fn pop_due(&mut self, domain: TimeDomain, latest: Millis) -> Option<(Millis, Window)> {
        let timers = self.of(domain);
        let first = timers.first().copied().filter(|(at, _)| *at <= latest)?;
        timers.remove(&first);
        if let Some(changes) = &mut self.watched {
            let (time, window) = first;
            changes.push(TimerChange { fired: true, domain, time, window });
        }
        Some(first)
    }

    /// All timers due at `latest` or before, taken out, the earliest first.
    pub fn take_due(&mut self, domain: TimeDomain, latest: Millis) -> Vec<(Millis, Window)> {
        std::iter::from_fn(|| self.pop_due(domain, latest)).collect()
    }

    /// When the next timer of this clock is due.
    pub fn next(&self, domain: TimeDomain) -> Option<Millis> {
        let timers = match domain {
            TimeDomain::Event => &self.event,
            TimeDomain::Processing => &self.processing,
        };
        timers.first().map(|(at, _)| *at)
    }

    fn of(&mut self, domain: TimeDomain) -> &mut BTreeSet<(Millis, Window)> {
        match domain {
            TimeDomain::Event => &mut self.event,
            TimeDomain::Processing => &mut self.processing,
        }
    }
}
