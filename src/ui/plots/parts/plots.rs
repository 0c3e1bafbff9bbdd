//! The plots, side by side where there is room.

use super::rate_plot::{OverTime, RatePlot};
use super::skew_plot::SkewPlots;
use super::state_plots::StatePlots;
use super::task_timeline::TaskTimeline;
use crate::base::{Span, Time};
use crate::ui::plots::ghost::Ghost;
use crate::ui::selection::Selection;
use crate::ui::shared_timeline::SharedTimeline;
use crate::ui::size::use_size;
use crate::ui::steady::use_steady;
use yew::prelude::*;

/// What the plots are given.
#[derive(Clone, PartialEq, Properties)]
pub struct PlotsProps {
    /// The run's events.
    pub timeline: SharedTimeline,
    /// Events up to the furthest moment that was reached: nothing later is drawn.
    pub furthest: u32,
    /// The playhead.
    pub now: Time,
    /// What is selected.
    #[prop_or_default]
    pub selection: Option<Selection>,
    /// Hears what is pressed.
    pub on_select: Callback<Selection>,
    /// The other branches of the run, the one that it comes from first.
    #[prop_or_default]
    pub ghosts: Vec<Ghost>,
}

/// The plots of a run.
#[component]
pub fn Plots(props: &PlotsProps) -> Html {
    let on_select = use_steady(&props.on_select);
    let node = use_node_ref();
    let size = use_size(node.clone());
    let reached = props.timeline.time_after(props.furthest).max(props.now);
    let until = axis_end(reached);
    let width = size.map_or(0.0, |(width, _)| width);
    let is_wide = width >= 900.0;
    let share = if is_wide { (width - 24.0) / 2.0 } else { width };
    let over = OverTime {
        timeline: props.timeline.clone(),
        furthest: props.furthest,
        now: props.now,
        until,
        width: share,
    };
    html! {
        <div class={classes!("plots", is_wide.then_some("is-wide"))} ref={node}>
            if size.is_some() {
                <TaskTimeline timeline={props.timeline.clone()} furthest={props.furthest} now={props.now}
                    {until} width={share} selection={props.selection} {on_select}
                    ghosts={props.ghosts.clone()} />
                <RatePlot ..over.clone() />
                <StatePlots ..over.clone() />
                <SkewPlots ..over />
            }
        </div>
    }
}

/// The end of the time axis: the next of a few round times, so that the axis stands still for most
/// of a run.
fn axis_end(reached: Time) -> Time {
    let mut end = Span::from_secs(10).0;
    // Bounded: it grows by at least a quarter a turn, and a time has 64 bits.
    while end < reached.0 && end < u64::MAX / 2 {
        end = end.saturating_add(end / 4).next_multiple_of(1_000_000);
    }
    Time(end)
}
