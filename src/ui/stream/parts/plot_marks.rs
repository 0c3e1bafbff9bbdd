//! Records, windows and panes on the plot, each of which can be selected.

use crate::charts::event_time::{Dot, Mark, PaneData, PaneMark, PaneShape, Picture};
use crate::charts::shape::{Point, Rect};
use crate::ui::selection::Selection;
use crate::ui::stage::draw::{block, length};
use crate::ui::stage::hit::Hit;
use crate::ui::stream::Thing;
use crate::ui::stream::figure::Figure;
use std::collections::BTreeMap;
use web_sys::Element;
use yew::prelude::*;

/// More marks than this are no stops of the tab key: the tables lead there too.
const STOPS_MOST: usize = 40;

/// Windows, as far as they have come.
pub(super) fn windows(
    figure: &Figure,
    picture: &Picture,
    selected: Option<Thing>,
    on_select: &Callback<Selection>,
) -> Html {
    let is_stop = figure.windows.len() <= STOPS_MOST;
    let overlap = !picture.lanes.is_empty();
    let window = |(place, rect): (usize, &Rect)| {
        let thing = figure.windows[place];
        let data = figure.ask.windows[place];
        let class = classes!(
            "window-mark",
            data.is_merged.then_some("is-merged"),
            overlap.then_some("is-lane")
        );
        let lane = picture.lanes.get(place).copied();
        let mut areas = vec![*rect];
        areas.extend(lane);
        html! {
            <Hit key={place} {areas} name={crate::ui::stream::facts::title(thing, None)} {is_stop} {class}
                selects={Selection::Stream(thing)} is_selected={selected == Some(thing)} on_select={on_select.clone()}>
                { block("window-column", *rect) }
                { for lane.map(|lane| block("window-lane", lane)) }
            </Hit>
        }
    };
    picture.windows.iter().enumerate().map(window).collect()
}

/// Panes, where they fired.
pub(super) fn panes(
    figure: &Figure,
    picture: &Picture,
    selected: Option<Thing>,
    on_select: &Callback<Selection>,
) -> Html {
    let is_stop = figure.panes.len() <= STOPS_MOST;
    let pane = |(place, shape): (usize, &PaneShape)| {
        let thing = figure.panes[place];
        let data = &figure.ask.panes[place];
        let timing = match data.mark {
            PaneMark::Early => "is-early",
            PaneMark::OnTime => "is-on-time",
            PaneMark::Late => "is-late",
        };
        let class = classes!("pane-mark", timing, data.is_taken_back.then_some("is-taken-back"));
        let fill = shape.fill;
        let label = Rect::new(fill.centre().x - 22.0, fill.y - 20.0, 44.0, 20.0);
        let name = format!("{}, says {}", crate::ui::stream::facts::title(thing, None), data.value);
        html! {
            <Hit key={place} areas={vec![label, Rect { height: fill.height.clamp(4.0, 8.0), ..fill }]} {name} {is_stop} {class}
                selects={Selection::Stream(thing)} is_selected={selected == Some(thing)} on_select={on_select.clone()}>
                { block("pane-fill", fill) }
                <path class="pane-line" d={format!("M{:.1} {:.1}h{:.1}", fill.x, fill.y, fill.width)} />
                { value(shape, data) }
            </Hit>
        }
    };
    picture.panes.iter().enumerate().map(pane).collect()
}

/// A pane's value, and beside it what it takes back, struck through.
fn value(shape: &PaneShape, data: &PaneData) -> Html {
    let tag = match (data.is_taken_back, data.mark) {
        (true, _) | (false, PaneMark::OnTime) => "",
        (false, PaneMark::Early) => "early",
        (false, PaneMark::Late) => "late",
    };
    let class = classes!("pane-value", (!shape.is_roomy).then_some("is-small"));
    html! {
        <text {class} x={length(shape.label.x)} y={length(shape.label.y)}>
            { &data.value }
            { for data.takes_back.iter().map(|taken| html! { <tspan class="pane-taken" dx="5">{ taken.trim_start_matches('−') }</tspan> }) }
            if !tag.is_empty() && shape.fill.width > 90.0 {
                <tspan class="pane-tag" dx="3">{ tag }</tspan>
            }
        </text>
    }
}

/// More records than this are no buttons of their own: those that look alike are one shape, since each
/// frame of a busy stream moves and adds some.
const BUTTONS_MOST: usize = 150;

