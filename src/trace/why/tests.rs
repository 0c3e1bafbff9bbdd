//! Every event has its reason, with its numbers.

use super::*;
use crate::trace::synthetic;
use crate::trace::timeline::Timeline;

/// The number of sentences of a text: full stops at the end of words.
fn sentences(text: &str) -> usize {
    text.split_whitespace().filter(|word| word.ends_with('.')).count()
}

#[test]
fn every_kind_has_a_reason_of_one_to_three_sentences() {
    for event in synthetic::every_kind() {
        let text = why(&event, &Snapshot::default());
        assert!((1..=3).contains(&sentences(&text)) && text.ends_with('.'), "{event:?}: {text}");
    }
}

/// The reasons of the first event of each kind in a made run.
#[test]
fn reasons_name_the_rule_and_the_numbers() {
    let mut timeline = Timeline::new();
    timeline.append(synthetic::run(&synthetic::small())).unwrap();
    let mut first = |wanted: fn(&BatchEvent) -> bool| {
        let fits = |event: &&Event| match &event.kind {
            EventKind::Batch(kind) => wanted(kind),
            EventKind::World(_) | EventKind::Failure(_) | EventKind::Stream(_) => false,
        };
        let event = timeline.events().iter().find(fits).unwrap().clone();
        why(&event, &timeline.seek(event.seq.0))
    };
    assert_eq!(
        first(|kind| matches!(kind, BatchEvent::MapAssigned { .. })),
        "Node 1 had a free map slot. Of 4 pending maps 3 had a copy of the block on this node, so \
         the nearest was taken: map 0, node-local."
    );
    assert_eq!(
        first(|kind| matches!(kind, BatchEvent::SpillStarted { .. })),
        "The input has ended with 4 records still in the sort buffer (99 bytes with their index). \
         They too must be sorted and on disk before the map can serve its output."
    );
    assert_eq!(
        first(
            |kind| matches!(kind, BatchEvent::SpillStarted { spill: 0, content, .. } if content.records == 15)
        ),
        "The sort buffer held 372 of 440 bytes. A spill begins at 80 % \
         (mapreduce.map.sort.spill.percent, 0.80 by default), that is at 352 bytes. It runs in the \
         background while the mapper fills the rest."
    );
    assert_eq!(
        first(|kind| matches!(kind, BatchEvent::SlowStartReached { .. })),
        "Reduces wait for 1 of 4 maps: mapreduce.job.reduce.slowstart.completedmaps (0.05 by \
         default) of all maps, rounded up. Now 1 is done, and reduces that are given out fetch \
         while the other maps still run."
    );
    assert_eq!(
        first(|kind| matches!(kind, BatchEvent::FetchFinished { .. })),
        "35 B came from node 2, and their checksum was right. The reduce has 1 of 4 map outputs now, \
         and can begin only when it has all, since any of them may hold the smallest key."
    );
}

#[test]
fn causes_lead_back_to_the_beginning() {
    let events = synthetic::run(&synthetic::small());
    let last = events.last().unwrap().seq;
    let chain = causes(&events, last);
    assert!(chain.len() > 10 && chain.is_sorted_by(|later, earlier| later > earlier));
    let first = &events[chain.last().unwrap().0 as usize];
    assert_eq!(first.cause, None);
    assert!(causes(&events, first.seq).is_empty());
    assert!(causes(&events, Seq(u32::MAX)).is_empty());
}

#[test]
fn foreign_causes_end_the_chain() {
    let mut events = synthetic::run(&synthetic::small());
    events[50].cause = Some(Seq(50));
    events[60].cause = Some(Seq(4_000_000));
    assert!(causes(&events, Seq(50)).is_empty());
    assert!(causes(&events, Seq(60)).is_empty());
}
