//! Micro-batch queries, against Spark Structured Streaming.

use super::sequences::{differing_rows, read};
use super::{Report, compare};
use millrace::streaming::Millis;
use millrace::streaming::aggregate::Bag;
use millrace::streaming::assigner::Assigner;
use millrace::streaming::output::{DropReason, Output};
use millrace::streaming::spark::{
    BatchWatermark, Deduplicate, OutputMode, Sessions, Windows, dropped_rows,
};
use serde::Deserialize;
use serde_json::{Value, json};

/// The watermark delay of all queries.
const DELAY_MS: Millis = 5_000;

/// The file.
#[derive(Deserialize)]
struct Golden {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    query: String,
    batches: Vec<Batch>,
}

#[derive(Deserialize)]
struct Batch {
    /// Value and time.
    input: Vec<(i64, Millis)>,
    watermark: Value,
    output: Vec<Value>,
    dropped: Value,
    state_rows: Value,
}

/// The operator of a query.
enum Query {
    Windows(Windows<Bag<i64>>),
    Sessions(Sessions<Bag<i64>>),
    /// By the value modulo 5.
    Deduplicate(Deduplicate<i64>),
}

/// What a batch came to.
struct Outcome {
    output: Vec<Value>,
    dropped: usize,
    state_rows: usize,
}

/// Compares each batch of each case.
pub(super) fn check(value: Value) -> Result<Report, String> {
    let golden: Golden = read(value)?;
    let mut report = Report::default();
    for case in &golden.cases {
        let query = query(&case.query).map_err(|why| format!("{}: {why}", case.id))?;
        report.case(&case.id, &run(query, &case.batches));
    }
    Ok(report)
}

/// `tumbling10-append`, `sliding10/5-update`, `session5-append`, `dedup-within-watermark-append`: lengths in
/// seconds.
fn query(name: &str) -> Result<Query, String> {
    let unknown = || format!("{name:?} is none of the queries");
    let (what, mode) = name.rsplit_once('-').ok_or_else(unknown)?;
    let mode = match mode {
        "append" => OutputMode::Append,
        "update" => OutputMode::Update,
        "complete" => OutputMode::Complete,
        _ => return Err(unknown()),
    };
    let append_only = |query| if mode == OutputMode::Append { Ok(query) } else { Err(unknown()) };
    if what == "dedup-within-watermark" {
        return append_only(Query::Deduplicate(Deduplicate::new(DELAY_MS)));
    }
    let windows = |assigner: Assigner| {
        let assigner = assigner.validate().map_err(|error| error.to_string())?;
        Ok(Query::Windows(Windows::new(assigner, mode)))
    };
    if let Some(size) = what.strip_prefix("tumbling") {
        let size_ms = millis(size).ok_or_else(unknown)?;
        return windows(Assigner::Tumbling { size_ms, offset_ms: 0 });
    }
    if let Some((size, slide)) = what.strip_prefix("sliding").and_then(|of| of.split_once('/')) {
        let size_ms = millis(size).ok_or_else(unknown)?;
        let slide_ms = millis(slide).ok_or_else(unknown)?;
        return windows(Assigner::Sliding { size_ms, slide_ms, offset_ms: 0 });
    }
    let gap_ms = what.strip_prefix("session").and_then(millis).ok_or_else(unknown)?;
    append_only(Query::Sessions(Sessions::new(gap_ms)))
}

fn millis(seconds: &str) -> Option<Millis> {
    let seconds = seconds.parse::<Millis>().ok().filter(|seconds| *seconds > 0)?;
    seconds.checked_mul(1_000)
}

