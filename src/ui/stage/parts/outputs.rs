//! The output: a part appears when it can be seen, and not before; one that its task committed but
//! not yet the job is marked as set aside.

use super::draw::{block, hatched, rounded, text_in};
use super::hit::Hit;
use crate::base::PartitionId;
use crate::charts::number::{bytes, count, fit};
use crate::charts::shape::Rect;
use crate::trace::snapshot::{Job, Output};
use crate::ui::same::Same;
use crate::ui::selection::Selection;
use crate::ui::stage::derive::Hues;
use crate::ui::stage::layout::{LINE, StageLayout, TEXT};
use crate::ui::stage::wording::volume;
use std::rc::Rc;
use yew::prelude::*;

/// What the output panel is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct OutputsProps {
    /// Where it lies.
    pub(super) layout: Same<StageLayout>,
    /// The parts that can be seen.
    pub(super) outputs: Vec<Rc<Output>>,
    /// Those that wait for the job's commit.
    pub(super) set_aside: Vec<Rc<Output>>,
    /// The job.
    pub(super) job: Option<Rc<Job>>,
    /// The colours.
    pub(super) hues: Hues,
    /// What is selected.
    pub(super) selection: Option<Selection>,
    /// Hears of a press.
    pub(super) on_select: Callback<Selection>,
}

/// The output.
#[component]
pub(super) fn Outputs(props: &OutputsProps) -> Html {
    let layout = &props.layout;
    if layout.parts.is_empty() {
        return html! {};
    }
    let finished = props.job.as_ref().is_some_and(|job| job.finished.is_some());
    let title = format!("Output, {} of {}", props.outputs.len(), layout.parts.len());
    let long = format!("{title} · _SUCCESS");
    let wordings: &[&str] =
        if finished { &[&long, "Output · _SUCCESS", "_SUCCESS"] } else { &[&title, "Output"] };
    let failed = props.job.as_ref().is_some_and(|job| job.failed.is_some());
    let lost = format!("{title} · failed");
    let wordings = if failed { &[lost.as_str(), "Output · failed", "failed"] } else { wordings };
    let head = Rect { height: LINE + 4.0, ..layout.outputs };
    html! {
        <g class="outputs" role="group" aria-label="output">
            { text_in("panel-title", head, fit(wordings, head.width, TEXT * 1.2).to_owned()) }
            { for layout.parts.iter().enumerate().map(|(place, at)| part(props, place, *at)) }
        </g>
    }
}

fn part(props: &OutputsProps, place: usize, at: Rect) -> Html {
    let index = u32::try_from(place).unwrap_or(u32::MAX);
    let selects = Selection::Output(PartitionId(index));
    let class = props.hues.class(place);
    let find = |outputs: &[Rc<Output>]| {
        outputs.iter().find(|output| output.part.0 == index).map(Rc::clone)
    };
    if let Some(output) = find(&props.set_aside) {
        let name =
            format!("part {index}, set aside until the job commits: {}", volume(output.volume));
        return html! {
            <Hit areas={vec![at]} {name} {selects} {class} is_selected={props.selection == Some(selects)}
                on_select={props.on_select.clone()}>
                { rounded("part is-aside", at, 4.0) }
                { aside_words(place, at) }
            </Hit>
        };
    }
    let Some(output) = find(&props.outputs) else {
        return html! { <g {class}>{ rounded("part is-awaited", at, 4.0) }</g> };
    };
    html! {
        <Hit areas={vec![at]} name={format!("part {index} of the output: {}", volume(output.volume))} {selects}
            class={classes!(class, "appears")} is_selected={props.selection == Some(selects)}
            on_select={props.on_select.clone()}>
            { rounded("part is-there", at, 4.0) }
            { swatch(props, place, at) }
            { words(&output, place, at) }
        </Hit>
    }
}

fn aside_words(place: usize, at: Rect) -> Html {
    let body = at.inset(3.0);
    let (long, short) = (format!("part {place}, set aside"), format!("({place})"));
    let line = fit(&[&long, &short], body.width, TEXT).to_owned();
    text_in("small", Rect { height: body.height.min(LINE + 2.0), ..body }, line)
}

fn swatch(props: &OutputsProps, place: usize, at: Rect) -> Html {
    let band = Rect { width: at.width.min(10.0), ..at };
    html! { <>{ block("part-solid", band) }{ hatched(props.hues.pattern(place), band, 0.0) }</> }
}

fn words(output: &Output, place: usize, at: Rect) -> Html {
    let body = at.inset(3.0).cut_left(14.0, 0.0).1;
    let (name, file, short) =
        (format!("part {place}"), format!("part-r-{place:05}"), place.to_string());
    let records = count(output.volume.records, "record");
    let size = format!("{records}, {}", bytes(output.volume.bytes));
    let lines = if at.height >= 2.0 * LINE + 4.0 {
        vec![
            fit(&[&file, &name, &short], body.width, TEXT),
            fit(&[&size, &records], body.width, TEXT),
        ]
    } else {
        let both = format!("{name}, {records}");
        let line = fit(&[&both, &name, &short], body.width, TEXT).to_owned();
        return text_in("small", body, line);
    };
    let frame = Rect { height: body.height.min(2.0 * LINE + 4.0), ..body };
    let rows = frame.rows(lines.len(), 0.0).into_iter().zip(lines).enumerate();
    let line = |(row, (at, text)): (usize, (Rect, &str))| {
        text_in(if row == 0 { "small strong" } else { "small" }, at, text.to_owned())
    };
    rows.map(line).collect()
}
