//! A key as the sort buffer's table knows it. Most keys are short words, and of these it is the
//! whole key: they are found without a look at their bytes. Its hash needs multiplications of 64
//! bits only, since WebAssembly has no others.

use xxhash_rust::xxh3::xxh3_64;

/// Bytes of the longest key that a fingerprint is the whole of.
const WHOLE_BYTES_MAX: usize = 16;

/// Odd numbers without a pattern: the fractional parts of the golden ratio and of the square roots
/// of 2 and 3.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
const ROOT_2: u64 = 0x6a09_e667_f3bc_c909;
const ROOT_3: u64 = 0xbb67_ae85_84ca_a73b;

/// The head and the tail of a key, which may overlap, and its length. Of a longer key the tail is
/// a hash of all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fingerprint {
    head: u64,
    tail: u64,
    length: u32,
}

impl Fingerprint {
    /// The fingerprint of a key.
    #[inline]
    pub(super) fn of(key: &[u8]) -> Fingerprint {
        let (head, tail) = match key.len() {
            0..=3 => (few(key), 0),
            4..=7 => (word(key.first_chunk()), word(key.last_chunk())),
            8..=WHOLE_BYTES_MAX => (long(key.first_chunk()), long(key.last_chunk())),
            _ => (long(key.first_chunk()), xxh3_64(key)),
        };
        #[expect(clippy::cast_possible_truncation, reason = "a key is shorter than its buffer")]
        let length = key.len() as u32;
        Fingerprint { head, tail, length }
    }

    /// Whether keys with this fingerprint are the same.
    #[inline]
    pub(super) fn is_whole(self) -> bool {
        self.length as usize <= WHOLE_BYTES_MAX
    }

    /// A hash of it.
    #[inline]
    pub(super) fn hash(self) -> u64 {
        let tail = self.tail.wrapping_mul(ROOT_2).rotate_left(29);
        let mixed = (self.head ^ u64::from(self.length)).wrapping_mul(GOLDEN) ^ tail;
        let mixed = (mixed ^ (mixed >> 32)).wrapping_mul(ROOT_3);
        mixed ^ (mixed >> 32)
    }
}

/// Up to three bytes as a number.
#[inline]
fn few(key: &[u8]) -> u64 {
    key.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[inline]
fn word(bytes: Option<&[u8; 4]>) -> u64 {
    bytes.map_or(0, |bytes| u64::from(u32::from_le_bytes(*bytes)))
}

#[inline]
fn long(bytes: Option<&[u8; 8]>) -> u64 {
    bytes.map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// Keys that differ in one byte, anywhere, or in length, differ in their fingerprints.
    #[test]
    fn different_keys_have_different_fingerprints() {
        for length in 0..40 {
            let key = vec![7; length];
            assert_eq!(Fingerprint::of(&key), Fingerprint::of(&key.clone()));
            assert_ne!(Fingerprint::of(&key), Fingerprint::of(&vec![7; length + 1]));
            for place in 0..length {
                let mut other = key.clone();
                other[place] = 8;
                assert_ne!(Fingerprint::of(&key), Fingerprint::of(&other), "{length} {place}");
            }
        }
    }

    /// Of 100,000 numbered keys no more share the low 17 bits of their hash, or the bits that a
    /// table's tags are made of, than luck would have it.
    #[test]
    fn hashes_are_spread() {
        for shift in [0, 15, 40] {
            let mut homes: BTreeMap<u64, u32> = BTreeMap::new();
            for number in 0..100_000 {
                let hash = Fingerprint::of(format!("word{number}").as_bytes()).hash();
                *homes.entry(hash >> shift & 0x1_ffff).or_default() += 1;
            }
            // As luck has it: 131,072 × (1 − e^(−100,000 / 131,072)) = 69,946.
            assert!((69_000..71_000).contains(&homes.len()), "{shift}: {}", homes.len());
            assert!(homes.values().max() < Some(&12), "{shift}");
        }
    }
}
