//! Batch jobs and batch windows, against Spark. A case is a field of the file.

use super::hadoop_mapreduce::{TEXT_SPLIT, TEXTS, word_counts};
use super::inputs::{Inputs, JobRun, as_files, lines_of};
use super::{Report, compare};
use bytes::Bytes;
use millrace::base::{Files, InputFile};
use millrace::mapreduce::{Job, Partitioner};
use millrace::streaming::assigner::Assigner;
use millrace::streaming::batch::{Touching, windows};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The readings.
const READINGS: &str = "readings.csv";

/// The least count of a word that is repartitioned.
const COUNT_MIN: u64 = 3;

/// Compares each field of the file that is a result.
pub(super) fn check(value: Value, inputs: &Inputs) -> Result<Report, String> {
    let Value::Object(golden) = value else {
        return Err("it is not an object with results".to_owned());
    };
    let mut report = Report::default();
    for (name, expected) in &golden {
        if matches!(name.as_str(), "oracle" | "format") {
            continue;
        }
        let actual = result(name, &golden, inputs)?
            .ok_or_else(|| format!("there is no such result as {name}"))?;
        let fields: Vec<String> = differing(name, expected, &actual).into_iter().collect();
        report.case(name, &fields);
    }
    Ok(report)
}

/// What differs: in lists of the same length the first item that does.
fn differing(name: &str, expected: &Value, actual: &Value) -> Option<String> {
    if let (Value::Array(expected), Value::Array(actual)) = (expected, actual)
        && expected.len() == actual.len()
    {
        let place = (0..expected.len()).find(|place| expected[*place] != actual[*place])?;
        return compare(&format!("item {place}"), &expected[place], &actual[place]);
    }
    compare(name, expected, actual)
}

/// The result of this name.
fn result(
    name: &str,
    golden: &Map<String, Value>,
    inputs: &Inputs,
) -> Result<Option<Value>, String> {
    if let Some(count) = name.strip_prefix("top").and_then(|count| count.parse().ok()) {
        return top(count, inputs).map(Some);
    }
    if let Some(n) = between(name, "repartition", "_by_word") {
        return repartition(n, inputs).map(Some);
    }
    if let Some(n) = between(name, "secondary_sort_", "_partitions") {
        return secondary_sort(n, inputs).map(Some);
    }
    if let Some((size, slide)) =
        name.strip_prefix("window_").and_then(|rest| rest.split_once("_slide_"))
    {
        let seconds = (seconds(size), seconds(slide));
        if let (Some(size_ms), Some(slide_ms)) = seconds {
            let assigner = Assigner::Sliding { size_ms, slide_ms, offset_ms: 0 };
            return windowed(assigner, &sensors(golden, name), inputs).map(Some);
        }
    }
    if let Some(gap_ms) = name.strip_prefix("session_window_").and_then(seconds) {
        return sessions(gap_ms, &sensors(golden, name), inputs).map(Some);
    }
    Ok(Some(match name {
        "wordcount_equals_hadoop" => json!(equals_plain_count(inputs)?),
        "wordcount_distinct" => json!(counts(inputs)?.len()),
        "wordcount_total" => json!(counts(inputs)?.iter().map(|(_, count)| count).sum::<u64>()),
        "non_ascii_words_in_spark_order" => {
            let words = counts(inputs)?.into_iter().map(|(word, _)| word);
            json!(words.filter(|word| !word.is_ascii()).collect::<Vec<String>>())
        }
        _ => return Ok(None),
    }))
}

fn between(name: &str, before: &str, behind: &str) -> Option<u32> {
    name.strip_prefix(before)?.strip_suffix(behind)?.parse().ok()
}

/// `600s` in milliseconds.
fn seconds(text: &str) -> Option<i64> {
    let seconds: i64 = text.strip_suffix('s')?.parse().ok()?;
    seconds.checked_mul(1_000)
}

/// Each word with its count, in the order of the words.
fn counts(inputs: &Inputs) -> Result<Vec<(String, u64)>, String> {
    let parts = word_counts(inputs, 1)?;
    let lines = parts.iter().flat_map(lines_of);
    Ok(lines.map(|line| name_and_number(&line)).collect())
}

fn name_and_number(line: &str) -> (String, u64) {
    let (name, number) = line.rsplit_once('\t').unwrap_or((line, ""));
    (name.to_owned(), number.parse().unwrap_or(0))
}

