//! The mixing that Flink puts a key's `hashCode` through before it picks a key group.

use super::{spark, word};

/// `org.apache.flink.util.MathUtils.murmurHash`: Murmur3 of one word with seed 0, made
/// non-negative. The lowest number has no counterpart and becomes 0.
pub fn murmur_hash(code: i32) -> i32 {
    let hash = spark::finish(spark::mix(0, word(code)), 4);
    hash.checked_abs().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_result_is_never_negative() {
        for code in (i32::MIN..i32::MAX).step_by(10_000_019) {
            assert!(murmur_hash(code) >= 0, "{code}");
        }
    }
}
