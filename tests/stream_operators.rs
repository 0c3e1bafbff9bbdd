//! Operators through whole jobs, worked out by hand: what is said, of which event time, and at what time of the
//! clock. Each channel takes 10 ms, so what an operator says of a record comes 10 ms after it, and to a sink 20 ms.

#[path = "shared/stream_hand.rs"]
mod stream_hand;

use millrace::scenario::Scenario;
use serde_json::{Value, json};
use stream_hand::{ledger, play, scenario, told, told_of};

/// Two sources that the events are dealt to in turn, a join of them, and a sink.
fn join(kind: Value, parameters: &Value, events: &str) -> Scenario {
    let operators = json!([
        {"name": "left", "kind": "source"},
        {"name": "right", "kind": "source"},
        {"name": "join", "kind": kind, "inputs": ["left", "right"]},
        {"name": "out", "kind": "sink", "inputs": ["join"]}
    ]);
    scenario(&json!({"graph": {"operators": operators}}), parameters, events)
}

/// The watermark of a join is the lower of its inputs'. The window's pairs come when both have passed its end: the
/// left at 7,000 ms. What came by one side alone makes no pair.
#[test]
fn a_window_join_pairs_each_left_with_each_right() {
    let run = play(&join(
        json!("window_join"),
        &json!({"window_size_ms": 10_000}),
        "1000,  a, 1,  500
         2000,  a, 10, 2000
         9999,  a, 2,  3000
         9000,  a, 20, 4000
         3000,  b, 3,  5000
         12000, a, 30, 6000
         10000, a, 4,  7000
         5000,  a, 50, 8000",
    ));
    let expected = [
        "7010 pane a 0..10000 on time: [1×10 1×20 2×10 2×20]",
        "7010 pane b 0..10000 on time: []",
        "7020 sink a [1×10] @9999",
        "7020 sink a [1×20] @9999",
        "7020 sink a [2×10] @9999",
        "7020 sink a [2×20] @9999",
        "8010 dropped #7 of 0..10000: 9999 + 0 by 9999",
        "8010 late #7: 5000 + 0 <= 9999",
        "8210 pane a 10000..20000 on time: [4×30]",
        "8220 sink a [4×30] @19999",
    ];
    assert_eq!(told(&run), expected);
    assert_eq!((ledger(&run).on_time, ledger(&run).dropped), (7, 1));
}

/// Flink's `IntervalJoinOperator`, right from 500 ms before to 900 ms after left, both ends included. An element
/// behind the watermark is dropped. One exactly at it is taken, but meets nothing that the watermark has cleaned up:
/// the left ones of 1,000 are kept until 1,900.
#[test]
fn an_interval_join_includes_both_bounds_and_drops_what_is_behind() {
    let run = play(&join(
        json!({"interval_join": {"lower_ms": -500, "upper_ms": 900}}),
        &json!({}),
        "1000, a, 1,  900
         500,  a, 10, 1100
         1000, z, 0,  1200
         1900, a, 20, 1300
         1000, a, 2,  1400
         1901, a, 30, 1500
         2401, a, 3,  1600
         1899, a, 40, 1700
         1900, a, 4,  1800
         1900, a, 50, 1900",
    ));
    let expected = [
        "1110 joined #0 #1 = 11 @1000",
        "1310 joined #0 #3 = 21 @1900",
        "1410 joined #4 #1 = 12 @1000",
        "1410 joined #4 #3 = 22 @1900",
        "1610 joined #6 #5 = 33 @2401",
        "1710 dropped #7: behind 1900",
        "1810 joined #8 #3 = 24 @1900",
        "1810 joined #8 #5 = 34 @1901",
        "1910 joined #8 #9 = 54 @1900",
    ];
    assert_eq!(told_of(&run, &["joined", "dropped"]), expected);
    let pairs =
        ["1120 sink a [1×10] @1000", "1320 sink a [1×20] @1900", "1420 sink a [2×10] @1000"];
    assert_eq!(told_of(&run, &["sink"])[..3], pairs);
}

