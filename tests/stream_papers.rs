//! The figures of Akidau et al., Streaming Systems, chapters 2 and 4, through whole jobs: source, watermark,
//! windows and sink in virtual time. Values, order and timing are the book's exactly; the clock within 15 s.

use Timing::{Early, Late, OnTime};
use bytes::Bytes;
use millrace::lab::run_to_end;
use millrace::scenario::presets;
use millrace::trace::EventKind;
use millrace::trace::stream::{Content, StreamEvent, Timing};

/// How far the clock may be from what the figures draw.
const SECONDS: i64 = 15;

/// A pane: minute of its window's start, value, timing, seconds past twelve, values taken back.
type Said = (i64, i64, Timing, i64, Vec<i64>);

fn number(content: &Content) -> i64 {
    let Content::Number(amount) = content else { panic!("{content:?}") };
    amount.0 / 1_000
}

fn said(preset: &str) -> (Vec<Said>, u64) {
    let scenario = presets::named(preset).expect("a preset").scenario();
    let run = run_to_end(&scenario, Bytes::new()).expect("it runs");
    assert!(run.summary.equals_oracle, "{preset}: {:?}", run.summary);
    let mut dropped = 0;
    let panes = run.events.iter().filter_map(|event| {
        let EventKind::Stream(kind) = &event.kind else { return None };
        dropped += u64::from(matches!(kind, StreamEvent::RecordDropped { .. }));
        let StreamEvent::PaneFired { window, timing, content, retracts, .. } = kind else {
            return None;
        };
        let minute = window.start / 60_000 - 720;
        let clock = event.at.0.cast_signed() / 1_000_000;
        let back = retracts.iter().map(|old| number(&old.content)).collect();
        Some((minute, number(content), *timing, clock, back))
    });
    (panes.collect(), dropped)
}

/// Minute of the window, value, timing, minute and second of the clock, values taken back.
type Drawn<'a> = (i64, i64, Timing, (i64, i64), &'a [i64]);

