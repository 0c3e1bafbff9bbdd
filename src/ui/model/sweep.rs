//! A sweep on the page: what is run, what came of it so far, and how that is drawn.

use super::Texts;
use super::amount;
use super::run::Run;
use crate::charts::spread::Column;
use crate::scenario::sweep::{Point, Sweep};
use crate::scenario::table::Kind;
use crate::scenario::{Key, Lab, Parameter, Scenario};
use crate::trace::measures::{Came, MEASURES, Measure, Row, STREAM_MEASURES, Unit, csv};
use std::rc::Rc;

/// Sweeps on the page: at most one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sweeps {
    /// What is run, or was.
    pub plan: Option<Rc<Plan>>,
    /// What came of each run so far.
    pub results: Vec<Option<Result<Came, String>>>,
    /// Whether its workers work.
    pub is_running: bool,
    /// Why the last one that was asked for was not begun.
    pub problem: Option<String>,
    /// How many sweeps there were.
    pub count: u32,
}

/// What is run.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Which sweep it is.
    pub number: u32,
    /// The parameter.
    pub key: Key,
    /// The run that it is made from.
    pub run: Run,
    /// The texts that the runs need, where their scenario does not carry them.
    pub input: Option<Texts>,
    /// The runs.
    pub points: Vec<Point>,
}

impl Plan {
    /// A sweep of what is on the screen. A text that scenarios do not carry must be here.
    ///
    /// # Errors
    /// In words, when the values mean nothing or are too many.
    pub fn new(run: &Run, number: u32, key: Key, text: &str, seeds: u32) -> Result<Plan, String> {
        let parameter = key.parameter();
        let read = |piece: &str| value_of(parameter, piece);
        let values = crate::scenario::sweep::values(parameter, text, read);
        let sweep = values.and_then(|values| Sweep::new(key, values, seeds));
        let sweep = sweep.map_err(|error| super::catalog::sentence(&error.to_string()))?;
        let run = super::live::simulated(run);
        let points = sweep.points(&run.scenario);
        Ok(Plan { number, key, input: run.input.clone(), run, points })
    }
}

/// The measures of a lab's runs, the most asked for first.
pub fn measures(lab: Lab) -> &'static [Measure] {
    match lab {
        Lab::Mapreduce => &MEASURES,
        Lab::Stream => &STREAM_MEASURES,
    }
}

/// How many of a lab's measures are drawn one under the other, over one axis: of a stream those that are
/// bought with each other. Of none the reader chooses the one that is drawn.
pub fn drawn_together(lab: Lab) -> usize {
    match lab {
        Lab::Mapreduce => 0,
        Lab::Stream => 3,
    }
}

/// The parameter that a sweep of a lab is of until another is chosen.
pub fn first_parameter(lab: Lab) -> Key {
    match lab {
        Lab::Mapreduce => Key::Nodes,
        Lab::Stream => Key::WatermarkDelay,
    }
}

/// The parameter that a sweep of a scenario is of until another is chosen: of a stream one that acts in it. How far out of
/// order events may be is asked by bounded watermarks alone, and Kafka Streams asks for none.
pub fn first_acting(scenario: &Scenario) -> Key {
    let shown = |key: Key| key.parameter().show(scenario.parameters.get(key));
    if scenario.lab() == Lab::Mapreduce {
        return first_parameter(Lab::Mapreduce);
    }
    if shown(Key::TimeOf) != "event" {
        return if shown(Key::Window) == "session" { Key::SessionGap } else { Key::WindowSize };
    }
    match (shown(Key::Profile).as_str(), shown(Key::Watermark).as_str()) {
        ("kafka-streams", _) => Key::AllowedLateness,
        (_, "bounded" | "per_record") => Key::WatermarkDelay,
        (_, "percentile") => Key::WatermarkPercentile,
        _ => Key::Watermark,
    }
}

/// A value as the form takes it: a switch's and a choice's by their names.
///
/// # Errors
/// What is allowed, in words.
pub fn value_of(parameter: &Parameter, text: &str) -> Result<u64, String> {
    let named = match parameter.kind {
        Kind::Number { .. } => return amount::parse(parameter, text),
        Kind::Switch => ["off", "on"].iter().position(|name| *name == text),
        Kind::Choice(options) => {
            options.iter().position(|name| *name == text || amount::choice(name) == text)
        }
        Kind::Text { .. } => None,
    };
    named.map(|place| place as u64).ok_or_else(|| amount::allowed(parameter))
}

/// The values that a form begins with, as it writes them: those with which the scenario can be run.
pub fn suggested(key: Key, base: &Scenario) -> String {
    let parameter = key.parameter();
    let values = crate::scenario::sweep::suggested(key, base);
    let written = values.into_iter().map(|value| match parameter.kind {
        Kind::Number { .. } => amount::written(parameter, value),
        Kind::Switch | Kind::Choice(_) | Kind::Text { .. } => amount::shown(parameter, value),
    });
    written.collect::<Vec<_>>().join(", ")
}

