//! What the page says of real runs, in reasons, facts and captions: each in the terms of the system whose rules hold,
//! and none against another.

#![expect(clippy::unwrap_used, reason = "a test that can't go on ends there")]

use bytes::Bytes;
use millrace::base::{Millis, Time, Window};
use millrace::lab::run_to_end;
use millrace::scenario::variants::{Cut, Respect, variants};
use millrace::scenario::{Key, STREAM_PRESETS, Scenario, presets};
use millrace::trace::stream::{ElementId, OperatorId, Partition, StreamEvent, Subtask};
use millrace::trace::why::why;
use millrace::trace::{Event, EventKind, Timeline};
use millrace::ui::model::sweep::first_acting;
use millrace::ui::stream::facts::facts;
use millrace::ui::stream::figure::{focus, focus_first};
use millrace::ui::stream::history::History;
use millrace::ui::stream::last_words::LastWords;
use millrace::ui::stream::related::related;
use millrace::ui::stream::waiting::waiting;
use millrace::ui::stream::{KeyName, Thing, WindowName};

const NOON: Millis = 43_200_000;

fn scenario(name: &str) -> Scenario {
    presets::named(name).unwrap().scenario()
}

fn play(scenario: &Scenario) -> (Vec<Event>, Timeline) {
    let run = run_to_end(scenario, Bytes::new()).unwrap();
    let mut timeline = Timeline::new();
    timeline.append(run.events.clone()).unwrap();
    (run.events, timeline)
}

fn run(name: &str) -> (Vec<Event>, Timeline) {
    play(&scenario(name))
}

fn kind(event: &Event) -> Option<&StreamEvent> {
    match &event.kind {
        EventKind::Stream(kind) => Some(kind),
        EventKind::World(_) | EventKind::Batch(_) | EventKind::Failure(_) => None,
    }
}

/// The reasons of all events that are wanted.
fn whys(name: &str, wanted: impl Fn(&StreamEvent) -> bool) -> Vec<String> {
    let (events, mut timeline) = run(name);
    let its = events.iter().filter(|event| kind(event).is_some_and(&wanted));
    its.map(|event| why(event, &timeline.seek(event.seq.0))).collect()
}

fn captions(name: &str) -> Vec<String> {
    let (events, _) = run(name);
    let mut moments = millrace::trace::moment::Moments::new();
    moments.extend(&events);
    moments.all().iter().map(|moment| moment.caption.clone()).collect()
}

fn subtask(operator: u16, index: u16) -> Subtask {
    Subtask { operator: OperatorId(operator), index }
}

fn told(timeline: &mut Timeline, applied: u32, thing: Thing) -> String {
    let facts = facts(&timeline.seek(applied), thing);
    facts.iter().map(|fact| format!("{}: {}; ", fact.term, fact.value)).collect()
}

fn waits(events: &[Event], timeline: &mut Timeline, applied: u32, thing: Thing) -> Vec<String> {
    waiting(&timeline.seek(applied), &events[..applied as usize], thing)
}

fn applied_at(timeline: &Timeline, millis: u64) -> u32 {
    timeline.at_time(Time(millis * 1_000))
}

#[test]
fn a_window_of_the_clock_is_reckoned_from_the_clock() {
    let all = whys(
        "whose-clock",
        |kind| matches!(kind, StreamEvent::WindowsAssigned { subtask, .. } if subtask.operator == OperatorId(2)),
    );
    assert_eq!(
        all[2],
        "start = clock − (clock − offset) mod size = 12:06:13 − (12:06:13 − 0 s) mod 2 min = 12:06:13 − 13 s = 12:06."
    );
    let by_event = whys(
        "whose-clock",
        |kind| matches!(kind, StreamEvent::WindowsAssigned { subtask, .. } if subtask.operator == OperatorId(1)),
    );
    assert!(by_event[2].starts_with("start = time − (time"), "{by_event:?}");
}

#[test]
fn operators_with_windows_are_told_apart_and_the_clock_knows_no_on_time() {
    let captions = captions("whose-clock");
    let panes: Vec<&String> = captions.iter().filter(|text| text.contains("fires")).collect();
    assert!(
        panes.contains(
            &&"Window 12:04–12:06 of TeamX at “clock windows” fires by the clock: 12.".to_owned()
        ),
        "{panes:#?}"
    );
    assert!(
        panes.contains(
            &&"Window 12:00–12:02 of TeamX at “event-time windows” fires its on-time pane: 14."
                .to_owned()
        ),
        "{panes:#?}"
    );
    let (events, mut timeline) = run("whose-clock");
    let applied = applied_at(&timeline, 350_000);
    let window = Window { start: NOON + 240_000, end: NOON + 360_000 };
    let thing = Thing::Window(WindowName::new(subtask(2, 0), "TeamX", window));
    assert!(waits(&events, &mut timeline, applied, thing)[0].contains("no watermark holds it"));
    let ways = related(&timeline.seek(applied), thing);
    assert!(ways.iter().all(|(name, _)| !name.contains("holds the watermark")), "{ways:?}");
    let fired = applied_at(&timeline, 370_000);
    assert!(told(&mut timeline, fired, Thing::Pane(0)).contains("timing: by the clock"));
}

