//! Notable moments: what a step goes to. Events of one kind that happen at the same time, as far
//! as an eye can tell, are one moment.

use super::caption;
use super::event::{BatchEvent, Event, EventKind, Phase, Seq, WorldEvent};
use super::failure::{FailureEvent, KillReason, LaunchReason};
use super::stream::{JobPlan, StreamEvent, Timing};
use crate::base::{Fault, Millis, Span, Time};

/// How far apart events of one moment may be, in virtual time. A map task of the classroom takes
/// some hundred times as long.
pub const SIMULTANEOUS: Span = Span::from_millis(100);

/// A moment that a step stops at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The last of its events. The state to show is the one after it.
    pub seq: Seq,
    /// When that happened.
    pub at: Time,
    /// What happened, in at most 15 words.
    pub caption: String,
}

/// What a moment is about: the closed list of what is notable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// Nodes start.
    NodesStart,
    /// The input's blocks lie on nodes.
    BlocksLie,
    /// The input is cut into splits.
    SplitsPlanned,
    /// Maps are given to nodes.
    MapsGiven,
    /// Maps begin to read, or go on after they were blocked.
    MapsRead,
    /// Maps pass over the rest of a line that belongs to the splits before theirs.
    MapsSkip,
    /// Maps finish a line beyond their splits.
    MapsReadPastEnd,
    /// Maps wait for room in their buffers.
    MapsBlocked,
    /// Spills begin.
    SpillsBegin,
    /// Merge passes that are not the last begin.
    MergesBegin,
    /// Map outputs are ready.
    MapsReady,
    /// Enough maps are done for reduces to be given out.
    SlowStart,
    /// Reduces are given to nodes.
    ReducesGiven,
    /// Map outputs are fetched.
    Fetched,
    /// Reduces go through their groups.
    ReducesReduce,
    /// Parts of the output can be seen.
    PartsCommitted,
    /// Parts of the output are committed by their tasks, but not yet by the job.
    PartsSetAside,
    /// The job begins to commit.
    JobCommits,
    /// The job's commit renames parts into place.
    PartsPublished,
    /// The job is done.
    JobDone,
    /// Nodes crash.
    Crashes,
    /// Crashed nodes start again.
    Restarts,
    /// Other faults strike: something is slow, cut off, lost, or made to throw.
    Faults,
    /// Nodes are believed lost.
    NodesLost,
    /// Nodes that were believed lost, or began anew, speak.
    NodesReturn,
    /// Nodes get no attempts any more.
    NodesBarred,
    /// Attempts failed.
    AttemptsFail,
    /// Attempts went with their nodes: their tasks are pending again.
    AttemptsLost,
    /// Attempts are killed because others were first.
    LosersKilled,
    /// Reduces make room for maps.
    RoomMade,
    /// Slow attempts get backups.
    BackupsGiven,
    /// Fetches fail, from hosts from which none of the reduce had failed.
    FetchesFail,
    /// Blocks have as many copies again as they should, or one more.
    ReplicasRestored,
    /// The job failed.
    JobFailed,
    /// A stream job begins.
    StreamStarts,
    /// Records are read.
    RecordsRead,
    /// Watermarks advance.
    WatermarksAdvance,
    /// Inputs fall silent, or speak again.
    InputsTurn,
    /// Partitions are paused or go on, to keep in step.
    PartitionsHeld,
    /// Records never arrive, since their partitions stay silent.
    RecordsMissing,
    /// Windows merge.
    WindowsMerge,
    /// Windows fire before their end, or at it.
    PanesFire,
    /// Windows fire after their end.
    LatePanesFire,
    /// Elements are not taken into windows.
    ElementsDropped,
    /// Elements are joined, or a process function speaks.
    ResultsMade,
    /// A stream job is done.
    StreamDone,
    /// Windows in which stream and batch differ.
    ResultsDiffer,
}

