//! Tasks as chips. A chip waits at the coordinator, goes to the slot where its task runs, and comes
//! back when the coordinator knows that it is done: an assignment is seen as a move.

use super::draw::{centred, hatched, rounded};
use super::hit::Hit;
use super::lane::seat_of;
use crate::base::TaskKind;
use crate::charts::shape::Rect;
use crate::trace::snapshot::{Snapshot, Task, TaskState};
use crate::ui::same::Same;
use crate::ui::selection::Selection;
use crate::ui::stage::derive::{Hues, NodeWork, current};
use crate::ui::stage::layout::{ChipStyle, Column, Detail, SlotStyle, StageLayout};
use crate::ui::stage::trouble::{failures, failures_said};
use crate::ui::stage::wording::task_state;
use std::rc::Rc;
use yew::prelude::*;

/// What the chips are given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct TokensProps {
    /// Where everything lies.
    pub(super) layout: Same<StageLayout>,
    /// The moment.
    pub(super) snapshot: Rc<Snapshot>,
    /// Who is in which slot.
    pub(super) work: Same<Vec<NodeWork>>,
    /// The colours.
    pub(super) hues: Hues,
    /// What is selected.
    pub(super) selection: Option<Selection>,
    /// Hears of a press.
    pub(super) on_select: Callback<Selection>,
}

/// The chips of all tasks.
#[component]
pub(super) fn Tokens(props: &TokensProps) -> Html {
    let layout = &props.layout;
    let of = |tasks: &[Rc<Task>], kind| {
        if !layout.board.row(kind).has_chips() {
            return Vec::new();
        }
        tasks.iter().filter_map(|task| token(props, task, kind)).collect::<Vec<_>>()
    };
    html! {
        <g class="tokens">
            { for of(&props.snapshot.maps, TaskKind::Map) }
            { for of(&props.snapshot.reduces, TaskKind::Reduce) }
        </g>
    }
}

fn token(props: &TokensProps, task: &Rc<Task>, kind: TaskKind) -> Option<Html> {
    let at = place(props, task, kind)?;
    let index = usize::try_from(task.id.index).unwrap_or(usize::MAX);
    let frame = Rect { x: 0.0, y: 0.0, ..at };
    let row = props.layout.board.row(kind);
    let text = match row.style {
        ChipStyle::Named => task.id.to_string(),
        ChipStyle::Numbered | ChipStyle::Dot | ChipStyle::Counted => task.id.index.to_string(),
    };
    let (hue, pattern) = match kind {
        TaskKind::Map => ("is-map", None),
        TaskKind::Reduce => (props.hues.class(index), props.hues.pattern(index)),
    };
    let selects = Selection::Task(task.id);
    let state = task_state(task.state);
    let failures = failures(task);
    let failed = failures_said(&props.snapshot, task.id);
    let is_gone = task.state == TaskState::Running && current(task).is_some_and(|a| a.is_gone());
    let wher = current(task).map_or(String::new(), |attempt| format!(" on {}", attempt.node));
    Some(html! {
        <Hit key={task.id.to_string()} areas={vec![frame]} name={format!("{}: {state}{wher}{failed}", task.id)} {selects}
            class={classes!("token", hue, state, is_gone.then_some("is-gone"))} is_selected={props.selection == Some(selects)}
            style={format!("transform:translate({:.1}px,{:.1}px)", at.x, at.y)}
            on_select={props.on_select.clone()}>
            { shape(kind, frame) }
            if kind == TaskKind::Reduce {
                { hatched(pattern, Rect { width: 5.0, ..frame }, 0.0) }
            }
            { centred("small", Rect { x: 2.0, ..frame }, text) }
            if let Some((failed, _)) = failures {
                { count_failed(frame, failed) }
            }
        </Hit>
    })
}

/// How often a task has failed, at the corner of its chip.
fn count_failed(chip: Rect, failed: u32) -> Html {
    let at = Rect::new(chip.right() - 14.0, chip.y - 6.0, 15.0, 13.0);
    html! { <>{ rounded("failed-plate", at, 6.5) }{ centred("failed-count", at, format!("×{failed}")) }</> }
}

/// A map is a rounded box; a reduce is an arrow head, into which things flow together.
fn shape(kind: TaskKind, frame: Rect) -> Html {
    match kind {
        TaskKind::Map => rounded("chip", frame, 4.0),
        TaskKind::Reduce => {
            let (right, middle, bottom) = (frame.right(), frame.height / 2.0, frame.bottom());
            let neck = right - 7.0;
            let path = format!("M0 0H{neck:.1}L{right:.1} {middle:.1}L{neck:.1} {bottom:.1}H0Z");
            html! { <>
                <path class="chip" d={path} />
                { rounded("part-solid", Rect { width: 5.0, ..frame }, 0.0) }
            </> }
        }
    }
}

/// Where a task's chip is: at the coordinator, or in the slot where it runs.
fn place(props: &TokensProps, task: &Task, kind: TaskKind) -> Option<Rect> {
    let row = props.layout.board.row(kind);
    let index = usize::try_from(task.id.index).unwrap_or(usize::MAX);
    let column = match task.state {
        TaskState::Pending => Column::Waiting,
        TaskState::Running => Column::Running,
        TaskState::Done => Column::Done,
    };
    let home = row.place(column, index);
    if task.state != TaskState::Running {
        return Some(home);
    }
    let seat = seat(props, task);
    // Where slots are too small for chips, what runs is shown by its slot alone.
    if !chips_reach_slots(&props.layout) {
        return None;
    }
    Some(seat.map_or(home, |slot| Rect {
        x: slot.x + 5.0,
        y: slot.y + 5.0_f64.min((slot.height - home.height) / 2.0),
        ..home
    }))
}

fn seat(props: &TokensProps, task: &Task) -> Option<Rect> {
    let attempt = current(task)?;
    let lane = props.layout.lane(attempt.node)?;
    seat_of(lane, props.work.get(attempt.node.place())?, attempt)
}

/// Whether slots are boxes with room for a chip.
pub(super) fn chips_reach_slots(layout: &StageLayout) -> bool {
    let has_room = |style: SlotStyle| match style {
        SlotStyle::Tall | SlotStyle::Card | SlotStyle::Pair | SlotStyle::Line => true,
        SlotStyle::Square | SlotStyle::Gauge => false,
    };
    layout.detail == Detail::Full
        && layout.lanes.iter().all(|lane| has_room(lane.maps.style) && has_room(lane.reduces.style))
}
