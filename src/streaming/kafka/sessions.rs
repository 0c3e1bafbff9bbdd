//! Sessions as Kafka Streams has them: `KStreamSessionWindowAggregate`.
//!
//! A session is `[first, last]`, both included; here its window ends a millisecond after the last. Two that
//! are at most a gap apart merge, and what was said of them is taken back.

use super::{Out, pane};
use crate::streaming::aggregate::Aggregate;
use crate::streaming::output::{DropReason, Dropped, Output, Pane};
use crate::streaming::{Millis, Window};
use std::collections::BTreeMap;

/// The sessions of one key.
#[derive(Clone, Debug)]
pub struct Sessions<A: Aggregate> {
    gap_ms: Millis,
    grace_ms: Millis,
    suppress: bool,
    sessions: BTreeMap<Window, Kept<A>>,
}

#[derive(Clone, Debug)]
struct Kept<A> {
    contents: A,
    /// What was said of it.
    said: Option<Pane<A>>,
    panes: u64,
    unseen: u64,
}

impl<A: Aggregate> Sessions<A> {
    /// No sessions yet. Gap and grace are not negative.
    pub const fn new(gap_ms: Millis, grace_ms: Millis, suppress: bool) -> Sessions<A> {
        Sessions { gap_ms, grace_ms, suppress, sessions: BTreeMap::new() }
    }

    /// The session of one record, before merging.
    pub const fn own(at: Millis) -> Window {
        Window { start: at, end: at.saturating_add(1) }
    }

    /// A record arrives: sessions from `at − gap` to `at + gap` merge with it, unless what they become ended
    /// before stream time less grace and gap.
    pub fn on_record(
        &mut self,
        at: Millis,
        value: &A::Input,
        stream_time: Millis,
        out: &mut Out<A>,
    ) {
        let own = Sessions::<A>::own(at);
        let near = |window: &&Window| {
            window.max_timestamp() >= at.saturating_sub(self.gap_ms)
                && window.start <= at.saturating_add(self.gap_ms)
        };
        let from: Vec<Window> = self.sessions.keys().filter(near).copied().collect();
        let into = from.iter().fold(own, |cover, window| cover.cover(*window));
        if into.max_timestamp() < self.close(stream_time) {
            let reason = DropReason::Expired {
                max_timestamp: into.max_timestamp(),
                allowed_lateness_ms: self.grace_ms.saturating_add(self.gap_ms),
                watermark: stream_time,
            };
            let (value, window) = (value.clone(), Some(own));
            out.push(Output::Dropped(Dropped { value, at, window, reason }));
        } else {
            self.add(value, (own, &from, into), stream_time, out);
        }
        self.on_stream_time(stream_time, out);
    }

    /// Stream time has moved: what is over is said, if it was suppressed, and forgotten, since the store keeps a
    /// session no longer than gap and grace unless it is told to.
    pub fn on_stream_time(&mut self, stream_time: Millis, out: &mut Out<A>) {
        let close = self.close(stream_time);
        for (window, kept) in &mut self.sessions {
            if self.suppress && kept.unseen > 0 && window.max_timestamp() <= close {
                kept.say(*window, stream_time, true, out);
            }
        }
        while let Some(entry) = self.sessions.first_entry() {
            if entry.key().max_timestamp() > close {
                return;
            }
            let (window, kept) = entry.remove_entry();
            out.push(Output::Forgotten { window, unseen: kept.unseen });
        }
    }

    /// The stream time at which something happens next: a session is said, or forgotten.
    pub fn next_close(&self) -> Option<Millis> {
        let after = self.gap_ms.saturating_add(self.grace_ms);
        let first = self.sessions.first_key_value();
        first.map(|(window, _)| window.max_timestamp().saturating_add(after))
    }

    /// Sessions that are kept.
    pub fn state_rows(&self) -> usize {
        self.sessions.len()
    }

    fn close(&self, stream_time: Millis) -> Millis {
        stream_time.saturating_sub(self.grace_ms).saturating_sub(self.gap_ms)
    }

