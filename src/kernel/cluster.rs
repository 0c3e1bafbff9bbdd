//! A cluster as resources of a world: nodes in racks, and the paths that work takes through them.

use super::activity::{Path, ResourceId};
use super::world::World;
use crate::base::{NodeId, RackId};

/// Nanoseconds of a core in a second: what one core can do.
pub const CORE: u64 = 1_000_000_000;

/// What a cluster is made of; all nodes are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClusterSpec {
    /// Machines, at least 1.
    pub nodes: u16,
    /// Racks, at least 1; neighbours in number are neighbours in rack.
    pub racks: u16,
    /// Processor cores of a node.
    pub cores: u32,
    /// Memory of a node that can be reserved.
    pub memory_bytes: u64,
    /// What a node's disks read and write together.
    pub disk_bytes_per_second: u64,
    /// What a node's network card sends, and what it receives besides.
    pub network_bytes_per_second: u64,
    /// What a rack sends to other racks, and what it receives from them besides.
    pub uplink_bytes_per_second: u64,
}

/// The resources of a cluster. The world that they are in is kept elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    nodes: Vec<Node>,
    racks: Vec<Rack>,
}

/// What a node has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// The rack that it stands in.
    pub rack: RackId,
    /// Its cores, in nanoseconds of a core.
    pub processor: ResourceId,
    /// Its disks, in bytes read or written.
    pub disk: ResourceId,
    /// What its network card sends, in bytes.
    pub network_out: ResourceId,
    /// What its network card receives, in bytes.
    pub network_in: ResourceId,
    /// Memory in bytes.
    pub memory_bytes: u64,
    /// Memory that is reserved, in bytes.
    pub reserved_bytes: u64,
}

/// What a rack has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rack {
    /// What it sends to other racks, in bytes.
    pub uplink: ResourceId,
    /// What it receives from other racks, in bytes.
    pub downlink: ResourceId,
}

impl Cluster {
    /// Adds a cluster's resources to a world.
    ///
    /// # Panics
    /// When it has no node or no rack; a scenario is checked before.
    pub fn build<E>(spec: &ClusterSpec, world: &mut World<E>) -> Cluster {
        assert!(spec.nodes > 0 && spec.racks > 0, "a cluster has a node and a rack");
        let nodes = (0..spec.nodes).map(|place| Node {
            rack: spec.rack_of(place),
            processor: world.add_resource(u64::from(spec.cores) * CORE),
            disk: world.add_resource(spec.disk_bytes_per_second),
            network_out: world.add_resource(spec.network_bytes_per_second),
            network_in: world.add_resource(spec.network_bytes_per_second),
            memory_bytes: spec.memory_bytes,
            reserved_bytes: 0,
        });
        let nodes = nodes.collect();
        let racks = (0..spec.racks).map(|_| Rack {
            uplink: world.add_resource(spec.uplink_bytes_per_second),
            downlink: world.add_resource(spec.uplink_bytes_per_second),
        });
        Cluster { nodes, racks: racks.collect() }
    }

    /// All nodes with their names, in order.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        (0..).map(NodeId::nth).zip(&self.nodes)
    }

    /// A node of this cluster.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.place()]
    }

    /// A rack of this cluster.
    pub fn rack(&self, id: RackId) -> &Rack {
        &self.racks[usize::from(id.0) - 1]
    }

    /// The rack that a node stands in.
    pub fn rack_of(&self, node: NodeId) -> RackId {
        self.node(node).rack
    }

    /// Computing on a node. Cap it at [`CORE`] for each thread.
    pub fn path_cpu(&self, node: NodeId) -> Path {
        Path::through(&[self.node(node).processor])
    }

    /// Reading or writing on a node's own disks.
    pub fn path_disk(&self, node: NodeId) -> Path {
        Path::through(&[self.node(node).disk])
    }

    /// Sending from memory to memory. Within a node that needs no network, and takes no time.
    pub fn path_transfer(&self, from: NodeId, to: NodeId) -> Path {
        self.extend_to(Path::EMPTY, from, to)
    }

    /// Reading from one node's disk on another, or on the same.
    pub fn path_remote_read(&self, from: NodeId, to: NodeId) -> Path {
        self.extend_to(self.path_disk(from), from, to)
    }

    /// Sending from memory to another node's disk, or to the same node's.
    pub fn path_remote_write(&self, from: NodeId, to: NodeId) -> Path {
        self.path_transfer(from, to).and(self.node(to).disk)
    }

    /// Sets memory of a node aside; false, and nothing is changed, when that much is not free.
    pub fn reserve(&mut self, node: NodeId, bytes: u64) -> bool {
        let node = &mut self.nodes[node.place()];
        let fits = bytes <= node.memory_bytes - node.reserved_bytes;
        if fits {
            node.reserved_bytes += bytes;
        }
        fits
    }

    /// Gives reserved memory back.
    ///
    /// # Panics
    /// When less than that is reserved.
    pub fn release(&mut self, node: NodeId, bytes: u64) {
        let node = &mut self.nodes[node.place()];
        assert!(bytes <= node.reserved_bytes, "more memory is released than was reserved");
        node.reserved_bytes -= bytes;
    }

    fn extend_to(&self, path: Path, from: NodeId, to: NodeId) -> Path {
        let (source, target) = (self.node(from), self.node(to));
        if from == to {
            return path;
        }
        let path = path.and(source.network_out);
        if source.rack == target.rack {
            return path.and(target.network_in);
        }
        let (up, down) = (self.rack(source.rack).uplink, self.rack(target.rack).downlink);
        path.and(up).and(down).and(target.network_in)
    }
}

