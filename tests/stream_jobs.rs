//! Whole stream jobs over many seeds: random jobs and inputs. The ledger adds up at every step, watermarks never
//! go back, panes on time equal the batch oracle's, and the same scenario gives the same trace.
//!
//! `STREAM_SEED=17 cargo test --test stream_jobs` repeats one seed; `STREAM_SEEDS=20000` runs more.

#[path = "shared/stream_runs.rs"]
mod stream_runs;

use bytes::Bytes;
use millrace::base::Level;
use millrace::base::random::{Purpose, Random};
use millrace::lab::{FinishedRun, run_to_end};
use millrace::scenario::{JobKind, Key, STREAM_PRESETS, Scenario, StreamJob};
use millrace::trace::snapshot::Snapshot;
use millrace::trace::snapshot::stream::StreamState;
use millrace::trace::stream::{Fate, Profile, StreamEvent, WindowKind};
use millrace::trace::{Event, EventKind};
use std::collections::{BTreeMap, BTreeSet};

/// How many seeds are played.
const SEEDS: u64 = 2_000;

fn seeds() -> Vec<u64> {
    let number = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    match number("STREAM_SEED") {
        Some(seed) => vec![seed],
        None => (0..number("STREAM_SEEDS").unwrap_or(SEEDS)).collect(),
    }
}

#[test]
fn random_jobs_hold_their_promises() {
    let mut panes = 0;
    for seed in seeds() {
        let scenario = scenario(seed);
        if std::env::var_os("STREAM_SEED").is_some() {
            println!("{}", scenario.to_json());
        }
        let run = played(seed, &scenario);
        panes += run.summary.output_records;
        if let Err(broken) = judge(&scenario, &run) {
            fail(seed, &scenario, &broken);
        }
    }
    assert!(panes > 0 || seeds().len() < 100, "something was said");
}

#[test]
fn the_same_scenario_gives_the_same_trace() {
    for seed in seeds().into_iter().step_by(20) {
        let scenario = scenario(seed);
        let (one, other) = (played(seed, &scenario), played(seed, &scenario));
        assert_eq!(one.summary.trace_hash, other.summary.trace_hash, "seed {seed}");
        let first = one.events.iter().zip(&other.events).find(|(one, other)| one != other);
        assert_eq!(first, None, "seed {seed}");
    }
    for preset in &STREAM_PRESETS {
        let run = || run_to_end(&preset.scenario(), Bytes::new()).unwrap();
        assert_eq!(run().summary, run().summary, "{}", preset.name);
    }
}

fn scenario(seed: u64) -> Scenario {
    stream_runs::scenario(&mut Random::keyed(seed, Purpose::Test, 5, 0))
}

fn played(seed: u64, scenario: &Scenario) -> FinishedRun {
    match run_to_end(scenario, Bytes::new()) {
        Ok(run) => run,
        Err(error) => fail(seed, scenario, &error.to_string()),
    }
}

#[track_caller]
fn fail(seed: u64, scenario: &Scenario, broken: &str) -> ! {
    panic!(
        "seed {seed}: {broken}\nrepeat: STREAM_SEED={seed} cargo test --test stream_jobs\n{}",
        scenario.to_json()
    );
}

fn judge(scenario: &Scenario, run: &FinishedRun) -> Result<(), String> {
    if !run.summary.equals_oracle {
        return Err(format!("{:?}", run.summary));
    }
    let mut snapshot = Snapshot::default();
    let mut assigned = 0;
    for event in &run.events {
        snapshot.apply(event).map_err(|misfit| format!("event {}: {misfit}", event.seq.0))?;
        let state = snapshot.stream.as_deref().ok_or("no stream")?;
        let EventKind::Stream(kind) = &event.kind else { return Err("no stream event".into()) };
        if let StreamEvent::WindowsAssigned { windows, .. } = kind {
            assigned += windows.len() as u64;
        }
        assigned += u64::from(matches!(kind, StreamEvent::RecordDropped { window: None, .. }));
        if state.ledger.sum() != assigned {
            let (sum, seq) = (state.ledger.sum(), event.seq.0);
            return Err(format!("event {seq}: {assigned} were booked, and the ledger has {sum}"));
        }
    }
    let state = snapshot.stream.as_deref().ok_or("no stream")?;
    ended(state, run)?;
    on_time_is_batch(scenario, state)
}

