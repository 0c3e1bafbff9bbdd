//! Total order: the key of each line, and nothing else. It is the partitioner that makes one order
//! of all parts; within a part the shuffle sorts.

use super::Emit;
use super::mapper::emit_one;

/// Emits a line's key, which ends at the first tab.
pub(super) fn map(
    line: &[u8],
    from: usize,
    emit: &mut impl FnMut(&[u8], &[u8]) -> Emit,
) -> Option<usize> {
    let end = memchr::memchr(b'\t', line).unwrap_or(line.len());
    emit_one(from, (&line[..end], b""), emit)
}
