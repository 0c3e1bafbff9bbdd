//! Captions of moments, at most 15 words each: of one event its sentence, of several what they
//! come to.

use super::event::{BatchEvent, Event, EventKind, Locality, Volume, WorldEvent};
use super::failure::FailureEvent;
use super::moment::Topic;
use super::sentence::{capital, count, counted, nodes, records, sentence, sentence_of};
use super::stream::{
    Input, JobPlan, OperatorId, StreamEvent, Subtask, operator_name, subtask_name,
};
use crate::base::format::{Bytes, Count, Listed, Mark};
use crate::base::{AttemptId, Millis, NodeId, RackId};
use std::collections::BTreeSet;

/// The caption of a moment's events, which are all about the same.
pub(super) fn caption(topic: Topic, events: &[Event], plan: Option<&JobPlan>) -> String {
    match events {
        [] => String::new(),
        [event] => sentence_of(event, plan),
        [.., last] => several(topic, events, last, plan),
    }
}

#[expect(clippy::too_many_lines, reason = "a closed enum, one arm a topic")]
fn several(topic: Topic, events: &[Event], last: &Event, plan: Option<&JobPlan>) -> String {
    let sum = Sum::of(events);
    let number = count(events);
    let tasks = sum.attempts.len() as u64;
    let (records, bytes) = (records(&sum.volume), Bytes(sum.volume.bytes));
    match topic {
        Topic::NodesStart => {
            format!(
                "{} start, in {}.",
                counted(number, "node"),
                counted(count_set(&sum.racks), "rack")
            )
        }
        Topic::BlocksLie => {
            let blocks = counted(number, "block");
            match sum.copies {
                0 | 1 => format!("The input lies in {blocks}, without further copies."),
                copies => format!("The input lies in {blocks}, with {copies} copies of each."),
            }
        }
        Topic::SplitsPlanned => {
            format!("The input is cut into {}, one for each map.", counted(number, "split"))
        }
        Topic::MapsGiven => {
            let (maps, to) = (counted(tasks, "map"), sum.places());
            match sum.local == tasks {
                true => format!("{maps} go to {to}, all beside their data."),
                false => format!("{maps} go to {to}; {} of them beside their data.", sum.local),
            }
        }
        Topic::MapsRead => format!("{} read and map their splits.", counted(tasks, "map")),
        Topic::MapsSkip => {
            format!("{} skip what belongs to the split before theirs.", counted(tasks, "map"))
        }
        Topic::MapsReadPastEnd => {
            format!("{} read past their splits, to finish a line each.", counted(tasks, "map"))
        }
        Topic::MapsBlocked => {
            format!(
                "{} wait: their buffers are full, the spills not yet done.",
                counted(tasks, "map")
            )
        }
        Topic::SpillsBegin => {
            format!("{} begin, of {records} in all.", counted(number, "spill"))
        }
        Topic::MergesBegin => format!("{} of segments begin.", counted(number, "merge")),
        Topic::MapsReady => {
            format!("{} have their output ready: {records}, {bytes}.", counted(tasks, "map"))
        }
        Topic::ReducesGiven => format!("{} go to {}.", counted(tasks, "reduce"), sum.places()),
        Topic::Fetched => {
            let outputs = counted(number, "map output");
            match sum.attempts.first() {
                Some(only) if tasks == 1 => {
                    capital(format!("{only} has fetched {outputs}, {bytes} in all."))
                }
                Some(_) | None => {
                    format!("{} have fetched {outputs}, {bytes} in all.", counted(tasks, "reduce"))
                }
            }
        }
        Topic::ReducesReduce => {
            format!("{} go through their keys and reduce each group.", counted(tasks, "reduce"))
        }
        Topic::PartsCommitted => {
            format!("{} can be seen: {records} in all.", counted(number, "part"))
        }
        Topic::PartsSetAside => {
            format!(
                "{} are set aside until the job commits: {records} in all.",
                counted(number, "part")
            )
        }
        Topic::PartsPublished => {
            format!("{} are renamed into place, and can be seen.", counted(number, "part"))
        }
        Topic::SlowStart | Topic::JobCommits | Topic::JobDone | Topic::JobFailed => sentence(last),
        Topic::Crashes => sum.of_nodes("crash: all that runs there is gone", last),
        Topic::Restarts => sum.of_nodes("start again", last),
        Topic::NodesLost => sum.of_nodes("are believed lost: nothing was heard of them", last),
        Topic::NodesReturn => sum.of_nodes("are heard again", last),
        Topic::NodesBarred => sum.of_nodes("get no attempts any more", last),
        Topic::Faults => format!("{} strike.", counted(number, "fault")),
        Topic::AttemptsFail => {
            format!("{} failed; their tasks are tried again.", counted(tasks, "attempt"))
        }
        Topic::AttemptsLost => {
            let lost = counted(tasks, "attempt");
            format!("{lost} count no more, since their node is lost; their tasks wait again.")
        }
        Topic::LosersKilled => {
            let losers = counted(tasks, "attempt");
            format!("{losers} are killed, since others of their tasks were first.")
        }
        Topic::RoomMade => {
            format!("{} are killed to make room for maps.", counted(tasks, "reduce"))
        }
        Topic::BackupsGiven => {
            format!("{} get backups, on {}.", counted(tasks, "slow task"), sum.places())
        }
        Topic::FetchesFail => {
            format!("{} fetches fail, and will be tried again after a while.", Count(number))
        }
        Topic::StreamStarts | Topic::StreamDone => sentence_of(last, plan),
        Topic::RecordsRead => format!("{} are read.", counted(number, "record")),
        Topic::WatermarksAdvance => watermarks(&sum, plan),
        Topic::InputsTurn => inputs_turn(&sum, plan),
        Topic::PartitionsHeld => {
            format!("{} are paused or go on, to keep in step.", counted(number, "partition"))
        }
        Topic::RecordsMissing => format!(
            "{} never arrived: their partitions were silent till the end.",
            counted(sum.missing, "record")
        ),
        Topic::WindowsMerge => format!("{} of windows happen.", counted(number, "merge")),
        Topic::PanesFire => format!("{} fire.", counted(number, "pane")),
        Topic::LatePanesFire => {
            format!("{} fire, for late elements.", counted(number, "late pane"))
        }
        Topic::ElementsDropped => {
            format!("{} find their windows closed, and are dropped.", counted(number, "element"))
        }
        Topic::ResultsMade => format!("{} come out.", counted(number, "result")),
        Topic::ResultsDiffer => {
            format!("{} are not as in batch.", counted(number, "window"))
        }
        Topic::ReplicasRestored => {
            format!("{} of blocks are there again.", counted(number, "missing replica"))
        }
    }
}

