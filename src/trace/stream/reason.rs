//! Why a window fired, and why an element was left out: the predicates, in numbers.

use crate::base::Millis;
use serde::{Deserialize, Serialize};

/// The predicate that dropped an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DropReason {
    /// Flink: `max_timestamp + allowed_lateness_ms <= watermark`. Beam (Java): `<`. Beam (Python) and Spark
    /// compare the end of the window, and so does Kafka, with its stream time.
    Expired {
        /// The last millisecond of the window that was judged.
        max_timestamp: Millis,
        /// How long after it elements are still taken.
        allowed_lateness_ms: Millis,
        /// Where the watermark stood.
        watermark: Millis,
    },
    /// The window's trigger had finished for good.
    Closed,
    /// Windows with gaps between them: the time is in a gap.
    InNoWindow,
    /// An element like it has been seen.
    Duplicate {
        /// Until when the first one is remembered.
        remembered_until: Millis,
    },
    /// It is older than the watermark, where an operator takes nothing late: `event time < watermark`.
    Behind {
        /// Where the watermark stood.
        watermark: Millis,
    },
}

/// What made a window fire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are named for what they carry")]
pub enum FireReason {
    /// The watermark passed the end. Flink: `max_timestamp ≤ watermark`; Beam: `<`; Spark: `end ≤ watermark`.
    EndReached { max_timestamp: Millis, watermark: Millis },
    /// An element came after the end, within the allowed lateness.
    LateElement { max_timestamp: Millis, allowed_lateness_ms: Millis, watermark: Millis },
    /// So many elements are there since the last pane, and `needed` are enough.
    Count { elements: u64, needed: u64 },
    /// A timer of the machine's clock was due.
    Clock { timer: Millis, clock: Millis },
    /// A timer of event time, before the end of the window.
    EventTimer { timer: Millis, watermark: Millis },
    /// The window's life ended, with elements that no pane had.
    Closing { max_timestamp: Millis, allowed_lateness_ms: Millis, watermark: Millis },
    /// Each change is said at once (Kafka), or at the end of each batch (Spark's update and
    /// complete modes).
    Changed { watermark: Millis },
    /// Kafka's `suppress`: `end ≤ stream time − grace`.
    Final { end: Millis, stream_time: Millis, grace: Millis },
    /// A session grew by a merge, which reset or completed the trigger.
    Merged,
}
