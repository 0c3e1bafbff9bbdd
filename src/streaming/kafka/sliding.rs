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

/// What a record does, as far as time alone says: which windows take it, and what others begin with.
#[derive(Clone, Debug, Default)]
struct Plan {
    /// Windows that there are and that it is in, the latest first.
    updated: Vec<Millis>,
    /// The window to the right of the record before it, which it is the first in.
    right_of_previous: Option<Millis>,
    /// The window that it ends, and the one whose records are in that too.
    left: Option<(Millis, Option<Millis>)>,
    /// The window that it makes for records after it, and the one that has them.
    right: Option<(Millis, Millis)>,
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

    fn plan(&self, at: Millis) -> Plan {
        match at {
            ..0 => Plan::default(),
            at if at < self.config.difference_ms => self.plan_early(at),
            at => self.plan_in_order(at),
        }
    }

    /// `processReverse`: what is near enough, the latest first.
    fn plan_in_order(&self, at: Millis) -> Plan {
        let difference = self.config.difference_ms;
        let (mut plan, mut copied, mut previous) = (Plan::default(), None, None);
        let (mut has_left, mut with_later) = (false, None);
        let from = at.saturating_sub(difference.saturating_mul(2)).max(0);
        for (start, kept) in self.windows.range(from..=at).rev() {
            let end = start.saturating_add(difference);
            if end < at {
                (copied, previous) = (Some(*start), Some(kept.latest));
                break;
            }
            plan.updated.push(*start);
            if end > at {
                with_later = with_later.or(Some((*start, kept.latest)));
                continue;
            }
            has_left = true;
            if kept.latest == at {
                // One like it has made all windows that it would make.
                return plan;
            }
            previous = Some(kept.latest);
            break;
        }
        let reaches = |before: &Millis| at.saturating_sub(difference) <= *before;
        let previous_in_left = previous.filter(reaches);
        // The window to the right of the one before reaches a millisecond further than the one to the left of this.
        let right_of = previous.map(|before| before.saturating_add(1));
        plan.right_of_previous = right_of.filter(|start| {
            start.saturating_add(difference) >= at && !self.windows.contains_key(start)
        });
        // Where both are the same window, Kafka puts the record into it twice, each time as its first.
        let starts_both = plan.right_of_previous == Some(at.saturating_sub(difference));
        if !has_left && !starts_both {
            plan.left = Some((
                at.saturating_sub(difference),
                copied.filter(|_| previous_in_left.is_some()),
            ));
        }
        plan.right = self.right_of(at, with_later);
        plan
    }

    /// `processEarly`: what can't end a window of its own is in the first of all.
    fn plan_early(&self, at: Millis) -> Plan {
        let mut plan = Plan::default();
        let mut with_later = None;
        for (start, kept) in self.windows.range(1..at.saturating_add(1)).rev() {
            plan.updated.push(*start);
            with_later = with_later.or(Some((*start, kept.latest)));
        }
        let first = self.windows.get(&0).map(|kept| kept.latest);
        with_later = with_later.or(first.map(|latest| (0, latest)));
        plan.right = self.right_of(at, with_later);
        let right_of = first.filter(|latest| *latest < at).map(|latest| latest.saturating_add(1));
        plan.right_of_previous = right_of.filter(|start| !self.windows.contains_key(start));
        match first {
            Some(_) => plan.updated.push(0),
            None => plan.left = Some((0, None)),
        }
        plan
    }

