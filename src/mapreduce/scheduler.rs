//! Which map a free slot gets: the nearest data first, and a wait before it goes far.
//!
//! The rule is that of YARN's Capacity Scheduler (`RegularContainerAllocator`): a node-local task
//! is taken at once; a rack-local one only after as many missed opportunities as there are nodes,
//! but at most `node-locality-delay`; one off the rack after `tasks × wait factor` of them, where
//! the factor is the number of hosts and racks that hold the data by the number of nodes, at most 1.

use super::config::Topology;
use super::split::Split;
use crate::base::{NodeId, RackId};
use crate::trace::event::Locality;
use std::collections::BTreeSet;

/// Offers that the job passed up since it last took one near its data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LocalityWait {
    missed: u32,
}

/// A map for a slot, and the numbers of the choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MapChoice {
    /// The map, as its place among the pending ones.
    pub place: usize,
    /// How near its data is.
    pub locality: Locality,
    /// Pending maps with a replica on the node.
    pub pending_local: u32,
    /// Opportunities that were passed up before this one.
    pub passed: u32,
}

impl LocalityWait {
    /// Offers a slot of a node; nothing when the job rather waits for a nearer one.
    pub fn choose(
        &mut self,
        pending: &[&Split],
        node: NodeId,
        topology: &Topology,
        delay: u32,
    ) -> Option<MapChoice> {
        let near = |split: &Split| nearness(split, node, topology);
        let (place, locality) = pending
            .iter()
            .enumerate()
            .map(|(place, split)| (place, near(split)))
            .min_by_key(|(_, locality)| *locality)?;
        let local = pending.iter().filter(|split| near(split) == Locality::NodeLocal).count();
        if !self.allows(locality, pending, topology, delay) {
            self.missed += 1;
            return None;
        }
        let passed = self.missed;
        if locality != Locality::OffRack {
            self.missed = 0;
        }
        let pending_local = u32::try_from(local).unwrap_or(u32::MAX);
        Some(MapChoice { place, locality, pending_local, passed })
    }

    fn allows(
        &self,
        locality: Locality,
        pending: &[&Split],
        topology: &Topology,
        delay: u32,
    ) -> bool {
        let nodes = u32::try_from(topology.0.len()).unwrap_or(u32::MAX);
        match locality {
            Locality::NodeLocal => true,
            Locality::RackLocal => delay == 0 || self.missed > delay.min(nodes),
            Locality::OffRack => {
                let places = places_with_data(pending, topology).min(u64::from(nodes));
                let missed = u64::from(self.missed) * u64::from(nodes);
                delay == 0 || missed > pending.len() as u64 * places
            }
        }
    }
}

/// How near a node is to a split's data; data that lies nowhere is near to all.
fn nearness(split: &Split, node: NodeId, topology: &Topology) -> Locality {
    topology.nearest(node, &split.hosts).map_or(Locality::NodeLocal, |(locality, _)| locality)
}

/// Hosts and racks that hold data of pending maps.
fn places_with_data(pending: &[&Split], topology: &Topology) -> u64 {
    let hosts: BTreeSet<NodeId> =
        pending.iter().flat_map(|split| split.hosts.iter().copied()).collect();
    let racks: BTreeSet<RackId> =
        hosts.iter().filter_map(|host| topology.0.get(host.place()).copied()).collect();
    (hosts.len() + racks.len()) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(hosts: &[u16]) -> Split {
        Split { pieces: Vec::new(), hosts: hosts.iter().map(|host| NodeId(*host)).collect() }
    }

    #[test]
    fn the_nearest_map_is_taken_and_the_numbers_are_told() {
        let topology = Topology([1, 1, 2].map(RackId).to_vec());
        let splits = [split(&[3]), split(&[2]), split(&[1]), split(&[1, 2])];
        let pending: Vec<&Split> = splits.iter().collect();
        let choice = LocalityWait::default().choose(&pending, NodeId(1), &topology, 40);
        let expected =
            MapChoice { place: 2, locality: Locality::NodeLocal, pending_local: 2, passed: 0 };
        assert_eq!(choice, Some(expected));
    }

    #[test]
    fn rack_local_work_waits_for_one_opportunity_more_than_there_are_nodes() {
        let topology = Topology([1, 1, 1].map(RackId).to_vec());
        let splits = [split(&[2])];
        let pending: Vec<&Split> = splits.iter().collect();
        let mut wait = LocalityWait::default();
        let offers: Vec<Option<u32>> = (0..5)
            .map(|_| wait.choose(&pending, NodeId(1), &topology, 40).map(|choice| choice.passed))
            .collect();
        assert_eq!(offers, [None, None, None, None, Some(4)]);
    }

    #[test]
    fn without_a_delay_the_first_offer_is_taken() {
        let topology = Topology([1, 2].map(RackId).to_vec());
        let splits = [split(&[2])];
        let pending: Vec<&Split> = splits.iter().collect();
        let choice = LocalityWait::default().choose(&pending, NodeId(1), &topology, 0);
        assert_eq!(choice.map(|choice| choice.locality), Some(Locality::OffRack));
    }
}
