//! Another branch over the timeline of attempts: which one is chosen, and how it is drawn.

use crate::charts::shape::{Rect, add_rect};
use crate::charts::task_bars::rows;
use crate::ui::plots::ghost::{Ghost, drawn};
use crate::ui::plots::tasks::{TaskRows, task_rows};
use crate::ui::same::Same;
use crate::ui::stage::derive::Hues;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// The height of the strip under the rows that says when the two branches differ.
pub(super) const STRIP: f64 = 14.0;

/// Which branch is laid over the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Choice {
    /// The one that the run comes from, or the first of the others.
    #[default]
    First,
    /// This one.
    Branch(u32),
    /// None.
    Nothing,
}

impl Choice {
    /// The one that is chosen, if it is there.
    pub(super) fn of(self, ghosts: &[Ghost]) -> Option<&Ghost> {
        match self {
            Choice::First => ghosts.first(),
            Choice::Branch(number) => ghosts.iter().find(|ghost| ghost.number == number),
            Choice::Nothing => None,
        }
    }
}

/// Chooses the ghost; nothing where there is no other branch.
pub(super) fn picker(ghosts: &[Ghost], chosen: &UseStateHandle<Choice>) -> Html {
    if ghosts.is_empty() {
        return html! {};
    }
    let shown = chosen.of(ghosts).map(|ghost| ghost.number);
    let numbers: Vec<u32> = ghosts.iter().map(|ghost| ghost.number).collect();
    let onchange = {
        let chosen = chosen.clone();
        Callback::from(move |event: Event| {
            let select: Option<HtmlSelectElement> = event.target_dyn_into();
            let place = select.and_then(|select| usize::try_from(select.selected_index()).ok());
            let number = place.and_then(|place| numbers.get(place.checked_sub(1)?));
            chosen.set(number.map_or(Choice::Nothing, |number| Choice::Branch(*number)));
        })
    };
    html! {
        <label class="ghost-picker small">
            <span class="ghost-swatch" aria-hidden="true" />
            <span>{ "Outlined, where it differs: " }</span>
            <select {onchange} data-testid="ghost">
                <option selected={shown.is_none()}>{ "no other branch" }</option>
                { for ghosts.iter().map(|ghost| html! {
                    <option selected={shown == Some(ghost.number)}>{ ghost.label.clone() }</option>
                }) }
            </select>
        </label>
    }
}

/// What the ghost is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct GhostViewProps {
    /// The other branch.
    pub(super) ghost: Ghost,
    /// The rows of the run on the screen.
    pub(super) rows: Same<(TaskRows, Hues)>,
    /// The width of the picture.
    pub(super) width: f64,
    /// The height of a row.
    pub(super) row_height: f64,
    /// The end of the time axis, in seconds.
    pub(super) until: f64,
}

/// The outlines of a ghost, and under the rows a strip where the two differ.
#[component]
pub(super) fn GhostView(props: &GhostViewProps) -> Html {
    let other = use_memo(props.ghost.clone(), |ghost| task_rows(&ghost.timeline.seek(ghost.upto)));
    let (own, _) = &*props.rows;
    let laid = rows(&own.data, props.width, props.row_height, props.until);
    let sizes = (props.width, props.row_height, props.until);
    let both = (props.rows.clone(), Same::from(other), sizes);
    let over = use_memo(both, |(_, other, _)| drawn(own, other, &laid));
    let mut outlines = String::new();
    over.outlines.iter().for_each(|outline| add_rect(&mut outlines, *outline));
    let mut strip = String::new();
    for (start, end) in &over.differ {
        let (left, right) = (laid.scale.at(*start), laid.scale.at(*end));
        let at = Rect::new(left, laid.height + 2.0, (right - left).max(1.0), STRIP - 4.0);
        add_rect(&mut strip, at);
    }
    html! {
        <g class="ghost" aria-hidden="true">
            <path class="ghost-bars" d={outlines} />
            <text class="plot-text" x="0" y={format!("{:.1}", laid.height + STRIP - 3.0)}>{ "differ" }</text>
            <path class="ghost-strip" d={strip} />
        </g>
    }
}
