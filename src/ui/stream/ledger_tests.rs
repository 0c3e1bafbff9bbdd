//! The ledger of two runs by hand, at each of their events.

use super::*;
use crate::trace::{Event, Timeline};
use crate::ui::stream::sample::{bridged_sessions, nine_scores};

fn rows_at(events: &[Event], applied: u32) -> (Vec<Row>, LedgerCounts) {
    let mut timeline = Timeline::new();
    timeline.append(events.to_vec()).unwrap();
    let snapshot = timeline.seek(applied);
    let Some(state) = snapshot.stream.as_deref() else { return Default::default() };
    (rows(state, &History::of(events), applied), state.ledger)
}

#[test]
fn it_adds_up_to_the_folds_ledger_at_every_event() {
    for events in [nine_scores(), bridged_sessions()] {
        for applied in 0..=count(&events) {
            let (rows, ledger) = rows_at(&events, applied);
            let mut sum = LedgerCounts::default();
            for fate in
                [Fate::Pending, Fate::Early, Fate::OnTime, Fate::Late, Fate::Dropped, Fate::Unseen]
            {
                *sum.of_mut(fate) = rows.iter().map(|row| row.counts.of(fate)).sum();
            }
            assert_eq!(sum, ledger, "after {applied} events");
        }
    }
}

/// Streaming Systems, figure 2-10: 14 in truth, and 5 was said.
#[test]
fn the_lost_nine_is_what_parts_output_from_truth() {
    let events = nine_scores();
    let (rows, _) = rows_at(&events, count(&events));
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.truth.as_deref(), row.output.as_deref(), row.counts.dropped, row.is_true()))
        .collect();
    assert_eq!(
        told,
        [
            (Some("14"), Some("5"), 1, Some(false)),
            (Some("18"), Some("18"), 0, Some(true)),
            (Some("4"), Some("4"), 0, Some(true)),
            (Some("12"), Some("12"), 0, Some(true)),
        ]
    );
}

#[test]
fn a_session_is_one_row_once_a_record_has_joined_its_parts() {
    let events = bridged_sessions();
    let told = |applied| -> Vec<(String, Option<String>)> {
        let (rows, _) = rows_at(&events, applied);
        rows.into_iter().map(|row| (row.truth.unwrap(), row.output)).collect()
    };
    let said = |text: &str| Some(text.to_owned());
    // After the two panes and what the sink received of them.
    assert_eq!(told(11), [("3".to_owned(), said("3")), ("4".to_owned(), said("4"))]);
    assert_eq!(told(count(&events)), [("12".to_owned(), said("12"))]);
}

#[test]
fn each_aggregate_is_what_a_batch_would_say() {
    let values: Vec<(Amount, ElementId)> = [3, 1, 3, 5]
        .iter()
        .zip(0..)
        .map(|(value, id)| (Amount::whole(*value), ElementId(id)))
        .collect();
    let said = |kind| sum_up(kind, &values).map(|of| of.to_string()).unwrap_or_default();
    let kinds = [
        AggregateKind::Count,
        AggregateKind::Sum,
        AggregateKind::Min,
        AggregateKind::Max,
        AggregateKind::Mean,
        AggregateKind::Distinct,
        AggregateKind::Top(2),
    ];
    assert_eq!(kinds.map(said), ["4", "12", "1", "5", "3", "3", "[5 3]"]);
    assert_eq!(sum_up(AggregateKind::Join, &values), None);
}

fn count(events: &[Event]) -> u32 {
    u32::try_from(events.len()).unwrap()
}
