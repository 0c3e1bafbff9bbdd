//! Which reducer a key goes to: the hash functions of the real systems and what each makes of the
//! hash, ranges of keys, and a rule that sends all keys to one reducer.

use super::job::KeyPart;
use crate::base::PartitionId;
use crate::base::hashes::{hadoop, java, kafka, spark};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::sync::Arc;

/// How keys are spread over reducers, in the order of `scenario::table::PARTITIONERS`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Partitioner {
    /// Hadoop's `HashPartitioner` over `Text` keys.
    #[default]
    HadoopText,
    /// Hadoop's `HashPartitioner` over Java strings.
    HadoopString,
    /// Spark SQL's `HashPartitioning` over a string column.
    SparkSql,
    /// Spark's `HashPartitioner` over an RDD of strings.
    SparkRdd,
    /// The default partitioner of Kafka's producers.
    Kafka,
    /// Hadoop's `TotalOrderPartitioner`: a key's partition is the number of split points that are
    /// not above it, so that the parts, one after another, are in one order.
    Range(SplitPoints),
    /// All keys to the first reducer, while the others have nothing to do. A bad one, to be seen.
    AllToOne,
}

/// The first keys of all ranges but the first, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SplitPoints(Arc<[Vec<u8>]>);

impl SplitPoints {
    /// These points, in any order.
    pub fn new(mut points: Vec<Vec<u8>>) -> SplitPoints {
        points.sort_unstable();
        SplitPoints(points.into())
    }

    /// Points that part a sample of keys into so many ranges of about equal size, as
    /// `InputSampler.writePartitionFile` chooses them: at equal steps in the sorted sample, and on
    /// to the next key where a step ends at the point before it.
    pub fn of_sample(mut sample: Vec<Vec<u8>>, ranges: u32) -> SplitPoints {
        sample.sort_unstable();
        let mut points: Vec<Vec<u8>> = Vec::new();
        let mut last: Option<usize> = None;
        for range in 1..u64::from(ranges) {
            // Java's `Math.round(i * (samples / (float) ranges))`, in whole numbers.
            let step =
                (2 * range * sample.len() as u64 + u64::from(ranges)) / (2 * u64::from(ranges));
            let mut place = usize::try_from(step).unwrap_or(usize::MAX);
            while last.is_some_and(|last| {
                last >= place || sample.get(place).is_some_and(|key| *key == sample[last])
            }) {
                place += 1;
            }
            let Some(key) = sample.get(place) else { break };
            points.push(key.clone());
            last = Some(place);
        }
        SplitPoints(points.into())
    }

    /// How many points are not above a key.
    fn range_of(&self, key: &[u8]) -> usize {
        self.0.partition_point(|point| point.as_slice() <= key)
    }
}

impl Partitioner {
    /// Those that hash; the place in this list is the parameter's value. Ranges and the bad one
    /// come behind them.
    pub const HASHING: [Partitioner; 5] = [
        Partitioner::HadoopText,
        Partitioner::HadoopString,
        Partitioner::SparkSql,
        Partitioner::SparkRdd,
        Partitioner::Kafka,
    ];

    /// The partitioner that a parameter's value stands for. Only ranges ask for points.
    pub fn from_choice(value: u64, points: impl FnOnce() -> SplitPoints) -> Option<Partitioner> {
        match value {
            5 => Some(Partitioner::Range(points())),
            6 => Some(Partitioner::AllToOne),
            _ => Partitioner::HASHING.get(usize::try_from(value).ok()?).cloned(),
        }
    }

