//! A reduce attempt: learns of map outputs, fetches its partition of each, merges them to disk,
//! groups equal keys, reduces each group, and commits.
//!
//! ```text
//! Launching ─► Copying ─► Sorting ─► Reducing ─► Asking ─► Done
//! ```
//!
//! Copies run in lanes of their own; beside them the main lane merges what is in memory or on disk,
//! when it becomes too much. Equal keys stay in the order of their maps, so that no result depends
//! on which fetch came first. As in Hadoop, where no memory is kept for the reduce itself by
//! default, all is on disk before the first group is reduced.

mod copying;
mod health;
mod merges;
mod merging;
mod reducing;
mod view;

pub use view::{MergingSeen, RunSeen};

use super::attempt::{ALL, Budget, Fuse, Journal, Lane, Work, share};
use super::config::JobConfig;
use crate::base::{AttemptId, Level, NodeId, PartitionId};
use crate::trace::event::{Counters, Phase, Volume};
use crate::trace::failure::TaskError;
use crate::trace::{BatchEvent, Cause, Recorder};
use bytes::Bytes;
use copying::Copying;
use merges::Merges;
use merging::Merging;
use reducing::Reduction;
use std::sync::Arc;

/// What a reduce attempt needs to know.
#[derive(Clone, Debug)]
pub struct ReduceSpec {
    /// Which attempt it is.
    pub id: AttemptId,
    /// The node that it runs on.
    pub node: NodeId,
    /// The partition that it reduces.
    pub partition: PartitionId,
    /// Map tasks of the job.
    pub maps: u32,
    /// Where the second replica of its output goes.
    pub replicate_to: Option<NodeId>,
    /// The job's settings.
    pub config: Arc<JobConfig>,
}

/// A running reduce attempt.
#[derive(Clone, Debug)]
pub struct ReduceAttempt {
    spec: ReduceSpec,
    state: State,
    journal: Journal,
    fuse: Fuse,
    /// What it is about to throw.
    error: Option<TaskError>,
    copying: Copying,
    /// What was fetched.
    merges: Merges,
    /// The merge under way, and how many there were.
    merging: Option<Box<Merging>>,
    merge_count: u32,
    /// Bytes that came to disk and whose writing was not yet spent.
    unwritten: u64,
    /// Whether it was told that fetches wait for memory.
    stalled: bool,
    counters: Counters,
    /// What was written by a step whose time was not yet spent.
    unreported: bool,
    output: Vec<u8>,
}

#[derive(Clone, Debug)]
enum State {
    Launching,
    Copying,
    /// Merges what it fetched; so many of all records are merged.
    Sorting {
        done: u64,
        all: u64,
    },
    Reducing(Reduction),
    /// Its output is whole; it waits for leave to commit.
    Asking,
    Done,
}

impl ReduceAttempt {
    /// An attempt whose container is about to start.
    pub fn new(spec: ReduceSpec, cause: Cause) -> ReduceAttempt {
        let merges = Merges::new(spec.config.shuffle, spec.config.sort_factor);
        ReduceAttempt {
            journal: Journal::new(spec.id, spec.node, cause),
            fuse: Fuse::draw(&spec.config, spec.id),
            spec,
            state: State::Launching,
            error: None,
            copying: Copying::default(),
            merges,
            merging: None,
            merge_count: 0,
            unwritten: 0,
            stalled: false,
            counters: Counters::default(),
            unreported: false,
            output: Vec::new(),
        }
    }

    /// The container's start.
    pub fn launch(&mut self, recorder: &mut Recorder) -> Work {
        self.journal.launch(recorder)
    }

    /// Does the next step of a lane and says what it cost; nothing when the lane has to wait, has
    /// nothing left to do, or the attempt throws.
    pub fn step(&mut self, lane: Lane, budget: Budget, recorder: &mut Recorder) -> Option<Work> {
        match lane {
            Lane::Main => {
                if self.fuse.is_out() {
                    self.error = Some(TaskError::Exception);
                    return None;
                }
                let work = self.step_main(budget, recorder)?;
                self.fuse.burn();
                Some(work)
            }
            Lane::Copy(lane) => self.copy(lane, recorder),
            Lane::Spill => None,
        }
    }