/// More names than this are counted.
const NAMED_MAX: usize = 3;

/// Which inputs fell silent, and which spoke again. Where a partition does, what its source says to those behind it
/// follows from that, and is not told.
fn inputs_turn(sum: &Sum, plan: Option<&JobPlan>) -> String {
    let (idle, awake) = (told_inputs(&sum.idle), told_inputs(&sum.awake));
    let verb = |of: &[Input], one: &'static str, several: &'static str| {
        if of.len() == 1 { one } else { several }
    };
    let silent = verb(&idle, "falls silent", "fall silent");
    let speak = verb(&awake, "speaks again", "speak again");
    let waited = verb(&idle, "it is", "they are");
    capital(match (idle.is_empty(), awake.is_empty()) {
        (false, true) => format!("{} {silent}: {waited} not waited for.", inputs(&idle, plan)),
        (true, _) => format!("{} {speak}.", inputs(&awake, plan)),
        (false, false) => {
            format!("{} {silent}, {} {speak}.", inputs(&idle, None), inputs(&awake, None))
        }
    })
}

/// The partitions among these; all where there are none.
fn told_inputs(of: &BTreeSet<Input>) -> Vec<Input> {
    let is_partition = |input: &&Input| matches!(input, Input::Partition(_));
    let partitions: Vec<Input> = of.iter().filter(is_partition).copied().collect();
    if partitions.is_empty() { of.iter().copied().collect() } else { partitions }
}

/// A few partitions by their numbers, and one subtask by its name; more are counted.
fn inputs(of: &[Input], plan: Option<&JobPlan>) -> String {
    let partitions: Vec<String> = of
        .iter()
        .filter_map(|input| match input {
            Input::Partition(index) => Some(index.to_string()),
            Input::Channel(_) => None,
        })
        .collect();
    match (of, partitions.len()) {
        ([Input::Channel(from)], _) => subtask_name(plan, *from),
        ([Input::Partition(index)], _) => format!("partition {index}"),
        (_, 2..=NAMED_MAX) => format!("partitions {}", Listed(&partitions)),
        (_, 0) => counted(count(of), "subtask").to_string(),
        _ => counted(count(of), "partition").to_string(),
    }
}

