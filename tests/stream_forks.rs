//! Things done by hand to what a stream job reads: a fork equals a rerun from zero, byte for byte, over random jobs
//! and random faults, forked at random times and forked again; every trace folds, and every record is accounted for.

#![expect(clippy::unwrap_used, reason = "a test that can't go on ends there")]

#[path = "shared/fork_lab.rs"]
mod fork_lab;
#[path = "shared/stream_runs.rs"]
mod stream_runs;

use fork_lab::Lab;
use millrace::base::fault::LogPartition;
use millrace::base::random::{Purpose, Random};
use millrace::base::{Amount, Fault, Level, PlannedFault, StreamFault, Time};
use millrace::lab::messages::{CommandBody, Until};
use millrace::lab::run_to_end;
use millrace::scenario::{Key, Scenario, presets};
use millrace::trace::event::WorldEvent;
use millrace::trace::sentence::sentence;
use millrace::trace::stream::{ElementId, StreamEvent};
use millrace::trace::{Event, EventKind, Timeline};
use millrace::ui::stream::verdict::Verdict;

/// Seeds of an ordinary run of the tests.
const SEEDS: u64 = 600;

fn with(scenario: &Scenario, faults: &[PlannedFault]) -> Scenario {
    let mut scenario = scenario.clone();
    scenario.faults.extend(faults);
    scenario
}

fn is_graph_of_two(scenario: &Scenario) -> bool {
    scenario.to_json().contains("\"left\"")
}

fn fault(random: &mut Random, scenario: &Scenario) -> StreamFault {
    let partitions = scenario.parameters.get(Key::StreamPartitions);
    let sources = if is_graph_of_two(scenario) { 2 } else { 1 };
    let small = |random: &mut Random, below| u16::try_from(random.below(below)).unwrap();
    let partition =
        LogPartition { source: small(random, sources), index: small(random, partitions) };
    let records = scenario.parameters.get(Key::Events);
    match random.below(6) {
        0 => StreamFault::Silence { partition },
        1 => StreamFault::Resume { partition },
        2 => StreamFault::Pace { partition, percent: 1 + u32::from(small(random, 1_000)) },
        3 | 4 => StreamFault::Inject {
            key: ["a", "b", ""][usize::from(small(random, 3))].parse().unwrap(),
            value: Amount::whole(i64::from(small(random, 100))),
            event_time: i64::from(small(random, 20_000)),
            partition: (random.below(2) == 0).then_some(partition),
        },
        // Some of these are before the record happened, or there is none, and are refused.
        _ => StreamFault::Move {
            record: u32::from(small(random, records)),
            arrival: i64::from(small(random, 60_000)),
        },
    }
}

fn planned(random: &mut Random, scenario: &Scenario, end: u64) -> PlannedFault {
    PlannedFault { at: Time(random.below(end)), fault: Fault::Stream(fault(random, scenario)) }
}

#[test]
fn a_fork_is_the_rerun_from_zero() {
    let chosen = std::env::var("MILLRACE_SEED").ok().and_then(|seed| seed.parse().ok());
    let mut forks = 0;
    for seed in chosen.map_or(0..SEEDS, |seed: u64| seed..seed + 1) {
        match check(seed) {
            Ok(forked) => forks += forked,
            Err(what) => panic!(
                "seed {seed}: {what}\nrepeat it with: MILLRACE_SEED={seed} cargo test --test stream_forks"
            ),
        }
    }
    assert!(chosen.is_some() || forks > SEEDS, "{forks} forks of {SEEDS} runs were made");
}

/// How many forks were made and equal their reruns.
fn check(seed: u64) -> Result<u64, String> {
    let mut random = Random::keyed(seed, Purpose::Test, 21, 0);
    let mut scenario = stream_runs::scenario(&mut random);
    for _ in 0..random.below(3) {
        let planned = planned(&mut random, &scenario, 5_000_000);
        if run_to_end(&with(&scenario, &[planned]), bytes::Bytes::new()).is_ok() {
            scenario.faults.push(planned);
        }
    }
    let mut lab = Lab::started(&scenario);
    // Every other run is forked while it is simulated.
    if random.below(2) == 0 {
        let until = Until::Time(Time(random.below(4_000_000)));
        lab.finish(1, until);
    } else {
        lab.finish(1, Until::End);
    }
    let end = lab.traces[&1].last().map_or(1, |event| event.at.0.max(1));
    let one = planned(&mut random, &scenario, end);
    let two = planned(&mut random, &scenario, end);
    let mut forks = 0;
    let mut all = vec![(1, scenario.clone())];
    if lab.fork(1, 2, one).is_ok() {
        all.push((2, with(&scenario, &[one])));
        // A fork of the fork, be it before the place where that parted or after.
        if lab.fork(2, 3, two).is_ok() {
            all.push((3, with(&scenario, &[one, two])));
        }
        forks = all.len() as u64 - 1;
    }
    for (run, scenario) in all.iter().rev() {
        lab.finish(*run, Until::End);
        lab.equals_rerun(*run, scenario, Until::End)?;
        sound(&lab.traces[run])?;
        let summary = &lab.summaries[run];
        if !summary.equals_oracle || summary.failed.is_some() {
            return Err(format!("run {run}: {summary:?}"));
        }
    }
    Ok(forks)
}

