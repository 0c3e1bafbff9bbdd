//! The stage as a whole: it measures its box, lays everything out, and hands each part what it
//! draws.

use super::coordinator::Coordinator;
use super::draw::{crossed, text_in};
use super::hit::Hit;
use super::input::Input;
use super::lane::{Age, LaneView, key};
use super::matrix::Matrix;
use super::outputs::Outputs;
use super::patterns::Patterns;
use super::rack::{RackView, TileView};
use super::reads::reads;
use super::ribbons::{Read, Ribbons};
use super::tokens::{Tokens, chips_reach_slots};
use crate::base::{BlockId, Span, TaskKind, Time};
use crate::charts::number::{fit, percent};
use crate::charts::shape::Rect;
use crate::trace::Snapshot;
use crate::trace::snapshot::{Attempt, Belief};
use crate::ui::same::Same;
use crate::ui::selection::Selection;
use crate::ui::size::use_size;
use crate::ui::stage::derive::{self, Hues, NodeWork, Segment};
use crate::ui::stage::layout::{Ask, Bracket, Lane, NodeShape, RackLane, StageLayout, TEXT};
use crate::ui::stage::ribbon::{Ribbon, ribbons};
use crate::ui::stage::trouble::{self, Seat};
use crate::ui::stage::turns::Turns;
use crate::ui::stage::wording::rack_name;
use crate::ui::steady::use_steady;
use gloo::timers::callback::Timeout;
use std::cell::RefCell;
use std::rc::Rc;
use yew::prelude::*;

/// What the stage is given.
#[derive(Clone, PartialEq, Properties)]
pub struct StageProps {
    /// The run at the playhead.
    pub snapshot: Rc<Snapshot>,
    /// What is selected.
    #[prop_or_default]
    pub selection: Option<Selection>,
    /// Hears what is pressed.
    #[prop_or_default]
    pub on_select: Callback<Selection>,
    /// Whether it must be read from the back row.
    #[prop_or_default]
    pub presenter: bool,
    /// The input itself, where it is small enough to be read.
    #[prop_or_default]
    pub input_text: Option<Rc<str>>,
    /// The playhead, which may stand between two events.
    pub now: Time,
    /// Whether the run is played: only then do packets move.
    #[prop_or(true)]
    pub playing: bool,
    /// How full a sort buffer is when a spill begins, in percent.
    #[prop_or(80)]
    pub spill_percent: u64,
}

/// All that the parts are handed, computed once a moment.
struct Scene {
    snapshot: Rc<Snapshot>,
    selection: Option<Selection>,
    layout: Same<StageLayout>,
    work: Same<Vec<NodeWork>>,
    hues: Hues,
    ribbons: Same<Vec<Ribbon>>,
    reads: Same<Vec<Read>>,
    replicas: Vec<Rc<[BlockId]>>,
    /// The most bytes that a node keeps of its maps' outputs, where nodes are tiles.
    fullest: u64,
}

/// The stage.
#[component]
pub fn Stage(props: &StageProps) -> Html {
    let on_select = use_steady(&props.on_select);
    let props = &StageProps { on_select, ..props.clone() };
    let node = use_node_ref();
    let size = use_size(node.clone()).filter(|(_, height)| *height > 0.0);
    let layout = use_layout(props, size.unwrap_or((0.0, 0.0)));
    let replicas = use_replicas(&props.snapshot);
    let scene = Same::from(use_memo(
        (props.snapshot.clone(), layout, replicas, props.selection),
        |(snapshot, layout, replicas, selection)| scene(snapshot, layout, replicas, *selection),
    ));
    let turns = use_turns(&scene, props.playing);
    let turns = turns.borrow();
    let class = classes!("stage", props.playing.then_some("is-playing"));
    let behind = turns.is_behind(&scene).then_some("true");
    html! {
        <div {class} ref={node} role="region" aria-label="stage" data-behind={behind}>
            if size.is_some() {
                { picture(props, &scene, &turns) }
            }
        </div>
    }
}

/// Parts of a large stage, which can take turns; from the last on each is a rack.
#[derive(Clone, Copy)]
enum Part {
    Head,
    Flows,
    Matrix,
    Outputs,
    Racks,
}