/// Records.
pub(super) fn dots(
    figure: &Figure,
    picture: &Picture,
    selected: Option<Thing>,
    on_select: &Callback<Selection>,
) -> Html {
    let is_stop = picture.dots.len() <= STOPS_MOST;
    let button = |dot: &Dot| {
        let thing = figure.dots[dot.index];
        let data = &figure.ask.dots[dot.index];
        let (kind, said) = looks(dot.mark);
        let touch = dot.radius.max(12.0);
        let area = Rect::new(dot.at.x - touch, dot.at.y - touch, touch * 2.0, touch * 2.0);
        let class = classes!("dot-mark", (!data.is_near).then_some("is-far"));
        let name = format!(
            "{}, value {}, {said}",
            crate::ui::stream::facts::title(thing, None),
            data.label
        );
        html! {
            <Hit key={dot.index} areas={vec![area]} {name} {is_stop} {class} selects={Selection::Stream(thing)}
                is_selected={selected == Some(thing)} on_select={on_select.clone()}>
                <path class={classes!("dot", kind)} d={shape(dot.mark, dot.at, dot.radius)} />
                if selected == Some(thing) {
                    <circle class="dot-selected" cx={length(dot.at.x)} cy={length(dot.at.y)} r={length(dot.radius + 4.0)} />
                }
                if dot.is_labelled && data.is_near {
                    <text class={classes!("dot-value", kind)} x={length(dot.at.x)} y={length(dot.at.y + 4.2)}>{ &data.label }</text>
                }
            </Hit>
        }
    };
    if picture.dots.len() <= BUTTONS_MOST {
        return picture.dots.iter().map(button).collect();
    }
    let is_selected = |dot: &&Dot| Some(figure.dots[dot.index]) == selected;
    html! { <>
        { field(figure, picture, on_select) }
        { for picture.dots.iter().find(is_selected).map(button) }
    </> }
}

/// The class and the words of what became of a record.
fn looks(mark: Mark) -> (&'static str, &'static str) {
    match mark {
        Mark::Waiting => ("is-waiting", "not counted yet"),
        Mark::Counted => ("is-counted", "counted"),
        Mark::Late => ("is-late", "late but counted"),
        Mark::Dropped => ("is-dropped", "dropped"),
    }
}

/// Many records: a shape for all that look alike. A press is for the nearest.
fn field(figure: &Figure, picture: &Picture, on_select: &Callback<Selection>) -> Html {
    let mut shapes: BTreeMap<(bool, Mark), String> = BTreeMap::new();
    for dot in &picture.dots {
        let kind = (figure.ask.dots[dot.index].is_near, dot.mark);
        *shapes.entry(kind).or_default() += &shape(dot.mark, dot.at, dot.radius);
    }
    let all: Vec<(Point, Thing)> =
        picture.dots.iter().map(|dot| (dot.at, figure.dots[dot.index])).collect();
    let (width, on_select) = (figure.ask.size.0, on_select.clone());
    let onclick = move |event: MouseEvent| {
        if let Some(thing) = place(&event, width).and_then(|at| nearest(&all, at)) {
            event.stop_propagation();
            on_select.emit(Selection::Stream(thing));
        }
    };
    // Those that are not looked at come first, and so lie behind.
    let drawn = shapes.into_iter().map(|((is_near, mark), d)| {
        let class = classes!("dot-mark", (!is_near).then_some("is-far"));
        html! { <g {class}><path class={classes!("dot", looks(mark).0)} {d} /></g> }
    });
    html! { <g class="dot-field" aria-hidden="true" {onclick}>{ for drawn }</g> }
}

/// Where in the picture's own lengths something was pressed; the picture is so wide.
fn place(event: &MouseEvent, width: f64) -> Option<Point> {
    let picture = event.target_dyn_into::<Element>()?.closest("svg").ok()??;
    let drawn = picture.get_bounding_client_rect();
    let scale = width / drawn.width().max(1.0);
    let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
    Some(Point { x: (x - drawn.x()) * scale, y: (y - drawn.y()) * scale })
}

fn nearest(all: &[(Point, Thing)], at: Point) -> Option<Thing> {
    let away = |one: &&(Point, Thing)| (one.0.x - at.x).hypot(one.0.y - at.y);
    all.iter().min_by(|one, other| away(one).total_cmp(&away(other))).map(|(_, thing)| *thing)
}

/// A circle; a diamond for what was late and counted. The colour says nothing that the shape does not.
pub(super) fn shape(mark: Mark, at: Point, radius: f64) -> String {
    let (x, y) = (at.x, at.y);
    match mark {
        Mark::Late => {
            let r = radius * 1.3;
            format!(
                "M{x:.1} {:.1}L{:.1} {y:.1}L{x:.1} {:.1}L{:.1} {y:.1}Z",
                y - r,
                x + r,
                y + r,
                x - r
            )
        }
        Mark::Waiting | Mark::Counted | Mark::Dropped => {
            let (left, wide) = (x - radius, radius * 2.0);
            format!(
                "M{left:.1} {y:.1}a{radius:.1} {radius:.1} 0 1 0 {wide:.1} 0a{radius:.1} {radius:.1} 0 1 0 -{wide:.1} 0"
            )
        }
    }
}
