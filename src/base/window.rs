//! Event time, and a window of it.

use serde::{Deserialize, Serialize};
use std::cmp;

/// A moment or a length in milliseconds: event time, and processing time where the real systems use
/// milliseconds too. Event time counts from 1970 where it means a date, and may be negative.
pub type Millis = i64;

/// From `start`, included, to `end`, excluded, in event time.
///
/// Ordered by end, then by start: the order in which windows close.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Window {
    /// The first millisecond inside.
    pub start: Millis,
    /// The first millisecond after it.
    pub end: Millis,
}

impl Window {
    /// The one window that holds everything: it never ends.
    pub const GLOBAL: Window = Window { start: Millis::MIN, end: Millis::MAX };

    /// The window of one element of a session: `[at, at + gap)`.
    pub const fn session(at: Millis, gap_ms: Millis) -> Window {
        Window { start: at, end: at.saturating_add(gap_ms) }
    }

    /// The last millisecond inside: `TimeWindow.maxTimestamp`, `IntervalWindow.maxTimestamp`.
    pub const fn max_timestamp(self) -> Millis {
        self.end.saturating_sub(1)
    }

    /// Whether the two share a moment: Beam's `IntervalWindow.intersects`, by which its sessions merge.
    pub const fn overlaps(self, other: Window) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether the two overlap or touch: Flink's `TimeWindow.intersects`, by which its sessions merge.
    pub const fn overlaps_or_touches(self, other: Window) -> bool {
        self.start <= other.end && other.start <= self.end
    }

    /// The smallest window that holds both.
    pub fn cover(self, other: Window) -> Window {
        Window { start: cmp::min(self.start, other.start), end: cmp::max(self.end, other.end) }
    }
}

impl Ord for Window {
    fn cmp(&self, other: &Window) -> cmp::Ordering {
        (self.end, self.start).cmp(&(other.end, other.start))
    }
}

impl PartialOrd for Window {
    fn partial_cmp(&self, other: &Window) -> Option<cmp::Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_a_gap_apart_touch_and_do_not_overlap() {
        let (first, second) = (Window::session(0, 5_000), Window::session(5_000, 5_000));
        assert!(!first.overlaps(second) && first.overlaps_or_touches(second));
        assert!(second.overlaps_or_touches(first));
        assert_eq!(first.cover(second), Window { start: 0, end: 10_000 });
        assert_eq!(first.max_timestamp(), 4_999);
    }
}
