//! The same events by their own time and by the machine's clock, side by side in one job of Flink.

use super::{choice, stream};
use crate::scenario::graph::{Graph, Operator, OperatorKind, WindowTime};
use crate::scenario::table::Key::{ChannelLatency, StayOpen, Watermark, WindowSize};
use crate::scenario::table::WATERMARKS;
use crate::scenario::{JobKind, Key, Parameters, Scenario, StreamJob};

/// The nine scores in windows of two minutes. The stream stays open until the last window of the clock is over.
pub(super) fn whose_clock() -> Scenario {
    by_both("nine-scores", "book_perfect", &[(WindowSize, 120_000), (ChannelLatency, 0)])
}

/// Eight events that arrive as they happened.
pub(super) fn two_orders() -> Scenario {
    eight("in-order")
}

/// The same eight, some of which are held up on the way.
pub(super) fn two_orders_mixed() -> Scenario {
    eight("out-of-order")
}

fn eight(events: &str) -> Scenario {
    by_both(events, "perfect", &[(WindowSize, 10_000), (ChannelLatency, 100), (StayOpen, 5_000)])
}

/// One source, and two operators that add up what it reads: one by event time, one by the clock.
fn by_both(events: &str, watermark: &str, changes: &[(Key, u64)]) -> Scenario {
    let parameters = Parameters::default().with(Watermark, choice(WATERMARKS, watermark));
    let changed = |values: Parameters, (key, value): &(Key, u64)| values.with(*key, *value);
    let scenario = stream(events, changes.iter().fold(parameters, changed));
    let operator = |name: &str, kind, inputs: &[&str]| Operator {
        name: name.to_owned(),
        kind,
        inputs: inputs.iter().map(|input| (*input).to_owned()).collect(),
        parallelism: None,
    };
    let windows = |time| OperatorKind::WindowAggregate {
        aggregate: None,
        size_ms: None,
        trigger: None,
        time: Some(time),
    };
    let operators = vec![
        operator("source", OperatorKind::Source, &[]),
        operator("event-time windows", windows(WindowTime::Event), &["source"]),
        operator("clock windows", windows(WindowTime::Processing), &["source"]),
        operator("event-time sums", OperatorKind::Sink, &["event-time windows"]),
        operator("clock sums", OperatorKind::Sink, &["clock windows"]),
    ];
    Scenario { job: JobKind::Stream(StreamJob::Graph(Graph { operators })), ..scenario }
}
