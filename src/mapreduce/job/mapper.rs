//! The map side of a job: what one map task does with each of its lines, and what it remembers
//! between them.

use super::top::Largest;
use super::{
    BadRecord, Emit, Job, Record, Table, average, compaction, distinct, grep, inverted_index, join,
    page_rank, secondary_sort, tf_idf, total_order, word_count,
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
    Grep {
        pattern: Vec<u8>,
    },
    InvertedIndex,
    TotalOrder,
    SecondarySort,
    Distinct,
    Top(Largest),
    Average,
    NaiveAverage,
    Join,
    SaltedJoin {
        salts: u16,
    },
    /// Tables by the record's file, round and round.
    TableJoin {
        left: Vec<Table>,
    },
    Compaction,
    PageRank,
    TermCounts,
    DocumentSizes,
    TermWeights,
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
            Job::Join => Memory::Join,
            Job::SaltedJoin { salts } => Memory::SaltedJoin { salts: *salts },
            Job::BroadcastJoin { left } => Memory::TableJoin { left: vec![left.clone()] },
            Job::BucketedJoin { left } => Memory::TableJoin { left: left.clone() },
            Job::Compaction => Memory::Compaction,
            Job::PageRank => Memory::PageRank,
            Job::TermCounts => Memory::TermCounts,
            Job::DocumentSizes => Memory::DocumentSizes,
            Job::TermWeights { .. } => Memory::TermWeights,
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
            Memory::Join => join::map(record, from, scratch, emit),
            Memory::SaltedJoin { salts } => join::map_salted(record, from, *salts, scratch, emit),
            Memory::TableJoin { left } => {
                let table = usize::try_from(record.file).unwrap_or(0) % left.len().max(1);
                let Some(table) = left.get(table) else { return Ok(None) };
                join::map_beside(record, from, table, scratch, emit)
            }
            Memory::Compaction => Ok(compaction::map(record, from, emit)),
            Memory::PageRank => page_rank::map(line, from, scratch, emit),
            Memory::TermCounts => tf_idf::map_terms(line, from, scratch, emit),
            Memory::DocumentSizes => tf_idf::map_by_document(line, from, scratch, emit),
            Memory::TermWeights => tf_idf::map_by_term(line, from, emit),
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
            | Memory::NaiveAverage
            | Memory::Join
            | Memory::SaltedJoin { .. }
            | Memory::TableJoin { .. }
            | Memory::Compaction
            | Memory::PageRank
            | Memory::TermCounts
            | Memory::DocumentSizes
            | Memory::TermWeights => None,
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
