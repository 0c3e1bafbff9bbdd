//! The map side of a job: what one map task does with each of its lines, and what it remembers
//! between them.

use super::top::Largest;
use super::{
    BadRecord, Emit, Job, Record, average, distinct, grep, inverted_index, secondary_sort,
    total_order, word_count,
};

/// The map function of a map task, with what it remembers.
#[derive(Clone, Debug)]
pub struct Mapper {
    memory: Memory,
    scratch: Scratch,
}

/// What a mapper remembers from line to line.
#[derive(Clone, Debug)]
enum Memory {
    WordCount,
    Grep { pattern: Vec<u8> },
    InvertedIndex,
    TotalOrder,
    SecondarySort,
    Distinct,
    Top(Largest),
    Average,
    NaiveAverage,
}

/// Room for a key and a value that are put together.
#[derive(Clone, Debug, Default)]
pub(super) struct Scratch {
    pub(super) key: Vec<u8>,
    pub(super) value: Vec<u8>,
}

impl Mapper {
    /// A map task's mapper before its first line.
    pub fn new(job: &Job) -> Mapper {
        let memory = match job {
            Job::WordCount => Memory::WordCount,
            Job::Grep { pattern } => Memory::Grep { pattern: pattern.as_bytes().to_vec() },
            Job::InvertedIndex => Memory::InvertedIndex,
            Job::TotalOrder => Memory::TotalOrder,
            Job::SecondarySort => Memory::SecondarySort,
            Job::Distinct => Memory::Distinct,
            Job::Top { count } => Memory::Top(Largest::new(*count)),
            Job::Average => Memory::Average,
            Job::NaiveAverage => Memory::NaiveAverage,
        };
        Mapper { memory, scratch: Scratch::default() }
    }

    /// Maps a line from where it was stopped (0 at its beginning), and says where to go on if it
    /// was stopped again.
    ///
    /// # Errors
    /// When it is no line of the kind that the job reads.
    #[inline]
    pub fn map(
        &mut self,
        record: Record<'_>,
        from: usize,
        emit: &mut impl FnMut(&[u8], &[u8]) -> Emit,
    ) -> Result<Option<usize>, BadRecord> {
        let (line, scratch) = (record.text, &mut self.scratch);
        match &mut self.memory {
            Memory::WordCount => Ok(word_count::map(line, from, emit)),
            Memory::Grep { pattern } => Ok(grep::map(record, from, pattern, emit)),
            Memory::InvertedIndex => inverted_index::map(line, from, scratch, emit),
            Memory::TotalOrder => Ok(total_order::map(line, from, emit)),
            Memory::SecondarySort => secondary_sort::map(line, from, scratch, emit),
            Memory::Distinct => Ok(distinct::map(line, from, emit)),
            Memory::Top(largest) => largest.see(line).map(|()| None),
            Memory::Average => average::map(line, from, emit),
            Memory::NaiveAverage => average::map_naively(line, from, emit),
        }
    }

    /// The task's lines are at their end: emits what was kept for it, from pair `from` on, and says
    /// where to go on if it was stopped.
    pub fn finish(
        &mut self,
        from: usize,
        emit: &mut impl FnMut(&[u8], &[u8]) -> Emit,
    ) -> Option<usize> {
        match &self.memory {
            Memory::Top(largest) => largest.emit(from, emit),
            Memory::WordCount
            | Memory::Grep { .. }
            | Memory::InvertedIndex
            | Memory::TotalOrder
            | Memory::SecondarySort
            | Memory::Distinct
            | Memory::Average
            | Memory::NaiveAverage => None,
        }
    }
}

/// Emits the one pair of a line.
pub(super) fn emit_one(
    from: usize,
    (key, value): (&[u8], &[u8]),
    emit: &mut impl FnMut(&[u8], &[u8]) -> Emit,
) -> Option<usize> {
    if from > 0 {
        return None;
    }
    match emit(key, value) {
        Emit::Taken => None,
        Emit::TakenStop => Some(1),
        Emit::Refused => Some(0),
    }
}
