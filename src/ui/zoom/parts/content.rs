//! What was in a step.

use super::tables::{Paging, combined, pairs, records, runs, segments};
use crate::base::format::{Bytes, Count, Counted};
use crate::lab::messages::zoom::{Did, LineView, PieceView, ZoomStep};
use crate::trace::event::{Counters, Volume};
use std::rc::Rc;
use yew::prelude::*;

/// What the content is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct Props {
    /// The step.
    pub(super) step: Rc<ZoomStep>,
    /// The first row of its table.
    pub(super) rows_from: u64,
    /// Partitions of the job.
    pub(super) reducers: usize,
    /// Goes to another page of its table.
    pub(super) on_page: Callback<u64>,
}

/// What was in a step.
#[component]
pub(super) fn StepContent(props: &Props) -> Html {
    let paging = Paging { reducers: props.reducers, on_page: props.on_page.clone() };
    match &props.step.did {
        Did::BeginMap { pieces, .. } => piece_list(pieces),
        Did::Skip { text, .. } => text_of("Skipped", text),
        Did::Line(line) => of_line(line, props.reducers),
        Did::Kept { pairs: kept, all_pairs, .. } => pairs(kept, *all_pairs, props.reducers),
        Did::BeginSpill { rows, .. } => records("In the buffer, as they came", rows, &paging),
        Did::Sort { rows, .. } => records("Sorted", rows, &paging),
        Did::Combine { groups, all_groups, .. } => {
            combined(groups, *all_groups, props.rows_from, &paging)
        }
        Did::WriteSpill { segments: written, rows, .. } => html! { <>
            { segments(written, props.reducers) }
            { records("Written", rows, &paging) }
        </> },
        Did::EndSpill { before, after, .. } => sizes(*before, *after),
        Did::MergePass { before, after, rows, .. } => html! { <>
            { sizes(*before, *after) }
            { records("Merged", rows, &paging) }
        </> },
        Did::EndMap { segments: written, counters, .. } => html! { <>
            { segments(written, props.reducers) }
            { count(*counters) }
        </> },
        Did::EndMapOnly { counters, .. } | Did::EndReduce { counters, .. } => count(*counters),
        Did::Fetch { rows, .. } => records("In the segment", rows, &paging),
        Did::ReduceMerge { inputs, before, after, rows, .. } => html! { <>
            { runs(inputs) }
            { sizes(*before, *after) }
            { records("Merged", rows, &paging) }
        </> },
        Did::Feed { runs: read, .. } => runs(read),
        Did::Group { rows, written, .. } => html! { <>
            { text_of("Written", written) }
            { records("Values", rows, &paging) }
        </> },
        Did::Finish { written } => text_of("Written", written),
        Did::Read { .. }
        | Did::Decode { .. }
        | Did::EndOfPiece { .. }
        | Did::Wait { .. }
        | Did::BeginMerge { .. }
        | Did::Throw { .. }
        | Did::SoFar
        | Did::BeginReduce { .. } => html! {},
    }
}

fn of_line(line: &LineView, reducers: usize) -> Html {
    html! { <>
        <p class="line-text"><span class="offset">{ Count(line.start).to_string() }</span><code>{ &line.text }</code></p>
        { pairs(&line.pairs, line.all_pairs, reducers) }
    </> }
}

fn text_of(title: &str, text: &str) -> Html {
    if text.is_empty() {
        return html! { <p class="small">{ format!("{title}: nothing.") }</p> };
    }
    html! { <div class="zoom-table"><h3>{ title }</h3><pre class="block-text">{ text }</pre></div> }
}

fn sizes(before: Volume, after: Volume) -> Html {
    let size =
        |volume: Volume| format!("{}, {}", Counted(volume.records, "record"), Bytes(volume.bytes));
    html! {
        <dl class="facts">
            <div><dt>{ "In" }</dt><dd>{ size(before) }</dd></div>
            <div><dt>{ "Out" }</dt><dd>{ size(after) }</dd></div>
        </dl>
    }
}

fn count(counters: Counters) -> Html {
    let all = [
        ("MAP_INPUT_RECORDS", counters.map_input_records),
        ("MAP_OUTPUT_RECORDS", counters.map_output_records),
        ("MAP_OUTPUT_BYTES", counters.map_output_bytes),
        ("COMBINE_INPUT_RECORDS", counters.combine_input_records),
        ("COMBINE_OUTPUT_RECORDS", counters.combine_output_records),
        ("SPILLED_RECORDS", counters.spilled_records),
        ("SHUFFLED_MAPS", counters.shuffled_maps),
        ("REDUCE_SHUFFLE_BYTES", counters.reduce_shuffle_bytes),
        ("MERGED_MAP_OUTPUTS", counters.merged_map_outputs),
        ("REDUCE_INPUT_GROUPS", counters.reduce_input_groups),
        ("REDUCE_INPUT_RECORDS", counters.reduce_input_records),
        ("REDUCE_OUTPUT_RECORDS", counters.reduce_output_records),
    ];
    let row = |(name, value): (&str, u64)| {
        html! { <tr><td><code>{ name }</code></td><td class="number">{ Count(value).to_string() }</td></tr> }
    };
    html! {
        <div class="zoom-table">
            <h3>{ "Its counters" }</h3>
            <table class="pairs plain">
                <thead><tr><th scope="col">{ "Counter" }</th><th scope="col" class="number">{ "Value" }</th></tr></thead>
                <tbody>{ for all.into_iter().filter(|(_, value)| *value > 0).map(row) }</tbody>
            </table>
        </div>
    }
}

fn piece_list(pieces: &[PieceView]) -> Html {
    if pieces.len() < 2 {
        return html! {};
    }
    let one = |piece: &PieceView| {
        html! {
            <tr>
                <td class="key">{ &piece.name }</td>
                <td class="number">{ Count(piece.offset).to_string() }</td>
                <td class="number">{ Count(piece.end).to_string() }</td>
            </tr>
        }
    };
    html! {
        <table class="pairs plain">
            <thead><tr>
                <th scope="col">{ "File" }</th><th scope="col" class="number">{ "From byte" }</th>
                <th scope="col" class="number">{ "To" }</th>
            </tr></thead>
            <tbody>{ for pieces.iter().map(one) }</tbody>
        </table>
    }
}
