//! Named amounts as bars: the text of an SVG picture.

use super::frame::{Frame, LABEL_LETTERS, MARGIN};
use super::heat::label;
use super::ink::Ink;
use super::number::text_width;
use super::scale::Scale;

/// What is drawn.
#[derive(Clone, Debug)]
pub struct Bars {
    /// The size of the picture.
    pub frame: Frame,
    /// The bars, from left to right.
    pub bars: Vec<Bar>,
    /// How amounts are written.
    pub upwards: fn(u64) -> String,
    /// Which amounts are marked, of those up to the first, and at most so many besides 0.
    pub marks: fn(f64, u32) -> Vec<f64>,
}

/// A bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Its name.
    pub name: String,
    /// Its amount.
    pub value: u64,
    /// Its colour.
    pub ink: Ink,
}

/// Draws the picture. Names and amounts stand at the bars where they have room.
pub fn bars(plot: &Bars) -> String {
    let text = f64::from(plot.frame.text);
    let (width, height) = (f64::from(plot.frame.size.0), f64::from(plot.frame.size.1));
    let most = plot.bars.iter().map(|bar| bar.value).max().unwrap_or(0);
    let left = f64::from(MARGIN) + text * f64::from(LABEL_LETTERS);
    let bottom = height - text * 2.0;
    let scale = Scale { most: most as f64, from: bottom, to: text * 1.6 };
    let step = (width - left - 8.0).max(0.0) / plot.bars.len().max(1) as f64;
    let thick = (step * 0.78).clamp(0.6, 56.0);
    let mut shapes = String::new();
    for tick in (plot.marks)(scale.most, 4) {
        let y = scale.at(tick);
        let line = Ink::LINE.name();
        shapes += &format!(
            "<path d=\"M{left:.1} {y:.1}H{width:.1}\" stroke=\"var({line})\" stroke-width=\"1\" fill=\"none\"/>"
        );
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not negative")]
        let value = tick.max(0.0).round() as u64;
        shapes += &label(left - 6.0, y + text * 0.35, text, "end", &(plot.upwards)(value));
    }
    for (place, bar) in plot.bars.iter().enumerate() {
        let middle = left + step * (place as f64 + 0.5);
        let top = scale.at(bar.value as f64);
        shapes += &format!(
            "<rect x=\"{:.1}\" y=\"{top:.1}\" width=\"{thick:.1}\" height=\"{:.1}\" fill=\"var({})\"/>",
            middle - thick / 2.0,
            (bottom - top).max(0.0),
            bar.ink.name(),
        );
        let amount = (plot.upwards)(bar.value);
        for (words, y) in [(&bar.name, bottom + text * 1.3), (&amount, top - 4.0)] {
            if text_width(words, text) <= step {
                shapes += &label(middle, y, text, "middle", words);
            }
        }
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\">{shapes}</svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::scale::ticks;

    fn plot(values: &[u64]) -> Bars {
        let bar = |(place, value): (usize, &u64)| Bar {
            name: format!("p{place}"),
            value: *value,
            ink: Ink::ACCENT,
        };
        let frame = Frame { size: (400, 180), text: 12 };
        Bars {
            frame,
            bars: values.iter().enumerate().map(bar).collect(),
            upwards: |value| format!("{value} B"),
            marks: ticks,
        }
    }

    #[test]
    fn a_bar_twice_as_large_is_twice_as_high() {
        let drawn = bars(&plot(&[50, 100]));
        let heights: Vec<f64> = drawn
            .split("<rect")
            .skip(1)
            .map(|rect| {
                rect.split(" height=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
            })
            .collect();
        assert!((heights[1] / heights[0] - 2.0).abs() < 0.01, "{heights:?}");
        assert!(drawn.contains(">p1<") && drawn.contains(">100 B<"));
    }

    #[test]
    fn many_bars_have_no_names_and_none_is_left_out() {
        let drawn = bars(&plot(&[7; 300]));
        assert_eq!(drawn.matches("<rect").count(), 300);
        assert!(!drawn.contains(">p7<"));
        assert!(bars(&plot(&[])).contains("<svg"));
    }
}
