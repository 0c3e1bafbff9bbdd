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
        let height = height.clamp(0.0, self.height.max(0.0));
        let used = (height + gap).min(self.height);
        (Rect { height, ..self }, Rect::new(self.x, self.y + used, self.width, self.height - used))
    }

    /// Cuts a piece of this height off the bottom: the piece, and what is left above a gap.
    pub fn cut_bottom(self, height: f64, gap: f64) -> (Rect, Rect) {
        let height = height.clamp(0.0, self.height.max(0.0));
        let rest = (self.height - height - gap).max(0.0);
        (Rect { y: self.bottom() - height, height, ..self }, Rect { height: rest, ..self })
    }

    /// Cuts a piece of this width off the left: the piece, and what is left beyond a gap.
    pub fn cut_left(self, width: f64, gap: f64) -> (Rect, Rect) {
        let width = width.clamp(0.0, self.width.max(0.0));
        let used = (width + gap).min(self.width);
        (Rect { width, ..self }, Rect::new(self.x + used, self.y, self.width - used, self.height))
    }

    /// Cuts a piece of this width off the right: the piece, and what is left before a gap.
    pub fn cut_right(self, width: f64, gap: f64) -> (Rect, Rect) {
        let width = width.clamp(0.0, self.width.max(0.0));
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
    let mut path = String::with_capacity(48);
    let steps = [
        ('M', from.x),
        (' ', from.y),
        ('C', middle),
        (' ', from.y),
        (' ', middle),
        (' ', to.y),
        (' ', to.x),
        (' ', to.y),
    ];
    add_numbers(&mut path, &steps);
    path
}

/// Adds a rectangle to the `d` of an SVG path: one path of many rectangles is one element.
pub fn add_rect(path: &mut String, rect: Rect) {
    let Rect { x, y, width, height } = rect;
    add_numbers(path, &[('M', x), (' ', y), ('h', width), ('v', height), ('h', -width)]);
    path.push('z');
}

fn add_numbers(path: &mut String, numbers: &[(char, f64)]) {
    for (before, number) in numbers {
        path.push(*before);
        add_number(path, *number);
    }
}

/// Adds a number to the tenth. Pictures have thousands of them, and exact decimals of floating
/// point cost ten times as much.
pub fn add_number(text: &mut String, number: f64) {
    #[expect(clippy::cast_possible_truncation, reason = "lengths of a picture are small")]
    let tenths = (number * 10.0).round() as i64;
    let sign = if tenths < 0 { "-" } else { "" };
    let (whole, tenth) = (tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10);
    // Writing to a String cannot fail.
    let _ = match tenth {
        0 => write!(text, "{sign}{whole}"),
        tenth => write!(text, "{sign}{whole}.{tenth}"),
    };
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
        // Where a stage has no room at all, pieces come out with less than nothing of it.
        let none = Rect::new(0.0, 0.0, -2.0, -2.0);
        assert_eq!(none.cut_left(5.0, 1.0).0.width, 0.0);
        assert_eq!(none.cut_top(5.0, 1.0).0.height, 0.0);
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
        assert_eq!(path, "M0 1C5 1 5 5 10 5");
    }

    #[test]
    fn numbers_are_written_to_the_tenth() {
        let written = |number| {
            let mut text = String::new();
            add_number(&mut text, number);
            text
        };
        let cases = [0.0, 3.0, 3.25, -0.04, -0.3, -12.96, 1_234.5];
        assert_eq!(cases.map(written), ["0", "3", "3.3", "0", "-0.3", "-13", "1234.5"]);
    }

    #[test]
    fn rectangles_are_gathered_in_one_path() {
        let mut path = String::new();
        add_rect(&mut path, Rect::new(1.0, 2.0, 3.0, 4.0));
        add_rect(&mut path, Rect::new(5.0, 2.0, 3.0, 4.0));
        assert_eq!(path, "M1 2h3v4h-3zM5 2h3v4h-3z");
    }
}
