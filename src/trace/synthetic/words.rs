//! Texts, the words that each map finds in them by the record-boundary rule, and their counts.

use super::Shape;
use crate::base::random::{Purpose, Random};
use crate::trace::event::Volume;
use std::collections::BTreeMap;

/// A split and the words of its lines.
pub(super) struct Input {
    pub(super) offset: u64,
    pub(super) length: u64,
    /// The bytes of the partial line at its head.
    pub(super) skipped: u64,
    /// Each word, and where its line ends.
    pub(super) words: Vec<(String, u64)>,
}

/// Words by partition and key, with their counts.
pub(super) type Counts = BTreeMap<(u32, String), u64>;

/// Six lines of two to twelve words.
pub(super) fn sample_text() -> String {
    "the mill turns and the water runs\n\
     the water turns the mill and the mill turns the stone\n\
     grain to the stone\nflour from the stone\n\
     and bread from the flour of the mill by the water\n\
     no water no mill no mill no bread\n"
        .to_owned()
}

/// Lines of words that occur about as unevenly as in prose.
pub(crate) fn made_text(seed: u64, lines: u64) -> String {
    let mut text = String::new();
    for line in 0..lines {
        let mut random = Random::keyed(seed, Purpose::Test, line, 0);
        for _ in 0..random.between(1, 12) {
            let most = random.between(1, 200);
            text.push_str(&format!("w{} ", random.below(most)));
        }
        text.push('\n');
    }
    text
}

/// Blocks of equal size, which are also the splits, each with the lines that start after its
/// first byte and up to its end.
pub(super) fn inputs(shape: &Shape) -> Vec<Input> {
    let total = shape.text.len() as u64;
    let size = total.div_ceil(u64::from(shape.maps)).max(1);
    let mut lines = Vec::new();
    let mut at = 0;
    for line in shape.text.split_inclusive('\n') {
        lines.push((at, at + line.len() as u64, line));
        at += line.len() as u64;
    }
    (0..u64::from(shape.maps))
        .map(|map| {
            let offset = (map * size).min(total);
            let end = (offset + size).min(total);
            let owned = |start: u64| start <= end && (start > offset || offset == 0);
            let mine: Vec<_> = lines.iter().filter(|(start, ..)| owned(*start)).collect();
            let skipped = mine.first().map_or(0, |(start, ..)| start - offset);
            let words = |(_, stop, line): &(u64, u64, &str)| {
                let stop = *stop;
                let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
                words.into_iter().map(move |word| (word, stop))
            };
            let words = mine.into_iter().flat_map(words).collect();
            Input { offset, length: end - offset, skipped, words }
        })
        .collect()
}

/// Text's hash of the key, modulo the reduces.
pub(super) fn partition(word: &str, reduces: u32) -> u32 {
    let hash = word.bytes().fold(1_i32, |hash, byte| {
        hash.wrapping_mul(31).wrapping_add(i32::from(byte.cast_signed()))
    });
    (hash.cast_unsigned() & 0x7fff_ffff) % reduces.max(1)
}

/// The bytes of a word and its count, serialized.
pub(super) fn bytes(word: &str) -> u64 {
    word.len() as u64 + 5
}

/// How much these counts come to as records, one a key.
pub(super) fn volume<'a>(keys: impl Iterator<Item = &'a (u32, String)>) -> Volume {
    keys.map(|(_, word)| Volume { records: 1, bytes: bytes(word) }).sum()
}

/// What a map's whole output comes to, combined.
pub(super) fn counts(input: &Input, reduces: u32) -> Counts {
    let mut counts = Counts::new();
    for (word, _) in &input.words {
        *counts.entry((partition(word, reduces), word.clone())).or_default() += 1;
    }
    counts
}
