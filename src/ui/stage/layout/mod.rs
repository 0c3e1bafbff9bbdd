//! Where everything on the stage lies: rectangles and paths as plain numbers, computed from the
//! size of the box and the shape of the cluster. It draws nothing and knows no browser.
//!
//! Lengths are in units of the picture. A unit is `scale` CSS pixels, so that presenter mode and
//! large screens enlarge type, strokes and gaps together, and a text of 12 units is never below
//! 12 pixels.

mod coordinator;
mod disk;
mod input;
mod lanes;
mod matrix;
mod outputs;
mod slots;
mod tiles;

pub use coordinator::{Board, BoardRow, ChipStyle, Column};
pub use disk::{Disk, disk};
pub use input::{BlockCard, InputLayout, TextRow, read_marks};
pub use lanes::{Bracket, Identity, Lane};
pub use matrix::MatrixLayout;
pub use outputs::outputs;
pub use slots::{SlotArea, SlotStyle};
pub use tiles::{RackLane, Tile, TileStyle};

use crate::base::{NodeId, RackId};
use crate::charts::shape::Rect;

/// The size of ordinary text.
pub const TEXT: f64 = 12.0;
/// The height of a line of text.
pub const LINE: f64 = 16.0;
/// The distance between neighbours.
pub const GAP: f64 = 8.0;
/// The width of a letter of the fixed-width font at the size of ordinary text.
pub const LETTER: f64 = 7.25;

/// What the picture's shape depends on.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    /// The box, in CSS pixels.
    pub width: f64,
    /// The box, in CSS pixels.
    pub height: f64,
    /// Whether it must be read from the back row.
    pub presenter: bool,
    /// The machines.
    pub nodes: Vec<NodeShape>,
    /// Blocks of the input: where each begins and how long it is.
    pub blocks: Vec<(u64, u64)>,
    /// The most copies that a block has.
    pub copies: usize,
    /// Map tasks.
    pub maps: usize,
    /// Reduce tasks.
    pub reduces: usize,
    /// The input itself, where it is small enough to be shown.
    pub text: Option<std::rc::Rc<str>>,
    /// The node that is drawn at full size, however many there are.
    pub focus: Option<NodeId>,
}

/// What the picture needs to know of a machine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NodeShape {
    /// Which node.
    pub id: NodeId,
    /// Its rack.
    pub rack: RackId,
    /// Map tasks at once.
    pub map_slots: u32,
    /// Reduce tasks at once.
    pub reduce_slots: u32,
}

/// How much of a node is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// A lane with text for each node.
    Full,
    /// A line for each node.
    Compact,
    /// A tile for each node, grouped by rack.
    Tiles,
}

/// Where the input and what comes out stand beside the lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrangement {
    /// The input in a column on the left, the matrix and the outputs on the right.
    Columns,
    /// The input as a strip above the lanes, the matrix and the outputs on the right.
    Strip,
    /// The input as a strip above the lanes, the matrix and the outputs below.
    Stacked,
}

/// Where everything lies.
#[derive(Clone, Debug, PartialEq)]
pub struct StageLayout {
    /// CSS pixels for each unit.
    pub scale: f64,
    /// The whole picture.
    pub frame: Rect,
    /// How much of a node is drawn.
    pub detail: Detail,
    /// Where the input and what comes out stand.
    pub arrangement: Arrangement,
    /// The coordinator's board.
    pub board: Board,
    /// The input file.
    pub input: InputLayout,
    /// The nodes as lanes, unless they are tiles.
    pub lanes: Vec<Lane>,
    /// The nodes as tiles by rack.
    pub racks: Vec<RackLane>,
    /// A bracket around the lanes of each rack.
    pub brackets: Vec<Bracket>,
    /// The node in focus at full size, where the others are not.
    pub focus: Option<Lane>,
    /// The shuffle matrix.
    pub matrix: MatrixLayout,
    /// The panel of the output.
    pub outputs: Rect,
    /// Each part of the output.
    pub parts: Vec<Rect>,
}

impl StageLayout {
    /// Lays the stage out.
    pub fn new(ask: &Ask) -> StageLayout {
        let scale = scale(ask);
        let frame = Rect::new(0.0, 0.0, ask.width / scale, ask.height / scale);
        let arrangement = arrangement(ask, frame);
        let areas = Areas::new(ask, frame.inset(GAP), arrangement);
        let detail = detail(ask, areas.lanes);
        let (lanes_area, focus_area) = focus_area(ask, detail, areas.lanes);
        let (lanes, brackets) = match detail {
            Detail::Full | Detail::Compact => lanes::lanes(&ask.nodes, lanes_area, detail),
            Detail::Tiles => (Vec::new(), Vec::new()),
        };
        let racks = match detail {
            Detail::Full | Detail::Compact => Vec::new(),
            Detail::Tiles => tiles::racks(&ask.nodes, lanes_area),
        };
        let focused = ask.nodes.iter().find(|node| Some(node.id) == ask.focus);
        let focus = focus_area.zip(focused).map(|(area, node)| lanes::full_lane(node, area));
        let parts = outputs(areas.outputs, ask.reduces);
        StageLayout {
            scale,
            frame,
            detail,
            arrangement,
            board: Board::new(areas.coordinator, ask.maps, ask.reduces),
            input: InputLayout::new(ask, areas.input, arrangement),
            lanes,
            racks,
            brackets,
            focus,
            matrix: MatrixLayout::new(areas.matrix, ask.maps, ask.nodes.len(), ask.reduces),
            outputs: areas.outputs,
            parts,
        }
    }

