//! A node as a lane: who it is and what is believed of it, its map slots, its disk, its reduce
//! slots. The ribbons of the shuffle are drawn over all lanes together.

use super::belief::BeliefNote;
use super::disk::DiskView;
use super::draw::{centred, crossed, filled, length, rounded, text_in};
use super::hit::Hit;
use super::map_slot::MapSlot;
use super::reduce_slot::ReduceSlot;
use crate::base::{BlockId, NodeId, Time};
use crate::charts::number::{fit, text_width};
use crate::charts::shape::Rect;
use crate::trace::event::Phase;
use crate::trace::snapshot::{Attempt, Belief, Node, Split};
use crate::ui::selection::Selection;
use crate::ui::stage::derive::{Copied, Hues, NodeWork, Segment};
use crate::ui::stage::layout::{Lane, SlotArea, SlotStyle, TEXT};
use crate::ui::stage::trouble::{Condition, Seat as SeatOf, conditions};
use crate::ui::stage::wording;
use std::rc::Rc;
use yew::prelude::*;

/// What a lane is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct LaneProps {
    /// Where all of it lies.
    pub(super) lane: Lane,
    /// The node.
    pub(super) node: Rc<Node>,
    /// What it works on and stores.
    pub(super) work: NodeWork,
    /// The split of each map that runs here, and the block that it begins in.
    pub(super) splits: Vec<Option<(Split, Option<BlockId>)>>,
    /// What each reduce that runs here has copied, and where its segments stand by map.
    pub(super) copies: Vec<(Copied, Vec<Segment>)>,
    /// What is to be known of each map and reduce that runs here beside itself.
    pub(super) seats: (Vec<SeatOf>, Vec<SeatOf>),
    /// Whether its rack is cut off.
    pub(super) is_cut: bool,
    /// The blocks of which it holds a copy.
    pub(super) replicas: Rc<[BlockId]>,
    /// The colours.
    pub(super) hues: Hues,
    /// The widths of the travelling chips of maps and of reduces, where there are such.
    pub(super) chips: (Option<f64>, Option<f64>),
    /// How full a sort buffer is when a spill begins, in percent.
    pub(super) spill_percent: u64,
    /// The playhead, a whole number of tenths of a second after it was heard of.
    pub(super) now: Time,
    /// What is selected, if it can be seen in a lane.
    pub(super) selection: Option<Selection>,
    /// Hears of a press.
    pub(super) on_select: Callback<Selection>,
}

/// A node as a lane.
#[component]
pub(super) fn LaneView(props: &LaneProps) -> Html {
    let id = props.node.id;
    let is_selected = props.selection == Some(Selection::Node(id));
    let onclick = props.on_select.reform(move |_: MouseEvent| Selection::Node(id));
    let troubles = conditions(&props.node, props.is_cut);
    let looks = troubles.iter().map(|trouble| trouble.class).collect::<Classes>();
    html! {
        <g class={classes!("lane", is_selected.then_some("is-selected"), looks)}>
            <g {onclick}>{ rounded("lane-frame", props.lane.frame, 6.0) }</g>
            <g class="lane-body">
            { replicas(props) }
            { maps(props) }
            <DiskView frame={props.lane.disk} spills={props.lane.spills}
                outputs={props.work.outputs.clone()}
                running={props.work.maps.iter().flatten().cloned().collect::<Vec<_>>()}
                hues={props.hues.clone()} selection={props.selection}
                on_select={props.on_select.clone()} />
            { reduces(props) }
            </g>
            if !props.node.is_up() {
                { dark(props.lane.frame, 6.0) }
            }
            { identity(props, is_selected, &troubles) }
        </g>
    }
}

/// The veil over what is down.
pub(super) fn dark(frame: Rect, radius: f64) -> Html {
    html! {
        <rect class="dark" fill="url(#hatch-down)" x={length(frame.x)} y={length(frame.y)}
            width={length(frame.width)} height={length(frame.height)} rx={length(radius)} />
    }
}

