//! What failed and what was done about it, in one sentence.

use super::{count, counted, of_file, place};
use crate::base::format::{Bytes, Percent};
use crate::base::{AttemptId, NodeId};
use crate::trace::event::Event;
use crate::trace::failure::{FailureEvent, KillReason, LaunchReason, ReadError, TaskError};

#[expect(clippy::too_many_lines, reason = "a closed enum, one arm a kind")]
pub(super) fn failure(event: &Event, kind: &FailureEvent) -> String {
    use FailureEvent as F;
    match kind {
        F::AttemptThrew { attempt, error } => threw(*attempt, error),
        F::AttemptStopped { attempt } => {
            format!("{attempt} is stopped on {}; its files are deleted.", place(event.node))
        }
        F::ReadFailed { attempt, block, from, error } => {
            format!("{attempt} cannot read block {} from {from}: {}.", block.0, read_error(error))
        }
        F::FetchFailed { attempt, map, from, retry_after, .. } => {
            format!("{attempt} cannot fetch {} from {from}, and waits {retry_after}.", map.task)
        }
        F::OutputsWithdrawn { attempt, maps } => match &maps[..] {
            [map] => format!("{attempt} learns that the output of {} is withdrawn.", map.task),
            _ => format!(
                "{attempt} learns that {} are withdrawn.",
                counted(count(maps), "map output")
            ),
        },
        F::FetchFailureHeard { map, notifications, needed, .. } => format!(
            "the coordinator hears that {map} cannot be fetched, {notifications} of {needed}."
        ),
        F::ProgressHeard { attempt, millionths } => {
            format!("the coordinator hears that {attempt} is at {}.", share(*millionths))
        }
        F::AttemptFailed { attempt, error, failures, limit, .. } => {
            format!("{attempt} failed, {failures} of {limit} for its task: {}.", short_error(error))
        }
        F::AttemptKilled { attempt, node, reason } => killed(*attempt, *node, reason),
        F::NodeLost { node, silent, timeout, .. } => {
            format!("{node} is believed lost: nothing heard for {silent}, time-out {timeout}.")
        }
        F::NodeReturned { node, silent } => {
            format!("{node}, believed lost, speaks again after {silent} of silence.")
        }
        F::NodeRegistered { node, outputs_kept: 0, .. } => {
            format!("{node} says that it began anew and kept no map output.")
        }
        F::NodeRegistered { node, outputs_kept, .. } => {
            let kept = counted(*outputs_kept, "map output");
            format!("{node} says that it began anew and kept {kept}.")
        }
        F::NodeBarred { barred, nodes, ignored: true, .. } => {
            format!("{barred} of {nodes} nodes are barred: so many that all get attempts.")
        }
        F::NodeBarred { node, failures, ignored: false, .. } => {
            format!("{node} gets no attempts any more: {failures} of the job failed there.")
        }
        F::BackupDecided { attempt, millionths, .. } => {
            format!("{attempt} is slow, at {}: it gets a backup.", share(*millionths))
        }
        F::ReplicasLost { node, blocks, .. } => {
            let blocks = counted(count(blocks), "block");
            format!("the name node believes the copies of {blocks} on {node} lost.")
        }
        F::ReplicasReported { node, blocks } => {
            format!(
                "{node} reports copies of {}, which count again.",
                counted(count(blocks), "block")
            )
        }
        F::ReplicationStarted { block, from, to, live, wanted } => {
            let block = block.0;
            format!("{to} copies block {block} from {from}: {live} of {wanted} copies are left.")
        }
        F::ReplicaRestored { block, to, .. } => {
            format!("block {} has another copy, on {to}.", block.0)
        }
        F::ReplicationFailed { block, from, to } => {
            format!("block {} could not be copied from {from} to {to}.", block.0)
        }
        F::FetchShare { attempt, map, bytes_per_second, done_bytes } => {
            let (rate, done) = (Bytes(*bytes_per_second), Bytes(*done_bytes));
            format!("{attempt} fetches {} at {rate}/s, {done} so far.", map.task)
        }
        F::JobFailed { took, task, error, failures, .. } => match error {
            TaskError::NoNodes { .. } => {
                format!("the job failed after {took}: no node was believed alive.")
            }
            TaskError::TookTooLong { .. } => {
                format!("the job failed after {took}: no job may take longer.")
            }
            TaskError::Exception
            | TaskError::PoisonRecord { .. }
            | TaskError::CorruptInput { .. }
            | TaskError::BadRecord { .. }
            | TaskError::BlockMissing { .. }
            | TaskError::FetchesFailed { .. }
            | TaskError::TimedOut { .. }
            | TaskError::OutputUnreachable { .. }
            | TaskError::Worker { .. } => {
                format!("the job failed after {took}: {task} failed {}.", times(*failures))
            }
        },
    }
}

