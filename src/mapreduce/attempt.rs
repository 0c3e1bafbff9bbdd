//! What all attempts share: how far a step may go, what it cost, what an attempt tells of itself,
//! and the exception that luck has in store for it.

use super::config::JobConfig;
use super::messages::Source;
use crate::base::random::{Purpose, Random};
use crate::base::{AttemptId, Level, NodeId};
use crate::trace::event::Phase;
use crate::trace::{BatchEvent, Cause, EventKind, FailureEvent, Recorder};
use serde::{Deserialize, Serialize};

/// How far one step may go, so that no call runs long. A step may overshoot by one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// Records.
    pub records: u64,
    /// Bytes.
    pub bytes: u64,
}

/// An activity of an attempt that goes on beside its others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// The mapper, or the reducer.
    Main,
    /// A map's background spill.
    Spill,
    /// One of a reduce's parallel copies.
    Copy(u32),
}

/// What the processor does in a step, and so how fast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Reads records and maps them.
    Map,
    /// Sorts, combines, merges, groups or reduces.
    Sort,
}

/// A read that an attempt waits for, from a disk of this or another node. It may fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Read {
    /// Whose disk it is.
    pub from: NodeId,
    /// What is read.
    pub source: Source,
    /// How many bytes that is.
    pub bytes: u64,
}

/// What a step cost, or what it waits for.
///
/// A `read` stands alone: the driver gets the data (`NodeAgent::serve` of the node that has it)
/// and hands it to the reader (`NodeAgent::arrived`), or says that it could not
/// (`NodeAgent::read_failed`). All else is already done; a simulated driver spends the time of
/// each part, one after another: launch, reread, codec, compute, write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// A container started.
    pub launch: bool,
    /// Data is to be fetched from a disk, over the network if it is another node's.
    pub read: Option<Read>,
    /// So many bytes that the attempt itself wrote came from the own disk.
    pub reread_bytes: u64,
    /// The processor compressed or decompressed so many bytes, as they are uncompressed.
    pub codec_bytes: u64,
    /// The processor worked on so many bytes.
    pub compute: Option<(Stage, u64)>,
    /// Bytes went to the own disk.
    pub write_bytes: u64,
    /// They went to this node's disk too, as a second replica.
    pub replicate_to: Option<NodeId>,
}

impl Work {
    /// A container's start.
    pub fn launch() -> Work {
        Work { launch: true, ..Work::default() }
    }

    /// A read from a node's disk.
    pub fn read(from: NodeId, source: Source, bytes: u64) -> Work {
        Work { read: Some(Read { from, source, bytes }), ..Work::default() }
    }

    /// Work of the processor.
    pub fn compute(stage: Stage, bytes: u64) -> Work {
        Work { compute: Some((stage, bytes)), ..Work::default() }
    }

    /// Work of the processor on what is compressed, or is to be.
    pub fn codec(bytes: u64) -> Work {
        Work { codec_bytes: bytes, ..Work::default() }
    }

    /// A write to the own disk.
    pub fn write(bytes: u64) -> Work {
        Work { write_bytes: bytes, ..Work::default() }
    }
}

/// What an attempt tells of itself; each thing is brought about by the one before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Journal {
    attempt: AttemptId,
    node: NodeId,
    /// The last thing that happened.
    pub(super) cause: Cause,
}

impl Journal {
    /// The journal of an attempt that is brought about by this.
    pub(super) fn new(attempt: AttemptId, node: NodeId, cause: Cause) -> Journal {
        Journal { attempt, node, cause }
    }

    /// The container starts.
    pub(super) fn launch(&mut self, recorder: &mut Recorder) -> Work {
        let attempt = self.attempt;
        self.record(recorder, Level::Counters, || BatchEvent::AttemptLaunched { attempt });
        self.enter(recorder, Phase::Launch);
        Work::launch()
    }

    /// A phase begins.
    pub(super) fn enter(&mut self, recorder: &mut Recorder, phase: Phase) {
        let attempt = self.attempt;
        self.record(recorder, Level::Tasks, || BatchEvent::PhaseStarted { attempt, phase });
    }

    /// Something happened.
    pub(super) fn record(
        &mut self,
        recorder: &mut Recorder,
        level: Level,
        event: impl FnOnce() -> BatchEvent,
    ) {
        let node = Some(self.node);
        self.cause = recorder.record(level, node, self.cause, || EventKind::Batch(event()));
    }

    /// Something failed, or ended before its time.
    pub(super) fn record_failure(
        &mut self,
        recorder: &mut Recorder,
        level: Level,
        event: impl FnOnce() -> FailureEvent,
    ) {
        let node = Some(self.node);
        self.cause = recorder.record(level, node, self.cause, || EventKind::Failure(event()));
    }
}

/// All of an attempt's progress.
pub(super) const ALL: u32 = 1_000_000;

/// As much of a whole as one number is of another, all of it when that is nothing.
pub(super) fn share(done: u64, of: u64, whole: u32) -> u32 {
    let share = u128::from(done.min(of)) * u128::from(whole);
    let share = share.checked_div(u128::from(of)).unwrap_or(u128::from(whole));
    u32::try_from(share).unwrap_or(whole)
}

/// The most steps of its main lane that an attempt takes before it throws by luck.
const FUSE_STEPS_MAX: u64 = 16;

/// The exception that luck has in store for an attempt: after so many steps of its main lane, or
/// at its end when it takes fewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fuse(Option<u64>);

impl Fuse {
    /// Draws whether and when an attempt throws.
    pub(super) fn draw(config: &JobConfig, attempt: AttemptId) -> Fuse {
        let mut random = Random::keyed(config.seed, Purpose::Exception, attempt.key(), 0);
        let throws = random.below(100) < u64::from(config.task_failure_percent);
        Fuse(throws.then(|| random.between(1, FUSE_STEPS_MAX)))
    }

    /// A step was taken.
    pub(super) fn burn(&mut self) {
        self.0 = self.0.map(|steps| steps.saturating_sub(1));
    }

    /// Whether the attempt throws now.
    pub(super) fn is_out(self) -> bool {
        self.0 == Some(0)
    }

    /// Whether it throws at all.
    pub(super) fn is_lit(self) -> bool {
        self.0.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::TaskId;
    use crate::mapreduce::bare::tests::config;

    /// Of a hundred attempts about as many throw as the percentage says, after 1 to 16 steps.
    #[test]
    fn so_many_attempts_in_a_hundred_throw_after_one_to_sixteen_steps() {
        let drawn = |percent| {
            let config = JobConfig { task_failure_percent: percent, ..config() };
            let fuses = (0..1_000).map(|map| Fuse::draw(&config, TaskId::map(map).attempt(0)));
            fuses.filter_map(|fuse| fuse.0).collect::<Vec<u64>>()
        };
        assert_eq!(drawn(0).len(), 0);
        assert!((250..350).contains(&drawn(30).len()));
        let all = drawn(100);
        assert_eq!((all.len(), all.iter().min(), all.iter().max()), (1_000, Some(&1), Some(&16)));
    }
}
