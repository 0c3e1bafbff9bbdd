//! The figures of Akidau et al., Streaming Systems, chapter 2 (the nine scores), through Beam's operator.
//!
//! The figures draw the watermark's curve; what is played here is its tabulated points.

use millrace::streaming::Millis;
use millrace::streaming::aggregate::Bag;
use millrace::streaming::assigner::Assigner;
use millrace::streaming::beam::{
    Accumulation, Alignment, Config, Emptiness, Runner, TimestampCombiner, Trigger,
};
use millrace::streaming::output::{Output, Pane, Timing};
use millrace::streaming::timers::TimeDomain;

/// Minutes and seconds past 12:00.
const fn at(minutes: Millis, seconds: Millis) -> Millis {
    (minutes * 60 + seconds) * 1_000
}

/// Score, event time, arrival.
const SCORES: [(i64, Millis, Millis); 9] = [
    (5, at(0, 26), at(5, 19)),
    (7, at(2, 26), at(5, 39)),
    (3, at(3, 39), at(6, 13)),
    (4, at(4, 19), at(6, 39)),
    (8, at(3, 6), at(7, 6)),
    (3, at(6, 39), at(7, 19)),
    (9, at(1, 26), at(8, 19)),
    (8, at(7, 26), at(8, 39)),
    (1, at(7, 46), at(9, 0)),
];

/// Clock, watermark.
const HEURISTIC: [(Millis, Millis); 5] = [
    (at(6, 0), at(2, 0)),
    (at(7, 30), at(4, 0)),
    (at(7, 40), at(6, 0)),
    (at(9, 30), at(8, 30)),
    (at(10, 0), at(60, 0)),
];
const PERFECT: [(Millis, Millis); 4] =
    [(at(8, 40), at(2, 0)), (at(9, 1), at(4, 0)), (at(9, 10), at(6, 0)), (at(9, 20), at(8, 0))];

/// A pane: minute of its window, sum, timing, clock in seconds past 12:00. What is taken back is negative.
type Said = (Millis, i64, Timing, Millis);

fn config(trigger: Trigger, accumulation: Accumulation, allowed_lateness_ms: Millis) -> Config {
    Config {
        assigner: Assigner::Tumbling { size_ms: at(2, 0), offset_ms: 0 },
        trigger,
        accumulation,
        allowed_lateness_ms,
        timestamp_combiner: TimestampCombiner::EndOfWindow,
        closing: Emptiness::IfNonEmpty,
        on_time: Emptiness::IfNonEmpty,
    }
}

/// Plays scores, watermark and clock in the order of time; timers of the clock fire when they are due.
fn play(
    config: Config,
    scores: &[(i64, Millis, Millis)],
    watermark: &[(Millis, Millis)],
) -> Vec<Said> {
    let mut runner: Runner<Bag<i64>> = Runner::new(config);
    let mut said = Vec::new();
    let scores = scores.iter().map(|(score, event, arrival)| (*arrival, 0, *event, *score));
    let steps = watermark.iter().map(|(clock, watermark)| (*clock, 1, *watermark, 0));
    let mut all: Vec<(Millis, u8, Millis, i64)> = scores.chain(steps).collect();
    all.sort_unstable();
    for (clock, kind, time, score) in all {
        while let Some(due) = runner.next_timer(TimeDomain::Processing).filter(|due| *due < clock) {
            let mut out = Vec::new();
            runner.on_processing_time(due + 1, &mut out);
            tell(due, out, &mut said);
        }
        let mut out = Vec::new();
        runner.on_processing_time(clock, &mut out);
        match kind {
            0 => runner.on_bundle(&[(time, score)], &mut out),
            _ => runner.on_watermark(time, &mut out),
        }
        tell(clock, out, &mut said);
    }
    said.sort_unstable();
    said
}

