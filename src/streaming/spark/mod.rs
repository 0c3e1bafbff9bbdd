//! Spark Structured Streaming's stateful operators, for one key: all is done batch by batch.
//!
//! The watermark of a batch is that of all batches before it, so it lags by one; after a batch that moved it,
//! Spark runs another, empty one. An operator takes the watermark in force and the batch, emits, and then
//! removes what the watermark has passed.

mod deduplicate;
mod sessions;
mod watermark;
mod windows;

pub use deduplicate::{Deduplicate, Deduplicated};
pub use sessions::Sessions;
pub use watermark::BatchWatermark;
pub use windows::{OutputMode, Windows, dropped_rows};

use super::aggregate::Aggregate;
use super::output::{DropReason, Dropped, Output, Pane, PaneInfo, Timing};
use super::{Millis, Window};

type Out<A> = Vec<Output<A, <A as Aggregate>::Input>>;

/// A pane as Spark has it: the last one in append mode, one of many in update mode.
fn pane<A>(window: Window, contents: A, timing: Timing, index: u64) -> Pane<A> {
    let last = timing != Timing::Early;
    let non_speculative_index = last.then_some(0);
    let info = PaneInfo { timing, index, non_speculative_index, first: index == 0, last };
    Pane { window, contents, timestamp: window.max_timestamp(), info }
}

fn dropped<V: Clone>(at: Millis, value: &V, window: Window, watermark: Millis) -> Dropped<V> {
    let reason = DropReason::Expired {
        max_timestamp: window.max_timestamp(),
        allowed_lateness_ms: 0,
        watermark,
    };
    Dropped { value: value.clone(), at, window: Some(window), reason }
}