/// Whether a job with and one without a combiner come to the same.
fn equals_plain_count(inputs: &Inputs) -> Result<bool, String> {
    let split_max = Some(TEXT_SPLIT);
    let plain = JobRun { split_max, ..JobRun::plain(Job::WordCount, 1) };
    Ok(plain.run(&inputs.files(&TEXTS)?)?.0 == word_counts(inputs, 1)?)
}

fn top(count: u32, inputs: &Inputs) -> Result<Value, String> {
    let counted = as_files(word_counts(inputs, 3)?);
    let lines = JobRun::plain(Job::Top { count }, 1).lines(&counted)?;
    Ok(lines.iter().map(|line| json!(name_and_number(line))).collect())
}

/// The partition of each word that is frequent enough, as a shuffle spreads them.
fn repartition(partitions: u32, inputs: &Inputs) -> Result<Value, String> {
    let frequent = counts(inputs)?.into_iter().filter(|(_, count)| *count >= COUNT_MIN);
    let text: String = frequent.map(|(word, _)| word + "\n").collect();
    let run = JobRun {
        partitioner: Partitioner::SparkSql,
        ..JobRun::plain(Job::TotalOrder, partitions.max(1))
    };
    let words = Files::new(vec![InputFile::new("words", Bytes::from(text))]);
    let (parts, _) = run.run(&words)?;
    let mut rows: BTreeSet<(String, usize)> = BTreeSet::new();
    for (partition, part) in parts.iter().enumerate() {
        rows.extend(lines_of(part).into_iter().map(|word| (word, partition)));
    }
    Ok(rows.iter().map(|row| json!(row)).collect())
}

/// Each partition's sensors with their readings in the order of time.
fn secondary_sort(partitions: u32, inputs: &Inputs) -> Result<Value, String> {
    let run = JobRun {
        partitioner: Partitioner::SparkSql,
        ..JobRun::plain(Job::SecondarySort, partitions.max(1))
    };
    let (parts, _) = run.run(&inputs.files(&[READINGS])?)?;
    let sensor = |line: &String| {
        let (sensor, readings) = line.split_once('\t').unwrap_or((line, ""));
        let readings = readings.split(' ').filter_map(|reading| reading.split_once('='));
        let number = |text: &str| text.parse::<i64>().unwrap_or(0);
        let readings: Vec<(i64, i64)> =
            readings.map(|(time, value)| (number(time), number(value))).collect();
        json!([sensor, readings])
    };
    Ok(parts.iter().map(|part| lines_of(part).iter().map(sensor).collect::<Value>()).collect())
}

/// The sensors that a list of windows is about.
fn sensors(golden: &Map<String, Value>, name: &str) -> Vec<String> {
    let rows = golden.get(name).and_then(Value::as_array);
    let named = rows.into_iter().flatten().filter_map(|row| row.get(2)?.as_str());
    named.map(str::to_owned).collect::<BTreeSet<String>>().into_iter().collect()
}

/// The readings of a sensor: time in milliseconds, and value.
fn readings(sensor: &str, inputs: &Inputs) -> Result<Vec<(i64, i64)>, String> {
    let mut found = Vec::new();
    for line in inputs.lines(READINGS)? {
        if let [name, time, value] = line.split(',').collect::<Vec<_>>()[..]
            && name == sensor
        {
            let number = |text: &str| {
                text.parse::<i64>().map_err(|error| format!("{READINGS}: {line}: {error}"))
            };
            found.push((number(time)? * 1_000, number(value)?));
        }
    }
    Ok(found)
}

/// Rows `[start s, end s, sensor, count, sum]`, by start and sensor.
fn windowed(assigner: Assigner, sensors: &[String], inputs: &Inputs) -> Result<Value, String> {
    let mut rows = BTreeSet::new();
    for sensor in sensors {
        let elements = readings(sensor, inputs)?;
        for (window, values) in windows(assigner, Touching::Merges, &elements) {
            let (start, end) = (window.start / 1_000, window.end / 1_000);
            rows.insert((start, end, sensor, values.len(), values.iter().sum::<i64>()));
        }
    }
    Ok(rows.iter().map(|row| json!(row)).collect())
}

/// Rows `[start s, end s, sensor, count]`, by sensor and start.
fn sessions(gap_ms: i64, sensors: &[String], inputs: &Inputs) -> Result<Value, String> {
    let mut rows = Vec::new();
    for sensor in sensors {
        let elements = readings(sensor, inputs)?;
        let sessions = windows(Assigner::Session { gap_ms }, Touching::Merges, &elements);
        for (window, values) in sessions {
            rows.push(json!([window.start / 1_000, window.end / 1_000, sensor, values.len()]));
        }
    }
    Ok(Value::Array(rows))
}
