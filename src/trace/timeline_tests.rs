//! Seeking equals folding afresh, and memory stays bounded.

use super::*;
use crate::trace::synthetic::{self, Shape};

/// Runs of several shapes: tiny, longer than a few strides, many tasks.
fn runs() -> Vec<Vec<Event>> {
    let many = |maps, reduces, nodes, lines| Shape {
        nodes,
        racks: 2,
        maps,
        reduces,
        words_a_report: 3,
        text: synthetic::made_text(u64::from(maps), lines),
        ..synthetic::small()
    };
    let shapes = [synthetic::small(), many(1, 1, 2, 5), many(60, 9, 5, 600)];
    shapes.iter().map(synthetic::run).chain([synthetic::failing()]).collect()
}

fn fed(events: &[Event], batch: usize) -> Timeline {
    let mut timeline = Timeline::new();
    for batch in events.chunks(batch) {
        timeline.append(batch.to_vec()).unwrap();
    }
    timeline
}

/// The state after each number of events, folded afresh.
fn folds(events: &[Event]) -> Vec<Snapshot> {
    let mut state = Snapshot::default();
    let mut states = vec![state.clone()];
    for event in events {
        state.apply(event).unwrap();
        states.push(state.clone());
    }
    states
}

#[test]
fn a_seek_to_any_place_from_any_place_equals_a_fresh_fold() {
    let runs = runs();
    assert!(runs[2].len() > 10 * FIRST_STRIDE as usize, "several keyframes are used");
    for events in runs {
        let states = folds(&events);
        let mut timeline = fed(&events, 97);
        let len = timeline.len();
        let all = 0..=len;
        // Forward by one, backward by one, and by far jumps.
        let jumps = all.clone().map(|n| n.wrapping_mul(7_919) % (len + 1));
        for n in all.clone().chain(all.clone().rev()).chain(jumps) {
            assert_eq!(*timeline.seek(n), states[n as usize], "after {n} events");
        }
    }
}

#[test]
fn seeking_between_appends_sees_what_is_there() {
    let events = runs().remove(2);
    let states = folds(&events);
    let mut timeline = Timeline::new();
    for batch in events.chunks(61) {
        let behind = timeline.len() / 2;
        assert_eq!(*timeline.seek(behind), states[behind as usize]);
        timeline.append(batch.to_vec()).unwrap();
        assert_eq!(*timeline.seek(u32::MAX), states[timeline.len() as usize]);
    }
}

#[test]
fn keyframes_stay_few_and_evenly_spaced() {
    let heartbeat = |seq: u32| Event {
        seq: Seq(seq),
        at: Time(u64::from(seq)),
        node: None,
        kind: crate::trace::EventKind::Batch(crate::trace::BatchEvent::HeartbeatReceived {
            node: crate::base::NodeId(1),
            free_map_slots: seq,
            free_reduce_slots: 0,
        }),
        cause: None,
    };
    let mut events = synthetic::run(&synthetic::small());
    events.truncate(20);
    let (from, at) = (events.len() as u32, events[19].at);
    events.extend(
        (from..300_000).map(|seq| Event { at: at.max(Time(seq.into())), ..heartbeat(seq) }),
    );
    let mut timeline = fed(&events, 1_000);
    assert!(timeline.frames.len() <= FRAMES_MAX && timeline.frames.len() > FRAMES_MAX / 4);
    for (frame, n) in timeline.frames.iter().zip((0..).step_by(timeline.stride as usize)) {
        assert_eq!(frame.applied, n);
    }
    let state = timeline.seek(123_456);
    assert_eq!((state.applied, state.nodes[0].belief.free_map_slots), (123_456, 123_455));
}

#[test]
fn a_snapshot_that_someone_holds_never_changes() {
    let events = runs().remove(0);
    let mut timeline = fed(&events, 10);
    let held = timeline.seek(20);
    let before = Snapshot::clone(&held);
    timeline.seek(21);
    timeline.seek(5);
    assert_eq!(*held, before);
}

#[test]
fn a_step_shares_what_it_does_not_touch() {
    let events = runs().remove(2);
    let mut timeline = fed(&events, 500);
    let middle = timeline.len() / 2;
    let (before, after) = (timeline.seek(middle), timeline.seek(middle + 1));
    let shared = before.maps.iter().zip(&after.maps).filter(|(a, b)| Rc::ptr_eq(a, b));
    assert!(shared.count() >= before.maps.len() - 1);
    assert!(Rc::ptr_eq(&after, &timeline.seek(middle + 1)), "the same place, the same snapshot");
}

#[test]
fn gaps_and_time_going_back_are_refused_and_what_came_before_stays() {
    let events = runs().remove(0);
    let mut gap = events.clone();
    gap.remove(30);
    let mut timeline = Timeline::new();
    let error = timeline.append(gap).unwrap_err();
    assert_eq!(error.misfit, Misfit::Gap { expected: 30, found: 31 });
    assert_eq!(timeline.len(), 30);
    timeline.append(events[30..].to_vec()).unwrap();
    assert_eq!(timeline.len() as usize, events.len());

    let mut back = events.clone();
    back[40].at = Time::ZERO;
    let error = Timeline::new().append(back).unwrap_err();
    let (before, found) = (events[39].at, Time::ZERO);
    assert_eq!((error.seq, error.misfit), (Seq(40), Misfit::TimeWentBack { before, found }));
}

#[test]
fn a_time_means_all_that_happened_by_then() {
    let events = runs().remove(0);
    let timeline = fed(&events, 50);
    assert_eq!(timeline.at_time(timeline.end_time()), timeline.len());
    let at_start = events.iter().filter(|event| event.at == Time::ZERO).count();
    assert_eq!(timeline.at_time(Time::ZERO) as usize, at_start);
    for event in &events {
        let n = timeline.at_time(event.at) as usize;
        assert!(events[n - 1].at == event.at && events.get(n).is_none_or(|e| e.at > event.at));
    }
}

#[test]
fn a_prefix_is_the_run_as_it_was_and_goes_on_by_itself() {
    for events in runs() {
        let timeline = fed(&events, 97);
        let states = folds(&events);
        for n in (0..=timeline.len()).step_by(events.len() / 7 + 1) {
            let mut prefix = timeline.prefix(n);
            assert_eq!((prefix.len(), prefix.events()), (n, &events[..n as usize]));
            assert_eq!(*prefix.seek(n / 2), states[n as usize / 2]);
            assert_eq!(*prefix.seek(n), states[n as usize]);
            prefix.append(events[n as usize..].to_vec()).unwrap();
            assert_eq!(*prefix.seek(u32::MAX), states[events.len()]);
        }
    }
}