/// Whose watermarks advance, and how far.
fn watermarks(sum: &Sum, plan: Option<&JobPlan>) -> String {
    let mark = plan.map_or("watermark", |plan| plan.profile.mark_name());
    let Some(to) = sum.watermark.map(Mark) else { return "The watermarks advance.".to_owned() };
    let operators: BTreeSet<OperatorId> = sum.subtasks.iter().map(|of| of.operator).collect();
    let names: Vec<String> = operators.iter().map(|id| operator_name(plan, *id)).collect();
    let parts = counted(count_set(&sum.subtasks), "subtask");
    let is_one = sum.least_watermark == sum.watermark;
    match (sum.subtasks.first(), &names[..]) {
        (Some(only), _) if sum.subtasks.len() == 1 => {
            format!("The {mark} of {} advances to {to}.", subtask_name(plan, *only))
        }
        // A watermark goes from one operator to the next.
        (_, few) if is_one && few.len() <= NAMED_MAX && plan.is_some() => {
            format!("The {mark} of {} advances to {to}.", Listed(few))
        }
        (_, _) if is_one => format!("The {mark} of {parts} advances to {to}."),
        (_, [name]) => format!("The {mark}s of {parts} of {name} advance, at most to {to}."),
        (_, few) if few.len() <= NAMED_MAX && plan.is_some() => {
            format!("The {mark}s of {} advance, at most to {to}.", Listed(few))
        }
        _ => format!("The {mark}s of {parts} advance, at most to {to}."),
    }
}

/// What a moment's events come to.
#[derive(Default)]
struct Sum {
    attempts: BTreeSet<AttemptId>,
    nodes: BTreeSet<NodeId>,
    racks: BTreeSet<RackId>,
    volume: Volume,
    /// Maps that were given to a node with their data.
    local: u64,
    /// The most copies of a block.
    copies: u64,
    /// Subtasks of a stream job.
    subtasks: BTreeSet<Subtask>,
    /// Records that never arrived.
    missing: u64,
    /// The greatest watermark, and the least.
    watermark: Option<Millis>,
    least_watermark: Option<Millis>,
    /// Inputs that fell silent last, and those that spoke again.
    idle: BTreeSet<Input>,
    awake: BTreeSet<Input>,
}

impl Sum {
    fn of(events: &[Event]) -> Sum {
        let mut sum = Sum::default();
        for event in events {
            match &event.kind {
                EventKind::World(kind) => sum.world(kind),
                EventKind::Batch(kind) => sum.batch(kind),
                EventKind::Failure(kind) => sum.failure(kind),
                EventKind::Stream(kind) => sum.stream(kind),
            }
        }
        sum
    }

    fn world(&mut self, kind: &WorldEvent) {
        match kind {
            WorldEvent::ClusterStarted { .. } | WorldEvent::FileStored { .. } => {}
            WorldEvent::NodeStarted { rack, .. } => {
                self.racks.insert(*rack);
            }
            WorldEvent::BlockPlaced { replicas, .. } => {
                self.copies = self.copies.max(count(replicas));
            }
            WorldEvent::FaultStruck { fault, .. } => self.nodes.extend(fault.node()),
            WorldEvent::MessageLost { .. }
            | WorldEvent::DuplicateDropped { .. }
            | WorldEvent::WorkerBroke { .. }
            | WorldEvent::LoadChanged { .. } => {}
        }
    }

    fn batch(&mut self, kind: &BatchEvent) {
        use BatchEvent as B;
        match kind {
            B::MapAssigned { attempt, node, locality, .. } => {
                self.local += u64::from(*locality == Locality::NodeLocal);
                self.nodes.insert(*node);
                self.add(*attempt, Volume::default());
            }
            B::ReduceAssigned { attempt, node, .. } => {
                self.nodes.insert(*node);
                self.add(*attempt, Volume::default());
            }
            B::SpillStarted { attempt, content, .. } => self.add(*attempt, *content),
            B::MapOutputReady { attempt, segments } => {
                self.add(*attempt, segments.iter().copied().sum());
            }
            B::FetchFinished { attempt, volume, .. }
            | B::OutputCommitted { attempt, volume, .. } => self.add(*attempt, *volume),
            B::PhaseStarted { attempt, .. }
            | B::ReadPastEnd { attempt, .. }
            | B::PartialLineSkipped { attempt, .. }
            | B::MergeStarted { attempt, .. } => self.add(*attempt, Volume::default()),
            // The rest is never part of a moment of several events, or has nothing to add up.
            B::JobSubmitted { .. }
            | B::SplitPlanned { .. }
            | B::HeartbeatReceived { .. }
            | B::SlowStartReached { .. }
            | B::AttemptLaunched { .. }
            | B::InputOpened { .. }
            | B::MapProgress { .. }
            | B::SpillFinished { .. }
            | B::MergeFinished { .. }
            | B::MapOutputsLearned { .. }
            | B::FetchStarted { .. }
            | B::FetchesStalled { .. }
            | B::ReduceProgress { .. }
            | B::OutputWritten { .. }
            | B::CommitGranted { .. }
            | B::AttemptSucceeded { .. }
            | B::TasksFinished { .. }
            | B::JobCommitStarted { .. }
            | B::PartPublished { .. }
            | B::JobFinished { .. } => {}
        }
    }