/// What the moment of this event is about; nothing when it is not notable.
pub fn topic(event: &Event) -> Option<Topic> {
    use BatchEvent as B;
    match &event.kind {
        // Those that are there from the beginning are no news.
        EventKind::World(WorldEvent::NodeStarted { .. }) => {
            (event.at > Time::ZERO).then_some(Topic::NodesStart)
        }
        EventKind::World(WorldEvent::BlockPlaced { .. }) => Some(Topic::BlocksLie),
        EventKind::World(
            WorldEvent::ClusterStarted { .. }
            | WorldEvent::FileStored { .. }
            | WorldEvent::FaultStruck { effect: false, .. }
            | WorldEvent::MessageLost { .. }
            | WorldEvent::DuplicateDropped { .. }
            | WorldEvent::WorkerBroke { .. }
            | WorldEvent::LoadChanged { .. },
        ) => None,
        EventKind::World(WorldEvent::FaultStruck { fault, effect: true, .. }) => {
            Some(fault_topic(*fault))
        }
        EventKind::Failure(kind) => failure_topic(kind),
        EventKind::Stream(kind) => stream_topic(kind),
        EventKind::Batch(kind) => match kind {
            B::SplitPlanned { .. } => Some(Topic::SplitsPlanned),
            B::MapAssigned { reason: LaunchReason::Backup, .. }
            | B::ReduceAssigned { reason: LaunchReason::Backup, .. } => Some(Topic::BackupsGiven),
            B::MapAssigned { .. } => Some(Topic::MapsGiven),
            B::ReadPastEnd { .. } => Some(Topic::MapsReadPastEnd),
            B::PartialLineSkipped { .. } => Some(Topic::MapsSkip),
            B::PhaseStarted { phase, .. } => phase_topic(*phase),
            B::SpillStarted { .. } => Some(Topic::SpillsBegin),
            B::MergeStarted { last: false, .. } => Some(Topic::MergesBegin),
            B::MapOutputReady { .. } => Some(Topic::MapsReady),
            B::SlowStartReached { .. } => Some(Topic::SlowStart),
            B::ReduceAssigned { .. } => Some(Topic::ReducesGiven),
            B::FetchFinished { .. } => Some(Topic::Fetched),
            B::OutputCommitted { visible: true, .. } => Some(Topic::PartsCommitted),
            B::OutputCommitted { visible: false, .. } => Some(Topic::PartsSetAside),
            B::JobCommitStarted { .. } => Some(Topic::JobCommits),
            B::PartPublished { .. } => Some(Topic::PartsPublished),
            B::JobFinished { .. } => Some(Topic::JobDone),
            B::JobSubmitted { .. }
            | B::HeartbeatReceived { .. }
            | B::AttemptLaunched { .. }
            | B::InputOpened { .. }
            | B::MapProgress { .. }
            | B::SpillFinished { .. }
            | B::MergeStarted { last: true, .. }
            | B::MergeFinished { .. }
            | B::MapOutputsLearned { .. }
            | B::FetchStarted { .. }
            | B::FetchesStalled { .. }
            | B::ReduceProgress { .. }
            | B::OutputWritten { .. }
            | B::CommitGranted { .. }
            | B::AttemptSucceeded { .. }
            | B::TasksFinished { .. } => None,
        },
    }
}

fn fault_topic(fault: Fault) -> Topic {
    match fault {
        Fault::Crash { .. } => Topic::Crashes,
        Fault::Restart { .. } => Topic::Restarts,
        Fault::Slow { .. }
        | Fault::CutRack { .. }
        | Fault::JoinRack { .. }
        | Fault::LoseMessages { .. }
        | Fault::FailTask { .. }
        | Fault::PoisonRecord { .. }
        | Fault::Stream(_) => Topic::Faults,
    }
}

fn failure_topic(kind: &FailureEvent) -> Option<Topic> {
    use FailureEvent as F;
    match kind {
        F::NodeLost { .. } => Some(Topic::NodesLost),
        F::NodeReturned { .. } | F::NodeRegistered { .. } => Some(Topic::NodesReturn),
        F::NodeBarred { .. } => Some(Topic::NodesBarred),
        F::AttemptFailed { .. } => Some(Topic::AttemptsFail),
        F::AttemptKilled { reason, .. } => match reason {
            KillReason::NodeLost { .. } | KillReason::NodeRestarted { .. } => {
                Some(Topic::AttemptsLost)
            }
            KillReason::LostRace { .. } => Some(Topic::LosersKilled),
            KillReason::MadeRoom { .. } => Some(Topic::RoomMade),
            KillReason::JobFailed | KillReason::JobFinished => None,
        },
        F::FetchFailed { host_failures: 1, .. } => Some(Topic::FetchesFail),
        F::ReplicaRestored { .. } => Some(Topic::ReplicasRestored),
        F::JobFailed { .. } => Some(Topic::JobFailed),
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
        | F::ReplicationFailed { .. }
        | F::FetchShare { .. } => None,
    }
}

