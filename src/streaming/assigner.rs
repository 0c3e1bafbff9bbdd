//! Which windows an element belongs to.

use super::{Millis, Window};
use thiserror::Error;

/// A rule that gives each event time its windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assigner {
    /// Windows side by side: Flink's `TumblingEventTimeWindows`, Beam's `FixedWindows`.
    Tumbling {
        /// Length of a window.
        size_ms: Millis,
        /// Where a window starts, modulo the size.
        offset_ms: Millis,
    },
    /// Windows that start each `slide_ms`: `SlidingEventTimeWindows`, `SlidingWindows`.
    Sliding {
        /// Length of a window.
        size_ms: Millis,
        /// From one start to the next; above the size, some moments are in no window.
        slide_ms: Millis,
        /// Where a window starts, modulo the slide.
        offset_ms: Millis,
    },
    /// A window for each run of elements less than `gap_ms` apart; they merge as elements arrive.
    Session {
        /// How long a silence ends a session.
        gap_ms: Millis,
    },
    /// One window for everything.
    Global,
}

/// A window that can't be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum AssignerError {
    /// A length that must be positive.
    #[error("{field} is {value} ms, and must be 1 to {MOST_MS}")]
    Length {
        /// Which one.
        field: &'static str,
        /// What it was.
        value: Millis,
    },
    /// An offset that is longer than what it shifts.
    #[error("offset is {offset} ms, and must be between -{period} and {period}, both excluded")]
    Offset {
        /// What it was.
        offset: Millis,
        /// The size, or the slide.
        period: Millis,
    },
    /// So many windows for each element that an element would not fit the memory.
    #[error(
        "a slide of {slide} ms puts each element into more than {MOST_WINDOWS} windows of {size} ms"
    )]
    Overlap {
        /// Length of a window.
        size: Millis,
        /// From one start to the next.
        slide: Millis,
    },
}

/// The longest window, gap or slide: a hundred years.
pub const MOST_MS: Millis = 100 * 366 * 86_400_000;
/// The most windows that an element may be in.
pub const MOST_WINDOWS: Millis = 10_000;

impl Assigner {
    /// Checks the lengths, so that assigning can't fail.
    ///
    /// # Errors
    /// When a length is not positive or too long, or an offset reaches beyond its period.
    pub fn validate(self) -> Result<Assigner, AssignerError> {
        match self {
            Assigner::Tumbling { size_ms, offset_ms } => {
                length("size", size_ms)?;
                offset(offset_ms, size_ms)?;
            }
            Assigner::Sliding { size_ms, slide_ms, offset_ms } => {
                length("size", size_ms)?;
                length("slide", slide_ms)?;
                offset(offset_ms, slide_ms)?;
                if size_ms / slide_ms > MOST_WINDOWS {
                    return Err(AssignerError::Overlap { size: size_ms, slide: slide_ms });
                }
            }
            Assigner::Session { gap_ms } => length("gap", gap_ms)?,
            Assigner::Global => {}
        }
        Ok(self)
    }

    /// The windows of an element of this event time, the latest first.
    pub fn assign(self, at: Millis) -> Vec<Window> {
        match self {
            Assigner::Tumbling { size_ms, offset_ms } => {
                let start = start_of(at, size_ms, offset_ms);
                vec![Window { start, end: start.saturating_add(size_ms) }]
            }
            Assigner::Sliding { size_ms, slide_ms, offset_ms } => {
                sliding(start_of(at, slide_ms, offset_ms), at, size_ms, slide_ms)
            }
            Assigner::Session { gap_ms } => vec![Window::session(at, gap_ms)],
            Assigner::Global => vec![Window::GLOBAL],
        }
    }

    /// As Beam Java 2.54's `FixedWindows` and `SlidingWindows`, whose remainder truncates: before `offset` less
    /// a size (or slide) they put an element into windows that it is not in.
    pub fn assign_as_beam_java(self, at: Millis) -> Vec<Window> {
        match self {
            Assigner::Tumbling { size_ms, offset_ms } => {
                let start = truncated_start_of(at, size_ms, offset_ms);
                vec![Window { start, end: start.saturating_add(size_ms) }]
            }
            Assigner::Sliding { size_ms, slide_ms, offset_ms } => {
                sliding(truncated_start_of(at, slide_ms, offset_ms), at, size_ms, slide_ms)
            }
            Assigner::Session { .. } | Assigner::Global => self.assign(at),
        }
    }

    /// Whether its windows merge.
    pub const fn merges(self) -> bool {
        matches!(self, Assigner::Session { .. })
    }
}

