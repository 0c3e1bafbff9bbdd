//! The stream lab's presets run as their words say: each stops before something that happens, and the point that
//! its closing sentence makes is seen in its trace, in numbers worked out by hand from the rules of the systems.

#![expect(clippy::unwrap_used, reason = "a test that can't go on ends there")]

use bytes::Bytes;
use millrace::lab::{FinishedRun, run_to_end};
use millrace::lessons::presets::{self as lessons, Stop};
use millrace::scenario::{Key, STREAM_PRESETS, Scenario, presets};
use millrace::trace::stream::{
    Content, DropReason, ElementId, Fate, Input, LedgerCounts, StreamEvent, Subtask,
};
use millrace::trace::{EventKind, Timeline};
use millrace::ui::stream::verdict::Verdict;
use std::collections::BTreeMap;

fn scenario(name: &str) -> Scenario {
    presets::named(name).unwrap().scenario()
}

fn play(scenario: &Scenario) -> FinishedRun {
    let run = run_to_end(scenario, Bytes::new()).unwrap();
    assert!(run.summary.equals_oracle, "{:?}", run.summary);
    run
}

fn run(name: &str) -> FinishedRun {
    play(&scenario(name))
}

fn stream_events(run: &FinishedRun) -> impl Iterator<Item = (u64, &StreamEvent)> {
    run.events.iter().filter_map(|event| match &event.kind {
        EventKind::Stream(kind) => Some((event.at.0 / 1_000, kind)),
        EventKind::World(_) | EventKind::Batch(_) | EventKind::Failure(_) => None,
    })
}

/// Milliseconds, what a subtask of an operator said, and the start of its window, of all panes in their order.
fn panes(run: &FinishedRun) -> Vec<(u64, u16, i64, i64)> {
    let of = |(at, kind): (u64, &StreamEvent)| {
        let StreamEvent::PaneFired { subtask, window, content, .. } = kind else { return None };
        let Content::Number(amount) = content else { panic!("{content:?}") };
        Some((at, subtask.operator.0, amount.0 / 1_000, window.start))
    };
    stream_events(run).filter_map(of).collect()
}

/// What became of elements and windows, a line each: the millisecond, and panes and drops in a few words.
fn told_of(run: &FinishedRun, word: &str) -> Vec<String> {
    let line = |(at, kind): (u64, &StreamEvent)| {
        if let StreamEvent::PaneFired { key, window, timing, content, .. } = kind {
            let (start, end) = (window.start, window.end);
            return Some(format!("{at} pane {key} {start}..{end} {timing:?}: {content}"));
        }
        let StreamEvent::RecordDropped { element, window: Some(window), why, .. } = kind else {
            return None;
        };
        let why = match why {
            DropReason::Expired { max_timestamp, allowed_lateness_ms, watermark } => {
                format!("{max_timestamp} + {allowed_lateness_ms} by {watermark}")
            }
            DropReason::Closed => "closed".to_owned(),
            DropReason::InNoWindow | DropReason::Duplicate { .. } | DropReason::Behind { .. } => {
                panic!("{why:?}")
            }
        };
        Some(format!("{at} dropped {element} of {}..{}: {why}", window.start, window.end))
    };
    let is_asked = |line: &String| line.contains(word);
    stream_events(run).filter_map(line).filter(is_asked).collect()
}

/// What became of all elements in all of their windows.
fn ledger(run: &FinishedRun) -> LedgerCounts {
    let of_end = |(_, kind): (u64, &StreamEvent)| {
        let StreamEvent::JobFinished { ledger, .. } = kind else { return None };
        Some(*ledger)
    };
    stream_events(run).find_map(of_end).unwrap()
}

/// What an operator said, by the starts of its windows.
fn sums(run: &FinishedRun, operator: u16) -> Vec<i64> {
    let mut said: Vec<(i64, i64)> = panes(run)
        .into_iter()
        .filter(|(_, of, _, _)| *of == operator)
        .map(|(_, _, value, start)| (start, value))
        .collect();
    said.sort_unstable();
    said.into_iter().map(|(_, value)| value).collect()
}

