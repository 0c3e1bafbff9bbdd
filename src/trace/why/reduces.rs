//! Why reduces do what they do.

use crate::base::format::{Bytes, Count};
use crate::base::{AttemptId, MapIndex, NodeId, PartitionId};
use crate::trace::event::Volume;
use crate::trace::sentence::{count, counted, records};
use crate::trace::snapshot::{CellState, Snapshot};

pub(super) fn outputs_learned(attempt: AttemptId, maps: &[MapIndex], before: &Snapshot) -> String {
    format!(
        "A reduce asks the coordinator again and again which maps are done since it last asked: {} \
         now. Of {} it has fetched {}.",
        count(maps),
        counted(count(&before.maps), "map output"),
        fetched(attempt, before),
    )
}

pub(super) fn fetch_started(
    attempt: AttemptId,
    map: AttemptId,
    from: NodeId,
    before: &Snapshot,
) -> String {
    let under_way = before.attempt(attempt).map_or(0, |reduce| count(&reduce.fetching));
    format!(
        "Partition {} of the output of {} is this reduce's, and lies on {from}. A reduce runs so \
         many fetches at once (mapreduce.reduce.shuffle.parallelcopies, 5 by default); {under_way} \
         were under way.",
        attempt.task.index, map.task,
    )
}

pub(super) fn fetch_finished(
    attempt: AttemptId,
    from: NodeId,
    volume: Volume,
    before: &Snapshot,
) -> String {
    format!(
        "{} came from {from}, and their checksum was right. The reduce has {} of {} now, and can \
         begin only when it has all, since any of them may hold the smallest key.",
        Bytes(volume.bytes),
        fetched(attempt, before).saturating_add(1),
        counted(count(&before.maps), "map output"),
    )
}

pub(super) fn progress(groups: u64, input: Volume) -> String {
    format!(
        "Equal keys stand side by side after the merge, so a group is reduced as it streams by, and \
         need not fit the memory. So far {} made {}.",
        records(&input),
        counted(groups, "group"),
    )
}

pub(super) fn output_written(volume: Volume) -> String {
    format!(
        "An attempt writes into a private folder, so that nobody sees half an output and two \
         attempts never mix. All its {} are there, {} in all.",
        records(&volume),
        Bytes(volume.bytes),
    )
}

pub(super) fn output_committed(part: PartitionId, visible: bool) -> String {
    if !visible {
        return format!(
            "The coordinator had agreed, and the attempt's file was renamed; by commit algorithm 1 \
             not into the output folder, but aside: part {} is seen once the whole job commits. \
             Should the job fail, nobody ever sees it.",
            part.0,
        );
    }
    format!(
        "The coordinator had agreed, and the attempt's file was renamed into place. That is one \
         step of the file system: part {} is there as a whole or not at all.",
        part.0,
    )
}

pub(super) fn phase_copy(before: &Snapshot) -> String {
    let ready = before.shuffle.iter().filter(|row| row.source.is_some());
    format!(
        "The container is up. This reduce needs its partition of each of {}; {} are ready by now.",
        counted(count(&before.maps), "map output"),
        Count(ready.count() as u64),
    )
}

pub(super) fn phase_sort(before: &Snapshot) -> String {
    format!(
        "All of {} are here. Each is sorted by key already, so they are not sorted but only merged.",
        counted(count(&before.maps), "map output"),
    )
}

/// How many map outputs the reduce has.
fn fetched(attempt: AttemptId, before: &Snapshot) -> u64 {
    let place = usize::try_from(attempt.task.index).unwrap_or(usize::MAX);
    let cells = before.shuffle.iter().filter_map(|row| row.cells.get(place));
    cells.filter(|cell| cell.state == CellState::Fetched).count() as u64
}
