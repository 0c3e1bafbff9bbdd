//! A reduce slot of a node: empty, or with the attempt that runs there: what it has copied, and
//! how far it has merged and reduced.

use super::draw::{centred, crossed, filled, hatched, rounded, text_at, text_in};
use super::hit::Hit;
use super::map_slot::slot_marks;
use crate::charts::number::{count, fit, fraction, text_width};
use crate::charts::shape::{Point, Rect};
use crate::trace::event::Phase;
use crate::trace::snapshot::{Attempt, CellState};
use crate::ui::selection::Selection;
use crate::ui::stage::derive::{Copied, Segment};
use crate::ui::stage::layout::{SlotStyle, TEXT};
use crate::ui::stage::trouble::{Fate, Seat, doing, fate};
use crate::ui::stage::wording;
use std::rc::Rc;
use yew::prelude::*;

/// What a reduce slot is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct ReduceSlotProps {
    /// Where it lies.
    pub(super) frame: Rect,
    /// How much it can show.
    pub(super) style: SlotStyle,
    /// Who runs there.
    pub(super) attempt: Option<Rc<Attempt>>,
    /// What it has copied.
    pub(super) copied: Copied,
    /// Where each of its segments stands, by map; empty where they are too many.
    pub(super) segments: Vec<Segment>,
    /// What is to be known of it beside itself.
    pub(super) seat: Seat,
    /// The class of its partition's colour.
    pub(super) hue: &'static str,
    /// The pattern that goes with it.
    pub(super) pattern: Option<u8>,
    /// The width that the task's travelling chip takes up; nothing when the slot names the task.
    pub(super) chip: Option<f64>,
    /// Whether the attempt is selected.
    pub(super) is_selected: bool,
    /// Hears of a press.
    pub(super) on_select: Callback<Selection>,
}

