//! Windows of a stream at full speed, for benchmarks. Events are made as they are needed, in the plain loop as
//! in the others, so that what differs is the windows.

use super::messages::StreamWork;
use crate::base::Millis;
use crate::streaming::BEFORE_ALL;
use crate::streaming::aggregate::Numbers;
use crate::streaming::assigner::Assigner;
use crate::streaming::fast::{FastWindows, Fired, spread};
use crate::streaming::flink::{Config, Trigger, Windows};
use crate::streaming::output::Output;
use crate::streaming::timers::TimeDomain;
use crate::streaming::watermark::Bounded;
use hashbrown::HashMap;
use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hasher};

/// Keys of the stream.
const KEYS: u64 = 10_000;

/// Events in a millisecond of event time.
const EVENTS_PER_MS: u64 = 50;

/// How far out of order they come, and how far the watermark stays behind.
const OUT_OF_ORDER_MS: u64 = 5_000;
const DELAY_MS: Millis = 5_000;

/// Records between two watermarks: 200 ms of event time.
const BATCH: u64 = 10_000;

/// Windows of ten seconds; of a minute each five seconds; sessions with a gap of a tenth of a second.
const SIZE_MS: Millis = 10_000;
const LONG_MS: Millis = 60_000;
const SLIDE_MS: Millis = 5_000;
const GAP_MS: Millis = 100;

/// Does the work; gives a number that depends on all results.
pub(super) fn measure(work: StreamWork, events: u64) -> u64 {
    match work {
        StreamWork::Plain => plain(events),
        StreamWork::Tumbling => fast(events, SIZE_MS, SIZE_MS),
        StreamWork::Sliding => fast(events, LONG_MS, SLIDE_MS),
        StreamWork::Sessions => sessions(events),
    }
}

/// The event of this number: its key and how far it is out of order are luck.
fn event(number: u64) -> (u64, Millis, i64) {
    let luck = spread(number);
    let key = ((luck >> 32) * KEYS) >> 32;
    let late = ((luck & 0xffff_ffff) * (OUT_OF_ORDER_MS + 1)) >> 32;
    let at = number / EVENTS_PER_MS + OUT_OF_ORDER_MS - late;
    (key, at.cast_signed(), 1)
}

/// What everyone would write first: it never ends a window, and drops nothing.
fn plain(events: u64) -> u64 {
    let mut counts: HashMap<(u64, Millis), u64, Spread> = HashMap::with_hasher(Spread);
    for number in 0..events {
        let (key, at, _) = event(number);
        *counts.entry((key, at - at.rem_euclid(SIZE_MS))).or_insert(0) += 1;
    }
    counts.values().sum::<u64>() ^ counts.len() as u64
}

/// The windows that a job's operator has at the lowest level, with a watermark for each batch of events.
fn fast(events: u64, size_ms: Millis, slide_ms: Millis) -> u64 {
    let mut windows: FastWindows<Numbers> = FastWindows::new(size_ms, slide_ms, 0);
    let (mut generator, mut fired) = (Bounded::new(DELAY_MS), Vec::new());
    let (mut counted, mut results) = (0, 0);
    let mut take = |fired: &mut Vec<Fired<Numbers>>| {
        counted += fired.iter().map(|of| of.contents.count).sum::<u64>();
        results += fired.len() as u64;
        fired.clear();
    };
    let mut number = 0;
    while number < events {
        let until = events.min(number + BATCH);
        for (key, at, value) in (number..until).map(event) {
            generator.on_element(at);
            windows.on_element(key, at, &value);
        }
        windows.on_watermark(generator.watermark(), &mut fired);
        take(&mut fired);
        number = until;
    }
    windows.on_watermark(Millis::MAX, &mut fired);
    take(&mut fired);
    counted ^ results ^ windows.dropped()
}

/// Through Flink's operator, one for each key, as jobs use it.
fn sessions(events: u64) -> u64 {
    let assigner = Assigner::Session { gap_ms: GAP_MS };
    let (trigger, domain) = (Trigger::EventTime, TimeDomain::Event);
    let config = Config { assigner, trigger, allowed_lateness_ms: 0, domain };
    let mut keys: Vec<Windows<Numbers>> = (0..KEYS).map(|_| Windows::new(config.clone())).collect();
    // The keys by the time of their next timer; an entry that is out of date does no harm.
    let mut due: BTreeMap<Millis, Vec<u64>> = BTreeMap::new();
    let (mut generator, mut watermark) = (Bounded::new(DELAY_MS), BEFORE_ALL);
    let (mut out, mut counted) = (Vec::new(), 0);
    for number in 0..=events {
        if number % BATCH == 0 || number == events {
            watermark = if number == events { Millis::MAX } else { generator.watermark() };
            while let Some(first) = due.first_entry().filter(|first| *first.key() <= watermark) {
                for key in first.remove() {
                    let windows = &mut keys[usize::try_from(key).unwrap_or(0)];
                    windows.on_watermark(watermark, &mut out);
                    if let Some(next) = windows.next_timer(TimeDomain::Event) {
                        due.entry(next).or_default().push(key);
                    }
                }
            }
        }
        if number < events {
            let (key, at, value) = event(number);
            generator.on_element(at);
            let windows = &mut keys[usize::try_from(key).unwrap_or(0)];
            let before = windows.next_timer(TimeDomain::Event);
            windows.on_watermark(watermark, &mut out);
            windows.on_element(at, &value, &mut out);
            let next = windows.next_timer(TimeDomain::Event);
            if let Some(next) = next.filter(|_| next != before) {
                due.entry(next).or_default().push(key);
            }
        }
        counted += out.drain(..).map(count).sum::<u64>();
    }
    counted
}

fn count(output: Output<Numbers, i64>) -> u64 {
    match output {
        Output::Pane(pane) => pane.contents.count,
        Output::Retraction(_)
        | Output::Merged { .. }
        | Output::Copied { .. }
        | Output::Dropped(_)
        | Output::Late { .. }
        | Output::Forgotten { .. } => 0,
    }
}

/// The hash that the fast path uses, for the plain loop too.
#[derive(Clone, Copy, Debug, Default)]
struct Spread;

struct Spreading(u64);

impl BuildHasher for Spread {
    type Hasher = Spreading;

    fn build_hasher(&self) -> Spreading {
        Spreading(0)
    }
}

impl Hasher for Spreading {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = spread(self.0.rotate_left(5) ^ number);
    }

    fn write_i64(&mut self, number: i64) {
        self.write_u64(number.cast_unsigned());
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nothing is late by more than the watermark waits, so that each loop counts each event: once, or in
    /// each of twelve windows.
    #[test]
    fn all_count_all_events() {
        let events = 60_000;
        let mut counts: BTreeMap<(u64, Millis), u64> = BTreeMap::new();
        for (key, at, _) in (0..events).map(event) {
            *counts.entry((key, at - at.rem_euclid(SIZE_MS))).or_insert(0) += 1;
        }
        let expected = events ^ counts.len() as u64;
        assert_eq!(measure(StreamWork::Plain, events), expected);
        assert_eq!(measure(StreamWork::Tumbling, events), expected);
        assert_eq!(measure(StreamWork::Sessions, events), events);
    }
}
