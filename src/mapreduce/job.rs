//! The jobs: what is mapped, combined and reduced. A closed list; each job is a small module.
//!
//! A job's map can stop in the middle of a line, since the sort buffer may be full there; what it
//! remembers from line to line is its `Mapper`. Its reduce takes one value at a time, so that no
//! group has to be in memory and no call runs long; what it remembers is its `Reducer`. How its
//! keys and values lie in bytes, so that keys sort as raw bytes, is its `Shape`.

mod average;
mod combiner;
mod compaction;
mod distinct;
mod fields;
mod grep;
mod inverted_index;
mod join;
mod lineage;
mod mapper;
mod page_rank;
mod reducer;
mod secondary_sort;
mod shape;
mod tf_idf;
mod top;
mod total_order;
mod word_count;

pub use combiner::Accumulator;
pub use fields::BadRecord;
pub use join::{Table, bucket_of};
pub use mapper::Mapper;
pub use reducer::{Lines, Reducer};
pub use shape::{KeyPart, KeyShape, Shape, ValueShape};

use serde::{Deserialize, Serialize};

/// What to compute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Job {
    /// How often does each word occur? Words are runs without blank, tab, line end and form feed,
    /// as in Hadoop's example of the same name.
    WordCount,
    /// Which lines contain this text? Without a reduce: the maps write `offset TAB line`.
    Grep {
        /// What is looked for.
        pattern: String,
    },
    /// Which documents is each word in, and how often? Lines are `document TAB text`, words are
    /// runs of a to z, and a posting is `document:count`.
    InvertedIndex,
    /// The keys of all lines, in one order over all parts. A line's key ends at its first tab.
    TotalOrder,
    /// The readings of each sensor in the order of their times. Lines are `sensor,time,value`; the
    /// sort is by both, the groups and partitions are by the sensor.
    SecondarySort,
    /// Which words are there at all?
    Distinct,
    /// The largest counts of lines `name TAB count`: each map task finds its own, one reduce the
    /// largest of those.
    Top {
        /// How many.
        count: u32,
    },
    /// The mean value of each sensor's readings, from sums and counts, which a combiner may add up
    /// as often as it likes.
    Average,
    /// The same from means of means, which is right only as long as no combiner runs.
    NaiveAverage,
    /// Each right row beside the left rows of its id, brought together by the shuffle. The first
    /// file is the left table. Lines are `id TAB text`.
    Join,
    /// The same, with the rows of one id dealt out to several groups.
    SaltedJoin {
        /// How many.
        salts: u16,
    },
    /// The same without a shuffle: each map has the left table in memory. Its files are the right
    /// one alone.
    BroadcastJoin {
        /// The left table.
        left: Table,
    },
    /// The same, but each file is a bucket of the right table, and has its own of the left one.
    BucketedJoin {
        /// The buckets of the left table.
        left: Vec<Table>,
    },
    /// Small files into few, one for each reducer.
    Compaction,
    /// One round of PageRank over lines `page TAB targets` or what the round before wrote.
    PageRank,
    /// How often is each term in each document? Lines are `document TAB text`.
    TermCounts,
    /// How many terms does each document have? Over what `TermCounts` wrote.
    DocumentSizes,
    /// What does each term weigh in each document? Over what `DocumentSizes` wrote.
    TermWeights {
        /// Documents that there are.
        documents: u64,
    },
}

/// A line of the input, as a job sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    /// Which of the input's files it is in.
    pub file: u32,
    /// Where it begins in the file.
    pub offset: u64,
    /// Its bytes without the line end.
    pub text: &'a [u8],
}

/// What the receiver of a pair says to the mapper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Emit {
    /// Taken; go on.
    Taken,
    /// Taken; stop after this pair.
    TakenStop,
    /// Not taken; stop before this pair, and offer it again.
    Refused,
}

