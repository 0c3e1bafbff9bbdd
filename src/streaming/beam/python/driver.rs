//! Elements, watermarks and times in; panes out.

use super::machine::{Context, Machine};
use super::state::{Kept, Timers};
use crate::streaming::aggregate::Aggregate;
use crate::streaming::beam::config::{Accumulation, Config, TimestampCombiner};
use crate::streaming::beam::merging;
use crate::streaming::output::{DropReason, Dropped, Output, Pane, PaneInfo, Timing};
use crate::streaming::timers::TimeDomain;
use crate::streaming::{BEFORE_ALL, Millis, Window};
use std::collections::BTreeMap;

/// The windows of one key.
#[derive(Clone, Debug)]
pub struct Driver<A: Aggregate> {
    config: Config,
    machine: Machine,
    windows: BTreeMap<Window, Kept<A>>,
    timers: Timers,
    next_id: u64,
    watermark: Millis,
    now: Millis,
}

type Out<A> = Vec<Output<A, <A as Aggregate>::Input>>;
/// The elements of a bundle by window: the event time, the value, and the element's window before merging.
type Elements<A> = BTreeMap<Window, Vec<(Millis, <A as Aggregate>::Input, Window)>>;

impl<A: Aggregate> Driver<A> {
    /// No windows yet, and no watermark. `config` has been validated; `closing` and `on_time` say nothing here,
    /// and retracting is accumulating.
    pub fn new(config: Config) -> Driver<A> {
        Driver {
            machine: Machine::new(&config.trigger),
            config,
            windows: BTreeMap::new(),
            timers: Timers::default(),
            next_id: 0,
            watermark: BEFORE_ALL,
            now: BEFORE_ALL,
        }
    }

    /// A bundle arrives: `process_elements`. Timers that it sets in the past fire at once.
    pub fn on_bundle(&mut self, bundle: &[(Millis, A::Input)], out: &mut Out<A>) {
        let mut elements: Elements<A> = BTreeMap::new();
        for (at, value) in bundle {
            for window in self.assign(*at, value, out) {
                elements.entry(window).or_default().push((*at, value.clone(), window));
            }
        }
        for (window, elements) in self.merge(elements, out) {
            self.add(window, &elements, out);
        }
        self.fire_timers(TimeDomain::Event, self.watermark, out);
    }

    /// The watermark moves: timers that it has reached fire.
    pub fn on_watermark(&mut self, watermark: Millis, out: &mut Out<A>) {
        self.watermark = self.watermark.max(watermark);
        self.fire_timers(TimeDomain::Event, self.watermark, out);
    }

    /// The clock moves: timers that it has reached fire.
    pub fn on_processing_time(&mut self, now: Millis, out: &mut Out<A>) {
        self.now = self.now.max(now);
        self.fire_timers(TimeDomain::Processing, self.now, out);
    }

    /// When the next timer of this clock is due: it fires when the clock reaches that.
    pub fn next_timer(&self, domain: TimeDomain) -> Option<Millis> {
        self.timers.next(domain)
    }

    /// The windows that are kept, and how many elements of each were in no pane yet.
    pub fn living(&self) -> impl Iterator<Item = (Window, u64)> {
        self.windows.iter().map(|(window, kept)| (*window, kept.pending))
    }

    /// The windows of an element that the watermark is not past, lateness included; the others are told.
    fn assign(&self, at: Millis, value: &A::Input, out: &mut Out<A>) -> Vec<Window> {
        let windows = self.config.assigner.assign(at);
        if windows.is_empty() {
            let (value, reason) = (value.clone(), DropReason::InNoWindow);
            out.push(Output::Dropped(Dropped { value, at, window: None, reason }));
        }
        let lateness = self.config.allowed_lateness_ms;
        let expired = |window: &Window| self.watermark > window.end.saturating_add(lateness);
        let (late, taken): (Vec<Window>, Vec<Window>) = windows.into_iter().partition(expired);
        for window in late {
            let reason = DropReason::Expired {
                max_timestamp: window.max_timestamp(),
                allowed_lateness_ms: lateness,
                watermark: self.watermark,
            };
            let value = value.clone();
            out.push(Output::Dropped(Dropped { value, at, window: Some(window), reason }));
        }
        taken
    }

