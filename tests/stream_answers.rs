//! What the stream lab's page makes of real runs beside the one on the screen: several answers to the same
//! events, and what can be done to a partition.

#![expect(clippy::unwrap_used, reason = "a test that can't go on ends there")]

use bytes::Bytes;
use millrace::base::{Amount, Time};
use millrace::lab::{run_answer, run_to_end};
use millrace::scenario::variants::{Cut, Respect};
use millrace::scenario::{Input, Key, STREAM_PRESETS, Scenario, presets};
use millrace::trace::answer::StreamAnswer;
use millrace::ui::model::place::Place;
use millrace::ui::model::run::{Progress, Run};
use millrace::ui::model::several::Several;
use millrace::ui::model::verbs::{Dials, toggle_partition, verbs};
use millrace::ui::selection::Selection;
use millrace::ui::stream::Thing;
use millrace::ui::stream::several::{Differs, Row, RowState, Sight, sight};
use std::rc::Rc;

/// A run of a scenario, over.
fn run_of(scenario: Scenario) -> Run {
    let whole = run_to_end(&scenario, Bytes::new()).unwrap();
    let mut run = Run::new(scenario, None, None);
    run.append(whole.events).unwrap();
    run.progress = Progress::Finished(Rc::new(whole.summary));
    run
}

/// All ways of a scenario, run.
fn all(scenario: Scenario, respect: Respect, cut: Option<Cut>) -> Several {
    let run = run_of(scenario);
    let asked = Several { respect, ..Several::default() }.begin(&run);
    let mut several = Several { cut, ..asked }.begin(&run);
    let plan = several.plan.clone().unwrap();
    for (place, variant) in plan.variants.iter().enumerate() {
        let Ok(scenario) = &variant.scenario else { continue };
        let Input::Text(text) = &scenario.input else {
            several.file(plan.number, place, answered(scenario, Bytes::new()));
            continue;
        };
        several.file(
            plan.number,
            place,
            answered(scenario, Bytes::copy_from_slice(text.as_bytes())),
        );
    }
    assert!(!several.is_running);
    several
}

fn answered(scenario: &Scenario, text: Bytes) -> Result<Rc<StreamAnswer>, String> {
    run_answer(scenario, text).map(Rc::new).map_err(|error| error.to_string())
}

fn preset(name: &str) -> Scenario {
    presets::named(name).unwrap().scenario()
}

fn row<'a>(sight: &'a Sight, label: &str) -> &'a Row {
    let found = sight.rows.iter().find(|row| row.label == label);
    found.unwrap_or_else(|| panic!("no row {label}: {:?}", sight.rows))
}

#[test]
fn five_profiles_share_a_plot_and_each_has_a_row() {
    let several = all(preset("first-stream"), Respect::Profiles, None);
    let sight = sight(&several, None, None).unwrap();
    assert_eq!(sight.rows.len(), 5);
    assert_eq!(sight.dots.len(), 6);
    let own = &sight.rows[0];
    assert!(own.is_own && own.differences.is_empty() && own.label == "Flink");
    assert!(own.cells.iter().all(|cell| cell.differs == Differs::No));
    for other in &sight.rows[1..] {
        let differs = other.cells.iter().any(|cell| cell.differs != Differs::No)
            || other.cells.len() != own.cells.len();
        assert_eq!(differs, !other.differences.is_empty(), "{other:?}");
        assert!(other.measures.contains("latency"), "{other:?}");
    }
}

/// Spark's watermark lags a batch behind: with batches of two minutes the 8 that the others lose is there.
#[test]
fn what_is_dropped_in_one_and_kept_in_another_says_both_predicates() {
    let mut scenario = preset("lost-nine");
    scenario.parameters.set(Key::Watermark, 0).unwrap();
    scenario.parameters.set(Key::WatermarkDelay, 0).unwrap();
    scenario.parameters.set(Key::MicroBatch, 120_000).unwrap();
    let several = all(scenario, Respect::Profiles, None);
    let sight = sight(&several, None, None).unwrap();
    let spark = row(&sight, "Spark");
    assert_eq!(spark.state, RowState::Here);
    let rescued =
        spark.differences.iter().find(|text| text.contains("In Beam (Java) it is dropped"));
    let rescued = rescued.unwrap_or_else(|| panic!("{:?}", spark.differences));
    assert!(rescued.contains(" here: end ") && rescued.contains("of its batch"), "{rescued}");
    assert!(rescued.contains("< watermark"), "{rescued}");
    let eight = sight.dots.iter().find(|dot| dot.value == Amount::whole(8)).unwrap();
    assert!(eight.differs && eight.said.contains("Beam (Java): dropped"), "{}", eight.said);
    assert!(eight.said.contains("Spark: waiting in its window"), "{}", eight.said);
}

#[test]
fn a_profile_that_cant_says_why_and_the_others_are_here() {
    let several = all(preset("lost-nine"), Respect::Profiles, None);
    let sight = sight(&several, None, None).unwrap();
    let RowState::Refused(why) = &row(&sight, "Spark").state else { panic!("{:?}", sight.rows) };
    assert!(why.contains("bounded"), "{why}");
    let values: Vec<&str> = sight.rows[0].cells.iter().map(|cell| cell.says.as_str()).collect();
    assert_eq!(values, ["5", "18", "4", "12"], "figure 2-10, right");
}

#[test]
fn discarding_and_retracting_say_other_things_of_the_same_windows() {
    let several = all(preset("score-early-late-h"), Respect::Accumulation, None);
    let sight = sight(&several, None, None).unwrap();
    let says = |label: &str| row(&sight, label).cells[0].says.clone();
    assert_eq!(says("accumulating"), "5 → 14 late");
    assert_eq!(says("discarding"), "5 → 9 late");
    assert_eq!(says("retracting"), "5 → 14 (−5) late");
    assert_eq!(row(&sight, "discarding").cells[0].differs, Differs::Value);
    assert!(!row(&sight, "discarding").differences.is_empty());
}

