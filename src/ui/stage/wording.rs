//! Words for what the stage shows: short ones that fit a box, and accessible names that say all.

use super::derive::{Copied, map_fraction};
use crate::base::format::Seconds;
use crate::base::{NodeId, RackId, Time};
use crate::charts::number::{bytes, count, percent};
use crate::trace::Snapshot;
use crate::trace::event::{Locality, Phase, Volume};
use crate::trace::snapshot::{Attempt, Belief, Block, Cell, CellState, Node, Split, TaskState};

/// What an attempt in a phase is doing.
pub fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Launch => "starting",
        Phase::Map => "mapping",
        Phase::Blocked => "waits for the spill",
        Phase::Flush => "last spill",
        Phase::Merge => "merging spills",
        Phase::Copy => "copying",
        Phase::Sort => "merging",
        Phase::Reduce => "reducing",
        Phase::Commit => "committing",
        Phase::Done => "done",
    }
}

/// How near a map's data is.
pub fn locality(locality: Locality) -> &'static str {
    match locality {
        Locality::NodeLocal => "local",
        Locality::RackLocal => "same rack",
        Locality::OffRack => "other rack",
    }
}

/// Where a task stands.
pub fn task_state(state: TaskState) -> &'static str {
    match state {
        TaskState::Pending => "waiting",
        TaskState::Running => "running",
        TaskState::Done => "done",
    }
}

/// What a map is doing, and how far it has come where that can be said.
pub fn map_phase(attempt: &Attempt, split: Option<&Split>) -> String {
    let doing = phase(attempt.phase);
    let share = split.and_then(|split| map_fraction(attempt, split));
    match (attempt.phase, share) {
        // Its first line may fill the buffer, and nothing of the split is done meanwhile.
        (Phase::Map, Some(_)) if attempt.progress.input.records == 0 => format!("{doing} line 1"),
        (Phase::Map, Some(share)) => format!("{doing} {:.0} %", share * 100.0),
        _ => doing.to_owned(),
    }
}

/// What a reduce is doing, and how far it has come where that can be said.
pub fn reduce_phase(attempt: &Attempt, copied: Copied) -> String {
    let doing = phase(attempt.phase);
    match attempt.phase {
        Phase::Copy => format!("{doing} {} of {}", copied.fetched, copied.maps),
        Phase::Reduce => format!("{doing}, {}", count(attempt.progress.groups, "group")),
        Phase::Launch
        | Phase::Map
        | Phase::Blocked
        | Phase::Flush
        | Phase::Merge
        | Phase::Sort
        | Phase::Commit
        | Phase::Done => doing.to_owned(),
    }
}

/// The accessible name of an attempt: `map 2, attempt 0, on node 1: mapping 63 %`.
pub fn attempt_name(attempt: &Attempt, doing: &str) -> String {
    let id = attempt.id;
    format!("{}, attempt {}, on {}: {doing}", id.task, id.number, attempt.node)
}

/// How full a map's sort buffer is.
pub fn buffer(attempt: &Attempt) -> String {
    let progress = &attempt.progress;
    let full = percent(progress.buffer_bytes, progress.buffer_capacity);
    format!("buffer {full} %")
}

/// What runs on a node, the longest wording first.
pub fn truth(maps: usize, reduces: usize) -> [String; 3] {
    if maps + reduces == 0 {
        return ["idle".to_owned(), "idle".to_owned(), "idle".to_owned()];
    }
    [
        format!("runs {}, {}", count(maps as u64, "map"), count(reduces as u64, "reduce")),
        format!("{}, {}", count(maps as u64, "map"), count(reduces as u64, "reduce")),
        format!("{maps} m, {reduces} r"),
    ]
}

/// On which nodes a task runs, the longest wording first: `0 → n3 n2`, `n3 +1`.
pub fn away(task: u32, nodes: &[NodeId]) -> Vec<String> {
    let names: Vec<String> = nodes.iter().map(|node| format!("n{}", node.0)).collect();
    let all = names.join(" ");
    let mut wordings = vec![format!("{task} → {all}"), format!("→ {all}"), all];
    if let [first, rest @ ..] = names.as_slice()
        && !rest.is_empty()
    {
        wordings.push(format!("{first} +{}", rest.len()));
        wordings.push(first.clone());
    }
    wordings
}

