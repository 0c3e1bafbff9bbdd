//! Why nodes and their replicas are believed lost or found, and what is done about it.

use crate::base::{AttemptId, NodeId, Span};
use crate::trace::failure::FailureEvent;
use crate::trace::sentence::{capital, count, counted};

pub(super) fn why(kind: &FailureEvent) -> String {
    use FailureEvent as F;
    match kind {
        F::NodeLost { node, silent, timeout, running, outputs } => {
            lost(*node, (*silent, *timeout), running, outputs)
        }
        F::NodeReturned { node, silent } => format!(
            "{} was silent for {silent} and taken for lost, though it may only have been slow or \
             cut off. Its work was given to others meanwhile, so it must stop what it still runs \
             (NodeManager's resync).",
            capital(node.to_string())
        ),
        F::NodeRegistered { outputs_kept, blocks_kept, .. } => format!(
            "A node that starts says so before all else, and so the coordinator knows that what ran \
             there is gone. On its disk it still had {} and {}, which count again.",
            counted(*outputs_kept, "map output"),
            counted(*blocks_kept, "block"),
        ),
        F::NodeBarred { failures, limit, barred, nodes, ignored, .. } => {
            barred_why((*failures, *limit), (*barred, *nodes), *ignored)
        }
        F::ReplicasLost { node, silent, timeout, blocks } => format!(
            "The name node heard nothing of {node} for {silent}, more than its own time-out of \
             {timeout} (in Hadoop 630 s: twice dfs.namenode.heartbeat.recheck-interval and 10 \
             heartbeats). It counts {} without their copies there, and has those that are short of \
             copies copied.",
            counted(count(blocks), "block"),
        ),
        F::ReplicasReported { .. } => "A data node that registers lists the blocks on its disk \
                                       (the block report). The name node believes that, and \
                                       nothing else."
            .to_owned(),
        F::ReplicationStarted { block, from, to, live, wanted } => format!(
            "Of block {} only {live} of {wanted} replicas are left (dfs.replication, 3 by \
             default). The name node orders {to}, which has none, to copy it from {from}, which \
             has one.",
            block.0
        ),
        F::ReplicaRestored { block, to, .. } => {
            format!("The copy of block {} has arrived on {to}, and can be read there.", block.0)
        }
        F::ReplicationFailed { block, .. } => format!(
            "One of the two nodes could not be reached, or had lost the block. Block {} is still \
             short of copies, so the name node will try again.",
            block.0
        ),
        // The others' reasons are in `failures`.
        F::AttemptThrew { .. }
        | F::AttemptStopped { .. }
        | F::ReadFailed { .. }
        | F::FetchFailed { .. }
        | F::OutputsWithdrawn { .. }
        | F::FetchFailureHeard { .. }
        | F::ProgressHeard { .. }
        | F::AttemptFailed { .. }
        | F::AttemptKilled { .. }
        | F::BackupDecided { .. }
        | F::FetchShare { .. }
        | F::JobFailed { .. } => String::new(),
    }
}

fn lost(
    node: NodeId,
    (silent, timeout): (Span, Span),
    running: &[AttemptId],
    outputs: &[AttemptId],
) -> String {
    let killed = match running {
        [] => "No attempt was running there".to_owned(),
        [_] => "The attempt that runs there is killed".to_owned(),
        _ => format!("The {} that run there are killed", counted(count(running), "attempt")),
    };
    let again = match outputs {
        [] => "no completed map needs to run again".to_owned(),
        [map] => format!("{} runs again, since reduces still need its output", map.task),
        _ => format!(
            "{} run again, since reduces still need their output",
            counted(count(outputs), "completed map")
        ),
    };
    format!(
        "Nothing was heard from {node} for {silent}, more than the time-out of {timeout} \
         (yarn.nm.liveness-monitor.expiry-interval-ms, 600 s in Hadoop). {killed}, and {again}. \
         Completed reduces are kept: their output lies in the file system."
    )
}

fn barred_why((failures, limit): (u32, u32), (barred, nodes): (u32, u32), ignored: bool) -> String {
    let so = match ignored {
        false => "At more than 33 % all would get attempts again",
        true => "That is more than 33 %, so the fault is likely the job's and all get attempts",
    };
    format!(
        "{} of the job failed there, and {limit} bar a node \
         (mapreduce.job.maxtaskfailures.per.tracker, 3 by default). Now {barred} of {} are barred. \
         {so} (yarn.app.mapreduce.am.job.node-blacklisting.ignore-threshold-node-percent).",
        counted(failures, "attempt"),
        counted(nodes, "node"),
    )
}
