//! The engine in the worker is the engine: the same trace as natively, to the byte; and the conductor answers while
//! it works.

use millrace::{
    base::{
        Level,
        random::{Purpose, Random},
    },
    lab::run_to_end,
    scenario::{
        Input, JobKind, Key, Parameters, STREAM_PRESETS, Scenario, VERSION, presets,
        suggest_layout, texts,
    },
};
use serde_json::json;

use crate::{
    harness::{Page, Site},
    random_runs, stream_runs,
};

/// How many random runs are compared: of jobs on clusters, and of stream jobs.
const RANDOM_RUNS: u64 = 500;
const STREAM_RUNS: u64 = 2_000;

/// Runs that go to a worker together.
const BATCH: usize = 100;

/// Runs a scenario in the worker; its builtin text comes from the site, as the page fetches it.
const RUN: &str = "
    const { scenario, text } = given;
    const input = text && await (await fetch(text)).arrayBuffer();
    return await conductor.run(scenario, input);";

/// Runs a scenario natively and in the worker, and compares all that is known of the two.
#[track_caller]
fn compare(page: &mut Page, what: &str, scenario: &Scenario) {
    let files = scenario.carried_files().expect("all of it is carried");
    let file = |name| texts::named(name).expect("a text that is carried").file;
    let address = scenario.input.builtin().map(|name| format!("texts/{}", file(name)));
    let native = run_to_end(scenario, files).unwrap_or_else(|error| panic!("{what}: {error}"));
    let given = json!({ "scenario": scenario, "text": address });
    let worker = page.with_conductor(&given, RUN);
    assert_eq!(worker, json!(native.summary), "{what}: {}", json!(scenario));
    assert_eq!(worker["trace_hash"].as_str().map(str::len), Some(16), "{what}");
}

/// Runs scenarios that carry their inputs in one worker.
const RUN_ALL: &str = "
    const summaries = [];
    for (const scenario of given) summaries.push(await conductor.run(scenario));
    return summaries;";

/// Compares many random runs, of which a seed is named where it differs.
#[track_caller]
fn compare_all(page: &mut Page, seeds: u64, scenario: impl Fn(u64) -> Scenario) {
    let all: Vec<u64> = (0..seeds).collect();
    for seeds in all.chunks(BATCH) {
        let scenarios: Vec<Scenario> = seeds.iter().map(|seed| scenario(*seed)).collect();
        let summaries = page.with_conductor(&json!(scenarios), RUN_ALL);
        for ((seed, scenario), worker) in
            seeds.iter().zip(&scenarios).zip(summaries.as_array().expect("a list"))
        {
            let files = scenario.carried_files().expect("all of it is carried");
            let native =
                run_to_end(scenario, files).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
            assert_eq!(*worker, json!(native.summary), "seed {seed}: {}", json!(scenario));
        }
    }
}

#[test]
fn presets_have_the_same_trace_natively_and_in_the_browser() {
    let site = Site::start();
    let mut page = Page::open(&site.address());
    for name in ["first-steps", "cut-line", "no-combiner", "alice"] {
        let scenario = presets::named(name).unwrap().scenario();
        compare(&mut page, name, &scenario);
    }
}

#[test]
fn stream_jobs_have_the_same_trace_natively_and_in_the_browser() {
    let site = Site::start();
    let mut page = Page::open(&site.address());
    for preset in &STREAM_PRESETS {
        compare(&mut page, preset.name, &preset.scenario());
    }
    compare_all(&mut page, STREAM_RUNS, |seed| {
        stream_runs::scenario(&mut Random::keyed(seed, Purpose::Test, 5, 0))
    });
}

#[test]
fn random_runs_have_the_same_trace_natively_and_in_the_browser() {
    let site = Site::start();
    let mut page = Page::open(&site.address());
    compare_all(&mut page, RANDOM_RUNS, |seed| {
        random_runs::run(&mut Random::keyed(seed, Purpose::Test, 1, 0)).0
    });
}

/// As long as a text may be: a builtin one again and again, with spaces where it is cut.
const LONGEST: &str = "
    const piece = new Uint8Array(await (await fetch('texts/alice.txt')).arrayBuffer());
    const bytes = new Uint8Array(50_000_000).fill(10);
    for (let at = 0; at + piece.length < bytes.length; at += piece.length) bytes.set(piece, at);";

#[test]
fn the_conductor_answers_while_it_counts_the_longest_text() {
    let site = Site::start();
    let mut page = Page::open(&site.address());
    let (mut parameters, size) = (Parameters::default(), 50_000_000);
    let layout = suggest_layout(size, parameters.get(Key::Nodes));
    for (key, value) in [
        (Key::BlockSize, layout.block_size),
        (Key::Scale, layout.scale),
        (Key::SortBuffer, layout.sort_buffer),
    ] {
        parameters.set(key, value).unwrap();
    }
    let scenario = Scenario {
        version: VERSION,
        job: JobKind::WordCount,
        input: Input::File { name: "longest.txt".to_owned(), hash: None, bytes: None },
        level: Level::Tasks,
        parameters,
        faults: Vec::new(),
    };
    let seen = page.with_conductor(
        &json!(scenario),
        &format!(
            "{LONGEST}
            const begun = await conductor.command({{ start: {{ run: 1, scenario: given }} }}, bytes.buffer);
            const traces = conductor.traces;
            await conductor.command({{ advance: {{ run: 1, until: 'end' }} }});
            await conductor.until((it) => it.traces > traces + 3);
            const query = {{ map_records: {{ map: 0, skip: 0, limit: 3 }} }};
            const inspected = await conductor.command({{ inspect: {{ run: 1, query }} }});
            const before_cancel = conductor.finished.length;
            const cancelled = await conductor.command({{ cancel: {{ run: 1 }} }});
            const stopped_at = conductor.traces;
            // An answer that comes after whatever a worker that does not stop would still do.
            await conductor.command({{ inspect: {{ run: 1, query }} }});
            const stands_at = conductor.traces;
            const after_cancel = conductor.finished.length;
            await conductor.command({{ advance: {{ run: 1, until: 'end' }} }});
            await conductor.until((it) => it.finished.length > 0);
            const {{ equals_oracle }} = conductor.finished[0].summary;
            return {{ begun, inspected, before_cancel, cancelled, stopped_at, stands_at, after_cancel, equals_oracle }};"
        ),
    );
    assert_eq!(seen["begun"]["Ok"]["started"]["input_bytes"], 50_000_000);
    let lines = &seen["inspected"]["Ok"]["map_records"]["lines"];
    assert_eq!(lines.as_array().map(Vec::len), Some(3), "{seen}");
    assert_eq!(seen["before_cancel"], 0, "the run was over before the answer came");
    assert_eq!(seen["cancelled"], json!({ "Ok": "cancelled" }));
    assert_eq!(seen["after_cancel"], 0);
    assert_eq!(seen["stands_at"], seen["stopped_at"], "it worked on after it was stopped");
    assert_eq!(seen["equals_oracle"], true);
}
