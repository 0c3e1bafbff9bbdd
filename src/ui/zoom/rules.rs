//! The rule behind a step, with the step's numbers in it.

use crate::base::Codec;
use crate::base::format::{Bytes, Count, Percent};
use crate::lab::messages::zoom::{BufferUse, Did, LineView, PieceView, ZoomStep};
use crate::trace::event::SpillReason;

/// The rule behind a step; nothing where there is none to tell.
pub fn rule(step: &ZoomStep) -> Option<String> {
    match &step.did {
        Did::BeginMap { recorded, combiner, reducers, .. } => {
            Some(beginning(step, *recorded, *combiner, *reducers))
        }
        Did::Read { piece, offset, .. } if *offset >= piece.end => Some(format!(
            "The split ends at byte {}, but its last line does not: the reader goes on until it has found the line's end.",
            Count(piece.end)
        )),
        Did::Skip { piece, .. } => Some(format!(
            "A split that does not begin at byte 0 skips everything up to its first line end, whole line or not: what begins at or before byte {} belongs to the split that ends there.",
            Count(piece.offset)
        )),
        Did::Line(line) => Some(boundary(line)),
        Did::EndOfPiece { piece, position, .. } => Some(end(piece, *position)),
        Did::BeginSpill { reason, .. } => step.buffer.map(|buffer| spill(*reason, buffer)),
        Did::Sort { .. } => Some(
            "All records of a partition come one after another, so that its reduce can fetch them in one piece, and in the order of their keys, so that merging is enough.".to_owned(),
        ),
        Did::Combine { .. } => Some(
            "It runs once a key, over the values of this spill alone. It may run again in a merge, or never: the result has to be the same.".to_owned(),
        ),
        Did::EndSpill { .. } => Some(
            "It ran in the background while the mapper went on. Between which records it ended depends on time, and is known here only to about a step of the mapper.".to_owned(),
        ),
        Did::Wait { .. } => step.buffer.map(|buffer| format!(
            "{} of a spill under way and {} of new records: the next one would go over {}.",
            Bytes(buffer.leaving),
            Bytes(buffer.filling),
            Bytes(buffer.capacity)
        )),
        Did::BeginMerge { spills, factor, combines, combines_from } => {
            Some(merge(*spills, *factor, *combines, *combines_from))
        }
        Did::MergePass { segments, inputs, factor, pass, .. } => {
            Some(pass_rule(*segments, *inputs, *factor, *pass))
        }
        Did::BeginReduce { .. }
        | Did::Fetch { .. }
        | Did::ReduceMerge { .. }
        | Did::Feed { .. } => of_reduce(&step.did),
        Did::Decode { .. }
        | Did::Read { .. }
        | Did::Kept { .. }
        | Did::WriteSpill { .. }
        | Did::EndMap { .. }
        | Did::EndMapOnly { .. }
        | Did::Throw { .. }
        | Did::SoFar
        | Did::Group { .. }
        | Did::Finish { .. }
        | Did::EndReduce { .. } => None,
    }
}

/// The same of a reduce.
#[expect(clippy::wildcard_enum_match_arm, reason = "the caller tells the kinds apart")]
fn of_reduce(did: &Did) -> Option<String> {
    match did {
        Did::BeginReduce { limit, single, merge_at, .. } => Some(format!(
            "Outputs go to memory, which may hold {}; one of {} or more goes to disk. At {} in memory all that is there is merged to disk.",
            Bytes(*limit),
            Bytes(*single),
            Bytes(*merge_at)
        )),
        Did::Fetch { used, limit, remade, differs, .. } => {
            Some(fetch(*used, *limit, *remade, *differs))
        }
        Did::ReduceMerge { copying: true, used, limit, combines, .. } => Some(format!(
            "{} of {} of memory were in use. {}",
            Bytes(*used),
            Bytes(*limit),
            if *combines { "The combiner runs again." } else { "The combiner does not run here." }
        )),
        Did::ReduceMerge { inputs, of, factor, .. } => Some(format!(
            "{} of the {of} runs, so that the reducer can read what is left at once: at most {factor}.",
            inputs.len()
        )),
        Did::Feed { factor, .. } => Some(format!(
            "At most {factor} runs are read at once. The smallest of their next keys comes first; equal keys come in the order of their maps.",
        )),
        _ => None,
    }
}

fn beginning(step: &ZoomStep, recorded: bool, combiner: bool, reducers: u32) -> String {
    let mut said = match (step.buffer, reducers) {
        (_, 0) => "There are no reduces: what it emits is the output.".to_owned(),
        (_, 1) => "What it emits goes to one partition.".to_owned(),
        (_, reducers) => format!("What it emits goes to {reducers} partitions."),
    };
    if reducers > 0 {
        said.push_str(if combiner {
            " A combiner runs over each spill."
        } else {
            " No combiner runs."
        });
    }
    if !recorded {
        said.push_str(" The run did not record its spills: here each ends at once, and they may differ from the run's.");
    }
    said
}

