//! A row of the shuffle matrix.

use super::draw::{block, length, rounded, text_end};
use super::hit::Hit;
use crate::base::{MapIndex, NodeId, PartitionId, TaskId};
use crate::charts::number::{bytes, count, fraction};
use crate::charts::scale::area_side;
use crate::charts::shape::{Rect, add_rect};
use crate::trace::event::Volume;
use crate::trace::snapshot::{Cell, CellState, ShuffleRow};
use crate::ui::same::Same;
use crate::ui::selection::Selection;
use crate::ui::stage::derive::Hues;
use crate::ui::stage::layout::StageLayout;
use crate::ui::stage::wording::cell_name;
use std::collections::BTreeMap;
use std::rc::Rc;
use yew::prelude::*;

/// What a row is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct MatrixRowProps {
    /// Where the matrix lies.
    pub(super) layout: Same<StageLayout>,
    /// Which row it is.
    pub(super) place: usize,
    /// The outputs that it shows: of one map, or of all maps of a node.
    pub(super) sources: Vec<Rc<ShuffleRow>>,
    /// The bytes that fill a cell.
    pub(super) largest: u64,
    /// The node, where rows are nodes.
    pub(super) node: Option<NodeId>,
    /// The colours.
    pub(super) hues: Hues,
    /// What is selected, if it is in this row.
    pub(super) selection: Option<Selection>,
    /// Hears of a press.
    pub(super) on_select: Callback<Selection>,
}

/// A row of the shuffle matrix.
#[component]
pub(super) fn MatrixRow(props: &MatrixRowProps) -> Html {
    let layout = &props.layout.matrix;
    if layout.is_by_node { by_node(props) } else { by_map(props) }
}

/// Marks by the classes of their colour and state: those of one kind are one element, since rows
/// with dozens of cells change dozens of times a second.
type Marks = BTreeMap<(&'static str, &'static str), String>;

fn by_map(props: &MatrixRowProps) -> Html {
    let layout = &props.layout.matrix;
    let Some(row) = props.sources.first() else { return html! {} };
    if !layout.has_single_cells() {
        return small_cells(props, row);
    }
    let cells = row.cells.iter().enumerate();
    let cell = |(column, cell): (usize, &Cell)| {
        let at = layout.cell(props.place, column);
        let drawn = mark(cell, at, props.largest);
        let class = props.hues.class(column);
        let partition = PartitionId(u32::try_from(column).unwrap_or(u32::MAX));
        let selects = Selection::Cell { map: row.map, partition };
        html! {
            <Hit areas={vec![at]} name={cell_name(row.map.0, column, cell)} {class} {selects}
                is_selected={props.selection == Some(selects)} on_select={props.on_select.clone()}>
                { block("cell-frame", at) }
                { drawn }
            </Hit>
        }
    };
    html! { <>
        { label(props, row.map) }
        { for cells.map(cell) }
    </> }
}

/// Cells that are too small to be pressed: the row is, and leads to its map.
fn small_cells(props: &MatrixRowProps, row: &ShuffleRow) -> Html {
    let layout = &props.layout.matrix;
    let mut marks = Marks::new();
    let (mut ready, mut fetched) = (Volume::default(), Volume::default());
    for (column, cell) in row.cells.iter().enumerate() {
        let class = match cell.state {
            CellState::Missing => continue,
            CellState::Ready => "sum-ready",
            CellState::Fetching => "sum-moving",
            CellState::Fetched => "sum-fetched",
        };
        ready = ready + cell.volume;
        if cell.state == CellState::Fetched {
            fetched = fetched + cell.volume;
        }
        let at = layout.cell(props.place, column);
        let most = at.width.min(at.height) - 0.5;
        let mark = square(at, (most * area_side(cell.volume.bytes, props.largest)).max(1.0));
        add_rect(marks.entry((props.hues.class(column), class)).or_default(), mark);
    }
    let name = format!(
        "map {}: {} ready for the reduces, {} of it fetched",
        row.map.0,
        bytes(ready.bytes),
        bytes(fetched.bytes)
    );
    let whole = Rect { width: layout.grid.width, ..layout.cell(props.place, 0) };
    html! { <>
        { label(props, row.map) }
        <Hit {name} areas={vec![whole]} selects={Selection::Task(TaskId::map(row.map.0))}
            is_stop={whole.height >= 8.0} on_select={props.on_select.clone()}>
            { drawn(marks) }
        </Hit>
    </> }
}

