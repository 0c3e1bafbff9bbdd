//! A map attempt: reads its split, maps each record into the sort buffer, spills in the
//! background, and merges its spills into one sorted segment a partition.
//!
//! ```text
//! Launching ─► Reading ◄─────────────────┐
//!                 ▼                      │
//!              Fetching ─► Mapping ──────┤
//!                            ▲  ▼        │
//!                          Blocked       │           (the buffer is full, the spill not yet done)
//!                                        └─► Flushing ─► Merging ─► Done
//! ```
//!
//! (One spill needs no merge. Without reducers it has no buffer: it writes its output itself, and
//! from Flushing it goes to Asking, for leave to commit, as a reduce does.)
//!
//! The spill lane runs beside the main lane from the moment the buffer crosses its threshold.
//! A step does its work on the data at once and says what it cost; what came of it is recorded
//! when the lane is asked for its next step, which is when that cost has been spent.

mod mapping;
mod merging;
mod reading;
mod sink;
mod spilling;
mod view;

pub use merging::COMBINE_SPILLS_MIN;
pub use view::{MergeView, Upcoming};

use super::attempt::{ALL, Budget, Fuse, Journal, Lane, Work, share};
use super::buffer::SortBuffer;
use super::config::{JobConfig, Topology};
use super::job::Mapper;
use super::messages::BlockAt;
use super::reader::LineReader;
use super::segment::Segment;
use super::spill::SpillRun;
use super::split::Split;
use crate::base::gzip::Decoder;
use crate::base::{AttemptId, BlockId, FileId, Level, NodeId, PartitionId};
use crate::trace::event::{Counters, Phase, SpillReason, Volume};
use crate::trace::failure::TaskError;
use crate::trace::{BatchEvent, Cause, Recorder};
use bytes::Bytes;
use merging::MapMerge;
use std::sync::Arc;

/// What the map phase is of all progress, in millionths.
const MAP_PHASE: u32 = 667_000;

/// What a map attempt needs to know.
#[derive(Clone, Debug)]
pub struct MapSpec {
    /// Which attempt it is.
    pub id: AttemptId,
    /// The node that it runs on.
    pub node: NodeId,
    /// What it reads.
    pub split: Split,
    /// Where the blocks of all files lie, in file order.
    pub blocks: Arc<[BlockAt]>,
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
    /// What happened on the main lane.
    journal: Journal,
    /// The last thing that happened on the spill lane.
    spill_cause: Cause,
    fuse: Fuse,
    /// What it is about to throw.
    error: Option<TaskError>,
    /// Which piece of its split it reads.
    piece: usize,
    reader: Option<LineReader>,
    /// Decodes the piece, when its file is compressed.
    decoder: Option<Box<Decoder>>,
    /// Bytes of a compressed file that it got so far, and of text that the last step decoded.
    fetched: u64,
    decoded: u64,
    /// The block that it reads last, and from whom.
    opened: Option<(BlockId, NodeId)>,
    /// Nodes that this block could not be read from.
    tried: Vec<NodeId>,
    /// Bytes of the input's files that are poison, in order.
    poison: Vec<(FileId, u64)>,
    past_end: PastEnd,
    mapper: Mapper,
    /// Where in its line, or in what it emits at the end of its lines, the mapper was stopped.
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
    /// What it wrote, when there are no reducers.
    lines: Vec<u8>,
}

#[derive(Clone, Debug)]
enum State {
    Launching,
    /// The next piece of the file is to be read.
    Reading,
    /// It is on its way.
    Fetching {
        block: BlockId,
        from: NodeId,
        bytes: u64,
    },
    /// Maps the lines that are read.
    Mapping,
    /// The same, but the next pair finds no room.
    Blocked,
    Flushing,
    Merging(Box<MapMerge>),
    /// Its output, which no reduce waits for, is whole; it waits for leave to commit.
    Asking,
    Done,
}

/// Whether the line that runs over the split's end was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PastEnd {
    NotMet,
    /// It ends here.
    Met(u64),
    Told,
}

impl MapAttempt {
    /// An attempt whose container is about to start.
    pub fn new(spec: MapSpec, cause: Cause) -> MapAttempt {
        let buffer = SortBuffer::new(&spec.config.job, spec.config.combiner);
        let mapper = Mapper::new(&spec.config.job);
        MapAttempt {
            journal: Journal::new(spec.id, spec.node, cause),
            fuse: Fuse::draw(&spec.config, spec.id),
            spec,
            state: State::Launching,
            spill_cause: cause,
            error: None,
            piece: 0,
            reader: None,
            decoder: None,
            fetched: 0,
            decoded: 0,
            opened: None,
            tried: Vec::new(),
            poison: Vec::new(),
            past_end: PastEnd::NotMet,
            mapper,
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
            lines: Vec::new(),
        }
    }

    /// The container's start.
    pub fn launch(&mut self, recorder: &mut Recorder) -> Work {
        self.journal.launch(recorder)
    }