    fn failure(&mut self, kind: &FailureEvent) {
        use FailureEvent as F;
        match kind {
            F::NodeLost { node, .. }
            | F::NodeReturned { node, .. }
            | F::NodeRegistered { node, .. }
            | F::NodeBarred { node, .. } => {
                self.nodes.insert(*node);
            }
            F::AttemptFailed { attempt, .. } | F::AttemptKilled { attempt, .. } => {
                self.add(*attempt, Volume::default());
            }
            // The rest is counted, or is never part of a moment.
            F::AttemptThrew { .. }
            | F::AttemptStopped { .. }
            | F::ReadFailed { .. }
            | F::FetchFailed { .. }
            | F::OutputsWithdrawn { .. }
            | F::FetchFailureHeard { .. }
            | F::ProgressHeard { .. }
            | F::BackupDecided { .. }
            | F::ReplicasLost { .. }
            | F::ReplicasReported { .. }
            | F::ReplicationStarted { .. }
            | F::ReplicaRestored { .. }
            | F::ReplicationFailed { .. }
            | F::FetchShare { .. }
            | F::JobFailed { .. } => {}
        }
    }

    fn stream(&mut self, kind: &StreamEvent) {
        if let StreamEvent::WatermarkAdvanced { subtask, to, .. } = kind {
            self.subtasks.insert(*subtask);
            self.watermark = self.watermark.max(Some(*to));
            self.least_watermark = Some(self.least_watermark.map_or(*to, |least| least.min(*to)));
        }
        if let StreamEvent::InputIdle { input, .. } = kind {
            self.awake.remove(input);
            self.idle.insert(*input);
        }
        if let StreamEvent::InputActive { input, .. } = kind {
            self.idle.remove(input);
            self.awake.insert(*input);
        }
        if let StreamEvent::NeverArrived { records, .. } = kind {
            self.missing += records;
        }
    }

    fn add(&mut self, attempt: AttemptId, volume: Volume) {
        self.attempts.insert(attempt);
        self.volume = self.volume + volume;
    }

    /// The caption of what happened to these nodes; of one node it is the sentence.
    fn of_nodes(&self, what: &str, last: &Event) -> String {
        match self.nodes.len() {
            0 | 1 => sentence(last),
            _ => capital(format!("{} {what}.", self.places())),
        }
    }

    /// The nodes that tasks were given to: `node 1`, `3 nodes`.
    fn places(&self) -> String {
        let ids: Vec<NodeId> = self.nodes.iter().copied().collect();
        nodes(&ids)
    }
}

fn count_set<T>(set: &BTreeSet<T>) -> u64 {
    set.len() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{moment, synthetic};

    #[test]
    fn every_notable_kind_has_captions_of_at_most_15_words() {
        let mut topics = BTreeSet::new();
        for event in synthetic::every_kind() {
            let Some(topic) = moment::topic(&event) else { continue };
            topics.insert(topic);
            let mut other = event.clone();
            change_task(&mut other);
            for group in [vec![event.clone()], vec![event.clone(), other], vec![event; 500]] {
                let caption = caption(topic, &group, None);
                let words = caption.split_whitespace().count();
                assert!((3..=15).contains(&words), "{words} words: {caption}");
                assert!(caption.ends_with('.'), "{caption}");
            }
        }
        assert_eq!(topics.len(), 47, "an example of each topic");
    }

    /// Another task's event, so that a group has more than one.
    fn change_task(event: &mut Event) {
        let text = serde_json::to_string(event).unwrap();
        *event = serde_json::from_str(&text.replace("\"index\":449", "\"index\":448")).unwrap();
    }
}
