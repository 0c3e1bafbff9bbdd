//! Windows as Kafka Streams has them, for one key: by stream time, with a grace, and `suppress`.
//!
//! Stream time is the greatest timestamp seen on the partition, the current record's included. It is passed in
//! as [`StreamTime`], since a key is not alone on its partition.

mod sessions;
mod sliding;

pub use sessions::Sessions;
pub use sliding::{Sliding, SlidingConfig, sliding_in_batch};

use super::aggregate::Aggregate;
use super::assigner::{Assigner, AssignerError, MOST_MS};
use super::output::{DropReason, Dropped, Output, Pane, PaneInfo, Timing};
use super::{BEFORE_ALL, Millis, Window};
use std::collections::BTreeMap;
use thiserror::Error;

/// The greatest timestamp of a partition.
#[derive(Clone, Copy, Debug)]
pub struct StreamTime(Millis);

impl Default for StreamTime {
    fn default() -> StreamTime {
        StreamTime(BEFORE_ALL)
    }
}

impl StreamTime {
    /// A record arrives; the stream time with it.
    pub fn on_record(&mut self, at: Millis) -> Millis {
        self.0 = self.0.max(at);
        self.0
    }
}

/// Hopping windows, `TimeWindows.ofSizeAndGrace(..).advanceBy(..)`; tumbling when the advance is the size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// Length of a window.
    pub size_ms: Millis,
    /// From one start to the next; at most the size.
    pub advance_ms: Millis,
    /// How long after its end a window takes records.
    pub grace_ms: Millis,
    /// Whether only final results are emitted: `suppress(untilWindowCloses)`.
    pub suppress: bool,
}

/// Windows that can't be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ConfigError {
    /// Of size and advance; the advance is called a slide.
    #[error(transparent)]
    Windows(#[from] AssignerError),
    /// `TimeWindows.advanceBy` allows no gaps.
    #[error("advance is {advance} ms, and must be at most the size, {size} ms")]
    Advance {
        /// What it was.
        advance: Millis,
        /// Length of a window.
        size: Millis,
    },
    /// Negative, or of centuries.
    #[error("difference is {0} ms, and must be 0 to {MOST_MS}")]
    Difference(Millis),
    /// Negative, or of centuries.
    #[error("grace is {0} ms, and must be 0 to {MOST_MS}")]
    Grace(Millis),
}

/// The windows of one key.
#[derive(Clone, Debug)]
pub struct Windows<A: Aggregate> {
    config: Config,
    windows: BTreeMap<Window, (A, u64)>,
}

type Out<A> = Vec<Output<A, <A as Aggregate>::Input>>;

impl Config {
    /// Checks the lengths.
    ///
    /// # Errors
    /// When one is out of range, or the windows would have gaps between them.
    pub fn validate(self) -> Result<Config, ConfigError> {
        let Config { size_ms, advance_ms, grace_ms, .. } = self;
        Assigner::Sliding { size_ms, slide_ms: advance_ms, offset_ms: 0 }.validate()?;
        if advance_ms > size_ms {
            return Err(ConfigError::Advance { advance: advance_ms, size: size_ms });
        }
        if !(0..=MOST_MS).contains(&grace_ms) {
            return Err(ConfigError::Grace(grace_ms));
        }
        Ok(self)
    }

    /// `TimeWindows.windowsFor`: the first start is never negative, the earliest first.
    pub fn windows_for(self, at: Millis) -> Vec<Window> {
        let earliest = at.saturating_sub(self.size_ms).saturating_add(self.advance_ms).max(0);
        let mut start = earliest / self.advance_ms * self.advance_ms;
        let mut windows = Vec::new();
        while start <= at {
            windows.push(Window { start, end: start.saturating_add(self.size_ms) });
            match start.checked_add(self.advance_ms) {
                Some(next) => start = next,
                None => break,
            }
        }
        windows
    }
}

impl<A: Aggregate> Windows<A> {
    /// No windows yet. `config` has been validated.
    pub const fn new(config: Config) -> Windows<A> {
        Windows { config, windows: BTreeMap::new() }
    }

    /// The stream time at which the next window closes.
    pub fn next_close(&self) -> Option<Millis> {
        let first = self.windows.first_key_value();
        first.map(|(window, _)| window.end.saturating_add(self.config.grace_ms))
    }

    /// Windows that are kept.
    pub fn state_rows(&self) -> usize {
        self.windows.len()
    }

