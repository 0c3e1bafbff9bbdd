//! The lanes of the nodes, in the direction that data flows: what the node is and what the
//! coordinator believes of it, its map slots, its disk, a gap for the shuffle, its reduce slots.

use super::{Detail, GAP, LINE, NodeShape, SlotArea};
use crate::base::{NodeId, RackId};
use crate::charts::shape::Rect;

/// The least height of a lane with text.
pub(super) const LEAST_FULL: f64 = 30.0;
/// In a lane lower than this the belief stands beside the name.
const LOW: f64 = 44.0;
/// The least height of a lane of one line.
pub(super) const LEAST_COMPACT: f64 = 12.0;
const BRACKET: f64 = 20.0;

/// A node's lane.
#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    /// Which node.
    pub node: NodeId,
    /// Its frame.
    pub frame: Rect,
    /// Who it is and what is believed of it.
    pub identity: Identity,
    /// Its map slots.
    pub maps: SlotArea,
    /// The name of its disk, and the spills of maps that still run; nothing in a low lane.
    pub spills: Option<Rect>,
    /// The map outputs on its disk.
    pub disk: Rect,
    /// Its reduce slots.
    pub reduces: SlotArea,
}

/// The left end of a lane. What has no room is left out; the accessible name says it all.
#[derive(Clone, Debug, PartialEq)]
pub struct Identity {
    /// All of it.
    pub frame: Rect,
    /// The node's name.
    pub name: Rect,
    /// The replicas that it holds.
    pub chips: Option<Rect>,
    /// How busy it is.
    pub truth: Option<Rect>,
    /// What the coordinator believes.
    pub belief: Rect,
}

/// The bracket around the lanes of a rack.
#[derive(Clone, Debug, PartialEq)]
pub struct Bracket {
    /// Which rack.
    pub rack: RackId,
    /// Where it stands: left of its lanes.
    pub frame: Rect,
}

/// The lanes of all nodes, a rack after the other, and the racks' brackets.
pub(super) fn lanes(nodes: &[NodeShape], area: Rect, detail: Detail) -> (Vec<Lane>, Vec<Bracket>) {
    let mut ordered: Vec<&NodeShape> = nodes.iter().collect();
    ordered.sort_by_key(|node| (node.rack, node.id));
    let (margin, body) = area.cut_left(BRACKET, 2.0);
    let gap = match detail {
        Detail::Full => GAP,
        Detail::Compact | Detail::Tiles => {
            (area.height / 24.0 / nodes.len().max(1) as f64).min(3.0)
        }
    };
    let mut lanes = Vec::with_capacity(nodes.len());
    let mut brackets: Vec<Bracket> = Vec::new();
    for (node, frame) in ordered.iter().zip(body.rows(nodes.len(), gap)) {
        lanes.push(match detail {
            Detail::Full => full_lane(node, frame),
            Detail::Compact | Detail::Tiles => compact_lane(node, frame),
        });
        match brackets.last_mut().filter(|bracket| bracket.rack == node.rack) {
            Some(bracket) => bracket.frame.height = frame.bottom() - bracket.frame.y,
            None => brackets.push(Bracket {
                rack: node.rack,
                frame: Rect { y: frame.y, height: frame.height, ..margin },
            }),
        }
    }
    (lanes, brackets)
}

/// A lane with text.
pub(super) fn full_lane(node: &NodeShape, frame: Rect) -> Lane {
    let inside = frame.inset(if frame.height > 70.0 { GAP } else { GAP / 2.0 });
    let width = inside.width;
    let (identity, rest) = inside.cut_left((width * 0.18).clamp(78.0, 152.0), GAP);
    let slot = (width * 0.275).clamp(104.0, 300.0);
    let (maps, rest) = rest.cut_left(slot, GAP * 1.25);
    let (reduces, rest) = rest.cut_right(slot, GAP);
    let disk = rest.cut_left((width * 0.13).clamp(44.0, 150.0), 0.0).0;
    let (spills, disk) = take(disk, if disk.height >= 60.0 { LINE } else { f64::MAX });
    Lane {
        node: node.id,
        frame,
        identity: Identity::new(identity),
        maps: SlotArea::new(maps, node.map_slots),
        spills,
        disk,
        reduces: SlotArea::new(reduces, node.reduce_slots),
    }
}

/// A lane of one line.
fn compact_lane(node: &NodeShape, frame: Rect) -> Lane {
    let inside = Rect { x: frame.x + 4.0, width: frame.width - 8.0, ..frame };
    let (identity, rest) = inside.cut_left(58.0, GAP);
    let slot = inside.width * 0.24;
    let (maps, rest) = rest.cut_left(slot, GAP);
    let (reduces, rest) = rest.cut_right(slot, GAP);
    let disk = rest.cut_left(inside.width * 0.14, 0.0).0;
    let (belief, name) = identity.cut_left(identity.height.min(16.0), 4.0);
    Lane {
        node: node.id,
        frame,
        identity: Identity { frame: identity, name, chips: None, truth: None, belief },
        maps: SlotArea::new(thin(maps), node.map_slots),
        spills: None,
        disk: thin(disk),
        reduces: SlotArea::new(thin(reduces), node.reduce_slots),
    }
}

fn thin(area: Rect) -> Rect {
    Rect { y: area.y + 1.0, height: area.height - 2.0, ..area }
}

impl Identity {
    /// Rows from the top, the most telling first; the belief keeps the bottom.
    fn new(frame: Rect) -> Identity {
        if frame.height < LOW - GAP {
            return Identity::beside(frame);
        }
        let belief_height = if frame.height >= 66.0 { LINE * 2.0 + 8.0 } else { LINE + 3.0 };
        let (belief, above) = frame.cut_bottom(belief_height, 3.0);
        let (name, rest) = above.cut_top(LINE + 1.0, 2.0);
        // The chips matter more, but the lines that begin at them want free room below.
        let (truth, rest) = take(rest, if rest.height >= LINE + 21.0 { LINE } else { f64::MAX });
        let (chips, _) = take(rest, 19.0);
        Identity { frame, name, chips, truth, belief }
    }

    /// The name, and beside it the belief.
    fn beside(frame: Rect) -> Identity {
        let (name, rest) = frame.cut_left((frame.width * 0.42).min(56.0), 4.0);
        let height = (LINE + 4.0).min(frame.height);
        let belief = Rect { y: rest.centre().y - height / 2.0, height, ..rest };
        Identity { frame, name, chips: None, truth: None, belief }
    }
}

/// A row off the top, if there is room for it.
fn take(area: Rect, height: f64) -> (Option<Rect>, Rect) {
    if area.height < height {
        return (None, area);
    }
    let (row, rest) = area.cut_top(height, 2.0);
    (Some(row), rest)
}
