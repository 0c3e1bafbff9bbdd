//! The nine scores of Akidau et al., Streaming Systems, by Beam's rules: a preset for each figure.

use super::{choice, stream};
use crate::scenario::table::Key::{
    Accumulation, AllowedLateness, ChannelLatency, Early, Late, Profile, SessionGap, StayOpen,
    Trigger, TriggerCount, TriggerInterval, TriggerOffset, Watermark, WatermarkDelay, Window,
    WindowSize,
};
use crate::scenario::table::{ACCUMULATIONS, EARLY, LATE, PROFILES, TRIGGERS, WATERMARKS, WINDOWS};
use crate::scenario::{Input, Key, Parameters, Scenario};

/// The book's job: sums of two minutes, by Beam's rules, on one machine.
fn scores(watermark: &str, changes: &[(Key, u64)]) -> Scenario {
    let parameters = Parameters::default()
        .with(Window, choice(WINDOWS, "tumbling"))
        .with(WindowSize, 120_000)
        .with(Profile, choice(PROFILES, "beam-java"))
        .with(Watermark, choice(WATERMARKS, watermark))
        .with(ChannelLatency, 0);
    let changed = |values: Parameters, (key, value): &(Key, u64)| values.with(*key, *value);
    stream("nine-scores", changes.iter().fold(parameters, changed))
}

/// Figure 2-6: a pane for each record.
pub(super) fn score_each() -> Scenario {
    scores("book_perfect", &[(Trigger, choice(TRIGGERS, "count")), (TriggerCount, 1)])
}

/// Figure 2-7: panes at each odd minute of the clock.
pub(super) fn score_aligned() -> Scenario {
    let aligned = choice(TRIGGERS, "aligned_delay");
    unwatched(&[(Trigger, aligned), (TriggerInterval, 120_000), (TriggerOffset, 60_000)])
}

/// Figure 2-8: panes two minutes after the first record since the last one.
pub(super) fn score_delayed() -> Scenario {
    unwatched(&[(Trigger, choice(TRIGGERS, "delay")), (TriggerInterval, 120_000)])
}

/// A watermark so far behind that no window ends before all is said.
fn unwatched(changes: &[(Key, u64)]) -> Scenario {
    let mut all = vec![(WatermarkDelay, 3_600_000), (StayOpen, 120_000)];
    all.extend(changes);
    scores("bounded", &all)
}

/// Figure 2-10, left: one pane a window, nothing lost.
pub(super) fn perfect_costs() -> Scenario {
    scores("book_perfect", &[])
}

/// Figure 2-10, right: the 9 is lost.
pub(super) fn lost_nine() -> Scenario {
    scores("book_heuristic", &[(Late, choice(LATE, "none"))])
}

/// Early panes each minute of the clock, late ones for each record, and a lateness that takes all.
fn early_and_late(watermark: &str, more: &[(Key, u64)]) -> Scenario {
    let mut changes = vec![
        (Early, choice(EARLY, "aligned_delay")),
        (TriggerInterval, 60_000),
        (Late, choice(LATE, "each")),
        (AllowedLateness, 600_000),
    ];
    changes.extend(more);
    scores(watermark, &changes)
}

/// Figure 2-11, left.
pub(super) fn score_early_late() -> Scenario {
    early_and_late("book_perfect", &[])
}

/// Figure 2-11, right.
pub(super) fn score_early_late_heuristic() -> Scenario {
    early_and_late("book_heuristic", &[])
}

/// Figure 2-12: with a lateness of a minute a tenth score is late, and the 9 too late.
pub(super) fn score_lateness() -> Scenario {
    let mut scenario = early_and_late("book_heuristic", &[(AllowedLateness, 60_000)]);
    scenario.input = Input::Events("ten-scores".to_owned());
    scenario
}

/// Figure 2-13.
pub(super) fn add_downstream() -> Scenario {
    early_and_late("book_heuristic", &[(Accumulation, choice(ACCUMULATIONS, "discarding"))])
}

/// Figure 2-14.
pub(super) fn score_retracting() -> Scenario {
    early_and_late("book_heuristic", &[(Accumulation, choice(ACCUMULATIONS, "retracting"))])
}

/// Figure 4-7: sessions that merge and take back what they said.
pub(super) fn score_sessions() -> Scenario {
    let mut scenario = early_and_late(
        "book_heuristic",
        &[
            (Window, choice(WINDOWS, "session")),
            (SessionGap, 60_000),
            (Accumulation, choice(ACCUMULATIONS, "retracting")),
        ],
    );
    scenario.input = Input::Events("session-scores".to_owned());
    scenario
}
