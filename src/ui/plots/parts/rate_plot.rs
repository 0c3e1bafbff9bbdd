//! Throughput against time: what maps read, what travels, what reduces write.

use super::line_plot::{LinePlot, Named, Quantity};
use crate::base::Time;
use crate::base::format::Bytes;
use crate::charts::ink::Ink;
use crate::charts::lines::Look;
use crate::charts::rates::{Flow, rates};
use crate::ui::plots::flows::Flows;
use crate::ui::same::Same;
use crate::ui::shared_timeline::SharedTimeline;
use yew::prelude::*;

/// What a plot against time is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct OverTime {
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
pub(super) const INTERVALS: usize = 60;

/// Throughput against time.
#[component]
pub(super) fn RatePlot(props: &OverTime) -> Html {
    // A run never changes under a plot: the page makes another plot for another run.
    let flows = use_mut_ref(Flows::default);
    let interval = props.until.seconds() / INTERVALS as f64;
    // The picture is drawn anew only when another interval is complete.
    let complete = props.complete();
    let series = use_memo((complete, props.until), |_| {
        let mut held = flows.borrow_mut();
        props.timeline.read(props.furthest, |events| held.take(events));
        let series = |(name, flows, ink, look): (&'static str, &[Flow], Ink, Look)| {
            let rates = rates(flows, interval, INTERVALS).into_iter().take(complete.max(1));
            let points =
                rates.enumerate().map(|(place, rate)| ((place as f64 + 0.5) * interval, rate));
            Named { name, ink, look, points: points.collect() }
        };
        let all: [(&'static str, &[Flow], Ink, Look); 3] = [
            ("read", &held.read, Ink::ACCENT, Look::Area),
            ("shuffled", &held.shuffled, Ink::partition(1), Look::Line),
            ("written", &held.written, Ink::partition(2), Look::Dashed),
        ];
        Same::new(all.into_iter().map(series).collect::<Vec<_>>())
    });
    let says = {
        let held = flows.borrow();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "sums of sizes"
        )]
        let sum = |flows: &[Flow]| Bytes(flows.iter().map(|flow| flow.amount).sum::<f64>() as u64);
        let Flows { read, shuffled, written, .. } = &*held;
        let [read, shuffled, written] = [read, shuffled, written].map(|flows| sum(flows));
        format!("Throughput: {read} read, {shuffled} shuffled, {written} written so far")
    };
    html! {
        <LinePlot title="Throughput" file="throughput" series={(*series).clone()} unit={Quantity::BytesPerSecond}
            {says} now={props.now} until={props.until} width={props.width} />
    }
}

impl OverTime {
    /// How many intervals are complete.
    pub(super) fn complete(&self) -> usize {
        let reached = self.timeline.time_after(self.furthest).max(self.now).0;
        let complete = u128::from(reached) * INTERVALS as u128 / u128::from(self.until.0.max(1));
        usize::try_from(complete).unwrap_or(INTERVALS).min(INTERVALS)
    }
}
