//! The numbers by hand of the made runs.

use super::*;
use crate::base::FileId;
use crate::trace::event::Volume;
use crate::trace::{Seq, synthetic};

/// See the head of `synthetic::failing` for the times.
#[test]
fn a_run_in_which_much_fails_adds_up() {
    let totals = Totals::of(&synthetic::failing());
    let segment = synthetic::SEGMENT.bytes;
    assert_eq!((totals.outcome, totals.took), (Outcome::Finished, Span::from_secs(26)));
    assert_eq!(totals.attempts, 4 + 1 + 1 + 1 + 2, "maps, a retry, a rerun, a backup, reduces");
    assert_eq!((totals.failed, totals.killed, totals.maps_again), (1, 2, 1));
    assert_eq!((totals.backups, totals.backups_won), (1, 1));
    // Map 1 ran from 0.12 to 3, map 2 from 0.13 to 5, and map 3 from 0.14 to 22.2.
    let wasted = (3_000 - 120) + (5_000 - 130) + (22_200 - 140);
    assert_eq!(totals.wasted, Span::from_millis(wasted));
    // Of eight fetches four were from the reduce's own node; block 1 of 53 bytes was copied.
    assert_eq!(totals.moved_bytes, 4 * segment + 53);
}

#[test]
fn batches_of_any_size_come_to_the_same() {
    let events = synthetic::failing();
    for size in [1, 7, 50] {
        let mut tally = Tally::default();
        events.chunks(size).for_each(|batch| tally.feed(batch));
        assert_eq!(tally.totals(), Totals::of(&events));
    }
}

#[test]
fn a_run_without_failures_wastes_nothing() {
    let totals = Totals::of(&synthetic::run(&synthetic::small()));
    assert_eq!((totals.attempts, totals.killed, totals.maps_again), (6, 0, 0));
    assert_eq!(totals.wasted, Span::ZERO);
}

fn split(hosts: Vec<NodeId>) -> BatchEvent {
    let (map, file, more) = (MapIndex(0), FileId(0), Vec::new());
    BatchEvent::SplitPlanned { map, offset: 0, length: 100, hosts, file, more }
}

/// A split of 100 bytes read from another node: 40 of them, until its node crashed; a second
/// attempt reads all, and 7 bytes of the next block to finish a line.
#[test]
fn reads_from_other_nodes_count_as_far_as_they_came() {
    let attempt = |number| crate::base::TaskId::map(0).attempt(number);
    let (from, locality) = (NodeId(2), Locality::RackLocal);
    let block = |id, offset| WorldEvent::BlockPlaced {
        block: BlockId(id),
        offset,
        length: 100,
        replicas: vec![from],
        file: FileId(0),
    };
    let mut kinds: Vec<EventKind> = [block(0, 0), block(1, 100)].map(EventKind::World).to_vec();
    let progress = BatchEvent::MapProgress {
        attempt: attempt(0),
        position: 40,
        piece: 0,
        text_position: None,
        input: Volume::default(),
        output: Volume::default(),
        buffer_bytes: 0,
        buffer_capacity: 0,
    };
    let opened = |number, block| BatchEvent::InputOpened {
        attempt: attempt(number),
        block: BlockId(block),
        from,
        locality,
    };
    let given = |number| BatchEvent::MapAssigned {
        attempt: attempt(number),
        node: NodeId(1),
        locality,
        pending: 1,
        pending_local: 0,
        opportunities_passed: 0,
        reason: LaunchReason::First,
    };
    let phase = |number, phase| BatchEvent::PhaseStarted { attempt: attempt(number), phase };
    let batch = [
        split(vec![from]),
        given(0),
        phase(0, Phase::Map),
        opened(0, 0),
        progress,
        given(1),
        phase(1, Phase::Map),
        opened(1, 0),
        opened(1, 1),
        BatchEvent::ReadPastEnd { attempt: attempt(1), split_end: 100, line_end: 107, piece: 0 },
        phase(1, Phase::Flush),
    ];
    kinds.extend(batch.map(EventKind::Batch));
    let event =
        |(seq, kind)| Event { seq: Seq(seq), at: Time::ZERO, node: None, kind, cause: None };
    let events: Vec<Event> = (0..).zip(kinds).map(event).collect();
    assert_eq!(Totals::of(&events).moved_bytes, 40 + 107);
}
