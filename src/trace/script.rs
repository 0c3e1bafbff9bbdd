//! What a run recorded of one attempt that does not follow from its data: where its spills began
//! and ended, in which order its fetches came and its merges ended, and how far it got. Who does
//! the attempt's work again keeps to this, so that it comes to the same spills and merges.

use super::event::{BatchEvent, Event, EventKind, Phase, SpillReason, Volume};
use super::failure::{FailureEvent, TaskError};
use crate::base::{AttemptId, BlockId, FileId, NodeId, TaskKind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a run recorded of an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Script {
    /// Which attempt.
    pub attempt: AttemptId,
    /// Where it ran.
    pub node: NodeId,
    /// The blocks that a map opened, and whom it read each from last.
    pub opened: Vec<(BlockId, NodeId)>,
    /// A map's spills, in order.
    pub spills: Vec<Spilled>,
    /// What a reduce's fetches and merges did, in order.
    pub shuffle: Vec<ShuffleAct>,
    /// The byte of a file's text at which a map threw, since it was poison.
    pub poison: Option<(FileId, u64)>,
    /// How far it got.
    pub reach: Reach,
}

/// A spill as the run recorded it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spilled {
    /// Why it began.
    pub reason: SpillReason,
    /// Records that the buffer held when it began.
    pub records: u64,
    /// Records that the map had emitted in all when it ended; nothing while it is under way.
    pub freed_at: Option<u64>,
}

/// Something that a reduce's copy lanes or its merge did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are named for what they carry")]
pub enum ShuffleAct {
    /// A fetch began that came to a good end later. The map's own spills are told too, so that its
    /// output can be made again where it is gone.
    Starts { map: AttemptId, from: NodeId, volume: Volume, spills: Vec<Spilled> },
    /// It ended.
    Ends { map: AttemptId },
    /// A merge ended.
    Merged { pass: u32 },
}

/// How far an attempt got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// To its end.
    Whole,
    /// A map: so many lines.
    Lines(u64),
    /// A reduce: what its fetches and merges did, and no further.
    Shuffle,
    /// A reduce: so many groups, the last of which may not be over.
    Groups(u64),
}

impl Script {
    /// A map attempt that did all its work, with these spills.
    pub fn of_map(attempt: AttemptId, node: NodeId, spills: Vec<Spilled>) -> Script {
        Script { spills, reach: Reach::Whole, ..begun(attempt, node) }
    }

    /// What these events say of an attempt; nothing when it was never given out.
    pub fn of(events: &[Event], attempt: AttemptId) -> Option<Script> {
        let mut scribe = Scribe { spills: BTreeMap::new(), emitted: BTreeMap::new(), script: None };
        for event in events {
            match &event.kind {
                EventKind::Batch(batch) => scribe.on_batch(attempt, batch),
                EventKind::Failure(failure) => scribe.on_failure(attempt, failure),
                EventKind::World(_) | EventKind::Stream(_) => {}
            }
        }
        scribe.finish(attempt)
    }
}

/// Takes notes of one attempt, and of all maps' spills.
struct Scribe {
    spills: BTreeMap<AttemptId, Vec<Spilled>>,
    /// Records that each map has emitted.
    emitted: BTreeMap<AttemptId, u64>,
    script: Option<Script>,
}

