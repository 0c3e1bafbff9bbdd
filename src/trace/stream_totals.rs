//! What a stream job came to: how late its answers were, how much of the input they hold, and how much
//! had to be kept for them. These three are bought with each other.

use super::event::{Event, EventKind};
use super::stream::{
    Accumulation, Fate, JobPlan, LedgerCounts, OperatorId, StreamEvent, Subtask, WindowKind,
};
use crate::base::median::median;
use crate::base::{Millis, Window};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a stream job came to, or has come to so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamTotals {
    /// How long after the ends of their windows first panes came; nothing while none has come.
    pub first: Option<Latency>,
    /// The same of the last panes so far.
    pub last: Option<Latency>,
    /// What has become of all elements, as the job said at its end.
    pub ledger: LedgerCounts,
    /// Elements in the state of windows, now and at most at once.
    pub elements: Held,
    /// Windows with state, now and at most at once.
    pub windows: Held,
    /// Windows that spoke last when the input ended, before their own ends: no latency can be told of those panes.
    #[serde(default)]
    pub cut_short: u64,
    /// Panes.
    pub panes: u64,
    /// Those that came after their window's on-time pane.
    pub late_panes: u64,
}

/// How long after the end of its window a pane came, over all windows that have an end. Negative where it
/// came before the end. A window that the end of the input made fire before its own end was not waited for, so
/// that pane is no part of this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Latency {
    /// Of two in the middle half-way between them.
    pub median_ms: Millis,
    /// The longest.
    pub most_ms: Millis,
    /// Over so many windows.
    pub windows: u64,
}

/// How many are held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Now.
    pub now: u64,
    /// At most at once.
    pub most: u64,
}

/// How much of the input was counted, in its windows: parts of a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Completeness {
    /// In panes up to the one at the end of the window.
    pub on_time: u64,
    /// In any pane.
    pub counted: u64,
    /// All elements, each once in each of its windows.
    pub all: u64,
}

impl Completeness {
    /// Of a ledger.
    pub fn of(ledger: &LedgerCounts) -> Completeness {
        let on_time = ledger.of(Fate::Early) + ledger.of(Fate::OnTime);
        Completeness { on_time, counted: on_time + ledger.of(Fate::Late), all: ledger.sum() }
    }

    /// A part of the whole, in thousandths; nothing of an empty whole.
    pub fn permille(self, part: u64) -> Option<u64> {
        part.saturating_mul(1_000).checked_div(self.all)
    }
}

/// The state of the windows of a key, as far as events tell it.
#[derive(Clone, Debug, Default)]
struct KeyState(BTreeMap<Window, u64>);

/// The clocks of the first and of the last pane of a window, as far as they tell how long it was waited for.
#[derive(Clone, Copy, Debug, Default)]
struct Spoken {
    first: Option<Millis>,
    last: Option<Millis>,
    /// Whether its last pane came because the input ended, before its own end.
    is_cut_short: bool,
}

/// Adds a stream job up as its events come.
#[derive(Clone, Debug, Default)]
pub struct StreamTally {
    sums: StreamTotals,
    plan: Option<Box<JobPlan>>,
    panes: BTreeMap<(OperatorId, String), BTreeMap<Window, Spoken>>,
    /// Where the input is known to have ended.
    ended: BTreeSet<Subtask>,
    keys: BTreeMap<(Subtask, String), KeyState>,
    windows: BTreeMap<Subtask, u64>,
}

impl StreamTotals {
    /// Of these events.
    pub fn of(events: &[Event]) -> StreamTotals {
        let mut tally = StreamTally::default();
        tally.feed(events);
        tally.totals()
    }
}

impl StreamTally {
    /// Adds the events that come next.
    pub fn feed(&mut self, events: &[Event]) {
        for event in events {
            if let EventKind::Stream(kind) = &event.kind {
                self.take(event, kind);
            }
        }
    }

    /// What it has come to so far.
    pub fn totals(&self) -> StreamTotals {
        let spans = || {
            let of_key = self.panes.values().flat_map(BTreeMap::iter);
            of_key.filter(|(window, _)| window.end < Millis::MAX)
        };
        let after = |window: &Window, clock: Millis| clock.saturating_sub(window.end);
        let first = spans().filter_map(|(window, spoken)| Some(after(window, spoken.first?)));
        let last = spans().filter_map(|(window, spoken)| Some(after(window, spoken.last?)));
        let mut totals = self.sums;
        (totals.first, totals.last) = (latency(first.collect()), latency(last.collect()));
        totals.cut_short = spans().filter(|(_, spoken)| spoken.is_cut_short).count() as u64;
        totals.elements.most = totals.elements.most.max(totals.elements.now);
        totals
    }

