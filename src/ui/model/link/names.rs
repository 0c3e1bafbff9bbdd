//! What is selected, by the name that links have for it, such as `node-3`, `map-2`, `map-2-1` for an attempt at
//! it and `cell-2-0` for its segment of a partition; and whether a run has it.

use crate::base::{
    AttemptId, BlockId, MapIndex, NodeId, PartitionId, RackId, TaskId, TaskKind, Window,
};
use crate::trace::stream::{ElementId, OperatorId, Partition, Subtask};
use crate::trace::{Seq, Snapshot};
use crate::ui::selection::Selection;
use crate::ui::stage::derive;
use crate::ui::stream::thing::{self, KeyName, Thing, WindowName};

/// The name of what is selected.
pub(in crate::ui::model) fn name(selection: Selection) -> String {
    match selection {
        Selection::Node(node) => format!("node-{}", node.0),
        Selection::Rack(rack) => format!("rack-{}", rack.0),
        Selection::Block(block) => format!("block-{}", block.0),
        Selection::Task(task) => task_name(task),
        Selection::Attempt(AttemptId { task, number }) => format!("{}-{number}", task_name(task)),
        Selection::Cell { map, partition } => format!("cell-{}-{}", map.0, partition.0),
        Selection::Output(part) => format!("part-{}", part.0),
        Selection::Coordinator => "coordinator".to_owned(),
        Selection::Event(seq) => format!("event-{}", seq.0),
        Selection::Stream(thing) => thing_name(thing),
    }
}

fn task_name(task: TaskId) -> String {
    match task.kind {
        TaskKind::Map => format!("map-{}", task.index),
        TaskKind::Reduce => format!("reduce-{}", task.index),
    }
}

fn thing_name(thing: Thing) -> String {
    match thing {
        Thing::Record(id) => format!("record-{}", id.0),
        Thing::Pane(place) => format!("pane-{place}"),
        Thing::Partition(Partition { source, index }) => format!("partition-{}-{index}", source.0),
        Thing::Subtask(Subtask { operator, index }) => format!("subtask-{}-{index}", operator.0),
        Thing::Window(WindowName { subtask, key, window }) => format!(
            "window-{}.{}.{:x}.{}.{}",
            subtask.operator.0,
            subtask.index,
            key.number(),
            window.start,
            window.end
        ),
    }
}

/// What is selected by this name; nothing when it is no such name.
pub(super) fn selection(name: &str) -> Option<Selection> {
    if name == "coordinator" {
        return Some(Selection::Coordinator);
    }
    let (kind, rest) = name.split_once('-')?;
    if kind == "window" {
        return window(rest).map(|name| Selection::Stream(Thing::Window(name)));
    }
    let numbers: Vec<u32> = rest.split('-').map(str::parse).collect::<Result<_, _>>().ok()?;
    match *numbers.as_slice() {
        [number] => one(kind, number),
        [first, second] => two(kind, first, second),
        _ => None,
    }
}

fn one(kind: &str, number: u32) -> Option<Selection> {
    Some(match kind {
        "node" => Selection::Node(NodeId(small(number)?)),
        "rack" => Selection::Rack(RackId(small(number)?)),
        "block" => Selection::Block(BlockId(number)),
        "map" => Selection::Task(TaskId::map(number)),
        "reduce" => Selection::Task(TaskId::reduce(number)),
        "part" => Selection::Output(PartitionId(number)),
        "event" => Selection::Event(Seq(number)),
        "record" => Selection::Stream(Thing::Record(ElementId(number))),
        "pane" => Selection::Stream(Thing::Pane(number)),
        _ => return None,
    })
}

fn two(kind: &str, first: u32, second: u32) -> Option<Selection> {
    let operator = || small(first).map(OperatorId);
    Some(match kind {
        "map" => Selection::Attempt(TaskId::map(first).attempt(small(second)?)),
        "reduce" => Selection::Attempt(TaskId::reduce(first).attempt(small(second)?)),
        "cell" => Selection::Cell { map: MapIndex(first), partition: PartitionId(second) },
        "partition" => {
            let (source, index) = (operator()?, small(second)?);
            Selection::Stream(Thing::Partition(Partition { source, index }))
        }
        "subtask" => {
            let (operator, index) = (operator()?, small(second)?);
            Selection::Stream(Thing::Subtask(Subtask { operator, index }))
        }
        _ => return None,
    })
}

fn small(number: u32) -> Option<u16> {
    u16::try_from(number).ok()
}

