//! Sets of a few events, each made for one question, and small enough to follow one by one.

use super::super::{StreamInput, by_arrival};
use super::listed;
use crate::base::{Amount, Millis};

/// Value, time, arrival. The last but one comes after its window has closed.
pub(super) const SIX: [(i64, Millis, Millis); 6] = [
    (3, 1_000, 1_500),
    (5, 4_000, 4_500),
    (2, 3_000, 6_000),
    (4, 9_000, 9_500),
    (1, 13_000, 13_500),
    (6, 8_000, 15_000),
];

/// Value, time, arrival in the order of the times, and arrival when half of them are held up on the way.
const EIGHT: [(i64, Millis, [Millis; 2]); 8] = [
    (1, 1_000, [1_500, 1_500]),
    (2, 4_000, [4_500, 12_500]),
    (3, 7_000, [7_500, 21_000]),
    (4, 11_000, [11_500, 11_500]),
    (5, 14_000, [14_500, 24_500]),
    (6, 17_000, [17_500, 17_500]),
    (7, 22_000, [22_500, 22_500]),
    (8, 26_000, [26_500, 26_500]),
];

/// In windows of ten seconds with five of lateness and a watermark that is two seconds behind, the 2 is late,
/// and the 6 comes just after the 17th second's event has ended the lateness, to the millisecond.
const LATE_TWICE: [(i64, Millis, Millis); 7] = [
    (3, 2_000, 2_100),
    (5, 6_000, 6_100),
    (1, 12_500, 12_600),
    (2, 7_000, 14_100),
    (4, 17_000, 17_100),
    (6, 8_000, 18_500),
    (7, 21_000, 21_100),
];

/// With a gap of five seconds the third lies exactly a gap from each of the first two; the fourth moves the
/// watermark past them all.
const BRIDGE: [(i64, Millis, Millis); 4] =
    [(1, 1_000, 1_100), (2, 11_000, 11_100), (4, 6_000, 12_000), (8, 40_000, 40_100)];

/// Nothing comes after the 27th second.
const QUIET_END: [(i64, Millis, Millis); 6] = [
    (3, 1_000, 1_100),
    (5, 4_000, 4_100),
    (2, 12_000, 12_100),
    (4, 17_000, 17_100),
    (6, 23_000, 23_100),
    (1, 27_000, 27_100),
];

/// The events of a small set; nothing where there is none of that name.
pub(super) fn small(name: &str) -> Option<Vec<StreamInput>> {
    match name {
        "six" => Some(listed("mill", &SIX)),
        "in-order" => Some(eight(0)),
        "out-of-order" => Some(eight(1)),
        "late-twice" => Some(listed("mill", &LATE_TWICE)),
        "bridge" => Some(listed("visitor", &BRIDGE)),
        "quiet-end" => Some(listed("mill", &QUIET_END)),
        "offline-phone" => Some(offline_phone()),
        _ => None,
    }
}

/// The same eight events, in one of two orders of arrival.
fn eight(order: usize) -> Vec<StreamInput> {
    let arrives =
        |(value, at, arrivals): &(i64, Millis, [Millis; 2])| (*value, *at, arrivals[order]);
    listed("mill", &EIGHT.map(|event| arrives(&event)))
}

/// A tram and a phone say a 1 each second. The phone is offline after its third second; at 19.5 s it is back and
/// sends what it kept of the seconds 4 to 9, and from 23 s on it is online again. Of two partitions they have one
/// each: "tram" 0, "phone" 1.
fn offline_phone() -> Vec<StreamInput> {
    const ONLINE_UNTIL: Millis = 3;
    const KEPT_UNTIL: Millis = 9;
    const BACK_MS: Millis = 19_500;
    let event = |key: &str, event_time, arrival| {
        let (key, value) = (key.to_owned(), Amount::whole(1));
        StreamInput { event_time, arrival, key, value }
    };
    let live = |key, second: Millis| event(key, second * 1_000, second * 1_000 + 50);
    let tram = (1..=30).map(|second| live("tram", second));
    let before = (1..=ONLINE_UNTIL).map(|second| live("phone", second));
    let kept = (ONLINE_UNTIL + 1..=KEPT_UNTIL)
        .map(|second| event("phone", second * 1_000, BACK_MS + second * 20));
    let again = (23..=30).map(|second| live("phone", second));
    by_arrival(tram.chain(before).chain(kept).chain(again).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::hashes::kafka::murmur2;

    #[test]
    fn two_orders_hold_the_same_events() {
        let told = |name: &str| {
            let mut told: Vec<(Millis, Amount)> = small(name)
                .unwrap()
                .into_iter()
                .map(|event| (event.event_time, event.value))
                .collect();
            let as_it_came = told.clone();
            told.sort_unstable();
            (told, as_it_came)
        };
        let (sorted, arrived) = told("in-order");
        let (same, mixed) = told("out-of-order");
        assert_eq!(sorted, arrived);
        assert_eq!(sorted, same);
        assert_ne!(arrived, mixed);
    }

    #[test]
    fn the_tram_and_the_phone_have_a_partition_each() {
        let partition = |key: &[u8]| (murmur2(key) & i32::MAX) % 2;
        assert_eq!([partition(b"tram"), partition(b"phone")], [0, 1]);
    }

    #[test]
    fn the_bridge_is_exactly_a_gap_from_both_sides() {
        let times: Vec<Millis> = BRIDGE.iter().map(|(_, at, _)| *at).collect();
        assert_eq!((times[2] - times[0], times[1] - times[2]), (5_000, 5_000));
    }
}
