//! Any few series against time, with a line at the playhead.

use crate::base::Time;
use crate::charts::frame::Frame;
use crate::charts::ink::Ink;
use crate::charts::lines::{Lines, Look, Series, lines};
use crate::charts::scale::{byte_ticks, ticks};
use crate::trace::measures::field;
use crate::ui::figure::{Figure, drawn};
use crate::ui::same::Same;
use yew::prelude::*;

/// A series with its name. All series of a plot have their points at the same times.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub(super) name: &'static str,
    pub(super) ink: Ink,
    pub(super) look: Look,
    pub(super) points: Vec<(f64, f64)>,
}

/// What the plot is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct Props {
    pub(super) title: AttrValue,
    pub(super) file: &'static str,
    /// The series; the same ones are not drawn again.
    pub(super) series: Same<Vec<Named>>,
    /// Whether each series stands upon those before it.
    #[prop_or_default]
    pub(super) stacked: bool,
    /// The unit of the values, which says how they are written.
    pub(super) unit: Quantity,
    /// What a reader hears who does not see it.
    pub(super) says: AttrValue,
    pub(super) now: Time,
    pub(super) until: Time,
    pub(super) width: f64,
    /// What can be chosen.
    #[prop_or_default]
    pub(super) choice: Html,
}

/// What values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quantity {
    BytesPerSecond,
    Count,
    Bytes,
}

const HEIGHT: u32 = 190;
const TEXT: u32 = 12;

/// Series against time.
#[component]
pub(super) fn LinePlot(props: &Props) -> Html {
    let until = props.until.seconds();
    let deps = (props.series.clone(), props.until, props.width.to_bits());
    let picture = use_memo(deps, |(series, ..)| {
        let shapes = if props.stacked { stacked(series) } else { plain(series) };
        lines(&Lines { series: shapes, ..empty(props.unit, until, props.width) }).ok()
    });
    let now = empty(props.unit, until, props.width).at(props.now.seconds());
    let numbers = {
        let series = props.series.clone();
        Same::new(Box::new(move || csv(&series)) as Box<dyn Fn() -> String>)
    };
    let legend = html! { <>{ props.choice.clone() }{ legend(&props.series) }</> };
    html! {
        <Figure title={props.title.clone()} file={props.file} {numbers} {legend}>
            <div class="picture rate-plot">
                <div role="img" aria-label={props.says.clone()}>
                    { for picture.as_ref().as_ref().map(|text| drawn(text)) }
                </div>
                <div class="now-bar" style={format!("transform:translateX({now:.1}px)")} />
            </div>
        </Figure>
    }
}

fn plain(all: &[Named]) -> Vec<Series> {
    let one = |Named { points, ink, look, .. }: &Named| Series {
        points: points.clone(),
        ink: *ink,
        look: *look,
    };
    all.iter().map(one).collect()
}

/// Each series on top of the sum of those before it; the sum of all is drawn first.
fn stacked(all: &[Named]) -> Vec<Series> {
    let mut base = vec![0.0; all.iter().map(|named| named.points.len()).max().unwrap_or(0)];
    let mut shapes: Vec<Series> = all
        .iter()
        .map(|named| {
            let over = named.points.iter().zip(&mut base).map(|((x, y), base)| {
                *base += y;
                (*x, *base)
            });
            Series { points: over.collect(), ink: named.ink, look: named.look }
        })
        .collect();
    shapes.reverse();
    shapes
}

/// The plot without its series.
fn empty(unit: Quantity, until: f64, width: f64) -> Lines {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not negative")]
    let size = (width.max(0.0) as u32, HEIGHT);
    Lines {
        frame: Frame { size, text: TEXT },
        until,
        across: |seconds| format!("{seconds:.0} s"),
        upwards: match unit {
            Quantity::BytesPerSecond => {
                |value| format!("{}/s", crate::base::format::Bytes(whole(value)))
            }
            Quantity::Bytes => |value| crate::base::format::Bytes(whole(value)).to_string(),
            Quantity::Count => |value| {
                if value.fract().abs() < 1e-9 { whole(value).to_string() } else { String::new() }
            },
        },
        marks: match unit {
            Quantity::BytesPerSecond | Quantity::Bytes => byte_ticks,
            Quantity::Count => ticks,
        },
        series: Vec::new(),
    }
}

fn whole(value: f64) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "cut off at 0")]
    let whole = value.max(0.0).round() as u64;
    whole
}

fn csv(all: &[Named]) -> String {
    let names: Vec<String> = all.iter().map(|named| field(named.name)).collect();
    let mut text = format!("seconds,{}\n", names.join(","));
    let rows = all.iter().map(|named| named.points.len()).max().unwrap_or(0);
    for row in 0..rows {
        let time = all.iter().find_map(|named| named.points.get(row)).map_or(0.0, |point| point.0);
        text += &format!("{time:.3}");
        for named in all {
            let value = named.points.get(row).map(|point| format!(",{}", point.1));
            text += value.as_deref().unwrap_or(",");
        }
        text.push('\n');
    }
    text
}

/// What the lines mean: their colour, and whether they are broken.
fn legend(all: &[Named]) -> Html {
    let item = |named: &Named| {
        let style = match named.look {
            Look::Dashed => {
                format!("border-color:var({});border-top-style:dashed", named.ink.name())
            }
            Look::Area | Look::Solid | Look::Line => {
                format!("border-color:var({})", named.ink.name())
            }
        };
        html! { <span class="legend-item"><span class="legend-line" {style} />{ named.name }</span> }
    };
    html! { <span class="plot-legend" aria-hidden="true">{ for all.iter().map(item) }</span> }
}