/// A key is remembered for 5 s of event time from its first element on, not from its last, and forgotten by the
/// watermark, which is a second behind.
#[test]
fn deduplicate_forgets_a_key_when_the_watermark_says() {
    let parameters = json!({"deduplicate_within_ms": 5_000, "watermark_delay_ms": 1_000});
    let run = play(&scenario(
        &json!("deduplicate"),
        &parameters,
        "1000, a, 1, 500
         2000, a, 2, 2000
         2500, b, 3, 3000
         6500, a, 4, 4000
         7001, c, 5, 5000
         6001, a, 6, 6000
         6000, d, 7, 7000",
    ));
    let expected = [
        "520 sink a 1 @1000",
        "2010 dropped #1: seen until 6000",
        "3020 sink b 3 @2500",
        "4010 dropped #3: seen until 6000",
        "5020 sink c 5 @7001",
        "6020 sink a 6 @6001",
        "7010 dropped #6: 6000 + 0 by 6000",
    ];
    assert_eq!(told(&run), expected);
    assert_eq!(ledger(&run).dropped, 3);
}

/// The `CountWithTimeoutFunction` of Flink's documentation, with 3 s: only the timer of a key's last element speaks,
/// at the watermark that passes it; the count goes on. What is still set fires at the end of the input.
#[test]
fn a_process_function_says_the_count_of_a_silent_key() {
    let run = play(&scenario(
        &json!("silence"),
        &json!({"silence_timeout_ms": 3_000}),
        "1000,  a, 1, 500
         2000,  a, 1, 2000
         4500,  b, 1, 4500
         6000,  b, 1, 6000
         6500,  a, 1, 6500
         12000, c, 1, 12000",
    ));
    let expected = [
        "6020 sink a 2 @5000",
        "12020 sink b 2 @9000",
        "12020 sink a 3 @9500",
        "12220 sink c 1 @15000",
    ];
    assert_eq!(told(&run), expected);
}

/// Flink's `StreamGroupedReduceOperator`: each record says what has come so far, under the record's own time, late
/// ones too.
#[test]
fn a_running_aggregate_says_each_change_at_its_records_time() {
    let events = "1000, a, 5, 500
                  9000, a, 3, 2000
                  400,  b, 1, 3000
                  100,  a, -2, 4000";
    let run = play(&scenario(&json!("running"), &json!({}), events));
    let expected =
        ["520 sink a 5 @1000", "2020 sink a 8 @9000", "3020 sink b 1 @400", "4020 sink a 6 @100"];
    assert_eq!(told_of(&run, &["sink", "dropped"]), expected);
    let mean = play(&scenario(&json!("running"), &json!({"aggregate": "mean"}), events));
    let expected =
        ["520 sink a 5 @1000", "2020 sink a 4 @9000", "3020 sink b 1 @400", "4020 sink a 2 @100"];
    assert_eq!(told_of(&mean, &["sink", "dropped"]), expected);
}

const SEVEN: &str = "1, a, 1, 100
                     2, a, 2, 200
                     3, b, 9, 300
                     4, a, 3, 400
                     5, a, 4, 500
                     6, a, 5, 600
                     7, a, 6, 700";

/// `countWindow(3)` and `countWindow(3, 2)`. What fills no window is pending at the end.
#[test]
fn count_windows_by_key() {
    let job = json!("windows");
    let run = play(&scenario(&job, &json!({"window": "count", "window_count": 3}), SEVEN));
    let of_end =
        |clock: u64, key: &str, sum: u64| format!("{clock} sink {key} {sum} @{}", i64::MAX - 1);
    assert_eq!(told_of(&run, &["sink"]), [of_end(420, "a", 6), of_end(720, "a", 15)]);
    assert_eq!((ledger(&run).early, ledger(&run).pending), (6, 1));
    let slides = json!({"window": "count", "window_count": 3, "count_slide": 2});
    let run = play(&scenario(&job, &slides, SEVEN));
    let sums = [of_end(220, "a", 3), of_end(520, "a", 9), of_end(720, "a", 15)];
    assert_eq!(told_of(&run, &["sink"]), sums);
}

