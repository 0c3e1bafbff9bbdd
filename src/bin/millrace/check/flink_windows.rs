//! Window jobs, against Flink's `WindowOperator`.

use super::Report;
use super::sequences::{self, Sequences, Step, WindowSpec, differing_rows, named, read};
use millrace::streaming::Millis;
use millrace::streaming::aggregate::Bag;
use millrace::streaming::flink::{Config, CountWindows, Trigger, Windows};
use millrace::streaming::output::Output;
use millrace::streaming::timers::TimeDomain;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The file.
#[derive(Deserialize)]
struct Golden {
    windows: BTreeMap<String, WindowSpec>,
    triggers: BTreeMap<String, TriggerSpec>,
    sequences: Sequences,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    seq: String,
    window: String,
    trigger: Option<String>,
    #[serde(default)]
    lateness: Millis,
    fired: Vec<Value>,
    late: Vec<Value>,
}

#[derive(Clone, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum TriggerSpec {
    EventTime,
    Count { n: u64 },
    Purging { of: Box<TriggerSpec> },
    ContinuousEventTime { interval: Millis },
}

/// What a case came to: the rows of its two lists.
#[derive(Default)]
struct Rows {
    fired: Vec<Value>,
    late: Vec<Value>,
}

/// Compares each case of the file with what the operators say.
pub(super) fn check(value: Value) -> Result<Report, String> {
    let golden: Golden = read(value)?;
    sequences::validate(&golden.sequences)?;
    let mut report = Report::default();
    for case in &golden.cases {
        let rows = golden.run(case).map_err(|why| format!("{}: {why}", case.id))?;
        let fields = [
            differing_rows("fired", &case.fired, &rows.fired),
            differing_rows("late", &case.late, &rows.late),
        ];
        report.case(&case.id, &fields.into_iter().flatten().collect::<Vec<_>>());
    }
    Ok(report)
}

impl Golden {
    fn run(&self, case: &Case) -> Result<Rows, String> {
        let steps = named("sequence", &self.sequences, "seq", &case.seq)?;
        let window = named("window", &self.windows, "window", &case.window)?;
        if let WindowSpec::Count { size, slide } = *window {
            return count_windows(steps, size, slide);
        }
        let assigner = window.assigner()?.ok_or("not a window of time")?;
        let name = case.trigger.as_deref().ok_or("trigger is missing")?;
        let trigger = trigger(named("trigger", &self.triggers, "trigger", name)?);
        let trigger = trigger.validate().map_err(|error| error.to_string())?;
        if case.lateness < 0 {
            return Err(format!("lateness is {} ms, and must not be negative", case.lateness));
        }
        let allowed_lateness_ms = case.lateness;
        let domain = TimeDomain::Event;
        Ok(time_windows(steps, &Config { assigner, trigger, allowed_lateness_ms, domain }))
    }
}

fn trigger(spec: &TriggerSpec) -> Trigger {
    match spec {
        TriggerSpec::EventTime => Trigger::EventTime,
        TriggerSpec::Count { n } => Trigger::Count { n: *n },
        TriggerSpec::Purging { of } => Trigger::Purging(Box::new(trigger(of))),
        TriggerSpec::ContinuousEventTime { interval } => {
            Trigger::ContinuousEventTime { interval_ms: *interval }
        }
    }
}

/// One operator a key, each told all watermarks.
fn time_windows(steps: &[Step], config: &Config) -> Rows {
    let mut operators: BTreeMap<&str, Windows<Bag<i64>>> =
        sequences::keys(steps).into_iter().map(|key| (key, Windows::new(config.clone()))).collect();
    let mut rows = Rows::default();
    for (index, step) in steps.iter().enumerate() {
        for (key, operator) in &mut operators {
            let mut out = Vec::new();
            match step {
                Step::Element { k, v, t } if k == key => operator.on_element(*t, v, &mut out),
                Step::Element { .. } => {}
                Step::Watermark { t } => operator.on_watermark(*t, &mut out),
                Step::ProcessingTime { t } => operator.on_processing_time(*t, &mut out),
            }
            tell(index, key, out, &mut rows);
        }
    }
    rows
}

/// Rows of a step for a key. Keys come in order, so that only the windows are to be sorted.
fn tell(step: usize, key: &str, out: Vec<Output<Bag<i64>, i64>>, rows: &mut Rows) {
    let mut fired = Vec::new();
    for output in out {
        match output {
            Output::Pane(pane) => {
                let mut values = pane.contents.0;
                values.sort_unstable();
                fired.push((pane.window.end, pane.window.start, values.len(), values));
            }
            Output::Late { value, .. } => rows.late.push(json!([step, key, value])),
            Output::Retraction(_)
            | Output::Merged { .. }
            | Output::Copied { .. }
            | Output::Dropped(_)
            | Output::Forgotten { .. } => {}
        }
    }
    fired.sort();
    let row = |(end, start, _, values)| json!([step, key, start, end, values]);
    rows.fired.extend(fired.into_iter().map(row));
}

fn count_windows(steps: &[Step], size: usize, slide: Option<usize>) -> Result<Rows, String> {
    let operator = CountWindows::new(size, slide).map_err(|error| error.to_string())?;
    let mut operators: BTreeMap<&str, CountWindows<i64>> = BTreeMap::new();
    let mut rows = Rows::default();
    for (index, step) in steps.iter().enumerate() {
        let Step::Element { k, v, .. } = step else { continue };
        let operator = operators.entry(k).or_insert_with(|| operator.clone());
        if let Some(values) = operator.on_element(*v) {
            rows.fired.push(json!([index, k, null, null, values]));
        }
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn golden() -> Value {
        serde_json::from_str(include_str!("../../../../tests/golden/flink_windows.json")).unwrap()
    }

    #[test]
    fn every_recorded_case_agrees() {
        let report = check(golden()).unwrap();
        assert_eq!(report.differences, Vec::<String>::new());
        assert_eq!(report.passed, 319);
    }

    /// The check must be able to fail: a row too few, and a late element that is not.
    #[test]
    fn a_changed_row_is_found_and_named() {
        let mut changed = golden();
        changed["cases"][0]["fired"].as_array_mut().unwrap().pop();
        changed["cases"][1]["late"].as_array_mut().unwrap().push(json!([0, "a", -7]));
        let report = check(changed).unwrap();
        assert_eq!(report.passed, 317);
        assert!(report.differences[0].contains("no such row"), "{report:?}");
        assert!(report.differences[1].contains("-7"), "{report:?}");
    }

    #[test]
    fn what_the_format_does_not_allow_is_refused() {
        for (pointer, value, word) in [
            ("/cases/0/seq", json!("s99"), "s99"),
            ("/cases/0/window", json!("hexagonal"), "hexagonal"),
            ("/cases/0/lateness", json!(-1), "lateness"),
            ("/windows/tumbling/size", json!(0), "size is 0"),
            ("/windows/session/gap", json!(-5), "gap is -5"),
            ("/triggers/count2/n", json!(0), "n is 0"),
            ("/triggers/cont2000/interval", json!(0), "interval is 0"),
            ("/triggers/event/type", json!("sundial"), "triggers.event"),
            ("/cases/3/fired", json!(7), "cases[3].fired"),
        ] {
            let mut changed = golden();
            *changed.pointer_mut(pointer).unwrap() = value;
            let error = check(changed).unwrap_err();
            assert!(error.contains(word), "{pointer}: {error}");
        }
    }
}
