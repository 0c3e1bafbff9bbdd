//! The shuffle: a ribbon for each segment that was fetched, and packets along those on their way.
//! Also the lines along which maps read their splits.

use super::draw::length;
use crate::charts::shape::{Point, ribbon};
use crate::ui::same::Same;
use crate::ui::stage::ribbon::Ribbon;
use yew::prelude::*;

/// What the ribbons are given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct RibbonsProps {
    /// The ribbons of the shuffle.
    pub(super) ribbons: Same<Vec<Ribbon>>,
    /// The reads of splits.
    pub(super) reads: Same<Vec<Read>>,
}

/// A map reads its split.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Read {
    /// What it is, to know it again.
    pub(super) key: String,
    /// The copy that it reads.
    pub(super) from: Point,
    /// Its slot.
    pub(super) to: Point,
    /// Whether the copy is on another node.
    pub(super) is_remote: bool,
}

/// Packets on a ribbon, one after the other: fewer where many ribbons move, and none where they
/// are so many that packets would cost more than they show.
fn packets_each(moving: usize) -> u32 {
    match moving {
        0..=12 => 3,
        13..=48 => 1,
        _ => 0,
    }
}

/// The ribbons.
#[component]
pub(super) fn Ribbons(props: &RibbonsProps) -> Html {
    let moving = props.ribbons.iter().filter(|ribbon| ribbon.is_moving).count();
    let each = packets_each(moving + props.reads.len());
    html! {
        <g class="ribbons" aria-hidden="true">
            { for props.reads.iter().map(|line| read(line, each)) }
            { for props.ribbons.iter().map(|ribbon| one(ribbon, each)) }
        </g>
    }
}

fn one(ribbon: &Ribbon, each: u32) -> Html {
    let class = classes!(
        "ribbon",
        ribbon.hue,
        ribbon.is_moving.then_some("is-moving"),
        ribbon.is_stalled.then_some("is-stalled"),
        ribbon.is_selected.then_some("is-selected"),
    );
    html! {
        <g {class} key={ribbon.key.clone()}>
            <path d={ribbon.path.clone()} stroke-width={length(ribbon.width)} />
            if ribbon.is_moving {
                { packets(ribbon.from, ribbon.to, ribbon.width.max(4.0), each) }
            }
        </g>
    }
}

fn read(read: &Read, each: u32) -> Html {
    let class = classes!("read", read.is_remote.then_some("is-remote"));
    html! {
        <g {class} key={read.key.clone()}>
            <path d={ribbon(read.from, read.to)} stroke-width="1.5" />
            { packets(read.from, read.to, 4.0, each) }
        </g>
    }
}

/// Packets follow an S-curve: evenly in x on the outside, along the curve's own timing in y within.
fn packets(from: Point, to: Point, size: f64, each: u32) -> Html {
    let ends =
        format!("--x0:{:.1}px;--x1:{:.1}px;--y0:{:.1}px;--y1:{:.1}px", from.x, to.x, from.y, to.y);
    // Neighbouring ribbons are out of step, or their packets would look like one thing.
    let ahead = (from.y * 0.37 + to.y * 0.21) % 1.2;
    let packet = |number: u32| {
        let wait = ahead + f64::from(number) * 1.2 / f64::from(each.max(1));
        let style = format!("{ends};--wait:-{wait:.2}s");
        html! {
            <g class="packet-x" style={style}>
                <g class="packet-y">
                    <circle class="packet" r={length(size * 0.55)} />
                </g>
            </g>
        }
    };
    (0..each).map(packet).collect()
}
