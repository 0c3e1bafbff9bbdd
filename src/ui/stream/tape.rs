//! A partition of the log as a tape: its last records as cells, and where the source has come to.

use crate::charts::shape::Rect;
use crate::trace::snapshot::stream::{PartitionState, StreamState};
use crate::trace::stream::{ElementId, Fate};

/// A tape.
#[derive(Clone, Debug, PartialEq)]
pub struct Tape {
    /// The records that are in view.
    pub cells: Vec<Cell>,
    /// Records before those.
    pub before: u64,
    /// Records behind those.
    pub behind: u64,
    /// Where the source reads next.
    pub reads_at: f64,
}

/// A record of the tape.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Which record.
    pub record: ElementId,
    /// Where it lies in the partition.
    pub offset: u64,
    /// Where it lies in the picture.
    pub rect: Rect,
    /// Its value.
    pub value: String,
    /// Whether it was read.
    pub is_read: bool,
    /// What has become of it, if it is in a window.
    pub fate: Option<Fate>,
}

/// The gap between two cells.
const GAP: f64 = 2.0;

/// The tape of a partition in a row of the picture.
pub fn tape(state: &StreamState, partition: &PartitionState, row: Rect) -> Tape {
    let side = row.height.clamp(12.0, 26.0);
    let room = places(row.width, side);
    let len = partition.log.len();
    let read = usize::try_from(partition.read).unwrap_or(len).min(len);
    // The first that are not read yet are always in view.
    let end = (read + room / 3).max(room).min(len);
    let begin = end.saturating_sub(room);
    let y = row.y + (row.height - side) / 2.0;
    let x = |place: usize| row.x + (place - begin) as f64 * (side + GAP);
    let cell = |(place, id): (usize, &ElementId)| Cell {
        record: *id,
        offset: place as u64,
        rect: Rect::new(x(place), y, side, side),
        value: state.record(*id).map_or(String::new(), |record| record.value.to_string()),
        is_read: place < read,
        fate: state.roll_up(*id),
    };
    let shown = partition.log.iter().enumerate().skip(begin).take(end - begin);
    Tape {
        cells: shown.map(cell).collect(),
        before: begin as u64,
        behind: (len - end) as u64,
        reads_at: x(read.clamp(begin, end)) - GAP / 2.0,
    }
}

fn places(width: f64, side: f64) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small room")]
    let room = (width / (side + GAP)).max(1.0) as usize;
    room
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Timeline;
    use crate::ui::stream::sample::nine_scores;

    fn at(applied: u32, width: f64) -> Tape {
        let mut timeline = Timeline::new();
        timeline.append(nine_scores()).unwrap();
        let snapshot = timeline.seek(applied);
        let state = snapshot.stream.as_deref().unwrap();
        tape(state, &state.partitions[0], Rect::new(10.0, 0.0, width, 20.0))
    }

    #[test]
    fn the_source_reads_at_the_border_of_what_is_read() {
        // The first score has arrived and is not read yet.
        let arrived = at(5, 300.0);
        assert_eq!((arrived.cells.len(), arrived.cells[0].is_read), (1, false));
        assert_eq!(arrived.reads_at, 9.0);
        let read = at(6, 300.0);
        assert!(read.cells[0].is_read && read.reads_at > read.cells[0].rect.x);
    }

    #[test]
    fn a_tape_that_is_too_long_shows_its_end_and_counts_the_rest() {
        let end = at(u32::MAX, 66.0);
        assert_eq!((end.cells.len(), end.before, end.behind), (3, 6, 0));
        let values: Vec<&str> = end.cells.iter().map(|cell| cell.value.as_str()).collect();
        assert_eq!(values, ["9", "8", "1"]);
        assert_eq!(end.cells[0].fate, Some(Fate::Dropped));
    }
}