/// A global window fires by a trigger's count alone, or at the end of the input, or never.
#[test]
fn global_windows_fire_by_their_trigger() {
    let sums = |changes: Value| {
        let mut all = json!({"window": "global"});
        for (name, value) in changes.as_object().into_iter().flatten() {
            all[name] = value.clone();
        }
        let run = play(&scenario(&json!("windows"), &all, SEVEN));
        let lines: Vec<String> = told_of(&run, &["sink"])
            .iter()
            .map(|line| line.split(" @").next().unwrap_or_default().to_owned())
            .collect();
        (lines.join(", "), ledger(&run).pending)
    };
    let counting = json!({"trigger": "count", "trigger_count": 2});
    assert_eq!(sums(counting), ("220 sink a 3, 520 sink a 10, 720 sink a 21".to_owned(), 1));
    let purging = json!({"trigger": "count", "trigger_count": 2, "accumulation": "discarding"});
    assert_eq!(sums(purging), ("220 sink a 3, 520 sink a 7, 720 sink a 11".to_owned(), 1));
    assert_eq!(sums(json!({"trigger": "never"})), (String::new(), 7));
    assert_eq!(sums(json!({})), ("920 sink a 21, 920 sink b 9".to_owned(), 0));
}

/// `r = floorMod(ts − offset, size)`, below zero too: windows from −17,000, −7,000 and 3,000.
#[test]
fn offsets_and_times_below_zero() {
    let parameters = json!({
        "window_size_ms": 10_000, "window_offset_ms": 3_000, "watermark_delay_ms": 20_000
    });
    let events = "-8000, a, 1, 100
                  -7001, a, 2, 200
                  -7000, a, 4, 300
                  2999,  a, 8, 400
                  3000,  a, 16, 500";
    let run = play(&scenario(&json!("windows"), &parameters, events));
    // The watermark comes to −17,001 only, and what follows is the end of the input.
    let expected = [
        "710 pane a -17000..-7000 on time: 3",
        "710 pane a -7000..3000 on time: 12",
        "710 pane a 3000..13000 on time: 16",
    ];
    assert_eq!(told_of(&run, &["pane"]), expected);
    let sliding = json!({
        "window": "sliding", "window_size_ms": 10_000, "window_slide_ms": 5_000,
        "window_offset_ms": 1_000
    });
    let run = play(&scenario(&json!("windows"), &sliding, "-4001, a, 2, 100\n-4000, a, 1, 200"));
    let expected = [
        "210 pane a -14000..-4000 on time: 2",
        "410 pane a -9000..1000 on time: 3",
        "410 pane a -4000..6000 on time: 1",
    ];
    assert_eq!(told_of(&run, &["pane"]), expected);
}

/// Flink's allowed lateness of 2 s: a late record fires at once with all that the window has; once the watermark is
/// at the end and the lateness, the window is forgotten and the record goes to the late output.
#[test]
fn flinks_allowed_lateness_and_late_output() {
    let parameters = json!({"window_size_ms": 10_000, "allowed_lateness_ms": 2_000});
    let run = play(&scenario(
        &json!("windows"),
        &parameters,
        "5000,  a, 1,  500
         11999, a, 2,  2000
         6000,  a, 4,  3000
         12000, a, 8,  4000
         9999,  a, 16, 5000",
    ));
    let expected = [
        "2010 pane a 0..10000 on time: 1",
        "3010 pane a 0..10000 late: 5",
        "5010 dropped #4 of 0..10000: 9999 + 2000 by 11999",
        "5010 late #4: 9999 + 2000 <= 11999",
        "5210 pane a 10000..20000 on time: 10",
    ];
    assert_eq!(told_of(&run, &["pane", "dropped", "late"]), expected);
}

