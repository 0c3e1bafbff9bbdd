//! The jobs: what is mapped, combined and reduced. A closed list; each job is a small module.
//!
//! A job's map can stop in the middle of a line, since the sort buffer may be full there, and its
//! reduce takes one value at a time, so that no group has to be in memory and no call runs long.

use crate::base::hashes::hadoop;
use serde::{Deserialize, Serialize};

mod word_count;

/// What to compute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Job {
    /// How often does each word occur? Words are runs without blank, tab, line end and form feed,
    /// as in Hadoop's example of the same name.
    WordCount,
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

/// The running reduction of one group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accumulator {
    /// A sum of counts.
    Sum(u64),
}

impl Job {
    /// Maps a line from byte `from` of it on, and says where to go on if it was stopped.
    pub fn map(
        self,
        line: &[u8],
        from: usize,
        emit: impl FnMut(&[u8], &[u8]) -> Emit,
    ) -> Option<usize> {
        match self {
            Job::WordCount => word_count::map(line, from, emit),
        }
    }

    /// The reduction of a group before its first value.
    pub fn accumulator(self) -> Accumulator {
        match self {
            Job::WordCount => Accumulator::Sum(0),
        }
    }

    /// The bytes of a pair as the job's types serialize it: Hadoop's `MAP_OUTPUT_BYTES`.
    pub fn serialized_bytes(self, key: &[u8], value: &[u8]) -> u64 {
        match self {
            Job::WordCount => hadoop::text_serialized_len(key.len()) + value.len() as u64,
        }
    }

    /// A value as people read it.
    pub fn show_value(self, value: &[u8]) -> String {
        match self {
            Job::WordCount => word_count::decode(value).to_string(),
        }
    }
}

impl Accumulator {
    /// Takes one more value of the group.
    pub fn add(&mut self, value: &[u8]) {
        match self {
            Accumulator::Sum(sum) => *sum += u64::from(word_count::decode(value)),
        }
    }

    /// The value of the whole group.
    pub fn finish(self) -> [u8; 4] {
        match self {
            Accumulator::Sum(sum) => word_count::encode(sum),
        }
    }
}
