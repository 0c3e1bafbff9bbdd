//! Flink's triggers, by the names of their classes.
//!
//! A trigger is asked at each element and at each of its timers whether the window fires, and whether it is
//! emptied then. What it remembers of a window is a count and the next time of a continuous one.

use crate::base::format::Length;
use crate::streaming::timers::{TimeDomain, Timers};
use crate::streaming::{Millis, Window};
use std::fmt;
use thiserror::Error;

/// When a window fires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// `EventTimeTrigger`: when the watermark reaches the window's last millisecond, then at each element.
    EventTime,
    /// `ProcessingTimeTrigger`: when the clock reaches the window's last millisecond.
    ProcessingTime,
    /// `CountTrigger`: at each `n`th element. It knows nothing of the end of the window.
    Count {
        /// How many elements.
        n: u64,
    },
    /// `PurgingTrigger`: as the other, and empties the window when it fires.
    Purging(Box<Trigger>),
    /// `ContinuousEventTimeTrigger`: as `EventTime`, and each `interval_ms` of event time before.
    ContinuousEventTime {
        /// From one firing to the next.
        interval_ms: Millis,
    },
    /// `ContinuousProcessingTimeTrigger`: each `interval_ms` of the clock.
    ContinuousProcessingTime {
        /// From one firing to the next.
        interval_ms: Millis,
    },
    /// `GlobalWindows.NeverTrigger`.
    Never,
}

/// A trigger that can't be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TriggerError {
    /// It would fire at nothing.
    #[error("a count trigger's n is 0, and must be at least 1")]
    Count,
    /// It would fire for ever in the same moment.
    #[error("a continuous trigger's interval is {0} ms, and must be at least 1")]
    Interval(Millis),
    /// So many in each other that no one meant it.
    #[error("triggers are nested deeper than {MOST_NESTED}")]
    Nested,
}

const MOST_NESTED: usize = 16;

/// What a trigger remembers of a window.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct State {
    count: u64,
    next_fire: Option<Millis>,
}

/// What a trigger says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) fire: bool,
    pub(super) purge: bool,
}

/// What a trigger sees of the world.
pub(super) struct Context<'a> {
    pub(super) window: Window,
    pub(super) watermark: Millis,
    pub(super) processing_time: Millis,
    pub(super) timers: &'a mut Timers,
}

const CONTINUE: Verdict = Verdict { fire: false, purge: false };
const FIRE: Verdict = Verdict { fire: true, purge: false };

impl Trigger {
    /// Checks counts, intervals and depth.
    ///
    /// # Errors
    /// When a trigger could never work.
    pub fn validate(self) -> Result<Trigger, TriggerError> {
        let mut inner = &self;
        for _ in 0..MOST_NESTED {
            match inner {
                Trigger::Purging(of) => inner = of,
                Trigger::Count { n: 0 } => return Err(TriggerError::Count),
                Trigger::ContinuousEventTime { interval_ms: interval }
                | Trigger::ContinuousProcessingTime { interval_ms: interval }
                    if *interval < 1 =>
                {
                    return Err(TriggerError::Interval(*interval));
                }
                Trigger::EventTime
                | Trigger::ProcessingTime
                | Trigger::Count { .. }
                | Trigger::ContinuousEventTime { .. }
                | Trigger::ContinuousProcessingTime { .. }
                | Trigger::Never => return Ok(self),
            }
        }
        Err(TriggerError::Nested)
    }

    /// Whether it fires when the watermark reaches the end of the window.
    pub fn waits_for_the_end(&self) -> bool {
        match self {
            Trigger::EventTime | Trigger::ContinuousEventTime { .. } => true,
            Trigger::Purging(of) => of.waits_for_the_end(),
            Trigger::ProcessingTime
            | Trigger::Count { .. }
            | Trigger::ContinuousProcessingTime { .. }
            | Trigger::Never => false,
        }
    }

    /// How many elements it waits for, if it counts.
    pub fn only_count(&self) -> Option<u64> {
        match self {
            Trigger::Count { n } => Some(*n),
            Trigger::Purging(of) => of.only_count(),
            Trigger::EventTime
            | Trigger::ProcessingTime
            | Trigger::ContinuousEventTime { .. }
            | Trigger::ContinuousProcessingTime { .. }
            | Trigger::Never => None,
        }
    }

    pub(super) fn on_element(&self, at: Millis, state: &mut State, c: Context<'_>) -> Verdict {
        match self {
            Trigger::EventTime => at_the_end(c),
            Trigger::ProcessingTime => {
                c.timers.set(TimeDomain::Processing, c.window.max_timestamp(), c.window);
                CONTINUE
            }
            Trigger::Count { n } => counted(*n, state),
            Trigger::Purging(of) => purging(of.on_element(at, state, c)),
            Trigger::ContinuousEventTime { interval_ms } => {
                continuous_event_time(*interval_ms, at, state, c)
            }
            Trigger::ContinuousProcessingTime { interval_ms } => {
                if state.next_fire.is_none() {
                    let start = c.processing_time - c.processing_time % interval_ms;
                    set_next(start, *interval_ms, TimeDomain::Processing, state, c);
                }
                CONTINUE
            }
            Trigger::Never => CONTINUE,
        }
    }

