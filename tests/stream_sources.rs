//! Sources, watermarks and clocks through whole jobs, worked out by hand: which partition, which subtask, when the
//! watermark moves, and by which clock. Each channel takes 10 ms.

#[path = "shared/stream_hand.rs"]
mod stream_hand;

use millrace::lab::FinishedRun;
use millrace::trace::EventKind;
use millrace::trace::stream::StreamEvent;
use serde_json::{Value, json};
use std::fmt::Write;
use stream_hand::{ledger, play, scenario, told_of};

fn stream_events(run: &FinishedRun) -> impl Iterator<Item = (u64, &StreamEvent)> {
    run.events.iter().filter_map(|event| match &event.kind {
        EventKind::Stream(kind) => Some((event.at.0 / 1_000, kind)),
        EventKind::World(_) | EventKind::Batch(_) | EventKind::Failure(_) => None,
    })
}

fn windows(parameters: &Value, events: &str) -> FinishedRun {
    play(&scenario(&json!("windows"), parameters, events))
}

fn panes(parameters: &Value, events: &str) -> Vec<String> {
    told_of(&windows(parameters, events), &["pane", "dropped"])
}

/// `(murmur2(key) & 0x7fffffff) % 4`: "21" has the hash −973932308, so 0; "foobar" −790332482, so 2; "abc"
/// 479470107, so 3. Each is read in the order of its partition's offsets.
#[test]
fn murmur2_deals_keys_to_partitions() {
    let events = "1,21,1,100\n2,foobar,1,200\n3,abc,1,300\n4,21,1,400\n5,abc,1,500\n6,21,1,600";
    let run = windows(&json!({"partitions": 4, "source_parallelism": 2}), events);
    let appended: Vec<(u16, u64)> = stream_events(&run)
        .filter_map(|(_, kind)| {
            let StreamEvent::RecordAppended { partition, offset, .. } = kind else { return None };
            Some((partition.index, *offset))
        })
        .collect();
    assert_eq!(appended, [(0, 0), (2, 0), (3, 0), (0, 1), (3, 1), (0, 2)]);
    let read: Vec<(u16, u16, u64)> = stream_events(&run)
        .filter_map(|(_, kind)| {
            let StreamEvent::RecordRead { subtask, partition, offset, .. } = kind else {
                return None;
            };
            Some((subtask.index, *partition, *offset))
        })
        .collect();
    assert_eq!(read, [(0, 0, 0), (0, 2, 0), (1, 3, 0), (0, 0, 1), (1, 3, 1), (0, 0, 2)]);
}

/// Records without a key stick to a partition until a batch of 16,384 bytes is full, at 70 bytes each: 235 of them.
#[test]
fn without_a_key_records_stick_to_a_partition_by_the_batch() {
    let mut events = String::new();
    for number in 0..600 {
        let _ = writeln!(events, "{number},,1,{number}");
    }
    let run = windows(&json!({"partitions": 3}), &events);
    let mut stretches: Vec<(u16, u64)> = Vec::new();
    for (_, kind) in stream_events(&run) {
        let StreamEvent::RecordAppended { partition, .. } = kind else { continue };
        match stretches.last_mut() {
            Some((last, count)) if *last == partition.index => *count += 1,
            _ => stretches.push((partition.index, 1)),
        }
    }
    let lengths: Vec<u64> = stretches.iter().map(|(_, count)| *count).collect();
    assert_eq!(lengths.iter().sum::<u64>(), 600);
    assert!(lengths.len() > 1, "{stretches:?}");
    let (last, full) = lengths.split_last().unwrap_or((&0, &[]));
    assert!(full.iter().all(|length| length % 235 == 0) && last % 235 == 130, "{stretches:?}");
}

/// 128 key groups over three subtasks are 0–42, 43–85 and 86–127; TeamX is in group 20, Ed 37, Naomi 9, Julie 74.
#[test]
fn keys_go_to_the_subtask_of_their_key_group() {
    let events = "1,TeamX,1,100\n2,Julie,2,200\n3,Ed,3,300\n4,Naomi,4,400";
    let run = windows(&json!({"parallelism": 3}), events);
    let mut fired: Vec<(&str, u16)> = stream_events(&run)
        .filter_map(|(_, kind)| {
            let StreamEvent::PaneFired { key, subtask, .. } = kind else { return None };
            Some((key.as_str(), subtask.index))
        })
        .collect();
    fired.sort_unstable();
    assert_eq!(fired, [("Ed", 0), ("Julie", 1), ("Naomi", 0), ("TeamX", 0)]);
}

