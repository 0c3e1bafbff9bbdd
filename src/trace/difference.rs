//! Where two runs part: the first decision that differs. What merely comes a little earlier or
//! later, with other numbers, is the same decision.

use super::event::{BatchEvent, Event, EventKind, Seq, WorldEvent};
use super::failure::{FailureEvent, LaunchReason};
use super::stream::{ElementId, StreamEvent, Subtask};
use crate::base::{AttemptId, BlockId, Fault, NodeId, Window};
use xxhash_rust::xxh3::xxh3_64;

/// The first decision that differs: the event of each run. One of them is missing where that run
/// decided nothing more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// In the first run.
    pub one: Option<Seq>,
    /// In the other.
    pub other: Option<Seq>,
}

/// What was decided, by the coordinator or the name node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decision {
    Given(AttemptId, NodeId, LaunchReason),
    SlowStart,
    Commit(AttemptId),
    Failed(AttemptId),
    Killed(AttemptId),
    Lost(NodeId),
    Back(NodeId),
    Barred(NodeId),
    Backup(AttemptId),
    Copied(BlockId, NodeId),
    Finished,
    JobFailed,
    Pane(Subtask, u64, Window, u64, u64),
    Dropped(ElementId, Option<Window>),
}

/// The first decision that differs between two runs; nothing when all are the same.
pub fn first_difference(one: &[Event], other: &[Event]) -> Option<Difference> {
    let (mut ones, mut others) = (decisions(one), decisions(other));
    loop {
        match (ones.next(), others.next()) {
            (None, None) => return None,
            (Some((_, one)), Some((_, other))) if one == other => {}
            (one, other) => {
                let seq = |found: Option<(Seq, Decision)>| found.map(|(seq, _)| seq);
                return Some(Difference { one: seq(one), other: seq(other) });
            }
        }
    }
}

/// The faults of each run that the other has not got, as far as they had an effect.
pub fn own_faults<'a>(one: &'a [Event], other: &[Event]) -> Vec<(&'a Event, Fault)> {
    let theirs: Vec<(&Event, Fault)> = faults(other).collect();
    let is_own = |(event, fault): &(&Event, Fault)| {
        !theirs.iter().any(|(there, same)| there.at == event.at && same == fault)
    };
    faults(one).filter(is_own).collect()
}

fn faults(events: &[Event]) -> impl Iterator<Item = (&Event, Fault)> {
    events.iter().filter_map(|event| match &event.kind {
        EventKind::World(WorldEvent::FaultStruck { fault, effect: true, .. }) => {
            Some((event, *fault))
        }
        EventKind::World(_)
        | EventKind::Batch(_)
        | EventKind::Failure(_)
        | EventKind::Stream(_) => None,
    })
}

fn decisions(events: &[Event]) -> impl Iterator<Item = (Seq, Decision)> {
    events.iter().filter_map(|event| {
        let decision = match &event.kind {
            EventKind::World(_) => None,
            EventKind::Batch(kind) => batch(kind),
            EventKind::Failure(kind) => failure(kind),
            EventKind::Stream(kind) => stream(kind),
        };
        Some((event.seq, decision?))
    })
}

/// What windows said of which key, and what they took not in. When is no part of it; what a pane says is, since that
/// is the answer.
fn stream(kind: &StreamEvent) -> Option<Decision> {
    match kind {
        StreamEvent::PaneFired { subtask, key, window, index, content, .. } => {
            let says = xxh3_64(content.to_string().as_bytes());
            Some(Decision::Pane(*subtask, xxh3_64(key.as_bytes()), *window, *index, says))
        }
        StreamEvent::RecordDropped { element, window, .. } => {
            Some(Decision::Dropped(*element, *window))
        }
        StreamEvent::JobFinished { .. } => Some(Decision::Finished),
        StreamEvent::JobStarted { .. }
        | StreamEvent::RecordAppended { .. }
        | StreamEvent::RecordRead { .. }
        | StreamEvent::ElementMapped { .. }
        | StreamEvent::ElementFiltered { .. }
        | StreamEvent::WatermarkAdvanced { .. }
        | StreamEvent::InputAdvanced { .. }
        | StreamEvent::InputIdle { .. }
        | StreamEvent::InputActive { .. }
        | StreamEvent::PartitionPaused { .. }
        | StreamEvent::PartitionResumed { .. }
        | StreamEvent::NeverArrived { .. }
        | StreamEvent::Sent { .. }
        | StreamEvent::WindowsAssigned { .. }
        | StreamEvent::WindowsMerged { .. }
        | StreamEvent::TimerSet { .. }
        | StreamEvent::TimerFired { .. }
        | StreamEvent::LateOutput { .. }
        | StreamEvent::WindowForgotten { .. }
        | StreamEvent::Joined { .. }
        | StreamEvent::Emitted { .. }
        | StreamEvent::StateChanged { .. }
        | StreamEvent::SinkReceived { .. }
        | StreamEvent::OracleDiffers { .. } => None,
    }
}

