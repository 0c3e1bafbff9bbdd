//! TF-IDF as a chain of three jobs: how often a term is in a document, how many terms each document
//! has, and what that makes of each term: its part of the document, times the logarithm of how
//! seldom it is among documents.
//!
//! 1. `document TAB text` to `term TAB document TAB count`: a word count of terms in documents.
//! 2. To `term TAB document TAB count TAB terms of the document`: grouped by document.
//! 3. To `term TAB document TAB weight`: grouped by term. Weights are millionths, rounded down.

use super::fields::{BadRecord, DOCUMENT, counted_term, name_and_rest, weighed_term};
use super::mapper::{Scratch, emit_one};
use super::reducer::Lines;
use super::shape::show_millionths;
use super::{Emit, word_count};
use crate::base::logarithm::ln_millionths;

/// Emits (`term TAB document`, 1) for each word of a document.
pub(super) fn map_terms(
    line: &[u8],
    from: usize,
    scratch: &mut Scratch,
    emit: &mut impl FnMut(&[u8], &[u8]) -> Emit,
) -> Result<Option<usize>, BadRecord> {
    let (document, text) = name_and_rest(line, DOCUMENT)?;
    let lower = String::from_utf8_lossy(text).to_lowercase();
    let words = lower.split(|letter: char| !letter.is_ascii_lowercase());
    let words = words.filter(|word| !word.is_empty());
    for (place, word) in words.enumerate().skip(from) {
        scratch.key.clear();
        scratch.key.extend_from_slice(word.as_bytes());
        scratch.key.push(b'\t');
        scratch.key.extend_from_slice(document);
        match emit(&scratch.key, &word_count::encode(1)) {
            Emit::Taken => {}
            Emit::TakenStop => return Ok(Some(place + 1)),
            Emit::Refused => return Ok(Some(place)),
        }
    }
    Ok(None)
}

/// Emits a term and its count under its document.
pub(super) fn map_by_document(
    line: &[u8],
    from: usize,
    scratch: &mut Scratch,
    emit: &mut impl FnMut(&[u8], &[u8]) -> Emit,
) -> Result<Option<usize>, BadRecord> {
    let (term, document, count) = counted_term(line)?;
    scratch.value.clear();
    scratch.value.extend_from_slice(term);
    scratch.value.push(b'\t');
    scratch.value.extend_from_slice(count.to_string().as_bytes());
    Ok(emit_one(from, (document, &scratch.value), emit))
}

/// Emits a document and its counts under a term.
pub(super) fn map_by_term(
    line: &[u8],
    from: usize,
    emit: &mut impl FnMut(&[u8], &[u8]) -> Emit,
) -> Result<Option<usize>, BadRecord> {
    let (term, _) = weighed_term(line)?;
    Ok(emit_one(from, (term, &line[term.len() + 1..]), emit))
}

/// Writes a document's terms with their sum.
pub(super) fn end_document(document: &[u8], terms: &mut [Vec<u8>], lines: &mut Lines<'_>) {
    terms.sort_unstable();
    let count = |value: &[u8]| {
        let digits = value.rsplit(|byte| *byte == b'\t').next().unwrap_or_default();
        super::fields::number(digits).unwrap_or(0)
    };
    let sum: i64 = terms.iter().map(|value| count(value)).fold(0, i64::saturating_add);
    for value in terms.iter() {
        let term = value.split(|byte| *byte == b'\t').next().unwrap_or_default();
        let rest = format!("{}\t{sum}", count(value));
        lines.pair(term, &[document, b"\t", rest.as_bytes()].concat());
    }
}

/// Writes a term's weight in each of its documents.
pub(super) fn end_term(
    term: &[u8],
    postings: &mut [Vec<u8>],
    documents: u64,
    lines: &mut Lines<'_>,
) {
    postings.sort_unstable();
    let seldom = ln_millionths(documents, postings.len() as u64);
    for posting in postings.iter() {
        let line = [term, b"\t", posting].concat();
        let Ok((_, (document, count, terms))) = weighed_term(&line) else { continue };
        let weight = u128::from(count) * u128::from(seldom) / u128::from(terms.max(1));
        let weight = show_millionths(u64::try_from(weight).unwrap_or(u64::MAX));
        lines.pair(term, &[document, b"\t", weight.as_bytes()].concat());
    }
}