/// Who it is: pressing it selects the node.
fn identity(props: &LaneProps, is_selected: bool, troubles: &[Condition]) -> Html {
    let identity = &props.lane.identity;
    let node = &props.node;
    let (maps, reduces) = busy(node, &props.work);
    let is_low = identity.belief.width < 40.0;
    // The gravest stands beside the name, or in the row of its own that says how busy a node is
    // that is up; there stands a second one else.
    let (beside_name, own_row) = match (node.is_up(), identity.truth) {
        (false, Some(_)) => (troubles.get(1), troubles.first()),
        (true, _) | (false, None) => (troubles.first(), troubles.get(1)),
    };
    let truth = identity.truth.map(|row| match own_row {
        Some(trouble) => said(trouble, row),
        None => {
            let wordings = wording::truth(maps, reduces);
            let wordings: Vec<&str> = wordings.iter().map(String::as_str).collect();
            text_in("small", row, fit(&wordings, row.width, TEXT).to_owned())
        }
    });
    let name = wording::node_name(node, maps, reduces, props.work.outputs.len());
    let name = format!("{name}{}", all_said(troubles));
    let title = node.id.to_string();
    let short = format!("n{}", node.id.0);
    let is_tight = !troubles.is_empty() && identity.name.width < 100.0;
    let wordings: &[&str] = if is_tight { &[&short] } else { &[&title, &short] };
    let shown = fit(wordings, identity.name.width, TEXT * 1.08).to_owned();
    let beside = identity.name.cut_left(text_width(&shown, TEXT * 1.08) + 7.0, 0.0).1;
    let is_doubtful = !node.is_up() || props.is_cut;
    html! {
        <Hit {name} areas={vec![identity.frame]} class="identity" selects={Selection::Node(node.id)} {is_selected}
            on_select={props.on_select.clone()}>
            { text_in("strong", identity.name, shown) }
            { for beside_name.map(|trouble| said(trouble, beside)) }
            { for truth }
            if is_low {
                <Ring belief={node.belief.clone()} age={Age::of(&node.belief, props.now)} frame={identity.belief} />
            } else {
                <BeliefNote belief={node.belief.clone()} {is_doubtful} now={props.now}
                    frame={identity.belief} />
            }
        </Hit>
    }
}

/// A condition in as many words as fit; a mark where none do.
fn said(trouble: &Condition, room: Rect) -> Html {
    let words = trouble.words.each_ref().map(String::as_str);
    match fit(&words, room.width, TEXT) {
        "" => rounded(
            "trouble-mark",
            Rect { width: 7.0, height: 7.0, y: room.centre().y - 3.5, ..room },
            1.5,
        ),
        words => text_in(classes!("small", "trouble", trouble.class), room, words.to_owned()),
    }
}

/// All conditions, for the accessible name.
pub(super) fn all_said(troubles: &[Condition]) -> String {
    troubles.iter().map(|trouble| format!("; {}", trouble.words[0])).collect()
}

/// How many map and reduce slots are busy on the node itself.
pub(super) fn busy(node: &Node, work: &NodeWork) -> (usize, usize) {
    let there = |seats: &[Option<Rc<Attempt>>]| {
        seats.iter().flatten().filter(|attempt| node.running.contains(&attempt.id)).count()
    };
    (there(&work.maps), there(&work.reduces))
}

/// What a belief ring is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct RingProps {
    /// What is believed of the node.
    pub(super) belief: Belief,
    /// How old that is.
    pub(super) age: Age,
    /// Where it lies.
    pub(super) frame: Rect,
}

/// The age of a belief in the steps that a ring can show: finer ones would be drawn anew dozens of
/// times a second, and nobody could see them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Age(u32);

impl Age {
    /// A ring is all open at this age, ten usual heartbeats.
    const OLD_US: u64 = 10_000_000;
    const STEPS: u32 = 20;

