//! What a run came to, in a few numbers: to compare runs and branches of runs with.
//!
//! ```
//! use millrace::trace::totals::{Outcome, Totals};
//! assert_eq!(Totals::of(&[]).outcome, Outcome::Running);
//! ```

#[cfg(test)]
mod tests;

use super::event::{BatchEvent, Event, EventKind, Locality, Phase, SplitPiece, WorldEvent};
use super::failure::{FailureEvent, LaunchReason};
use super::stream::{StreamEvent, Timing};
use crate::base::{AttemptId, BlockId, Fault, MapIndex, NodeId, Span, TaskKind, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a run came to, or has come to so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// How the job ended.
    pub outcome: Outcome,
    /// How long the job took, or has taken until the last event.
    pub took: Span,
    /// Attempts that were given out.
    pub attempts: u32,
    /// Attempts that failed.
    pub failed: u32,
    /// Attempts that were killed, be it after they had succeeded.
    pub killed: u32,
    /// How often a map that had succeeded had to run again.
    pub maps_again: u32,
    /// Backups that were given out.
    pub backups: u32,
    /// Backups that were first.
    pub backups_won: u32,
    /// How long attempts ran, all together, that did not count in the end.
    pub wasted: Span,
    /// Bytes that went from node to node, by fetches, reads of the input and copies of blocks;
    /// bytes of the text, each of which stands for many.
    pub moved_bytes: u64,
    /// Panes of a stream job.
    pub panes: u64,
    /// Those that came after the end of their windows.
    pub late_panes: u64,
    /// Elements that were not taken into windows, each once a window.
    pub dropped: u64,
}

/// How a job ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Not yet.
    #[default]
    Running,
    /// Well.
    Finished,
    /// It failed.
    Failed,
}

/// Adds a run up as its events come.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    sums: Totals,
    submitted: Option<Time>,
    now: Time,
    attempts: BTreeMap<AttemptId, Track>,
    splits: BTreeMap<MapIndex, Vec<SplitPiece>>,
    blocks: BTreeMap<BlockId, SplitPiece>,
}

/// What has to be known of an attempt.
#[derive(Clone, Debug)]
struct Track {
    node: NodeId,
    is_backup: bool,
    started: Option<Time>,
    ended: Option<Time>,
    verdict: Counts,
    /// Blocks that it read from other nodes.
    remote: Vec<BlockId>,
    /// How far it has read, in which piece; all of it when it went on to what comes after.
    position: Option<(u32, u64)>,
    /// Where the last line of a piece ended beyond it.
    line_ends: BTreeMap<u32, u64>,
}

/// Whether an attempt counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Counts {
    Undecided,
    Yes,
    No,
}

impl Totals {
    /// Of these events.
    pub fn of(events: &[Event]) -> Totals {
        let mut tally = Tally::default();
        tally.feed(events);
        tally.totals()
    }
}

impl Tally {
    /// Adds the events that come next.
    pub fn feed(&mut self, events: &[Event]) {
        for event in events {
            self.now = event.at;
            match &event.kind {
                EventKind::World(kind) => self.world(event, kind),
                EventKind::Batch(kind) => self.batch(event, kind),
                EventKind::Failure(kind) => self.failure(event, kind),
                EventKind::Stream(kind) => self.stream(event, kind),
            }
        }
    }

    /// What it has come to so far.
    pub fn totals(&self) -> Totals {
        let mut totals = self.sums;
        if totals.outcome == Outcome::Running {
            totals.took = self.submitted.map_or(Span::ZERO, |begin| self.now.since(begin));
        }
        for (id, track) in &self.attempts {
            if self.is_wasted(track) {
                totals.wasted += track.run_time(self.now);
            }
            totals.moved_bytes = totals.moved_bytes.saturating_add(self.read_bytes(*id, track));
        }
        totals
    }

    /// What does not count; and what still runs when the job is over, since it never will.
    fn is_wasted(&self, track: &Track) -> bool {
        match track.verdict {
            Counts::Yes => false,
            Counts::No => true,
            Counts::Undecided => self.sums.outcome != Outcome::Running,
        }
    }

    /// Bytes of the input that a map read from other nodes, as far as it has come.
    fn read_bytes(&self, id: AttemptId, track: &Track) -> u64 {
        let Some(split) = self.splits.get(&MapIndex(id.task.index)) else { return 0 };
        let remote = || track.remote.iter().filter_map(|block| self.blocks.get(block));
        let of_piece = |(number, piece)| {
            let read = track.read_of(number, piece);
            remote().map(|block| common_bytes(&read, block)).fold(0, u64::saturating_add)
        };
        (0..).zip(split).map(of_piece).fold(0, u64::saturating_add)
    }