    /// Merges all windows that were ever known with the new ones.
    fn merge(&mut self, elements: Elements<A>, out: &mut Out<A>) -> Elements<A> {
        let any_new = elements.keys().any(|window| !self.windows.contains_key(window));
        if !self.config.assigner.merges() || !any_new {
            return elements;
        }
        let mut became = BTreeMap::new();
        let all = self.windows.keys().chain(elements.keys()).copied();
        for (from, into) in merging::groups(all) {
            became.extend(from.iter().map(|window| (*window, into)));
            self.merge_into(&from, into);
            out.push(Output::Merged { from, into });
        }
        let mut merged: Elements<A> = BTreeMap::new();
        for (window, elements) in elements {
            let into = became.get(&window).copied().unwrap_or(window);
            merged.entry(into).or_default().extend(elements);
        }
        merged
    }

    /// States are put together; the numbering of panes goes on only where the result was one of the windows.
    fn merge_into(&mut self, from: &[Window], into: Window) {
        let mut sum = self.windows.remove(&into);
        for window in from {
            let Some(mut kept) = self.windows.remove(window) else { continue };
            (kept.panes, kept.non_speculative_panes) = (0, 0);
            match &mut sum {
                None => sum = Some(kept),
                Some(sum) => self.put_together(sum, kept),
            }
        }
        let Some(mut sum) = sum else { return };
        let mut c =
            Context { window: into, now: self.now, ids: &sum.ids, timers: &mut self.timers };
        self.machine.on_merge(&mut sum.trigger, from, &mut c);
        self.windows.insert(into, sum);
    }

    fn put_together(&self, sum: &mut Kept<A>, kept: Kept<A>) {
        sum.ids.extend(kept.ids);
        sum.contents.merge(kept.contents);
        sum.pending += kept.pending;
        sum.tombstone |= kept.tombstone;
        sum.hold = self.combined(sum.hold, kept.hold);
        sum.trigger.merge(&kept.trigger);
    }

    fn add(&mut self, window: Window, elements: &[(Millis, A::Input, Window)], out: &mut Out<A>) {
        let mut kept = self.windows.remove(&window).unwrap_or_else(|| self.fresh());
        if kept.tombstone {
            for (at, value, own) in elements {
                let (at, value, window) = (*at, value.clone(), Some(*own));
                let reason = DropReason::Closed;
                out.push(Output::Dropped(Dropped { value, at, window, reason }));
            }
            self.windows.insert(window, kept);
            return;
        }
        kept.hold = self.combined(kept.hold, self.hold_for(window, elements));
        let mut c = Context { window, now: self.now, ids: &kept.ids, timers: &mut self.timers };
        for (_, value, _) in elements {
            kept.contents.add(value);
            kept.pending += 1;
            self.machine.on_element(&mut kept.trigger, &mut c);
        }
        let at = self.watermark;
        if self.machine.should_fire(&mut kept.trigger, TimeDomain::Event, at, &mut c) {
            let finished = self.machine.on_fire(&mut kept.trigger, at, &mut c);
            self.emit(window, &mut kept, finished, at, false, out);
        }
        self.windows.insert(window, kept);
    }

    /// `process_timer`. What a timer asks is asked at the time that it was set for, by whichever clock.
    fn fire_timers(&mut self, domain: TimeDomain, now: Millis, out: &mut Out<A>) {
        loop {
            let due = self.timers.take_due(domain, now);
            if due.is_empty() {
                return;
            }
            for (id, at) in due {
                self.on_timer(id, domain, at, out);
            }
        }
    }

