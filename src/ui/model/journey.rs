//! The way of a pair from its line to the output: which attempts emitted it, in which spill it lay,
//! who fetched it from where. The data is computed anew by the conductor; who handled it is in the
//! snapshot.

use crate::base::{AttemptId, NodeId, PartitionId};
use crate::trace::Snapshot;
use crate::trace::snapshot::{Attempt, CellState, Verdict};

/// What an attempt of the map did with the pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Emitter {
    /// Which attempt.
    pub attempt: AttemptId,
    /// Where it ran.
    pub node: NodeId,
    /// Whether its output is the one that counts.
    pub counts: bool,
    /// What became of it, in a word.
    pub fate: &'static str,
    /// The spill that the pair was in, from 0, once it was spilled.
    pub spill: Option<u32>,
}

/// The attempts of a map at this moment, and what each did with the pair that it emitted after so
/// many others.
pub fn emitters(snapshot: &Snapshot, map: u32, place: u64) -> Vec<Emitter> {
    let at = map as usize;
    let source = snapshot.shuffle.get(at).and_then(|row| row.source).map(|(attempt, _)| attempt);
    let attempts = snapshot.maps.get(at).map_or(&[][..], |task| &task.attempts);
    let emitter = |attempt: &Attempt| Emitter {
        attempt: attempt.id,
        node: attempt.node,
        counts: source == Some(attempt.id),
        fate: fate(&attempt.verdict),
        spill: spill_of(attempt, place),
    };
    attempts.iter().map(|attempt| emitter(attempt)).collect()
}

/// The attempt that wrote a part, and where it ran.
pub fn writer(snapshot: &Snapshot, part: PartitionId) -> Option<(AttemptId, NodeId)> {
    let attempt = snapshot.outputs.iter().find(|output| output.part == part)?.attempt;
    let task = snapshot.reduces.get(part.0 as usize)?;
    let found = task.attempts.iter().find(|found| found.id == attempt)?;
    Some((attempt, found.node))
}

/// The node that the reduce of a part fetched a map's segment from, once it has.
pub fn fetched_from(snapshot: &Snapshot, map: u32, part: PartitionId) -> Option<NodeId> {
    let row = snapshot.shuffle.get(map as usize)?;
    let is_fetched = row.cells.get(part.0 as usize)?.state == CellState::Fetched;
    row.source.filter(|_| is_fetched).map(|(_, node)| node)
}

/// The spill that holds the pair of this place: each takes what came since the one before.
fn spill_of(attempt: &Attempt, place: u64) -> Option<u32> {
    let mut end = 0;
    let spill = attempt.spills.iter().find(|spill| {
        end += spill.content.records;
        place < end
    });
    spill.map(|spill| spill.index)
}

fn fate(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Running => "running",
        Verdict::Succeeded { .. } => "done",
        Verdict::Failed { .. } => "failed",
        Verdict::Killed { .. } => "killed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{Timeline, synthetic};

    #[test]
    fn of_several_attempts_one_counts_and_the_others_are_told_of() {
        let mut timeline = Timeline::new();
        timeline.append(synthetic::failing()).unwrap();
        let snapshot = timeline.seek(timeline.len());
        let twice = snapshot.maps.iter().find(|task| task.attempts.len() > 1).unwrap();
        let emitters = emitters(&snapshot, twice.id.index, 0);
        assert_eq!(emitters.len(), twice.attempts.len());
        assert!(emitters.iter().filter(|emitter| emitter.counts).count() <= 1);
        assert!(
            emitters.iter().any(|emitter| emitter.fate == "failed" || emitter.fate == "killed")
        );
    }

    /// The records of the spills, one after another, are the places of the pairs.
    #[test]
    fn a_pair_lies_in_the_spill_that_its_place_falls_into() {
        let mut timeline = Timeline::new();
        timeline.append(synthetic::run(&synthetic::small())).unwrap();
        let snapshot = timeline.seek(timeline.len());
        let attempts = snapshot.maps.iter().flat_map(|task| &task.attempts);
        let spilled = attempts.filter(|attempt| !attempt.spills.is_empty());
        let mut seen = 0;
        for attempt in spilled {
            let mut first = 0;
            for spill in &attempt.spills {
                let end = first + spill.content.records;
                assert_eq!(spill_of(attempt, first), Some(spill.index));
                assert_eq!(spill_of(attempt, end - 1), Some(spill.index));
                first = end;
                seen += 1;
            }
            assert_eq!(spill_of(attempt, first), None, "it was not spilled yet");
        }
        assert!(seen > 0);
    }

    #[test]
    fn a_part_was_written_by_a_reduce_that_fetched_from_the_maps() {
        let mut timeline = Timeline::new();
        timeline.append(synthetic::failing()).unwrap();
        let snapshot = timeline.seek(timeline.len());
        let part = snapshot.outputs[0].part;
        let (attempt, _) = writer(&snapshot, part).unwrap();
        assert_eq!(attempt.task.index, part.0);
        assert!(fetched_from(&snapshot, 0, part).is_some());
        assert_eq!(writer(&snapshot, PartitionId(99)), None);
    }
}
