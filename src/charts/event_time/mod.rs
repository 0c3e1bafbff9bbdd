//! Event time across, processing time up: records as dots, watermarks as lines, windows as columns
//! and panes as values where they fired, as in the figures of the book "Streaming Systems".
//!
//! It is given moments and texts and gives back shapes; it knows no stream, and judges nothing.

mod axis;
mod raster;

pub use axis::{Axis, Tick};
pub use raster::{RASTER_FROM, Tile};

use super::number::text_width;
use super::shape::{Point, Rect};
use crate::base::Millis;

/// What is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ask {
    /// The size of the picture.
    pub size: (f64, f64),
    /// The size of its type.
    pub text: f64,
    /// Room for words above the area and at its right, besides what marks need.
    pub words: (f64, f64),
    /// The first and the last moment of event time.
    pub event: (Millis, Millis),
    /// The first and the last moment of processing time.
    pub clock: (Millis, Millis),
    /// Where the clock stands.
    pub now: Millis,
    /// How many records there will be in all: what is to come must have room.
    pub expected: usize,
    /// Records.
    pub dots: Vec<DotData>,
    /// When the watermark moved, and where to.
    pub watermark: Vec<(Millis, Millis)>,
    /// Windows, each for as long as it had its bounds.
    pub windows: Vec<WindowData>,
    /// Panes, in the order in which they fired.
    pub panes: Vec<PaneData>,
}

/// What has become of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// It waits in a window, or belongs to none.
    Waiting,
    /// It was counted, not after the end of its window.
    Counted,
    /// It was late, and counted.
    Late,
    /// It was left out.
    Dropped,
}

/// A record.
#[derive(Clone, Debug, PartialEq)]
pub struct DotData {
    /// When it happened.
    pub event: Millis,
    /// When it came.
    pub clock: Millis,
    /// What has become of it.
    pub mark: Mark,
    /// What it says.
    pub label: String,
    /// Whether it belongs to what is looked at.
    pub is_near: bool,
}

/// A window for as long as it had its bounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WindowData {
    /// Its bounds in event time.
    pub event: (Millis, Millis),
    /// From its first record to when it was forgotten, merged, or now.
    pub clock: (Millis, Millis),
    /// Whether it has become a part of another.
    pub is_merged: bool,
}

/// When a pane fired, against the end of its window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaneMark {
    /// Before it.
    Early,
    /// At it.
    OnTime,
    /// After it.
    Late,
}

/// A pane.
#[derive(Clone, Debug, PartialEq)]
pub struct PaneData {
    /// The bounds of its window in event time.
    pub event: (Millis, Millis),
    /// When it fired.
    pub clock: Millis,
    /// Since when what is new in it came together.
    pub since: Millis,
    /// What it says.
    pub value: String,
    /// What it takes back.
    pub takes_back: Vec<String>,
    /// Whether it was taken back itself.
    pub is_taken_back: bool,
    /// Early, on time or late.
    pub mark: PaneMark,
}

/// The shapes.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// Where data lies.
    pub area: Rect,
    /// From event times to places.
    pub event: Axis,
    /// From processing times to places; it grows upwards.
    pub clock: Axis,
    /// Marks under the area.
    pub event_ticks: Vec<Tick>,
    /// Marks at the left of the area.
    pub clock_ticks: Vec<Tick>,
    /// One a window.
    pub windows: Vec<Rect>,
    /// The windows' spans under the area, where they overlap; else nothing.
    pub lanes: Vec<Rect>,
    /// One a pane.
    pub panes: Vec<PaneShape>,
    /// One a record, unless they are too many; then those that are late or dropped alone.
    pub dots: Vec<Dot>,
    /// The other records, where they are too many.
    pub tiles: Vec<Tile>,
    /// Records that are late or dropped, and are not drawn by themselves.
    pub uncounted: usize,
    /// Where event time equals processing time, if that is on the picture.
    pub ideal: Option<(Point, Point)>,
    /// The watermark so far, as steps.
    pub watermark: Vec<Point>,
    /// The height of the clock's line.
    pub now: f64,
}

/// A pane as it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct PaneShape {
    /// What came together in it.
    pub fill: Rect,
    /// The middle of the baseline of its value.
    pub label: Point,
    /// Whether there is room for the value in its full size.
    pub is_roomy: bool,
}

/// A record as it is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dot {
    /// Which of the records.
    pub index: usize,
    /// Its middle.
    pub at: Point,
    /// Its radius.
    pub radius: f64,
    /// Whether its label fits into it.
    pub is_labelled: bool,
    /// What has become of it.
    pub mark: Mark,
}

/// The most records that are drawn by themselves though they are among too many.
pub const MARKED_MOST: usize = 500;

/// Lays the picture out.
pub fn picture(ask: &Ask) -> Picture {
    let lanes = lane_count(&ask.windows);
    let area = area(ask, lanes);
    let (from, to) = ask.event;
    let event = Axis { from, to, start: area.x, end: area.right() };
    let (from, to) = ask.clock;
    let clock = Axis { from, to, start: area.bottom(), end: area.y };
    let (dots, tiles, uncounted) = raster::dots(ask, event, clock, area);
    Picture {
        area,
        event,
        clock,
        event_ticks: event.ticks(ask.text * 7.0),
        clock_ticks: upward_ticks(clock, ask.text),
        windows: ask.windows.iter().map(|window| column(window, event, clock)).collect(),
        lanes: lane_rects(ask, area, event, lanes),
        panes: ask.panes.iter().map(|pane| pane_shape(pane, ask.text, event, clock)).collect(),
        dots,
        tiles,
        uncounted,
        ideal: ideal(event, clock),
        watermark: steps(&ask.watermark, ask.now, event, clock),
        now: clock.at(ask.now),
    }
}

