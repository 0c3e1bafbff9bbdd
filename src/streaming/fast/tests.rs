//! The fast path against the ordinary operator.

use super::*;
use crate::base::random::{Purpose, Random};
use crate::streaming::aggregate::Numbers;
use crate::streaming::assigner::Assigner;
use crate::streaming::flink::{Config, Trigger, Windows};
use crate::streaming::output::Output;
use crate::streaming::timers::TimeDomain;

/// A window of a key, and what it came to.
type Row = (Window, u64, u64, i128, i64, i64);

fn row(window: Window, key: u64, contents: Numbers) -> Row {
    let Numbers { count, sum, min, max } = contents;
    (window, key, count, sum, min, max)
}

/// The same through `WindowOperator`, one for each key.
struct Slow {
    config: Config,
    keys: BTreeMap<u64, Windows<Numbers>>,
    watermark: Millis,
}

impl Slow {
    fn on_element(&mut self, key: u64, at: Millis, value: i64) -> u64 {
        let config = self.config.clone();
        let windows = self.keys.entry(key).or_insert_with(|| Windows::new(config));
        let mut out = Vec::new();
        windows.on_watermark(self.watermark, &mut out);
        windows.on_element(at, &value, &mut out);
        out.iter().filter(|output| matches!(output, Output::Dropped(_))).count() as u64
    }

    fn on_watermark(&mut self, watermark: Millis) -> Vec<Row> {
        self.watermark = self.watermark.max(watermark);
        let mut rows = Vec::new();
        for (key, windows) in &mut self.keys {
            let mut out = Vec::new();
            windows.on_watermark(self.watermark, &mut out);
            for output in out {
                if let Output::Pane(pane) = output {
                    rows.push(row(pane.window, *key, pane.contents));
                }
            }
        }
        rows
    }
}

/// Random lengths, slides, offsets, delays; elements that are late for some or all of their windows, far apart
/// and before 1970.
#[test]
fn it_gives_what_the_window_operator_gives() {
    let (mut fired, mut late) = (0, 0);
    for seed in 0..3_000 {
        let mut random = Random::keyed(seed, Purpose::Test, 13, 0);
        let signed = |number: u64| number.cast_signed();
        let size_ms = signed(random.between(1, 400));
        let slide_ms = match random.below(2) {
            0 => size_ms,
            _ => signed(random.between(1, size_ms.unsigned_abs())),
        };
        let offset_ms = signed(random.below(slide_ms.unsigned_abs()));
        let assigner = Assigner::Sliding { size_ms, slide_ms, offset_ms };
        let (trigger, domain) = (Trigger::EventTime, TimeDomain::Event);
        let config = Config { assigner, trigger, allowed_lateness_ms: 0, domain };
        let mut slow = Slow { config, keys: BTreeMap::new(), watermark: BEFORE_ALL };
        let mut fast: FastWindows<Numbers> = FastWindows::new(size_ms, slide_ms, offset_ms);
        let mut now = signed(random.below(2_000)) - 1_000;
        let (spread, step) = (random.between(1, 600), random.between(1, 90));
        for round in 0..12 {
            for _ in 0..random.below(20) {
                now += signed(random.below(step));
                let far = if random.below(40) == 0 { 1_000_000 } else { 0 };
                let at = now - signed(random.below(spread)) + far;
                let (key, value) = (random.below(6), signed(random.below(9)) - 3);
                let one = fast.on_element(key, at, &value).late;
                let other = slow.on_element(key, at, value);
                assert_eq!(one, other, "seed {seed}, round {round}: late windows of {at}");
                late += one;
            }
            let delay = signed(random.below(300));
            let watermark = if round == 11 { Millis::MAX } else { now - delay };
            let mut out = Vec::new();
            fast.on_watermark(watermark, &mut out);
            let mut ones: Vec<Row> =
                out.into_iter().map(|of| row(of.window, of.key, of.contents)).collect();
            let mut others = slow.on_watermark(watermark);
            let ends: Vec<Window> = ones.iter().map(|row| row.0).collect();
            assert!(ends.is_sorted(), "seed {seed}, round {round}: windows fire by their ends");
            ones.sort_unstable();
            others.sort_unstable();
            assert_eq!(ones, others, "seed {seed}, round {round}");
            fired += ones.len();
        }
        assert_eq!(fast.state(), (0, 0), "seed {seed}: nothing is open at the end");
    }
    assert!(fired > 100_000 && late > 10_000, "{fired} windows, {late} late");
}

/// However much has passed, there are as many slices and folds as windows are open and keys in them, in as many
/// tables as were ever open at once.
#[test]
fn memory_does_not_grow_with_what_has_passed() {
    let mut fast: FastWindows<Numbers> = FastWindows::new(1_000, 1_000, 0);
    let (mut out, mut counted, mut most) = (Vec::new(), 0, 0);
    for second in 0..1_000 {
        for n in 0..100_u64 {
            // New keys all the time.
            let key = u64::try_from(second).unwrap() * 3 + n % 7;
            fast.on_element(key, second * 1_000 + 10 * n.cast_signed(), &1);
        }
        fast.on_watermark(second * 1_000 + 900, &mut out);
        counted += out.drain(..).map(|fired| fired.contents.count).sum::<u64>();
        let (slices, folds) = fast.state();
        assert!(slices == 1 && folds == 7, "{slices} slices, {folds} folds");
        most = most.max(fast.tables.len());
    }
    assert_eq!(counted, 99_900);
    assert!(most <= 2, "{most} tables");
}

/// A window a day apart from the next costs nothing in between.
#[test]
fn far_apart_and_at_the_ends_of_time() {
    let mut fast: FastWindows<Numbers> = FastWindows::new(1_000, 300, 0);
    for at in [Millis::MIN, -1 << 60, 0, 1 << 60, Millis::MAX] {
        fast.on_element(1, at, &1);
    }
    assert_eq!(fast.state().0, 5);
    let mut out = Vec::new();
    fast.on_watermark(Millis::MAX - 1, &mut out);
    fast.on_watermark(Millis::MAX, &mut out);
    assert!(out.len() > 9, "{}", out.len());
}
