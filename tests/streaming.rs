//! The stream operators under random inputs: the ledger adds up at every step, watermarks never go back, on-time
//! results are those of the batch oracle, and Flink and Beam agree where their rules do.
//!
//! A failure names its seed; `STREAM_SEED=n cargo test --test streaming` repeats that one alone.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use millrace::base::random::{Purpose, Random};
use millrace::streaming::aggregate::Bag;
use millrace::streaming::assigner::Assigner;
use millrace::streaming::batch::{self, Touching};
use millrace::streaming::beam::python::Driver;
use millrace::streaming::beam::{
    Accumulation, Alignment, Config as BeamConfig, Emptiness, Runner, TimestampCombiner, Trigger,
};
use millrace::streaming::flink::{Config as FlinkConfig, Trigger as FlinkTrigger, Windows};
use millrace::streaming::kafka;
use millrace::streaming::ledger::{Fate, Ledger};
use millrace::streaming::output::{Output, Timing};
use millrace::streaming::spark;
use millrace::streaming::timers::TimeDomain;
use millrace::streaming::watermark::{Bounded, Multiplexer, Percentile, Perfect, Signal, Valve};
use millrace::streaming::{Millis, Window};
use std::collections::BTreeMap;

const SEEDS: u64 = 2_000;

type Out = Vec<Output<Bag<u64>, u64>>;

#[derive(Clone, Copy, Debug)]
enum Step {
    Element(u64, Millis),
    Watermark(Millis),
    Clock(Millis),
}

fn seeds() -> Vec<u64> {
    let one = std::env::var("STREAM_SEED").ok().and_then(|seed| seed.parse().ok());
    one.map_or_else(|| (0..SEEDS).collect(), |seed| vec![seed])
}

fn random(seed: u64) -> Random {
    Random::keyed(seed, Purpose::Test, 5, 0)
}

fn below(random: &mut Random, bound: u64) -> Millis {
    i64::try_from(random.below(bound)).unwrap()
}

/// Elements out of order, watermarks that rise and are sometimes ahead of them, and the clock.
fn steps(random: &mut Random) -> Vec<Step> {
    let (mut watermark, mut clock, mut next) = (-3_000, 0, 0);
    (0..60)
        .map(|index| match random.below(10) {
            0..=5 => {
                next += 1;
                let at = index * 300 + below(random, 9_000) - 4_500;
                // Times on the edges of windows are the interesting ones.
                let at = if random.chance(300_000) { at / 1_000 * 1_000 } else { at };
                Step::Element(next, at.max(-900))
            }
            6..=8 => {
                watermark += 1 + below(random, 1_500);
                Step::Watermark(watermark)
            }
            _ => {
                clock += 1 + below(random, 1_500);
                Step::Clock(clock)
            }
        })
        .collect()
}

fn assigner(random: &mut Random) -> Assigner {
    let assigner = match random.below(4) {
        0 => Assigner::Tumbling { size_ms: 2_000, offset_ms: 500 },
        1 => Assigner::Sliding { size_ms: 3_000, slide_ms: 1_000, offset_ms: 0 },
        2 => Assigner::Sliding { size_ms: 1_000, slide_ms: 1_500, offset_ms: 0 },
        _ => Assigner::Session { gap_ms: 1_000 },
    };
    assigner.validate().unwrap()
}

fn leaf(random: &mut Random) -> Trigger {
    match random.below(4) {
        0 | 1 => Trigger::AfterCount { n: 1 + random.below(3) },
        2 => Trigger::AfterProcessingTime { delay_ms: 700, align: None },
        _ => Trigger::AfterProcessingTime { delay_ms: 100, align: Some(Alignment::each(1_000)) },
    }
}

fn trigger(random: &mut Random) -> Trigger {
    let leaves = |random: &mut Random| vec![leaf(random), leaf(random)];
    let maybe = |random: &mut Random| random.chance(500_000).then(|| Box::new(leaf(random)));
    match random.below(9) {
        0 => Trigger::Default,
        1 | 2 => Trigger::AfterWatermark { early: maybe(random), late: maybe(random) },
        3 => Trigger::Repeatedly(Box::new(leaf(random))),
        4 => Trigger::Repeatedly(Box::new(Trigger::AfterAny(leaves(random)))),
        5 => Trigger::Repeatedly(Box::new(Trigger::AfterAll(leaves(random)))),
        6 => Trigger::AfterEach(leaves(random)),
        7 => Trigger::OrFinally {
            main: Box::new(Trigger::Repeatedly(Box::new(leaf(random)))),
            until: Box::new(leaf(random)),
        },
        _ => Trigger::Never,
    }
}