    fn on_timer(&mut self, id: u64, domain: TimeDomain, at: Millis, out: &mut Out<A>) {
        let found = self.windows.iter().find(|(_, kept)| kept.ids.contains(&id));
        let Some(window) = found.map(|(window, _)| *window) else { return };
        let Some(mut kept) = self.windows.remove(&window) else { return };
        let mut c = Context { window, now: self.now, ids: &kept.ids, timers: &mut self.timers };
        if !kept.tombstone && self.machine.should_fire(&mut kept.trigger, domain, at, &mut c) {
            let finished = self.machine.on_fire(&mut kept.trigger, at, &mut c);
            let maybe_on_time = domain == TimeDomain::Event;
            self.emit(window, &mut kept, finished, at, maybe_on_time, out);
        }
        self.windows.insert(window, kept);
    }

    /// `_output`.
    fn emit(
        &self,
        window: Window,
        kept: &mut Kept<A>,
        finished: bool,
        output_watermark: Millis,
        maybe_on_time: bool,
        out: &mut Out<A>,
    ) {
        let info = next_pane(window, kept, finished, output_watermark, maybe_on_time);
        let contents = if finished || self.config.accumulation == Accumulation::Discarding {
            std::mem::take(&mut kept.contents)
        } else {
            kept.contents.clone()
        };
        kept.tombstone |= finished;
        kept.pending = 0;
        let timestamp = kept.hold.unwrap_or(window.max_timestamp());
        let early = output_watermark < window.end;
        if !(early && self.machine.has_on_time_pane()) {
            kept.hold = None;
        }
        out.push(Output::Pane(Pane { window, contents, timestamp, info }));
    }

    /// Where elements hold the output watermark: those that it is not past. At the end of a window it is not
    /// asked.
    fn hold_for(&self, window: Window, elements: &[(Millis, A::Input, Window)]) -> Option<Millis> {
        let combiner = self.config.timestamp_combiner;
        let holds = elements.iter().map(|(at, _, _)| combiner.assign(window, *at));
        match combiner {
            TimestampCombiner::EndOfWindow => Some(window.max_timestamp()),
            TimestampCombiner::Earliest
            | TimestampCombiner::Latest
            | TimestampCombiner::EarliestTransformed { .. } => holds
                .filter(|hold| *hold >= self.watermark)
                .reduce(|first, second| combiner.combine(first, second)),
        }
    }

    fn combined(&self, first: Option<Millis>, second: Option<Millis>) -> Option<Millis> {
        let combiner = self.config.timestamp_combiner;
        [first, second].into_iter().flatten().reduce(|one, other| combiner.combine(one, other))
    }

    fn fresh(&mut self) -> Kept<A> {
        self.next_id += 1;
        Kept {
            ids: vec![self.next_id],
            contents: A::default(),
            pending: 0,
            tombstone: false,
            panes: 0,
            non_speculative_panes: 0,
            hold: None,
            trigger: self.machine.fresh(),
        }
    }
}

/// A window that was late once, and whose end a merge has moved ahead of the watermark, goes on with early panes
/// that are counted as if they were not.
fn next_pane<A>(
    window: Window,
    kept: &mut Kept<A>,
    last: bool,
    output_watermark: Millis,
    maybe_on_time: bool,
) -> PaneInfo {
    let index = kept.panes;
    kept.panes += 1;
    let non_speculative = kept.non_speculative_panes;
    let early = output_watermark <= window.max_timestamp();
    let counted = !early || non_speculative > 0;
    kept.non_speculative_panes += u64::from(counted);
    let timing = if early {
        Timing::Early
    } else if maybe_on_time && non_speculative == 0 {
        Timing::OnTime
    } else {
        Timing::Late
    };
    let non_speculative_index = counted.then_some(non_speculative);
    PaneInfo { timing, index, non_speculative_index, first: index == 0, last }
}
