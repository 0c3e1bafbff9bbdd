//! Whole jobs, parts and counters, against Hadoop MapReduce. The engine's own map and reduce
//! attempts run them.

use super::inputs::{Inputs, JobRun, as_files, lines_of};
use super::{Report, compare, hadoop_splits};
use bytes::Bytes;
use millrace::base::Files;
use millrace::mapreduce::Job;
use millrace::mapreduce::partitioner::{Partitioner, SplitPoints};
use millrace::trace::counters::TASK_COUNTERS;
use millrace::trace::event::Counters;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The texts whose words are counted.
pub(super) const TEXTS: [&str; 2] = ["license.txt", "unicode.txt"];

/// The most bytes of a split of the texts, and of the readings.
pub(super) const TEXT_SPLIT: u64 = 8_192;
const READINGS_SPLIT: u64 = 1_000;

/// The file.
#[derive(Deserialize)]
struct Golden {
    #[serde(default)]
    jobs: BTreeMap<String, Case>,
    splits: Option<Value>,
}

/// A job, as Hadoop ran it.
#[derive(Deserialize)]
struct Case {
    reducers: u32,
    counters: BTreeMap<String, u64>,
    parts: Parts,
    #[serde(default)]
    split_points: Vec<String>,
}

/// The lines of each part, or the name of the job that has the same.
#[derive(Deserialize)]
#[serde(untagged)]
enum Parts {
    Lines(BTreeMap<String, Vec<String>>),
    Same(String),
}

/// Compares each job of the file with what Millrace makes of the same input.
pub(super) fn check(value: Value, inputs: &Inputs) -> Result<Report, String> {
    let golden: Golden = serde_json::from_value(value).map_err(|error| error.to_string())?;
    if golden.jobs.is_empty() && golden.splits.is_none() {
        return Err("it has neither jobs nor splits".to_owned());
    }
    let mut report = Report::default();
    if let Some(lists) = &golden.splits {
        hadoop_splits::check(lists, |name| inputs.bytes(name), &mut report)?;
    }
    for (name, case) in &golden.jobs {
        let (run, files) = case.job(name, inputs)?;
        let (parts, counters) = run.run(&files)?;
        let mut differing: Vec<String> = Vec::new();
        for (counter, expected) in &case.counters {
            let actual = value_of(&counters, counter)
                .ok_or_else(|| format!("jobs.{name}: Millrace has no counter {counter}"))?;
            differing.extend(compare(counter, &json!(expected), &json!(actual)));
        }
        let expected = golden.parts(name, case)?;
        let letter = if run.reducers == 0 { 'm' } else { 'r' };
        differing.extend(differing_parts(expected, &parts, letter));
        report.case(name, &differing);
    }
    Ok(report)
}

impl Golden {
    fn parts<'a>(
        &'a self,
        name: &str,
        case: &'a Case,
    ) -> Result<&'a BTreeMap<String, Vec<String>>, String> {
        match &case.parts {
            Parts::Lines(lines) => Ok(lines),
            Parts::Same(text) => {
                let other = text.strip_prefix("same as ").unwrap_or(text);
                let of = self.jobs.get(other).map(|case| &case.parts);
                if let Some(Parts::Lines(lines)) = of {
                    Ok(lines)
                } else {
                    Err(format!("jobs.{name}.parts names {other:?}, which has no lines"))
                }
            }
        }
    }
}

impl Case {
    /// What a job of this name is in Millrace, and what it reads.
    fn job(&self, name: &str, inputs: &Inputs) -> Result<(JobRun, Files), String> {
        let plain = |job: Job| JobRun::plain(job, self.reducers);
        let over = |file: &str| inputs.files(&[file]);
        let kind = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
        Ok(match kind.strip_suffix("_r").unwrap_or(kind) {
            text if text.starts_with("wordcount_") => {
                let (combiner, split_max) = (text.ends_with("_combiner"), Some(TEXT_SPLIT));
                (JobRun { combiner, split_max, ..plain(Job::WordCount) }, inputs.files(&TEXTS)?)
            }
            "grep_map_only" => {
                let job = Job::Grep { pattern: "must".to_owned() };
                (JobRun { split_max: Some(TEXT_SPLIT), ..plain(job) }, over(TEXTS[0])?)
            }
            "inverted_index" => (plain(Job::InvertedIndex), over("docs.tsv")?),
            "secondary_sort" => {
                let run = JobRun { split_max: Some(READINGS_SPLIT), ..plain(Job::SecondarySort) };
                (run, over("readings.csv")?)
            }
            "top" => {
                let count = name["top".len()..].parse();
                let count = count.map_err(|_| format!("jobs.{name}: the number is too large"))?;
                (plain(Job::Top { count }), as_files(word_counts(inputs, 3)?))
            }
            "join" => (plain(Job::Join), inputs.files(&["users.tsv", "orders.tsv"])?),
            "total_order" => {
                let points = self.split_points.iter().map(|point| point.clone().into_bytes());
                let partitioner = Partitioner::Range(SplitPoints::new(points.collect()));
                let run = JobRun { partitioner, ..plain(Job::TotalOrder) };
                (run, as_files(word_counts(inputs, 3)?))
            }
            _ => return Err(format!("jobs.{name}: there is no such job")),
        })
    }
}

/// The parts of a word count of the texts.
pub(super) fn word_counts(inputs: &Inputs, reducers: u32) -> Result<Vec<Bytes>, String> {
    let run = JobRun {
        combiner: true,
        split_max: Some(TEXT_SPLIT),
        ..JobRun::plain(Job::WordCount, reducers)
    };
    Ok(run.run(&inputs.files(&TEXTS)?)?.0)
}

fn value_of(counters: &Counters, name: &str) -> Option<u64> {
    let counter = TASK_COUNTERS.iter().find(|counter| counter.name == name)?;
    Some((counter.of)(counters))
}

/// The first line of each part that differs, and parts that one side has alone.
fn differing_parts(
    expected: &BTreeMap<String, Vec<String>>,
    parts: &[Bytes],
    letter: char,
) -> Vec<String> {
    let name = |place: usize| format!("part-{letter}-{place:05}");
    let actual: BTreeMap<String, Vec<String>> =
        parts.iter().enumerate().map(|(place, part)| (name(place), lines_of(part))).collect();
    let names: BTreeSet<&String> = expected.keys().chain(actual.keys()).collect();
    names
        .into_iter()
        .filter_map(|name| match (expected.get(name), actual.get(name)) {
            (Some(expected), Some(actual)) => {
                let lines = expected.len().max(actual.len());
                let line = (0..lines).find(|line| expected.get(*line) != actual.get(*line))?;
                let (one, other) = (json!(expected.get(line)), json!(actual.get(line)));
                compare(&format!("{name} line {}", line + 1), &one, &other)
            }
            (Some(_), None) => Some(format!("{name} is missing")),
            (None, _) => Some(format!("{name} is not expected")),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_differs_is_named_with_its_line() {
        let lines = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
        let expected = BTreeMap::from([
            ("part-r-00000".to_owned(), lines(&["a\t1", "b\t2"])),
            ("part-r-00002".to_owned(), lines(&[])),
        ]);
        let parts = [Bytes::from_static(b"a\t1\nb\t3\n"), Bytes::new()];
        assert_eq!(
            differing_parts(&expected, &parts, 'r'),
            [
                r#"part-r-00000 line 2 expected "b\t2", actual "b\t3""#,
                "part-r-00001 is not expected",
                "part-r-00002 is missing",
            ]
        );
    }
}
