//! The same stream in several ways: scenarios that read the same events and differ in one respect, so
//! that what they answer can be laid side by side. A variant is a scenario like any other.

#[cfg(test)]
mod tests;

use super::graph::{Operator, OperatorKind};
use super::table::{ACCUMULATIONS, EARLY, Key, LATE, PROFILES, Parameter, TRIGGERS, WATERMARKS};
use super::{Input, JobKind, Scenario, ScenarioError, StreamJob};
use crate::base::{Amount, Millis};

/// In which respect they differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Respect {
    /// Whose rules hold.
    #[default]
    Profiles,
    /// When windows fire.
    Triggers,
    /// What a pane says of what earlier ones said.
    Accumulation,
    /// How a source knows that nothing older comes.
    Watermarks,
    /// A stream, or a batch run now and then.
    Batch,
}

/// One of the ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// What it is called.
    pub label: String,
    /// Whether it is the scenario that all are made from.
    pub is_own: bool,
    /// The scenario, or why there is none.
    pub scenario: Result<Scenario, ScenarioError>,
    /// Where a batch run cuts through the events, when it is one.
    pub cut: Option<Cut>,
    /// The numbers that its records have in the run that it is made from, when it reads a part of them.
    pub records: Option<Vec<u32>>,
}

/// A batch run: it reads at one moment what has arrived by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// When it runs, by the job's clock.
    pub at: Millis,
    /// What arrived before this is not read; nothing where all is.
    pub since: Option<Millis>,
}

/// A record of the run that batch runs are made from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are named for what they carry")]
pub struct Arrived {
    pub record: u32,
    pub event_time: Millis,
    pub arrival: Millis,
    pub key: String,
    pub value: Amount,
}

impl Respect {
    /// All of them.
    pub const ALL: [Respect; 5] = [
        Respect::Profiles,
        Respect::Triggers,
        Respect::Accumulation,
        Respect::Watermarks,
        Respect::Batch,
    ];
}

/// The ways to run a scenario that differ in one respect, its own first. Of a batch run `cut` says when;
/// `arrived` are the records of the scenario's own run.
pub fn variants(base: &Scenario, respect: Respect, cut: Cut, arrived: &[Arrived]) -> Vec<Variant> {
    let mut all = vec![Variant {
        label: own_label(base, respect),
        is_own: true,
        scenario: Ok(base.clone()),
        cut: None,
        records: None,
    }];
    let is_own = |other: &Variant| match (respect, &other.scenario) {
        // The rules that hold are its own, though something moot was left out.
        (Respect::Profiles, Ok(scenario)) => {
            scenario.parameters.get(Key::Profile) == base.parameters.get(Key::Profile)
        }
        (_, scenario) => scenario.as_ref() == Ok(base),
    };
    let others = match respect {
        Respect::Profiles => each(base, Key::Profile, PROFILES, moot(base)),
        Respect::Triggers => triggers(base),
        Respect::Accumulation => each(base, Key::Accumulation, ACCUMULATIONS, &[]),
        Respect::Watermarks => watermarks(base),
        Respect::Batch => batches(base, cut, arrived),
    };
    all.extend(others.into_iter().filter(|other| !is_own(other)));
    all
}

fn own_label(base: &Scenario, respect: Respect) -> String {
    let shown = |key: Key| key.parameter().show(base.parameters.get(key));
    match (respect, &base.job) {
        (Respect::Profiles, _) => shown(Key::Profile),
        (Respect::Triggers, JobKind::Stream(StreamJob::Triggered(_))) => "own trigger".to_owned(),
        (Respect::Triggers, _) => {
            let (trigger, early) = (shown(Key::Trigger), shown(Key::Early));
            let late = match (shown(Key::Late).as_str(), is_late_moot(base)) {
                (_, true) | ("each", _) => String::new(),
                ("none", _) => ", no late panes".to_owned(),
                (late, _) => format!(", late by {late}"),
            };
            match (trigger.as_str(), early.as_str()) {
                ("watermark", "none") => trigger + &late,
                ("watermark", _) => format!("{trigger}, early by {early}{late}"),
                _ => trigger,
            }
        }
        (Respect::Accumulation, _) => shown(Key::Accumulation),
        (Respect::Watermarks, _) => watermark_label(base),
        (Respect::Batch, _) => "stream".to_owned(),
    }
}

