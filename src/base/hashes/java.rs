//! `hashCode` of Java's own classes.

use super::signed;

/// `java.lang.String.hashCode`: h = 31·h + the next UTF-16 unit, from 0.
///
/// ```
/// assert_eq!(millrace::base::hashes::java::string_hash("Aa"), 2112);
/// assert_eq!(millrace::base::hashes::java::string_hash("BB"), 2112);
/// ```
pub fn string_hash(text: &str) -> i32 {
    let add = |hash: u32, unit: u32| hash.wrapping_mul(31).wrapping_add(unit);
    let hash = if text.is_ascii() {
        text.bytes().fold(0, |hash, byte| add(hash, u32::from(byte)))
    } else {
        text.encode_utf16().fold(0, |hash, unit| add(hash, u32::from(unit)))
    };
    signed(hash)
}

/// `java.lang.Long.hashCode`: the high half xor the low half.
pub fn long_hash(number: i64) -> i32 {
    let [a, b, c, d, e, f, g, h] = number.to_be_bytes();
    i32::from_be_bytes([a ^ e, b ^ f, c ^ g, d ^ h])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_hash_by_utf_16_unit() {
        // 0xd83d and 0xde00 are the two units of this character.
        assert_eq!(string_hash("😀"), 0xd83d * 31 + 0xde00);
        assert_eq!(string_hash(""), 0);
    }

    #[test]
    fn a_long_hashes_by_both_its_halves() {
        assert_eq!(long_hash(-1), 0);
        assert_eq!(long_hash(1 << 32 | 2), 3);
    }
}
