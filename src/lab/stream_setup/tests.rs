//! Choices stand in the order that is matched, and what would be too much is refused.

use super::*;
use crate::scenario::STREAM_PRESETS;
use crate::scenario::table;

/// The places that are matched above are those of the table's lists.
#[test]
fn choices_stand_in_the_order_that_is_matched() {
    let windows = ["tumbling", "sliding", "session", "global", "count", "kafka_sliding"];
    assert_eq!(table::WINDOWS, windows);
    assert_eq!(
        table::TRIGGERS,
        ["watermark", "count", "delay", "aligned_delay", "event_time_interval", "never"]
    );
    assert_eq!(table::EARLY, ["none", "count", "delay", "aligned_delay"]);
    assert_eq!(table::LATE, ["each", "count", "delay", "none"]);
    assert_eq!(table::ACCUMULATIONS, ["accumulating", "discarding", "retracting"]);
    assert_eq!(table::EMPTY_PANES, ["none", "on_time", "closing", "both"]);
    assert_eq!(table::SPARK_OUTPUTS, ["append", "update", "complete"]);
    assert_eq!(table::TIME_DOMAINS, ["event", "ingestion", "processing"]);
    let aggregates = ["count", "sum", "min", "max", "mean", "distinct", "top"];
    assert_eq!(table::AGGREGATES, aggregates);
    let profiles = ["flink", "beam-java", "beam-python", "kafka-streams", "spark"];
    assert_eq!(table::PROFILES, profiles);
    assert_eq!(
        table::WATERMARKS,
        ["bounded", "per_record", "perfect", "percentile", "book_perfect", "book_heuristic"]
    );
}

#[test]
fn every_preset_makes_a_job() {
    for preset in &STREAM_PRESETS {
        let setup = setup(&preset.scenario(), &[]).unwrap();
        assert!(!setup.spec.records.is_empty() && setup.linger_ms > 0, "{}", preset.name);
    }
}

/// Each record of Kafka's sliding windows is in the windows of all that are near, so that what is said grows with
/// the third power of how dense they are.
#[test]
fn too_dense_sliding_windows_name_the_window_size() {
    let scenario = |events: u64| {
        let mut scenario = STREAM_PRESETS[0].scenario();
        scenario.input = Input::Events("made".to_owned());
        for (name, value) in [
            ("profile", "kafka-streams"),
            ("window", "kafka_sliding"),
            ("keys", "1"),
            ("events_per_second", "100"),
            ("events", &events.to_string()),
        ] {
            scenario.parameters.set_text(name, value).unwrap();
        }
        scenario
    };
    // All within ten seconds: 300³ are 27 million, 400³ are 64.
    assert!(setup(&scenario(300), &[]).is_ok());
    let refused = setup(&scenario(400), &[]).err().unwrap();
    assert_eq!(refused.field.as_deref(), Some("window_size_ms"));
    assert!(refused.message.contains("400 records"), "{}", refused.message);
}

/// A record without a key goes where the producer sticks, whichever partition is slow or silent.
#[test]
fn records_without_a_key_are_of_no_slow_partition() {
    let record = |key: &str| StreamInput {
        event_time: 1,
        arrival: 1,
        key: key.to_owned(),
        value: crate::base::Amount::whole(1),
    };
    let values = Parameters::default().with(Key::IdlePartition, 1);
    let arrivals = |key: &str| -> Vec<Millis> {
        let events = vec![record(key), record(key)];
        records(events, &values, 5).iter().map(|record| record.arrival).collect()
    };
    assert_eq!(arrivals("a"), [6], "the only partition is the first and the last");
    assert_eq!(arrivals(""), [1, 1]);
}
