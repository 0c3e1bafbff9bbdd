//! Why the coordinator did what it did.

use super::failures::given_again;
use crate::base::format::{Bytes, Counted, Percent};
use crate::base::{AttemptId, NodeId, PartitionId, Span, TaskKind};
use crate::trace::event::{BatchEvent, Counters, Event, Locality};
use crate::trace::failure::LaunchReason;
use crate::trace::sentence::{capital, count, counted, nodes};
use crate::trace::snapshot::Snapshot;

pub(super) fn job_submitted(input_bytes: u64, maps: u32, reduces: u32) -> String {
    format!(
        "The job asks for {} (mapreduce.job.reduces, 1 by default). The number of maps is not \
         chosen: {} of input make {}, and each split is one map.",
        counted(reduces, "reduce"),
        Bytes(input_bytes),
        counted(maps, "split"),
    )
}

pub(super) fn split_planned(length: u64, hosts: &[NodeId]) -> String {
    format!(
        "A split is as large as a block, and what is left is cut again only while it is more than \
         1.1 splits (FileInputFormat): this one has {}. Its hosts are those of the block that it \
         starts in, which lies on {}.",
        Bytes(length),
        nodes(hosts),
    )
}

pub(super) fn heartbeat(event: &Event, node: NodeId, before: &Snapshot) -> String {
    let heard = before.node(node).and_then(|node| node.belief.heard_at);
    let last = match heard {
        Some(heard) => format!("the one before arrived {} earlier", event.at.since(heard)),
        None => "this is its first".to_owned(),
    };
    format!(
        "Each node reports once in an interval \
         (yarn.resourcemanager.nodemanagers.heartbeat-interval-ms, 1,000 by default), and later \
         while its processor is starved; {last}. Which slots are free on {node} the coordinator \
         knows by this until the next one; how far attempts are and that they ended comes in \
         reports of their own."
    )
}

pub(super) fn slow_start(done: u32, maps: u32, needed: u32) -> String {
    format!(
        "Reduces wait for {needed} of {}: mapreduce.job.reduce.slowstart.completedmaps (0.05 by \
         default) of all maps, rounded up. Now {done} done, and reduces that are given out fetch \
         while the other maps still run.",
        counted(maps, "map"),
        done = if done == 1 { "1 is".to_owned() } else { format!("{done} are") },
    )
}

pub(super) fn map_assigned(kind: &BatchEvent) -> String {
    let BatchEvent::MapAssigned {
        attempt,
        node,
        locality,
        pending,
        pending_local,
        opportunities_passed,
        reason,
    } = kind
    else {
        return String::new();
    };
    let (pending, local) = (counted(*pending, "pending map"), pending_local);
    let again = given_again(*reason);
    let had = format!("{} had a free map slot{again}.", capital(node.to_string()));
    let waited = waited(*opportunities_passed);
    match locality {
        Locality::NodeLocal => format!(
            "{had} Of {pending} {local} had a copy of the block on this node, so the nearest was \
             taken: {attempt}, node-local.",
        ),
        Locality::RackLocal => format!(
            "{had} Of {pending} {local} had a copy of the block on this node, but {attempt} has one \
             on its rack. {waited}, so rack-local was near enough.",
        ),
        Locality::OffRack => format!(
            "{had} Of {pending} {local} had a copy of the block on this node, and none on its rack. \
             {waited}, so {attempt} was taken all the same, off-rack.",
        ),
    }
}

/// Only a job that never waits takes far data without having passed up an offer.
fn waited(passed: u32) -> String {
    let rule = "yarn.scheduler.capacity.node-locality-delay, 40 by default";
    match passed {
        0 => format!("The job does not wait for a nearer one ({rule})"),
        1 => format!("1 offer was passed up before, in the hope of a nearer one ({rule})"),
        _ => format!(
            "{} were passed up before, in the hope of a nearer one ({rule})",
            counted(passed, "offer"),
        ),
    }
}

pub(super) fn reduce_assigned(
    attempt: AttemptId,
    node: NodeId,
    pending: u32,
    reason: LaunchReason,
) -> String {
    format!(
        "{} had a free reduce slot{again}; {} waited. A reduce fetches from all maps, so no node is \
         nearer to its data than another: the first in line was taken, {attempt}.",
        capital(node.to_string()),
        counted(pending, "reduce"),
        again = given_again(reason),
    )
}

pub(super) fn commit_granted(attempt: AttemptId, part: PartitionId) -> String {
    format!(
        "An attempt asks before it commits, and the coordinator lets only one attempt of a task do \
         so. For part {} that is {attempt}: no other attempt's output can be seen beside it.",
        part.0,
    )
}

pub(super) fn succeeded(attempt: AttemptId, took: Span, before: &Snapshot) -> String {
    let (done, all, kind) = match attempt.task.kind {
        TaskKind::Map => (before.job.as_ref().map(|job| job.maps_done), &before.maps, "map"),
        TaskKind::Reduce => {
            (before.job.as_ref().map(|job| job.reduces_done), &before.reduces, "reduce")
        }
    };
    format!(
        "The attempt took {took}, and its node's report has reached the coordinator only now. Its \
         counters are added to the job's: {} of {} done.",
        u64::from(done.unwrap_or(0)).saturating_add(1),
        counted(count(all), kind),
    )
}

pub(super) fn tasks_finished(kind: TaskKind, tasks: u32) -> String {
    match kind {
        TaskKind::Map => format!(
            "The coordinator knows of each of the {} that one attempt succeeded. All that the \
             reduces have still to fetch is ready.",
            counted(tasks, "map"),
        ),
        TaskKind::Reduce => format!(
            "The coordinator knows of each of the {} that one attempt succeeded and committed its \
             part. The job can be committed.",
            counted(tasks, "reduce"),
        ),
    }
}

pub(super) fn job_commit_started(parts: u32) -> String {
    format!(
        "By commit algorithm 1 tasks set their output aside, and the job renames it: {}, one after \
         another, each a call to the name node. Whoever looks meanwhile sees some parts and not \
         others, so that only _SUCCESS says that all are there. Algorithm 2 has no such step, but \
         shows parts of a job that may still fail.",
        counted(u64::from(parts), "part"),
    )
}

pub(super) fn part_published(part: PartitionId, before: &Snapshot) -> String {
    let aside = before.set_aside.iter().find(|output| output.part == part);
    let since = aside.map_or(String::new(), |output| {
        format!(" since {} committed it at {}", output.attempt, output.committed.0)
    });
    let waiting = before.set_aside.len().saturating_sub(1) as u64;
    format!(
        "It lay aside{since}. The job's commit has renamed it now; {} still to be.",
        counted(waiting, "part"),
    )
}

pub(super) fn job_finished(took: Span, counters: &Counters) -> String {
    let Counters { map_output_bytes, reduce_shuffle_bytes, reduce_output_records, .. } = counters;
    format!(
        "All parts are in place, so the job's committer writes the empty file _SUCCESS: whoever \
         waits for the output looks for that. In {took} the job made {}; its maps emitted {}, of \
         which {} were shuffled.",
        Counted(*reduce_output_records, "output record"),
        Bytes(*map_output_bytes),
        share(*reduce_shuffle_bytes, *map_output_bytes),
    )
}

/// `12 KB (24 %)`.
fn share(part: u64, whole: u64) -> String {
    format!("{} ({})", Bytes(part), Percent(part, whole))
}