const TWO_PARTITIONS: &str = "1000,  21,  1, 500
                              2000,  abc, 2, 2000
                              12000, abc, 4, 12000
                              13000, 21,  8, 13000";

/// The first partition's records come 5 s later, and the other waits for its watermark: the window is said at 18,000
/// instead of 13,000.
#[test]
fn a_slow_partition_holds_the_watermark() {
    let at_once = json!({"partitions": 2, "window_size_ms": 10_000});
    let expected = [
        "13010 pane 21 0..10000 on time: 1",
        "13010 pane abc 0..10000 on time: 2",
        "13210 pane 21 10000..20000 on time: 8",
        "13210 pane abc 10000..20000 on time: 4",
    ];
    assert_eq!(panes(&at_once, TWO_PARTITIONS), expected);
    let slow = json!({"partitions": 2, "window_size_ms": 10_000, "slow_partition_ms": 5_000});
    let expected = [
        "18010 pane 21 0..10000 on time: 1",
        "18010 pane abc 0..10000 on time: 2",
        "18210 pane 21 10000..20000 on time: 8",
        "18210 pane abc 10000..20000 on time: 4",
    ];
    assert_eq!(panes(&slow, TWO_PARTITIONS), expected);
}

const SILENT: &str = "1000,  21,  1, 500
                      1500, abc,  2, 1500
                      12000, 21,  4, 12000
                      12500, abc, 8, 12500";

/// The second partition falls silent at half of the events. Without a time-out its watermark holds the window until
/// the input ends, 5 s after the last record; with one of 1 s it is left out, and the window is said by the other.
/// `IdlenessTimer` begins to count at the first tick without an element, and is idle when more than 1 s has passed: from
/// 0 and from 1,600 the second, from 600 and from 12,100 the first.
#[test]
fn an_idle_partition_is_left_out_after_its_time_out() {
    let mut parameters = json!({
        "partitions": 2, "window_size_ms": 10_000, "idle_partition": true, "stay_open_ms": 5_000,
        "watermark": "bounded"
    });
    let waiting = panes(&parameters, SILENT);
    let expected = [
        "17210 pane 21 0..10000 on time: 1",
        "17210 pane abc 0..10000 on time: 2",
        "17210 pane 21 10000..20000 on time: 4",
    ];
    let mut sorted = waiting.clone();
    sorted.sort();
    let mut by_hand = expected.to_vec();
    by_hand.sort_unstable();
    assert_eq!(sorted, by_hand);
    parameters["idle_timeout_ms"] = json!(1_000);
    let run = windows(&parameters, SILENT);
    let expected = [
        "12010 pane 21 0..10000 on time: 1",
        "12010 pane abc 0..10000 on time: 2",
        "17210 pane 21 10000..20000 on time: 4",
    ];
    assert_eq!(told_of(&run, &["pane", "dropped"]), expected);
    let idle: Vec<(u64, String)> = stream_events(&run)
        .filter_map(|(at, kind)| {
            let StreamEvent::InputIdle { input, .. } = kind else { return None };
            Some((at, format!("{input:?}")))
        })
        .filter(|(_, input)| input.starts_with("Partition"))
        .collect();
    let by_hand = [(1_100, 1), (1_700, 0), (2_700, 1), (13_200, 0)];
    assert_eq!(idle, by_hand.map(|(at, partition)| (at, format!("Partition({partition})"))));
}

/// Half of the last records may be late: of 1,000, 9,000, 11,000 and 12,000 the third is at that rank, so the
/// watermark is 10,999 at 12,000, and the record of 9,500 is late at 12,500.
#[test]
fn a_percentile_watermark_lets_a_share_be_late() {
    let parameters = json!({
        "watermark": "percentile", "watermark_percentile": 50, "window_size_ms": 10_000
    });
    let events = "1000,a,1,500\n9000,a,2,9000\n11000,a,4,11000\n12000,a,8,12000\n9500,a,16,12500";
    let expected = [
        "12010 pane a 0..10000 on time: 3",
        "12510 dropped #4 of 0..10000: 9999 + 0 by 10999",
        "12710 pane a 10000..20000 on time: 12",
    ];
    assert_eq!(panes(&parameters, events), expected);
}