/// What differs in the first batch that does, since those after it follow from it.
fn run(mut query: Query, batches: &[Batch]) -> Vec<String> {
    let mut watermark = BatchWatermark::new(DELAY_MS);
    for (index, batch) in batches.iter().enumerate() {
        let in_force = watermark.in_force();
        let input: Vec<(Millis, i64)> =
            batch.input.iter().map(|(value, at)| (*at, *value)).collect();
        let actual = query.on_batch(in_force, &input);
        watermark.on_batch(input.iter().map(|(at, _)| *at));
        let name = |field: &str| format!("batches[{index}].{field}");
        let fields = [
            compare(&name("watermark"), &batch.watermark, &json!(in_force)),
            differing_rows(&name("output"), &batch.output, &actual.output),
            compare(&name("dropped"), &batch.dropped, &json!(actual.dropped)),
            compare(&name("state_rows"), &batch.state_rows, &json!(actual.state_rows)),
        ];
        let differing: Vec<String> = fields.into_iter().flatten().collect();
        if !differing.is_empty() {
            return differing;
        }
    }
    Vec::new()
}

impl Query {
    fn on_batch(&mut self, watermark: Millis, input: &[(Millis, i64)]) -> Outcome {
        let mut out = Vec::new();
        match self {
            Query::Windows(windows) => {
                windows.on_batch(watermark, input, &mut out);
                let (dropped, state_rows) = (dropped_rows(&out), windows.state_rows());
                Outcome { output: panes(out), dropped, state_rows }
            }
            Query::Sessions(sessions) => {
                sessions.on_batch(watermark, input, &mut out);
                let is_dropped = |output: &&Output<_, _>| matches!(output, Output::Dropped(_));
                let dropped = out.iter().filter(is_dropped).count();
                Outcome { output: panes(out), dropped, state_rows: sessions.state_rows() }
            }
            Query::Deduplicate(deduplicate) => {
                let mut result =
                    deduplicate.on_batch(watermark, input, |value| value.rem_euclid(5));
                result.passed.sort_unstable();
                let row = |(at, value): &(Millis, i64)| json!([at, null, 1, [value]]);
                let late = result.dropped.iter();
                let late = late.filter(|one| matches!(one.reason, DropReason::Expired { .. }));
                Outcome {
                    output: result.passed.iter().map(row).collect(),
                    dropped: late.count(),
                    state_rows: deduplicate.state_rows(),
                }
            }
        }
    }
}

/// Rows of the panes, sorted.
fn panes(out: Vec<Output<Bag<i64>, i64>>) -> Vec<Value> {
    let mut rows = Vec::new();
    for output in out {
        match output {
            Output::Pane(pane) => {
                let mut values = pane.contents.0;
                values.sort_unstable();
                rows.push((pane.window.start, pane.window.end, values));
            }
            Output::Retraction(_)
            | Output::Merged { .. }
            | Output::Copied { .. }
            | Output::Dropped(_)
            | Output::Late { .. }
            | Output::Forgotten { .. } => {}
        }
    }
    rows.sort();
    let row = |(start, end, values): (Millis, Millis, Vec<i64>)| {
        json!([start, end, values.len(), values])
    };
    rows.into_iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn golden() -> Value {
        let text = include_str!("../../../../tests/golden/spark_structured_streaming.json");
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn every_recorded_case_agrees() {
        let report = check(golden()).unwrap();
        assert_eq!(report.differences, Vec::<String>::new());
        assert_eq!(report.passed, 12);
    }

    /// The check must be able to fail, in each field of a batch.
    #[test]
    fn a_changed_batch_is_found_and_named() {
        for field in ["watermark", "dropped", "state_rows"] {
            let mut changed = golden();
            changed["cases"][2]["batches"][3][field] = json!(77);
            let report = check(changed).unwrap();
            assert_eq!(report.passed, 11);
            assert!(report.differences[0].contains(&format!("batches[3].{field}")), "{report:?}");
        }
        let mut changed = golden();
        changed["cases"][0]["batches"][7]["output"][0][2] = json!(77);
        assert!(check(changed).unwrap().differences[0].contains("batches[7].output[0]"));
    }

    #[test]
    fn what_the_format_does_not_allow_is_refused() {
        for name in ["tumbling0-append", "session5-update", "hopping5-append", "tumbling10", ""] {
            let mut changed = golden();
            changed["cases"][0]["query"] = json!(name);
            assert!(check(changed).unwrap_err().contains("none of the queries"), "{name}");
        }
        assert!(check(json!({"cases": [{"id": "x"}]})).unwrap_err().contains("cases[0]"));
    }
}
