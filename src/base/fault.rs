//! What can be done to a cluster, or to what a stream job reads: faults as verbs, the same in a
//! scenario, on the command line and on the page.
//!
//! ```
//! use millrace::base::fault::{Fault, PlannedFault};
//!
//! let planned: PlannedFault = "crash node 3 at 12.4 s".parse()?;
//! assert_eq!(planned.fault, Fault::Crash { node: millrace::base::NodeId(3) });
//! assert_eq!(planned.to_string(), "crash node 3 at 12.4 s");
//! # Ok::<(), millrace::base::fault::FaultError>(())
//! ```

mod parse;
mod serial;
mod short_key;
mod stream;

pub use parse::FaultError;
pub use short_key::{KeyTooLong, SHORT_KEY_BYTES_MAX, ShortKey};
pub use stream::{LogPartition, PACE_MAX, STREAM_VERBS, StreamFault};

use super::{FileId, NodeId, RackId, TaskId, Time};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Something done to the cluster, or to what a stream job reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are named for what they carry")]
pub enum Fault {
    /// A node loses its power: all that runs on it is gone, and what is on its disk is out of reach.
    Crash { node: NodeId },
    /// A crashed node starts again, with what was on its disk or with an empty one.
    Restart { node: NodeId, keep_disk: bool },
    /// A part of a node works at so many percent of its speed; 100 is as new, 0 stands still.
    Slow { node: NodeId, part: NodePart, percent: u32 },
    /// A rack's switch no longer reaches the others, nor the coordinator.
    CutRack { rack: RackId },
    /// It reaches them again.
    JoinRack { rack: RackId },
    /// So many percent of what is sent to and from a node is lost and has to be sent again.
    LoseMessages { node: NodeId, percent: u32 },
    /// The attempts of a task that run now throw an exception.
    FailTask { task: TaskId },
    /// From now on every map attempt that comes to the line with this byte of a file's text throws.
    PoisonRecord {
        offset: u64,
        #[serde(default)]
        file: FileId,
    },
    /// Something is done to what a stream job reads.
    Stream(StreamFault),
}

/// A part of a node that can be slowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NodePart {
    /// Its cores; its heartbeats slow down with them.
    Processor,
    /// Its disks.
    Disk,
    /// Its network card, both ways.
    Network,
}

/// A fault and its time. It strikes before all else that happens at that time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlannedFault {
    /// When, in virtual microseconds.
    pub at: Time,
    /// What.
    pub fault: Fault,
}

/// How a live node's web worker can be made to break down, to show what happens then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Breakdown {
    /// It panics.
    Panic,
    /// It asks for more memory than there is.
    OutOfMemory,
}

/// Every verb of a cluster, as it is written, and what it does; for help and lists.
pub const VERBS: [(&str, &str); 11] = [
    ("crash node 3", "the node loses its power, and all that runs on it is gone"),
    ("restart node 3", "it starts again, with what was on its disk"),
    ("restart node 3 without disk", "it starts again, with an empty disk"),
    ("slow disk of node 3 to 20 %", "its disk works at a fifth of its speed; 100 % is as new"),
    ("slow processor of node 3 to 20 %", "or its processor; its heartbeats slow down too"),
    ("slow network of node 3 to 20 %", "or its network card, both ways"),
    ("cut off rack 2", "the rack's switch reaches neither the others nor the coordinator"),
    ("join rack 2", "it reaches them again"),
    ("lose 30 % of node 3", "so much of what the node sends and gets is lost and sent again"),
    ("fail map 2", "the attempts of a task that run now throw; also `fail reduce 0`"),
    (
        "poison byte 120",
        "every map attempt that comes to the line with this byte throws; of another file than the \
         first: `poison byte 120 of file 1`",
    ),
];

impl Fault {
    /// The node that it is done to, when it is done to one.
    pub fn node(&self) -> Option<NodeId> {
        match self {
            Fault::Crash { node }
            | Fault::Restart { node, .. }
            | Fault::Slow { node, .. }
            | Fault::LoseMessages { node, .. } => Some(*node),
            Fault::CutRack { .. }
            | Fault::JoinRack { .. }
            | Fault::FailTask { .. }
            | Fault::PoisonRecord { .. }
            | Fault::Stream(_) => None,
        }
    }

    /// What is done to what a stream job reads, when it is that.
    pub fn of_stream(&self) -> Option<StreamFault> {
        match self {
            Fault::Stream(fault) => Some(*fault),
            Fault::Crash { .. }
            | Fault::Restart { .. }
            | Fault::Slow { .. }
            | Fault::CutRack { .. }
            | Fault::JoinRack { .. }
            | Fault::LoseMessages { .. }
            | Fault::FailTask { .. }
            | Fault::PoisonRecord { .. } => None,
        }
    }
}

impl fmt::Display for NodePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NodePart::Processor => "processor",
            NodePart::Disk => "disk",
            NodePart::Network => "network",
        })
    }
}

/// The verb as it is written and read, such as `slow disk of node 3 to 20 %`.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Crash { node } => write!(f, "crash {node}"),
            Fault::Restart { node, keep_disk: true } => write!(f, "restart {node}"),
            Fault::Restart { node, keep_disk: false } => write!(f, "restart {node} without disk"),
            Fault::Slow { node, part, percent } => {
                write!(f, "slow {part} of {node} to {percent} %")
            }
            Fault::CutRack { rack } => write!(f, "cut off {rack}"),
            Fault::JoinRack { rack } => write!(f, "join {rack}"),
            Fault::LoseMessages { node, percent } => write!(f, "lose {percent} % of {node}"),
            Fault::FailTask { task } => write!(f, "fail {task}"),
            Fault::PoisonRecord { offset, file: FileId(0) } => write!(f, "poison byte {offset}"),
            Fault::PoisonRecord { offset, file } => write!(f, "poison byte {offset} of {file}"),
            Fault::Stream(fault) => fault.fmt(f),
        }
    }
}

/// A time is written in seconds, as exactly as it is.
impl fmt::Display for PlannedFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, micros) = (self.at.0 / 1_000_000, self.at.0 % 1_000_000);
        let decimals = format!("{micros:06}");
        let decimals = decimals.trim_end_matches('0');
        let dot = if decimals.is_empty() { "" } else { "." };
        write!(f, "{} at {seconds}{dot}{decimals} s", self.fault)
    }
}
