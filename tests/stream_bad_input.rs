//! What a stream job can't be is refused by its field or line, in the same words by whoever reads the scenario: the
//! command line, a link, and the conductor that the page asks.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use millrace::lab::Conductor;
use millrace::lab::messages::{Command, CommandBody, LabError, Reply, Update};
use millrace::scenario::{Scenario, codec};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// A scenario, or a file of events for one that is right; where it is wrong, and words that must be said.
struct Case {
    name: &'static str,
    scenario: Value,
    field: &'static str,
    words: &'static [&'static str],
}

fn of(job: Value, input: Value, parameters: Value) -> Value {
    json!({"version": 1, "job": {"stream": job}, "input": input, "parameters": parameters})
}

fn with(parameters: Value) -> Value {
    of(json!("windows"), json!({"events": "six"}), parameters)
}

fn graph(operators: Value) -> Value {
    of(json!({"graph": {"operators": operators}}), json!({"events": "six"}), json!({}))
}

fn parameter(
    name: &'static str,
    parameters: Value,
    field: &'static str,
    words: &'static [&'static str],
) -> Case {
    Case { name, scenario: with(parameters), field, words }
}

fn source() -> Value {
    json!({"name": "in", "kind": "source"})
}

fn sink(of: &str) -> Value {
    json!({"name": "out", "kind": "sink", "inputs": [of]})
}

/// What no run is needed to see.
fn wrong_scenarios() -> Vec<Case> {
    let mut cases = vec![
        parameter("no window", json!({"window_size_ms": 0}), "window_size_ms", &["0", "1 to"]),
        parameter("a negative window", json!({"window_size_ms": -5}), "window_size_ms", &["-5"]),
        parameter(
            "a negative gap",
            json!({"session_gap_ms": -1}),
            "session_gap_ms",
            &["-1", "1 to"],
        ),
        parameter("no gap", json!({"session_gap_ms": 0}), "session_gap_ms", &["0", "1 to"]),
        parameter("a negative slide", json!({"window_slide_ms": -5}), "window_slide_ms", &["-5"]),
        parameter("no slide", json!({"window_slide_ms": 0}), "window_slide_ms", &["1 to"]),
        parameter("half a slide", json!({"window_slide_ms": 0.5}), "window_slide_ms", &["0.5"]),
        parameter(
            "three years of lateness",
            json!({"allowed_lateness_ms": 94_608_000_000_i64}),
            "allowed_lateness_ms",
            &["94608000000", "0 to 2592000000"],
        ),
        parameter(
            "more lateness than a number holds",
            json!({"allowed_lateness_ms": u64::MAX}),
            "allowed_lateness_ms",
            &["2592000000"],
        ),
        parameter(
            "more subtasks than key groups",
            json!({"parallelism": 9, "max_parallelism": 8}),
            "parallelism",
            &["9", "max_parallelism = 8"],
        ),
        parameter(
            "no such window",
            json!({"window": "hopping"}),
            "window",
            &["hopping", "sliding"],
        ),
        parameter(
            "more readers than partitions",
            json!({"source_parallelism": 3, "partitions": 2}),
            "source_parallelism",
            &["3", "partitions = 2"],
        ),
    ];
    cases.extend(wrong_graphs());
    cases.extend(wrong_numbers_in_graphs());
    cases
}

fn wrong_graphs() -> Vec<Case> {
    let case =
        |name, operators, field, words| Case { name, scenario: graph(operators), field, words };
    vec![
        case(
            "a circle",
            json!([
                source(), sink("in"),
                {"name": "a", "kind": {"map": {}}, "inputs": ["b"]},
                {"name": "b", "kind": {"map": {}}, "inputs": ["a"]}
            ]),
            "job.stream.graph",
            &["hear itself"],
        ),
        case(
            "an unused source",
            json!([source(), sink("in"), {"name": "other", "kind": "source"}]),
            "job.stream.graph.operators[2].name",
            &["other", "unused"],
        ),
        case(
            "an input that is not there",
            json!([source(), sink("in"), {"name": "also", "kind": "sink", "inputs": ["nowhere"]}]),
            "job.stream.graph.operators[2].inputs",
            &["nowhere"],
        ),
    ]
}

fn wrong_numbers_in_graphs() -> Vec<Case> {
    let case =
        |name, operators, field, words| Case { name, scenario: graph(operators), field, words };
    vec![
        case(
            "more subtasks than key groups",
            json!([
                source(),
                {"name": "sums", "kind": {"window_aggregate": {}}, "inputs": ["in"], "parallelism": 200},
                sink("sums")
            ]),
            "job.stream.graph.operators[1].parallelism",
            &["200", "max_parallelism = 128"],
        ),
        case(
            "no subtask",
            json!([source(), {"name": "out", "kind": "sink", "inputs": ["in"], "parallelism": 0}]),
            "job.stream.graph.operators[1].parallelism",
            &["0"],
        ),
        case(
            "a window of nothing",
            json!([
                source(),
                {"name": "sums", "kind": {"window_aggregate": {"size_ms": 0}}, "inputs": ["in"]},
                sink("sums")
            ]),
            "job.stream.graph.operators[1].kind",
            &["0", "1 to"],
        ),
        case(
            "a bound of years",
            json!([
                source(),
                {"name": "near", "kind": {"interval_join": {"lower_ms": 0, "upper_ms": 94_608_000_000_i64}}, "inputs": ["in", "in"]},
                sink("near")
            ]),
            "job.stream.graph.operators[1].kind",
            &["30 days"],
        ),
    ]
}