/// The verdict of the page at the end.
fn verdict(run: &FinishedRun) -> String {
    let mut timeline = Timeline::new();
    timeline.append(run.events.clone()).unwrap();
    let end = timeline.seek(timeline.len());
    Verdict::of(end.stream.as_deref().unwrap()).sentence()
}

/// The closing sentence has these words.
#[track_caller]
fn closes_with(name: &str, words: &[&str]) {
    let closing = lessons::named(name).unwrap().closing;
    for word in words {
        assert!(closing.contains(word), "{name}: {closing:?} has not {word:?}");
    }
}

#[test]
fn each_preset_stops_before_something_that_happens_after_its_beginning() {
    for preset in &STREAM_PRESETS {
        let Stop::Before(kind) = lessons::named(preset.name).unwrap().stops else { continue };
        let run = run(preset.name);
        let is_it = |event: &millrace::trace::Event| {
            let EventKind::Stream(found) = &event.kind else { return false };
            let json = serde_json::to_value(found).unwrap();
            json.as_object().is_some_and(|object| object.contains_key(kind))
        };
        let place = run.events.iter().position(is_it);
        assert!(place.is_some_and(|place| place > 3), "{}: no {kind}", preset.name);
    }
}

#[test]
fn closing_sentences_are_short_enough_to_remember() {
    for preset in &STREAM_PRESETS {
        let closing = lessons::named(preset.name).unwrap().closing;
        let words = closing.split_whitespace().count();
        assert!(words <= 32, "{}: {words} words: {closing}", preset.name);
    }
}

/// Flink's `TumblingProcessingTimeWindows` beside its windows of event time: by the clock, 5 and 7 come before 12:06,
/// 3, 4, 8 and 3 before 12:08, and 9, 8 and 1 before 12:10.
#[test]
fn whose_clock_is_it() {
    let run = run("whose-clock");
    assert_eq!(sums(&run, 1), [14, 18, 4, 12]);
    assert_eq!(sums(&run, 2), [12, 18, 18]);
    let minutes = |minute: i64| 43_200_000 + minute * 60_000;
    let by_clock: Vec<(u64, i64)> = panes(&run)
        .into_iter()
        .filter(|pane| pane.1 == 2)
        .map(|(at, _, _, start)| (at, start))
        .collect();
    // Each fires when the clock reaches its end.
    let ends = [(360_000, minutes(4)), (480_000, minutes(6)), (600_000, minutes(8))];
    assert_eq!(by_clock, ends);
    closes_with("whose-clock", &["14, 18, 4 and 12", "12, 18 and 18"]);
    assert!(verdict(&run).contains("7 of 7 windows, those of the clock for these arrivals alone"));
}

#[test]
fn two_arrival_orders() {
    let (ordered, mixed) = (run("two-orders"), run("two-orders-mixed"));
    for run in [&ordered, &mixed] {
        assert_eq!(sums(run, 1), [6, 15, 15], "event time does not mind the order");
    }
    assert_eq!(sums(&ordered, 2), [6, 15, 15]);
    assert_eq!(sums(&mixed, 2), [1, 12, 23]);
    closes_with("two-orders", &["6, 15 and 15"]);
    closes_with("two-orders-mixed", &["6, 15 and 15", "1, 12 and 23"]);
}

#[test]
fn the_lost_nine_and_what_perfection_costs() {
    let lost = run("lost-nine");
    assert_eq!(sums(&lost, 1), [5, 18, 4, 12]);
    // It came at 12:08:19, when the watermark stood at 12:06; the window had fired at 12:06, when it came to 12:02.
    let dropped = told_of(&lost, "dropped");
    assert_eq!(dropped, ["499000 dropped #6 of 43200000..43320000: 43319999 + 0 by 43560000"]);
    assert_eq!((panes(&lost)[0].0, panes(&lost)[0].2), (360_000, 5));
    let why = "Not as a batch over the same records: 1 of 4 windows differs (1 record dropped).";
    assert_eq!(verdict(&lost), why);
    let perfect = run("perfect-costs");
    assert_eq!(sums(&perfect, 1), [14, 18, 4, 12]);
    // 12:08:40 is 520 s past noon.
    assert_eq!((panes(&perfect)[0].0, panes(&perfect)[0].2), (520_000, 14));
    assert_eq!(verdict(&perfect), "Same as a batch over the same records: 4 of 4 windows.");
    closes_with("lost-nine", &["12:06", "5", "12:08:19"]);
    closes_with("perfect-costs", &["12:02", "12:08:40"]);
}

