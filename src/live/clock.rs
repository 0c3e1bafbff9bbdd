//! The time of a live run: wall-clock time in which standing still does not count.
//!
//! A tab that sleeps, or whose timers are slowed because nobody sees it, must not make its cluster
//! believe that nodes died: they stood still too. So between two looks at the clock at most
//! `STEP_MAX` passes for the run.

use crate::base::{Span, Time};

/// The most that passes for the run between two looks at the clock.
pub const STEP_MAX: Span = Span::from_millis(500);

/// A run's clock, which is shown the wall clock.
#[derive(Clone, Debug)]
pub struct RunClock {
    seen_wall: Time,
    now: Time,
}

impl RunClock {
    /// A clock at 0.
    pub fn begin(wall: Time) -> RunClock {
        RunClock { seen_wall: wall, now: Time::ZERO }
    }

    /// Looks at the wall clock and says what time it is for the run. A wall clock that goes back
    /// stands still.
    pub fn look(&mut self, wall: Time) -> Time {
        self.now += wall.since(self.seen_wall).min(STEP_MAX);
        self.seen_wall = self.seen_wall.max(wall);
        self.now
    }

    /// The time of the last look.
    pub fn now(&self) -> Time {
        self.now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_counts_as_one_step() {
        let mut clock = RunClock::begin(Time(7_000_000));
        assert_eq!(clock.look(Time(7_100_000)), Time(100_000));
        // Ten minutes of sleep.
        assert_eq!(clock.look(Time(607_100_000)), Time(600_000));
        assert_eq!(clock.look(Time(607_200_000)), Time(700_000));
    }

    #[test]
    fn it_never_goes_back() {
        let mut clock = RunClock::begin(Time(5_000));
        assert_eq!(clock.look(Time(9_000)), Time(4_000));
        assert_eq!(clock.look(Time(1_000)), Time(4_000));
        assert_eq!(clock.look(Time(9_500)), Time(4_500));
    }
}
