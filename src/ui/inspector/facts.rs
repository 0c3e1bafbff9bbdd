//! What is selected, in a title and a list of facts with their numbers. What has not happened is
//! not among them.

use super::history::size;
use crate::base::format::{Bytes, Count, Counted, Percent};
use crate::base::{AttemptId, MapIndex, NodeId, PartitionId, RackId, TaskId, TaskKind, Time};
use crate::trace::event::Phase;
use crate::trace::sentence::{read_error, short_error};
use crate::trace::snapshot::{Attempt, CellState, Load, Output, Snapshot, Task, TaskState};
use crate::ui::selection::Selection;
use crate::ui::stage::derive;
use crate::ui::stage::trouble::{ended, failures};
use crate::ui::stage::wording::{self, nodes};
use crate::ui::stream;

/// A fact: a term of the trade and what it is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The term, in a form that the glossary finds if it has it.
    pub term: &'static str,
    /// What it is here.
    pub value: String,
}

pub(crate) fn fact(term: &'static str, value: impl ToString) -> Fact {
    Fact { term, value: value.to_string() }
}

/// What is selected, as a title.
pub fn title(selection: Selection, snapshot: &Snapshot) -> String {
    match selection {
        Selection::Node(node) => capital(node.to_string()),
        Selection::Rack(rack) => capital(rack.to_string()),
        Selection::Block(block) => format!("Block {}", block.0),
        Selection::Task(task) => capital(task.to_string()),
        Selection::Attempt(id) => {
            format!("{}, attempt {}", capital(id.task.to_string()), id.number)
        }
        Selection::Cell { map, partition } => {
            format!("Segment of map {} for reduce {}", map.0, partition.0)
        }
        Selection::Output(part) => format!("Output part {}", part.0),
        Selection::Coordinator => "Coordinator".to_owned(),
        Selection::Event(seq) => format!("Event {}", Count(seq.0.into())),
        Selection::Stream(thing) => stream::facts::title(thing, snapshot.stream.as_deref()),
    }
}

