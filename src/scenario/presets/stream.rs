//! The scenarios of the stream lab.

use super::Preset;
use crate::base::Level;
use crate::scenario::table::Key::{
    Accumulation, AllowedLateness, ChannelLatency, Early, IdleTimeout, Late, Parallelism, Profile,
    SessionGap, SourceParallelism, StayOpen, StreamPartitions, Trigger, TriggerCount,
    TriggerInterval, TriggerOffset, Watermark, WatermarkDelay, Window, WindowSize,
};
use crate::scenario::table::{ACCUMULATIONS, EARLY, LATE, PROFILES, TRIGGERS, WATERMARKS, WINDOWS};
use crate::scenario::{Input, JobKind, Key, Parameters, Scenario, StreamJob, VERSION};

/// All of them, in the order of the picker; the stream lab opens on the first.
pub static STREAM_PRESETS: [Preset; 14] = [
    Preset { name: "first-stream", build: first_stream },
    Preset { name: "score-each", build: score_each },
    Preset { name: "score-aligned", build: score_aligned },
    Preset { name: "score-delayed", build: score_delayed },
    Preset { name: "score-perfect", build: score_perfect },
    Preset { name: "score-heuristic", build: score_heuristic },
    Preset { name: "score-early-late", build: score_early_late },
    Preset { name: "score-early-late-h", build: score_early_late_heuristic },
    Preset { name: "score-lateness", build: score_lateness },
    Preset { name: "score-discarding", build: score_discarding },
    Preset { name: "score-retracting", build: score_retracting },
    Preset { name: "score-sessions", build: score_sessions },
    Preset { name: "web-sessions", build: web_sessions },
    Preset { name: "silent-sensor", build: silent_sensor },
];

/// A choice by its name; a name that is none is our mistake.
fn choice(options: &[&str], name: &str) -> u64 {
    let place = options.iter().position(|option| *option == name);
    assert!(place.is_some(), "a preset's own choice: {name}");
    place.unwrap_or_default() as u64
}

fn stream(events: &str, parameters: Parameters) -> Scenario {
    Scenario {
        version: VERSION,
        job: JobKind::Stream(StreamJob::Windows),
        input: Input::Events(events.to_owned()),
        level: Level::Records,
        parameters,
        faults: Vec::new(),
    }
}

/// One source, six events, windows of ten seconds; the last event comes after its window has closed.
fn first_stream() -> Scenario {
    let parameters = Parameters::default()
        .with(WindowSize, 10_000)
        .with(WatermarkDelay, 2_000)
        .with(ChannelLatency, 100);
    stream("six", parameters)
}

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
fn score_each() -> Scenario {
    scores("book_perfect", &[(Trigger, choice(TRIGGERS, "count")), (TriggerCount, 1)])
}

/// Figure 2-7: panes at each odd minute of the clock.
fn score_aligned() -> Scenario {
    let aligned = choice(TRIGGERS, "aligned_delay");
    unwatched(&[(Trigger, aligned), (TriggerInterval, 120_000), (TriggerOffset, 60_000)])
}

/// Figure 2-8: panes two minutes after the first record since the last one.
fn score_delayed() -> Scenario {
    unwatched(&[(Trigger, choice(TRIGGERS, "delay")), (TriggerInterval, 120_000)])
}

/// A watermark so far behind that no window ends before all is said.
fn unwatched(changes: &[(Key, u64)]) -> Scenario {
    let mut all = vec![(WatermarkDelay, 3_600_000), (StayOpen, 120_000)];
    all.extend(changes);
    scores("bounded", &all)
}

/// Figure 2-10, left: one pane a window, nothing lost.
fn score_perfect() -> Scenario {
    scores("book_perfect", &[])
}

/// Figure 2-10, right: the 9 is lost.
fn score_heuristic() -> Scenario {
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
fn score_early_late() -> Scenario {
    early_and_late("book_perfect", &[])
}

/// Figure 2-11, right.
fn score_early_late_heuristic() -> Scenario {
    early_and_late("book_heuristic", &[])
}

/// Figure 2-12: with a lateness of a minute a tenth score is late, and the 9 too late.
fn score_lateness() -> Scenario {
    let mut scenario = early_and_late("book_heuristic", &[(AllowedLateness, 60_000)]);
    scenario.input = Input::Events("ten-scores".to_owned());
    scenario
}

/// Figure 2-13.
fn score_discarding() -> Scenario {
    early_and_late("book_heuristic", &[(Accumulation, choice(ACCUMULATIONS, "discarding"))])
}

/// Figure 2-14.
fn score_retracting() -> Scenario {
    early_and_late("book_heuristic", &[(Accumulation, choice(ACCUMULATIONS, "retracting"))])
}

/// Figure 4-7: sessions that merge and take back what they said.
fn score_sessions() -> Scenario {
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

/// Visits to a site, on four partitions and two subtasks, by Flink's rules.
fn web_sessions() -> Scenario {
    let parameters = Parameters::default()
        .with(Window, choice(WINDOWS, "session"))
        .with(SessionGap, 30_000)
        .with(Key::Aggregate, 0)
        .with(WatermarkDelay, 5_000)
        .with(AllowedLateness, 20_000)
        .with(StreamPartitions, 4)
        .with(SourceParallelism, 2)
        .with(Parallelism, 2)
        .with(IdleTimeout, 20_000)
        .with(Key::Events, 300);
    stream("web-clicks", parameters)
}

/// A sensor stops: its partition holds the watermark back until it counts as idle.
fn silent_sensor() -> Scenario {
    let parameters = Parameters::default()
        .with(WindowSize, 10_000)
        .with(Key::Aggregate, 4)
        .with(WatermarkDelay, 1_000)
        .with(StreamPartitions, 5)
        .with(SourceParallelism, 1)
        .with(Parallelism, 2)
        .with(IdleTimeout, 15_000)
        .with(Key::Events, 500);
    stream("sensors", parameters)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Lab, codec, presets};

    #[test]
    fn every_stream_preset_is_valid_short_and_linked_by_its_name() {
        for preset in &STREAM_PRESETS {
            let scenario = preset.scenario();
            assert_eq!((scenario.validate(), scenario.lab()), (Ok(()), Lab::Stream));
            assert!(preset.name.len() <= 23, "{}", preset.name);
            assert_eq!(presets::of(&scenario).unwrap().name, preset.name);
            let link = codec::encode(&scenario).unwrap();
            assert_eq!(link, format!("#{}", preset.name));
            assert_eq!(codec::decode(&link), Ok(Some(scenario)));
        }
    }
}