    pub(super) fn on_timer(
        &self,
        domain: TimeDomain,
        time: Millis,
        state: &mut State,
        c: Context<'_>,
    ) -> Verdict {
        match (self, domain) {
            (Trigger::Purging(of), _) => purging(of.on_timer(domain, time, state, c)),
            (Trigger::EventTime, TimeDomain::Event) => {
                Verdict { fire: time == c.window.max_timestamp(), purge: false }
            }
            (Trigger::ProcessingTime, TimeDomain::Processing) => FIRE,
            (Trigger::ContinuousEventTime { .. }, TimeDomain::Event)
                if time == c.window.max_timestamp() =>
            {
                FIRE
            }
            (Trigger::ContinuousEventTime { interval_ms }, TimeDomain::Event)
            | (Trigger::ContinuousProcessingTime { interval_ms }, TimeDomain::Processing)
                if state.next_fire == Some(time) =>
            {
                // Flink sets the last one again and again where the clock is past the window's end for good,
                // as in windows of event time: its task hangs. Here it fires once.
                if time < c.window.max_timestamp() {
                    set_next(time, *interval_ms, domain, state, c);
                }
                FIRE
            }
            (
                Trigger::EventTime
                | Trigger::ProcessingTime
                | Trigger::Count { .. }
                | Trigger::ContinuousEventTime { .. }
                | Trigger::ContinuousProcessingTime { .. }
                | Trigger::Never,
                TimeDomain::Event | TimeDomain::Processing,
            ) => CONTINUE,
        }
    }

    /// Windows have become `c.window`, whose state is now `state`: counts are summed, the earliest next time
    /// is kept, and its timer is set for the new window.
    pub(super) fn on_merge(&self, merged: &[State], state: &mut State, c: Context<'_>) {
        state.count += merged.iter().map(|other| other.count).sum::<u64>();
        let nexts = merged.iter().map(|other| other.next_fire).chain([state.next_fire]);
        state.next_fire = nexts.flatten().min();
        self.set_timers_again(state, c);
    }

    fn set_timers_again(&self, state: &State, c: Context<'_>) {
        let end = c.window.max_timestamp();
        match self {
            Trigger::Purging(of) => of.set_timers_again(state, c),
            Trigger::EventTime if end > c.watermark => {
                c.timers.set(TimeDomain::Event, end, c.window);
            }
            Trigger::ProcessingTime if end > c.processing_time => {
                c.timers.set(TimeDomain::Processing, end, c.window);
            }
            Trigger::ContinuousEventTime { .. } => set_each(TimeDomain::Event, state, c),
            Trigger::ContinuousProcessingTime { .. } => set_each(TimeDomain::Processing, state, c),
            Trigger::EventTime
            | Trigger::ProcessingTime
            | Trigger::Count { .. }
            | Trigger::Never => {}
        }
    }

    /// Forgets a window: takes its timers back.
    pub(super) fn clear(&self, state: &mut State, c: Context<'_>) {
        let end = c.window.max_timestamp();
        match self {
            Trigger::Purging(of) => return of.clear(state, c),
            Trigger::EventTime => c.timers.delete(TimeDomain::Event, end, c.window),
            Trigger::ProcessingTime => c.timers.delete(TimeDomain::Processing, end, c.window),
            Trigger::ContinuousEventTime { .. } => {
                delete_next(TimeDomain::Event, state, c);
            }
            Trigger::ContinuousProcessingTime { .. } => {
                delete_next(TimeDomain::Processing, state, c);
            }
            Trigger::Count { .. } | Trigger::Never => {}
        }
        *state = State::default();
    }
}

/// As one writes it in Flink.
impl fmt::Display for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trigger::EventTime => f.write_str("EventTimeTrigger"),
            Trigger::ProcessingTime => f.write_str("ProcessingTimeTrigger"),
            Trigger::Count { n } => write!(f, "CountTrigger({n})"),
            Trigger::Purging(of) => write!(f, "PurgingTrigger({of})"),
            Trigger::ContinuousEventTime { interval_ms } => {
                write!(f, "ContinuousEventTimeTrigger({})", Length(*interval_ms))
            }
            Trigger::ContinuousProcessingTime { interval_ms } => {
                write!(f, "ContinuousProcessingTimeTrigger({})", Length(*interval_ms))
            }
            Trigger::Never => f.write_str("NeverTrigger"),
        }
    }
}

fn at_the_end(c: Context<'_>) -> Verdict {
    let end = c.window.max_timestamp();
    if end <= c.watermark {
        return FIRE;
    }
    c.timers.set(TimeDomain::Event, end, c.window);
    CONTINUE
}

fn counted(n: u64, state: &mut State) -> Verdict {
    state.count += 1;
    if state.count < n {
        return CONTINUE;
    }
    state.count = 0;
    FIRE
}

fn purging(verdict: Verdict) -> Verdict {
    Verdict { purge: verdict.fire, ..verdict }
}

/// The first time is at a multiple of the interval, by Java's truncating remainder.
fn continuous_event_time(
    interval_ms: Millis,
    at: Millis,
    state: &mut State,
    c: Context<'_>,
) -> Verdict {
    let end = c.window.max_timestamp();
    if end <= c.watermark {
        return FIRE;
    }
    c.timers.set(TimeDomain::Event, end, c.window);
    if state.next_fire.is_none() {
        set_next(at - at % interval_ms, interval_ms, TimeDomain::Event, state, c);
    }
    CONTINUE
}

fn set_next(
    time: Millis,
    interval_ms: Millis,
    domain: TimeDomain,
    state: &mut State,
    c: Context<'_>,
) {
    let next = time.saturating_add(interval_ms).min(c.window.max_timestamp());
    state.next_fire = Some(next);
    c.timers.set(domain, next, c.window);
}

fn set_each(domain: TimeDomain, state: &State, c: Context<'_>) {
    if let Some(next) = state.next_fire {
        c.timers.set(domain, next, c.window);
    }
}

fn delete_next(domain: TimeDomain, state: &State, c: Context<'_>) {
    if let Some(next) = state.next_fire {
        c.timers.delete(domain, next, c.window);
    }
}
