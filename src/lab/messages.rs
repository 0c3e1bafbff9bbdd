//! What the page and the conductor say to each other, as JSON; but for traces, which are packed.
//!
//! Each command has an id, and each is answered by one `Reply` with that id. Other updates come
//! by themselves and name the run that they belong to; a page drops those of a run that it left.

pub mod zoom;

use crate::base::{AttemptId, BlockId, Breakdown, Fault, FileId, NodeId, PartitionId, Time};
use crate::scenario::Scenario;
use crate::trace::answer::StreamAnswer;
use crate::trace::event::Counters;
use crate::trace::measures::Came;
use crate::trace::packed::{self, Packed};
use crate::trace::{Event, EventKind};
use serde::{Deserialize, Serialize};
use zoom::{ZoomQuery, ZoomSteps};

/// A command's number, chosen by the page.
pub type CommandId = u32;

/// A run's number, chosen by the page and never used twice.
pub type RunId = u32;

/// A command of the page. Where a start needs texts that its scenario names, their bytes travel
/// beside this as transferred buffers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Command {
    /// The number that the reply will carry.
    pub id: CommandId,
    /// What to do.
    pub body: CommandBody,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are named for what they carry")]
pub enum CommandBody {
    /// Check the scenario and its input and begin a run; the run before it is dropped only when
    /// both are right. The run stands at time 0 until it is advanced.
    Start { run: RunId, scenario: Box<Scenario> },
    /// Simulate on, in bounded slices, until this moment or the end.
    Advance { run: RunId, until: Until },
    /// Stop advancing. What is simulated so far stays.
    Cancel { run: RunId },
    /// Do something to the cluster at a moment of a run: that forks it. The branch is the run of
    /// the same scenario with one fault more; it shares all events before `at` with the run that
    /// it comes from, which stays. The branch is not advanced yet.
    Intervene { run: RunId, branch: RunId, at: Time, fault: Fault },
    /// Begin a run on real web workers, one for each node, in wall-clock time.
    StartLive { run: RunId, scenario: Box<Scenario> },
    /// Terminate a live node's worker, now.
    Kill { run: RunId, node: NodeId },
    /// Make a live node's worker break down, so that a test and a lecturer can see what happens
    /// then.
    BreakNode { run: RunId, node: NodeId, how: Breakdown },
    /// Look into the data of the run.
    Inspect { run: RunId, query: Query },
    /// Read a trace file, whose bytes travel beside this: its events come as those of this run. The
    /// run that is here stays.
    OpenTrace { run: RunId },
    /// Run a scenario to its end, beside the run that is here, and say what it came to: a point of
    /// a sweep. A second one takes the place of the first.
    Point { scenario: Box<Scenario> },
    /// Run a stream scenario to its end, beside the run that is here, and say what its windows
    /// answered. It takes the place of a point under way, as a point takes its.
    Answer { scenario: Box<Scenario> },
    /// Do so much work in one go, for a benchmark that watches the clock. A word count is over the
    /// bytes that travel beside this.
    Measure { workload: Workload },
    /// Make the worker panic, so that a test and a lecturer can see what happens then.
    Panic,
}

/// Work for a benchmark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Workload {
    /// So many events of the kernel's mix.
    Kernel(u64),
    /// A full-path word count: split, map, sort, spill, merge, reduce.
    WordCount,
    /// The lines of the input in order, on the same path.
    Sort,
    /// Windows of a stream over so many events.
    Stream(StreamWork, u64),
}

/// A loop over events of a stream, of 10,000 keys, out of order by up to five seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StreamWork {
    /// One plain loop over a hash map of counts by key and window.
    Plain,
    /// Tumbling windows of ten seconds.
    Tumbling,
    /// Windows of 60 seconds each 5 seconds.
    Sliding,
    /// Sessions with a gap of a tenth of a second.
    Sessions,
}

/// How far to advance.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Until {
    /// To the first event after this time.
    Time(Time),
    /// To the end of the run.
    End,
}

/// What to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are named for what they carry")]
pub enum Query {
    /// The text of a block.
    Block { block: BlockId },
    /// The lines that a map reads by the record-boundary rule, and what each emits, from the
    /// `skip`-th line on.
    MapRecords { map: u32, skip: u64, limit: u32 },
    /// The records of a map attempt's segment for a partition, as they lie on disk.
    Segment { attempt: AttemptId, partition: PartitionId, skip: u64, limit: u32 },
    /// The records of these output parts whose keys contain `search`, from the `skip`-th on. Where
    /// all values are numbers the largest come first; else they stand as they were written.
    Output { parts: Vec<PartitionId>, search: String, skip: u64, limit: u32 },
    /// The lines of the input from which a line of the output was made, searched from this map's
    /// split on, until a few megabytes are read.
    Lineage { part: PartitionId, line: String, from_map: u32 },
    /// What became of the line of a map that begins here in a file.
    Became { map: u32, file: FileId, offset: u64 },
    /// Steps of an attempt, computed anew. The answer comes when they are.
    Zoom(Box<ZoomQuery>),
}

/// What the conductor tells the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are named for what they carry")]
pub enum Update {
    /// The worker is up; commands sent before this are not lost. Carries the engine's version.
    Ready { version: String },
    /// The answer to a command.
    Reply { id: CommandId, result: Result<Reply, LabError> },
    /// Events, in order, none left out. They are many, so they travel packed: see [`pack`].
    #[serde(skip)]
    Trace { run: RunId, events: Vec<Event> },
    /// The run has come to its end.
    Finished { run: RunId, summary: Box<Summary> },
}

