//! Many nodes: a tile each, grouped by rack. On the left of a rack stand its machines with what
//! they map and store, on the right the same machines with what they reduce.

use super::{GAP, NodeShape};
use crate::base::{NodeId, RackId};
use crate::charts::shape::Rect;

/// A rack.
#[derive(Clone, Debug, PartialEq)]
pub struct RackLane {
    /// Which rack.
    pub rack: RackId,
    /// Its frame.
    pub frame: Rect,
    /// Its name.
    pub label: Rect,
    /// The machines as mappers and disks.
    pub maps: Rect,
    /// The machines as reducers.
    pub reduces: Rect,
    /// Each of its machines.
    pub tiles: Vec<Tile>,
}

/// A machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Tile {
    /// Which node.
    pub node: NodeId,
    /// As a mapper and a disk.
    pub map: Rect,
    /// As a reducer.
    pub reduce: Rect,
    /// How much it can show.
    pub style: TileStyle,
}

/// How much a tile can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TileStyle {
    /// Its number and four facts: maps, disk, reduces, and when it was last heard.
    Facts,
    /// Its number, and how busy it is.
    Number,
    /// How busy it is.
    Heat,
}

/// The racks, one under the other, each as high as its share of nodes wants.
pub(super) fn racks(nodes: &[NodeShape], area: Rect) -> Vec<RackLane> {
    let mut names: Vec<RackId> = nodes.iter().map(|node| node.rack).collect();
    names.sort_unstable();
    names.dedup();
    let frames = area.rows(names.len(), GAP * 0.5);
    let lane = |(rack, frame): (RackId, Rect)| {
        let members = nodes.iter().filter(|node| node.rack == rack).map(|node| node.id);
        rack_lane(rack, frame, &members.collect::<Vec<_>>())
    };
    names.into_iter().zip(frames).map(lane).collect()
}

fn rack_lane(rack: RackId, frame: Rect, members: &[NodeId]) -> RackLane {
    let inside = frame.inset(3.0);
    let (label, rest) = inside.cut_left(20.0, 2.0);
    let (maps, rest) = rest.cut_left(rest.width * 0.5, 0.0);
    let (reduces, _) = rest.cut_right(rest.width * 0.52, 0.0);
    let left = grid(maps, members.len());
    let right = grid(reduces, members.len());
    let tile = |((node, map), reduce): ((&NodeId, Rect), Rect)| Tile {
        node: *node,
        map,
        reduce,
        style: style(map),
    };
    let tiles = members.iter().zip(left).zip(right).map(tile).collect();
    RackLane { rack, frame, label, maps, reduces, tiles }
}

fn style(tile: Rect) -> TileStyle {
    match () {
        () if tile.width >= 52.0 && tile.height >= 30.0 => TileStyle::Facts,
        () if tile.width >= 22.0 && tile.height >= 13.0 => TileStyle::Number,
        () => TileStyle::Heat,
    }
}

/// Equal cells for so many things, as near to three by two as fits.
fn grid(area: Rect, count: usize) -> Vec<Rect> {
    let gap = 3.0;
    let mut across = 1;
    // Bounded: with as many columns as things there is one row.
    while across < count {
        let rows = count.div_ceil(across) as f64;
        let (width, height) = (area.width / across as f64, area.height / rows);
        if width <= height * 2.4 {
            break;
        }
        across += 1;
    }
    let rows = count.div_ceil(across);
    let used = Rect { height: area.height.min(rows as f64 * 56.0), ..area };
    let rows = used.rows(rows, gap);
    rows.into_iter().flat_map(|row| row.columns(across, gap)).take(count).collect()
}
