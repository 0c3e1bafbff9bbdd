//! What goes together in a graph of operators.

use crate::scenario::graph::{OperatorKind, WindowTime};
use crate::scenario::parameters::ParameterError;
use crate::scenario::table::Key;
use crate::scenario::trigger::Trigger;
use crate::scenario::{JobKind, Scenario, StreamJob};

impl Scenario {
    /// What is wrong with windows of an operator's own clock: the value, and what is allowed.
    pub(in crate::scenario) fn window_time_problem(
        &self,
        time: Option<WindowTime>,
        trigger: Option<&Trigger>,
    ) -> Option<(String, String)> {
        let time = time?;
        let told = |allowed: &str| Some((format!("{time:?}").to_lowercase(), allowed.to_owned()));
        let by_event_time = match trigger {
            Some(own) => own.event_time_interval_ms().is_some(),
            None => self.choice(Key::Trigger) == "event_time_interval",
        };
        match time {
            _ if self.choice(Key::Profile) != "flink" => {
                told("windows of either clock in one job are Flink's: profile = flink")
            }
            WindowTime::Processing if by_event_time => {
                told("a trigger of event time goes with windows of event time")
            }
            WindowTime::Event | WindowTime::Processing => None,
        }
    }

    /// What a graph asks of one system that only another has.
    pub(super) fn graph_profile_problems(&self) -> Vec<ParameterError> {
        let JobKind::Stream(StreamJob::Graph(graph)) = &self.job else { return Vec::new() };
        let has = |wanted: fn(&OperatorKind) -> bool| {
            graph.operators.iter().any(|operator| wanted(&operator.kind))
        };
        let joins = has(|kind| {
            matches!(kind, OperatorKind::WindowJoin | OperatorKind::IntervalJoin { .. })
        });
        let sources = graph.operators.iter().filter(|of| of.kind == OperatorKind::Source).count();
        let mut problems = Vec::new();
        if joins && self.choice(Key::Profile) != "flink" {
            problems.push(self.refuse(Key::Profile, "joins are Flink's: flink"));
        }
        if sources > 1 && self.choice(Key::Profile) == "spark" {
            problems.push(self.refuse(Key::Profile, "with several sources, another than spark"));
        }
        let windowed = ["tumbling", "sliding", "session"];
        if has(|kind| matches!(kind, OperatorKind::WindowJoin))
            && !windowed.contains(&self.choice(Key::Window).as_str())
        {
            let allowed = format!("a window join has one of {}", windowed.join(", "));
            problems.push(self.refuse(Key::Window, allowed));
        }
        let stateful = graph
            .operators
            .iter()
            .filter(|of| {
                !matches!(
                    of.kind,
                    OperatorKind::Source
                        | OperatorKind::Map { .. }
                        | OperatorKind::Filter { .. }
                        | OperatorKind::KeyBy(_)
                        | OperatorKind::Sink
                )
            })
            .count();
        if stateful > 1 && self.choice(Key::Accumulation) == "retracting" {
            let allowed = "what is taken back reaches sinks alone: accumulating or discarding";
            problems.push(self.refuse(Key::Accumulation, allowed));
        }
        problems
    }
}
