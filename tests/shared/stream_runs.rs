//! Random stream jobs over random inputs.

use millrace::base::Level;
use millrace::base::random::Random;
use millrace::scenario::graph::Graph;
use millrace::scenario::trigger::Trigger;
use millrace::scenario::{Input, JobKind, Key, Parameters, Scenario, StreamJob, VERSION};

/// A random valid scenario. Choices that don't go together are taken back one by one.
pub(crate) fn scenario(random: &mut Random) -> Scenario {
    let mut parameters = Parameters::default();
    let mut set = |name: &str, value: String| {
        parameters.set_text(name, &value).expect("a value that is allowed")
    };
    let pick = |random: &mut Random, of: &[&str]| {
        of[usize::try_from(random.below(of.len() as u64)).unwrap_or(0)].to_owned()
    };
    let profiles = ["flink", "flink", "beam-java", "beam-python", "kafka-streams", "spark"];
    set("profile", pick(random, &profiles));
    let windows = ["tumbling", "sliding", "session", "global", "count", "kafka_sliding"];
    set("window", pick(random, &windows));
    set("trigger", pick(random, &["watermark", "watermark", "count", "aligned_delay", "delay"]));
    set(
        "accumulation",
        pick(random, &["accumulating", "accumulating", "discarding", "retracting"]),
    );
    let aggregates = ["count", "sum", "min", "max", "mean", "distinct", "top"];
    set("aggregate", pick(random, &aggregates));
    set("early_firings", pick(random, &["none", "count", "delay", "aligned_delay"]));
    set("late_firings", pick(random, &["each", "each", "count"]));
    set("watermark", pick(random, &["bounded", "per_record", "perfect", "percentile"]));
    set("time_domain", pick(random, &["event", "event", "event", "ingestion", "processing"]));
    let delays = ["none", "uniform", "exponential", "heavy_tail", "offline_phone", "wrong_clock"];
    set("delay", pick(random, &delays));
    set("spark_output", pick(random, &["append", "update", "complete"]));
    let size = random.between(500, 8_000);
    for (name, value) in [
        ("window_size_ms", size),
        ("window_slide_ms", random.between(size / 5 + 1, 2 * size)),
        ("session_gap_ms", random.between(50, 3_000)),
        ("window_count", random.between(1, 7)),
        ("trigger_count", random.between(1, 4)),
        ("trigger_interval_ms", random.between(200, 5_000)),
        ("allowed_lateness_ms", random.below(3) * random.below(4_000)),
        ("watermark_delay_ms", random.below(4_000)),
        ("delay_ms", random.between(1, 3_000)),
        ("events", random.between(1, 60)),
        ("events_per_second", random.between(1, 40)),
        ("keys", random.between(1, 6)),
        ("key_skew_percent", random.below(200)),
        ("partitions", random.between(1, 4)),
        ("parallelism", random.between(1, 3)),
        ("channel_latency_ms", random.below(60)),
        ("idle_timeout_ms", random.below(2) * random.between(300, 2_000)),
        ("alignment_drift_ms", random.below(2) * random.between(100, 4_000)),
        ("slow_partition_ms", random.below(2) * random.below(3_000)),
        ("seed", random.below(1 << 32)),
    ] {
        set(name, value.to_string());
    }
    set("idle_partition", (random.below(4) == 0).to_string());
    let mut scenario = with(job(random), parameters);
    if random.below(5) == 0 {
        make_triggered(&mut scenario, random);
    }
    settle(&mut scenario);
    scenario
}

fn with(job: JobKind, parameters: Parameters) -> Scenario {
    Scenario {
        version: VERSION,
        job,
        input: Input::Events("made".to_owned()),
        level: Level::Records,
        parameters,
        faults: Vec::new(),
    }
}

/// Gives it a trigger of its own: any tree of Beam's, or one of Flink's.
fn make_triggered(scenario: &mut Scenario, random: &mut Random) {
    let profile = match random.below(3) {
        0 => "beam-java",
        1 => "beam-python",
        _ => "flink",
    };
    let window = match scenario.parameters.get(Key::Window) {
        0 => "tumbling",
        1 => "sliding",
        2 => "session",
        _ => "global",
    };
    for (name, value) in [
        ("profile", profile),
        ("window", window),
        ("trigger", "watermark"),
        ("early_firings", "none"),
        ("late_firings", "each"),
    ] {
        scenario.parameters.set_text(name, value).expect("a value that is allowed");
    }
    if profile == "flink" {
        scenario.parameters.set_text("time_domain", "event").expect("a value that is allowed");
    }
    let trigger = match profile {
        "flink" => flink_trigger(random, window == "global"),
        _ => beam_trigger(random, 0),
    };
    scenario.job = JobKind::Stream(StreamJob::Triggered(trigger));
}

