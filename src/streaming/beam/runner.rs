//! Beam Java's `ReduceFnRunner`, for one key.
//!
//! ```text
//!             an element                 the trigger finishes
//!  (no state) ──────────► active, open ───────────────────────► closed
//!      ▲                    │   ▲  └─ merged away: its state goes to the window that it became
//!      └─ the watermark is past the end and the lateness ◄──────┘
//! ```

use super::config::{Accumulation, Config, Emptiness};
use super::holds::{Holds, Place};
use super::machine::{Context, Machine, Node};
use super::{merging, pane};
use crate::streaming::aggregate::Aggregate;
use crate::streaming::output::{DropReason, Dropped, Output, Pane, PaneInfo, Timing};
use crate::streaming::timers::{TimeDomain, Timers};
use crate::streaming::{BEFORE_ALL, Millis, Window};
use std::collections::{BTreeMap, BTreeSet};

/// The windows of one key.
#[derive(Clone, Debug)]
pub struct Runner<A: Aggregate> {
    config: Config,
    machine: Machine,
    windows: BTreeMap<Window, Kept<A>>,
    timers: Timers,
    input_watermark: Millis,
    output_watermark: Millis,
    processing_time: Millis,
}

/// What is kept of a window.
#[derive(Clone, Debug)]
struct Kept<A> {
    /// Has had an element that was not dropped, and its trigger had not finished since.
    active: bool,
    contents: A,
    /// Elements since the last pane.
    pending: u64,
    holds: Holds,
    pane: Option<PaneInfo>,
    trigger: Node,
    /// What has been said and would have to be taken back.
    said: Vec<Pane<A>>,
}

type Out<A> = Vec<Output<A, <A as Aggregate>::Input>>;
/// An element with the windows that it is not too late for.
type Assigned<A> = (Millis, <A as Aggregate>::Input, Vec<Window>);

impl<A: Aggregate> Runner<A> {
    /// No windows yet, and no watermark. `config` has been validated.
    pub fn new(config: Config) -> Runner<A> {
        Runner {
            machine: Machine::new(&config.trigger),
            config,
            windows: BTreeMap::new(),
            timers: Timers::default(),
            input_watermark: BEFORE_ALL,
            output_watermark: BEFORE_ALL,
            processing_time: BEFORE_ALL,
        }
    }

    /// A bundle arrives: all windows merge, all elements are added, then each touched window is asked once
    /// whether it fires. `LateDataDroppingDoFnRunner`, then `processElements`.
    pub fn on_bundle(&mut self, bundle: &[(Millis, A::Input)], out: &mut Out<A>) {
        let assigned: Vec<Assigned<A>> = bundle
            .iter()
            .map(|(at, value)| (*at, value.clone(), self.assign(*at, value, out)))
            .collect();
        let new: BTreeSet<Window> =
            assigned.iter().flat_map(|(_, _, windows)| windows.iter().copied()).collect();
        let became = self.merge(&new, out);
        let goes_into = |window: &Window| became.get(window).copied().unwrap_or(*window);
        let touched: BTreeSet<Window> = new.iter().map(goes_into).collect();
        let open: Vec<Window> =
            touched.into_iter().filter(|window| !self.is_closed(*window)).collect();
        for (at, value, windows) in &assigned {
            // Two windows of an element that became one hold it once.
            let mut seen = BTreeSet::new();
            for own in windows {
                if seen.insert(goes_into(own)) {
                    self.on_element(*at, value, *own, goes_into(own), out);
                }
            }
        }
        for window in open {
            if self.should_fire(window) {
                self.emit(window, out);
            }
        }
    }

    /// The watermark moves. Timers fire when it is strictly past them, until none is due; then the output
    /// watermark follows as far as the holds let it.
    pub fn on_watermark(&mut self, watermark: Millis, out: &mut Out<A>) {
        self.input_watermark = self.input_watermark.max(watermark);
        self.fire_timers(TimeDomain::Event, self.input_watermark, out);
        let held = self.earliest_hold().unwrap_or(Millis::MAX);
        self.output_watermark = self.output_watermark.max(self.input_watermark.min(held));
    }

    /// The clock moves. Timers fire when it is strictly past them.
    pub fn on_processing_time(&mut self, now: Millis, out: &mut Out<A>) {
        self.processing_time = self.processing_time.max(now);
        self.fire_timers(TimeDomain::Processing, self.processing_time, out);
    }

    /// The earliest hold on the output watermark.
    pub fn earliest_hold(&self) -> Option<Millis> {
        self.windows.values().filter_map(|kept| kept.holds.earliest()).min()
    }

    /// Where the output watermark stands.
    pub const fn output_watermark(&self) -> Millis {
        self.output_watermark
    }

    /// When the next timer of this clock is due: it fires when the clock is past that.
    pub fn next_timer(&self, domain: TimeDomain) -> Option<Millis> {
        self.timers.next(domain)
    }

