//! Flink's key groups: the fixed units in which keyed state is spread over subtasks, so that it
//! can be spread anew when their number changes.
//!
//! After `org.apache.flink.runtime.state.KeyGroupRangeAssignment`.

use crate::base::hashes::flink;

/// The most key groups that there can be: `UPPER_BOUND_MAX_PARALLELISM`.
pub const MAX_PARALLELISM_LIMIT: u32 = 1 << 15;

/// The fewest that Flink chooses by itself: `DEFAULT_LOWER_BOUND_MAX_PARALLELISM`.
pub const DEFAULT_MAX_PARALLELISM: u32 = 1 << 7;

/// The key group of a key with this Java `hashCode`: `computeKeyGroupForKeyHash`.
///
/// # Panics
/// When `max_parallelism` is 0.
pub fn key_group(hash_code: i32, max_parallelism: u32) -> u32 {
    assert!(max_parallelism > 0, "keyed state has a key group at least");
    flink::murmur_hash(hash_code).unsigned_abs() % max_parallelism
}

/// The subtask that owns a key group: `computeOperatorIndexForKeyGroup`.
///
/// # Panics
/// When `max_parallelism` is 0, or above the limit together with such a parallelism that the
/// product leaves 32 bits.
pub fn operator_index(key_group: u32, max_parallelism: u32, parallelism: u32) -> u32 {
    key_group * parallelism / max_parallelism
}

/// The first and the last key group that a subtask owns: `computeKeyGroupRangeForOperatorIndex`.
///
/// # Panics
/// When `parallelism` is 0, above `max_parallelism`, or not above `index`.
pub fn key_group_range(max_parallelism: u32, parallelism: u32, index: u32) -> (u32, u32) {
    assert!(parallelism <= max_parallelism, "each subtask owns a key group at least");
    assert!(index < parallelism, "subtasks count from 0");
    let first = (index * max_parallelism).div_ceil(parallelism);
    let last = ((index + 1) * max_parallelism - 1) / parallelism;
    (first, last)
}

/// How many key groups Flink makes where the user names no number: half as much again as the
/// parallelism, rounded up to a power of two, and within 128 to 32,768:
/// `computeDefaultMaxParallelism`.
pub fn default_max_parallelism(parallelism: u32) -> u32 {
    let roomy = parallelism.saturating_add(parallelism / 2).min(MAX_PARALLELISM_LIMIT);
    roomy.next_power_of_two().clamp(DEFAULT_MAX_PARALLELISM, MAX_PARALLELISM_LIMIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ranges_cover_each_key_group_once_and_agree_with_the_index() {
        for max_parallelism in [1, 7, 10, 128, 200] {
            for parallelism in 1..=max_parallelism.min(40) {
                let mut next = 0;
                for index in 0..parallelism {
                    let (first, last) = key_group_range(max_parallelism, parallelism, index);
                    assert_eq!(first, next);
                    for group in first..=last {
                        assert_eq!(operator_index(group, max_parallelism, parallelism), index);
                    }
                    next = last + 1;
                }
                assert_eq!(next, max_parallelism);
            }
        }
    }

    #[test]
    fn the_largest_numbers_stay_within_32_bits() {
        let most = MAX_PARALLELISM_LIMIT;
        assert_eq!(operator_index(most - 1, most, most), most - 1);
        assert_eq!(key_group_range(most, most, most - 1), (most - 1, most - 1));
        assert_eq!(default_max_parallelism(u32::MAX), most);
    }
}
