//! The input file: its text with a cut where each block begins and a wash over what has been read,
//! or a bar or cell for each block.

use super::block_field::{BlockCell, BlockField};
use super::draw::{block, centred, crossed, filled, length, rounded, text_in};
use super::hit::Hit;
use super::lane::{is_reading, sheet};
use crate::base::{BlockId, NodeId};
use crate::charts::number::{bytes, count, fit};
use crate::charts::shape::Rect;
use crate::trace::Seq;
use crate::trace::snapshot::{Block, Task, TaskState};
use crate::ui::model::follow::Followed;
use crate::ui::same::Same;
use crate::ui::selection::Selection;
use crate::ui::stage::derive::current;
use crate::ui::stage::layout::{
    BlockCard, InputLayout, LETTER, StageLayout, TEXT, TextRow, read_marks,
};
use crate::ui::stage::trouble::{Replica, copies as replicas_of};
use crate::ui::stage::wording::{block_name, task_state};
use std::rc::Rc;
use yew::prelude::*;

/// The least width of a cell that is a button of its own.
const STOP: f64 = 16.0;

/// What the input is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct InputProps {
    /// Where it lies.
    pub(super) layout: Same<StageLayout>,
    /// Its blocks.
    pub(super) blocks: Vec<Rc<Block>>,
    /// The maps, which read it.
    pub(super) maps: Vec<Rc<Task>>,
    /// The selected block.
    pub(super) selected: Option<BlockId>,
    /// The nodes that nobody reaches.
    pub(super) out: Vec<NodeId>,
    /// Bytes whose lines make maps throw.
    pub(super) poisoned: Vec<(u64, Seq)>,
    /// Hears of a press.
    pub(super) on_select: Callback<Selection>,
}

/// The input file.
#[component]
pub(super) fn Input(props: &InputProps) -> Html {
    let layout = &props.layout.input;
    let followed = use_context::<Option<Rc<Followed>>>().flatten();
    let total: u64 = props.blocks.iter().map(|block| block.length).sum();
    let blocks = count(props.blocks.len() as u64, "block");
    let long = format!("Input, {} in {blocks}", bytes(total));
    let short = format!("Input, {blocks}");
    let title = fit(&[&long, &short, "Input"], layout.title.width, TEXT * 1.1).to_owned();
    html! {
        <g class="input" role="group" aria-label="input file">
            { text_in("panel-title", layout.title, title) }
            if layout.is_whole {
                { text(props, layout, followed.as_deref().map_or(&[], |followed| &followed.lines)) }
            } else if is_field(layout) {
                <BlockField cells={cells(props, layout)} selected={props.selected} on_select={props.on_select.clone()} />
            } else {
                { for props.blocks.iter().zip(&layout.blocks).map(|(block, card)| bar(props, block, card)) }
            }
        </g>
    }
}

/// The text with all that is marked in it, from the back to the front. Of what is followed the lines are marked,
/// and not the blocks that hold them.
fn text(props: &InputProps, layout: &InputLayout, followed: &[(u64, u64)]) -> Html {
    let cards = || props.blocks.iter().zip(&layout.blocks);
    html! { <>
        { for cards().map(|(block, card)| sheet_of(props, block, card)) }
        { for props.maps.iter().map(|task| washes(layout, task)) }
        { for followed.iter().map(|line| followed_line(layout, *line)) }
        <g class="text" aria-hidden="true">{ for layout.rows.iter().map(row) }</g>
        { for props.poisoned.iter().map(|(byte, _)| poison(layout, *byte)) }
        { for cards().map(|(block, card)| flag(props, block, card)) }
    </> }
}

/// A line of what is followed, in as many pieces as rows that it goes over.
fn followed_line(layout: &InputLayout, (from, to): (u64, u64)) -> Html {
    let pieces = read_marks(layout, from, to).into_iter();
    pieces.map(|piece| rounded("follow-mark is-line", piece.inset(-1.0), 3.0)).collect()
}

/// A byte whose line makes maps throw.
fn poison(layout: &InputLayout, byte: u64) -> Html {
    let mark = |at: Rect| html! { <>{ rounded("poison", at.inset(-2.0), 3.0) }{ crossed("poison-cross", at) }</> };
    read_marks(layout, byte, byte.saturating_add(1)).into_iter().map(mark).collect()
}

/// A block's part of the text: pressing it selects the block.
fn sheet_of(props: &InputProps, of: &Rc<Block>, card: &BlockCard) -> Html {
    html! {
        <Hit areas={card.pieces.clone()} name={block_said(of, &props.out)} class="block" selects={Selection::Block(of.id)}
            is_selected={props.selected == Some(of.id)} shows_follow={false} on_select={props.on_select.clone()}>
            { for card.pieces.iter().map(|piece| block("block-piece", *piece)) }
        </Hit>
    }
}

