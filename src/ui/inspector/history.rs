//! What an attempt has done so far: its phases with how long they took, its spills, merges and
//! fetches, each with the event to go to.

use crate::base::format::{Bytes, Counted};
use crate::base::{Span, TaskKind, Time};
use crate::trace::event::{Phase, Seq, SpillReason, Volume};
use crate::trace::snapshot::{Attempt, CellState, Snapshot};
use crate::ui::stage::wording;

/// A row of an attempt's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it was.
    pub what: String,
    /// How much, or how long.
    pub amount: String,
    /// The event to go to, where one is known.
    pub seq: Option<Seq>,
}

/// The phases that an attempt began, with how long each took or has taken by `now`.
pub fn phases(attempt: &Attempt, now: Time) -> Vec<Row> {
    let mut rows = Vec::new();
    for (place, (phase, since)) in attempt.phases.iter().enumerate() {
        if *phase == Phase::Done {
            continue;
        }
        let until = attempt.phases.get(place + 1).map(|(_, next)| *next);
        let took: Span = until.unwrap_or(now).since(*since);
        let amount = if until.is_some() { took.to_string() } else { format!("{took} so far") };
        let is_last = place + 1 == attempt.phases.len();
        let seq = is_last.then_some(attempt.phase_since.1);
        rows.push(Row { what: wording::phase(*phase).to_owned(), amount, seq });
    }
    rows
}

/// The spills of a map, with their reasons and numbers.
pub fn spills(attempt: &Attempt) -> Vec<Row> {
    let row = |spill: &crate::trace::snapshot::Spill| {
        let reason = match spill.reason {
            SpillReason::Threshold => "the buffer crossed its threshold",
            SpillReason::NoRoom => "the next record had no room",
            SpillReason::EndOfInput => "the input ended",
        };
        let amount = match spill.written {
            Some(written) => format!("{} → {}", size(spill.content), size(written)),
            None => format!("{}, being written", size(spill.content)),
        };
        Row { what: format!("spill {}: {reason}", spill.index), amount, seq: Some(spill.started) }
    };
    attempt.spills.iter().map(row).collect()
}

/// The merge passes of an attempt.
pub fn merges(attempt: &Attempt) -> Vec<Row> {
    let row = |merge: &crate::trace::snapshot::Merge| {
        let inputs = Counted(merge.inputs.into(), "segment");
        let last = if merge.last { ", the last" } else { "" };
        let amount = merge.written.map_or_else(|| "under way".to_owned(), size);
        Row {
            what: format!("pass {} over {inputs}{last}", merge.pass),
            amount,
            seq: Some(merge.started),
        }
    };
    attempt.merges.iter().map(row).collect()
}

/// The segments that a reduce has or is fetching, by map.
pub fn fetches(snapshot: &Snapshot, attempt: &Attempt) -> Vec<Row> {
    if attempt.id.task.kind == TaskKind::Map {
        return Vec::new();
    }
    let place = usize::try_from(attempt.id.task.index).unwrap_or(usize::MAX);
    let mut rows = Vec::new();
    for row in &snapshot.shuffle {
        let (Some(cell), Some((_, from))) = (row.cells.get(place), row.source) else { continue };
        if matches!(cell.state, CellState::Fetching | CellState::Fetched) {
            let state = wording::cell_state(cell.state);
            rows.push(Row {
                what: format!("map {} from {from}: {state}", row.map.0),
                amount: size(cell.volume),
                seq: cell.seq,
            });
        }
    }
    rows
}

/// `12 records, 180 B`.
pub fn size(volume: Volume) -> String {
    format!("{}, {}", Counted(volume.records, "record"), Bytes(volume.bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::TaskId;
    use crate::trace::{Timeline, synthetic};
    use crate::ui::stage::derive;

    #[test]
    fn phases_add_up_to_the_time_from_the_first_to_the_playhead() {
        let mut timeline = Timeline::new();
        timeline.append(synthetic::run(&synthetic::small())).unwrap();
        let end = timeline.seek(u32::MAX);
        let attempt = derive::attempt(&end, TaskId::map(0).attempt(0)).unwrap();
        let names: Vec<String> = phases(attempt, end.at).into_iter().map(|row| row.what).collect();
        assert_eq!(names.first().map(String::as_str), Some("starting"));
        assert!(!names.contains(&"done".to_owned()));
        assert_eq!(spills(attempt).len(), attempt.spills.len());
        let reduce = derive::attempt(&end, TaskId::reduce(1).attempt(0)).unwrap();
        assert_eq!(fetches(&end, reduce).len(), end.maps.len());
        assert_eq!(fetches(&end, attempt), []);
    }

    #[test]
    fn what_still_goes_on_says_so() {
        let mut timeline = Timeline::new();
        timeline.append(synthetic::run(&synthetic::small())).unwrap();
        let running = (0..timeline.len()).find_map(|n| {
            let snapshot = timeline.seek(n);
            let attempt = derive::attempt(&snapshot, TaskId::map(0).attempt(0))?.clone();
            (attempt.phase == Phase::Map).then_some((attempt, snapshot.at))
        });
        let (attempt, at) = running.expect("map 0 maps at some time");
        let rows = phases(&attempt, at + Span::from_secs(1));
        assert!(rows.last().is_some_and(|row| row.amount.ends_with("so far") && row.seq.is_some()));
    }
}
