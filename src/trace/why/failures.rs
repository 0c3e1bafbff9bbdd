//! Why something failed, and why it was mended as it was.

mod errors;
mod nodes;

use crate::base::format::Bytes;
use crate::base::{AttemptId, NodeId, TaskId, TaskKind};
use crate::trace::failure::{FailureEvent, KillReason, LaunchReason, TaskError};
use crate::trace::sentence::{capital, counted, share, times};
use crate::trace::snapshot::Snapshot;

pub(super) fn why(kind: &FailureEvent, before: &Snapshot) -> String {
    use FailureEvent as F;
    match kind {
        F::AttemptThrew { error, .. } => format!(
            "{} The coordinator knows of it only when the node's message has arrived.",
            errors::of_task(error)
        ),
        F::AttemptStopped { .. } => "The coordinator's order has arrived. What the attempt wrote \
                                     on its node is deleted; nobody ever saw it, since only a \
                                     committed output can be seen."
            .to_owned(),
        F::ReadFailed { block, from, error, .. } => errors::read_failed(block.0, *from, error),
        F::FetchFailed { .. } => fetch_failed(kind),
        F::OutputsWithdrawn { .. } => "The coordinator's list of map outputs says so (in Hadoop, \
                                       task completion events that are OBSOLETE). What was fetched \
                                       from them stays valid, since every attempt of a map emits \
                                       the same; the rest will come from the next attempt."
            .to_owned(),
        F::FetchFailureHeard { notifications, needed, copying, .. } => {
            fetch_failure_heard(*notifications, *needed, *copying)
        }
        F::ProgressHeard { .. } => "A running attempt reports how far it has come \
                                    (mapreduce.task.progress-report.interval, 3 s by default). \
                                    From that alone the coordinator estimates when it would end."
            .to_owned(),
        F::AttemptFailed { attempt, error, failures, limit, .. } => format!(
            "{} That is failure {failures} of {limit}: the last one fails the job ({}, 4 by \
             default).",
            errors::of_task(error),
            attempts_key(attempt.task),
        ),
        F::AttemptKilled { attempt, node, reason } => killed(*attempt, *node, reason, before),
        F::BackupDecided { .. } => backup_decided(kind),
        F::FetchShare { bytes_per_second, .. } => format!(
            "Flows that meet in a network card or a rack's uplink share it evenly, except that none \
             gets more than it can use (max-min fairness): for this one {}/s. It changes whenever \
             another begins or ends.",
            Bytes(*bytes_per_second)
        ),
        F::JobFailed { task, error, failures, .. } => job_failed(*task, error, *failures),
        F::NodeLost { .. }
        | F::NodeReturned { .. }
        | F::NodeRegistered { .. }
        | F::NodeBarred { .. }
        | F::ReplicasLost { .. }
        | F::ReplicasReported { .. }
        | F::ReplicationStarted { .. }
        | F::ReplicaRestored { .. }
        | F::ReplicationFailed { .. } => nodes::why(kind),
    }
}

/// Why a task is given out though it was before; goes on after "had a free slot".
pub(super) fn given_again(reason: LaunchReason) -> &'static str {
    match reason {
        LaunchReason::First => "",
        LaunchReason::Retry => ", and an earlier attempt of the task had failed",
        LaunchReason::Rerun => ", and an earlier attempt was killed or its output was lost",
        LaunchReason::Backup => {
            ", and another attempt of the task is slow: this is its backup, and the first to end \
             counts"
        }
    }
}

fn fetch_failed(kind: &FailureEvent) -> String {
    let FailureEvent::FetchFailed { from, error, host_failures, retry_after, reported, .. } = kind
    else {
        return String::new();
    };
    let told = match reported {
        true => "and tells the coordinator, since only that can have the map redone",
        false => {
            "and does not yet tell the coordinator (mapreduce.reduce.shuffle.maxfetchfailures)"
        }
    };
    format!(
        "{} This reduce failed {} with that host, so it stays away from it for {retry_after}, \
         longer each time (in Hadoop 10 s × 1.3 to the power of the failures, ShuffleSchedulerImpl), \
         {told}.",
        errors::of_read(*from, error),
        times(*host_failures),
    )
}

