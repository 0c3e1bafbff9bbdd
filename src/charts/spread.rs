//! A measure against a parameter, each value of it measured several times: the least, the median
//! and the most, and every single measurement, as the text of an SVG picture.

use super::frame::{Frame, LABEL_LETTERS, LINE_HEIGHT, MARGIN, MARGIN_RIGHT, PlotError};
use super::ink::{Ink, named};
use super::marked::Marked;
use crate::base::median::middle;
use plotters::prelude::*;

/// What is drawn.
#[derive(Clone, Debug)]
pub struct Spread {
    /// The size of the picture.
    pub frame: Frame,
    /// The parameter's values, from left to right.
    pub columns: Vec<Column>,
    /// Whether the values lie as far apart as they are, or all equally far.
    pub to_scale: bool,
    /// How measurements are written.
    pub upwards: fn(f64) -> String,
    /// Which measurements are marked, of those up to the first, and at most so many besides 0.
    pub marks: fn(f64, u32) -> Vec<f64>,
}

/// A value of the parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The value, where values are numbers.
    pub value: f64,
    /// As it is written.
    pub label: String,
    /// What was measured, in any order.
    pub measured: Vec<f64>,
    /// How many measurements failed.
    pub failed: usize,
}

impl Column {
    /// The least, the median (of two in the middle half-way between them) and the most; nothing where nothing was
    /// measured.
    pub fn spread(&self) -> Option<[f64; 3]> {
        let mut sorted = self.measured.clone();
        sorted.sort_by(f64::total_cmp);
        let (lower, upper) = middle(sorted.len())?;
        let median = f64::midpoint(*sorted.get(lower)?, *sorted.get(upper)?);
        Some([*sorted.first()?, median, *sorted.last()?])
    }
}

impl Spread {
    /// Where a column lies in the picture.
    pub fn x(&self, place: usize) -> f64 {
        let (first, last) = self.ends();
        self.frame.x((self.across(place) - first) / (last - first))
    }

    /// Where a measurement lies in the picture.
    pub fn y(&self, measured: f64) -> f64 {
        self.frame.y(measured / self.most())
    }

    /// Where failures are marked: above all that was measured.
    pub fn y_failed(&self) -> f64 {
        self.frame.y(FAILED)
    }

    fn across(&self, place: usize) -> f64 {
        match self.columns.get(place) {
            Some(column) if self.to_scale => column.value,
            Some(_) | None => place as f64,
        }
    }

    /// The ends of the horizontal axis, with some room beside the first and the last column.
    fn ends(&self) -> (f64, f64) {
        let last = self.columns.len().saturating_sub(1);
        let (first, last) = (self.across(0), self.across(last));
        let room = if self.to_scale { ((last - first) * 0.08).max(0.5) } else { 0.5 };
        (first - room, last + room)
    }

    fn most(&self) -> f64 {
        let all = self.columns.iter().flat_map(|column| &column.measured).copied();
        all.fold(f64::MIN_POSITIVE, f64::max).max(1.0) / TOP
    }
}

/// The share of the height up to which measurements go, and at which failures are marked.
const TOP: f64 = 0.86;
const FAILED: f64 = 0.95;

/// Draws the picture.
///
/// # Errors
/// When the library cannot lay out the axes, as in a picture without room for them.
pub fn spread(plot: &Spread) -> Result<String, PlotError> {
    let mut picture = String::new();
    draw(plot, &mut picture).map_err(|error| PlotError(error.to_string()))?;
    Ok(named(&picture))
}