/// Kafka Streams has no watermarks: stream time is the greatest time of a record, and no end of the input moves it.
#[test]
fn kafka_streams_speaks_of_stream_time_to_the_end() {
    let (events, mut timeline) = run("last-window");
    let all = timeline.len();
    for text in captions("last-window") {
        assert!(!text.contains("watermark") && !text.contains('∞'), "{text}");
    }
    for event in &events {
        let text = why(event, &timeline.seek(event.seq.0));
        assert!(!text.contains("watermark"), "{event:?}: {text}");
    }
    let windows = subtask(1, 0);
    let thing =
        Thing::Window(WindowName::new(windows, "mill", Window { start: 20_000, end: 30_000 }));
    let closes =
        "It closes when end 0:30 ≤ stream time − grace 0 s: stream time 0:27 is 3 s short.";
    for applied in [applied_at(&timeline, 27_300), all] {
        let said = waits(&events, &mut timeline, applied, thing);
        assert_eq!(said[0], closes);
        assert!(said.len() == 2 && !said[1].contains("idle"), "{said:?}");
    }
    let facts = told(&mut timeline, all, Thing::Subtask(windows));
    assert!(facts.contains("stream time: 0:27;") && !facts.contains("held by"), "{facts}");
    assert!(
        !told(&mut timeline, all, Thing::Partition(Partition { source: OperatorId(0), index: 0 }))
            .contains("watermark")
    );
}

#[test]
fn what_is_idle_holds_nothing_back() {
    let (events, mut timeline) = run("idleness-bites");
    let applied = applied_at(&timeline, 14_000);
    let phone = Partition { source: OperatorId(0), index: 1 };
    let facts = told(&mut timeline, applied, Thing::Partition(phone));
    assert!(facts.contains("idle: yes") && !facts.contains("holds back"), "{facts}");
    let said = waits(&events, &mut timeline, applied, Thing::Subtask(subtask(0, 1)));
    assert_eq!(
        said,
        [
            "All that it reads is idle: its watermark stays at 0:01.999, and what comes after it does not wait for it."
        ]
    );
    let tram = Partition { source: OperatorId(0), index: 0 };
    assert!(told(&mut timeline, applied, Thing::Partition(tram)).contains("holds back"));
}

/// The bounds of taking in and of dropping meet and do not cross.
#[test]
fn late_and_too_late_do_not_contradict_each_other() {
    let late = whys("allowed-lateness", |kind| {
        matches!(
            kind,
            StreamEvent::PaneFired {
                why: millrace::trace::stream::FireReason::LateElement { .. },
                ..
            }
        )
    });
    let bounds =
        "An element came late: end 0:09.999 ≤ watermark 0:10.499 < end 0:09.999 + lateness 5 s";
    assert!(late[0].starts_with(bounds), "{late:?}");
    assert!(
        late[0].ends_with("it is late, since the watermark had passed the end of its window."),
        "{late:?}"
    );
    let dropped =
        whys("allowed-lateness", |kind| matches!(kind, StreamEvent::RecordDropped { .. }));
    assert!(dropped[0].contains("0:09.999 + lateness 5 s ≤ watermark 0:14.999"), "{dropped:?}");
}

/// Beam fires what lies before the clock: a timer for 12:08 fires at 12:08:00.001.
#[test]
fn a_timer_of_beam_says_why_it_fires_a_millisecond_later() {
    let all = whys("score-delayed", |kind| matches!(kind, StreamEvent::PaneFired { .. }));
    assert!(all[0].starts_with("Timer 12:07:19 < clock 12:07:19.001"), "{all:?}");
    let set = whys("score-delayed", |kind| matches!(kind, StreamEvent::TimerSet { .. }));
    assert!(set.iter().any(|text| text.contains("the clock is past 12:07:19")), "{set:?}");
}

#[test]
fn one_window_grows_and_several_merge() {
    let (events, _) = run("web-sessions");
    let mut grown = 0;
    for event in &events {
        let Some(StreamEvent::WindowsMerged { from, into, .. }) = kind(event) else { continue };
        let text = millrace::trace::sentence::sentence(event);
        let is_one = matches!(from[..], [_]);
        grown += usize::from(is_one);
        assert_eq!(text.contains("merge into"), !is_one, "{text}");
        assert_eq!(text.contains("takes in one more"), is_one && from[0] == *into, "{text}");
        assert!(!text.contains("1 window"), "{text}");
    }
    assert!(grown > 0, "a click within its visit");
}

#[test]
fn captions_say_which_inputs_turn_and_how() {
    let captions = captions("idleness-bites");
    assert!(captions.iter().all(|text| !text.contains("silent or speak")), "{captions:?}");
    assert!(
        captions.contains(&"Partition 1 falls silent: it is not waited for.".to_owned()),
        "{captions:#?}"
    );
}

