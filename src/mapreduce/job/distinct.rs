//! Distinct: each word with nothing beside it; a group is one word, whatever it holds.

use super::{Emit, word_count};

/// Emits each word.
pub(super) fn map(
    line: &[u8],
    from: usize,
    emit: &mut impl FnMut(&[u8], &[u8]) -> Emit,
) -> Option<usize> {
    word_count::map(line, from, &mut |word, _| emit(word, b""))
}
