//! What an event says, in one sentence of at most 15 words: the text log, and the captions of
//! moments that are one event.

mod failures;
mod stream;
mod world;

pub use failures::{read_error, short_error};
pub(super) use failures::{share, times};

use super::event::{BatchEvent, Event, EventKind, Locality, Phase, SpillReason, Volume};
use super::stream::JobPlan;
use crate::base::format::{Bytes, Count, Counted, Listed};
use crate::base::{AttemptId, FileId, MapIndex, NodeId, TaskKind};

/// More nodes than this are counted and not named.
const NAMED_NODES_MAX: usize = 3;

/// What happened, in at most 15 words.
pub fn sentence(event: &Event) -> String {
    sentence_of(event, None)
}

/// What happened, with the names that the operators of a stream job have in its plan.
pub fn sentence_of(event: &Event, plan: Option<&JobPlan>) -> String {
    match &event.kind {
        EventKind::World(kind) => world::world(event, kind),
        EventKind::Batch(kind) => capital(batch(event, kind)),
        EventKind::Failure(kind) => capital(failures::failure(event, kind)),
        EventKind::Stream(kind) => capital(stream::stream(kind, plan)),
    }
}

#[expect(clippy::too_many_lines, reason = "a closed enum, one arm a kind")]
fn batch(event: &Event, kind: &BatchEvent) -> String {
    use BatchEvent as B;
    match kind {
        B::JobSubmitted { input_bytes, maps, reduces } => format!(
            "the job is submitted: {} of input, {}, {}.",
            Bytes(*input_bytes),
            counted(*maps, "map"),
            counted(*reduces, "reduce"),
        ),
        B::SplitPlanned { map, offset, length, hosts, file, more } => {
            let near = nodes(hosts);
            if !more.is_empty() {
                return format!(
                    "split {} is {} pieces of files, near {near}.",
                    map.0,
                    more.len() + 1
                );
            }
            let (from, to) = (Count(*offset), Count(offset.saturating_add(*length)));
            let of = of_file(*file);
            format!("split {} is bytes {from} to {to}{of}, near {near}.", map.0)
        }
        B::HeartbeatReceived { node, free_map_slots, free_reduce_slots } => format!(
            "the coordinator hears {node}: {} and {} free.",
            counted(*free_map_slots, "map slot"),
            counted(*free_reduce_slots, "reduce slot"),
        ),
        B::SlowStartReached { maps_done, maps, .. } => {
            format!("{} of {} done: reduces may be given out.", maps_done, counted(*maps, "map"))
        }
        B::MapAssigned { attempt, node, locality, reason, .. } => {
            let again = failures::given_again(*attempt, *node, *reason);
            again.unwrap_or_else(|| map_given(*attempt, *node, *locality))
        }
        B::ReduceAssigned { attempt, node, reason, .. } => {
            failures::given_again(*attempt, *node, *reason).unwrap_or_else(|| {
                format!("{attempt} goes to {node}, which has a free reduce slot.")
            })
        }
        B::AttemptLaunched { attempt } => {
            format!("{} starts a container for {attempt}.", place(event.node))
        }
        B::PhaseStarted { attempt, phase } => phase_started(event, *attempt, *phase),
        B::InputOpened { attempt, block, from, locality } => match locality {
            Locality::NodeLocal => format!("{attempt} reads block {} on its own node.", block.0),
            Locality::RackLocal => {
                format!("{attempt} reads block {} from {from}, on the same rack.", block.0)
            }
            Locality::OffRack => {
                format!("{attempt} reads block {} from {from}, on another rack.", block.0)
            }
        },
        B::ReadPastEnd { attempt, split_end, line_end, .. } => {
            let past = Bytes(line_end.saturating_sub(*split_end));
            format!("{attempt} reads {past} past its split, to finish a line.")
        }
        B::PartialLineSkipped { attempt, bytes } => {
            format!("{attempt} skips {}: the line belongs to the split before.", Bytes(*bytes))
        }
        B::MapProgress { attempt, input, output, buffer_bytes, .. } => {
            let (input, output) = (records(input), Count(output.records));
            format!("{attempt} has mapped {input} to {output}; buffer at {}.", Bytes(*buffer_bytes))
        }
        B::SpillStarted { attempt, reason, content, buffer_bytes, .. } => match reason {
            SpillReason::Threshold => {
                let (content, buffer) = (records(content), Bytes(*buffer_bytes));
                format!("{attempt} spills {content}, since its buffer holds {buffer}.")
            }
            SpillReason::NoRoom => {
                format!("{attempt} spills {}: the next one finds no room.", records(content))
            }
            SpillReason::EndOfInput => {
                format!(
                    "{attempt} spills its last {}, since its input has ended.",
                    records(content)
                )
            }
        },
        B::SpillFinished { attempt, spill, before, after } if before != after => {
            let (before, after) = (records(before), Count(after.records));
            format!("{attempt} has spill {spill} on disk: {before} combined to {after}.")
        }
        B::SpillFinished { attempt, spill, after, .. } => {
            let (after, bytes) = (records(after), Bytes(after.bytes));
            format!("{attempt} has spill {spill} on disk: {after}, {bytes}.")
        }
        B::MergeStarted { attempt, inputs, memory: Some(memory), .. } if memory.from_memory > 0 => {
            format!("{attempt} merges {} from memory to its disk.", counted(*inputs, "segment"))
        }
        B::MergeStarted { attempt, inputs, segments, last, .. } => {
            match (last, attempt.task.kind) {
                (false, _) => {
                    format!("{attempt} merges {inputs} of its {segments} segments into one.")
                }
                (true, TaskKind::Map) => {
                    format!("{attempt} merges its {inputs} spills into one file.")
                }
                (true, TaskKind::Reduce) => {
                    format!(
                        "{attempt} merges its last {inputs} segments straight into the reducer."
                    )
                }
            }
        }
        B::MergeFinished { attempt, before, after, .. } => {
            let (before, after, bytes) =
                (records(before), Count(after.records), Bytes(after.bytes));
            format!("{attempt} has merged {before} to {after}, {bytes}.")
        }
        B::MapOutputReady { attempt, segments } => {
            let all: Volume = segments.iter().copied().sum();
            let segments = counted(count(segments), "segment");
            format!("{attempt} has its output ready: {} in {segments}.", records(&all))
        }
        B::MapOutputsLearned { attempt, maps } => learned(*attempt, maps),
        B::FetchesStalled { attempt, used_bytes, limit_bytes } => format!(
            "{attempt} waits: {} of {} of memory are full.",
            Bytes(*used_bytes),
            Bytes(*limit_bytes)
        ),
        B::FetchStarted { attempt, map, from, volume, .. } => {
            format!("{attempt} fetches {} of {} from {from}.", Bytes(volume.bytes), map.task)
        }
        B::FetchFinished { attempt, map, from, volume } => {
            format!("{attempt} has fetched {} of {} from {from}.", Bytes(volume.bytes), map.task)
        }
        B::ReduceProgress { attempt, groups, input, .. } => {
            format!("{attempt} has reduced {} in {}.", records(input), counted(*groups, "group"))
        }
        B::OutputWritten { attempt, volume, .. } => {
            format!("{attempt} has written {} to its private folder.", records(volume))
        }
        B::CommitGranted { attempt, part } => {
            format!("the coordinator lets {attempt} commit part {}.", part.0)
        }
        B::OutputCommitted { attempt, part, volume, visible: true } => {
            format!("part {} can be seen: {}, committed by {attempt}.", part.0, records(volume))
        }
        B::OutputCommitted { attempt, part, volume, visible: false } => {
            format!("part {} is set aside: {}, committed by {attempt}.", part.0, records(volume),)
        }
        B::JobCommitStarted { parts } => {
            format!("all tasks are done: the job commits {}.", Counted(u64::from(*parts), "part"))
        }
        B::PartPublished { part } => {
            format!("part {} is renamed into place, and can be seen.", part.0)
        }
        B::AttemptSucceeded { attempt, took, .. } => {
            format!("the coordinator knows that {attempt} is done, after {took}.")
        }
        B::TasksFinished { kind, tasks } => {
            let what = match kind {
                TaskKind::Map => "map",
                TaskKind::Reduce => "reduce",
            };
            match tasks {
                1 => format!("the only {what} is done."),
                _ => format!("all {} are done.", counted(*tasks, what)),
            }
        }
        B::JobFinished { took, .. } => {
            format!("the job is done after {took}, and _SUCCESS is written.")
        }
    }
}

