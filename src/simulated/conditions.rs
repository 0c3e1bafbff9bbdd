//! What state the machines and switches are in, and what that makes of their resources.

use crate::base::{NodeId, NodePart, RackId};
use crate::kernel::{Cluster, ClusterSpec, World};

/// As new.
const WHOLE: u32 = 100;

/// The state of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Condition {
    /// Whether it runs.
    pub(super) up: bool,
    /// How often it has started anew.
    pub(super) incarnation: u32,
    processor: u32,
    disk: u32,
    network: u32,
    /// Percent of what is sent to and from it that are lost.
    pub(super) lost_percent: u32,
}

/// The state of the whole cluster.
#[derive(Clone, Debug)]
pub(super) struct Conditions {
    spec: ClusterSpec,
    nodes: Vec<Condition>,
    cut: Vec<bool>,
}

impl Condition {
    const NEW: Condition = Condition {
        up: true,
        incarnation: 0,
        processor: WHOLE,
        disk: WHOLE,
        network: WHOLE,
        lost_percent: 0,
    };

    /// At what percent of its speed a part works.
    pub(super) fn percent(&self, part: NodePart) -> u32 {
        match part {
            NodePart::Processor => self.processor,
            NodePart::Disk => self.disk,
            NodePart::Network => self.network,
        }
    }

    /// Has a part work at so many percent of its speed.
    pub(super) fn slow(&mut self, part: NodePart, percent: u32) {
        match part {
            NodePart::Processor => self.processor = percent,
            NodePart::Disk => self.disk = percent,
            NodePart::Network => self.network = percent,
        }
    }
}

impl Conditions {
    /// A cluster that is as new.
    pub(super) fn new(spec: ClusterSpec) -> Conditions {
        Conditions {
            spec,
            nodes: vec![Condition::NEW; usize::from(spec.nodes)],
            cut: vec![false; usize::from(spec.racks)],
        }
    }

    /// A node's state; nothing when there is no such node.
    pub(super) fn find(&self, node: NodeId) -> Option<&Condition> {
        self.nodes.get(usize::from(node.0).checked_sub(1)?)
    }

    /// The state of a node of this cluster.
    pub(super) fn node(&self, node: NodeId) -> &Condition {
        &self.nodes[node.place()]
    }

    /// The state of a node of this cluster, to change it.
    pub(super) fn node_mut(&mut self, node: NodeId) -> &mut Condition {
        &mut self.nodes[node.place()]
    }

    /// Whether a rack is cut off; nothing when there is no such rack.
    pub(super) fn find_cut(&self, rack: RackId) -> Option<bool> {
        self.cut.get(usize::from(rack.0).checked_sub(1)?).copied()
    }

    /// Cuts a rack of this cluster off, or joins it.
    pub(super) fn set_cut(&mut self, rack: RackId, cut: bool) {
        self.cut[usize::from(rack.0) - 1] = cut;
    }

    /// Whether messages between a node and the coordinator get through. The coordinator stands at
    /// the core switch, outside all racks.
    pub(super) fn reaches_coordinator(&self, node: NodeId, cluster: &Cluster) -> bool {
        let condition = self.node(node);
        let cut = self.find_cut(cluster.rack_of(node)).unwrap_or(false);
        condition.up && !cut && condition.network > 0
    }

    /// Gives a node's resources what its parts can do now. What is lost of the data on its links
    /// is sent again, and so takes its part of them.
    pub(super) fn apply<E>(&self, node: NodeId, cluster: &Cluster, world: &mut World<E>) {
        let (parts, condition) = (*cluster.node(node), self.node(node));
        let cores = u64::from(self.spec.cores) * crate::kernel::cluster::CORE;
        world.set_capacity(parts.processor, part_of(cores, condition.processor));
        world.set_capacity(parts.disk, part_of(self.spec.disk_bytes_per_second, condition.disk));
        let network = part_of(self.spec.network_bytes_per_second, condition.network);
        let network = part_of(network, WHOLE.saturating_sub(condition.lost_percent));
        world.set_capacity(parts.network_out, network);
        world.set_capacity(parts.network_in, network);
    }

    /// Gives a rack's links what they can do now.
    pub(super) fn apply_rack<E>(&self, rack: RackId, cluster: &Cluster, world: &mut World<E>) {
        let cut = self.find_cut(rack).unwrap_or(false);
        let capacity = if cut { 0 } else { self.spec.uplink_bytes_per_second };
        let links = cluster.rack(rack);
        world.set_capacity(links.uplink, capacity);
        world.set_capacity(links.downlink, capacity);
    }
}

/// So many percent of something.
pub(super) fn part_of(whole: u64, percent: u32) -> u64 {
    let part = u128::from(whole) * u128::from(percent) / u128::from(WHOLE);
    u64::try_from(part).unwrap_or(u64::MAX)
}

/// How long something takes that takes this long at full speed; nothing when it never ends.
pub(super) fn slowed(micros: u64, percent: u32) -> Option<u64> {
    let slowed = (u128::from(micros) * u128::from(WHOLE)).checked_div(u128::from(percent))?;
    u64::try_from(slowed).ok()
}
