//! The ledger as a table: a window a row, each element of it accounted for once; and truth beside
//! what was said.

use super::dials::Dials;
use crate::base::format::Count;
use crate::trace::snapshot::StreamState;
use crate::trace::stream::{Fate, LedgerCounts};
use crate::ui::same::Same;
use crate::ui::selection::Selection;
use crate::ui::shared_timeline::SharedTimeline;
use crate::ui::stream::history::History;
use crate::ui::stream::ledger::{Row, rows};
use crate::ui::stream::verdict::Verdict;
use crate::ui::stream::{Thing, WindowName, wording};
use std::rc::Rc;
use yew::prelude::*;

/// What the table is given.
#[derive(Clone, PartialEq, Properties)]
pub struct LedgerTableProps {
    /// The job, once it has begun.
    pub state: Option<Rc<StreamState>>,
    /// The run's events.
    pub timeline: SharedTimeline,
    /// Events before the playhead.
    pub applied: u32,
    /// What is selected.
    pub selection: Option<Selection>,
    /// Hears what is pressed.
    pub on_select: Callback<Selection>,
}

/// The fates, in the order of the columns.
const FATES: [(Fate, &str); 6] = [
    (Fate::Pending, "Pending"),
    (Fate::Early, "Early"),
    (Fate::OnTime, "On time"),
    (Fate::Late, "Late"),
    (Fate::Dropped, "Dropped"),
    (Fate::Unseen, "Unseen"),
];

/// The most rows.
const ROWS_MOST: usize = 300;

/// The ledger.
#[component]
pub fn LedgerTable(props: &LedgerTableProps) -> Html {
    let history = Same::from(use_memo(props.timeline.clone(), |timeline| {
        timeline.read(timeline.len(), History::of)
    }));
    let Some(state) = &props.state else {
        return html! { <p class="empty-note">{ "The job has not begun yet." }</p> };
    };
    let rows = rows(state, &history, props.applied);
    let all = rows.len();
    let several = rows.windows(2).any(|pair| pair[0].key != pair[1].key);
    html! {
        <div class="ledger" data-testid="ledger">
            <Dials timeline={props.timeline.clone()} applied={props.applied} ledger={state.ledger} />
            <p class="small" role="status">
                { "Each element stands once in each of its windows. Truth is what a batch over what has come so far would say." }
                if all > ROWS_MOST { { format!(" The first {ROWS_MOST} of {all} windows are shown.") } }
                { at_the_end(state) }
            </p>
            <table class="records">
                <thead><tr>
                    <th scope="col">{ "Window" }</th>
                    if several { <th scope="col">{ "Key" }</th> }
                    { for FATES.map(|(_, name)| html! { <th scope="col" class="number">{ name }</th> }) }
                    <th scope="col" class="number">{ "Truth" }</th>
                    <th scope="col" class="number">{ "Output" }</th>
                    <th scope="col">{ "Same" }</th>
                </tr></thead>
                <tbody>
                    { for rows.iter().take(ROWS_MOST).map(|row| row_view(props, several, row)) }
                </tbody>
                <tfoot><tr>
                    <th scope="row">{ "All" }</th>
                    if several { <td /> }
                    { for FATES.map(|(fate, _)| html! { <td class="number">{ count(&state.ledger, fate) }</td> }) }
                    <td class="number" colspan="3">{ format!("{} in all", Count(state.ledger.sum())) }</td>
                </tr></tfoot>
            </table>
        </div>
    }
}

fn count(counts: &LedgerCounts, fate: Fate) -> String {
    match counts.of(fate) {
        0 => "·".to_owned(),
        number => Count(number).to_string(),
    }
}

fn row_view(props: &LedgerTableProps, several: bool, row: &Row) -> Html {
    let thing = Thing::Window(WindowName::new(row.subtask, &row.key, row.window));
    let is_selected = props.selection == Some(Selection::Stream(thing));
    let onclick = props.on_select.reform(move |_: MouseEvent| Selection::Stream(thing));
    let (same, class) = match row.is_true() {
        Some(true) => ("yes", "is-same"),
        Some(false) => ("no", "is-other"),
        None => ("", ""),
    };
    let told = |text: &Option<String>| text.clone().unwrap_or_else(|| "–".to_owned());
    html! {
        <tr class={classes!(is_selected.then_some("is-selected"), class)}>
            <td><button type="button" class="way" {onclick} aria-pressed={is_selected.to_string()}>
                { wording::window(row.window) }
            </button></td>
            if several { <td class="key">{ row.key.to_string() }</td> }
            { for FATES.map(|(fate, _)| html! {
                <td class={classes!("number", (fate == Fate::Dropped && row.counts.dropped > 0).then_some("bad"))}>{ count(&row.counts, fate) }</td>
            }) }
            <td class="number">{ told(&row.truth) }</td>
            <td class="number strong">{ told(&row.output) }</td>
            <td>{ same }</td>
        </tr>
    }
}

/// The engine's own comparison with batch, once the run is over.
fn at_the_end(state: &StreamState) -> String {
    match state.finished {
        Some(_) => format!(" {}", Verdict::of(state).sentence()),
        None => String::new(),
    }
}
