//! What a fault does, and what a network does by itself.

use crate::base::format::Percent;
use crate::base::{Fault, NodePart, StreamFault};
use crate::trace::event::WorldEvent;
use crate::trace::sentence::times;

pub(super) fn why(kind: &WorldEvent) -> String {
    match kind {
        WorldEvent::FaultStruck { fault: fault @ Fault::Stream(_), effect: false, .. } => format!(
            "Asked for was: {fault}. The input had ended, or it was so already, or the record had \
             arrived."
        ),
        WorldEvent::FaultStruck { fault, effect: false, .. } => format!(
            "Asked for was: {fault}. The cluster was not in a state in which that changes anything."
        ),
        WorldEvent::FaultStruck { fault, by_rate, effect: true } => {
            let whence = match by_rate {
                true => "The scenario lets faults strike by chance, and this is one".to_owned(),
                false => format!("The run was asked to: {fault}"),
            };
            format!("{whence}. {}", effect(*fault))
        }
        WorldEvent::MessageLost { tries, again_after, .. } => format!(
            "A network may lose what it carries. Whoever sends waits for an acknowledgement and \
             sends again when none came, here after {again_after}; it was sent {} so far.",
            times(*tries)
        ),
        WorldEvent::DuplicateDropped { .. } => "A network may deliver twice what was sent once, \
                                                and a sender that missed the acknowledgement sends \
                                                again. Messages are numbered, so the receiver knows \
                                                the second copy."
            .to_owned(),
        WorldEvent::WorkerBroke { reason } => format!(
            "Each live node is a web worker of the browser. This one said: {reason}. All that was in \
             its memory is gone, as when a machine loses its power."
        ),
        WorldEvent::LoadChanged { cores_thousandths, .. } => format!(
            "What runs on a node shares its cores, disks and network card evenly, except that none \
             gets more than it can use: the attempts here get {} of a core together.",
            Percent(u64::from(*cores_thousandths), 1_000)
        ),
        WorldEvent::ClusterStarted { .. }
        | WorldEvent::NodeStarted { .. }
        | WorldEvent::FileStored { .. }
        | WorldEvent::BlockPlaced { .. } => String::new(),
    }
}

fn effect(fault: Fault) -> &'static str {
    match fault {
        Fault::Crash { .. } => {
            "The coordinator is not told: it believes what it heard last, until it has heard \
             nothing for the time-out. Map outputs and replicas on the disk are out of reach, but \
             not gone."
        }
        Fault::Restart { keep_disk: true, .. } => {
            "What ran there is gone; what lay on the disk is still there, and the node says so as \
             soon as it is heard."
        }
        Fault::Restart { keep_disk: false, .. } => {
            "Its disk is empty: the map outputs and replicas that lay there are gone for good."
        }
        Fault::Slow { part: NodePart::Processor, .. } => {
            "The coordinator is not told: a starved machine only reports late and its attempts come \
             on slowly, and Hadoop's coordinator knows it by nothing else."
        }
        Fault::Slow { part: NodePart::Disk | NodePart::Network, .. } => {
            "The coordinator is not told: that a node is slow shows only in how far its attempts \
             have come."
        }
        Fault::CutRack { .. } => {
            "Its nodes work on, but nothing that they say arrives: once the time-out is over, they \
             are as good as dead for the coordinator."
        }
        Fault::JoinRack { .. } => {
            "What waited is sent again and arrives now; nodes that were taken for lost meanwhile \
             must stop what they run."
        }
        Fault::LoseMessages { .. } => {
            "What is lost is sent again until it arrives, so messages come late, but once and in \
             order."
        }
        Fault::FailTask { .. } => {
            "Each attempt that ends so is a failure of its task (mapreduce.map.maxattempts, 4 by \
             default)."
        }
        Fault::PoisonRecord { .. } => {
            "Every attempt comes to the same record and throws again, so the task uses up its \
             attempts (mapreduce.map.maxattempts, 4 by default) and the job fails."
        }
        Fault::Stream(fault) => stream_effect(fault),
    }
}

fn stream_effect(fault: StreamFault) -> &'static str {
    match fault {
        StreamFault::Silence { .. } => {
            "The source is not told: it waits for the partition's watermark until it takes the \
             partition for idle, if it ever does."
        }
        StreamFault::Resume { .. } => {
            "What waited happened long ago: if the watermark has gone on without this partition, it \
             is late."
        }
        StreamFault::Pace { .. } => {
            "Event times stay as they are: at a slower pace records come later after they happened, \
             and hold the watermark back; at a faster one they catch up, but none comes before it \
             happened."
        }
        StreamFault::Inject { .. } => {
            "It goes the way of all records, and what becomes of it is decided by its event time and \
             the watermark."
        }
        StreamFault::Move { .. } => {
            "Its event time stays; only its arrival is another, so whether it is late may be too."
        }
    }
}
