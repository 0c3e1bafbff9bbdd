//! A map slot of a node: empty, or with the attempt that runs there, how far it has come, what it
//! reads and from where, and how full its sort buffer is.

use super::draw::{block, centred, crossed, filled, rounded, text_at, text_end, text_in};
use super::hit::Hit;
use crate::base::BlockId;
use crate::charts::number::{count, fit, fraction, percent};
use crate::charts::shape::{Point, Rect};
use crate::trace::event::Phase;
use crate::trace::snapshot::{Attempt, Split};
use crate::ui::selection::Selection;
use crate::ui::stage::derive::map_fraction;
use crate::ui::stage::layout::{SlotStyle, TEXT};
use crate::ui::stage::trouble::{Fate, Seat, doing, fate};
use crate::ui::stage::wording;
use std::cmp::Ordering;
use std::rc::Rc;
use yew::prelude::*;

/// What a map slot is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct MapSlotProps {
    /// Where it lies.
    pub(super) frame: Rect,
    /// How much it can show.
    pub(super) style: SlotStyle,
    /// Who runs there.
    pub(super) attempt: Option<Rc<Attempt>>,
    /// Its split.
    pub(super) split: Option<Split>,
    /// The block that its split begins in.
    pub(super) reads: Option<BlockId>,
    /// The width that the task's travelling chip takes up; nothing when the slot names the task.
    pub(super) chip: Option<f64>,
    /// What is to be known of it beside itself.
    pub(super) seat: Seat,
    /// How full the buffer is when a spill begins, in percent.
    pub(super) spill_percent: u64,
    /// Whether the attempt is selected.
    pub(super) is_selected: bool,
    /// Hears of a press.
    pub(super) on_select: Callback<Selection>,
}

/// A map slot.
#[component]
pub(super) fn MapSlot(props: &MapSlotProps) -> Html {
    let frame = props.frame;
    let Some(attempt) = &props.attempt else {
        return rounded("slot is-empty", frame, 4.0);
    };
    let phase = wording::map_phase(attempt, props.split.as_ref());
    let doing = &doing(attempt, &props.seat, &phase);
    let said = doing.first().map_or("", String::as_str);
    let name = format!("{}; {}", wording::attempt_name(attempt, said), wording::buffer(attempt));
    let class = classes!(
        "attempt",
        "is-map",
        (attempt.phase == Phase::Blocked).then_some("is-blocked"),
        fate(attempt).class(),
    );
    html! {
        <Hit {name} {class} areas={vec![frame]} selects={Selection::Attempt(attempt.id)}
            is_selected={props.is_selected} on_select={props.on_select.clone()}>
            { rounded("slot is-busy", frame, 4.0) }
            { slot_marks(frame, attempt, &props.seat) }
            { match props.style {
                SlotStyle::Tall => tall(props, attempt, doing),
                SlotStyle::Card => card(props, attempt, doing),
                SlotStyle::Pair | SlotStyle::Line => pair(props, attempt, doing),
                SlotStyle::Square | SlotStyle::Gauge => square(props, attempt),
            } }
        </Hit>
    }
}

/// A twin has a second outline; what went, failed or was killed is crossed out.
pub(super) fn slot_marks(frame: Rect, attempt: &Attempt, seat: &Seat) -> Html {
    html! { <>
        if seat.is_twin {
            { rounded("twin", frame.inset(2.5), 3.0) }
        }
        if fate(attempt) != Fate::Well {
            { crossed("fate-cross", frame) }
        }
    </> }
}

/// From the top: what it does, its phases with their names, what it reads, what it made of it, and
/// its sort buffer.
fn tall(props: &MapSlotProps, attempt: &Attempt, doing: &[String]) -> Html {
    let inside = props.frame.inset(6.0);
    let (_, below) = inside.cut_top(23.0, 0.0);
    let (bar, below) = below.cut_top(5.0, 1.0);
    let rows = below.rows(4, 0.0);
    let progress = &attempt.progress;
    let lines = count(progress.input.records, "line");
    let pairs = count(progress.output.records, "pair");
    let made = format!("{lines} in, {pairs} out");
    let shown = fit(&[&made, &pairs], inside.width, TEXT).to_owned();
    html! { <>
        { heading(props, attempt, doing) }
        { phases(bar, attempt, props.split.as_ref()) }
        { phase_names(rows[0]) }
        { text_in("small", rows[1], reading(props, attempt, inside.width)) }
        if progress.input.records > 0 {
            { text_in("small", rows[2], shown) }
        }
        { labelled_buffer(props, attempt, rows[3]) }
    </> }
}

