//! PageRank, one round of it: a page gives each page that it links to an equal share of its rank,
//! and a page's new rank is 0.15 and 0.85 of all that it was given (Brin and Page 1998, section
//! 2.1.1). Ranks are millionths, so that no sum depends on the order of its terms; shares are
//! rounded down. A round's output is the next one's input: the job is a chain of itself.
//!
//! A line is `page TAB targets`, or after a round `page TAB rank TAB targets`, with a comma between
//! targets. A page that links to none keeps its rank to itself, and it is lost to the others.

use super::Emit;
use super::fields::{BadRecord, ranked_page};
use super::mapper::Scratch;
use super::reducer::Lines;
use super::shape::show_millionths;
use std::io::Write;

/// What a value begins with: a page's links, or a share of a rank.
const LINKS: u8 = b'L';
const SHARE: u8 = b'S';

/// The rank of a page that nobody links to, and the part of its shares that a page gets.
const RANK_MIN: u64 = 150_000;
const DAMPING_PERCENT: u64 = 85;

/// Emits a page's links under its own name, and then a share for each of its links.
pub(super) fn map(
    line: &[u8],
    from: usize,
    scratch: &mut Scratch,
    emit: &mut impl FnMut(&[u8], &[u8]) -> Emit,
) -> Result<Option<usize>, BadRecord> {
    let page = ranked_page(line)?;
    let links = page.links.split(|byte| *byte == b',').filter(|link| !link.is_empty());
    let count = links.clone().count() as u64;
    let share = page.millionths / count.max(1);
    for (place, target) in std::iter::once(page.name).chain(links).enumerate().skip(from) {
        scratch.value.clear();
        if place == 0 {
            scratch.value.push(LINKS);
            scratch.value.extend_from_slice(page.links);
        } else {
            // Writing to memory does not fail.
            let _ = write!(scratch.value, "S{share}");
        }
        match emit(target, &scratch.value) {
            Emit::Taken => {}
            Emit::TakenStop => return Ok(Some(place + 1)),
            Emit::Refused => return Ok(Some(place)),
        }
    }
    Ok(None)
}

/// Keeps a page's links, or adds a share to its rank.
pub(super) fn take(value: &[u8], shares: &mut u64, links: &mut Vec<u8>) {
    match value.split_first() {
        // Of several lines of one page the last by their bytes counts, since values come in no order.
        Some((&LINKS, rest)) if rest > links.as_slice() => *links = rest.to_vec(),
        Some((&LINKS, _)) => {}
        Some((&SHARE, rest)) => {
            let digits = std::str::from_utf8(rest).ok().and_then(|digits| digits.parse().ok());
            *shares = shares.saturating_add(digits.unwrap_or(0));
        }
        Some(_) | None => {}
    }
}

/// Writes a page with its new rank.
pub(super) fn end(page: &[u8], shares: u64, links: &[u8], lines: &mut Lines<'_>) {
    let given = u128::from(shares) * u128::from(DAMPING_PERCENT) / 100;
    let rank = RANK_MIN.saturating_add(u64::try_from(given).unwrap_or(u64::MAX));
    lines.pair(page, &[show_millionths(rank).as_bytes(), b"\t", links].concat());
}