/// A row of the file, its letters at equal distances, and a sign where a line ends.
fn row(row: &TextRow) -> Html {
    let y = row.frame.centre().y + TEXT * 0.36;
    let run = |(x, run): &(f64, String)| {
        let width = LETTER * run.chars().count() as f64;
        html! { <text x={length(*x)} y={length(y)} textLength={length(width)}>{ run }</text> }
    };
    let end =
        row.runs.last().map_or(row.frame.x, |(x, run)| x + LETTER * run.chars().count() as f64);
    html! { <>
        { for row.runs.iter().map(run) }
        if row.ends_line {
            <text class="line-end" x={length(end)} y={length(y)}>{ "↵" }</text>
        }
    </> }
}

/// What a map has read: from its first whole line to where it stands, past its split's end if its
/// last line goes there. Neighbours have different washes, so that it is seen where a line that a
/// cut goes through belongs. The head of a map that still reads is a bar.
fn washes(layout: &InputLayout, task: &Task) -> Html {
    let Some((attempt, split)) = current(task).zip(task.split.as_ref()) else { return html! {} };
    // What a lost attempt has read is to be read again.
    if task.state == TaskState::Pending {
        return html! {};
    }
    let progress = &attempt.progress;
    let from = split.offset + progress.skipped_bytes;
    let to = progress.position.max(progress.read_to.unwrap_or(0));
    let parity = if task.id.index.is_multiple_of(2) { "is-even" } else { "is-odd" };
    let is_reading = is_reading(attempt) && to > from;
    let marks = read_marks(layout, from, to);
    let head = marks.last().filter(|_| is_reading).copied();
    let class = classes!("wash", parity, is_reading.then_some("is-reading"));
    html! { <>
        { for marks.into_iter().map(|mark| block(class.clone(), mark)) }
        { for head.map(|at| block("reading-head", Rect { x: at.right() - 1.5, width: 3.0, ..at })) }
    </> }
}

/// The flag at a block's first byte: its number and the nodes that hold a copy. Where a split
/// begins too, the flag says so, and the cut is a full line.
fn flag(props: &InputProps, of: &Rc<Block>, card: &BlockCard) -> Html {
    let split =
        props.maps.iter().find(|task| task.split.as_ref().is_some_and(|s| s.offset == of.offset));
    let cut = Rect::new(card.cut.x - 1.0, card.cut.y, 2.0, card.cut.height);
    let width = card.flag.map_or(0.0, |flag| flag.width);
    let is_inline = card.cut.height <= 20.0;
    let has_words = width > 60.0 + 17.0 * of.replicas.len() as f64;
    html! {
        <g class="flag" aria-hidden="true">
            if !is_inline {
                { block(if split.is_some() { "cut" } else { "cut is-block" }, cut) }
            }
            { for card.flag.map(|frame| html! { <>
                { sheet(Rect { width: 17.0, ..frame }) }
                { centred("small strong", Rect { width: 17.0, ..frame }, of.id.0.to_string()) }
                if has_words {
                    { for split.map(|task| text_in("small", frame.cut_left(21.0, 0.0).1, format!("split {}", task.id.index))) }
                }
                { copies(of, &props.out, frame.cut_left(if has_words { 66.0 } else { 22.0 }, 0.0).1) }
            </> }) }
        </g>
    }
}

/// The nodes that hold a copy: a small round chip each.
fn copies(of: &Block, out: &[NodeId], room: Rect) -> Html {
    let side = 15.0;
    let chip = |(place, (node, replica)): (usize, &(NodeId, Replica))| {
        let at = Rect::new(room.x + place as f64 * (side + 2.0), room.y + 1.0, side, side);
        let is_out = matches!(replica, Replica::OutOfReach | Replica::BelievedLost);
        html! { <>
            { rounded(replica.class(), at, side / 2.0) }
            { centred("small", at, node.0.to_string()) }
            if is_out {
                { crossed("copy-cross", at.inset(1.5)) }
            }
        </> }
    };
    let all = replicas_of(of, out);
    let shown = all
        .iter()
        .enumerate()
        .filter(|(place, _)| (*place as f64 + 1.0) * (side + 2.0) <= room.width);
    shown.map(chip).collect()
}

/// Whether cells are too small to be buttons of their own.
fn is_field(layout: &InputLayout) -> bool {
    let small = |card: &BlockCard| card.pieces.first().is_some_and(|frame| frame.width < STOP);
    layout.blocks.iter().any(small)
}

/// The blocks of a field.
fn cells(props: &InputProps, layout: &InputLayout) -> Vec<BlockCell> {
    let cell = |(of, card): (&Rc<Block>, &BlockCard)| {
        let task = task_of(props, of);
        Some(BlockCell {
            id: of.id,
            frame: card.pieces.first().copied()?,
            share: share_read(of, task),
            state: task.map_or(TaskState::Pending, |task| task.state),
            is_short: is_short(of, &out_of(of, &props.out)),
            is_poisoned: is_poisoned(props, of),
        })
    };
    props.blocks.iter().zip(&layout.blocks).filter_map(cell).collect()
}

