//! A stream job as a graph of the reader's own. What it leaves open, the parameters say.

use super::Scenario;
use super::parameters::ParameterError;
use super::table::Key;
use super::trigger::Trigger;
use super::validate::problem;
use crate::base::{Amount, Millis};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The most operators of a job.
pub const OPERATORS_MAX: usize = 64;

/// The longest bound of an interval join: thirty days.
const BOUND_MAX: Millis = 30 * 86_400_000;

/// Operators, and who hears whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Graph {
    /// The operators, in any order.
    pub operators: Vec<Operator>,
}

/// An operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    /// Its name, by which others hear it.
    pub name: String,
    /// What it does.
    pub kind: OperatorKind,
    /// Whom it hears: one, two for a join, none for a source.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<String>,
    /// Its subtasks, where they differ from the parameter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parallelism: Option<u16>,
}

/// What an operator does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum OperatorKind {
    /// Reads a topic. Where there are several, the events are dealt out to them in turn.
    Source,
    /// Makes `value × by + add` of each value.
    Map {
        /// What a value is multiplied by.
        #[serde(default = "one")]
        by: i32,
        /// What is added, in thousandths.
        #[serde(default)]
        add: Amount,
    },
    /// Lets through what is within these bounds, in thousandths, and has this key, where they are given.
    Filter {
        /// The least value.
        #[serde(default)]
        at_least: Option<Amount>,
        /// The greatest value.
        #[serde(default)]
        at_most: Option<Amount>,
        /// The only key.
        #[serde(default)]
        key: Option<String>,
    },
    /// Gives elements another key.
    KeyBy(NewKey),
    /// Adds up by key and window, as the parameters say; with a size, in tumbling windows of it.
    WindowAggregate {
        /// What is made of a window, where it is not the parameter's.
        #[serde(default)]
        aggregate: Option<String>,
        /// The size of tumbling windows, where they are not the parameters' windows.
        #[serde(default)]
        size_ms: Option<u64>,
        /// When its windows fire, where that is not as the parameters say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        trigger: Option<Trigger>,
        /// By which clock its windows are assigned and end, where it is not the parameter's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        time: Option<WindowTime>,
    },
    /// Adds up by key, and says each change.
    RunningAggregate,
    /// Lets the first of a key through.
    Deduplicate,
    /// Joins each left with each right element of one key and window.
    WindowJoin,
    /// Joins a left element with right ones of its key from `lower_ms` to `upper_ms` after it.
    IntervalJoin {
        /// How much earlier (when negative) or later a right element may be, at least.
        lower_ms: Millis,
        /// And at most.
        upper_ms: Millis,
    },
    /// Counts by key, and says the count when the key falls silent.
    Silence,
    /// Where results go.
    Sink,
}

/// Whose clock windows go by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WindowTime {
    /// The elements' own times, and the watermark: `TumblingEventTimeWindows`.
    Event,
    /// The machine's, as it stands when an element comes: `TumblingProcessingTimeWindows`.
    Processing,
}

/// Another key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NewKey {
    /// The first letter of the old one.
    FirstLetter,
    /// The value.
    Value,
    /// One for all.
    One,
}

const fn one() -> i32 {
    1
}

impl OperatorKind {
    /// How many others it hears, and whether others may hear it.
    const fn arity(&self) -> (usize, bool) {
        match self {
            OperatorKind::Source => (0, true),
            OperatorKind::WindowJoin | OperatorKind::IntervalJoin { .. } => (2, true),
            OperatorKind::Sink => (1, false),
            OperatorKind::Map { .. }
            | OperatorKind::Filter { .. }
            | OperatorKind::KeyBy(_)
            | OperatorKind::WindowAggregate { .. }
            | OperatorKind::RunningAggregate
            | OperatorKind::Deduplicate
            | OperatorKind::Silence => (1, true),
        }
    }
}

impl Graph {
    /// The operators in an order in which each stands behind those that it hears; nothing when
    /// they hear each other in a circle. Ties keep the order of the list.
    pub fn sorted(&self) -> Option<Vec<&Operator>> {
        let mut left: Vec<&Operator> = self.operators.iter().collect();
        let mut sorted: Vec<&Operator> = Vec::new();
        while !left.is_empty() {
            let known: BTreeSet<&str> = sorted.iter().map(|of| of.name.as_str()).collect();
            let ready =
                |of: &&Operator| of.inputs.iter().all(|input| known.contains(input.as_str()));
            let place = left.iter().position(ready)?;
            sorted.push(left.remove(place));
        }
        Some(sorted)
    }

