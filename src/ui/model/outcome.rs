//! How a job came out, in the learner's words: why it failed, and what can be tried.

use super::run::Run;
use super::{catalog, comparison};
use crate::base::format::{Counted, Listed};
use crate::trace::failure::TaskError;
use crate::trace::snapshot::JobFailure;

/// Why a job failed: the task, how often, and what it met with last.
pub fn why(failed: &JobFailure) -> String {
    let task = failed.task;
    let last = match &failed.error {
        TaskError::Exception => "its code threw an exception".to_owned(),
        TaskError::PoisonRecord { offset, .. } => {
            format!("it threw at the record with byte {offset}, every time")
        }
        TaskError::CorruptInput { file, offset } => {
            format!("{file} is damaged from byte {offset} on")
        }
        TaskError::BadRecord { offset, column, problem, .. } => {
            format!(
                "it could not read the line at byte {offset}, from column {column} on: {problem}"
            )
        }
        TaskError::BlockMissing { block } => {
            format!("no node that is up has a copy of block {}", block.0)
        }
        TaskError::FetchesFailed { failing, .. } => {
            format!("{failing} of the map outputs that it needs could not be fetched")
        }
        TaskError::TimedOut { silent, .. } => format!("it said nothing for {silent}"),
        TaskError::OutputUnreachable { .. } => "its output could not be fetched".to_owned(),
        TaskError::NoNodes { silent, .. } => {
            return format!("No node was heard of for {silent}: {task} found no place to run.");
        }
        TaskError::TookTooLong { limit } => {
            return format!("It was not done after {limit}, and no job may take longer.");
        }
        TaskError::Worker { message } => format!("its worker broke down: {message}"),
    };
    let times = match failed.failures {
        0 | 1 => "once".to_owned(),
        2 => "twice".to_owned(),
        more => format!("{more} times"),
    };
    let sentence = format!("{task} failed {times}, and no task may fail more often: {last}.");
    catalog::sentence(&sentence)
}

/// What a job that ended well came to, in its own figures: true of whatever run.
pub fn closing(run: &Run) -> String {
    let totals = comparison::totals(run, run.timeline.len());
    let tasks =
        |kind: &str, count: usize| (count > 0).then(|| Counted(count as u64, kind).to_string());
    let (maps, reduces) = (run.snapshot.maps.len(), run.snapshot.reduces.len());
    let tasks: Vec<String> =
        [tasks("map", maps), tasks("reduce", reduces)].into_iter().flatten().collect();
    let attempts = Counted(u64::from(totals.attempts), "attempt");
    let was = |count: u32, words: [&str; 2]| match count {
        0 => None,
        1 => Some(format!("1 {}", words[0])),
        more => Some(format!("{more} {}", words[1])),
    };
    let told: Vec<String> = [
        was(totals.failed, ["failed", "failed"]),
        was(totals.killed, ["was killed", "were killed"]),
        was(totals.backups, ["was a backup", "were backups"]),
        was(totals.backups_won, ["backup was first", "backups were first"]),
        was(totals.maps_again, ["map had to run again", "maps had to run again"]),
    ]
    .into_iter()
    .flatten()
    .collect();
    let told = match told.is_empty() {
        true => "none failed, and none was killed".to_owned(),
        false => Listed(&told).to_string(),
    };
    let took = totals.took.seconds();
    format!("The job took {took:.1} s, {} and {attempts}: {told}.", tasks.join(", "))
}

/// What can be tried.
pub fn advice(error: &TaskError) -> &'static str {
    match error {
        TaskError::Exception => {
            "Take the faults back with Undo, or allow more attempts among the parameters."
        }
        TaskError::CorruptInput { .. } => {
            "Trying again cannot help against a damaged file: compress it anew with gzip, or take it out."
        }
        TaskError::PoisonRecord { .. } => {
            "Trying again cannot help against a bad record: take it out of the text, or the fault back with Undo."
        }
        TaskError::BadRecord { .. } => {
            "Trying again cannot help against a line that the job cannot read: mend it in the text."
        }
        TaskError::BlockMissing { .. } => {
            "More replicas would have kept a copy: try a replication of 2 or 3, or restart the node with its disk in time."
        }
        TaskError::FetchesFailed { .. } | TaskError::OutputUnreachable { .. } => {
            "Bring the node or the rack back in time, or give fetches more time among the parameters."
        }
        TaskError::TimedOut { .. } => {
            "The node was too slow to report: try a longer task time-out, or a faster node."
        }
        TaskError::NoNodes { .. } => {
            "Restart a node, or join its rack again, before the job gives up. Undo brings the nodes back."
        }
        TaskError::TookTooLong { .. } => {
            "Something kept it from getting on: look at the log's last lines, and take faults back with Undo."
        }
        TaskError::Worker { .. } => "Start the run again, with a smaller text or fewer workers.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{TaskId, Time};
    use crate::trace::Seq;

    #[test]
    fn a_failed_job_says_which_task_how_often_and_what_of() {
        let at = (Time(5), Seq(9));
        let error = TaskError::PoisonRecord { offset: 120, file: crate::base::FileId(0) };
        let failed = JobFailure { at, task: TaskId::map(2), error, failures: 4 };
        assert_eq!(
            why(&failed),
            "Map 2 failed 4 times, and no task may fail more often: it threw at the record with byte \
             120, every time."
        );
        assert!(advice(&failed.error).contains("Undo"));
    }
}
