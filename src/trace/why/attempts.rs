//! Why attempts of either kind start, change phase and merge.

use super::{maps, reduces};
use crate::base::format::{Bytes, Count};
use crate::base::{AttemptId, TaskKind};
use crate::trace::event::{Event, MemoryUse, Phase, Volume};
use crate::trace::sentence::{counted, records};
use crate::trace::snapshot::Snapshot;

pub(super) fn launched(event: &Event, attempt: AttemptId, before: &Snapshot) -> String {
    let given = before.attempt(attempt).map(|attempt| event.at.since(attempt.assigned.0));
    let ago = given.map_or(String::new(), |ago| format!(" {ago} ago"));
    format!(
        "The coordinator gave {attempt} to this node{ago}, and that message has arrived. Each \
         attempt runs in a container of its own, which in Hadoop is a Java process that has to start first."
    )
}

pub(super) fn phase(attempt: AttemptId, phase: Phase, before: &Snapshot) -> String {
    match phase {
        Phase::Launch => "A container takes its time to start: the process, its libraries and the \
                          job's settings have to be loaded. Only then does the task do any work."
            .to_owned(),
        Phase::Map => maps::phase_map(attempt, before),
        Phase::Blocked => maps::phase_blocked(attempt, before),
        Phase::Flush => maps::phase_flush(attempt, before),
        Phase::Merge => maps::phase_merge(attempt, before),
        Phase::Copy => reduces::phase_copy(before),
        Phase::Sort => reduces::phase_sort(before),
        Phase::Reduce => "The merge gives all records in the order of their keys, so equal keys \
                          stand side by side. The reducer is called once for each group of them."
            .to_owned(),
        Phase::Commit => "The output is whole in the attempt's private folder, and nobody sees it \
                          yet. Before it is renamed into place, the coordinator has to agree, so \
                          that one attempt of the task commits and no other."
            .to_owned(),
        Phase::Done => "The attempt has nothing left to do, and its slot is free. The coordinator \
                        gives the slot out again only when it has heard of that."
            .to_owned(),
    }
}

/// Why a reduce merges what is in its memory.
pub(super) fn memory_merged(inputs: u32, memory: &MemoryUse) -> String {
    format!(
        "{} of {} for fetched outputs are in use (0.70 of the heap, \
         mapreduce.reduce.shuffle.input.buffer.percent). They are merged to disk when that is 0.66 \
         full, or at 1000 outputs, or when all is fetched, since no memory is kept for the reduce \
         itself (MergeManagerImpl): here {}.",
        Bytes(memory.used_bytes),
        Bytes(memory.limit_bytes),
        counted(inputs, "segment"),
    )
}

/// Why a reduce's fetches wait.
pub(super) fn fetches_stalled(used_bytes: u64, limit_bytes: u64) -> String {
    format!(
        "{} are in use or on their way, and the limit is {}: one fetch may go past it, and the \
         others wait for the merge that it brings about (MergeManagerImpl.reserve).",
        Bytes(used_bytes),
        Bytes(limit_bytes)
    )
}

pub(super) fn merge_started(
    attempt: AttemptId,
    (inputs, segments): (u32, u32),
    last: bool,
) -> String {
    let factor = "mapreduce.task.io.sort.factor, 10 by default";
    match (last, attempt.task.kind) {
        (true, TaskKind::Map) => format!(
            "A map serves one file, so its {inputs} spills are merged, partition by partition and \
             at most so many segments at once ({factor}). From 3 spills on \
             (mapreduce.map.combine.minspills) the combiner runs once more."
        ),
        (true, TaskKind::Reduce) => format!(
            "{} can be merged at once ({factor}). So this last pass feeds the reducer and writes \
             nothing to disk.",
            counted(inputs, "segment"),
        ),
        (false, TaskKind::Map | TaskKind::Reduce) => format!(
            "{} are more than are merged at once ({factor}). The first pass takes just so many, \
             ((segments − 1) mod (factor − 1)) + 1, that all later ones are full; this pass takes \
             {inputs}.",
            counted(segments, "segment"),
        ),
    }
}

pub(super) fn merge_finished(before: Volume, after: Volume) -> String {
    let read = "The segments were sorted, so one pass over them was enough: the smallest next key \
                always goes first";
    let came = records(&before);
    match before.records > after.records {
        true => format!("{read}. {came} came in, and the combiner left {}.", Count(after.records)),
        false => format!("{read}. {came} came in, and as many went out."),
    }
}