fn draw(plot: &Spread, picture: &mut String) -> Result<(), Box<dyn std::error::Error>> {
    let Frame { size, text } = plot.frame;
    let area = SVGBackend::with_string(picture, size).into_drawing_area();
    let (first, last) = plot.ends();
    let most = plot.most();
    let label =
        ("sans-serif", f64::from(text) * LINE_HEIGHT).into_font().color(&Ink::SOFT.number());
    let mut chart = ChartBuilder::on(&area)
        .margin(MARGIN)
        .margin_right(MARGIN_RIGHT)
        .x_label_area_size(text * 2)
        .y_label_area_size(text * LABEL_LETTERS)
        .build_cartesian_2d(first..last, Marked { most, marks: (plot.marks)(most, 5) })?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .x_labels(if plot.to_scale { 8 } else { plot.columns.len().clamp(2, 40) })
        .y_labels(5)
        .label_style(label)
        .axis_style(Ink::LINE.number())
        .light_line_style(TRANSPARENT)
        .bold_line_style(Ink::LINE.number())
        .x_label_formatter(&|value| written(plot, *value))
        .y_label_formatter(&|value| (plot.upwards)(*value))
        .draw()?;
    let placed =
        plot.columns.iter().enumerate().map(|(place, column)| (plot.across(place), column));
    let medians = placed.clone().filter_map(|(x, column)| Some((x, column.spread()?[1])));
    let (main, single) = (Ink::ACCENT.number(), Ink::SOFT.number());
    chart.draw_series(LineSeries::new(medians.clone(), main.stroke_width(1)))?;
    let ranges = placed.clone().filter_map(|(x, column)| Some((x, column.spread()?)));
    chart.draw_series(ranges.map(|(x, [least, _, most])| {
        PathElement::new([(x, least), (x, most)], main.stroke_width(2))
    }))?;
    let all = placed.clone().flat_map(|(x, column)| column.measured.iter().map(move |y| (x, *y)));
    chart.draw_series(all.map(|at| Circle::new(at, 3, single.stroke_width(1))))?;
    chart.draw_series(medians.map(|at| Circle::new(at, 4, main.filled())))?;
    let failed = placed.filter(|(_, column)| column.failed > 0);
    let bad = Ink::BAD.number().stroke_width(2);
    chart.draw_series(failed.map(|(x, _)| Cross::new((x, most * FAILED), 5, bad)))?;
    area.present()?;
    Ok(())
}

/// A mark of the horizontal axis: a number, or the name of the column that lies there.
fn written(plot: &Spread, value: f64) -> String {
    if plot.to_scale {
        return if value.fract().abs() < 1e-9 { format!("{value:.0}") } else { String::new() };
    }
    let near = |(place, _): &(usize, &Column)| (*place as f64 - value).abs() < 1e-6;
    let found = plot.columns.iter().enumerate().find(near);
    found.map_or_else(String::new, |(_, column)| column.label.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::scale::ticks;

    fn column(value: f64, measured: &[f64], failed: usize) -> Column {
        Column { value, label: format!("{value} nodes"), measured: measured.to_vec(), failed }
    }

    fn plot(to_scale: bool) -> Spread {
        let columns = vec![
            column(1.0, &[30.0, 50.0, 40.0], 0),
            column(2.0, &[20.0, 25.0], 1),
            column(9.0, &[], 3),
        ];
        let frame = Frame { size: (500, 240), text: 12 };
        Spread { frame, columns, to_scale, upwards: |value| format!("{value:.0} s"), marks: ticks }
    }

    #[test]
    fn the_spread_is_least_median_and_most() {
        let plot = plot(true);
        let spreads: Vec<_> = plot.columns.iter().map(Column::spread).collect();
        assert_eq!(spreads, [Some([30.0, 40.0, 50.0]), Some([20.0, 22.5, 25.0]), None]);
    }

    #[test]
    fn columns_lie_to_scale_or_equally_far_apart() {
        let gaps = |plot: &Spread| (plot.x(1) - plot.x(0), plot.x(2) - plot.x(1));
        let (near, far) = gaps(&plot(true));
        assert!((far / near - 7.0).abs() < 1e-6, "{near} {far}");
        let (one, other) = gaps(&plot(false));
        assert!((one - other).abs() < 1e-6);
        assert!(plot(true).y(50.0) < plot(true).y(30.0), "more is higher");
        assert!(plot(true).y_failed() < plot(true).y(50.0), "failures lie above all");
    }

    #[test]
    fn what_is_pressed_lies_where_it_is_drawn() {
        let plot = plot(false);
        let drawn = spread(&plot).unwrap();
        let filled = drawn.split("<circle").filter(|part| part.contains("fill=\"var(--accent)\""));
        let first = filled.clone().next().unwrap();
        let number = |name: &str| -> f64 {
            let at = first.split(&format!("{name}=\"")).nth(1).unwrap();
            at.split('"').next().unwrap().parse().unwrap()
        };
        assert!((number("cx") - plot.x(0)).abs() <= 1.5, "{first}");
        assert!((number("cy") - plot.y(40.0)).abs() <= 1.5, "{first}");
        assert_eq!(filled.count(), 2, "a column without measurements has no median");
        assert_eq!(
            drawn.matches("var(--bad)").count() / 2,
            2,
            "two columns failed: crosses of two strokes"
        );
        assert!(drawn.contains("9 nodes"));
    }

    #[test]
    fn one_column_and_none_can_be_drawn_too() {
        let mut plot = plot(true);
        plot.columns.truncate(1);
        assert!(spread(&plot).is_ok());
        plot.columns.clear();
        assert!(spread(&plot).is_ok());
    }
}
