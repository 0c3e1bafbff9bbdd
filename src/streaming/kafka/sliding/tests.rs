//! Sliding windows by hand, and in whatever order their records come.

use super::*;
use crate::base::random::{Purpose, Random};
use crate::streaming::aggregate::Bag;

fn played(config: SlidingConfig, records: &[(Millis, i64)]) -> Vec<Output<Bag<i64>, i64>> {
    let mut windows: Sliding<Bag<i64>> = Sliding::new(config);
    let (mut out, mut stream_time) = (Vec::new(), Millis::MIN);
    for (at, value) in records {
        stream_time = stream_time.max(*at);
        windows.on_record(*at, value, stream_time, &mut out);
    }
    out
}

/// The last pane of each window: its first and last millisecond, and its sum.
fn last(out: &[Output<Bag<i64>, i64>]) -> Vec<(Millis, Millis, i64)> {
    let mut last = BTreeMap::new();
    for output in out {
        if let Output::Pane(pane) = output {
            last.insert(
                pane.window.start,
                (pane.window.max_timestamp(), pane.contents.0.iter().sum()),
            );
        }
    }
    last.into_iter().map(|(start, (end, sum))| (start, end, sum)).collect()
}

const TEN: SlidingConfig = SlidingConfig { difference_ms: 10, grace_ms: 50, suppress: false };

/// By hand: 16 and 20 are in reach of each other, 28 of the 20 alone.
#[test]
fn records_make_windows_to_their_left_and_right() {
    let out = played(TEN, &[(16, 1), (20, 2), (28, 4)]);
    let expected = [(6, 16, 1), (10, 20, 3), (17, 27, 2), (18, 28, 6), (21, 31, 4)];
    assert_eq!(last(&out), expected);
    // Out of order, the 20 is copied to the right of the 16 that comes after it.
    assert_eq!(last(&played(TEN, &[(20, 2), (28, 4), (16, 1)])), expected);
    let is_copy = |output: &&Output<Bag<i64>, i64>| {
        matches!(output, Output::Copied { into: Window { start: 17, .. }, .. })
    };
    let late = played(TEN, &[(20, 2), (16, 1)]);
    assert_eq!(late.iter().filter(is_copy).count(), 1, "{late:?}");
}

#[test]
fn records_before_the_difference_share_the_first_window() {
    let out = played(TEN, &[(3, 1), (7, 2), (12, 4)]);
    let expected = [(0, 10, 3), (2, 12, 7), (4, 14, 6), (8, 18, 4)];
    assert_eq!(last(&out), expected);
    assert_eq!(last(&played(TEN, &[(12, 4), (7, 2), (3, 1)])), expected);
    let before = played(TEN, &[(-1, 1)]);
    assert!(matches!(&before[..], [Output::Dropped(_)]), "{before:?}");
}

/// A window takes a record while its end, included, is not before the stream time less the grace.
#[test]
fn a_window_takes_until_its_grace_is_over() {
    let config = SlidingConfig { grace_ms: 5, ..TEN };
    let dropped = |at| {
        let out = played(config, &[(30, 1), (40, 2), (at, 4)]);
        let of = |output: &Output<Bag<i64>, i64>| {
            let Output::Dropped(of) = output else { return None };
            of.window.map(Window::max_timestamp)
        };
        out.iter().filter_map(of).collect::<Vec<Millis>>()
    };
    assert_eq!(dropped(35), [] as [Millis; 0]);
    // Its own window has closed; that of the 30, to 40, has not.
    assert_eq!(dropped(34), [34]);
    // And what has closed before it is not begun to its right either.
    assert_eq!(dropped(24), [30, 24]);
}

/// Suppressed, each is said once: when stream time has reached its end and the grace.
#[test]
fn suppressed_windows_are_said_at_the_end_of_their_grace() {
    let config = SlidingConfig { grace_ms: 5, suppress: true, ..TEN };
    assert_eq!(last(&played(config, &[(16, 1), (20, 2)])), []);
    assert_eq!(last(&played(config, &[(16, 1), (21, 2)])), [(6, 16, 1)]);
    assert_eq!(
        last(&played(config, &[(16, 1), (20, 2), (32, 4)])),
        [(6, 16, 1), (10, 20, 3), (17, 27, 2)]
    );
}

/// In whatever order they come, what is not too late makes the windows of the batch.
#[test]
fn within_the_grace_the_order_does_not_matter() {
    let mut windows = 0;
    for seed in 0..4_000 {
        let mut random = Random::keyed(seed, Purpose::Test, 14, 0);
        let difference_ms = random.below(30).cast_signed();
        let span = random.between(1, 120);
        let records: Vec<(Millis, i64)> = (0..random.between(1, 14))
            .map(|number| (random.below(span).cast_signed(), 1 << number))
            .collect();
        let config = SlidingConfig { difference_ms, grace_ms: 1_000, suppress: false };
        let batch: Vec<(Millis, Millis, i64)> = sliding_in_batch(config, &records)
            .into_iter()
            .map(|(window, held)| (window.start, window.max_timestamp(), held.iter().sum()))
            .collect();
        assert_eq!(last(&played(config, &records)), batch, "seed {seed}: {config:?}, {records:?}");
        windows += batch.len();
    }
    assert!(windows > 30_000, "{windows}");
}