fn beam_config(random: &mut Random) -> BeamConfig {
    let emptiness = |random: &mut Random| {
        if random.chance(500_000) { Emptiness::Always } else { Emptiness::IfNonEmpty }
    };
    let config = BeamConfig {
        assigner: assigner(random),
        trigger: trigger(random),
        accumulation: [
            Accumulation::Discarding,
            Accumulation::Accumulating,
            Accumulation::Retracting,
        ][usize::try_from(random.below(3)).unwrap()],
        allowed_lateness_ms: below(random, 3) * 700,
        timestamp_combiner: [
            TimestampCombiner::EndOfWindow,
            TimestampCombiner::Earliest,
            TimestampCombiner::Latest,
        ][usize::try_from(random.below(3)).unwrap()],
        closing: emptiness(random),
        on_time: emptiness(random),
    };
    config.validate().unwrap()
}

fn flink_config(random: &mut Random) -> FlinkConfig {
    let trigger = match random.below(3) {
        0 => FlinkTrigger::EventTime,
        1 => FlinkTrigger::Count { n: 1 + random.below(3) },
        _ => FlinkTrigger::ContinuousEventTime { interval_ms: 700 },
    };
    let purging = random.chance(400_000);
    let trigger = if purging { FlinkTrigger::Purging(Box::new(trigger)) } else { trigger };
    FlinkConfig {
        assigner: assigner(random),
        trigger: trigger.validate().unwrap(),
        allowed_lateness_ms: below(random, 3) * 700,
        domain: TimeDomain::Event,
    }
}

/// Plays steps to an operator and its ledger, the end of all time last.
fn audit(
    seed: u64,
    assign: impl Fn(Millis) -> Vec<Window>,
    steps: &[Step],
    mut operator: impl FnMut(Step, &mut Out),
) -> BTreeMap<Fate, u64> {
    let mut ledger = Ledger::default();
    let mut expected = 0;
    for step in steps.iter().copied().chain([Step::Watermark(Millis::MAX)]) {
        if let Step::Element(id, at) = step {
            let windows = assign(at);
            expected += windows.len().max(1) as u64;
            ledger.on_element(id, &windows).unwrap();
        }
        let mut out = Vec::new();
        operator(step, &mut out);
        for output in &out {
            ledger.on_output(output).unwrap_or_else(|why| panic!("seed {seed}, {step:?}: {why}"));
        }
        assert_eq!(ledger.counts().values().sum::<u64>(), expected, "seed {seed}, {step:?}");
    }
    ledger.counts()
}

/// Random inputs that never lead to a fate would prove nothing of it.
fn all_fates_were_met(met: &BTreeMap<Fate, u64>) {
    if seeds().len() > 1 {
        for fate in [Fate::Early, Fate::OnTime, Fate::Late, Fate::Dropped, Fate::Unseen] {
            assert!(met.get(&fate).is_some_and(|count| *count > 100), "{fate:?}: {met:?}");
        }
    }
}

fn add(met: &mut BTreeMap<Fate, u64>, counts: BTreeMap<Fate, u64>) {
    for (fate, count) in counts {
        *met.entry(fate).or_insert(0) += count;
    }
}

#[test]
fn flinks_ledger_adds_up() {
    let mut met = BTreeMap::new();
    for seed in seeds() {
        let mut random = random(seed);
        let config = flink_config(&mut random);
        let mut windows: Windows<Bag<u64>> = Windows::new(config.clone());
        let assign = |at| config.assigner.assign(at);
        let counts = audit(seed, assign, &steps(&mut random), |step, out| match step {
            Step::Element(id, at) => windows.on_element(at, &id, out),
            Step::Watermark(at) => windows.on_watermark(at, out),
            Step::Clock(at) => windows.on_processing_time(at, out),
        });
        assert_eq!(windows.living().count(), 0, "seed {seed}: at the end nothing is kept");
        add(&mut met, counts);
    }
    all_fates_were_met(&met);
}