/// What each part shows now. While the run is played the next frame brings the next turn; where it rests,
/// those that are behind come after as soon as the browser has shown what there is.
#[hook]
fn use_turns(scene: &Same<Scene>, playing: bool) -> Rc<RefCell<Turns<Scene>>> {
    let turns = use_mut_ref(Turns::default);
    let begun = clock();
    {
        let mut turns = turns.borrow_mut();
        let is_alike = |shown: &Same<Scene>| {
            shown.layout == scene.layout && shown.selection == scene.selection
        };
        let may_wait = !scene.layout.racks.is_empty() && turns.of(0).is_some_and(is_alike);
        turns.take(scene, Part::Racks as usize + scene.layout.racks.len(), may_wait, begun);
    }
    let again = use_force_update();
    let (after, scene) = (Rc::clone(&turns), scene.clone());
    use_effect(move || {
        let now = clock();
        after.borrow_mut().spent(now - begun, now);
        let is_behind = !playing && after.borrow().is_behind(&scene);
        let rest = is_behind.then(|| Timeout::new(0, move || again.force_update()));
        move || drop(rest)
    });
    turns
}

/// Milliseconds since the page was opened.
fn clock() -> f64 {
    let performance = web_sys::window().and_then(|window| window.performance());
    performance.map_or(0.0, |performance| performance.now())
}

/// The layout, computed anew only when the box or the shape of the run changes.
#[hook]
fn use_layout(props: &StageProps, size: (f64, f64)) -> Same<StageLayout> {
    let (width, height) = size;
    let snapshot = &props.snapshot;
    let shape = |node: &Rc<crate::trace::snapshot::Node>| NodeShape {
        id: node.id,
        rack: node.rack,
        map_slots: node.map_slots,
        reduce_slots: node.reduce_slots,
    };
    let ask = Ask {
        width,
        height,
        presenter: props.presenter,
        nodes: snapshot.nodes.iter().map(shape).collect(),
        blocks: snapshot.blocks.iter().map(|block| (block.offset, block.length)).collect(),
        copies: snapshot
            .blocks
            .iter()
            .map(|block| block.wanted)
            .max()
            .map_or(0, |most| usize::try_from(most).unwrap_or(usize::MAX)),
        maps: snapshot.maps.len(),
        reduces: snapshot.reduces.len(),
        text: props.input_text.clone(),
        focus: derive::focused_node(snapshot, props.selection),
    };
    Same::from(use_memo(ask, StageLayout::new))
}

/// The blocks of which each node holds a copy.
#[hook]
fn use_replicas(snapshot: &Rc<Snapshot>) -> Same<Vec<Rc<[BlockId]>>> {
    let parts = (snapshot.blocks.clone(), snapshot.nodes.len());
    Same::from(use_memo(parts, |(blocks, nodes)| {
        let mut held: Vec<Vec<BlockId>> = vec![Vec::new(); *nodes];
        for block in blocks {
            for node in &block.replicas {
                if let Some(here) = held.get_mut(node.place()) {
                    here.push(block.id);
                }
            }
        }
        held.into_iter().map(Rc::from).collect()
    }))
}

fn scene(
    snapshot: &Rc<Snapshot>,
    layout: &Same<StageLayout>,
    replicas: &Same<Vec<Rc<[BlockId]>>>,
    selection: Option<Selection>,
) -> Scene {
    let hues = Hues::new(snapshot, selection);
    let work = Same::new(derive::work(snapshot));
    let ribbons = Same::new(ribbons(snapshot, layout, &work, &hues, selection));
    let reads = Same::new(reads(snapshot, layout, &work, replicas));
    let fullest = match layout.racks.is_empty() {
        true => 0,
        false => work.iter().map(stored).max().unwrap_or(0),
    };
    let snapshot = Rc::clone(snapshot);
    Scene {
        snapshot,
        selection,
        layout: layout.clone(),
        work,
        hues,
        ribbons,
        reads,
        replicas: replicas.to_vec(),
        fullest,
    }
}

