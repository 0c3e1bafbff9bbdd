//! The fold over a small stream job by hand: two windows, a late element, a session that merges.

use crate::base::{Amount, Time, Window};
use crate::trace::event::{Event, EventKind, Seq};
use crate::trace::fold::Misfit;
use crate::trace::snapshot::Snapshot;
use crate::trace::snapshot::stream::StreamState;
use crate::trace::stream::{
    Content, DropReason, EdgePlan, ElementId, Fate, FireReason, Input, JobPlan, OperatorId,
    OperatorKind, OperatorPlan, Partition, Profile, StreamEvent as S, Subtask, Timing,
};

const SOURCE: Subtask = Subtask { operator: OperatorId(0), index: 0 };
const WINDOWS: Subtask = Subtask { operator: OperatorId(1), index: 0 };
const FIRST: Window = Window { start: 0, end: 10 };
const SECOND: Window = Window { start: 5, end: 15 };

fn plan() -> JobPlan {
    let operator = |id, kind, partitions| OperatorPlan {
        id: OperatorId(id),
        name: format!("operator {id}"),
        kind,
        what: String::new(),
        parallelism: 1,
        partitions,
        window: None,
    };
    let (from, to, keyed, latency) = (OperatorId(0), OperatorId(1), true, crate::base::Span::ZERO);
    JobPlan {
        profile: Profile::Flink,
        operators: vec![
            operator(0, OperatorKind::Source, 1),
            operator(1, OperatorKind::WindowAggregate, 0),
        ],
        edges: vec![EdgePlan { from, to, keyed, latency }],
        records: 3,
        clock_at_start: 0,
    }
}

fn fold(kinds: Vec<S>) -> Result<Snapshot, Misfit> {
    let mut snapshot = Snapshot::default();
    for (seq, kind) in (0..).zip(kinds) {
        let kind = EventKind::Stream(kind);
        let event = Event { seq: Seq(seq), at: Time::ZERO, node: None, kind, cause: None };
        let before = snapshot.clone();
        if let Err(misfit) = snapshot.apply(&event) {
            assert_eq!(snapshot, before, "a misfit changes nothing");
            return Err(misfit);
        }
    }
    Ok(snapshot)
}

fn state(kinds: Vec<S>) -> StreamState {
    (*fold(kinds).unwrap().stream.unwrap()).clone()
}

fn appended(record: u32) -> S {
    S::RecordAppended {
        record: ElementId(record),
        partition: Partition { source: OperatorId(0), index: 0 },
        offset: u64::from(record),
        key: "a".to_owned(),
        value: Amount::whole(1),
        event_time: 1,
        clock: 2,
    }
}

fn read(record: u32) -> S {
    let (subtask, offset) = (SOURCE, u64::from(record));
    S::RecordRead { record: ElementId(record), subtask, partition: 0, offset, event_time: 1 }
}

fn assigned(record: u32, window: Window) -> S {
    S::WindowsAssigned {
        subtask: WINDOWS,
        element: ElementId(record),
        key: "a".to_owned(),
        value: Amount::whole(1),
        event_time: 1,
        windows: vec![window],
    }
}

fn pane(window: Window, timing: Timing) -> S {
    S::PaneFired {
        subtask: WINDOWS,
        key: "a".to_owned(),
        window,
        index: 0,
        timing,
        result: ElementId(3),
        content: Content::Number(Amount::whole(2)),
        elements: 2,
        fresh: 2,
        retracts: Vec::new(),
        why: FireReason::EndReached { max_timestamp: 14, watermark: 14 },
        last: false,
    }
}

fn beginning() -> Vec<S> {
    let mut kinds = vec![S::JobStarted { plan: Box::new(plan()) }];
    kinds.extend((0..3).flat_map(|record| [appended(record), read(record)]));
    kinds
}

#[test]
fn sessions_merge_fire_and_are_forgotten() {
    let mut kinds = beginning();
    kinds.extend([assigned(0, FIRST), assigned(1, SECOND)]);
    let into = FIRST.cover(SECOND);
    kinds.push(S::WindowsMerged {
        subtask: WINDOWS,
        key: "a".into(),
        from: vec![FIRST, SECOND],
        into,
    });
    let merged = state(kinds.clone());
    let open = &merged.subtask(WINDOWS).unwrap().windows[&("a".to_owned(), into)];
    assert_eq!((open.elements.len(), open.pending()), (2, 2));
    assert_eq!((merged.ledger.pending, merged.roll_up(ElementId(2))), (2, None));
    kinds.push(pane(into, Timing::OnTime));
    let fired = state(kinds.clone());
    assert_eq!((fired.ledger.on_time, fired.ledger.pending), (2, 0));
    assert_eq!(fired.records[0].fates[0].window, Some(FIRST));
    kinds.push(assigned(2, into));
    kinds.push(S::WindowForgotten { subtask: WINDOWS, key: "a".into(), window: into, unseen: 1 });
    let forgotten = state(kinds);
    assert!(forgotten.subtask(WINDOWS).unwrap().windows.is_empty());
    assert_eq!((forgotten.ledger.unseen, forgotten.ledger.sum()), (1, 3));
    assert_eq!(forgotten.roll_up(ElementId(2)), Some(Fate::Unseen));
}

#[test]
fn what_is_dropped_leaves_its_window() {
    let mut kinds = beginning();
    kinds.push(assigned(0, FIRST));
    let why = DropReason::Expired { max_timestamp: 9, allowed_lateness_ms: 0, watermark: 9 };
    let (element, key, event_time) = (ElementId(0), "a".to_owned(), 1);
    kinds.push(S::RecordDropped {
        subtask: WINDOWS,
        element,
        key,
        event_time,
        window: Some(FIRST),
        why,
    });
    let state = state(kinds);
    assert!(state.subtask(WINDOWS).unwrap().windows.is_empty());
    assert_eq!((state.ledger.dropped, state.ledger.sum()), (1, 1));
    assert_eq!(state.roll_up(ElementId(0)), Some(Fate::Dropped));
}

#[test]
fn what_does_not_fit_is_refused() {
    let with = |kind| {
        let mut kinds = beginning();
        kinds.push(kind);
        fold(kinds).unwrap_err()
    };
    assert_eq!(fold(vec![appended(0)]), Err(Misfit::NoStream));
    assert_eq!(with(S::JobStarted { plan: Box::new(plan()) }), Misfit::Repeated("the stream job"));
    assert!(matches!(with(appended(0)), Misfit::OutOfOrder { what: "record", .. }));
    assert!(matches!(with(read(0)), Misfit::OutOfOrder { .. }));
    let nowhere = Subtask { operator: OperatorId(1), index: 1 };
    let (keys, windows, timers) = (0, 0, 0);
    assert_eq!(
        with(S::StateChanged { subtask: nowhere, keys, windows, timers }),
        Misfit::NoSubtask(nowhere)
    );
    let input = Input::Partition(1);
    assert!(matches!(
        with(S::InputIdle { subtask: SOURCE, input, silent: None }),
        Misfit::NoPartition(_)
    ));
    let (from, to, held_by) = (5, 6, None);
    assert_eq!(
        with(S::WatermarkAdvanced { subtask: SOURCE, from, to, held_by }),
        Misfit::Watermark { stands: i64::MIN, from, to }
    );
    let mut wrong = plan();
    wrong.edges[0].to = OperatorId(0);
    assert!(matches!(fold(vec![S::JobStarted { plan: Box::new(wrong) }]), Err(Misfit::NoPlan(_))));
}
