//! The plot that all answers share: event time across, processing time up, each record once.

use super::plot_marks::shape;
use crate::base::Millis;
use crate::charts::event_time::{Ask, DotData, Mark, Picture, picture};
use crate::charts::shape::{Point, Rect};
use crate::ui::selection::Selection;
use crate::ui::stage::draw::length;
use crate::ui::stage::hit::Hit;
use crate::ui::stream::several::{Dot, Row, Sight};
use crate::ui::stream::wording::short_clock;
use crate::ui::stream::{Thing, facts};
use yew::prelude::*;

/// The height of the plot, in CSS pixels.
const HEIGHT: f64 = 280.0;

/// More marks than this are no stops of the tab key.
const STOPS_MOST: usize = 40;

/// The picture of a width: rows that lie under it share its axis across.
pub(super) fn laid_out(sight: &Sight, width: f64) -> Picture {
    let dots = sight.dots.iter().map(|dot| DotData {
        event: dot.event,
        clock: dot.clock,
        mark: dot.mark,
        label: dot.value.to_string(),
        is_near: true,
    });
    picture(&Ask {
        size: (width, HEIGHT),
        text: 12.0,
        event: sight.event,
        clock: sight.clock,
        now: sight.clock.0,
        expected: sight.dots.len(),
        dots: dots.collect(),
        ..Ask::default()
    })
}

/// The plot. Watermarks are drawn of all rows, or of the first alone.
pub(super) fn plot(
    sight: &Sight,
    picture: &Picture,
    width: f64,
    all_watermarks: bool,
    on_select: &Callback<Selection>,
) -> Html {
    let most = if all_watermarks { usize::MAX } else { 1 };
    let rows = || sight.rows.iter().enumerate();
    html! {
        <svg class="answer-plot" viewBox={format!("0 0 {width:.1} {HEIGHT:.1}")} style={format!("height:{HEIGHT:.0}px")}
            role="group" aria-label={summary(sight)}>
            { super::plot::axes(picture) }
            { for rows().take(most).map(|(place, row)| watermark(row, place, all_watermarks, picture)) }
            { cuts(sight, picture) }
            { for picture.dots.iter().map(|at| dot(&sight.dots[at.index], at, sight.dots.len(), on_select)) }
        </svg>
    }
}

fn summary(sight: &Sight) -> String {
    let differ = sight.dots.iter().filter(|dot| dot.differs).count();
    format!(
        "event time across, processing time up: {} records; of {differ} not all rows make the same",
        sight.dots.len()
    )
}

/// A record; one on which the rows do not agree has a second ring.
fn dot(
    data: &Dot,
    at: &crate::charts::event_time::Dot,
    all: usize,
    on_select: &Callback<Selection>,
) -> Html {
    let thing = Thing::Record(data.record);
    let kind = match data.mark {
        Mark::Waiting => "is-waiting",
        Mark::Counted => "is-counted",
        Mark::Late => "is-late",
        Mark::Dropped => "is-dropped",
    };
    let touch = at.radius.max(12.0);
    let area = Rect::new(at.at.x - touch, at.at.y - touch, touch * 2.0, touch * 2.0);
    let agree = if data.differs { "the rows differ: " } else { "" };
    let name = format!("{}, value {}, {agree}{}", facts::title(thing, None), data.value, data.said);
    html! {
        <Hit areas={vec![area]} {name} is_stop={all <= STOPS_MOST} class="dot-mark"
            selects={Selection::Stream(thing)} is_selected={false} on_select={on_select.clone()}>
            if data.differs {
                <circle class="dot-differs" cx={length(at.at.x)} cy={length(at.at.y)} r={length(at.radius + 4.5)} />
            }
            <path class={classes!("dot", kind)} d={shape(data.mark, at.at, at.radius)} />
            if at.is_labelled {
                <text class={classes!("dot-value", kind)} x={length(at.at.x)} y={length(at.at.y + 4.2)}>{ data.value.to_string() }</text>
            }
        </Hit>
    }
}

/// The dashes of a row's watermark, so that rows are told apart without colours.
const DASHES: [&str; 6] = ["", "9 4", "3 3", "12 4 3 4", "1 4", "6 2 2 2 2 2"];

fn watermark(row: &Row, place: usize, is_numbered: bool, picture: &Picture) -> Html {
    let points = steps(&row.watermark, picture);
    let Some(last) = points.last().copied() else { return html! {} };
    let line: Vec<String> = points.iter().map(|at| format!("{:.1} {:.1}", at.x, at.y)).collect();
    let dashes = DASHES.get(place % DASHES.len()).copied().unwrap_or_default();
    let up = 12.0 + 14.0 * (place % 5) as f64;
    html! {
        <g aria-hidden="true">
            <path class="watermark-line is-thin" d={format!("M{}", line.join("L"))} stroke-dasharray={dashes} />
            if is_numbered {
                <text class="watermark-label end" x={length(last.x.min(picture.area.right() - 4.0))} y={length(last.y + up)}>{ (place + 1).to_string() }</text>
            }
        </g>
    }
}

/// As far as it lies on the picture.
fn steps(moves: &[(Millis, Millis)], picture: &Picture) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::new();
    for (clock, to) in moves {
        if !picture.clock.holds(*clock) {
            break;
        }
        let next = Point { x: picture.event.at(*to), y: picture.clock.at(*clock) };
        if let Some(last) = points.last().copied() {
            points.push(Point { x: last.x, y: next.y });
        }
        points.push(next);
        if *to >= picture.event.to {
            break;
        }
    }
    points
}

/// Where batch runs cut through the events, and from where on they look back.
fn cuts(sight: &Sight, picture: &Picture) -> Html {
    let mut told: Vec<(Millis, String, &'static str)> = Vec::new();
    for row in &sight.rows {
        let Some(cut) = row.cut else { continue };
        if !told.iter().any(|(at, _, class)| *at == cut.at && *class == "cut-line") {
            told.push((cut.at, format!("batch at {}", short_clock(cut.at)), "cut-line"));
        }
        if let Some(since) = cut.since {
            told.push((
                since,
                format!("looks back to {}", short_clock(since)),
                "cut-line is-since",
            ));
        }
    }
    let area = picture.area;
    told.retain(|(at, _, _)| picture.clock.holds(*at));
    html! {
        <g aria-hidden="true">
            { for told.into_iter().map(|(at, label, class)| {
                let y = picture.clock.at(at);
                html! { <>
                    <path {class} d={format!("M{:.1} {y:.1}H{:.1}", area.x, area.right())} />
                    <text class="cut-label" x={length(area.x + 6.0)} y={length(y - 5.0)}>{ label }</text>
                </> }
            }) }
        </g>
    }
}
