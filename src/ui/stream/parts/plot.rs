//! The plot that explains it all: event time across, processing time up.

use super::drag::DragHandle;
use super::plot_marks::{dots, panes, windows};
use crate::base::{Millis, Time};
use crate::charts::event_time::{Picture, picture};
use crate::charts::number::text_width;
use crate::charts::shape::{Point, add_number};
use crate::trace::snapshot::StreamState;
use crate::ui::same::Same;
use crate::ui::selection::Selection;
use crate::ui::size::use_size;
use crate::ui::stage::draw::length;
use crate::ui::stream::facts::holder;
use crate::ui::stream::figure::{Figure, Focus, Reach, figure, focus_first};
use crate::ui::stream::history::History;
use crate::ui::stream::{KeyName, Thing, wording};
use std::rc::Rc;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// What the plot is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct PlotProps {
    /// The job.
    pub(super) state: Rc<StreamState>,
    /// What it does not tell.
    pub(super) history: Same<History>,
    /// What is selected.
    pub(super) selection: Option<Thing>,
    /// Hears what is pressed.
    pub(super) on_select: Callback<Selection>,
    /// Hears which record is to arrive when.
    pub(super) on_move: Callback<(u32, Millis)>,
    /// The playhead.
    pub(super) now: Time,
    /// Events before the playhead.
    pub(super) applied: u32,
    /// Events whose moments may be told by the axes.
    pub(super) known: u32,
    /// Where the axis of processing time ends.
    pub(super) horizon: Time,
    /// Whether it must be read from the back row.
    pub(super) presenter: bool,
    /// The key to look at while nothing is chosen or selected, where a preset names one.
    pub(super) first_key: Option<&'static str>,
    /// What stands at the end of its head.
    pub(super) children: Html,
}

/// The plot.
#[component]
pub(super) fn EventPlot(props: &PlotProps) -> Html {
    let node = use_node_ref();
    let size = use_size(node.clone()).filter(|(_, height)| *height > 60.0);
    let chosen = use_state_eq(|| None::<KeyName>);
    // What is selected later is looked at, until another key is chosen.
    {
        let (chosen, state) = (chosen.clone(), Rc::clone(&props.state));
        use_effect_with(props.selection, move |thing| {
            if let Some(key) = thing.and_then(|thing| thing.key(&state)) {
                chosen.set(Some(key));
            }
        });
    }
    let focus = focused(props, *chosen);
    html! {
        <div class="event-plot">
            { head(props, &focus, &chosen) }
            <div class="event-plot-box" ref={node}>
                if let Some(size) = size { { drawn(props, &focus, size) } }
            </div>
        </div>
    }
}

/// What is looked at: a key that was chosen, else what is selected.
fn focused(props: &PlotProps, chosen: Option<KeyName>) -> Focus {
    let PlotProps { state, history, .. } = props;
    let focus = focus_first(state, history, props.selection, props.applied, props.first_key);
    let key = focus.keys.iter().find(|key| Some(KeyName::of(key)) == chosen).cloned();
    let Some(key) = key.filter(|_| focus.key.is_some()) else { return focus };
    let is_its = |of: &&crate::ui::stream::history::Assigned| {
        of.key == key && of.subtask.operator == focus.subtask.operator
    };
    let subtask = history.assigned.iter().find(is_its).map_or(focus.subtask, |of| of.subtask);
    Focus { subtask, key: Some(key), keys: focus.keys }
}

/// Whose watermark and windows are shown, and what the marks mean.
fn head(props: &PlotProps, focus: &Focus, chosen: &UseStateHandle<Option<KeyName>>) -> Html {
    let name = wording::subtask(&props.state, focus.subtask);
    let onchange = {
        let (chosen, keys) = (chosen.clone(), focus.keys.clone());
        Callback::from(move |event: Event| {
            let select: Option<HtmlSelectElement> = event.target_dyn_into();
            let place = select.and_then(|select| usize::try_from(select.selected_index()).ok());
            chosen.set(place.and_then(|place| keys.get(place)).map(|key| KeyName::of(key)));
        })
    };
    let mark = |class: &'static str, path: &'static str, name: &'static str| {
        html! {
            <span class="legend-item">
                <svg class="legend-mark" width="16" height="14" viewBox="-8 -7 16 14"><path {class} d={path} /></svg>
                { name }
            </span>
        }
    };
    html! {
        <div class="event-plot-head">
            <h2>{ format!("Event and processing time at {name}") }</h2>
            if let Some(key) = &focus.key {
                <label class="key-picker">
                    <span>{ "Key" }</span>
                    <select {onchange} data-testid="plot-key">
                        { for focus.keys.iter().map(|one| html! {
                            <option selected={one == key}>{ one.to_string() }</option>
                        }) }
                    </select>
                </label>
            }
            <span class="plot-legend" aria-hidden="true">
                { mark("dot is-waiting", CIRCLE, "waiting") }
                { mark("dot is-counted", CIRCLE, "counted") }
                { mark("dot is-late", DIAMOND, "late, counted") }
                { mark("dot is-dropped", CIRCLE, "dropped") }
                { mark("watermark-line", "M-8 0H8", props.state.plan.profile.mark_name()) }
                { mark("ideal-line", "M-8 0H8", "ideal") }
                { mark("window-column", "M-7 -5H7V5H-7Z", "window") }
                { mark("pane-line", "M-8 0H8", "pane") }
            </span>
            { props.children.clone() }
        </div>
    }
}

