//! The slots of a node: boxes with text where there is room, else squares, else one gauge.

use super::GAP;
use crate::charts::shape::Rect;

/// How much a slot can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotStyle {
    /// Six lines: as a card, with the names of its phases, its counts and a buffer with a label.
    Tall,
    /// Three lines: the task and its phase, its progress, what it reads and its buffer.
    Card,
    /// Two lines: the task and its phase, its progress.
    Pair,
    /// One line.
    Line,
    /// A square with a number.
    Square,
    /// All slots as one bar with a count.
    Gauge,
}

/// The slots of one kind on one node.
#[derive(Clone, Debug, PartialEq)]
pub struct SlotArea {
    /// All of them together.
    pub frame: Rect,
    /// How much each can show.
    pub style: SlotStyle,
    /// Each of them; none where they are a gauge.
    pub slots: Vec<Rect>,
}

const TALL: f64 = 106.0;
const TALL_MOST: f64 = 118.0;
const CARD: f64 = 48.0;
const CARD_MOST: f64 = 62.0;
const PAIR: f64 = 31.0;
const ONE_LINE: f64 = 18.0;
const SQUARE_MOST: f64 = 24.0;
const SQUARE_LEAST: f64 = 12.0;

impl SlotArea {
    /// Lays out this many slots.
    pub(super) fn new(frame: Rect, count: u32) -> SlotArea {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        SlotArea::boxes(frame, count)
            .or_else(|| SlotArea::squares(frame, count))
            .unwrap_or(SlotArea { frame, style: SlotStyle::Gauge, slots: Vec::new() })
    }

    /// Boxes with text, in one column or two.
    fn boxes(frame: Rect, count: usize) -> Option<SlotArea> {
        let one = SlotArea::stacked(frame, count, 1);
        let two = (frame.width >= 236.0).then(|| SlotArea::stacked(frame, count, 2)).flatten();
        match (one, two) {
            (Some(one), Some(two)) if (two.style as u8) < one.style as u8 => Some(two),
            (Some(one), _) => Some(one),
            (None, two) => two,
        }
    }

    fn stacked(frame: Rect, count: usize, columns: usize) -> Option<SlotArea> {
        let gap = GAP * 0.625;
        let rows = count.div_ceil(columns).max(1);
        let height = ((frame.height - gap * (rows as f64 - 1.0)) / rows as f64).min(TALL_MOST);
        let height = if height < TALL { height.min(CARD_MOST) } else { height };
        let style = style_of(height, frame.width / columns as f64)?;
        let used = height * rows as f64 + gap * (rows as f64 - 1.0);
        let top = frame.y + (frame.height - used) / 2.0;
        let body = Rect::new(frame.x, top, frame.width, used);
        let slots = body.rows(rows, gap).into_iter().flat_map(|row| row.columns(columns, gap));
        Some(SlotArea { frame, style, slots: slots.take(count).collect() })
    }

    /// Squares, as large as fit.
    fn squares(frame: Rect, count: usize) -> Option<SlotArea> {
        let gap = 3.0;
        let mut side = SQUARE_MOST.min(frame.height);
        while side >= SQUARE_LEAST {
            let across = fitting(frame.width, side, gap);
            let down = fitting(frame.height, side, gap);
            if across * down >= count {
                let used = count.div_ceil(across) as f64 * (side + gap) - gap;
                let top = frame.y + (frame.height - used) / 2.0;
                let at = |place: usize| {
                    let (row, column) = (place / across, place % across);
                    let x = frame.x + column as f64 * (side + gap);
                    Rect::new(x, top + row as f64 * (side + gap), side, side)
                };
                let slots = (0..count).map(at).collect();
                return Some(SlotArea { frame, style: SlotStyle::Square, slots });
            }
            side -= 1.0;
        }
        None
    }
}

fn style_of(height: f64, width: f64) -> Option<SlotStyle> {
    match () {
        () if width < 86.0 => None,
        () if height >= TALL => Some(SlotStyle::Tall),
        () if height >= CARD => Some(SlotStyle::Card),
        () if height >= PAIR => Some(SlotStyle::Pair),
        () if height >= ONE_LINE => Some(SlotStyle::Line),
        () => None,
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small count")]
fn fitting(length: f64, side: f64, gap: f64) -> usize {
    ((length + gap) / (side + gap)).floor().max(0.0) as usize
}
