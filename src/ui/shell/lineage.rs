//! Where an output record came from: each line of the input that has a part in it, the attempts
//! that read the line, the spill, and the fetch; discarded attempts included.

use crate::base::format::{Count, Counted};
use crate::base::{AttemptId, PartitionId};
use crate::lab::messages::{KeyValue, Query, Reply, RunId, SourceLine};
use crate::trace::Snapshot;
use crate::ui::model::action::{Action, Look};
use crate::ui::model::answers::{Answer, Answers};
use crate::ui::model::follow::Followed;
use crate::ui::model::journey::{Emitter, emitters, fetched_from, writer};
use crate::ui::selection::Selection;
use std::rc::Rc;
use yew::prelude::*;

/// What the lineage needs.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct Props {
    /// The record.
    pub(super) record: KeyValue,
    /// The run.
    pub(super) run: RunId,
    /// The state at the playhead.
    pub(super) snapshot: Rc<Snapshot>,
    /// What was asked of the run's data.
    pub(super) answers: Rc<Answers>,
    /// What the reader does.
    pub(super) send: Callback<Action>,
    /// Closes it.
    pub(super) on_close: Callback<()>,
}

/// Where an output record came from.
#[component]
pub(super) fn Lineage(props: &Props) -> Html {
    let from_map = use_state(|| 0_u32);
    let KeyValue { key, value, partition } = &props.record;
    let query = Query::Lineage { part: *partition, line: props.record.line(), from_map: *from_map };
    {
        let (send, is_asked) = (props.send.clone(), props.answers.get(&query).is_some());
        use_effect_with(query.clone(), move |query| {
            if !is_asked {
                send.emit(Action::Look(Look::Ask(query.clone())));
            }
        });
    }
    let close = props.on_close.reform(|_: MouseEvent| ());
    html! {
        <section class="lineage" aria-label={format!("Where {key} came from")} data-testid="lineage">
            <div class="row">
                <h3>{ format!("{key} {value}") }</h3>
                <button type="button" class="button quiet" onclick={close}>{ "Back to the list" }</button>
            </div>
            { written(props, *partition) }
            { match props.answers.get(&query) {
                Some(Answer::Here(Reply::Lineage { found, maps, lines, next_map })) => html! { <>
                    { follow(props, maps, lines) }
                    { sources(props, (*found, lines, *next_map), &from_map) }
                </> },
                Some(Answer::Failed(error)) => html! {
                    <p class="problem" role="alert">{ &error.message }</p>
                },
                Some(Answer::Waiting(_) | Answer::Here(_)) | None => html! {
                    <p class="empty-note" role="status">{ "Reading the lines…" }</p>
                },
            } }
        </section>
    }
}

/// The way to keep its way in view.
fn follow(props: &Props, maps: &[u32], lines: &[SourceLine]) -> Html {
    let followed = Rc::new(Followed::new(props.run, &props.record, (maps, lines), &props.snapshot));
    let onclick = props
        .send
        .reform(move |_: MouseEvent| Action::Look(Look::Follow(Some(Rc::clone(&followed)))));
    html! { <button type="button" class="button" {onclick}>{ "Follow it on the stage" }</button> }
}

/// Who wrote it.
fn written(props: &Props, part: PartitionId) -> Html {
    let Some((attempt, node)) = writer(&props.snapshot, part) else { return html! {} };
    html! {
        <p class="small">
            { "Written by " }{ link(props, attempt) }{ format!(" on {node}, which merged what it fetched and reduced all values of this key in one call.") }
        </p>
    }
}

fn sources(
    props: &Props,
    (found, lines, next_map): (u64, &[SourceLine], Option<u32>),
    from_map: &UseStateHandle<u32>,
) -> Html {
    let go_on = next_map.map(|next| {
        let from_map = from_map.clone();
        Callback::from(move |_: MouseEvent| from_map.set(next))
    });
    let hidden = found.saturating_sub(lines.len() as u64);
    html! { <>
        <p class="small" role="status">
            { format!("From {}", Counted(found, "line")) }
            if hidden > 0 { { format!(", of which the first {} are shown", lines.len()) } }
            if let Some(next) = next_map { { format!(", in the splits of maps {} to {}", **from_map, next - 1) } }
            { "." }
        </p>
        <ol class="source-lines">{ for lines.iter().map(|line| source(props, line)) }</ol>
        if let Some(go_on) = go_on {
            <button type="button" class="button" onclick={go_on}>{ "Search the next splits" }</button>
        }
    </> }
}

fn source(props: &Props, line: &SourceLine) -> Html {
    let first = line.pairs.first().map_or(0, |(place, _)| *place);
    let values: Vec<&str> = line.pairs.iter().map(|(_, value)| value.as_str()).collect();
    let from = fetched_from(&props.snapshot, line.map, props.record.partition);
    let file = props.snapshot.files.get(line.file.0 as usize).map(|file| file.name.clone());
    html! {
        <li>
            <p class="line-text">
                <span class="offset">{ file.map(|file| format!("{file} ")) }{ format!("byte {}", Count(line.offset)) }</span>
                <code>{ &line.text }</code>
            </p>
            <p class="small">
                { format!("{}: ", Counted(values.len() as u64, "pair")) }
                <code>{ values.join(", ") }</code>
                { for emitters(&props.snapshot, line.map, first).iter().map(|emitter| passed(props, emitter)) }
                if let Some(node) = from { { format!(" · fetched from {node}") } }
            </p>
        </li>
    }
}

/// An attempt that read the line.
fn passed(props: &Props, emitter: &Emitter) -> Html {
    let place = match (emitter.counts, emitter.spill) {
        (true, Some(spill)) => format!(" on {}, spill {spill}", emitter.node),
        (true, None) => format!(" on {}", emitter.node),
        (false, _) => format!(" on {}, {}: it does not count", emitter.node, emitter.fate),
    };
    html! { <>{ " · " }{ link(props, emitter.attempt) }{ place }</> }
}

/// An attempt's name, which selects it.
fn link(props: &Props, attempt: AttemptId) -> Html {
    let select = props
        .send
        .reform(move |_: MouseEvent| Action::Look(Look::Select(Selection::Attempt(attempt))));
    html! { <button type="button" class="link" onclick={select}>{ attempt.to_string() }</button> }
}
