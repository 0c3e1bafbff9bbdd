//! Copies of blocks: where they are, and where the name node believes them to be.

use super::{Misfit, place};
use crate::base::{BlockId, NodeId};
use crate::trace::event::Event;
use crate::trace::snapshot::{Block, Copying, Lost, Snapshot};
use std::rc::Rc;

impl Snapshot {
    pub(super) fn replicas_lost(
        &mut self,
        node: NodeId,
        lost: Lost,
        blocks: &[BlockId],
    ) -> Result<(), Misfit> {
        blocks.iter().try_for_each(|block| self.check_block(*block))?;
        self.node_mut(node)?.belief.replicas_lost = Some(lost);
        for block in blocks {
            self.block_mut(*block)?.believed.retain(|holder| *holder != node);
        }
        Ok(())
    }

    /// A report is of all that a node has: what it leaves out is not there.
    pub(super) fn replicas_reported(
        &mut self,
        node: NodeId,
        blocks: &[BlockId],
    ) -> Result<(), Misfit> {
        blocks.iter().try_for_each(|block| self.check_block(*block))?;
        self.node_mut(node)?.belief.replicas_lost = None;
        for block in &mut self.blocks {
            let (said, believed) = (blocks.contains(&block.id), block.believed.contains(&node));
            match (said, believed) {
                (true, false) => add_copy(Rc::make_mut(block), node),
                (false, true) => Rc::make_mut(block).believed.retain(|holder| *holder != node),
                (true, true) | (false, false) => {}
            }
        }
        Ok(())
    }

    pub(super) fn replication_started(
        &mut self,
        event: &Event,
        block: BlockId,
        (from, to): (NodeId, NodeId),
    ) -> Result<(), Misfit> {
        self.check_nodes(&[from, to])?;
        let started = event.stamp();
        self.block_mut(block)?.copying.push(Copying { from, to, started });
        Ok(())
    }

    pub(super) fn replica_restored(
        &mut self,
        block: BlockId,
        way: (NodeId, NodeId),
    ) -> Result<(), Misfit> {
        add_copy(self.replication_over(block, way)?, way.1);
        Ok(())
    }

    /// A copy is not on its way any more.
    pub(super) fn replication_over(
        &mut self,
        block: BlockId,
        (from, to): (NodeId, NodeId),
    ) -> Result<&mut Block, Misfit> {
        self.check_nodes(&[from, to])?;
        let block = self.block_mut(block)?;
        block.copying.retain(|copy| copy.to != to);
        Ok(block)
    }

    fn block_mut(&mut self, id: BlockId) -> Result<&mut Block, Misfit> {
        self.blocks.get_mut(place(id.0)).map(Rc::make_mut).ok_or(Misfit::NoBlock(id))
    }
}

/// A copy is there, and known.
fn add_copy(block: &mut Block, node: NodeId) {
    for holders in [&mut block.replicas, &mut block.believed] {
        if !holders.contains(&node) {
            holders.push(node);
        }
    }
}
