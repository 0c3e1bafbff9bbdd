//! `hashCode` of Hadoop's key classes.

use super::{signed, widened};

/// `org.apache.hadoop.io.Text.hashCode`, which is `WritableComparator.hashBytes`: h = 31·h + the
/// next signed byte of the UTF-8, from 1. It is not Java's `String.hashCode`.
///
/// ```
/// assert_eq!(millrace::base::hashes::hadoop::text_hash(b"You"), 118_878);
/// ```
pub fn text_hash(bytes: &[u8]) -> i32 {
    // This runs for each record that a mapper emits. Four bytes at a time, three of the four
    // multiplications do not wait for each other.
    const POWER_2: u32 = 31 * 31;
    const POWER_3: u32 = POWER_2 * 31;
    const POWER_4: u32 = POWER_3 * 31;
    let (fours, rest) = bytes.as_chunks::<4>();
    let mut hash = 1_u32;
    for [a, b, c, d] in fours {
        let added = widened(*a)
            .wrapping_mul(POWER_3)
            .wrapping_add(widened(*b).wrapping_mul(POWER_2))
            .wrapping_add(widened(*c).wrapping_mul(31))
            .wrapping_add(widened(*d));
        hash = hash.wrapping_mul(POWER_4).wrapping_add(added);
    }
    for byte in rest {
        hash = hash.wrapping_mul(31).wrapping_add(widened(*byte));
    }
    signed(hash)
}

/// Bytes of a `Text` of this length as Hadoop serializes it: the length as a `VInt`
/// (`WritableUtils.getVIntSize`), then the UTF-8.
pub const fn text_serialized_len(length: usize) -> u64 {
    let length = length as u64;
    let bits = u64::BITS - length.leading_zeros();
    if length <= 127 { 1 + length } else { 1 + bits.div_ceil(8) as u64 + length }
}

/// `org.apache.hadoop.io.LongWritable.hashCode`: the low 32 bits.
pub fn long_writable_hash(number: i64) -> i32 {
    let [.., a, b, c, d] = number.to_be_bytes();
    i32::from_be_bytes([a, b, c, d])
}

/// `org.apache.hadoop.io.IntWritable.hashCode`: the number itself.
pub fn int_writable_hash(number: i32) -> i32 {
    number
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::{Purpose, Random};

    #[test]
    fn four_bytes_at_a_time_give_what_one_at_a_time_gives() {
        let mut random = Random::keyed(1, Purpose::Test, 0, 0);
        for length in 0..40 {
            let bytes: Vec<u8> = (0..length).map(|_| random.bits().to_le_bytes()[0]).collect();
            let plain = bytes.iter().fold(1_i32, |hash, byte| {
                hash.wrapping_mul(31).wrapping_add(i32::from(i8::from_ne_bytes([*byte])))
            });
            assert_eq!(text_hash(&bytes), plain, "{bytes:?}");
        }
    }

    #[test]
    fn a_text_s_length_takes_one_byte_up_to_127_and_then_one_more_than_it_needs() {
        let head = |length: usize| text_serialized_len(length) - length as u64;
        assert_eq!([0, 127, 128, 255, 256, 65_535, 65_536].map(head), [1, 1, 2, 2, 3, 3, 4]);
    }

    #[test]
    fn a_long_keeps_its_low_half() {
        assert_eq!(long_writable_hash(-1), -1);
        assert_eq!(long_writable_hash(5 << 32 | 7), 7);
    }
}