    fn world(&mut self, event: &Event, kind: &WorldEvent) {
        match kind {
            WorldEvent::BlockPlaced { block, offset, length, file, .. } => {
                let (file, offset, length) = (*file, *offset, *length);
                self.blocks.insert(*block, SplitPiece { file, offset, length });
            }
            WorldEvent::FaultStruck { fault: Fault::Crash { node }, effect: true, .. } => {
                for track in self.attempts.values_mut().filter(|track| track.node == *node) {
                    track.end(event.at);
                }
            }
            WorldEvent::FaultStruck { .. }
            | WorldEvent::FileStored { .. }
            | WorldEvent::ClusterStarted { .. }
            | WorldEvent::NodeStarted { .. }
            | WorldEvent::MessageLost { .. }
            | WorldEvent::DuplicateDropped { .. }
            | WorldEvent::WorkerBroke { .. }
            | WorldEvent::LoadChanged { .. } => {}
        }
    }

    fn stream(&mut self, event: &Event, kind: &StreamEvent) {
        match kind {
            StreamEvent::JobStarted { .. } => self.submitted = Some(event.at),
            StreamEvent::PaneFired { timing, .. } => {
                self.sums.panes += 1;
                self.sums.late_panes += u64::from(*timing == Timing::Late);
            }
            StreamEvent::RecordDropped { .. } => self.sums.dropped += 1,
            StreamEvent::JobFinished { took, .. } => {
                self.sums.outcome = Outcome::Finished;
                self.sums.took = *took;
            }
            StreamEvent::RecordAppended { .. }
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
            | StreamEvent::OracleDiffers { .. } => {}
        }
    }

    fn batch(&mut self, event: &Event, kind: &BatchEvent) {
        use BatchEvent as B;
        match kind {
            B::JobSubmitted { .. } => self.submitted = Some(event.at),
            B::SplitPlanned { map, offset, length, file, more, .. } => {
                let (file, offset, length) = (*file, *offset, *length);
                let first = SplitPiece { file, offset, length };
                self.splits.insert(*map, [&[first], &more[..]].concat());
            }
            B::MapAssigned { attempt, node, reason, .. }
            | B::ReduceAssigned { attempt, node, reason, .. } => {
                self.given(*attempt, *node, *reason);
            }
            B::AttemptLaunched { attempt } => self.track(*attempt, |track| track.start(event.at)),
            B::PhaseStarted { attempt, phase } => {
                self.track(*attempt, |track| track.phase(*phase, event.at));
            }
            B::InputOpened { attempt, block, locality, .. } => {
                if *locality != Locality::NodeLocal {
                    self.track(*attempt, |track| track.remote.push(*block));
                }
            }
            B::ReadPastEnd { attempt, line_end, piece, .. } => {
                self.track(*attempt, |track| {
                    track.line_ends.insert(*piece, *line_end);
                });
            }
            B::MapProgress { attempt, position, piece, .. } => {
                self.track(*attempt, |track| track.position = Some((*piece, *position)));
            }
            B::MapOutputReady { attempt, .. } => {
                self.track(*attempt, |track| track.position = None);
            }
            B::FetchFinished { from, volume, .. } => {
                if event.node != Some(*from) {
                    self.moved(volume.bytes);
                }
            }
            B::AttemptSucceeded { attempt, .. } => self.succeeded(*attempt, event.at),
            B::JobFinished { took, .. } => self.over(Outcome::Finished, *took),
            B::HeartbeatReceived { .. }
            | B::SlowStartReached { .. }
            | B::PartialLineSkipped { .. }
            | B::SpillStarted { .. }
            | B::SpillFinished { .. }
            | B::MergeStarted { .. }
            | B::MergeFinished { .. }
            | B::MapOutputsLearned { .. }
            | B::FetchStarted { .. }
            | B::FetchesStalled { .. }
            | B::ReduceProgress { .. }
            | B::OutputWritten { .. }
            | B::CommitGranted { .. }
            | B::OutputCommitted { .. }
            | B::JobCommitStarted { .. }
            | B::PartPublished { .. }
            | B::TasksFinished { .. } => {}
        }
    }