/// It folds to its end, each record came once, and each that came by hand has its fault as its cause.
fn sound(events: &[Event]) -> Result<(), String> {
    let mut timeline = Timeline::new();
    timeline.append(events.to_vec()).map_err(|misfit| misfit.to_string())?;
    let end = timeline.seek(timeline.len());
    let state = end.stream.as_deref().ok_or("no stream")?;
    let missing: u64 = state.partitions.iter().filter_map(|of| of.missing).map(|of| of.0).sum();
    let planned = state.records.iter().filter(|record| record.id.0 < state.plan.records).count();
    if planned as u64 + missing != u64::from(state.plan.records) {
        return Err(format!("{planned} records came and {missing} did not"));
    }
    for record in &state.records {
        let found = state.record(record.id).map(|found| found.id);
        if found != Some(record.id) {
            return Err(format!("{} is found as {found:?}", record.id));
        }
        if record.id.0 >= state.plan.records {
            let cause = events[record.appended.1.0 as usize].cause;
            let kind = cause.map(|cause| &events[cause.0 as usize].kind);
            if !matches!(kind, Some(EventKind::World(WorldEvent::FaultStruck { .. }))) {
                return Err(format!("{} came by {kind:?}", record.id));
            }
        }
    }
    Ok(())
}

fn nine_scores(faults: &[&str]) -> (Scenario, Vec<Event>) {
    let mut scenario = presets::named("lost-nine").unwrap().scenario();
    scenario.level = Level::Records;
    scenario.faults = faults.iter().map(|fault| fault.parse().unwrap()).collect();
    let events = run_to_end(&scenario, bytes::Bytes::new()).unwrap().events;
    (scenario, events)
}

/// When each record was appended, in seconds, and by which event.
fn arrivals(events: &[Event]) -> Vec<(u32, f64, Option<u32>)> {
    let arrival = |event: &Event| {
        let EventKind::Stream(StreamEvent::RecordAppended { record, .. }) = &event.kind else {
            return None;
        };
        Some((record.0, event.at.seconds(), event.cause.map(|cause| cause.0)))
    };
    events.iter().filter_map(arrival).collect()
}

fn fault_seq(events: &[Event], place: usize) -> Option<u32> {
    let struck = |event: &&Event| {
        matches!(event.kind, EventKind::World(WorldEvent::FaultStruck { effect: true, .. }))
    };
    events.iter().filter(struck).nth(place).map(|event| event.seq.0)
}

/// With a single partition: what is due while it is silent comes when it speaks again, in order, and by that.
#[test]
fn what_waited_comes_at_once() {
    let (_, plain) = nine_scores(&[]);
    let before = arrivals(&plain);
    let (third, fifth) = (before[2].1, before[4].1);
    let (from, to) = (third - 1.0, fifth + 1.0);
    let silence = format!("silence partition 0 at {from} s");
    let (_, events) = nine_scores(&[&silence, &format!("resume partition 0 at {to} s")]);
    let after = arrivals(&events);
    let resumed = fault_seq(&events, 1);
    for place in 0..before.len() {
        let waited = (third..=fifth).contains(&before[place].1);
        let expected = if waited { (to, resumed) } else { (before[place].1, None) };
        assert_eq!((after[place].1, after[place].2), expected, "record {place}");
        assert_eq!(after[place].0, before[place].0);
    }
    // A partition that stays silent is not waited for: what it would send never comes.
    let (_, events) = nine_scores(&[&silence]);
    assert_eq!(arrivals(&events).len(), 2);
    // And it is said that they did not, and by what.
    let missing: Vec<&Event> = events.iter().filter(|event| is_missing(event)).collect();
    let [told] = missing[..] else { panic!("{missing:?}") };
    let text = sentence(told);
    assert_eq!(text, "7 records of partition 0 never arrived: it was silent till the end.");
    assert_eq!(told.cause.map(|cause| cause.0), fault_seq(&events, 0));
    let mut timeline = Timeline::new();
    timeline.append(events).unwrap();
    let end = timeline.seek(timeline.len());
    let verdict = Verdict::of(end.stream.as_deref().unwrap()).sentence();
    let why = "7 records of partition 0 never arrived, because it was silent till the end";
    assert!(verdict.contains(why), "{verdict}");
}