/// Panes of one moment may come in any order; of one window they come as the figure has them.
fn check(preset: &str, dropped: u64, drawn: &[Drawn<'_>]) {
    let (mut panes, lost) = said(preset);
    assert_eq!(lost, dropped, "{preset}");
    panes.sort_by_key(|(minute, _, _, clock, _)| (*minute, *clock));
    let mut drawn = drawn.to_vec();
    drawn.sort_by_key(|(minute, _, _, clock, _)| (*minute, *clock));
    assert_eq!(panes.len(), drawn.len(), "{preset}: {panes:?}");
    for (pane, (minute, value, timing, clock, back)) in panes.iter().zip(drawn) {
        let told = (pane.0, pane.1, pane.2, pane.4.as_slice());
        assert_eq!(told, (minute, value, timing, back), "{preset}: {panes:?}");
        let seconds = clock.0 * 60 + clock.1;
        assert!((pane.3 - seconds).abs() <= SECONDS, "{preset}: {pane:?} at {seconds}");
    }
}

#[test]
fn figure_2_6_a_pane_per_record() {
    check(
        "score-each",
        0,
        &[
            (0, 5, Early, (5, 20), &[]),
            (0, 14, Early, (8, 20), &[]),
            (2, 7, Early, (5, 40), &[]),
            (2, 10, Early, (6, 13), &[]),
            (2, 18, Early, (7, 7), &[]),
            (4, 4, Early, (6, 40), &[]),
            (6, 3, Early, (7, 20), &[]),
            (6, 11, Early, (8, 40), &[]),
            (6, 12, Early, (9, 0), &[]),
        ],
    );
}

#[test]
fn figure_2_7_aligned_delays_of_two_minutes() {
    check(
        "score-aligned",
        0,
        &[
            (0, 5, Early, (7, 0), &[]),
            (2, 10, Early, (7, 0), &[]),
            (4, 4, Early, (7, 0), &[]),
            (0, 14, Early, (9, 0), &[]),
            (2, 18, Early, (9, 0), &[]),
            (6, 12, Early, (9, 0), &[]),
        ],
    );
}

#[test]
fn figure_2_8_unaligned_delays_of_two_minutes() {
    check(
        "score-delayed",
        0,
        &[
            (0, 5, Early, (7, 20), &[]),
            (2, 18, Early, (7, 40), &[]),
            (4, 4, Early, (8, 40), &[]),
            (6, 12, Early, (9, 20), &[]),
            (0, 14, Early, (10, 20), &[]),
        ],
    );
}

#[test]
fn figure_2_10_perfect_and_heuristic_watermarks() {
    check(
        "perfect-costs",
        0,
        &[
            (0, 14, OnTime, (8, 44), &[]),
            (2, 18, OnTime, (8, 56), &[]),
            (4, 4, OnTime, (9, 15), &[]),
            (6, 12, OnTime, (9, 22), &[]),
        ],
    );
    // The 9 is lost.
    check(
        "lost-nine",
        1,
        &[
            (0, 5, OnTime, (6, 0), &[]),
            (2, 18, OnTime, (7, 30), &[]),
            (4, 4, OnTime, (7, 40), &[]),
            (6, 12, OnTime, (9, 22), &[]),
        ],
    );
}

#[test]
fn figure_2_11_early_on_time_and_late() {
    check(
        "score-early-late",
        0,
        &[
            (0, 5, Early, (6, 0), &[]),
            (0, 14, OnTime, (8, 44), &[]),
            (2, 7, Early, (6, 0), &[]),
            (2, 10, Early, (7, 0), &[]),
            (2, 18, Early, (8, 0), &[]),
            (4, 4, Early, (7, 0), &[]),
            (6, 3, Early, (8, 0), &[]),
            (6, 12, Early, (9, 0), &[]),
        ],
    );
    check(
        "score-early-late-h",
        0,
        &[
            (0, 5, OnTime, (6, 0), &[]),
            (0, 14, Late, (8, 20), &[]),
            (2, 7, Early, (6, 0), &[]),
            (2, 10, Early, (7, 0), &[]),
            (2, 18, OnTime, (7, 30), &[]),
            (4, 4, Early, (7, 0), &[]),
            (6, 3, Early, (8, 0), &[]),
            (6, 12, Early, (9, 0), &[]),
        ],
    );
}

#[test]
fn figure_2_12_a_minute_of_lateness() {
    check(
        "score-lateness",
        1,
        &[
            (0, 5, OnTime, (6, 0), &[]),
            (0, 11, Late, (6, 40), &[]),
            (2, 7, Early, (6, 0), &[]),
            (2, 10, Early, (7, 0), &[]),
            (2, 18, OnTime, (7, 30), &[]),
            (4, 4, Early, (7, 0), &[]),
            (6, 3, Early, (8, 0), &[]),
            (6, 12, Early, (9, 0), &[]),
        ],
    );
}

#[test]
fn figure_2_13_discarding() {
    check(
        "add-downstream",
        0,
        &[
            (0, 5, OnTime, (6, 0), &[]),
            (0, 9, Late, (8, 20), &[]),
            (2, 7, Early, (6, 0), &[]),
            (2, 3, Early, (7, 0), &[]),
            (2, 8, OnTime, (7, 30), &[]),
            (4, 4, Early, (7, 0), &[]),
            (6, 3, Early, (8, 0), &[]),
            (6, 9, Early, (9, 0), &[]),
        ],
    );
}

#[test]
fn figure_2_14_retracting() {
    check(
        "score-retracting",
        0,
        &[
            (0, 5, OnTime, (6, 0), &[]),
            (0, 14, Late, (8, 20), &[5]),
            (2, 7, Early, (6, 0), &[]),
            (2, 10, Early, (7, 0), &[7]),
            (2, 18, OnTime, (7, 30), &[10]),
            (4, 4, Early, (7, 0), &[]),
            (6, 3, Early, (8, 0), &[]),
            (6, 12, Early, (9, 0), &[3]),
        ],
    );
}

#[test]
fn figure_4_7_sessions_that_take_back() {
    check(
        "score-sessions",
        0,
        &[
            (0, 5, OnTime, (5, 52), &[]),
            (2, 7, Early, (6, 0), &[]),
            (3, 7, Early, (7, 0), &[]),
            (2, 22, OnTime, (7, 38), &[7, 7]),
            (0, 36, Late, (8, 20), &[5, 22]),
            (6, 3, Early, (8, 0), &[]),
            (6, 12, Early, (9, 0), &[3]),
        ],
    );
}
