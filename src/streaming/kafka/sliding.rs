//! Kafka's sliding windows, for one key: `KStreamSlidingWindowAggregate`.
//!
//! Records make the windows: each record ends one (to its left), and begins one a millisecond after it (to its
//! right) once there is another record to go into that. Both ends are included. So a record comes into windows
//! that are made later, by other records; what is copied into them is said.
//!
//! ```text
//! difference 5, records at 10, 13:   [5 ····· 10]        left of 10
//!                                        [8 ····· 13]    left of 13: the 10 is copied into it
//!                                           [11 ····· 16]  right of 10, since the 13 is in it
//! ```
//!
//! A record before `difference` would begin before 0; all of these are in `[0, difference]` instead.

mod batch;
mod plan;

pub use batch::sliding_in_batch;

use super::{Out, pane};
use crate::streaming::aggregate::Aggregate;
use crate::streaming::assigner::MOST_MS;
use crate::streaming::output::{DropReason, Dropped, Output};
use crate::streaming::{Millis, Window};
use std::collections::BTreeMap;

/// `SlidingWindows.ofTimeDifferenceAndGrace`. None of them is negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlidingConfig {
    /// How far apart two records of a window may be.
    pub difference_ms: Millis,
    /// How long after its end a window takes records.
    pub grace_ms: Millis,
    /// Whether only final results are emitted: `suppress(untilWindowCloses)`.
    pub suppress: bool,
}

/// The windows of one key, by their first millisecond.
#[derive(Clone, Debug)]
pub struct Sliding<A: Aggregate> {
    config: SlidingConfig,
    windows: BTreeMap<Millis, Kept<A>>,
}

#[derive(Clone, Debug)]
struct Kept<A> {
    contents: A,
    /// The time of the latest record in it.
    latest: Millis,
    panes: u64,
    /// Whether something is in it that was in none of its panes.
    has_news: bool,
}

impl<A: Aggregate> Sliding<A> {
    /// No windows yet.
    pub const fn new(config: SlidingConfig) -> Sliding<A> {
        Sliding { config, windows: BTreeMap::new() }
    }

    /// The window that a record ends, or the first of all for one that is too early to end one; nothing for one
    /// before 1970, which Kafka does not take.
    pub fn left_of(config: SlidingConfig, at: Millis) -> Option<Window> {
        let start = at.saturating_sub(config.difference_ms).max(0);
        (at >= 0).then(|| config.window(start))
    }

    /// The windows that would take a record of this time, were it not too late for them.
    pub fn windows_for(&self, at: Millis) -> Vec<Window> {
        let plan = self.plan(at);
        let left = plan.left.map(|(start, _)| start);
        let starts = plan.updated.iter().copied().chain(plan.right_of_previous).chain(left);
        starts.map(|start| self.config.window(start)).collect()
    }

    /// A record arrives.
    pub fn on_record(
        &mut self,
        at: Millis,
        value: &A::Input,
        stream_time: Millis,
        out: &mut Out<A>,
    ) {
        if at < 0 {
            let (value, reason) = (value.clone(), DropReason::InNoWindow);
            out.push(Output::Dropped(Dropped { value, at, window: None, reason }));
            return;
        }
        let plan = self.plan(at);
        // What is copied was there before this record.
        let contents =
            |from: Millis| self.windows.get(&from).map(|of| (of.contents.clone(), of.latest));
        let right = plan.right.and_then(|(start, from)| Some((start, contents(from)?)));
        let left = plan.left.map(|(start, from)| (start, from.and_then(contents)));
        let close = stream_time.saturating_sub(self.config.grace_ms);
        for start in plan.updated.into_iter().chain(plan.right_of_previous) {
            self.update((start, None), (at, value), stream_time, out);
        }
        if let Some((start, copied)) = left {
            self.update(
                (start, copied.map(|(contents, _)| contents)),
                (at, value),
                stream_time,
                out,
            );
        }
        if let Some((start, (contents, latest))) =
            right.filter(|_| self.config.window(at.saturating_add(1)).max_timestamp() > close)
        {
            self.copy(start, contents, latest, out);
            self.say(start, stream_time, out);
        }
        self.on_stream_time(stream_time, out);
    }

