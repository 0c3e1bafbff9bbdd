//! The live cluster: real web workers, one a node. Its data goes from worker to worker; workers are terminated, panic
//! and stand still; and the result is the oracle's.

use base64::{Engine, engine::general_purpose::STANDARD};
use millrace::{
    base::random::{Purpose, Random},
    lab::messages::unpack,
    trace::{Event, EventKind, FailureEvent, Snapshot, WorldEvent},
};
use serde_json::{Value, json};
use std::{env, fs};

use crate::harness::{Page, Site, copy_of_the_build};

/// How often a node is killed at a random moment; `MILLRACE_LIVE_KILLS` says otherwise in a soak.
const KILLS: u64 = 5;

/// Starts a live run of `megabytes` of text on `nodes` workers, and keeps its trace.
const START: &str = "
    const piece = new Uint8Array(await (await fetch('texts/alice.txt')).arrayBuffer());
    const length = Math.max(given.megabytes * 1_000_000, piece.length);
    const bytes = new Uint8Array(length).fill(10);
    for (let at = 0; at + piece.length <= length; at += piece.length) bytes.set(piece, at);
    const parameters = { nodes: given.nodes, replication: 2, racks: 1, reducers: 3 };
    const input = { file: { name: 'live.txt' } };
    const scenario = { version: 1, job: 'word_count', input, level: 'tasks', parameters };
    conductor.keep_traces();
    const begun = await conductor.command({ start_live: { run: 1, scenario } }, bytes.buffer);
    if (begun.Err) throw new Error(begun.Err.message);
    const over = () => conductor.until((it) => it.finished.length > 0);
    const seen = () => ({
        summary: conductor.finished[0].summary,
        traces: conductor.take_traces(),
        received: conductor.received,
        length,
    });";

/// What a live run came to.
struct Seen {
    summary: Value,
    events: Vec<Event>,
    received: u64,
    length: u64,
    more: Value,
}

/// Runs a live cluster; `body` goes on where `START` ends, and returns what it has `seen()`.
#[track_caller]
fn run(page: &mut Page, nodes: u64, megabytes: u64, body: &str) -> Seen {
    let given = json!({ "nodes": nodes, "megabytes": megabytes });
    Seen::of(&page.with_conductor(&given, &format!("{START}{body}")))
}

impl Seen {
    /// What `seen()` gave.
    #[track_caller]
    fn of(seen: &Value) -> Seen {
        let traces = seen["traces"].as_array().cloned().unwrap_or_default();
        let events = traces.iter().flat_map(|trace| {
            let packed = STANDARD.decode(trace.as_str().unwrap_or_default()).expect("base64");
            unpack(&packed).expect("a packed trace").1
        });
        Seen {
            summary: seen["summary"].clone(),
            events: events.collect(),
            received: seen["received"].as_u64().unwrap_or_default(),
            length: seen["length"].as_u64().unwrap_or_default(),
            more: seen["more"].clone(),
        }
    }

    /// The result is the oracle's, and the trace is whole and folds.
    #[track_caller]
    fn check(&self, what: &str) {
        assert_eq!(self.summary["equals_oracle"], true, "{what}: {}", self.summary);
        let mut snapshot = Snapshot::default();
        for (place, event) in self.events.iter().enumerate() {
            assert_eq!(event.seq.0 as usize, place, "{what}");
            assert!(event.cause.is_none_or(|cause| cause < event.seq), "{what}: {event:?}");
            let folded = snapshot.apply(event);
            folded.unwrap_or_else(|misfit| panic!("{what}: {event:?}: {misfit}"));
        }
        assert_eq!(self.summary["events"], json!(self.events.len()), "{what}");
    }

    /// How many nodes the coordinator believed lost.
    fn lost(&self) -> usize {
        let lost = |event: &&Event| {
            matches!(event.kind, EventKind::Failure(FailureEvent::NodeLost { .. }))
        };
        self.events.iter().filter(lost).count()
    }

    /// Why the first worker broke down.
    fn reason(&self) -> String {
        let reason = self.events.iter().find_map(|event| match &event.kind {
            EventKind::World(WorldEvent::WorkerBroke { reason }) => Some(reason.clone()),
            EventKind::World(_)
            | EventKind::Batch(_)
            | EventKind::Failure(_)
            | EventKind::Stream(_) => None,
        });
        reason.unwrap_or_default()
    }

    /// How many faults struck.
    fn struck(&self) -> usize {
        let struck =
            |event: &&Event| matches!(event.kind, EventKind::World(WorldEvent::FaultStruck { .. }));
        self.events.iter().filter(struck).count()
    }
}

const TO_THE_END: &str = "await over(); return seen();";

