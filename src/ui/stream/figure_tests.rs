//! The plot's data of two runs by hand.

use super::*;
use crate::charts::event_time::picture;
use crate::trace::Timeline;
use crate::trace::{Event, Snapshot};
use crate::ui::stream::sample::{SUMS, at, bridged_sessions, nine_scores};

fn at_event(events: &[Event], applied: u32) -> (Rc<Snapshot>, History) {
    let mut timeline = Timeline::new();
    timeline.append(events.to_vec()).unwrap();
    (timeline.seek(applied), History::of(events))
}

fn figure_of(events: &[Event], applied: u32) -> Figure {
    let (snapshot, history) = at_event(events, applied);
    let state = snapshot.stream.as_deref().unwrap();
    let focus = focus(state, &history, None, applied);
    assert_eq!((focus.subtask, focus.key.clone()), (SUMS, None));
    let reach = Reach { events: applied, until: snapshot.at };
    figure(state, &history, &focus, (snapshot.at, applied), reach)
}

/// Streaming Systems, figure 2-10, right.
#[test]
fn the_heuristic_watermark_loses_the_nine() {
    let events = nine_scores();
    let Figure { mut ask, dots, .. } = figure_of(&events, count(&events));
    let panes: Vec<(String, Millis)> =
        ask.panes.iter().map(|pane| (pane.value.clone(), pane.clock)).collect();
    let told = |value: &str, clock| (value.to_owned(), clock);
    assert_eq!(
        panes,
        [told("5", at(6, 0)), told("18", at(7, 30)), told("4", at(7, 40)), told("12", at(9, 22))]
    );
    let nine = ask.dots.iter().find(|dot| dot.label == "9").unwrap();
    assert_eq!((nine.mark, nine.event, nine.clock), (Mark::Dropped, at(1, 26), at(8, 19)));
    let counted = ask.dots.iter().filter(|dot| dot.mark == Mark::Counted).count();
    assert_eq!((counted, dots.len()), (8, 9));
    assert_eq!(ask.event, (at(0, 0), at(8, 0)));
    assert_eq!(ask.watermark[1], (at(6, 0), at(2, 0)));
    (ask.size, ask.text) = ((800.0, 400.0), 12.0);
    let picture = picture(&ask);
    assert_eq!(picture.event_ticks.first().map(|tick| tick.label.as_str()), Some("12:00"));
    assert!(picture.dots.iter().all(|dot| picture.area.y <= dot.at.y));
}

#[test]
fn before_the_first_pane_there_is_a_window_that_fills_and_no_value() {
    let events = nine_scores();
    let before = events.iter().position(|event| {
        matches!(
            event.kind,
            crate::trace::EventKind::Stream(crate::trace::StreamEvent::PaneFired { .. })
        )
    });
    let figure = figure_of(&events, u32::try_from(before.unwrap()).unwrap());
    assert!(figure.ask.panes.is_empty());
    assert_eq!(figure.ask.windows.len(), 2);
    assert_eq!(figure.ask.windows[0].clock, (at(5, 19), at(6, 0)));
    assert!(figure.ask.dots.iter().all(|dot| dot.mark == Mark::Waiting));
}

#[test]
fn sessions_are_seen_to_merge_and_to_take_back_what_they_said() {
    let events = bridged_sessions();
    let figure = figure_of(&events, count(&events));
    let merged: Vec<bool> = figure.ask.windows.iter().map(|window| window.is_merged).collect();
    assert_eq!(merged, [true, true, true, false]);
    assert_eq!(figure.ask.windows[3].event, (1_000, 25_000));
    assert_eq!(figure.ask.windows[3].clock.0, 20_000);
    let last = figure.ask.panes.last().unwrap();
    assert_eq!(
        (last.value.as_str(), &last.takes_back[..]),
        ("12", &["−3".to_owned(), "−4".to_owned()][..])
    );
    let taken: Vec<bool> = figure.ask.panes.iter().map(|pane| pane.is_taken_back).collect();
    assert_eq!(taken, [true, true, false]);
    // A selected window of before leads to what it has become.
    let Thing::Window(name) = figure.windows[0] else { panic!("a window") };
    let (snapshot, _) = at_event(&events, count(&events));
    let state = snapshot.stream.as_deref().unwrap();
    assert_eq!(name.find(state).map(|open| open.window.end), Some(25_000));
    assert_eq!(name.panes(state).len(), 2);
}

fn count(events: &[Event]) -> u32 {
    u32::try_from(events.len()).unwrap()
}