    /// Does the next step of a lane and says what it cost; nothing when the lane has to wait for
    /// another, has nothing left to do, or the attempt throws.
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
            Lane::Spill => self.step_spill(budget, recorder),
            Lane::Copy(_) => None,
        }
    }

    /// From now on it throws when it comes to the line that holds this byte of a file's text.
    pub fn poison(&mut self, byte: (FileId, u64)) {
        self.poison.push(byte);
        self.poison.sort_unstable();
    }

    /// What it throws, if it does.
    pub fn error(&self) -> Option<&TaskError> {
        self.error.as_ref()
    }

    /// How far it has come: 1,000,000 is all of it. Two thirds are the bytes read of the split,
    /// the rest is the merge (`MapTask`: phases "map" 0.667 and "sort" 0.333).
    pub fn millionths(&self) -> u32 {
        match &self.state {
            State::Launching
            | State::Reading
            | State::Fetching { .. }
            | State::Mapping
            | State::Blocked => share(self.bytes_read(), self.spec.split.length(), MAP_PHASE),
            State::Flushing => MAP_PHASE,
            State::Merging(merge) => {
                let (done, all) = merge.partitions();
                MAP_PHASE + share(done, all, ALL - MAP_PHASE)
            }
            State::Asking | State::Done => ALL,
        }
    }

    /// Bytes of its split that it is past.
    fn bytes_read(&self) -> u64 {
        let before: u64 = self.spec.split.pieces[..self.piece].iter().map(|one| one.length).sum();
        let Some(piece) = self.piece() else { return before };
        before + self.position().saturating_sub(piece.offset).min(piece.length)
    }

    /// Its position in the file of its piece, in bytes on disk: of a compressed one what is decoded
    /// (`LineRecordReader.getFilePosition`).
    fn position(&self) -> u64 {
        let start = self.piece().map_or(0, |piece| piece.offset);
        match &self.decoder {
            Some(decoder) => decoder.consumed(),
            None => self.reader.as_ref().map_or(start, LineReader::position),
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
        self.journal.cause
    }

    fn step_main(&mut self, budget: Budget, recorder: &mut Recorder) -> Option<Work> {
        self.report_progress(recorder);
        self.begin_due_spill(recorder);
        match self.state {
            State::Launching => self.open(budget, recorder),
            State::Reading => self.read(budget, recorder),
            State::Mapping => self.map(budget, recorder),
            State::Blocked => self.unblock(budget, recorder),
            State::Flushing => self.flush(budget, recorder),
            State::Merging(_) => self.merge(budget, recorder),
            State::Fetching { .. } | State::Asking | State::Done => None,
        }
    }

    /// Whether it waits for leave to commit.
    pub fn is_asking(&self) -> bool {
        matches!(self.state, State::Asking)
    }

    /// The part that it writes, when there are no reducers.
    pub fn part(&self) -> PartitionId {
        PartitionId(self.spec.id.task.index)
    }

    /// Leave to commit came: the output is renamed into place. Gives the bytes of the part.
    pub fn commit(&mut self, cause: Cause, recorder: &mut Recorder) -> Bytes {
        self.journal.cause = cause;
        self.journal.enter(recorder, Phase::Commit);
        let (attempt, part, volume) = (self.spec.id, self.part(), self.written());
        let visible = self.spec.config.commit.shows_at_task_commit();
        self.journal.record(recorder, Level::Counters, || BatchEvent::OutputCommitted {
            attempt,
            part,
            volume,
            visible,
        });
        self.state = State::Done;
        self.journal.enter(recorder, Phase::Done);
        std::mem::take(&mut self.lines).into()
    }

    /// Its output is whole, and it asks for leave to commit.
    fn ask(&mut self, recorder: &mut Recorder) {
        if self.fuse.is_lit() {
            self.error = Some(TaskError::Exception);
            return;
        }
        self.state = State::Asking;
        let (attempt, part, volume) = (self.spec.id, self.part(), self.written());
        self.journal.record(recorder, Level::Tasks, || BatchEvent::OutputWritten {
            attempt,
            part,
            volume,
        });
    }

    fn written(&self) -> Volume {
        let bytes = self.lines.len() as u64;
        Volume { records: self.counters.map_output_records, bytes }
    }

    fn finish(&mut self, output: Vec<Segment>, recorder: &mut Recorder) {
        if self.fuse.is_lit() {
            self.error = Some(TaskError::Exception);
            return;
        }
        self.output = output;
        self.counters.map_output_materialized_bytes =
            self.output.iter().map(|segment| segment.volume().bytes).sum();
        self.state = State::Done;
        let attempt = self.spec.id;
        let segments: Vec<Volume> = self.output.iter().map(Segment::volume).collect();
        self.journal
            .record(recorder, Level::Tasks, || BatchEvent::MapOutputReady { attempt, segments });
        self.journal.enter(recorder, Phase::Done);
    }
}
