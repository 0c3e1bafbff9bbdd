//! Trigger tests as transcripts, in the shape that Beam Python uses; one unit of time is a millisecond.

use super::sequences::read;
use super::{Report, pattern};
use millrace::streaming::Millis;
use millrace::streaming::aggregate::Bag;
use millrace::streaming::beam::python::Driver;
use millrace::streaming::beam::{Accumulation, Config, Emptiness, TimestampCombiner};
use millrace::streaming::output::{Output, Pane, Timing};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// The file.
#[derive(Deserialize)]
struct Golden {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    window_fn: Option<Value>,
    trigger_fn: Option<Value>,
    accumulation_mode: Option<Mode>,
    timestamp_combiner: Option<Combiner>,
    #[serde(default)]
    allowed_lateness: Millis,
    /// The case must be rejected with such a message.
    error: Option<String>,
    transcript: Vec<Map<String, Value>>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Mode {
    #[serde(alias = "DISCARDING")]
    Discarding,
    #[serde(alias = "ACCUMULATING")]
    Accumulating,
}

#[derive(Clone, Copy, Deserialize)]
enum Combiner {
    #[serde(rename = "OUTPUT_AT_EOW")]
    EndOfWindow,
    #[serde(rename = "OUTPUT_AT_EARLIEST")]
    Earliest,
    #[serde(rename = "OUTPUT_AT_LATEST")]
    Latest,
    #[serde(rename = "OUTPUT_AT_EARLIEST_TRANSFORMED")]
    EarliestTransformed,
}

/// A line of a transcript.
enum Line {
    Input(Vec<Millis>),
    Watermark(Millis),
    Clock(Millis),
    Expect(Vec<Map<String, Value>>),
    State,
}

/// Runs each transcript.
pub(super) fn check(value: Value) -> Result<Report, String> {
    let golden: Golden = read(value)?;
    let mut report = Report::default();
    for case in &golden.cases {
        let place = |why: String| format!("{}: {why}", case.name);
        let lines = case.lines().map_err(place)?;
        let config = case.config().map_err(place)?;
        let outcome = match config.validate() {
            Ok(config) => run(config, &lines),
            Err(error) => Err(error.to_string()),
        };
        report.case(&case.name, verdict(case.error.as_deref(), outcome).as_slice());
    }
    Ok(report)
}

/// What to say of a case unless it ended as expected.
fn verdict(error: Option<&str>, outcome: Result<(), String>) -> Option<String> {
    match (error, outcome) {
        (None, Ok(())) => None,
        (None, Err(why)) => Some(why),
        (Some(error), Ok(())) => Some(format!("expected an error like {error:?}, actual none")),
        (Some(error), Err(why)) => (!pattern::found(error, &why))
            .then(|| format!("expected an error like {error:?}, actual {why:?}")),
    }
}

impl Case {
    fn lines(&self) -> Result<Vec<Line>, String> {
        let lines = self.transcript.iter().enumerate();
        lines
            .map(|(index, line)| {
                Line::new(line).map_err(|why| format!("transcript[{index}]: {why}"))
            })
            .collect()
    }