    /// The timers, to watch and to count.
    pub const fn timers_mut(&mut self) -> &mut Timers {
        &mut self.timers
    }

    /// The windows that are kept, and how many elements of each were in no pane yet.
    pub fn living(&self) -> impl Iterator<Item = (Window, u64)> {
        self.windows.iter().map(|(window, kept)| (*window, kept.pending))
    }

    /// The windows of an element that it is not too late for; the others are told.
    fn assign(&self, at: Millis, value: &A::Input, out: &mut Out<A>) -> Vec<Window> {
        let (late, taken): (Vec<Window>, Vec<Window>) = self
            .config
            .assigner
            .assign_as_beam_java(at)
            .into_iter()
            .partition(|window| self.config.cleanup_time(*window) < self.input_watermark);
        if late.is_empty() && taken.is_empty() {
            let (value, reason) = (value.clone(), DropReason::InNoWindow);
            out.push(Output::Dropped(Dropped { value, at, window: None, reason }));
        }
        for window in late {
            let reason = DropReason::Expired {
                max_timestamp: window.max_timestamp(),
                allowed_lateness_ms: self.config.allowed_lateness_ms,
                watermark: self.input_watermark,
            };
            let value = value.clone();
            out.push(Output::Dropped(Dropped { value, at, window: Some(window), reason }));
        }
        taken
    }

    /// Merges the active windows and the new ones; which became which.
    fn merge(&mut self, new: &BTreeSet<Window>, out: &mut Out<A>) -> BTreeMap<Window, Window> {
        let mut became = BTreeMap::new();
        if !self.config.assigner.merges() {
            return became;
        }
        let active = self.windows.iter().filter(|(_, kept)| kept.active);
        let all = active.map(|(window, _)| *window).chain(new.iter().copied());
        for (from, into) in merging::groups(all) {
            became.extend(from.iter().map(|window| (*window, into)));
            self.merge_into(&from, into);
            out.push(Output::Merged { from, into });
        }
        became
    }

    /// `OnMergeCallback.onMerge`.
    fn merge_into(&mut self, from: &[Window], into: Window) {
        let sources = self.take_sources(from, into);
        let base = sources.iter().find(|(window, _)| *window == into).map(|(_, kept)| kept.clone());
        // A closed window of the same bounds has left its finished bits behind.
        let mut kept =
            base.or_else(|| self.windows.remove(&into)).unwrap_or_else(|| Kept::new(&self.machine));
        kept.active |= !sources.is_empty();
        kept.pending = sources.iter().map(|(_, source)| source.pending).sum();
        let holds: Vec<Holds> = sources.iter().map(|(_, source)| source.holds).collect();
        kept.holds = Holds::merged(&holds, self.place(into));
        let nodes: Vec<&Node> = sources.iter().map(|(_, source)| &source.trigger).collect();
        let mut c = context(
            &self.config,
            into,
            self.input_watermark,
            self.processing_time,
            &mut self.timers,
        );
        self.machine.on_merge(&mut kept.trigger, &nodes, &mut c);
        kept.contents = A::default();
        kept.said = Vec::new();
        for (_, source) in sources {
            kept.contents.merge(source.contents);
            kept.said.extend(source.said);
        }
        self.windows.insert(into, kept);
    }

    /// Takes those windows out that had state, with the timers of those that are no more.
    fn take_sources(&mut self, from: &[Window], into: Window) -> Vec<(Window, Kept<A>)> {
        let mut sources = Vec::new();
        for window in from {
            if !self.windows.get(window).is_some_and(|kept| kept.active) {
                continue;
            }
            let Some(kept) = self.windows.remove(window) else { continue };
            if *window != into {
                self.timers.delete(TimeDomain::Event, window.max_timestamp(), *window);
                let cleanup_time = self.config.cleanup_time(*window);
                self.timers.delete(TimeDomain::Event, cleanup_time, *window);
            }
            sources.push((*window, kept));
        }
        sources
    }

    /// `processElement`, for one window; `own` is the element's before merging.
    fn on_element(
        &mut self,
        at: Millis,
        value: &A::Input,
        own: Window,
        window: Window,
        out: &mut Out<A>,
    ) {
        if self.is_closed(window) {
            let (value, reason) = (value.clone(), DropReason::Closed);
            out.push(Output::Dropped(Dropped { value, at, window: Some(own), reason }));
            return;
        }
        // Only the end of the window's life is the runner's own; its end is set by triggers that wait for it.
        self.timers.set(TimeDomain::Event, self.config.cleanup_time(window), window);
        let place = place(&self.config, window, self.input_watermark, self.output_watermark);
        let kept = self.windows.entry(window).or_insert_with(|| Kept::new(&self.machine));
        kept.active = true;
        kept.pending += 1;
        kept.holds.add(at, place);
        kept.contents.add(value);
        let mut c = context(
            &self.config,
            window,
            self.input_watermark,
            self.processing_time,
            &mut self.timers,
        );
        self.machine.on_element(&mut kept.trigger, &mut c);
    }