impl Scribe {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the rest counts only of the attempt itself"
    )]
    fn on_batch(&mut self, attempt: AttemptId, event: &BatchEvent) {
        match event {
            BatchEvent::MapAssigned { attempt: id, node, .. }
            | BatchEvent::ReduceAssigned { attempt: id, node, .. }
                if *id == attempt =>
            {
                self.script = Some(begun(attempt, *node));
            }
            BatchEvent::SpillStarted { attempt: id, reason, content, .. } => {
                let spill = Spilled { reason: *reason, records: content.records, freed_at: None };
                self.spills.entry(*id).or_default().push(spill);
            }
            BatchEvent::SpillFinished { attempt: id, .. } => {
                let emitted = self.emitted.get(id).copied().unwrap_or(0);
                if let Some(spill) = self.spills.get_mut(id).and_then(|all| all.last_mut()) {
                    spill.freed_at = Some(emitted);
                }
            }
            BatchEvent::MapProgress { attempt: id, input, output, .. } => {
                self.emitted.insert(*id, output.records);
                if let Some(script) = self.script.as_mut().filter(|_| *id == attempt)
                    && script.reach != Reach::Whole
                {
                    script.reach = Reach::Lines(input.records);
                }
            }
            _ => self.on_own(attempt, event),
        }
    }

    /// What only counts of the attempt itself.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only what an attempt's work follows from")]
    fn on_own(&mut self, attempt: AttemptId, event: &BatchEvent) {
        let Some(script) = &mut self.script else { return };
        match event {
            BatchEvent::InputOpened { attempt: id, block, from, .. } if *id == attempt => {
                script.opened.retain(|(opened, _)| opened != block);
                script.opened.push((*block, *from));
            }
            BatchEvent::FetchStarted { attempt: id, map, from, volume, .. } if *id == attempt => {
                let spills = self.spills.get(map).cloned().unwrap_or_default();
                let act = ShuffleAct::Starts { map: *map, from: *from, volume: *volume, spills };
                script.shuffle.push(act);
            }
            BatchEvent::FetchFinished { attempt: id, map, .. } if *id == attempt => {
                script.shuffle.push(ShuffleAct::Ends { map: *map });
            }
            BatchEvent::MergeFinished { attempt: id, pass, .. }
                if *id == attempt && id.task.kind == TaskKind::Reduce =>
            {
                script.shuffle.push(ShuffleAct::Merged { pass: *pass });
            }
            BatchEvent::PhaseStarted { attempt: id, phase: Phase::Reduce } if *id == attempt => {
                script.reach = Reach::Groups(0);
            }
            BatchEvent::ReduceProgress { attempt: id, groups, .. } if *id == attempt => {
                script.reach = Reach::Groups(*groups);
            }
            BatchEvent::MapOutputReady { attempt: id, .. }
            | BatchEvent::OutputWritten { attempt: id, .. }
            | BatchEvent::AttemptSucceeded { attempt: id, .. }
                if *id == attempt =>
            {
                script.reach = Reach::Whole;
            }
            _ => {}
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "only what an attempt's work follows from")]
    fn on_failure(&mut self, attempt: AttemptId, event: &FailureEvent) {
        let Some(script) = &mut self.script else { return };
        match event {
            FailureEvent::AttemptThrew { attempt: id, error } if *id == attempt => {
                if let TaskError::PoisonRecord { offset, file } = error {
                    script.poison = Some((*file, *offset));
                }
                // What lies in the data is met again.
                let is_in_data = matches!(
                    error,
                    TaskError::PoisonRecord { .. }
                        | TaskError::BadRecord { .. }
                        | TaskError::CorruptInput { .. }
                );
                if is_in_data {
                    script.reach = Reach::Whole;
                }
            }
            FailureEvent::FetchFailed { attempt: id, map, .. } if *id == attempt => {
                let is_start = |act: &ShuffleAct| matches!(act, ShuffleAct::Starts { map: started, .. } if started == map);
                if let Some(place) = script.shuffle.iter().rposition(is_start) {
                    script.shuffle.remove(place);
                }
            }
            _ => {}
        }
    }

    fn finish(mut self, attempt: AttemptId) -> Option<Script> {
        let mut script = self.script?;
        script.spills = self.spills.remove(&attempt).unwrap_or_default();
        Some(script)
    }
}

fn begun(attempt: AttemptId, node: NodeId) -> Script {
    Script {
        attempt,
        node,
        opened: Vec::new(),
        spills: Vec::new(),
        shuffle: Vec::new(),
        poison: None,
        reach: match attempt.task.kind {
            TaskKind::Map => Reach::Lines(0),
            TaskKind::Reduce => Reach::Shuffle,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::TaskId;
    use crate::trace::synthetic;

    /// Spills tell how much was emitted when each ended, and a finished attempt is told whole.
    #[test]
    fn a_map_is_told_with_its_spills_and_a_reduce_with_its_fetches() {
        let events = synthetic::run(&synthetic::small());
        let map = Script::of(&events, TaskId::map(0).attempt(0)).unwrap();
        assert_eq!(map.reach, Reach::Whole);
        assert!(!map.spills.is_empty() && !map.opened.is_empty() && map.shuffle.is_empty());
        assert!(map.spills.iter().all(|spill| spill.freed_at.is_some()));
        let reduce = Script::of(&events, TaskId::reduce(0).attempt(0)).unwrap();
        let count = |wanted: fn(&ShuffleAct) -> bool| {
            reduce.shuffle.iter().filter(|act| wanted(act)).count()
        };
        let starts = count(|act| matches!(act, ShuffleAct::Starts { .. }));
        assert_eq!(starts, count(|act| matches!(act, ShuffleAct::Ends { .. })));
        assert!(starts > 1);
        assert_eq!(Script::of(&events, TaskId::map(999).attempt(0)), None);
    }

    #[test]
    fn what_is_under_way_reaches_as_far_as_it_was_recorded() {
        let events = synthetic::run(&synthetic::small());
        let id = TaskId::map(0).attempt(0);
        let done = |event: &Event| matches!(&event.kind, EventKind::Batch(BatchEvent::MapOutputReady { attempt, .. }) if *attempt == id);
        let end = events.iter().position(done).unwrap();
        let script = Script::of(&events[..end], id).unwrap();
        assert!(matches!(script.reach, Reach::Lines(lines) if lines > 0), "{:?}", script.reach);
    }
}
