//! What a stream run answered: the panes of its first operator with windows, and what became of each
//! record there, with the numbers by which it was judged. Small enough to lay several side by side.

#[cfg(test)]
mod tests;

use super::event::{Event, EventKind};
use super::snapshot::stream::StreamState;
use super::stream::{
    Content, DropReason, ElementId, Fate, FireReason, LedgerCounts, OperatorId, Profile,
    StreamEvent, Subtask, Timing, WindowKind,
};
use super::stream_totals::StreamTotals;
use super::timeline::Timeline;
use crate::base::{Amount, Millis, Time, Window};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most records that are accounted for one by one; a run of more is too large to lay beside others.
pub const RECORDS_MAX: usize = 5_000;

/// The most panes that are told; a run of more is refused as one of too many records is.
pub const PANES_MAX: usize = 5_000;

/// The most events of a run that is to answer: it is held in memory as a whole, beside others.
pub const EVENTS_MAX: usize = 500_000;

/// What a run answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamAnswer {
    /// Whose rules held.
    pub profile: Profile,
    /// The windows of the operator; nothing where no operator has any.
    pub windows: Option<WindowKind>,
    /// How long after its end a window took elements.
    pub allowed_lateness_ms: Millis,
    /// The panes, in the order in which they fired.
    pub panes: Vec<AnsweredPane>,
    /// The records that were read, in the order of their numbers.
    pub records: Vec<AnsweredRecord>,
    /// When the operator's watermark moved, and where to: on its first subtask.
    pub watermark: Vec<(Millis, Millis)>,
    /// What the run came to.
    pub totals: StreamTotals,
    /// How many windows there are in batch, and in how many of them the stream's last word is the same.
    pub as_in_batch: (u64, u64),
}

/// A pane.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are named for what they carry")]
pub struct AnsweredPane {
    pub key: String,
    pub window: Window,
    pub timing: Timing,
    pub content: Content,
    /// What it takes back.
    pub takes_back: Vec<Content>,
    /// Whether a later one takes it back.
    pub is_taken_back: bool,
    pub why: FireReason,
    /// When it fired, by the job's clock.
    pub clock: Millis,
}

/// A record, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are named for what they carry")]
pub struct AnsweredRecord {
    pub record: ElementId,
    pub key: String,
    pub value: Amount,
    pub event_time: Millis,
    /// When it was read, by the job's clock.
    pub clock: Millis,
    /// Each of its windows, before any merging.
    pub shares: Vec<Share>,
}

/// A record in one of its windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// The window that its time assigned it to; nothing where it is in none.
    pub window: Option<Window>,
    /// What became of it.
    pub fate: Fate,
    /// Where the watermark stood when it was judged; of Kafka the stream time, that of the record included.
    pub watermark: Millis,
    /// Why it was dropped, when it was.
    pub dropped: Option<DropReason>,
}

/// Where the watermark stood as an element came to the windows, and the key that it had by then.
type Judged = BTreeMap<ElementId, (String, Millis)>;

impl StreamAnswer {
    /// Of the events of a whole run, recorded with all its records.
    ///
    /// # Errors
    /// In words, when the events fit each other in no run, or too much is said in it.
    pub fn of(events: Vec<Event>) -> Result<StreamAnswer, String> {
        let totals = StreamTotals::of(&events);
        let mut timeline = Timeline::new();
        timeline.append(events).map_err(|error| error.to_string())?;
        let snapshot = timeline.seek(timeline.len());
        let Some(state) = snapshot.stream.as_deref() else { return Ok(StreamAnswer::default()) };
        let plan = state.plan.operators.iter().find(|plan| plan.window.is_some());
        let as_in_batch = state.finished.map_or((0, 0), |(_, agree)| agree);
        let profile = state.plan.profile;
        let mut answer = StreamAnswer { profile, totals, as_in_batch, ..StreamAnswer::default() };
        if let Some((id, windows)) = plan.and_then(|plan| Some((plan.id, plan.window.as_ref()?))) {
            answer.windows = Some(windows.kind);
            answer.allowed_lateness_ms = windows.allowed_lateness;
            answer.panes = panes(state, id);
            if answer.panes.len() > PANES_MAX {
                return Err(too_many("panes", PANES_MAX, answer.panes.len()));
            }
            let (judged, watermark) = judged(state, id, timeline.events());
            answer.watermark = watermark;
            answer.records = records(state, id, &judged, timeline.events());
        }
        Ok(answer)
    }

