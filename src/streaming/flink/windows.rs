//! Flink's `WindowOperator`, for one key.
//!
//! The windows of one key know nothing of another's, so an instance holds one key; a watermark or a time of the
//! clock goes to each instance that has a timer due.

use super::merging::merge;
use super::trigger::{Context, State, Trigger, Verdict};
use crate::streaming::aggregate::Aggregate;
use crate::streaming::assigner::Assigner;
use crate::streaming::output::{DropReason, Dropped, Output, Pane, PaneInfo, Timing};
use crate::streaming::timers::{TimeDomain, Timers};
use crate::streaming::{BEFORE_ALL, Millis, Window};
use std::collections::BTreeMap;

/// How a window operator works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Which windows there are.
    pub assigner: Assigner,
    /// When they fire.
    pub trigger: Trigger,
    /// How long after its end a window still takes elements; event time only.
    pub allowed_lateness_ms: Millis,
    /// By which clock windows end and are cleaned up.
    pub domain: TimeDomain,
}

/// The windows of one key.
#[derive(Clone, Debug)]
pub struct Windows<A: Aggregate> {
    config: Config,
    windows: BTreeMap<Window, Kept<A>>,
    timers: Timers,
    watermark: Millis,
    processing_time: Millis,
}

/// What is kept of a window.
#[derive(Clone, Debug, Default)]
struct Kept<A> {
    /// Nothing in it: never an element, or purged.
    contents: Option<A>,
    /// Elements that were in no pane yet.
    unseen: u64,
    trigger: State,
    panes: u64,
    /// Panes that were not early.
    closing_panes: u64,
}

type Out<A> = Vec<Output<A, <A as Aggregate>::Input>>;

impl<A: Aggregate> Windows<A> {
    /// No windows yet, and no watermark. `config` has been validated.
    pub fn new(config: Config) -> Windows<A> {
        Windows {
            config,
            windows: BTreeMap::new(),
            timers: Timers::default(),
            watermark: BEFORE_ALL,
            processing_time: 0,
        }
    }

    /// An element arrives: `WindowOperator.processElement`.
    pub fn on_element(&mut self, at: Millis, value: &A::Input, out: &mut Out<A>) {
        let of = match self.config.domain {
            TimeDomain::Event => at,
            TimeDomain::Processing => self.processing_time,
        };
        let mut skipped = Vec::new();
        let mut taken = false;
        for window in self.config.assigner.assign(of) {
            match self.place(window, out) {
                Ok(window) => {
                    taken = true;
                    self.add(window, at, value, out);
                }
                Err(judged) => skipped.push((window, judged)),
            }
        }
        self.say_skipped(at, value, &skipped, taken, out);
        if !taken && self.is_element_late(at) {
            let (allowed_lateness_ms, watermark) =
                (self.config.allowed_lateness_ms, self.watermark);
            out.push(Output::Late { value: value.clone(), at, allowed_lateness_ms, watermark });
        }
    }

    /// The watermark moves: timers up to it fire in the order of their times: `advanceWatermark`. One that was set
    /// for a time before the watermark waits for its next move.
    pub fn on_watermark(&mut self, watermark: Millis, out: &mut Out<A>) {
        if watermark > self.watermark {
            self.on_watermark_up_to(watermark, watermark, out);
        }
    }

    /// The same for timers up to `time` alone, so that those of several keys can fire in the order of their times.
    pub fn on_watermark_up_to(&mut self, time: Millis, watermark: Millis, out: &mut Out<A>) {
        self.watermark = self.watermark.max(watermark);
        while let Some((time, window)) = self.timers.pop_due(TimeDomain::Event, time) {
            self.on_timer(TimeDomain::Event, time, window, out);
        }
    }

    /// The clock moves as in Flink's test harness, which fires timers up to `now`: `onProcessingTime`.
    pub fn on_processing_time(&mut self, now: Millis, out: &mut Out<A>) {
        self.processing_time = self.processing_time.max(now);
        self.fire_by_clock(self.processing_time, out);
    }

