//! What the page and the conductor say of one task, step by step.
//!
//! A task's steps are computed anew by the engine, which keeps to what its run recorded
//! ([`Script`]). They come in windows, and long tables of a step in pages.

use crate::base::{AttemptId, BlockId, Codec, FileId, NodeId, PartitionId};
use crate::trace::event::{Counters, Locality, SpillReason, Volume};
use crate::trace::script::Script;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The most steps of an answer.
pub const STEPS_MAX: u32 = 50;

/// The most rows of a step's table in an answer.
pub const ROWS_MAX: u64 = 40;

/// Which steps of which attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZoomQuery {
    /// The attempt, and what its run recorded of it.
    pub script: Arc<Script>,
    /// Which steps.
    pub window: Window,
    /// The first row of the steps' tables that is wanted, for tables that are longer than
    /// [`ROWS_MAX`].
    pub rows_from: u64,
}

/// Which steps are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// So many from this one on, at most [`STEPS_MAX`].
    From(u64, u32),
    /// The last so many.
    Last(u32),
}

/// Steps of an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZoomSteps {
    /// The number of the first of them, from 0.
    pub from: u64,
    /// The steps.
    pub steps: Vec<ZoomStep>,
    /// How many there are in all; nothing when that was not counted, since there are many.
    pub total: Option<u64>,
}

/// A step of an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZoomStep {
    /// What was done.
    pub did: Did,
    /// A map's sort buffer after it; nothing where there is none.
    pub buffer: Option<BufferUse>,
}

/// A map's sort buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BufferUse {
    /// Bytes that a spill under way still takes up, with Hadoop's accounting.
    pub leaving: u64,
    /// Bytes of what was emitted since.
    pub filling: u64,
    /// Bytes that it has.
    pub capacity: u64,
    /// Bytes at which a spill begins.
    pub threshold: u64,
}

/// A piece of a split.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PieceView {
    /// The file.
    pub file: FileId,
    /// Its name.
    pub name: String,
    /// How its text lies in its bytes.
    pub codec: Codec,
    /// Where the piece begins, in bytes on disk.
    pub offset: u64,
    /// The first byte after it.
    pub end: u64,
    /// The file's length on disk.
    pub length: u64,
}