impl Sweeps {
    /// How many runs are over, and how many there are; those that are not allowed are none.
    pub fn progress(&self) -> (usize, usize) {
        let allowed = || self.runs().filter(|(point, _)| point.scenario.is_ok());
        (allowed().filter(|(_, result)| result.is_some()).count(), allowed().count())
    }

    /// The values that are not allowed, each once, and why.
    pub fn refused(&self) -> Vec<(String, String)> {
        let Some(plan) = &self.plan else { return Vec::new() };
        let parameter = plan.key.parameter();
        let mut refused: Vec<(String, String)> = self
            .runs()
            .filter(|(point, _)| point.scenario.is_err())
            .filter_map(|(point, result)| {
                let why = result.as_ref()?.as_ref().err()?.clone();
                Some((
                    format!("{} {}", parameter.label, amount::shown(parameter, point.value)),
                    why,
                ))
            })
            .collect();
        refused.dedup();
        refused
    }

    fn runs(&self) -> impl Iterator<Item = (&Point, &Option<Result<Came, String>>)> {
        self.plan.iter().flat_map(|plan| plan.points.iter().zip(&self.results))
    }

    /// Files what came of a run; of another sweep nothing is heard any more.
    pub fn file(&mut self, number: u32, point: usize, result: Result<Came, String>) {
        let is_current = self.plan.as_ref().is_some_and(|plan| plan.number == number);
        if let Some(slot) = self.results.get_mut(point).filter(|_| is_current) {
            *slot = Some(result);
        }
        if self.results.iter().all(Option::is_some) {
            self.is_running = false;
        }
    }

    /// The runs that are over, value by value, measured so. A job that failed and a run that broke down
    /// count as failed; a value that is not allowed has no column.
    pub fn columns(&self, measure: &Measure) -> Vec<Column> {
        let Some(plan) = &self.plan else { return Vec::new() };
        let mut columns: Vec<(u64, Column)> = Vec::new();
        for (point, result) in self.runs().filter(|(point, _)| point.scenario.is_ok()) {
            if columns.last().is_none_or(|(value, _)| *value != point.value) {
                let column = Column {
                    value: point.value as f64,
                    label: amount::shown(plan.key.parameter(), point.value),
                    measured: Vec::new(),
                    failed: 0,
                };
                columns.push((point.value, column));
            }
            let (Some((_, column)), Some(result)) = (columns.last_mut(), result) else { continue };
            match result.as_ref().ok().and_then(|came| measure.of_whole(came)) {
                Some(value) => column.measured.push(value as f64),
                None => column.failed += 1,
            }
        }
        columns.into_iter().map(|(_, column)| column).collect()
    }

    /// All runs that are over as comma-separated values.
    pub fn csv(&self) -> String {
        let Some(plan) = &self.plan else { return String::new() };
        let parameter = plan.key.parameter();
        let values: Vec<String> =
            plan.points.iter().map(|point| parameter.show(point.value)).collect();
        let mut rows = Vec::with_capacity(values.len());
        for ((point, value), result) in plan.points.iter().zip(&values).zip(&self.results) {
            let Some(result) = result else { continue };
            let result = result.as_ref().map_err(String::as_str);
            rows.push(Row { value, seed: point.seed, result });
        }
        csv(parameter.name, measures(plan.run.lab()), &rows)
    }
}

/// A measurement as it is written: a time in seconds, bytes in a unit that suits.
pub fn written(unit: Unit, value: f64) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not negative")]
    let whole = value.max(0.0) as u64;
    match unit {
        Unit::Micros => format!("{:.1} s", value / 1e6),
        Unit::Bytes => crate::base::format::Bytes(whole).to_string(),
        // Half-way between two counts.
        Unit::Count if value.fract() > 0.0 => {
            format!("{}.{:.0}", crate::base::format::Count(whole), value.fract() * 10.0)
        }
        Unit::Count => crate::base::format::Count(whole).to_string(),
        Unit::Millis => seconds(whole),
        Unit::Permille => crate::base::format::Percent(whole, 1_000).to_string(),
    }
}