    /// The clock moves as in a job, where a timer fires when its millisecond is over, so that a record may still
    /// come within it: `ProcessingTimeServiceUtil.getProcessingTimeDelay`.
    pub fn on_clock(&mut self, now: Millis, out: &mut Out<A>) {
        self.processing_time = self.processing_time.max(now);
        self.fire_by_clock(self.processing_time.saturating_sub(1), out);
    }

    fn fire_by_clock(&mut self, latest: Millis, out: &mut Out<A>) {
        while let Some((time, window)) = self.timers.pop_due(TimeDomain::Processing, latest) {
            self.on_timer(TimeDomain::Processing, time, window, out);
        }
    }

    /// When the next timer of this clock is due: until then, moving that clock changes nothing.
    pub fn next_timer(&self, domain: TimeDomain) -> Option<Millis> {
        self.timers.next(domain)
    }

    /// The timers, to watch and to count.
    pub const fn timers_mut(&mut self) -> &mut Timers {
        &mut self.timers
    }

    /// The windows that are kept, and how many elements of each were in no pane yet.
    pub fn living(&self) -> impl Iterator<Item = (Window, u64)> {
        self.windows.iter().map(|(window, kept)| (*window, kept.unseen))
    }

    /// The window that an element's window becomes by merging, unless that is too late.
    fn place(&mut self, window: Window, out: &mut Out<A>) -> Result<Window, Window> {
        if !self.config.assigner.merges() {
            return if self.is_late(window) { Err(window) } else { Ok(window) };
        }
        let merge = merge(self.living_near(window), window);
        if !merge.from.is_empty() {
            self.merge_windows(&merge.from, merge.into);
        }
        if !merge.from.is_empty() || merge.into != window {
            let mut from = merge.from;
            from.push(window);
            out.push(Output::Merged { from, into: merge.into });
        }
        if !self.is_late(merge.into) {
            return Ok(merge.into);
        }
        Err(merge.into)
    }

    /// The living windows that may touch this one: as they don't touch each other, the order of their ends is
    /// that of their starts.
    fn living_near(&self, window: Window) -> impl Iterator<Item = Window> {
        let not_before = Window { start: Millis::MIN, end: window.start }..;
        let living = self.windows.range(not_before).map(|(window, _)| *window);
        living.take_while(move |other| other.start <= window.end)
    }

    fn merge_windows(&mut self, from: &[Window], into: Window) {
        let mut sum = Kept::<A> {
            contents: None,
            unseen: 0,
            trigger: State::default(),
            panes: 0,
            closing_panes: 0,
        };
        let mut states = Vec::new();
        for window in from {
            let Some(mut kept) = self.windows.remove(window) else { continue };
            states.push(kept.trigger);
            self.clear_trigger(&mut kept.trigger, *window);
            self.timers.delete(self.config.domain, self.cleanup_time(*window), *window);
            sum.contents = merged(sum.contents, kept.contents);
            sum.unseen += kept.unseen;
            if *window == into {
                (sum.panes, sum.closing_panes) = (kept.panes, kept.closing_panes);
            }
        }
        let c = context(into, self.watermark, self.processing_time, &mut self.timers);
        self.config.trigger.on_merge(&states, &mut sum.trigger, c);
        self.windows.insert(into, sum);
    }

    fn add(&mut self, window: Window, at: Millis, value: &A::Input, out: &mut Out<A>) {
        let kept = self.windows.entry(window).or_insert_with(|| Kept {
            contents: None,
            unseen: 0,
            trigger: State::default(),
            panes: 0,
            closing_panes: 0,
        });
        kept.contents.get_or_insert_default().add(value);
        kept.unseen += 1;
        let c = context(window, self.watermark, self.processing_time, &mut self.timers);
        let verdict = self.config.trigger.on_element(at, &mut kept.trigger, c);
        let timing = if self.has_ended(window) { Timing::Late } else { Timing::Early };
        self.carry_out(verdict, window, timing, out);
        let cleanup_time = self.cleanup_time(window);
        if cleanup_time < Millis::MAX {
            self.timers.set(self.config.domain, cleanup_time, window);
        }
    }

