//! What an attempt has done so far, with links into the run.

use crate::trace::Seq;
use crate::trace::snapshot::{Attempt, Snapshot};
use crate::ui::inspector::history::{Row, fetches, merges, phases, spills};
use std::rc::Rc;
use yew::prelude::*;

/// What the history is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct HistoryListProps {
    /// The attempt.
    pub(super) attempt: Rc<Attempt>,
    /// The moment.
    pub(super) snapshot: Rc<Snapshot>,
    /// Moves the playhead to right after an event.
    pub(super) on_jump: Callback<Seq>,
}

/// The history of an attempt.
#[component]
pub(super) fn HistoryList(props: &HistoryListProps) -> Html {
    let HistoryListProps { attempt, snapshot, .. } = props;
    html! {
        <section class="history" aria-label="What it has done">
            { part(props, "Phases", phases(attempt, snapshot.at)) }
            { part(props, "Spills", spills(attempt)) }
            { part(props, "Merges", merges(attempt)) }
            { part(props, "Fetches", fetches(snapshot, attempt)) }
        </section>
    }
}

fn part(props: &HistoryListProps, name: &'static str, rows: Vec<Row>) -> Html {
    if rows.is_empty() {
        return html! {};
    }
    let row = |row: Row| {
        let what = match row.seq {
            Some(seq) => {
                let onclick = props.on_jump.reform(move |_: MouseEvent| seq);
                html! { <button type="button" class="way" {onclick}>{ row.what }</button> }
            }
            None => html! { <span>{ row.what }</span> },
        };
        html! { <li>{ what }<span class="amount">{ row.amount }</span></li> }
    };
    html! { <>
        <h3>{ name }</h3>
        <ul class="history-rows">{ for rows.into_iter().map(row) }</ul>
    </> }
}