fn stream_topic(kind: &StreamEvent) -> Option<Topic> {
    use StreamEvent as S;
    match kind {
        S::JobStarted { .. } => Some(Topic::StreamStarts),
        S::RecordRead { .. } => Some(Topic::RecordsRead),
        S::WatermarkAdvanced { .. } => Some(Topic::WatermarksAdvance),
        S::InputIdle { .. } | S::InputActive { .. } => Some(Topic::InputsTurn),
        S::NeverArrived { .. } => Some(Topic::RecordsMissing),
        S::PartitionPaused { .. } | S::PartitionResumed { .. } => Some(Topic::PartitionsHeld),
        S::WindowsMerged { .. } => Some(Topic::WindowsMerge),
        S::PaneFired { timing: Timing::Late, .. } => Some(Topic::LatePanesFire),
        S::PaneFired { .. } => Some(Topic::PanesFire),
        S::RecordDropped { .. } => Some(Topic::ElementsDropped),
        S::Joined { .. } | S::Emitted { .. } => Some(Topic::ResultsMade),
        S::JobFinished { .. } => Some(Topic::StreamDone),
        S::OracleDiffers { .. } => Some(Topic::ResultsDiffer),
        S::RecordAppended { .. }
        | S::ElementMapped { .. }
        | S::ElementFiltered { .. }
        | S::InputAdvanced { .. }
        | S::Sent { .. }
        | S::WindowsAssigned { .. }
        | S::TimerSet { .. }
        | S::TimerFired { .. }
        | S::LateOutput { .. }
        | S::WindowForgotten { .. }
        | S::StateChanged { .. }
        | S::SinkReceived { .. } => None,
    }
}

fn phase_topic(phase: Phase) -> Option<Topic> {
    match phase {
        Phase::Map => Some(Topic::MapsRead),
        Phase::Blocked => Some(Topic::MapsBlocked),
        Phase::Reduce => Some(Topic::ReducesReduce),
        Phase::Launch
        | Phase::Flush
        | Phase::Merge
        | Phase::Copy
        | Phase::Sort
        | Phase::Commit
        | Phase::Done => None,
    }
}

/// The moments of a run, as its events come.
#[derive(Clone, Debug, Default)]
pub struct Moments {
    list: Vec<Moment>,
    /// The events of the last moment, to which more may come, and what it is about.
    open: Option<(Topic, Vec<Event>)>,
    /// The watermarks that were told, each with the place of its moment. Where one goes on from operator to operator
    /// and stands there at the same value, nothing is to be told again.
    marks: Vec<(usize, Millis)>,
    /// What the operators of a stream job are called.
    plan: Option<Box<JobPlan>>,
}

impl Moments {
    /// Of a run of which nothing has happened.
    pub fn new() -> Moments {
        Moments::default()
    }

    /// The moments of the first of these events, where all of them are those that came.
    #[must_use]
    pub fn prefix(&self, events: &[Event]) -> Moments {
        let ended = self.list.partition_point(|moment| index(moment.seq) < events.len());
        // The last of them may have been open still; it is made anew.
        let list: Vec<Moment> = self.list.iter().take(ended.saturating_sub(1)).cloned().collect();
        let from = list.last().map_or(0, |moment| index(moment.seq).saturating_add(1));
        let kept = self.marks.partition_point(|(place, _)| *place < list.len());
        let marks = self.marks.get(..kept).unwrap_or_default().to_vec();
        let mut moments = Moments { list, open: None, marks, plan: self.plan.clone() };
        moments.extend(events.get(from..).unwrap_or_default());
        moments
    }

    /// Adds the events that come next. The last moment may grow by them; those before it stay.
    pub fn extend(&mut self, events: &[Event]) {
        let mut is_open_stale = false;
        for event in events {
            if let EventKind::Stream(StreamEvent::JobStarted { plan }) = &event.kind {
                self.plan = Some(plan.clone());
            }
            let Some(topic) = topic(event) else { continue };
            let mark = watermark(event);
            let continues = matches!(&self.open, Some((open, group)) if *open == topic && is_simultaneous(group, event));
            if !continues && mark.is_some_and(|mark| self.was_told(mark)) {
                continue;
            }
            match &mut self.open {
                Some((_, group)) if continues => group.push(event.clone()),
                Some(_) | None => {
                    self.close(is_open_stale);
                    self.list.push(Moment { seq: event.seq, at: event.at, caption: String::new() });
                    self.open = Some((topic, vec![event.clone()]));
                }
            }
            is_open_stale = true;
            let place = self.list.len().saturating_sub(1);
            self.marks.extend(mark.map(|mark| (place, mark)));
            if topic == Topic::InputsTurn {
                // Who is not waited for any more may be why a watermark goes on at an operator: that is told.
                self.marks.push((place, Millis::MIN));
            }
        }
        self.close(is_open_stale);
    }

    /// Whether the last moment of watermarks told of this one: it has come to the next operator.
    fn was_told(&self, mark: Millis) -> bool {
        let last = self.marks.last().map(|(place, _)| *place);
        let of_last = self.marks.iter().rev().take_while(|(place, _)| Some(*place) == last);
        of_last.into_iter().any(|(_, told)| *told == mark)
    }

    /// All moments so far, in order.
    pub fn all(&self) -> &[Moment] {
        &self.list
    }

    /// The moment that a step goes to where `applied` events are shown.
    pub fn after(&self, applied: u32) -> Option<&Moment> {
        self.list.get(self.list.partition_point(|moment| moment.seq.0 < applied))
    }

