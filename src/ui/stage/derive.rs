//! What the stage asks of a snapshot: who works in which slot, what lies on which disk, which
//! colour a partition has. Plain functions of the snapshot.

use crate::base::{AttemptId, NodeId, Span, TaskId, TaskKind, Time};
use crate::charts::number::fraction;
use crate::trace::event::Volume;
use crate::trace::snapshot::{
    Attempt, Block, CellState, Ending, Node, ShuffleRow, Snapshot, Split, Task,
};
use crate::ui::selection::Selection;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Partitions that have a colour of their own.
pub const COLOURS: usize = 8;

/// What a node works on and stores.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NodeWork {
    /// The attempt in each map slot.
    pub maps: Vec<Option<Rc<Attempt>>>,
    /// The attempt in each reduce slot.
    pub reduces: Vec<Option<Rc<Attempt>>>,
    /// The map outputs on its disk that count, in the order in which their maps ended.
    pub outputs: Vec<Rc<ShuffleRow>>,
}

/// A task by its name.
pub fn task(snapshot: &Snapshot, id: TaskId) -> Option<&Rc<Task>> {
    let tasks = match id.kind {
        TaskKind::Map => &snapshot.maps,
        TaskKind::Reduce => &snapshot.reduces,
    };
    tasks.get(usize::try_from(id.index).ok()?)
}

/// An attempt by its name.
pub fn attempt(snapshot: &Snapshot, id: AttemptId) -> Option<&Rc<Attempt>> {
    task(snapshot, id.task)?.attempts.get(usize::from(id.number))
}

/// The attempt that stands for a task: the one that counts, else the first that the coordinator
/// counts on (a backup comes later), else the last one.
pub fn current(task: &Task) -> Option<&Rc<Attempt>> {
    let counted = task.attempts.iter().find(|attempt| attempt.is_counted());
    let living = || task.attempts.iter().find(|attempt| attempt.is_living());
    counted.or_else(living).or(task.attempts.last())
}

/// What every node works on and stores, by its place.
pub fn work(snapshot: &Snapshot) -> Vec<NodeWork> {
    let mut work = vec![NodeWork::default(); snapshot.nodes.len()];
    let (maps, reduces) = (by_node(&snapshot.maps), by_node(&snapshot.reduces));
    for node in &snapshot.nodes {
        if let Some(here) = work.get_mut(node.id.place()) {
            let seated = |kind: &BTreeMap<NodeId, Vec<&Rc<Attempt>>>, count| {
                slots(kind.get(&node.id).map_or(&[], Vec::as_slice), node, count, snapshot.at)
            };
            here.maps = seated(&maps, node.map_slots);
            here.reduces = seated(&reduces, node.reduce_slots);
        }
    }
    for row in &snapshot.shuffle {
        let Some((_, node)) = row.source else { continue };
        if let Some(here) = work.get_mut(node.place()) {
            here.outputs.push(Rc::clone(row));
        }
    }
    for here in &mut work {
        here.outputs.sort_by_key(|row| (ended_at(snapshot, row), row.map));
    }
    work
}

fn ended_at(snapshot: &Snapshot, row: &ShuffleRow) -> u32 {
    let source = row.source.and_then(|(id, _)| attempt(snapshot, id));
    source.and_then(|attempt| attempt.ended).map_or(u32::MAX, |(_, seq)| seq.0)
}

fn by_node(tasks: &[Rc<Task>]) -> BTreeMap<NodeId, Vec<&Rc<Attempt>>> {
    let mut nodes: BTreeMap<NodeId, Vec<&Rc<Attempt>>> = BTreeMap::new();
    for attempt in tasks.iter().flat_map(|task| &task.attempts) {
        nodes.entry(attempt.node).or_default().push(attempt);
    }
    nodes
}

/// Who is in which slot now. An attempt takes the first slot that is free when it is given out,
/// and keeps it; where there are more attempts than slots, slots are added, and none is hidden.
/// What a crash ended stays in its place while the node is down, and what failed or was killed
/// stays for a moment, unless its place is taken.
fn slots(
    attempts: &[&Rc<Attempt>],
    node: &Node,
    slots: u32,
    now: Time,
) -> Vec<Option<Rc<Attempt>>> {
    let places = slot_places(attempts.iter().map(|attempt| seated(attempt)));
    let wanted = usize::try_from(slots).unwrap_or(usize::MAX);
    let mut here = vec![None; wanted];
    for shown in [Sits::Firmly, Sits::ForAMoment] {
        for (attempt, place) in attempts.iter().zip(&places) {
            if sits(attempt, node, now) == Some(shown) {
                if here.len() <= *place {
                    here.resize(place + 1, None);
                }
                here[*place].get_or_insert_with(|| Rc::clone(attempt));
            }
        }
    }
    here
}

/// How an attempt sits in its slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sits {
    Firmly,
    ForAMoment,
}

/// How long what failed or was killed is still seen.
const SEEN_AFTER: Span = Span::from_millis(1_000);