#[test]
fn a_live_word_count_equals_the_oracle_and_its_data_does_not_pass_the_page() {
    let site = Site::start();
    let mut page = Page::open(&site.address());
    for nodes in [2, 3, 4] {
        let seen = run(&mut page, nodes, 8, TO_THE_END);
        seen.check(&format!("{nodes} nodes"));
        assert_eq!((seen.struck(), seen.lost()), (0, 0), "{nodes} nodes");
        // Output and shuffle alone would be more.
        assert!(seen.received < seen.length / 20, "the page received {} bytes", seen.received);
    }
    assert_eq!(page.problems(), [""; 0]);
}

#[test]
fn one_of_four_is_killed_at_a_random_moment_and_the_result_is_the_oracles() {
    let site = Site::start();
    let mut page = Page::open(&site.address());
    let kills = env::var("MILLRACE_LIVE_KILLS").ok().and_then(|kills| kills.parse().ok());
    for seed in 0..kills.unwrap_or(KILLS) {
        let mut random = Random::keyed(seed, Purpose::Test, 2, 0);
        let (node, pieces) = (random.between(1, 4), random.between(1, 10));
        let what = format!("seed {seed}: node {node} is killed at trace piece {pieces}");
        println!("{what}");
        let body = format!(
            "await conductor.until((it) => it.traces >= {pieces} || it.finished.length > 0);
            const more = await conductor.command({{ kill: {{ run: 1, node: {node} }} }});
            await over();
            return {{ ...seen(), more }};"
        );
        let seen = run(&mut page, 4, 24, &body);
        seen.check(&what);
        let killed = seen.more == json!({ "Ok": "killed" });
        assert_eq!(seen.struck(), usize::from(killed), "{what}: {}", seen.more);
    }
    assert_eq!(page.problems(), [""; 0]);
}

#[test]
fn a_worker_that_breaks_down_is_a_node_that_crashed_and_says_why() {
    let site = Site::start();
    let mut page = Page::open(&site.address());
    for (how, words) in [("panic", "asked to panic"), ("out_of_memory", "runs out of memory")] {
        let body = format!(
            "const more = await conductor.command({{ break_node: {{ run: 1, node: 2, how: '{how}' }} }});
            await over();
            return {{ ...seen(), more }};"
        );
        let seen = run(&mut page, 3, 8, &body);
        seen.check(how);
        assert_eq!(seen.struck(), 1, "{how}: {}", seen.more);
        assert!(seen.reason().contains(words), "{how}: {}", seen.reason());
    }
    assert_eq!(page.problems(), [""; 0]);
}

/// The host goes away after the page is loaded, and before its nodes are.
#[test]
fn workers_that_cannot_be_loaded_are_nodes_that_did_not_start() {
    let folder = copy_of_the_build().expect("a copy");
    // It would keep the files for later.
    fs::remove_file(folder.path().join("service-worker.js")).expect("it is there");
    let site = Site::of(folder.path());
    let mut page = Page::open(&site.address());
    page.with_conductor(
        &json!({}),
        "await conductor.command({ measure: { workload: { kernel: 1 } } });
        self.ready = conductor;
        conductor.kept = conductor.end;
        conductor.end = () => {};
        return 0;",
    );
    fs::remove_file(folder.path().join("worker_loader.js")).expect("it is there");
    let given = json!({ "nodes": 2, "megabytes": 1 });
    let body = format!(
        "(async (given) => {{ const conductor = ready; {START} await over(); conductor.kept(); return seen(); }})({given})"
    );
    let seen = Seen::of(&page.evaluate(&body));
    assert_eq!(seen.summary["equals_oracle"], false, "{}", seen.summary);
    assert!(!seen.summary["failed"].is_null(), "{}", seen.summary);
    assert_eq!(seen.struck(), 2);
    assert!(seen.reason().contains("could not be loaded"), "{}", seen.reason());
}

/// Nobody sees the tab, it is frozen for a while, and then is slow.
#[test]
fn a_tab_that_stands_still_loses_no_node() {
    let site = Site::start();
    let mut page = Page::open(&site.address());
    let given = json!({ "nodes": 3, "megabytes": 24 });
    // The conductor outlives the evaluation: meanwhile the tab is frozen.
    page.with_conductor(
        &given,
        &format!(
            "{START}
            conductor.kept = conductor.end;
            conductor.end = () => {{}};
            self.live = {{ over, seen, end: conductor.kept }};
            await conductor.until((it) => it.traces > 3);
            return 0;"
        ),
    );
    page.call("Emulation.setFocusEmulationEnabled", json!({ "enabled": false }));
    page.call("Page.setWebLifecycleState", json!({ "state": "frozen" }));
    page.slow_down(20);
    page.call("Page.setWebLifecycleState", json!({ "state": "active" }));
    let seen = "(async () => { await live.over(); live.end(); return live.seen(); })()";
    let seen = Seen::of(&page.evaluate(seen));
    page.slow_down(1);
    seen.check("a frozen tab");
    assert_eq!((seen.struck(), seen.lost()), (0, 0));
}
