//! A topic: partitions, each a log of records in the order in which they were appended.
//!
//! A record goes to the partition of its key, `(murmur2(key) & 0x7fffffff) % n`; one without a key to the
//! partition that the producer sticks to until a batch of it is full.

use crate::base::hashes::kafka;
use crate::base::random::{Purpose, Random};

/// A producer's batch: `batch.size`.
const BATCH_BYTES: u64 = 16_384;

/// What a record takes in a batch beside its key and value, about.
const RECORD_BYTES: u64 = 70;

/// The partitions of a topic, as the numbers of their records.
#[derive(Clone, Debug)]
pub struct Topic {
    partitions: Vec<Vec<u32>>,
    sticky: Sticky,
}

/// Where records without a key go: `BuiltInPartitioner`.
#[derive(Clone, Debug)]
struct Sticky {
    seed: u64,
    partition: usize,
    bytes: u64,
    turns: u64,
}

/// Kafka's default partitioner for a record with a key.
///
/// # Panics
/// When there are no partitions.
pub fn partition_of(key: &[u8], partitions: u32) -> u32 {
    assert!(partitions > 0, "a topic has a partition at least");
    u32::from_ne_bytes((kafka::murmur2(key) & i32::MAX).to_ne_bytes()) % partitions
}

impl Topic {
    /// Empty partitions, at least one.
    pub fn new(partitions: u16, seed: u64) -> Topic {
        let partitions = vec![Vec::new(); usize::from(partitions.max(1))];
        let mut sticky = Sticky { seed, partition: 0, bytes: 0, turns: 0 };
        sticky.turn(partitions.len());
        Topic { partitions, sticky }
    }

    /// Appends a record; gives its partition and offset.
    pub fn append(&mut self, record: u32, key: &[u8]) -> (u16, u64) {
        let count = self.partitions.len();
        let place = if key.is_empty() {
            self.sticky.place(count)
        } else {
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            usize::try_from(partition_of(key, count)).unwrap_or(0)
        };
        let place = u16::try_from(place).unwrap_or(u16::MAX);
        (place, self.append_to(place, record))
    }

    /// Appends a record to a partition that was chosen already; gives its offset.
    pub fn append_to(&mut self, partition: u16, record: u32) -> u64 {
        let Some(log) = self.partitions.get_mut(usize::from(partition)) else { return 0 };
        log.push(record);
        log.len() as u64 - 1
    }

    /// The record at an offset, once it is there.
    pub fn record(&self, partition: u16, offset: u64) -> Option<u32> {
        let log = self.partitions.get(usize::from(partition))?;
        log.get(usize::try_from(offset).ok()?).copied()
    }

    /// How many partitions there are.
    pub fn partitions(&self) -> u16 {
        u16::try_from(self.partitions.len()).unwrap_or(u16::MAX)
    }

    /// The offset of the next record to come.
    pub fn end(&self, partition: u16) -> u64 {
        self.partitions.get(usize::from(partition)).map_or(0, |log| log.len() as u64)
    }
}

impl Sticky {
    fn place(&mut self, partitions: usize) -> usize {
        if self.bytes >= BATCH_BYTES {
            self.turn(partitions);
        }
        self.bytes += RECORD_BYTES;
        self.partition
    }

    /// The next partition, by chance: `nextPartition`, which may draw the same once more.
    fn turn(&mut self, partitions: usize) {
        let mut random = Random::keyed(self.seed, Purpose::Workload, self.turns, 3);
        self.partition = usize::try_from(random.below(partitions.max(1) as u64)).unwrap_or(0);
        self.turns += 1;
        self.bytes = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// fidelity-stream.md: `(murmur2(key) & 0x7fffffff) % n`, with "21" → −973932308 and "abc" → 479470107.
    #[test]
    fn a_key_has_its_partition() {
        assert_eq!(partition_of(b"abc", 10), 7);
        assert_eq!(i64::from(partition_of(b"21", 10)), (-973_932_308_i64 & 0x7fff_ffff) % 10);
    }

    #[test]
    fn offsets_count_by_partition_and_equal_keys_stay_in_order() {
        let mut topic = Topic::new(4, 1);
        let places: Vec<(u16, u64)> = (0..40).map(|n| topic.append(n, b"one key")).collect();
        assert!((0..).zip(&places).all(|(n, place)| *place == (places[0].0, n)));
        assert_eq!(topic.record(places[0].0, 39), Some(39));
        assert_eq!((topic.record(places[0].0, 40), topic.end(places[0].0)), (None, 40));
    }

    #[test]
    fn without_keys_a_partition_is_stuck_to_until_its_batch_is_full() {
        let mut topic = Topic::new(3, 7);
        let places: Vec<u16> = (0..2_000).map(|n| topic.append(n, b"").0).collect();
        // It may be drawn once more, so that it changes at a full batch, but not at each.
        let turns = (1..2_000).filter(|place| places[*place] != places[place - 1]);
        let turns: Vec<usize> = turns.collect();
        assert!(turns.len() > 3 && turns.iter().all(|place| place % 235 == 0), "{turns:?}");
        assert!((0..3).all(|partition| places.contains(&partition)));
    }
}
