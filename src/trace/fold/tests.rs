//! The fold's own tests: what a whole run comes to, and that nothing foreign harms it.

use super::*;
use crate::base::random::{Purpose, Random};
use crate::base::{NodeId, Time};
use crate::trace::event::{Phase, Seq, Volume};
use crate::trace::snapshot::{CellState, TaskState};
use crate::trace::synthetic;

fn fold(events: &[Event]) -> Snapshot {
    let mut state = Snapshot::default();
    events.iter().for_each(|event| state.apply(event).unwrap());
    state
}

#[test]
fn a_whole_run_ends_with_everything_done() {
    let events = synthetic::run(&synthetic::small());
    let state = fold(&events);
    assert!(state.maps.iter().chain(&state.reduces).all(|task| task.state == TaskState::Done));
    assert!(state.nodes.iter().all(|node| node.running.is_empty()));
    assert_eq!(state.nodes.iter().map(|node| node.ended.len()).sum::<usize>(), 6);
    let cells: Vec<_> = state.shuffle.iter().flat_map(|row| &row.cells).collect();
    assert!(cells.len() == 8 && cells.iter().all(|cell| cell.state == CellState::Fetched));
    assert_eq!(state.counters.map_output_records, 45);
    let written: Volume = state.outputs.iter().map(|output| output.volume).sum();
    assert_eq!(written.records, 15, "the sample text has 15 distinct words");
    let job = state.job.unwrap();
    assert_eq!((job.maps_done, job.reduces_done, job.finished.is_some()), (4, 2, true));
}

#[test]
fn a_node_is_free_before_the_coordinator_knows() {
    let events = synthetic::run(&synthetic::small());
    let done = |event: &&Event| {
        matches!(event.kind, EventKind::Batch(BatchEvent::PhaseStarted { phase: Phase::Done, .. }))
    };
    let at = events.iter().find(done).unwrap().seq.0 as usize;
    let state = fold(&events[..=at]);
    assert!(state.nodes.iter().any(|node| !node.ended.is_empty()));
    assert!(state.maps.iter().all(|task| task.state == TaskState::Running));
    assert_eq!(state.job.unwrap().maps_done, 0);
}

/// A run recorded at the lowest level has no phases; success ends an attempt on its node too.
#[test]
fn without_phases_success_ends_an_attempt_on_its_node() {
    let mut events = synthetic::run(&synthetic::small());
    let kept = |event: &Event| match &event.kind {
        EventKind::Stream(_) => false,
        EventKind::World(_) => true,
        EventKind::Failure(_) => false,
        EventKind::Batch(kind) => matches!(
            kind,
            BatchEvent::JobSubmitted { .. }
                | BatchEvent::SplitPlanned { .. }
                | BatchEvent::MapAssigned { .. }
                | BatchEvent::AttemptLaunched { .. }
                | BatchEvent::AttemptSucceeded { .. }
                | BatchEvent::ReduceAssigned { .. }
        ),
    };
    events.retain(kept);
    for (seq, event) in (0..).zip(&mut events) {
        event.seq = Seq(seq);
        event.cause = None;
    }
    let state = fold(&events);
    assert!(state.nodes.iter().all(|node| node.running.is_empty()));
    assert!(state.maps.iter().all(|task| task.attempts[0].ended.is_some()));
}

#[test]
fn only_a_heartbeat_changes_what_is_believed() {
    let events = synthetic::run(&synthetic::small());
    let mut state = Snapshot::default();
    for event in &events {
        let before: Vec<_> = state.nodes.iter().map(|node| node.belief.clone()).collect();
        state.apply(event).unwrap();
        let changed = state.nodes.iter().zip(&before).any(|(node, old)| node.belief != *old);
        let heard = matches!(event.kind, EventKind::Batch(BatchEvent::HeartbeatReceived { .. }));
        assert_eq!(changed, heard, "{event:?}");
    }
}

#[test]
fn the_buffer_is_freed_when_a_spill_is_on_disk() {
    let events = synthetic::run(&synthetic::small());
    for (n, event) in events.iter().enumerate() {
        if let EventKind::Batch(BatchEvent::SpillFinished { attempt, spill, .. }) = event.kind {
            let (before, after) = (fold(&events[..n]), fold(&events[..=n]));
            let (before, after) =
                (before.attempt(attempt).unwrap(), after.attempt(attempt).unwrap());
            let freed = before.spills[spill as usize].buffer_bytes;
            assert_eq!(before.progress.buffer_bytes, after.progress.buffer_bytes + freed);
        }
    }
}

/// Events of one run put into another at random places, with their numbers changed to fit: each is
/// folded or refused, nothing panics, and what is refused leaves no trace.
#[test]
fn foreign_events_are_folded_or_refused_whole() {
    let own = [synthetic::run(&synthetic::small()), synthetic::failing()];
    let mut foreign = synthetic::run(&synthetic::Shape {
        nodes: 5,
        maps: 9,
        reduces: 4,
        buffer: 200,
        text: synthetic::made_text(3, 30),
        ..synthetic::small()
    });
    (0..4).for_each(|_| foreign.extend(synthetic::failing()));
    foreign.extend(synthetic::every_kind());
    let (mut folded, mut refused) = (0, 0);
    for case in 0..3_000 {
        let mut random = Random::keyed(11, Purpose::Test, case, 0);
        let own = &own[case as usize % 2];
        let mut state = fold(&own[..random.below(own.len() as u64) as usize]);
        for _ in 0..20 {
            let mut event = foreign[random.below(foreign.len() as u64) as usize].clone();
            (event.seq, event.at, event.cause) = (Seq(state.applied), state.at, None);
            if random.chance(100_000) {
                event.node = Some(NodeId(random.below(7) as u16));
            }
            let before = state.clone();
            match state.apply(&event) {
                Ok(()) => folded += 1,
                Err(_) => {
                    refused += 1;
                    assert_eq!(state, before, "case {case}: {event:?}");
                }
            }
        }
    }
    assert!(folded > 1_000 && refused > 1_000, "{folded} folded, {refused} refused");
}

#[test]
fn a_cause_must_come_before_and_sizes_are_bounded() {
    let mut events = synthetic::run(&synthetic::small());
    let mut state = fold(&events[..10]);
    events[10].cause = Some(Seq(10));
    assert_eq!(state.apply(&events[10]), Err(Misfit::CauseAhead(10)));

    let huge = BatchEvent::JobSubmitted { input_bytes: 1, maps: 1, reduces: u32::MAX };
    let kind = EventKind::Batch(huge);
    let event = Event { seq: Seq(0), at: Time::ZERO, node: None, kind, cause: None };
    let refused = Snapshot::default().apply(&event);
    assert_eq!(refused, Err(Misfit::TooLarge { maps: 1, reduces: u32::MAX }));
}
