//! Why maps do what they do.

use crate::base::format::{Bytes, Count, Percent};
use crate::base::{AttemptId, BlockId, NodeId};
use crate::trace::event::{BatchEvent, Locality, Phase, SpillReason, Volume};
use crate::trace::sentence::{count, counted, nodes, records};
use crate::trace::snapshot::{Attempt, Snapshot};

pub(super) fn input_opened(
    block: BlockId,
    from: NodeId,
    locality: Locality,
    before: &Snapshot,
) -> String {
    let place = usize::try_from(block.0).unwrap_or(usize::MAX);
    let holders = before.blocks.get(place).map_or(&[][..], |block| &block.replicas);
    let holders = nodes(holders);
    match locality {
        Locality::NodeLocal => format!(
            "Block {} lies on {holders}. A reader takes the nearest copy, and one is on its own \
             node: nothing goes over the network.",
            block.0,
        ),
        Locality::RackLocal => format!(
            "Block {} lies on {holders}, not on this node. A reader takes the nearest copy: {from} \
             is on the same rack, so the bytes cross one switch.",
            block.0,
        ),
        Locality::OffRack => format!(
            "Block {} lies on {holders}, none of them on this rack. So the bytes come from {from} \
             over the racks' uplinks, which all share.",
            block.0,
        ),
    }
}

pub(super) fn read_past_end(split_end: u64, line_end: u64) -> String {
    format!(
        "Lines do not end where splits do. A reader goes on while it stands no later than the end \
         of its split (LineRecordReader): a line that begins by byte {} is read to its end at byte \
         {}, {} further.",
        Count(split_end),
        Count(line_end),
        Bytes(line_end.saturating_sub(split_end)),
    )
}

pub(super) fn partial_line_skipped(bytes: u64) -> String {
    format!(
        "A split that does not begin at byte 0 discards all up to its first line end, here {}: the \
         split before reads that line (LineRecordReader). So each line is read exactly once.",
        Bytes(bytes),
    )
}

pub(super) fn progress(input: Volume, output: Volume, (used, capacity): (u64, u64)) -> String {
    format!(
        "The mapper is called once for each record: {} of {} so far. What it emits waits in the \
         sort buffer, with 16 bytes of index for each record: {} full ({} of {} bytes).",
        counted(output.records, "emitted record"),
        counted(input.records, "line"),
        Percent(used, capacity),
        Count(used),
        Count(capacity),
    )
}

pub(super) fn spill_started(kind: &BatchEvent, before: &Snapshot) -> String {
    let BatchEvent::SpillStarted {
        attempt, reason, content, buffer_bytes, threshold_bytes, ..
    } = kind
    else {
        return String::new();
    };
    let held = Count(*buffer_bytes);
    let capacity = before.attempt(*attempt).map_or(0, |map| map.progress.buffer_capacity);
    match (reason, capacity) {
        (SpillReason::EndOfInput, _) => format!(
            "The input has ended with {} still in the sort buffer ({held} bytes with their index). \
             They too must be sorted and on disk before the map can serve its output.",
            records(content),
        ),
        (SpillReason::NoRoom, _) => format!(
            "The next record did not fit into the sort buffer, which held {held} bytes, though \
             that is below the {} at which a spill begins in the background. So it spills now, \
             and the mapper waits.",
            Count(*threshold_bytes),
        ),
        (SpillReason::Threshold, 0) => format!(
            "The sort buffer held {held} bytes, and a spill begins at {}: \
             mapreduce.map.sort.spill.percent (0.80 by default) of its size. It runs in the \
             background while the mapper fills the rest.",
            Count(*threshold_bytes),
        ),
        (SpillReason::Threshold, capacity) => format!(
            "The sort buffer held {held} of {} bytes. A spill begins at {} \
             (mapreduce.map.sort.spill.percent, 0.80 by default), that is at {} bytes. It runs in \
             the background while the mapper fills the rest.",
            Count(capacity),
            Percent(*threshold_bytes, capacity),
            Count(*threshold_bytes),
        ),
    }
}

pub(super) fn spill_finished(before: Volume, after: Volume) -> String {
    let sorted = format!("{} were sorted by partition and then by key", records(&before));
    if before == after {
        return format!(
            "{sorted}, and are on disk as they were. Their room in the buffer is free."
        );
    }
    format!(
        "{sorted}. The combiner added up equal keys within this spill and left {}: {} of {} need \
         not be written, nor travel later.",
        Count(after.records),
        Bytes(before.bytes.saturating_sub(after.bytes)),
        Bytes(before.bytes),
    )
}

pub(super) fn output_ready(attempt: AttemptId, segments: &[Volume], before: &Snapshot) -> String {
    let on = before.attempt(attempt).map_or(String::new(), |map| format!(" of {}", map.node));
    format!(
        "The hash of a record's key chose its partition, so that equal keys of all maps meet in one \
         reduce: {}, one a reduce, each sorted by key. They lie on the local disk{on}, not in the \
         distributed file system: if that node is lost, the map must run again.",
        counted(count(segments), "segment"),
    )
}

pub(super) fn phase_map(attempt: AttemptId, before: &Snapshot) -> String {
    match before.attempt(attempt).map(|map| map.phase) {
        Some(Phase::Blocked) => {
            "A spill is on disk and has freed its room in the sort buffer. The \
                                 mapper goes on where it had stopped."
                .to_owned()
        }
        Some(_) | None => "The container is up. The split is read line by line, the mapper is \
                           called for each, and what it emits goes into the sort buffer."
            .to_owned(),
    }
}

pub(super) fn phase_blocked(attempt: AttemptId, before: &Snapshot) -> String {
    let (used, capacity) = before.attempt(attempt).map_or((0, 0), |map| buffer(map));
    format!(
        "The next record does not fit: the sort buffer (mapreduce.task.io.sort.mb, 100 by default) \
         was last seen with {} of {} bytes in use, and a spill frees its part only when it is done. \
         Until then the mapper waits.",
        Count(used),
        Count(capacity),
    )
}

pub(super) fn phase_flush(attempt: AttemptId, before: &Snapshot) -> String {
    let spills = before.attempt(attempt).map_or(0, |map| count(&map.spills));
    format!(
        "The last line of the split is mapped, after {}. What is still in the sort buffer is \
         sorted and spilled too.",
        counted(spills, "spill"),
    )
}

pub(super) fn phase_merge(attempt: AttemptId, before: &Snapshot) -> String {
    let spills = before.attempt(attempt).map_or(0, |map| count(&map.spills));
    format!(
        "{} lie on disk, each sorted by itself. A map serves one sorted segment to each reduce, so \
         they are merged; a single spill would need no merge.",
        counted(spills, "spill"),
    )
}

fn buffer(map: &Attempt) -> (u64, u64) {
    (map.progress.buffer_bytes, map.progress.buffer_capacity)
}