    fn add(
        &mut self,
        value: &A::Input,
        (own, from, into): (Window, &[Window], Window),
        stream_time: Millis,
        out: &mut Out<A>,
    ) {
        let mut sum = Kept { contents: A::default(), said: None, panes: 0, unseen: 0 };
        let mut taken_back = Vec::new();
        for window in from {
            let Some(kept) = self.sessions.remove(window) else { continue };
            sum.contents.merge(kept.contents);
            sum.unseen += kept.unseen;
            if *window == into {
                (sum.panes, sum.said) = (kept.panes, kept.said);
            } else {
                taken_back.extend(kept.said);
            }
        }
        if into != own || !from.is_empty() {
            let mut all = from.to_vec();
            all.push(own);
            out.push(Output::Merged { from: all, into });
        }
        sum.contents.add(value);
        sum.unseen += 1;
        if !self.suppress {
            out.extend(taken_back.into_iter().map(Output::Retraction));
            sum.say(into, stream_time, false, out);
        }
        self.sessions.insert(into, sum);
    }
}

impl<A: Clone> Kept<A> {
    fn say<V>(
        &mut self,
        window: Window,
        stream_time: Millis,
        is_final: bool,
        out: &mut Vec<Output<A, V>>,
    ) {
        let pane = pane(window, self.contents.clone(), self.panes, stream_time, is_final);
        self.panes += 1;
        self.unseen = 0;
        self.said = Some(pane.clone());
        out.push(Output::Pane(pane));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::streaming::aggregate::Bag;

    fn played(
        grace: Millis,
        suppress: bool,
        records: &[(Millis, i64)],
    ) -> Vec<Output<Bag<i64>, i64>> {
        let mut sessions: Sessions<Bag<i64>> = Sessions::new(5, grace, suppress);
        let (mut out, mut stream_time) = (Vec::new(), Millis::MIN);
        for (at, value) in records {
            stream_time = stream_time.max(*at);
            sessions.on_record(*at, value, stream_time, &mut out);
        }
        out
    }

    fn sums(out: &[Output<Bag<i64>, i64>]) -> Vec<(i64, Millis, Millis)> {
        let row = |pane: &Pane<Bag<i64>>, sign: i64| {
            let sum: i64 = pane.contents.0.iter().sum();
            (sign * sum, pane.window.start, pane.window.max_timestamp())
        };
        out.iter()
            .filter_map(|output| match output {
                Output::Pane(pane) => Some(row(pane, 1)),
                Output::Retraction(pane) => Some(row(pane, -1)),
                Output::Merged { .. }
                | Output::Copied { .. }
                | Output::Dropped(_)
                | Output::Late { .. }
                | Output::Forgotten { .. } => None,
            })
            .collect()
    }

    /// Within the gap, both ends included; what was said of the parts is taken back.
    #[test]
    fn sessions_a_gap_apart_merge_and_are_taken_back() {
        let out = played(20, false, &[(0, 1), (10, 2), (5, 4)]);
        assert_eq!(sums(&out), [(1, 0, 0), (2, 10, 10), (-1, 0, 0), (-2, 10, 10), (7, 0, 10)]);
    }

    /// fidelity-stream.md: dropped when `mergedEnd < streamTime − grace − gap`.
    #[test]
    fn a_record_is_dropped_by_the_end_of_what_it_would_become() {
        let dropped = |at| {
            let out = played(2, true, &[(0, 1), (20, 2), (at, 4)]);
            out.iter().any(|output| matches!(output, Output::Dropped(_)))
        };
        assert!(dropped(12) && !dropped(13));
    }

    /// `suppress` waits until `end ≤ stream time − grace − gap`.
    #[test]
    fn suppressed_sessions_are_said_once() {
        let out = played(2, true, &[(0, 1), (3, 2), (9, 4)]);
        assert_eq!(sums(&out), []);
        let out = played(2, true, &[(0, 1), (3, 2), (10, 4)]);
        assert_eq!(sums(&out), [(3, 0, 3)]);
    }
}
