//! The file system's name node: where the replicas of each block are believed to lie, and which
//! are to be copied because too few are left (HDFS's `BlockManager`).
//!
//! It hears what the coordinator hears, and believes a data node dead a twentieth later than the
//! coordinator does: 630 s to 600 s in Hadoop (`2 × recheck-interval + 10 × dfs.heartbeat.interval`).

use super::config::{JobConfig, StoredBlock, Topology};
use super::coordinator::Turn;
use super::liveness::Liveness;
use super::messages::{BlockAt, Order};
use crate::base::random::{Purpose, Random};
use crate::base::{BlockId, Level, NodeId, RackId, Span, Time};
use crate::trace::{Cause, FailureEvent};
use std::sync::Arc;

/// How often it looks for blocks with too few replicas (`dfs.namenode.redundancy.interval.seconds`).
const SCAN_INTERVAL: Span = Span::from_secs(3);

/// Copies that a node may serve at once (`dfs.namenode.replication.max-streams`).
const STREAMS_MAX: usize = 2;

/// The name node of the input's files.
#[derive(Clone, Debug)]
pub struct NameNode {
    blocks: Vec<Block>,
    /// Replicas that each block should have.
    wanted: usize,
    /// The silence after which a data node is believed dead.
    timeout: Span,
    topology: Arc<Topology>,
    seed: u64,
    dead: Vec<bool>,
    copies: Vec<Copy>,
    copies_ever: u64,
    next_scan: Time,
    /// What maps are told; made anew when beliefs change.
    locations: Arc<[BlockAt]>,
}

#[derive(Clone, Debug)]
struct Block {
    at: BlockAt,
    /// Nodes believed dead that had a replica.
    away: Vec<NodeId>,
}

/// A copy on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Copy {
    block: BlockId,
    from: NodeId,
    to: NodeId,
    since: Time,
}

impl NameNode {
    /// A name node that knows where the blocks were put.
    pub fn new(
        blocks: Vec<StoredBlock>,
        replication: u32,
        config: &JobConfig,
        topology: Arc<Topology>,
    ) -> NameNode {
        let nodes = topology.0.len();
        let known = |block: &StoredBlock| Block { at: block.into(), away: Vec::new() };
        let mut name_node = NameNode {
            blocks: blocks.iter().map(known).collect(),
            wanted: (replication as usize).min(nodes),
            timeout: Span(config.node_timeout.0.saturating_add(config.node_timeout.0 / 20)),
            topology,
            seed: config.seed,
            dead: vec![false; nodes],
            copies: Vec::new(),
            copies_ever: 0,
            next_scan: Time::ZERO + SCAN_INTERVAL,
            locations: Arc::default(),
        };
        name_node.tell_anew();
        name_node
    }

    /// Where all blocks are believed to lie, in file order.
    pub fn locations(&self) -> Arc<[BlockAt]> {
        self.locations.clone()
    }

    /// Looks at the clock: believes silent nodes dead, and has blocks copied.
    pub(super) fn check(&mut self, liveness: &Liveness, turn: &mut Turn<'_>) {
        self.bury(liveness, turn);
        if turn.at < self.next_scan {
            return;
        }
        self.next_scan = turn.at + SCAN_INTERVAL;
        self.give_up_late_copies(liveness, turn);
        for place in 0..self.blocks.len() {
            self.copy_if_needed(place, liveness, turn);
        }
    }

    /// A node came back that was believed lost: what it had counts again.
    pub(super) fn on_returned(&mut self, node: NodeId, cause: Cause, turn: &mut Turn<'_>) {
        let Some(dead) = self.dead.get_mut(node.place()) else { return };
        if !std::mem::take(dead) {
            return;
        }
        let away = self.blocks.iter().filter(|block| block.away.contains(&node));
        let blocks: Vec<BlockId> = away.map(|block| block.at.id).collect();
        self.take_report(node, blocks, cause, turn);
    }

    /// A node that began anew says which blocks it has.
    pub(super) fn on_report(
        &mut self,
        node: NodeId,
        blocks: &[BlockId],
        cause: Cause,
        turn: &mut Turn<'_>,
    ) {
        if let Some(dead) = self.dead.get_mut(node.place()) {
            *dead = false;
        }
        self.take_report(node, blocks.to_vec(), cause, turn);
    }

    /// A node says that a copy it was to make is there, or is not.
    pub(super) fn on_copied(
        &mut self,
        (block, from, to): (BlockId, NodeId, NodeId),
        arrived: bool,
        cause: Cause,
        turn: &mut Turn<'_>,
    ) {
        self.copies.retain(|copy| (copy.block, copy.to) != (block, to));
        if !arrived {
            turn.failure(Level::Tasks, cause, || FailureEvent::ReplicationFailed {
                block,
                from,
                to,
            });
            return;
        }
        let Some(known) = self.blocks.iter_mut().find(|known| known.at.id == block) else { return };
        if !known.at.replicas.contains(&to) {
            known.at.replicas.push(to);
        }
        turn.failure(Level::Counters, cause, || FailureEvent::ReplicaRestored { block, from, to });
        self.tell_anew();
    }

