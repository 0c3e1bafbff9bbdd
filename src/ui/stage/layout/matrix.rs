//! The shuffle matrix: a row for each map, or for each node where the maps are too many; a
//! column for each reducer.

use super::{Ask, LINE};
use crate::charts::shape::Rect;

/// More maps than this are drawn by node.
const ROWS_MOST: usize = 60;
const LABELS: f64 = 46.0;
const HEADINGS: f64 = 18.0;
const TITLE: f64 = 20.0;
const LEGEND: f64 = 50.0;
const MARGIN: f64 = 18.0;
const LEGEND_WIDTH: f64 = 112.0;
/// The most that a cell is wide and high.
const CELL_MOST: (f64, f64) = (44.0, 32.0);

/// The shuffle matrix.
#[derive(Clone, Debug, PartialEq)]
pub struct MatrixLayout {
    /// The panel.
    pub frame: Rect,
    /// Its title.
    pub title: Rect,
    /// The cells together.
    pub grid: Rect,
    /// What the marks mean; nothing where there is no room.
    pub legend: Option<Rect>,
    /// How many rows there are.
    pub rows: usize,
    /// How many columns there are.
    pub columns: usize,
    /// Whether a row is a node, not a map.
    pub is_by_node: bool,
    /// The width and height of a cell.
    pub cell: (f64, f64),
    /// The length of the bars beside rows and under columns that show their sums; 0 where rows
    /// are maps.
    pub margin: f64,
}

impl MatrixLayout {
    pub(super) fn new(frame: Rect, maps: usize, nodes: usize, reduces: usize) -> MatrixLayout {
        let is_by_node = maps > ROWS_MOST;
        let rows = if is_by_node { nodes } else { maps };
        let (title, below) = frame.cut_top(TITLE, 0.0);
        let is_beside = frame.width - LABELS - CELL_MOST.0 * reduces as f64 >= LEGEND_WIDTH + 16.0;
        if is_beside {
            let (legend, rest) = below.cut_right(LEGEND_WIDTH, 16.0);
            let legend = legend.cut_top(HEADINGS, 0.0).1;
            return MatrixLayout::with(frame, title, rest, Some(legend), (maps, nodes, reduces));
        }
        let has_legend = below.height > HEADINGS + LEGEND + rows.min(8) as f64 * 22.0;
        let (legend, below) =
            if has_legend { below.cut_bottom(LEGEND, 4.0) } else { (frame, below) };
        let legend = has_legend.then_some(legend);
        MatrixLayout::with(frame, title, below, legend, (maps, nodes, reduces))
    }

    fn with(
        frame: Rect,
        title: Rect,
        body: Rect,
        legend: Option<Rect>,
        (maps, nodes, reduces): (usize, usize, usize),
    ) -> MatrixLayout {
        let is_by_node = maps > ROWS_MOST;
        let rows = if is_by_node { nodes } else { maps };
        let margin = if is_by_node { MARGIN } else { 0.0 };
        let body = body.cut_left(LABELS, 0.0).1.cut_top(HEADINGS, 0.0).1;
        let body = body.cut_right(margin, 0.0).1.cut_bottom(margin, 0.0).1;
        let width = (body.width / reduces.max(1) as f64).min(CELL_MOST.0);
        let height = (body.height / rows.max(1) as f64).min(CELL_MOST.1);
        let grid = Rect::new(body.x, body.y, width * reduces as f64, height * rows as f64);
        let cell = (width, height);
        MatrixLayout {
            frame,
            title,
            grid,
            legend,
            rows,
            columns: reduces,
            is_by_node,
            cell,
            margin,
        }
    }

    /// A cell.
    pub fn cell(&self, row: usize, column: usize) -> Rect {
        let (width, height) = self.cell;
        let x = self.grid.x + column as f64 * width;
        Rect::new(x, self.grid.y + row as f64 * height, width, height)
    }

    /// The label of a row, left of its cells.
    pub fn row_label(&self, row: usize) -> Rect {
        Rect { x: self.grid.x - LABELS, width: LABELS - 4.0, ..self.cell(row, 0) }
    }

    /// The bar of a row's sum, beside its cells, of which this is the share of the largest.
    pub fn row_bar(&self, row: usize, share: f64) -> Rect {
        let cell = self.cell(row, 0);
        let height = (cell.height - 0.6).max(0.5);
        Rect::new(self.grid.right() + 2.0, cell.y, (self.margin - 4.0) * share, height)
    }

    /// The bar of a column's sum, under its cells.
    pub fn column_bar(&self, column: usize, share: f64) -> Rect {
        let cell = self.cell(0, column);
        let width = (cell.width - 0.6).max(0.5);
        Rect::new(cell.x, self.grid.bottom() + 2.0, width, (self.margin - 4.0) * share)
    }

    /// The heading of a column, above its cells.
    pub fn column_heading(&self, column: usize) -> Rect {
        Rect { y: self.grid.y - HEADINGS, height: HEADINGS, ..self.cell(0, column) }
    }

    /// Rows are labelled in steps of this many, so that labels keep apart.
    pub fn label_step(&self) -> u32 {
        let fits = |step: &u32| f64::from(*step) * self.cell.1 >= 12.5;
        [1, 5, 10, 20, 50, 100].into_iter().find(fits).unwrap_or(200)
    }

    /// Whether columns are wide enough for a heading each.
    pub fn has_column_headings(&self) -> bool {
        self.cell.0 >= 13.0
    }

    /// Whether each cell can be pressed by itself.
    pub fn has_single_cells(&self) -> bool {
        !self.is_by_node && self.cell.0 >= 8.0 && self.cell.1 >= 8.0
    }
}

/// The height at which the matrix has all its parts at their best size.
pub(super) fn wanted_height(ask: &Ask) -> f64 {
    let rows = if ask.maps > ROWS_MOST { ask.nodes.len() } else { ask.maps };
    TITLE + HEADINGS + rows.max(1) as f64 * 30.0 + LEGEND + LINE * 0.5
}