fn map_given(attempt: AttemptId, node: NodeId, locality: Locality) -> String {
    match locality {
        Locality::NodeLocal => {
            format!("{attempt} goes to {node}, where a copy of its block lies.")
        }
        Locality::RackLocal => {
            format!("{attempt} goes to {node}; its block lies on the same rack.")
        }
        Locality::OffRack => {
            format!("{attempt} goes to {node}; its block lies on another rack.")
        }
    }
}

fn phase_started(event: &Event, attempt: AttemptId, phase: Phase) -> String {
    match phase {
        Phase::Launch => format!("{attempt} waits for its container to start."),
        Phase::Map => format!("{attempt} reads and maps its split, on {}.", place(event.node)),
        Phase::Blocked => format!("{attempt} waits: its buffer is full, the spill not yet done."),
        Phase::Flush => format!("{attempt} has read its input, and empties its buffer."),
        Phase::Merge => format!("{attempt} merges its spills into one file."),
        Phase::Copy => format!("{attempt} begins to fetch its part of each map's output."),
        Phase::Sort => format!("{attempt} has all map outputs, and merges them by key."),
        Phase::Reduce => format!("{attempt} goes through its keys and reduces each group."),
        Phase::Commit => format!("{attempt} asks the coordinator to commit its output."),
        Phase::Done => format!("{attempt} is over; the coordinator does not know yet."),
    }
}