/// The engine's own ledger is the fold's, and what is kept at the end is pending.
fn ended(state: &StreamState, run: &FinishedRun) -> Result<(), String> {
    let told = run.events.iter().find_map(|event| {
        let EventKind::Stream(StreamEvent::JobFinished { ledger, .. }) = &event.kind else {
            return None;
        };
        Some(*ledger)
    });
    if told != Some(state.ledger) {
        return Err(format!("the job's ledger is {told:?}, and the fold's {:?}", state.ledger));
    }
    let open = state.subtasks.iter().flatten().flat_map(|subtask| subtask.windows.values());
    let pending: u64 = open.map(|window| window.pending()).sum();
    if pending != state.ledger.pending {
        return Err(format!("{pending} are in windows, and {:?}", state.ledger));
    }
    let unread = state.records.iter().filter(|record| record.read.is_none()).count();
    if unread > 0 { Err(format!("{unread} records were never read")) } else { Ok(()) }
}

/// Where nothing was dropped, each window's first pane on time holds what came by then; and where each window
/// says all it has at its end, the last word is batch's.
fn on_time_is_batch(scenario: &Scenario, state: &StreamState) -> Result<(), String> {
    let dropped = state.ledger.dropped > 0;
    let ends = matches!(state.plan.profile, Profile::Flink | Profile::BeamJava);
    let counts = state
        .plan
        .operators
        .iter()
        .filter_map(|of| of.window.as_ref())
        .any(|window| matches!(window.kind, WindowKind::Count { .. } | WindowKind::Global));
    let trigger = scenario.parameters.get(Key::Trigger);
    let own = matches!(scenario.job, JobKind::Stream(StreamJob::Triggered(_)));
    if dropped || !ends || counts || trigger != 0 || own {
        return Ok(());
    }
    let (_, (windows, equal)) = state.finished.ok_or("it did not finish")?;
    let stale: BTreeSet<_> = state
        .differences
        .iter()
        .filter(|of| of.verdict != millrace::trace::stream::Verdict::Extra)
        .map(|of| (of.key.clone(), of.window))
        .collect();
    if !stale.is_empty() || windows != equal {
        return Err(format!("{equal} of {windows} windows are as in batch: {stale:?}"));
    }
    Ok(())
}

/// What happens does not hang on how much of it is told: at the lowest level plain windows keep folds instead of
/// elements, and say the same.
#[test]
fn the_lowest_level_tells_the_same_as_the_highest() {
    let mut plain = 0;
    for seed in seeds() {
        let mut scenario = scenario(seed);
        if seed % 2 == 0 {
            make_plain(&mut scenario);
        }
        let told = |level| {
            let scenario = Scenario { level, ..scenario.clone() };
            let decisions = |event: Event| {
                let is_decision = matches!(
                    &event.kind,
                    EventKind::Stream(
                        StreamEvent::JobStarted { .. }
                            | StreamEvent::PaneFired { .. }
                            | StreamEvent::RecordDropped { .. }
                            | StreamEvent::OracleDiffers { .. }
                            | StreamEvent::JobFinished { .. },
                    )
                );
                is_decision.then_some((event.at, event.kind))
            };
            played(seed, &scenario).events.into_iter().filter_map(decisions).collect::<Vec<_>>()
        };
        let (least, most) = (told(Level::Counters), told(Level::Records));
        let first = least.iter().zip(&most).find(|(one, other)| one != other);
        if first.is_some() || least.len() != most.len() {
            fail(seed, &scenario, &format!("{first:?}, {} and {}", least.len(), most.len()));
        }
        plain += u64::from(is_plain(&scenario) && least.len() > 2);
    }
    assert!(plain > 300 || seeds().len() < 1_000, "{plain} of them were plain");
}

