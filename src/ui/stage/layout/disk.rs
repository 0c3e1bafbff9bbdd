//! A node's own disk: the map outputs that lie on it, a row each, cut into one segment a
//! partition. Its rows depend on what has happened, so it is laid out anew when one is added.

use crate::charts::shape::Rect;

/// The rows of a disk.
#[derive(Clone, Debug, PartialEq)]
pub struct Disk {
    /// Where each map output lies; one row for all of them where there are too many.
    pub rows: Vec<Rect>,
    /// Whether one row stands for all.
    pub is_summed: bool,
}

const ROW_MOST: f64 = 24.0;
const ROW_LEAST: f64 = 6.0;
const ROW_GAP: f64 = 3.0;

/// Lays out a disk with this many map outputs, from the bottom up.
pub fn disk(frame: Rect, outputs: usize) -> Disk {
    let fits = |height: f64| outputs as f64 * (height + ROW_GAP) - ROW_GAP <= frame.height;
    let mut height = ROW_MOST.min(frame.height);
    while !fits(height) && height >= ROW_LEAST {
        height -= 1.0;
    }
    if !fits(height) {
        let row = frame.cut_bottom(ROW_MOST.min(frame.height), 0.0).0;
        return Disk { rows: vec![row], is_summed: true };
    }
    let at = |place: usize| frame.bottom() - height - place as f64 * (height + ROW_GAP);
    let rows = (0..outputs).map(|place| Rect::new(frame.x, at(place), frame.width, height));
    Disk { rows: rows.collect(), is_summed: false }
}

impl Disk {
    /// Cuts a row into segments whose widths follow their weights, none thinner than half of
    /// an equal share.
    pub fn segments(row: Rect, weights: &[u64]) -> Vec<Rect> {
        let count = weights.len().max(1) as f64;
        let total = weights.iter().sum::<u64>().max(1) as f64;
        let least = row.width / count / 2.0;
        let spare = row.width - least * count;
        let mut x = row.x;
        let mut segments = Vec::with_capacity(weights.len());
        for weight in weights {
            let width = least + spare * *weight as f64 / total;
            segments.push(Rect::new(x, row.y, width, row.height));
            x += width;
        }
        segments
    }
}