fn flink_trigger(random: &mut Random, is_global: bool) -> Trigger {
    let interval_ms = random.between(200, 5_000);
    match random.below(5) {
        0 => Trigger::EventTime,
        1 => Trigger::Count { n: random.between(1, 4) },
        2 if is_global => Trigger::ContinuousProcessingTime { interval_ms },
        2 => Trigger::ContinuousEventTime { interval_ms },
        3 => Trigger::Purging(Box::new(flink_trigger(random, is_global))),
        _ => Trigger::Never,
    }
}

fn beam_trigger(random: &mut Random, depth: u64) -> Trigger {
    let part = |random: &mut Random| Box::new(beam_trigger(random, depth + 1));
    let parts = |random: &mut Random| -> Vec<Trigger> {
        (0..random.between(1, 3)).map(|_| beam_trigger(random, depth + 1)).collect()
    };
    match random.below(if depth < 3 { 10 } else { 4 }) {
        0 => Trigger::Default,
        1 => Trigger::AfterCount { n: random.between(1, 4) },
        2 => Trigger::AfterProcessingTime {
            delay_ms: random.below(3_000),
            align_ms: (random.below(2) == 0).then(|| random.between(1, 3_000)),
            align_offset_ms: 0,
        },
        3 if random.below(3) == 0 => Trigger::Never,
        3 => Trigger::AfterWatermark { early: None, late: None },
        4 => Trigger::AfterWatermark {
            early: (random.below(2) == 0).then(|| part(random)),
            late: (random.below(2) == 0).then(|| part(random)),
        },
        5 => Trigger::Repeatedly(part(random)),
        6 => Trigger::AfterFirst(parts(random)),
        7 => Trigger::AfterAll(parts(random)),
        8 => Trigger::AfterEach(parts(random)),
        _ => Trigger::OrFinally { main: part(random), until: part(random) },
    }
}

fn job(random: &mut Random) -> JobKind {
    JobKind::Stream(match random.below(10) {
        0 => StreamJob::Running,
        1 => StreamJob::Deduplicate,
        2 => StreamJob::Silence,
        3 => graph(
            r#"[{"name": "in", "kind": "source"},
                {"name": "double", "kind": {"map": {"by": 2}}, "inputs": ["in"]},
                {"name": "some", "kind": {"filter": {"at_least": 4000}}, "inputs": ["double"], "parallelism": 2},
                {"name": "regroup", "kind": {"key_by": "value"}, "inputs": ["some"]},
                {"name": "sums", "kind": {"window_aggregate": {}}, "inputs": ["regroup"]},
                {"name": "out", "kind": "sink", "inputs": ["sums"]}]"#,
        ),
        4 => graph(
            r#"[{"name": "left", "kind": "source"}, {"name": "right", "kind": "source"},
                {"name": "join", "kind": "window_join", "inputs": ["left", "right"]},
                {"name": "near", "kind": {"interval_join": {"lower_ms": -500, "upper_ms": 900}},
                 "inputs": ["left", "right"]},
                {"name": "out", "kind": "sink", "inputs": ["join"]},
                {"name": "also", "kind": "sink", "inputs": ["near"]}]"#,
        ),
        5 => graph(
            r#"[{"name": "in", "kind": "source"},
                {"name": "first", "kind": {"window_aggregate": {}}, "inputs": ["in"]},
                {"name": "one", "kind": {"key_by": "one"}, "inputs": ["first"]},
                {"name": "all", "kind": {"window_aggregate": {"aggregate": "max", "size_ms": 9000}},
                 "inputs": ["one"]},
                {"name": "out", "kind": "sink", "inputs": ["all"]}]"#,
        ),
        _ => StreamJob::Windows,
    })
}

fn graph(operators: &str) -> StreamJob {
    let json = format!("{{\"operators\": {operators}}}");
    StreamJob::Graph(serde_json::from_str::<Graph>(&json).expect("a graph"))
}

/// Takes back what does not go together, until all does.
pub(crate) fn settle(scenario: &mut Scenario) {
    for _ in 0..40 {
        let Some(problem) = scenario.problems(None).into_iter().next() else { return };
        let name = problem.key;
        let value = match name.as_str() {
            "profile" => "flink",
            "trigger" => "watermark",
            "window" => "tumbling",
            "accumulation" => "accumulating",
            "early_firings" => "none",
            "late_firings" => "each",
            "time_domain" => "event",
            "watermark" => "bounded",
            "spark_output" => "append",
            "window_slide_ms" => "500",
            _ => "0",
        };
        let value = if name == "trigger_count" { "1" } else { value };
        scenario.parameters.set_text(&name, value).expect("a value that is allowed");
    }
    panic!("it can't be settled: {:?}", scenario.problems(None));
}
