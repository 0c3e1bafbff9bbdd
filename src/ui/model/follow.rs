//! A record of the output whose way is kept in view: what of the picture has a part in it.

use crate::base::{BlockId, TaskKind};
use crate::lab::messages::{KeyValue, RunId, SourceLine};
use crate::trace::Snapshot;
use crate::trace::snapshot::Block;
use crate::ui::selection::Selection;
use std::collections::BTreeSet;
use std::rc::Rc;

/// A record that is followed, and where it came through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followed {
    /// The run that it is of.
    pub run: RunId,
    /// The record.
    pub record: KeyValue,
    /// The maps that read its lines.
    pub maps: BTreeSet<u32>,
    /// The blocks that hold the lines, or a piece of one.
    pub blocks: BTreeSet<BlockId>,
    /// The lines: their first bytes and the bytes after their last, in the line of all files.
    pub lines: Vec<(u64, u64)>,
}

impl Followed {
    /// The way of a record that was made from these lines, of these maps.
    pub fn new(
        run: RunId,
        record: &KeyValue,
        (maps, lines): (&[u32], &[SourceLine]),
        snapshot: &Snapshot,
    ) -> Followed {
        let bytes = |line: &SourceLine| {
            let from = snapshot.in_line(line.file, line.offset);
            (from, from.saturating_add(line.text.len().max(1) as u64))
        };
        let lines: Vec<(u64, u64)> = lines.iter().map(bytes).collect();
        let is_held = |block: &&Rc<Block>| {
            let end = block.offset.saturating_add(block.length);
            lines.iter().any(|(from, to)| *from < end && block.offset < *to)
        };
        Followed {
            run,
            record: record.clone(),
            maps: maps.iter().copied().collect(),
            blocks: snapshot.blocks.iter().filter(is_held).map(|block| block.id).collect(),
            lines,
        }
    }

    /// Whether what this would select has a part in it.
    pub fn marks(&self, selection: Selection) -> bool {
        match selection {
            Selection::Block(block) => self.blocks.contains(&block),
            Selection::Cell { map, partition } => {
                partition == self.record.partition && self.maps.contains(&map.0)
            }
            Selection::Output(part) => part == self.record.partition,
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
        format!(
            "“{}”: {word} {}{more} → part {}",
            self.record.key,
            maps.join(", "),
            self.record.partition.0
        )
    }

    fn marks_task(&self, kind: TaskKind, index: u32) -> bool {
        match kind {
            TaskKind::Map => self.maps.contains(&index),
            TaskKind::Reduce => index == self.record.partition.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{FileId, MapIndex, PartitionId, TaskId};
    use crate::trace::{Timeline, synthetic};

    #[test]
    fn the_very_lines_are_marked_and_one_over_a_cut_in_both_of_its_blocks() {
        let mut timeline = Timeline::new();
        timeline.append(synthetic::run(&synthetic::small())).unwrap();
        let snapshot = timeline.seek(timeline.len());
        let second = snapshot.blocks[1].clone();
        let line = SourceLine {
            map: 0,
            file: FileId(0),
            offset: second.offset - 4,
            text: "the mill".to_owned(),
            pairs: vec![(0, "1".to_owned())],
        };
        let (key, value, partition) = ("the".to_owned(), "1".to_owned(), PartitionId(1));
        let record = KeyValue { key, value, partition };
        let followed = Followed::new(7, &record, (&[0], &[line]), &snapshot);
        assert_eq!(followed.lines, [(second.offset - 4, second.offset + 4)]);
        let blocks: Vec<BlockId> = followed.blocks.iter().copied().collect();
        assert_eq!(blocks, [snapshot.blocks[0].id, second.id]);
    }

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