#[test]
fn beam_javas_ledger_adds_up_and_its_output_watermark_never_goes_back() {
    for seed in seeds() {
        let mut random = random(seed);
        let config = beam_config(&mut random);
        let mut runner: Runner<Bag<u64>> = Runner::new(config.clone());
        let assign = |at| config.assigner.assign_as_beam_java(at);
        let (mut input, mut output) = (Millis::MIN, Millis::MIN);
        let counts = audit(seed, assign, &steps(&mut random), |step, out| {
            match step {
                Step::Element(id, at) => runner.on_bundle(&[(at, id)], out),
                Step::Watermark(at) => {
                    input = at;
                    runner.on_watermark(at, out);
                }
                Step::Clock(at) => runner.on_processing_time(at, out),
            }
            let now = runner.output_watermark();
            assert!(output <= now && now <= input, "seed {seed}");
            output = now;
        });
        assert_eq!(runner.living().count(), 0, "seed {seed}: at the end nothing is kept");
        // Beam emits what is left when a window's life ends: nothing is ever forgotten unseen.
        assert_eq!(counts.get(&Fate::Unseen), None, "seed {seed}");
    }
}

#[test]
fn beam_pythons_ledger_adds_up() {
    for seed in seeds() {
        let mut random = random(seed);
        let config = beam_config(&mut random);
        let mut driver: Driver<Bag<u64>> = Driver::new(config.clone());
        audit(
            seed,
            |at| config.assigner.assign(at),
            &steps(&mut random),
            |step, out| match step {
                Step::Element(id, at) => driver.on_bundle(&[(at, id)], out),
                Step::Watermark(at) => driver.on_watermark(at, out),
                Step::Clock(at) => driver.on_processing_time(at, out),
            },
        );
    }
}

/// Bundles are one step: whatever is in one, the ledger adds up after it.
#[test]
fn bundles_of_many_elements_add_up_too() {
    for seed in seeds() {
        let mut random = random(seed);
        let config = beam_config(&mut random);
        let mut runner: Runner<Bag<u64>> = Runner::new(config.clone());
        let mut ledger = Ledger::default();
        let mut id = 0;
        for index in 0..15 {
            let mut bundle = Vec::new();
            for _ in 0..random.below(6) {
                id += 1;
                let at = index * 700 + below(&mut random, 5_000);
                ledger.on_element(id, &config.assigner.assign_as_beam_java(at)).unwrap();
                bundle.push((at, id));
            }
            let mut out = Vec::new();
            runner.on_bundle(&bundle, &mut out);
            runner.on_watermark(index * 800, &mut out);
            for output in &out {
                ledger.on_output(output).unwrap_or_else(|why| panic!("seed {seed}: {why}"));
            }
        }
    }
}

type Panes = BTreeMap<Window, Vec<Vec<u64>>>;

/// On-time panes by window; any other pane is a fault.
fn on_time(seed: u64, out: Out) -> Panes {
    let mut panes: Panes = BTreeMap::new();
    for output in out {
        if let Output::Pane(pane) = output {
            assert_eq!(pane.info.timing, Timing::OnTime, "seed {seed}");
            let mut values = pane.contents.0;
            values.sort_unstable();
            panes.entry(pane.window).or_default().push(values);
        }
    }
    panes
}

fn oracle(assigner: Assigner, touching: Touching, elements: &[(Millis, u64)]) -> Panes {
    let mut windows = batch::windows(assigner, touching, elements);
    windows.values_mut().for_each(|values| values.sort_unstable());
    windows.into_iter().map(|(window, values)| (window, vec![values])).collect()
}

/// A watermark that knows what is to come makes every window complete in one pane.
#[test]
fn behind_a_perfect_watermark_results_are_those_of_the_batch() {
    for seed in seeds() {
        let mut random = random(seed);
        let assigner = assigner(&mut random);
        let elements: Vec<(Millis, u64)> =
            (0..40).map(|id| (below(&mut random, 20_000), id)).collect();
        let mut perfect = Perfect::new(elements.iter().map(|(at, _)| *at));
        let mut flink: Windows<Bag<u64>> = Windows::new(FlinkConfig {
            assigner,
            trigger: FlinkTrigger::EventTime,
            allowed_lateness_ms: 0,
            domain: TimeDomain::Event,
        });
        let mut beam: Runner<Bag<u64>> = Runner::new(plain_beam(assigner, 0));
        let (mut flink_out, mut beam_out) = (Vec::new(), Vec::new());
        for (at, id) in &elements {
            flink.on_element(*at, id, &mut flink_out);
            beam.on_bundle(&[(*at, *id)], &mut beam_out);
            perfect.on_element(*at);
            flink.on_watermark(perfect.watermark(), &mut flink_out);
            beam.on_watermark(perfect.watermark(), &mut beam_out);
        }
        let flink_panes = on_time(seed, flink_out);
        assert_eq!(flink_panes, oracle(assigner, Touching::Merges, &elements), "seed {seed}");
        let beam_panes = on_time(seed, beam_out);
        assert_eq!(beam_panes, oracle(assigner, Touching::StaysApart, &elements), "seed {seed}");
    }
}

