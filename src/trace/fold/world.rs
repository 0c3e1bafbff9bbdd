//! The machines and the blocks on them.

use super::{Misfit, count};
use crate::base::{BlockId, Codec, FileId, NodeId, RackId};
use crate::trace::event::{Event, WorldEvent};
use crate::trace::snapshot::{Belief, Block, Node, Snapshot, Speed, StoredFile};
use std::rc::Rc;

impl Snapshot {
    pub(super) fn apply_world(&mut self, event: &Event, kind: &WorldEvent) -> Result<(), Misfit> {
        match kind {
            WorldEvent::ClusterStarted { racks, scale, .. } => self.cluster_started(*racks, *scale),
            WorldEvent::NodeStarted { rack, .. } => self.node_started(event, kind, *rack),
            WorldEvent::FileStored { file, name, bytes, codec } => {
                self.file_stored(*file, name, *bytes, *codec)
            }
            WorldEvent::BlockPlaced { block, offset, length, replicas, file } => {
                self.check_file(*file)?;
                self.block_placed(event, (*block, *file), (*offset, *length), replicas)
            }
            WorldEvent::FaultStruck { fault, effect: true, .. } => self.fault_struck(event, *fault),
            WorldEvent::FaultStruck { effect: false, .. } => Ok(()),
            WorldEvent::MessageLost { node, .. } => self.message_lost(*node),
            WorldEvent::DuplicateDropped { node, .. } => self.check_node(*node),
            WorldEvent::WorkerBroke { .. } => {
                self.check_node(event.node.ok_or(Misfit::NoNodeNamed)?)
            }
            WorldEvent::LoadChanged { .. } => self.load_changed(event, kind),
        }
    }

    fn cluster_started(&mut self, racks: u16, scale: u64) -> Result<(), Misfit> {
        if self.applied > 0 {
            return Err(Misfit::Repeated("the cluster's start"));
        }
        self.racks = racks;
        self.scale = scale;
        Ok(())
    }

    fn node_started(
        &mut self,
        event: &Event,
        kind: &WorldEvent,
        rack: RackId,
    ) -> Result<(), Misfit> {
        let id = event.node.ok_or(Misfit::NoNodeNamed)?;
        let expected = count(&self.nodes).saturating_add(1);
        if u32::from(id.0) != expected {
            return Err(Misfit::OutOfOrder { what: "node", expected, found: u32::from(id.0) });
        }
        self.check_rack(rack)?;
        self.nodes.extend(fresh_node(event, id, kind).map(Rc::new));
        Ok(())
    }

    fn file_stored(
        &mut self,
        id: FileId,
        name: &str,
        bytes: u64,
        codec: Codec,
    ) -> Result<(), Misfit> {
        let expected = count(&self.files);
        if id.0 != expected {
            return Err(Misfit::OutOfOrder { what: "file", expected, found: id.0 });
        }
        let start = self.files.last().map_or(0, |file| file.start.saturating_add(file.bytes));
        self.files.push(Rc::new(StoredFile { name: name.to_owned(), bytes, codec, start }));
        Ok(())
    }

    fn block_placed(
        &mut self,
        event: &Event,
        (id, file): (BlockId, FileId),
        (offset, length): (u64, u64),
        replicas: &[NodeId],
    ) -> Result<(), Misfit> {
        let expected = count(&self.blocks);
        if id.0 != expected {
            return Err(Misfit::OutOfOrder { what: "block", expected, found: id.0 });
        }
        self.check_nodes(replicas)?;
        self.blocks.push(Rc::new(Block {
            id,
            file,
            offset: self.in_line(file, offset),
            length,
            replicas: replicas.to_vec(),
            believed: replicas.to_vec(),
            wanted: count(replicas),
            copying: Vec::new(),
            seq: event.seq,
        }));
        Ok(())
    }
}

/// A node that nothing runs on and that nobody heard from.
fn fresh_node(event: &Event, id: NodeId, kind: &WorldEvent) -> Option<Node> {
    let &WorldEvent::NodeStarted { rack, cores, memory_bytes, map_slots, reduce_slots } = kind
    else {
        return None;
    };
    Some(Node {
        id,
        rack,
        cores,
        memory_bytes,
        map_slots,
        reduce_slots,
        running: Vec::new(),
        ended: Vec::new(),
        down: None,
        started: event.stamp(),
        incarnation: 0,
        speed: Speed::FULL,
        loss: None,
        messages_lost: 0,
        load: None,
        belief: Belief::default(),
    })
}
