//! Panes and drops, against Beam Python's `GeneralTriggerDriver`.
//!
//! What the DirectRunner made of the same input is in the file for people to read; it is not compared.

use super::Report;
use super::beam::{Golden, Rows};
use super::sequences::{Step, differing_rows, keys, named};
use millrace::streaming::aggregate::Bag;
use millrace::streaming::beam::Config;
use millrace::streaming::beam::python::Driver;
use serde_json::Value;
use std::collections::BTreeMap;

/// Compares each case of the file with what the operators say.
pub(super) fn check(value: Value) -> Result<Report, String> {
    let golden = Golden::read(value)?;
    let mut report = Report::default();
    for case in &golden.cases {
        let config = golden.config(case).map_err(|why| format!("{}: {why}", case.id))?;
        let steps = named("sequence", &golden.sequences, &case.id, &case.seq)?;
        let rows = run(steps, &config);
        let fields = [
            differing_rows("panes", &case.panes, &rows.panes),
            differing_rows("dropped", &case.dropped, &rows.dropped),
        ];
        report.case(&case.id, &fields.into_iter().flatten().collect::<Vec<_>>());
    }
    Ok(report)
}

/// One driver a key, each told all watermarks and times.
fn run(steps: &[Step], config: &Config) -> Rows {
    let mut drivers: BTreeMap<&str, Driver<Bag<i64>>> =
        keys(steps).into_iter().map(|key| (key, Driver::new(config.clone()))).collect();
    let mut rows = Rows::default();
    for (index, step) in steps.iter().enumerate() {
        for (key, driver) in &mut drivers {
            let mut out = Vec::new();
            match step {
                Step::Element { k, v, t } if k == key => driver.on_bundle(&[(*t, *v)], &mut out),
                Step::Element { .. } => {}
                Step::Watermark { t } => driver.on_watermark(*t, &mut out),
                Step::ProcessingTime { t } => driver.on_processing_time(*t, &mut out),
            }
            rows.tell(index, key, out);
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn golden() -> Value {
        serde_json::from_str(include_str!("../../../../tests/golden/beam_python_windows.json"))
            .unwrap()
    }

    #[test]
    fn every_recorded_case_agrees() {
        let report = check(golden()).unwrap();
        assert_eq!(report.differences, Vec::<String>::new());
        assert_eq!(report.passed, 144);
    }

    /// The check must be able to fail: a pane a millisecond off, and a drop too many.
    #[test]
    fn a_changed_row_is_found_and_named() {
        let mut changed = golden();
        changed["cases"][0]["panes"][0][9] = json!(-77);
        changed["cases"][1]["dropped"].as_array_mut().unwrap().push(json!([0, "a", -7]));
        let report = check(changed).unwrap();
        assert_eq!(report.passed, 144 - 2);
        assert!(report.differences[0].contains("-77"), "{report:?}");
        assert!(report.differences[1].contains("no such row"), "{report:?}");
    }

    #[test]
    fn what_the_format_does_not_allow_is_refused() {
        for (pointer, value, word) in [
            ("/cases/0/seq", json!("s99"), "s99"),
            ("/cases/0/mode", json!("hoarding"), "cases[0].mode"),
            ("/cases/0/lateness", json!(-1), "lateness is -1"),
            ("/windows/session/gap", json!(-5), "gap is -5"),
            ("/triggers/aw/early/n", json!(0), "n is 0"),
            ("/sequences/s02/1/t", json!("soon"), "sequences.s02[1]"),
        ] {
            let mut changed = golden();
            *changed.pointer_mut(pointer).unwrap() = value;
            let error = check(changed).unwrap_err();
            assert!(error.contains(word), "{pointer}: {error}");
        }
    }
}