fn watermark_label(of: &Scenario) -> String {
    let name = Key::Watermark.parameter().show(of.parameters.get(Key::Watermark));
    match name.as_str() {
        "bounded" | "per_record" => {
            let seconds = of.parameters.get(Key::WatermarkDelay) as f64 / 1_000.0;
            format!("{name}, {seconds} s")
        }
        "percentile" => format!("{name}, {} %", of.parameters.get(Key::WatermarkPercentile)),
        _ => name,
    }
}

/// A scenario with some values changed; those that were asked for and can't be say why.
fn changed(base: &Scenario, label: String, changes: &[(Key, u64)]) -> Variant {
    let mut scenario = base.clone();
    let set = changes.iter().try_for_each(|(key, value)| scenario.parameters.set(*key, *value));
    let checked = set
        .map_err(|error| ScenarioError {
            field: Some(error.key.clone()),
            message: error.to_string(),
            place: None,
        })
        .and_then(|()| scenario.validate().map_err(foreign_trigger))
        .map(|()| scenario);
    Variant { label, is_own: false, scenario: checked, cut: None, records: None }
}

/// What is wrong with a trigger of the job's own under other rules is no mistake of whoever wrote it.
fn foreign_trigger(error: ScenarioError) -> ScenarioError {
    match error.field.as_deref() {
        Some(field) if field.starts_with("job.stream.triggered") => ScenarioError {
            message: "the job has a trigger of its own, which these rules do not know".to_owned(),
            ..error
        },
        Some(_) | None => error,
    }
}

/// What can be left out without a difference: without lateness nothing that is late comes to a pane,
/// whatever would fire for it. Only Beam can be told so.
fn moot(base: &Scenario) -> &'static [(Key, u64)] {
    match base.parameters.get(Key::AllowedLateness) {
        0 => &[(Key::Late, 0)],
        _ => &[],
    }
}

/// Each of a parameter's choices.
fn each(base: &Scenario, key: Key, options: &[&str], more: &[(Key, u64)]) -> Vec<Variant> {
    let one = |(place, name): (u64, &&str)| {
        let mut changes = vec![(key, place)];
        changes.extend(more);
        changed(base, (*name).to_owned(), &changes)
    };
    (0..).zip(options).map(one).collect()
}

fn place(options: &[&str], name: &str) -> u64 {
    options.iter().position(|option| *option == name).unwrap_or(0) as u64
}

/// When windows fire: at the end, early too, at each record, after a while, by the clock. A trigger of
/// the scenario's own gives way to these.
fn triggers(base: &Scenario) -> Vec<Variant> {
    let mut base = base.clone();
    if let JobKind::Stream(job @ StreamJob::Triggered(_)) = &mut base.job {
        *job = StreamJob::Windows;
    }
    let of = |label: &str, trigger: &str, early: &str| {
        let mut changes =
            vec![(Key::Trigger, place(TRIGGERS, trigger)), (Key::Early, place(EARLY, early))];
        // What has no effect stays, so that a way that is the scenario's own is known as that.
        if !is_late_moot(&base) {
            changes.push((Key::Late, place(LATE, "each")));
        }
        if trigger == "count" || early == "count" {
            changes.push((Key::TriggerCount, 1));
        }
        if [trigger, early]
            .iter()
            .any(|of| ["delay", "aligned_delay", "event_time_interval"].contains(of))
        {
            changes.push((Key::TriggerInterval, interval(&base)));
        }
        changed(&base, label.to_owned(), &changes)
    };
    vec![
        of("watermark", "watermark", "none"),
        of("watermark, early by aligned_delay", "watermark", "aligned_delay"),
        of("watermark, early at each record", "watermark", "count"),
        of("each record", "count", "none"),
        of("delay", "delay", "none"),
        of("aligned_delay", "aligned_delay", "none"),
        of("event_time_interval", "event_time_interval", "none"),
    ]
}

/// Whether what fires for late elements has no effect: the trigger waits for the end, and none is taken after it.
fn is_late_moot(base: &Scenario) -> bool {
    let trigger = base.parameters.get(Key::Trigger);
    base.parameters.get(Key::AllowedLateness) == 0 && trigger == place(TRIGGERS, "watermark")
}

/// The interval of the triggers: the scenario's, unless it is a default that is longer than a window.
fn interval(base: &Scenario) -> u64 {
    let parameter: &Parameter = Key::TriggerInterval.parameter();
    let (value, size) =
        (base.parameters.get(Key::TriggerInterval), base.parameters.get(Key::WindowSize));
    if value == parameter.default && value > size { (size / 2).max(1) } else { value }
}