    /// The moment that a step back goes to where `applied` events are shown.
    pub fn before(&self, applied: u32) -> Option<&Moment> {
        let passed = self.list.partition_point(|moment| moment.seq.0.saturating_add(1) < applied);
        self.list.get(passed.checked_sub(1)?)
    }

    /// The last moment among the first `applied` events: whose caption to show there.
    pub fn latest(&self, applied: u32) -> Option<&Moment> {
        let passed = self.list.partition_point(|moment| moment.seq.0 < applied);
        self.list.get(passed.checked_sub(1)?)
    }

    /// Brings the last moment up to date with its events. A caption is made once a batch, not
    /// once an event.
    fn close(&mut self, is_stale: bool) {
        let (Some((topic, group)), Some(moment)) = (&self.open, self.list.last_mut()) else {
            return;
        };
        if let (true, Some(last)) = (is_stale, group.last()) {
            (moment.at, moment.seq) = last.stamp();
            moment.caption = caption::caption(*topic, group, self.plan.as_deref());
        }
    }
}

/// Where a watermark comes to stand, when this event says so.
fn watermark(event: &Event) -> Option<Millis> {
    match &event.kind {
        EventKind::Stream(StreamEvent::WatermarkAdvanced { to, .. }) => Some(*to),
        EventKind::Stream(_)
        | EventKind::World(_)
        | EventKind::Batch(_)
        | EventKind::Failure(_) => None,
    }
}

fn index(seq: Seq) -> usize {
    usize::try_from(seq.0).unwrap_or(usize::MAX)
}

fn is_simultaneous(group: &[Event], event: &Event) -> bool {
    group.first().is_some_and(|first| event.at.since(first.at) <= SIMULTANEOUS)
}

/// The moments of these events.
pub fn moments(events: &[Event]) -> Vec<Moment> {
    let mut moments = Moments::new();
    moments.extend(events);
    moments.list
}

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, reason = "small numbers of our own making")]
mod tests {
    use super::*;
    use crate::trace::synthetic;

    #[test]
    fn the_first_scenario_takes_at_most_40_steps() {
        let events = synthetic::run(&synthetic::small());
        let moments = moments(&events);
        assert!((20..=40).contains(&moments.len()), "{moments:#?}");
    }

    #[test]
    fn the_moments_of_a_prefix_are_those_of_its_events() {
        let events = synthetic::run(&synthetic::small());
        let mut all = Moments::new();
        all.extend(&events);
        for n in 0..=events.len() {
            assert_eq!(all.prefix(&events[..n]).all(), moments(&events[..n]), "{n} events");
        }
    }

    #[test]
    fn batches_of_any_size_give_the_same_moments() {
        let events = synthetic::run(&synthetic::small());
        let whole = moments(&events);
        for size in 1..60 {
            let mut moments = Moments::new();
            events.chunks(size).for_each(|batch| moments.extend(batch));
            assert_eq!(moments.all(), whole, "batches of {size}");
        }
    }

    #[test]
    fn events_of_one_kind_and_time_are_one_moment() {
        let events = synthetic::run(&synthetic::small());
        let moments = moments(&events);
        let captions: Vec<&str> = moments.iter().map(|moment| moment.caption.as_str()).collect();
        assert_eq!(captions[0], "The input lies in 4 blocks, with 2 copies of each.");
        assert_eq!(captions[1], "The input is cut into 4 splits, one for each map.");
        assert_eq!(captions.last(), Some(&"The job is done after 9.1 s, and _SUCCESS is written."));
    }

    #[test]
    fn a_heartbeat_and_progress_are_never_notable() {
        for event in synthetic::every_kind() {
            if let EventKind::Batch(
                BatchEvent::HeartbeatReceived { .. }
                | BatchEvent::MapProgress { .. }
                | BatchEvent::ReduceProgress { .. },
            ) = event.kind
            {
                assert_eq!(topic(&event), None);
            }
        }
    }

    #[test]
    fn steps_forward_and_back_visit_the_same_moments() {
        let events = synthetic::run(&synthetic::small());
        let mut moments = Moments::new();
        moments.extend(&events);
        let (mut forward, mut applied) = (Vec::new(), 0);
        while let Some(moment) = moments.after(applied) {
            applied = moment.seq.0 + 1;
            assert_eq!(moments.latest(applied), Some(moment));
            forward.push(moment.seq);
        }
        let mut back = Vec::new();
        applied = events.len() as u32 + 1;
        while let Some(moment) = moments.before(applied) {
            applied = moment.seq.0 + 1;
            back.push(moment.seq);
        }
        back.reverse();
        assert_eq!(forward, back);
        assert_eq!(forward.len(), moments.all().len());
    }
}
