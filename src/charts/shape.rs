//! Rectangles, points and the few curves that pictures are made of. Units are those of the
//! picture: x grows to the right, y grows downwards.

use std::fmt::Write as _;

/// A place in a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Downwards.
    pub y: f64,
}

/// A rectangle with its sides along the axes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Its left side.
    pub x: f64,
    /// Its upper side.
    pub y: f64,
    /// Its width, not negative.
    pub width: f64,
    /// Its height, not negative.
    pub height: f64,
}

impl Rect {
    /// A rectangle; sizes below nothing are nothing.
    pub fn new(x: f64, y: f64, width: f64, height: f64) -> Rect {
        Rect { x, y, width: width.max(0.0), height: height.max(0.0) }
    }

    /// Its right side.
    pub fn right(self) -> f64 {
        self.x + self.width
    }

    /// Its lower side.
    pub fn bottom(self) -> f64 {
        self.y + self.height
    }

    /// Its middle.
    pub fn centre(self) -> Point {
        Point { x: self.x + self.width / 2.0, y: self.y + self.height / 2.0 }
    }

    /// The middle of its right side.
    pub fn right_middle(self) -> Point {
        Point { x: self.right(), y: self.y + self.height / 2.0 }
    }

    /// The middle of its left side.
    pub fn left_middle(self) -> Point {
        Point { x: self.x, y: self.y + self.height / 2.0 }
    }

    /// The rectangle within, by this distance from each side.
    #[must_use]
    pub fn inset(self, by: f64) -> Rect {
        let (dx, dy) = (by.min(self.width / 2.0), by.min(self.height / 2.0));
        Rect::new(self.x + dx, self.y + dy, self.width - 2.0 * dx, self.height - 2.0 * dy)
    }

    /// Cuts a piece of this height off the top: the piece, and what is left under a gap.
    pub fn cut_top(self, height: f64, gap: f64) -> (Rect, Rect) {
        let height = height.clamp(0.0, self.height);
        let used = (height + gap).min(self.height);
        (Rect { height, ..self }, Rect::new(self.x, self.y + used, self.width, self.height - used))
    }

    /// Cuts a piece of this height off the bottom: the piece, and what is left above a gap.
    pub fn cut_bottom(self, height: f64, gap: f64) -> (Rect, Rect) {
        let height = height.clamp(0.0, self.height);
        let rest = (self.height - height - gap).max(0.0);
        (Rect { y: self.bottom() - height, height, ..self }, Rect { height: rest, ..self })
    }

    /// Cuts a piece of this width off the left: the piece, and what is left beyond a gap.
    pub fn cut_left(self, width: f64, gap: f64) -> (Rect, Rect) {
        let width = width.clamp(0.0, self.width);
        let used = (width + gap).min(self.width);
        (Rect { width, ..self }, Rect::new(self.x + used, self.y, self.width - used, self.height))
    }

    /// Cuts a piece of this width off the right: the piece, and what is left before a gap.
    pub fn cut_right(self, width: f64, gap: f64) -> (Rect, Rect) {
        let width = width.clamp(0.0, self.width);
        let rest = (self.width - width - gap).max(0.0);
        (Rect { x: self.right() - width, width, ..self }, Rect { width: rest, ..self })
    }

    /// Whether the other lies within, but for rounding.
    pub fn holds(self, other: Rect) -> bool {
        const SLACK: f64 = 0.01;
        other.x >= self.x - SLACK
            && other.y >= self.y - SLACK
            && other.right() <= self.right() + SLACK
            && other.bottom() <= self.bottom() + SLACK
    }

    /// Whether the two share more than an edge, but for rounding.
    pub fn overlaps(self, other: Rect) -> bool {
        const SLACK: f64 = 0.01;
        self.x + SLACK < other.right()
            && other.x + SLACK < self.right()
            && self.y + SLACK < other.bottom()
            && other.y + SLACK < self.bottom()
    }

    /// Rows of equal height, one under the other, with gaps between them.
    pub fn rows(self, count: usize, gap: f64) -> Vec<Rect> {
        let height = share(self.height, count, gap);
        let at = |place: usize| self.y + place as f64 * (height + gap);
        (0..count).map(|place| Rect::new(self.x, at(place), self.width, height)).collect()
    }

    /// Columns of equal width, side by side, with gaps between them.
    pub fn columns(self, count: usize, gap: f64) -> Vec<Rect> {
        let width = share(self.width, count, gap);
        let at = |place: usize| self.x + place as f64 * (width + gap);
        (0..count).map(|place| Rect::new(at(place), self.y, width, self.height)).collect()
    }
}

/// The size of each of `count` pieces of a length with gaps between them.
fn share(length: f64, count: usize, gap: f64) -> f64 {
    let count = count.max(1) as f64;
    ((length - gap * (count - 1.0)) / count).max(0.0)
}

/// An S-curve from left to right, as the `d` of an SVG path: it leaves and arrives level. A packet
/// that moves evenly in x, and in y with the timing curve `cubic-bezier(.5, 0, .5, 1)`, keeps to it.
pub fn ribbon(from: Point, to: Point) -> String {
    let middle = (from.x + to.x) / 2.0;
    let mut path = String::new();
    // Writing to a String cannot fail.
    let _ = write!(
        path,
        "M{:.1} {:.1}C{middle:.1} {:.1} {middle:.1} {:.1} {:.1} {:.1}",
        from.x, from.y, from.y, to.y, to.x, to.y
    );
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_leaves_the_rest_beside_a_gap_and_never_less_than_nothing() {
        let all = Rect::new(0.0, 0.0, 100.0, 50.0);
        let (left, rest) = all.cut_left(30.0, 10.0);
        assert_eq!((left.width, rest.x, rest.width), (30.0, 40.0, 60.0));
        let (piece, rest) = all.cut_bottom(60.0, 5.0);
        assert_eq!((piece.height, rest.height), (50.0, 0.0));
    }

    #[test]
    fn rows_and_columns_stay_inside_and_apart() {
        let all = Rect::new(5.0, 5.0, 90.0, 40.0);
        for pieces in [all.rows(7, 2.0), all.columns(7, 2.0)] {
            for (place, piece) in pieces.iter().enumerate() {
                assert!(all.holds(*piece));
                assert!(pieces[..place].iter().all(|other| !other.overlaps(*piece)));
            }
        }
    }

    #[test]
    fn a_ribbon_leaves_and_arrives_level() {
        let path = ribbon(Point { x: 0.0, y: 1.0 }, Point { x: 10.0, y: 5.0 });
        assert_eq!(path, "M0.0 1.0C5.0 1.0 5.0 5.0 10.0 5.0");
    }
}