/// The latest start at or before `at`: `TimeWindow.getWindowStartWithOffset`. Negative times are floored.
pub fn start_of(at: Millis, period_ms: Millis, offset_ms: Millis) -> Millis {
    let beyond = (i128::from(at) - i128::from(offset_ms)).rem_euclid(i128::from(period_ms));
    clamped(i128::from(at) - beyond)
}

fn truncated_start_of(at: Millis, period_ms: Millis, offset_ms: Millis) -> Millis {
    let (at, period) = (i128::from(at), i128::from(period_ms));
    clamped(at - (at + period - i128::from(offset_ms)) % period)
}

fn sliding(last_start: Millis, at: Millis, size_ms: Millis, slide_ms: Millis) -> Vec<Window> {
    let mut windows = Vec::new();
    let mut start = last_start;
    while i128::from(start) > i128::from(at) - i128::from(size_ms) {
        windows.push(Window { start, end: start.saturating_add(size_ms) });
        match start.checked_sub(slide_ms) {
            Some(earlier) => start = earlier,
            None => break,
        }
    }
    windows
}

fn clamped(wide: i128) -> Millis {
    Millis::try_from(wide).unwrap_or(if wide < 0 { Millis::MIN } else { Millis::MAX })
}

fn length(field: &'static str, value: Millis) -> Result<(), AssignerError> {
    let fits = (1..=MOST_MS).contains(&value);
    if fits { Ok(()) } else { Err(AssignerError::Length { field, value }) }
}

fn offset(offset: Millis, period: Millis) -> Result<(), AssignerError> {
    let fits = -period < offset && offset < period;
    if fits { Ok(()) } else { Err(AssignerError::Offset { offset, period }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Flink's own `TimeWindowTest`, size 7.
    #[test]
    fn starts_are_those_of_flinks_time_window_test() {
        let table = [(3, 1, -4), (3, 3, 3), (3, 10, 10), (-2, -2, -2), (-2, 4, -2), (-2, 7, 5)];
        for (offset, at, start) in table {
            assert_eq!(start_of(at, 7, offset), start, "offset {offset}, time {at}");
        }
        assert_eq!(start_of(-1, 10, 0), -10);
    }

    #[test]
    fn sliding_windows_come_latest_first_and_may_leave_gaps() {
        let starts = |size_ms, slide_ms, at| -> Vec<Millis> {
            let assigner = Assigner::Sliding { size_ms, slide_ms, offset_ms: 0 };
            assigner.assign(at).iter().map(|window| window.start).collect()
        };
        assert_eq!(starts(10, 5, 12), [10, 5]);
        assert_eq!(starts(10, 5, -1), [-5, -10]);
        assert_eq!(starts(4, 6, 3), [0]);
        assert_eq!(starts(4, 6, 5), [0; 0]);
    }

    /// Recorded from Beam Java 2.54 (case x-slidingodd-s07): -4999 is put into [-2000, 8000) too.
    #[test]
    fn beam_java_misplaces_far_negative_times() {
        let assigner = Assigner::Sliding { size_ms: 10_000, slide_ms: 3_000, offset_ms: 1_000 };
        let starts = |windows: Vec<Window>| -> Vec<Millis> {
            windows.iter().map(|window| window.start).collect()
        };
        assert_eq!(starts(assigner.assign(-4_999)), [-5_000, -8_000, -11_000, -14_000]);
        assert_eq!(
            starts(assigner.assign_as_beam_java(-4_999)),
            [-2_000, -5_000, -8_000, -11_000, -14_000]
        );
        assert_eq!(assigner.assign_as_beam_java(4_437), assigner.assign(4_437));
    }

    #[test]
    fn impossible_windows_are_refused_by_the_name_of_the_field() {
        let refused = |assigner: Assigner| assigner.validate().unwrap_err().to_string();
        assert!(refused(Assigner::Session { gap_ms: -1 }).starts_with("gap is -1 ms"));
        assert!(refused(Assigner::Tumbling { size_ms: 0, offset_ms: 0 }).starts_with("size is 0"));
        assert!(refused(Assigner::Tumbling { size_ms: 5, offset_ms: 5 }).starts_with("offset"));
        let dense = Assigner::Sliding { size_ms: MOST_MS, slide_ms: 1, offset_ms: 0 };
        assert!(refused(dense).contains("10000 windows"));
    }

    #[test]
    fn the_ends_of_time_stay_in_range() {
        for at in [Millis::MIN, Millis::MAX] {
            let tumbling = Assigner::Tumbling { size_ms: 10, offset_ms: 3 };
            assert_eq!(tumbling.assign(at).len(), 1);
            let sliding = Assigner::Sliding { size_ms: 10, slide_ms: 5, offset_ms: 0 };
            assert!(!sliding.assign(at).is_empty());
        }
    }
}