fn tell(clock: Millis, out: Vec<Output<Bag<i64>, i64>>, said: &mut Vec<Said>) {
    let row = |pane: &Pane<Bag<i64>>, sign: i64| {
        let sum: i64 = pane.contents.0.iter().sum();
        (pane.window.start / 60_000, sign * sum, pane.info.timing, clock / 1_000)
    };
    for output in out {
        match output {
            Output::Pane(pane) => said.push(row(&pane, 1)),
            Output::Retraction(pane) => said.push(row(&pane, -1)),
            Output::Merged { .. }
            | Output::Copied { .. }
            | Output::Dropped(_)
            | Output::Late { .. }
            | Output::Forgotten { .. } => {}
        }
    }
}

fn check(said: Vec<Said>, mut expected: Vec<(Millis, i64, Timing, (Millis, Millis))>) {
    expected.sort_unstable();
    let expected: Vec<Said> = expected
        .into_iter()
        .map(|(window, sum, timing, (minute, second))| (window, sum, timing, minute * 60 + second))
        .collect();
    assert_eq!(said, expected);
}

/// Early panes aligned to the minute, a late one for each record.
fn early_and_late() -> Trigger {
    let early = Trigger::AfterProcessingTime { delay_ms: 0, align: Some(Alignment::each(60_000)) };
    Trigger::AfterWatermark {
        early: Some(Box::new(early)),
        late: Some(Box::new(Trigger::AfterCount { n: 1 })),
    }
}

use Timing::{Early, Late, OnTime};

#[test]
fn figure_2_6_a_pane_per_record() {
    let trigger = Trigger::Repeatedly(Box::new(Trigger::AfterCount { n: 1 }));
    let said = play(config(trigger, Accumulation::Accumulating, at(60, 0)), &SCORES, &[]);
    check(
        said,
        vec![
            (0, 5, Early, (5, 19)),
            (0, 14, Early, (8, 19)),
            (2, 7, Early, (5, 39)),
            (2, 10, Early, (6, 13)),
            (2, 18, Early, (7, 6)),
            (4, 4, Early, (6, 39)),
            (6, 3, Early, (7, 19)),
            (6, 11, Early, (8, 39)),
            (6, 12, Early, (9, 0)),
        ],
    );
}

#[test]
fn figure_2_7_aligned_delay() {
    let trigger =
        Trigger::AfterProcessingTime { delay_ms: 0, align: Some(Alignment::each(120_000)) };
    let trigger = Trigger::Repeatedly(Box::new(trigger));
    let end = [(at(11, 0), at(0, 0))];
    let said = play(config(trigger, Accumulation::Accumulating, at(60, 0)), &SCORES, &end);
    // The book aligns to the odd minutes; by the epoch it is the even ones.
    check(
        said,
        vec![
            (0, 5, Early, (6, 0)),
            (2, 7, Early, (6, 0)),
            (2, 18, Early, (8, 0)),
            (4, 4, Early, (8, 0)),
            (6, 3, Early, (8, 0)),
            (0, 14, Early, (10, 0)),
            (6, 12, Early, (10, 0)),
        ],
    );
}

#[test]
fn figure_2_8_unaligned_delay() {
    let trigger = Trigger::AfterProcessingTime { delay_ms: at(2, 0), align: None };
    let trigger = Trigger::Repeatedly(Box::new(trigger));
    let end = [(at(11, 0), at(0, 0))];
    let said = play(config(trigger, Accumulation::Accumulating, at(60, 0)), &SCORES, &end);
    check(
        said,
        vec![
            (0, 5, Early, (7, 19)),
            (0, 14, Early, (10, 19)),
            (2, 18, Early, (7, 39)),
            (4, 4, Early, (8, 39)),
            (6, 12, Early, (9, 19)),
        ],
    );
}

#[test]
fn figure_2_10_perfect_and_heuristic() {
    let trigger = || Trigger::AfterWatermark { early: None, late: None };
    let config = || config(trigger(), Accumulation::Accumulating, 0);
    check(
        play(config(), &SCORES, &PERFECT),
        vec![
            (0, 14, OnTime, (8, 40)),
            (2, 18, OnTime, (9, 1)),
            (4, 4, OnTime, (9, 10)),
            (6, 12, OnTime, (9, 20)),
        ],
    );
    // The 9 is lost.
    check(
        play(config(), &SCORES, &HEURISTIC),
        vec![
            (0, 5, OnTime, (6, 0)),
            (2, 18, OnTime, (7, 30)),
            (4, 4, OnTime, (7, 40)),
            (6, 12, OnTime, (9, 30)),
        ],
    );
}

