//! The coordinator: its queue of maps and reduces, waiting, running and done, as it knows them.

use super::draw::{block, filled, rounded, text_in};
use super::hit::Hit;
use crate::base::{NodeId, TaskKind};
use crate::charts::number::{count, fit, fraction, grouped, text_width};
use crate::charts::shape::Rect;
use crate::trace::sentence::short_error;
use crate::trace::snapshot::{Job, Task, TaskState};
use crate::ui::same::Same;
use crate::ui::selection::Selection;
use crate::ui::stage::derive::{Hues, current};
use crate::ui::stage::layout::{BoardRow, ChipStyle, Column, StageLayout, TEXT};
use crate::ui::stage::wording;
use std::rc::Rc;
use yew::prelude::*;

/// What the coordinator is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct CoordinatorProps {
    /// Where it lies.
    pub(super) layout: Same<StageLayout>,
    /// The job.
    pub(super) job: Option<Rc<Job>>,
    /// Its maps.
    pub(super) maps: Vec<Rc<Task>>,
    /// Its reduces.
    pub(super) reduces: Vec<Rc<Task>>,
    /// The colours.
    pub(super) hues: Hues,
    /// Whether it is selected.
    pub(super) is_selected: bool,
    /// Hears of a press.
    pub(super) on_select: Callback<Selection>,
}

/// The coordinator.
#[component]
pub(super) fn Coordinator(props: &CoordinatorProps) -> Html {
    let board = &props.layout.board;
    let said = said(props);
    let name = format!("coordinator: {said}");
    let (title, rest) = board.title.cut_left(84.0, 4.0);
    let short = said.split(';').next().unwrap_or_default().to_owned();
    html! {
        <g class="coordinator">
            <Hit {name} areas={vec![board.frame]} selects={Selection::Coordinator} is_selected={props.is_selected}
                on_select={props.on_select.clone()}>
                { rounded("board-frame", board.frame, 6.0) }
                { text_in("strong", title, "Coordinator") }
                { text_in("small faint", rest, fit(&[&said, &short], rest.width, TEXT).to_owned()) }
                { row(props, TaskKind::Map) }
                { row(props, TaskKind::Reduce) }
            </Hit>
        </g>
    }
}

/// What it knows of the job, in a sentence.
fn said(props: &CoordinatorProps) -> String {
    let Some(job) = &props.job else { return "no job yet".to_owned() };
    let maps = count(props.maps.len() as u64, "map");
    let reduces = count(props.reduces.len() as u64, "reduce");
    let known = format!("{maps}, {reduces}");
    if let Some(failed) = &job.failed {
        let took = failed.at.0.since(job.submitted_at);
        return format!("{known}; the job failed after {took}: {}", short_error(&failed.error));
    }
    let now = match (job.finished, job.slow_start) {
        (Some((at, _)), _) => format!("the job is committed, after {}", at.since(job.submitted_at)),
        (None, Some(_)) => "reduces may be given out".to_owned(),
        (None, None) => "reduces wait for the first maps".to_owned(),
    };
    format!("{known}; {now}")
}

fn row(props: &CoordinatorProps, kind: TaskKind) -> Html {
    let row = props.layout.board.row(kind);
    let (tasks, name) = match kind {
        TaskKind::Map => (&props.maps, "maps"),
        TaskKind::Reduce => (&props.reduces, "reduces"),
    };
    let columns = [
        (Column::Waiting, TaskState::Pending, "waiting"),
        (Column::Running, TaskState::Running, "running"),
        (Column::Done, TaskState::Done, "done"),
    ];
    let column = |(column, state, heading): (Column, TaskState, &'static str)| {
        html! { <>
            { rounded(classes!("board-column", heading), row.columns[column as usize], 4.0) }
            { text_in("small faint", row.heading(column).inset(5.0), heading) }
            { inside(props, row, kind, (column, state), tasks) }
        </> }
    };
    html! { <>
        { text_in("small strong", row.label, name) }
        { for columns.into_iter().map(column) }
    </> }
}

/// The tasks in a column: a trace of those that are away, dots, or a count.
fn inside(
    props: &CoordinatorProps,
    row: &BoardRow,
    kind: TaskKind,
    (column, state): (Column, TaskState),
    tasks: &[Rc<Task>],
) -> Html {
    let members = || tasks.iter().enumerate().filter(|(_, task)| task.state == state);
    match row.style {
        ChipStyle::Named | ChipStyle::Numbered if column == Column::Running => {
            members().map(|(index, task)| away(row.place(column, index), task)).collect()
        }
        ChipStyle::Named | ChipStyle::Numbered => html! {},
        ChipStyle::Dot => {
            let dot = |(index, _): (usize, &Rc<Task>)| {
                let hue = match kind {
                    TaskKind::Map => "p-neutral",
                    TaskKind::Reduce => props.hues.class(index),
                };
                block(classes!("task-dot", hue), row.place(column, index))
            };
            members().map(dot).collect()
        }
        ChipStyle::Counted => counted(row.place(column, 0), members().count(), tasks.len()),
    }
}

/// The place of a task that is on a node, or on two while it has a backup: which task, and where, since its chip is
/// there.
fn away(place: Rect, task: &Task) -> Html {
    let living = task.attempts.iter().filter(|attempt| attempt.is_living());
    let mut nodes: Vec<NodeId> = living.map(|attempt| attempt.node).collect();
    if nodes.is_empty() {
        nodes.extend(current(task).map(|attempt| attempt.node));
    }
    let wordings = wording::away(task.id.index, &nodes);
    let wordings: Vec<&str> = wordings.iter().map(String::as_str).collect();
    html! { <>
        { rounded("chip is-away", place, 4.0) }
        { text_in("small faint", place.inset(3.0), fit(&wordings, place.width - 4.0, TEXT).to_owned()) }
    </> }
}

fn counted(inside: Rect, members: usize, all: usize) -> Html {
    let number = grouped(members as u64);
    let width = text_width(&grouped(all as u64), TEXT) + 4.0;
    let (label, rest) = inside.cut_left(width, 4.0);
    let bar = Rect { y: rest.centre().y - 4.0, height: 8.0, width: rest.width - 4.0, ..rest };
    html! { <>
        { text_in("strong", label, number) }
        { rounded("bar", bar, 2.0) }
        { filled("bar-fill", bar, fraction(members as u64, all as u64)) }
    </> }
}