/// When the coordinator last heard from a node, the longest wording first.
pub fn heard(belief: &Belief, now: Time) -> [String; 3] {
    match belief.heard_at {
        None => ["nothing heard yet".to_owned(), "not heard yet".to_owned(), "–".to_owned()],
        Some(at) => {
            let age = Seconds(now.since(at).0);
            [format!("heard {age} s ago"), format!("{age} s ago"), format!("{age} s")]
        }
    }
}

/// When the coordinator last heard from a node or gave it up, the longest wording first. Where
/// the truth may be another, it is said that the node is believed alive.
pub fn heard_or_lost(belief: &Belief, now: Time, is_doubtful: bool) -> [String; 3] {
    if let Some(lost) = belief.lost {
        let at = Seconds(lost.since.0.0);
        return [format!("believed lost at {at} s"), format!("lost at {at} s"), "lost".to_owned()];
    }
    let [long, middle, short] = heard(belief, now);
    match is_doubtful && belief.heard_at.is_some() {
        true => [format!("alive, {long}"), format!("alive, {middle}"), long],
        false => [long, middle, short],
    }
}

/// What the coordinator believes to be free on a node, or why that is of no use: the longest
/// wording first.
pub fn free_or_not(belief: &Belief) -> [String; 3] {
    if let Some(lost) = belief.lost {
        let (silent, timeout) = (Seconds(lost.silent.0), Seconds(lost.timeout.0));
        let long = format!("silent {silent} s of {timeout}");
        return [long, format!("silent {silent} s"), format!("{silent} s")];
    }
    match belief.barred {
        Some(barred) if barred.ignored => {
            let free = believed_free(belief);
            let long = format!("barred, but ignored; {}", free[0]);
            [long, "barred, but ignored".to_owned(), free[2].clone()]
        }
        Some(barred) => {
            let failures = count(barred.failures.into(), "failure");
            [format!("barred after {failures}"), format!("barred: {failures}"), "barred".to_owned()]
        }
        None => believed_free(belief),
    }
}

/// What the coordinator believes to be free on a node, the longest wording first.
pub fn believed_free(belief: &Belief) -> [String; 3] {
    let (m, r) = (belief.free_map_slots, belief.free_reduce_slots);
    let (maps, reduces) = (count(m.into(), "map"), count(r.into(), "reduce"));
    [format!("free: {maps}, {reduces}"), format!("free {m} m, {r} r"), format!("{m} m, {r} r")]
}

/// The accessible name of a node: what it is, and what is believed of it.
pub fn node_name(node: &Node, maps: usize, reduces: usize, stored: usize) -> String {
    let belief = &node.belief;
    let barred = belief.barred.map_or("", |_| ", barred");
    let believed = match belief.heard_at {
        _ if belief.lost.is_some() => "the coordinator believes it lost".to_owned(),
        None => "the coordinator has heard nothing from it yet".to_owned(),
        Some(at) => format!(
            "the coordinator last heard from it at {at}, with {} and {} free{barred}",
            count(belief.free_map_slots.into(), "map slot"),
            count(belief.free_reduce_slots.into(), "reduce slot"),
        ),
    };
    format!(
        "{}, {}: {maps} of {} map slots and {reduces} of {} reduce slots busy, {} on its disk; {believed}",
        node.id,
        node.rack,
        node.map_slots,
        node.reduce_slots,
        count(stored as u64, "map output"),
    )
}

/// The accessible name of a block.
pub fn block_name(block: &Block) -> String {
    format!(
        "block {}: bytes {} to {}, copies on {}",
        block.id.0,
        block.offset,
        block.offset + block.length,
        nodes(&block.replicas)
    )
}