/// The height of a lane under the area.
fn lane_height(text: f64) -> f64 {
    text * 0.7
}

fn area(ask: &Ask, lanes: usize) -> Rect {
    let left = text_width("00:00:00", ask.text) + ask.text * 1.6;
    let below = ask.text * 3.2 + lanes as f64 * lane_height(ask.text);
    let (width, height) = ask.size;
    let (above, right) = (ask.text * 1.2 + ask.words.0, (ask.text * 2.4).max(ask.words.1));
    Rect::new(left, above, width - left - right, height - above - below)
}

fn column(window: &WindowData, event: Axis, clock: Axis) -> Rect {
    let (left, right) = (event.at(window.event.0), event.at(window.event.1));
    let (bottom, top) = (clock.at(window.clock.0), clock.at(window.clock.1));
    Rect::new(left, top, right - left, bottom - top)
}

fn pane_shape(pane: &PaneData, text: f64, event: Axis, clock: Axis) -> PaneShape {
    let (left, right) = (event.at(pane.event.0), event.at(pane.event.1));
    let (bottom, top) = (clock.at(pane.since.min(pane.clock)), clock.at(pane.clock));
    let fill = Rect::new(left, top, right - left, bottom - top);
    let is_roomy = text_width(&pane.value, text * 1.5) <= fill.width;
    // Above the line lies what is still to come, so that nothing was drawn there yet.
    PaneShape { fill, label: Point { x: fill.centre().x, y: top - text * 0.35 }, is_roomy }
}

/// The line on which nothing is late, cut to the picture.
fn ideal(event: Axis, clock: Axis) -> Option<(Point, Point)> {
    let (from, to) = (event.from.max(clock.from), event.to.min(clock.to));
    let at = |moment| Point { x: event.at(moment), y: clock.at(moment) };
    (from < to).then(|| (at(from), at(to)))
}

/// The watermark as it moved: it stands still while time goes on, and moves in no time.
fn steps(moves: &[(Millis, Millis)], now: Millis, event: Axis, clock: Axis) -> Vec<Point> {
    let mut line: Vec<Point> = Vec::new();
    for (at, to) in moves {
        let next = Point { x: event.at(*to), y: clock.at(*at) };
        if let Some(last) = line.last() {
            line.push(Point { x: last.x, y: next.y });
        }
        line.push(next);
    }
    if let Some(last) = line.last() {
        line.push(Point { x: last.x, y: clock.at(now) });
    }
    line.dedup();
    line
}

/// How many windows overlap at most, in event time and in processing time; one lies beside the other
/// when none do.
fn lane_count(windows: &[WindowData]) -> usize {
    const LANES_MOST: usize = 8;
    let places = lane_places(windows);
    match places.iter().max() {
        Some(most) if *most > 0 => (*most + 1).min(LANES_MOST),
        Some(_) | None => 0,
    }
}

/// The lane of each window: the first in which it overlaps no other.
fn lane_places(windows: &[WindowData]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..windows.len()).collect();
    order.sort_by_key(|place| windows[*place].event);
    let mut lanes: Vec<(Millis, (Millis, Millis))> = Vec::new();
    let mut places = vec![0; windows.len()];
    for place in order {
        let span = windows[place].event;
        // A window that is there again, or one that has grown, shares a lane with itself.
        let fits = |lane: &(Millis, (Millis, Millis))| lane.0 <= span.0 || lane.1 == span;
        let lane = if windows[place].is_merged {
            0
        } else {
            lanes.iter().position(fits).unwrap_or_else(|| {
                lanes.push((span.0, span));
                lanes.len() - 1
            })
        };
        if let Some(found) = lanes.get_mut(lane) {
            *found = (span.1.max(found.0), span);
        }
        places[place] = lane;
    }
    places
}

fn lane_rects(ask: &Ask, area: Rect, event: Axis, lanes: usize) -> Vec<Rect> {
    if lanes == 0 {
        return Vec::new();
    }
    let height = lane_height(ask.text);
    let top = area.bottom() + ask.text * 0.25;
    let rect = |(window, lane): (&WindowData, usize)| {
        let (left, right) = (event.at(window.event.0), event.at(window.event.1));
        let y = top + (lane % lanes) as f64 * height;
        Rect::new(left, y, right - left, height * 0.6)
    };
    ask.windows.iter().zip(lane_places(&ask.windows)).map(rect).collect()
}

/// The marks of the axis that goes up. Hours with seconds would run into the axis' name, so whole minutes
/// do where there are a few of them.
fn upward_ticks(axis: Axis, text: f64) -> Vec<Tick> {
    /// `12:04`
    const SHORT: usize = 5;
    let is_short = |ticks: &Vec<Tick>| ticks.iter().all(|tick| tick.label.len() <= SHORT);
    let fine = axis.ticks(text * 2.6);
    if is_short(&fine) {
        return fine;
    }
    let coarse = [5.2, 9.0].map(|room| axis.ticks(text * room));
    coarse.into_iter().find(|ticks| is_short(ticks) && ticks.len() >= 3).unwrap_or(fine)
}

#[cfg(test)]
mod tests;
