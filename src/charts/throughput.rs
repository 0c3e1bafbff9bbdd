//! Throughput against time, as the text of an SVG picture. Its colours are names that a style
//! sheet defines, so that one picture serves both themes.

use plotters::prelude::*;

/// What is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Throughput {
    /// The size of the picture.
    pub size: (u32, u32),
    /// The size of its type.
    pub text: u32,
    /// The end of the time axis, in seconds.
    pub until: f64,
    /// The width of an interval, in seconds.
    pub interval: f64,
    /// Bytes a second in each interval: read, shuffled, written.
    pub rates: [Vec<f64>; 3],
}

/// The picture could not be drawn.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the plot could not be drawn: {0}")]
pub struct PlotError(String);

/// Colours that stand for names of the style sheet, and are replaced by them.
const NAMES: [(RGBColor, &str, &str); 5] = [
    (RGBColor(1, 2, 3), "#010203", "var(--rate-read)"),
    (RGBColor(1, 2, 4), "#010204", "var(--rate-shuffle)"),
    (RGBColor(1, 2, 5), "#010205", "var(--rate-write)"),
    (RGBColor(1, 2, 6), "#010206", "var(--ink-soft)"),
    (RGBColor(1, 2, 7), "#010207", "var(--line)"),
];

/// Draws the picture.
///
/// # Errors
/// When the library cannot lay out the axes, as in a picture without room for them.
pub fn throughput(plot: &Throughput) -> Result<String, PlotError> {
    let mut picture = String::new();
    draw(plot, &mut picture).map_err(|error| PlotError(error.to_string()))?;
    let named = NAMES.iter().fold(picture, |text, (_, colour, name)| text.replace(colour, name));
    Ok(named)
}

fn draw(plot: &Throughput, picture: &mut String) -> Result<(), Box<dyn std::error::Error>> {
    let area = SVGBackend::with_string(picture, plot.size).into_drawing_area();
    let most = plot.rates.iter().flatten().copied().fold(1.0, f64::max) * 1.08;
    let text = ("sans-serif", plot.text).into_font().color(&NAMES[3].0);
    let mut chart = ChartBuilder::on(&area)
        .margin(4)
        .x_label_area_size(plot.text * 2)
        .y_label_area_size(plot.text * 6)
        .build_cartesian_2d(0.0..plot.until, 0.0..most)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .x_labels(6)
        .y_labels(4)
        .label_style(text)
        .axis_style(NAMES[4].0)
        .light_line_style(TRANSPARENT)
        .bold_line_style(NAMES[4].0)
        .x_label_formatter(&|seconds| format!("{seconds:.0} s"))
        .y_label_formatter(&|rate| per_second(*rate))
        .draw()?;
    let [read, shuffle, write] = &plot.rates;
    let points = |rates: &[f64]| -> Vec<(f64, f64)> {
        let at = |(place, rate): (usize, &f64)| ((place as f64 + 0.5) * plot.interval, *rate);
        rates.iter().enumerate().map(at).collect()
    };
    chart.draw_series(
        AreaSeries::new(points(read), 0.0, NAMES[0].0.mix(0.18))
            .border_style(NAMES[0].0.stroke_width(2)),
    )?;
    chart.draw_series(LineSeries::new(points(shuffle), NAMES[1].0.stroke_width(2)))?;
    chart.draw_series(DashedLineSeries::new(points(write), 6, 4, NAMES[2].0.stroke_width(2)))?;
    area.present()?;
    Ok(())
}

/// A rate with its unit.
fn per_second(rate: f64) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rates are small")]
    let whole = rate.max(0.0).round() as u64;
    format!("{}/s", crate::base::format::Bytes(whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot(rates: [Vec<f64>; 3]) -> Throughput {
        Throughput { size: (400, 200), text: 12, until: 10.0, interval: 1.0, rates }
    }

    #[test]
    fn the_picture_is_an_svg_that_names_its_colours() {
        let drawn = throughput(&plot([vec![1.0, 5.0, 2.0], vec![0.0, 3.0], vec![4.0; 5]])).unwrap();
        assert!(drawn.starts_with("<svg") && drawn.trim_end().ends_with("</svg>"));
        for name in ["--rate-read", "--rate-shuffle", "--rate-write", "--ink-soft"] {
            assert!(drawn.contains(name), "{name} is missing");
        }
        assert!(!drawn.contains("#0102"), "a colour has no name");
        assert!(drawn.contains("B/s"));
    }

    #[test]
    fn the_line_is_drawn_through_the_rates() {
        let flat = throughput(&plot([vec![], vec![5.0; 10], vec![]])).unwrap();
        let steep = throughput(&plot([vec![], (0..10).map(f64::from).collect(), vec![]])).unwrap();
        let ys = |text: &str| -> Vec<u32> {
            let line = text.split("<polyline").find(|part| part.contains("--rate-shuffle"));
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
        assert!(throughput(&plot([vec![], vec![], vec![]])).is_ok());
    }
}
