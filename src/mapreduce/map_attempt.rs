//! A map attempt: reads its split, maps each record into the sort buffer, spills in the
//! background, and merges its spills into one sorted segment a partition.
//!
//! ```text
//! Launching ─► Reading ◄──► Mapping ◄─► Blocked      (the buffer is full, the spill not yet done)
//!                 │
//!                 └─► Flushing ─► Merging ─► Done     (one spill needs no merge)
//! ```
//!
//! The spill lane runs beside the main lane from the moment the buffer crosses its threshold.
//! A step does its work on the data at once and says what it cost; what came of it is recorded
//! when the lane is asked for its next step, which is when that cost has been spent.

mod mapping;
mod merging;
mod spilling;

use super::attempt::{Budget, Lane, Work};
use super::buffer::SortBuffer;
use super::config::{InputFile, JobConfig, Topology};
use super::reader::LineReader;
use super::segment::Segment;
use super::spill::SpillRun;
use super::split::Split;
use crate::base::{AttemptId, BlockId, Level, NodeId};
use crate::trace::event::{Counters, Phase, SpillReason, Volume};
use crate::trace::{BatchEvent, Cause, EventKind, Recorder};
use merging::MapMerge;
use std::sync::Arc;

/// What a map attempt needs to know.
#[derive(Clone, Debug)]
pub struct MapSpec {
    /// Which attempt it is.
    pub id: AttemptId,
    /// The node that it runs on.
    pub node: NodeId,
    /// What it reads.
    pub split: Split,
    /// The file that it reads from.
    pub input: Arc<InputFile>,
    /// The job's settings.
    pub config: Arc<JobConfig>,
    /// Who is near whom.
    pub topology: Arc<Topology>,
}

/// A running map attempt.
#[derive(Clone, Debug)]
pub struct MapAttempt {
    spec: MapSpec,
    state: State,
    /// The last thing that happened on the main lane.
    cause: Cause,
    /// The last thing that happened on the spill lane.
    spill_cause: Cause,
    reader: Option<LineReader>,
    opened: Option<BlockId>,
    /// Where in its line the mapper was stopped.
    resume: Option<usize>,
    buffer: SortBuffer,
    spilling: Option<(SpillRun, u32)>,
    spill_due: Option<SpillReason>,
    spills: Vec<Vec<Segment>>,
    /// A step's progress is not yet recorded, since its time was not yet spent.
    unreported: bool,
    blocked: bool,
    flushing: bool,
    before_merge: Volume,
    counters: Counters,
    input: Volume,
    output: Vec<Segment>,
}

#[derive(Clone, Debug)]
enum State {
    Launching,
    /// Reads the file from `at` to `until`.
    Reading {
        at: usize,
        until: usize,
    },
    /// Maps the lines up to `until`, which are read.
    Mapping {
        until: usize,
    },
    /// The same, but the next pair finds no room.
    Blocked {
        until: usize,
    },
    Flushing,
    Merging(MapMerge),
    Done,
}

impl MapAttempt {
    /// An attempt whose container is about to start.
    pub fn new(spec: MapSpec, cause: Cause) -> MapAttempt {
        let buffer = SortBuffer::new(spec.config.job, spec.config.combiner);
        MapAttempt {
            spec,
            state: State::Launching,
            cause,
            spill_cause: cause,
            reader: None,
            opened: None,
            resume: None,
            buffer,
            spilling: None,
            spill_due: None,
            spills: Vec::new(),
            unreported: false,
            blocked: false,
            flushing: false,
            before_merge: Volume::default(),
            counters: Counters::default(),
            input: Volume::default(),
            output: Vec::new(),
        }
    }

    /// The container's start.
    pub fn launch(&mut self, recorder: &mut Recorder) -> Work {
        let attempt = self.spec.id;
        self.record(recorder, Level::Counters, || BatchEvent::AttemptLaunched { attempt });
        self.enter(recorder, Phase::Launch);
        Work::launch()
    }

    /// Does the next step of a lane and says what it cost; nothing when the lane has to wait for
    /// another or has nothing left to do.
    pub fn step(&mut self, lane: Lane, budget: Budget, recorder: &mut Recorder) -> Option<Work> {
        match lane {
            Lane::Main => self.step_main(budget, recorder),
            Lane::Spill => self.step_spill(budget, recorder),
            Lane::Copy(_) => None,
        }
    }

    /// Whether it is over, and its output can be fetched.
    pub fn is_done(&self) -> bool {
        matches!(self.state, State::Done)
    }

    /// Its segments, by partition. Empty until it is done.
    pub fn output(&self) -> &[Segment] {
        &self.output
    }

    /// What it counted.
    pub fn counters(&self) -> Counters {
        self.counters
    }

    /// The last thing that happened to it.
    pub fn cause(&self) -> Cause {
        self.cause
    }

    fn step_main(&mut self, budget: Budget, recorder: &mut Recorder) -> Option<Work> {
        self.report_progress(recorder);
        self.begin_due_spill(recorder);
        match self.state {
            State::Launching => self.open(budget, recorder),
            State::Reading { at, until } if at < until => Some(self.read(at, until, recorder)),
            State::Reading { until, .. } => {
                self.state = State::Mapping { until };
                self.map(until, budget, recorder)
            }
            State::Mapping { until } => self.map(until, budget, recorder),
            State::Blocked { until } => self.unblock(until, budget, recorder),
            State::Flushing => self.flush(budget, recorder),
            State::Merging(_) => self.merge(budget, recorder),
            State::Done => None,
        }
    }

    fn enter(&mut self, recorder: &mut Recorder, phase: Phase) {
        let attempt = self.spec.id;
        self.record(recorder, Level::Tasks, || BatchEvent::PhaseStarted { attempt, phase });
    }

    fn record(
        &mut self,
        recorder: &mut Recorder,
        level: Level,
        event: impl FnOnce() -> BatchEvent,
    ) {
        let node = Some(self.spec.node);
        self.cause = recorder.record(level, node, self.cause, || EventKind::Batch(event()));
    }

    fn finish(&mut self, output: Vec<Segment>, recorder: &mut Recorder) {
        self.output = output;
        self.state = State::Done;
        let attempt = self.spec.id;
        let segments: Vec<Volume> = self.output.iter().map(Segment::volume).collect();
        self.record(recorder, Level::Tasks, || BatchEvent::MapOutputReady { attempt, segments });
        self.enter(recorder, Phase::Done);
    }
}
