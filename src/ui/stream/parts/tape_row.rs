//! A partition of the log as a tape of cells.

use crate::charts::number::{fit, text_width};
use crate::charts::shape::Rect;
use crate::trace::snapshot::stream::{PartitionState, StreamState};
use crate::trace::stream::{Fate, Profile};
use crate::ui::selection::Selection;
use crate::ui::stage::draw::{centred, rounded, text_end, text_in};
use crate::ui::stage::hit::Hit;
use crate::ui::stream::flow::TEXT;
use crate::ui::stream::tape::{Cell, tape};
use crate::ui::stream::{Thing, wording};
use std::rc::Rc;
use yew::prelude::*;

/// What a tape is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct TapeRowProps {
    /// The job.
    pub(super) state: Rc<StreamState>,
    /// The partition.
    pub(super) partition: Rc<PartitionState>,
    /// Where it lies.
    pub(super) rect: Rect,
    /// What is selected.
    pub(super) selected: Option<Thing>,
    /// Hears what is pressed.
    pub(super) on_select: Callback<Selection>,
}

/// More cells than this on all tapes are no stops of the tab key: the plot and the tables lead there.
const STOPS_MOST: usize = 40;

/// A tape.
#[component]
pub(super) fn TapeRow(props: &TapeRowProps) -> Html {
    let TapeRowProps { state, partition, rect, .. } = props;
    let has_line = rect.height >= 32.0;
    let label_width = if has_line { 0.0 } else { 26.0 };
    let (line, row) = match has_line {
        true => rect.cut_top(17.0, 2.0),
        false => rect.cut_left(label_width, 2.0),
    };
    let tape = tape(state, partition, row);
    let is_stop = state.records.len() <= STOPS_MOST;
    let thing = Thing::Partition(partition.id);
    let name = wording::partition(state, partition.id);
    let waits = (partition.log.len() as u64).saturating_sub(partition.read);
    let mark = match (state.plan.profile, partition.watermark) {
        (Profile::KafkaStreams, None) => String::new(),
        (_, mark) => format!(", watermark {}", wording::mark(mark)),
    };
    let said = format!(
        "{name}: {} of {} records read{}{}",
        partition.read,
        partition.log.len(),
        mark,
        state_of(partition)
    );
    let short = match has_line {
        true => format!("{name}{}", state_of(partition)),
        false => partition.id.index.to_string(),
    };
    let right = match waits {
        0 => String::new(),
        waits => format!("{waits} not read"),
    };
    let left = fit(&[&short, &partition.id.index.to_string()], line.width, TEXT).to_owned();
    let has_right = text_width(&left, TEXT) + text_width(&right, TEXT) < line.width;
    let class = classes!(
        "tape",
        partition.idle.is_some().then_some("is-idle"),
        partition.paused.is_some().then_some("is-paused"),
        partition.silent.is_some().then_some("is-silent")
    );
    html! {
        <g {class}>
            <Hit areas={vec![line]} name={said} selects={Selection::Stream(thing)}
                is_selected={props.selected == Some(thing)} on_select={props.on_select.clone()}>
                { rounded("tape-name", Rect { x: line.x - 4.0, width: line.width + 8.0, ..line }, 3.0) }
                { text_in("small", line, left) }
                if has_line && has_right { { text_end("small faint", line, right) } }
            </Hit>
            { rounded("tape-bed", Rect { x: row.x - 3.0, width: row.width + 6.0, ..row }, 3.0) }
            { for tape.cells.iter().map(|cell| cell_view(props, cell, is_stop)) }
            <path class="tape-head" d={format!("M{:.1} {:.1}V{:.1}", tape.reads_at, row.y - 2.0, row.bottom() + 2.0)} />
        </g>
    }
}

fn state_of(partition: &PartitionState) -> String {
    let mut said = String::new();
    match (partition.silent, partition.pace) {
        (Some(_), _) => said += ", silenced",
        (None, Some((percent, _))) => said += &format!(", at {percent} %"),
        (None, None) => {}
    }
    match (partition.idle, partition.paused) {
        (Some(_), _) => said += ", idle",
        (None, Some(_)) => said += ", paused",
        (None, None) => {}
    }
    said
}

fn cell_view(props: &TapeRowProps, cell: &Cell, is_stop: bool) -> Html {
    let thing = Thing::Record(cell.record);
    let fate = cell.fate.map_or(if cell.is_read { "read" } else { "not read yet" }, wording::fate);
    let name =
        format!("record {}, value {}, offset {}, {fate}", cell.record, cell.value, cell.offset);
    let class = classes!(
        "tape-cell",
        (!cell.is_read).then_some("is-new"),
        matches!(cell.fate, Some(Fate::Dropped | Fate::Unseen)).then_some("is-dropped"),
        matches!(cell.fate, Some(Fate::Late)).then_some("is-late")
    );
    let value = fit(&[&cell.value], cell.rect.width - 2.0, TEXT).to_owned();
    html! {
        <Hit key={cell.record.0} areas={vec![cell.rect]} {name} selects={Selection::Stream(thing)} {is_stop}
            is_selected={props.selected == Some(thing)} {class} on_select={props.on_select.clone()}>
            { rounded("cell", cell.rect, 2.0) }
            { centred("small", cell.rect, value) }
        </Hit>
    }
}
