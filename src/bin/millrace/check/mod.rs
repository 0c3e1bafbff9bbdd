//! `millrace check`: Millrace against the results of real systems.
//!
//! A kind of file is known by its name, wherever it lies. All files are read before anything is
//! said, so that a malformed one leaves no half a report.

mod beam;
mod beam_java_windows;
mod beam_python_windows;
mod flink_watermarks;
mod flink_windows;
mod hadoop_mapreduce;
mod hadoop_splits;
mod inputs;
mod partitioners;
mod pattern;
mod sequences;
mod spark_batch;
mod spark_structured_streaming;
mod transcript_calls;
mod transcripts;

use crate::{Answer, Failure};
use inputs::Inputs;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

/// A kind of file and what compares Millrace with it.
struct Kind {
    file_name: &'static str,
    check: Check,
}

/// What compares Millrace with a file.
enum Check {
    /// It needs nothing else.
    Alone(fn(Value) -> Result<Report, String>),
    /// It reads inputs that lie beside the file.
    WithInputs(fn(Value, &Inputs) -> Result<Report, String>),
}

/// The kinds that there are.
const KINDS: &[Kind] = &[
    Kind { file_name: "beam_java_windows.json", check: Check::Alone(beam_java_windows::check) },
    Kind { file_name: "beam_python_windows.json", check: Check::Alone(beam_python_windows::check) },
    Kind { file_name: "flink_watermarks.json", check: Check::Alone(flink_watermarks::check) },
    Kind { file_name: "flink_windows.json", check: Check::Alone(flink_windows::check) },
    Kind { file_name: "hadoop_mapreduce.json", check: Check::WithInputs(hadoop_mapreduce::check) },
    Kind { file_name: "partitioners.json", check: Check::Alone(partitioners::check) },
    Kind { file_name: "spark_batch.json", check: Check::WithInputs(spark_batch::check) },
    Kind {
        file_name: "spark_structured_streaming.json",
        check: Check::Alone(spark_structured_streaming::check),
    },
    Kind { file_name: "transcripts.json", check: Check::Alone(transcripts::check) },
];

/// What a comparison came to.
#[derive(Debug, Default, PartialEq, Eq)]
struct Report {
    passed: u64,
    /// A line for each case that differs.
    differences: Vec<String>,
}

impl Report {
    /// Counts a case: what differs in each of its fields, and nothing when it agrees.
    fn case(&mut self, id: &str, fields: &[String]) {
        if fields.is_empty() {
            self.passed += 1;
        } else {
            self.differences.push(format!("{id}: {}", fields.join("; ")));
        }
    }
}

/// What to say of a field unless it is as expected.
fn compare(field: &str, expected: &Value, actual: &Value) -> Option<String> {
    (expected != actual).then(|| format!("{field} expected {expected}, actual {actual}"))
}

/// Checks these files and reports on all of them together.
pub(crate) fn files(paths: &[impl AsRef<Path>]) -> Result<Answer, Failure> {
    let mut text = String::new();
    let (mut passed, mut failed) = (0, 0);
    for path in paths {
        let path = path.as_ref();
        let report = file(path).map_err(|why| Failure(format!("{}: {why}", path.display())))?;
        passed += report.passed;
        failed += report.differences.len();
        for difference in &report.differences {
            if paths.len() > 1 {
                text += &format!("{}: ", path.display());
            }
            text += &format!("{difference}\n");
        }
    }
    text += &format!("{passed} passed, {failed} failed\n");
    let exit = if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) };
    Ok(Answer { text, exit })
}

fn file(path: &Path) -> Result<Report, String> {
    let kind = kind_of(path)?;
    let bytes = fs::read(path).map_err(|error| format!("can't be read: {error}"))?;
    let value = serde_json::from_slice(&bytes)
        .map_err(|error| format!("is not JSON: {error}; take a whole copy of the file"))?;
    let report = match kind.check {
        Check::Alone(check) => check(value),
        Check::WithInputs(check) => check(value, &Inputs::beside(path)),
    };
    report.map_err(|why| {
        format!("is not a {} as tests/golden/README.md describes it: {why}", kind.file_name)
    })
}

fn kind_of(path: &Path) -> Result<&'static Kind, String> {
    let name = path.file_name().unwrap_or_default();
    KINDS.iter().find(|kind| name == kind.file_name).ok_or_else(|| {
        let known: Vec<&str> = KINDS.iter().map(|kind| kind.file_name).collect();
        format!(
            "unknown kind of file: the kind is told by the name, so call it one of: {}",
            known.join(", ")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_case_passes_whole_or_is_named_with_all_that_differs() {
        let mut report = Report::default();
        report.case("one", &[]);
        let fields: Vec<String> =
            [compare("a", &json!(1), &json!(2)), compare("b", &json!(1), &json!(1))]
                .into_iter()
                .flatten()
                .collect();
        report.case("two", &fields);
        assert_eq!(report.passed, 1);
        assert_eq!(report.differences, ["two: a expected 1, actual 2"]);
    }

    #[test]
    fn the_kind_is_told_by_the_name_wherever_the_file_lies() {
        assert!(kind_of(Path::new("/some/where/partitioners.json")).is_ok());
        let error = kind_of(Path::new("partitioners.txt")).err().unwrap();
        assert!(error.contains("partitioners.json"), "{error}");
    }
}
