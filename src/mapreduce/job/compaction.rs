//! Compaction: many small files become a few. Each line goes under its place, and the reducer of
//! its file writes it back; so the lines of a file stay together and in order.

use super::mapper::emit_one;
use super::{Emit, Record};

/// Emits a line under its file and its offset.
pub(super) fn map(
    record: Record<'_>,
    from: usize,
    emit: &mut impl FnMut(&[u8], &[u8]) -> Emit,
) -> Option<usize> {
    let mut key = [0; 12];
    key[..4].copy_from_slice(&record.file.to_be_bytes());
    key[4..].copy_from_slice(&record.offset.to_be_bytes());
    emit_one(from, (&key, record.text), emit)
}