    fn take(&mut self, event: &Event, kind: &StreamEvent) {
        use StreamEvent as S;
        // What is not taken stood in no state: the most is looked at when that is settled.
        if !matches!(kind, S::RecordDropped { .. } | S::WindowsMerged { .. }) {
            let elements = &mut self.sums.elements;
            elements.most = elements.most.max(elements.now);
        }
        match kind {
            S::JobStarted { plan } => self.plan = Some(plan.clone()),
            S::WindowsAssigned { subtask, key, windows, .. } => {
                for window in windows {
                    *self.of(*subtask, key).0.entry(*window).or_default() += 1;
                    self.sums.elements.now += 1;
                }
            }
            S::RecordDropped { subtask, key, window: Some(own), .. } => {
                self.leave_out(*subtask, key, *own);
            }
            S::WindowsMerged { subtask, key, from, into } => {
                self.merge(*subtask, key, from, *into);
            }
            S::PaneFired { subtask, key, window, timing, .. } => {
                self.sums.panes += 1;
                self.sums.late_panes += u64::from(*timing == super::stream::Timing::Late);
                self.fire(event, *subtask, key, *window);
            }
            S::WindowForgotten { subtask, key, window, .. } => {
                let gone = self.of(*subtask, key).0.remove(window).unwrap_or_default();
                self.let_go(gone);
            }
            S::StateChanged { subtask, windows, .. } => {
                self.windows.insert(*subtask, *windows);
                let now = self.windows.values().sum();
                self.sums.windows = Held { now, most: self.sums.windows.most.max(now) };
            }
            S::WatermarkAdvanced { subtask, to: Millis::MAX, .. } => {
                self.ended.insert(*subtask);
            }
            S::JobFinished { ledger, .. } => self.sums.ledger = *ledger,
            S::RecordAppended { .. }
            | S::RecordRead { .. }
            | S::ElementMapped { .. }
            | S::ElementFiltered { .. }
            | S::WatermarkAdvanced { .. }
            | S::InputAdvanced { .. }
            | S::InputIdle { .. }
            | S::InputActive { .. }
            | S::PartitionPaused { .. }
            | S::PartitionResumed { .. }
            | S::NeverArrived { .. }
            | S::Sent { .. }
            | S::TimerSet { .. }
            | S::TimerFired { .. }
            | S::RecordDropped { window: None, .. }
            | S::LateOutput { .. }
            | S::Joined { .. }
            | S::Emitted { .. }
            | S::SinkReceived { .. }
            | S::OracleDiffers { .. } => {}
        }
    }

    fn of(&mut self, subtask: Subtask, key: &str) -> &mut KeyState {
        self.keys.entry((subtask, key.to_owned())).or_default()
    }

    fn let_go(&mut self, gone: u64) {
        self.sums.elements.now = self.sums.elements.now.saturating_sub(gone);
    }

    /// An element of this window is not taken; a session may have merged by then.
    fn leave_out(&mut self, subtask: Subtask, key: &str, own: Window) {
        let held = &mut self.of(subtask, key).0;
        let is_its = |window: &Window| window.start <= own.start && own.end <= window.end;
        let found = match held.contains_key(&own) {
            true => Some(own),
            false => held.keys().find(|window| is_its(window)).copied(),
        };
        let Some(count) = found.and_then(|window| held.get_mut(&window)) else { return };
        *count = count.saturating_sub(1);
        if let Some(window) = found.filter(|window| held.get(window) == Some(&0)) {
            held.remove(&window);
        }
        self.let_go(1);
    }

    fn merge(&mut self, subtask: Subtask, key: &str, from: &[Window], into: Window) {
        let held = &mut self.of(subtask, key).0;
        let sum: u64 = from.iter().filter_map(|window| held.remove(window)).sum();
        *held.entry(into).or_default() += sum;
        // A window that is a part of another now has no last word of its own.
        if let Some(said) = self.panes.get_mut(&(subtask.operator, key.to_owned())) {
            said.retain(|window, _| *window == into || !from.contains(window));
        }
    }

    fn fire(&mut self, event: &Event, subtask: Subtask, key: &str, window: Window) {
        let Some(plan) = &self.plan else { return };
        let since = Millis::try_from(event.at.0 / 1_000).unwrap_or(Millis::MAX);
        let clock = plan.clock_at_start.saturating_add(since);
        let of = plan.operators.get(usize::from(subtask.operator.0));
        let window_plan = of.and_then(|of| of.window.as_ref());
        let stays = window_plan.map_or(u64::MAX, |plan| match (plan.kind, plan.accumulation) {
            (WindowKind::Count { size, slide }, _) => slide.map_or(0, |_| size),
            (_, Accumulation::Discarding) => 0,
            (_, Accumulation::Accumulating | Accumulation::Retracting) => u64::MAX,
        });
        let said = self.panes.entry((subtask.operator, key.to_owned())).or_default();
        let spoken = said.entry(window).or_default();
        spoken.is_cut_short = self.ended.contains(&subtask) && clock < window.end;
        let told = (!spoken.is_cut_short).then_some(clock);
        (spoken.first, spoken.last) = (spoken.first.or(told), told);
        let Some(count) = self.of(subtask, key).0.get_mut(&window) else { return };
        let gone = count.saturating_sub(stays);
        *count -= gone;
        self.let_go(gone);
    }
}

/// The median and the most; nothing of nothing.
fn latency(mut all: Vec<Millis>) -> Option<Latency> {
    all.sort_unstable();
    let (median_ms, most_ms) = (median(&all)?, *all.last()?);
    Some(Latency { median_ms, most_ms, windows: all.len() as u64 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_in_the_middle_the_median_is_half_way() {
        assert_eq!(latency(Vec::new()), None);
        let of = |all: &[Millis]| latency(all.to_vec()).map(|of| (of.median_ms, of.most_ms));
        assert_eq!(of(&[5]), Some((5, 5)));
        assert_eq!(of(&[9, -2, 4, 7]), Some((5, 9)));
    }

    #[test]
    fn completeness_counts_each_element_in_each_window() {
        let ledger =
            LedgerCounts { early: 1, on_time: 5, late: 2, dropped: 1, pending: 0, unseen: 1 };
        let whole = Completeness::of(&ledger);
        assert_eq!((whole.on_time, whole.counted, whole.all), (6, 8, 10));
        assert_eq!(whole.permille(whole.counted), Some(800));
        assert_eq!(Completeness::default().permille(0), None);
    }
}