fn batch(kind: &BatchEvent) -> Option<Decision> {
    use BatchEvent as B;
    match kind {
        B::MapAssigned { attempt, node, reason, .. }
        | B::ReduceAssigned { attempt, node, reason, .. } => {
            Some(Decision::Given(*attempt, *node, *reason))
        }
        B::SlowStartReached { .. } => Some(Decision::SlowStart),
        B::CommitGranted { attempt, .. } => Some(Decision::Commit(*attempt)),
        B::JobFinished { .. } => Some(Decision::Finished),
        B::JobSubmitted { .. }
        | B::SplitPlanned { .. }
        | B::HeartbeatReceived { .. }
        | B::AttemptLaunched { .. }
        | B::PhaseStarted { .. }
        | B::InputOpened { .. }
        | B::ReadPastEnd { .. }
        | B::PartialLineSkipped { .. }
        | B::MapProgress { .. }
        | B::SpillStarted { .. }
        | B::SpillFinished { .. }
        | B::MergeStarted { .. }
        | B::MergeFinished { .. }
        | B::MapOutputReady { .. }
        | B::MapOutputsLearned { .. }
        | B::FetchStarted { .. }
        | B::FetchesStalled { .. }
        | B::FetchFinished { .. }
        | B::ReduceProgress { .. }
        | B::OutputWritten { .. }
        | B::OutputCommitted { .. }
        | B::AttemptSucceeded { .. }
        | B::JobCommitStarted { .. }
        | B::PartPublished { .. }
        | B::TasksFinished { .. } => None,
    }
}

fn failure(kind: &FailureEvent) -> Option<Decision> {
    use FailureEvent as F;
    match kind {
        F::AttemptFailed { attempt, .. } => Some(Decision::Failed(*attempt)),
        F::AttemptKilled { attempt, .. } => Some(Decision::Killed(*attempt)),
        F::NodeLost { node, .. } => Some(Decision::Lost(*node)),
        F::NodeReturned { node, .. } | F::NodeRegistered { node, .. } => {
            Some(Decision::Back(*node))
        }
        F::NodeBarred { node, .. } => Some(Decision::Barred(*node)),
        F::BackupDecided { attempt, .. } => Some(Decision::Backup(*attempt)),
        F::ReplicationStarted { block, to, .. } => Some(Decision::Copied(*block, *to)),
        F::JobFailed { .. } => Some(Decision::JobFailed),
        F::AttemptThrew { .. }
        | F::AttemptStopped { .. }
        | F::ReadFailed { .. }
        | F::FetchFailed { .. }
        | F::OutputsWithdrawn { .. }
        | F::FetchFailureHeard { .. }
        | F::ProgressHeard { .. }
        | F::ReplicasLost { .. }
        | F::ReplicasReported { .. }
        | F::ReplicaRestored { .. }
        | F::ReplicationFailed { .. }
        | F::FetchShare { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Span;
    use crate::trace::synthetic;

    #[test]
    fn the_same_run_later_decides_the_same() {
        let one = synthetic::failing();
        let mut other = one.clone();
        other.iter_mut().for_each(|event| event.at += Span(1_000));
        assert_eq!(first_difference(&one, &other), None);
    }

    #[test]
    fn another_node_is_another_decision() {
        let one = synthetic::failing();
        let mut other = one.clone();
        let retried = |event: &&mut Event| {
            matches!(
                event.kind,
                EventKind::Batch(BatchEvent::MapAssigned { reason: LaunchReason::Retry, .. })
            )
        };
        let event = other.iter_mut().find(retried).unwrap();
        let seq = event.seq;
        if let EventKind::Batch(BatchEvent::MapAssigned { node, .. }) = &mut event.kind {
            *node = NodeId(4);
        }
        let expected = Difference { one: Some(seq), other: Some(seq) };
        assert_eq!(first_difference(&one, &other), Some(expected));
    }

    #[test]
    fn a_run_that_is_not_over_has_decided_less() {
        let one = synthetic::failing();
        let last = one.last().unwrap().seq;
        let rest = &one[..one.len() - 1];
        let expected = Difference { one: Some(last), other: None };
        assert_eq!(first_difference(&one, rest), Some(expected));
        assert!(own_faults(&one, rest).is_empty());
        assert_eq!(own_faults(&one, &[]).len(), 3);
    }
}
