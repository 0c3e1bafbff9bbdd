//! A rack of many nodes: a tile each, with four facts where there is room: how many maps run, what
//! lies on the disk, how many reduces run, and when the coordinator last heard of it.

use super::draw::{block, centred, filled, rounded, text_in};
use super::hit::Hit;
use super::lane::{Ring, busy};
use crate::base::Time;
use crate::charts::number::{bytes, fit, text_width};
use crate::charts::shape::Rect;
use crate::trace::snapshot::Node;
use crate::ui::selection::Selection;
use crate::ui::stage::derive::NodeWork;
use crate::ui::stage::layout::{LINE, RackLane, TEXT, Tile, TileStyle};
use crate::ui::stage::wording::node_name;
use std::rc::Rc;
use yew::prelude::*;

/// What a rack is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct RackProps {
    /// Where it lies, without its tiles.
    pub(super) rack: RackLane,
}

/// A rack's frame and name; its tiles are drawn over it.
#[component]
pub(super) fn RackView(props: &RackProps) -> Html {
    let rack = &props.rack;
    let centre = rack.label.centre();
    let name = format!("rack {}", rack.rack.0);
    let turned = text_width(&name, TEXT) <= rack.label.height;
    html! {
        <g class="rack">
            { rounded("lane-frame", rack.frame, 6.0) }
            if turned {
                <text class="small faint middle" transform={format!("translate({:.1} {:.1}) rotate(-90)", centre.x + 4.0, centre.y)}>{ name }</text>
            } else {
                { text_in("small faint", rack.label, rack.rack.0.to_string()) }
            }
        </g>
    }
}

/// What a tile is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct TileProps {
    /// Where it lies.
    pub(super) tile: Tile,
    /// The node.
    pub(super) node: Rc<Node>,
    /// What it works on and stores.
    pub(super) work: NodeWork,
    /// The playhead, in whole tenths of a second.
    pub(super) now: Time,
    /// Whether the node is selected.
    pub(super) is_selected: bool,
    /// Hears of a press.
    pub(super) on_select: Callback<Selection>,
}

/// A node as a tile: as a mapper and a disk on the left, as a reducer on the right.
#[component]
pub(super) fn TileView(props: &TileProps) -> Html {
    let (node, work) = (&props.node, &props.work);
    let (maps, reduces) = busy(node, work);
    let (map_share, reduce_share) =
        (share(maps, node.map_slots), share(reduces, node.reduce_slots));
    let (map, reduce) = (props.tile.map, props.tile.reduce);
    html! {
        <Hit name={node_name(node, maps, reduces, work.outputs.len())} class="tile"
            selects={Selection::Node(node.id)} is_selected={props.is_selected}
            on_select={props.on_select.clone()}>
            { rounded("tile-frame", map, 3.0) }
            { rounded("tile-frame", reduce, 3.0) }
            { match props.tile.style {
                TileStyle::Facts => facts(props, maps, reduces),
                TileStyle::Number => html! { <>
                    { block("tile-busy", Rect { width: map.width * map_share, ..map }) }
                    { block("tile-busy", Rect { width: reduce.width * reduce_share, ..reduce }) }
                    { centred("small", map, node.id.0.to_string()) }
                </> },
                TileStyle::Heat => html! { <>
                    { block("tile-busy", Rect { width: map.width * map_share, ..map }) }
                    { block("tile-busy", Rect { width: reduce.width * reduce_share, ..reduce }) }
                </> },
            } }
        </Hit>
    }
}

fn share(busy: usize, slots: u32) -> f64 {
    (busy as f64 / f64::from(slots.max(1))).min(1.0)
}

fn facts(props: &TileProps, maps: usize, reduces: usize) -> Html {
    let node = &props.node;
    let inside = props.tile.map.inset(3.0);
    let (head, rest) = inside.cut_top(LINE - 2.0, 1.0);
    let (ring, head) = head.cut_right(12.0, 2.0);
    let bar = Rect { height: (rest.height / 2.0 - 1.0).min(8.0), ..rest };
    let disk = Rect { y: bar.bottom() + 2.0, ..bar };
    let stored: u64 =
        props.work.outputs.iter().flat_map(|row| &row.cells).map(|c| c.volume.bytes).sum();
    let amount = bytes(stored);
    let reduce = props.tile.reduce.inset(3.0);
    let (label, below) = reduce.cut_top(LINE - 2.0, 1.0);
    let reduce_bar = Rect { height: (below.height / 2.0 - 1.0).clamp(2.0, 8.0), ..below };
    let text = format!("{reduces}/{}", node.reduce_slots);
    html! { <>
        { text_in("small", head, node.id.0.to_string()) }
        <Ring belief_at={node.belief.heard_at} now={props.now} frame={ring} />
        { rounded("bar", bar, 2.0) }
        { filled("bar-fill", bar, share(maps, node.map_slots)) }
        if stored > 0 && rest.height >= 22.0 {
            { text_in("small faint", Rect { height: 12.0, ..disk }, fit(&[&amount], disk.width, TEXT).to_owned()) }
        }
        { text_in("small", label, fit(&[&text], label.width, TEXT).to_owned()) }
        { rounded("bar", reduce_bar, 2.0) }
        { filled("bar-fill", reduce_bar, share(reduces, node.reduce_slots)) }
    </> }
}