/// The names under the pieces of the bar.
fn phase_names(row: Rect) -> Html {
    let names = ["map", "spill", "merge"];
    let place = |(piece, name): (Rect, &'static str)| {
        text_in("small faint", Rect { width: 40.0, ..piece }, name)
    };
    let [map, spill, merge] = pieces(row);
    let last = Rect { x: merge.right() - 44.0, width: 44.0, ..merge };
    html! { <>
        { place((map, names[0])) }
        if spill.right() + 2.0 >= last.x + 8.0 && spill.width >= 34.0 {
            { place((spill, names[1])) }
        }
        { text_end("small faint", last, names[2]) }
    </> }
}

fn labelled_buffer(props: &MapSlotProps, attempt: &Attempt, row: Rect) -> Html {
    if attempt.progress.buffer_capacity == 0 {
        return html! {};
    }
    let (label, rest) = row.cut_left(46.0, 4.0);
    let (number, gauge) = rest.cut_right(40.0, 6.0);
    let progress = &attempt.progress;
    let full = percent(progress.buffer_bytes, progress.buffer_capacity);
    html! { <>
        { text_in("small", label, "buffer") }
        { buffer(gauge, attempt, props.spill_percent) }
        { text_end("small", number, format!("{full} %")) }
    </> }
}

fn card(props: &MapSlotProps, attempt: &Attempt, doing: &[String]) -> Html {
    let frame = props.frame;
    let inside = frame.inset(5.0);
    let bar = Rect { y: frame.y + frame.height * 0.56 - 1.0, height: 5.0, ..inside };
    let foot = Rect { y: frame.bottom() - 19.0, height: 14.0, ..inside };
    let (gauge, left) = foot.cut_right(foot.width * 0.36, 8.0);
    html! { <>
        { heading(props, attempt, doing) }
        { phases(bar, attempt, props.split.as_ref()) }
        { text_in("small", left, reading(props, attempt, left.width)) }
        if attempt.progress.buffer_capacity > 0 {
            { buffer(gauge, attempt, props.spill_percent) }
        }
    </> }
}

fn pair(props: &MapSlotProps, attempt: &Attempt, doing: &[String]) -> Html {
    let frame = props.frame;
    let bar = Rect { y: frame.bottom() - 6.0, height: 3.0, ..frame.inset(4.0) };
    html! { <>
        { heading(props, attempt, doing) }
        if props.style == SlotStyle::Pair {
            { phases(bar, attempt, props.split.as_ref()) }
        }
    </> }
}

/// A square fills from below as the map goes on.
fn square(props: &MapSlotProps, attempt: &Attempt) -> Html {
    let frame = props.frame;
    let share = props.split.as_ref().and_then(|split| map_fraction(attempt, split)).unwrap_or(0.5);
    let height = frame.height * share;
    let number = attempt.id.task.index.to_string();
    let fits = crate::charts::number::text_width(&number, TEXT) <= frame.width + 1.0;
    html! { <>
        { block("square-fill", Rect { y: frame.bottom() - height, height, ..frame }) }
        if fits && frame.height >= 12.0 {
            { centred("small", frame, number) }
        }
    </> }
}

