//! Real runs, looked at as a whole: their traces fold and seek, repeat to the byte, and tell the
//! first run in few enough moments.

use millrace::base::Files;
use millrace::lab::{FinishedRun, run_to_end};
use millrace::scenario::{Key, PRESETS, Scenario, presets};
use millrace::trace::counters::JobCounters;
use millrace::trace::moment::moments;
use millrace::trace::snapshot::Snapshot;
use millrace::trace::timeline::Timeline;
use millrace::trace::{BatchEvent, EventKind};
use std::rc::Rc;

fn input(scenario: &Scenario) -> Files {
    scenario.carried_files().expect("a preset reads no file of the reader's")
}

fn run(name: &str) -> FinishedRun {
    let scenario = presets::named(name).expect("a preset of this name").scenario();
    run_to_end(&scenario, input(&scenario)).expect("a preset runs")
}

#[test]
fn every_preset_ends_in_the_result_of_one_plain_loop_but_for_those_that_fail() {
    for preset in &PRESETS {
        let finished = run(preset.name);
        let fails = ["poison-record", "half-an-output", "all-or-nothing"].contains(&preset.name);
        // A combiner that takes means of means is there to be wrong.
        let trapped = preset.name == "average-trap";
        assert_eq!(finished.summary.equals_oracle, !fails && !trapped, "{}", preset.name);
        assert_eq!(finished.summary.failed.is_some(), fails, "{}", preset.name);
        assert!(finished.events.len() < 100_000, "{}: {}", preset.name, finished.events.len());
    }
}

/// The trap's job is right as long as its combiner does not run.
#[test]
fn means_of_means_are_right_without_the_combiner() {
    let mut scenario = presets::named("average-trap").expect("it is a preset").scenario();
    scenario.parameters = scenario.parameters.with(Key::Combiner, 0);
    assert!(run_to_end(&scenario, input(&scenario)).expect("it runs").summary.equals_oracle);
}

/// `seek(n)` equals a fresh fold to `n`, for all `n`, in whatever order one seeks.
#[test]
fn a_seek_anywhere_equals_a_fresh_fold() {
    for name in ["first-steps", "cut-line", "no-combiner"] {
        let events = run(name).events;
        let mut timeline = Timeline::new();
        timeline.append(events.clone()).expect("a run's events fold");
        let mut fold = Snapshot::default();
        let mut folds = vec![Rc::new(fold.clone())];
        for event in &events {
            fold.apply(event).expect("a run's events fold");
            folds.push(Rc::new(fold.clone()));
        }
        let count = folds.len();
        let forward = 0..count;
        let backward = (0..count).rev();
        let jumping = (0..count).map(|step| step * 7_919 % count);
        for n in forward.chain(backward).chain(jumping) {
            let seek = timeline.seek(u32::try_from(n).unwrap());
            assert_eq!(seek, folds[n], "{name}: after {n} events");
        }
    }
}

#[test]
fn the_same_run_twice_is_the_same_to_the_byte() {
    let (one, other) = (run("alice"), run("alice"));
    for (one, other) in one.events.iter().zip(&other.events) {
        assert_eq!(one, other);
    }
    assert_eq!(one.summary.trace_hash, other.summary.trace_hash);
}

/// Keyed luck: another bandwidth leaves the replicas where they were.
#[test]
fn runs_that_differ_in_one_parameter_share_all_other_luck() {
    let scenario = presets::named("first-steps").expect("the first run").scenario();
    let mut slow = scenario.clone();
    slow.parameters = slow.parameters.with(Key::NetworkRate, 100);
    let placed = |scenario: &Scenario| {
        let run = run_to_end(scenario, input(scenario)).expect("it runs");
        let lines = run.events.iter().map(millrace::trace::jsonl::line);
        lines.filter(|line| line.contains("block_placed")).collect::<Vec<_>>()
    };
    assert_eq!(placed(&scenario), placed(&slow));
    assert!(!placed(&slow).is_empty());
}

/// The first run is told in at most 40 moments, each with a caption of at most 15 words, and a map
/// takes 4 to 8 seconds of it from its first byte to its output.
#[test]
fn the_first_run_is_told_in_few_words() {
    let events = run("first-steps").events;
    let told = moments(&events);
    assert!(told.len() <= 40, "{} moments:\n{told:#?}", told.len());
    assert!(told.len() >= 12, "{told:#?}");
    for moment in &told {
        let words = moment.caption.split_whitespace().count();
        assert!((1..=15).contains(&words), "{words} words: {}", moment.caption);
    }
}

