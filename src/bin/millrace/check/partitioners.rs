//! Hashes, partitions and key groups, against Hadoop, Spark, Kafka and Flink.
//!
//! A case is a row: a key, a list of key-group ranges, or a default maximum parallelism.

use super::{Report, compare};
use millrace::base::PartitionId;
use millrace::base::hashes::{hadoop, java, spark};
use millrace::mapreduce::partitioner::Partitioner;
use millrace::streaming::key_groups;
use serde::Deserialize;
use serde_json::{Value, json};

/// The file. Every list of cases may be missing.
#[derive(Deserialize)]
#[serde(default)]
struct Golden {
    ns: Vec<u32>,
    flink_max_parallelism: u32,
    flink_parallelisms: Vec<u32>,
    string_columns: Vec<String>,
    integer_columns: Vec<String>,
    strings: Option<Vec<Vec<Value>>>,
    integers: Option<Vec<Vec<Value>>>,
    flink_key_group_ranges: Option<Vec<(u32, u32, Value)>>,
    flink_default_max_parallelism: Option<Vec<(u32, Value)>>,
}

impl Default for Golden {
    fn default() -> Golden {
        Golden {
            ns: Vec::new(),
            flink_max_parallelism: key_groups::DEFAULT_MAX_PARALLELISM,
            flink_parallelisms: Vec::new(),
            string_columns: Vec::new(),
            integer_columns: Vec::new(),
            strings: None,
            integers: None,
            flink_key_group_ranges: None,
            flink_default_max_parallelism: None,
        }
    }
}

/// Compares each case of the file with what Millrace computes.
pub(super) fn check(value: Value) -> Result<Report, String> {
    if !value.is_object() {
        return Err("it is not an object with lists of cases".to_owned());
    }
    let golden: Golden = serde_json::from_value(value).map_err(|error| error.to_string())?;
    golden.validate()?;
    let mut report = Report::default();
    for row in golden.strings.iter().flatten() {
        let key = golden.key("strings", &golden.string_columns, row)?;
        let actual = |column: &str| golden.of_string(column, key);
        let fields = differing("strings", &golden.string_columns, row, actual)?;
        report.case(&format!("string {}", json!(key)), &fields);
    }
    for row in golden.integers.iter().flatten() {
        let key = golden.key("integers", &golden.integer_columns, row)?;
        let number = key.parse().map_err(|_| {
            format!("integers: key {} is not a whole number of 64 bits", json!(key))
        })?;
        let actual = |column: &str| golden.of_integer(column, number);
        let fields = differing("integers", &golden.integer_columns, row, actual)?;
        report.case(&format!("integer {number}"), &fields);
    }
    golden.check_ranges(&mut report)?;
    for (parallelism, expected) in golden.flink_default_max_parallelism.iter().flatten() {
        let actual = json!(key_groups::default_max_parallelism(*parallelism));
        let field = compare("default", expected, &actual);
        let id = format!("flink_default_max_parallelism of {parallelism}");
        report.case(&id, field.as_slice());
    }
    Ok(report)
}

impl Golden {
    fn validate(&self) -> Result<(), String> {
        let lists = [
            self.strings.is_some(),
            self.integers.is_some(),
            self.flink_key_group_ranges.is_some(),
            self.flink_default_max_parallelism.is_some(),
        ];
        if !lists.contains(&true) {
            return Err("it has none of the lists strings, integers, flink_key_group_ranges, \
                        flink_default_max_parallelism"
                .to_owned());
        }
        for n in &self.ns {
            in_range("ns", *n, i32::MAX.unsigned_abs())?;
        }
        in_range("flink_max_parallelism", self.flink_max_parallelism, MOST)?;
        for parallelism in &self.flink_parallelisms {
            in_range("flink_parallelisms", *parallelism, MOST)?;
        }
        Ok(())
    }