fn is_missing(event: &Event) -> bool {
    matches!(event.kind, EventKind::Stream(StreamEvent::NeverArrived { .. }))
}

/// What speaks again in time is not missing, nor is a partition that had sent all it had.
#[test]
fn nothing_is_missing_that_came() {
    let (_, plain) = nine_scores(&[]);
    let last = arrivals(&plain).last().unwrap().1;
    for faults in [
        vec!["silence partition 0 at 1 s".to_owned(), "resume partition 0 at 100 s".to_owned()],
        vec![format!("silence partition 0 at {} s", last + 0.001)],
    ] {
        let faults: Vec<&str> = faults.iter().map(String::as_str).collect();
        let (_, events) = nine_scores(&faults);
        assert_eq!(arrivals(&events).len(), 9, "{faults:?}");
        assert!(!events.iter().any(is_missing), "{faults:?}");
    }
}

#[test]
fn at_half_the_pace_gaps_are_twice_as_long() {
    let (_, plain) = nine_scores(&[]);
    let before = arrivals(&plain);
    let from = before[3].1 - 1.0;
    let (_, events) = nine_scores(&[&format!("slow partition 0 to 50 % at {from} s")]);
    let after = arrivals(&events);
    for (one, other) in before.iter().zip(&after) {
        let expected = if one.1 < from { one.1 } else { from + 2.0 * (one.1 - from) };
        assert!((other.1 - expected).abs() < 1e-5, "{one:?} {other:?}");
    }
    assert_eq!(after[4].2, fault_seq(&events, 0));
    // At ten times the pace none comes before it happened.
    let (scenario, events) = nine_scores(&["speed up partition 0 to 1000 % at 0 s"]);
    let run = run_to_end(&scenario, bytes::Bytes::new()).unwrap();
    assert_eq!(run.events.len(), events.len());
    for event in &events {
        if let EventKind::Stream(StreamEvent::RecordAppended { event_time, clock, .. }) =
            &event.kind
        {
            assert!(clock >= event_time, "{event:?}");
        }
    }
}

#[test]
fn a_record_comes_by_hand_and_another_at_another_time() {
    let (_, plain) = nine_scores(&[]);
    let before = arrivals(&plain);
    let at = before[4].1 - 1.0;
    let (_, events) = nine_scores(&[&format!("inject 100 of TeamX from 12:00:30 at {at} s")]);
    let after = arrivals(&events);
    assert_eq!(after.len(), before.len() + 1);
    assert_eq!((after[4].1, after[4].2), (at, fault_seq(&events, 0)));
    assert!(after[4].0 as usize >= before.len(), "its number is none of the input's");
    let (_, moved) = nine_scores(&["move record 0 to 12:20:00 at 0 s"]);
    let last = *arrivals(&moved).last().unwrap();
    assert_eq!((last.0, last.2), (0, fault_seq(&moved, 0)));
    assert_eq!(arrivals(&moved).len(), before.len());
    let read = moved.iter().any(|event| {
        matches!(
            event.kind,
            EventKind::Stream(StreamEvent::RecordRead { record: ElementId(0), .. })
        )
    });
    assert!(read, "it is read after it came");
}

#[test]
fn what_cannot_be_done_says_why() {
    let (scenario, events) = nine_scores(&[]);
    let end = events.last().unwrap().at;
    let mut lab = Lab::started(&scenario);
    lab.finish(1, Until::End);
    for (text, words) in [
        ("silence partition 7 at 1 s", "partition 0 to"),
        ("crash node 1 at 1 s", "no cluster"),
        ("move record 9 to 13:00:00 at 1 s", "record 0 to 8"),
        ("move record 0 to 11:00:00 at 1 s", "cannot arrive before it"),
    ] {
        let planned: PlannedFault = text.parse().unwrap();
        let PlannedFault { at, fault } = planned;
        let error = lab.done(CommandBody::Intervene { run: 1, branch: 2, at, fault }).unwrap_err();
        assert!(error.message.contains(words), "{text}: {error}");
        assert_eq!(error.field.as_deref(), Some("faults[0]"));
    }
    let late = PlannedFault { at: end, fault: "silence partition 0".parse().unwrap() };
    assert!(lab.fork(1, 2, late).unwrap_err().message.contains("before its end"));
    // What is asked for twice finds nothing to do, and says so.
    let (_, events) = nine_scores(&["silence partition 0 at 1 s", "silence partition 0 at 2 s"]);
    let idle = |event: &&Event| {
        matches!(event.kind, EventKind::World(WorldEvent::FaultStruck { effect: false, .. }))
    };
    assert_eq!(events.iter().filter(idle).count(), 1);
}
