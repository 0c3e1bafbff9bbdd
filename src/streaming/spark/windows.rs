//! Aggregation by window: Spark's `StateStoreSaveExec`.

use super::{Out, dropped, pane};
use crate::streaming::aggregate::Aggregate;
use crate::streaming::assigner::Assigner;
use crate::streaming::output::{DropReason, Dropped, Output, Timing};
use crate::streaming::{Millis, Window};
use std::collections::{BTreeMap, BTreeSet};

/// What a batch emits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputMode {
    /// A window once, when the watermark has passed its end.
    Append,
    /// Each window that the batch changed.
    Update,
    /// All windows, each time; none is ever removed.
    Complete,
}

/// The tumbling or sliding windows of one key.
#[derive(Clone, Debug)]
pub struct Windows<A: Aggregate> {
    assigner: Assigner,
    mode: OutputMode,
    windows: BTreeMap<Window, (A, u64)>,
}

impl<A: Aggregate> Windows<A> {
    /// No windows yet. The assigner has been validated, and does not merge.
    pub const fn new(assigner: Assigner, mode: OutputMode) -> Windows<A> {
        Windows { assigner, mode, windows: BTreeMap::new() }
    }

    /// Runs a batch. An element is late for a window whose end the watermark has reached.
    pub fn on_batch(&mut self, watermark: Millis, batch: &[(Millis, A::Input)], out: &mut Out<A>) {
        let mut touched = BTreeSet::new();
        for (at, value) in batch {
            let windows = self.assigner.assign(*at);
            if windows.is_empty() {
                let (at, value, reason) = (*at, value.clone(), DropReason::InNoWindow);
                out.push(Output::Dropped(Dropped { value, at, window: None, reason }));
            }
            for window in windows {
                if window.end <= watermark && self.mode != OutputMode::Complete {
                    out.push(Output::Dropped(dropped(*at, value, window, watermark)));
                } else {
                    self.windows.entry(window).or_default().0.add(value);
                    touched.insert(window);
                }
            }
        }
        match self.mode {
            OutputMode::Append => {}
            OutputMode::Update => self.emit(|window| touched.contains(&window), out),
            OutputMode::Complete => return self.emit(|_| true, out),
        }
        self.remove(watermark, out);
    }

    /// Windows in the state store.
    pub fn state_rows(&self) -> usize {
        self.windows.len()
    }

    fn emit(&mut self, wanted: impl Fn(Window) -> bool, out: &mut Out<A>) {
        for (window, (contents, panes)) in &mut self.windows {
            if wanted(*window) {
                out.push(Output::Pane(pane(*window, contents.clone(), Timing::Early, *panes)));
                *panes += 1;
            }
        }
    }

    /// Windows are ordered by their ends, so those that are past come first.
    fn remove(&mut self, watermark: Millis, out: &mut Out<A>) {
        while let Some(entry) = self.windows.first_entry() {
            if entry.key().end > watermark {
                return;
            }
            let (window, (contents, panes)) = entry.remove_entry();
            if self.mode == OutputMode::Append {
                out.push(Output::Pane(pane(window, contents, Timing::OnTime, panes)));
            }
            out.push(Output::Forgotten { window, unseen: 0 });
        }
    }
}

/// Rows that Spark counts as dropped (`numRowsDroppedByWatermark`) in one batch: aggregation starts before the
/// shuffle, so that all late elements of one window are one row.
pub fn dropped_rows<A, V>(out: &[Output<A, V>]) -> usize {
    let windows: BTreeSet<Window> = out
        .iter()
        .filter_map(|output| match output {
            Output::Dropped(dropped) => dropped.window,
            Output::Pane(_)
            | Output::Retraction(_)
            | Output::Merged { .. }
            | Output::Copied { .. }
            | Output::Late { .. }
            | Output::Forgotten { .. } => None,
        })
        .collect();
    windows.len()
}