fn sits(attempt: &Attempt, node: &Node, now: Time) -> Option<Sits> {
    let has_begun = !attempt.phases.is_empty();
    let firmly = match &attempt.ending {
        None => attempt.is_living() || has_begun,
        Some(Ending::NodeCrashed) => node.down == attempt.ended,
        Some(Ending::Threw(_)) => attempt.is_living(),
        Some(Ending::Done | Ending::Stopped) => false,
    };
    if firmly {
        return Some(Sits::Firmly);
    }
    let (judged, _) = attempt.verdict.stamp().filter(|_| attempt.is_gone() && node.is_up())?;
    (now.since(judged) <= SEEN_AFTER).then_some(Sits::ForAMoment)
}

/// From which event to which an attempt takes up a slot; one that was killed before it began
/// takes it up until then.
pub fn seated(attempt: &Attempt) -> (u32, u32) {
    let never_began = attempt.verdict.stamp().filter(|_| attempt.phases.is_empty());
    let end = attempt.ended.or(never_began);
    (attempt.assigned.1.0, end.map_or(u32::MAX, |(_, seq)| seq.0))
}

/// For spans of the same slots, each from its start to its end, the slot that each takes: the
/// first that is free at its start. The spans may come in any order.
pub fn slot_places(spans: impl Iterator<Item = (u32, u32)>) -> Vec<usize> {
    let spans: Vec<(u32, u32)> = spans.collect();
    let mut order: Vec<usize> = (0..spans.len()).collect();
    order.sort_by_key(|place| spans[*place]);
    let mut places = vec![0; spans.len()];
    let mut busy_until: Vec<u32> = Vec::new();
    for index in order {
        let (start, end) = spans[index];
        let free = busy_until.iter().position(|until| *until <= start);
        let slot = free.unwrap_or(busy_until.len());
        if slot == busy_until.len() {
            busy_until.push(end);
        } else {
            busy_until[slot] = end;
        }
        places[index] = slot;
    }
    places
}

/// How far a map has come in its split, from 0 to 1; nothing where the run's level does not
/// record it.
pub fn map_fraction(attempt: &Attempt, split: &Split) -> Option<f64> {
    let progress = &attempt.progress;
    let done = progress.position.saturating_sub(split.offset);
    (progress.buffer_capacity > 0).then(|| fraction(done, split.length))
}

/// The block that a byte of the file lies in.
pub fn block_at(snapshot: &Snapshot, byte: u64) -> Option<&Rc<Block>> {
    snapshot.blocks.iter().find(|block| (block.offset..block.offset + block.length).contains(&byte))
}

/// Where a reduce stands with its map outputs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// Maps of the job.
    pub maps: u64,
    /// Segments that it has.
    pub fetched: u64,
    /// What they hold.
    pub volume: Volume,
}

/// How many of its segments an attempt of a reduce has.
pub fn copied(snapshot: &Snapshot, attempt: &Attempt) -> Copied {
    let part = usize::try_from(attempt.id.task.index).unwrap_or(usize::MAX);
    let mut copied = Copied { maps: snapshot.shuffle.len() as u64, ..Copied::default() };
    for map in &attempt.fetched {
        let row = usize::try_from(map.0).ok().and_then(|place| snapshot.shuffle.get(place));
        copied.fetched += 1;
        if let Some(cell) = row.and_then(|row| row.cells.get(part)) {
            copied.volume = copied.volume + cell.volume;
        }
    }
    copied
}

/// Where each segment of a reduce stands for one of its attempts, by map.
pub fn segments(snapshot: &Snapshot, attempt: &Attempt) -> Vec<Segment> {
    let state = |row: &Rc<ShuffleRow>| {
        if attempt.fetched.contains(&row.map) {
            return Segment::At(CellState::Fetched);
        }
        if attempt.fetching.iter().any(|fetch| fetch.map.task.index == row.map.0) {
            return Segment::At(CellState::Fetching);
        }
        match row.source {
            None => Segment::At(CellState::Missing),
            Some((_, host)) if attempt.avoided.iter().any(|avoided| avoided.host == host) => {
                Segment::Avoided
            }
            Some(_) => Segment::At(CellState::Ready),
        }
    };
    snapshot.shuffle.iter().map(state).collect()
}

/// Where a segment stands for an attempt of its reduce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment {
    /// As a cell of the matrix.
    At(CellState),
    /// It is to be fetched, but from a host that the reduce stays away from for a while.
    Avoided,
}

/// The colour of each partition by its number; none is neutral.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hues(Vec<Option<u8>>);

impl Hues {
    /// Up to eight partitions have a colour each; of more only the selected and the largest.
    pub fn new(snapshot: &Snapshot, selection: Option<Selection>) -> Hues {
        let count = snapshot.reduces.len();
        if count <= COLOURS {
            return Hues((0..8).take(count).map(Some).collect());
        }
        let mut hues = vec![None; count];
        if let Some(largest) = largest(snapshot, count) {
            hues[largest] = Some(1);
        }
        let selected = match selection {
            Some(Selection::Cell { partition, .. }) => Some(partition.0),
            Some(other) => other.task().filter(|t| t.kind == TaskKind::Reduce).map(|t| t.index),
            None => None,
        };
        let place = selected.and_then(|index| usize::try_from(index).ok());
        if let Some(hue) = place.and_then(|place| hues.get_mut(place)) {
            *hue = Some(0);
        }
        Hues(hues)
    }