/// As near to what the fast path is for as it goes together with the rest.
fn make_plain(scenario: &mut Scenario) {
    let size = scenario.parameters.get(Key::WindowSize).to_string();
    let window = ["tumbling", "sliding"][usize::from(size.len().is_multiple_of(2))];
    for (name, value) in [
        ("profile", "flink"),
        ("trigger", "watermark"),
        ("allowed_lateness_ms", "0"),
        ("time_domain", "event"),
        ("window", window),
    ] {
        scenario.parameters.set_text(name, value).expect("a value that is allowed");
    }
    if scenario.parameters.get(Key::WindowSlide) > scenario.parameters.get(Key::WindowSize) {
        scenario.parameters.set_text("window_slide_ms", &size).expect("a value that is allowed");
    }
    if scenario.parameters.get(Key::Aggregate) > 4 {
        scenario.parameters.set_text("aggregate", "mean").expect("a value that is allowed");
    }
    if matches!(scenario.job, JobKind::Stream(StreamJob::Triggered(_))) {
        scenario.job = JobKind::Stream(StreamJob::Windows);
    }
    stream_runs::settle(scenario);
}

/// Whether the job has windows that keep no elements at the lowest level.
fn is_plain(scenario: &Scenario) -> bool {
    let text = |key: Key| key.parameter().show(scenario.parameters.get(key));
    scenario.job == JobKind::Stream(StreamJob::Windows)
        && text(Key::Profile) == "flink"
        && ["tumbling", "sliding"].contains(&text(Key::Window).as_str())
        && text(Key::Trigger) == "watermark"
        && scenario.parameters.get(Key::AllowedLateness) == 0
        && text(Key::TimeOf) != "processing"
        && !["distinct", "top"].contains(&text(Key::Aggregate).as_str())
        && (text(Key::Window) == "tumbling"
            || scenario.parameters.get(Key::WindowSlide)
                <= scenario.parameters.get(Key::WindowSize))
}

/// Each stage of an element is told once, and in order.
#[test]
fn each_record_is_appended_then_read_then_assigned() {
    for seed in seeds().into_iter().step_by(50) {
        let scenario = scenario(seed);
        let run = played(seed, &scenario);
        let mut stages: BTreeMap<u32, u8> = BTreeMap::new();
        for Event { kind, .. } in &run.events {
            let EventKind::Stream(kind) = kind else { continue };
            let (element, stage) = if let StreamEvent::RecordAppended { record, .. } = kind {
                (record.0, 1)
            } else if let StreamEvent::RecordRead { record, .. } = kind {
                (record.0, 2)
            } else {
                continue;
            };
            let before = stages.insert(element, stage).unwrap_or(0);
            assert_eq!(before + 1, stage, "seed {seed}: record {element}");
        }
        assert!(stages.values().all(|stage| *stage == 2), "seed {seed}");
    }
}

/// A late element is dropped with the numbers that it was judged by.
#[test]
fn the_first_stream_drops_one_and_says_why() {
    let run = run_to_end(&STREAM_PRESETS[0].scenario(), Bytes::new()).unwrap();
    let mut snapshot = Snapshot::default();
    let mut told = Vec::new();
    for event in &run.events {
        if matches!(&event.kind, EventKind::Stream(StreamEvent::RecordDropped { .. })) {
            told.push(millrace::trace::why::why(event, &snapshot));
        }
        snapshot.apply(event).unwrap();
    }
    assert_eq!(told, ["end 0:09.999 + lateness 0 s ≤ watermark 0:10.999, so it was dropped."]);
    let state = snapshot.stream.unwrap();
    assert_eq!((state.ledger.on_time, state.ledger.dropped), (5, 1));
    assert_eq!(state.roll_up(millrace::trace::stream::ElementId(5)), Some(Fate::Dropped));
}
