//! The pairs that a mapper emits: asked of a copy of it, since the engine's own go into the sort
//! buffer, which keeps each key once.

use super::told::{Paged, row, word};
use crate::lab::messages::zoom::{PairView, Rows};
use crate::mapreduce::JobConfig;
use crate::mapreduce::buffer::{INDEX_BYTES, SortBuffer};
use crate::mapreduce::job::{Emit, Mapper, Record};
use crate::mapreduce::map_attempt::MapAttempt;
use crate::mapreduce::partitioner::Partitioner;
use crate::mapreduce::segment::Segment;
use crate::mapreduce::spill::{SpillRun, SpillStep};

/// The most pairs of a line that are told.
pub(super) const PAIRS_MAX: usize = 120;

/// The most pairs of a spill that are kept, to be shown as they came and before they are combined.
const KEPT_MAX: usize = 20_000;

/// A key and a value.
pub(super) type Pair = (Vec<u8>, Vec<u8>);

/// Pairs in the order in which they came into the buffer; none when they were too many.
pub(super) struct Pairs {
    pairs: Vec<Pair>,
    missed: bool,
}

impl Pairs {
    /// None yet. Where there is no buffer none are kept.
    pub(super) fn of(config: &JobConfig) -> Pairs {
        Pairs { pairs: Vec::new(), missed: config.is_map_only() }
    }

    /// Whether more of them are wanted.
    pub(super) fn has_room(&self) -> bool {
        !self.missed
    }

    /// Keeps the first so many of these.
    pub(super) fn take(&mut self, pairs: Vec<Pair>, count: u64) {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        self.missed |= pairs.len() < count || self.pairs.len().saturating_add(count) > KEPT_MAX;
        if self.missed {
            self.pairs.clear();
        } else {
            self.pairs.extend(pairs.into_iter().take(count));
        }
    }

    /// A page of them, of so many that there are.
    pub(super) fn rows(&self, config: &JobConfig, total: u64, from: u64) -> Rows {
        let shape = config.job.shape();
        let mut page = Paged::from(from);
        for (key, value) in &self.pairs {
            page.add(|| Some(row(shape, (key, value), Some(config.partition(key)), None)));
        }
        Rows { total, ..page.finish() }
    }

    /// What a spill without a combiner makes of them; nothing when they are not here.
    pub(super) fn sorted(&self, config: &JobConfig) -> Option<Vec<Segment>> {
        if self.missed {
            return None;
        }
        let mut buffer = SortBuffer::new(&config.job, false);
        for (key, value) in &self.pairs {
            buffer.push(key, value);
        }
        let (partitioner, codec) = (config.partitioner.clone(), config.codec);
        let mut spill = SpillRun::new(buffer, partitioner, config.reducers, codec);
        while spill.step(super::map::SLICE) != SpillStep::Done {}
        Some(spill.finish())
    }
}

/// A copy of an attempt's mapper, and where in its line it stands.
pub(super) fn copied(attempt: &MapAttempt) -> (Mapper, usize) {
    let (mapper, from) = attempt.mapper();
    (mapper.clone(), from)
}

/// The pairs that the rest of this line is mapped to; none when it can't be read.
pub(super) fn collect((mut mapper, from): (Mapper, usize), record: Record<'_>) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut emit = |key: &[u8], value: &[u8]| {
        pairs.push((key.to_vec(), value.to_vec()));
        if pairs.len() > KEPT_MAX { Emit::TakenStop } else { Emit::Taken }
    };
    if mapper.map(record, from, &mut emit).is_err() {
        pairs.clear();
    }
    pairs
}

/// The pairs that the mapper kept for the end of its lines and has not emitted yet.
pub(super) fn kept(attempt: &MapAttempt) -> Vec<Pair> {
    let (mut mapper, from) = copied(attempt);
    let mut pairs = Vec::new();
    let mut emit = |key: &[u8], value: &[u8]| {
        pairs.push((key.to_vec(), value.to_vec()));
        Emit::Taken
    };
    mapper.finish(from, &mut emit);
    pairs
}

/// Pairs as they are told, with the partitioner's rule in numbers.
pub(super) fn views<'a>(
    config: &JobConfig,
    pairs: impl Iterator<Item = &'a Pair>,
) -> impl Iterator<Item = PairView> {
    let shape = config.job.shape();
    pairs.take(PAIRS_MAX).map(move |(key, value)| PairView {
        key: word(shape.show_key(key)),
        value: word(shape.show_value(value)),
        partition: (!config.is_map_only()).then(|| config.partition(key)),
        formula: formula(config, key),
        bytes: shape.serialized_bytes(key, value) + INDEX_BYTES,
    })
}

/// The rule that chooses a key's partition, with the numbers in it.
fn formula(config: &JobConfig, key: &[u8]) -> String {
    if config.is_map_only() {
        return String::new();
    }
    let part = config.job.shape().partition_part(key);
    match &config.partitioner {
        Partitioner::AllToOne => "all keys go to partition 0".to_owned(),
        Partitioner::Range(_) => config.partitioner.formula(&part.sorting_bytes(), config.reducers),
        hashing @ (Partitioner::HadoopText
        | Partitioner::HadoopString
        | Partitioner::SparkSql
        | Partitioner::SparkRdd
        | Partitioner::Kafka) => hashing.formula_of(hashing.hash_part(part), config.reducers),
    }
}
