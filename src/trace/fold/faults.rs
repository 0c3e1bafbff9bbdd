//! What is done to the cluster: crashes, restarts, slowness, cuts. All of it is truth; what anyone
//! believes does not change by it.

use super::Misfit;
use crate::base::{Fault, NodeId, NodePart, RackId};
use crate::trace::event::{Event, WorldEvent};
use crate::trace::snapshot::{Ending, Load, Snapshot};
use std::rc::Rc;

impl Snapshot {
    /// A fault struck, and found something to do.
    pub(super) fn fault_struck(&mut self, event: &Event, fault: Fault) -> Result<(), Misfit> {
        match fault {
            Fault::Crash { node } => self.crashed(event, node),
            Fault::Restart { node, keep_disk } => self.restarted(event, node, keep_disk),
            Fault::Slow { node, part, percent } => self.slowed(event, node, part, percent),
            Fault::CutRack { rack } => self.rack_cut(event, rack),
            Fault::JoinRack { rack } => self.rack_joined(rack),
            Fault::LoseMessages { node, percent } => {
                self.node_mut(node)?.loss = (percent > 0).then_some((percent, event.stamp()));
                Ok(())
            }
            Fault::FailTask { task } => self.task(task).map(|_| ()).ok_or(Misfit::NoTask(task)),
            Fault::PoisonRecord { offset, file } => {
                self.poisoned.push((self.in_line(file, offset), event.seq));
                Ok(())
            }
            Fault::Stream(fault) => {
                let state = self.stream.as_mut().ok_or(Misfit::NoStream)?;
                Rc::make_mut(state).fault_struck(event, fault)
            }
        }
    }

    /// All that runs there is gone. What lies on its disk stays there, out of reach.
    fn crashed(&mut self, event: &Event, id: NodeId) -> Result<(), Misfit> {
        let node = self.node_mut(id)?;
        node.down.get_or_insert(event.stamp());
        node.load = None;
        for attempt in node.running.clone() {
            self.end_on_node(event, attempt, Ending::NodeCrashed)?;
        }
        Ok(())
    }

    fn restarted(&mut self, event: &Event, id: NodeId, keep_disk: bool) -> Result<(), Misfit> {
        let node = self.node_mut(id)?;
        node.down = None;
        node.started = event.stamp();
        node.incarnation = node.incarnation.saturating_add(1);
        if !keep_disk {
            self.disk_emptied(id);
        }
        Ok(())
    }

    /// Replicas and map outputs are gone, though nobody knows yet.
    fn disk_emptied(&mut self, id: NodeId) {
        for block in self.blocks.iter_mut().filter(|block| block.replicas.contains(&id)) {
            Rc::make_mut(block).replicas.retain(|node| *node != id);
        }
        for task in self.maps.iter_mut().chain(&mut self.reduces) {
            if task.attempts.iter().any(|attempt| attempt.node == id) {
                let attempts = &mut Rc::make_mut(task).attempts;
                for attempt in attempts.iter_mut().filter(|attempt| attempt.node == id) {
                    Rc::make_mut(attempt).is_deleted = true;
                }
            }
        }
    }

    fn slowed(
        &mut self,
        event: &Event,
        id: NodeId,
        part: NodePart,
        percent: u32,
    ) -> Result<(), Misfit> {
        let speed = &mut self.node_mut(id)?.speed;
        speed.seq = Some(event.seq);
        match part {
            NodePart::Processor => speed.processor = percent,
            NodePart::Disk => speed.disk = percent,
            NodePart::Network => speed.network = percent,
        }
        Ok(())
    }

    fn rack_cut(&mut self, event: &Event, rack: RackId) -> Result<(), Misfit> {
        self.check_rack(rack)?;
        if self.rack_cut_since(rack).is_none() {
            self.cut_racks.push((rack, event.stamp()));
        }
        Ok(())
    }

    fn rack_joined(&mut self, rack: RackId) -> Result<(), Misfit> {
        self.check_rack(rack)?;
        self.cut_racks.retain(|(cut, _)| *cut != rack);
        Ok(())
    }

    pub(super) fn message_lost(&mut self, node: NodeId) -> Result<(), Misfit> {
        let node = self.node_mut(node)?;
        node.messages_lost = node.messages_lost.saturating_add(1);
        Ok(())
    }

    pub(super) fn load_changed(&mut self, event: &Event, kind: &WorldEvent) -> Result<(), Misfit> {
        let node = self.node_mut(event.node.ok_or(Misfit::NoNodeNamed)?)?;
        if let &WorldEvent::LoadChanged {
            cores_thousandths,
            disk_bytes_per_second,
            sent_bytes_per_second,
            received_bytes_per_second,
        } = kind
        {
            node.load = Some(Load {
                cores_thousandths,
                disk_bytes_per_second,
                sent_bytes_per_second,
                received_bytes_per_second,
                stamp: event.stamp(),
            });
        }
        Ok(())
    }
}