pub(in crate::ui) fn capital(mut text: String) -> String {
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// The facts about what is selected, at this moment.
pub fn facts(snapshot: &Snapshot, selection: Selection) -> Vec<Fact> {
    match selection {
        Selection::Node(id) => node(snapshot, id),
        Selection::Rack(id) => rack(snapshot, id),
        Selection::Block(id) => {
            let place = usize::try_from(id.0).unwrap_or(usize::MAX);
            snapshot.blocks.get(place).map_or(Vec::new(), |block| {
                vec![
                    fact("bytes", bytes_range(block.offset, block.length)),
                    fact("size", Bytes(block.length)),
                    fact("replicas", nodes(&block.replicas)),
                    fact("believed on", nodes(&block.believed)),
                    fact("copies wanted", block.wanted),
                ]
            })
        }
        Selection::Task(id) => task(snapshot, id),
        Selection::Attempt(id) => attempt(snapshot, id),
        Selection::Cell { map, partition } => cell(snapshot, map, partition),
        Selection::Output(part) => output(snapshot, part),
        Selection::Coordinator => coordinator(snapshot),
        Selection::Event(_) => Vec::new(),
        Selection::Stream(thing) => stream::facts::facts(snapshot, thing),
    }
}

fn bytes_range(offset: u64, length: u64) -> String {
    format!("{} to {}", Count(offset), Count(offset + length))
}

fn node(snapshot: &Snapshot, id: NodeId) -> Vec<Fact> {
    let Some(node) = snapshot.nodes.get(id.place()) else { return Vec::new() };
    let held = snapshot.blocks.iter().filter(|block| block.replicas.contains(&id)).count();
    let outputs = snapshot.shuffle.iter().filter(|row| row.source.is_some_and(|s| s.1 == id));
    let stored: u64 = outputs.flat_map(|row| &row.cells).map(|cell| cell.volume.bytes).sum();
    let mut facts = vec![
        fact("rack", node.rack.0),
        fact("cores", node.cores),
        fact("memory", Bytes(node.memory_bytes)),
        fact("blocks held", held),
        fact("map outputs on its disk", Bytes(stored)),
        fact("attempts ended here", node.ended.len()),
    ];
    let slowed = node.speed.slowed();
    facts.extend(
        slowed.iter().map(|(part, percent)| fact("slowed", format!("{part} to {percent} %"))),
    );
    if node.incarnation > 0 {
        facts.push(fact("started again", wording::times(node.incarnation)));
    }
    if node.messages_lost > 0 {
        facts.push(fact("messages lost", Count(node.messages_lost.into())));
    }
    facts.extend(node.load.map(|load| fact("in use", in_use(&load))));
    facts
}

/// A rack: what stands in it, and whether it is cut off.
fn rack(snapshot: &Snapshot, id: RackId) -> Vec<Fact> {
    let here: Vec<_> = snapshot.nodes.iter().filter(|node| node.rack == id).collect();
    let ids: Vec<NodeId> = here.iter().map(|node| node.id).collect();
    let is_here = |node: &NodeId| ids.contains(node);
    let only = |replicas: &[NodeId]| !replicas.is_empty() && replicas.iter().all(is_here);
    let blocks = snapshot.blocks.iter();
    let running: usize = here.iter().map(|node| node.running.len()).sum();
    let mut facts = vec![
        fact("nodes", nodes(&ids)),
        fact("attempts running", running),
        fact("blocks held", blocks.clone().filter(|b| b.replicas.iter().any(is_here)).count()),
        fact("blocks held here alone", blocks.filter(|b| only(&b.replicas)).count()),
    ];
    if let Some(since) = snapshot.rack_cut_since(id) {
        facts.push(fact("cut off since", since.0));
    }
    facts
}

fn in_use(load: &Load) -> String {
    let tenths = load.cores_thousandths.saturating_add(50) / 100;
    let network = load.sent_bytes_per_second.saturating_add(load.received_bytes_per_second);
    format!(
        "{}.{} cores, disk {}/s, network {}/s",
        tenths / 10,
        tenths % 10,
        Bytes(load.disk_bytes_per_second),
        Bytes(network)
    )
}

fn task(snapshot: &Snapshot, id: TaskId) -> Vec<Fact> {
    let Some(task) = derive::task(snapshot, id) else { return Vec::new() };
    let mut facts = vec![fact("state", task_state(task))];
    if let Some(split) = &task.split {
        facts.push(fact("split", bytes_range(split.offset, split.length)));
        facts.push(fact("data on", nodes(&split.hosts)));
    }
    facts.push(fact("attempts", task.attempts.len()));
    if let Some((failed, limit)) = failures(task) {
        facts.push(fact("failed", format!("{failed} of {limit}, then the job fails")));
    }
    if let Some(attempt) = derive::current(task) {
        facts.extend(progress(snapshot, attempt));
    }
    facts
}

fn task_state(task: &Task) -> String {
    match (task.state, derive::current(task)) {
        (TaskState::Pending, Some(last)) => {
            format!("waiting for a slot again; attempt {} {}", last.id.number, ended(last))
        }
        (TaskState::Pending, None) => "waiting at the coordinator for a slot".to_owned(),
        (TaskState::Running, Some(attempt)) if attempt.is_gone() => {
            format!("{}, and the coordinator does not know yet", ended(attempt))
        }
        (TaskState::Running, Some(attempt)) if attempt.ended.is_some() => {
            format!("done on {}, and the coordinator does not know yet", attempt.node)
        }
        (TaskState::Running, Some(attempt)) => format!("running on {}", attempt.node),
        (TaskState::Done, Some(attempt)) => format!("done on {}", attempt.node),
        (TaskState::Running | TaskState::Done, None) => wording::task_state(task.state).to_owned(),
    }
}

fn attempt(snapshot: &Snapshot, id: AttemptId) -> Vec<Fact> {
    let Some(attempt) = derive::attempt(snapshot, id) else { return Vec::new() };
    let mut facts = vec![
        fact("node", attempt.node),
        fact("phase", wording::phase(attempt.phase)),
        fact("given out at", seconds(attempt.assigned.0)),
    ];
    facts.extend(attempt.backs.map(|slow| fact("backup", format!("of {slow}"))));
    if attempt.fetch_failures > 0 {
        facts.push(fact("failed fetches", attempt.fetch_failures));
    }
    for avoided in &attempt.avoided {
        let said = format!("until {}, {}", seconds(avoided.until), read_error(&avoided.error));
        facts.push(fact("stays away", format!("from {} {said}", avoided.host)));
    }
    facts.extend(attempt.locality.map(|near| fact("locality", locality(attempt, near))));
    facts.extend(progress(snapshot, attempt));
    facts
}

fn locality(attempt: &Attempt, near: crate::trace::event::Locality) -> String {
    let near = wording::locality(near);
    match attempt.reads_from {
        Some(from) if from != attempt.node => format!("{near}, reads from {from}"),
        Some(_) | None => near.to_owned(),
    }
}

/// How far an attempt has come, in numbers.
fn progress(snapshot: &Snapshot, attempt: &Attempt) -> Vec<Fact> {
    let progress = &attempt.progress;
    let mut facts = Vec::new();
    match attempt.id.task.kind {
        TaskKind::Map => {
            if progress.skipped_bytes > 0 {
                let said = format!(
                    "{} of a line that begins in the split before",
                    Bytes(progress.skipped_bytes)
                );
                facts.push(fact("skipped", said));
            }
            if progress.input.records > 0 {
                facts.push(fact("lines done", Count(progress.input.records)));
            }
            // Pairs of the line that is worked on are here before the line is done.
            if attempt.phase == Phase::Map && progress.buffer_capacity > 0 {
                let line = progress.input.records.saturating_add(1);
                facts.push(fact("at", format!("line {} of its split", Count(line))));
            }
            if progress.output.records > 0 {
                facts.push(fact("pairs emitted", size(progress.output)));
            }
            if let Some(end) = progress.read_to {
                facts.push(fact(
                    "read on to",
                    format!("byte {}, the end of its last line", Count(end)),
                ));
            }
            if progress.buffer_capacity > 0 && attempt.phase != Phase::Done {
                let (used, all) = (progress.buffer_bytes, progress.buffer_capacity);
                facts.push(fact(
                    "sort buffer",
                    format!("{} of {}, {}", Bytes(used), Bytes(all), Percent(used, all)),
                ));
            }
        }
        TaskKind::Reduce => {
            let copied = derive::copied(snapshot, attempt);
            facts.push(fact(
                "fetched",
                format!("{} of {}", copied.fetched, Counted(copied.maps, "map output")),
            ));
            facts.push(fact("in all", size(copied.volume)));
            if progress.groups > 0 {
                facts.push(fact("groups", Count(progress.groups)));
                facts.push(fact("records read", Count(progress.input.records)));
                facts.push(fact("records written", Count(progress.output.records)));
            }
        }
    }
    facts.extend(attempt.written.map(|written| fact("written", size(written))));
    facts
}

fn cell(snapshot: &Snapshot, map: MapIndex, partition: PartitionId) -> Vec<Fact> {
    let place = |index| usize::try_from(index).unwrap_or(usize::MAX);
    let Some(row) = snapshot.shuffle.get(place(map.0)) else { return Vec::new() };
    let Some(cell) = row.cells.get(place(partition.0)) else { return Vec::new() };
    let mut facts = vec![fact("state", wording::cell_state(cell.state))];
    if cell.state != CellState::Missing {
        facts.push(fact("size", size(cell.volume)));
    }
    facts.extend(row.source.map(|(_, node)| fact("lies on", node)));
    facts
}

fn output(snapshot: &Snapshot, part: PartitionId) -> Vec<Fact> {
    let find = |outputs: &[std::rc::Rc<Output>]| {
        outputs.iter().find(|output| output.part == part).map(std::rc::Rc::clone)
    };
    if let Some(output) = find(&snapshot.set_aside) {
        return vec![
            fact("state", "set aside until the job commits"),
            fact("size", size(output.volume)),
            fact("set aside at", seconds(output.committed.0)),
            fact("attempt", output.attempt),
        ];
    }
    find(&snapshot.outputs).map_or_else(
        || vec![fact("state", "not committed yet")],
        |output| {
            vec![
                fact("file", format!("part-r-{:05}", part.0)),
                fact("size", size(output.volume)),
                fact("committed at", seconds(output.committed.0)),
                fact("attempt", output.attempt),
            ]
        },
    )
}

fn coordinator(snapshot: &Snapshot) -> Vec<Fact> {
    let Some(job) = &snapshot.job else { return vec![fact("job", "none yet")] };
    let waiting = |tasks: &[std::rc::Rc<Task>]| {
        let at = |state| tasks.iter().filter(|task| task.state == state).count();
        format!(
            "{} wait, {} run, {} done",
            at(TaskState::Pending),
            at(TaskState::Running),
            at(TaskState::Done)
        )
    };
    let slow_start = if job.slow_start.is_some() { "reached" } else { "not reached" };
    let mut facts = vec![
        fact("input", Bytes(job.input_bytes)),
        fact("maps", waiting(&snapshot.maps)),
        fact("reduces", waiting(&snapshot.reduces)),
        fact("slow start", slow_start),
    ];
    let lost = snapshot.nodes.iter().filter(|node| node.belief.lost.is_some());
    let lost: Vec<NodeId> = lost.map(|node| node.id).collect();
    if !lost.is_empty() {
        facts.push(fact("believed lost", nodes(&lost)));
    }
    let barred = snapshot.nodes.iter().filter(|node| node.belief.barred.is_some());
    let barred: Vec<NodeId> = barred.map(|node| node.id).collect();
    if !barred.is_empty() {
        facts.push(fact("barred", nodes(&barred)));
    }
    if let Some(failed) = &job.failed {
        let why = short_error(&failed.error);
        facts.push(fact(
            "job failed at",
            format!("{}, by {}: {why}", seconds(failed.at.0), failed.task),
        ));
    }
    facts.extend(job.finished.map(|(at, _)| fact("job committed at", seconds(at))));
    facts
}

/// A moment of the run: `12.4 s`.
fn seconds(at: Time) -> String {
    format!("{} s", crate::base::format::Seconds(at.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{Timeline, synthetic};

    fn said(n: u32, selection: Selection) -> String {
        let mut timeline = Timeline::new();
        timeline.append(synthetic::run(&synthetic::small())).unwrap();
        let facts = facts(&timeline.seek(n), selection);
        facts.iter().map(|fact| format!("{}: {}\n", fact.term, fact.value)).collect()
    }

    #[test]
    fn a_part_says_nothing_of_its_size_before_it_is_committed() {
        let part = Selection::Output(PartitionId(0));
        assert_eq!(said(60, part), "state: not committed yet\n");
        assert!(said(u32::MAX, part).contains("file: part-r-00000"));
    }

    #[test]
    fn a_task_that_waits_has_no_attempt_and_one_that_ended_has_its_numbers() {
        let map = Selection::Task(TaskId::map(0));
        assert!(said(14, map).starts_with("state: waiting at the coordinator"));
        let end = said(u32::MAX, map);
        assert!(end.contains("done on node") && end.contains("written: "), "{end}");
        assert!(!end.contains("sort buffer"), "the buffer is gone with the attempt: {end}");
    }

    #[test]
    fn the_coordinator_counts_its_tasks() {
        let end = said(u32::MAX, Selection::Coordinator);
        assert!(end.contains("maps: 0 wait, 0 run, 4 done"), "{end}");
    }

    #[test]
    fn titles_begin_with_a_capital() {
        assert_eq!(title(Selection::Node(NodeId(2)), &Snapshot::default()), "Node 2");
        assert_eq!(
            title(Selection::Attempt(TaskId::map(3).attempt(1)), &Snapshot::default()),
            "Map 3, attempt 1"
        );
    }
}
