//! All panes so far as a table, the latest first.

use crate::base::format::{Clock, Count, Counted};
use crate::trace::snapshot::stream::{PaneState, StreamState};
use crate::ui::selection::Selection;
use crate::ui::stream::{Thing, wording};
use std::rc::Rc;
use yew::prelude::*;

/// What the table is given.
#[derive(Clone, PartialEq, Properties)]
pub struct PaneTableProps {
    /// The job, once it has begun.
    pub state: Option<Rc<StreamState>>,
    /// What is selected.
    pub selection: Option<Selection>,
    /// Hears what is pressed.
    pub on_select: Callback<Selection>,
}

/// The most rows.
const ROWS_MOST: usize = 200;

/// The panes.
#[component]
pub fn PaneTable(props: &PaneTableProps) -> Html {
    let Some(state) = props.state.as_ref().filter(|state| !state.panes.is_empty()) else {
        return html! {
            <p class="empty-note">{ "No window has fired yet. Each firing is a pane, and stands here." }</p>
        };
    };
    let all = state.panes.len();
    let several = state.panes.iter().any(|pane| pane.key != state.panes[0].key);
    html! {
        <div class="pane-table" data-testid="panes">
            <p class="small" role="status">
                { Counted(all as u64, "pane") }
                if all > ROWS_MOST { { format!(", the last {ROWS_MOST} shown") } }
            </p>
            <table class="records">
                <thead><tr>
                    <th scope="col">{ "Fired at" }</th>
                    <th scope="col">{ "Window" }</th>
                    if several { <th scope="col">{ "Key" }</th> }
                    <th scope="col">{ "Timing" }</th>
                    <th scope="col" class="number">{ "Says" }</th>
                    <th scope="col">{ "Takes back" }</th>
                    <th scope="col" class="number">{ "Elements" }</th>
                    <th scope="col" class="number">{ "New" }</th>
                </tr></thead>
                <tbody>
                    { for state.panes.iter().enumerate().rev().take(ROWS_MOST)
                        .map(|(place, pane)| row(props, state, several, (place, pane))) }
                </tbody>
            </table>
        </div>
    }
}

fn row(
    props: &PaneTableProps,
    state: &StreamState,
    several: bool,
    (place, pane): (usize, &Rc<PaneState>),
) -> Html {
    let thing = Thing::Pane(u32::try_from(place).unwrap_or(u32::MAX));
    let is_selected = props.selection == Some(Selection::Stream(thing));
    let onclick = props.on_select.reform(move |_: MouseEvent| Selection::Stream(thing));
    let taken: Vec<String> =
        pane.retracts.iter().map(|taken| wording::content(&taken.content)).collect();
    html! {
        <tr key={place} class={classes!(is_selected.then_some("is-selected"))}>
            <td><button type="button" class="way" {onclick} aria-pressed={is_selected.to_string()}>
                { Clock(state.clock(pane.fired.0)).to_string() }
            </button></td>
            <td>{ wording::window(pane.window) }</td>
            if several { <td class="key">{ &pane.key }</td> }
            <td><span class={classes!("timing", timing_class(pane))}>{ wording::timing(pane.timing) }</span></td>
            <td class="number strong">{ wording::content(&pane.content) }</td>
            <td>{ for taken.iter().map(|taken| html! { <><s>{ taken }</s>{ " " }</> }) }</td>
            <td class="number">{ Count(pane.elements).to_string() }</td>
            <td class="number">{ Count(pane.fresh).to_string() }</td>
        </tr>
    }
}

fn timing_class(pane: &PaneState) -> &'static str {
    match pane.timing {
        crate::trace::stream::Timing::Early => "is-early",
        crate::trace::stream::Timing::OnTime => "is-on-time",
        crate::trace::stream::Timing::Late => "is-late",
    }
}