fn learned(attempt: AttemptId, maps: &[MapIndex]) -> String {
    match maps {
        [map] => format!("{attempt} learns that it can fetch from map {}.", map.0),
        _ => format!("{attempt} learns of {} to fetch.", counted(count(maps), "map output")),
    }
}

/// A sentence begins with a capital.
pub(super) fn capital(text: String) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => text,
    }
}

/// `12 records`.
pub(super) fn records(volume: &Volume) -> Counted<'static> {
    Counted(volume.records, "record")
}

pub(super) fn counted(number: impl Into<u64>, what: &str) -> Counted<'_> {
    Counted(number.into(), what)
}

/// ` of file 1`; the first needs no such word, since most runs have no other.
pub(super) fn of_file(file: FileId) -> String {
    if file == FileId(0) { String::new() } else { format!(" of {file}") }
}

pub(super) fn count<T>(list: &[T]) -> u64 {
    list.len() as u64
}

/// `node 1`, `nodes 1 and 2`, `7 nodes`.
pub(super) fn nodes(ids: &[NodeId]) -> String {
    let numbers: Vec<u16> = ids.iter().map(|id| id.0).collect();
    match numbers.len() {
        0 => "no node".to_owned(),
        1 => format!("node {}", Listed(&numbers)),
        2..=NAMED_NODES_MAX => format!("nodes {}", Listed(&numbers)),
        _ => format!("{} nodes", numbers.len()),
    }
}

fn place(node: Option<NodeId>) -> String {
    node.map_or("a node".to_owned(), |node| node.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::synthetic;
    use std::collections::BTreeSet;

    #[test]
    fn every_kind_has_a_sentence_of_at_most_15_words() {
        let examples = plan_first(synthetic::every_kind());
        for event in synthetic::every_kind() {
            for plan in [None, JobPlan::of(&examples)] {
                let text = sentence_of(&event, plan);
                let words = text.split_whitespace().count();
                assert!((3..=15).contains(&words), "{words} words: {text}");
                assert!(text.ends_with('.'), "{text}");
                assert!(text.starts_with(|c: char| !c.is_lowercase()), "{text}");
            }
        }
    }

    /// The beginning of the stream job before all others.
    fn plan_first(mut events: Vec<Event>) -> Vec<Event> {
        let is_first = |event: &Event| {
            matches!(&event.kind, EventKind::Stream(crate::trace::StreamEvent::JobStarted { .. }))
        };
        events.sort_by_key(|event| !is_first(event));
        events
    }

    /// The examples that sentences and reasons are tested with leave out no kind.
    #[test]
    fn the_examples_are_of_every_kind() {
        let mut seen = BTreeSet::new();
        for event in synthetic::every_kind() {
            let kind = serde_json::to_value(&event.kind).unwrap();
            let inner = kind.as_object().unwrap().values().next().unwrap();
            seen.insert(inner.as_object().unwrap().keys().next().unwrap().clone());
        }
        for world in ["world", "batch", "failure", "stream"] {
            let nonsense = format!("{{\"{world}\":{{\"nonsense\":{{}}}}}}");
            let error = serde_json::from_str::<EventKind>(&nonsense).unwrap_err().to_string();
            let (_, known) = error.split_once("expected one of ").unwrap();
            for name in known.split('`').skip(1).step_by(2) {
                assert!(seen.contains(name), "no example of {name}");
            }
        }
    }

    #[test]
    fn sentences_carry_the_numbers() {
        let events = synthetic::run(&synthetic::small());
        let said = |place: usize| sentence(&events[place]);
        assert_eq!(said(0), "A cluster of 3 nodes in 1 rack starts; 1 byte stands for 1,024.");
        assert_eq!(said(4), "Block 0 (53 B) lies on nodes 1 and 2.");
        assert_eq!(said(8), "The job is submitted: 212 B of input, 4 maps, 2 reduces.");
        assert_eq!(said(14), "Map 0 goes to node 1, where a copy of its block lies.");
    }
}