/// The map that reads a block's first byte.
fn task_of<'a>(props: &'a InputProps, of: &Block) -> Option<&'a Rc<Task>> {
    let place = usize::try_from(of.id.0).unwrap_or(usize::MAX);
    let near = props
        .maps
        .get(place)
        .filter(|task| task.split.as_ref().is_some_and(|s| s.offset == of.offset));
    near.or_else(|| {
        props
            .maps
            .iter()
            .find(|task| task.split.as_ref().is_some_and(|s| holds(s.offset, s.length, of.offset)))
    })
}

fn is_poisoned(props: &InputProps, of: &Block) -> bool {
    props.poisoned.iter().any(|(byte, _)| holds(of.offset, of.length, *byte))
}

/// Whether a copy of a block is missing.
fn is_short(of: &Block, out: &[NodeId]) -> bool {
    replicas_of(of, out).iter().any(|(_, copy)| *copy != Replica::There)
}

/// A block of a large file: how much of it its map has read.
fn bar(props: &InputProps, of: &Rc<Block>, card: &BlockCard) -> Html {
    let Some(frame) = card.pieces.first().copied() else { return html! {} };
    let task = task_of(props, of);
    html! {
        <BlockBar of={of.clone()} {frame} flag={card.flag} share={share_read(of, task)}
            out={out_of(of, &props.out)}
            is_poisoned={is_poisoned(props, of)}
            state={task.map_or(TaskState::Pending, |task| task.state)}
            is_selected={props.selected == Some(of.id)} on_select={props.on_select.clone()} />
    }
}

fn holds(offset: u64, length: u64, byte: u64) -> bool {
    offset <= byte && byte < offset.saturating_add(length)
}

/// The nodes of those that nobody reaches which have to do with a block: others are no reason to
/// draw it anew.
fn out_of(of: &Block, out: &[NodeId]) -> Vec<NodeId> {
    out.iter()
        .copied()
        .filter(|node| of.replicas.contains(node) || of.believed.contains(node))
        .collect()
}

/// A block's accessible name, with how its copies fare.
fn block_said(of: &Block, out: &[NodeId]) -> String {
    let troubled = replicas_of(of, out).into_iter().filter(|(_, copy)| *copy != Replica::There);
    let said: String = troubled.map(|(node, copy)| format!("; {node}{}", copy.word())).collect();
    format!("{}{said}", block_name(of))
}

/// How much of a block its map has read, in whole percent, so that it is seldom drawn anew.
fn share_read(block: &Block, task: Option<&Rc<Task>>) -> u64 {
    match task.map(|task| task.state) {
        Some(TaskState::Done) => return 100,
        Some(TaskState::Pending) | None => return 0,
        Some(TaskState::Running) => {}
    }
    let position =
        task.and_then(|task| current(task)).map_or(0, |attempt| attempt.progress.position);
    crate::charts::number::percent(position.saturating_sub(block.offset), block.length)
}

/// What a block's bar is given.
#[derive(Clone, PartialEq, Properties)]
struct BlockBarProps {
    of: Rc<Block>,
    frame: Rect,
    flag: Option<Rect>,
    share: u64,
    out: Vec<NodeId>,
    is_poisoned: bool,
    state: TaskState,
    is_selected: bool,
    on_select: Callback<Selection>,
}

/// A block as a bar or a cell.
#[component]
fn BlockBar(props: &BlockBarProps) -> Html {
    let frame = props.frame;
    let state = match props.state {
        TaskState::Pending => "is-pending",
        TaskState::Running => "is-running",
        TaskState::Done => "is-done",
    };
    let is_wide = frame.width >= 90.0;
    // Where copies have no room, a mark says that one is missing.
    let is_short = is_short(&props.of, &props.out);
    let number = props.of.id.0.to_string();
    html! {
        <Hit areas={vec![frame]} name={format!("{}; {} % read, its map is {}", block_said(&props.of, &props.out), props.share, task_state(props.state))}
            class={classes!("block", "is-bar", state)} selects={Selection::Block(props.of.id)}
            is_selected={props.is_selected}
            on_select={props.on_select.clone()}>
            { rounded("block-piece", frame, 1.5) }
            { filled("block-read", frame, props.share as f64 / 100.0) }
            if let Some(flag) = props.flag {
                if is_wide {
                    { text_in("small", flag, format!("block {number}")) }
                    { copies(&props.of, &props.out, Rect { y: flag.centre().y - 8.5, ..flag.cut_left(64.0, 0.0).1 }) }
                } else {
                    { centred("small", flag, number) }
                }
            }
            if is_short && !is_wide {
                { rounded("short-mark", Rect::new(frame.right() - 6.0, frame.y + 1.0, 5.0, 5.0), 2.5) }
            }
            if props.is_poisoned {
                { crossed("poison-cross", Rect::new(frame.x + 2.0, frame.centre().y - 4.0, 8.0, 8.0)) }
            }
        </Hit>
    }
}
