//! Small stream jobs of a few events each, and what is told of them, a line each, to compare with what was worked
//! out by hand.

use bytes::Bytes;
use millrace::lab::{FinishedRun, run_to_end};
use millrace::scenario::Scenario;
use millrace::trace::EventKind;
use millrace::trace::stream::{DropReason, LedgerCounts, StreamEvent, Timing};
use serde_json::{Value, json};

/// How long each channel takes, in milliseconds: one hop to the operator, one more to the sink.
pub(crate) const HOP_MS: u64 = 10;

/// A job over the events of a CSV, whose first arrival is within the clock's first second. What is not said is
/// Flink's with a watermark after each record that nothing may be late for.
pub(crate) fn scenario(job: &Value, parameters: &Value, events: &str) -> Scenario {
    let mut all = json!({
        "watermark": "per_record", "watermark_delay_ms": 0, "channel_latency_ms": HOP_MS,
        "watermark_interval_ms": 100
    });
    for (name, value) in parameters.as_object().into_iter().flatten() {
        all[name] = value.clone();
    }
    let text = format!("time,key,value,arrival\n{}\n", events.trim().replace(' ', ""));
    let scenario = json!({
        "version": 1, "job": {"stream": job}, "input": {"text": text}, "parameters": all
    });
    Scenario::from_json(&scenario.to_string()).unwrap_or_else(|error| panic!("{error}"))
}

/// Plays it to its end.
pub(crate) fn play(scenario: &Scenario) -> FinishedRun {
    let millrace::scenario::Input::Text(text) = &scenario.input else { panic!("no text") };
    let run =
        run_to_end(scenario, Bytes::from(text.clone())).unwrap_or_else(|error| panic!("{error}"));
    assert!(run.summary.equals_oracle, "{:?}", run.summary);
    run
}

/// What was said of windows and elements: the clock in milliseconds, and a few words.
pub(crate) fn told(run: &FinishedRun) -> Vec<String> {
    let line = |event: &millrace::trace::Event| {
        let EventKind::Stream(kind) = &event.kind else { return None };
        Some(format!("{} {}", event.at.0 / 1_000, words(kind)?))
    };
    run.events.iter().filter_map(line).collect()
}

/// The same of one kind, by its first word.
pub(crate) fn told_of(run: &FinishedRun, kinds: &[&str]) -> Vec<String> {
    let is_asked = |line: &String| kinds.contains(&line.split(' ').nth(1).unwrap_or_default());
    told(run).into_iter().filter(is_asked).collect()
}

fn words(kind: &StreamEvent) -> Option<String> {
    if let StreamEvent::PaneFired { key, window, timing, content, .. } = kind {
        let timing = match timing {
            Timing::Early => "early",
            Timing::OnTime => "on time",
            Timing::Late => "late",
        };
        return Some(format!("pane {key} {}..{} {timing}: {content}", window.start, window.end));
    }
    if let StreamEvent::RecordDropped { element, window, why, .. } = kind {
        let of = window.map_or(String::new(), |of| format!(" of {}..{}", of.start, of.end));
        return Some(format!("dropped {element}{of}: {}", dropped(*why)));
    }
    if let StreamEvent::LateOutput { element, event_time, allowed_lateness, watermark, .. } = kind {
        return Some(format!("late {element}: {event_time} + {allowed_lateness} <= {watermark}"));
    }
    if let StreamEvent::Joined { left, right, value, event_time, .. } = kind {
        return Some(format!("joined {left} {right} = {value} @{event_time}"));
    }
    if let StreamEvent::SinkReceived { key, content, event_time, .. } = kind {
        return Some(format!("sink {key} {content} @{event_time}"));
    }
    None
}

fn dropped(why: DropReason) -> String {
    match why {
        DropReason::Expired { max_timestamp, allowed_lateness_ms, watermark } => {
            format!("{max_timestamp} + {allowed_lateness_ms} by {watermark}")
        }
        DropReason::Closed => "closed".to_owned(),
        DropReason::InNoWindow => "in no window".to_owned(),
        DropReason::Duplicate { remembered_until } => format!("seen until {remembered_until}"),
        DropReason::Behind { watermark } => format!("behind {watermark}"),
    }
}

/// What became of all elements in all of their windows.
pub(crate) fn ledger(run: &FinishedRun) -> LedgerCounts {
    let of_end = |event: &millrace::trace::Event| {
        let EventKind::Stream(StreamEvent::JobFinished { ledger, .. }) = &event.kind else {
            return None;
        };
        Some(*ledger)
    };
    run.events.iter().find_map(of_end).unwrap_or_default()
}