/// A perfect watermark knows what is to come: it stays below 500 until the straggler has come, at 9,000, and is at
/// the end as that was the last.
#[test]
fn a_perfect_watermark_waits_for_the_straggler() {
    let events = "1000,a,1,500\n3000,a,2,3000\n6000,a,4,6000\n500,a,8,9000";
    let parameters = json!({"watermark": "perfect", "window_size_ms": 2_000});
    let expected = [
        "9010 pane a 0..2000 on time: 9",
        "9010 pane a 2000..4000 on time: 2",
        "9010 pane a 6000..8000 on time: 4",
    ];
    assert_eq!(panes(&parameters, events), expected);
}

/// What is more than 2 s ahead of the slowest is not read. The first record of "abc" puts its partition at 9,999;
/// the next is read when "21" has come to 8,000.
#[test]
fn alignment_pauses_the_partition_that_is_ahead() {
    let events = "1000,  21,  1, 500
                  10000, abc, 2, 1000
                  11000, abc, 4, 2000
                  8000,  21,  8, 5000
                  12000, 21, 16, 6000";
    let parameters = json!({
        "partitions": 2, "window_size_ms": 10_000, "watermark": "bounded",
        "alignment_drift_ms": 2_000, "source_parallelism": 2
    });
    let run = windows(&parameters, events);
    let reads: Vec<(u64, u32)> = stream_events(&run)
        .filter_map(|(at, kind)| {
            let StreamEvent::RecordRead { record, .. } = kind else { return None };
            Some((at, record.0))
        })
        .collect();
    assert_eq!(reads, [(500, 0), (1_000, 1), (5_000, 3), (5_000, 2), (6_000, 4)]);
    let numbers: Vec<(u64, i64, i64)> = stream_events(&run)
        .filter_map(|(at, kind)| {
            let (StreamEvent::PartitionPaused { watermark, slowest, .. }
            | StreamEvent::PartitionResumed { watermark, slowest, .. }) = kind
            else {
                return None;
            };
            Some((at, *watermark, *slowest))
        })
        .collect();
    assert_eq!(numbers[..2], [(1_000, 9_999, 999), (5_000, 9_999, 7_999)]);
}

/// The same record in the order of three clocks: event time 9,500, read at 11,000, processed at 11,010.
#[test]
fn event_ingestion_and_processing_time() {
    let of = |domain: &str| {
        let parameters = json!({"window_size_ms": 1_000, "time_domain": domain});
        panes(&parameters, "9500,a,1,500\n400,a,2,990\n9600,a,4,1500")
    };
    assert_eq!(
        of("event"),
        ["1000 dropped #1 of 0..1000: 999 + 0 by 9499", "1710 pane a 9000..10000 on time: 5"]
    );
    // The second is read at 990, so in the first second; that is over when the third is read.
    assert_eq!(
        of("ingestion"),
        ["1510 pane a 0..1000 on time: 3", "1710 pane a 1000..2000 on time: 4"]
    );
    // It is processed at 1,000, so in the next second, which the clock ends. Timers fire when their millisecond is
    // over: Flink waits for one more, as a record may still come within it.
    assert_eq!(
        of("processing"),
        ["1000 pane a 0..1000 on time: 1", "2000 pane a 1000..2000 on time: 6"]
    );
}

/// A record that is processed in the last millisecond of a window of the clock is in it.
#[test]
fn the_last_millisecond_of_a_window_of_the_clock_counts() {
    let parameters = json!({"window_size_ms": 1_000, "time_domain": "processing"});
    let expected = ["1000 pane a 0..1000 on time: 3", "2000 pane a 1000..2000 on time: 4"];
    assert_eq!(panes(&parameters, "1,a,1,500\n2,a,2,989\n3,a,4,990"), expected);
}

/// Without an end, a window of the clock is never cleaned up: `cleanupTime` is `Long.MAX_VALUE`, and no timer is set.
#[test]
fn a_global_window_of_the_clock_sets_no_timer() {
    let parameters = json!({
        "window": "global", "time_domain": "processing", "trigger": "count", "trigger_count": 2
    });
    let run = windows(&parameters, "1,a,1,500\n2,a,2,600\n3,a,4,700");
    assert_eq!(told_of(&run, &["sink"]).len(), 1);
    assert!(run.summary.finished_at.0 < 2_000_000, "{:?}", run.summary.finished_at);
    assert_eq!(ledger(&run).pending, 1);
}
