//! Inverted index: a pair (word, `document:count`) for each word of a document; the reducer puts
//! a word's postings into one line, in the order of their text.
//!
//! The counting is done in the mapper, over one line, so there is nothing left to combine.

use super::fields::{BadRecord, name_and_rest};
use super::mapper::Scratch;
use super::reducer::Lines;
use super::{Emit, fields};
use std::collections::BTreeMap;
use std::io::Write;

/// Emits (word, `document:count`) for each distinct word of a line, in the order of the words,
/// from the `from`-th on.
pub(super) fn map(
    line: &[u8],
    from: usize,
    scratch: &mut Scratch,
    emit: &mut impl FnMut(&[u8], &[u8]) -> Emit,
) -> Result<Option<usize>, BadRecord> {
    let (document, text) = name_and_rest(line, fields::DOCUMENT)?;
    let lower = String::from_utf8_lossy(text).to_lowercase();
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for word in lower.split(|letter: char| !letter.is_ascii_lowercase()) {
        if !word.is_empty() {
            *counts.entry(word).or_default() += 1;
        }
    }
    for (place, (word, count)) in counts.iter().enumerate().skip(from) {
        scratch.value.clear();
        scratch.value.extend_from_slice(document);
        // Writing to memory does not fail.
        let _ = write!(scratch.value, ":{count}");
        match emit(word.as_bytes(), &scratch.value) {
            Emit::Taken => {}
            Emit::TakenStop => return Ok(Some(place + 1)),
            Emit::Refused => return Ok(Some(place)),
        }
    }
    Ok(None)
}

/// Writes a word's line.
pub(super) fn end(word: &[u8], postings: &mut [Vec<u8>], lines: &mut Lines<'_>) {
    postings.sort_unstable();
    lines.pair(word, &postings.join(&b' '));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_runs_of_letters_however_they_are_written() {
        let mut pairs = Vec::new();
        let mut scratch = Scratch::default();
        let line = "d001\tThe mill's THE; café1".as_bytes();
        let stopped = map(line, 0, &mut scratch, &mut |word, posting| {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            pairs.push(format!("{} {}", text(word), text(posting)));
            Emit::Taken
        });
        assert_eq!(stopped, Ok(None));
        assert_eq!(pairs, ["caf d001:1", "mill d001:1", "s d001:1", "the d001:2"]);
    }

    #[test]
    fn a_stopped_map_goes_on_with_the_next_word() {
        let mut scratch = Scratch::default();
        let mut go = |from, answer| map(b"d\tb a", from, &mut scratch, &mut |_, _| answer);
        assert_eq!(go(0, Emit::TakenStop), Ok(Some(1)));
        assert_eq!(go(1, Emit::Refused), Ok(Some(1)));
        assert_eq!(go(1, Emit::Taken), Ok(None));
        assert_eq!(go(2, Emit::Refused), Ok(None));
    }
}
