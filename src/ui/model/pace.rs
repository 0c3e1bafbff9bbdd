//! How fast a run is played: the speed on a log scale, and the shortening of quiet spans.
//!
//! Nothing here reads a clock; the time that passed in front of the screen is an argument.

use crate::base::{Span, Time};

/// A quiet span that would last longer than this in front of the screen is shortened.
const QUIET_REAL_US: u64 = 2_000_000;
/// What a shortened span lasts, about.
const SHORTENED_REAL_US: u64 = 800_000;

/// Virtual seconds a second, as a place on a log scale with four steps a doubling.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Speed(i8);

impl Speed {
    /// The slowest, a sixteenth.
    pub const MIN: i8 = -16;
    /// The fastest, 64 virtual seconds a second.
    pub const MAX: i8 = 24;

    /// The speed at a place of the slider; the nearest there is.
    pub fn at(place: i8) -> Speed {
        Speed(place.clamp(Speed::MIN, Speed::MAX))
    }

    /// Its place on the slider.
    pub fn place(self) -> i8 {
        self.0
    }

    /// Half as fast again, or so much slower: two steps of the slider.
    #[must_use]
    pub fn stepped(self, faster: bool) -> Speed {
        Speed::at(self.0.saturating_add(if faster { 2 } else { -2 }))
    }

    /// Virtual milliseconds that go by in a second in front of the screen.
    pub fn milli(self) -> u64 {
        // 1000 · 2^(quarter/4), rounded.
        const QUARTERS: [u64; 4] = [1_000, 1_189, 1_414, 1_682];
        let octave = self.0.div_euclid(4);
        let quarter = QUARTERS[usize::from(self.0.rem_euclid(4).unsigned_abs())];
        match u32::from(octave.unsigned_abs()) {
            doublings if octave >= 0 => quarter << doublings,
            halvings => quarter >> halvings,
        }
    }
}

/// Shown as a factor: `×1`, `×2.8`, `×0.25`.
impl std::fmt::Display for Speed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let milli = self.milli();
        let tenths = (milli + 50) / 100;
        match milli {
            10_000.. => write!(f, "×{}", (milli + 500) / 1_000),
            1_000.. if tenths.is_multiple_of(10) => write!(f, "×{}", tenths / 10),
            1_000.. => write!(f, "×{}.{}", tenths / 10, tenths % 10),
            _ => write!(f, "×0.{:02}", (milli + 5) / 10),
        }
    }
}

/// A span in which nothing happens but heartbeats, played faster than the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    /// When the last thing before it happened.
    pub from: Time,
    /// When the next thing happens.
    pub to: Time,
    /// How many times faster it is played.
    pub factor: u64,
}

impl Quiet {
    /// The quiet span between two neighbouring things that happen, if it is long enough to be
    /// shortened at this speed.
    pub fn between(from: Time, to: Time, speed: Speed) -> Option<Quiet> {
        let real_us = to.since(from).0.saturating_mul(1_000) / speed.milli();
        (real_us > QUIET_REAL_US).then(|| Quiet {
            from,
            to,
            factor: real_us.div_ceil(SHORTENED_REAL_US),
        })
    }

    /// How long it lasts.
    pub fn length(self) -> Span {
        self.to - self.from
    }
}

/// Where the playhead comes after so much time in front of the screen, in a stretch of one pace;
/// and the time that is left over when the stretch ends before. A stretch without an end goes on.
pub fn advance(at: Time, real: Span, speed: Speed, quiet: Option<Quiet>) -> (Time, Span) {
    let rate = speed.milli().saturating_mul(quiet.map_or(1, |quiet| quiet.factor));
    let next = at + Span(real.0.saturating_mul(rate) / 1_000);
    match quiet {
        Some(quiet) if next > quiet.to => {
            let beyond = next.since(quiet.to);
            (quiet.to.max(at), Span(beyond.0.saturating_mul(1_000) / rate))
        }
        _ => (next, Span::ZERO),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> Time {
        Time::ZERO + Span::from_millis(millis)
    }

    #[test]
    fn four_steps_of_the_slider_double_the_speed() {
        let shown: Vec<String> =
            [-16, -8, -4, 0, 1, 4, 6, 24].map(|place| Speed::at(place).to_string()).to_vec();
        assert_eq!(shown, ["×0.06", "×0.25", "×0.50", "×1", "×1.2", "×2", "×2.8", "×64"]);
        for place in Speed::MIN..Speed::MAX {
            assert!(Speed::at(place).milli() < Speed::at(place + 1).milli(), "{place}");
        }
        assert_eq!(Speed::at(127), Speed::at(Speed::MAX));
    }

    #[test]
    fn nine_seconds_of_waiting_are_played_twelve_times_faster() {
        let quiet = Quiet::between(at(1_000), at(10_000), Speed::default());
        assert_eq!(quiet, Some(Quiet { from: at(1_000), to: at(10_000), factor: 12 }));
    }

    #[test]
    fn what_is_short_in_front_of_the_screen_is_left_alone() {
        assert_eq!(Quiet::between(at(0), at(2_000), Speed::default()), None);
        assert!(Quiet::between(at(0), at(2_000), Speed::at(-4)).is_some());
        assert_eq!(Quiet::between(at(0), at(9_000), Speed::at(12)), None);
    }

    #[test]
    fn a_shortened_span_ends_where_it_ends_and_gives_back_the_rest() {
        let quiet = Quiet::between(at(0), at(8_000), Speed::default());
        assert_eq!(quiet.map(|quiet| quiet.factor), Some(10));
        // 8 s at ten times the speed take 0.8 s; of 1 s there is 0.2 s left.
        assert_eq!(
            advance(at(0), Span::from_secs(1), Speed::default(), quiet),
            (at(8_000), Span::from_millis(200))
        );
        assert_eq!(
            advance(at(0), Span::from_millis(100), Speed::default(), quiet),
            (at(1_000), Span::ZERO)
        );
    }

    #[test]
    fn outside_quiet_spans_the_speed_is_what_it_says() {
        let (next, rest) = advance(at(500), Span::from_millis(16), Speed::at(4), None);
        assert_eq!((next, rest), (at(532), Span::ZERO));
    }
}