    fn key<'a>(&self, list: &str, columns: &[String], row: &'a [Value]) -> Result<&'a str, String> {
        let place = columns.iter().position(|column| column == "key");
        let key = place.and_then(|place| row.get(place)).and_then(Value::as_str);
        key.ok_or_else(|| {
            format!("{list}: a row has no text in its column \"key\": {}", json!(row))
        })
    }

    fn of_string(&self, column: &str, key: &str) -> Option<Value> {
        let spread =
            |partitioner: Partitioner| self.over_ns(|n| partitioner.partition(key.as_bytes(), n));
        Some(match column {
            "java_hash" => json!(Partitioner::HadoopString.hash(key.as_bytes())),
            "text_hash" => json!(Partitioner::HadoopText.hash(key.as_bytes())),
            "spark_hash" => json!(Partitioner::SparkSql.hash(key.as_bytes())),
            "kafka_murmur2" => json!(Partitioner::Kafka.hash(key.as_bytes())),
            "flink_key_group" => json!(self.key_group(java::string_hash(key))),
            "hadoop_text" => spread(Partitioner::HadoopText),
            "hadoop_string" => spread(Partitioner::HadoopString),
            "spark_sql" => spread(Partitioner::SparkSql),
            "spark_rdd" => spread(Partitioner::SparkRdd),
            "kafka" => spread(Partitioner::Kafka),
            "flink" => self.over_parallelisms(java::string_hash(key)),
            _ => return None,
        })
    }

    fn of_integer(&self, column: &str, key: i64) -> Option<Value> {
        let narrow = i32::try_from(key).ok();
        let long_hash = hadoop::long_writable_hash(key);
        Some(match column {
            "java_long_hash" => json!(java::long_hash(key)),
            "longwritable_hash" => json!(long_hash),
            "intwritable_hash" => json!(narrow.map(hadoop::int_writable_hash)),
            "spark_hash_bigint" => json!(spark::hash_bigint(key, spark::SEED)),
            "spark_hash_int" => json!(narrow.map(|key| spark::hash_int(key, spark::SEED))),
            "flink_key_group_long" => json!(self.key_group(java::long_hash(key))),
            "hadoop_longwritable" => {
                self.over_ns(|n| Partitioner::HadoopText.of_hash(long_hash, n))
            }
            "flink_long" => self.over_parallelisms(java::long_hash(key)),
            _ => return None,
        })
    }

    fn over_ns(&self, partition: impl Fn(u32) -> PartitionId) -> Value {
        self.ns.iter().map(|n| json!(partition(*n))).collect()
    }

    fn key_group(&self, hash_code: i32) -> u32 {
        key_groups::key_group(hash_code, self.flink_max_parallelism)
    }

    fn over_parallelisms(&self, hash_code: i32) -> Value {
        let group = self.key_group(hash_code);
        let most = self.flink_max_parallelism;
        let index = |parallelism| key_groups::operator_index(group, most, parallelism);
        self.flink_parallelisms.iter().map(|parallelism| json!(index(*parallelism))).collect()
    }

    fn check_ranges(&self, report: &mut Report) -> Result<(), String> {
        for (max_parallelism, parallelism, expected) in self.flink_key_group_ranges.iter().flatten()
        {
            in_range("flink_key_group_ranges: max parallelism", *max_parallelism, MOST)?;
            in_range("flink_key_group_ranges: parallelism", *parallelism, *max_parallelism)?;
            let range = |index| key_groups::key_group_range(*max_parallelism, *parallelism, index);
            let actual = json!((0..*parallelism).map(range).collect::<Vec<_>>());
            let id = format!("flink_key_group_ranges of {max_parallelism} over {parallelism}");
            report.case(&id, compare("ranges", expected, &actual).as_slice());
        }
        Ok(())
    }
}

/// Flink's own bound of a maximum parallelism.
const MOST: u32 = key_groups::MAX_PARALLELISM_LIMIT;

fn in_range(field: &str, value: u32, most: u32) -> Result<(), String> {
    let fits = (1..=most).contains(&value);
    if fits { Ok(()) } else { Err(format!("{field} holds {value}, and must be 1 to {most}")) }
}