    /// The real system's name of the class or function that hashes.
    pub fn hash_name(&self) -> &'static str {
        match self {
            Partitioner::HadoopText => "Text.hashCode",
            Partitioner::HadoopString | Partitioner::SparkRdd => "String.hashCode",
            Partitioner::SparkSql => "Murmur3",
            Partitioner::Kafka => "murmur2",
            Partitioner::Range(_) => "range",
            Partitioner::AllToOne => "all to one",
        }
    }

    /// The hash of a key, a signed number of 32 bits. Keys are UTF-8; where one is not, a
    /// system that hashes characters sees `�` in the broken places, as Java does.
    pub fn hash(&self, key: &[u8]) -> i64 {
        i64::from(self.hash_code(KeyPart::Text(key)))
    }

    /// The hash of a key's part; 0 where nothing is hashed.
    pub fn hash_part(&self, part: KeyPart<'_>) -> i64 {
        i64::from(self.hash_code(part))
    }

    /// The reducer that a key goes to.
    ///
    /// # Panics
    /// When there are no reducers.
    #[inline]
    pub fn partition(&self, key: &[u8], reducers: u32) -> PartitionId {
        self.partition_part(KeyPart::Text(key), reducers)
    }

    /// The reducer that a key with this part goes to.
    ///
    /// # Panics
    /// When there are no reducers.
    #[inline]
    pub fn partition_part(&self, part: KeyPart<'_>, reducers: u32) -> PartitionId {
        if let Partitioner::Range(points) = self {
            let range = u32::try_from(points.range_of(&part.sorting_bytes())).unwrap_or(u32::MAX);
            return PartitionId(range.min(reducers.saturating_sub(1)));
        }
        self.of_hash(self.hash_code(part), reducers)
    }

    /// The rule with the numbers in it, for the inspector:
    /// `Text.hashCode = -47088425; (-47088425 & 0x7fffffff) % 3 = 2100395223 % 3 = 0`.
    ///
    /// # Panics
    /// When there are no reducers.
    pub fn formula(&self, key: &[u8], reducers: u32) -> String {
        if let Partitioner::Range(points) = self {
            let PartitionId(chosen) = self.partition(key, reducers);
            let below = points.range_of(key);
            return format!(
                "{below} of {} split points are not above it = {chosen}",
                points.0.len()
            );
        }
        self.formula_of(self.hash(key), reducers)
    }

    /// The same for a key of this hash, as `hash_part` gives it.
    ///
    /// # Panics
    /// When there are no reducers.
    pub fn formula_of(&self, hash: i64, reducers: u32) -> String {
        let hash = i32::try_from(hash).unwrap_or(0);
        let PartitionId(chosen) = self.of_hash(hash, reducers);
        let name = self.hash_name();
        if self.masks_the_sign() {
            let masked = without_sign(hash);
            let rest = if i64::from(masked) == i64::from(hash) {
                String::new()
            } else {
                format!("{masked} % {reducers} = ")
            };
            format!("{name} = {hash}; ({hash} & 0x7fffffff) % {reducers} = {rest}{chosen}")
        } else {
            format!("{name} = {hash}; {hash} mod {reducers}, never negative = {chosen}")
        }
    }

    #[inline]
    fn hash_code(&self, part: KeyPart<'_>) -> i32 {
        match part {
            KeyPart::Text(key) => self.hash_text(key),
            KeyPart::Nothing => 0,
            KeyPart::Long(number) => self.hash_long(number),
            KeyPart::Int(number) => self.hash_int(number),
        }
    }

    /// The same of a number of 32 bits (`IntegerSerializer`).
    fn hash_int(&self, number: i32) -> i32 {
        match self {
            Partitioner::HadoopText | Partitioner::HadoopString | Partitioner::SparkRdd => {
                hadoop::int_writable_hash(number)
            }
            Partitioner::SparkSql => spark::hash_int(number, spark::SEED),
            Partitioner::Kafka => kafka::murmur2(&number.to_be_bytes()),
            Partitioner::Range(_) | Partitioner::AllToOne => 0,
        }
    }

    /// The hash of a number of 64 bits, in each system's own type for it; what Kafka sends is its
    /// bytes, the highest first (`LongSerializer`).
    fn hash_long(&self, number: i64) -> i32 {
        match self {
            Partitioner::HadoopText => hadoop::long_writable_hash(number),
            Partitioner::HadoopString | Partitioner::SparkRdd => java::long_hash(number),
            Partitioner::SparkSql => spark::hash_bigint(number, spark::SEED),
            Partitioner::Kafka => kafka::murmur2(&number.to_be_bytes()),
            Partitioner::Range(_) | Partitioner::AllToOne => 0,
        }
    }

    #[inline]
    fn hash_text(&self, key: &[u8]) -> i32 {
        match self {
            Partitioner::HadoopText => hadoop::text_hash(key),
            Partitioner::HadoopString | Partitioner::SparkRdd => java::string_hash(&text(key)),
            Partitioner::SparkSql => spark::hash_bytes(key, spark::SEED),
            Partitioner::Kafka => kafka::murmur2(key),
            Partitioner::Range(_) | Partitioner::AllToOne => 0,
        }
    }

    /// The reducer that a key of this hash goes to.
    ///
    /// # Panics
    /// When there are no reducers.
    #[inline]
    pub fn of_hash(&self, hash: i32, reducers: u32) -> PartitionId {
        assert!(reducers > 0, "a job has a reducer at least");
        if self.masks_the_sign() {
            PartitionId(without_sign(hash) % reducers)
        } else {
            let rest = i64::from(hash).rem_euclid(i64::from(reducers));
            PartitionId(u32::try_from(rest).unwrap_or(0))
        }
    }

    /// Hadoop and Kafka drop the sign bit (`HashPartitioner.getPartition`, `Utils.toPositive`);
    /// Spark takes the modulus that is never negative (`Utils.nonNegativeMod`, `Pmod`).
    fn masks_the_sign(&self) -> bool {
        match self {
            Partitioner::HadoopText
            | Partitioner::HadoopString
            | Partitioner::Kafka
            | Partitioner::Range(_)
            | Partitioner::AllToOne => true,
            Partitioner::SparkSql | Partitioner::SparkRdd => false,
        }
    }
}