/// Marks of the legend, around their middle.
const CIRCLE: &str = "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0";
const DIAMOND: &str = "M0 -6L6 0L0 6L-6 0Z";

fn drawn(props: &PlotProps, focus: &Focus, size: (f64, f64)) -> Html {
    let scale = match props.presenter {
        true => (size.0 / 75.9).clamp(16.0, 36.0) / 12.0,
        false => (size.0 / 1_240.0).clamp(1.0, 1.5),
    };
    let PlotProps { state, history, .. } = props;
    let reach = Reach { events: props.known, until: props.horizon };
    let mut figure = figure(state, history, focus, (props.now, props.applied), reach);
    (figure.ask.size, figure.ask.text) = ((size.0 / scale, size.1 / scale), TEXT);
    figure.ask.words = (8.0, text_width(&widest_now(figure.ask.clock), TEXT * BOLD) + 10.0);
    let picture = picture(&figure.ask);
    let (width, height) = figure.ask.size;
    html! {
        <svg class="event-plot-picture" viewBox={format!("0 0 {width:.1} {height:.1}")} role="group"
            aria-label={summary(props, &figure)}>
            { patterns() }
            { axes(&picture) }
            { windows(&figure, &picture, props.selection, &props.on_select) }
            { tiles(&picture) }
            { ideal(&picture) }
            { watermark(props, focus, &picture) }
            { now(props, &picture) }
            { panes(&figure, &picture, props.selection, &props.on_select) }
            { dots(&figure, &picture, props.selection, &props.on_select) }
            // In a group that is always there: a child more would give all others another place.
            <g>{ for drag_handle(props, &figure, &picture, scale) }</g>
        </svg>
    }
}

/// The selected record can be dragged, where it is one of the input and is drawn by itself.
fn drag_handle(props: &PlotProps, figure: &Figure, picture: &Picture, scale: f64) -> Option<Html> {
    let thing = props.selection?;
    let Thing::Record(id) = thing else { return None };
    let record = props.state.record(id).filter(|_| id.0 < props.state.plan.records)?;
    let dot = picture.dots.iter().find(|dot| figure.dots[dot.index] == thing)?;
    let least = record.event_time.min(props.state.clock(record.appended.0));
    let on_move = props.on_move.reform(move |arrival| (id.0, arrival));
    Some(html! {
        <DragHandle key={id.0} at={dot.at} clock={picture.clock} {least} {scale} {on_move} />
    })
}

/// The plot in a sentence.
fn summary(props: &PlotProps, figure: &Figure) -> String {
    use crate::charts::event_time::Mark;
    let count = |mark| figure.ask.dots.iter().filter(|dot| dot.mark == mark).count();
    format!(
        "event time across, processing time up, now {}: {} records, {} late but counted, {} dropped, {} panes",
        wording::mark(Some(props.state.clock(props.now))),
        figure.ask.dots.len(),
        count(Mark::Late),
        count(Mark::Dropped),
        figure.ask.panes.len()
    )
}

/// What a late pane is filled with.
fn patterns() -> Html {
    html! {
        <defs>
            <pattern id="pane-late" width="7" height="7" patternUnits="userSpaceOnUse">
                <path class="pane-late-line" d="M-1 8L8 -1" />
            </pattern>
        </defs>
    }
}

/// The size of the plot's type, and how much wider bold type is.
const TEXT: f64 = 12.0;
const BOLD: f64 = 1.15;

/// The length of the upward axis' name.
const NAME: f64 = 118.0;

/// The axes, their marks and names.
pub(super) fn axes(picture: &Picture) -> Html {
    let area = picture.area;
    let mut grid = String::new();
    for tick in &picture.event_ticks {
        add_line(
            &mut grid,
            Point { x: tick.at, y: area.y },
            Point { x: tick.at, y: area.bottom() },
        );
    }
    for tick in &picture.clock_ticks {
        add_line(&mut grid, Point { x: area.x, y: tick.at }, Point { x: area.right(), y: tick.at });
    }
    let below = area.bottom() + lanes_height(picture);
    html! {
        <g aria-hidden="true">
            <rect class="plot-area" x={length(area.x)} y={length(area.y)} width={length(area.width)} height={length(area.height)} />
            <path class="plot-grid" d={grid} />
            { for picture.event_ticks.iter().map(|tick| html! {
                <text class="plot-text middle" x={length(tick.at)} y={length(below + 16.0)}>{ &tick.label }</text>
            }) }
            { for picture.clock_ticks.iter().map(|tick| html! {
                <text class="plot-text end" x={length(area.x - 7.0)} y={length(tick.at + 4.0)}>{ &tick.label }</text>
            }) }
            <text class="plot-name middle" x={length(area.centre().x)} y={length(below + 32.0)}>{ "event time →" }</text>
            if area.height >= NAME {
                <text class="plot-name middle" transform={format!("translate(13 {:.1}) rotate(-90)", area.centre().y)}>{ "processing time →" }</text>
            }
        </g>
    }
}

