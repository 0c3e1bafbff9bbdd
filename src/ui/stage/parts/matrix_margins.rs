//! The sums of the shuffle matrix as bars: beside each row what a node has for all reduces, under
//! each column what a reduce gets from all nodes.

use super::draw::block;
use crate::charts::number::percent;
use crate::trace::snapshot::ShuffleRow;
use crate::ui::same::Same;
use crate::ui::stage::layout::StageLayout;
use std::rc::Rc;
use yew::prelude::*;

/// What the margins are given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct MatrixMarginsProps {
    /// Where the matrix lies.
    pub(super) layout: Same<StageLayout>,
    /// The sum of each row, in percent of the largest.
    pub(super) rows: Vec<u64>,
    /// The sum of each column, in percent of the largest.
    pub(super) columns: Vec<u64>,
}

/// The sums of the shuffle matrix.
#[component]
pub(super) fn MatrixMargins(props: &MatrixMarginsProps) -> Html {
    let matrix = &props.layout.matrix;
    let share = |percent: &u64| *percent as f64 / 100.0;
    let row = |(place, sum)| block("margin-bar", matrix.row_bar(place, share(sum)));
    let column = |(place, sum)| block("margin-bar", matrix.column_bar(place, share(sum)));
    html! {
        <g aria-hidden="true">
            { for props.rows.iter().enumerate().map(row) }
            { for props.columns.iter().enumerate().map(column) }
        </g>
    }
}

/// The sums of rows and of columns, each in percent of the largest of its kind.
pub(super) fn sums(rows: &[(String, Vec<Rc<ShuffleRow>>)], columns: usize) -> (Vec<u64>, Vec<u64>) {
    let mut across = vec![0; columns];
    let mut down = Vec::with_capacity(rows.len());
    for (_, sources) in rows {
        let mut sum = 0;
        for row in sources {
            for (column, cell) in across.iter_mut().zip(&row.cells) {
                *column += cell.volume.bytes;
                sum += cell.volume.bytes;
            }
        }
        down.push(sum);
    }
    (in_percent(&down), in_percent(&across))
}

fn in_percent(sums: &[u64]) -> Vec<u64> {
    let most = sums.iter().copied().max().unwrap_or(0);
    sums.iter().map(|sum| percent(*sum, most)).collect()
}