fn window(text: &str) -> Option<WindowName> {
    let [operator, index, key, start, end] = *text.split('.').collect::<Vec<_>>().as_slice() else {
        return None;
    };
    let operator = OperatorId(operator.parse().ok()?);
    let subtask = Subtask { operator, index: index.parse().ok()? };
    let key = KeyName::from_number(u64::from_str_radix(key, 16).ok()?);
    let window = Window { start: start.parse().ok()?, end: end.parse().ok()? };
    Some(WindowName { subtask, key, window })
}

/// Whether a run has what is selected: by its end, or, of what comes and goes, at the playhead.
pub(in crate::ui::model) fn is_there(
    selection: Selection,
    whole: &Snapshot,
    now: &Snapshot,
) -> bool {
    let below = |number: u32, count: usize| (number as usize) < count;
    match selection {
        Selection::Node(id) => whole.nodes.iter().any(|node| node.id == id),
        Selection::Rack(id) => (1..=whole.racks).contains(&id.0),
        Selection::Block(id) => whole.blocks.iter().any(|block| block.id == id),
        Selection::Task(id) => derive::task(whole, id).is_some(),
        Selection::Attempt(id) => derive::attempt(whole, id).is_some(),
        Selection::Cell { map, partition } => {
            below(map.0, whole.maps.len()) && below(partition.0, whole.reduces.len())
        }
        // Where there is no reduce each map writes a part.
        Selection::Output(part) if whole.reduces.is_empty() => below(part.0, whole.maps.len()),
        Selection::Output(part) => below(part.0, whole.reduces.len()),
        Selection::Coordinator => true,
        Selection::Event(seq) => seq.0 < whole.applied,
        Selection::Stream(thing) => {
            let at_end = whole.stream.as_deref();
            at_end.is_some_and(|job| match thing {
                Thing::Record(id) => job.record(id).is_some(),
                Thing::Partition(id) => job.partition(id).is_some(),
                Thing::Subtask(id) => job.subtask(id).is_some(),
                Thing::Pane(place) => thing::pane(job, place).is_some(),
                Thing::Window(name) => {
                    let is_open = now.stream.as_deref().is_some_and(|now| name.find(now).is_some());
                    is_open || !name.panes(job).is_empty()
                }
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{Timeline, synthetic};

    fn all() -> Vec<Selection> {
        let subtask = Subtask { operator: OperatorId(2), index: 1 };
        let window = Window { start: -5_000, end: i64::MAX };
        vec![
            Selection::Node(NodeId(3)),
            Selection::Rack(RackId(1)),
            Selection::Block(BlockId(2)),
            Selection::Task(TaskId::map(1)),
            Selection::Task(TaskId::reduce(0)),
            Selection::Attempt(TaskId::map(1).attempt(0)),
            Selection::Attempt(TaskId::reduce(1).attempt(0)),
            Selection::Cell { map: MapIndex(3), partition: PartitionId(1) },
            Selection::Output(PartitionId(1)),
            Selection::Coordinator,
            Selection::Event(Seq(7)),
            Selection::Stream(Thing::Record(ElementId(4))),
            Selection::Stream(Thing::Pane(0)),
            Selection::Stream(Thing::Partition(Partition { source: OperatorId(0), index: 1 })),
            Selection::Stream(Thing::Subtask(subtask)),
            Selection::Stream(Thing::Window(WindowName::new(subtask, "team 1", window))),
        ]
    }

    #[test]
    fn whatever_can_be_selected_has_a_name_that_leads_back_to_it() {
        for one in all() {
            let written = name(one);
            assert_eq!(selection(&written), Some(one), "{written}");
            assert!(
                written.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
            );
        }
        for wrong in ["map", "map-", "map-1-2-3", "map-1-70000", "cell-1", "window-1.2.3", "door-1"]
        {
            assert_eq!(selection(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_a_run_does_not_have_is_known() {
        let mut timeline = Timeline::new();
        timeline.append(synthetic::run(&synthetic::small())).unwrap();
        let whole = timeline.seek(timeline.len());
        for one in all() {
            let is_batch = !matches!(one, Selection::Stream(_));
            assert_eq!(is_there(one, &whole, &whole), is_batch, "{one:?}");
        }
        for name in [
            "node-9",
            "rack-9",
            "block-99",
            "map-99",
            "map-1-9",
            "cell-0-9",
            "part-9",
            "event-999999",
        ] {
            assert!(!is_there(selection(name).unwrap(), &whole, &whole), "{name}");
        }
    }
}
