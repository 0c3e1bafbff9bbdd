//! What work costs in virtual time: which resources it takes, and how much of each.

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
    /// What it takes to start a container, before luck adds or takes a tenth.
    pub launch: Span,
    /// The seed of that luck.
    pub seed: u64,
}

/// A part of a step's work, which is spent in one go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Time that uses no resource.
    Wait(Span),
    /// An activity of the world.
    Use(Activity),
}

/// How many parts a work has at the most.
pub(super) const PARTS: u8 = 4;

impl CostModel {
    /// The part of this number of a step's work; nothing when it has none.
    pub(super) fn part(
        &self,
        number: u8,
        work: &Work,
        node: NodeId,
        attempt: AttemptId,
        cluster: &Cluster,
    ) -> Option<Part> {
        match number {
            0 => work.launch.then(|| Part::Wait(self.launch_span(attempt))),
            1 => work.read.map(|read| Part::Use(self.read(read, node, cluster))),
            2 => work.compute.map(|work| Part::Use(self.compute(work, node, cluster))),
            _ => (work.write_bytes > 0).then(|| Part::Use(self.write(work, node, cluster))),
        }
    }

    fn launch_span(&self, attempt: AttemptId) -> Span {
        let mut random = Random::keyed(self.seed, Purpose::Launch, attempt.key(), 0);
        let tenth = self.launch.0 / 10;
        Span(self.launch.0 - tenth + random.between(0, 2 * tenth))
    }

    fn read(&self, read: Read, node: NodeId, cluster: &Cluster) -> Activity {
        let path = if read.from == node {
            cluster.path_disk(node)
        } else {
            cluster.path_remote_read(read.from, node)
        };
        Activity { path, amount: self.scaled(read.bytes), cap: None }
    }

    /// One thread computes, so one core is the most that it can use.
    fn compute(&self, (stage, bytes): (Stage, u64), node: NodeId, cluster: &Cluster) -> Activity {
        let bytes_per_second = match stage {
            Stage::Map => self.map_bytes_per_second,
            Stage::Sort => self.sort_bytes_per_second,
        };
        let nanos =
            u128::from(self.scaled(bytes)) * u128::from(CORE) / u128::from(bytes_per_second.max(1));
        let amount = u64::try_from(nanos).unwrap_or(u64::MAX);
        Activity { path: cluster.path_cpu(node), amount, cap: Some(CORE) }
    }

    fn write(&self, work: &Work, node: NodeId, cluster: &Cluster) -> Activity {
        let path = match work.replicate_to.filter(|other| *other != node) {
            Some(other) => cluster.path_remote_write(node, other).and(cluster.node(node).disk),
            None => cluster.path_disk(node),
        };
        Activity { path, amount: self.scaled(work.write_bytes), cap: None }
    }

    fn scaled(&self, bytes: u64) -> u64 {
        bytes.saturating_mul(self.scale)
    }
}
