//! The text that every word count of the benchmark counts: made up, but always the same.

use std::{fs, path::Path};

use rand_xoshiro::{
    Xoshiro256PlusPlus,
    rand_core::{Rng, SeedableRng},
};

use crate::step::{Outcome, at, say};

/// Tells the benchmarks where the text is.
pub(crate) const VARIABLE: &str = "MILLRACE_BENCH_TEXT";

/// Long enough that starting up does not count, short enough for a tab.
const BYTES: usize = 32 << 20;

/// How many different words there are; a novel has about as many.
const VOCABULARY: u64 = 10_000;

const SYLLABLES: [&str; 16] = [
    "ka", "lo", "mi", "ne", "ru", "sa", "ti", "vo", "ber", "dan", "fel", "gor", "hin", "jus",
    "pen", "wal",
];

/// Writes the text, unless it is there.
///
/// # Errors
///
/// When the file cannot be written.
pub(crate) fn write(file: &Path) -> Outcome {
    if fs::metadata(file).is_ok_and(|found| found.len() == BYTES as u64) {
        return Ok(());
    }
    say("make a text of 32 MiB to count words in (some seconds)");
    fs::write(file, text(BYTES)).map_err(at(file, "write"))
}

/// Lines of 10 words, cut off at exactly `bytes` bytes. Low numbers are common, as in any language.
fn text(bytes: usize) -> String {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
    let mut text = String::with_capacity(bytes + 64);
    let mut words = 0_u32;
    while text.len() < bytes {
        let [first, second] = [0; 2].map(|_| random.next_u64() % VOCABULARY);
        push_word(&mut text, first * second / VOCABULARY);
        words += 1;
        text.push(if words.is_multiple_of(10) { '\n' } else { ' ' });
    }
    text.truncate(bytes);
    text
}

/// A number's word, one syllable for each of its hexadecimal digits.
fn push_word(text: &mut String, mut number: u64) {
    loop {
        let digit = usize::try_from(number % 16).unwrap_or_default();
        text.push_str(SYLLABLES[digit]);
        number /= 16;
        if number == 0 {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_always_the_same_and_common_words_are_common() {
        let made = text(10_000);
        assert_eq!(made.len(), 10_000);
        assert_eq!(made, text(10_000));
        let words: Vec<_> = made.split_whitespace().collect();
        let different: std::collections::BTreeSet<_> = words.iter().collect();
        assert!(different.len() > 100 && different.len() < words.len());
    }
}
