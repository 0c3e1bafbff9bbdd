//! A machine: what is so, and what the coordinator and the name node believe.

use crate::base::{AttemptId, NodeId, NodePart, RackId, Span, Time};
use crate::trace::event::Seq;

/// A machine as it is, and as the coordinator believes it to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Which node.
    pub id: NodeId,
    /// Its rack.
    pub rack: RackId,
    /// Processor cores.
    pub cores: u32,
    /// Memory for containers.
    pub memory_bytes: u64,
    /// Map tasks that may run at once.
    pub map_slots: u32,
    /// Reduce tasks that may run at once.
    pub reduce_slots: u32,
    /// Attempts running here, in order of their start.
    pub running: Vec<AttemptId>,
    /// Attempts that ended here, in order of their end.
    pub ended: Vec<AttemptId>,
    /// When it crashed, and by which event; nothing while it is up.
    pub down: Option<(Time, Seq)>,
    /// When it started last, and by which event.
    pub started: (Time, Seq),
    /// How often it was started before that.
    pub incarnation: u32,
    /// How fast its parts work.
    pub speed: Speed,
    /// How many percent of its messages are lost, and since when, where any are.
    pub loss: Option<(u32, (Time, Seq))>,
    /// Messages from and to it that were lost so far.
    pub messages_lost: u32,
    /// What is used of it, where that is recorded.
    pub load: Option<Load>,
    /// What the coordinator believes.
    pub belief: Belief,
}

/// How many percent of their full speed the parts of a node have; 100 is as new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speed {
    /// The cores.
    pub processor: u32,
    /// The disks.
    pub disk: u32,
    /// The network card.
    pub network: u32,
    /// The event that changed one last.
    pub seq: Option<Seq>,
}

/// What is used of a node, as of the last look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// Thousandths of a core.
    pub cores_thousandths: u32,
    /// Read and written.
    pub disk_bytes_per_second: u64,
    /// To other nodes.
    pub sent_bytes_per_second: u64,
    /// From other nodes.
    pub received_bytes_per_second: u64,
    /// When and by which event.
    pub stamp: (Time, Seq),
}

/// What the coordinator believes of a node: only what it heard. What it believes to run there is
/// `Snapshot::believed_running`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Belief {
    /// When it last heard from the node.
    pub heard_at: Option<Time>,
    /// The map slots that were free by then.
    pub free_map_slots: u32,
    /// The reduce slots that were free by then.
    pub free_reduce_slots: u32,
    /// The event that told it.
    pub seq: Option<Seq>,
    /// That it is lost, while that is believed.
    pub lost: Option<Lost>,
    /// That it gets no attempts any more, while that holds.
    pub barred: Option<Barred>,
    /// That its replicas are lost, as the name node believes.
    pub replicas_lost: Option<Lost>,
}

/// That a node is believed lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost {
    /// Since when, and by which event.
    pub since: (Time, Seq),
    /// How long nothing had been heard by then.
    pub silent: Span,
    /// How long that may be at most.
    pub timeout: Span,
}

/// That so many attempts failed on a node that it is barred.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Barred {
    /// Since when, and by which event.
    pub since: (Time, Seq),
    /// Attempts that failed there.
    pub failures: u32,
    /// Whether so many are barred that it gets attempts all the same.
    pub ignored: bool,
}

impl Node {
    /// Whether it runs, whatever anyone believes.
    pub fn is_up(&self) -> bool {
        self.down.is_none()
    }
}

impl Speed {
    /// As new.
    pub const FULL: Speed = Speed { processor: 100, disk: 100, network: 100, seq: None };

    /// The parts that are not as fast as new, with their percent.
    pub fn slowed(&self) -> Vec<(NodePart, u32)> {
        let parts = [
            (NodePart::Processor, self.processor),
            (NodePart::Disk, self.disk),
            (NodePart::Network, self.network),
        ];
        parts.into_iter().filter(|(_, percent)| *percent < 100).collect()
    }
}
