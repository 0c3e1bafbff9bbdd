//! What work costs in virtual time: which resources it takes, and how much of each.

use super::busy::{BusyId, Doing, Toil};
use crate::base::random::{Purpose, Random};
use crate::base::{AttemptId, NodeId, Span};
use crate::kernel::cluster::CORE;
use crate::kernel::{Activity, Cluster};
use crate::mapreduce::{Read, Stage, Work};

/// Speeds, and what a byte stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CostModel {
    /// Bytes that each byte of data stands for.
    pub scale: u64,
    /// Bytes that a core maps in a second.
    pub map_bytes_per_second: u64,
    /// Bytes that a core sorts, combines, merges or reduces in a second.
    pub sort_bytes_per_second: u64,
    /// Bytes that a core compresses or decompresses in a second.
    pub codec_bytes_per_second: u64,
    /// What it takes to start a container, before luck adds or takes a tenth.
    pub launch: Span,
    /// The seed of that luck.
    pub seed: u64,
}

/// A part of what is to be done, which is spent in one go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Time that uses no resource.
    Wait(Span),
    /// Work of the node's processor.
    Compute(Activity),
    /// Work of the node's disk.
    Local(Activity),
    /// Data goes between this node and another, or is read from the own disk: it may time out.
    Transfer(Transfer),
}

/// Data that goes between a node and another. A node reads its own disk as it reads others', with
/// the same time-out: Hadoop's reduces fetch over HTTP from their own node too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Transfer {
    /// The other one, or the node itself.
    pub(super) peer: NodeId,
    /// Whether this is the second replica of what is written here too.
    pub(super) writes: bool,
    /// What it takes.
    pub(super) activity: Activity,
}

/// How many parts there are at the most.
pub(super) const PARTS: u8 = 5;

impl CostModel {
    /// The part of this number of what is to be done; nothing when it has none.
    pub(super) fn part(
        &self,
        number: u8,
        toil: &Toil,
        (node, doing): BusyId,
        cluster: &Cluster,
    ) -> Option<Part> {
        match (toil, doing, number) {
            (Toil::Copy { from, bytes }, _, 0) => Some(self.copy(*from, node, *bytes, cluster)),
            (Toil::Step(work), Doing::Lane(attempt, _), 0) => {
                work.launch.then(|| Part::Wait(self.launch_span(attempt)))
            }
            (Toil::Step(work), _, 1) => {
                let read = work.read.map(|read| self.read(read, node, cluster));
                read.or_else(|| self.reread(work, node, cluster))
            }
            (Toil::Step(work), _, 2) => {
                let codec = self.codec_bytes_per_second;
                let compute = || self.compute((codec, work.codec_bytes), node, cluster);
                (work.codec_bytes > 0).then(|| Part::Compute(compute()))
            }
            (Toil::Step(work), _, 3) => work.compute.map(|(stage, bytes)| {
                Part::Compute(self.compute((self.speed(stage), bytes), node, cluster))
            }),
            (Toil::Step(work), _, 4) => {
                (work.write_bytes > 0).then(|| self.write(work, node, cluster))
            }
            (Toil::Copy { .. } | Toil::Step(_), ..) => None,
        }
    }

    /// What is left of a write goes to the own disk alone.
    pub(super) fn write_alone(&self, amount: u64, node: NodeId, cluster: &Cluster) -> Activity {
        Activity { path: cluster.path_disk(node), amount, cap: None }
    }

    fn launch_span(&self, attempt: AttemptId) -> Span {
        let mut random = Random::keyed(self.seed, Purpose::Launch, attempt.key(), 0);
        let tenth = self.launch.0 / 10;
        Span(self.launch.0 - tenth + random.between(0, 2 * tenth))
    }

    fn read(&self, read: Read, node: NodeId, cluster: &Cluster) -> Part {
        let amount = self.scaled(read.bytes);
        let path = cluster.path_remote_read(read.from, node);
        let activity = Activity { path, amount, cap: None };
        Part::Transfer(Transfer { peer: read.from, writes: false, activity })
    }

    fn reread(&self, work: &Work, node: NodeId, cluster: &Cluster) -> Option<Part> {
        let amount = self.scaled(work.reread_bytes);
        let activity = Activity { path: cluster.path_disk(node), amount, cap: None };
        (amount > 0).then_some(Part::Local(activity))
    }

    fn copy(&self, from: NodeId, node: NodeId, bytes: u64, cluster: &Cluster) -> Part {
        if from == node {
            return Part::Wait(Span::ZERO);
        }
        let path = cluster.path_remote_read(from, node).and(cluster.node(node).disk);
        let activity = Activity { path, amount: self.scaled(bytes), cap: None };
        Part::Transfer(Transfer { peer: from, writes: false, activity })
    }

    /// One thread computes, so one core is the most that it can use.
    fn compute(&self, (speed, bytes): (u64, u64), node: NodeId, cluster: &Cluster) -> Activity {
        let nanos = u128::from(self.scaled(bytes)) * u128::from(CORE) / u128::from(speed.max(1));
        let amount = u64::try_from(nanos).unwrap_or(u64::MAX);
        Activity { path: cluster.path_cpu(node), amount, cap: Some(CORE) }
    }

    /// Bytes that a core works on in a second.
    fn speed(&self, stage: Stage) -> u64 {
        match stage {
            Stage::Map => self.map_bytes_per_second,
            Stage::Sort => self.sort_bytes_per_second,
        }
    }

    fn write(&self, work: &Work, node: NodeId, cluster: &Cluster) -> Part {
        let amount = self.scaled(work.write_bytes);
        let Some(peer) = work.replicate_to.filter(|other| *other != node) else {
            return Part::Local(self.write_alone(amount, node, cluster));
        };
        let path = cluster.path_remote_write(node, peer).and(cluster.node(node).disk);
        let activity = Activity { path, amount, cap: None };
        Part::Transfer(Transfer { peer, writes: true, activity })
    }

    fn scaled(&self, bytes: u64) -> u64 {
        bytes.saturating_mul(self.scale)
    }
}
