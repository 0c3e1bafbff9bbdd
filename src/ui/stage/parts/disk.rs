//! A node's disk: the outputs of the maps that ended there, cut into a segment a partition, and
//! the spills of those that still run.

use super::draw::{block, centred, hatched, length, rounded, text_in};
use super::hit::Hit;
use crate::base::PartitionId;
use crate::charts::number::text_width;
use crate::charts::shape::Rect;
use crate::trace::snapshot::{Attempt, ShuffleRow};
use crate::ui::selection::Selection;
use crate::ui::stage::derive::Hues;
use crate::ui::stage::layout::{Disk, TEXT, disk};
use crate::ui::stage::wording::cell_name;
use std::rc::Rc;
use yew::prelude::*;

/// What a disk is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct DiskProps {
    /// Where the outputs lie.
    pub(super) frame: Rect,
    /// Where its name and the spills stand.
    pub(super) spills: Option<Rect>,
    /// The map outputs.
    pub(super) outputs: Vec<Rc<ShuffleRow>>,
    /// The maps that run here.
    pub(super) running: Vec<Rc<Attempt>>,
    /// The colours.
    pub(super) hues: Hues,
    /// What is selected.
    pub(super) selection: Option<Selection>,
    /// Hears of a press.
    pub(super) on_select: Callback<Selection>,
}

/// A node's disk.
#[component]
pub(super) fn DiskView(props: &DiskProps) -> Html {
    let layout = disk(props.frame, props.outputs.len());
    let body = props.spills.map_or(props.frame, |head| Rect {
        y: head.y,
        height: props.frame.bottom() - head.y,
        ..props.frame
    });
    html! {
        <g class="disk">
            { rounded("disk-frame", grown(body), 4.0) }
            if let Some(head) = props.spills {
                { text_in("small faint", head, "disk") }
                { spills(props, head.cut_left(30.0, 0.0).1) }
            }
            if layout.is_summed {
                { summed(props, &layout) }
            } else {
                { for props.outputs.iter().zip(&layout.rows).map(|(row, at)| output(props, row, *at)) }
            }
        </g>
    }
}

/// The disk's frame stands a little outside of what lies on it.
fn grown(body: Rect) -> Rect {
    Rect::new(body.x - 4.0, body.y - 2.0, body.width + 8.0, body.height + 4.0)
}

/// A mark for each spill of the maps that run: hollow while it is written, then filled.
fn spills(props: &DiskProps, head: Rect) -> Html {
    let side = 9.0;
    let mut x = head.right();
    let all = props.running.iter().flat_map(|attempt| &attempt.spills);
    let mut marks = Vec::new();
    for spill in all {
        x -= side + 3.0;
        if x < head.x {
            break;
        }
        let class = if spill.written.is_some() { "spill is-written" } else { "spill" };
        marks.push(rounded(class, Rect::new(x, head.centre().y - side / 2.0, side, side), 1.5));
    }
    marks.into_iter().collect()
}

/// A map's output: its number, and a segment a partition, as wide as it is large.
fn output(props: &DiskProps, row: &Rc<ShuffleRow>, at: Rect) -> Html {
    let has_label = at.height >= 11.0 && at.width >= 70.0;
    let (label, body) = if has_label { at.cut_left(24.0, 2.0) } else { (at, at) };
    let weights: Vec<u64> = row.cells.iter().map(|cell| cell.volume.bytes).collect();
    let segments = Disk::segments(body, &weights);
    html! {
        <g class="output-row">
            if has_label {
                { text_in("small", label, format!("m{}", row.map.0)) }
            }
            { for segments.into_iter().enumerate().map(|(part, at)| segment(props, row, part, at)) }
        </g>
    }
}

fn segment(props: &DiskProps, row: &Rc<ShuffleRow>, part: usize, at: Rect) -> Html {
    let Some(cell) = row.cells.get(part) else { return html! {} };
    let partition = PartitionId(u32::try_from(part).unwrap_or(u32::MAX));
    let selects = Selection::Cell { map: row.map, partition };
    let shape = Rect::new(at.x, at.y, at.width - 1.0_f64.min(at.width / 4.0), at.height);
    let drawn = html! { <>
        { rounded("segment", shape, 2.0) }
        { hatched(props.hues.pattern(part), shape, 2.0) }
        { number(part, shape) }
    </> };
    if at.height < 8.0 || at.width < 8.0 {
        return html! { <g class={props.hues.class(part)}>{ drawn }</g> };
    }
    html! {
        <Hit areas={vec![shape]} name={format!("on the disk, {}", cell_name(row.map.0, part, cell))} {selects}
            class={props.hues.class(part)} is_selected={props.selection == Some(selects)}
            on_select={props.on_select.clone()}>
            { drawn }
        </Hit>
    }
}

/// A partition's number on a plate, so that it is legible on any pattern.
fn number(part: usize, at: Rect) -> Html {
    let text = part.to_string();
    let width = text_width(&text, TEXT) + 4.0;
    if at.width < width || at.height < 12.0 {
        return html! {};
    }
    let centre = at.centre();
    let plate = Rect::new(centre.x - width / 2.0, centre.y - 7.0, width, 14.0);
    html! { <>{ rounded("plate", plate, 3.0) }{ centred("small strong", plate, text) }</> }
}

/// Too many outputs for a row each: their sum, by partition.
fn summed(props: &DiskProps, layout: &Disk) -> Html {
    let Some(row) = layout.rows.first() else { return html! {} };
    let partitions = props.outputs.first().map_or(0, |row| row.cells.len());
    let sum = |part: usize| {
        let cells = props.outputs.iter().filter_map(|row| row.cells.get(part));
        cells.map(|cell| cell.volume.bytes).sum()
    };
    let sums: Vec<u64> = (0..partitions).map(sum).collect();
    let segments = Disk::segments(*row, &sums);
    let draw = |(part, at): (usize, Rect)| {
        html! { <g class={props.hues.class(part)}>{ block("segment", at) }</g> }
    };
    let count = format!("{} outputs", props.outputs.len());
    html! {
        <g class="output-row">
            <title>{ &count }</title>
            { for segments.into_iter().enumerate().map(draw) }
            if row.y - props.frame.y > 14.0 {
                <text class="small" x={length(row.x)} y={length(row.y - 4.0)}>{ count }</text>
            }
        </g>
    }
}