#[test]
fn discarding_panes_are_added_up_downstream() {
    let run = run("add-downstream");
    let first: Vec<i64> =
        panes(&run).iter().filter(|pane| pane.3 == 43_200_000).map(|pane| pane.2).collect();
    assert_eq!(first, [5, 9]);
    closes_with("add-downstream", &["5 and then 9", "14"]);
}

/// Flink: late when `maxTimestamp + allowedLateness ≤ watermark`. The 17th second's event brings the watermark to
/// 17,000 − 2,000 − 1 = 14,999 = 9,999 + 5,000, which is late to the millisecond.
#[test]
fn allowed_lateness() {
    let run = run("allowed-lateness");
    let panes = told_of(&run, "");
    assert_eq!(
        panes[..3],
        [
            "12700 pane mill 0..10000 OnTime: 8",
            "14200 pane mill 0..10000 Late: 10",
            "18600 dropped #5 of 0..10000: 9999 + 5000 by 14999",
        ]
    );
    closes_with(
        "allowed-lateness",
        &["10 after 8", "end 0:09.999 + lateness 5 s ≤ watermark 0:14.999"],
    );
    // A millisecond more, and the 6 counts too.
    let kept = Key::AllowedLateness;
    let mut longer = scenario("allowed-lateness");
    longer.parameters = longer.parameters.with(kept, 5_001);
    assert!(told_of(&play(&longer), "dropped").is_empty());
}

/// Flink merges what touches; Beam only what overlaps.
#[test]
fn the_bridging_event() {
    let flink = run("bridging-event");
    assert_eq!(sums(&flink, 1), [7, 8]);
    let merges = |run: &FinishedRun| {
        stream_events(run)
            .filter(|(_, kind)| matches!(kind, StreamEvent::WindowsMerged { .. }))
            .count()
    };
    assert_eq!(merges(&flink), 1);
    let beam = run("bridging-event-beam");
    assert_eq!(sums(&beam, 1), [1, 4, 2, 8]);
    assert_eq!(merges(&beam), 0);
    closes_with("bridging-event", &["sums to 7"]);
    closes_with("bridging-event-beam", &["1, 4 and 2", "one of 7"]);
    // A gap that is longer by a millisecond overlaps, and Beam has one session too.
    let mut longer = scenario("bridging-event-beam");
    longer.parameters = longer.parameters.with(Key::SessionGap, 5_001);
    assert_eq!(sums(&play(&longer), 1), [7, 8]);
}

/// Flink's `StatusWatermarkValve`: a channel that wakes up is aligned again only when its watermark has reached the
/// last output, so that the phone, back at 7,999, holds nothing back; and what it brings is late.
#[test]
fn idleness_bites_back() {
    let run = run("idleness-bites");
    let lost = told_of(&run, "dropped");
    assert_eq!(lost.len(), 6);
    assert!(lost.iter().all(|line| line.ends_with("of 0..10000: 9999 + 0 by 17999")), "{lost:?}");
    let phone = |run: &FinishedRun| {
        told_of(run, "pane").iter().any(|line| line.ends_with("pane phone 0..10000 OnTime: 3"))
    };
    assert!(phone(&run), "three of its nine readings of the first window came in time");
    let windows = Subtask::first(millrace::trace::stream::OperatorId(1));
    let from_phone = Input::Channel(Subtask {
        index: 1,
        ..Subtask::first(millrace::trace::stream::OperatorId(0))
    });
    // The phone's channel is active again from 19.6 s on, and stands at 7,999 until 23 s.
    let mut woke = None;
    let mut caught_up = None;
    let mut meanwhile = Vec::new();
    for (at, kind) in stream_events(&run) {
        let is_waiting = woke.is_some() && caught_up.is_none();
        if let StreamEvent::InputActive { subtask, input } = kind
            && (*subtask, *input) == (windows, from_phone)
        {
            woke = Some(at);
        } else if let StreamEvent::InputAdvanced { subtask, input, to, .. } = kind
            && (*subtask, *input) == (windows, from_phone)
            && is_waiting
            && *to > 7_999
        {
            caught_up = Some(at);
        } else if let StreamEvent::WatermarkAdvanced { subtask, to, .. } = kind
            && *subtask == windows
            && is_waiting
        {
            meanwhile.push(*to);
        }
    }
    assert!(woke.is_some_and(|at| (19_600..19_800).contains(&at)), "{woke:?}");
    assert!(caught_up.is_some_and(|at| (23_000..23_400).contains(&at)), "{caught_up:?}");
    assert_eq!(meanwhile[..3], [18_999, 19_999, 20_999]);
    closes_with("idleness-bites", &["0:17.999", "six readings"]);
}

