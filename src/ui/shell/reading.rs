//! How to read the stage: what each shape, frame and shade stands for, in words.

use crate::scenario::Lab;

/// Something on the stage, and what it means.
pub(crate) type Line = (&'static str, &'static str);

/// What there is to read on the stage of a lab, in the order in which data flows.
pub(crate) fn lines(lab: Lab) -> &'static [Line] {
    match lab {
        Lab::Mapreduce => &MAPREDUCE,
        Lab::Stream => &STREAM,
    }
}

const MAPREDUCE: [Line; 12] = [
    (
        "Numbered flags in the text",
        "a block of the file begins here; small round numbers are the nodes that hold a copy",
    ),
    (
        "Blue and grey washes",
        "lines that a map has read; neighbours take turns, so that one sees whose a cut line is",
    ),
    (
        "Dashed frames, slanted type",
        "what the coordinator believes; solid frames and upright type are what is so",
    ),
    (
        "Chips",
        "tasks: a rounded box is a map, an arrow head a reduce; a dashed one is on a node, →",
    ),
    ("A red × and a number on a chip", "how often this task has failed"),
    ("The bar under a map", "its map, spill and merge; under a reduce its copy, merge and reduce"),
    (
        "The box beside it",
        "the sort buffer: how full it is; at the line across it a spill begins. Small squares above the disk are spills",
    ),
    (
        "Colours and hatchings",
        "partitions: the same from the map's output to the part that is written",
    ),
    ("Ribbons", "segments on their way to a reduce; what has arrived is paler"),
    (
        "The shuffle matrix",
        "a row a map or a node, a column a reduce; the larger the mark, the more bytes, hollow until fetched",
    ),
    ("A ring", "how long ago a node was heard of: it opens; a cross means believed lost"),
    (
        "Tiles, above 24 nodes",
        "squares left are map slots, right reduce slots, filled when busy; the bar is what lies on the disk, against the fullest",
    ),
];

const STREAM: [Line; 9] = [
    (
        "Tapes",
        "partitions of the log: records in the order in which they came; hollow ones are not read yet, the thick line is how far",
    ),
    ("A dashed tape", "a partition that is idle; a red dashed one was silenced"),
    ("Dots between the cards", "records on their way; green bars are watermarks"),
    (
        "Buckets",
        "windows that fill, with what is in them; ◂ marks the input that holds the watermark",
    ),
    ("The plot", "event time across, processing time up: nothing lies right of the ideal line"),
    (
        "Dots on it",
        "records: pale while they wait, filled when counted, a diamond when late, hollow and dashed when dropped",
    ),
    ("The green line", "the watermark: a record left of it came late"),
    ("Grey columns", "windows, from their first record on; under the plot where they overlap"),
    (
        "A thick line with a number",
        "a pane: what fired, and when; dashed when early, hatched when late, struck through when taken back",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_lab_has_its_own_words() {
        for lab in [Lab::Mapreduce, Lab::Stream] {
            assert!(
                lines(lab).iter().all(|(what, means)| !what.is_empty() && !means.ends_with('.'))
            );
        }
        assert!(lines(Lab::Mapreduce).iter().any(|(what, _)| *what == "Ribbons"));
        assert!(lines(Lab::Stream).iter().any(|(what, _)| *what == "Tapes"));
    }
}
