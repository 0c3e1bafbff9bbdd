//! The axes of event time and of processing time: where a moment lies, and the round moments to
//! mark them with.

use crate::base::Millis;
use crate::base::format::{Clock, TimeOfDay};

/// The lengths between two marks, in milliseconds: what people count time in.
const STEPS: [Millis; 23] = [
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000,
    120_000, 300_000, 600_000, 1_800_000, 3_600_000, 21_600_000, 86_400_000,
];

/// From moments to places of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    /// The first moment.
    pub from: Millis,
    /// The last moment.
    pub to: Millis,
    /// Where the first lies.
    pub start: f64,
    /// Where the last lies.
    pub end: f64,
}

/// A mark of an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Where it lies.
    pub at: f64,
    /// What it says.
    pub label: String,
}

impl Axis {
    /// Where a moment lies; what is beyond an end lies at that end.
    pub fn at(self, moment: Millis) -> f64 {
        let length = self.to.saturating_sub(self.from).max(1) as f64;
        let passed = moment.clamp(self.from, self.to.max(self.from)) - self.from;
        self.start + (self.end - self.start) * (passed as f64 / length)
    }

    /// The moment at a place; beyond an end it is that end.
    pub fn moment(self, at: f64) -> Millis {
        let share = ((at - self.start) / (self.end - self.start)).clamp(0.0, 1.0);
        let length = self.to.saturating_sub(self.from).max(0);
        #[expect(clippy::cast_possible_truncation, reason = "a share of a length that fits")]
        let passed = (share * length as f64).round() as Millis;
        self.from.saturating_add(passed)
    }

    /// Whether a moment lies on the axis.
    pub fn holds(self, moment: Millis) -> bool {
        (self.from..=self.to).contains(&moment)
    }

    /// The marks at round moments, so far apart that each has this much room.
    pub fn ticks(self, room: f64) -> Vec<Tick> {
        let length = self.to.saturating_sub(self.from).max(1);
        let most = ((self.end - self.start).abs() / room.max(1.0)).max(1.0);
        let fits = |step: &Millis| (length as f64 / *step as f64) <= most;
        let step = STEPS.into_iter().find(fits).unwrap_or(length);
        let first = self.from.div_euclid(step).saturating_mul(step);
        let moments = std::iter::successors(Some(first), |moment| moment.checked_add(step));
        moments
            .skip_while(|moment| *moment < self.from)
            .take_while(|moment| *moment <= self.to)
            .map(|moment| Tick { at: self.at(moment), label: label(moment, step) })
            .collect()
    }
}

/// A moment as it is told everywhere, without its date unless all marks are days.
fn label(moment: Millis, step: Millis) -> String {
    let whole = Clock(moment).to_string();
    match whole.split_once('T') {
        Some((date, _)) if step >= 86_400_000 => date.to_owned(),
        Some(_) | None => TimeOfDay(moment).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Millis = 12 * 3_600_000;

    fn labels(from: Millis, to: Millis, room: f64) -> Vec<String> {
        let axis = Axis { from, to, start: 0.0, end: 400.0 };
        axis.ticks(room).into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn marks_are_round_and_say_no_more_than_they_need() {
        let minute = 60_000;
        let eight = labels(NOON, NOON + 8 * minute, 60.0);
        assert_eq!(eight, ["12:00", "12:02", "12:04", "12:06", "12:08"]);
        assert_eq!(labels(0, 16_000, 60.0), ["0:00", "0:05", "0:10", "0:15"]);
        let dated = labels(1_795_275_552_000, 1_795_275_562_000, 100.0);
        assert_eq!(dated, ["15:39:15", "15:39:20"]);
        assert_eq!(labels(-7_000, 7_000, 90.0), ["-0:05", "0:00", "0:05"]);
    }

    #[test]
    fn a_place_is_its_moment_and_back_and_the_ends_of_time_lie_at_the_ends() {
        let axis = Axis { from: 0, to: 10_000, start: 300.0, end: 100.0 };
        assert_eq!((axis.at(2_500), axis.moment(250.0)), (250.0, 2_500));
        assert_eq!((axis.at(Millis::MIN), axis.at(Millis::MAX)), (300.0, 100.0));
        assert_eq!((axis.moment(999.0), axis.moment(-5.0)), (0, 10_000));
        let point = Axis { from: 5, to: 5, start: 0.0, end: 10.0 };
        assert_eq!(point.at(5), 0.0);
    }
}
