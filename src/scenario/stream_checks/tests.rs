//! Each contradiction names its field.

use crate::base::Level;
use crate::scenario::graph::Graph;
use crate::scenario::{Input, JobKind, Key, Parameters, Scenario, StreamJob, VERSION};

fn scenario(changes: &[(&str, &str)]) -> Scenario {
    let mut parameters = Parameters::default();
    for (name, text) in changes {
        parameters.set_text(name, text).unwrap();
    }
    Scenario {
        version: VERSION,
        job: JobKind::Stream(StreamJob::Windows),
        input: Input::Events("made".to_owned()),
        level: Level::Records,
        parameters,
        faults: Vec::new(),
    }
}

fn fields(changes: &[(&str, &str)]) -> Vec<String> {
    scenario(changes).problems(None).into_iter().map(|problem| problem.key).collect()
}

#[test]
fn each_contradiction_names_its_field() {
    for (changes, field) in [
        (&[("parallelism", "9"), ("max_parallelism", "8")][..], "parallelism"),
        (&[("source_parallelism", "2")], "source_parallelism"),
        (&[("window_offset_ms", "10000")], "window_offset_ms"),
        (&[("window", "sliding"), ("window_slide_ms", "9")], "window_slide_ms"),
        (&[("trigger", "delay")], "trigger"),
        (&[("accumulation", "retracting")], "accumulation"),
        (&[("early_firings", "count")], "early_firings"),
        (&[("profile", "beam-java"), ("window", "count")], "window"),
        (&[("profile", "beam-java"), ("time_domain", "processing")], "time_domain"),
        (&[("profile", "spark"), ("allowed_lateness_ms", "1")], "allowed_lateness_ms"),
        (&[("profile", "kafka-streams"), ("window_offset_ms", "1")], "window_offset_ms"),
        (&[("watermark", "book_perfect")], "watermark"),
        (&[("trigger", "event_time_interval"), ("window", "global")], "trigger"),
        (&[("trigger", "event_time_interval"), ("time_domain", "processing")], "trigger"),
        (
            &[
                ("trigger", "event_time_interval"),
                ("trigger_interval_ms", "1"),
                ("window_size_ms", "20000"),
            ],
            "trigger_interval_ms",
        ),
        (&[("window", "kafka_sliding")], "window"),
    ] {
        assert_eq!(fields(changes), [field], "{changes:?}");
    }
    assert_eq!(fields(&[]), [""; 0]);
}

#[test]
fn values_out_of_range_name_the_field_and_what_is_allowed() {
    for (name, text, allowed) in [
        ("window_size_ms", "0", "from 1 to"),
        ("session_gap_ms", "-1", "from 1 to"),
        ("window_slide_ms", "-5", "from 1 to"),
        ("allowed_lateness_ms", "94608000000", "from 0 to 2592000000"),
        ("profile", "storm", "one of flink"),
    ] {
        let error = Parameters::default().set_text(name, text).unwrap_err().to_string();
        assert!(error.contains(name) && error.contains(allowed), "{error}");
    }
}

#[test]
fn broken_graphs_are_refused_by_field() {
    let told = |operators: &str| -> Vec<String> {
        let graph: Graph =
            serde_json::from_str(&format!("{{\"operators\": [{operators}]}}")).unwrap();
        let scenario = Scenario { job: JobKind::Stream(StreamJob::Graph(graph)), ..scenario(&[]) };
        scenario.problems(None).iter().map(ToString::to_string).collect()
    };
    let source = r#"{"name": "in", "kind": "source"}"#;
    let sink = r#"{"name": "out", "kind": "sink", "inputs": ["in"]}"#;
    assert_eq!(told(&format!("{source}, {sink}")), [""; 0]);
    let circle = r#"{"name": "a", "kind": {"map": {}}, "inputs": ["b"]},
                    {"name": "b", "kind": {"map": {}}, "inputs": ["a"]}"#;
    for (operators, words) in [
        (String::new(), ["job.stream.graph.operators", "1 to 64"]),
        (format!("{source}, {sink}, {circle}"), ["job.stream.graph =", "may hear itself"]),
        (source.to_owned(), ["operators[0].name", "unused"]),
        (format!("{source}, {sink}, {source}"), ["operators[0].name", "name of its own"]),
        (
            r#"{"name": "out", "kind": "sink", "inputs": ["x"]}"#.to_owned(),
            ["inputs", "no operator"],
        ),
        (
            format!("{source}, {sink}, {}", r#"{"name": "o", "kind": "sink", "inputs": ["out"]}"#),
            ["operators[2].inputs", "a sink says nothing"],
        ),
        (
            format!(
                "{source}, {}",
                r#"{"name": "o", "kind": "sink", "inputs": ["in"], "parallelism": 65}"#
            ),
            ["parallelism = 65", "max_parallelism"],
        ),
        (
            format!("{source}, {}", r#"{"name": "j", "kind": "window_join", "inputs": ["in"]}"#),
            ["operators[1].inputs", "hears 2"],
        ),
        (
            format!(
                "{source}, {sink}, {}",
                r#"{"name": "j", "kind": {"interval_join": {"lower_ms": 2, "upper_ms": 1}}, "inputs": ["in", "in"]}"#
            ),
            ["operators[2].kind", "at most upper_ms"],
        ),
    ] {
        let told = told(&operators).join("\n");
        for word in words {
            assert!(told.contains(word), "{word}: {told}");
        }
    }
}

#[test]
fn a_stream_scenario_is_written_and_read() {
    let mut scenario = scenario(&[("window", "session"), ("profile", "beam-java")]);
    let json = scenario.to_json();
    assert!(json.contains("\"window\": \"session\"") && json.contains("\"events\": \"made\""));
    assert_eq!(Scenario::from_json(&json), Ok(scenario.clone()));
    scenario.input = Input::Builtin("alice".to_owned());
    assert_eq!(scenario.validate().unwrap_err().field.as_deref(), Some("input.builtin"));
    scenario.job = JobKind::WordCount;
    scenario.input = Input::Events("six".to_owned());
    assert_eq!(scenario.validate().unwrap_err().field.as_deref(), Some("input.events"));
    assert!(
        Key::Seed.parameter().is_of(scenario.lab())
            && !Key::Window.parameter().is_of(scenario.lab())
    );
}