    /// The ledger of the whole run.
    pub fn ledger(&self) -> &LedgerCounts {
        &self.totals.ledger
    }
}

/// Why a run cannot be laid beside others.
pub fn too_many(what: &str, most: usize, are: usize) -> String {
    format!(
        "Answers are laid side by side of at most {most} {what}, and there are {are}: take fewer events"
    )
}

fn panes(state: &StreamState, id: OperatorId) -> Vec<AnsweredPane> {
    let of = state.panes.iter().filter(|pane| pane.subtask.operator == id);
    let mut panes: Vec<AnsweredPane> = Vec::new();
    let mut places: BTreeMap<(&str, Window, u64), usize> = BTreeMap::new();
    for pane in of {
        for taken in &pane.retracts {
            if let Some(place) = places.get(&(pane.key.as_str(), taken.window, taken.index)) {
                panes[*place].is_taken_back = true;
            }
        }
        places.insert((&pane.key, pane.window, pane.index), panes.len());
        panes.push(AnsweredPane {
            key: pane.key.clone(),
            window: pane.window,
            timing: pane.timing,
            content: pane.content.clone(),
            takes_back: pane.retracts.iter().map(|taken| taken.content.clone()).collect(),
            is_taken_back: false,
            why: pane.why,
            clock: state.clock(pane.fired.0),
        });
    }
    panes
}

/// Where the watermark stood as each element came to an operator; and how it moved on the first subtask.
fn judged(
    state: &StreamState,
    id: OperatorId,
    events: &[Event],
) -> (Judged, Vec<(Millis, Millis)>) {
    let is_kafka = state.plan.profile == Profile::KafkaStreams;
    let mut marks: BTreeMap<Subtask, Millis> = BTreeMap::new();
    let (mut judged, mut moves) = (Judged::new(), Vec::new());
    for event in events {
        let EventKind::Stream(kind) = &event.kind else { continue };
        let (subtask, to) = if let StreamEvent::WatermarkAdvanced { subtask, to, .. } = kind {
            (*subtask, (!is_kafka).then_some(*to))
        } else if let StreamEvent::WindowsAssigned { subtask, event_time, .. } = kind {
            let before = marks.get(subtask).copied().unwrap_or(Millis::MIN);
            (*subtask, (is_kafka && *event_time > before).then_some(*event_time))
        } else {
            continue;
        };
        if subtask.operator != id {
            continue;
        }
        if let Some(to) = to {
            marks.insert(subtask, to);
            if subtask.index == 0 {
                moves.push((state.clock(event.at), to));
            }
        }
        if let StreamEvent::WindowsAssigned { element, key, .. } = kind {
            let mark = marks.get(&subtask).copied().unwrap_or(Millis::MIN);
            judged.entry(*element).or_insert_with(|| (key.clone(), mark));
        }
    }
    (judged, moves)
}

fn records(
    state: &StreamState,
    id: OperatorId,
    judged: &Judged,
    events: &[Event],
) -> Vec<AnsweredRecord> {
    let why = |seq: super::Seq| {
        let event = events.get(usize::try_from(seq.0).ok()?)?;
        let EventKind::Stream(StreamEvent::RecordDropped { why, .. }) = &event.kind else {
            return None;
        };
        Some(*why)
    };
    let record = |record: &super::snapshot::stream::RecordState| {
        let (read, _): (Time, _) = record.read?;
        let known = judged.get(&record.id);
        let watermark = known.map_or(Millis::MIN, |(_, mark)| *mark);
        let of = record.fates.iter().filter(|of| of.operator == id);
        let shares = of.map(|of| Share {
            window: of.window,
            fate: of.fate,
            watermark,
            dropped: (of.fate == Fate::Dropped).then(|| why(of.seq)).flatten(),
        });
        Some(AnsweredRecord {
            record: record.id,
            key: known.map_or_else(|| record.key.clone(), |(key, _)| key.clone()),
            value: record.value,
            event_time: record.event_time,
            clock: state.clock(read),
            shares: shares.collect(),
        })
    };
    state.records.iter().filter_map(|of| record(of)).collect()
}
