//! The command line as a person uses it: what it prints, how it ends, and what it leaves behind.

#![expect(clippy::unwrap_used, reason = "a test that can't set up its files ends there")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/partitioners.json");

/// A folder of its own for a test, empty at its beginning.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cli-{name}"));
        if path.exists() {
            fs::remove_dir_all(&path).unwrap();
        }
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    /// The names in the folder, in order.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn millrace(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_millrace")).args(arguments).output().unwrap()
}

fn succeed(arguments: &[&str]) -> String {
    let output = millrace(arguments);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {error}");
    assert_eq!(error, "", "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// What it says on standard error when it ends with status 2, having printed nothing else.
fn refuse(arguments: &[&str]) -> String {
    let output = millrace(arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    assert_eq!(output.stdout, b"", "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

fn scenario(input: &str, parameters: &str) -> String {
    format!(
        r#"{{"version": 1, "job": "word_count", "input": {input}, "parameters": {{{parameters}}}}}"#
    )
}

/// Counts words on its own, to compare with.
fn count(text: &str) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for word in text.split([' ', '\t', '\n', '\r', '\u{c}']).filter(|word| !word.is_empty()) {
        *counts.entry(word.to_owned()).or_default() += 1;
    }
    counts
}

fn read_output(path: &str) -> BTreeMap<String, u64> {
    let text = fs::read_to_string(path).unwrap();
    let records: Vec<(String, u64)> = text
        .lines()
        .map(|line| line.split_once('\t').unwrap())
        .map(|(key, value)| (key.to_owned(), value.parse().unwrap()))
        .collect();
    let distinct: BTreeMap<String, u64> = records.iter().cloned().collect();
    assert_eq!(distinct.len(), records.len(), "a key is in one record only");
    distinct
}

fn value<'a>(summary: &'a str, name: &str) -> &'a str {
    let line = summary.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
    line.unwrap_or_else(|| panic!("no {name} in {summary}"))
}

#[test]
fn a_check_counts_the_cases_on_its_last_line() {
    assert_eq!(succeed(&["check", GOLDEN]), "255 passed, 0 failed\n");
    assert_eq!(succeed(&["check", GOLDEN, GOLDEN]), "510 passed, 0 failed\n");
}

/// The inputs of these lie beside them; the engine's own map and reduce attempts run the jobs.
#[test]
fn whole_jobs_come_to_what_hadoop_and_spark_came_to() {
    let hadoop = GOLDEN.replace("partitioners", "hadoop_mapreduce");
    let spark = GOLDEN.replace("partitioners", "spark_batch");
    assert_eq!(succeed(&["check", &hadoop]), "17 passed, 0 failed\n");
    assert_eq!(succeed(&["check", &spark]), "9 passed, 0 failed\n");
    let folder = Folder::new("job-differs");
    let text = fs::read_to_string(&hadoop).unwrap();
    let text = text.replacen("\"SPILLED_RECORDS\": 4678", "\"SPILLED_RECORDS\": 4677", 1);
    let path = folder.write("hadoop_mapreduce.json", text);
    let error = refuse(&["check", &path]);
    assert!(error.contains("inputs") && error.contains("keep the inputs beside it"), "{error}");
    fs::create_dir(folder.path("inputs")).unwrap();
    for input in fs::read_dir(hadoop.replace("hadoop_mapreduce.json", "inputs")).unwrap() {
        let input = input.unwrap();
        let name = input.file_name().into_string().unwrap();
        fs::copy(input.path(), folder.path(&format!("inputs/{name}"))).unwrap();
    }
    let output = millrace(&["check", &path]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("SPILLED_RECORDS expected 4677, actual 4678"), "{said}");
    assert!(said.ends_with("16 passed, 1 failed\n"), "{said}");
}

#[test]
fn a_case_that_differs_is_named_with_both_values_and_the_status_is_1() {
    let folder = Folder::new("differs");
    let text = fs::read_to_string(GOLDEN).unwrap();
    let path = folder.write("partitioners.json", text.replacen("653834461", "653834462", 1));
    let output = millrace(&["check", &path]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "string \"affects\": text_hash expected 653834462, actual 653834461\n\
         254 passed, 1 failed\n"
    );
}

#[test]
fn a_file_that_cannot_be_checked_is_refused_before_anything_is_said() {
    let folder = Folder::new("unchecked");
    let unknown = folder.write("hashes.json", "{}");
    let error = refuse(&["check", &unknown]);
    assert!(error.contains("hashes.json") && error.contains("partitioners.json"), "{error}");
    let missing = folder.path("missing/partitioners.json");
    assert!(refuse(&["check", GOLDEN, &missing]).contains("can't be read"));
    for malformed in ["", "{\"strings\": [[", "[]", "{}", r#"{"strings": 3}"#, "\u{0}\u{1}"] {
        let path = folder.write("partitioners.json", malformed);
        let error = refuse(&["check", GOLDEN, &path]);
        assert!(error.contains("partitioners.json: is not"), "{malformed:?}: {error}");
    }
}

#[test]
fn a_preset_runs_and_its_counts_are_right() {
    let folder = Folder::new("preset");
    let (out, trace) = (folder.path("out.tsv"), folder.path("trace.jsonl"));
    let summary = succeed(&["run", "first-steps", "--out", &out, "--trace", &trace]);
    assert_eq!(read_output(&out), count(millrace::scenario::presets::MILL));
    assert_eq!(folder.names(), ["out.tsv", "trace.jsonl"]);
    let (header, timeline) = millrace::trace::jsonl::read(&fs::read(&trace).unwrap()).unwrap();
    assert_eq!(header.scenario["parameters"]["nodes"], 3);
    let events = format!("after {} events", timeline.len());
    assert!(value(&summary, "finished").ends_with(&events), "{summary}");
    assert!(value(&summary, "output").contains("equals"), "{summary}");
    assert_eq!(value(&summary, "map_output_records"), "64");
}

#[test]
fn a_preset_printed_as_a_file_is_the_same_run() {
    let folder = Folder::new("printed");
    let path = folder.write("mine.json", succeed(&["presets", "cut-line"]));
    let hash = |named: &str| value(&succeed(&["run", named]), "trace hash").to_owned();
    assert_eq!(hash(&path), hash("cut-line"));
    assert!(refuse(&["presets", "cut-lime"]).contains("cut-line"));
    let list = succeed(&["presets"]);
    assert!(list.lines().all(|line| line.ends_with('?')), "{list}");
    assert!(list.starts_with("first-steps "), "{list}");
}

#[test]
fn a_file_beside_the_scenario_is_its_input_and_is_known_by_its_hash() {
    let folder = Folder::new("beside");
    let text = "to be, or not to be\r\nthat is the question\n";
    folder.write("hamlet.txt", text);
    let input = r#"{"file": {"name": "hamlet.txt"}}"#;
    let path = folder.write("hamlet.json", scenario(input, r#""block_size": 16"#));
    let (out, trace) = (folder.path("out.tsv"), folder.path("trace.jsonl"));
    succeed(&["run", &path, "--out", &out, "--trace", &trace]);
    assert_eq!(read_output(&out), count(text));
    let (header, _) = millrace::trace::jsonl::read(&fs::read(&trace).unwrap()).unwrap();
    let hash = header.scenario["input"]["file"]["hash"].as_str().unwrap();
    let input = format!(r#"{{"file": {{"name": "hamlet.txt", "hash": "{hash}"}}}}"#);
    let path = folder.write("hamlet.json", scenario(&input, ""));
    succeed(&["run", &path]);
    folder.write("hamlet.txt", "something is rotten\n");
    assert!(refuse(&["run", &path]).contains(hash));
}

#[test]
fn grep_looks_for_any_text_that_is_set() {
    let folder = Folder::new("grep");
    let part = folder.path("lines.txt");
    succeed(&["run", "grep", "--set", "pattern=the mill", "--out", &part]);
    let lines = fs::read_to_string(&part).unwrap();
    assert!(lines.contains("the river runs to the mill"), "{lines}");
    assert!(lines.contains("the miller") && !lines.contains("children"), "{lines}");
    let refused = refuse(&["run", "grep", "--set", "pattern="]);
    assert!(refused.contains("pattern = \"\"") && refused.contains("1 to 100 bytes"), "{refused}");
    let refused = refuse(&["sweep", "grep", "pattern", "a,b"]);
    assert!(refused.contains("to sweep"), "{refused}");
}

#[test]
fn set_changes_a_parameter_and_says_what_it_does_not_take() {
    let summary = succeed(&["run", "first-steps", "--set", "reducers=3", "combiner=off"]);
    assert!(value(&summary, "output").contains("3 parts"), "{summary}");
    assert_eq!(value(&summary, "combine_input_records"), "0");
    for (change, words) in [
        ("nodes=0", "1 to 200"),
        ("nods=3", "no such parameter"),
        ("nodes", "key=value"),
        ("replication=4", "nodes = 3"),
        ("partitioner=rage", "one of hadoop_text"),
    ] {
        let error = refuse(&["run", "first-steps", "--set", change]);
        assert!(error.contains(words), "{change}: {error}");
    }
}

#[test]
fn a_fault_by_hand_is_the_fault_of_a_scenario() {
    let folder = Folder::new("faults");
    let fault = "slow disk of node 2 to 10 % at 1.5 s";
    let by_hand = succeed(&["run", "first-steps", "--fault", fault]);
    let mut mine: serde_json::Value =
        serde_json::from_str(&succeed(&["presets", "first-steps"])).unwrap();
    mine["faults"] = serde_json::json!([fault]);
    let path = folder.write("mine.json", mine.to_string());
    let planned = succeed(&["run", &path]);
    assert_eq!(value(&by_hand, "trace hash"), value(&planned, "trace hash"));
    assert_ne!(
        value(&by_hand, "trace hash"),
        value(&succeed(&["run", "first-steps"]), "trace hash")
    );
    let (slow, swift) = ("--fault=slow disk of node 1 to 5 % at 0 s", "--compare");
    let both = succeed(&["run", "first-steps", "--fault", fault, slow, swift]);
    for line in ["as planned", "with faults", "job time", "attempts", "bytes moved"] {
        assert!(both.contains(line), "{line}: {both}");
    }
    let compared = succeed(&["compare", "first-steps", &path]);
    assert!(compared.contains("first-steps") && compared.contains("right"), "{compared}");
}

#[test]
fn what_is_no_fault_or_befalls_nothing_is_refused() {
    for (fault, words) in [
        ("smash node 3 at 1 s", ["smash node 3", "crash node 3"]),
        ("crash node 3", ["and when", "at 12.4 s"]),
        ("crash node 4 at 1 s", ["faults[0]", "node 1 to 3"]),
        ("cut off rack 2 at 1 s", ["faults[0]", "rack 1 to 1"]),
        ("fail map 4 at 1 s", ["faults[0]", "map 0 to 3"]),
        ("poison byte 308 at 1 s", ["faults[0]", "byte 0 to 307"]),
    ] {
        let error = refuse(&["run", "first-steps", "--fault", fault]);
        for word in words {
            assert!(error.contains(word), "{fault}: {error}");
        }
        assert_eq!(error.trim_end().lines().count(), 1, "{error}");
    }
    assert!(refuse(&["run", "first-steps", "--compare"]).contains("--fault"));
    let verbs = succeed(&["faults"]);
    for (verb, _) in millrace::base::fault::VERBS {
        assert!(verbs.contains(verb), "{verbs}");
    }
}

#[test]
fn a_job_that_fails_as_its_rules_say_ends_with_status_3() {
    let output = millrace(&["run", "first-steps", "--fault", "poison byte 120 at 0 s"]);
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(value(&said, "output").contains("map 1 failed 4 times"), "{said}");
}

#[test]
fn a_soak_says_how_many_runs_were_right() {
    let said = succeed(&["soak", "--seeds", "20", "--from", "40"]);
    assert!(said.starts_with("20 runs are right"), "{said}");
    assert!(refuse(&["soak", "--seeds", "0"]).contains("--seeds"));
}

/// Panes, ledger and comparison on standard output; trace and results in files.
#[test]
fn a_stream_job_runs_and_its_ledger_adds_up() {
    let folder = Folder::new("stream");
    let (trace, out) = (folder.path("trace.jsonl"), folder.path("out.txt"));
    let told = succeed(&["run", "first-stream", "--trace", &trace, "--out", &out]);
    assert!(told.contains("0:00–0:10  on time: 14"), "{told}");
    assert_eq!(value(&told, "input"), "6 records");
    assert!(value(&told, "ledger").starts_with("5 on time, 0 early, 0 late, 1 dropped"), "{told}");
    let lines = std::fs::read_to_string(&out).unwrap();
    assert_eq!(lines, "mill\t0\t10000\t14\t+\nmill\t10000\t20000\t1\t+\n");
    let (_, timeline) = millrace::trace::jsonl::read(&std::fs::read(&trace).unwrap()).unwrap();
    assert!(!timeline.is_empty());
}

#[test]
fn a_broken_stream_is_refused_by_line_and_field() {
    let folder = Folder::new("broken-stream");
    let job = r#""job": {"stream": "windows"}"#;
    let events = folder.write("events.csv", "time,key,value\n1000,a,5\nsoon,b,3\n");
    let scenario =
        format!(r#"{{"version": 1, {job}, "input": {{"file": {{"name": "events.csv"}}}}}}"#);
    let scenario = folder.write("scenario.json", scenario);
    let refused = refuse(&["run", &scenario]);
    assert!(refused.contains("line 3, column \"time\": \"soon\""), "{refused}: {events}");
    for (set, field) in [
        ("window_size_ms=0", "window_size_ms = 0"),
        ("session_gap_ms=-1", "session_gap_ms = -1"),
        ("allowed_lateness_ms=94608000000", "allowed_lateness_ms = 94608000000"),
        ("parallelism=65", "parallelism = 65"),
    ] {
        let refused = refuse(&["run", "first-stream", "--set", set]);
        assert!(refused.contains(field), "{refused}");
    }
    let graph = r#"{"stream": {"graph": {"operators": [{"name": "in", "kind": "source"}]}}}"#;
    let unused = format!(r#"{{"version": 1, "job": {graph}, "input": {{"events": "six"}}}}"#);
    let refused = refuse(&["run", &folder.write("unused.json", unused)]);
    assert!(refused.contains("operators[0].name") && refused.contains("unused"), "{refused}");
}

#[test]
fn a_run_is_told_moment_by_moment() {
    let told = succeed(&["run", "first-steps", "--tell"]);
    let moments = told.lines().take_while(|line| !line.is_empty()).count();
    assert!((12..=40).contains(&moments), "{told}");
}

/// Every bad input ends the same way: one clear sentence, status 2, and the folder as it was.
#[test]
fn bad_input_is_refused_in_a_sentence_and_leaves_nothing_behind() {
    let folder = Folder::new("bad");
    folder.write("binary.txt", b"\x7fELF\x02\x01\x01\0\0\0");
    folder.write("latin.txt", b"caf\xe9 noir\n");
    folder.write("utf16.txt", b"\xff\xfet\0o\0");
    folder.write("empty.txt", b"");
    folder.write("line.txt", "x".repeat((1 << 20) + 1));
    fs::File::create(folder.path("huge.txt")).unwrap().set_len(50_000_001).unwrap();
    let file = |name: &str| scenario(&format!(r#"{{"file": {{"name": "{name}"}}}}"#), "");
    let text = |parameters: &str| scenario(r#"{"text": "to be"}"#, parameters);
    let long = "a ".repeat(100_001);
    let cases = [
        (file("binary.txt"), ["binary.txt", "binary file"]),
        (file("latin.txt"), ["byte 0xe9 at offset 3", "save the text as UTF-8"]),
        (file("utf16.txt"), ["utf16.txt", "UTF-16"]),
        (file("empty.txt"), ["empty.txt", "empty"]),
        (file("line.txt"), ["line 1", "1048577 bytes"]),
        (file("huge.txt"), ["50000001", "50000000"]),
        (file("missing.txt"), ["missing.txt", "can't be read"]),
        (scenario(r#"{"text": ""}"#, ""), ["the scenario's text", "empty"]),
        (scenario(r#"{"builtin": "moby"}"#, ""), ["moby", "alice"]),
        (text(r#""speed": 3"#), ["speed = 3", "no such parameter"]),
        (text(r#""nodes": 0"#), ["nodes = 0", "1 to 200"]),
        (text(r#""nodes": 2"#), ["replication = 3", "nodes = 2"]),
        (text(r#""reducers": 1000000000"#), ["reducers = 1000000000", "1 to 1000"]),
        (text(r#""nodes": 3, "nodes": 4"#), ["nodes = 4", "twice"]),
        (
            text("").replace("\"job\"", "\"colour\": 1, \"job\""),
            ["unknown field `colour`", "`job`"],
        ),
        (text("").replace("\"version\": 1", "\"version\": 2"), ["version = 2", "newer Millrace"]),
        (text("").replace('}', ""), ["not JSON", "line 1"]),
        (
            scenario(&format!(r#"{{"text": "{long}"}}"#), r#""block_size": 16"#),
            ["block_size = 16", "at least 21"],
        ),
        (String::new(), ["not JSON", "line 1"]),
    ];
    let kept = folder.write("out.tsv", "kept\t1\n");
    let mine = folder.path("scenario.json");
    fs::write(&mine, "").unwrap();
    let before = folder.names();
    for (json, words) in cases {
        fs::write(&mine, &json).unwrap();
        let trace = folder.path("trace.jsonl");
        let error = refuse(&["run", &mine, "--out", &kept, "--trace", &trace]);
        for word in words {
            assert!(error.contains(word), "{word:?} is not in {error}");
        }
        assert_eq!(error.trim_end().lines().count(), 1, "{error}");
        assert_eq!(folder.names(), before);
        assert_eq!(fs::read_to_string(&kept).unwrap(), "kept\t1\n");
    }
}

#[test]
fn a_scenario_that_is_not_there_or_no_text_is_refused() {
    let folder = Folder::new("absent");
    let error = refuse(&["run", "first-step"]);
    assert!(error.contains("no such file") && error.contains("first-steps"), "{error}");
    let binary = folder.write("scenario.json", b"{\"version\": \xff}");
    assert!(refuse(&["run", &binary]).contains("not UTF-8 from byte 12 on"));
    assert!(refuse(&["run", &folder.path("")]).contains("can't be read"));
}

#[test]
fn what_cannot_be_written_is_found_and_nothing_is_half_written() {
    let folder = Folder::new("unwritable");
    let (out, nowhere) = (folder.path("out.tsv"), folder.path("nowhere/trace.jsonl"));
    let error = refuse(&["run", "first-steps", "--out", &out, "--trace", &nowhere]);
    assert!(error.contains("can't write") && error.contains("nowhere"), "{error}");
    assert_eq!(folder.names(), [""; 0]);
    assert!(refuse(&["run", "first-steps", "--out", &folder.path("")]).contains("folder"));
    let error = refuse(&["run", "first-steps", "--out", &out, "--trace", &out]);
    assert!(error.contains("same file"), "{error}");
    let kept = folder.write("out.tsv", "old");
    succeed(&["run", "first-steps", "--out", &kept]);
    assert_eq!(folder.names(), ["out.tsv"]);
    assert_eq!(read_output(&kept), count(millrace::scenario::presets::MILL));
}

#[test]
fn the_parameter_table_is_printed_whole_in_each_form() {
    let json: serde_json::Value = serde_json::from_str(&succeed(&["params", "--json"])).unwrap();
    let (text, markdown) = (succeed(&["params"]), succeed(&["params", "--markdown"]));
    assert_eq!(json.as_array().unwrap().len(), millrace::scenario::PARAMETERS.len());
    assert_eq!(markdown.lines().count(), millrace::scenario::PARAMETERS.len() + 2);
    for parameter in &millrace::scenario::PARAMETERS {
        assert!(text.contains(&format!("  {} ", parameter.name)), "{}", parameter.name);
        assert!(markdown.contains(&format!("| `{}` |", parameter.name)), "{}", parameter.name);
        assert!(json.as_array().unwrap().iter().any(|entry| entry["name"] == parameter.name));
    }
    assert_eq!(json[0]["kind"]["number"]["max"], 1_000);
}

#[test]
fn a_wrong_use_ends_with_status_2_and_help_with_0() {
    for arguments in [&["fly"][..], &["check"], &["run"], &["params", "--json", "--markdown"], &[]]
    {
        assert!(!refuse(arguments).is_empty(), "{arguments:?}");
    }
    assert!(succeed(&["--help"]).contains("check"));
    assert!(succeed(&["--version"]).contains(env!("CARGO_PKG_VERSION")));
}

/// As in `millrace params | head -0`.
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_millrace"))
        .arg("params")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_sweep_is_a_line_for_each_value_and_seed_and_drops_none() {
    let text = succeed(&["sweep", "first-steps", "nodes", "1..3", "--seeds", "2"]);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 7, "{text}");
    assert!(lines[0].starts_with("nodes,seed,outcome,job_time_us,"), "{text}");
    assert!(lines[1].starts_with("1,1,not run,"), "two replicas need two nodes: {text}");
    assert!(lines[1].contains("replication = 2"), "and it says so: {text}");
    assert!(lines[3].starts_with("2,1,right,"), "{text}");
    let again = succeed(&["sweep", "first-steps", "nodes", "1..3", "--seeds", "2"]);
    assert_eq!(text, again, "on however many threads");
    let failing = ["sweep", "first-steps", "max_attempts", "1, 2", "--seeds", "1"];
    let failed = succeed(&[&failing[..], &["--fault", "poison byte 7 at 0 s"]].concat());
    assert_eq!(
        failed.matches(",failed,").count(),
        2,
        "a job that failed is shown as such: {failed}"
    );
    assert!(refuse(&["sweep", "first-steps", "nodez"]).contains("reducers"));
    assert!(refuse(&["sweep", "first-steps", "nodes", "5..1"]).contains("5..1"));
}

#[test]
fn a_stream_is_swept_and_measured_by_latency_completeness_and_state() {
    let text =
        succeed(&["sweep", "first-stream", "watermark_delay_ms", "0, 20000", "--seeds", "1"]);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3, "{text}");
    let head = "watermark_delay_ms,seed,outcome,latency_ms,completeness_permille,elements_held,latency_most_ms,";
    assert!(lines[0].starts_with(head), "{text}");
    let number = |line: &str, place: usize| -> u64 {
        line.split(',').nth(place).and_then(|field| field.parse().ok()).unwrap()
    };
    let (hasty, patient) = (lines[1], lines[2]);
    assert!(number(hasty, 6) < number(patient, 6), "who waits is late: {text}");
    assert!(number(hasty, 4) < number(patient, 4), "and loses less: {text}");
    assert_eq!(number(patient, 4), 1_000, "{text}");
    assert!(number(hasty, 5) < number(patient, 5), "and keeps more: {text}");
}
