//! A slot's attempts, a bar each; its phases as shades.

use crate::base::{AttemptId, TaskKind};
use crate::charts::scale::Scale;
use crate::charts::shape::Rect;
use crate::charts::task_bars::{RowData, pieces};
use crate::trace::event::Phase;
use crate::ui::plots::tasks::Shown;
use crate::ui::selection::Selection;
use crate::ui::stage::derive::Hues;
use crate::ui::stage::trouble::Fate;
use yew::prelude::*;

/// What a row is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct TaskRowProps {
    /// Where it lies.
    pub(super) frame: Rect,
    /// From times to places.
    pub(super) scale: Scale,
    /// Its bars.
    pub(super) data: RowData<Phase>,
    /// Who they are.
    pub(super) attempts: Vec<Shown>,
    /// The colours of the partitions.
    pub(super) hues: Hues,
    /// Whether the tab key stops at each bar.
    pub(super) is_stop: bool,
    /// What is selected.
    pub(super) selection: Option<Selection>,
    /// Hears what is pressed.
    pub(super) on_select: Callback<Selection>,
}

/// A slot's attempts.
#[component]
pub(super) fn TaskRow(props: &TaskRowProps) -> Html {
    let bars = props.data.bars.iter().zip(&props.attempts);
    let one = |(bar, shown): (&crate::charts::task_bars::BarData<Phase>, &Shown)| {
        let id = &shown.id;
        let drawn = pieces(bar, props.frame, props.scale);
        let (hue, task) = match id.task.kind {
            TaskKind::Map => ("is-map", Selection::Task(id.task)),
            TaskKind::Reduce => {
                let place = usize::try_from(id.task.index).unwrap_or(usize::MAX);
                (props.hues.class(place), Selection::Task(id.task))
            }
        };
        let selects = Selection::Attempt(*id);
        let is_selected = props.selection == Some(selects) || props.selection == Some(task);
        let started = bar.pieces.first().map_or(0.0, |(start, _)| *start);
        let fate = fate_said(shown);
        let name = format!("{id}{fate}: from {started:.1} s to {:.1} s", bar.end);
        let onclick = props.on_select.reform(move |_: MouseEvent| selects);
        let on_select = props.on_select.clone();
        let onkeydown = move |event: KeyboardEvent| {
            if event.key() == "Enter" || event.key() == " " {
                event.prevent_default();
                event.stop_propagation();
                on_select.emit(selects);
            }
        };
        html! {
            <g class={classes!("bar-group", hue, is_selected.then_some("is-selected"))} role="button"
                tabindex={if props.is_stop { "0" } else { "-1" }} aria-label={name} {onclick} {onkeydown}>
                { for drawn.iter().map(piece) }
                { for over(shown, &drawn) }
                { for label(*id, &drawn, props.frame) }
            </g>
        }
    };
    html! { <g class="task-row">{ for bars.map(one) }</g> }
}

/// How an attempt fared, for its name.
fn fate_said(shown: &Shown) -> String {
    let fate = match shown.fate {
        Fate::Well => "",
        Fate::Gone => ", gone with its node",
        Fate::Failed => ", failed",
        Fate::Killed => ", killed",
    };
    format!("{}{fate}", if shown.is_backup { ", a backup" } else { "" })
}

/// What lies over a bar: a pattern of its own for each way to end badly, and a second outline for
/// a backup.
fn over(shown: &Shown, drawn: &[(Rect, Phase)]) -> Vec<Html> {
    let Some((first, last)) = drawn.first().zip(drawn.last()) else { return Vec::new() };
    let whole = Rect { width: last.0.right() - first.0.x, ..first.0 };
    let (x, y) = (format!("{:.1}", whole.x), format!("{:.1}", whole.y));
    let (width, height) = (format!("{:.1}", whole.width.max(2.0)), format!("{:.1}", whole.height));
    let pattern = match shown.fate {
        Fate::Well => None,
        Fate::Gone => Some("url(#bar-gone)"),
        Fate::Failed => Some("url(#bar-failed)"),
        Fate::Killed => Some("url(#bar-killed)"),
    };
    let over = pattern.map(|fill| {
        let (x, y, width, height) = (x.clone(), y.clone(), width.clone(), height.clone());
        html! { <rect class="bar-over" {fill} {x} {y} {width} {height} /> }
    });
    let twin = shown.is_backup.then(|| {
        html! { <rect class="bar-twin" {x} {y} {width} {height} /> }
    });
    over.into_iter().chain(twin).collect()
}

fn piece((rect, phase): &(Rect, Phase)) -> Html {
    html! {
        <rect class={classes!("piece", shade(*phase))} x={format!("{:.1}", rect.x)} y={format!("{:.1}", rect.y)}
            width={format!("{:.1}", rect.width)} height={format!("{:.1}", rect.height)} />
    }
}

/// The shade of a phase.
fn shade(phase: Phase) -> &'static str {
    match phase {
        Phase::Launch | Phase::Done => "ph-start",
        Phase::Map | Phase::Copy => "ph-work",
        Phase::Blocked => "ph-wait",
        Phase::Flush | Phase::Merge | Phase::Sort => "ph-sort",
        Phase::Reduce | Phase::Commit => "ph-last",
    }
}

/// A bar's task, where it has room: above the first piece that is long enough.
fn label(id: AttemptId, drawn: &[(Rect, Phase)], frame: Rect) -> Option<Html> {
    let (first, last) = (drawn.first()?.0, drawn.last()?.0);
    let text = id.task.to_string();
    let room = last.right() - first.x;
    let fits = frame.height >= 16.0 && crate::charts::number::text_width(&text, 12.0) + 8.0 <= room;
    fits.then(|| {
        let (x, y) = (first.x + 4.0, frame.y + frame.height / 2.0 + 4.2);
        html! { <text class="plot-text on-bar" x={format!("{x:.1}")} y={format!("{y:.1}")}>{ text }</text> }
    })
}
