//! The inspector as a panel.

use super::arrives::{Arrives, can_move};
use super::beliefs::Beliefs;
use super::content::Content;
use super::history_list::HistoryList;
use super::truth_table::TruthTable;
use super::why_card::WhyCard;
use crate::base::{AttemptId, Fault, Millis};
use crate::lab::messages::Query;
use crate::trace::snapshot::{Attempt, StreamState};
use crate::trace::stream::Subtask;
use crate::trace::{Seq, Snapshot};
use crate::ui::inspector::facts::{Fact, facts, title};
use crate::ui::inspector::questions::{Question, questions};
use crate::ui::inspector::related::related;
use crate::ui::inspector::truth::rows;
use crate::ui::model::answers::Answers;
use crate::ui::selection::Selection;
use crate::ui::shared_timeline::SharedTimeline;
use crate::ui::shell::{Term, with_terms};
use crate::ui::stage::derive;
use crate::ui::steady::use_steady;
use crate::ui::stream::waiting::waiting;
use crate::ui::stream::{Thing, wording};
use crate::ui::zoom::{Zoom, attempt_of};
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
    /// Hears which record of a stream is to arrive when.
    pub on_move: Callback<(u32, Millis)>,
    /// What it said.
    pub answers: Rc<Answers>,
    /// Whether the selected task is stepped through.
    #[prop_or_default]
    pub zooms: bool,
    /// The step that this begins with, from 0.
    #[prop_or_default]
    pub zoom_step: u64,
    /// Hears which step is looked at.
    pub on_zoom_step: Callback<u64>,
    /// Steps through the selected task, or leaves its steps.
    pub on_zoom: Callback<()>,
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
    let on_move = use_steady(&props.on_move);
    let on_zoom = use_steady(&props.on_zoom);
    let props = &InspectorProps {
        on_select,
        on_jump,
        on_query,
        on_strike,
        on_move,
        on_zoom,
        ..props.clone()
    };
    let name = props
        .selection
        .map_or_else(|| "Inspector".to_owned(), |selection| title(selection, &props.snapshot));
    let task = props.selection.and_then(|selection| attempt_of(&props.snapshot, selection));
    let zoomed = task.filter(|_| props.zooms);
    let way_in = use_node_ref();
    {
        // Who leaves the steps by a key stands again where they were entered.
        let (way_in, was_in) = (way_in.clone(), use_mut_ref(|| false));
        use_effect_with(zoomed.is_some(), move |is_in| {
            if was_in.replace(*is_in)
                && !*is_in
                && let Some(button) = way_in.cast::<web_sys::HtmlElement>()
            {
                let _ = button.focus();
            }
        });
    }
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
        <aside class={classes!("panel", "inspector", zoomed.map(|_| "zooms"))} aria-label="Inspector" data-testid="inspector">
            <header class="panel-head"><h2>{ name }</h2>{ for close }</header>
            { match (zoomed, props.selection) {
                (Some(attempt), _) => zoom(props, attempt),
                (None, Some(selection)) => body(props, selection, &task.map(|_| way_in)),
                (None, None) => nothing(props),
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
    if let Some(job) = &props.snapshot.stream {
        return nothing_of_a_stream(props, job);
    }
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

/// The same of a stream job.
fn nothing_of_a_stream(props: &InspectorProps, job: &StreamState) -> Html {
    let way = |name: String, thing: Thing| {
        let onclick = props.on_select.reform(move |_: MouseEvent| Selection::Stream(thing));
        html! { <li><button type="button" class="way" {onclick}>{ name }</button></li> }
    };
    let partition = job.partitions.first().map(|partition| partition.id);
    let windows = job.plan.operators.iter().find(|plan| plan.window.is_some());
    let windows = windows.map(|plan| Subtask::first(plan.id));
    html! {
        <div class="inspector-body">
            <p class="inspector-note">
                { "Click anything on the stage or in the plot: a record, a partition, a window, a pane, an operator. Here stands what it is, in numbers, and why." }
            </p>
            <ul class="ways">
                { for partition.map(|id| way("the first partition".to_owned(), Thing::Partition(id))) }
                { for windows.map(|id| way(wording::subtask(job, id), Thing::Subtask(id))) }
            </ul>
        </div>
    }
}

/// The attempt, step by step.
fn zoom(props: &InspectorProps, attempt: AttemptId) -> Html {
    html! {
        <Zoom key={attempt.to_string()} {attempt} snapshot={Rc::clone(&props.snapshot)} timeline={props.timeline.clone()}
            answers={Rc::clone(&props.answers)} on_query={props.on_query.clone()} on_out={props.on_zoom.clone()}
            start={props.zoom_step} on_step={props.on_zoom_step.clone()} />
    }
}

/// The way to a task's steps.
fn zoom_button(props: &InspectorProps, node: &NodeRef) -> Html {
    let onclick = props.on_zoom.reform(|_: MouseEvent| ());
    html! {
        <p>
            <button type="button" class="button zoom-in" ref={node} {onclick} title="Step through this task (z)" data-testid="zoom-in">
                { "Step through this task" }
            </button>
        </p>
    }
}

fn body(props: &InspectorProps, selection: Selection, way_in: &Option<NodeRef>) -> Html {
    let snapshot = &props.snapshot;
    let attempt = match selection {
        Selection::Attempt(id) => derive::attempt(snapshot, id),
        Selection::Task(id) => derive::task(snapshot, id).and_then(|task| derive::current(task)),
        Selection::Node(_)
        | Selection::Rack(_)
        | Selection::Block(_)
        | Selection::Cell { .. }
        | Selection::Output(_)
        | Selection::Coordinator
        | Selection::Event(_)
        | Selection::Stream(_) => None,
    };
    html! {
        <div class="inspector-body">
            { facts_list(&facts(snapshot, selection)) }
            { arrives(props, selection).unwrap_or_default() }
            { for way_in.iter().map(|node| zoom_button(props, node)) }
            { ways(props, selection) }
            { truths(props, selection) }
            { beliefs(props, selection) }
            { waits(props, selection) }
            { why(props, selection) }
            <Content key={format!("{selection:?}")} snapshot={Rc::clone(snapshot)} {selection}
                answers={Rc::clone(&props.answers)} on_query={props.on_query.clone()} on_strike={props.on_strike.clone()} />
            { for attempt.map(|attempt| history(props, attempt)) }
        </div>
    }
}

/// When a record of a stream arrives.
fn arrives(props: &InspectorProps, selection: Selection) -> Option<Html> {
    let Selection::Stream(Thing::Record(id)) = selection else { return None };
    let state = props.snapshot.stream.as_deref()?;
    let record = state.record(id).filter(|record| can_move(state, record))?;
    let on_move = props.on_move.reform(move |arrival| (id.0, arrival));
    let arrived = state.clock(record.appended.0);
    // Another record, or another arrival, is another field: what was written in it is done with.
    Some(html! {
        <Arrives key={format!("{}-{arrived}", id.0)} {arrived} happened={record.event_time} {on_move} />
    })
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
        | Selection::Rack(_)
        | Selection::Attempt(_)
        | Selection::Block(_)
        | Selection::Cell { .. }
        | Selection::Output(_)
        | Selection::Coordinator
        | Selection::Event(_)
        | Selection::Stream(_) => selection,
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
        Selection::Rack(rack) => {
            let nodes = props.snapshot.nodes.iter();
            nodes.filter(|node| node.rack == rack).cloned().collect()
        }
        Selection::Block(_)
        | Selection::Task(_)
        | Selection::Attempt(_)
        | Selection::Cell { .. }
        | Selection::Output(_)
        | Selection::Event(_)
        | Selection::Stream(_) => return html! {},
    };
    html! { <Beliefs {nodes} now={props.snapshot.at} on_select={props.on_select.clone()} /> }
}

/// Why something of a stream job waits, and what would end that.
fn waits(props: &InspectorProps, selection: Selection) -> Html {
    let Selection::Stream(thing) = selection else { return html! {} };
    let snapshot = &props.snapshot;
    let sentences =
        props.timeline.read(snapshot.applied, |events| waiting(snapshot, events, thing));
    if sentences.is_empty() {
        return html! {};
    }
    html! {
        <section class="waits" aria-label="What it waits for" data-testid="waits">
            <h3>{ "What it waits for" }</h3>
            { for sentences.iter().map(|said| html! { <p class="rule">{ with_terms(said) }</p> }) }
        </section>
    }
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
            | Selection::Rack(_)
            | Selection::Block(_)
            | Selection::Task(_)
            | Selection::Attempt(_)
            | Selection::Coordinator
            | Selection::Stream(_) => html! {},
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