/// Why a task that is given out is not given out for the first time; nothing when it is.
pub(super) fn given_again(
    attempt: AttemptId,
    node: NodeId,
    reason: LaunchReason,
) -> Option<String> {
    let goes = format!("{attempt} goes to {node}");
    match reason {
        LaunchReason::First => None,
        LaunchReason::Retry => Some(format!("{goes}: another try after a failure.")),
        LaunchReason::Rerun => Some(format!("{goes}: the task has to run again.")),
        LaunchReason::Backup => Some(format!("{goes}, as the backup of a slow one.")),
    }
}

/// How an attempt that ends by itself says so.
fn threw(attempt: AttemptId, error: &TaskError) -> String {
    match error {
        TaskError::PoisonRecord { offset, file } => {
            format!("{attempt} throws at the record that holds byte {offset}{}.", of_file(*file))
        }
        TaskError::CorruptInput { file, offset } => {
            format!("{attempt} throws at byte {offset} of {file}, which is damaged.")
        }
        TaskError::BadRecord { offset, column, .. } => {
            format!("{attempt} cannot read the line at byte {offset}, column {column}.")
        }
        TaskError::BlockMissing { block } => {
            format!("{attempt} gives up: no copy of block {} can be read.", block.0)
        }
        TaskError::FetchesFailed { failing, .. } => {
            format!("{attempt} gives up: {} cannot be fetched.", counted(*failing, "map"))
        }
        TaskError::Exception
        | TaskError::TimedOut { .. }
        | TaskError::OutputUnreachable { .. }
        | TaskError::NoNodes { .. }
        | TaskError::TookTooLong { .. }
        | TaskError::Worker { .. } => format!("{attempt} ends by {}.", short_error(error)),
    }
}

/// Why an attempt failed, in at most four words.
pub fn short_error(error: &TaskError) -> String {
    match error {
        TaskError::Exception => "an exception".to_owned(),
        TaskError::PoisonRecord { .. } => "a poison record".to_owned(),
        TaskError::CorruptInput { .. } => "a corrupt file".to_owned(),
        TaskError::BadRecord { .. } => "an unreadable line".to_owned(),
        TaskError::BlockMissing { block } => format!("missing block {}", block.0),
        TaskError::FetchesFailed { .. } => "too many failed fetches".to_owned(),
        TaskError::TimedOut { silent, .. } => format!("silence for {silent}"),
        TaskError::OutputUnreachable { .. } => "an unreachable output".to_owned(),
        TaskError::NoNodes { .. } => "no living node".to_owned(),
        TaskError::TookTooLong { .. } => "too long a time".to_owned(),
        TaskError::Worker { .. } => "a broken worker".to_owned(),
    }
}

/// Why a read failed, in at most four words.
pub fn read_error(error: &ReadError) -> String {
    match error {
        ReadError::NoConnection { waited } => format!("silent for {waited}"),
        ReadError::Stalled { waited } => format!("stalled for {waited}"),
        ReadError::NotFound => "it has none".to_owned(),
        ReadError::Checksum => "a wrong checksum".to_owned(),
    }
}

/// What ran and what had succeeded alike no longer counts when its node is lost.
fn killed(attempt: AttemptId, node: NodeId, reason: &KillReason) -> String {
    match reason {
        KillReason::NodeLost { .. } => {
            format!("{attempt} no longer counts: {node} is believed lost.")
        }
        KillReason::NodeRestarted { .. } => {
            format!("{attempt} no longer counts: {node} began anew.")
        }
        KillReason::LostRace { winner } => {
            let AttemptId { task, number } = attempt;
            format!(
                "attempt {number} of {task} is killed: attempt {} finished first.",
                winner.number
            )
        }
        KillReason::MadeRoom { maps_waiting } => {
            let maps = counted(*maps_waiting, "waiting map");
            format!("{attempt} is killed to make room for {maps}.")
        }
        KillReason::JobFailed => format!("{attempt} is killed, since the job failed."),
        KillReason::JobFinished => format!("{attempt} is killed, since the job is done."),
    }
}

/// `once`, `4 times`.
pub(in crate::trace) fn times(number: u32) -> String {
    match number {
        1 => "once".to_owned(),
        _ => format!("{number} times"),
    }
}

/// A share in millionths, in percent.
pub(in crate::trace) fn share(millionths: u32) -> Percent {
    Percent(u64::from(millionths), 1_000_000)
}
