//! What became of a line: each pair of it, the attempts that emitted it and their spills, the fetch,
//! and the record of the output that it has a part in, as far as that is at the playhead.

use super::words::part_style;
use crate::lab::messages::{BecamePair, KeyValue, Query, Reply};
use crate::trace::Snapshot;
use crate::ui::model::answers::{Answer, Answers};
use crate::ui::model::journey::{Emitter, emitters, fetched_from};
use std::rc::Rc;
use yew::prelude::*;

/// What it is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct BecameProps {
    /// The question, which names the line.
    pub(super) query: Query,
    /// The moment.
    pub(super) snapshot: Rc<Snapshot>,
    /// What the conductor said.
    pub(super) answers: Rc<Answers>,
    /// Asks the conductor.
    pub(super) on_query: Callback<Query>,
}

/// What became of a line.
#[component]
pub(super) fn Became(props: &BecameProps) -> Html {
    {
        // What is not committed yet when first asked is asked for again when more is.
        let (on_query, parts) = (props.on_query.clone(), props.snapshot.outputs.len());
        use_effect_with((props.query.clone(), parts), move |(query, _)| {
            on_query.emit(query.clone());
        });
    }
    match (props.answers.get(&props.query), &props.query) {
        (Some(Answer::Here(Reply::Became { pairs })), Query::Became { map, .. }) => html! {
            <ol class="became" data-testid="became">
                { for pairs.iter().map(|pair| one(pair, *map, props)) }
                if pairs.is_empty() {
                    <li class="inspector-note">{ "It was mapped to nothing." }</li>
                }
            </ol>
        },
        (Some(Answer::Failed(error)), _) => {
            html! { <p class="problem" role="alert">{ &error.message }</p> }
        }
        (Some(Answer::Waiting(_) | Answer::Here(_)) | None, _) => {
            html! { <p class="inspector-note" role="status">{ "Following it…" }</p> }
        }
    }
}

fn one(pair: &BecamePair, map: u32, props: &BecameProps) -> Html {
    let snapshot = &props.snapshot;
    let reducers = snapshot.reduces.len();
    let told: Vec<String> = emitters(snapshot, map, pair.place).iter().map(passed).collect();
    let from = fetched_from(snapshot, map, pair.partition);
    html! {
        <li>
            <span class="pair" style={part_style(pair.partition.0, reducers.max(1))}>
                { format!("{} {}", pair.key, pair.value) }
                <span class="pair-part">{ format!("→ {}", pair.partition.0) }</span>
            </span>
            <span class="small">
                { format!(" {}", told.join("; ")) }
                if let Some(node) = from { { format!("; fetched from {node} by reduce {}", pair.partition.0) } }
                { ". " }
            </span>
            { records(pair, snapshot) }
        </li>
    }
}

fn passed(emitter: &Emitter) -> String {
    let Emitter { attempt, node, .. } = emitter;
    match (emitter.counts, emitter.spill) {
        (true, Some(spill)) => format!("{attempt} on {node}, spill {spill}"),
        (true, None) => format!("{attempt} on {node}"),
        (false, _) => format!("{attempt} on {node}, {}: does not count", emitter.fate),
    }
}

fn records(pair: &BecamePair, snapshot: &Snapshot) -> Html {
    let is_seen = snapshot.outputs.iter().any(|output| output.part == pair.partition);
    let show = |record: &KeyValue| format!("{} {}", record.key, record.value).trim_end().to_owned();
    let words = match (is_seen, pair.records.as_slice()) {
        (false, _) => return html! { <em class="small">{ "Not in the output yet." }</em> },
        (true, []) if pair.is_searched => {
            return html! { <em class="small">{ "It left no record." }</em> };
        }
        (true, []) => {
            return html! { <em class="small">{ "The part is too large to be searched." }</em> };
        }
        (true, records) => records.iter().map(show).collect::<Vec<String>>().join(", "),
    };
    html! { <span class="small">{ "In the output: " }<code>{ words }</code></span> }
}
