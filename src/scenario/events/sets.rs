//! Event sets that Millrace carries: the nine scores of a book, six events to begin with, clicks, sensors.

mod small;

use super::{StreamInput, by_arrival, made};
use crate::base::random::{Purpose, Random};
use crate::base::{Amount, Millis};
use crate::scenario::Parameters;
use crate::scenario::table::Key;

/// Their names.
pub const EVENT_SETS: &[&str] = &[
    "made",
    "six",
    "in-order",
    "out-of-order",
    "nine-scores",
    "ten-scores",
    "session-scores",
    "late-twice",
    "bridge",
    "web-clicks",
    "sensors",
    "offline-phone",
    "quiet-end",
    "hot-key",
];

/// What the clock says when the scores' story begins: noon.
pub const NINE_SCORES_START: Millis = 12 * 3_600_000;

/// Minutes and seconds past twelve.
const fn past_noon(minutes: Millis, seconds: Millis) -> Millis {
    NINE_SCORES_START + (minutes * 60 + seconds) * 1_000
}

/// Score, event time, arrival: Akidau et al., Streaming Systems, chapter 2.
const NINE_SCORES: [(i64, Millis, Millis); 9] = [
    (5, past_noon(0, 26), past_noon(5, 19)),
    (7, past_noon(2, 26), past_noon(5, 39)),
    (3, past_noon(3, 39), past_noon(6, 13)),
    (4, past_noon(4, 19), past_noon(6, 39)),
    (8, past_noon(3, 6), past_noon(7, 6)),
    (3, past_noon(6, 39), past_noon(7, 19)),
    (9, past_noon(1, 26), past_noon(8, 19)),
    (8, past_noon(7, 26), past_noon(8, 39)),
    (1, past_noon(7, 46), past_noon(9, 0)),
];

/// The tenth of figure 2-12, which arrives with the 4.
const TENTH: (i64, Millis, Millis) = (6, past_noon(0, 53), past_noon(6, 39));

/// Clock, watermark: the book's curves at their corners.
const PERFECT: [(Millis, Millis); 6] = [
    (past_noon(0, 0), past_noon(0, 0)),
    (past_noon(8, 40), past_noon(2, 0)),
    (past_noon(9, 1), past_noon(4, 0)),
    (past_noon(9, 10), past_noon(6, 0)),
    (past_noon(9, 20), past_noon(8, 0)),
    (past_noon(10, 0), Millis::MAX),
];
const HEURISTIC: [(Millis, Millis); 6] = [
    (past_noon(0, 0), past_noon(0, 0)),
    (past_noon(6, 0), past_noon(2, 0)),
    (past_noon(7, 30), past_noon(4, 0)),
    (past_noon(7, 40), past_noon(6, 0)),
    (past_noon(9, 30), past_noon(8, 30)),
    (past_noon(10, 0), Millis::MAX),
];

/// Of figure 4-7, whose events of Ed and Frank happen a little earlier.
const SESSIONS: [(Millis, Millis); 4] = [
    (past_noon(0, 0), past_noon(0, 0)),
    (past_noon(5, 52), past_noon(1, 26)),
    (past_noon(7, 38), past_noon(5, 19)),
    (past_noon(10, 0), Millis::MAX),
];

/// The watermark of the scores, as the book draws it: steps of the clock and the watermark.
pub fn book_watermark(events: &str, heuristic: bool) -> &'static [(Millis, Millis)] {
    match (events, heuristic) {
        ("session-scores", true) => &SESSIONS,
        (_, true) => &HEURISTIC,
        (_, false) => &PERFECT,
    }
}

/// The events of a set; nothing where there is none of that name.
pub fn event_set(name: &str, seed: u64, values: &Parameters) -> Option<Vec<StreamInput>> {
    match name {
        // The hot key is a matter of the parameters; its set has a name of its own so that links know its words.
        "made" | "hot-key" => Some(made(values)),
        "nine-scores" => Some(listed("TeamX", &NINE_SCORES)),
        "ten-scores" => {
            let mut scores = NINE_SCORES.to_vec();
            scores.insert(4, TENTH);
            Some(listed("TeamX", &scores))
        }
        "session-scores" => {
            let mut scores = NINE_SCORES;
            scores[1].1 = past_noon(2, 24);
            scores[6].1 = past_noon(1, 25);
            Some(listed("TeamX", &scores))
        }
        "web-clicks" => Some(web_clicks(seed, values.get(Key::Events))),
        "sensors" => Some(sensors(seed, values.get(Key::Events))),
        _ => small::small(name),
    }
}

