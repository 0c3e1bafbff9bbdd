//! The tables of a step: records, pairs, what a combiner did, segments.

use crate::base::format::{Bytes, Count, Counted};
use crate::lab::messages::zoom::{Combined, PairView, ROWS_MAX, Row, Rows, RunView};
use crate::trace::event::Volume;
use crate::ui::inspector::part_style;
use crate::ui::zoom::wording::run_name;
use yew::prelude::*;

/// How many rows of a table are shown, and the way to the others.
#[derive(Clone, PartialEq)]
pub(super) struct Paging {
    /// Partitions of the job.
    pub(super) reducers: usize,
    /// Goes to the page that begins with this row.
    pub(super) on_page: Callback<u64>,
}

/// A page of records.
pub(super) fn records(title: &str, rows: &Rows, paging: &Paging) -> Html {
    if rows.total > 0 && rows.rows.is_empty() {
        return html! {
            <p class="small">{ format!("{title}: {}, too many to be shown one by one.", Counted(rows.total, "record")) }</p>
        };
    }
    let has_map = rows.rows.iter().any(|row| row.map.is_some());
    let has_partition = rows.rows.iter().any(|row| row.partition.is_some());
    let row = |row: &Row| {
        let style = row.partition.map(|part| part_style(part.0, paging.reducers));
        html! {
            <tr {style}>
                if has_partition { <td class="number">{ row.partition.map(|part| part.0) }</td> }
                <td class="key">{ &row.key }</td>
                <td class="key">{ &row.value }</td>
                if has_map { <td class="number">{ row.map.map(|map| format!("map {map}")) }</td> }
            </tr>
        }
    };
    html! {
        <div class="zoom-table">
            <h3>{ title }</h3>
            <table class={classes!("pairs", (!has_partition).then_some("plain"))}>
                <thead><tr>
                    if has_partition { <th scope="col">{ "Partition" }</th> }
                    <th scope="col">{ "Key" }</th><th scope="col">{ "Value" }</th>
                    if has_map { <th scope="col" class="number">{ "From" }</th> }
                </tr></thead>
                <tbody>{ for rows.rows.iter().map(row) }</tbody>
            </table>
            { pages((rows.from, rows.rows.len() as u64, rows.total), paging) }
        </div>
    }
}

/// The way to the other rows of a table.
fn pages((from, here, total): (u64, u64, u64), paging: &Paging) -> Html {
    if here >= total && from == 0 {
        return html! {};
    }
    let go = |to: u64| paging.on_page.reform(move |_: MouseEvent| to);
    html! {
        <p class="content-pages">
            <button type="button" class="button" disabled={from == 0} onclick={go(from.saturating_sub(ROWS_MAX))}>{ "Before" }</button>
            <span>{ format!("{} to {} of {}", Count(from + 1), Count(from + here), Count(total)) }</span>
            <button type="button" class="button" disabled={from + here >= total} onclick={go(from + ROWS_MAX)}>{ "After" }</button>
        </p>
    }
}

/// The pairs that a line became, each with the rule that chose its partition.
pub(super) fn pairs(pairs: &[PairView], all: u64, reducers: usize) -> Html {
    if pairs.is_empty() {
        return html! {};
    }
    let row = |pair: &PairView| {
        let style = pair.partition.map(|part| part_style(part.0, reducers));
        html! {
            <tr {style}>
                <td class="key">{ &pair.key }</td>
                <td class="key">{ &pair.value }</td>
                if pair.partition.is_some() {
                    <td><code>{ &pair.formula }</code></td>
                    <td class="number">{ pair.bytes }</td>
                }
            </tr>
        }
    };
    let is_shuffled = pairs.iter().any(|pair| pair.partition.is_some());
    let hidden = all.saturating_sub(pairs.len() as u64);
    html! {
        <div class="zoom-table">
            <h3>{ "Pairs emitted" }</h3>
            <table class={classes!("pairs", (!is_shuffled).then_some("plain"))}>
                <thead><tr>
                    <th scope="col">{ "Key" }</th><th scope="col">{ "Value" }</th>
                    if is_shuffled {
                        <th scope="col">{ "Partition" }</th>
                        <th scope="col" class="number" title="Serialized, and 16 bytes of index">{ "Bytes" }</th>
                    }
                </tr></thead>
                <tbody>{ for pairs.iter().map(row) }</tbody>
            </table>
            if hidden > 0 { <p class="small">{ format!("And {} more.", Count(hidden)) }</p> }
        </div>
    }
}

/// What went into the combiner, and what came out.
pub(super) fn combined(groups: &[Combined], all: u64, from: u64, paging: &Paging) -> Html {
    let row = |group: &Combined| {
        let hidden = group.count.saturating_sub(group.values.len() as u64);
        let mut values = group.values.join(", ");
        if hidden > 0 {
            values.push_str(&format!(" and {} more", Count(hidden)));
        }
        html! {
            <tr style={part_style(group.partition.0, paging.reducers)}>
                <td class="number">{ group.partition.0 }</td>
                <td class="key">{ &group.key }</td>
                <td class="key">{ values }</td>
                <td class="key">{ &group.result }</td>
            </tr>
        }
    };
    html! {
        <div class="zoom-table">
            <h3>{ "The combiner, key by key" }</h3>
            <table class="pairs">
                <thead><tr>
                    <th scope="col">{ "Partition" }</th><th scope="col">{ "Key" }</th>
                    <th scope="col">{ "In" }</th><th scope="col">{ "Out" }</th>
                </tr></thead>
                <tbody>{ for groups.iter().map(row) }</tbody>
            </table>
            { pages((from, groups.len() as u64, all), paging) }
        </div>
    }
}

/// Segments by partition, each as long as it is large beside the largest.
pub(super) fn segments(segments: &[Volume], reducers: usize) -> Html {
    let most = segments.iter().map(|volume| volume.bytes).max().unwrap_or(0).max(1);
    let one = |(place, volume): (u32, &Volume)| {
        let share = crate::charts::number::fraction(volume.bytes, most) * 100.0;
        let style = format!("{}; --share: {share:.1}%", part_style(place, reducers));
        html! {
            <li {style}>
                <span class="number">{ place }</span>
                <span class="zoom-segment" aria-hidden="true"><span /></span>
                <span class="number">{ format!("{}, {}", Counted(volume.records, "record"), Bytes(volume.bytes)) }</span>
            </li>
        }
    };
    html! {
        <div class="zoom-table">
            <h3>{ "Segments by partition" }</h3>
            <ol class="zoom-segments">{ for (0..).zip(segments).map(one) }</ol>
        </div>
    }
}

/// What a merge reads.
pub(super) fn runs(runs: &[RunView]) -> Html {
    let row = |run: &RunView| {
        html! {
            <tr>
                <td>{ run_name(run) }</td>
                <td>{ if run.on_disk { "disk" } else { "memory" } }</td>
                <td class="number">{ Count(run.volume.records).to_string() }</td>
                <td class="number">{ Bytes(run.volume.bytes).to_string() }</td>
            </tr>
        }
    };
    html! {
        <div class="zoom-table">
            <h3>{ "Sorted runs that it reads" }</h3>
            <table class="pairs plain">
                <thead><tr>
                    <th scope="col">{ "Run" }</th><th scope="col">{ "Where" }</th>
                    <th scope="col" class="number">{ "Records" }</th><th scope="col" class="number">{ "Size" }</th>
                </tr></thead>
                <tbody>{ for runs.iter().map(row) }</tbody>
            </table>
        </div>
    }
}