/// The task and what it is doing, on the first line.
fn heading(props: &MapSlotProps, attempt: &Attempt, doing: &[String]) -> Html {
    let frame = props.frame;
    let named = attempt.id.task.to_string();
    let own = if props.chip.is_some() { 0.0 } else { 6.0 + 7.4 * named.len() as f64 };
    let start = 10.0 + props.chip.unwrap_or(0.0) + own;
    let room = frame.width - start - 4.0;
    let y = match props.style {
        SlotStyle::Tall => frame.y + 19.5,
        SlotStyle::Card => frame.y + 18.5,
        SlotStyle::Pair => frame.y + frame.height / 2.0 + 2.0,
        SlotStyle::Line | SlotStyle::Square | SlotStyle::Gauge => frame.centre().y + 4.3,
    };
    let last = doing.last().map_or("", String::as_str);
    let number = last.rsplit_once(' ').and_then(|(rest, _)| rest.rsplit_once(' '));
    let short = number.map_or("", |(word, _)| &last[word.len() + 1..]);
    let wordings: Vec<&str> = doing.iter().map(String::as_str).chain([short]).collect();
    let shown = fit(&wordings, room, TEXT).to_owned();
    html! { <>
        if props.chip.is_none() {
            { text_at("strong", Point { x: frame.x + 6.0, y }, named) }
        }
        { text_at("phase", Point { x: frame.x + start, y }, shown) }
    </> }
}

/// What it reads and from where, as long as there is room to say it.
fn reading(props: &MapSlotProps, attempt: &Attempt, room: f64) -> String {
    let (Some(block), Some(from)) = (props.reads, attempt.reads_from) else { return String::new() };
    let near = attempt.locality.map_or("", wording::locality);
    let whole = if from == attempt.node {
        format!("reads block {} here", block.0)
    } else {
        format!("reads block {} from {from}, {near}", block.0)
    };
    let middle = format!("block {}, {near}", block.0);
    let short = format!("b{}, {near}", block.0);
    let none = near.to_owned();
    fit(&[&whole, &middle, &short, &none], room, TEXT).to_owned()
}

/// A bar's pieces for map, spill and merge.
fn pieces(bar: Rect) -> [Rect; 3] {
    let (map, rest) = bar.cut_left(bar.width - 96.0_f64.min(bar.width * 0.5), 2.0);
    let halves = rest.columns(2, 2.0);
    [map, halves[0], halves[1]]
}

/// Map, spill and merge as one bar of three pieces: done, under way, to come. A piece under way of
/// which nothing more is known is filled lightly.
fn phases(bar: Rect, attempt: &Attempt, split: Option<&Split>) -> Html {
    let mapped = split.and_then(|split| map_fraction(attempt, split));
    let (done, now) = match attempt.phase {
        Phase::Launch => (0, Some(0.0)),
        Phase::Map | Phase::Blocked => (0, mapped),
        Phase::Flush => (1, None),
        Phase::Merge => (2, None),
        Phase::Copy | Phase::Sort | Phase::Reduce | Phase::Commit | Phase::Done => (3, None),
    };
    let piece = |(place, piece): (usize, Rect)| {
        let (class, share) = match place.cmp(&done) {
            Ordering::Less => ("bar-fill", 1.0),
            Ordering::Equal => now.map_or(("bar-fill is-now", 1.0), |share| ("bar-fill", share)),
            Ordering::Greater => ("bar-fill", 0.0),
        };
        html! { <>{ rounded("bar", piece, 2.0) }{ filled(class, piece, share) }</> }
    };
    pieces(bar).into_iter().enumerate().map(piece).collect()
}

/// The sort buffer: how full it is, and where a spill begins.
fn buffer(gauge: Rect, attempt: &Attempt, spill_percent: u64) -> Html {
    let bar = Rect { y: gauge.y + 2.0, height: gauge.height - 4.0, ..gauge };
    let progress = &attempt.progress;
    let full = fraction(progress.buffer_bytes, progress.buffer_capacity);
    let mark = fraction(spill_percent, 100);
    let spilling = attempt.spills.iter().filter(|spill| spill.finished.is_none());
    let leaving =
        fraction(spilling.map(|spill| spill.buffer_bytes).sum(), progress.buffer_capacity);
    let x = bar.x + bar.width * mark;
    html! { <>
        { rounded("gauge", bar, 2.0) }
        { filled("gauge-fill", bar, full) }
        { filled("gauge-leaving", bar, leaving.min(full)) }
        { block("gauge-mark", Rect::new(x - 0.75, bar.y - 2.0, 1.5, bar.height + 4.0)) }
    </> }
}
