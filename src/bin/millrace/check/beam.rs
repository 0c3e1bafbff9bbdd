//! What the two Beam files share: their shape, and the rows of a case.

use super::sequences::{self, Sequences, WindowSpec, named};
use millrace::streaming::Millis;
use millrace::streaming::aggregate::Bag;
use millrace::streaming::beam::{Accumulation, Config, Emptiness, TimestampCombiner, Trigger};
use millrace::streaming::output::{DropReason, Output, Timing};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A file.
#[derive(Deserialize)]
pub(super) struct Golden {
    pub(super) windows: BTreeMap<String, WindowSpec>,
    pub(super) triggers: BTreeMap<String, TriggerSpec>,
    pub(super) sequences: Sequences,
    pub(super) cases: Vec<Case>,
}

#[derive(Deserialize)]
pub(super) struct Case {
    pub(super) id: String,
    pub(super) seq: String,
    window: String,
    trigger: String,
    mode: Mode,
    lateness: Millis,
    timestamp_combiner: Option<Combiner>,
    closing: Option<WhenEmpty>,
    on_time: Option<WhenEmpty>,
    pub(super) panes: Vec<Value>,
    pub(super) dropped: Vec<Value>,
    pub(super) holds: Option<Vec<Value>>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Mode {
    Discarding,
    Accumulating,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Combiner {
    EndOfWindow,
    Earliest,
    Latest,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum WhenEmpty {
    Always,
    IfNonEmpty,
}

#[derive(Clone, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum TriggerSpec {
    Default,
    AfterWatermark { early: Option<Box<TriggerSpec>>, late: Option<Box<TriggerSpec>> },
    AfterCount { n: u64 },
    AfterProcessingTime { delay: Millis },
    Repeatedly { of: Box<TriggerSpec> },
    AfterAny { of: Vec<TriggerSpec> },
    AfterAll { of: Vec<TriggerSpec> },
    AfterEach { of: Vec<TriggerSpec> },
    OrFinally { main: Box<TriggerSpec>, until: Box<TriggerSpec> },
    Never,
}

/// What a case came to: the rows of its lists.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) panes: Vec<Value>,
    pub(super) dropped: Vec<Value>,
    pub(super) holds: Vec<Value>,
}

impl Golden {
    /// Reads a file and checks its sequences.
    pub(super) fn read(value: Value) -> Result<Golden, String> {
        let golden: Golden = sequences::read(value)?;
        sequences::validate(&golden.sequences)?;
        Ok(golden)
    }

    /// How the windows of a case work.
    pub(super) fn config(&self, case: &Case) -> Result<Config, String> {
        let window = named("window", &self.windows, "window", &case.window)?;
        let trigger = named("trigger", &self.triggers, "trigger", &case.trigger)?;
        let config = Config {
            assigner: window.assigner()?.ok_or("a count window is none of Beam's")?,
            trigger: built(trigger),
            accumulation: match case.mode {
                Mode::Discarding => Accumulation::Discarding,
                Mode::Accumulating => Accumulation::Accumulating,
            },
            allowed_lateness_ms: case.lateness,
            timestamp_combiner: match case.timestamp_combiner.unwrap_or(Combiner::EndOfWindow) {
                Combiner::EndOfWindow => TimestampCombiner::EndOfWindow,
                Combiner::Earliest => TimestampCombiner::Earliest,
                Combiner::Latest => TimestampCombiner::Latest,
            },
            closing: emptiness(case.closing.unwrap_or(WhenEmpty::IfNonEmpty)),
            on_time: emptiness(case.on_time.unwrap_or(WhenEmpty::Always)),
        };
        config.validate().map_err(|error| error.to_string())
    }
}

impl Rows {
    /// Rows of a step for a key. Keys come in order, so that only the windows are to be sorted.
    pub(super) fn tell(&mut self, step: usize, key: &str, out: Vec<Output<Bag<i64>, i64>>) {
        let (mut panes, mut dropped_rows) = (Vec::new(), Vec::new());
        for output in out {
            match output {
                Output::Pane(pane) => {
                    let order = (pane.window.end, pane.window.start, pane.info.index);
                    panes.push((order, pane));
                }
                Output::Dropped(dropped) => {
                    let Some(window) = dropped.window else { continue };
                    let order = (dropped.value, window.end, window.start);
                    dropped_rows.push((order, reason(dropped.reason)));
                }
                Output::Retraction(_)
                | Output::Merged { .. }
                | Output::Copied { .. }
                | Output::Late { .. }
                | Output::Forgotten { .. } => {}
            }
        }
        dropped_rows.sort_unstable();
        for ((value, end, start), reason) in dropped_rows {
            self.dropped.push(json!([step, key, value, start, end, reason]));
        }
        panes.sort_by_key(|(order, _)| *order);
        for ((end, start, index), pane) in panes {
            let info = pane.info;
            let mut values = pane.contents.0;
            values.sort_unstable();
            let nonspec = info.non_speculative_index.map_or(json!(-1), |index| json!(index));
            let (timing, ts) = (timing(info.timing), pane.timestamp);
            let (first, last) = (info.first, info.last);
            self.panes.push(json!([
                step, key, start, end, timing, index, nonspec, first, last, ts, values
            ]));
        }
    }
}

fn built(spec: &TriggerSpec) -> Trigger {
    let boxed = |of: &TriggerSpec| Box::new(built(of));
    let all = |of: &[TriggerSpec]| of.iter().map(built).collect();
    match spec {
        TriggerSpec::Default => Trigger::Default,
        TriggerSpec::AfterWatermark { early, late } => Trigger::AfterWatermark {
            early: early.as_deref().map(boxed),
            late: late.as_deref().map(boxed),
        },
        TriggerSpec::AfterCount { n } => Trigger::AfterCount { n: *n },
        TriggerSpec::AfterProcessingTime { delay } => {
            Trigger::AfterProcessingTime { delay_ms: *delay, align: None }
        }
        TriggerSpec::Repeatedly { of } => Trigger::Repeatedly(boxed(of)),
        TriggerSpec::AfterAny { of } => Trigger::AfterAny(all(of)),
        TriggerSpec::AfterAll { of } => Trigger::AfterAll(all(of)),
        TriggerSpec::AfterEach { of } => Trigger::AfterEach(all(of)),
        TriggerSpec::OrFinally { main, until } => {
            Trigger::OrFinally { main: boxed(main), until: boxed(until) }
        }
        TriggerSpec::Never => Trigger::Never,
    }
}

fn emptiness(when: WhenEmpty) -> Emptiness {
    match when {
        WhenEmpty::Always => Emptiness::Always,
        WhenEmpty::IfNonEmpty => Emptiness::IfNonEmpty,
    }
}

fn timing(timing: Timing) -> &'static str {
    match timing {
        Timing::Early => "EARLY",
        Timing::OnTime => "ON_TIME",
        Timing::Late => "LATE",
    }
}

fn reason(reason: DropReason) -> &'static str {
    match reason {
        DropReason::Expired { .. } => "expired",
        DropReason::Closed => "closed",
        DropReason::InNoWindow | DropReason::Duplicate { .. } | DropReason::Behind { .. } => {
            "in no window"
        }
    }
}