/// `hash & Integer.MAX_VALUE`.
#[inline]
fn without_sign(hash: i32) -> u32 {
    u32::from_ne_bytes(hash.to_ne_bytes()) & 0x7fff_ffff
}

fn text(key: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(place: u64) -> Option<Partitioner> {
        Partitioner::from_choice(place, SplitPoints::default)
    }

    #[test]
    fn the_choices_stand_in_the_parameter_s_order() {
        let chosen: Vec<Partitioner> = (0..5).filter_map(choice).collect();
        assert_eq!(chosen, Partitioner::HASHING);
        assert_eq!(choice(5), Some(Partitioner::Range(SplitPoints::default())));
        assert_eq!(choice(6), Some(Partitioner::AllToOne));
        assert_eq!(choice(7), None);
    }

    /// `TotalOrderPartitioner`: the partition is the number of split points that are not above.
    #[test]
    fn a_range_begins_with_its_split_point() {
        let points = SplitPoints::new(["r", "T", "e"].map(|point| point.into()).to_vec());
        let range = Partitioner::Range(points);
        let parts = ["", "System", "T", "dynamically", "e", "qualify", "r", "\u{1f600}"];
        let parts = parts.map(|key| range.partition(key.as_bytes(), 4).0);
        assert_eq!(parts, [0, 0, 1, 1, 2, 2, 3, 3]);
        assert_eq!(range.partition(b"z", 2), PartitionId(1), "never beyond the last reducer");
    }

    /// `InputSampler.writePartitionFile`: equal steps, and never the same key twice.
    #[test]
    fn a_sample_is_parted_at_equal_steps() {
        let keys = |keys: &[&str]| keys.iter().map(|key| key.as_bytes().to_vec()).collect();
        let points = |sample: &[&str], ranges| SplitPoints::of_sample(keys(sample), ranges);
        let of = |points: &[&str]| SplitPoints::new(keys(points));
        assert_eq!(points(&["d", "b", "a", "c"], 2), of(&["c"]));
        assert_eq!(points(&["a", "b", "c", "d", "e", "f"], 3), of(&["c", "e"]));
        assert_eq!(points(&["a", "b", "b", "b", "c", "d"], 3), of(&["b", "c"]));
        assert_eq!(points(&["a", "a"], 3), of(&["a"]));
        assert_eq!(points(&[], 3), SplitPoints::default());
    }

    #[test]
    fn all_to_one_is_as_bad_as_it_says() {
        let mut keys = (0..100).map(|key: u32| key.to_string());
        assert!(keys.all(|key| Partitioner::AllToOne.partition(key.as_bytes(), 7).0 == 0));
    }

    #[test]
    fn the_formula_ends_in_the_partition() {
        let range = Partitioner::Range(SplitPoints::new(vec![b"m".to_vec()]));
        for partitioner in Partitioner::HASHING.into_iter().chain([range, Partitioner::AllToOne]) {
            for key in ["render", "naïve", "", "you"] {
                for reducers in [1, 2, 3, 1_000] {
                    let PartitionId(chosen) = partitioner.partition(key.as_bytes(), reducers);
                    let formula = partitioner.formula(key.as_bytes(), reducers);
                    assert!(formula.ends_with(&format!("= {chosen}")), "{formula}");
                }
            }
        }
        assert_eq!(
            Partitioner::HadoopText.formula(b"render", 3),
            "Text.hashCode = -47088425; (-47088425 & 0x7fffffff) % 3 = 2100395223 % 3 = 0"
        );
    }

    #[test]
    fn a_broken_key_is_hashed_as_java_would_read_it() {
        let broken = Partitioner::SparkRdd.hash(b"a\xffb");
        assert_eq!(broken, Partitioner::SparkRdd.hash("a\u{fffd}b".as_bytes()));
    }
}