/// Why a line belongs to this split.
fn boundary(line: &LineView) -> String {
    let LineView { piece, start, next, .. } = line;
    let range = format!("Bytes {} to {}", Count(*start), Count(next.saturating_sub(1)));
    if piece.codec != Codec::Plain {
        return format!(
            "{range} of the text. A compressed file is one split: all its lines are here."
        );
    }
    let end = Count(piece.end);
    if piece.end >= piece.length && *next <= piece.end {
        return format!("{range}. The split goes to the end of the file.");
    }
    if *start == piece.end {
        return format!(
            "{range}. The line begins exactly at the split's end, {start} ≤ {end}: it still belongs here, and the next split skips it.",
            start = Count(*start)
        );
    }
    if *next > piece.end {
        return format!(
            "{range}. The line begins inside the split, {start} ≤ {end}, and so belongs to it whole, though it ends {past} past the split's end.",
            start = Count(*start),
            past = crate::base::format::Counted(next - piece.end, "byte"),
        );
    }
    format!("{range}. The line begins inside the split: {} ≤ {end}.", Count(*start))
}

fn end(piece: &PieceView, position: u64) -> String {
    match piece.codec {
        Codec::Gzip => "The compressed text is at its end.".to_owned(),
        Codec::Plain if position >= piece.length => {
            "The reader stands at the end of the file.".to_owned()
        }
        Codec::Plain => format!(
            "The next line would begin at byte {} > {}, the split's end: it belongs to the next split.",
            Count(position),
            Count(piece.end)
        ),
    }
}

fn spill(reason: SpillReason, buffer: BufferUse) -> String {
    let BufferUse { leaving, capacity, threshold, .. } = buffer;
    let (held, percent) = (Bytes(leaving), Percent(threshold, capacity));
    match reason {
        SpillReason::Threshold => format!(
            "{held} with 16 bytes of index a record ≥ {}, {percent} of {}. It runs in the background; the mapper goes on in what is free.",
            Bytes(threshold),
            Bytes(capacity)
        ),
        SpillReason::NoRoom => format!(
            "{held} are in the buffer, less than {}, but the next record does not fit into {} with what is still being spilled.",
            Bytes(threshold),
            Bytes(capacity)
        ),
        SpillReason::EndOfInput => {
            format!("{held} are left, less than the threshold of {}.", Bytes(threshold))
        }
    }
}

fn merge(spills: u32, factor: u32, combines: bool, combines_from: u32) -> String {
    let passes = if spills > factor {
        format!("{spills} are more than the merge factor {factor}, so there are several passes.")
    } else {
        format!("{spills} ≤ {factor}, the merge factor: one pass a partition.")
    };
    let combiner = match (combines, spills >= combines_from) {
        (true, _) => format!("{spills} ≥ {combines_from} spills: the combiner runs again."),
        (false, true) => "There is no combiner to run again.".to_owned(),
        (false, false) => {
            format!("{spills} < {combines_from} spills: a combiner does not run again.")
        }
    };
    format!("{passes} {combiner}")
}

/// How many segments a pass reads (`Merger.getPassFactor`).
fn pass_rule(segments: u32, inputs: u32, factor: u32, pass: u32) -> String {
    if inputs == segments {
        return format!("{segments} ≤ {factor}, the merge factor: all of them.");
    }
    if pass == 1 && factor > 1 {
        let rest = (segments.saturating_sub(1)) % (factor - 1);
        if rest > 0 {
            return format!(
                "The first pass reads just so many that all later ones are full: ({segments} − 1) mod ({factor} − 1) + 1 = {inputs} of {segments}."
            );
        }
    }
    format!("As many as the merge factor allows: {inputs} of {segments}.")
}

fn fetch(used: u64, limit: u64, remade: bool, differs: bool) -> String {
    let mut said = format!(
        "{} of {} of its memory are reserved, for what is here or on its way.",
        Bytes(used),
        Bytes(limit)
    );
    if remade {
        said.push_str(" The map's output is not at hand any more, and was made again for this.");
    }
    if differs {
        said.push_str(" What was made is not what the run recorded.");
    }
    said
}

#[cfg(test)]
mod tests {
    use super::super::wording::tests::{line, piece};
    use super::*;

    /// `LineRecordReader`: a line belongs to the split in which it begins, its end included.
    #[test]
    fn the_boundary_rule_is_told_with_its_numbers() {
        assert_eq!(
            boundary(&line(120, 130)),
            "Bytes 120 to 129. The line begins inside the split: 120 ≤ 200."
        );
        assert!(boundary(&line(200, 230)).contains("exactly at the split's end, 200 ≤ 200"));
        assert!(boundary(&line(190, 230)).contains("30 bytes past"));
        assert!(end(&piece(), 230).contains("230 > 200"));
    }

    /// `Merger.getPassFactor`: of 12 by 10 the first pass reads 3.
    #[test]
    fn the_first_pass_is_told_with_its_numbers() {
        assert!(pass_rule(12, 3, 10, 1).contains("(12 − 1) mod (10 − 1) + 1 = 3 of 12"));
        assert!(pass_rule(10, 10, 10, 2).contains("10 ≤ 10"));
        assert!(pass_rule(19, 10, 10, 1).contains("10 of 19"));
    }
}