    /// Stream time has moved: windows that have closed are emitted, if they were suppressed; and forgotten when
    /// no record can come that would need them: `2 · difference + grace` after their beginning.
    pub fn on_stream_time(&mut self, stream_time: Millis, out: &mut Out<A>) {
        let SlidingConfig { difference_ms, grace_ms, suppress } = self.config;
        let close = stream_time.saturating_sub(grace_ms);
        if suppress {
            let closed = close.saturating_sub(difference_ms);
            for (start, kept) in self.windows.range_mut(..=closed).filter(|(_, of)| of.has_news) {
                kept.say(self.config.window(*start), stream_time, true, out);
            }
        }
        let kept_from = close.saturating_sub(difference_ms).saturating_sub(difference_ms);
        while let Some(entry) = self.windows.first_entry().filter(|of| *of.key() <= kept_from) {
            let window = self.config.window(entry.remove_entry().0);
            out.push(Output::Forgotten { window, unseen: 0 });
        }
    }

    /// The stream time at which something happens next: a window is said, or forgotten.
    pub fn next_close(&self) -> Option<Millis> {
        let SlidingConfig { difference_ms, grace_ms, suppress } = self.config;
        let after = difference_ms.saturating_add(grace_ms);
        let waits = |(start, kept): (&Millis, &Kept<A>)| {
            (suppress && kept.has_news).then(|| start.saturating_add(after))
        };
        let forgets = self.windows.first_key_value();
        let forgets = forgets.map(|(at, _)| at.saturating_add(after).saturating_add(difference_ms));
        self.windows.iter().find_map(waits).into_iter().chain(forgets).min()
    }

    /// Windows that are kept.
    pub fn state_rows(&self) -> usize {
        self.windows.len()
    }

    /// `updateWindowAndForward`: a window takes a record while its end, included, is not before the stream time
    /// less the grace.
    fn update(
        &mut self,
        (start, copied): (Millis, Option<A>),
        (at, value): (Millis, &A::Input),
        stream_time: Millis,
        out: &mut Out<A>,
    ) {
        let window = self.config.window(start);
        if window.end <= stream_time.saturating_sub(self.config.grace_ms) {
            let reason = DropReason::Expired {
                max_timestamp: window.max_timestamp(),
                allowed_lateness_ms: self.config.grace_ms,
                watermark: stream_time,
            };
            let (value, window) = (value.clone(), Some(window));
            out.push(Output::Dropped(Dropped { value, at, window, reason }));
            return;
        }
        if let Some(contents) = copied {
            self.copy(start, contents, at, out);
        }
        let kept = self.windows.entry(start).or_insert_with(|| Kept::holding(A::default(), at));
        kept.contents.add(value);
        kept.latest = kept.latest.max(at);
        kept.has_news = true;
        self.say(start, stream_time, out);
    }

    /// A window begins with what another held.
    fn copy(&mut self, start: Millis, contents: A, latest: Millis, out: &mut Out<A>) {
        let into = self.config.window(start);
        out.push(Output::Copied { contents: contents.clone(), into });
        self.windows.insert(start, Kept::holding(contents, latest));
    }

    fn say(&mut self, start: Millis, stream_time: Millis, out: &mut Out<A>) {
        if let Some(kept) = self.windows.get_mut(&start).filter(|_| !self.config.suppress) {
            kept.say(self.config.window(start), stream_time, false, out);
        }
    }
}

impl SlidingConfig {
    /// From `start` to `start + difference`, both included.
    const fn window(self, start: Millis) -> Window {
        Window { start, end: start.saturating_add(self.difference_ms).saturating_add(1) }
    }

    /// Checks the lengths.
    ///
    /// # Errors
    /// When one is out of range.
    pub fn validate(self) -> Result<SlidingConfig, super::ConfigError> {
        if !(0..=MOST_MS).contains(&self.difference_ms) {
            return Err(super::ConfigError::Difference(self.difference_ms));
        }
        if !(0..=MOST_MS).contains(&self.grace_ms) {
            return Err(super::ConfigError::Grace(self.grace_ms));
        }
        Ok(self)
    }
}

impl<A: Clone> Kept<A> {
    const fn holding(contents: A, latest: Millis) -> Kept<A> {
        Kept { contents, latest, panes: 0, has_news: true }
    }

    fn say<V>(
        &mut self,
        window: Window,
        stream_time: Millis,
        is_final: bool,
        out: &mut Vec<Output<A, V>>,
    ) {
        let contents = self.contents.clone();
        out.push(Output::Pane(pane(window, contents, self.panes, stream_time, is_final)));
        self.panes += 1;
        self.has_news = false;
    }
}

#[cfg(test)]
mod tests;