/// Kafka's `suppress` emits when `windowEnd ≤ streamTime − grace`: 30,000 ≤ 27,000 never is.
#[test]
fn my_last_window_never_came_out() {
    let run = run("last-window");
    assert_eq!(sums(&run, 1), [8, 6]);
    let counts = ledger(&run);
    assert_eq!((counts.pending, counts.on_time, counts.dropped), (2, 4, 0));
    let why =
        "Not as a batch over the same records: 1 of 3 windows differs (2 records still pending).";
    assert_eq!(verdict(&run), why);
    // Flink knows that its input has ended, and says the last window then.
    let mut flink = scenario("last-window");
    flink.parameters = flink.parameters.with(Key::Profile, 0);
    assert_eq!(sums(&play(&flink), 1), [8, 6, 7]);
    closes_with("last-window", &["0:27", "0:30", "two records stay pending"]);
}

/// Beam's `AfterCount` without `Repeatedly` fires once and is finished.
#[test]
fn the_trigger_that_finished() {
    let run = run("finished-trigger");
    assert_eq!(sums(&run, 1), [14, 10, 11]);
    let lost: Vec<String> = told_of(&run, "dropped");
    assert!(lost.len() == 2 && lost.iter().all(|line| line.ends_with("closed")), "{lost:?}");
    let fate = |wanted: Fate| -> Vec<ElementId> {
        stream_events(&run)
            .filter_map(|(_, kind)| {
                let StreamEvent::OracleDiffers { elements, .. } = kind else { return None };
                Some(elements.clone())
            })
            .flatten()
            .filter(|(_, fate)| *fate == wanted)
            .map(|(element, _)| element)
            .collect()
    };
    // The 8 at 12:03:06 is the fifth score to come, the 1 the ninth; the 4 the fourth.
    assert_eq!(fate(Fate::Dropped), [ElementId(4), ElementId(8)]);
    assert_eq!(fate(Fate::Pending), [ElementId(3)]);
    closes_with("finished-trigger", &["the 8 and the 1", "the lone 4"]);
}

#[test]
fn the_hot_key() {
    let loads = |scenario: &Scenario| -> Vec<u64> {
        let run = play(scenario);
        let mut loads: BTreeMap<u16, u64> = BTreeMap::new();
        for (_, kind) in stream_events(&run) {
            if let StreamEvent::WindowsAssigned { subtask, .. } = kind {
                *loads.entry(subtask.index).or_default() += 1;
            }
        }
        let parallelism = u16::try_from(scenario.parameters.get(Key::Parallelism)).unwrap();
        (0..parallelism).map(|index| loads.get(&index).copied().unwrap_or(0)).collect()
    };
    let four = scenario("hot-key-stream");
    let by_subtask = loads(&four);
    assert_eq!(by_subtask.iter().sum::<u64>(), 400);
    assert_eq!(by_subtask.iter().max(), Some(&352));
    assert!(by_subtask.contains(&0), "{by_subtask:?}");
    let mut by_key: BTreeMap<String, u64> = BTreeMap::new();
    for (_, kind) in stream_events(&play(&four)) {
        if let StreamEvent::RecordAppended { key, .. } = kind {
            *by_key.entry(key.clone()).or_default() += 1;
        }
    }
    assert_eq!(by_key.values().max(), Some(&346));
    // Twice and four times the subtasks, and one of them has the hot key all the same.
    for parallelism in [8, 16] {
        let mut more = four.clone();
        more.parameters = more.parameters.with(Key::Parallelism, parallelism);
        assert!(loads(&more).iter().any(|load| *load >= 346));
    }
    closes_with("hot-key-stream", &["346", "352"]);
}

