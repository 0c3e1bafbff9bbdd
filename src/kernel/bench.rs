//! A benchmark of the world: a mix like that of a cluster at work, the same on every machine.
//!
//! It measures nothing and prints nothing; whoever calls it has a clock.

use super::activity::{Activity, ActivityId};
use super::cluster::{CORE, Cluster, ClusterSpec};
use super::queue::Ticket;
use super::world::World;
use crate::base::random::{Purpose, Random};
use crate::base::{NodeId, Span, Time};

/// Machines of the benchmark's cluster.
const NODES: u16 = 50;

/// Transfers that are always under way between nodes.
const FLOWS: u16 = 50;

#[derive(Clone, Copy, Debug)]
enum Event {
    /// A task has computed, and reads or writes.
    Computed(NodeId),
    /// A task has read or written, and computes.
    Stored(NodeId),
    /// A transfer has arrived, and another begins.
    Sent(u16),
    /// A transfer took too long: it is cancelled, and another begins.
    TimedOut(u16),
    /// A node's heartbeat.
    Heartbeat(NodeId),
}

struct Mix {
    world: World<Event>,
    cluster: Cluster,
    random: Random,
    flows: Vec<(ActivityId, Ticket)>,
}

/// Takes a world of 50 nodes through so many events, and returns a checksum of what happened
/// when. On each node 4 to 6 tasks compute on two cores and read or write on one disk in turn,
/// so that 2 to 4 of them mostly compete for each, and a heartbeat ticks; 50 transfers, half of
/// them from a disk, run between nodes of all racks, each with a time-out that is mostly
/// cancelled.
pub fn mix(events: u64, seed: u64) -> u64 {
    let mut mix = Mix::new(seed);
    let mut checksum = 0;
    for _ in 0..events {
        let Some((at, event)) = mix.world.next() else { break };
        checksum = checksum_with(checksum, at, event);
        mix.on_event(event);
    }
    checksum
}

impl Mix {
    fn new(seed: u64) -> Mix {
        let mut world = World::new();
        let cluster = Cluster::build(&SPEC, &mut world);
        let random = Random::keyed(seed, Purpose::Test, 0, 0);
        let mut mix = Mix { world, cluster, random, flows: Vec::new() };
        for node in (0..NODES).map(NodeId::nth) {
            (0..2).for_each(|_| mix.compute(node));
            (0..2 + node.0 % 3).for_each(|_| mix.store(node));
            mix.beat(node);
        }
        mix.flows = (0..FLOWS).map(|flow| mix.send(flow)).collect();
        mix
    }

    fn on_event(&mut self, event: Event) {
        match event {
            Event::Computed(node) => self.store(node),
            Event::Stored(node) => self.compute(node),
            Event::Heartbeat(node) => self.beat(node),
            Event::Sent(flow) => {
                self.world.cancel_timer(self.flows[usize::from(flow)].1);
                self.flows[usize::from(flow)] = self.send(flow);
            }
            Event::TimedOut(flow) => {
                self.world.cancel(self.flows[usize::from(flow)].0);
                self.flows[usize::from(flow)] = self.send(flow);
            }
        }
    }

    fn compute(&mut self, node: NodeId) {
        let (path, amount) = (self.cluster.path_cpu(node), self.random.between(1, 12) * CORE / 100);
        self.world.start(&Activity { path, amount, cap: Some(CORE) }, Event::Computed(node));
    }

    fn store(&mut self, node: NodeId) {
        let (path, amount) = (self.cluster.path_disk(node), self.random.between(1, 8) << 20);
        self.world.start(&Activity { path, amount, cap: None }, Event::Stored(node));
    }

    fn beat(&mut self, node: NodeId) {
        let span = Span::from_millis(self.random.between(90, 110));
        self.world.schedule_after(span, Event::Heartbeat(node));
    }

    fn send(&mut self, flow: u16) -> (ActivityId, Ticket) {
        let from = self.random.below(u64::from(NODES));
        let to = (from + self.random.between(1, u64::from(NODES) - 1)) % u64::from(NODES);
        let [from, to] = [from, to].map(|place| NodeId::nth(u16::try_from(place).unwrap_or(0)));
        let path = match flow % 2 {
            0 => self.cluster.path_transfer(from, to),
            _ => self.cluster.path_remote_read(from, to),
        };
        let activity = Activity { path, amount: self.random.between(1, 32) << 20, cap: None };
        let sent = self.world.start(&activity, Event::Sent(flow));
        (sent, self.world.schedule_after(Span::from_secs(2), Event::TimedOut(flow)))
    }
}

const SPEC: ClusterSpec = ClusterSpec {
    nodes: NODES,
    racks: 5,
    cores: 2,
    memory_bytes: 8 << 30,
    disk_bytes_per_second: 150_000_000,
    network_bytes_per_second: 125_000_000,
    uplink_bytes_per_second: 500_000_000,
};

fn checksum_with(checksum: u64, at: Time, event: Event) -> u64 {
    let (kind, number) = match event {
        Event::Computed(node) => (0, node.0),
        Event::Stored(node) => (1, node.0),
        Event::Sent(flow) => (2, flow),
        Event::TimedOut(flow) => (3, flow),
        Event::Heartbeat(node) => (4, node.0),
    };
    let seen = at.0 << 19 | kind << 16 | u64::from(number);
    (checksum ^ seen).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The number is that of x86-64 and of wasm32; a change of it is a change of what happens.
    #[test]
    fn the_same_happens_on_every_machine() {
        assert_eq!(format!("{:x}", mix(50_000, 7)), "69fa86fbac0768c7");
        assert_ne!(mix(50_000, 8), mix(50_000, 7));
    }

    /// The mix is what its description says.
    #[test]
    fn two_to_four_tasks_mostly_compete() {
        let mut mix = Mix::new(1);
        let (mut seen, mut within) = (0, 0);
        for _ in 0..20_000 {
            let Some((_, event)) = mix.world.next() else { break };
            mix.on_event(event);
            let node = mix.cluster.node(NodeId(25));
            for users in [node.processor, node.disk].map(|id| mix.world.users(id)) {
                seen += 1;
                within += u64::from((2..=4).contains(&users));
            }
        }
        assert!(within * 2 > seen, "{within} of {seen}");
    }
}
