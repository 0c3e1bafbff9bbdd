//! Throughput against time: what maps read, what travels, what reduces write.

use crate::base::Time;
use crate::base::format::Bytes;
use crate::charts::rates::{Flow, rates};
use crate::charts::throughput::{Throughput, throughput};
use crate::ui::plots::flows::Flows;
use crate::ui::shared_timeline::SharedTimeline;
use std::rc::Rc;
use yew::prelude::*;

/// What the plot is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct RatePlotProps {
    /// The run's events.
    pub(super) timeline: SharedTimeline,
    /// Events up to the furthest moment that was reached.
    pub(super) furthest: u32,
    /// The playhead.
    pub(super) now: Time,
    /// The end of the time axis.
    pub(super) until: Time,
    /// The width of the picture.
    pub(super) width: f64,
}

/// Intervals of the time axis.
const INTERVALS: usize = 80;
const HEIGHT: u32 = 190;
const TEXT: u32 = 12;
/// What the library keeps free around the plot's area.
const MARGIN: f64 = 4.0;

/// Throughput against time.
#[component]
pub(super) fn RatePlot(props: &RatePlotProps) -> Html {
    // A run never changes under a plot: the page makes another plot for another run.
    let flows = use_mut_ref(Flows::default);
    let until = props.until.seconds();
    let interval = until / INTERVALS as f64;
    let reached = props.timeline.time_after(props.furthest).seconds();
    // The picture is drawn anew only when another interval is complete.
    let complete = whole(reached / interval);
    let deps = (complete, props.until, props.width.to_bits());
    let drawn = use_memo(deps, |_| {
        let mut held = flows.borrow_mut();
        props.timeline.read(props.furthest, |events| held.take(events));
        picture(&held, until, complete, props.width)
    });
    let says = {
        let held = flows.borrow();
        let sum = |flows: &[Flow]| Bytes(whole(flows.iter().map(|flow| flow.amount).sum()) as u64);
        let Flows { read, shuffled, written, .. } = &*held;
        format!(
            "Throughput: {} read, {} shuffled, {} written so far",
            sum(read),
            sum(shuffled),
            sum(written)
        )
    };
    let left = MARGIN + f64::from(TEXT * 6);
    let area = props.width - left - MARGIN;
    let now = left + area * (props.now.seconds() / until).min(1.0);
    html! {
        <figure class="plot">
            <figcaption>{ "Throughput" }{ legend() }</figcaption>
            <div class="rate-plot" role="img" aria-label={says}>
                { for drawn.as_ref().as_ref().map(|svg| Html::from_html_unchecked(AttrValue::from(Rc::clone(svg)))) }
                <div class="now-bar" style={format!("transform:translateX({now:.1}px)")} />
            </div>
        </figure>
    }
}

/// The picture, as far as intervals are complete.
fn picture(flows: &Flows, until: f64, complete: usize, width: f64) -> Option<Rc<str>> {
    let interval = until / INTERVALS as f64;
    let series = |flows: &[Flow]| {
        let mut series = rates(flows, interval, INTERVALS);
        series.truncate(complete.max(1));
        series
    };
    let plot = Throughput {
        size: (u32::try_from(whole(width)).unwrap_or(0), HEIGHT),
        text: TEXT,
        until,
        interval,
        rates: [series(&flows.read), series(&flows.shuffled), series(&flows.written)],
    };
    throughput(&plot).ok().map(Rc::from)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "cut off at 0")]
fn whole(number: f64) -> usize {
    number.max(0.0).floor() as usize
}

/// What the lines mean.
fn legend() -> Html {
    let item = |(class, name): (&'static str, &'static str)| {
        html! { <span class="legend-item"><span class={classes!("legend-line", class)} />{ name }</span> }
    };
    let items = [("is-read", "read"), ("is-shuffle", "shuffled"), ("is-write", "written")];
    html! { <span class="plot-legend" aria-hidden="true">{ for items.into_iter().map(item) }</span> }
}
