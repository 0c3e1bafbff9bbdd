//! What can be done to what is selected, at the playhead. The menu, the keys and the panel of
//! faults all ask here.

use super::run::Run;
use crate::base::fault::NodePart;
use crate::base::{Fault, NodeId, TaskId, TaskKind, Time};
use crate::trace::snapshot::{Snapshot, TaskState};
use crate::ui::selection::Selection;

/// Something that can be done at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What the button says.
    pub label: String,
    /// What is done.
    pub fault: Fault,
    /// Whether `k` does the same.
    pub has_key: bool,
    /// Why it cannot be done now, when it cannot.
    pub unfit: Option<&'static str>,
}

/// All that can be done to what is selected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verbs {
    /// Buttons.
    pub offers: Vec<Offer>,
    /// A node that can be slowed, or lose messages, to a percentage that is asked for.
    pub dials: Option<NodeId>,
}

/// What can be done to what is selected.
pub fn verbs(run: &Run, selection: Selection) -> Verbs {
    let snapshot = &run.snapshot;
    match selection {
        Selection::Node(node) => of_node(run, node),
        Selection::Task(task) => of_task(snapshot, task),
        Selection::Attempt(attempt) => of_task(snapshot, attempt.task),
        Selection::Block(block) => {
            let found = snapshot.blocks.iter().find(|found| found.id == block);
            let poison = found.map(|block| poison(block.offset, block.length, "block"));
            Verbs { offers: poison.into_iter().collect(), dials: None }
        }
        Selection::Cell { .. }
        | Selection::Output(_)
        | Selection::Coordinator
        | Selection::Event(_) => Verbs::default(),
    }
}

/// What `k` does to a node: it crashes, or starts again when it is down.
pub fn toggle(run: &Run, node: NodeId) -> Fault {
    let found = run.snapshot.nodes.iter().find(|found| found.id == node);
    match found.is_some_and(|found| !found.is_up()) {
        true => Fault::Restart { node, keep_disk: true },
        false => Fault::Crash { node },
    }
}

/// When something that is done at the playhead strikes. What is seen to have happened stays: if
/// an event of this very moment is shown, it strikes after it.
pub fn strike_time(run: &Run) -> Time {
    let last = run.timeline.time_after(run.place.events);
    match run.place.events > 0 && last == run.place.at {
        true => Time(run.place.at.0.saturating_add(1)),
        false => run.place.at,
    }
}

fn of_node(run: &Run, node: NodeId) -> Verbs {
    let Some(found) = run.snapshot.nodes.iter().find(|found| found.id == node) else {
        return Verbs::default();
    };
    let offer = |label: &str, fault: Fault, has_key: bool| Offer {
        label: label.to_owned(),
        fault,
        has_key,
        unfit: None,
    };
    if run.live.is_some() {
        let unfit = (!found.is_up()).then_some("its worker is gone for good");
        let kill = Offer { unfit, ..offer("Kill now", Fault::Crash { node }, true) };
        return Verbs { offers: vec![kill], dials: None };
    }
    let mut offers = match found.is_up() {
        true => vec![offer("Crash", Fault::Crash { node }, true)],
        false => vec![
            offer("Restart", Fault::Restart { node, keep_disk: true }, true),
            offer("Restart, disk empty", Fault::Restart { node, keep_disk: false }, false),
        ],
    };
    let rack = found.rack;
    if run.snapshot.racks > 1 {
        let is_cut = run.snapshot.cut_racks.iter().any(|(cut, _)| *cut == rack);
        offers.push(match is_cut {
            true => offer(&format!("Join {rack} again"), Fault::JoinRack { rack }, false),
            false => offer(&format!("Cut off {rack}"), Fault::CutRack { rack }, false),
        });
    }
    Verbs { offers, dials: found.is_up().then_some(node) }
}

fn of_task(snapshot: &Snapshot, id: TaskId) -> Verbs {
    let tasks = match id.kind {
        TaskKind::Map => &snapshot.maps,
        TaskKind::Reduce => &snapshot.reduces,
    };
    let Some(task) = tasks.iter().find(|task| task.id == id) else { return Verbs::default() };
    let unfit = match task.state {
        TaskState::Pending => Some("it does not run yet"),
        TaskState::Running => None,
        TaskState::Done => Some("it is done"),
    };
    let fault = Fault::FailTask { task: id };
    let throw = Offer { label: "Throw an exception".to_owned(), fault, has_key: false, unfit };
    let split = task.split.as_ref();
    let poison = split.map(|split| poison(split.offset, split.length, "split"));
    Verbs { offers: std::iter::once(throw).chain(poison).collect(), dials: None }
}

/// Poisons the record that holds the middle byte: its line is read by this split's own map, unless
/// it is longer than half a split.
fn poison(offset: u64, length: u64, of: &str) -> Offer {
    let fault = Fault::PoisonRecord { offset: offset + length / 2 };
    let label = format!("Poison a record of this {of}");
    Offer { label, fault, has_key: false, unfit: None }
}

/// The parts of a node that can be slowed.
pub const PARTS: [NodePart; 3] = [NodePart::Processor, NodePart::Disk, NodePart::Network];
