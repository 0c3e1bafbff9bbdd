//! What is selected on the page: the one thing that the inspector shows, the stage marks and a
//! key press is about.

use crate::base::{AttemptId, BlockId, MapIndex, NodeId, PartitionId, RackId, TaskId};
use crate::trace::Seq;
use crate::ui::stream::Thing;

/// What is selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selection {
    /// A machine.
    Node(NodeId),
    /// A rack: its machines and their switch.
    Rack(RackId),
    /// A block of the input.
    Block(BlockId),
    /// A task, with all tries at it.
    Task(TaskId),
    /// One try at a task.
    Attempt(AttemptId),
    /// A cell of the shuffle matrix: one map's segment for one partition.
    Cell {
        /// The map.
        map: MapIndex,
        /// The partition.
        partition: PartitionId,
    },
    /// A part of the output.
    Output(PartitionId),
    /// The coordinator: its queues and what it believes.
    Coordinator,
    /// An event of the trace.
    Event(Seq),
    /// Something of a stream job.
    Stream(Thing),
}

impl Selection {
    /// The task that the selection is about, if it is about one.
    pub fn task(self) -> Option<TaskId> {
        match self {
            Selection::Task(task) => Some(task),
            Selection::Attempt(attempt) => Some(attempt.task),
            Selection::Cell { map, .. } => Some(TaskId::map(map.0)),
            Selection::Output(part) => Some(TaskId::reduce(part.0)),
            Selection::Node(_)
            | Selection::Rack(_)
            | Selection::Block(_)
            | Selection::Coordinator
            | Selection::Event(_)
            | Selection::Stream(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selection_knows_the_task_that_it_is_about() {
        let cell = Selection::Cell { map: MapIndex(2), partition: PartitionId(1) };
        assert_eq!(cell.task(), Some(TaskId::map(2)));
        assert_eq!(Selection::Output(PartitionId(1)).task(), Some(TaskId::reduce(1)));
        assert_eq!(Selection::Node(NodeId(1)).task(), None);
    }
}
