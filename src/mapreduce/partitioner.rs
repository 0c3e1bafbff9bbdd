//! Which reducer a key goes to: the hash functions of the real systems, and what each makes of
//! the hash.

use crate::base::PartitionId;
use crate::base::hashes::{hadoop, java, kafka, spark};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// How keys are spread over reducers, in the order of `scenario::table::PARTITIONERS`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
}

impl Partitioner {
    /// All of them; the place in this list is the parameter's value.
    pub const ALL: [Partitioner; 5] = [
        Partitioner::HadoopText,
        Partitioner::HadoopString,
        Partitioner::SparkSql,
        Partitioner::SparkRdd,
        Partitioner::Kafka,
    ];

    /// The partitioner that a parameter's value stands for.
    pub fn from_choice(value: u64) -> Option<Partitioner> {
        Partitioner::ALL.get(usize::try_from(value).ok()?).copied()
    }

    /// The real system's name of the class or function that hashes.
    pub fn hash_name(self) -> &'static str {
        match self {
            Partitioner::HadoopText => "Text.hashCode",
            Partitioner::HadoopString | Partitioner::SparkRdd => "String.hashCode",
            Partitioner::SparkSql => "Murmur3",
            Partitioner::Kafka => "murmur2",
        }
    }

    /// The hash of a key, a signed number of 32 bits. Keys are UTF-8; where one is not, a
    /// system that hashes characters sees `�` in the broken places, as Java does.
    pub fn hash(self, key: &[u8]) -> i64 {
        i64::from(self.hash_code(key))
    }

    /// The reducer that a key goes to.
    ///
    /// # Panics
    /// When there are no reducers.
    #[inline]
    pub fn partition(self, key: &[u8], reducers: u32) -> PartitionId {
        self.of_hash(self.hash_code(key), reducers)
    }

    /// The rule with the numbers in it, for the inspector:
    /// `(Text.hashCode = -47088425 & 0x7fffffff) % 3 = 2100395223 % 3 = 0`.
    ///
    /// # Panics
    /// When there are no reducers.
    pub fn formula(self, key: &[u8], reducers: u32) -> String {
        let hash = self.hash_code(key);
        let PartitionId(chosen) = self.of_hash(hash, reducers);
        let name = self.hash_name();
        if self.masks_the_sign() {
            let masked = without_sign(hash);
            format!(
                "({name} = {hash} & 0x7fffffff) % {reducers} = {masked} % {reducers} = {chosen}"
            )
        } else {
            format!("{name} = {hash} mod {reducers}, never negative = {chosen}")
        }
    }

    #[inline]
    fn hash_code(self, key: &[u8]) -> i32 {
        match self {
            Partitioner::HadoopText => hadoop::text_hash(key),
            Partitioner::HadoopString | Partitioner::SparkRdd => java::string_hash(&text(key)),
            Partitioner::SparkSql => spark::hash_bytes(key, spark::SEED),
            Partitioner::Kafka => kafka::murmur2(key),
        }
    }

    /// The reducer that a key of this hash goes to.
    ///
    /// # Panics
    /// When there are no reducers.
    #[inline]
    pub fn of_hash(self, hash: i32, reducers: u32) -> PartitionId {
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
    fn masks_the_sign(self) -> bool {
        match self {
            Partitioner::HadoopText | Partitioner::HadoopString | Partitioner::Kafka => true,
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

    #[test]
    fn the_choices_stand_in_the_parameter_s_order() {
        let order = ["hadoop_text", "hadoop_string", "spark_sql", "spark_rdd", "kafka"];
        for (place, partitioner) in Partitioner::ALL.iter().enumerate() {
            assert_eq!(*partitioner as usize, place);
            assert_eq!(Partitioner::from_choice(place as u64), Some(*partitioner));
        }
        assert_eq!(Partitioner::ALL.len(), order.len());
        assert_eq!(Partitioner::from_choice(5), None);
    }

    #[test]
    fn the_formula_ends_in_the_partition() {
        for partitioner in Partitioner::ALL {
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
            "(Text.hashCode = -47088425 & 0x7fffffff) % 3 = 2100395223 % 3 = 0"
        );
    }

    #[test]
    fn a_broken_key_is_hashed_as_java_would_read_it() {
        let broken = Partitioner::SparkRdd.hash(b"a\xffb");
        assert_eq!(broken, Partitioner::SparkRdd.hash("a\u{fffd}b".as_bytes()));
    }
}