fn fetch_failure_heard(notifications: u32, needed: u32, copying: u32) -> String {
    let is_enough =
        notifications >= needed && u64::from(notifications).saturating_mul(2) >= u64::from(copying);
    let so = match is_enough {
        true => "That is enough, and the map runs again",
        false => "That is not enough yet: the fault may lie with the reduce",
    };
    format!(
        "A finished map is redone at {needed} notifications, if they are at least half as many as \
         the reduces that copy, of which there are {copying} (JobImpl: 3, and 50 %). So far there \
         are {notifications}. {so}."
    )
}

fn killed(attempt: AttemptId, node: NodeId, reason: &KillReason, before: &Snapshot) -> String {
    let had_succeeded = before.attempt(attempt).is_some_and(|attempt| attempt.is_counted());
    let reason = match (reason, had_succeeded) {
        (KillReason::NodeLost { .. }, true) => format!(
            "The map had succeeded, but its output lies on the disk of {node}, which is believed \
             lost. Reduces still need it, so the map is pending again; a reduce would be kept: its \
             output lies in the file system."
        ),
        (KillReason::NodeLost { .. }, false) => format!(
            "It ran on {node}, which is believed lost: whatever it did there is out of reach."
        ),
        (KillReason::NodeRestarted { .. }, true) => format!(
            "The map had succeeded, but {node} began anew without its output. Reduces still need \
             it, so the map is pending again."
        ),
        (KillReason::NodeRestarted { .. }, false) => {
            format!("It ran on {node}, which began anew: what ran there before is gone.")
        }
        (KillReason::LostRace { winner }, _) => format!(
            "Attempt {} of {} was done first, and one is enough: both make the same output.",
            winner.number, attempt.task
        ),
        (KillReason::MadeRoom { maps_waiting }, _) => format!(
            "{} found no room while reduces filled it and waited for just these maps, so nothing \
             would ever have gone on (RMContainerAllocator.preemptReducesIfNeeded).",
            capital(counted(*maps_waiting, "map").to_string())
        ),
        (KillReason::JobFailed, _) => {
            "The job failed, so whatever still runs for it is of no use.".to_owned()
        }
        (KillReason::JobFinished, _) => {
            "The job is done, so whatever still runs for it is of no use.".to_owned()
        }
    };
    format!("{reason} Killed is not failed: it does not count towards the limit of the task.")
}

fn backup_decided(kind: &FailureEvent) -> String {
    let FailureEvent::BackupDecided {
        attempt,
        millionths,
        estimated_end,
        replacement_end,
        mean,
        done,
        tasks,
        backups,
        cap,
    } = kind
    else {
        return String::new();
    };
    format!(
        "At {} by now, {attempt} would end at {estimated_end}; a new attempt that takes the mean \
         of {mean} would end at {replacement_end}. No task of its kind waits, {done} of {tasks} \
         are done (at least 5 %) and {backups} of {cap} backups run, so it is worth a backup. The \
         scan chooses the largest gain, one a second, and after it found one it looks away for 15 s \
         (DefaultSpeculator; mapreduce.job.speculative.retry-after-speculate).",
        share(*millionths),
    )
}

fn job_failed(task: TaskId, error: &TaskError, failures: u32) -> String {
    let error_of_task = errors::of_task(error);
    match error {
        TaskError::NoNodes { .. } | TaskError::TookTooLong { .. } => error_of_task,
        TaskError::Exception
        | TaskError::PoisonRecord { .. }
        | TaskError::CorruptInput { .. }
        | TaskError::BadRecord { .. }
        | TaskError::BlockMissing { .. }
        | TaskError::FetchesFailed { .. }
        | TaskError::TimedOut { .. }
        | TaskError::OutputUnreachable { .. }
        | TaskError::Worker { .. } => format!(
            "{} failed {}, as often as a task may ({}, 4 by default). The last time: {error_of_task}",
            capital(task.to_string()),
            times(failures),
            attempts_key(task),
        ),
    }
}

fn attempts_key(task: TaskId) -> &'static str {
    match task.kind {
        TaskKind::Map => "mapreduce.map.maxattempts",
        TaskKind::Reduce => "mapreduce.reduce.maxattempts",
    }
}
