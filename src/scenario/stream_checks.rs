//! What cannot go together in a stream job, though each value by itself is allowed.

use super::events::EVENT_SETS;
use super::graph::OperatorKind;
use super::parameters::ParameterError;
use super::table::Key;
use super::trigger::{Trigger, Wrong};
use super::validate::problem;
use super::{Input, JobKind, Scenario, StreamJob};

/// The most windows that an element may be in.
const WINDOWS_MAX: u64 = 1_000;

/// How often a window may fire by event time alone.
const FIRINGS_MAX: u64 = 10_000;

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
        if let Some(fault) = self.faults.first() {
            let allowed = "stream jobs take no faults yet".to_owned();
            problems.push(problem("faults[0]", format!("\"{fault}\""), allowed));
        }
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

    /// A trigger of the job's own, and what the parameters say beside it.
    fn own_trigger_problems(&self, trigger: &Trigger) -> Vec<ParameterError> {
        let of_own = self.trigger_problems(trigger).into_iter().map(|(path, value, allowed)| {
            problem(&format!("job.stream.triggered{path}"), value, allowed)
        });
        let beside = [Key::Trigger, Key::Early, Key::Late].into_iter().filter_map(|key| {
            let usual = key.parameter().default;
            let allowed =
                || format!("the job has a trigger of its own, so {}", key.parameter().show(usual));
            (self.value(key) != usual).then(|| self.refuse(key, allowed()))
        });
        of_own.chain(beside).collect()
    }

    /// What is wrong with a trigger in this job, by places below it.
    pub(super) fn trigger_problems(&self, trigger: &Trigger) -> Vec<Wrong> {
        let mut problems = trigger.problems(&self.choice(Key::Profile));
        if let Some(interval) = trigger.event_time_interval_ms().filter(|_| problems.is_empty()) {
            problems.extend(self.interval_problem(interval).map(|(field, value, allowed)| {
                let field =
                    if field.is_empty() { "" } else { ".continuous_event_time.interval_ms" };
                (field.to_owned(), value, allowed)
            }));
        }
        let fits = self.choice(Key::Window) == "global" || self.choice(Key::TimeOf) == "processing";
        if problems.is_empty() && trigger.is_of_flinks_clock() && !fits {
            let allowed = "Flink's triggers of the clock go with time_domain = processing or window = \
                           global";
            problems.push((String::new(), "a trigger of the clock".to_owned(), allowed.to_owned()));
        }
        if self.choice(Key::Window) == "count" {
            let allowed = "count windows have a trigger already";
            problems.push((String::new(), "a trigger".to_owned(), allowed.to_owned()));
        }
        problems
    }

    /// Flink's continuous trigger of event time fires for each interval that the watermark passes, and at the end
    /// of the input that is all there is until the end of the window. Gives the field that is wrong, or none
    /// where it is the trigger itself.
    fn interval_problem(&self, interval: u64) -> Option<Wrong> {
        let window = self.choice(Key::Window);
        if window == "global" || self.choice(Key::TimeOf) == "processing" {
            let allowed =
                "Flink's continuous trigger of event time goes with windows of event time that end";
            let value = "each interval of event time".to_owned();
            return Some((String::new(), value, allowed.to_owned()));
        }
        let length = match window.as_str() {
            "session" => self.value(Key::SessionGap),
            _ => self.value(Key::WindowSize),
        };
        (length / interval.max(1) > FIRINGS_MAX).then(|| {
            let allowed = format!(
                "a window of {length} ms would fire more than {FIRINGS_MAX} times, so at least {}",
                length.div_ceil(FIRINGS_MAX)
            );
            (Key::TriggerInterval.parameter().name.to_owned(), interval.to_string(), allowed)
        })
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

    /// What a graph asks of one system that only another has.
    fn graph_profile_problems(&self) -> Vec<ParameterError> {
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

#[cfg(test)]
mod tests {
    use crate::base::Level;
    use crate::scenario::graph::Graph;
    use crate::scenario::{Input, JobKind, Key, Parameters, Scenario, StreamJob, VERSION};

    fn scenario(changes: &[(&str, &str)]) -> Scenario {
        let mut parameters = Parameters::default();
        for (name, text) in changes {
            parameters.set_text(name, text).unwrap();
        }
        Scenario {
            version: VERSION,
            job: JobKind::Stream(StreamJob::Windows),
            input: Input::Events("made".to_owned()),
            level: Level::Records,
            parameters,
            faults: Vec::new(),
        }
    }

    fn fields(changes: &[(&str, &str)]) -> Vec<String> {
        scenario(changes).problems(None).into_iter().map(|problem| problem.key).collect()
    }

    #[test]
    fn each_contradiction_names_its_field() {
        for (changes, field) in [
            (&[("parallelism", "9"), ("max_parallelism", "8")][..], "parallelism"),
            (&[("source_parallelism", "2")], "source_parallelism"),
            (&[("window_offset_ms", "10000")], "window_offset_ms"),
            (&[("window", "sliding"), ("window_slide_ms", "9")], "window_slide_ms"),
            (&[("trigger", "delay")], "trigger"),
            (&[("accumulation", "retracting")], "accumulation"),
            (&[("early_firings", "count")], "early_firings"),
            (&[("profile", "beam-java"), ("window", "count")], "window"),
            (&[("profile", "beam-java"), ("time_domain", "processing")], "time_domain"),
            (&[("profile", "spark"), ("allowed_lateness_ms", "1")], "allowed_lateness_ms"),
            (&[("profile", "kafka-streams"), ("window_offset_ms", "1")], "window_offset_ms"),
            (&[("watermark", "book_perfect")], "watermark"),
            (&[("trigger", "event_time_interval"), ("window", "global")], "trigger"),
            (&[("trigger", "event_time_interval"), ("time_domain", "processing")], "trigger"),
            (
                &[
                    ("trigger", "event_time_interval"),
                    ("trigger_interval_ms", "1"),
                    ("window_size_ms", "20000"),
                ],
                "trigger_interval_ms",
            ),
            (&[("window", "kafka_sliding")], "window"),
        ] {
            assert_eq!(fields(changes), [field], "{changes:?}");
        }
        assert_eq!(fields(&[]), [""; 0]);
    }

    #[test]
    fn values_out_of_range_name_the_field_and_what_is_allowed() {
        for (name, text, allowed) in [
            ("window_size_ms", "0", "from 1 to"),
            ("session_gap_ms", "-1", "from 1 to"),
            ("window_slide_ms", "-5", "from 1 to"),
            ("allowed_lateness_ms", "94608000000", "from 0 to 2592000000"),
            ("profile", "storm", "one of flink"),
        ] {
            let error = Parameters::default().set_text(name, text).unwrap_err().to_string();
            assert!(error.contains(name) && error.contains(allowed), "{error}");
        }
    }

    #[test]
    fn broken_graphs_are_refused_by_field() {
        let told = |operators: &str| -> Vec<String> {
            let graph: Graph =
                serde_json::from_str(&format!("{{\"operators\": [{operators}]}}")).unwrap();
            let scenario =
                Scenario { job: JobKind::Stream(StreamJob::Graph(graph)), ..scenario(&[]) };
            scenario.problems(None).iter().map(ToString::to_string).collect()
        };
        let source = r#"{"name": "in", "kind": "source"}"#;
        let sink = r#"{"name": "out", "kind": "sink", "inputs": ["in"]}"#;
        assert_eq!(told(&format!("{source}, {sink}")), [""; 0]);
        let circle = r#"{"name": "a", "kind": {"map": {}}, "inputs": ["b"]},
                        {"name": "b", "kind": {"map": {}}, "inputs": ["a"]}"#;
        for (operators, words) in [
            (String::new(), ["job.stream.graph.operators", "1 to 64"]),
            (format!("{source}, {sink}, {circle}"), ["job.stream.graph =", "may hear itself"]),
            (source.to_owned(), ["operators[0].name", "unused"]),
            (format!("{source}, {sink}, {source}"), ["operators[0].name", "name of its own"]),
            (
                r#"{"name": "out", "kind": "sink", "inputs": ["x"]}"#.to_owned(),
                ["inputs", "no operator"],
            ),
            (
                format!(
                    "{source}, {sink}, {}",
                    r#"{"name": "o", "kind": "sink", "inputs": ["out"]}"#
                ),
                ["operators[2].inputs", "a sink says nothing"],
            ),
            (
                format!(
                    "{source}, {}",
                    r#"{"name": "o", "kind": "sink", "inputs": ["in"], "parallelism": 65}"#
                ),
                ["parallelism = 65", "max_parallelism"],
            ),
            (
                format!(
                    "{source}, {}",
                    r#"{"name": "j", "kind": "window_join", "inputs": ["in"]}"#
                ),
                ["operators[1].inputs", "hears 2"],
            ),
            (
                format!(
                    "{source}, {sink}, {}",
                    r#"{"name": "j", "kind": {"interval_join": {"lower_ms": 2, "upper_ms": 1}}, "inputs": ["in", "in"]}"#
                ),
                ["operators[2].kind", "at most upper_ms"],
            ),
        ] {
            let told = told(&operators).join("\n");
            for word in words {
                assert!(told.contains(word), "{word}: {told}");
            }
        }
    }

    #[test]
    fn a_stream_scenario_is_written_and_read() {
        let mut scenario = scenario(&[("window", "session"), ("profile", "beam-java")]);
        let json = scenario.to_json();
        assert!(json.contains("\"window\": \"session\"") && json.contains("\"events\": \"made\""));
        assert_eq!(Scenario::from_json(&json), Ok(scenario.clone()));
        scenario.input = Input::Builtin("alice".to_owned());
        assert_eq!(scenario.validate().unwrap_err().field.as_deref(), Some("input.builtin"));
        scenario.job = JobKind::WordCount;
        scenario.input = Input::Events("six".to_owned());
        assert_eq!(scenario.validate().unwrap_err().field.as_deref(), Some("input.events"));
        assert!(
            Key::Seed.parameter().is_of(scenario.lab())
                && !Key::Window.parameter().is_of(scenario.lab())
        );
    }
}
