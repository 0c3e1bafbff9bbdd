//! Why the cluster is as it is.

use crate::base::Codec;
use crate::base::format::{Bytes, Count, Counted};
use crate::trace::event::WorldEvent;
use crate::trace::sentence::nodes;

pub(super) fn why(kind: &WorldEvent) -> String {
    match kind {
        WorldEvent::ClusterStarted { nodes, racks, scale } => {
            let nodes = Counted(u64::from(*nodes), "node");
            let racks = Counted(u64::from(*racks), "rack");
            format!(
                "The scenario asks for {nodes} in {racks}. Each byte of the text takes the time of \
                 {}, so that a small text keeps a cluster as busy as a large file would.",
                Counted(*scale, "byte"),
            )
        }
        WorldEvent::NodeStarted { cores, memory_bytes, map_slots, reduce_slots, .. } => format!(
            "At most {map_slots} map and {reduce_slots} reduce tasks run here at once \
             (mapreduce.tasktracker.map.tasks.maximum of MRv1 and its like for reduces, 2 by default). They \
             share {} and {} of memory for containers.",
            Counted(u64::from(*cores), "core"),
            Bytes(*memory_bytes),
        ),
        WorldEvent::BlockPlaced { offset, length, replicas, .. } => format!(
            "The file is cut into blocks of equal size (dfs.blocksize, 128 MiB by default); this one \
             holds {} from byte {} on. HDFS puts the first copy on the writer's node, or on \
             any for a writer from outside, the second on another rack and the third on that same rack (dfs.replication, 3 by default): here \
             they lie on {}.",
            Bytes(*length),
            Count(*offset),
            nodes(replicas),
        ),
        WorldEvent::FileStored { codec: Codec::Plain, .. } => {
            "The job names several files; each is cut into blocks of its own, and each split is of \
             one file, unless small ones are combined (FileInputFormat)."
                .to_owned()
        }
        WorldEvent::FileStored { codec: Codec::Gzip, .. } => {
            "A gzip file can be read from its beginning only, so it is one split, however many \
             blocks it has: one map reads all of it, most of it from other nodes \
             (TextInputFormat.isSplitable)."
                .to_owned()
        }
        WorldEvent::FaultStruck { .. }
        | WorldEvent::MessageLost { .. }
        | WorldEvent::DuplicateDropped { .. }
        | WorldEvent::WorkerBroke { .. }
        | WorldEvent::LoadChanged { .. } => super::faults::why(kind),
    }
}