/// Files of events: what is wrong, and what is said of it.
const WRONG_EVENTS: [(&str, &str); 12] = [
    ("time,key,value\n1000,a,5\nsoon,b,3\n", "line 3, column \"time\": \"soon\""),
    ("time,key,value\n1000,a,5\n2000,b\n", "line 3: it has 2 fields"),
    ("time,key,value\n1000,a,5\n2000,b,much\n", "line 3, column \"value\": \"much\""),
    ("time,key,value\n1000,\"a,5\n", "line 2: a quote is not closed"),
    ("time,key,value\n253402300800000,a,5\n", "line 2, column \"time\": \"253402300800000\""),
    ("time,key,value\n-62135596800001,a,5\n", "line 2, column \"time\": \"-62135596800001\""),
    ("time,key,value\n10000-01-01T00:00:00Z,a,5\n", "line 2, column \"time\""),
    ("time,key,value,arrival\n1,a,5,99999999999999999999\n", "line 2, column \"arrival\""),
    ("time,key\n1000,a\n", "line 1, column \"value\""),
    ("when,key,value\n1000,a,5\n", "line 1: there is no column \"when\""),
    (
        "{\"time\": 1, \"key\": \"a\", \"value\": 1}\n{\"time\": 1,\n",
        "line 2: it is no JSON object",
    ),
    ("{\"time\": 1, \"key\": \"a\", \"value\": true}\n", "line 1, column \"value\": true"),
];

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("stream-{name}"));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a folder of its own");
        Folder(path)
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, text).expect("it can be written");
        path.to_string_lossy().into_owned()
    }
}

/// What the command line says on standard error when it refuses a scenario, with status 2 and nothing printed.
fn refused_by_command_line(scenario: &str) -> String {
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_millrace"))
        .args(["run", scenario])
        .output()
        .expect("it starts");
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    assert_eq!((run.status.code(), run.stdout.len()), (Some(2), 0), "{said}");
    said
}

#[track_caller]
fn says(said: &str, field: &str, words: &[&str]) {
    assert!(said.contains(field), "{field} is not named: {said}");
    for word in words {
        assert!(said.contains(word), "{word:?} is not said: {said}");
    }
    assert!(said.lines().count() <= 3, "a sentence: {said}");
}

#[test]
fn the_command_line_refuses_by_field() {
    let folder = Folder::new("fields");
    for Case { name, scenario, field, words } in wrong_scenarios() {
        let file = folder.write("scenario.json", &scenario.to_string());
        let said = refused_by_command_line(&file);
        says(&said, field, words);
        assert!(!said.contains("panicked"), "{name}: {said}");
    }
}

#[test]
fn the_command_line_refuses_events_by_line() {
    let folder = Folder::new("lines");
    for (events, words) in WRONG_EVENTS {
        folder.write("events.csv", events);
        let scenario = of(json!("windows"), json!({"file": {"name": "events.csv"}}), json!({}));
        let said = refused_by_command_line(&folder.write("scenario.json", &scenario.to_string()));
        says(&said, "line ", &[words]);
    }
}

/// A scenario travels in a link as it is, so that a link made by hand is read by the same checks.
#[test]
fn a_link_is_refused_by_field() {
    for Case { name, scenario, field, words } in wrong_scenarios() {
        let Err(error) = Scenario::from_json(&scenario.to_string()) else { panic!("{name}") };
        says(&error.to_string(), field, words);
        let link = format!("r=1.{}", URL_SAFE_NO_PAD.encode(scenario.to_string()));
        let Err(error) = codec::decode(&link) else { panic!("{name}: {link}") };
        says(&error.to_string(), field, words);
    }
}

fn started(conductor: &mut Conductor, run: u32, scenario: Scenario) -> Result<Reply, LabError> {
    let body = CommandBody::Start { run, scenario: Box::new(scenario) };
    let mut updates = conductor.handle(Command { id: run, body }, None);
    while conductor.is_busy() {
        updates.extend(conductor.work());
    }
    let reply = updates.into_iter().find_map(|update| match update {
        Update::Reply { result, .. } => Some(result),
        Update::Ready { .. } | Update::Trace { .. } | Update::Finished { .. } => None,
    });
    reply.expect("an answer")
}

/// The page asks the conductor for a run beside the one that it has.
#[test]
fn the_conductor_refuses_events_by_line_and_goes_on() {
    let mut conductor = Conductor::new();
    for (run, (events, words)) in (1..).zip(WRONG_EVENTS) {
        let scenario = of(json!("windows"), json!({"text": events}), json!({}));
        let scenario = Scenario::from_json(&scenario.to_string()).expect("a scenario");
        let error = started(&mut conductor, run, scenario).expect_err(words);
        assert_eq!(error.field.as_deref(), Some("input"), "{error:?}");
        says(&error.message, words, &[]);
    }
    let right = Scenario::from_json(&with(json!({})).to_string()).expect("a scenario");
    assert!(started(&mut conductor, 99, right).is_ok());
}