    /// The age at this time of what was heard last; of what was never heard, the oldest.
    pub(super) fn of(belief: &Belief, now: Time) -> Age {
        let age = belief.heard_at.map_or(Age::OLD_US, |at| now.since(at).0.min(Age::OLD_US));
        Age(u32::try_from(age * u64::from(Age::STEPS) / Age::OLD_US).unwrap_or(Age::STEPS))
    }

    /// From 0 when just heard to 1.
    fn share(self) -> f64 {
        f64::from(self.0) / f64::from(Age::STEPS)
    }
}

/// The age of a belief where there is no room for words: a ring that opens as it grows old. Who
/// is believed lost has a cross instead, and who is barred a bar through the ring.
#[component]
pub(super) fn Ring(props: &RingProps) -> Html {
    let centre = props.frame.centre();
    let radius = (props.frame.width.min(props.frame.height) / 2.0 - 1.5).max(1.0);
    if props.belief.lost.is_some() {
        let side = radius * 1.5;
        let at = Rect::new(centre.x - side / 2.0, centre.y - side / 2.0, side, side);
        return crossed("lost-cross", at);
    }
    let round = std::f64::consts::TAU * radius;
    let closed = round * (1.0 - props.age.share());
    html! {
        <g class="ring" transform={format!("translate({:.1} {:.1}) rotate(-90)", centre.x, centre.y)}>
            <circle class="ring-back" r={format!("{radius:.1}")} />
            <circle class="ring-fill" r={format!("{radius:.1}")}
                stroke-dasharray={format!("{closed:.1} {round:.1}")} />
            if props.belief.barred.is_some() {
                <line class="barred-bar" x1="0" x2="0" y1={length(-radius)} y2={length(radius)} />
            }
        </g>
    }
}

/// The copies of blocks that it stores: a sheet with a number for each.
fn replicas(props: &LaneProps) -> Html {
    let Some(row) = props.lane.identity.chips else { return html! {} };
    let fitting = chips_in(row.width);
    let shown = if props.replicas.len() <= fitting { fitting } else { fitting - 1 };
    let chip = |(place, block): (usize, &BlockId)| {
        let selects = Selection::Block(*block);
        let at = chip_at(row, place);
        html! {
            <Hit areas={vec![at]} name={format!("block {}, a copy on {}", block.0, props.node.id)} {selects}
                class="replica" is_selected={props.selection == Some(selects)}
                on_select={props.on_select.clone()}>
                { sheet(at) }
                { centred("small", at, block.0.to_string()) }
            </Hit>
        }
    };
    let hidden = props.replicas.len().saturating_sub(shown);
    html! { <>
        { for props.replicas.iter().take(shown).enumerate().map(chip) }
        if hidden > 0 {
            { text_in("small", chip_at(row, shown), format!("+{hidden}")) }
        }
    </> }
}

/// A sheet of paper with a corner cut off: what a block looks like everywhere.
pub(super) fn sheet(at: Rect) -> Html {
    let corner = (at.height * 0.3).min(6.0);
    let path = format!(
        "M{:.1} {:.1}H{:.1}l{corner:.1} {corner:.1}V{:.1}H{:.1}Z",
        at.x,
        at.y,
        at.right() - corner,
        at.bottom(),
        at.x
    );
    html! { <path class="sheet" d={path} /> }
}

const CHIP_PITCH: f64 = 24.0;

/// Where a block's copy stands in a row of them.
pub(super) fn chip_at(row: Rect, place: usize) -> Rect {
    Rect::new(row.x + place as f64 * CHIP_PITCH, row.y, CHIP_PITCH - 4.0, row.height.min(18.0))
}

/// How many copies have a place in a row of this width.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small count")]
pub(super) fn chips_in(width: f64) -> usize {
    ((width + 4.0) / CHIP_PITCH).floor().max(1.0) as usize
}

