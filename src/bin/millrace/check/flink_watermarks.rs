//! Generators of watermarks and what combines them, against Flink's classes.

use super::sequences::read;
use super::{Report, compare};
use millrace::streaming::Millis;
use millrace::streaming::watermark::{Bounded, Idleness, Multiplexer, Signal, Valve};
use serde::Deserialize;
use serde_json::{Value, json};

/// The file.
#[derive(Deserialize)]
struct Golden {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    #[serde(flatten)]
    kind: Kind,
    /// Each an operation and what it made the class say.
    steps: Vec<(Value, Value)>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Kind {
    Valve { channels: usize },
    Bounded { bound: Millis },
    Idleness { bound: Millis, timeout: Millis },
    Multiplexer,
}

/// What a case is run on.
enum Subject {
    Valve { valve: Valve, channels: usize },
    Bounded(Bounded),
    Idleness { idleness: Box<Idleness>, now: Millis },
    Multiplexer(Multiplexer<String>),
}

/// More channels than any operator has.
const MOST_CHANNELS: usize = 32_768;

/// Compares each step of each case.
pub(super) fn check(value: Value) -> Result<Report, String> {
    let golden: Golden = read(value)?;
    let mut report = Report::default();
    for case in &golden.cases {
        let fields = run(case).map_err(|why| format!("{}: {why}", case.id))?;
        report.case(&case.id, &fields);
    }
    Ok(report)
}

/// The first step that differs, since those after it follow from it.
fn run(case: &Case) -> Result<Vec<String>, String> {
    let mut subject = Subject::new(case.kind)?;
    for (index, (operation, expected)) in case.steps.iter().enumerate() {
        let signals = subject.step(operation).map_err(|why| format!("steps[{index}]: {why}"))?;
        let actual: Value = signals.into_iter().map(shown).collect();
        let field = format!("steps[{index}] {operation}");
        if let Some(difference) = compare(&field, expected, &actual) {
            return Ok(vec![difference]);
        }
    }
    Ok(Vec::new())
}

fn shown(signal: Signal) -> Value {
    match signal {
        Signal::Watermark(at) => json!(["w", at]),
        Signal::Idle => json!(["idle"]),
        Signal::Active => json!(["active"]),
    }
}

impl Subject {
    fn new(kind: Kind) -> Result<Subject, String> {
        Ok(match kind {
            Kind::Valve { channels } => {
                if channels == 0 || channels > MOST_CHANNELS {
                    return Err(format!(
                        "channels is {channels}, and must be 1 to {MOST_CHANNELS}"
                    ));
                }
                Subject::Valve { valve: Valve::new(channels), channels }
            }
            Kind::Bounded { bound } => Subject::Bounded(bounded(bound)?),
            Kind::Idleness { bound, timeout } => {
                let idleness = Box::new(Idleness::new(bounded(bound)?, timeout));
                Subject::Idleness { idleness, now: 0 }
            }
            Kind::Multiplexer => Subject::Multiplexer(Multiplexer::new()),
        })
    }

