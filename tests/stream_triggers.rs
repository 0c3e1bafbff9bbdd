//! Triggers of a scenario's own over the nine scores, by hand: the windows' sums in the order in which they are said.

use bytes::Bytes;
use millrace::lab::run_to_end;
use millrace::scenario::{Scenario, presets};
use millrace::trace::EventKind;
use millrace::trace::stream::{Content, StreamEvent};
use std::collections::BTreeMap;

/// The nine scores behind the perfect watermark, in windows of two minutes, by this trigger.
fn scenario(profile: &str, trigger: &str) -> Scenario {
    let mut scenario = presets::named("score-each").expect("a preset").scenario();
    for (name, value) in
        [("profile", profile), ("trigger", "watermark"), ("allowed_lateness_ms", "0")]
    {
        scenario.parameters.set_text(name, value).expect("a value that is allowed");
    }
    let job = format!(r#"{{"stream": {{"triggered": {trigger}}}}}"#);
    scenario.job = serde_json::from_str(&job).expect("a job");
    scenario
}

/// What each window said, by the minute of its beginning; and how many elements were dropped.
fn said(scenario: &Scenario) -> (Vec<Vec<i64>>, u64) {
    let run = run_to_end(scenario, Bytes::new()).expect("it runs");
    assert!(run.summary.equals_oracle, "{:?}", run.summary);
    let (mut said, mut dropped) = (BTreeMap::<i64, Vec<i64>>::new(), 0);
    for event in &run.events {
        let EventKind::Stream(kind) = &event.kind else { continue };
        dropped += u64::from(matches!(kind, StreamEvent::RecordDropped { .. }));
        if let StreamEvent::PaneFired { window, content: Content::Number(sum), .. } = kind {
            said.entry(window.start / 60_000 - 720).or_default().push(sum.0 / 1_000);
        }
    }
    ([0, 2, 4, 6].map(|minute| said.remove(&minute).unwrap_or_default()).to_vec(), dropped)
}

#[track_caller]
fn check(profile: &str, trigger: &str, sums: [&[i64]; 4], dropped: u64) {
    let (said, lost) = said(&scenario(profile, trigger));
    assert_eq!((said, lost), (sums.map(<[i64]>::to_vec).to_vec(), dropped), "{trigger}");
}

const PAIR: &str =
    r#"[{"after_count": {"n": 2}}, {"after_processing_time": {"delay_ms": 120000}}]"#;

#[test]
fn beams_composites_by_hand() {
    let java = |trigger: &str, sums, dropped| check("beam-java", trigger, sums, dropped);
    // What a count has left comes at the end of the window's life.
    java(r#"{"repeatedly": {"after_count": {"n": 2}}}"#, [&[14], &[10, 18], &[4], &[11, 12]], 0);
    java(
        r#"{"after_each": [{"after_count": {"n": 1}}, {"after_watermark": {}}]}"#,
        [&[5, 14], &[7, 18], &[4], &[3, 12]],
        0,
    );
    // The second element ends it; the third is dropped, as its window is closed.
    java(
        r#"{"or_finally": {"main": {"repeatedly": {"after_count": {"n": 1}}}, "until": {"after_count": {"n": 2}}}}"#,
        [&[5, 14], &[7, 10], &[4], &[3, 11]],
        2,
    );
    java(&format!(r#"{{"after_all": {PAIR}}}"#), [&[14], &[18], &[4], &[12]], 0);
    java(&format!(r#"{{"after_first": {PAIR}}}"#), [&[5], &[10], &[4], &[11]], 3);
    java(
        &format!(r#"{{"repeatedly": {{"after_first": {PAIR}}}}}"#),
        [&[5, 14], &[10, 18], &[4], &[11, 12]],
        0,
    );
    java(r#""default""#, [&[14], &[18], &[4], &[12]], 0);
}

/// Python's parallel triggers are asked again as they fire, always as if the watermark had moved, so that a delay
/// fires the window and never finishes it: `_ParallelTriggerFn.on_fire`.
#[test]
fn beam_pythons_delays_do_not_finish_the_first_of_several() {
    let first = format!(r#"{{"after_first": {PAIR}}}"#);
    check("beam-python", &first, [&[5, 14], &[10], &[4], &[11]], 2);
}

#[test]
fn flinks_purging_and_counting() {
    check("flink", r#"{"purging": {"count": {"n": 2}}}"#, [&[14], &[10], &[], &[11]], 0);
    check("flink", r#"{"count": {"n": 1}}"#, [&[5, 14], &[7, 10, 18], &[4], &[3, 11, 12]], 0);
    check("flink", r#"{"purging": "event_time"}"#, [&[14], &[18], &[4], &[12]], 0);
}

/// What the parameters can say too comes to the same, event by event.
#[test]
fn a_trigger_of_ones_own_and_the_parameters_agree() {
    for (profile, trigger, parameters) in [
        (
            "flink",
            r#"{"continuous_event_time": {"interval_ms": 30000}}"#,
            &[("trigger", "event_time_interval"), ("trigger_interval_ms", "30000")][..],
        ),
        (
            "flink",
            r#"{"purging": {"count": {"n": 2}}}"#,
            &[("trigger", "count"), ("trigger_count", "2"), ("accumulation", "discarding")],
        ),
        (
            "beam-java",
            r#"{"after_watermark": {"early": {"after_processing_time": {"delay_ms": 60000}}, "late": {"after_count": {"n": 1}}}}"#,
            &[("early_firings", "delay"), ("trigger_interval_ms", "60000")],
        ),
    ] {
        let own = scenario(profile, trigger);
        let mut other =
            Scenario { job: presets::named("score-each").unwrap().scenario().job, ..own.clone() };
        for (name, value) in parameters {
            other.parameters.set_text(name, value).unwrap();
        }
        assert_eq!(said(&own), said(&other), "{trigger}");
    }
}

/// A wrong part is named by its place, by whoever reads the scenario.
#[test]
fn wrong_triggers_name_their_field() {
    for (profile, trigger, field) in [
        (
            "beam-java",
            r#"{"repeatedly": {"after_count": {"n": 0}}}"#,
            "job.stream.triggered.repeatedly.after_count.n",
        ),
        (
            "flink",
            r#"{"purging": {"after_each": ["never"]}}"#,
            "job.stream.triggered.purging.after_each",
        ),
        ("flink", r#""processing_time""#, "job.stream.triggered"),
        ("kafka-streams", r#""never""#, "job.stream.triggered.never"),
        (
            "flink",
            r#"{"purging": {"continuous_event_time": {"interval_ms": 1}}}"#,
            "job.stream.triggered.continuous_event_time.interval_ms",
        ),
    ] {
        let error = Scenario::from_json(&scenario(profile, trigger).to_json()).unwrap_err();
        assert_eq!(error.field.as_deref(), Some(field), "{error}");
    }
    let mut both = scenario("beam-java", r#""default""#);
    both.parameters.set_text("early_firings", "count").unwrap();
    assert_eq!(both.validate().unwrap_err().field.as_deref(), Some("early_firings"));
    let unknown =
        scenario("beam-java", r#""default""#).to_json().replace("\"default\"", "\"sometimes\"");
    let error = Scenario::from_json(&unknown).unwrap_err();
    assert_eq!(error.field.as_deref(), Some("job.stream.triggered"), "{error}");
}