    /// The class that gives a partition its colour.
    pub fn class(&self, partition: usize) -> &'static str {
        const CLASSES: [&str; COLOURS] = ["p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7"];
        let hue = self.0.get(partition).copied().flatten();
        hue.and_then(|hue| CLASSES.get(usize::from(hue)).copied()).unwrap_or("p-neutral")
    }

    /// The pattern that goes with the colour.
    pub fn pattern(&self, partition: usize) -> Option<u8> {
        self.0.get(partition).copied().flatten()
    }
}

/// The partition with the most bytes so far.
fn largest(snapshot: &Snapshot, count: usize) -> Option<usize> {
    let mut sums = vec![0; count];
    for row in &snapshot.shuffle {
        for (sum, cell) in sums.iter_mut().zip(&row.cells) {
            *sum += cell.volume.bytes;
        }
    }
    let most = sums.iter().copied().max().filter(|most| *most > 0)?;
    sums.iter().position(|sum| *sum == most)
}

/// The node that a selection is about: itself, or where its attempt runs or ran.
pub fn focused_node(snapshot: &Snapshot, selection: Option<Selection>) -> Option<NodeId> {
    match selection? {
        Selection::Node(node) => Some(node),
        Selection::Attempt(id) => attempt(snapshot, id).map(|attempt| attempt.node),
        Selection::Task(id) => current(task(snapshot, id)?).map(|attempt| attempt.node),
        Selection::Rack(_)
        | Selection::Block(_)
        | Selection::Cell { .. }
        | Selection::Output(_)
        | Selection::Coordinator
        | Selection::Event(_)
        | Selection::Stream(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Timeline;
    use crate::trace::synthetic;

    #[test]
    fn a_span_takes_the_first_slot_that_is_free_and_keeps_it() {
        let spans = [(0, 10), (2, 5), (5, 9), (6, 7), (10, 12)];
        assert_eq!(slot_places(spans.into_iter()), [0, 1, 1, 2, 0]);
    }

    #[test]
    fn whoever_runs_is_in_a_slot_and_never_moves_to_another() {
        let mut timeline = Timeline::new();
        timeline.append(synthetic::run(&synthetic::small())).unwrap();
        let mut seats = BTreeMap::new();
        for n in 0..=timeline.len() {
            let snapshot = timeline.seek(n);
            for (node, here) in snapshot.nodes.iter().zip(work(&snapshot)) {
                let seated: Vec<AttemptId> =
                    here.maps.iter().chain(&here.reduces).flatten().map(|a| a.id).collect();
                assert!(node.running.iter().all(|id| seated.contains(id)), "after {n}");
                for (seat, attempt) in here.maps.iter().enumerate() {
                    let Some(attempt) = attempt else { continue };
                    assert_eq!(*seats.entry(attempt.id.key()).or_insert(seat), seat);
                }
            }
        }
        assert!(!seats.is_empty());
    }

    /// A node that crashed keeps what ran there in its place until it starts again.
    #[test]
    fn what_a_crash_ended_is_still_seen_where_it_was() {
        let mut timeline = Timeline::new();
        timeline.append(synthetic::failing()).unwrap();
        let seen = |timeline: &mut Timeline, ms: u64, node: usize| -> Vec<AttemptId> {
            let upto = timeline.at_time(Time(ms * 1_000));
            let here = work(&timeline.seek(upto)).swap_remove(node);
            here.maps.iter().flatten().map(|attempt| attempt.id).collect()
        };
        let thrown = TaskId::map(1).attempt(0);
        assert_eq!(seen(&mut timeline, 3_050, 1), [thrown], "the coordinator counts on it");
        assert_eq!(seen(&mut timeline, 3_500, 1), [thrown], "it failed just now");
        assert_eq!(seen(&mut timeline, 4_500, 1), []);
        let loser = TaskId::map(3).attempt(0);
        assert_eq!(seen(&mut timeline, 22_150, 3), [loser], "killed, and not yet stopped");
        assert_eq!(seen(&mut timeline, 25_500, 3), []);
    }

    #[test]
    fn every_ready_output_lies_on_the_disk_of_its_node() {
        let mut timeline = Timeline::new();
        timeline.append(synthetic::run(&synthetic::small())).unwrap();
        let end = timeline.seek(u32::MAX);
        let stored: usize = work(&end).iter().map(|here| here.outputs.len()).sum();
        assert_eq!(stored, end.maps.len());
        let reduce = end.attempt(TaskId::reduce(0).attempt(0)).unwrap();
        assert_eq!(copied(&end, reduce).fetched, end.maps.len() as u64);
    }
}
