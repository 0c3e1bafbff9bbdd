//! What a step of a task is called, in one sentence.

use crate::base::format::{Bytes, Count, Counted, Listed};
use crate::lab::messages::zoom::{Did, LineView, RunOf, RunView};
use crate::trace::event::{Locality, SpillReason};

/// A step's sentence.
pub fn caption(did: &Did) -> String {
    match did {
        Did::BeginMap { .. }
        | Did::Read { .. }
        | Did::Decode { .. }
        | Did::Skip { .. }
        | Did::Line(_)
        | Did::EndOfPiece { .. }
        | Did::Kept { .. }
        | Did::Wait { .. }
        | Did::EndMap { .. }
        | Did::EndMapOnly { .. } => of_map(did),
        Did::BeginSpill { .. }
        | Did::Sort { .. }
        | Did::Combine { .. }
        | Did::WriteSpill { .. }
        | Did::EndSpill { .. }
        | Did::BeginMerge { .. }
        | Did::MergePass { .. } => of_spill(did),
        Did::BeginReduce { .. }
        | Did::Fetch { .. }
        | Did::ReduceMerge { .. }
        | Did::Feed { .. }
        | Did::Group { .. }
        | Did::Finish { .. }
        | Did::EndReduce { .. } => of_reduce(did),
        Did::Throw { error } => error.clone(),
        Did::SoFar => "So far it has come at this moment, and no further.".to_owned(),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the caller tells the kinds apart")]
fn of_map(did: &Did) -> String {
    match did {
        Did::BeginMap { pieces, .. } => match pieces.as_slice() {
            [piece] => format!(
                "The map begins: bytes {} to {} of the file are its split.",
                Count(piece.offset),
                Count(piece.end)
            ),
            _ => format!("The map begins: its split has {} pieces.", Count(pieces.len() as u64)),
        },
        Did::Read { offset, bytes, block, from, locality, .. } => format!(
            "It reads {} from byte {} on: block {} of {from}, {}.",
            Bytes(*bytes),
            Count(*offset),
            block.0,
            near(*locality)
        ),
        Did::Decode { bytes, .. } => format!("It decompresses {} of text.", Bytes(*bytes)),
        Did::Skip { bytes, .. } => format!(
            "It skips {}: a line that belongs to the split before.",
            Counted(*bytes, "byte")
        ),
        Did::Line(line) => of_line(line),
        Did::EndOfPiece { more: true, .. } => "This piece has no more lines.".to_owned(),
        Did::EndOfPiece { .. } => "The split has no more lines.".to_owned(),
        Did::Kept { all_pairs, .. } => {
            format!("Its lines are over: it emits {} that it kept.", Counted(*all_pairs, "pair"))
        }
        Did::Wait { spill } => {
            format!("The buffer is full, and spill {spill} not done: the mapper waits.")
        }
        Did::EndMap { segments, spills, .. } => {
            let output = Counted(segments.len() as u64, "segment");
            match spills {
                0 => format!("The map is done: {output}, and nothing in them."),
                1 => format!("One spill needs no merge: the map is done, with {output}."),
                _ => format!("The map is done: {output} on its node's disk."),
            }
        }
        Did::EndMapOnly { written, .. } => format!(
            "The map is done: {} in its part, and no shuffle.",
            Counted(written.records, "line")
        ),
        _ => String::new(),
    }
}

fn of_line(line: &LineView) -> String {
    let pairs = Counted(line.all_pairs, "pair");
    let number = Count(line.number + 1);
    let name = format!("Line {number}");
    match (line.goes_on, line.stops) {
        (true, false) => format!("The rest of line {number} becomes {pairs}."),
        (true, true) => format!("{name} goes on: {pairs}, then a spill is due."),
        (false, true) => format!("{name} becomes {pairs}, then a spill is due."),
        (false, false) if line.all_pairs == 0 => format!("{name} becomes no pair."),
        (false, false) => format!("{name} becomes {pairs}."),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the caller tells the kinds apart")]
fn of_spill(did: &Did) -> String {
    match did {
        Did::BeginSpill { spill, reason, content, .. } => {
            let records = Counted(content.records, "record");
            match reason {
                SpillReason::Threshold => {
                    format!("The buffer is past its threshold: spill {spill} takes {records}.")
                }
                SpillReason::NoRoom => {
                    format!("The next record finds no room: spill {spill} takes {records}.")
                }
                SpillReason::EndOfInput => {
                    format!("The input is over: spill {spill} takes the last {records}.")
                }
            }
        }
        Did::Sort { rows, .. } => {
            format!("The {} are sorted by partition, then by key.", Counted(rows.total, "record"))
        }
        Did::Combine { before, after, .. } => format!(
            "The combiner makes {} of {}.",
            Counted(after.records, "record"),
            Count(before.records)
        ),
        Did::WriteSpill { spill, segments, .. } => format!(
            "Spill {spill} goes to disk: {}, one a partition.",
            Counted(segments.len() as u64, "segment")
        ),
        Did::EndSpill { spill, .. } => {
            format!("Spill {spill} is done: its room in the buffer is free.")
        }
        Did::BeginMerge { spills, .. } => {
            format!("{} are merged, partition by partition.", Counted(u64::from(*spills), "spill"))
        }
        Did::MergePass { partition, inputs, last, pass, .. } => {
            let segments = Counted(u64::from(*inputs), "segment");
            if *last {
                format!("Partition {}: the last pass merges {segments} into one.", partition.0)
            } else {
                format!("Partition {}: pass {pass} merges {segments} into one.", partition.0)
            }
        }
        _ => String::new(),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the caller tells the kinds apart")]
fn of_reduce(did: &Did) -> String {
    match did {
        Did::BeginReduce { partition, maps, .. } => format!(
            "The reduce begins: partition {} of {} is to be fetched.",
            partition.0,
            Counted(u64::from(*maps), "map")
        ),
        Did::Fetch { map, from, volume, on_disk, .. } => format!(
            "{} of {} came from {from}, to {}.",
            Counted(volume.records, "record"),
            map.task,
            if *on_disk { "disk" } else { "memory" }
        ),
        Did::ReduceMerge { pass, inputs, copying, .. } => {
            let names: Vec<String> = inputs.iter().map(run_name).collect();
            let when = if *copying { "while others are fetched" } else { "before the reducer" };
            if names.len() > 6 {
                return format!("Merge {pass}, {when}: {} runs into one.", names.len());
            }
            format!("Merge {pass}, {when}: {} into one.", Listed(&names))
        }
        Did::Feed { runs, .. } => match runs.len() {
            1 => "One run is left: the reducer reads it.".to_owned(),
            runs => {
                format!("{} are left: the reducer reads them at once.", Counted(runs as u64, "run"))
            }
        },
        Did::Group { number, key, rows, .. } => format!(
            "Call {} of reduce: {key}, with {}.",
            Count(number + 1),
            Counted(rows.total, "value")
        ),
        Did::Finish { .. } => "All groups are over: the reducer writes what it kept.".to_owned(),
        Did::EndReduce { written, .. } => format!(
            "The part is whole: {}. Now it asks to commit.",
            Counted(written.records, "line")
        ),
        _ => String::new(),
    }
}

/// What a run of records is of.
pub fn run_name(run: &RunView) -> String {
    match run.of {
        RunOf::Map(map) => format!("map {map}"),
        RunOf::Merge(merge) => format!("merge {merge}"),
    }
}

fn near(locality: Locality) -> &'static str {
    match locality {
        Locality::NodeLocal => "its own node",
        Locality::RackLocal => "in its rack",
        Locality::OffRack => "in another rack",
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::base::{Codec, FileId, PartitionId};
    use crate::lab::messages::zoom::{PieceView, Rows};
    use crate::trace::event::Volume;

    pub(in crate::ui::zoom) fn piece() -> PieceView {
        PieceView {
            file: FileId(0),
            name: "input".to_owned(),
            codec: Codec::Plain,
            offset: 100,
            end: 200,
            length: 400,
        }
    }

    pub(in crate::ui::zoom) fn line(start: u64, next: u64) -> LineView {
        LineView {
            number: 3,
            piece: piece(),
            start,
            next,
            text: "to be".to_owned(),
            goes_on: false,
            stops: false,
            first_pair: 9,
            pairs: Vec::new(),
            all_pairs: 2,
        }
    }

    #[test]
    fn a_step_is_told_in_one_short_sentence() {
        let pass = Did::MergePass {
            partition: PartitionId(1),
            pass: 1,
            segments: 12,
            inputs: 3,
            factor: 10,
            last: false,
            combines: false,
            before: Volume::default(),
            after: Volume::default(),
            rows: Rows::default(),
        };
        let part = Did::Line(Box::new(LineView { stops: true, ..line(120, 130) }));
        let told = [
            (Did::Line(Box::new(line(120, 130))), "Line 4 becomes 2 pairs."),
            (part, "Line 4 becomes 2 pairs, then a spill is due."),
            (pass, "Partition 1: pass 1 merges 3 segments into one."),
            (Did::SoFar, "So far it has come at this moment, and no further."),
        ];
        for (did, expected) in told {
            assert_eq!(caption(&did), expected);
        }
    }
}
