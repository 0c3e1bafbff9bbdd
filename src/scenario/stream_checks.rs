//! What cannot go together in a stream job, though each value by itself is allowed.

mod faults;
mod graphs;
mod triggers;

use super::events::EVENT_SETS;
use super::parameters::ParameterError;
use super::table::Key;
use super::validate::problem;
use super::{Input, JobKind, Scenario, StreamJob};

/// The most windows that an element may be in.
const WINDOWS_MAX: u64 = 1_000;

impl Scenario {
    /// All that does not go together in a stream job, one entry a field.
    pub(super) fn stream_problems(&self) -> Vec<ParameterError> {
        let mut problems = Vec::new();
        problems.extend(self.events_problem());
        problems.extend(self.parallelism_problems());
        problems.extend(self.window_problems());
        problems.extend(self.profile_problems());
        problems.extend(self.watermark_problems());
        if let JobKind::Stream(StreamJob::Triggered(trigger)) = &self.job {
            problems.extend(self.own_trigger_problems(trigger));
        }
        if let JobKind::Stream(StreamJob::Graph(graph)) = &self.job {
            problems.extend(graph.problems(self));
            problems.extend(self.graph_profile_problems());
        }
        problems.extend(self.stream_fault_problems());
        problems
    }

    fn value(&self, key: Key) -> u64 {
        self.parameters.get(key)
    }

    fn choice(&self, key: Key) -> String {
        key.parameter().show(self.value(key))
    }

    fn refuse(&self, key: Key, allowed: impl Into<String>) -> ParameterError {
        problem(key.parameter().name, self.choice(key), allowed.into())
    }

    fn events_problem(&self) -> Option<ParameterError> {
        match &self.input {
            Input::Events(name) if EVENT_SETS.contains(&name.as_str()) => None,
            Input::Events(name) => {
                let allowed = format!("one of {}", EVENT_SETS.join(", "));
                Some(problem("input.events", name, allowed))
            }
            Input::Builtin(name) => {
                let allowed =
                    "a stream job reads events: {\"events\": NAME}, or a text or file of them";
                Some(problem("input.builtin", name, allowed.to_owned()))
            }
            Input::Files(_) | Input::Made(_) => {
                let allowed = "a stream job reads one file of events, or events by name";
                Some(problem("input", "several files", allowed.to_owned()))
            }
            Input::Text(_) | Input::File { .. } => None,
        }
    }

    fn parallelism_problems(&self) -> Vec<ParameterError> {
        let (groups, partitions) = (self.value(Key::KeyGroups), self.value(Key::StreamPartitions));
        let mut problems = Vec::new();
        if self.value(Key::Parallelism) > groups {
            let allowed = format!("each subtask owns a key group, and max_parallelism = {groups}");
            problems.push(self.refuse(Key::Parallelism, allowed));
        }
        if self.value(Key::SourceParallelism) > partitions {
            let allowed = format!("each subtask reads a partition, and partitions = {partitions}");
            problems.push(self.refuse(Key::SourceParallelism, allowed));
        }
        problems
    }

    fn window_problems(&self) -> Vec<ParameterError> {
        let (size, slide) = (self.value(Key::WindowSize), self.value(Key::WindowSlide));
        let offset = self.value(Key::WindowOffset);
        let mut problems = Vec::new();
        let mut offset_below = |period: u64, what: Key| {
            if offset >= period {
                let allowed = format!("below {} = {period}", what.parameter().name);
                problems.push(self.refuse(Key::WindowOffset, allowed));
            }
        };
        match self.choice(Key::Window).as_str() {
            "tumbling" => offset_below(size, Key::WindowSize),
            "sliding" => {
                offset_below(slide, Key::WindowSlide);
                if size / slide > WINDOWS_MAX {
                    let least = size.div_ceil(WINDOWS_MAX);
                    let allowed = format!(
                        "an element would be in {} windows, and {WINDOWS_MAX} are the most, so at least \
                         {least} with window_size_ms = {size}",
                        size / slide
                    );
                    problems.push(self.refuse(Key::WindowSlide, allowed));
                }
            }
            _ => {}
        }
        problems
    }

