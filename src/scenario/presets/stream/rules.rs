//! A rule of a real system each, on as few events as show it.

use super::{choice, stream};
use crate::scenario::table::Key::{
    AllowedLateness, ChannelLatency, EventRate, Events, IdleTimeout, KeySkew, Keys, Parallelism,
    Profile, SessionGap, SourceParallelism, StreamPartitions, Watermark, WatermarkDelay, Window,
    WindowSize,
};
use crate::scenario::table::{PROFILES, WATERMARKS, WINDOWS};
use crate::scenario::trigger::Trigger;
use crate::scenario::{JobKind, Key, Parameters, Scenario, StreamJob};

/// Flink keeps a window for five seconds after its end: one late event is in time for that, one is not.
pub(super) fn allowed_lateness() -> Scenario {
    let parameters = Parameters::default()
        .with(WindowSize, 10_000)
        .with(WatermarkDelay, 2_000)
        .with(AllowedLateness, 5_000)
        .with(ChannelLatency, 100);
    stream("late-twice", parameters)
}

/// Three events, each exactly the gap from the next, by Flink's rule: what touches is one session.
pub(super) fn bridging_event() -> Scenario {
    bridge("flink")
}

/// The same by Beam's rule: what only touches stays apart.
pub(super) fn bridging_event_beam() -> Scenario {
    bridge("beam-java")
}

fn bridge(profile: &str) -> Scenario {
    let parameters = Parameters::default()
        .with(Profile, choice(PROFILES, profile))
        .with(Window, choice(WINDOWS, "session"))
        .with(SessionGap, 5_000)
        .with(WatermarkDelay, 10_000)
        .with(ChannelLatency, 100);
    stream("bridge", parameters)
}

/// A phone that is offline counts as idle, and comes back with old readings. Each partition has a source subtask of
/// its own, so that it is a channel's watermark that falls behind and has to catch up.
pub(super) fn idleness_bites() -> Scenario {
    let parameters = Parameters::default()
        .with(WindowSize, 10_000)
        .with(Key::Aggregate, 0)
        .with(WatermarkDelay, 1_000)
        .with(IdleTimeout, 5_000)
        .with(StreamPartitions, 2)
        .with(SourceParallelism, 2)
        .with(ChannelLatency, 50);
    stream("offline-phone", parameters)
}

/// Kafka Streams says a window's final result when a newer record moves stream time past its end; after the last
/// record none comes.
pub(super) fn last_window() -> Scenario {
    let parameters = Parameters::default()
        .with(Profile, choice(PROFILES, "kafka-streams"))
        .with(WindowSize, 10_000)
        .with(ChannelLatency, 100);
    stream("quiet-end", parameters)
}

/// A trigger that fires once, at two scores, and never again. Beam's SDKs refuse it where they are not told to allow unsafe
/// triggers, as Python's can be.
pub(super) fn finished_trigger() -> Scenario {
    let parameters = Parameters::default()
        .with(Profile, choice(PROFILES, "beam-python"))
        .with(WindowSize, 120_000)
        .with(Watermark, choice(WATERMARKS, "book_perfect"))
        .with(ChannelLatency, 0);
    let job = JobKind::Stream(StreamJob::Triggered(Trigger::AfterCount { n: 2 }));
    Scenario { job, ..stream("nine-scores", parameters) }
}

/// One of six keys makes most of the events, and four subtasks are to share them.
pub(super) fn hot_key() -> Scenario {
    let parameters = Parameters::default()
        .with(WindowSize, 5_000)
        .with(Key::Aggregate, 0)
        .with(WatermarkDelay, 1_000)
        .with(Events, 400)
        .with(EventRate, 20)
        .with(Keys, 6)
        .with(KeySkew, 300)
        .with(Parallelism, 4);
    stream("hot-key", parameters)
}