fn drawn(marks: Marks) -> Html {
    let layer = |((hue, class), d): ((&'static str, &'static str), String)| {
        html! { <g class={hue}><path {class} {d} /></g> }
    };
    marks.into_iter().map(layer).collect()
}

fn label(props: &MatrixRowProps, map: MapIndex) -> Html {
    let layout = &props.layout.matrix;
    if map.0.is_multiple_of(layout.label_step()) {
        text_end("small", layout.row_label(props.place), format!("map {}", map.0))
    } else {
        html! {}
    }
}

/// A cell's mark: its area is the volume, its filling is the state.
fn mark(cell: &Cell, at: Rect, largest: u64) -> Html {
    let most = at.width.min(at.height) - 2.0;
    let class = match cell.state {
        CellState::Missing => {
            let centre = at.centre();
            return html! { <circle class="cell-missing" cx={length(centre.x)} cy={length(centre.y)}
            r={length(most.clamp(0.5, 3.0) / 2.0)} /> };
        }
        CellState::Ready => "mark is-ready",
        CellState::Fetching => "mark is-fetching",
        CellState::Fetched => "mark is-fetched",
    };
    let side = (most * area_side(cell.volume.bytes, largest)).max(most.min(4.0));
    rounded(class, square(at, side), (side / 6.0).min(2.0))
}

fn square(at: Rect, side: f64) -> Rect {
    let centre = at.centre();
    Rect::new(centre.x - side / 2.0, centre.y - side / 2.0, side, side)
}

/// A node's maps together: the whole row is pressed. The outline is what is ready, the filling
/// what is fetched; areas grow with the logarithm of the volume, so that small ones are seen.
fn by_node(props: &MatrixRowProps) -> Html {
    let layout = &props.layout.matrix;
    let Some(node) = props.node else { return html! {} };
    let sums: Vec<(Volume, Volume)> = (0..layout.columns).map(|c| sums(props, c)).collect();
    let ready: Volume = sums.iter().map(|(all, _)| *all).sum();
    let fetched: Volume = sums.iter().map(|(_, fetched)| *fetched).sum();
    let name = format!(
        "{node}: {} for the reduces, {} ready, {} of it fetched",
        count(props.sources.len() as u64, "map output"),
        bytes(ready.bytes),
        bytes(fetched.bytes)
    );
    let row = Rect { x: layout.row_label(props.place).x, ..layout.cell(props.place, 0) };
    let row = Rect { width: layout.grid.right() - row.x, ..row };
    let has_label = u32::from(node.0).is_multiple_of(layout.label_step());
    html! {
        <Hit {name} areas={vec![row]} selects={Selection::Node(node)} is_selected={props.selection.is_some()}
            class="matrix-row" on_select={props.on_select.clone()}>
            if has_label {
                { text_end("small", layout.row_label(props.place), format!("n{}", node.0)) }
            }
            { drawn(sum_marks(props, &sums)) }
        </Hit>
    }
}

fn sums(props: &MatrixRowProps, column: usize) -> (Volume, Volume) {
    let cells = props.sources.iter().filter_map(|row| row.cells.get(column));
    let (mut all, mut fetched) = (Volume::default(), Volume::default());
    for cell in cells {
        all = all + cell.volume;
        if cell.state == CellState::Fetched {
            fetched = fetched + cell.volume;
        }
    }
    (all, fetched)
}

fn sum_marks(props: &MatrixRowProps, sums: &[(Volume, Volume)]) -> Marks {
    let mut marks = Marks::new();
    for (column, (all, fetched)) in sums.iter().enumerate().filter(|(_, sum)| sum.0.bytes > 0) {
        let cell = props.layout.matrix.cell(props.place, column);
        let at = if cell.height >= 3.0 { cell.inset(0.5) } else { cell };
        let share = logarithm(all.bytes) / logarithm(props.largest).max(1.0);
        let mark = Rect { width: (at.width * share.min(1.0)).max(1.0), ..at };
        let done = mark.width * fraction(fetched.bytes, all.bytes);
        let hue = props.hues.class(column);
        add_rect(marks.entry((hue, "sum-fetched")).or_default(), Rect { width: done, ..mark });
        let rest = Rect::new(mark.x + done, mark.y, mark.width - done, mark.height);
        add_rect(marks.entry((hue, "sum-ready")).or_default(), rest);
    }
    marks
}

/// The logarithm to base 2, in whole steps: a mark needs no more.
fn logarithm(bytes: u64) -> f64 {
    f64::from(64 - bytes.leading_zeros())
}
