//! Words of the stream lab: short ones that fit a box, and names that say all.

use crate::base::format::{Count, Mark, TimeOfDay};
use crate::base::{Millis, Window};
use crate::trace::snapshot::stream::StreamState;
use crate::trace::stream::{
    Content, Fate, Input, OperatorId, OperatorKind, Partition, Profile, Subtask, TimeDomain, Timing,
};

/// A fate in a few words.
pub fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::Pending => "pending",
        Fate::Early => "early",
        Fate::OnTime => "on time",
        Fate::Late => "late but counted",
        Fate::Dropped => "dropped",
        Fate::Unseen => "never in a pane",
    }
}

/// A pane against the watermark.
pub fn timing(timing: Timing) -> &'static str {
    match timing {
        Timing::Early => "early",
        Timing::OnTime => "on time",
        Timing::Late => "late",
    }
}

/// A window by its bounds: `0:00–0:10`.
pub fn window(window: Window) -> String {
    if window == Window::GLOBAL {
        return "all time".to_owned();
    }
    format!("{}–{}", short_clock(window.start), short_clock(window.end))
}

/// A moment without its date: `12:02`, `0:07`.
pub fn short_clock(at: Millis) -> String {
    TimeOfDay(at).to_string()
}

/// The second in which a moment lies.
pub fn to_second(at: Millis) -> Millis {
    at.saturating_sub(at.rem_euclid(1_000))
}

/// A watermark: `0:07`, or a word where there is none.
pub fn mark(watermark: Option<Millis>) -> String {
    Mark(watermark.unwrap_or(Millis::MIN)).to_string()
}

/// What says how far event time has come in a subtask, with where it stands: `watermark 0:07`, or Kafka's
/// `stream time 0:07`.
pub fn named_mark(state: &StreamState, mark: Option<Millis>) -> String {
    format!("{} {}", state.plan.profile.mark_name(), self::mark(mark))
}

/// Whether the windows of an operator are spans of the machine's clock, whatever the events' own times.
pub fn goes_by_clock(state: &StreamState, id: OperatorId) -> bool {
    let window = state.operator(id).and_then(|plan| plan.window.as_ref());
    window.is_some_and(|window| window.time == TimeDomain::Processing)
}

/// A watermark where there is little room: to the second, and before the beginning that alone.
pub fn short_mark(watermark: Option<Millis>) -> String {
    match watermark {
        None | Some(Millis::MIN | Millis::MAX) => mark(watermark),
        Some(at) if at < 0 => "before 0:00".to_owned(),
        Some(at) => short_clock(to_second(at)),
    }
}

/// What a pane says, in one word or two.
pub fn content(content: &Content) -> String {
    match content {
        Content::Number(amount) => amount.to_string(),
        Content::Top(_) => content.to_string(),
        Content::Pairs(pairs) => format!("{} pairs", Count(pairs.len() as u64)),
        Content::Nothing => "empty".to_owned(),
    }
}

/// What is taken back: with a minus.
pub fn taken_back(what: &Content) -> String {
    format!("−{}", content(what))
}

/// An operator's name, as its card has it.
pub fn operator(state: &StreamState, id: OperatorId) -> String {
    state.operator(id).map_or_else(|| format!("operator {}", id.0), |plan| plan.name.clone())
}

/// A subtask's name: the operator's alone where it has but one.
pub fn subtask(state: &StreamState, id: Subtask) -> String {
    let name = operator(state, id.operator);
    match state.operator(id.operator) {
        Some(plan) if plan.parallelism > 1 => format!("{name} {}", id.index),
        Some(_) | None => name,
    }
}

/// A partition's name, with its source where there are several.
pub fn partition(state: &StreamState, id: Partition) -> String {
    let is_source = |plan: &&crate::trace::stream::OperatorPlan| plan.kind == OperatorKind::Source;
    match state.plan.operators.iter().filter(is_source).count() {
        0 | 1 => format!("partition {}", id.index),
        _ => format!("{}, partition {}", operator(state, id.source), id.index),
    }
}

/// What a subtask hears watermarks from.
pub fn input(state: &StreamState, at: Subtask, input: Input) -> String {
    match input {
        Input::Partition(index) => partition(state, Partition { source: at.operator, index }),
        Input::Channel(from) => subtask(state, from),
    }
}

/// The same where there is little room: `p2` is partition 2, `#1` the subtask 1 before this one.
pub fn short_input(input: Input) -> String {
    match input {
        Input::Partition(index) => format!("p{index}"),
        Input::Channel(from) => format!("#{}", from.index),
    }
}

/// The rules that hold.
pub fn profile(profile: Profile) -> &'static str {
    match profile {
        Profile::Flink => "Flink",
        Profile::BeamJava => "Beam (Java)",
        Profile::BeamPython => "Beam (Python)",
        Profile::KafkaStreams => "Kafka Streams",
        Profile::Spark => "Spark",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_and_watermarks_read_shortly() {
        let noon = 12 * 3_600_000;
        assert_eq!(window(Window { start: noon, end: noon + 120_000 }), "12:00–12:02");
        assert_eq!(window(Window { start: 0, end: 10_000 }), "0:00–0:10");
        assert_eq!(window(Window::GLOBAL), "all time");
        assert_eq!(mark(Some(7_999)), "0:07.999");
        assert_eq!(mark(Some(Millis::MAX)), "+∞");
        let short = [None, Some(-1), Some(7_999), Some(Millis::MAX)].map(short_mark);
        assert_eq!(short, ["none yet", "before 0:00", "0:07", "+∞"]);
    }
}