impl Job {
    /// How its keys and values lie in bytes.
    pub fn shape(&self) -> Shape {
        let (key, value) = match self {
            Job::WordCount => (KeyShape::Text, ValueShape::Int),
            Job::Grep { .. } => (KeyShape::Long, ValueShape::Text),
            Job::InvertedIndex => (KeyShape::Text, ValueShape::Text),
            Job::TotalOrder | Job::Distinct => (KeyShape::Text, ValueShape::Nothing),
            Job::SecondarySort => (KeyShape::TextAndInt, ValueShape::Text),
            Job::Top { .. } => (KeyShape::Nothing, ValueShape::Text),
            Job::Average => (KeyShape::Text, ValueShape::SumAndCount),
            Job::NaiveAverage => (KeyShape::Text, ValueShape::Thousandths),
            Job::Join => (KeyShape::Row, ValueShape::Text),
            Job::SaltedJoin { .. } => (KeyShape::SaltedRow, ValueShape::Text),
            Job::BroadcastJoin { .. } | Job::BucketedJoin { .. } => {
                (KeyShape::Int, ValueShape::Text)
            }
            Job::Compaction => (KeyShape::Place, ValueShape::Text),
            Job::PageRank | Job::DocumentSizes | Job::TermWeights { .. } => {
                (KeyShape::Text, ValueShape::Text)
            }
            Job::TermCounts => (KeyShape::Text, ValueShape::Int),
        };
        Shape { key, value }
    }

    /// Its combiner before the first value of a group; nothing when it has none.
    pub fn combiner(&self) -> Option<Accumulator> {
        match self {
            Job::WordCount | Job::TermCounts => Some(Accumulator::Sum(0)),
            Job::Distinct => Some(Accumulator::Nothing),
            Job::Average => Some(Accumulator::Average { count: 0, sum: 0 }),
            Job::NaiveAverage => Some(Accumulator::Mean { count: 0, sum: 0 }),
            Job::Grep { .. }
            | Job::InvertedIndex
            | Job::TotalOrder
            | Job::SecondarySort
            | Job::Top { .. }
            | Job::Join
            | Job::SaltedJoin { .. }
            | Job::BroadcastJoin { .. }
            | Job::BucketedJoin { .. }
            | Job::Compaction
            | Job::PageRank
            | Job::DocumentSizes
            | Job::TermWeights { .. } => None,
        }
    }

    /// Whether it has no reduce: what its maps emit is its output.
    pub fn is_map_only(&self) -> bool {
        match self {
            Job::Grep { .. } | Job::BroadcastJoin { .. } | Job::BucketedJoin { .. } => true,
            Job::WordCount
            | Job::InvertedIndex
            | Job::TotalOrder
            | Job::SecondarySort
            | Job::Distinct
            | Job::Top { .. }
            | Job::Average
            | Job::NaiveAverage
            | Job::Join
            | Job::SaltedJoin { .. }
            | Job::Compaction
            | Job::PageRank
            | Job::TermCounts
            | Job::DocumentSizes
            | Job::TermWeights { .. } => false,
        }
    }

    /// Whether there are lines that it can't read.
    pub fn refuses_lines(&self) -> bool {
        match self {
            Job::WordCount
            | Job::Grep { .. }
            | Job::TotalOrder
            | Job::Distinct
            | Job::Compaction => false,
            Job::InvertedIndex
            | Job::SecondarySort
            | Job::Top { .. }
            | Job::Average
            | Job::NaiveAverage
            | Job::Join
            | Job::SaltedJoin { .. }
            | Job::BroadcastJoin { .. }
            | Job::BucketedJoin { .. }
            | Job::PageRank
            | Job::TermCounts
            | Job::DocumentSizes
            | Job::TermWeights { .. } => true,
        }
    }

    /// Whether its result is the same however often its combiner runs, and over what.
    pub fn is_combiner_safe(&self) -> bool {
        !matches!(self, Job::NaiveAverage)
    }
}
