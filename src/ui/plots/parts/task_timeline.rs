//! The timeline of attempts by node and slot, with a line at the playhead.

use super::ghost_view::{Choice, GhostView, STRIP, picker};
use super::task_row::TaskRow;
use crate::base::Time;
use crate::charts::task_bars::{LABELS, rows};
use crate::ui::figure::Figure;
use crate::ui::plots::ghost::Ghost;
use crate::ui::plots::tasks::task_rows;
use crate::ui::same::Same;
use crate::ui::selection::Selection;
use crate::ui::shared_timeline::SharedTimeline;
use crate::ui::stage::derive::Hues;
use crate::ui::stage::trouble::Fate;
use std::rc::Rc;
use yew::prelude::*;

/// What the timeline is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct TaskTimelineProps {
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
    /// What is selected.
    pub(super) selection: Option<Selection>,
    /// Hears what is pressed.
    pub(super) on_select: Callback<Selection>,
    /// The branches that can be laid over it; the first is, unless another is chosen.
    pub(super) ghosts: Vec<Ghost>,
}

/// The height of the axis under the rows.
const AXIS: f64 = 20.0;
/// More rows than this are drawn thin.
const ROWS_READABLE: usize = 24;
/// More bars than this are no stops of the tab key: the stage and the log lead there too.
const STOPS_MOST: usize = 60;

/// The timeline of attempts.
#[component]
pub(super) fn TaskTimeline(props: &TaskTimelineProps) -> Html {
    let made = use_memo((props.timeline.clone(), props.furthest), |(timeline, furthest)| {
        let snapshot = timeline.seek(*furthest);
        (task_rows(&snapshot), Hues::new(&snapshot, None))
    });
    let (tasks, hues) = &*made;
    let count = tasks.data.len();
    let row_height = if count <= ROWS_READABLE { 18.0 } else { 6.0 };
    let until = props.until.seconds();
    let laid = rows(&tasks.data, props.width, row_height, until);
    let chosen = use_state_eq(Choice::default);
    let ghost = chosen.of(&props.ghosts).cloned();
    let strip = if ghost.is_some() { STRIP } else { 0.0 };
    let height = laid.height + strip + AXIS;
    let has_ends = tasks.attempts.iter().flatten().any(|shown| shown.fate != Fate::Well);
    let bars: usize = tasks.attempts.iter().map(Vec::len).sum();
    let label = |(group, frame): (usize, &crate::charts::shape::Rect)| {
        let name = format!("node {}", group + 1);
        let y = frame.y + frame.height / 2.0 + 4.0;
        let is_shown = frame.height >= 13.0;
        html! { if is_shown { <text class="plot-text" x="0" y={y.to_string()}>{ name }</text> } }
    };
    let now = laid.scale.at(props.now.seconds());
    let numbers = {
        let made = Rc::clone(&made);
        Same::new(Box::new(move || made.0.csv()) as Box<dyn Fn() -> String>)
    };
    let row = |place: usize| {
        html! {
            <TaskRow key={place} frame={laid.rows[place]} scale={laid.scale}
                data={tasks.data[place].clone()} attempts={tasks.attempts[place].clone()}
                hues={hues.clone()} is_stop={bars <= STOPS_MOST} selection={props.selection}
                on_select={props.on_select.clone()} />
        }
    };
    html! {
        <Figure title="Attempts by node and slot, maps above reduces" file="attempts" {numbers} legend={legend(has_ends)}>
            { picker(&props.ghosts, &chosen) }
            <svg class="task-plot picture" width={props.width.to_string()} height={height.to_string()}
                role="group" aria-label={format!("{bars} attempts by node and slot")}>
                { patterns() }
                { for laid.groups.iter().enumerate().map(label) }
                { for laid.rows.iter().map(|row| html! {
                    <line class="plot-line" x1={LABELS.to_string()} x2={props.width.to_string()}
                        y1={row.bottom().to_string()} y2={row.bottom().to_string()} />
                }) }
                { for (0..count).map(row) }
                if let Some(ghost) = ghost {
                    <GhostView {ghost} rows={Same::from(made.clone())} width={props.width} {row_height} {until} />
                }
                { for laid.scale.ticks(6).into_iter().map(|tick| html! {
                    <text class="plot-text middle" x={format!("{:.1}", laid.scale.at(tick))} y={(height - 5.0).to_string()}>
                        { format!("{tick} s") }
                    </text>
                }) }
                <g class="now-line" style={format!("transform:translateX({now:.1}px)")}>
                    <line x1="0" x2="0" y1="0" y2={laid.height.to_string()} />
                </g>
            </svg>
        </Figure>
    }
}

/// The patterns of attempts that ended badly: strokes for killed, a lattice for failed, dense
/// strokes for what went with its node.
fn patterns() -> Html {
    let pattern = |(id, path): (&'static str, &'static str)| {
        html! {
            <pattern {id} width="6" height="6" patternUnits="userSpaceOnUse">
                <path class={id} d={path} />
            </pattern>
        }
    };
    let all = [
        ("bar-killed", "M-1 7L7 -1"),
        ("bar-failed", "M-1 7L7 -1M-1 -1L7 7"),
        ("bar-gone", "M0 1.5H6M0 4.5H6"),
    ];
    html! { <defs>{ for all.into_iter().map(pattern) }</defs> }
}

/// What the shades mean.
fn legend(has_ends: bool) -> Html {
    let item = |(class, name): (&'static str, &'static str)| {
        html! { <span class="legend-item"><span class={classes!("legend-swatch", class)} />{ name }</span> }
    };
    let items = [
        ("ph-start", "start"),
        ("ph-work", "map, copy"),
        ("ph-sort", "spill, merge"),
        ("ph-last", "reduce"),
    ];
    let ends = [("bar-failed", "failed"), ("bar-killed", "killed"), ("bar-gone", "node crashed")];
    let end = |(id, name): (&'static str, &'static str)| {
        html! {
            <span class="legend-item">
                <svg class="legend-end" width="13" height="13">
                    <rect width="13" height="13" fill={format!("url(#{id})")} />
                </svg>
                { name }
            </span>
        }
    };
    html! {
        <span class="plot-legend" aria-hidden="true">
            { for items.into_iter().map(item) }
            if has_ends {
                { for ends.into_iter().map(end) }
            }
        </span>
    }
}