    /// A record arrives: `KStreamWindowAggregate.process`. A window takes it while its end is past the stream time
    /// less the grace, and says each change at once unless it is suppressed.
    pub fn on_record(
        &mut self,
        at: Millis,
        value: &A::Input,
        stream_time: Millis,
        out: &mut Out<A>,
    ) {
        let close = stream_time.saturating_sub(self.config.grace_ms);
        let windows = self.config.windows_for(at);
        if windows.is_empty() {
            let (value, reason) = (value.clone(), DropReason::InNoWindow);
            out.push(Output::Dropped(Dropped { value, at, window: None, reason }));
        }
        for window in windows {
            if window.end <= close {
                out.push(Output::Dropped(self.expired(at, value, window, stream_time)));
                continue;
            }
            let (contents, panes) = self.windows.entry(window).or_default();
            contents.add(value);
            if !self.config.suppress {
                out.push(Output::Pane(pane(window, contents.clone(), *panes, stream_time, false)));
                *panes += 1;
            }
        }
        self.on_stream_time(stream_time, out);
    }

    /// Stream time has moved, by this key's record or another's: windows that have closed are emitted, if they
    /// were suppressed, and forgotten.
    pub fn on_stream_time(&mut self, stream_time: Millis, out: &mut Out<A>) {
        let close = stream_time.saturating_sub(self.config.grace_ms);
        while let Some(entry) = self.windows.first_entry() {
            if entry.key().end > close {
                return;
            }
            let (window, (contents, panes)) = entry.remove_entry();
            if self.config.suppress {
                out.push(Output::Pane(pane(window, contents, panes, stream_time, true)));
            }
            out.push(Output::Forgotten { window, unseen: 0 });
        }
    }

    fn expired(
        &self,
        at: Millis,
        value: &A::Input,
        window: Window,
        stream_time: Millis,
    ) -> Dropped<A::Input> {
        let reason = DropReason::Expired {
            max_timestamp: window.max_timestamp(),
            allowed_lateness_ms: self.config.grace_ms,
            watermark: stream_time,
        };
        Dropped { value: value.clone(), at, window: Some(window), reason }
    }
}

fn pane<A>(
    window: Window,
    contents: A,
    index: u64,
    stream_time: Millis,
    is_final: bool,
) -> Pane<A> {
    let timing = if is_final {
        Timing::OnTime
    } else if stream_time < window.end {
        Timing::Early
    } else {
        Timing::Late
    };
    let non_speculative_index = (timing != Timing::Early).then_some(index);
    let info = PaneInfo { timing, index, non_speculative_index, first: index == 0, last: is_final };
    Pane { window, contents, timestamp: window.max_timestamp(), info }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::streaming::aggregate::Bag;

    fn windows(suppress: bool) -> Windows<Bag<i64>> {
        Windows::new(Config { size_ms: 10, advance_ms: 10, grace_ms: 5, suppress })
    }

    /// fidelity-stream.md: first start `max(0, ts − size + advance) / advance · advance`.
    #[test]
    fn hopping_windows_never_start_below_zero() {
        let config = Config { size_ms: 10, advance_ms: 4, grace_ms: 0, suppress: false };
        let starts = |at| -> Vec<Millis> {
            config.windows_for(at).iter().map(|window| window.start).collect()
        };
        assert_eq!(starts(3), [0]);
        assert_eq!(starts(13), [4, 8, 12]);
        assert_eq!(starts(-1), [0; 0]);
    }

    #[test]
    fn impossible_windows_are_refused_by_the_name_of_the_field() {
        let refused = |size_ms, advance_ms, grace_ms| {
            let config = Config { size_ms, advance_ms, grace_ms, suppress: false };
            config.validate().unwrap_err().to_string()
        };
        assert!(refused(0, 1, 0).starts_with("size is 0"));
        assert!(refused(10, 0, 0).starts_with("slide is 0"));
        assert!(refused(10, 11, 0).starts_with("advance is 11"));
        assert!(refused(10, 10, -1).starts_with("grace is -1"));
    }

    /// Accepted while `end > streamTime − grace`, by the stream time that the record itself may have moved.
    #[test]
    fn a_record_is_taken_until_the_grace_is_over() {
        let mut of = windows(false);
        let mut out = Vec::new();
        of.on_record(3, &1, 14, &mut out);
        assert!(matches!(&out[..], [Output::Pane(_)]), "{out:?}");
        out.clear();
        of.on_record(3, &2, 15, &mut out);
        assert!(matches!(&out[..], [Output::Dropped(_), Output::Forgotten { .. }]), "{out:?}");
    }

    /// `suppress` emits once `windowEnd ≤ streamTime − grace`: it needs a newer record to move.
    #[test]
    fn suppressed_windows_wait_for_a_newer_record() {
        let mut of = windows(true);
        let mut out = Vec::new();
        let mut stream_time = StreamTime::default();
        for (at, value) in [(3, 1), (14, 2)] {
            of.on_record(at, &value, stream_time.on_record(at), &mut out);
        }
        assert_eq!(out, []);
        of.on_record(15, &3, stream_time.on_record(15), &mut out);
        let [Output::Pane(pane), Output::Forgotten { .. }] = &out[..] else { panic!("{out:?}") };
        assert_eq!((pane.window.end, &pane.contents.0[..]), (10, &[1][..]));
    }
}