    /// The lane of a node, at full size if there is one.
    pub fn lane(&self, node: NodeId) -> Option<&Lane> {
        let is_it = |lane: &&Lane| lane.node == node;
        self.focus.as_ref().filter(is_it).or_else(|| self.lanes.iter().find(is_it))
    }
}

/// Presenter mode wants 16 pixels at a width of 1024 and 24 at 1920; elsewhere 12 suffice, and
/// a large box grows the picture with it.
fn scale(ask: &Ask) -> f64 {
    if ask.presenter {
        return (ask.width / 75.9).clamp(16.0, 36.0) / TEXT;
    }
    (ask.width / 1_240.0).min(ask.height / 540.0).clamp(1.0, 1.7)
}

fn detail(ask: &Ask, lanes: Rect) -> Detail {
    let each = lanes.height / ask.nodes.len().max(1) as f64;
    match ask.nodes.len() {
        0..=8 if each >= lanes::LEAST_FULL => Detail::Full,
        0..=24 if each >= lanes::LEAST_COMPACT => Detail::Compact,
        _ => Detail::Tiles,
    }
}

/// What is left for the other nodes, and the place of the one in focus where they are not full.
fn focus_area(ask: &Ask, detail: Detail, lanes: Rect) -> (Rect, Option<Rect>) {
    match detail {
        Detail::Full => (lanes, None),
        Detail::Compact | Detail::Tiles if ask.focus.is_none() => (lanes, None),
        Detail::Compact | Detail::Tiles => {
            let (focus, rest) = lanes.cut_bottom((lanes.height * 0.3).clamp(84.0, 128.0), GAP);
            (rest, Some(focus))
        }
    }
}

/// A tall or narrow box stacks; in a wide one the input stands on the left, unless its text only fits above.
fn arrangement(ask: &Ask, frame: Rect) -> Arrangement {
    if frame.height > frame.width * 0.9 || frame.width < 740.0 {
        return Arrangement::Stacked;
    }
    let fits = |arrangement| {
        let areas = Areas::new(ask, frame.inset(GAP), arrangement);
        InputLayout::new(ask, areas.input, arrangement).is_whole
    };
    if ask.text.is_some() && !fits(Arrangement::Columns) && fits(Arrangement::Strip) {
        Arrangement::Strip
    } else {
        Arrangement::Columns
    }
}

/// The large pieces of the stage.
struct Areas {
    coordinator: Rect,
    input: Rect,
    lanes: Rect,
    matrix: Rect,
    outputs: Rect,
}

impl Areas {
    fn new(ask: &Ask, frame: Rect, arrangement: Arrangement) -> Areas {
        match arrangement {
            Arrangement::Columns => Areas::columns(ask, frame),
            Arrangement::Strip => Areas::strip(ask, frame),
            Arrangement::Stacked => Areas::stacked(ask, frame),
        }
    }

    fn columns(ask: &Ask, frame: Rect) -> Areas {
        let (right, left) = frame.cut_right((frame.width * 0.15).clamp(120.0, 190.0), GAP * 2.0);
        let (matrix, outputs) = matrix_and_outputs(ask, right);
        let (coordinator, below) = left.cut_top(coordinator::HEIGHT, GAP);
        let (input, lanes) = below.cut_left((frame.width * 0.2).clamp(140.0, 290.0), GAP * 1.5);
        Areas { coordinator, input, lanes, matrix, outputs }
    }

    fn strip(ask: &Ask, frame: Rect) -> Areas {
        let (right, left) = frame.cut_right((frame.width * 0.15).clamp(120.0, 190.0), GAP * 2.0);
        let (matrix, outputs) = matrix_and_outputs(ask, right);
        let (coordinator, below) = left.cut_top(coordinator::HEIGHT, GAP);
        let most = below.height * 0.4;
        let height = input::strip_height(ask, below.width, most).min(below.height * 0.5);
        let (input, lanes) = below.cut_top(height, GAP);
        Areas { coordinator, input, lanes, matrix, outputs }
    }

    fn stacked(ask: &Ask, frame: Rect) -> Areas {
        let (coordinator, below) = frame.cut_top(coordinator::HEIGHT, GAP);
        let most = below.height * 0.25;
        let height = input::strip_height(ask, below.width, most).min(below.height * 0.4);
        let (input, below) = below.cut_top(height, GAP);
        // In a low box lanes are of one line, rather than that the matrix shows one map.
        let most = if frame.height < 520.0 { 0.42 } else { 0.28 };
        let wanted = matrix::wanted_height(ask).max(96.0).min(below.height * most);
        let (bottom, lanes) = below.cut_bottom(wanted, GAP);
        let (matrix, outputs) = bottom.cut_left(bottom.width * 0.45, GAP * 2.0);
        Areas { coordinator, input, lanes, matrix, outputs }
    }
}

/// In the right column the matrix takes what it needs, and the parts stand below it.
fn matrix_and_outputs(ask: &Ask, column: Rect) -> (Rect, Rect) {
    let wanted = matrix::wanted_height(ask).max(80.0).min(column.height * 0.6);
    column.cut_top(wanted, GAP * 2.0)
}

#[cfg(test)]
mod tests;