    /// What it throws, if it does.
    pub fn error(&self) -> Option<&TaskError> {
        self.error.as_ref()
    }

    /// Whether it fetches map outputs, or is about to.
    pub fn is_copying(&self) -> bool {
        matches!(self.state, State::Launching | State::Copying)
    }

    /// Whether it should ask which map outputs came and went.
    pub fn wants_map_outputs(&self) -> bool {
        matches!(self.state, State::Copying) && self.fetched() < self.spec.maps
    }

    /// How far it has come: 1,000,000 is all of it. Copy, sort and reduce are a third each
    /// (`ReduceTask`: phases "copy", "sort" and "reduce").
    pub fn millionths(&self) -> u32 {
        match &self.state {
            State::Launching => 0,
            State::Copying => share(self.fetched().into(), self.spec.maps.into(), ALL / 3),
            State::Sorting { done, all } => ALL / 3 + share(*done, *all, ALL / 3),
            State::Reducing(reduction) => {
                let (done, all) = reduction.records();
                ALL / 3 * 2 + share(done, all, ALL / 3)
            }
            State::Asking | State::Done => ALL,
        }
    }

    /// How many entries of the coordinator's log it knows.
    pub fn known_map_outputs(&self) -> u32 {
        self.copying.known()
    }

    /// Whether it waits for leave to commit.
    pub fn is_asking(&self) -> bool {
        matches!(self.state, State::Asking)
    }

    /// Whether it is over.
    pub fn is_done(&self) -> bool {
        matches!(self.state, State::Done)
    }

    /// The partition that it reduces.
    pub fn partition(&self) -> PartitionId {
        self.spec.partition
    }

    /// Copy lanes.
    pub fn copy_lanes(&self) -> u32 {
        self.spec.config.parallel_copies
    }

    /// What it counted.
    pub fn counters(&self) -> Counters {
        self.counters
    }

    /// The last thing that happened to it.
    pub fn cause(&self) -> Cause {
        self.journal.cause
    }

    /// Leave to commit came: the output is renamed into place. Gives the bytes of the part.
    pub fn commit(&mut self, cause: Cause, recorder: &mut Recorder) -> Bytes {
        self.journal.cause = cause;
        self.journal.enter(recorder, Phase::Commit);
        let (attempt, part, volume) = (self.spec.id, self.spec.partition, self.written());
        let visible = self.spec.config.commit.shows_at_task_commit();
        self.journal.record(recorder, Level::Counters, || BatchEvent::OutputCommitted {
            attempt,
            part,
            volume,
            visible,
        });
        self.state = State::Done;
        self.journal.enter(recorder, Phase::Done);
        // As a segment, it gives back what it grew beyond its end.
        self.output.shrink_to_fit();
        std::mem::take(&mut self.output).into()
    }

    fn step_main(&mut self, budget: Budget, recorder: &mut Recorder) -> Option<Work> {
        self.report_progress(recorder);
        match &self.state {
            State::Launching => {
                self.state = State::Copying;
                self.journal.enter(recorder, Phase::Copy);
                self.step_main(budget, recorder)
            }
            State::Copying => {
                if let Some(work) = self.merge_beside(budget, recorder) {
                    return Some(work);
                }
                if self.fetched() < self.spec.maps {
                    return None;
                }
                self.begin_sort(recorder);
                self.sort(budget, recorder)
            }
            State::Sorting { .. } => self.sort(budget, recorder),
            State::Reducing(_) => self.reduce(budget, recorder),
            State::Asking | State::Done => None,
        }
    }

    fn written(&self) -> Volume {
        let bytes = self.output.len() as u64;
        Volume { records: self.counters.reduce_output_records, bytes }
    }

    /// How many map outputs are here.
    fn fetched(&self) -> u32 {
        self.merges.fetched()
    }
}
