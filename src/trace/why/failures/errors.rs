//! What went wrong, in a sentence or two.

use crate::base::NodeId;
use crate::trace::failure::{ReadError, TaskError};
use crate::trace::sentence::counted;

/// Why an attempt failed.
pub(super) fn of_task(error: &TaskError) -> String {
    match error {
        TaskError::Exception => {
            "The task's code threw an exception, which ends its attempt at once.".to_owned()
        }
        TaskError::CorruptInput { file, offset } => format!(
            "The bytes of {file} are not what gzip writes, from byte {offset} on, in every replica \
             and so in every attempt: Hadoop's decompressor throws here too."
        ),
        TaskError::PoisonRecord { offset, .. } => format!(
            "The record that holds byte {offset} of the input makes the mapper throw, and would in \
             every attempt (Hadoop can be told to skip it: mapreduce.map.skip.maxrecords)."
        ),
        TaskError::BadRecord { offset, column, problem, .. } => format!(
            "The line at byte {offset} of the input is not of the kind that the job reads (column \
             {column}: {problem}), so its mapper throws, and would in every attempt."
        ),
        TaskError::BlockMissing { block } => format!(
            "No replica of block {} could be read: every node that holds one is down, out of reach, \
             or lost it.",
            block.0
        ),
        TaskError::FetchesFailed { failing, fetched } => format!(
            "{} could not be fetched and {fetched} were: a reduce with which so much fails takes \
             itself for the culprit and gives up (ShuffleSchedulerImpl.checkReducerHealth).",
            counted(*failing, "map output")
        ),
        TaskError::TimedOut { silent, timeout } => format!(
            "The attempt reported nothing for {silent}, more than the time-out of {timeout} \
             (mapreduce.task.timeout, 600 s in Hadoop)."
        ),
        TaskError::OutputUnreachable { notifications, needed, copying } => format!(
            "The map had succeeded, but {} said that its output could not be fetched: {needed} are \
             enough, when they are at least half as many as the {} that copy (JobImpl).",
            counted(*notifications, "notification"),
            counted(*copying, "reduce"),
        ),
        TaskError::NoNodes { silent, limit } => format!(
            "No node was believed alive for {silent}, and after {limit} the job gives up, since \
             nothing could run any more."
        ),
        TaskError::TookTooLong { limit } => {
            format!("No run may take longer than {limit}, so that none goes on for ever.")
        }
        TaskError::Worker { message } => {
            format!(
                "The worker that ran it broke down and said: {}.",
                message.trim_end_matches('.')
            )
        }
    }
}

/// Why a node served nothing.
pub(super) fn of_read(from: NodeId, error: &ReadError) -> String {
    match error {
        ReadError::NoConnection { waited } => {
            format!("{from} did not answer for {waited}, so nothing came from it.")
        }
        ReadError::Stalled { waited } => format!(
            "{from} stopped sending for {waited} (mapreduce.reduce.shuffle.read.timeout, 180 s in \
             Hadoop)."
        ),
        ReadError::NotFound => format!("{from} answered that it has no such data."),
        ReadError::Checksum => {
            format!("What came from {from} does not have the checksum that it should have.")
        }
    }
}

/// A map's read goes on elsewhere.
pub(super) fn read_failed(block: u32, from: NodeId, error: &ReadError) -> String {
    format!(
        "{} The map stays away from that node and reads block {block} from the next nearest \
         replica; only where none is left the attempt fails (DFSInputStream).",
        crate::trace::sentence::capital(of_read(from, error))
    )
}
