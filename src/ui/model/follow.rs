//! A record of the output whose way is kept in view: what of the picture has a part in it.

use crate::base::{BlockId, PartitionId, TaskKind};
use crate::lab::messages::{KeyValue, RunId, SourceLine};
use crate::trace::Snapshot;
use crate::ui::selection::Selection;
use std::collections::BTreeSet;

/// A record that is followed, and where it came through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followed {
    /// The run that it is of.
    pub run: RunId,
    /// Its key.
    pub key: String,
    /// The part that it lies in.
    pub part: PartitionId,
    /// The maps that read its lines.
    pub maps: BTreeSet<u32>,
    /// The blocks that hold the lines.
    pub blocks: BTreeSet<BlockId>,
}

impl Followed {
    /// The way of a record that was made from these lines, of these maps.
    pub fn new(
        run: RunId,
        record: &KeyValue,
        (maps, lines): (&[u32], &[SourceLine]),
        snapshot: &Snapshot,
    ) -> Followed {
        let block = |line: &SourceLine| {
            let place = snapshot.in_line(line.file, line.offset);
            let holds = |at: u64, length: u64| (at..at + length).contains(&place);
            let found = snapshot.blocks.iter().find(|block| holds(block.offset, block.length));
            found.map(|block| block.id)
        };
        Followed {
            run,
            key: record.key.clone(),
            part: record.partition,
            maps: maps.iter().copied().collect(),
            blocks: lines.iter().filter_map(block).collect(),
        }
    }

    /// Whether what this would select has a part in it.
    pub fn marks(&self, selection: Selection) -> bool {
        match selection {
            Selection::Block(block) => self.blocks.contains(&block),
            Selection::Cell { map, partition } => {
                partition == self.part && self.maps.contains(&map.0)
            }
            Selection::Output(part) => part == self.part,
            Selection::Task(task) => self.marks_task(task.kind, task.index),
            Selection::Attempt(attempt) => self.marks_task(attempt.task.kind, attempt.task.index),
            Selection::Node(_)
            | Selection::Rack(_)
            | Selection::Coordinator
            | Selection::Event(_)
            | Selection::Stream(_) => false,
        }
    }

    /// Its way in words.
    pub fn way(&self) -> String {
        let maps: Vec<String> = self.maps.iter().take(8).map(u32::to_string).collect();
        let more = if self.maps.len() > 8 { " …" } else { "" };
        let word = if self.maps.len() == 1 { "map" } else { "maps" };
        format!("“{}”: {word} {}{more} → part {}", self.key, maps.join(", "), self.part.0)
    }

    fn marks_task(&self, kind: TaskKind, index: u32) -> bool {
        match kind {
            TaskKind::Map => self.maps.contains(&index),
            TaskKind::Reduce => index == self.part.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{FileId, MapIndex, TaskId};
    use crate::trace::{Timeline, synthetic};

    #[test]
    fn what_has_a_part_is_marked_and_nothing_else() {
        let mut timeline = Timeline::new();
        timeline.append(synthetic::run(&synthetic::small())).unwrap();
        let snapshot = timeline.seek(timeline.len());
        let second = snapshot.blocks[1].clone();
        let line = SourceLine {
            map: 1,
            file: FileId(0),
            offset: second.offset + 1,
            text: "the mill".to_owned(),
            pairs: vec![(0, "1".to_owned())],
        };
        let (key, value, partition) = ("the".to_owned(), "1".to_owned(), PartitionId(1));
        let record = KeyValue { key, value, partition };
        let followed = Followed::new(7, &record, (&[1], &[line]), &snapshot);
        assert_eq!(followed.way(), "“the”: map 1 → part 1");
        let (map, partition) = (MapIndex(1), PartitionId(1));
        for marked in [
            Selection::Block(second.id),
            Selection::Task(TaskId::map(1)),
            Selection::Attempt(TaskId::map(1).attempt(3)),
            Selection::Cell { map, partition },
            Selection::Task(TaskId::reduce(1)),
            Selection::Output(partition),
        ] {
            assert!(followed.marks(marked), "{marked:?}");
        }
        for other in [
            Selection::Block(snapshot.blocks[0].id),
            Selection::Task(TaskId::map(0)),
            Selection::Cell { map, partition: PartitionId(0) },
            Selection::Task(TaskId::reduce(0)),
            Selection::Coordinator,
        ] {
            assert!(!followed.marks(other), "{other:?}");
        }
    }
}
