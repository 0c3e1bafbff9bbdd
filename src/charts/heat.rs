//! An amount by row and interval, as shades: the text of an SVG picture.

use super::frame::{LABEL_LETTERS, MARGIN, MARGIN_RIGHT};
use super::ink::Ink;
use super::scale::Scale;
use super::shape::{Rect, add_rect};

/// What is drawn.
#[derive(Clone, Debug)]
pub struct Heat {
    /// The width of the picture.
    pub width: f64,
    /// The size of its type.
    pub text: u32,
    /// The end of the axis across, which begins at 0.
    pub until: f64,
    /// The width of an interval.
    pub interval: f64,
    /// The rows: their names, and an amount for each interval.
    pub rows: Vec<(String, Vec<u64>)>,
    /// The amount that is darkest.
    pub most: u64,
}

/// Shades, from what is more than nothing to the most.
const SHADES: u64 = 8;
/// The height of a row where there are few, and at least.
const ROW: f64 = 18.0;
const ROW_LEAST: f64 = 4.0;
/// The height of all rows, where there are many.
const ROWS: f64 = 200.0;

impl Heat {
    /// Where a value across lies.
    pub fn scale(&self) -> Scale {
        let from = f64::from(MARGIN + self.text * LABEL_LETTERS);
        Scale { most: self.until, from, to: self.width - f64::from(MARGIN_RIGHT) }
    }

    /// The height of the rows, without the axis.
    pub fn height(&self) -> f64 {
        self.row() * self.rows.len() as f64
    }

    fn row(&self) -> f64 {
        (ROWS / self.rows.len().max(1) as f64).clamp(ROW_LEAST, ROW)
    }
}

/// Draws the picture: a path a shade, so that many cells are few elements.
pub fn heat(plot: &Heat, across: fn(f64) -> String) -> String {
    let (scale, row) = (plot.scale(), plot.row());
    let text = f64::from(plot.text);
    let height = plot.height() + 2.0 * text;
    let mut paths: Vec<String> = (0..SHADES).map(|_| String::new()).collect();
    let mut names = String::new();
    for (place, (name, amounts)) in plot.rows.iter().enumerate() {
        let y = place as f64 * row;
        for (column, amount) in amounts.iter().enumerate() {
            let shade = shade(*amount, plot.most);
            let Some(path) = shade.and_then(|shade| paths.get_mut(shade)) else { continue };
            let left = scale.at(column as f64 * plot.interval);
            let right = scale.at((column as f64 + 1.0) * plot.interval);
            add_rect(path, Rect::new(left, y, right - left, row - 1.0));
        }
        // Names that would lie over each other are left out but for some.
        let every = (text / row).ceil().max(1.0);
        if (place as f64 % every).abs() < 0.5 {
            let baseline = y + row / 2.0 + text * 0.35;
            names += &label(0.0, baseline, text, "start", name);
        }
    }
    let shapes = paths.iter().enumerate().map(|(shade, path)| {
        let opacity = (shade as f64 + 1.0) / SHADES as f64;
        format!(
            "<path d=\"{path}\" fill=\"var({})\" fill-opacity=\"{opacity:.3}\"/>",
            Ink::ACCENT.name()
        )
    });
    let ticks = scale.ticks(6).into_iter();
    let ticks =
        ticks.map(|tick| label(scale.at(tick), height - 4.0, text, "middle", &across(tick)));
    let (shapes, ticks): (String, String) = (shapes.collect(), ticks.collect());
    let width = plot.width;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\">{shapes}{names}{ticks}</svg>"
    )
}

/// The shade of an amount; nothing for nothing.
fn shade(amount: u64, most: u64) -> Option<usize> {
    let part = u128::from(amount) * u128::from(SHADES);
    let shade = part.div_ceil(u128::from(most.max(1))).min(u128::from(SHADES));
    usize::try_from(shade).ok()?.checked_sub(1)
}

/// A label. Names come from the page itself, and what SVG would misread is replaced.
pub(super) fn label(x: f64, y: f64, size: f64, anchor: &str, text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" font-size=\"{size}\" fill=\"var({})\">{text}</text>",
        Ink::SOFT.name()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot(rows: usize) -> Heat {
        let row = |place: usize| (format!("node {}", place + 1), vec![0, 1, 50, 100]);
        Heat {
            width: 500.0,
            text: 12,
            until: 8.0,
            interval: 2.0,
            rows: (0..rows).map(row).collect(),
            most: 100,
        }
    }

    #[test]
    fn nothing_has_no_shade_and_the_most_the_darkest() {
        assert_eq!(
            [0, 1, 50, 100, 900].map(|amount| shade(amount, 100)),
            [None, Some(0), Some(3), Some(7), Some(7)]
        );
        assert_eq!(shade(0, 0), None);
    }

    #[test]
    fn many_cells_are_few_elements_and_rows_stay_low() {
        let drawn = heat(&plot(50), |value| format!("{value:.0} s"));
        assert_eq!(drawn.matches("<path").count(), 8);
        // A cell for each amount above nothing.
        assert_eq!(drawn.matches("zM").count() + drawn.matches("z\"").count(), 150);
        assert!(plot(50).height() <= 200.1 && plot(3).height() > 50.0);
        assert!(drawn.contains(">node 1<") && drawn.contains(">8 s<"));
        assert!(drawn.matches(">node ").count() <= 20, "names do not lie over each other");
    }
}
