//! Series against time (or whatever lies across), as the text of an SVG picture.

use super::frame::{Frame, LABEL_LETTERS, LINE_HEIGHT, MARGIN, MARGIN_RIGHT, PlotError};
use super::ink::{Ink, named};
use super::marked::Marked;
use plotters::prelude::*;

/// What is drawn.
#[derive(Clone, Debug)]
pub struct Lines {
    /// The size of the picture.
    pub frame: Frame,
    /// The end of the horizontal axis, which begins at 0.
    pub until: f64,
    /// How the values across are written.
    pub across: fn(f64) -> String,
    /// How the values upwards are written.
    pub upwards: fn(f64) -> String,
    /// Which values upwards are marked, of those up to the first, and at most so many besides 0.
    pub marks: fn(f64, u32) -> Vec<f64>,
    /// The series, the hindmost first.
    pub series: Vec<Series>,
}

/// A series.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Its points, in order.
    pub points: Vec<(f64, f64)>,
    /// Its colour.
    pub ink: Ink,
    /// How it is drawn: never by its colour alone.
    pub look: Look,
}

/// How a series is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// A line over a light wash.
    Area,
    /// A filled shape, for what is stacked.
    Solid,
    /// A line.
    Line,
    /// A broken line.
    Dashed,
}

impl Lines {
    /// Where a value across lies in the picture.
    pub fn at(&self, value: f64) -> f64 {
        self.frame.x(value / self.until.max(f64::MIN_POSITIVE))
    }

    /// The end of the vertical axis: a little above the largest value.
    fn most(&self) -> f64 {
        let values = self.series.iter().flat_map(|series| &series.points).map(|point| point.1);
        values.fold(1.0, f64::max) * 1.08
    }
}

/// Draws the picture.
///
/// # Errors
/// When the library cannot lay out the axes, as in a picture without room for them.
pub fn lines(plot: &Lines) -> Result<String, PlotError> {
    let mut picture = String::new();
    draw(plot, &mut picture).map_err(|error| PlotError(error.to_string()))?;
    Ok(named(&picture))
}

fn draw(plot: &Lines, picture: &mut String) -> Result<(), Box<dyn std::error::Error>> {
    let Frame { size, text } = plot.frame;
    let area = SVGBackend::with_string(picture, size).into_drawing_area();
    let label =
        ("sans-serif", f64::from(text) * LINE_HEIGHT).into_font().color(&Ink::SOFT.number());
    let mut chart = ChartBuilder::on(&area)
        .margin(MARGIN)
        .margin_right(MARGIN_RIGHT)
        .x_label_area_size(text * 2)
        .y_label_area_size(text * LABEL_LETTERS)
        .build_cartesian_2d(
            0.0..plot.until,
            Marked { most: plot.most(), marks: (plot.marks)(plot.most(), 4) },
        )?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .x_labels(6)
        .y_labels(4)
        .label_style(label)
        .axis_style(Ink::LINE.number())
        .light_line_style(TRANSPARENT)
        .bold_line_style(Ink::LINE.number())
        .x_label_formatter(&|value| (plot.across)(*value))
        .y_label_formatter(&|value| (plot.upwards)(*value))
        .draw()?;
    for Series { points, ink, look } in &plot.series {
        let (points, colour) = (points.iter().copied(), ink.number());
        match look {
            Look::Area => {
                let wash = AreaSeries::new(points, 0.0, colour.mix(0.18));
                chart.draw_series(wash.border_style(colour.stroke_width(2)))?
            }
            Look::Solid => chart.draw_series(AreaSeries::new(points, 0.0, colour))?,
            Look::Line => chart.draw_series(LineSeries::new(points, colour.stroke_width(2)))?,
            Look::Dashed => {
                chart.draw_series(DashedLineSeries::new(points, 6, 4, colour.stroke_width(2)))?
            }
        };
    }
    area.present()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::scale::ticks;

    fn plot(series: Vec<Series>) -> Lines {
        let frame = Frame { size: (400, 200), text: 12 };
        let number = |value: f64| format!("{value:.0} B/s");
        Lines { frame, until: 10.0, across: number, upwards: number, marks: ticks, series }
    }

    fn series(values: &[f64], place: u8, look: Look) -> Series {
        let points = values.iter().zip(0_u8..).map(|(y, x)| (f64::from(x), *y)).collect();
        Series { points, ink: Ink::partition(place), look }
    }

    #[test]
    fn the_picture_is_an_svg_that_names_its_colours() {
        let all = vec![
            series(&[1.0, 5.0, 2.0], 0, Look::Area),
            series(&[0.0, 3.0], 1, Look::Line),
            series(&[4.0; 5], 2, Look::Dashed),
            series(&[4.0; 5], 3, Look::Solid),
        ];
        let drawn = lines(&plot(all)).unwrap();
        assert!(drawn.starts_with("<svg") && drawn.trim_end().ends_with("</svg>"));
        for name in
            ["--partition-0", "--partition-1", "--partition-2", "--partition-3", "--ink-soft"]
        {
            assert!(drawn.contains(name), "{name} is missing");
        }
        assert!(!drawn.contains("#0102"), "a colour has no name");
        assert!(drawn.contains("B/s"));
    }

    #[test]
    fn the_line_is_drawn_through_the_values() {
        let rising: Vec<f64> = (0..10).map(f64::from).collect();
        let flat = lines(&plot(vec![series(&[5.0; 10], 1, Look::Line)])).unwrap();
        let steep = lines(&plot(vec![series(&rising, 1, Look::Line)])).unwrap();
        let ys = |text: &str| -> Vec<u32> {
            let line = text.split("<polyline").find(|part| part.contains("--partition-1"));
            let points = line.and_then(|part| part.split("points=\"").nth(1)).unwrap();
            let points = points.split('"').next().unwrap().split_whitespace();
            points.map(|point| point.split(',').nth(1).unwrap().parse().unwrap()).collect()
        };
        let (flat, steep) = (ys(&flat), ys(&steep));
        assert_eq!(flat.len(), 10);
        assert!(flat.iter().all(|y| *y == flat[0]));
        assert!(steep.windows(2).all(|pair| pair[1] < pair[0]), "it rises: {steep:?}");
    }

    #[test]
    fn nothing_at_all_can_be_drawn_too() {
        assert!(lines(&plot(vec![series(&[], 0, Look::Area)])).is_ok());
        assert!(lines(&plot(Vec::new())).is_ok());
    }
}