fn maps(props: &LaneProps) -> Html {
    let area = &props.lane.maps;
    let running = props.work.maps.iter().flatten().count();
    if area.style == SlotStyle::Gauge {
        return gauge(area, running, props.node.map_slots, "map");
    }
    let slot = |(seat, attempt): (usize, &Option<Rc<Attempt>>)| {
        let Some(frame) = area.slots.get(seat) else { return html! {} };
        let (split, reads) = props.splits.get(seat).cloned().flatten().unzip();
        let of = props.seats.0.get(seat).cloned().unwrap_or_default();
        let is_selected = is_selected(props.selection, attempt.as_deref());
        html! {
            <MapSlot frame={*frame} style={area.style} attempt={attempt.clone()} {split}
                reads={reads.flatten()} chip={props.chips.0.filter(|_| of.has_chip)} seat={of}
                spill_percent={props.spill_percent}
                {is_selected} on_select={props.on_select.clone()} />
        }
    };
    props.work.maps.iter().enumerate().map(slot).collect()
}

fn reduces(props: &LaneProps) -> Html {
    let area = &props.lane.reduces;
    let running = props.work.reduces.iter().flatten().count();
    if area.style == SlotStyle::Gauge {
        return gauge(area, running, props.node.reduce_slots, "reduce");
    }
    let slot = |(seat, attempt): (usize, &Option<Rc<Attempt>>)| {
        let Some(frame) = area.slots.get(seat) else { return html! {} };
        let part = attempt.as_ref().map_or(0, |attempt| attempt.id.task.index);
        let part = usize::try_from(part).unwrap_or(usize::MAX);
        let (copied, segments) = props.copies.get(seat).cloned().unwrap_or_default();
        let of = props.seats.1.get(seat).cloned().unwrap_or_default();
        let is_selected = is_selected(props.selection, attempt.as_deref());
        html! {
            <ReduceSlot frame={*frame} style={area.style} attempt={attempt.clone()} {copied}
                {segments} hue={props.hues.class(part)} pattern={props.hues.pattern(part)}
                chip={props.chips.1.filter(|_| of.has_chip)} seat={of} {is_selected} on_select={props.on_select.clone()} />
        }
    };
    props.work.reduces.iter().enumerate().map(slot).collect()
}

fn is_selected(selection: Option<Selection>, attempt: Option<&Attempt>) -> bool {
    let Some(attempt) = attempt else { return false };
    selection == Some(Selection::Attempt(attempt.id))
        || selection == Some(Selection::Task(attempt.id.task))
}

/// Too many slots to draw: a bar with a count.
fn gauge(area: &SlotArea, running: usize, slots: u32, kind: &str) -> Html {
    let bar = Rect { height: area.frame.height.min(16.0), ..area.frame };
    let share = running as f64 / f64::from(slots.max(1));
    let text = format!("{running} of {slots} {kind}");
    html! { <>
        { rounded("bar", bar, 2.0) }
        { filled("bar-fill", bar, share) }
        if bar.height >= 12.0 && text_width(&text, TEXT) < bar.width {
            { centred("small", bar, text) }
        }
    </> }
}

/// The line along which a map reads its split: from the copy on this or another node to the slot.
pub(super) fn is_reading(attempt: &Attempt) -> bool {
    attempt.reads_from.is_some()
        && attempt.ended.is_none()
        && matches!(attempt.phase, Phase::Map | Phase::Blocked)
}

/// The slot that an attempt sits in.
pub(super) fn seat_of(lane: &Lane, work: &NodeWork, attempt: &Attempt) -> Option<Rect> {
    let find = |seats: &[Option<Rc<Attempt>>], area: &SlotArea| {
        let seat = seats.iter().position(|s| s.as_ref().is_some_and(|a| a.id == attempt.id))?;
        area.slots.get(seat).copied()
    };
    find(&work.maps, &lane.maps).or_else(|| find(&work.reduces, &lane.reduces))
}

/// The place of a node in the cluster's list, for keys.
pub(super) fn key(node: NodeId) -> String {
    format!("node-{}", node.0)
}