    fn failure(&mut self, event: &Event, kind: &FailureEvent) {
        use FailureEvent as F;
        match kind {
            F::AttemptThrew { attempt, .. } | F::AttemptStopped { attempt } => {
                self.track(*attempt, |track| track.end(event.at));
            }
            F::AttemptFailed { attempt, .. } => {
                self.sums.failed = self.sums.failed.saturating_add(1);
                self.discounted(*attempt);
            }
            F::AttemptKilled { attempt, .. } => {
                self.sums.killed = self.sums.killed.saturating_add(1);
                self.discounted(*attempt);
            }
            F::ReplicaRestored { block, .. } => {
                self.moved(self.blocks.get(block).map_or(0, |block| block.length));
            }
            F::JobFailed { took, .. } => self.over(Outcome::Failed, *took),
            F::ReadFailed { .. }
            | F::FetchFailed { .. }
            | F::OutputsWithdrawn { .. }
            | F::FetchFailureHeard { .. }
            | F::ProgressHeard { .. }
            | F::NodeLost { .. }
            | F::NodeReturned { .. }
            | F::NodeRegistered { .. }
            | F::NodeBarred { .. }
            | F::BackupDecided { .. }
            | F::ReplicasLost { .. }
            | F::ReplicasReported { .. }
            | F::ReplicationStarted { .. }
            | F::ReplicationFailed { .. }
            | F::FetchShare { .. } => {}
        }
    }

    fn given(&mut self, attempt: AttemptId, node: NodeId, reason: LaunchReason) {
        let is_backup = reason == LaunchReason::Backup;
        self.sums.attempts = self.sums.attempts.saturating_add(1);
        self.sums.backups = self.sums.backups.saturating_add(u32::from(is_backup));
        self.attempts.insert(attempt, Track::new(node, is_backup));
    }

    fn succeeded(&mut self, attempt: AttemptId, at: Time) {
        let mut is_backup = false;
        self.track(attempt, |track| {
            track.end(at);
            track.position = None;
            track.verdict = Counts::Yes;
            is_backup = track.is_backup;
        });
        self.sums.backups_won = self.sums.backups_won.saturating_add(u32::from(is_backup));
    }

    /// An attempt failed or was killed, be it after it had succeeded.
    fn discounted(&mut self, attempt: AttemptId) {
        let mut had_succeeded = false;
        self.track(attempt, |track| {
            had_succeeded = track.verdict == Counts::Yes;
            track.verdict = Counts::No;
        });
        let again = had_succeeded && attempt.task.kind == TaskKind::Map;
        self.sums.maps_again = self.sums.maps_again.saturating_add(u32::from(again));
    }

    fn moved(&mut self, bytes: u64) {
        self.sums.moved_bytes = self.sums.moved_bytes.saturating_add(bytes);
    }

    fn over(&mut self, outcome: Outcome, took: Span) {
        (self.sums.outcome, self.sums.took) = (outcome, took);
    }

    /// Does something with what is known of an attempt; a foreign trace may name others.
    fn track(&mut self, attempt: AttemptId, change: impl FnOnce(&mut Track)) {
        if let Some(track) = self.attempts.get_mut(&attempt) {
            change(track);
        }
    }
}

impl Track {
    fn new(node: NodeId, is_backup: bool) -> Track {
        Track {
            node,
            is_backup,
            started: None,
            ended: None,
            verdict: Counts::Undecided,
            remote: Vec::new(),
            position: None,
            line_ends: BTreeMap::new(),
        }
    }

    /// What it has read of a piece.
    fn read_of(&self, number: u32, piece: &SplitPiece) -> SplitPiece {
        let end = piece.offset.saturating_add(piece.length);
        let end = self.line_ends.get(&number).map_or(end, |line_end| end.max(*line_end));
        let read_to = match self.position {
            Some((reading, _)) if number > reading => piece.offset,
            Some((reading, position)) if number == reading => position.min(end),
            Some(_) | None => end,
        };
        SplitPiece { length: read_to.saturating_sub(piece.offset), ..*piece }
    }

    fn start(&mut self, at: Time) {
        self.started.get_or_insert(at);
    }

    fn end(&mut self, at: Time) {
        self.ended.get_or_insert(at);
    }

    fn phase(&mut self, phase: Phase, at: Time) {
        self.start(at);
        match phase {
            Phase::Done => self.end(at),
            // Until progress is told, nothing was read.
            Phase::Map => {
                self.position.get_or_insert((0, 0));
            }
            Phase::Flush | Phase::Merge => self.position = None,
            Phase::Launch
            | Phase::Blocked
            | Phase::Copy
            | Phase::Sort
            | Phase::Reduce
            | Phase::Commit => {}
        }
    }

    /// From its start on the node to its end there; nothing where it never started.
    fn run_time(&self, now: Time) -> Span {
        let end = self.ended.unwrap_or(now);
        self.started.map_or(Span::ZERO, |started| end.since(started))
    }
}

/// How many bytes two pieces have in common.
fn common_bytes(one: &SplitPiece, other: &SplitPiece) -> u64 {
    if one.file != other.file {
        return 0;
    }
    let end = |piece: &SplitPiece| piece.offset.saturating_add(piece.length);
    end(one).min(end(other)).saturating_sub(one.offset.max(other.offset))
}