/// A watermark that goes from operator to operator at one moment is one step, and what fires by it the next.
#[test]
fn a_watermark_on_its_way_is_told_once() {
    let captions = captions("score-early-late-h");
    let marks: Vec<&String> = captions.iter().filter(|text| text.contains("12:02")).collect();
    assert_eq!(marks[0], "The watermark of “source” and “windows” advances to 12:02.");
    assert_eq!(marks.iter().filter(|text| text.contains("advance")).count(), 1, "{marks:#?}");
    for preset in &STREAM_PRESETS {
        let (events, _) = run(preset.name);
        let mut moments = millrace::trace::moment::Moments::new();
        for batch in events.chunks(97) {
            moments.extend(batch);
        }
        let mut whole = millrace::trace::moment::Moments::new();
        whole.extend(&events);
        assert_eq!(moments.all(), whole.all(), "{}", preset.name);
        let half = events.len() / 2;
        let mut first = millrace::trace::moment::Moments::new();
        first.extend(&events[..half]);
        assert_eq!(whole.prefix(&events[..half]).all(), first.all(), "{}", preset.name);
    }
}

#[test]
fn a_preset_names_the_key_that_it_is_about() {
    for (name, key) in [("idleness-bites", "phone"), ("silent-sensor", "sensor-2")] {
        let (events, mut timeline) = run(name);
        let wanted = millrace::lessons::presets::named(name).unwrap().key;
        assert_eq!(wanted, Some(key));
        let (all, history) = (timeline.len(), History::of(&events));
        let snapshot = timeline.seek(all);
        let state = snapshot.stream.as_deref().unwrap();
        assert_ne!(focus(state, &history, None, all).key.as_deref(), Some(key));
        assert_eq!(focus_first(state, &history, None, all, wanted).key.as_deref(), Some(key));
        // What is selected comes first.
        let other = state.records.iter().find(|record| record.key != key).unwrap();
        let selected = focus_first(state, &history, Some(Thing::Record(other.id)), all, wanted);
        assert_eq!(selected.key.map(|key| KeyName::of(&key)), Some(KeyName::of(&other.key)));
    }
}

#[test]
fn a_changed_run_says_in_which_windows_it_answers_otherwise() {
    let last = |scenario: &Scenario| {
        let (_, mut timeline) = play(scenario);
        let end = timeline.seek(timeline.len());
        (LastWords::of(end.stream.as_deref().unwrap()), end)
    };
    let (before, _) = last(&scenario("lost-nine"));
    let (after, end) = last(&scenario("score-early-late-h"));
    let state = end.stream.as_deref().unwrap();
    let said = before.change(&after, state).unwrap();
    assert_eq!(said, "Beside the run before: 12:00–12:02 now says 14, was 5.");
    assert_eq!(
        after.change(&after, state).unwrap(),
        "Each window says in the end what it said in the run before."
    );
    // Discarding panes are added up, retracting and merging sessions leave one word.
    let (summed, _) = last(&scenario("add-downstream"));
    assert_eq!(summed, after);
    let (sessions, end) = last(&scenario("score-sessions"));
    let told = LastWords::default().change(&sessions, end.stream.as_deref().unwrap()).unwrap();
    assert_eq!(
        told,
        "Beside the run before: 12:00:26–12:05:19 now says 36, and had said nothing; 12:06:39–12:08:46 now says 12, and had said nothing."
    );
}

#[test]
fn a_record_of_a_session_names_the_window_that_it_ended_in() {
    let (_, mut timeline) = run("score-sessions");
    let all = timeline.len();
    let facts = told(&mut timeline, all, Thing::Record(ElementId(4)));
    assert!(facts.contains("fate: on time in 12:00:26–12:05:19"), "{facts}");
    // It fired with this before the late 9 came.
    let before = applied_at(&timeline, 470_000);
    let facts = told(&mut timeline, before, Thing::Record(ElementId(4)));
    assert!(facts.contains("fate: on time in 12:02:24–12:05:19"), "{facts}");
}

#[test]
fn no_two_ways_have_one_name_and_a_sweep_begins_with_what_acts() {
    let cut = Cut { at: 6_000, since: None };
    for preset in &STREAM_PRESETS {
        let all = variants(&preset.scenario(), Respect::Triggers, cut, &[]);
        let mut labels: Vec<&str> = all.iter().map(|variant| variant.label.as_str()).collect();
        labels.sort_unstable();
        labels.dedup();
        assert_eq!(labels.len(), all.len(), "{}: {labels:?}", preset.name);
    }
    let first = |name: &str| first_acting(&scenario(name));
    assert_eq!((first("lost-nine"), first("first-stream")), (Key::Watermark, Key::WatermarkDelay));
    assert_eq!(first("last-window"), Key::AllowedLateness);
}