impl ClusterSpec {
    /// The rack of the node at this place: contiguous groups whose sizes differ by one at most.
    fn rack_of(&self, place: u16) -> RackId {
        let before = u32::from(place) * u32::from(self.racks) / u32::from(self.nodes);
        RackId(u16::try_from(before).unwrap_or(u16::MAX) + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Time;
    use crate::kernel::Activity;

    fn cluster(nodes: u16, racks: u16) -> (World<&'static str>, Cluster) {
        let spec = ClusterSpec {
            nodes,
            racks,
            cores: 4,
            memory_bytes: 1_000,
            disk_bytes_per_second: 200,
            network_bytes_per_second: 100,
            uplink_bytes_per_second: 150,
        };
        let mut world = World::new();
        let cluster = Cluster::build(&spec, &mut world);
        (world, cluster)
    }

    fn sizes(nodes: u16, racks: u16) -> Vec<usize> {
        let (_, cluster) = cluster(nodes, racks);
        let racks = 1..=racks;
        racks.map(|r| cluster.nodes().filter(|(_, node)| node.rack == RackId(r)).count()).collect()
    }

    #[test]
    fn racks_are_contiguous_and_as_equal_as_can_be() {
        assert_eq!(sizes(7, 3), [3, 2, 2]);
        assert_eq!(sizes(6, 2), [3, 3]);
        assert_eq!(sizes(50, 4), [13, 12, 13, 12]);
        assert_eq!(sizes(2, 3), [1, 1, 0]);
        let (_, cluster) = cluster(50, 4);
        assert!(cluster.nodes().map(|(_, node)| node.rack).is_sorted());
    }

    #[test]
    fn a_path_has_what_lies_between_two_nodes() {
        let (_, cluster) = cluster(4, 2);
        let [a, b, c] = [1, 2, 3].map(NodeId);
        let (rack_one, rack_two) = (cluster.rack(RackId(1)), cluster.rack(RackId(2)));
        let (out, within) = (cluster.node(a).network_out, cluster.node(b).network_in);
        assert_eq!(cluster.path_transfer(a, a), Path::EMPTY);
        assert_eq!(cluster.path_transfer(a, b).resources(), [out, within]);
        let across = [out, rack_one.uplink, rack_two.downlink, cluster.node(c).network_in];
        assert_eq!(cluster.path_transfer(a, c).resources(), across);
        let disk = cluster.node(a).disk;
        assert_eq!(cluster.path_remote_read(a, b).resources(), [disk, out, within]);
        assert_eq!(cluster.path_remote_read(a, a), cluster.path_disk(a));
        let written = [out, within, cluster.node(b).disk];
        assert_eq!(cluster.path_remote_write(a, b).resources(), written);
    }

    /// Two senders of one rack want 100 bytes a second each; the uplink has 150 for both.
    #[test]
    fn racks_share_their_uplink() {
        let (mut world, cluster) = cluster(4, 2);
        for (from, to) in [(1, 3), (2, 4)] {
            let path = cluster.path_transfer(NodeId(from), NodeId(to));
            world.start(&Activity { path, amount: 75, cap: None }, "sent");
        }
        assert_eq!(world.used(cluster.rack(RackId(1)).uplink), 150);
        assert_eq!(world.next(), Some((Time(1_000_000), "sent")));
    }

    /// Five threads on four cores get four fifths of a core each; four get one each.
    #[test]
    fn threads_share_cores() {
        let (mut world, cluster) = cluster(1, 1);
        let compute = Activity { path: cluster.path_cpu(NodeId(1)), amount: CORE, cap: Some(CORE) };
        let threads = [(); 5].map(|()| world.start(&compute, "computed"));
        assert_eq!(world.rate(threads[0]), Some(800_000_000));
        world.cancel(threads[4]);
        assert_eq!(world.rate(threads[0]), Some(CORE));
        assert_eq!(world.next(), Some((Time(1_000_000), "computed")));
    }

    #[test]
    fn memory_is_reserved_up_to_what_there_is() {
        let (_, mut cluster) = cluster(1, 1);
        let node = NodeId(1);
        assert!(cluster.reserve(node, 600));
        assert!(!cluster.reserve(node, 401));
        assert!(cluster.reserve(node, 400));
        cluster.release(node, 600);
        assert_eq!(cluster.node(node).reserved_bytes, 400);
    }
}