/// Milliseconds as seconds with a decimal, from a minute on as minutes and seconds.
pub fn seconds(millis: u64) -> String {
    match millis {
        0..60_000 => format!("{:.1} s", millis as f64 / 1e3),
        _ => {
            let whole = (millis + 500) / 1_000;
            format!("{} min {:02} s", whole / 60, whole % 60)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::model::catalog;

    fn sweeps(key: Key, text: &str, seeds: u32) -> Sweeps {
        let run = Run::new(catalog::presets()[0].scenario(), None, None);
        let plan = Plan::new(&run, 1, key, text, seeds).unwrap();
        let results = vec![None; plan.points.len()];
        Sweeps { plan: Some(Rc::new(plan)), results, is_running: true, ..Sweeps::default() }
    }

    fn came(micros: u64) -> Result<Came, String> {
        let mut came = Came { is_right: true, ..Came::default() };
        came.totals.took.0 = micros;
        Ok(came)
    }

    #[test]
    fn what_is_suggested_can_be_run() {
        for parameter in crate::scenario::PARAMETERS.iter().filter(|parameter| !parameter.is_text())
        {
            let lab = parameter.group.lab();
            let run = Run::new(catalog::presets_of(lab)[0].scenario(), None, None);
            let text = suggested(parameter.key, &run.scenario);
            let plan = Plan::new(&run, 1, parameter.key, &text, 2);
            assert!(plan.is_ok(), "{}: {text}: {:?}", parameter.name, plan.err());
        }
    }

    #[test]
    fn results_come_in_any_order_and_none_is_dropped() {
        let mut sweeps = sweeps(Key::Nodes, "2, 3", 2);
        sweeps.file(1, 3, came(9));
        sweeps.file(1, 0, came(5));
        sweeps.file(7, 1, came(1));
        assert_eq!(sweeps.progress(), (2, 4), "another sweep's result is not filed");
        sweeps.file(1, 1, Err("the worker broke down".to_owned()));
        sweeps.file(1, 2, Ok(Came { failed: Some("No.".to_owned()), ..Came::default() }));
        assert!(!sweeps.is_running);
        let columns = sweeps.columns(&MEASURES[0]);
        assert_eq!((columns[0].measured.as_slice(), columns[0].failed), (&[5.0][..], 1));
        assert_eq!((columns[1].measured.as_slice(), columns[1].failed), (&[9.0][..], 1));
        assert_eq!(sweeps.csv().lines().count(), 5);
    }

    #[test]
    fn what_is_not_allowed_is_told_apart_from_what_failed() {
        let mut sweeps = sweeps(Key::Nodes, "1, 3", 2);
        let why = "Replicas = 2 is not allowed.".to_owned();
        for point in 0..2 {
            sweeps.file(1, point, Err(why.clone()));
        }
        sweeps.file(1, 2, came(5));
        assert_eq!(sweeps.progress(), (1, 2), "what is not allowed is no run");
        assert_eq!(sweeps.refused(), [("Nodes 1".to_owned(), why)]);
        let columns = sweeps.columns(&MEASURES[0]);
        assert_eq!((columns.len(), columns[0].label.as_str(), columns[0].failed), (1, "3", 0));
    }

    #[test]
    fn values_are_typed_as_in_the_form_of_parameters() {
        let plan = sweeps(Key::SortBuffer, "16 Ki, 1 Mi", 1).plan.unwrap();
        assert_eq!(
            plan.points.iter().map(|point| point.value).collect::<Vec<_>>(),
            [16_384, 1 << 20]
        );
        let plan = sweeps(Key::Combiner, "on, off", 1).plan.unwrap();
        assert_eq!(plan.points.iter().map(|point| point.value).collect::<Vec<_>>(), [0, 1]);
        let run = Run::new(catalog::presets()[0].scenario(), None, None);
        let refused = Plan::new(&run, 1, Key::Nodes, "0", 1).unwrap_err();
        assert!(refused.contains("from 1 to"), "{refused}");
    }

    #[test]
    fn a_stream_is_swept_by_its_own_parameters_and_measured_by_its_own_measures() {
        let run = Run::new(catalog::presets_of(Lab::Stream)[0].scenario(), None, None);
        let key = first_parameter(Lab::Stream);
        let plan = Plan::new(&run, 1, key, "0, 2000", 1).unwrap();
        assert!(plan.points.iter().all(|point| point.scenario.is_ok()));
        let results = vec![None; 2];
        let mut sweeps = Sweeps { plan: Some(Rc::new(plan)), results, ..Sweeps::default() };
        let stream = crate::trace::stream_totals::StreamTotals {
            elements: crate::trace::stream_totals::Held { now: 0, most: 9 },
            ..Default::default()
        };
        let came = Came { stream: Some(stream), is_right: true, ..Came::default() };
        sweeps.file(1, 0, Ok(came));
        let columns: Vec<_> =
            measures(Lab::Stream).iter().map(|measure| sweeps.columns(measure)).collect();
        assert_eq!(columns[2][0].measured, [9.0]);
        assert_eq!((columns[0][0].measured.len(), columns[0][0].failed), (0, 1), "it said nothing");
        assert!(sweeps.csv().starts_with("watermark_delay_ms,seed,outcome,latency_ms,"));
        assert_eq!(sweeps.csv().lines().count(), 2);
    }

    #[test]
    fn lengths_read_as_people_say_them() {
        assert_eq!(["1.5 s", "2 min 05 s"], [seconds(1_450 + 50), seconds(124_600)]);
        assert_eq!(written(Unit::Permille, 888.0), "88.8 %");
    }
}