/// The perfect watermark keeps the 9 that the heuristic one loses, and is later by more than two minutes.
#[test]
fn watermarks_differ_by_what_they_lose_and_when_they_say_it() {
    let several = all(preset("lost-nine"), Respect::Watermarks, None);
    let sight = sight(&several, None, None).unwrap();
    let perfect = row(&sight, "book perfect");
    assert_eq!(perfect.cells[0].says, "14");
    let nine = perfect.differences.iter().find(|text| text.starts_with("The 9 of 12:01:26 counts"));
    assert!(nine.is_some_and(|text| text.contains("is dropped: end")), "{perfect:?}");
    assert!(!perfect.watermark.is_empty());
}

/// Figure 2-3, and what a run before the end can't know.
#[test]
fn a_batch_run_says_what_had_arrived_and_the_last_one_all() {
    let noon = 12 * 3_600_000;
    let cut = Cut { at: noon + 8 * 60_000, since: Some(noon + 6 * 60_000) };
    let several = all(preset("lost-nine"), Respect::Batch, Some(cut));
    let sight = sight(&several, None, None).unwrap();
    let says = |label: &str| -> Vec<String> {
        row(&sight, label).cells.iter().map(|cell| cell.says.clone()).collect()
    };
    assert_eq!(says("batch at the end"), ["14", "18", "4", "12"]);
    assert_eq!(says("batch over all so far"), ["5", "18", "4", "3"]);
    assert_eq!(says("batch"), ["11", "4", "3"], "the 5 and the 7 came before its lookback");
    let batch = row(&sight, "batch");
    let unread = |of: &str| batch.differences.iter().find(|text| text.contains(of)).cloned();
    let early = unread("The 5 of 12:00:26 is not read").unwrap_or_else(|| panic!("{batch:?}"));
    assert!(early.contains("before the lookback begins at 12:06"), "{early}");
    assert!(batch.cells.iter().all(|cell| cell.when.starts_with("12:08")), "{batch:?}");
}

#[test]
fn nothing_later_than_is_known_is_told() {
    let several = all(preset("lost-nine"), Respect::Profiles, None);
    let until = 12 * 3_600_000 + 7 * 60_000;
    let sight = sight(&several, None, Some(until)).unwrap();
    assert!(sight.dots.iter().all(|dot| dot.clock <= until) && sight.dots.len() == 4);
    assert!(sight.clock.1 < until + 30_000, "the axis tells how long the rest takes");
    assert_eq!(sight.rows[0].cells.len(), 1);
    assert!(sight.rows.iter().all(|row| row.measures.is_empty()), "they are of the whole run");
    assert!(sight.rows[0].watermark.iter().all(|(clock, _)| *clock <= until));
}

#[test]
fn a_question_is_asked_once_and_again_when_it_is_another() {
    let run = Run { id: 7, ..run_of(preset("lost-nine")) };
    let mut several = Several::default().begin(&run);
    assert!(several.is_of(&run) && several.is_running);
    assert!(several.answers[4].as_ref().unwrap().is_err(), "Spark can't, and says so at once");
    several.respect = Respect::Batch;
    assert!(!several.is_of(&run));
    several = several.begin(&run);
    let cut = several.plan.as_ref().unwrap().cut;
    assert!(cut.since.is_some_and(|since| since < cut.at));
    several.cut = Some(Cut { since: None, ..cut });
    assert!(!several.is_of(&run));
    several = several.begin(&run);
    assert!(several.is_of(&run));
    let other = Run { id: 8, ..run };
    assert!(!several.is_of(&other));
    assert_eq!(several.begin(&other).cut, None, "the cut was another run's");
    several.give_up();
    assert!(!several.is_of(&other), "what was left is asked anew");
}

#[test]
fn answers_come_in_any_order_and_only_to_their_own_question() {
    let run = Run { id: 7, ..run_of(preset("lost-nine")) };
    let mut several = Several::default().begin(&run);
    let answer = Rc::new(run_answer(&run.scenario, Bytes::new()).unwrap());
    several.file(9, 0, Ok(Rc::clone(&answer)));
    assert!(several.answers[0].is_none());
    for place in [3, 0, 2, 1] {
        assert!(several.is_running);
        several.file(1, place, Ok(Rc::clone(&answer)));
    }
    assert!(!several.is_running && several.is_of(&run));
}

#[test]
fn a_partition_is_silenced_and_speaks_again() {
    let scenario = STREAM_PRESETS[0].scenario();
    let scenario =
        Scenario { faults: vec!["silence partition 0 at 3 s".parse().unwrap()], ..scenario };
    let mut run = run_of(scenario);
    let id = run.timeline.seek(1).stream.as_ref().unwrap().partitions[0].id;
    let partition = Selection::Stream(Thing::Partition(id));
    run.go(Place::at_time(&run.timeline, Time(2_000_000)));
    let verbs_of = |run: &Run| verbs(run, partition);
    assert_eq!(verbs_of(&run).offers[0].fault.to_string(), "silence partition 0");
    assert!(matches!(verbs_of(&run).dials, Some(Dials::Partition(_))));
    run.go(Place::at_time(&run.timeline, Time(4_000_000)));
    assert_eq!(verbs_of(&run).offers[0].fault.to_string(), "resume partition 0");
    assert_eq!(toggle_partition(&run, id), Some(verbs_of(&run).offers[0].fault));
    assert!(verbs(&run, Selection::Stream(Thing::Pane(0))).offers.is_empty());
}