#[test]
fn figure_2_11_early_on_time_and_late() {
    let config = config(early_and_late(), Accumulation::Accumulating, at(40, 0));
    check(
        play(config, &SCORES, &HEURISTIC),
        vec![
            (0, 5, OnTime, (6, 0)),
            (0, 14, Late, (8, 19)),
            (2, 7, Early, (6, 0)),
            (2, 10, Early, (7, 0)),
            (2, 18, OnTime, (7, 30)),
            (4, 4, Early, (7, 0)),
            (6, 3, Early, (8, 0)),
            (6, 12, Early, (9, 0)),
        ],
    );
}

#[test]
fn figure_2_12_a_minute_of_lateness() {
    let mut scores = SCORES.to_vec();
    scores.push((6, at(0, 53), at(6, 39)));
    let config = config(early_and_late(), Accumulation::Accumulating, at(1, 0));
    let mut said = play(config, &scores, &HEURISTIC);
    said.retain(|(window, ..)| *window == 0);
    check(said, vec![(0, 5, OnTime, (6, 0)), (0, 11, Late, (6, 39))]);
}

#[test]
fn figure_2_13_discarding() {
    let config = config(early_and_late(), Accumulation::Discarding, at(40, 0));
    check(
        play(config, &SCORES, &HEURISTIC),
        vec![
            (0, 5, OnTime, (6, 0)),
            (0, 9, Late, (8, 19)),
            (2, 7, Early, (6, 0)),
            (2, 3, Early, (7, 0)),
            (2, 8, OnTime, (7, 30)),
            (4, 4, Early, (7, 0)),
            (6, 3, Early, (8, 0)),
            (6, 9, Early, (9, 0)),
        ],
    );
}

/// What is taken back carries the timing that it was said with.
#[test]
fn figure_2_14_retracting() {
    let config = config(early_and_late(), Accumulation::Retracting, at(40, 0));
    check(
        play(config, &SCORES, &HEURISTIC),
        vec![
            (0, 5, OnTime, (6, 0)),
            (0, 14, Late, (8, 19)),
            (0, -5, OnTime, (8, 19)),
            (2, 7, Early, (6, 0)),
            (2, 10, Early, (7, 0)),
            (2, -7, Early, (7, 0)),
            (2, 18, OnTime, (7, 30)),
            (2, -10, Early, (7, 30)),
            (4, 4, Early, (7, 0)),
            (6, 3, Early, (8, 0)),
            (6, 12, Early, (9, 0)),
            (6, -3, Early, (9, 0)),
        ],
    );
}

/// Sessions a minute apart: what each of the merged sessions had said is taken back.
#[test]
fn figure_4_7_sessions_retracting() {
    let mut scores = SCORES;
    scores[1].1 = at(2, 24);
    scores[6].1 = at(1, 25);
    let watermark = [(at(5, 52), at(1, 26)), (at(7, 38), at(5, 19)), (at(10, 0), at(60, 0))];
    let config = Config {
        assigner: Assigner::Session { gap_ms: at(1, 0) },
        ..config(early_and_late(), Accumulation::Retracting, at(100, 0))
    };
    check(
        play(config, &scores, &watermark),
        vec![
            (0, 5, OnTime, (5, 52)),
            (2, 7, Early, (6, 0)),
            (3, 7, Early, (7, 0)),
            (2, 22, OnTime, (7, 38)),
            (2, -7, Early, (7, 38)),
            (3, -7, Early, (7, 38)),
            (0, 36, Late, (8, 19)),
            (0, -5, OnTime, (8, 19)),
            (2, -22, OnTime, (8, 19)),
            (6, 3, Early, (8, 0)),
            (6, 12, Early, (9, 0)),
            (6, -3, Early, (9, 0)),
        ],
    );
}
