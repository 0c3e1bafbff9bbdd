//! The parts of the output: cards where there is room, else squares.

use super::{GAP, LINE};
use crate::charts::shape::Rect;

/// Where each part lies within the panel, under its title.
pub fn outputs(panel: Rect, parts: usize) -> Vec<Rect> {
    let (_, body) = panel.cut_top(LINE + 4.0, 4.0);
    let mut across = 1;
    // Bounded: with as many columns as parts there is one row.
    while across < parts && card_height(body, parts, across) < 26.0 {
        across += 1;
    }
    let rows = parts.div_ceil(across).max(1);
    let height = card_height(body, parts, across).min(58.0);
    let used = height * rows as f64 + GAP * 0.75 * (rows as f64 - 1.0);
    let grid = Rect::new(body.x, body.y, body.width, used.min(body.height));
    let rows = grid.rows(rows, GAP * 0.75);
    rows.into_iter().flat_map(|row| row.columns(across, GAP * 0.5)).take(parts).collect()
}

fn card_height(body: Rect, parts: usize, across: usize) -> f64 {
    let rows = parts.div_ceil(across).max(1) as f64;
    (body.height - GAP * 0.75 * (rows - 1.0)) / rows
}
