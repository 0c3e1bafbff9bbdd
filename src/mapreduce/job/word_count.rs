//! Word count: a pair (word, 1) for each word; the combiner and the reducer add up.
//!
//! Values are Hadoop's `IntWritable`: four bytes, the highest first.

use super::Emit;

const ONE: [u8; 4] = encode(1);

/// Emits (word, 1) for each word from byte `from` on, and says where it was stopped.
pub(super) fn map(
    line: &[u8],
    from: usize,
    emit: &mut impl FnMut(&[u8], &[u8]) -> Emit,
) -> Option<usize> {
    let mut at = from;
    loop {
        at += line[at..].iter().position(|byte| !is_separator(*byte))?;
        let length = line[at..].iter().position(|byte| is_separator(*byte));
        let end = length.map_or(line.len(), |length| at + length);
        match emit(&line[at..end], &ONE) {
            Emit::Taken => at = end,
            Emit::TakenStop => return Some(end),
            Emit::Refused => return Some(at),
        }
    }
}

/// The separators of Java's `StringTokenizer`, which Hadoop's example uses, as bits.
const SEPARATORS: u64 = 1 << b' ' | 1 << b'\t' | 1 << b'\n' | 1 << b'\r' | 1 << 0x0c;

/// Most bytes of a text lie above the blank, and need one comparison.
#[inline]
fn is_separator(byte: u8) -> bool {
    byte <= b' ' && SEPARATORS >> byte & 1 == 1
}

/// A count as an `IntWritable`.
pub(super) const fn encode(count: u64) -> [u8; 4] {
    assert!(count <= i32::MAX as u64, "a count outgrows Hadoop's IntWritable");
    #[expect(clippy::cast_possible_truncation, reason = "asserted the line before")]
    (count as u32).to_be_bytes()
}

/// The count in an `IntWritable`.
pub(super) fn decode(value: &[u8]) -> u32 {
    value.try_into().map_or(0, u32::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_runs_between_the_five_separators() {
        let mut words = Vec::new();
        let stopped = map("  To be,\tor not\u{c}to be".as_bytes(), 0, &mut |word, one| {
            assert_eq!(decode(one), 1);
            words.push(String::from_utf8_lossy(word).into_owned());
            Emit::Taken
        });
        assert_eq!(words, ["To", "be,", "or", "not", "to", "be"]);
        assert_eq!(stopped, None);
    }

    #[test]
    fn a_stopped_map_goes_on_where_it_was_stopped() {
        let line = b"one two three";
        assert_eq!(map(line, 0, &mut |_, _| Emit::TakenStop), Some(3));
        assert_eq!(map(line, 3, &mut |_, _| Emit::Refused), Some(4));
        assert_eq!(
            map(line, 4, &mut |word, _| {
                assert_ne!(word, b"one");
                Emit::Taken
            }),
            None
        );
    }
}
