//! The scenarios of the stream lab.

mod clocks;
mod rules;
mod scores;

use super::Preset;
use crate::base::Level;
use crate::scenario::table::Key::{
    AllowedLateness, ChannelLatency, IdleTimeout, Parallelism, SessionGap, SourceParallelism,
    StreamPartitions, WatermarkDelay, Window, WindowSize,
};
use crate::scenario::table::WINDOWS;
use crate::scenario::{Input, JobKind, Key, Parameters, Scenario, StreamJob, VERSION};

/// All of them, in the order of the picker; the stream lab opens on the first.
pub static STREAM_PRESETS: [Preset; 24] = [
    Preset { name: "first-stream", build: first_stream },
    Preset { name: "whose-clock", build: clocks::whose_clock },
    Preset { name: "two-orders", build: clocks::two_orders },
    Preset { name: "two-orders-mixed", build: clocks::two_orders_mixed },
    Preset { name: "lost-nine", build: scores::lost_nine },
    Preset { name: "perfect-costs", build: scores::perfect_costs },
    Preset { name: "score-each", build: scores::score_each },
    Preset { name: "score-aligned", build: scores::score_aligned },
    Preset { name: "score-delayed", build: scores::score_delayed },
    Preset { name: "score-early-late", build: scores::score_early_late },
    Preset { name: "score-early-late-h", build: scores::score_early_late_heuristic },
    Preset { name: "score-lateness", build: scores::score_lateness },
    Preset { name: "add-downstream", build: scores::add_downstream },
    Preset { name: "score-retracting", build: scores::score_retracting },
    Preset { name: "score-sessions", build: scores::score_sessions },
    Preset { name: "allowed-lateness", build: rules::allowed_lateness },
    Preset { name: "bridging-event", build: rules::bridging_event },
    Preset { name: "bridging-event-beam", build: rules::bridging_event_beam },
    Preset { name: "web-sessions", build: web_sessions },
    Preset { name: "silent-sensor", build: silent_sensor },
    Preset { name: "idleness-bites", build: rules::idleness_bites },
    Preset { name: "last-window", build: rules::last_window },
    Preset { name: "finished-trigger", build: rules::finished_trigger },
    Preset { name: "hot-key-stream", build: rules::hot_key },
];

/// Presets that had another name once, and what they are called now: old links go on leading to them.
pub(super) const RENAMED: [(&str, &str); 3] = [
    ("score-heuristic", "lost-nine"),
    ("score-perfect", "perfect-costs"),
    ("score-discarding", "add-downstream"),
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

/// Four sensors, a partition each. One stops: its partition holds the watermark back until it counts as idle.
fn silent_sensor() -> Scenario {
    let parameters = Parameters::default()
        .with(WindowSize, 10_000)
        .with(Key::Aggregate, 4)
        .with(WatermarkDelay, 1_000)
        .with(StreamPartitions, 4)
        .with(SourceParallelism, 1)
        .with(Parallelism, 2)
        .with(IdleTimeout, 15_000)
        .with(Key::Events, 400);
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

    #[test]
    fn an_old_name_leads_to_the_preset_that_it_became() {
        for (old, new) in RENAMED {
            assert_eq!(presets::named(old).unwrap().name, new);
            let decoded = codec::decode(&format!("#{old}")).unwrap().unwrap();
            assert_eq!(codec::encode(&decoded).unwrap(), format!("#{new}"));
        }
    }
}
