//! A timeline of tasks: a row a slot, a bar an attempt, a piece a phase. It is given times and
//! names and gives back rectangles.

use super::scale::Scale;
use super::shape::Rect;

/// A slot's attempts.
#[derive(Clone, Debug, PartialEq)]
pub struct RowData<P> {
    /// The group that the row belongs to; rows of one group stand together.
    pub group: usize,
    /// Its attempts.
    pub bars: Vec<BarData<P>>,
}

/// An attempt.
#[derive(Clone, Debug, PartialEq)]
pub struct BarData<P> {
    /// When each phase began, and what it was, in order; each ends where the next begins.
    pub pieces: Vec<(f64, P)>,
    /// When the last one ended, or the present.
    pub end: f64,
}

/// Where the rows lie.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    /// A rectangle a row.
    pub rows: Vec<Rect>,
    /// Where each group's name stands: as high as its rows together.
    pub groups: Vec<Rect>,
    /// From times to places.
    pub scale: Scale,
    /// The height of all rows together.
    pub height: f64,
}

/// The room for the groups' names.
pub const LABELS: f64 = 62.0;
const GROUP_GAP: f64 = 4.0;

/// Lays out rows of one height, with gaps between groups, over a time axis from 0 to `until`.
pub fn rows<P>(data: &[RowData<P>], width: f64, row_height: f64, until: f64) -> Rows {
    let mut rows = Vec::with_capacity(data.len());
    let mut groups: Vec<Rect> = Vec::new();
    let mut y = 0.0;
    for (place, row) in data.iter().enumerate() {
        let is_new = place == 0 || data[place - 1].group != row.group;
        if is_new && place > 0 {
            y += GROUP_GAP;
        }
        rows.push(Rect::new(LABELS, y, width - LABELS, row_height));
        match groups.last_mut().filter(|_| !is_new) {
            Some(group) => group.height = y + row_height - group.y,
            None => groups.push(Rect::new(0.0, y, LABELS - 6.0, row_height)),
        }
        y += row_height;
    }
    let scale = Scale { most: until.max(1e-6), from: LABELS, to: width.max(LABELS) };
    Rows { rows, groups, scale, height: y }
}

/// The pieces of a bar, as rectangles in its row.
pub fn pieces<P: Copy>(bar: &BarData<P>, row: Rect, scale: Scale) -> Vec<(Rect, P)> {
    let inside = Rect { y: row.y + row.height * 0.08, height: row.height * 0.84, ..row };
    let ends = bar.pieces.iter().skip(1).map(|(start, _)| *start).chain([bar.end]);
    let piece = |((start, what), end): (&(f64, P), f64)| {
        let (left, right) = (scale.at(*start), scale.at(end.max(*start)));
        (Rect { x: left, width: right - left, ..inside }, *what)
    };
    bar.pieces.iter().zip(ends).map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(group: usize, starts: &[f64], end: f64) -> RowData<usize> {
        let pieces = starts.iter().enumerate().map(|(place, start)| (*start, place)).collect();
        RowData { group, bars: vec![BarData { pieces, end }] }
    }

    #[test]
    fn rows_stand_apart_in_their_groups() {
        let data = [row(0, &[0.0], 1.0), row(0, &[0.0], 1.0), row(1, &[0.0], 1.0)];
        let laid = rows(&data, 400.0, 12.0, 10.0);
        for (place, row) in laid.rows.iter().enumerate() {
            assert!(laid.rows[..place].iter().all(|other| !other.overlaps(*row)));
            assert!(row.bottom() <= laid.height);
        }
        assert_eq!((laid.groups.len(), laid.groups[0].height), (2, 24.0));
        assert!(!laid.groups[0].overlaps(laid.groups[1]));
    }

    #[test]
    fn the_pieces_of_a_bar_touch_and_fill_it_from_start_to_end() {
        let data = [row(0, &[2.0, 3.0, 6.0], 10.0)];
        let laid = rows(&data, 162.0, 12.0, 10.0);
        let pieces = pieces(&data[0].bars[0], laid.rows[0], laid.scale);
        let spans: Vec<(f64, f64)> = pieces.iter().map(|(r, _)| (r.x, r.right())).collect();
        assert_eq!(spans, [(82.0, 92.0), (92.0, 122.0), (122.0, 162.0)]);
        assert!(pieces.iter().all(|(piece, _)| laid.rows[0].holds(*piece)));
    }
}
