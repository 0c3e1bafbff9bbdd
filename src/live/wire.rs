//! What the workers of a live cluster post to each other: a header of plain data (Postcard), and
//! beside it the bytes that it speaks of, in buffers that change hands.

use crate::base::{AttemptId, BlockId, Breakdown, Level, NodeId, PartitionId, RackId, Time};
use crate::mapreduce::JobConfig;
use crate::mapreduce::attempt::Budget;
use crate::mapreduce::messages::{Message, Order, Served, Source};
use crate::mapreduce::node_agent::Capacity;
use crate::mapreduce::segment::{Segment, SegmentHeader};
use crate::trace::failure::ReadError;
use crate::trace::packed::Packed;
use crate::trace::{EventKind, Seq};
use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// What is posted: a header, and the bytes that it speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// A `ToNode`, `ToMaster` or `ToPeer`.
    pub header: Bytes,
    /// The bytes, in the order in which the header speaks of them.
    pub payloads: Vec<Bytes>,
}

/// What the master says to a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are named for what they carry")]
pub enum ToNode {
    /// Who you are. The first message to each node.
    Start(Box<NodeSetup>),
    /// A block of the input for your disk; its bytes are the payload.
    Store { block: BlockId, offset: u64 },
    /// All nodes are there, and time is 0.
    Begin,
    /// An order of the coordinator, and the event that brought it about.
    Order { order: Order, cause: Option<Seq> },
    /// Break down, to show what happens then.
    Break(Breakdown),
}

/// What a node has to know from the start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeSetup {
    /// Its name.
    pub node: NodeId,
    /// What it can run at once.
    pub capacity: Capacity,
    /// The rack of each node.
    pub racks: Vec<RackId>,
    /// The job.
    pub job: JobConfig,
    /// How far a step goes.
    pub budget: Budget,
    /// How much is recorded.
    pub level: Level,
    /// How many blocks come for its disk, before it is ready.
    pub blocks: u32,
}

/// What a node says to the master.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ToMaster {
    /// It is there, and its blocks lie on its disk.
    Ready,
    /// What happened since it last spoke, and what it has to say.
    Report(Report),
}

/// What happened on a node, and what followed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Its time as it sends this.
    pub sent: Time,
    /// The events since its last report.
    pub events: Vec<Packed<EventKind>>,
    /// Outputs to be renamed into place; their bytes are the payloads.
    pub published: Vec<(PartitionId, AttemptId)>,
    /// Messages to the coordinator, and the events that brought them about.
    pub messages: Vec<(Message, Option<Seq>)>,
}

/// What a node says to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are named for what they carry")]
pub enum ToPeer {
    /// Send me this. The number comes back with the answer.
    Read { number: u32, wanted: Wanted },
    /// Here it is, or it is not here.
    Answer { number: u32, found: Option<Found> },
}

/// What is wanted of a node's disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Wanted {
    /// What a task reads.
    Source(Source),
    /// A whole block, to be kept.
    Block(BlockId),
}

/// What was found on a disk; its bytes are the payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are named for what they carry")]
pub enum Found {
    /// Bytes of the input.
    Input,
    /// A segment.
    Segment(SegmentHeader),
    /// A block that begins here in the file.
    Block { offset: u64 },
}

/// Makes a parcel of a message and the bytes that it speaks of.
pub fn seal(message: &impl Serialize, payloads: Vec<Bytes>) -> Parcel {
    // A header is plain data of ours, which Postcard always writes.
    let header = postcard::to_allocvec(message).unwrap_or_default();
    Parcel { header: header.into(), payloads }
}

/// The message in a parcel; nothing when it is none.
pub fn open<M: DeserializeOwned>(parcel: &Parcel) -> Option<M> {
    postcard::from_bytes(&parcel.header).ok()
}

/// What was served, as what goes into the header and what goes beside it.
pub fn found(served: Served) -> (Found, Bytes) {
    match served {
        Served::Input(bytes) => (Found::Input, bytes),
        Served::Segment(segment) => {
            let (bytes, header) = segment.parts();
            (Found::Segment(header), bytes)
        }
    }
}

/// What was served, put together again.
///
/// # Errors
/// When it was not there, or does not have its checksum.
pub fn joined(found: Option<Found>, payload: Option<Bytes>) -> Result<Served, ReadError> {
    match (found, payload) {
        (Some(Found::Input), Some(bytes)) => Ok(Served::Input(bytes)),
        (Some(Found::Segment(header)), Some(bytes)) => {
            let segment = Segment::from_parts(bytes, header);
            segment.map(Served::Segment).ok_or(ReadError::Checksum)
        }
        (None | Some(Found::Block { .. }), _) | (Some(_), None) => Err(ReadError::NotFound),
    }
}