fn plain_beam(assigner: Assigner, allowed_lateness_ms: Millis) -> BeamConfig {
    BeamConfig {
        assigner,
        trigger: Trigger::Default,
        accumulation: Accumulation::Accumulating,
        allowed_lateness_ms,
        timestamp_combiner: TimestampCombiner::EndOfWindow,
        closing: Emptiness::IfNonEmpty,
        on_time: Emptiness::Always,
    }
}

fn contents(out: &Out) -> Vec<(Window, Vec<u64>)> {
    let mut panes: Vec<(Window, Vec<u64>)> = out
        .iter()
        .filter_map(|output| match output {
            Output::Pane(pane) => Some((pane.window, pane.contents.0.clone())),
            Output::Retraction(_)
            | Output::Merged { .. }
            | Output::Copied { .. }
            | Output::Dropped(_)
            | Output::Late { .. }
            | Output::Forgotten { .. } => None,
        })
        .collect();
    panes.sort();
    panes
}

/// fidelity-stream.md: Flink's watermark `end − 1` says what Beam's `end` says. Told one apart, the two emit and
/// drop the same, step by step, where windows do not merge.
#[test]
fn flink_and_beam_agree_a_millisecond_apart() {
    for seed in seeds() {
        let mut random = random(seed);
        let assigner = match random.below(2) {
            0 => Assigner::Tumbling { size_ms: 2_000, offset_ms: 500 },
            _ => Assigner::Sliding { size_ms: 3_000, slide_ms: 1_000, offset_ms: 0 },
        };
        let lateness = below(&mut random, 3) * 700;
        let mut flink: Windows<Bag<u64>> = Windows::new(FlinkConfig {
            assigner,
            trigger: FlinkTrigger::EventTime,
            allowed_lateness_ms: lateness,
            domain: TimeDomain::Event,
        });
        let mut beam: Runner<Bag<u64>> = Runner::new(plain_beam(assigner, lateness));
        for step in steps(&mut random) {
            let (mut flink_out, mut beam_out) = (Vec::new(), Vec::new());
            match step {
                Step::Element(id, at) => {
                    flink.on_element(at, &id, &mut flink_out);
                    beam.on_bundle(&[(at, id)], &mut beam_out);
                }
                Step::Watermark(at) => {
                    flink.on_watermark(at, &mut flink_out);
                    beam.on_watermark(at + 1, &mut beam_out);
                }
                Step::Clock(_) => {}
            }
            assert_eq!(contents(&flink_out), contents(&beam_out), "seed {seed}, {step:?}");
            let drops = |out: &Out| {
                out.iter().filter(|output| matches!(output, Output::Dropped(_))).count()
            };
            assert_eq!(drops(&flink_out), drops(&beam_out), "seed {seed}, {step:?}");
        }
    }
}

fn rises(last: &mut Millis, signals: impl IntoIterator<Item = Signal>, seed: u64) {
    for signal in signals {
        if let Signal::Watermark(at) = signal {
            assert!(at > *last, "seed {seed}: {at} after {last}");
            *last = at;
        }
    }
}

#[test]
fn watermarks_never_go_back() {
    for seed in seeds() {
        let mut random = random(seed);
        let (mut valve, mut valve_last) = (Valve::new(3), Millis::MIN);
        let (mut multiplexer, mut multiplexer_last) = (Multiplexer::new(), Millis::MIN);
        let mut bounded = (Bounded::new(500), Millis::MIN);
        let mut percentile = (Percentile::new(200, 8), Millis::MIN);
        for split in 0..3 {
            assert!(multiplexer.register(split));
        }
        for _ in 0..80 {
            let channel = usize::try_from(random.below(3)).unwrap();
            let at = below(&mut random, 10_000);
            match random.below(6) {
                0 => {
                    rises(&mut valve_last, valve.on_idle(channel), seed);
                    rises(&mut multiplexer_last, multiplexer.idle(&channel), seed);
                }
                1 => {
                    rises(&mut valve_last, valve.on_active(channel), seed);
                    rises(&mut multiplexer_last, multiplexer.active(&channel), seed);
                }
                2 => multiplexer.deferred(&channel, at),
                3 => rises(&mut multiplexer_last, multiplexer.on_periodic_emit(), seed),
                _ => {
                    rises(&mut valve_last, valve.on_watermark(channel, at), seed);
                    rises(&mut multiplexer_last, multiplexer.immediate(&channel, at), seed);
                }
            }
            bounded.0.on_element(at);
            percentile.0.on_element(at);
            let now = (bounded.0.watermark(), percentile.0.watermark());
            assert!(now.0 >= bounded.1 && now.1 >= percentile.1, "seed {seed}");
            (bounded.1, percentile.1) = now;
        }
    }
}

