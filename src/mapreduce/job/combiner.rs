//! The combiners: what each leaves of the values of one key. A combiner is its job's own function
//! and not the reduce: what it leaves goes through the shuffle, so it has the map's value type.

use super::shape::{read_long, read_sum_and_count, write_sum_and_count};
use super::word_count;

/// The running combination of one key's values. It leaves one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accumulator {
    /// A sum of counts.
    Sum(u64),
    /// Nothing but that there was one.
    Nothing,
    /// A sum of thousandths with how many they are, from such sums.
    Average {
        /// How many.
        count: u32,
        /// Their sum.
        sum: i64,
    },
    /// The mean of thousandths. Whoever takes the mean of such means forgets how many each stands
    /// for.
    Mean {
        /// How many.
        count: u32,
        /// Their sum.
        sum: i64,
    },
}

impl Accumulator {
    /// Takes one more value of the key.
    #[inline]
    pub fn add(&mut self, value: &[u8]) {
        if let Accumulator::Sum(sum) = self {
            *sum += u64::from(word_count::decode(value));
        } else {
            self.add_other(value);
        }
    }

    /// The same for those that few jobs have.
    fn add_other(&mut self, value: &[u8]) {
        match self {
            Accumulator::Sum(_) => {}
            Accumulator::Nothing => {}
            Accumulator::Average { count, sum } => {
                let (more, times) = read_sum_and_count(value);
                (*count, *sum) = (count.saturating_add(times), sum.saturating_add(more));
            }
            Accumulator::Mean { count, sum } => {
                *count = count.saturating_add(1);
                *sum = sum.saturating_add(read_long(value));
            }
        }
    }

    /// Appends the one value that is left.
    pub fn write(self, values: &mut Vec<u8>) {
        match self {
            Accumulator::Sum(sum) => values.extend_from_slice(&word_count::encode(sum)),
            Accumulator::Nothing => {}
            Accumulator::Average { count, sum } => {
                values.extend_from_slice(&write_sum_and_count(sum, count));
            }
            Accumulator::Mean { count, sum } => {
                values.extend_from_slice(&mean(i128::from(sum), count.into()).to_be_bytes());
            }
        }
    }
}

/// A mean, rounded to the nearest, and away from zero when two are as near.
pub(super) fn mean(sum: i128, count: u64) -> i64 {
    let count = i128::from(count.max(1));
    let half = if sum < 0 { -count } else { count };
    i64::try_from((2 * sum + half) / (2 * count)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_is_rounded_to_the_nearest() {
        let means = [(7, 2), (-7, 2), (10, 3), (-10, 3), (11, 3), (0, 5), (5, 0)];
        let rounded: Vec<i64> = means.map(|(sum, count)| mean(sum, count)).to_vec();
        assert_eq!(rounded, [4, -4, 3, -3, 4, 0, 5]);
    }

    /// The trap: 1, 2 and 3 in one spill and 10 in another have a mean of 4, not of 6.
    #[test]
    fn a_mean_of_means_is_not_the_mean_and_a_sum_of_sums_is_the_sum() {
        let combine = |empty: Accumulator, values: &[Vec<u8>]| {
            let mut accumulator = empty;
            values.iter().for_each(|value| accumulator.add(value));
            let mut left = Vec::new();
            accumulator.write(&mut left);
            left
        };
        let empty = Accumulator::Mean { count: 0, sum: 0 };
        let plain = |number: i64| number.to_be_bytes().to_vec();
        let one = combine(empty, &[plain(1_000), plain(2_000), plain(3_000)]);
        assert_eq!(read_long(&combine(empty, &[one, plain(10_000)])), 6_000);
        let empty = Accumulator::Average { count: 0, sum: 0 };
        let plain = |number: i64| write_sum_and_count(number, 1).to_vec();
        let one = combine(empty, &[plain(1_000), plain(2_000), plain(3_000)]);
        let all = combine(empty, &[one, plain(10_000)]);
        assert_eq!(read_sum_and_count(&all), (16_000, 4));
    }
}