fn listed(key: &str, events: &[(i64, Millis, Millis)]) -> Vec<StreamInput> {
    let event = |(value, event_time, arrival): &(i64, Millis, Millis)| StreamInput {
        event_time: *event_time,
        arrival: *arrival,
        key: key.to_owned(),
        value: Amount::whole(*value),
    };
    by_arrival(events.iter().map(event).collect())
}

/// Visitors who click some pages within seconds of each other, then rest for a minute or more. A click
/// arrives within a second; one in twenty is as much as a minute late.
fn web_clicks(seed: u64, events: u64) -> Vec<StreamInput> {
    const VISITORS: u64 = 12;
    let mut clicks = Vec::new();
    for visitor in 0..VISITORS {
        let mut random = Random::keyed(seed, Purpose::Workload, visitor, 1);
        let share = events / VISITORS + u64::from(visitor < events % VISITORS);
        let mut at = random.below(60_000);
        let mut left_of_visit = 0;
        for _ in 0..share {
            if left_of_visit == 0 {
                left_of_visit = random.between(2, 8);
                at += random.between(40_000, 150_000);
            }
            left_of_visit -= 1;
            at += random.between(300, 12_000);
            let late =
                if random.below(20) == 0 { random.below(60_000) } else { random.below(1_000) };
            let event_time = Millis::try_from(at).unwrap_or(Millis::MAX / 2);
            let arrival = event_time + Millis::try_from(late).unwrap_or(0);
            let key = format!("visitor-{visitor}");
            clicks.push(StreamInput { event_time, arrival, key, value: Amount::whole(1) });
        }
    }
    by_arrival(clicks)
}

/// Sensors that measure each second, in thousandths of a degree, and send at once; the third stops for good at half.
/// Of four partitions each has one of its own: sensors 0 to 3 lie in 2, 1, 3 and 0.
fn sensors(seed: u64, events: u64) -> Vec<StreamInput> {
    const SENSORS: u64 = 4;
    const STOPS: u64 = 2;
    const DELAY_MS: u64 = 20;
    let mut readings = Vec::new();
    let rounds = events.div_ceil(SENSORS);
    for sensor in 0..SENSORS {
        let mut random = Random::keyed(seed, Purpose::Workload, sensor, 2);
        let mut degrees = random.between(18_000, 22_000);
        for round in 0..rounds {
            degrees = degrees + random.below(401) - 200;
            let has_stopped = sensor == STOPS && round >= rounds / 2;
            if has_stopped || readings.len() as u64 >= events {
                continue;
            }
            let at = round * 1_000 + sensor * 150;
            let [event_time, arrival] =
                [at, at + DELAY_MS].map(|at| Millis::try_from(at).unwrap_or(Millis::MAX / 2));
            let value = Amount(i64::try_from(degrees).unwrap_or(0));
            readings.push(StreamInput {
                event_time,
                arrival,
                key: format!("sensor-{sensor}"),
                value,
            });
        }
    }
    by_arrival(readings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::hashes::kafka::murmur2;
    use std::collections::BTreeMap;

    #[test]
    fn each_sensor_has_a_partition_and_one_of_them_stops() {
        let partition = |key: &str| (murmur2(key.as_bytes()) & i32::MAX) % 4;
        let mut last: BTreeMap<String, (i32, Millis)> = BTreeMap::new();
        for of in event_set("sensors", 1, &Parameters::default().with(Key::Events, 400)).unwrap() {
            last.insert(of.key.clone(), (partition(&of.key), of.event_time));
        }
        let said: Vec<(i32, Millis)> = last.into_values().collect();
        assert_eq!(said, [(2, 99_000), (1, 99_150), (3, 49_300), (0, 99_450)]);
    }

    #[test]
    fn each_set_has_its_events_and_no_other_name_has() {
        let values = Parameters::default().with(Key::Events, 500);
        for name in EVENT_SETS {
            let events = event_set(name, 1, &values).unwrap();
            assert!(!events.is_empty() && events.len() <= 500, "{name}");
            assert!(events.windows(2).all(|pair| pair[0].arrival <= pair[1].arrival), "{name}");
        }
        assert_eq!(event_set("none", 1, &values), None);
        assert_eq!(event_set("web-clicks", 1, &values).unwrap().len(), 500);
        assert_ne!(event_set("sensors", 1, &values), event_set("sensors", 2, &values));
    }
}