fn picture(props: &StageProps, scene: &Same<Scene>, turns: &Turns<Scene>) -> Html {
    let StageProps { on_select, selection, .. } = props;
    let layout = &scene.layout;
    let frame = layout.frame;
    let selected_block = match selection {
        Some(Selection::Block(block)) => Some(*block),
        _ => None,
    };
    let layer = |children: Html| layer(&frame, children);
    let of = |part: Part| turns.of(part as usize).unwrap_or(scene);
    let (head, flows, matrix, out) =
        (of(Part::Head), of(Part::Flows), of(Part::Matrix), of(Part::Outputs));
    html! {
        <div class="stage-picture" role="group" aria-label={format!("the cluster at {}", props.now)}>
            { layer(html! { <>
                <Patterns />
                <Coordinator layout={layout.clone()} job={head.snapshot.job.clone()}
                    maps={head.snapshot.maps.clone()} reduces={head.snapshot.reduces.clone()}
                    hues={head.hues.clone()} is_selected={*selection == Some(Selection::Coordinator)}
                    on_select={on_select.clone()} />
                <Input layout={layout.clone()} blocks={head.snapshot.blocks.clone()}
                    maps={head.snapshot.maps.clone()} selected={selected_block}
                    out={trouble::out_of_reach(&head.snapshot)} poisoned={head.snapshot.poisoned.clone()}
                    on_select={on_select.clone()} />
            </> }) }
            { layer(html! { <>
                { for layout.brackets.iter().map(|at| bracket(props, at)) }
                { for layout.lanes.iter().map(|lane| lane_view(props, scene, lane)) }
                { racks(props, scene, turns) }
            </> }) }
            { layer(html! {
                <Ribbons ribbons={flows.ribbons.clone()} reads={flows.reads.clone()} />
            }) }
            { layer(html! { <>
                { for layout.focus.iter().map(|lane| lane_view(props, scene, lane)) }
                <Matrix layout={layout.clone()} snapshot={matrix.snapshot.clone()} work={matrix.work.clone()}
                    hues={matrix.hues.clone()} selection={*selection} on_select={on_select.clone()} />
                <Outputs layout={layout.clone()} outputs={out.snapshot.outputs.clone()} set_aside={out.snapshot.set_aside.clone()}
                    job={out.snapshot.job.clone()} hues={out.hues.clone()} selection={*selection}
                    on_select={on_select.clone()} />
            </> }) }
            { layer(html! {
                <Tokens layout={layout.clone()} snapshot={flows.snapshot.clone()} work={flows.work.clone()}
                    hues={flows.hues.clone()} selection={*selection} on_select={on_select.clone()} />
            }) }
        </div>
    }
}

/// A layer of the picture. The browser keeps what it painted of a layer in which nothing changes.
fn layer(frame: &Rect, children: Html) -> Html {
    html! {
        <svg class="layer" viewBox={format!("0 0 {:.2} {:.2}", frame.width, frame.height)}>
            { children }
        </svg>
    }
}

/// A rack's bracket around its lanes, broken where the rack is cut off.
fn bracket(props: &StageProps, bracket: &Bracket) -> Html {
    let is_cut = props.snapshot.rack_cut_since(bracket.rack).is_some();
    let frame = bracket.frame;
    let (x, top, bottom) = (frame.right() - 2.0, frame.y, frame.bottom());
    let centre = frame.centre();
    let path = format!("M{:.1} {top:.1}H{:.1}V{bottom:.1}H{x:.1}", x, x - 5.0);
    let number = bracket.rack.0;
    let (name, narrow) = (format!("rack {number}"), format!("{number} cut"));
    let name = if is_cut { format!("{name} cut off") } else { name };
    let name = fit(&[&name, &narrow, &number.to_string()], frame.height, TEXT).to_owned();
    let selects = Selection::Rack(bracket.rack);
    // The gap to the lanes is the rack's too, so that a finger finds it.
    let area = Rect { x: frame.x - 2.0, width: frame.width + 4.0, ..frame };
    html! {
        <Hit areas={vec![area]} name={rack_name(&props.snapshot, bracket.rack)} {selects}
            is_selected={props.selection == Some(selects)} on_select={props.on_select.clone()}
            class={classes!("bracket", is_cut.then_some("is-cut"))}>
            <path d={path} />
            if is_cut {
                { crossed("cut-cross", Rect::new(x - 9.0, top + 2.0, 8.0, 8.0)) }
                { crossed("cut-cross", Rect::new(x - 9.0, bottom - 10.0, 8.0, 8.0)) }
            }
            if frame.height >= 44.0 {
                <text class="small faint middle" transform={format!("translate({:.1} {:.1}) rotate(-90)", frame.x + 9.0, centre.y)}>
                    { name }
                </text>
            } else if frame.height >= 12.0 {
                { text_in("small faint", frame, bracket.rack.0.to_string()) }
            }
        </Hit>
    }
}

/// The playhead as a node's lane needs it: at a whole tenth of a second since it was heard of, the nearest, as ages are
/// shown no finer.
fn in_tenths(now: Time, belief: &Belief) -> Time {
    const TENTH_US: u64 = 100_000;
    belief.heard_at.map_or(Time::ZERO, |heard| {
        let tenths = now.since(heard).0.saturating_add(TENTH_US / 2) / TENTH_US;
        heard + Span(tenths * TENTH_US)
    })
}

