//! Aggregation by session: Spark's `SessionWindowStateStoreSaveExec`, in append mode.

use super::{Out, dropped, pane};
use crate::streaming::aggregate::Aggregate;
use crate::streaming::output::{Output, Timing};
use crate::streaming::{Millis, Window};
use std::collections::BTreeMap;

/// The sessions of one key.
#[derive(Clone, Debug)]
pub struct Sessions<A: Aggregate> {
    gap_ms: Millis,
    sessions: BTreeMap<Window, A>,
}

impl<A: Aggregate> Sessions<A> {
    /// No sessions yet. The gap is positive.
    pub const fn new(gap_ms: Millis) -> Sessions<A> {
        Sessions { gap_ms, sessions: BTreeMap::new() }
    }

    /// Runs a batch. An element is judged by its own `[t, t + gap)`, before merging: a living session does not
    /// save it. Sessions that touch merge.
    pub fn on_batch(&mut self, watermark: Millis, batch: &[(Millis, A::Input)], out: &mut Out<A>) {
        for (at, value) in batch {
            let own = Window::session(*at, self.gap_ms);
            if own.end <= watermark {
                out.push(Output::Dropped(dropped(*at, value, own, watermark)));
            } else {
                self.add(own, value, out);
            }
        }
        while let Some(entry) = self.sessions.first_entry() {
            if entry.key().end > watermark {
                return;
            }
            let (window, contents) = entry.remove_entry();
            out.push(Output::Pane(pane(window, contents, Timing::OnTime, 0)));
            out.push(Output::Forgotten { window, unseen: 0 });
        }
    }

    /// Sessions in the state store.
    pub fn state_rows(&self) -> usize {
        self.sessions.len()
    }

    fn add(&mut self, own: Window, value: &A::Input, out: &mut Out<A>) {
        let living = self.sessions.keys().copied();
        let mut from: Vec<Window> =
            living.filter(|window| window.overlaps_or_touches(own)).collect();
        let into = from.iter().fold(own, |cover, window| cover.cover(*window));
        let mut contents = A::default();
        for window in &from {
            if let Some(other) = self.sessions.remove(window) {
                contents.merge(other);
            }
        }
        contents.add(value);
        self.sessions.insert(into, contents);
        if into != own || !from.is_empty() {
            from.push(own);
            out.push(Output::Merged { from, into });
        }
    }
}
