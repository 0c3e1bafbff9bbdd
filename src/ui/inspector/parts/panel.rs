//! The inspector as a panel.

use super::beliefs::Beliefs;
use super::content::Content;
use super::history_list::HistoryList;
use super::truth_table::TruthTable;
use super::why_card::WhyCard;
use super::words::with_terms;
use crate::base::Fault;
use crate::lab::messages::Query;
use crate::trace::snapshot::Attempt;
use crate::trace::{Seq, Snapshot};
use crate::ui::inspector::facts::{Fact, facts, title};
use crate::ui::inspector::questions::{Question, questions};
use crate::ui::inspector::related::related;
use crate::ui::inspector::truth::rows;
use crate::ui::model::answers::Answers;
use crate::ui::selection::Selection;
use crate::ui::shared_timeline::SharedTimeline;
use crate::ui::shell::Term;
use crate::ui::stage::derive;
use crate::ui::steady::use_steady;
use std::rc::Rc;
use yew::prelude::*;

/// What the inspector is given.
#[derive(Clone, PartialEq, Properties)]
pub struct InspectorProps {
    /// The run at the playhead.
    pub snapshot: Rc<Snapshot>,
    /// The run's events.
    pub timeline: SharedTimeline,
    /// What is selected.
    pub selection: Option<Selection>,
    /// Hears what is pressed.
    pub on_select: Callback<Selection>,
    /// Moves the playhead to right after an event.
    pub on_jump: Callback<Seq>,
    /// Asks the conductor for data of the run.
    pub on_query: Callback<Query>,
    /// Hears what is to be done to the cluster.
    pub on_strike: Callback<Fault>,
    /// What it said.
    pub answers: Rc<Answers>,
    /// Closes the panel, where it can be closed.
    #[prop_or_default]
    pub on_close: Option<Callback<()>>,
}

/// What is selected, with its numbers, its content and its reasons.
#[component]
pub fn Inspector(props: &InspectorProps) -> Html {
    let on_select = use_steady(&props.on_select);
    let on_jump = use_steady(&props.on_jump);
    let on_query = use_steady(&props.on_query);
    let on_strike = use_steady(&props.on_strike);
    let props = &InspectorProps { on_select, on_jump, on_query, on_strike, ..props.clone() };
    let name = props.selection.map_or_else(|| "Inspector".to_owned(), title);
    let close = props.on_close.as_ref().map(|close| {
        let onclick = close.reform(|_: MouseEvent| ());
        html! {
            <button type="button" class="button quiet icon-only" aria-label="Close the inspector" {onclick}>
                <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
                    <path d="M4 4l8 8M12 4l-8 8" stroke="currentColor" stroke-width="1.6" fill="none" />
                </svg>
            </button>
        }
    });
    html! {
        <aside class="panel inspector" aria-label="Inspector" data-testid="inspector">
            <header class="panel-head"><h2>{ name }</h2>{ for close }</header>
            { match props.selection {
                Some(selection) => body(props, selection),
                None => nothing(props),
            } }
        </aside>
    }
}

/// Before anything is selected: what can be.
fn nothing(props: &InspectorProps) -> Html {
    let way = |name: &'static str, selection: Selection| {
        let onclick = props.on_select.reform(move |_: MouseEvent| selection);
        html! { <li><button type="button" class="way" {onclick}>{ name }</button></li> }
    };
    html! {
        <div class="inspector-body">
            <p class="inspector-note">
                { "Click anything on the stage: a node, a block, a task, a segment, a cell, a part of the output. Here stands what is in it, in numbers, and why." }
            </p>
            <ul class="ways">
                { way("the coordinator", Selection::Coordinator) }
                { for props.snapshot.nodes.first().map(|node| way("the first node", Selection::Node(node.id))) }
                { for props.snapshot.maps.first().map(|task| way("the first map", Selection::Task(task.id))) }
            </ul>
        </div>
    }
}

