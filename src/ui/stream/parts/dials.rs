//! The three dials at the playhead.

use crate::trace::stream::LedgerCounts;
use crate::trace::stream_totals::{StreamTally, StreamTotals};
use crate::ui::shared_timeline::SharedTimeline;
use crate::ui::stream::dials::{Dial, dials};
use yew::prelude::*;

/// What the dials are given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct DialsProps {
    /// The run's events.
    pub(super) timeline: SharedTimeline,
    /// Events before the playhead.
    pub(super) applied: u32,
    /// The ledger there.
    pub(super) ledger: LedgerCounts,
}

/// The dials.
#[component]
pub(super) fn Dials(props: &DialsProps) -> Html {
    let totals = use_totals(&props.timeline, props.applied);
    html! {
        <ul class="dials" data-testid="dials" aria-label="Latency, completeness and state">
            { for dials(&totals, &props.ledger).iter().map(dial) }
        </ul>
    }
}

/// What the run has come to at the playhead. Forwards only what is new is added up.
#[hook]
fn use_totals(timeline: &SharedTimeline, applied: u32) -> StreamTotals {
    let held = use_mut_ref(|| (SharedTimeline::default(), 0_u32, StreamTally::default()));
    let mut held = held.borrow_mut();
    if held.0 != *timeline || held.1 > applied {
        *held = (timeline.clone(), 0, StreamTally::default());
    }
    let from = usize::try_from(held.1).unwrap_or(usize::MAX);
    timeline.read(applied, |events| held.2.feed(events.get(from..).unwrap_or_default()));
    held.1 = applied;
    held.2.totals()
}

fn dial(dial: &Dial) -> Html {
    let filled = dial.share.unwrap_or(0.0) * 100.0;
    html! {
        <li class="dial">
            <svg viewBox="-36 -36 72 42" width="72" height="42" aria-hidden="true">
                <path class="dial-back" d="M-30 0A30 30 0 0 1 30 0" />
                if filled > 0.0 {
                    <path class="dial-level" d="M-30 0A30 30 0 0 1 30 0" pathLength="100"
                        stroke-dasharray={format!("{filled:.1} 200")} />
                }
            </svg>
            <span class="dial-name">{ dial.name }</span>
            <strong>{ dial.value.clone() }</strong>
            <span class="small">{ dial.more.clone() }</span>
        </li>
    }
}
