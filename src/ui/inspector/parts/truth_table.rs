//! Truth and belief side by side.

use crate::ui::inspector::truth::Row;
use crate::ui::shell::Term;
use yew::prelude::*;

/// What the table is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct TruthTableProps {
    /// Its rows.
    pub(super) rows: Vec<Row>,
}

/// What is so, and what the coordinator believes.
#[component]
pub(super) fn TruthTable(props: &TruthTableProps) -> Html {
    let row = |row: &Row| {
        html! {
            <tr class={row.differs.then_some("differs")}>
                <th scope="row">{ row.what }</th>
                <td>{ &row.is }</td>
                <td class="believed">
                    { &row.believed }
                    if row.differs { <span class="unseen">{ " (differs)" }</span> }
                </td>
            </tr>
        }
    };
    html! {
        <table class="beliefs">
            <caption class="unseen">{ "What is so, and what the coordinator believes" }</caption>
            <thead>
                <tr>
                    <td></td>
                    <th scope="col">{ "is so" }</th>
                    <th scope="col"><Term word="belief">{ "is believed" }</Term></th>
                </tr>
            </thead>
            <tbody>{ for props.rows.iter().map(row) }</tbody>
        </table>
    }
}
