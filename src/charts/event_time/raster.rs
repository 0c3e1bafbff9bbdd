//! Records as dots; and where they are too many, how dense they lie.

use super::{Ask, Axis, Dot, MARKED_MOST, Mark};
use crate::charts::number::text_width;
use crate::charts::shape::{Point, Rect};

/// From this many records on they are drawn as a density.
pub const RASTER_FROM: usize = 2_000;

/// The side of a tile.
const SIDE: f64 = 8.0;

/// Records in a small part of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tile {
    /// The part.
    pub rect: Rect,
    /// How many there are.
    pub count: usize,
    /// How dense that is, compared with the densest: from 0 to 1.
    pub share: f64,
}

/// The dots, the tiles, and how many marked records are neither.
pub(super) fn dots(
    ask: &Ask,
    event: Axis,
    clock: Axis,
    area: Rect,
) -> (Vec<Dot>, Vec<Tile>, usize) {
    let dot = |index: usize| {
        let data = &ask.dots[index];
        let at = Point { x: event.at(data.event), y: clock.at(data.clock) };
        let radius = radius(ask);
        let is_labelled = text_width(&data.label, ask.text) <= radius * 1.8;
        Dot { index, at, radius, is_labelled, mark: data.mark }
    };
    if ask.dots.len() < RASTER_FROM {
        return ((0..ask.dots.len()).map(dot).collect(), Vec::new(), 0);
    }
    let is_marked = |index: &usize| matches!(ask.dots[*index].mark, Mark::Late | Mark::Dropped);
    let marked: Vec<usize> = (0..ask.dots.len()).filter(is_marked).collect();
    let uncounted = marked.len().saturating_sub(MARKED_MOST);
    let plain = (0..ask.dots.len()).filter(|index| !is_marked(index)).map(|index| dot(index).at);
    let tiles = tiles(plain, area);
    (marked.into_iter().take(MARKED_MOST).map(dot).collect(), tiles, uncounted)
}

/// Few records are large enough to be read, many small enough to be told apart.
fn radius(ask: &Ask) -> f64 {
    match ask.dots.len().max(ask.expected) {
        0..=40 => ask.text * 0.95,
        41..=120 => ask.text * 0.5,
        121..=600 => ask.text * 0.36,
        _ => ask.text * 0.26,
    }
}

fn tiles(points: impl Iterator<Item = Point>, area: Rect) -> Vec<Tile> {
    let mut counts = std::collections::BTreeMap::<(u32, u32), usize>::new();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "inside the area")]
    let place = |at: f64, from: f64| ((at - from).max(0.0) / SIDE) as u32;
    for point in points {
        *counts.entry((place(point.x, area.x), place(point.y, area.y))).or_default() += 1;
    }
    let most = counts.values().copied().max().unwrap_or(1) as f64;
    let tile = |((column, row), count): ((u32, u32), usize)| {
        let (x, y) = (area.x + f64::from(column) * SIDE, area.y + f64::from(row) * SIDE);
        Tile { rect: Rect::new(x, y, SIDE, SIDE), count, share: count as f64 / most }
    };
    counts.into_iter().map(tile).collect()
}
