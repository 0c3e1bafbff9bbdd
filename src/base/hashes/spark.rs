//! Spark SQL's `hash`: Murmur3 in 32 bits, with a tail of its own.
//!
//! `org.apache.spark.unsafe.hash.Murmur3_x86_32`, as `HashPartitioning` and the SQL function
//! `hash` call it.

use super::{signed, widened, word};

/// The seed with which Spark hashes the first column of a key.
pub const SEED: i32 = 42;

/// `Murmur3_x86_32.hashUnsafeBytes`, of strings and binary. Whole little-endian words are mixed as
/// in the standard Murmur3, but then each remaining byte, sign-extended, is mixed like a word.
pub fn hash_bytes(bytes: &[u8], seed: i32) -> i32 {
    let (words, rest) = bytes.as_chunks::<4>();
    let mut hash = word(seed);
    for four in words {
        hash = mix(hash, u32::from_le_bytes(*four));
    }
    for byte in rest {
        hash = mix(hash, widened(*byte));
    }
    // The length goes in as a Java int; no key is longer than one can say.
    finish(hash, u32::try_from(bytes.len()).unwrap_or(u32::MAX))
}

/// `Murmur3_x86_32.hashInt`: one word.
pub fn hash_int(number: i32, seed: i32) -> i32 {
    finish(mix(word(seed), word(number)), 4)
}

/// `Murmur3_x86_32.hashLong`: the low word, then the high word.
pub fn hash_bigint(number: i64, seed: i32) -> i32 {
    let [a, b, c, d, e, f, g, h] = number.to_le_bytes();
    let low = mix(word(seed), u32::from_le_bytes([a, b, c, d]));
    finish(mix(low, u32::from_le_bytes([e, f, g, h])), 8)
}

/// Mixes one word into a hash: `mixK1` and `mixH1`.
pub(super) fn mix(hash: u32, word: u32) -> u32 {
    let scrambled = word.wrapping_mul(0xcc9e_2d51).rotate_left(15).wrapping_mul(0x1b87_3593);
    (hash ^ scrambled).rotate_left(13).wrapping_mul(5).wrapping_add(0xe654_6b64)
}

/// Lets each bit of the hash depend on all: `fmix`.
pub(super) fn finish(hash: u32, length: u32) -> i32 {
    let mut hash = hash ^ length;
    hash = (hash ^ hash >> 16).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ hash >> 13).wrapping_mul(0xc2b2_ae35);
    signed(hash ^ hash >> 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_hash_alike_however_they_come() {
        assert_eq!(hash_bytes(&7_i32.to_le_bytes(), SEED), hash_int(7, SEED));
        assert_eq!(hash_bytes(&7_i64.to_le_bytes(), SEED), hash_bigint(7, SEED));
    }

    #[test]
    fn zero_hashes_as_in_spark_4() {
        assert_eq!(hash_int(0, SEED), 933_211_791);
        assert_eq!(hash_bigint(0, SEED), -1_670_924_195);
    }
}
