//! The reduce side of a job: what one reduce task does with each group, value by value, and the
//! lines that it writes.

use super::secondary_sort::Moment;
use super::shape::{ROW_HEAD, SALTED_HEAD};
use super::top::Largest;
use super::{Job, Shape, average, inverted_index, join, page_rank, tf_idf, word_count};

/// The reduce function of a reduce task, with what it remembers.
#[derive(Clone, Debug)]
pub struct Reducer {
    shape: Shape,
    memory: Memory,
}

/// What a reducer remembers from value to value.
#[derive(Clone, Debug)]
enum Memory {
    /// The job has no reduce.
    None,
    WordCount {
        sum: u64,
    },
    InvertedIndex {
        postings: Vec<Vec<u8>>,
    },
    TotalOrder,
    SecondarySort(Moment),
    Distinct,
    Top(Largest),
    Average {
        sum: i128,
        count: u64,
    },
    NaiveAverage {
        sum: i128,
        count: u64,
    },
    /// The left rows of the group; the side stands behind so many bytes of a key.
    Join {
        head: usize,
        left: Vec<Vec<u8>>,
    },
    Compaction,
    PageRank {
        shares: u64,
        links: Vec<u8>,
    },
    DocumentSizes {
        terms: Vec<Vec<u8>>,
    },
    TermWeights {
        postings: Vec<Vec<u8>>,
        documents: u64,
    },
}

/// Where a reducer writes: the bytes of its part, and how many lines they are.
#[derive(Debug)]
pub struct Lines<'a> {
    /// The bytes.
    pub bytes: &'a mut Vec<u8>,
    /// The lines (`REDUCE_OUTPUT_RECORDS`).
    pub count: &'a mut u64,
}

impl Lines<'_> {
    /// Appends to the line under way.
    pub(super) fn write(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Ends the line under way.
    pub(super) fn end(&mut self) {
        self.bytes.push(b'\n');
        *self.count += 1;
    }

    /// Writes a line as Hadoop's `TextOutputFormat` does: key, tab, value, line end.
    pub(super) fn pair(&mut self, key: &[u8], value: &[u8]) {
        self.write(key);
        self.write(b"\t");
        self.write(value);
        self.end();
    }

    /// Writes a line without a value, which has no tab either.
    pub(super) fn key(&mut self, key: &[u8]) {
        self.write(key);
        self.end();
    }
}

impl Reducer {
    /// A reduce task's reducer before its first group.
    pub fn new(job: &Job) -> Reducer {
        let memory = match job {
            Job::Grep { .. } | Job::BroadcastJoin { .. } | Job::BucketedJoin { .. } => Memory::None,
            Job::WordCount | Job::TermCounts => Memory::WordCount { sum: 0 },
            Job::InvertedIndex => Memory::InvertedIndex { postings: Vec::new() },
            Job::TotalOrder => Memory::TotalOrder,
            Job::SecondarySort => Memory::SecondarySort(Moment::default()),
            Job::Distinct => Memory::Distinct,
            Job::Top { count } => Memory::Top(Largest::new(*count)),
            Job::Average => Memory::Average { sum: 0, count: 0 },
            Job::NaiveAverage => Memory::NaiveAverage { sum: 0, count: 0 },
            Job::Join => Memory::Join { head: ROW_HEAD, left: Vec::new() },
            Job::SaltedJoin { .. } => Memory::Join { head: SALTED_HEAD, left: Vec::new() },
            Job::Compaction => Memory::Compaction,
            Job::PageRank => Memory::PageRank { shares: 0, links: Vec::new() },
            Job::DocumentSizes => Memory::DocumentSizes { terms: Vec::new() },
            Job::TermWeights { documents } => {
                Memory::TermWeights { postings: Vec::new(), documents: *documents }
            }
        };
        Reducer { shape: job.shape(), memory }
    }

    /// A group begins, with this key.
    pub fn begin(&mut self, key: &[u8], lines: &mut Lines<'_>) {
        match &mut self.memory {
            Memory::WordCount { sum } => *sum = 0,
            Memory::InvertedIndex { postings } => postings.clear(),
            Memory::SecondarySort(moment) => moment.begin(self.shape.group_part(key), lines),
            Memory::Average { sum, count } | Memory::NaiveAverage { sum, count } => {
                (*sum, *count) = (0, 0);
            }
            Memory::Join { left: rows, .. }
            | Memory::DocumentSizes { terms: rows }
            | Memory::TermWeights { postings: rows, .. } => rows.clear(),
            Memory::PageRank { shares, links } => {
                *shares = 0;
                links.clear();
            }
            Memory::None
            | Memory::TotalOrder
            | Memory::Distinct
            | Memory::Top(_)
            | Memory::Compaction => {}
        }
    }

    /// Takes one more value of the group; its key may differ from the group's first in what the
    /// groups are not made by.
    pub fn take(&mut self, key: &[u8], value: &[u8], lines: &mut Lines<'_>) {
        match &mut self.memory {
            Memory::WordCount { sum } => *sum += u64::from(word_count::decode(value)),
            Memory::InvertedIndex { postings } => postings.push(value.to_vec()),
            Memory::TotalOrder => lines.key(key),
            Memory::SecondarySort(moment) => moment.take(key, value, lines),
            Memory::None | Memory::Distinct => {}
            Memory::Top(largest) => largest.see_again(value),
            Memory::Average { sum, count } => average::take(value, sum, count),
            Memory::NaiveAverage { sum, count } => average::take_naively(value, sum, count),
            Memory::Join { head, left } => join::take(key, *head, value, left, lines),
            Memory::Compaction => lines.key(value),
            Memory::PageRank { shares, links } => page_rank::take(value, shares, links),
            Memory::DocumentSizes { terms: rows } | Memory::TermWeights { postings: rows, .. } => {
                rows.push(value.to_vec())
            }
        }
    }

    /// The group with this key is over.
    pub fn end(&mut self, key: &[u8], lines: &mut Lines<'_>) {
        match &mut self.memory {
            Memory::WordCount { sum } => lines.pair(key, sum.to_string().as_bytes()),
            Memory::InvertedIndex { postings } => inverted_index::end(key, postings, lines),
            Memory::SecondarySort(moment) => moment.end(lines),
            Memory::Distinct => lines.key(key),
            Memory::Average { sum, count } | Memory::NaiveAverage { sum, count } => {
                average::end(key, *sum, *count, lines);
            }
            Memory::PageRank { shares, links } => page_rank::end(key, *shares, links, lines),
            Memory::DocumentSizes { terms } => tf_idf::end_document(key, terms, lines),
            Memory::TermWeights { postings, documents } => {
                tf_idf::end_term(key, postings, *documents, lines);
            }
            Memory::None
            | Memory::TotalOrder
            | Memory::Top(_)
            | Memory::Join { .. }
            | Memory::Compaction => {}
        }
    }

    /// All groups are over: writes what was kept for the end.
    pub fn finish(&mut self, lines: &mut Lines<'_>) {
        match &self.memory {
            Memory::Top(largest) => largest.write(lines),
            Memory::None
            | Memory::WordCount { .. }
            | Memory::InvertedIndex { .. }
            | Memory::TotalOrder
            | Memory::SecondarySort(_)
            | Memory::Distinct
            | Memory::Average { .. }
            | Memory::NaiveAverage { .. }
            | Memory::Join { .. }
            | Memory::Compaction
            | Memory::PageRank { .. }
            | Memory::DocumentSizes { .. }
            | Memory::TermWeights { .. } => {}
        }
    }
}