fn body(props: &InspectorProps, selection: Selection) -> Html {
    let snapshot = &props.snapshot;
    let attempt = match selection {
        Selection::Attempt(id) => derive::attempt(snapshot, id),
        Selection::Task(id) => derive::task(snapshot, id).and_then(|task| derive::current(task)),
        Selection::Node(_)
        | Selection::Block(_)
        | Selection::Cell { .. }
        | Selection::Output(_)
        | Selection::Coordinator
        | Selection::Event(_) => None,
    };
    html! {
        <div class="inspector-body">
            { facts_list(&facts(snapshot, selection)) }
            { ways(props, selection) }
            { truths(props, selection) }
            { beliefs(props, selection) }
            { why(props, selection) }
            <Content key={format!("{selection:?}")} snapshot={Rc::clone(snapshot)} {selection}
                answers={Rc::clone(&props.answers)} on_query={props.on_query.clone()} on_strike={props.on_strike.clone()} />
            { for attempt.map(|attempt| history(props, attempt)) }
        </div>
    }
}

fn facts_list(facts: &[Fact]) -> Html {
    if facts.is_empty() {
        return html! {};
    }
    let row = |fact: &Fact| {
        html! {
            <div><dt><Term word={fact.term} /></dt><dd>{ &fact.value }</dd></div>
        }
    };
    html! { <dl class="facts">{ for facts.iter().map(row) }</dl> }
}

fn ways(props: &InspectorProps, selection: Selection) -> Html {
    let ways = related(&props.snapshot, selection);
    if ways.is_empty() {
        return html! {};
    }
    let way = |(name, selects): (String, Selection)| {
        let onclick = props.on_select.reform(move |_: MouseEvent| selects);
        html! { <li><button type="button" class="way" {onclick}>{ name }</button></li> }
    };
    html! { <nav aria-label="Related"><ul class="ways">{ for ways.into_iter().map(way) }</ul></nav> }
}

/// Truth and belief side by side, of a node or an attempt; of a task, of the attempt that stands
/// for it.
fn truths(props: &InspectorProps, selection: Selection) -> Html {
    let attempt = selection.task().and_then(|id| derive::task(&props.snapshot, id));
    let attempt = attempt.and_then(|task| derive::current(task));
    let of = match selection {
        Selection::Task(_) => attempt.map_or(selection, |attempt| Selection::Attempt(attempt.id)),
        Selection::Node(_)
        | Selection::Attempt(_)
        | Selection::Block(_)
        | Selection::Cell { .. }
        | Selection::Output(_)
        | Selection::Coordinator
        | Selection::Event(_) => selection,
    };
    let rows = rows(&props.snapshot, of, props.snapshot.at);
    if rows.is_empty() {
        return html! {};
    }
    html! { <TruthTable {rows} /> }
}

/// Truth and belief side by side: of one node, or of all for the coordinator.
fn beliefs(props: &InspectorProps, selection: Selection) -> Html {
    let nodes: Vec<_> = match selection {
        Selection::Node(id) => props.snapshot.nodes.get(id.place()).cloned().into_iter().collect(),
        Selection::Coordinator => props.snapshot.nodes.clone(),
        Selection::Block(_)
        | Selection::Task(_)
        | Selection::Attempt(_)
        | Selection::Cell { .. }
        | Selection::Output(_)
        | Selection::Event(_) => return html! {},
    };
    html! { <Beliefs {nodes} now={props.snapshot.at} on_select={props.on_select.clone()} /> }
}

fn why(props: &InspectorProps, selection: Selection) -> Html {
    let questions = questions(&props.snapshot, selection);
    let one = |(place, question): (usize, Question)| {
        html! {
            <WhyCard key={format!("{}-{}", question.asks, question.seq.0)} asks={question.asks}
                seq={question.seq} is_open={place == 0} timeline={props.timeline.clone()}
                applied={props.snapshot.applied} on_jump={props.on_jump.clone()} />
        }
    };
    if questions.is_empty() {
        return match selection {
            Selection::Cell { .. } | Selection::Output(_) => html! {
                <p class="inspector-note">{ with_terms("It is not there yet: the attempt that writes it is not done.") }</p>
            },
            Selection::Event(_) => html! {
                <p class="inspector-note">{ "This event lies ahead of the playhead." }</p>
            },
            Selection::Node(_)
            | Selection::Block(_)
            | Selection::Task(_)
            | Selection::Attempt(_)
            | Selection::Coordinator => html! {},
        };
    }
    html! {
        <section class="why" aria-label="Why">
            { for questions.into_iter().enumerate().map(one) }
        </section>
    }
}

fn history(props: &InspectorProps, attempt: &Rc<Attempt>) -> Html {
    html! {
        <HistoryList attempt={Rc::clone(attempt)} snapshot={Rc::clone(&props.snapshot)}
            on_jump={props.on_jump.clone()} />
    }
}