/// What an attempt did in a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are named for what they carry")]
pub enum Did {
    /// A map begins. Where its run did not record the spills, each ends at once here.
    BeginMap { pieces: Vec<PieceView>, reducers: u32, combiner: bool, recorded: bool },
    /// It reads bytes of a block, from whom.
    Read {
        piece: PieceView,
        offset: u64,
        bytes: u64,
        block: BlockId,
        from: NodeId,
        locality: Locality,
    },
    /// It decodes text of a compressed file, `from` in the text on.
    Decode { from: u64, bytes: u64 },
    /// It skips the head of its piece, up to the first line end.
    Skip { piece: PieceView, bytes: u64, text: String },
    /// It maps a line, or the part of it before or behind a spill.
    Line(Box<LineView>),
    /// The lines of a piece are over: where the reader stands, and whether another piece follows.
    EndOfPiece { piece: PieceView, position: u64, more: bool },
    /// It emits what it kept for the end of its lines.
    Kept { first_pair: u64, pairs: Vec<PairView>, all_pairs: u64 },
    /// The mapper waits, since the buffer is full and the spill not done.
    Wait { spill: u32 },
    /// A spill begins; the rows are what the buffer holds, as it came.
    BeginSpill { spill: u32, reason: SpillReason, content: Volume, rows: Rows },
    /// Its records are sorted by partition and key.
    Sort { spill: u32, rows: Rows },
    /// The combiner runs over them.
    Combine { spill: u32, before: Volume, after: Volume, groups: Vec<Combined>, all_groups: u64 },
    /// They are written as a segment a partition.
    WriteSpill { spill: u32, segments: Vec<Volume>, rows: Rows },
    /// The spill is over, and its room in the buffer free.
    EndSpill { spill: u32, before: Volume, after: Volume },
    /// The spills are about to be merged, by so many at once; the combiner runs again from
    /// `combines_from` spills on.
    BeginMerge { spills: u32, factor: u32, combines: bool, combines_from: u32 },
    /// A pass over segments of a partition.
    MergePass {
        partition: PartitionId,
        pass: u32,
        segments: u32,
        inputs: u32,
        factor: u32,
        last: bool,
        combines: bool,
        before: Volume,
        after: Volume,
        rows: Rows,
    },
    /// A map is done: a segment a partition, after so many spills.
    EndMap { spills: u32, segments: Vec<Volume>, counters: Counters },
    /// A map without reduces is done: it wrote its part itself.
    EndMapOnly { written: Volume, counters: Counters },
    /// It throws; the sentence says what.
    Throw { error: String },
    /// It was not further at this moment, or it never got further.
    SoFar,
    /// A reduce begins: memory for what it fetches, from which size on an output goes to disk, and
    /// at how much memory is merged.
    BeginReduce {
        partition: PartitionId,
        maps: u32,
        limit: u64,
        single: u64,
        merge_at: u64,
        factor: u32,
    },
    /// A map's output came. `remade` when it is gone since, and was made again for this; `differs`
    /// when what was made is not what the run recorded.
    Fetch {
        map: AttemptId,
        from: NodeId,
        volume: Volume,
        on_disk: bool,
        used: u64,
        limit: u64,
        remade: bool,
        differs: bool,
        rows: Rows,
    },
    /// A merge of some of what there is, while others are fetched or after.
    ReduceMerge {
        pass: u32,
        inputs: Vec<RunView>,
        of: u32,
        copying: bool,
        combines: bool,
        used: u64,
        limit: u64,
        factor: u32,
        before: Volume,
        after: Volume,
        rows: Rows,
    },
    /// Few enough runs are left: the reducer reads them all at once.
    Feed { runs: Vec<RunView>, factor: u32 },
    /// One call of reduce: all values of a group, and the text that it wrote.
    Group { number: u64, key: String, rows: Rows, written: String },
    /// What the reducer kept for its end.
    Finish { written: String },
    /// A reduce is done, but for the commit.
    EndReduce { written: Volume, counters: Counters },
}

/// A line of a map's split, or a part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineView {
    /// How many lines the map has read before.
    pub number: u64,
    /// The piece that it is of.
    pub piece: PieceView,
    /// Where it begins in the file's text.
    pub start: u64,
    /// Where the next one begins.
    pub next: u64,
    /// Its text without the line end.
    pub text: String,
    /// Whether a part of it was told before.
    pub goes_on: bool,
    /// Whether more of it is told later.
    pub stops: bool,
    /// Pairs that the map emitted before.
    pub first_pair: u64,
    /// The first pairs.
    pub pairs: Vec<PairView>,
    /// How many pairs it emitted.
    pub all_pairs: u64,
}

/// A pair that a mapper emitted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairView {
    /// The key.
    pub key: String,
    /// The value.
    pub value: String,
    /// The partition's number; nothing where there are no reduces.
    pub partition: Option<PartitionId>,
    /// The rule with the numbers in it.
    pub formula: String,
    /// Bytes of the buffer that it takes: serialized, and 16 of the index.
    pub bytes: u64,
}

/// A page of records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// How many there are in all.
    pub total: u64,
    /// The number of the first that is here.
    pub from: u64,
    /// The records; none where there are too many to be shown.
    pub rows: Vec<Row>,
}

/// A record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its partition.
    pub partition: Option<PartitionId>,
    /// The map that it comes from, where a reduce sees it.
    pub map: Option<u32>,
    /// Its key.
    pub key: String,
    /// Its value.
    pub value: String,
}

/// What the combiner made of a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Combined {
    /// The partition.
    pub partition: PartitionId,
    /// The key.
    pub key: String,
    /// The first values that went in.
    pub values: Vec<String>,
    /// How many went in.
    pub count: u64,
    /// The value that came out.
    pub result: String,
}

/// A sorted run of records that a reduce has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunView {
    /// What it is: one map's output, or what a merge wrote.
    pub of: RunOf,
    /// Whether it lies on disk.
    pub on_disk: bool,
    /// Its size.
    pub volume: Volume,
}

/// Where a run is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunOf {
    /// A map's output.
    Map(u32),
    /// The merge of this number.
    Merge(u32),
}
