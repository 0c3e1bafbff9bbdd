//! What the stream lab's page makes of real runs: the ledger adds up at every event, truth and output
//! agree where the engine's own oracle says so, and the plot shows the figures of "Streaming Systems".

#![expect(clippy::unwrap_used, reason = "a test that can't go on ends there")]

use bytes::Bytes;
use millrace::charts::event_time::{Mark, picture};
use millrace::lab::run_to_end;
use millrace::scenario::{STREAM_PRESETS, presets};
use millrace::trace::stream::{Fate, LedgerCounts};
use millrace::trace::{Event, Timeline};
use millrace::ui::stream::figure::{Figure, Reach, figure, focus};
use millrace::ui::stream::history::History;
use millrace::ui::stream::ledger::{Row, rows};

fn run(name: &str) -> (Vec<Event>, Timeline) {
    let scenario = presets::named(name).unwrap().scenario();
    let run = run_to_end(&scenario, Bytes::new()).unwrap();
    let mut timeline = Timeline::new();
    timeline.append(run.events.clone()).unwrap();
    (run.events, timeline)
}

fn rows_at(timeline: &mut Timeline, history: &History, applied: u32) -> (Vec<Row>, LedgerCounts) {
    let snapshot = timeline.seek(applied);
    let Some(state) = snapshot.stream.as_deref() else { return Default::default() };
    (rows(state, history, applied), state.ledger)
}

/// Events between two looks at a run of so many: few in a long one.
fn stride(events: usize) -> usize {
    1 + events / 300
}

#[test]
fn the_ledger_of_every_preset_adds_up_all_along() {
    for preset in &STREAM_PRESETS {
        let (events, mut timeline) = run(preset.name);
        let history = History::of(&events);
        for applied in (0..=events.len()).step_by(stride(events.len())) {
            let applied = u32::try_from(applied).unwrap();
            let (rows, ledger) = rows_at(&mut timeline, &history, applied);
            for fate in
                [Fate::Pending, Fate::Early, Fate::OnTime, Fate::Late, Fate::Dropped, Fate::Unseen]
            {
                let sum: u64 = rows.iter().map(|row| row.counts.of(fate)).sum();
                assert_eq!(sum, ledger.of(fate), "{}: {fate:?} after {applied}", preset.name);
            }
        }
    }
}

/// The page's truth is made of the events alone, and the engine's oracle of the records: at the end they
/// find the same number of windows to be as in batch.
#[test]
fn truth_at_the_end_is_what_the_oracle_says() {
    for preset in &STREAM_PRESETS {
        let (events, mut timeline) = run(preset.name);
        let all = u32::try_from(events.len()).unwrap();
        let (rows, _) = rows_at(&mut timeline, &History::of(&events), all);
        let same = rows.iter().filter(|row| row.is_true() == Some(true)).count() as u64;
        let (_, (windows, equal)) = timeline.seek(all).stream.as_ref().unwrap().finished.unwrap();
        assert_eq!((rows.len() as u64, same), (windows, equal), "{}", preset.name);
    }
}

fn at_the_end(name: &str) -> Figure {
    let (events, mut timeline) = run(name);
    let applied = u32::try_from(events.len()).unwrap();
    let snapshot = timeline.seek(applied);
    let (state, history) = (snapshot.stream.as_deref().unwrap(), History::of(&events));
    let focus = focus(state, &history, None, applied);
    let reach = Reach { events: applied, until: snapshot.at };
    figure(state, &history, &focus, (snapshot.at, applied), reach)
}

fn told(figure: &Figure) -> Vec<String> {
    figure
        .ask
        .panes
        .iter()
        .map(|pane| [std::slice::from_ref(&pane.value), &pane.takes_back[..]].concat().join(" "))
        .collect()
}

/// Figure 2-10, right: the 9 is lost.
#[test]
fn the_figure_of_the_lost_nine() {
    let mut lost = at_the_end("lost-nine");
    assert_eq!(told(&lost), ["5", "18", "4", "12"]);
    let dropped = lost.ask.dots.iter().filter(|dot| dot.mark == Mark::Dropped);
    assert_eq!(dropped.map(|dot| dot.label.as_str()).collect::<Vec<_>>(), ["9"]);
    lost.ask.size = (900.0, 420.0);
    lost.ask.text = 12.0;
    let drawn = picture(&lost.ask);
    assert!(drawn.panes.iter().all(|pane| drawn.area.holds(pane.fill)));
    assert!(drawn.watermark.windows(2).all(|pair| pair[1].x >= pair[0].x - 1e-6));
}

/// Figures 2-10 (left), 2-13 and 2-14.
#[test]
fn figures_of_perfection_and_of_accumulation() {
    assert_eq!(told(&at_the_end("perfect-costs")), ["14", "18", "4", "12"]);
    assert_eq!(told(&at_the_end("add-downstream")), ["5", "7", "3", "4", "8", "3", "9", "9"]);
    let retracting = told(&at_the_end("score-retracting"));
    assert_eq!(retracting, ["5", "7", "10 −7", "4", "18 −10", "3", "14 −5", "12 −3"]);
}

/// Figure 4-7: sessions merge, and take back what they said.
#[test]
fn the_figure_of_sessions_shows_merges() {
    let sessions = at_the_end("score-sessions");
    assert!(sessions.ask.windows.iter().filter(|window| window.is_merged).count() >= 4);
    assert!(told(&sessions).iter().any(|pane| pane.starts_with("36 ")), "{:?}", told(&sessions));
    assert!(sessions.ask.panes.iter().any(|pane| pane.is_taken_back));
}