/// A record that is late for only some of its sliding windows is left out of those, and is not in the late output.
#[test]
fn late_for_some_windows_is_not_late() {
    let parameters =
        json!({"window": "sliding", "window_size_ms": 10_000, "window_slide_ms": 5_000});
    let events = "10000, a, 1, 500\n7000, a, 2, 2000\n4000, a, 4, 3000";
    let run = play(&scenario(&json!("windows"), &parameters, events));
    let expected = [
        "2010 dropped #1 of 0..10000: 9999 + 0 by 9999",
        "3010 dropped #2 of 0..10000: 9999 + 0 by 9999",
        "3010 dropped #2 of -5000..5000: 4999 + 0 by 9999",
        "3010 late #2: 4000 + 0 <= 9999",
        "3210 pane a 5000..15000 on time: 3",
        "3210 pane a 10000..20000 on time: 1",
    ];
    assert_eq!(told_of(&run, &["pane", "dropped", "late"]), expected);
}

/// A window behind a running aggregate, and one behind a window, have the times that their records say: the
/// record's own, and the last millisecond of the window.
#[test]
fn results_carry_their_times_downstream() {
    let operators = json!([
        {"name": "in", "kind": "source"},
        {"name": "so far", "kind": "running_aggregate", "inputs": ["in"]},
        {"name": "first", "kind": {"window_aggregate": {"aggregate": "max", "size_ms": 5_000}}, "inputs": ["so far"]},
        {"name": "one", "kind": {"key_by": "one"}, "inputs": ["first"]},
        {"name": "all", "kind": {"window_aggregate": {"aggregate": "sum", "size_ms": 10_000}}, "inputs": ["one"]},
        {"name": "out", "kind": "sink", "inputs": ["all"]}
    ]);
    let events =
        "1000, a, 5, 500\n2000, a, 3, 600\n4000, b, 1, 700\n7000, a, 2, 800\n15000, b, 9, 900";
    let run = play(&scenario(&json!({"graph": {"operators": operators}}), &json!({}), events));
    // Sums so far: a 5, 8; b 1; a 10; b 10. Largest of five seconds: a 8, b 1; a 10; b 10. Of ten: 19, then 10.
    let sinks = ["950 sink all 19 @9999", "1150 sink all 10 @19999"];
    assert_eq!(told_of(&run, &["sink", "dropped"]), sinks);
}

/// Flink's timers of a subtask fire in the order of their times, whatever their keys: both windows of "a" and of "b"
/// are passed at once, and the earlier of each come first. So at the lowest level, where windows keep folds alone.
#[test]
fn in_one_move_of_the_watermark_windows_fire_in_the_order_of_their_ends() {
    let events = "1000, b, 1, 500\n2000, a, 2, 600\n1500, b, 4, 700\n500, a, 8, 800";
    let parameters = json!({"window_size_ms": 1_000, "watermark_delay_ms": 5_000});
    let expected = [
        "1010 pane a 0..1000 on time: 8",
        "1010 pane b 1000..2000 on time: 5",
        "1010 pane a 2000..3000 on time: 2",
    ];
    for level in [millrace::base::Level::Records, millrace::base::Level::Counters] {
        let scenario = Scenario { level, ..scenario(&json!("windows"), &parameters, events) };
        assert_eq!(told_of(&play(&scenario), &["pane"]), expected);
    }
}

/// `ContinuousEventTimeTrigger` sets its first timer from the element's own time on, which for one out of order is
/// before the watermark: it fires when the watermark moves next, and not when the next element comes.
#[test]
fn a_timer_in_the_past_waits_for_the_next_move_of_the_watermark() {
    let parameters = json!({
        "trigger": "event_time_interval", "trigger_interval_ms": 2_000, "window_size_ms": 10_000
    });
    // The watermark is at 5,999 by the other key; the timer of "a" for 2,000 fires when it comes to 6,499.
    let events = "6000, b, 1, 500\n1000, a, 2, 600\n1500, a, 4, 700\n6500, b, 8, 800";
    let run = play(&scenario(&json!("windows"), &parameters, events));
    let panes = told_of(&run, &["pane"]);
    let of_a: Vec<&String> = panes.iter().filter(|line| line.contains(" a ")).collect();
    assert_eq!(of_a[0], "810 pane a 0..10000 early: 6", "{panes:?}");
}