/// What was changed has no numbers of the preset's.
#[test]
fn a_changed_stream_is_not_closed_with_the_presets_numbers() {
    use millrace::ui::model::catalog::{closing, question};
    let mut changed = scenario("allowed-lateness");
    let name = Some("allowed-lateness");
    assert_eq!(
        closing(&changed, name),
        lessons::named("allowed-lateness").map(|text| text.closing)
    );
    changed.parameters = changed.parameters.with(Key::AllowedLateness, 60_000);
    assert_eq!(closing(&changed, name), None);
    assert_eq!(question(&changed, name), None, "it is asked what comes out differently");
}

/// Flink's `WatermarksWithIdleness`: the partition of the sensor that stopped holds the watermark until it has been
/// silent for 15 s; each of the others sends on all the while, so that this alone is what all windows wait for.
#[test]
fn the_silent_sensor() {
    let run = run("silent-sensor");
    let of_key = |wanted: &str| -> Vec<(u64, u16)> {
        let its = |(at, kind): (u64, &StreamEvent)| {
            let StreamEvent::RecordAppended { key, partition, .. } = kind else { return None };
            (key == wanted).then_some((at, partition.index))
        };
        stream_events(&run).filter_map(its).collect()
    };
    let (last, own) = *of_key("sensor-2").last().unwrap();
    assert_eq!((last, own), (49_320, 3));
    let mut partitions: Vec<u16> =
        (0..4).map(|sensor| of_key(&format!("sensor-{sensor}"))[0].1).collect();
    partitions.sort_unstable();
    assert_eq!(partitions, [0, 1, 2, 3], "a partition each, and none without a sensor");
    let falls = |(at, kind): (u64, &StreamEvent)| {
        let StreamEvent::InputIdle { input, .. } = kind else { return None };
        Some((at, *input))
    };
    let idle: Vec<(u64, Input)> = stream_events(&run).filter_map(falls).collect();
    assert_eq!(idle, [(64_800, Input::Partition(own))], "one, and not before its time");
    // Nothing is said while it is waited for; then two windows of three sensors, and the one of its own.
    let between = |from: u64, to: u64| panes_between(&run, from, to);
    assert_eq!((between(last, 64_800), between(64_800, 64_900)), (0, 7));
    let counts = ledger(&run);
    assert_eq!((counts.on_time, counts.sum()), (350, 350), "{counts:?}");
    assert_eq!(verdict(&run), "Same as a batch over the same records: 35 of 35 windows.");
    closes_with("silent-sensor", &["sensor-2", "0:49.3", "15 seconds", "1:04.8", "seven windows"]);
}

fn panes_between(run: &FinishedRun, from: u64, to: u64) -> usize {
    told_of(run, "pane")
        .iter()
        .filter(|line| {
            let at: u64 = line.split(' ').next().unwrap().parse().unwrap();
            (from..to).contains(&at)
        })
        .count()
}

/// What the closing sentences of the scores say of their panes.
#[test]
fn early_on_time_and_late_panes_of_the_scores() {
    let count = |name: &str, word: &str| told_of(&run(name), word).len();
    assert_eq!((count("score-early-late", "OnTime"), count("score-early-late", "Early")), (1, 7));
    assert!(
        told_of(&run("score-early-late"), "OnTime")[0].ends_with("43200000..43320000 OnTime: 14")
    );
    closes_with("score-early-late", &["only 12:00–12:02", "14 after 5"]);
    // One is late, the other out of order alone.
    let merged = run("score-sessions");
    assert_eq!(ledger(&merged).late, 1);
    closes_with("score-sessions", &["Two scores that came out of order"]);
    let kept = told_of(&run("score-lateness"), "");
    assert!(kept.contains(&"399000 pane TeamX 43200000..43320000 Late: 11".to_owned()), "{kept:?}");
    assert!(kept.iter().any(|line| line.contains("dropped #7") && line.ends_with("by 43560000")));
    let visits = run("web-sessions");
    assert_eq!((ledger(&visits).on_time, ledger(&visits).sum()), (300, 300));
    closes_with("finished-trigger", &["Each trigger fires but once"]);
}
