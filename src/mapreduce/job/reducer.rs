//! The reduce side of a job: what one reduce task does with each group, value by value, and the
//! lines that it writes.

use super::top::Largest;
use super::{Job, Shape, average, inverted_index, secondary_sort, word_count};

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
    WordCount { sum: u64 },
    InvertedIndex { postings: Vec<Vec<u8>> },
    TotalOrder,
    SecondarySort,
    Distinct,
    Top(Largest),
    Average { sum: i128, count: u64 },
    NaiveAverage { sum: i128, count: u64 },
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
            Job::Grep { .. } => Memory::None,
            Job::WordCount => Memory::WordCount { sum: 0 },
            Job::InvertedIndex => Memory::InvertedIndex { postings: Vec::new() },
            Job::TotalOrder => Memory::TotalOrder,
            Job::SecondarySort => Memory::SecondarySort,
            Job::Distinct => Memory::Distinct,
            Job::Top { count } => Memory::Top(Largest::new(*count)),
            Job::Average => Memory::Average { sum: 0, count: 0 },
            Job::NaiveAverage => Memory::NaiveAverage { sum: 0, count: 0 },
        };
        Reducer { shape: job.shape(), memory }
    }

    /// A group begins, with this key.
    pub fn begin(&mut self, key: &[u8], lines: &mut Lines<'_>) {
        match &mut self.memory {
            Memory::WordCount { sum } => *sum = 0,
            Memory::InvertedIndex { postings } => postings.clear(),
            Memory::SecondarySort => secondary_sort::begin(self.shape.group_part(key), lines),
            Memory::Average { sum, count } | Memory::NaiveAverage { sum, count } => {
                (*sum, *count) = (0, 0);
            }
            Memory::None | Memory::TotalOrder | Memory::Distinct | Memory::Top(_) => {}
        }
    }

    /// Takes one more value of the group; its key may differ from the group's first in what the
    /// groups are not made by. Says nothing of `first`'s value but that it is the first.
    pub fn take(&mut self, key: &[u8], value: &[u8], is_first: bool, lines: &mut Lines<'_>) {
        match &mut self.memory {
            Memory::WordCount { sum } => *sum += u64::from(word_count::decode(value)),
            Memory::InvertedIndex { postings } => postings.push(value.to_vec()),
            Memory::TotalOrder => lines.key(key),
            Memory::SecondarySort => secondary_sort::take(value, is_first, lines),
            Memory::None | Memory::Distinct => {}
            Memory::Top(largest) => largest.see_again(value),
            Memory::Average { sum, count } => average::take(value, sum, count),
            Memory::NaiveAverage { sum, count } => average::take_naively(value, sum, count),
        }
    }

    /// The group with this key is over.
    pub fn end(&mut self, key: &[u8], lines: &mut Lines<'_>) {
        match &mut self.memory {
            Memory::WordCount { sum } => lines.pair(key, sum.to_string().as_bytes()),
            Memory::InvertedIndex { postings } => inverted_index::end(key, postings, lines),
            Memory::SecondarySort => lines.end(),
            Memory::Distinct => lines.key(key),
            Memory::Average { sum, count } | Memory::NaiveAverage { sum, count } => {
                average::end(key, *sum, *count, lines);
            }
            Memory::None | Memory::TotalOrder | Memory::Top(_) => {}
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
            | Memory::SecondarySort
            | Memory::Distinct
            | Memory::Average { .. }
            | Memory::NaiveAverage { .. } => {}
        }
    }
}
