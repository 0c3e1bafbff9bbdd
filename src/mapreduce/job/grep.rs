//! Grep: the lines that contain a text, each with its place in the file. There is nothing to sort
//! and nothing to reduce, so the maps write the output.

use super::mapper::emit_one;
use super::shape::write_sorted_long;
use super::{Emit, Record};

/// Emits a line under its place, if it contains the pattern.
pub(super) fn map(
    record: Record<'_>,
    from: usize,
    pattern: &[u8],
    emit: &mut impl FnMut(&[u8], &[u8]) -> Emit,
) -> Option<usize> {
    memchr::memmem::find(record.text, pattern)?;
    let place = i64::try_from(record.offset).unwrap_or(i64::MAX);
    emit_one(from, (&write_sorted_long(place), record.text), emit)
}
