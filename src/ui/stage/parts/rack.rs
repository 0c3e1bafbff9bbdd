//! A rack of many nodes: a tile each, with four facts where there is room: how many maps run, what
//! lies on the disk, how many reduces run, and when the coordinator last heard of it.

use super::draw::{block, centred, crossed, filled, rounded, text_in};
use super::hit::Hit;
use super::lane::{Age, Ring, all_said, busy, dark};
use crate::charts::number::text_width;
use crate::charts::shape::Rect;
use crate::trace::snapshot::Node;
use crate::ui::selection::Selection;
use crate::ui::stage::derive::NodeWork;
use crate::ui::stage::layout::{RackLane, TEXT, Tile, TileStyle};
use crate::ui::stage::trouble::conditions;
use crate::ui::stage::wording::node_name;
use std::rc::Rc;
use yew::prelude::*;

/// What a rack is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct RackProps {
    /// Where it lies, without its tiles.
    pub(super) rack: RackLane,
    /// Whether it is cut off.
    pub(super) is_cut: bool,
    /// All of it in words.
    pub(super) name: String,
    /// Whether it is selected.
    pub(super) is_selected: bool,
    /// Hears of a press.
    pub(super) on_select: Callback<Selection>,
}

/// A rack's frame and name, which is what is pressed; its tiles are drawn over it.
#[component]
pub(super) fn RackView(props: &RackProps) -> Html {
    let rack = &props.rack;
    let centre = rack.label.centre();
    let name = format!("rack {}", rack.rack.0);
    let cut = format!("{name} cut off");
    let name = match props.is_cut && text_width(&cut, TEXT) <= rack.label.height {
        true => cut,
        false => name,
    };
    let turned = text_width(&name, TEXT) <= rack.label.height;
    let area =
        Rect { x: rack.frame.x, width: rack.label.right() + 2.0 - rack.frame.x, ..rack.frame };
    html! {
        <Hit areas={vec![area]} name={props.name.clone()} selects={Selection::Rack(rack.rack)}
            is_selected={props.is_selected} on_select={props.on_select.clone()}
            class={classes!("rack", props.is_cut.then_some("is-cut"))}>
            { rounded("lane-frame", rack.frame, 6.0) }
            if props.is_cut {
                { crossed("cut-cross", Rect { width: 9.0, height: 9.0, ..rack.label }) }
            }
            if turned {
                <text class="small faint middle" transform={format!("translate({:.1} {:.1}) rotate(-90)", centre.x + 4.0, centre.y)}>{ name }</text>
            } else {
                { text_in("small faint", rack.label, rack.rack.0.to_string()) }
            }
        </Hit>
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
    /// What lies on its disk, in percent of what lies on the fullest.
    pub(super) disk_percent: u64,
    /// Whether its rack is cut off.
    pub(super) is_cut: bool,
    /// How old the coordinator's belief of it is.
    pub(super) age: Age,
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
    let id = node.id;
    // The button is the left half; the right half is the same node, for a pointer.
    let onclick = props.on_select.reform(move |_: MouseEvent| Selection::Node(id));
    let troubles = conditions(node, props.is_cut);
    let looks = troubles.iter().map(|trouble| trouble.class).collect::<Classes>();
    let name = node_name(node, maps, reduces, work.outputs.len());
    let name = format!("{name}{}", all_said(&troubles));
    html! { <>
        <Hit areas={vec![map]} {name} class={classes!("tile", looks)}
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
            if !node.is_up() {
                { dark(map, 3.0) }
                { dark(reduce, 3.0) }
                { crossed("fate-cross", map.inset(2.0)) }
            } else if !troubles.is_empty() {
                { rounded("trouble-mark", Rect::new(map.x + 1.0, map.y + 1.0, 6.0, 6.0), 1.5) }
            }
        </Hit>
        <g class="hit-button" aria-hidden="true" {onclick}>{ block("touch", reduce) }</g>
    </> }
}

fn share(busy: usize, slots: u32) -> f64 {
    (busy as f64 / f64::from(slots.max(1))).min(1.0)
}

/// Number, a square for each map slot and the age of the belief; the disk below; on the right the
/// number again and a square for each reduce slot.
fn facts(props: &TileProps, maps: usize, reduces: usize) -> Html {
    let node = &props.node;
    let number = node.id.0.to_string();
    let inside = props.tile.map.inset(3.0);
    let (disk, head) = inside.cut_bottom((inside.height * 0.32).clamp(4.0, 10.0), 2.0);
    let (ring, middle) = head.cut_right(12.0, 3.0);
    let (label, slots) = middle.cut_left(21.0, 2.0);
    let (reduce_label, reduce_slots) = props.tile.reduce.inset(3.0).cut_left(17.0, 1.0);
    html! { <>
        { text_in("small", label, number.clone()) }
        { squares(slots, maps, node.map_slots) }
        <Ring belief={node.belief.clone()} age={props.age} frame={ring} />
        { rounded("bar", disk, 2.0) }
        { filled("disk-fill", disk, props.disk_percent as f64 / 100.0) }
        { text_in("small", reduce_label, number) }
        { squares(reduce_slots, reduces, node.reduce_slots) }
    </> }
}

/// A square for each slot, the busy ones filled; a bar where they do not fit.
fn squares(room: Rect, busy: usize, slots: u32) -> Html {
    let side = room.height.min(if room.width < 24.0 { 7.0 } else { 9.0 });
    let slots = usize::try_from(slots).unwrap_or(usize::MAX);
    if slots as f64 * (side + 2.0) > room.width + 2.0 {
        let bar = Rect { y: room.centre().y - side / 2.0, height: side, ..room };
        let share = busy as f64 / slots.max(1) as f64;
        return html! { <>{ rounded("bar", bar, 2.0) }{ filled("bar-fill", bar, share) }</> };
    }
    let square = |place: usize| {
        let x = room.x + place as f64 * (side + 2.0);
        let at = Rect::new(x, room.centre().y - side / 2.0, side, side);
        rounded(if place < busy { "pip is-busy" } else { "pip" }, at, 1.5)
    };
    (0..slots).map(square).collect()
}
