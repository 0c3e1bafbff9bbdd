//! Lessons and scenarios know nothing of each other; here it is seen that they fit.

use millrace::lessons::jobs::JOB_TEXTS;
use millrace::lessons::presets::{PRESET_TEXTS, Stop};
use millrace::lessons::stream_presets::STREAM_PRESET_TEXTS;
use millrace::scenario::{BATCH_JOBS, PRESETS, STREAM_PRESETS, presets};
use millrace::trace::failure::FailureEvent;
use millrace::trace::{BatchEvent, StreamEvent, WorldEvent};
use serde_json::json;

#[test]
fn each_preset_has_its_words_and_in_the_same_order() {
    let scenarios: Vec<&str> = PRESETS.iter().map(|preset| preset.name).collect();
    let texts: Vec<&str> = PRESET_TEXTS.iter().map(|text| text.name).collect();
    assert_eq!(scenarios, texts);
    let scenarios: Vec<&str> = STREAM_PRESETS.iter().map(|preset| preset.name).collect();
    let texts: Vec<&str> = STREAM_PRESET_TEXTS.iter().map(|text| text.name).collect();
    assert_eq!(scenarios, texts);
}

#[test]
fn each_job_has_its_words_and_a_preset_that_runs_it() {
    let jobs: Vec<&str> = BATCH_JOBS.iter().map(|job| job.name()).collect();
    let texts: Vec<&str> = JOB_TEXTS.iter().map(|text| text.name).collect();
    assert_eq!(jobs, texts);
    for (job, text) in BATCH_JOBS.iter().zip(&JOB_TEXTS) {
        let preset = presets::named(text.preset).expect("a preset of this name").scenario();
        assert_eq!(preset.job, *job, "{}", text.preset);
    }
}

/// A kind without its fields is refused for the fields that it lacks; a name that is no kind, for
/// the name.
#[test]
fn presets_stop_at_kinds_of_event_that_exist() {
    let problem = |kind: &str| {
        let event = json!({ kind: {} });
        [
            serde_json::from_value::<BatchEvent>(event.clone()).unwrap_err().to_string(),
            serde_json::from_value::<FailureEvent>(event.clone()).unwrap_err().to_string(),
            serde_json::from_value::<WorldEvent>(event.clone()).unwrap_err().to_string(),
            serde_json::from_value::<StreamEvent>(event).unwrap_err().to_string(),
        ]
        .join("; ")
    };
    assert!(!problem("no_such_event").contains("missing field"));
    for text in PRESET_TEXTS.iter().chain(STREAM_PRESET_TEXTS) {
        if let Stop::Before(kind) = text.stops {
            assert!(problem(kind).contains("missing field"), "{}: {}", text.name, problem(kind));
        }
    }
}