/// A reduce slot.
#[component]
pub(super) fn ReduceSlot(props: &ReduceSlotProps) -> Html {
    let frame = props.frame;
    let Some(attempt) = &props.attempt else {
        return rounded("slot is-empty is-reduce", frame, 4.0);
    };
    let phase = wording::reduce_phase(attempt, props.copied);
    let doing = &doing(attempt, &props.seat, &phase);
    let said = doing.first().map_or("", String::as_str);
    html! {
        <Hit areas={vec![frame]} name={wording::attempt_name(attempt, said)} class={classes!("attempt", "is-reduce", props.hue, fate(attempt).class())}
            selects={Selection::Attempt(attempt.id)} is_selected={props.is_selected}
            on_select={props.on_select.clone()}>
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

/// From the top: what it does, its phases with their names, its segments, and what it has read.
fn tall(props: &ReduceSlotProps, attempt: &Attempt, doing: &[String]) -> Html {
    let inside = props.frame.inset(6.0);
    let (_, below) = inside.cut_top(23.0, 0.0);
    let (bar, below) = below.cut_top(5.0, 1.0);
    let (names, below) = below.cut_top(16.0, 2.0);
    let (foot, middle) = below.cut_bottom(16.0, 2.0);
    let name = |(piece, name): (Rect, &'static str)| text_in("small faint", piece, name);
    html! { <>
        { heading(props, attempt, doing) }
        { phases(bar, attempt, props.copied) }
        { for names.columns(3, 2.0).into_iter().zip(["copy", "merge", "reduce"]).map(name) }
        { marks(props, middle) }
        { tally(props, attempt, foot) }
    </> }
}

fn card(props: &ReduceSlotProps, attempt: &Attempt, doing: &[String]) -> Html {
    let frame = props.frame;
    let inside = frame.inset(5.0);
    let bar = Rect { y: frame.y + frame.height * 0.56 - 1.0, height: 5.0, ..inside };
    let foot = Rect { y: frame.bottom() - 19.0, height: 14.0, ..inside };
    html! { <>
        { heading(props, attempt, doing) }
        { phases(bar, attempt, props.copied) }
        { footing(props, attempt, foot) }
    </> }
}

fn pair(props: &ReduceSlotProps, attempt: &Attempt, doing: &[String]) -> Html {
    let frame = props.frame;
    let bar = Rect { y: frame.bottom() - 6.0, height: 3.0, ..frame.inset(4.0) };
    html! { <>
        { heading(props, attempt, doing) }
        if props.style == SlotStyle::Pair {
            { phases(bar, attempt, props.copied) }
        }
    </> }
}

fn square(props: &ReduceSlotProps, attempt: &Attempt) -> Html {
    let frame = props.frame;
    let number = attempt.id.task.index.to_string();
    let share = steps(attempt, props.copied) / 3.0;
    let height = frame.height * share;
    html! { <>
        { rounded("square-fill", Rect { y: frame.bottom() - height, height, ..frame }, 0.0) }
        if text_width(&number, TEXT) <= frame.width + 1.0 && frame.height >= 12.0 {
            { centred("small", frame, number) }
        }
    </> }
}

fn heading(props: &ReduceSlotProps, attempt: &Attempt, doing: &[String]) -> Html {
    let frame = props.frame;
    let named = attempt.id.task.to_string();
    let own = if props.chip.is_some() { 0.0 } else { 6.0 + 7.4 * named.len() as f64 };
    let start = 10.0 + props.chip.unwrap_or(0.0) + own;
    let y = match props.style {
        SlotStyle::Tall => frame.y + 19.5,
        SlotStyle::Card => frame.y + 18.5,
        SlotStyle::Pair => frame.y + frame.height / 2.0 + 2.0,
        SlotStyle::Line | SlotStyle::Square | SlotStyle::Gauge => frame.centre().y + 4.3,
    };
    let last = doing.last().map_or("", String::as_str);
    let (short, word) = (last.split(',').next().unwrap_or_default(), wording::phase(attempt.phase));
    let word = if fate(attempt) == Fate::Well { word } else { "" };
    let wordings: Vec<&str> = doing.iter().map(String::as_str).chain([short, word]).collect();
    let shown = fit(&wordings, frame.width - start - 4.0, TEXT).to_owned();
    html! { <>
        if props.chip.is_none() {
            { text_at("strong", Point { x: frame.x + 6.0, y }, named) }
        }
        { text_at("phase", Point { x: frame.x + start, y }, shown) }
    </> }
}

/// While it copies, a mark for each map; later what it has read and written.
fn footing(props: &ReduceSlotProps, attempt: &Attempt, foot: Rect) -> Html {
    let is_copying = matches!(attempt.phase, Phase::Launch | Phase::Copy);
    if is_copying && !props.segments.is_empty() {
        return marks(props, foot);
    }
    tally(props, attempt, foot)
}

/// What it has read, as a count.
fn tally(props: &ReduceSlotProps, attempt: &Attempt, foot: Rect) -> Html {
    let read = attempt.progress.input.records;
    let has = props.copied.volume.records;
    let long = match attempt.phase {
        Phase::Reduce | Phase::Commit | Phase::Done => {
            format!("{read} of {}", count(has, "record"))
        }
        Phase::Launch
        | Phase::Map
        | Phase::Blocked
        | Phase::Flush
        | Phase::Merge
        | Phase::Copy
        | Phase::Sort => format!("{} copied", count(has, "record")),
    };
    let short = count(has, "record");
    text_in("small", foot, fit(&[&long, &short], foot.width, TEXT).to_owned())
}

fn marks(props: &ReduceSlotProps, foot: Rect) -> Html {
    let most = foot.height.clamp(12.0, 22.0);
    let side = (foot.width / props.segments.len().max(1) as f64 - 3.0).min(most);
    let mark = |(place, segment): (usize, &Segment)| {
        let x = foot.x + place as f64 * (side + 3.0);
        let mark = Rect::new(x, foot.centre().y - side / 2.0, side, side);
        let number = place.to_string();
        let class = match segment {
            Segment::Avoided => "mark is-avoided",
            Segment::At(CellState::Missing) => "mark is-missing",
            Segment::At(CellState::Ready) => "mark is-ready",
            Segment::At(CellState::Fetching) => "mark is-fetching",
            Segment::At(CellState::Fetched) => "mark is-fetched",
        };
        let is_here = *segment == Segment::At(CellState::Fetched);
        html! { <>
            { rounded(class, mark, 2.0) }
            if *segment == Segment::Avoided {
                { crossed("avoided-cross", mark.inset(2.0)) }
            }
            if is_here {
                { hatched(props.pattern, mark, 2.0) }
            }
            if side >= 16.0 && text_width(&number, TEXT) < side {
                if is_here {
                    { rounded("plate", mark.inset(3.5), 2.0) }
                }
                { centred("small", mark, number) }
            }
        </> }
    };
    props.segments.iter().enumerate().map(mark).collect()
}

/// Copy, merge, reduce: how many of the three steps are done, and what part of the present one.
fn steps(attempt: &Attempt, copied: Copied) -> f64 {
    match attempt.phase {
        Phase::Launch | Phase::Map | Phase::Blocked | Phase::Flush | Phase::Merge => 0.0,
        Phase::Copy => fraction(copied.fetched, copied.maps).min(0.999),
        Phase::Sort => 1.5,
        Phase::Reduce => {
            2.0 + fraction(attempt.progress.input.records, copied.volume.records).min(0.999)
        }
        Phase::Commit | Phase::Done => 3.0,
    }
}

fn phases(bar: Rect, attempt: &Attempt, copied: Copied) -> Html {
    let at = steps(attempt, copied);
    let piece = |(place, piece): (usize, Rect)| {
        let share = (at - place as f64).clamp(0.0, 1.0);
        let is_now = place == 1 && share > 0.0 && share < 1.0;
        html! { <>
            { rounded("bar", piece, 2.0) }
            { filled(classes!("part-fill", is_now.then_some("is-now")), piece, if is_now { 1.0 } else { share }) }
        </> }
    };
    bar.columns(3, 2.0).into_iter().enumerate().map(piece).collect()
}
