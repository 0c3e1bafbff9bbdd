//! Events made from the seed: when they happen, what they are about, and how much later they arrive.

use super::{StreamInput, by_arrival};
use crate::base::random::{Purpose, Random};
use crate::base::{Amount, Millis};
use crate::scenario::Parameters;
use crate::scenario::table::Key;

/// How long a phone is offline and online again, in multiples of the delay.
const PHONE_ROUND: i64 = 4;

/// A million parts are all.
const MILLION: u64 = 1_000_000;

/// Bursts come once in this time.
const BURST_MS: Millis = 10_000;

/// The events that the parameters ask for, in the order of their arrival.
pub fn made(values: &Parameters) -> Vec<StreamInput> {
    let seed = values.get(Key::Seed);
    let keys = Skewed::new(values.get(Key::Keys), values.get(Key::KeySkew));
    let count = values.get(Key::Events);
    let mut events = Vec::new();
    for number in 0..count {
        let mut random = Random::keyed(seed, Purpose::Workload, number, 0);
        let event_time = happens(number, values, &mut random);
        let key = keys.draw(&mut random);
        let value = Amount::whole(signed(random.between(1, 9)));
        let late = delay(key, event_time, values, &mut random);
        // A clock that is wrong puts its events into the past; they arrive when they happen.
        let (event_time, arrival) = match values.get(Key::Delay) {
            WRONG_CLOCK => (event_time - late, event_time),
            _ => (event_time, event_time + late),
        };
        events.push(StreamInput { event_time, arrival, key: format!("key-{key}"), value });
    }
    by_arrival(events)
}

/// The place of the wrong clock in the list of delays.
const WRONG_CLOCK: u64 = 5;

/// About the n-th n-th of a second, a little to and fro; squeezed together where there are bursts.
fn happens(number: u64, values: &Parameters, random: &mut Random) -> Millis {
    let micros = MILLION / values.get(Key::EventRate).max(1);
    let at = signed((number * micros + random.below(micros.max(1))) / 1_000);
    let silent = signed(values.get(Key::Bursts));
    let (round, within) = (at.div_euclid(BURST_MS), at.rem_euclid(BURST_MS));
    round * BURST_MS + within * (100 - silent) / 100
}

/// How much later an event arrives.
fn delay(key: u64, at: Millis, values: &Parameters, random: &mut Random) -> Millis {
    let mean = values.get(Key::DelayMean);
    match values.get(Key::Delay) {
        1 => signed(random.below(mean + 1)),
        2 => signed(exponential(mean, random)),
        3 => signed(heavy_tailed(mean, random)),
        // Of each four devices one is offline now and then, and sends what it has when it is back.
        4 => {
            let round = PHONE_ROUND * signed(mean);
            let within = (at + signed(key) * signed(mean)).rem_euclid(round);
            if key % 4 == 1 && within < signed(mean) { signed(mean) - within } else { 0 }
        }
        // Of each four devices one is as much too slow.
        WRONG_CLOCK if key % 4 == 1 => signed(mean),
        _ => 0,
    }
}

/// By inversion; 20 times the mean at most.
fn exponential(mean: u64, random: &mut Random) -> u64 {
    let part = (1 + random.below(MILLION)) as f64 / MILLION as f64;
    rounded(-(mean as f64) * libm::log(part)).min(20 * mean)
}

/// Pareto's with an exponent of 1.5: its mean is three times its least; 200 times the mean at most.
fn heavy_tailed(mean: u64, random: &mut Random) -> u64 {
    let part = (1 + random.below(MILLION)) as f64 / MILLION as f64;
    rounded(mean as f64 / 3.0 * libm::pow(part, -1.0 / 1.5)).min(200 * mean)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a length below 2^52")]
fn rounded(length: f64) -> u64 {
    libm::floor(length) as u64
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Keys of which the first are more frequent: the n-th as 1 / n^s.
struct Skewed {
    /// Weights, each added to those before it.
    sums: Vec<u64>,
}

impl Skewed {
    fn new(keys: u64, skew_percent: u64) -> Skewed {
        let mut sum = 0;
        let weight = |key: u64| {
            let weight = libm::pow(key as f64, -(skew_percent as f64) / 100.0);
            rounded(weight * MILLION as f64).max(1)
        };
        let sums = (1..=keys).map(|key| {
            sum += weight(key);
            sum
        });
        Skewed { sums: sums.collect() }
    }

    fn draw(&self, random: &mut Random) -> u64 {
        let all = self.sums.last().copied().unwrap_or(1);
        let drawn = random.below(all);
        self.sums.partition_point(|sum| *sum <= drawn) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(changes: &[(Key, u64)]) -> Parameters {
        changes.iter().fold(Parameters::default(), |values, (key, value)| values.with(*key, *value))
    }

    #[test]
    fn the_same_seed_makes_the_same_events_and_another_others() {
        let changes = [(Key::Delay, 2), (Key::KeySkew, 100)];
        let one = made(&values(&changes));
        assert_eq!(one, made(&values(&changes)));
        assert_ne!(one, made(&values(&changes).with(Key::Seed, 77)));
        assert_eq!(one.len(), 200);
        assert!(one.windows(2).all(|pair| pair[0].arrival <= pair[1].arrival));
    }

    #[test]
    fn delays_are_of_the_kinds_that_are_asked_for() {
        let late = |delay| -> Vec<Millis> {
            let events = made(&values(&[(Key::Delay, delay), (Key::Events, 4_000)]));
            events.iter().map(|event| event.arrival - event.event_time).collect()
        };
        assert!(late(0).iter().all(|late| *late == 0));
        assert!(late(1).iter().all(|late| (0..=2_000).contains(late)));
        let mean = |late: Vec<Millis>| late.iter().sum::<Millis>() / 4_000;
        assert!((1_800..2_200).contains(&mean(late(2))), "{}", mean(late(2)));
        assert!(late(3).iter().any(|late| *late > 20_000));
        assert!(late(4).contains(&0) && late(4).iter().any(|late| *late > 1_000));
        assert!(late(5).contains(&0) && late(5).contains(&2_000));
    }

    #[test]
    fn a_skew_makes_the_first_key_frequent() {
        let first = |skew| {
            let events = made(&values(&[(Key::KeySkew, skew), (Key::Keys, 100)]));
            events.iter().filter(|event| event.key == "key-0").count()
        };
        assert!(first(0) < 10 && first(150) > 50, "{} {}", first(0), first(150));
    }
}