    fn profile_problems(&self) -> Vec<ParameterError> {
        let profile = self.choice(Key::Profile);
        let one_of = |key: Key, allowed: &[&str]| {
            let value = self.choice(key);
            let text = || format!("with profile = {profile}, one of {}", allowed.join(", "));
            (!allowed.contains(&value.as_str())).then(|| self.refuse(key, text()))
        };
        let windows: &[&str] = match profile.as_str() {
            "flink" => &["tumbling", "sliding", "session", "global", "count"],
            "beam-java" | "beam-python" => &["tumbling", "sliding", "session", "global"],
            "kafka-streams" => &["tumbling", "sliding", "session", "kafka_sliding"],
            _ => &["tumbling", "sliding", "session"],
        };
        let triggers: &[&str] = match profile.as_str() {
            "flink" => &["watermark", "count", "aligned_delay", "event_time_interval", "never"],
            "beam-java" | "beam-python" => {
                &["watermark", "count", "delay", "aligned_delay", "never"]
            }
            "kafka-streams" => &["watermark", "count"],
            _ => &["watermark"],
        };
        let accumulations: &[&str] = match profile.as_str() {
            "beam-java" => &["accumulating", "discarding", "retracting"],
            "flink" | "beam-python" => &["accumulating", "discarding"],
            _ => &["accumulating"],
        };
        let is_beam = profile.starts_with("beam");
        let (early, late): (&[&str], &[&str]) = if is_beam {
            (super::table::EARLY, super::table::LATE)
        } else {
            (&["none"], &["each"])
        };
        let domains: &[&str] =
            if profile == "flink" { super::table::TIME_DOMAINS } else { &["event", "ingestion"] };
        [
            one_of(Key::Window, windows),
            one_of(Key::Trigger, triggers),
            one_of(Key::Accumulation, accumulations),
            one_of(Key::Early, early),
            one_of(Key::Late, late),
            one_of(Key::TimeOf, domains),
        ]
        .into_iter()
        .flatten()
        .chain(self.numbers_of_profile(&profile))
        .collect()
    }

    /// Numbers that one system or the other does not know.
    fn numbers_of_profile(&self, profile: &str) -> Vec<ParameterError> {
        let mut problems = Vec::new();
        let mut only = |key: Key, value: u64| {
            if self.value(key) != value {
                let allowed = format!("with profile = {profile}, {value}");
                problems.push(self.refuse(key, allowed));
            }
        };
        match profile {
            "flink" => {
                only(Key::TriggerOffset, 0);
                if self.choice(Key::Trigger) == "event_time_interval"
                    && let Some((field, value, allowed)) =
                        self.interval_problem(self.value(Key::TriggerInterval))
                {
                    problems.push(match field.is_empty() {
                        true => self.refuse(Key::Trigger, allowed),
                        false => problem(&field, value, allowed),
                    });
                }
                let by_clock = self.choice(Key::Trigger) == "aligned_delay";
                let fits = self.choice(Key::Window) == "global"
                    || self.choice(Key::TimeOf) == "processing";
                if by_clock && !fits {
                    let allowed = "Flink's continuous trigger of the clock goes with time_domain = processing \
                                   or window = global";
                    problems.push(self.refuse(Key::Trigger, allowed));
                }
            }
            "kafka-streams" => {
                only(Key::TriggerOffset, 0);
                only(Key::WindowOffset, 0);
                if self.choice(Key::Trigger) == "count" {
                    only(Key::TriggerCount, 1);
                }
                if self.choice(Key::Window) == "sliding"
                    && self.value(Key::WindowSlide) > self.value(Key::WindowSize)
                {
                    let allowed = "Kafka's windows leave no gaps: at most window_size_ms";
                    problems.push(self.refuse(Key::WindowSlide, allowed));
                }
            }
            "spark" => {
                only(Key::AllowedLateness, 0);
                only(Key::SourceParallelism, 1);
                if self.choice(Key::Window) == "session"
                    && self.choice(Key::SparkOutput) != "append"
                {
                    problems.push(self.refuse(Key::SparkOutput, "sessions know append alone"));
                }
            }
            _ => {}
        }
        problems
    }

    fn watermark_problems(&self) -> Vec<ParameterError> {
        let watermark = self.choice(Key::Watermark);
        let scores = ["nine-scores", "ten-scores", "session-scores"];
        let has_scores =
            matches!(&self.input, Input::Events(name) if scores.contains(&name.as_str()));
        let mut problems = Vec::new();
        if watermark.starts_with("book_") && !has_scores {
            let allowed = "the book draws the watermark of {\"events\": \"nine-scores\"}, of ten-scores and session-scores";
            problems.push(self.refuse(Key::Watermark, allowed));
        }
        if self.choice(Key::Profile) == "spark" && watermark != "bounded" {
            problems.push(self.refuse(Key::Watermark, "with profile = spark, bounded"));
        }
        problems
    }
}

#[cfg(test)]
mod tests;