fn lanes_height(picture: &Picture) -> f64 {
    let lowest = picture.lanes.iter().map(|lane| lane.bottom()).fold(0.0, f64::max);
    (lowest - picture.area.bottom()).max(0.0)
}

fn add_line(path: &mut String, from: Point, to: Point) {
    for (before, number) in [('M', from.x), (' ', from.y), ('L', to.x), (' ', to.y)] {
        path.push(before);
        add_number(path, number);
    }
}

fn tiles(picture: &Picture) -> Html {
    let tile = |tile: &crate::charts::event_time::Tile| {
        html! {
            <rect class="density" x={length(tile.rect.x)} y={length(tile.rect.y)} width={length(tile.rect.width)}
                height={length(tile.rect.height)} style={format!("opacity:{:.2}", 0.15 + tile.share * 0.75)} />
        }
    };
    html! { <g aria-hidden="true">{ for picture.tiles.iter().map(tile) }</g> }
}

fn ideal(picture: &Picture) -> Html {
    let Some((from, to)) = picture.ideal else { return html! {} };
    let mut path = String::new();
    add_line(&mut path, from, to);
    html! { <path class="ideal-line" d={path} aria-hidden="true" /> }
}

/// The watermark so far, and at its head what holds it back.
fn watermark(props: &PlotProps, focus: &Focus, picture: &Picture) -> Html {
    let Some(head) = picture.watermark.last().copied() else { return html! {} };
    let mut path = String::new();
    for (place, point) in picture.watermark.iter().enumerate() {
        path.push(if place == 0 { 'M' } else { 'L' });
        add_number(&mut path, point.x);
        path.push(' ');
        add_number(&mut path, point.y);
    }
    let state = &props.state;
    let stands = state.subtask(focus.subtask).and_then(|subtask| subtask.watermark);
    let several = state.partitions.len() > 1;
    let held = holder(state, focus.subtask).filter(|_| several);
    let held = held.map(|id| format!(", held by {}", wording::partition(state, id)));
    let label = format!("{}{}", wording::named_mark(state, stands), held.unwrap_or_default());
    let area = picture.area;
    let is_right = head.x > area.centre().x;
    let class = if is_right { "watermark-label end" } else { "watermark-label" };
    // Above the area, where it covers nothing, and over the moment that it tells.
    html! {
        <g aria-hidden="true">
            <path class="watermark-line" d={path} />
            <path class="watermark-lead" d={format!("M{:.1} {:.1}V{:.1}", head.x, head.y, area.y - 4.0)} />
            <circle class="watermark-head" cx={length(head.x)} cy={length(head.y)} r="4" />
            <text {class} x={length(head.x)} y={length(area.y - 7.0)}>{ label }</text>
        </g>
    }
}

/// The longest label that the clock's line will have: its room must not change from step to step.
fn widest_now(clock: (Millis, Millis)) -> String {
    let ends = [clock.0, clock.1].map(|at| now_label(at - at.rem_euclid(1_000) + 59_999, clock));
    ends.into_iter().max_by_key(String::len).unwrap_or_default()
}

/// The clock, to the second where the axis is longer than a minute.
fn now_label(at: Millis, (from, to): (Millis, Millis)) -> String {
    const MINUTE: Millis = 60_000;
    let is_long = to.saturating_sub(from) >= MINUTE;
    wording::short_clock(if is_long { wording::to_second(at) } else { at })
}

fn now(props: &PlotProps, picture: &Picture) -> Html {
    let area = picture.area;
    let (x, y) = (area.right() + 6.0, picture.now);
    let clock = (picture.clock.from, picture.clock.to);
    // At the right of the area, where it covers nothing.
    html! {
        <g class="event-now" aria-hidden="true">
            <path class="event-now-line" d={format!("M{:.1} {y:.1}H{:.1}", area.x - 4.0, area.right() + 4.0)} />
            <text class="event-now-label" x={length(x)} y={length(y - 10.0)}>{ "now" }</text>
            <text class="event-now-label" x={length(x)} y={length(y + 4.0)}>{ now_label(props.state.clock(props.now), clock) }</text>
            if picture.uncounted > 0 {
                <text class="plot-text" x={length(area.x + 6.0)} y={length(area.y + 14.0)}>
                    { format!("and {} more late or dropped", picture.uncounted) }
                </text>
            }
        </g>
    }
}