    fn take_report(
        &mut self,
        node: NodeId,
        blocks: Vec<BlockId>,
        cause: Cause,
        turn: &mut Turn<'_>,
    ) {
        for block in &mut self.blocks {
            block.away.retain(|away| *away != node);
            let has = blocks.contains(&block.at.id);
            let known = block.at.replicas.contains(&node);
            if has && !known {
                block.at.replicas.push(node);
            } else if !has {
                block.at.replicas.retain(|replica| *replica != node);
            }
        }
        turn.failure(Level::Counters, cause, || FailureEvent::ReplicasReported { node, blocks });
        self.tell_anew();
    }

    /// Believes dead each node that has been silent for too long.
    fn bury(&mut self, liveness: &Liveness, turn: &mut Turn<'_>) {
        for place in 0..self.dead.len() {
            let node = NodeId::nth(u16::try_from(place).unwrap_or(u16::MAX));
            let Some((heard, cause)) = liveness.heard(node) else { continue };
            let silent = turn.at.since(heard);
            if silent <= self.timeout || self.dead[place] {
                continue;
            }
            self.dead[place] = true;
            let blocks = self.bury_replicas(node);
            let timeout = self.timeout;
            turn.failure(Level::Counters, cause, || FailureEvent::ReplicasLost {
                node,
                silent,
                timeout,
                blocks,
            });
            self.tell_anew();
        }
    }

    fn bury_replicas(&mut self, node: NodeId) -> Vec<BlockId> {
        let mut lost = Vec::new();
        for block in &mut self.blocks {
            if block.at.replicas.contains(&node) {
                block.at.replicas.retain(|replica| *replica != node);
                block.away.push(node);
                lost.push(block.at.id);
            }
        }
        lost
    }

    /// Copies that should long be there, or whose node is lost, are tried again elsewhere.
    fn give_up_late_copies(&mut self, liveness: &Liveness, turn: &mut Turn<'_>) {
        let patience = Span(self.timeout.0 / 2);
        let is_late =
            |copy: &Copy| turn.at.since(copy.since) > patience || !liveness.is_alive(copy.to);
        let late: Vec<Copy> = self.copies.iter().copied().filter(is_late).collect();
        self.copies.retain(|copy| !late.contains(copy));
        for Copy { block, from, to, .. } in late {
            turn.failure(Level::Tasks, Cause::NONE, || FailureEvent::ReplicationFailed {
                block,
                from,
                to,
            });
        }
    }

    fn copy_if_needed(&mut self, place: usize, liveness: &Liveness, turn: &mut Turn<'_>) {
        let block = &self.blocks[place].at;
        let under_way = self.copies.iter().any(|copy| copy.block == block.id);
        if under_way || block.replicas.is_empty() || block.replicas.len() >= self.wanted {
            return;
        }
        let busy = |node: &NodeId| self.copies.iter().filter(|copy| copy.from == *node).count();
        let source = block
            .replicas
            .iter()
            .filter(|node| liveness.is_alive(**node) && busy(node) < STREAMS_MAX)
            .min_by_key(|node| (busy(node), **node));
        let (Some(&from), Some(to)) = (source, self.target(block, liveness)) else { return };
        let (id, live, wanted) = (block.id, block.replicas.len(), self.wanted);
        self.copies.push(Copy { block: id, from, to, since: turn.at });
        self.copies_ever += 1;
        let cause = turn.failure(Level::Tasks, Cause::NONE, || FailureEvent::ReplicationStarted {
            block: id,
            from,
            to,
            live: u32::try_from(live).unwrap_or(u32::MAX),
            wanted: u32::try_from(wanted).unwrap_or(u32::MAX),
        });
        turn.order(to, Order::CopyBlock { block: id, from }, cause);
    }

    /// A node for another replica: on another rack when all are on one, else any, by luck.
    fn target(&self, block: &BlockAt, liveness: &Liveness) -> Option<NodeId> {
        let rack = |node: NodeId| self.topology.0.get(node.place()).copied();
        let racks: Vec<Option<RackId>> = block.replicas.iter().map(|node| rack(*node)).collect();
        let one_rack = racks.iter().all(|rack| *rack == racks[0]);
        let nodes = (0..self.topology.0.len())
            .map(|place| NodeId::nth(u16::try_from(place).unwrap_or(u16::MAX)));
        let fit: Vec<NodeId> = nodes
            .filter(|node| liveness.is_alive(*node) && !block.replicas.contains(node))
            .collect();
        let elsewhere: Vec<NodeId> =
            fit.iter().copied().filter(|node| one_rack && rack(*node) != racks[0]).collect();
        let choices = if elsewhere.is_empty() { fit } else { elsewhere };
        if choices.is_empty() {
            return None;
        }
        let entity = u64::from(block.id.0);
        let mut random = Random::keyed(self.seed, Purpose::Replication, entity, self.copies_ever);
        let place = usize::try_from(random.below(choices.len() as u64)).unwrap_or(0);
        choices.get(place).copied()
    }

    fn tell_anew(&mut self) {
        self.locations = self.blocks.iter().map(|block| block.at.clone()).collect();
    }
}