fn watermarks(base: &Scenario) -> Vec<Variant> {
    let mut all: Vec<Variant> = (0..WATERMARKS.len() as u64)
        .map(|place| changed(base, String::new(), &[(Key::Watermark, place)]))
        .collect();
    let bounded = place(WATERMARKS, "bounded");
    let hasty = changed(
        base,
        "bounded, 0 s".to_owned(),
        &[(Key::Watermark, bounded), (Key::WatermarkDelay, 0)],
    );
    for (variant, name) in all.iter_mut().zip(WATERMARKS) {
        variant.label =
            variant.scenario.as_ref().map_or_else(|_| (*name).to_owned(), watermark_label);
    }
    if base.parameters.get(Key::WatermarkDelay) > 0 {
        all.insert(0, hasty);
    }
    all
}

/// Batch runs over what has arrived: one at the moment with its lookback, one then over all, and one over
/// all when nothing more comes.
fn batches(base: &Scenario, cut: Cut, arrived: &[Arrived]) -> Vec<Variant> {
    let end = arrived.iter().map(|of| of.arrival).max().unwrap_or(cut.at);
    let mut cuts = vec![("batch", cut), ("batch over all so far", Cut { since: None, ..cut })];
    if cut.since.is_none() {
        cuts.remove(0);
    }
    if cut.at < end {
        cuts.push(("batch at the end", Cut { at: end, since: None }));
    }
    cuts.into_iter().map(|(label, cut)| batch(base, label, cut, arrived)).collect()
}

fn has_several_sources(scenario: &Scenario) -> bool {
    let JobKind::Stream(StreamJob::Graph(graph)) = &scenario.job else { return false };
    let is_source = |of: &&Operator| matches!(of.kind, OperatorKind::Source);
    graph.operators.iter().filter(is_source).count() > 1
}

/// An amount without the commas that people read it by.
fn plain(value: Amount) -> String {
    value.to_string().replace(',', "")
}

/// A batch run is the run of a stream that arrives all at one moment, with a watermark that knows what
/// comes: nothing in it is late.
fn batch(base: &Scenario, label: &str, cut: Cut, arrived: &[Arrived]) -> Variant {
    let is_read =
        |of: &&Arrived| of.arrival <= cut.at && cut.since.is_none_or(|since| of.arrival > since);
    let read: Vec<&Arrived> = arrived.iter().filter(is_read).collect();
    let line = |of: &&Arrived| {
        let event = serde_json::json!({
            "time": of.event_time, "key": of.key, "value": plain(of.value), "arrival": cut.at,
        });
        format!("{event}\n")
    };
    let mut scenario = base.clone();
    scenario.input = Input::Text(read.iter().map(line).collect());
    scenario.faults.clear();
    if let JobKind::Stream(job @ StreamJob::Triggered(_)) = &mut scenario.job {
        *job = StreamJob::Windows;
    }
    let is_beam = PROFILES
        .get(usize::try_from(base.parameters.get(Key::Profile)).unwrap_or(0))
        .is_some_and(|name| name.starts_with("beam"));
    let profile =
        if is_beam { base.parameters.get(Key::Profile) } else { place(PROFILES, "flink") };
    let changes = [
        (Key::Profile, profile),
        (Key::Watermark, place(WATERMARKS, "perfect")),
        (Key::Trigger, place(TRIGGERS, "watermark")),
        (Key::Early, place(EARLY, "none")),
        (Key::Late, place(LATE, "each")),
        (Key::TriggerOffset, 0),
        (Key::Accumulation, place(ACCUMULATIONS, "accumulating")),
        (Key::AllowedLateness, 0),
        (Key::IdleTimeout, 0),
        (Key::AlignmentDrift, 0),
        (Key::SlowPartition, 0),
        (Key::IdlePartition, 0),
        (Key::StayOpen, 0),
    ];
    let mut variant = changed(&scenario, label.to_owned(), &changes);
    let refusal = if read.is_empty() {
        Some("nothing has arrived by then that it would read")
    } else if has_several_sources(base) {
        // Which record is of which source goes by its number among all.
        Some("a job of several sources is not run over a part of its records")
    } else {
        None
    };
    if let Some(message) = refusal {
        variant.scenario =
            Err(ScenarioError { field: None, message: message.to_owned(), place: None });
    }
    variant.cut = Some(cut);
    variant.records = Some(read.iter().map(|of| of.record).collect());
    variant
}
