//! Where the replicas of a block go (HDFS's `BlockPlacementPolicyDefault`): the writer's node, a
//! node on another rack, a second node on that rack, then any.

use super::config::Topology;
use crate::base::random::Random;
use crate::base::{NodeId, RackId};

/// The nodes for a block's replicas, at most one a node. A writer outside the cluster has its
/// first replica anywhere.
///
/// # Panics
/// When the cluster has no node.
pub fn place_replicas(
    writer: Option<NodeId>,
    replication: u32,
    topology: &Topology,
    random: &mut Random,
) -> Vec<NodeId> {
    let mut left: Vec<NodeId> = (0..topology.0.len())
        .map(|place| NodeId::nth(u16::try_from(place).unwrap_or(u16::MAX)))
        .collect();
    random.shuffle(&mut left);
    let wanted = (replication as usize).min(left.len());
    let mut chosen = Vec::with_capacity(wanted);
    let first = writer.or(left.first().copied());
    take(&mut left, &mut chosen, |node| Some(node) == first);
    let rack = |node: NodeId| topology.0.get(node.place()).copied().unwrap_or(RackId(1));
    let home = chosen.first().map(|node| rack(*node));
    if chosen.len() < wanted {
        take(&mut left, &mut chosen, |node| Some(rack(node)) != home);
    }
    let second = chosen.get(1).map(|node| rack(*node));
    while chosen.len() < wanted {
        take(&mut left, &mut chosen, |node| chosen_rack(second, rack(node)));
    }
    chosen
}

fn chosen_rack(wanted: Option<RackId>, rack: RackId) -> bool {
    wanted.is_none_or(|wanted| wanted == rack)
}

/// Moves the first node that suits, or else the first.
fn take(left: &mut Vec<NodeId>, chosen: &mut Vec<NodeId>, suits: impl Fn(NodeId) -> bool) {
    let place = left.iter().position(|node| suits(*node)).unwrap_or(0);
    chosen.push(left.remove(place));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::Purpose;

    #[test]
    fn the_second_and_third_replica_share_a_rack_that_is_not_the_firsts() {
        let racks = [1, 1, 1, 2, 2, 2, 3, 3, 3].map(RackId).to_vec();
        let topology = Topology(racks);
        for seed in 0..200 {
            let mut random = Random::keyed(seed, Purpose::Placement, 0, 0);
            let nodes = place_replicas(None, 3, &topology, &mut random);
            let racks: Vec<RackId> = nodes.iter().map(|node| topology.0[node.place()]).collect();
            assert_eq!(nodes.len(), 3, "seed {seed}");
            assert_ne!(racks[0], racks[1], "seed {seed}");
            assert_eq!(racks[1], racks[2], "seed {seed}");
            assert_ne!(nodes[1], nodes[2], "seed {seed}");
        }
    }

    #[test]
    fn on_one_rack_the_replicas_still_lie_on_different_nodes() {
        let topology = Topology(vec![RackId(1); 3]);
        let mut random = Random::keyed(1, Purpose::Placement, 0, 0);
        let mut nodes = place_replicas(Some(NodeId(2)), 3, &topology, &mut random);
        assert_eq!(nodes[0], NodeId(2));
        nodes.sort();
        assert_eq!(nodes, [NodeId(1), NodeId(2), NodeId(3)]);
    }
}