    fn fire_timers(&mut self, domain: TimeDomain, now: Millis, out: &mut Out<A>) {
        // Firing sets timers, which may be due too.
        loop {
            let due = self.timers.take_due(domain, now.saturating_sub(1));
            if due.is_empty() {
                return;
            }
            let windows: BTreeSet<Window> = due.into_iter().map(|(_, window)| window).collect();
            for window in windows {
                self.on_timer(window, out);
            }
        }
    }

    /// `onTimers`: what is to be done depends on the watermark alone, not on which timer fired.
    fn on_timer(&mut self, window: Window, out: &mut Out<A>) {
        if self.config.cleanup_time(window) < self.input_watermark {
            if self.is_active_and_open(window) {
                self.on_trigger(window, true, out);
            }
            self.forget(window, out);
            return;
        }
        if self.is_active_and_open(window) && self.should_fire(window) {
            self.emit(window, out);
        }
    }

    /// The trigger fires: a pane, and what follows for the state.
    fn emit(&mut self, window: Window, out: &mut Out<A>) {
        let Some(kept) = self.windows.get_mut(&window) else { return };
        let mut c = context(
            &self.config,
            window,
            self.input_watermark,
            self.processing_time,
            &mut self.timers,
        );
        self.machine.on_fire(&mut kept.trigger, &mut c);
        let finished = kept.trigger.finished;
        self.on_trigger(window, finished, out);
        let Some(kept) = self.windows.get_mut(&window) else { return };
        kept.pending = 0;
        if finished || self.config.accumulation == Accumulation::Discarding {
            kept.contents = A::default();
        }
        if finished {
            self.machine.clear(&mut kept.trigger);
            kept.pane = None;
            kept.active = false;
            kept.said = Vec::new();
        }
    }

    /// `onTrigger`: emits a pane, unless it is empty and nobody asked for it.
    fn on_trigger(&mut self, window: Window, finished: bool, out: &mut Out<A>) {
        let place = place(&self.config, window, self.input_watermark, self.output_watermark);
        // Windows that don't merge are always active: one without state is an empty one.
        let kept = self.windows.entry(window).or_insert_with(|| Kept::new(&self.machine));
        let timestamp = kept.holds.release(finished, place);
        let info = pane::next(kept.pane, window, place.input, place.output, finished);
        let wanted = kept.pending > 0
            || (info.timing == Timing::OnTime && self.config.on_time == Emptiness::Always)
            || (finished && self.config.closing == Emptiness::Always);
        if !wanted {
            return;
        }
        kept.pane = Some(info);
        kept.pending = 0;
        let pane = Pane { window, contents: kept.contents.clone(), timestamp, info };
        if self.config.accumulation == Accumulation::Retracting {
            let said = std::mem::replace(&mut kept.said, vec![pane.clone()]);
            out.extend(said.into_iter().map(Output::Retraction));
        }
        out.push(Output::Pane(pane));
    }

    /// `clearAllState`.
    fn forget(&mut self, window: Window, out: &mut Out<A>) {
        if let Some(kept) = self.windows.remove(&window) {
            out.push(Output::Forgotten { window, unseen: kept.pending });
        }
    }

    fn should_fire(&mut self, window: Window) -> bool {
        let Some(kept) = self.windows.get(&window) else { return false };
        let c = context(
            &self.config,
            window,
            self.input_watermark,
            self.processing_time,
            &mut self.timers,
        );
        self.machine.should_fire(&kept.trigger, &c)
    }

    fn is_closed(&self, window: Window) -> bool {
        self.windows.get(&window).is_some_and(|kept| kept.trigger.finished)
    }

    fn is_active_and_open(&self, window: Window) -> bool {
        let active = self.windows.get(&window).is_some_and(|kept| kept.active);
        (active || !self.config.assigner.merges()) && !self.is_closed(window)
    }

    fn place(&self, window: Window) -> Place<'_> {
        place(&self.config, window, self.input_watermark, self.output_watermark)
    }
}

impl<A: Aggregate> Kept<A> {
    fn new(machine: &Machine) -> Kept<A> {
        Kept {
            active: false,
            contents: A::default(),
            pending: 0,
            holds: Holds::default(),
            pane: None,
            trigger: machine.fresh(),
            said: Vec::new(),
        }
    }
}

fn place(config: &Config, window: Window, input: Millis, output: Millis) -> Place<'_> {
    Place { config, window, input, output }
}

fn context<'a>(
    config: &Config,
    window: Window,
    watermark: Millis,
    processing_time: Millis,
    timers: &'a mut Timers,
) -> Context<'a> {
    Context { window, watermark, processing_time, merging: config.assigner.merges(), timers }
}