    fn config(&self) -> Result<Config, String> {
        let (assigner, shift_ms) = super::transcript_calls::window(self.window_fn.as_ref())?;
        Ok(Config {
            assigner,
            trigger: super::transcript_calls::trigger(self.trigger_fn.as_ref())?,
            accumulation: match self.accumulation_mode.unwrap_or(Mode::Accumulating) {
                Mode::Discarding => Accumulation::Discarding,
                Mode::Accumulating => Accumulation::Accumulating,
            },
            allowed_lateness_ms: self.allowed_lateness,
            timestamp_combiner: match self.timestamp_combiner.unwrap_or(Combiner::EndOfWindow) {
                Combiner::EndOfWindow => TimestampCombiner::EndOfWindow,
                Combiner::Earliest => TimestampCombiner::Earliest,
                Combiner::Latest => TimestampCombiner::Latest,
                Combiner::EarliestTransformed => {
                    TimestampCombiner::EarliestTransformed { shift_ms }
                }
            },
            closing: Emptiness::IfNonEmpty,
            on_time: Emptiness::Always,
        })
    }
}

impl Line {
    fn new(line: &Map<String, Value>) -> Result<Line, String> {
        let mut entries = line.iter();
        let (Some((action, value)), None) = (entries.next(), entries.next()) else {
            return Err("a line is an object with one key".to_owned());
        };
        let value = value.clone();
        match action.as_str() {
            "input" => read(value).map(Line::Input),
            "watermark" => read(value).map(Line::Watermark),
            "clock" => read(value).map(Line::Clock),
            "expect" => read(value).map(Line::Expect),
            "state" => Ok(Line::State),
            _ => Err(format!("unknown action {action:?}")),
        }
    }
}

/// Plays a transcript. What comes out must have been expected before the next input, watermark or the end.
fn run(config: Config, lines: &[Line]) -> Result<(), String> {
    let mut driver: Driver<Bag<Millis>> = Driver::new(config);
    let mut panes = Vec::new();
    for line in lines {
        let mut out = Vec::new();
        match line {
            Line::Input(times) => {
                nothing_left(&panes)?;
                let bundle: Vec<(Millis, Millis)> = times.iter().map(|at| (*at, *at)).collect();
                driver.on_bundle(&bundle, &mut out);
            }
            Line::Watermark(watermark) => {
                nothing_left(&panes)?;
                driver.on_watermark(*watermark, &mut out);
            }
            Line::Clock(now) => driver.on_processing_time(*now, &mut out),
            Line::Expect(expected) => consume(expected, &mut panes)?,
            Line::State => {}
        }
        panes.extend(out.into_iter().filter_map(described));
    }
    nothing_left(&panes)
}

fn nothing_left(panes: &[Map<String, Value>]) -> Result<(), String> {
    if panes.is_empty() {
        return Ok(());
    }
    Err(format!("Unexpected output: expected nothing more, actual {}", json!(panes)))
}

/// Takes out, for each expected pane in turn, the first that agrees in the fields it names.
fn consume(
    expected: &[Map<String, Value>],
    panes: &mut Vec<Map<String, Value>>,
) -> Result<(), String> {
    for wanted in expected {
        let agrees = |pane: &Map<String, Value>| {
            wanted.iter().all(|(field, value)| pane.get(field) == Some(value))
        };
        let Some(index) = panes.iter().position(agrees) else {
            return Err(format!(
                "Unmatched output: expected {}, actual {}",
                json!(wanted),
                json!(panes)
            ));
        };
        panes.remove(index);
    }
    Ok(())
}

/// A pane by the names of Beam's transcripts.
fn described(output: Output<Bag<Millis>, Millis>) -> Option<Map<String, Value>> {
    let pane: Pane<Bag<Millis>> = match output {
        Output::Pane(pane) => pane,
        Output::Retraction(_)
        | Output::Merged { .. }
        | Output::Copied { .. }
        | Output::Dropped(_)
        | Output::Late { .. }
        | Output::Forgotten { .. } => return None,
    };
    let mut values = pane.contents.0;
    values.sort_unstable();
    let non_speculative = pane.info.non_speculative_index.map_or(json!(-1), |index| json!(index));
    let fields = [
        ("window", json!([pane.window.start, pane.window.max_timestamp()])),
        ("values", json!(values)),
        ("timestamp", json!(pane.timestamp)),
        ("index", json!(pane.info.index)),
        ("nonspeculative_index", non_speculative),
        ("early", json!(pane.info.timing == Timing::Early)),
        ("late", json!(pane.info.timing == Timing::Late)),
        ("final", json!(pane.info.last)),
    ];
    Some(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn golden() -> Value {
        serde_json::from_str(include_str!("../../../../tests/golden/transcripts.json")).unwrap()
    }

    #[test]
    fn every_recorded_case_agrees() {
        let report = check(golden()).unwrap();
        assert_eq!(report.differences, Vec::<String>::new());
        assert_eq!(report.passed, 3);
    }

    /// The check must be able to fail: each field of an expected pane, an output that is not expected, and an
    /// error that does not come.
    #[test]
    fn a_changed_expectation_is_found() {
        for field in ["window", "values", "timestamp", "early", "late", "index", "final"] {
            let mut changed = golden();
            changed["cases"][0]["transcript"][2]["expect"][0][field] = json!(77);
            let report = check(changed).unwrap();
            assert!(report.differences[0].contains("Unmatched output"), "{field}: {report:?}");
        }
        let mut changed = golden();
        changed["cases"][0]["transcript"].as_array_mut().unwrap().pop();
        let report = check(changed).unwrap();
        assert!(report.differences[0].contains("Unexpected output"), "{report:?}");
        let mut changed = golden();
        changed["cases"][0]["error"] = json!("Unmatched output");
        assert!(check(changed).unwrap().differences[0].contains("actual none"));
    }

    #[test]
    fn what_the_format_does_not_allow_is_refused() {
        for (pointer, value, word) in [
            ("/cases/0/window_fn/fn", json!("Hexagons"), "Hexagons"),
            ("/cases/1/trigger_fn/kwargs/early/fn", json!("AfterLunch"), "AfterLunch"),
            ("/cases/0/transcript/1", json!({"watermark": 1, "clock": 2}), "transcript[1]"),
            ("/cases/0/transcript/1", json!({"dance": 1}), "dance"),
            ("/cases/0/accumulation_mode", json!("hoarding"), "accumulation_mode"),
        ] {
            let mut changed = golden();
            *changed.pointer_mut(pointer).unwrap() = value;
            let error = check(changed).unwrap_err();
            assert!(error.contains(word), "{pointer}: {error}");
        }
    }
}