/// What the closing sentences of the presets about settings say is so.
#[test]
fn the_presets_of_settings_show_what_they_promise() {
    let end = |name: &str| {
        let mut timeline = Timeline::new();
        timeline.append(run(name).events).expect("a run's events fold");
        timeline.seek(timeline.len())
    };
    let (half, nothing) = (end("half-an-output"), end("all-or-nothing"));
    assert_eq!((half.outputs.len(), half.set_aside.len()), (1, 0));
    assert_eq!((nothing.outputs.len(), nothing.set_aside.len()), (0, 1));
    assert_eq!(end("many-files").maps.len(), 24);
    assert!((2..=8).contains(&end("combined-files").maps.len()));
    let gzip = end("one-gzip");
    assert!(gzip.maps.len() == 1 && gzip.blocks.len() > 2, "{} blocks", gzip.blocks.len());
    let (packed, plain) = (end("packed-shuffle"), end("no-combiner"));
    let shuffled = |end: &Snapshot| end.counters.reduce_shuffle_bytes;
    assert_eq!(packed.counters.map_output_bytes, plain.counters.map_output_bytes);
    assert!(shuffled(&packed) * 2 < shuffled(&plain), "{}", shuffled(&packed));
    waiting_for_locality_pays();
    let slow = run("slow-start").events;
    let place = |kind: &str| {
        let is_it = |line: String| line.contains(kind);
        slow.iter().map(millrace::trace::jsonl::line).position(is_it).expect("it happens")
    };
    assert!(place("\"tasks_finished\"") < place("\"fetch_started\""));
}

/// With the wait all maps are on nodes with their blocks, though offers were passed up for it, and
/// the job is done sooner than without.
fn waiting_for_locality_pays() {
    let scenario = presets::named("locality").expect("it is a preset").scenario();
    let mut hasty = scenario.clone();
    hasty.parameters = hasty.parameters.with(Key::LocalityDelay, 0);
    let [waits, hastes] = [scenario, hasty].map(|scenario| {
        let finished = run_to_end(&scenario, input(&scenario)).expect("it runs");
        let mut passed = 0;
        for event in &finished.events {
            if let EventKind::Batch(BatchEvent::MapAssigned { opportunities_passed, .. }) =
                &event.kind
            {
                passed += *opportunities_passed;
            }
        }
        let mut timeline = Timeline::new();
        timeline.append(finished.events).expect("a run's events fold");
        let end = timeline.seek(timeline.len());
        (JobCounters::of(&end, None), passed, finished.summary.finished_at)
    });
    assert_eq!((waits.0.data_local_maps, waits.0.total_launched_maps), (4, 4));
    assert!(waits.1 > 0 && hastes.1 == 0, "offers were passed up for it: {}", waits.1);
    assert!(hastes.0.data_local_maps < 4);
    assert!(waits.2 < hastes.2, "{} and {}", waits.2, hastes.2);
}

/// What each preset of a fault promises is in its trace, and told in at most 60 moments.
#[test]
fn the_presets_of_faults_show_what_they_promise() {
    for (name, promised) in [
        ("kill-a-node", ["\"fault_struck\"", "\"fetch_failed\"", "\"node_lost\""]),
        ("slow-or-dead", ["\"node_lost\"", "\"node_returned\"", "\"job_finished\""]),
        ("straggler", ["\"backup_decided\"", "\"lost_race\"", "\"job_finished\""]),
        ("poison-record", ["\"attempt_threw\"", "\"attempt_failed\"", "\"job_failed\""]),
        ("two-attempts-one-commit", ["\"backup_decided\"", "\"lost_race\"", "\"commit_granted\""]),
    ] {
        let events = run(name).events;
        let told = moments(&events);
        assert!(told.len() <= 60, "{name}: {} moments", told.len());
        let lines: String = events.iter().map(millrace::trace::jsonl::line).collect();
        for kind in promised {
            assert!(lines.contains(kind), "{name} has no {kind}");
        }
    }
}
