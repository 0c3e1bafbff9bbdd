//! What the driver keeps: `MergeableStateAdapter` over `InMemoryUnmergedState`.

use super::machine::Node;
use crate::streaming::timers::TimeDomain;
use crate::streaming::{Millis, Window};
use std::collections::BTreeMap;

/// What is kept of a window.
#[derive(Clone, Debug)]
pub(super) struct Kept<A> {
    /// Its own id, and those of the windows that merged into it; timers are set under the first.
    pub(super) ids: Vec<u64>,
    pub(super) contents: A,
    /// Elements that were in no pane yet.
    pub(super) pending: u64,
    /// The trigger has finished.
    pub(super) tombstone: bool,
    pub(super) panes: u64,
    pub(super) non_speculative_panes: u64,
    pub(super) hold: Option<Millis>,
    pub(super) trigger: Node,
}

/// A timer by name: setting it again moves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Timer {
    pub(super) id: u64,
    /// The trigger's, in the tree.
    pub(super) place: usize,
    /// `DefaultTrigger` names its timers by the window.
    pub(super) of: Option<Window>,
    pub(super) domain: TimeDomain,
}

/// The timers that are set.
#[derive(Clone, Debug, Default)]
pub(super) struct Timers(BTreeMap<(u64, usize, Option<Window>, bool), Millis>);

impl Timers {
    pub(super) fn set(&mut self, timer: Timer, at: Millis) {
        self.0.insert(key(timer), at);
    }

    pub(super) fn clear(&mut self, timer: Timer) {
        self.0.remove(&key(timer));
    }

    /// When the next timer of this clock is due.
    pub(super) fn next(&self, domain: TimeDomain) -> Option<Millis> {
        let processing = domain == TimeDomain::Processing;
        self.0.iter().filter(|(key, _)| key.3 == processing).map(|(_, at)| *at).min()
    }

    /// Those of this clock that are due at `now`, taken out: whose window's id, and for when they were set.
    pub(super) fn take_due(&mut self, domain: TimeDomain, now: Millis) -> Vec<(u64, Millis)> {
        let processing = domain == TimeDomain::Processing;
        let due = |key: &(u64, usize, Option<Window>, bool), at: &Millis| {
            key.3 == processing && *at <= now
        };
        let fired =
            self.0.iter().filter(|(key, at)| due(key, at)).map(|(key, at)| (key.0, *at)).collect();
        self.0.retain(|key, at| !due(key, at));
        fired
    }
}

fn key(timer: Timer) -> (u64, usize, Option<Window>, bool) {
    (timer.id, timer.place, timer.of, timer.domain == TimeDomain::Processing)
}
