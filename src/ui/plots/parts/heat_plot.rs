//! An amount by node and time, as shades, with a line at the playhead.

use crate::base::Time;
use crate::base::format::Bytes;
use crate::charts::heat::{Heat, heat};
use crate::ui::figure::{Figure, drawn};
use crate::ui::same::Same;
use yew::prelude::*;

/// What the plot is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct Props {
    pub(super) title: AttrValue,
    pub(super) file: &'static str,
    /// An amount in bytes for each node and interval; the same ones are not drawn again.
    pub(super) rows: Same<Vec<Vec<u64>>>,
    /// Bytes that a byte stands for.
    pub(super) scale: u64,
    pub(super) interval: f64,
    pub(super) now: Time,
    pub(super) until: Time,
    pub(super) width: f64,
}

const TEXT: u32 = 12;

/// An amount by node and time.
#[component]
pub(super) fn HeatPlot(props: &Props) -> Html {
    let deps = (props.rows.clone(), props.until, props.width.to_bits());
    let picture = use_memo(deps, |_| {
        let plot = plot(props);
        (heat(&plot, |seconds| format!("{seconds:.0} s")), plot)
    });
    let (picture, plot) = &*picture;
    let now = plot.scale().at(props.now.seconds());
    let most = Bytes(plot.most.saturating_mul(props.scale.max(1)));
    let numbers = {
        let (rows, interval, scale) = (props.rows.clone(), props.interval, props.scale);
        Same::new(Box::new(move || csv(&rows, interval, scale)) as Box<dyn Fn() -> String>)
    };
    let legend = html! {
        <span class="plot-legend" aria-hidden="true">
            <span class="legend-item"><span class="legend-swatch heat-most" />{ format!("{most}") }</span>
        </span>
    };
    let says = format!("{} by node and time; at most {most}", props.title);
    html! {
        <Figure title={props.title.clone()} file={props.file} {numbers} {legend}>
            <div class="picture rate-plot">
                <div role="img" aria-label={says}>{ drawn(picture) }</div>
                <div class="now-bar" style={format!("transform:translateX({now:.1}px)")} />
            </div>
        </Figure>
    }
}

fn plot(props: &Props) -> Heat {
    let most = props.rows.iter().flatten().copied().max().unwrap_or(0);
    let row =
        |(place, amounts): (usize, &Vec<u64>)| (format!("node {}", place + 1), amounts.clone());
    Heat {
        width: props.width,
        text: TEXT,
        until: props.until.seconds(),
        interval: props.interval,
        rows: props.rows.iter().enumerate().map(row).collect(),
        most,
    }
}

fn csv(rows: &[Vec<u64>], interval: f64, scale: u64) -> String {
    let names: Vec<String> = (1..=rows.len()).map(|node| format!("node {node}")).collect();
    let mut text = format!("seconds,{}\n", names.join(","));
    for place in 0..rows.iter().map(Vec::len).max().unwrap_or(0) {
        text += &format!("{:.3}", (place as f64 + 1.0) * interval);
        for row in rows {
            let amount = row.get(place).copied().unwrap_or(0).saturating_mul(scale.max(1));
            text += &format!(",{amount}");
        }
        text.push('\n');
    }
    text
}