/// The answer to a command that went well.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are named for what they carry")]
pub enum Reply {
    /// The run stands at its beginning.
    Started { input_bytes: u64, lines: u64, splits: u32, notes: Vec<String> },
    /// The branch stands where it forked: it shares the first `shared` events of the run that it
    /// comes from. Its scenario has the fault.
    Forked { shared: u32, scenario: Box<Scenario> },
    /// The worker is terminated.
    Killed,
    /// Advancing began, or there was nothing left to do.
    Advancing,
    /// Advancing stopped.
    Cancelled,
    /// The trace is read: what it is a run of, and the engine's version. Its events follow, and
    /// then its end.
    TraceOpened { scenario: Box<Scenario>, engine: String },
    /// What the scenario came to.
    Came(Box<Came>),
    /// What the windows of the scenario answered.
    Answered(Box<StreamAnswer>),
    /// The work is done; the number depends on all of it. So large has the worker's memory become.
    Measured { checksum: u64, memory_bytes: u64 },
    /// A block's text. Bytes that are half a character at either edge are shown as `�`.
    Block { offset: u64, text: String },
    /// Lines and what they emit.
    MapRecords { total: u64, lines: Vec<MappedLine> },
    /// Keys and values.
    Records { total: u64, records: Vec<KeyValue> },
    /// Lines that an output record was made from, in the splits before `next_map`, or in all; of
    /// so many that were found; and the maps that read them.
    Lineage { found: u64, maps: Vec<u32>, lines: Vec<SourceLine>, next_map: Option<u32> },
    /// The pairs that a line was mapped to, and what they went into.
    Became { pairs: Vec<BecamePair> },
    /// Steps of an attempt.
    Zoom(Box<ZoomSteps>),
}

/// A pair of a line, and the records of the committed output that it has a part in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BecamePair {
    /// How many the map task had emitted before it.
    pub place: u64,
    /// The key.
    pub key: String,
    /// The value.
    pub value: String,
    /// The partition that it goes to.
    pub partition: PartitionId,
    /// The records, the first few of them.
    pub records: Vec<KeyValue>,
    /// Whether all of its part was searched; not when that is not committed or too large.
    pub is_searched: bool,
}

/// A line of the input, and the pairs of it that went into an output record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceLine {
    /// The map task whose split it is in.
    pub map: u32,
    /// The file that it is of.
    pub file: FileId,
    /// Where it begins in the file.
    pub offset: u64,
    /// Its text, without the line end.
    pub text: String,
    /// The pairs: how many the map task had emitted before, and the value.
    pub pairs: Vec<(u64, String)>,
}

/// A line of the input and what the mapper made of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappedLine {
    /// The file that it is of.
    pub file: FileId,
    /// Where it begins in the file.
    pub offset: u64,
    /// Its text, without the line end.
    pub text: String,
    /// The pairs that it emitted, in order.
    pub emitted: Vec<EmittedPair>,
}

/// A pair that a mapper emitted, and the partition that its key's hash leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmittedPair {
    /// The key.
    pub key: String,
    /// The value.
    pub value: String,
    /// The key's hash, as the partitioner computes it.
    pub hash: i64,
    /// `(hash & 0x7fffffff) % reducers` for Hadoop's.
    pub partition: PartitionId,
}

/// A record of a segment or of the output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyValue {
    /// The key.
    pub key: String,
    /// The value.
    pub value: String,
    /// The part or partition that it lies in.
    pub partition: PartitionId,
}

impl KeyValue {
    /// It as a line of the output, without the end.
    pub fn line(&self) -> String {
        if self.value.is_empty() {
            return self.key.clone();
        }
        format!("{}\t{}", self.key, self.value)
    }
}

/// What a run came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// When the job was committed, or failed.
    pub finished_at: Time,
    /// Why the job failed, in a sentence; nothing when it did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
    /// Events in the trace.
    pub events: u32,
    /// The hash of the trace as JSON lines (XXH3, 64 bits, in hexadecimal).
    pub trace_hash: String,
    /// Distinct keys in the output.
    pub output_records: u64,
    /// The job's counters.
    pub counters: Counters,
    /// Whether the output equals that of one plain loop over the same input.
    pub equals_oracle: bool,
}

/// What went wrong, in the learner's words, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct LabError {
    /// The field or file it is about, when it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// One or two sentences: what is wrong, and what is allowed.
    pub message: String,
}

/// Events in a compact form (Postcard), which both sides read several times as fast as JSON.
///
/// # Errors
/// Never in practice: events are plain data.
pub fn pack(run: RunId, events: &[Event]) -> Result<Vec<u8>, postcard::Error> {
    let packed: Vec<Packed<&EventKind>> = events.iter().map(packed::pack).collect();
    postcard::to_allocvec(&(run, packed))
}

/// The run and the events that were packed.
///
/// # Errors
/// When the bytes are not what `pack` made in the same build.
pub fn unpack(bytes: &[u8]) -> Result<(RunId, Vec<Event>), postcard::Error> {
    let (run, packed): (RunId, Vec<Packed<EventKind>>) = postcard::from_bytes(bytes)?;
    Ok((run, packed.into_iter().map(packed::unpack).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::run_to_end;

    #[test]
    fn what_is_packed_is_unpacked() {
        let scenario = crate::scenario::PRESETS[0].scenario();
        let crate::scenario::Input::Text(text) = &scenario.input else { panic!("it has a text") };
        let input = bytes::Bytes::copy_from_slice(text.as_bytes());
        let events = run_to_end(&scenario, input).unwrap().events;
        let packed = pack(7, &events).unwrap();
        assert_eq!(unpack(&packed), Ok((7, events)));
        assert!(unpack(&packed[..packed.len() - 1]).is_err());
    }
}