#[test]
fn kafkas_ledger_adds_up() {
    for seed in seeds() {
        let mut random = random(seed);
        let config = kafka::Config {
            size_ms: 2_000,
            advance_ms: 500 + below(&mut random, 4) * 500,
            grace_ms: below(&mut random, 3) * 700,
            suppress: random.chance(500_000),
        };
        let config = config.validate().unwrap();
        let mut windows: kafka::Windows<Bag<u64>> = kafka::Windows::new(config);
        let mut stream_time = kafka::StreamTime::default();
        let assign = |at| config.windows_for(at);
        audit(seed, assign, &steps(&mut random), |step, out| match step {
            Step::Element(id, at) => {
                windows.on_record(at, &id, stream_time.on_record(at), out);
            }
            Step::Watermark(at) => windows.on_stream_time(stream_time.on_record(at), out),
            Step::Clock(_) => {}
        });
    }
}

/// Each watermark of the steps ends a batch here; Spark's own watermark lags by one.
#[test]
fn sparks_ledger_adds_up_and_append_says_each_window_once() {
    for seed in seeds() {
        let mut random = random(seed);
        let assigner = assigner(&mut random);
        let mode = [spark::OutputMode::Append, spark::OutputMode::Update]
            [usize::try_from(random.below(2)).unwrap()];
        let mut windows: spark::Windows<Bag<u64>> = spark::Windows::new(assigner, mode);
        let mut sessions: spark::Sessions<Bag<u64>> = spark::Sessions::new(1_000);
        let mut watermark = spark::BatchWatermark::new(1_500);
        let (mut ledger, mut batch, mut emitted) = (Ledger::default(), Vec::new(), Vec::new());
        for step in steps(&mut random) {
            if let Step::Element(id, at) = step {
                ledger.on_element(id, &assigner.assign(at)).unwrap();
                batch.push((at, id));
                continue;
            }
            let mut out = Vec::new();
            let in_force = watermark.in_force();
            if assigner.merges() {
                sessions.on_batch(in_force, &batch, &mut out);
            } else {
                windows.on_batch(in_force, &batch, &mut out);
            }
            watermark.on_batch(batch.iter().map(|(at, _)| *at));
            assert!(watermark.in_force() >= in_force, "seed {seed}");
            batch.clear();
            for output in &out {
                ledger.on_output(output).unwrap_or_else(|why| panic!("seed {seed}: {why}"));
            }
            emitted.extend(contents(&out).into_iter().map(|(window, _)| window));
        }
        if mode == spark::OutputMode::Append || assigner.merges() {
            let count = emitted.len();
            emitted.sort_unstable();
            emitted.dedup();
            assert_eq!(emitted.len(), count, "seed {seed}: a window was emitted twice");
        }
    }
}

/// Times at the ends of their range are strange, and no operator may break on them.
#[test]
fn the_ends_of_time_do_no_harm() {
    const ENDS: [Millis; 6] = [Millis::MIN, Millis::MIN + 1, -1, 0, Millis::MAX - 1, Millis::MAX];
    for seed in seeds() {
        let mut random = random(seed);
        let mut flink: Windows<Bag<u64>> = Windows::new(flink_config(&mut random));
        let config = beam_config(&mut random);
        let mut java: Runner<Bag<u64>> = Runner::new(config.clone());
        let mut python: Driver<Bag<u64>> = Driver::new(config);
        let mut panes = 0;
        for id in 0..30 {
            let at = ENDS[usize::try_from(random.below(6)).unwrap()];
            let mut out = Vec::new();
            match random.below(6) {
                0..=3 => {
                    flink.on_element(at, &id, &mut out);
                    java.on_bundle(&[(at, id)], &mut out);
                    python.on_bundle(&[(at, id)], &mut out);
                }
                4 => {
                    flink.on_watermark(at, &mut out);
                    java.on_watermark(at, &mut out);
                    python.on_watermark(at, &mut out);
                }
                _ => {
                    flink.on_processing_time(at, &mut out);
                    java.on_processing_time(at, &mut out);
                    python.on_processing_time(at, &mut out);
                }
            }
            panes += contents(&out).len();
        }
        assert!(panes < 30 * 30 * 10, "seed {seed}");
    }
}
