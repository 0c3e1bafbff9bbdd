//! The records in what is selected, as far as they are there at the playhead. They are not in the
//! trace: the conductor is asked for them, a page at a time.

use super::block_text::BlockText;
use super::mapped_lines::MappedLines;
use super::records::Records;
use crate::base::{Fault, TaskId, TaskKind};
use crate::lab::messages::{Query, Reply};
use crate::trace::Snapshot;
use crate::trace::event::Phase;
use crate::trace::snapshot::{CellState, ShuffleRow};
use crate::ui::model::answers::{Answer, Answers};
use crate::ui::selection::Selection;
use crate::ui::stage::derive;
use std::rc::Rc;
use yew::prelude::*;

/// Lines or records of a page.
const PAGE: u32 = 40;

/// What the content is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct ContentProps {
    /// The moment.
    pub(super) snapshot: Rc<Snapshot>,
    /// What is selected.
    pub(super) selection: Selection,
    /// What the conductor said.
    pub(super) answers: Rc<Answers>,
    /// Asks the conductor.
    pub(super) on_query: Callback<Query>,
    /// Hears what is to be done to the cluster.
    pub(super) on_strike: Callback<Fault>,
}

/// The records in what is selected.
#[component]
pub(super) fn Content(props: &ContentProps) -> Html {
    let page = use_state(|| 0_u64);
    let query = query(&props.snapshot, props.selection, *page * u64::from(PAGE));
    {
        let (on_query, answers) = (props.on_query.clone(), Rc::clone(&props.answers));
        use_effect_with(query.clone(), move |query| {
            if let Some(query) = query.as_ref().filter(|query| answers.get(query).is_none()) {
                on_query.emit(query.clone());
            }
        });
    }
    let Some(query) = query else { return html! {} };
    let shown = match props.answers.get(&query) {
        Some(Answer::Here(reply)) => reply_view(props, reply, &page),
        Some(Answer::Failed(error)) => {
            let again = props.on_query.reform(move |_: MouseEvent| query.clone());
            html! {
                <p class="problem" role="alert">
                    { &error.message }{ " " }
                    <button type="button" class="button" onclick={again}>{ "Try again" }</button>
                </p>
            }
        }
        Some(Answer::Waiting(_)) | None => {
            html! { <p class="inspector-note" role="status">{ "Fetching the records…" }</p> }
        }
    };
    html! { <section class="content" aria-label="Content">{ shown }</section> }
}

/// What to ask for; nothing where there is nothing yet.
fn query(snapshot: &Snapshot, selection: Selection, skip: u64) -> Option<Query> {
    let limit = PAGE;
    match selection {
        Selection::Block(block) => Some(Query::Block { block }),
        Selection::Task(id) => map_query(snapshot, id, skip),
        Selection::Attempt(id) => map_query(snapshot, id.task, skip),
        Selection::Cell { map, partition } => {
            let (row, cell) = cell(snapshot, map.0, partition.0)?;
            let is_there = cell != CellState::Missing;
            let (attempt, _) = row.source.filter(|_| is_there)?;
            Some(Query::Segment { attempt, partition, skip, limit })
        }
        Selection::Output(part) => {
            let is_there = snapshot.outputs.iter().any(|output| output.part == part);
            let query = || Query::Output { parts: vec![part], search: String::new(), skip, limit };
            is_there.then(query)
        }
        Selection::Node(_)
        | Selection::Rack(_)
        | Selection::Coordinator
        | Selection::Event(_)
        | Selection::Stream(_) => None,
    }
}

fn cell(snapshot: &Snapshot, map: u32, part: u32) -> Option<(&Rc<ShuffleRow>, CellState)> {
    let row = snapshot.shuffle.get(usize::try_from(map).ok()?)?;
    Some((row, row.cells.get(usize::try_from(part).ok()?)?.state))
}

/// A map's lines are asked for once it has begun to read.
fn map_query(snapshot: &Snapshot, id: TaskId, skip: u64) -> Option<Query> {
    let has_read = read_to(snapshot, id)? > 0;
    let query = || Query::MapRecords { map: id.index, skip, limit: PAGE };
    (id.kind == TaskKind::Map && has_read).then(query)
}

/// How far into the file a map has read: all of its split where its progress is not recorded and
/// it is past reading.
fn read_to(snapshot: &Snapshot, id: TaskId) -> Option<u64> {
    let attempt = derive::current(derive::task(snapshot, id)?)?;
    let is_past = match attempt.phase {
        Phase::Launch | Phase::Map | Phase::Blocked => false,
        Phase::Flush
        | Phase::Merge
        | Phase::Copy
        | Phase::Sort
        | Phase::Reduce
        | Phase::Commit
        | Phase::Done => true,
    };
    Some(if is_past { u64::MAX } else { attempt.progress.position })
}

fn reply_view(props: &ContentProps, reply: &Reply, page: &UseStateHandle<u64>) -> Html {
    let reducers = props.snapshot.reduces.len();
    match reply {
        Reply::Block { offset, text } => {
            html! { <BlockText offset={*offset} text={text.clone()} /> }
        }
        Reply::MapRecords { total, lines } => {
            let task = match props.selection {
                Selection::Task(id) => Some(id),
                Selection::Attempt(id) => Some(id.task),
                Selection::Node(_)
                | Selection::Rack(_)
                | Selection::Block(_)
                | Selection::Cell { .. }
                | Selection::Output(_)
                | Selection::Coordinator
                | Selection::Event(_)
                | Selection::Stream(_) => None,
            };
            let until = task.and_then(|id| read_to(&props.snapshot, id)).unwrap_or(0);
            let map = task.map_or(0, |task| task.index);
            html! { <>
                <MappedLines {map} lines={Rc::from(lines.clone())} total={*total} {until} {reducers}
                    snapshot={Rc::clone(&props.snapshot)} answers={Rc::clone(&props.answers)}
                    on_query={props.on_query.clone()} on_strike={props.on_strike.clone()} />
                { pages(page, *total) }
            </> }
        }
        Reply::Records { total, records } => html! { <>
            <Records records={Rc::from(records.clone())} total={*total} {reducers} />
            { pages(page, *total) }
        </> },
        Reply::Started { .. }
        | Reply::Forked { .. }
        | Reply::Killed
        | Reply::Advancing
        | Reply::Cancelled
        | Reply::TraceOpened { .. }
        | Reply::Lineage { .. }
        | Reply::Became { .. }
        | Reply::Zoom(_)
        | Reply::Came(_)
        | Reply::Answered(_)
        | Reply::Measured { .. } => {
            html! {}
        }
    }
}

/// The way to other pages, where there are more.
fn pages(page: &UseStateHandle<u64>, total: u64) -> Html {
    let last = total.saturating_sub(1) / u64::from(PAGE);
    if last == 0 {
        return html! {};
    }
    let at = **page;
    let go = |to: u64| {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.set(to))
    };
    html! {
        <p class="content-pages">
            <button type="button" class="button" disabled={at == 0} onclick={go(at.saturating_sub(1))}>{ "Before" }</button>
            <span>{ format!("{} of {}", at + 1, last + 1) }</span>
            <button type="button" class="button" disabled={at >= last} onclick={go((at + 1).min(last))}>{ "After" }</button>
        </p>
    }
}
