//! The shuffle matrix: a row a map (or a node), a column a reduce. How large a mark is says how
//! much there is; how it is filled says whether it is ready, on its way or fetched.

use super::draw::{block, centred, rounded, text_in};
use super::matrix_margins::{MatrixMargins, sums};
use super::matrix_row::MatrixRow;
use crate::charts::number::text_width;
use crate::charts::shape::{Point, Rect};
use crate::trace::snapshot::{ShuffleRow, Snapshot};
use crate::ui::same::Same;
use crate::ui::selection::Selection;
use crate::ui::stage::derive::{Hues, NodeWork};
use crate::ui::stage::layout::{LINE, MatrixLayout, StageLayout, TEXT};
use std::rc::Rc;
use yew::prelude::*;

/// What the matrix is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct MatrixProps {
    /// Where it lies.
    pub(super) layout: Same<StageLayout>,
    /// The moment.
    pub(super) snapshot: Rc<Snapshot>,
    /// What lies on which node.
    pub(super) work: Same<Vec<NodeWork>>,
    /// The colours.
    pub(super) hues: Hues,
    /// What is selected.
    pub(super) selection: Option<Selection>,
    /// Hears of a press.
    pub(super) on_select: Callback<Selection>,
}

/// The shuffle matrix.
#[component]
pub(super) fn Matrix(props: &MatrixProps) -> Html {
    let layout = &props.layout.matrix;
    if layout.rows == 0 || layout.columns == 0 {
        return html! {};
    }
    let rows = rows(props);
    let largest = largest(&rows).next_power_of_two();
    let margins = layout.is_by_node.then(|| {
        let (rows, columns) = sums(&rows, layout.columns);
        html! { <MatrixMargins layout={props.layout.clone()} {rows} {columns} /> }
    });
    let row = |(place, (key, sources)): (usize, (String, Vec<Rc<ShuffleRow>>))| {
        html! {
            <MatrixRow {key} layout={props.layout.clone()} {place} {sources} {largest}
                node={props.snapshot.nodes.get(place).map(|node| node.id)}
                hues={props.hues.clone()} selection={in_row(props, place)}
                on_select={props.on_select.clone()} />
        }
    };
    html! {
        <g class="matrix" role="group" aria-label="shuffle matrix">
            { text_in("panel-title", layout.title, title(layout)) }
            { rounded("matrix-frame", layout.grid, 2.0) }
            { for (0..layout.columns).map(|column| heading(layout, column, &props.hues)) }
            { for rows.into_iter().enumerate().map(row) }
            { for margins }
            { for layout.legend.map(|frame| legend(layout, frame)) }
        </g>
    }
}

fn title(layout: &MatrixLayout) -> String {
    let (rows, columns) = (layout.rows, layout.columns);
    let long = if layout.is_by_node {
        format!("Shuffle, {rows} nodes × {columns}")
    } else {
        format!("Shuffle, {rows} × {columns}")
    };
    if text_width(&long, TEXT * 1.1) <= layout.title.width { long } else { "Shuffle".to_owned() }
}

/// The outputs of each row: of one map, or of all maps on a node.
fn rows(props: &MatrixProps) -> Vec<(String, Vec<Rc<ShuffleRow>>)> {
    if props.layout.matrix.is_by_node {
        let nodes = props.snapshot.nodes.iter().zip(props.work.iter());
        nodes.map(|(node, work)| (format!("n{}", node.id.0), work.outputs.clone())).collect()
    } else {
        let rows = props.snapshot.shuffle.iter();
        rows.map(|row| (format!("m{}", row.map.0), vec![Rc::clone(row)])).collect()
    }
}

/// The bytes of the largest cell.
fn largest(rows: &[(String, Vec<Rc<ShuffleRow>>)]) -> u64 {
    let of_row = |sources: &[Rc<ShuffleRow>]| {
        let columns = sources.iter().map(|row| row.cells.len()).max().unwrap_or(0);
        let sum = |column: usize| {
            sources.iter().filter_map(|row| row.cells.get(column)).map(|c| c.volume.bytes).sum()
        };
        (0..columns).map(sum).max().unwrap_or(0)
    };
    rows.iter().map(|(_, sources)| of_row(sources)).max().unwrap_or(0).max(1)
}

/// The selection, for the row that shows it; the others are not drawn again when it changes.
fn in_row(props: &MatrixProps, place: usize) -> Option<Selection> {
    props.selection.filter(|selection| match selection {
        Selection::Cell { map, .. } => usize::try_from(map.0) == Ok(place),
        Selection::Node(node) => node.place() == place,
        Selection::Rack(_)
        | Selection::Block(_)
        | Selection::Task(_)
        | Selection::Attempt(_)
        | Selection::Output(_)
        | Selection::Coordinator
        | Selection::Event(_)
        | Selection::Stream(_) => false,
    })
}

/// The partition at the head of a column, in its colour and pattern.
fn heading(layout: &MatrixLayout, column: usize, hues: &Hues) -> Html {
    if !layout.has_column_headings() {
        return html! {};
    }
    let at = layout.column_heading(column);
    let swatch = Rect::new(at.x + 1.0, at.bottom() - 4.0, at.width - 2.0, 3.0);
    let number = column.to_string();
    html! {
        <g class={hues.class(column)}>
            if text_width(&number, TEXT) <= at.width {
                { centred("small", Rect { height: at.height - 4.0, ..at }, number) }
            }
            { block("part-solid", swatch) }
        </g>
    }
}

/// What the fillings mean, and what the size means.
fn legend(layout: &MatrixLayout, frame: Rect) -> Html {
    let items: &[(&str, &str)] = if layout.is_by_node {
        &[
            ("sum-ready", "ready"),
            ("sum-fetched", "fetched"),
            ("", "width: log of bytes"),
            ("", "bars: sums"),
        ]
    } else {
        &[
            ("mark is-ready", "ready"),
            ("mark is-fetching", "on its way"),
            ("mark is-fetched", "fetched"),
            ("", "size: bytes"),
        ]
    };
    let is_below = frame.y >= layout.grid.bottom();
    let y =
        if is_below { (layout.grid.bottom() + layout.margin + 6.0).min(frame.y) } else { frame.y };
    let top = Rect { y, height: frame.bottom() - y, ..frame };
    let mut place = Point { x: top.x, y: top.y };
    let mut drawn = Vec::new();
    for (class, text) in items {
        let start = if class.is_empty() { 0.0 } else { 14.0 };
        let width = start + text_width(text, TEXT) + 10.0;
        if place.x > top.x && place.x + width > top.right() + 8.0 {
            place = Point { x: top.x, y: place.y + LINE };
        }
        if place.y + LINE > top.bottom() + 1.0 {
            break;
        }
        let words = Rect::new(place.x + start, place.y, width, LINE);
        drawn.push(html! { <>
            if !class.is_empty() {
                { rounded(*class, Rect::new(place.x + 1.0, place.y + 3.5, 9.0, 9.0), 1.5) }
            }
            { text_in("small faint", words, *text) }
        </> });
        place.x += width;
    }
    html! { <g class="legend p-neutral" aria-hidden="true">{ for drawn }</g> }
}
