//! Scripts with expected traces: each file in `tests/scenarios` says what it shows, what to run,
//! and, below a line of dashes, what happened then, in the words of the text log.
//!
//! ```text
//! # What it shows.
//! preset first-steps
//! set reducers = 1
//! fault crash node 3 at 12.4 s
//! hide heartbeats, progress
//! ---
//! 0.000 s  3 nodes start, in 1 rack.
//! ```
//!
//! `UPDATE_EXPECT=1 cargo test --test scenarios` rewrites what is expected; read the diff.

use bytes::Bytes;
use millrace::lab::run_to_end;
use millrace::scenario::{Input, Lab, Parameter, Scenario, presets};
use millrace::trace::sentence::sentence_of;
use millrace::trace::stream::JobPlan;
use millrace::trace::{Event, jsonl};
use std::fs;
use std::path::Path;

const RULE: &str = "---\n";

#[test]
fn each_script_is_told_as_it_is_expected() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/scenarios"));
    let mut scripts: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    scripts.sort();
    assert!(scripts.len() >= 6, "the scripts are there");
    let mut different = Vec::new();
    for path in scripts {
        let content = fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
        let (script, expected) = content.split_once(RULE).unwrap_or((&content, ""));
        let told = tell(script);
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            fs::write(&path, format!("{script}{RULE}{told}")).unwrap();
        } else if told != expected {
            different.push(format!("{}:\n{}", path.display(), first_difference(expected, &told)));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n\n"));
}

/// Runs a script and tells what happened.
fn tell(script: &str) -> String {
    let (scenario, hidden) = read(script);
    let input = match &scenario.input {
        Input::Text(text) => Bytes::copy_from_slice(text.as_bytes()),
        Input::Events(_) => Bytes::new(),
        other @ (Input::Builtin(_) | Input::File { .. } | Input::Files(_) | Input::Made(_)) => {
            panic!("a script's input is in its preset: {other:?}")
        }
    };
    let run = run_to_end(&scenario, input).expect("a script runs");
    assert_eq!(run.summary.equals_oracle, run.summary.failed.is_none());
    let mut told = String::new();
    for event in run.events.iter().filter(|event| !is_hidden(event, &hidden)) {
        let (seconds, millis) = (event.at.0 / 1_000_000, event.at.0 / 1_000 % 1_000);
        told +=
            &format!("{seconds}.{millis:03} s  {}\n", sentence_of(event, JobPlan::of(&run.events)));
    }
    if scenario.lab() == Lab::Mapreduce {
        told += &format!("{:#?}\n", run.summary.counters);
    }
    for (part, bytes) in run.parts.iter().enumerate() {
        let records = String::from_utf8_lossy(bytes).trim_end().replace('\t', "=");
        told += &format!("part-r-{part:05}: {}\n", records.replace('\n', " "));
    }
    told
}

fn read(script: &str) -> (Scenario, Vec<String>) {
    let mut scenario = None;
    let mut hidden = Vec::new();
    for line in script.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        match verb {
            "preset" => scenario = presets::named(rest).map(presets::Preset::scenario),
            "fault" => {
                let fault = rest.parse().expect("a fault and its time");
                scenario.as_mut().expect("a preset comes first").faults.push(fault);
            }
            "text" => {
                let text = rest.replace("\\n", "\n");
                scenario.as_mut().expect("a preset comes first").input = Input::Text(text);
            }
            "set" => {
                let (name, value) = rest.split_once(" = ").expect("set NAME = VALUE");
                let key = Parameter::named(name).expect("a parameter's name").key;
                let parameters = &mut scenario.as_mut().expect("a preset comes first").parameters;
                parameters.set(key, value.parse().expect("a number")).expect("within its range");
            }
            "hide" => hidden = rest.split(", ").map(str::to_owned).collect(),
            _ => panic!("a script says preset, text, set, fault or hide, and this is: {line}"),
        }
    }
    (scenario.expect("a script names a preset"), hidden)
}

/// What a script can hide, and the kinds of events that belong to it, as the trace names them.
const TOPICS: &[(&str, &[&str])] = &[
    ("world", &["\"world\""]),
    ("heartbeats", &["\"heartbeat_received\""]),
    ("progress", &["\"map_progress\"", "\"reduce_progress\"", "\"progress_heard\""]),
    ("loads", &["\"load_changed\"", "\"fetch_share\""]),
    ("messages", &["\"message_lost\"", "\"duplicate_dropped\""]),
    ("phases", &["\"phase_started\""]),
    ("fetches", &["\"fetch_started\"", "\"fetch_finished\""]),
    ("channels", &["\"sent\"", "\"input_advanced\"", "\"state_changed\"", "\"sink_received\""]),
    ("timers", &["\"timer_set\"", "\"timer_fired\""]),
    ("reads", &["\"record_read\"", "\"windows_assigned\""]),
];

fn is_hidden(event: &Event, hidden: &[String]) -> bool {
    let line = jsonl::line(event);
    let topics = TOPICS.iter().filter(|(topic, _)| hidden.iter().any(|hidden| hidden == topic));
    topics.flat_map(|(_, kinds)| *kinds).any(|kind| line.contains(kind))
}

fn first_difference(expected: &str, told: &str) -> String {
    let both = expected.lines().zip(told.lines()).enumerate();
    for (number, (expected, told)) in both {
        if expected != told {
            return format!("line {}:\n- {expected}\n+ {told}", number + 1);
        }
    }
    let (expected, told) = (expected.lines().count(), told.lines().count());
    format!("{expected} lines were expected, and {told} were told")
}