fn lane_view(props: &StageProps, scene: &Scene, lane: &Lane) -> Html {
    let snapshot = &props.snapshot;
    let place = lane.node.place();
    let (Some(node), Some(work)) = (snapshot.nodes.get(place), scene.work.get(place)) else {
        return html! {};
    };
    let split = |attempt: &Option<Rc<Attempt>>| {
        let attempt = attempt.as_ref()?;
        let split = derive::task(snapshot, attempt.id.task)?.split.clone()?;
        let block = derive::block_at(snapshot, split.offset).map(|block| block.id);
        Some((split, block))
    };
    let chip = |kind| {
        let reaches = scene.layout.board.row(kind).has_chips() && chips_reach_slots(&scene.layout);
        reaches.then(|| {
            scene.layout.board.row(kind).place(crate::ui::stage::layout::Column::Waiting, 0).width
        })
    };
    html! {
        <LaneView key={key(lane.node)} lane={lane.clone()} node={node.clone()} work={work.clone()}
            splits={work.maps.iter().map(split).collect::<Vec<_>>()}
            copies={work.reduces.iter().map(|seat| copies(snapshot, seat)).collect::<Vec<_>>()}
            seats={(seats(snapshot, &work.maps), seats(snapshot, &work.reduces))}
            is_cut={snapshot.rack_cut_since(node.rack).is_some()}
            replicas={scene.replicas.get(place).cloned().unwrap_or_else(|| Rc::from([]))}
            hues={scene.hues.clone()} chips={(chip(TaskKind::Map), chip(TaskKind::Reduce))}
            spill_percent={props.spill_percent} now={in_tenths(props.now, &node.belief)}
            selection={props.selection} on_select={props.on_select.clone()} />
    }
}

/// What a reduce has copied, and its segments by map unless they are too many to draw.
fn copies(snapshot: &Snapshot, seat: &Option<Rc<Attempt>>) -> (derive::Copied, Vec<Segment>) {
    const MARKS_MOST: usize = 16;
    let Some(attempt) = seat else { return <_>::default() };
    let copied = derive::copied(snapshot, attempt);
    if snapshot.shuffle.len() > MARKS_MOST {
        return (copied, Vec::new());
    }
    (copied, derive::segments(snapshot, attempt))
}

/// What is to be known of those in these seats beside themselves.
fn seats(snapshot: &Snapshot, seats: &[Option<Rc<Attempt>>]) -> Vec<Seat> {
    let of = |seat: &Option<Rc<Attempt>>| {
        seat.as_ref().map_or_else(Seat::default, |attempt| trouble::seat(snapshot, attempt))
    };
    seats.iter().map(of).collect()
}

/// The bytes that a node keeps of its maps' outputs.
fn stored(work: &NodeWork) -> u64 {
    work.outputs.iter().flat_map(|row| &row.cells).map(|cell| cell.volume.bytes).sum()
}

fn racks(props: &StageProps, latest: &Same<Scene>, turns: &Turns<Scene>) -> Html {
    let rack = |(place, rack): (usize, &RackLane)| {
        let scene = turns.of(Part::Racks as usize + place).unwrap_or(latest);
        rack_view(props, scene, rack)
    };
    latest.layout.racks.iter().enumerate().map(rack).collect()
}

fn rack_view(props: &StageProps, scene: &Scene, rack: &RackLane) -> Html {
    let snapshot = &scene.snapshot;
    let tile = |tile: &crate::ui::stage::layout::Tile| {
        let place = tile.node.place();
        let node = snapshot.nodes.get(place)?;
        let work = scene.work.get(place)?.clone();
        let disk_percent = percent(stored(&work), scene.fullest);
        Some(html! {
            <TileView key={key(tile.node)} tile={tile.clone()} node={node.clone()} {work} {disk_percent}
                is_cut={snapshot.rack_cut_since(node.rack).is_some()}
                age={Age::of(&node.belief, props.now)} is_selected={props.selection == Some(Selection::Node(tile.node))}
                on_select={props.on_select.clone()} />
        })
    };
    html! { <>
        <RackView rack={rack.clone()} is_cut={snapshot.rack_cut_since(rack.rack).is_some()}
            name={rack_name(snapshot, rack.rack)} is_selected={props.selection == Some(Selection::Rack(rack.rack))}
            on_select={props.on_select.clone()} />
        { for rack.tiles.iter().filter_map(tile) }
    </> }
}