    fn step(&mut self, operation: &Value) -> Result<Vec<Signal>, String> {
        let fields = operation.as_array().map_or(&[][..], Vec::as_slice);
        let name = fields.first().and_then(Value::as_str);
        let unknown = || format!("{operation} is not an operation of this kind");
        let answer = match self {
            Subject::Valve { valve, channels } => {
                let channel = fields.get(1).and_then(Value::as_u64);
                let channel = channel.and_then(|channel| usize::try_from(channel).ok());
                let channel = channel.filter(|channel| channel < channels).ok_or_else(unknown)?;
                valve_step(valve, name, channel, fields)
            }
            Subject::Bounded(generator) => bounded_step(generator, name, fields),
            Subject::Idleness { idleness, now } => idleness_step(idleness, now, name, fields),
            Subject::Multiplexer(multiplexer) => multiplexer_step(multiplexer, name, fields),
        };
        answer.ok_or_else(unknown)
    }
}

fn bounded(bound: Millis) -> Result<Bounded, String> {
    if bound < 0 {
        return Err(format!("bound is {bound} ms, and must not be negative"));
    }
    Ok(Bounded::new(bound))
}

fn time(fields: &[Value], index: usize) -> Option<Millis> {
    fields.get(index).and_then(Value::as_i64)
}

fn valve_step(
    valve: &mut Valve,
    name: Option<&str>,
    channel: usize,
    fields: &[Value],
) -> Option<Vec<Signal>> {
    match name? {
        "w" => Some(valve.on_watermark(channel, time(fields, 2)?).into_iter().collect()),
        "idle" => Some(valve.on_idle(channel)),
        "active" => Some(valve.on_active(channel).into_iter().collect()),
        _ => None,
    }
}

fn bounded_step(
    generator: &mut Bounded,
    name: Option<&str>,
    fields: &[Value],
) -> Option<Vec<Signal>> {
    match name? {
        "e" => generator.on_element(time(fields, 1)?),
        "p" => return Some(vec![Signal::Watermark(generator.watermark())]),
        _ => return None,
    }
    Some(Vec::new())
}

fn idleness_step(
    idleness: &mut Idleness,
    now: &mut Millis,
    name: Option<&str>,
    fields: &[Value],
) -> Option<Vec<Signal>> {
    match name? {
        "e" => idleness.on_element(time(fields, 1)?),
        "clock" => *now = now.saturating_add(time(fields, 1)?),
        "p" => return Some(idleness.on_periodic_emit(*now).into_iter().collect()),
        _ => return None,
    }
    Some(Vec::new())
}

fn multiplexer_step(
    multiplexer: &mut Multiplexer<String>,
    name: Option<&str>,
    fields: &[Value],
) -> Option<Vec<Signal>> {
    let id = fields.get(1).and_then(Value::as_str).map(str::to_owned);
    let mut signals = Vec::new();
    match name? {
        "register" => multiplexer.register(id?).then_some(())?,
        "unregister" => {
            multiplexer.unregister(&id?);
        }
        "immediate" => signals = multiplexer.immediate(&id?, time(fields, 2)?),
        "deferred" => multiplexer.deferred(&id?, time(fields, 2)?),
        "idle" => signals = multiplexer.idle(&id?),
        "active" => signals = multiplexer.active(&id?),
        "p" => signals = multiplexer.on_periodic_emit(),
        _ => return None,
    }
    Some(signals)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn golden() -> Value {
        serde_json::from_str(include_str!("../../../../tests/golden/flink_watermarks.json"))
            .unwrap()
    }

    #[test]
    fn every_recorded_case_agrees() {
        let report = check(golden()).unwrap();
        assert_eq!(report.differences, Vec::<String>::new());
        assert_eq!(report.passed, 29);
    }

    /// The check must be able to fail.
    #[test]
    fn a_changed_step_is_found_and_named() {
        let mut changed = golden();
        changed["cases"][0]["steps"][5][1] = json!([["w", 87]]);
        let report = check(changed).unwrap();
        assert_eq!(report.passed, 28);
        let line = &report.differences[0];
        assert!(line.contains("steps[5]") && line.contains("87") && line.contains("86"), "{line}");
    }

    #[test]
    fn what_the_format_does_not_allow_is_refused() {
        let case = |kind: &str, step: &str| {
            let text = format!(r#"{{"cases": [{{"id": "x", {kind}, "steps": [[{step}, []]]}}]}}"#);
            check(serde_json::from_str(&text).unwrap()).unwrap_err()
        };
        assert!(case(r#""kind": "valve", "channels": 2"#, r#"["w", 2, 5]"#).contains("steps[0]"));
        assert!(case(r#""kind": "valve", "channels": 0"#, "[]").contains("channels is 0"));
        assert!(case(r#""kind": "bounded", "bound": -1"#, "[]").contains("bound is -1"));
        assert!(case(r#""kind": "sundial""#, "[]").contains("sundial"));
        assert!(check(json!([])).is_err());
    }
}
