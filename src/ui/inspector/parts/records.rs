//! Keys and values, as they lie in a segment or in a part of the output.

use super::words::part_style;
use crate::base::format::Counted;
use crate::lab::messages::KeyValue;
use std::rc::Rc;
use yew::prelude::*;

/// What the records are given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct RecordsProps {
    /// The records of this page.
    pub(super) records: Rc<[KeyValue]>,
    /// How many there are in all.
    pub(super) total: u64,
    /// Partitions of the job.
    pub(super) reducers: usize,
}

/// Keys and values.
#[component]
pub(super) fn Records(props: &RecordsProps) -> Html {
    let row = |record: &KeyValue| {
        html! {
            <tr style={part_style(record.partition.0, props.reducers)}>
                <td class="key">{ &record.key }</td>
                <td class="number">{ &record.value }</td>
            </tr>
        }
    };
    html! { <>
        <h3>{ Counted(props.total, "record").to_string() }</h3>
        <table class="pairs">
            <thead><tr><th scope="col">{ "Key" }</th><th scope="col" class="number">{ "Value" }</th></tr></thead>
            <tbody>{ for props.records.iter().map(row) }</tbody>
        </table>
    </> }
}
