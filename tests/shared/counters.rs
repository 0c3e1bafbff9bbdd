//! The counters of tasks, of nodes and of the job are the same numbers, summed up differently.

use millrace::base::NodeId;
use millrace::trace::Snapshot;
use millrace::trace::counters::{JobCounters, of_node, of_task};
use millrace::trace::event::Counters;

/// Whether they are, at this moment of a run.
pub(crate) fn parts_add_up(snapshot: &Snapshot) -> Result<(), String> {
    let nodes = || (1..).map(NodeId).take(snapshot.nodes.len());
    let tasks = snapshot.maps.iter().chain(&snapshot.reduces);
    let of_tasks = sum(tasks.map(|task| of_task(snapshot, task.id)));
    let of_nodes = sum(nodes().map(|node| of_node(snapshot, node)));
    if of_tasks != *snapshot.counters || of_nodes != *snapshot.counters {
        return Err(format!("{of_tasks:?}, {of_nodes:?} and {:?} differ", snapshot.counters));
    }
    let job = JobCounters::of(snapshot, None);
    for (place, (name, _, whole)) in job.rows().into_iter().enumerate() {
        let parts = nodes().map(|node| JobCounters::of(snapshot, Some(node)).rows()[place].2);
        let parts: u64 = parts.sum();
        if parts != whole {
            return Err(format!("{name}: {parts} on all nodes, {whole} in all"));
        }
    }
    let local = job.data_local_maps + job.rack_local_maps + job.other_local_maps;
    if local != job.total_launched_maps {
        return Err(format!("{local} maps are local or not, {} launched", job.total_launched_maps));
    }
    Ok(())
}

fn sum(parts: impl Iterator<Item = Counters>) -> Counters {
    parts.fold(Counters::default(), |mut sum, part| {
        sum.add(&part);
        sum
    })
}
