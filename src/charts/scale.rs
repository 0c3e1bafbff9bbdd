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
        let step = round_step(self.most, count);
        let mut ticks = Vec::new();
        // Bounded by count, as the step is no less than most / count.
        for place in 0..=count {
            let value = f64::from(place) * step;
            if value <= self.most * 1.000_001 {
                ticks.push(value);
            }
        }
        ticks
    }
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
