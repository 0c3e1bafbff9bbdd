//! Randomness keyed by what it is for.
//!
//! Two runs that differ in one parameter share all other luck, since each draw comes from a
//! generator named by seed, purpose, entity and attempt, and never from a shared stream.
//! Ranges are drawn from `next_u64` by integer code of our own: a library's sampling may change.

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// What a draw is for. The number is part of the key and never changes its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Where the replicas of a block go.
    Placement = 1,
    /// Made input text.
    Text = 2,
    /// How fast a container starts.
    Launch = 3,
    /// Which map outputs a reducer fetches first.
    FetchOrder = 4,
    /// When a node's first heartbeat falls.
    Heartbeat = 5,
    /// Whether a message is lost or comes twice.
    Message = 20,
    /// When a node crashes.
    Crash = 21,
    /// Which nodes are slow.
    Straggler = 22,
    /// Random cases of tests.
    Test = 6,
    /// Whether and when an attempt throws an exception.
    Exception = 8,
    /// Events of a stream.
    Workload = 30,
    /// Where a block is copied to when too few replicas are left.
    Replication = 7,
}

/// A generator for one purpose, entity and attempt.
#[derive(Clone, Debug)]
pub struct Random(Xoshiro256PlusPlus);

impl Random {
    /// The generator that this key names; the same key gives the same draws on every machine.
    pub fn keyed(seed: u64, purpose: Purpose, entity: u64, attempt: u64) -> Random {
        let mut key = [0; 24];
        key[..8].copy_from_slice(&(purpose as u64).to_le_bytes());
        key[8..16].copy_from_slice(&entity.to_le_bytes());
        key[16..].copy_from_slice(&attempt.to_le_bytes());
        Random(Xoshiro256PlusPlus::seed_from_u64(xxh3_64_with_seed(&key, seed)))
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number in `0..bound`, each equally likely but for a bias below `bound / 2^64`.
    ///
    /// # Panics
    /// When `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        assert!(bound > 0, "an empty range has nothing to draw from");
        let wide = u128::from(self.bits()) * u128::from(bound);
        u64::try_from(wide >> 64).unwrap_or(bound - 1)
    }

    /// A number in `low..=high`.
    ///
    /// # Panics
    /// When `low > high`.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        assert!(low <= high, "a range runs from its low end to its high end");
        match (high - low).checked_add(1) {
            Some(count) => low + self.below(count),
            None => self.bits(),
        }
    }

    /// True with a probability of `parts` in a million.
    pub fn chance(&mut self, parts_per_million: u64) -> bool {
        self.below(1_000_000) < parts_per_million
    }

    /// Puts a list into random order (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = usize::try_from(self.below(last as u64 + 1)).unwrap_or(last);
            items.swap(last, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_key_gives_the_same_draws_and_another_key_others() {
        let draws = |entity| {
            let mut random = Random::keyed(7, Purpose::Placement, entity, 0);
            [random.bits(), random.bits()]
        };
        assert_eq!(draws(3), draws(3));
        assert_ne!(draws(3), draws(4));
    }

    #[test]
    fn ranges_hold_their_bounds() {
        let mut random = Random::keyed(1, Purpose::Test, 0, 0);
        for _ in 0..1_000 {
            assert!((3..=9).contains(&random.between(3, 9)));
            assert!(random.below(5) < 5);
        }
        assert_eq!(random.between(4, 4), 4);
    }
}
