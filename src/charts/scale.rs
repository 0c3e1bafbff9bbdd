//! Scales: from data to a length of the picture, and the round numbers to mark it with.

/// A linear scale of data that begin at 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// The largest value.
    pub most: f64,
    /// Where the picture of 0 lies.
    pub from: f64,
    /// Where the picture of the largest value lies.
    pub to: f64,
}

impl Scale {
    /// Where a value lies.
    pub fn at(self, value: f64) -> f64 {
        if self.most <= 0.0 {
            return self.from;
        }
        self.from + (self.to - self.from) * value / self.most
    }

    /// Round values to mark, at most `count` of them besides 0.
    pub fn ticks(self, count: u32) -> Vec<f64> {
        ticks(self.most, count)
    }
}

/// Round values to mark on an axis up to `most`, at most `count` of them besides 0.
pub fn ticks(most: f64, count: u32) -> Vec<f64> {
    multiples(round_step(most, count), most, count)
}

/// The same for amounts of data: values that are round in the unit they are written in, which counts in 1,024s.
pub fn byte_ticks(most: f64, count: u32) -> Vec<f64> {
    let least = most.max(1.0) / f64::from(count.max(1));
    let mut unit = 1.0;
    while unit * BYTE_STEPS[BYTE_STEPS.len() - 1] < least {
        unit *= 1_024.0;
    }
    let step = BYTE_STEPS.map(|step| step * unit).into_iter().find(|step| *step >= least);
    multiples(step.unwrap_or(least), most, count)
}

/// Steps of a unit of data that no multiple up to the next unit makes less round; half of the next is the last.
const BYTE_STEPS: [f64; 9] = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 512.0];

/// Bounded by count, as the step is no less than most / count.
fn multiples(step: f64, most: f64, count: u32) -> Vec<f64> {
    let values = (0..=count).map(|place| f64::from(place) * step);
    values.filter(|value| *value <= most * 1.000_001).collect()
}

/// The smallest of 1, 2 and 5 times a power of ten that takes at most `count` steps to `most`.
fn round_step(most: f64, count: u32) -> f64 {
    let least = most.max(1e-9) / f64::from(count.max(1));
    let mut power = 1.0;
    while power > least {
        power /= 10.0;
    }
    while power * 10.0 <= least {
        power *= 10.0;
    }
    [1.0, 2.0, 5.0, 10.0].map(|m| m * power).into_iter().find(|s| *s >= least).unwrap_or(least)
}

/// The square root of a share, so that an area, not a side, grows with the value. From 0 to 1.
pub fn area_side(value: u64, most: u64) -> f64 {
    super::number::fraction(value, most).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::format::Bytes;

    #[test]
    fn ticks_are_round_and_few() {
        let scale = Scale { most: 37.0, from: 0.0, to: 100.0 };
        assert_eq!(scale.ticks(5), [0.0, 10.0, 20.0, 30.0]);
        assert_eq!(
            Scale { most: 0.9, ..scale }.ticks(5),
            [0.0, 0.2, 0.4, 0.600_000_000_000_000_1, 0.8]
        );
        assert_eq!(scale.at(18.5), 50.0);
    }

    #[test]
    fn amounts_of_data_are_marked_where_they_are_round_in_their_own_unit() {
        let marks = |most: f64| -> Vec<String> {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "some bytes"
            )]
            let written = |value: &f64| Bytes(*value as u64).to_string();
            byte_ticks(most, 4).iter().map(written).collect()
        };
        const MIB: f64 = 1_048_576.0;
        assert_eq!(marks(97.3 * MIB), ["0 B", "50 MiB"]);
        assert_eq!(marks(1.9 * MIB), ["0 B", "512 KiB", "1 MiB", "1.5 MiB"]);
        assert_eq!(marks(3.95 * MIB), ["0 B", "1 MiB", "2 MiB", "3 MiB"]);
        assert_eq!(marks(600.0), ["0 B", "200 B", "400 B", "600 B"]);
        assert_eq!(marks(0.0), ["0 B"]);
        for power in 0..200_i32 {
            let most = libm::pow(1.17, f64::from(power));
            for (place, mark) in marks(most).iter().enumerate() {
                let number = mark.split(' ').next().unwrap().replace(',', "");
                let tenths = number.parse::<f64>().unwrap() * 10.0;
                assert!(tenths % 5.0 < 1e-9, "{mark}, the {place}th up to {most}");
            }
        }
    }

    #[test]
    fn nothing_has_a_scale_too() {
        let scale = Scale { most: 0.0, from: 3.0, to: 9.0 };
        assert_eq!(scale.at(5.0), 3.0);
        assert_eq!(scale.ticks(4).len(), 1);
    }

    #[test]
    fn a_value_four_times_as_large_has_a_side_twice_as_long() {
        assert_eq!(area_side(1, 4), 0.5);
    }
}