/// What differs in the columns of a row; the key itself is not compared.
fn differing(
    list: &str,
    columns: &[String],
    row: &[Value],
    actual: impl Fn(&str) -> Option<Value>,
) -> Result<Vec<String>, String> {
    if row.len() != columns.len() {
        return Err(format!(
            "{list}: a row has {} fields, and there are {} columns: {}",
            row.len(),
            columns.len(),
            json!(row)
        ));
    }
    let mut fields = Vec::new();
    for (column, expected) in columns.iter().zip(row).filter(|(column, _)| *column != "key") {
        let actual = actual(column)
            .ok_or_else(|| format!("{list}: there is no such column as {}", json!(column)))?;
        fields.extend(compare(column, expected, &actual));
    }
    Ok(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn golden() -> Value {
        serde_json::from_str(include_str!("../../../../tests/golden/partitioners.json")).unwrap()
    }

    #[test]
    fn every_recorded_case_agrees() {
        let report = check(golden()).unwrap();
        assert_eq!(report.differences, Vec::<String>::new());
        assert_eq!(report.passed, 200 + 18 + 23 + 14);
    }

    /// The check must be able to fail: each recorded value, changed by itself, is found.
    #[test]
    fn any_changed_value_is_found_and_named() {
        let golden = golden();
        for list in ["strings", "integers"] {
            let columns = golden[list][0].as_array().unwrap().len();
            for column in 1..columns {
                let mut changed = golden.clone();
                let field = &mut changed[list][3][column];
                let slot = if field.is_array() { &mut field[1] } else { field };
                *slot = json!(-77);
                let report = check(changed).unwrap();
                assert_eq!(report.passed, 254, "{list} {column}");
                let [line] = &report.differences[..] else { panic!("{report:?}") };
                assert!(line.contains("expected") && line.contains("-77"), "{line}");
                assert!(line.contains("actual"), "{line}");
            }
        }
        for list in ["flink_key_group_ranges", "flink_default_max_parallelism"] {
            let mut changed = golden.clone();
            let fields = changed[list][2].as_array_mut().unwrap();
            *fields.last_mut().unwrap() = json!(-77);
            assert_eq!(check(changed).unwrap().differences.len(), 1, "{list}");
        }
    }

    #[test]
    fn a_null_is_expected_exactly_where_a_key_does_not_fit_32_bits() {
        let columns = ["key", "intwritable_hash", "spark_hash_int"];
        let fits = json!({"integer_columns": columns, "integers": [["7", null, null]]});
        let wide = json!({"integer_columns": columns, "integers": [["2147483648", null, null]]});
        assert_eq!(check(fits).unwrap().differences.len(), 1);
        assert_eq!(check(wide).unwrap().passed, 1);
    }

    #[test]
    fn what_the_format_does_not_allow_is_refused() {
        for (text, word) in [
            ("[]", "not an object"),
            ("{}", "none of the lists"),
            (r#"{"strings": [], "ns": [0]}"#, "ns"),
            (r#"{"strings": [], "flink_max_parallelism": 40000}"#, "32768"),
            (r#"{"strings": [["a", 1]], "string_columns": ["key"]}"#, "2 fields"),
            (r#"{"strings": [["a", 1]], "string_columns": ["key", "x"]}"#, "no such column"),
            (r#"{"strings": [[7]], "string_columns": ["key"]}"#, "no text"),
            (r#"{"integers": [["x"]], "integer_columns": ["key"]}"#, "whole number"),
            (r#"{"flink_key_group_ranges": [[4, 5, []]]}"#, "parallelism"),
            (r#"{"flink_default_max_parallelism": [[-1, 128]]}"#, "-1"),
        ] {
            let error = check(serde_json::from_str(text).unwrap()).unwrap_err();
            assert!(error.contains(word), "{text}: {error}");
        }
    }
}