/// `node 1`, `nodes 1 and 3`, `nodes 1, 2 and 3`.
pub fn nodes(nodes: &[NodeId]) -> String {
    let numbers: Vec<String> = nodes.iter().map(|node| node.0.to_string()).collect();
    match numbers.split_last() {
        None => "no node".to_owned(),
        Some((only, [])) => format!("node {only}"),
        Some((last, rest)) => format!("nodes {} and {last}", rest.join(", ")),
    }
}

/// `once`, `3 times`.
pub fn times(number: u32) -> String {
    if number == 1 { "once".to_owned() } else { format!("{number} times") }
}

/// Where a segment stands.
pub fn cell_state(state: CellState) -> &'static str {
    match state {
        CellState::Missing => "not there yet",
        CellState::Ready => "ready",
        CellState::Fetching => "on its way",
        CellState::Fetched => "fetched",
    }
}

/// The accessible name of a cell of the matrix.
pub fn cell_name(map: u32, partition: usize, cell: &Cell) -> String {
    let state = cell_state(cell.state);
    match cell.state {
        CellState::Missing => format!("map {map} for reduce {partition}: {state}"),
        CellState::Ready | CellState::Fetching | CellState::Fetched => {
            format!("map {map} for reduce {partition}: {state}, {}", volume(cell.volume))
        }
    }
}

/// `12 records, 180 B`.
pub fn volume(volume: Volume) -> String {
    format!("{}, {}", count(volume.records, "record"), bytes(volume.bytes))
}

/// A rack, with its nodes and whether it is cut off.
pub fn rack_name(snapshot: &Snapshot, rack: RackId) -> String {
    let here = snapshot.nodes.iter().filter(|node| node.rack == rack);
    let held: Vec<NodeId> = here.map(|node| node.id).collect();
    let cut = if snapshot.rack_cut_since(rack).is_some() { ", cut off" } else { "" };
    format!("{rack}: {}{cut}", nodes(&held))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rack_is_named_with_its_nodes_and_its_trouble() {
        let mut timeline = crate::trace::Timeline::new();
        let events = crate::trace::synthetic::run(&crate::trace::synthetic::small());
        timeline.append(events).unwrap();
        let mut snapshot = (*timeline.seek(u32::MAX)).clone();
        assert_eq!(rack_name(&snapshot, RackId(1)), "rack 1: nodes 1, 2 and 3");
        snapshot.cut_racks.push((RackId(1), (Time::ZERO, crate::trace::Seq(0))));
        assert_eq!(rack_name(&snapshot, RackId(1)), "rack 1: nodes 1, 2 and 3, cut off");
    }

    #[test]
    fn nodes_are_listed_as_one_would_say_it() {
        let said = |list: &[u16]| nodes(&list.iter().map(|n| NodeId(*n)).collect::<Vec<_>>());
        assert_eq!(said(&[]), "no node");
        assert_eq!(said(&[2]), "node 2");
        assert_eq!(said(&[1, 3]), "nodes 1 and 3");
        assert_eq!(said(&[1, 2, 3]), "nodes 1, 2 and 3");
    }

    #[test]
    fn a_belief_has_an_age_and_never_one_before_it_was_heard() {
        let belief = Belief {
            heard_at: Some(Time(1_000_000)),
            free_map_slots: 2,
            free_reduce_slots: 1,
            seq: None,
            ..Belief::default()
        };
        assert_eq!(heard(&belief, Time(1_499_999))[0], "heard 0.5 s ago");
        assert_eq!(heard(&belief, Time(0))[0], "heard 0.0 s ago");
        assert_eq!(believed_free(&belief)[0], "free: 2 maps, 1 reduce");
    }

    #[test]
    fn a_task_with_a_backup_is_on_two_nodes() {
        assert_eq!(away(0, &[NodeId(3)]), ["0 → n3", "→ n3", "n3"]);
        let both = ["0 → n3 n2", "→ n3 n2", "n3 n2", "n3 +1", "n3"];
        assert_eq!(away(0, &[NodeId(3), NodeId(2)]), both);
    }

    #[test]
    fn a_missing_segment_has_no_size_to_speak_of() {
        let cell = Cell::default();
        assert_eq!(cell_name(1, 0, &cell), "map 1 for reduce 0: not there yet");
    }
}
