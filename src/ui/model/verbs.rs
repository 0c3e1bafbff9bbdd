//! What can be done to what is selected, at the playhead. The menu, the keys and the panel of
//! faults all ask here.

use super::run::Run;
use crate::base::fault::{LogPartition, NodePart};
use crate::base::{Fault, NodeId, RackId, StreamFault, TaskId, TaskKind, Time};
use crate::trace::snapshot::{Snapshot, TaskState};
use crate::trace::stream::Partition;
use crate::ui::selection::Selection;
use crate::ui::stream::Thing;

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
    /// What more has to be asked for.
    pub dials: Option<Dials>,
}

/// What can be done once a percentage, or a record, is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dials {
    /// A node can be slowed, or lose messages.
    Node(NodeId),
    /// The records of a partition can come at another pace, and one can be put into it.
    Partition(LogPartition),
}

/// What can be done to what is selected.
pub fn verbs(run: &Run, selection: Selection) -> Verbs {
    let snapshot = &run.snapshot;
    match selection {
        Selection::Node(node) => of_node(run, node),
        Selection::Rack(rack) => of_rack(run, rack),
        Selection::Task(task) => of_task(snapshot, task),
        Selection::Attempt(attempt) => of_task(snapshot, attempt.task),
        Selection::Block(block) => {
            let found = snapshot.blocks.iter().find(|found| found.id == block);
            let poison = found.map(|block| poison(snapshot, (block.offset, block.length), "block"));
            Verbs { offers: poison.into_iter().collect(), dials: None }
        }
        Selection::Cell { .. }
        | Selection::Output(_)
        | Selection::Coordinator
        | Selection::Event(_) => Verbs::default(),
        Selection::Stream(thing) => of_thing(snapshot, thing),
    }
}

/// What `k` does to a partition: its producers fall silent, or speak again.
pub fn toggle_partition(run: &Run, id: Partition) -> Option<Fault> {
    let state = run.snapshot.stream.as_deref()?;
    let (found, partition) = (state.partition(id)?, state.named(id));
    Some(Fault::Stream(match found.silent {
        Some(_) => StreamFault::Resume { partition },
        None => StreamFault::Silence { partition },
    }))
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
    if run.snapshot.racks > 1 {
        offers.push(cut_or_join(&run.snapshot, found.rack));
    }
    Verbs { offers, dials: found.is_up().then_some(Dials::Node(node)) }
}

/// What is done to a stream job is done to the partitions that it reads.
fn of_thing(snapshot: &Snapshot, thing: Thing) -> Verbs {
    let found = match thing {
        Thing::Partition(id) => snapshot.stream.as_deref().and_then(|state| {
            let found = state.partition(id)?;
            Some((found, state.named(id)))
        }),
        Thing::Record(_) | Thing::Subtask(_) | Thing::Window(_) | Thing::Pane(_) => None,
    };
    let Some((found, partition)) = found else { return Verbs::default() };
    let offer = |label: &str, fault: StreamFault, has_key: bool| Offer {
        label: label.to_owned(),
        fault: Fault::Stream(fault),
        has_key,
        unfit: None,
    };
    let mut offers = match found.silent {
        Some(_) => vec![offer("Let it speak again", StreamFault::Resume { partition }, true)],
        None => vec![offer("Silence", StreamFault::Silence { partition }, true)],
    };
    if found.pace.is_some() {
        let planned = StreamFault::Pace { partition, percent: 100 };
        offers.push(offer("Back to its pace", planned, false));
    }
    Verbs { offers, dials: Some(Dials::Partition(partition)) }
}

/// A rack is cut off from the others, or joined again. One that is alone has none to be cut off
/// from, and live workers stand in none.
fn of_rack(run: &Run, rack: RackId) -> Verbs {
    let snapshot = &run.snapshot;
    if run.live.is_some() || !snapshot.nodes.iter().any(|node| node.rack == rack) {
        return Verbs::default();
    }
    let alone = (snapshot.racks <= 1).then_some("it is the only rack");
    let offer = Offer { unfit: alone, ..cut_or_join(snapshot, rack) };
    Verbs { offers: vec![offer], dials: None }
}

fn cut_or_join(snapshot: &Snapshot, rack: RackId) -> Offer {
    let (label, fault) = match snapshot.rack_cut_since(rack) {
        Some(_) => (format!("Join {rack} again"), Fault::JoinRack { rack }),
        None => (format!("Cut off {rack}"), Fault::CutRack { rack }),
    };
    Offer { label, fault, has_key: false, unfit: None }
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
    let poison = task.split.as_ref().map(|split| {
        let end = split.offset.saturating_add(split.length);
        let running = task.attempts.last().filter(|_| task.state == TaskState::Running);
        // A record that lies ahead of the reader still has an effect.
        let read = running.map_or(split.offset, |attempt| attempt.progress.position);
        let from = read.clamp(split.offset, end);
        poison(snapshot, (from, end - from), "split")
    });
    Verbs { offers: std::iter::once(throw).chain(poison).collect(), dials: None }
}

