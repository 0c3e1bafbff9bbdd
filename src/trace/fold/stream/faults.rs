//! What is done to what a stream job reads.

use crate::base::StreamFault;
use crate::base::fault::LogPartition;
use crate::trace::event::Event;
use crate::trace::fold::Misfit;
use crate::trace::snapshot::stream::{PartitionState, StreamState};
use crate::trace::stream::{OperatorId, Partition};

impl StreamState {
    /// A fault struck, and found something to do.
    pub(in crate::trace::fold) fn fault_struck(
        &mut self,
        event: &Event,
        fault: StreamFault,
    ) -> Result<(), Misfit> {
        match fault {
            StreamFault::Silence { partition } => {
                self.partition_named(partition)?.silent = Some(event.seq);
            }
            StreamFault::Resume { partition } => self.partition_named(partition)?.silent = None,
            StreamFault::Pace { partition, percent } => {
                self.partition_named(partition)?.pace =
                    (percent != 100).then_some((percent, event.seq));
            }
            StreamFault::Inject { .. } => self.to_inject = self.to_inject.saturating_add(1),
            StreamFault::Move { record, .. } => {
                if record >= self.plan.records {
                    let (what, expected, found) = ("record", self.plan.records, record);
                    return Err(Misfit::OutOfOrder { what, expected, found });
                }
            }
        }
        self.is_disturbed = true;
        Ok(())
    }

    /// What a silent partition's producers hold when the input ends.
    pub(super) fn never_arrived(
        &mut self,
        event: &Event,
        partition: Partition,
        records: u64,
    ) -> Result<(), Misfit> {
        let partition = self.partition_mut(partition)?;
        (partition.missing, partition.seq) = (Some((records, event.seq)), event.seq);
        Ok(())
    }

    /// The partition that a fault names, by the place of its source among the sources.
    fn partition_named(&mut self, named: LogPartition) -> Result<&mut PartitionState, Misfit> {
        let sources = self.plan.operators.iter().filter(|of| of.partitions > 0);
        let source = sources.map(|of| of.id).nth(usize::from(named.source));
        let nowhere = OperatorId(named.source);
        self.partition_mut(Partition { source: source.unwrap_or(nowhere), index: named.index })
    }
}
