//! What has to do with what is selected: the ways from one thing to the next.

use crate::base::{MapIndex, PartitionId, TaskId, TaskKind};
use crate::trace::snapshot::{Attempt, Snapshot, Task};
use crate::ui::selection::Selection;
use crate::ui::stage::derive;

/// More than this many are not listed; the stage shows them.
const MOST: usize = 12;

/// A way to something else: its name, and what selecting it selects.
pub type Way = (String, Selection);

/// The ways from what is selected.
pub fn related(snapshot: &Snapshot, selection: Selection) -> Vec<Way> {
    let mut ways = match selection {
        Selection::Node(id) => {
            let node = snapshot.nodes.get(id.place());
            let mut ids = node.map_or(Vec::new(), |node| node.running.clone());
            // What is believed to run there too: it may be gone, or still be on its way.
            let believed = snapshot.believed_running(id);
            ids.extend(
                believed.into_iter().filter(|id| node.is_none_or(|n| !n.running.contains(id))),
            );
            ids.iter().map(|id| (id.to_string(), Selection::Attempt(*id))).collect()
        }
        Selection::Rack(id) => {
            let here = snapshot.nodes.iter().filter(|node| node.rack == id);
            here.map(|node| (node.id.to_string(), Selection::Node(node.id))).collect()
        }
        Selection::Block(id) => {
            let starts = |task: &&std::rc::Rc<Task>| {
                let split = task.split.as_ref();
                let block = split.and_then(|split| derive::block_at(snapshot, split.offset));
                block.is_some_and(|block| block.id == id)
            };
            let tasks = snapshot.maps.iter().filter(starts);
            tasks.map(|task| (task.id.to_string(), Selection::Task(task.id))).collect()
        }
        Selection::Task(id) => derive::task(snapshot, id).map_or(Vec::new(), |task| {
            let attempts = task.attempts.iter();
            let name = |a: &Attempt| format!("attempt {}, on {}", a.id.number, a.node);
            let mut ways: Vec<Way> =
                attempts.map(|a| (name(a), Selection::Attempt(a.id))).collect();
            ways.extend(data_of(snapshot, id));
            ways
        }),
        Selection::Attempt(id) => derive::attempt(snapshot, id).map_or(Vec::new(), |attempt| {
            let mut ways = vec![
                (id.task.to_string(), Selection::Task(id.task)),
                (attempt.node.to_string(), Selection::Node(attempt.node)),
            ];
            let twins = derive::task(snapshot, id.task).into_iter().flat_map(|task| &task.attempts);
            let twins =
                twins.filter(|other| other.backs == Some(id) || attempt.backs == Some(other.id));
            ways.extend(twins.map(|other| {
                let what = if other.backs == Some(id) { "its backup" } else { "the one it backs" };
                (format!("{what}, on {}", other.node), Selection::Attempt(other.id))
            }));
            ways.extend(data_of(snapshot, id.task));
            ways
        }),
        Selection::Cell { map, partition } => vec![
            (format!("map {}", map.0), Selection::Task(TaskId::map(map.0))),
            (format!("reduce {}", partition.0), Selection::Task(TaskId::reduce(partition.0))),
        ],
        Selection::Output(part) => {
            vec![(format!("reduce {}", part.0), Selection::Task(TaskId::reduce(part.0)))]
        }
        Selection::Stream(thing) => crate::ui::stream::related::related(snapshot, thing),
        Selection::Coordinator | Selection::Event(_) => Vec::new(),
    };
    ways.truncate(MOST);
    ways
}

/// What a task reads and what it has written, as far as it is there.
fn data_of(snapshot: &Snapshot, id: TaskId) -> Vec<Way> {
    match id.kind {
        TaskKind::Map => {
            let split = derive::task(snapshot, id).and_then(|task| task.split.as_ref());
            let block = split.and_then(|split| derive::block_at(snapshot, split.offset));
            let mut ways: Vec<Way> = block
                .map(|block| (format!("block {}", block.id.0), Selection::Block(block.id)))
                .into_iter()
                .collect();
            let place = usize::try_from(id.index).unwrap_or(usize::MAX);
            let row = snapshot.shuffle.get(place).filter(|row| row.source.is_some());
            let parts = row.map_or(0, |row| row.cells.len());
            ways.extend((0..).take(parts).map(|part| {
                let partition = PartitionId(part);
                let selects = Selection::Cell { map: MapIndex(id.index), partition };
                (format!("segment for reduce {part}"), selects)
            }));
            ways
        }
        TaskKind::Reduce => {
            let part = PartitionId(id.index);
            let there = snapshot.outputs.iter().any(|output| output.part == part);
            let way = || (format!("output part {}", id.index), Selection::Output(part));
            there.then(way).into_iter().collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{BlockId, NodeId};
    use crate::trace::{Timeline, synthetic};

    #[test]
    fn nothing_that_is_not_there_yet_is_a_way() {
        let mut timeline = Timeline::new();
        timeline.append(synthetic::run(&synthetic::small())).unwrap();
        let names = |n: u32, timeline: &mut Timeline, selection| -> Vec<String> {
            related(&timeline.seek(n), selection).into_iter().map(|way| way.0).collect()
        };
        let reduce = Selection::Task(TaskId::reduce(0));
        assert_eq!(names(20, &mut timeline, reduce), Vec::<String>::new());
        let end = names(u32::MAX, &mut timeline, reduce);
        assert!(end.contains(&"output part 0".to_owned()), "{end:?}");
        let block = names(u32::MAX, &mut timeline, Selection::Block(BlockId(1)));
        assert_eq!(block, ["map 1"]);
        assert!(names(u32::MAX, &mut timeline, Selection::Node(NodeId(1))).is_empty());
    }
}