/// Poisons the record that holds the byte in the middle of these.
fn poison(snapshot: &Snapshot, (offset, length): (u64, u64), of: &str) -> Offer {
    let (file, offset) = snapshot.in_file(offset + length / 2);
    let fault = Fault::PoisonRecord { offset, file };
    let label = format!("Poison a record of this {of}");
    Offer { label, fault, has_key: false, unfit: None }
}

/// The parts of a node that can be slowed.
pub const PARTS: [NodePart; 3] = [NodePart::Processor, NodePart::Disk, NodePart::Network];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{BlockId, Span};
    use crate::trace::synthetic;
    use crate::ui::model::catalog;
    use crate::ui::model::live;
    use crate::ui::model::place::Place;
    use std::rc::Rc;

    fn run_at(seconds: u64) -> Run {
        let mut run = Run::new(catalog::presets()[0].scenario(), None, None);
        run.append(synthetic::run(&synthetic::small())).unwrap();
        let at = Time::ZERO + Span::from_secs(seconds);
        run.go(Place::at_time(&run.timeline, at));
        run
    }

    fn said(run: &Run, selection: Selection) -> Vec<String> {
        verbs(run, selection).offers.into_iter().map(|offer| offer.label).collect()
    }

    #[test]
    fn a_node_that_is_up_can_be_crashed_and_slowed() {
        let run = run_at(3);
        let node = verbs(&run, Selection::Node(NodeId(3)));
        assert_eq!(node.offers[0].fault, Fault::Crash { node: NodeId(3) });
        assert!(node.offers[0].has_key);
        assert_eq!(node.dials, Some(Dials::Node(NodeId(3))));
        assert!(said(&run, Selection::Node(NodeId(9))).is_empty(), "there is no such node");
    }

    #[test]
    fn a_rack_is_cut_off_and_joined_again_unless_it_is_alone() {
        let mut run = run_at(3);
        let rack = RackId(1);
        assert_eq!(run.snapshot.racks, 1);
        let alone = verbs(&run, Selection::Rack(rack));
        assert_eq!(alone.offers[0].unfit, Some("it is the only rack"));
        let mut snapshot = (*run.snapshot).clone();
        snapshot.racks = 2;
        run.snapshot = Rc::new(snapshot.clone());
        let whole = verbs(&run, Selection::Rack(rack));
        assert_eq!((whole.offers[0].fault, whole.offers[0].unfit), (Fault::CutRack { rack }, None));
        snapshot.cut_racks.push((rack, (Time::ZERO, crate::trace::Seq(0))));
        run.snapshot = Rc::new(snapshot);
        assert_eq!(said(&run, Selection::Rack(rack)), ["Join rack 1 again"]);
        assert!(said(&run, Selection::Rack(RackId(9))).is_empty(), "there is no such rack");
    }

    #[test]
    fn a_live_node_can_only_be_killed() {
        let run = run_at(3);
        let live = Run { live: live::live(&run).live, ..run };
        let node = verbs(&live, Selection::Node(NodeId(3)));
        assert_eq!(said(&live, Selection::Node(NodeId(3))), ["Kill now"]);
        assert_eq!(node.dials, None);
    }

    #[test]
    fn a_task_throws_only_while_it_runs_and_a_split_holds_a_record_to_poison() {
        let run = run_at(0);
        let map = verbs(&run, Selection::Task(TaskId::map(0)));
        assert!(map.offers[0].unfit.is_some(), "it does not run yet");
        let end = run_at(600);
        let map = verbs(&end, Selection::Task(TaskId::map(0)));
        assert_eq!(map.offers[0].unfit, Some("it is done"));
        let Fault::PoisonRecord { offset, .. } = map.offers[1].fault else { panic!("{map:?}") };
        let split = end.snapshot.maps[0].split.clone().unwrap();
        assert!((split.offset..split.offset + split.length).contains(&offset));
        assert_eq!(said(&end, Selection::Task(TaskId::reduce(0))), ["Throw an exception"]);
        assert_eq!(said(&end, Selection::Block(BlockId(0))), ["Poison a record of this block"]);
        assert!(said(&end, Selection::Coordinator).is_empty());
    }
}