    fn on_timer(&mut self, domain: TimeDomain, time: Millis, window: Window, out: &mut Out<A>) {
        let Some(kept) = self.windows.get_mut(&window) else { return };
        let c = context(window, self.watermark, self.processing_time, &mut self.timers);
        let verdict = self.config.trigger.on_timer(domain, time, &mut kept.trigger, c);
        let timing = if time < window.max_timestamp() { Timing::Early } else { Timing::OnTime };
        self.carry_out(verdict, window, timing, out);
        if domain == self.config.domain && time == self.cleanup_time(window) {
            self.forget(window, out);
        }
    }

    /// Fires and purges, as the trigger says. A window without contents doesn't call its function.
    fn carry_out(&mut self, verdict: Verdict, window: Window, timing: Timing, out: &mut Out<A>) {
        let Some(kept) = self.windows.get_mut(&window) else { return };
        if verdict.fire {
            let Some(contents) = kept.contents.clone() else { return };
            let info = kept.next_pane(timing);
            let timestamp = window.max_timestamp();
            out.push(Output::Pane(Pane { window, contents, timestamp, info }));
        }
        if verdict.purge {
            kept.contents = None;
        }
    }

    fn forget(&mut self, window: Window, out: &mut Out<A>) {
        let Some(mut kept) = self.windows.remove(&window) else { return };
        self.clear_trigger(&mut kept.trigger, window);
        out.push(Output::Forgotten { window, unseen: kept.unseen });
    }

    fn clear_trigger(&mut self, state: &mut State, window: Window) {
        let c = context(window, self.watermark, self.processing_time, &mut self.timers);
        self.config.trigger.clear(state, c);
    }

    fn say_skipped(
        &self,
        at: Millis,
        value: &A::Input,
        skipped: &[(Window, Window)],
        taken: bool,
        out: &mut Out<A>,
    ) {
        for (window, judged) in skipped {
            let reason = DropReason::Expired {
                max_timestamp: judged.max_timestamp(),
                allowed_lateness_ms: self.config.allowed_lateness_ms,
                watermark: self.watermark,
            };
            let value = value.clone();
            out.push(Output::Dropped(Dropped { value, at, window: Some(*window), reason }));
        }
        if !taken && skipped.is_empty() {
            let (value, reason) = (value.clone(), DropReason::InNoWindow);
            out.push(Output::Dropped(Dropped { value, at, window: None, reason }));
        }
    }

    /// `isWindowLate`: judged after merging.
    fn is_late(&self, window: Window) -> bool {
        self.config.domain == TimeDomain::Event && self.cleanup_time(window) <= self.watermark
    }

    /// `isElementLate`.
    fn is_element_late(&self, at: Millis) -> bool {
        self.config.domain == TimeDomain::Event
            && at.saturating_add(self.config.allowed_lateness_ms) <= self.watermark
    }

    fn has_ended(&self, window: Window) -> bool {
        self.config.domain == TimeDomain::Event && window.max_timestamp() <= self.watermark
    }

    fn cleanup_time(&self, window: Window) -> Millis {
        match self.config.domain {
            _ if window == Window::GLOBAL => Millis::MAX,
            TimeDomain::Event => {
                window.max_timestamp().saturating_add(self.config.allowed_lateness_ms)
            }
            TimeDomain::Processing => window.max_timestamp(),
        }
    }
}

impl<A> Kept<A> {
    /// Flink numbers no panes; the numbers and the timing are ours, as in Beam.
    fn next_pane(&mut self, timing: Timing) -> PaneInfo {
        let timing = if self.closing_panes > 0 { Timing::Late } else { timing };
        let index = self.panes;
        self.panes += 1;
        self.unseen = 0;
        let non_speculative_index = match timing {
            Timing::Early => None,
            Timing::OnTime | Timing::Late => Some(self.closing_panes),
        };
        self.closing_panes += u64::from(non_speculative_index.is_some());
        PaneInfo { timing, index, non_speculative_index, first: index == 0, last: false }
    }
}

fn context(
    window: Window,
    watermark: Millis,
    processing_time: Millis,
    timers: &mut Timers,
) -> Context<'_> {
    Context { window, watermark, processing_time, timers }
}

fn merged<A: Aggregate>(first: Option<A>, second: Option<A>) -> Option<A> {
    match (first, second) {
        (Some(mut first), Some(second)) => {
            first.merge(second);
            Some(first)
        }
        (first, second) => first.or(second),
    }
}