    /// The window to the right of a record, where there is none and one that begins before it has later records.
    fn right_of(
        &self,
        at: Millis,
        with_later: Option<(Millis, Millis)>,
    ) -> Option<(Millis, Millis)> {
        let start = at.saturating_add(1);
        let (from, _) = with_later.filter(|(_, latest)| *latest > at)?;
        (!self.windows.contains_key(&start)).then_some((start, from))
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

/// The windows of these records when all are there at once.
pub fn sliding_in_batch<V: Clone>(
    config: SlidingConfig,
    records: &[(Millis, V)],
) -> BTreeMap<Window, Vec<V>> {
    let mut sorted: Vec<&(Millis, V)> = records.iter().filter(|(at, _)| *at >= 0).collect();
    sorted.sort_by_key(|(at, _)| *at);
    let within = |window: Window| {
        let from = sorted.partition_point(|(at, _)| *at < window.start);
        let until = sorted.partition_point(|(at, _)| *at < window.end);
        sorted[from..until].iter().map(|(_, value)| value.clone()).collect::<Vec<V>>()
    };
    let mut windows = BTreeMap::new();
    for (at, _) in &sorted {
        let left = Sliding::<crate::streaming::aggregate::Bag<V>>::left_of(config, *at);
        for window in left.into_iter().chain([config.window(at.saturating_add(1))]) {
            let held = within(window);
            if !held.is_empty() {
                windows.insert(window, held);
            }
        }
    }
    windows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::{Purpose, Random};
    use crate::streaming::aggregate::Bag;

    fn played(config: SlidingConfig, records: &[(Millis, i64)]) -> Vec<Output<Bag<i64>, i64>> {
        let mut windows: Sliding<Bag<i64>> = Sliding::new(config);
        let (mut out, mut stream_time) = (Vec::new(), Millis::MIN);
        for (at, value) in records {
            stream_time = stream_time.max(*at);
            windows.on_record(*at, value, stream_time, &mut out);
        }
        out
    }

    /// The last pane of each window: its first and last millisecond, and its sum.
    fn last(out: &[Output<Bag<i64>, i64>]) -> Vec<(Millis, Millis, i64)> {
        let mut last = BTreeMap::new();
        for output in out {
            if let Output::Pane(pane) = output {
                last.insert(
                    pane.window.start,
                    (pane.window.max_timestamp(), pane.contents.0.iter().sum()),
                );
            }
        }
        last.into_iter().map(|(start, (end, sum))| (start, end, sum)).collect()
    }

    const TEN: SlidingConfig = SlidingConfig { difference_ms: 10, grace_ms: 50, suppress: false };

    /// By hand: 16 and 20 are in reach of each other, 28 of the 20 alone.
    #[test]
    fn records_make_windows_to_their_left_and_right() {
        let out = played(TEN, &[(16, 1), (20, 2), (28, 4)]);
        let expected = [(6, 16, 1), (10, 20, 3), (17, 27, 2), (18, 28, 6), (21, 31, 4)];
        assert_eq!(last(&out), expected);
        // Out of order, the 20 is copied to the right of the 16 that comes after it.
        assert_eq!(last(&played(TEN, &[(20, 2), (28, 4), (16, 1)])), expected);
        let is_copy = |output: &&Output<Bag<i64>, i64>| {
            matches!(output, Output::Copied { into: Window { start: 17, .. }, .. })
        };
        let late = played(TEN, &[(20, 2), (16, 1)]);
        assert_eq!(late.iter().filter(is_copy).count(), 1, "{late:?}");
    }

    #[test]
    fn records_before_the_difference_share_the_first_window() {
        let out = played(TEN, &[(3, 1), (7, 2), (12, 4)]);
        let expected = [(0, 10, 3), (2, 12, 7), (4, 14, 6), (8, 18, 4)];
        assert_eq!(last(&out), expected);
        assert_eq!(last(&played(TEN, &[(12, 4), (7, 2), (3, 1)])), expected);
        let before = played(TEN, &[(-1, 1)]);
        assert!(matches!(&before[..], [Output::Dropped(_)]), "{before:?}");
    }

    /// A window takes a record while its end, included, is not before the stream time less the grace.
    #[test]
    fn a_window_takes_until_its_grace_is_over() {
        let config = SlidingConfig { grace_ms: 5, ..TEN };
        let dropped = |at| {
            let out = played(config, &[(30, 1), (40, 2), (at, 4)]);
            let of = |output: &Output<Bag<i64>, i64>| {
                let Output::Dropped(of) = output else { return None };
                of.window.map(Window::max_timestamp)
            };
            out.iter().filter_map(of).collect::<Vec<Millis>>()
        };
        assert_eq!(dropped(35), [] as [Millis; 0]);
        // Its own window has closed; that of the 30, to 40, has not.
        assert_eq!(dropped(34), [34]);
        // And what has closed before it is not begun to its right either.
        assert_eq!(dropped(24), [30, 24]);
    }

    /// Suppressed, each is said once: when stream time has reached its end and the grace.
    #[test]
    fn suppressed_windows_are_said_at_the_end_of_their_grace() {
        let config = SlidingConfig { grace_ms: 5, suppress: true, ..TEN };
        assert_eq!(last(&played(config, &[(16, 1), (20, 2)])), []);
        assert_eq!(last(&played(config, &[(16, 1), (21, 2)])), [(6, 16, 1)]);
        assert_eq!(
            last(&played(config, &[(16, 1), (20, 2), (32, 4)])),
            [(6, 16, 1), (10, 20, 3), (17, 27, 2)]
        );
    }

    /// In whatever order they come, what is not too late makes the windows of the batch.
    #[test]
    fn within_the_grace_the_order_does_not_matter() {
        let mut windows = 0;
        for seed in 0..4_000 {
            let mut random = Random::keyed(seed, Purpose::Test, 14, 0);
            let difference_ms = random.below(30).cast_signed();
            let span = random.between(1, 120);
            let records: Vec<(Millis, i64)> = (0..random.between(1, 14))
                .map(|number| (random.below(span).cast_signed(), 1 << number))
                .collect();
            let config = SlidingConfig { difference_ms, grace_ms: 1_000, suppress: false };
            let batch: Vec<(Millis, Millis, i64)> = sliding_in_batch(config, &records)
                .into_iter()
                .map(|(window, held)| (window.start, window.max_timestamp(), held.iter().sum()))
                .collect();
            assert_eq!(
                last(&played(config, &records)),
                batch,
                "seed {seed}: {config:?}, {records:?}"
            );
            windows += batch.len();
        }
        assert!(windows > 30_000, "{windows}");
    }
}