    /// What is wrong with it, by field.
    pub(super) fn problems(&self, scenario: &Scenario) -> Vec<ParameterError> {
        let count = self.operators.len();
        if count == 0 || count > OPERATORS_MAX {
            let allowed = format!("a job has 1 to {OPERATORS_MAX} operators");
            return vec![problem(
                "job.stream.graph.operators",
                format!("{count} operators"),
                allowed,
            )];
        }
        let each = (0..).zip(&self.operators);
        let mut problems: Vec<ParameterError> =
            each.flat_map(|(place, of)| self.of_operator(scenario, place, of)).collect();
        if problems.is_empty() && self.sorted().is_none() {
            let names: Vec<&str> = self.operators.iter().map(|of| of.name.as_str()).collect();
            let allowed = "no operator may hear itself, be it by way of others";
            problems.push(problem("job.stream.graph", names.join(", "), allowed.to_owned()));
        }
        problems
    }

    fn of_operator(
        &self,
        scenario: &Scenario,
        place: usize,
        operator: &Operator,
    ) -> Vec<ParameterError> {
        let field = |name: &str| format!("job.stream.graph.operators[{place}].{name}");
        let mut problems = Vec::new();
        let mut refuse = |name: &str, value: String, allowed: String| {
            problems.push(problem(&field(name), value, allowed));
        };
        let name = &operator.name;
        let same = self.operators.iter().filter(|other| other.name == *name).count();
        if name.is_empty() || name.len() > 40 || same > 1 {
            let allowed = "each operator has a name of its own, of 1 to 40 bytes";
            refuse("name", format!("{name:?}"), allowed.to_owned());
        }
        let (arity, is_heard) = operator.kind.arity();
        if operator.inputs.len() != arity {
            let value = format!("{} inputs", operator.inputs.len());
            refuse("inputs", value, format!("\"{name}\" hears {arity} others"));
        }
        for input in &operator.inputs {
            let heard = self.operators.iter().find(|other| other.name == *input);
            match heard.map(|other| other.kind.arity().1) {
                Some(true) => {}
                Some(false) => refuse("inputs", format!("{input:?}"), "a sink says nothing".into()),
                None => refuse("inputs", format!("{input:?}"), "no operator has this name".into()),
            }
        }
        let heard = self.operators.iter().any(|other| other.inputs.contains(name));
        if is_heard && !heard {
            let allowed = "each operator but a sink is heard by another";
            refuse("name", format!("{name:?}"), format!("it is unused: {allowed}"));
        }
        self.numbers(scenario, operator, &mut refuse);
        problems
    }

    fn numbers(
        &self,
        scenario: &Scenario,
        operator: &Operator,
        refuse: &mut impl FnMut(&str, String, String),
    ) {
        let groups = scenario.parameters.get(Key::KeyGroups);
        if let Some(parallelism) = operator.parallelism
            && !(1..=groups.min(64)).contains(&u64::from(parallelism))
        {
            let allowed = format!("1 to 64, and at most max_parallelism = {groups}");
            refuse("parallelism", parallelism.to_string(), allowed);
        }
        match &operator.kind {
            OperatorKind::IntervalJoin { lower_ms, upper_ms } => {
                let bounds = -BOUND_MAX..=BOUND_MAX;
                if lower_ms > upper_ms || !bounds.contains(lower_ms) || !bounds.contains(upper_ms) {
                    let allowed = "lower_ms is at most upper_ms, and both are within 30 days";
                    refuse("kind", format!("{lower_ms} to {upper_ms} ms"), allowed.to_owned());
                }
            }
            OperatorKind::WindowAggregate { aggregate, size_ms, trigger, time } => {
                if let Some((value, allowed)) =
                    scenario.window_time_problem(*time, trigger.as_ref())
                {
                    refuse("kind.window_aggregate.time", value, allowed);
                }
                for (path, value, allowed) in
                    trigger.iter().flat_map(|trigger| scenario.trigger_problems(trigger))
                {
                    refuse(&format!("kind.window_aggregate.trigger{path}"), value, allowed);
                }
                let known = super::table::AGGREGATES;
                if let Some(name) =
                    aggregate.as_ref().filter(|name| !known.contains(&name.as_str()))
                {
                    refuse("kind", format!("{name:?}"), format!("one of {}", known.join(", ")));
                }
                if let Some(size) = size_ms
                    && Key::WindowSize.parameter().check(*size).is_err()
                {
                    refuse("kind", size.to_string(), Key::WindowSize.parameter().allowed());
                }
            }
            OperatorKind::Source
            | OperatorKind::Map { .. }
            | OperatorKind::Filter { .. }
            | OperatorKind::KeyBy(_)
            | OperatorKind::RunningAggregate
            | OperatorKind::Deduplicate
            | OperatorKind::WindowJoin
            | OperatorKind::Silence
            | OperatorKind::Sink => {}
        }
    }
}
