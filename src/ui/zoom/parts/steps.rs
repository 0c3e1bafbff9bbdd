//! The player of a task's steps: first, back, forward, last, and a slider where all are counted.

use crate::base::format::Count;
use crate::ui::shell::{Icon, icon};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Where the reader wants to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seek {
    /// At this step.
    At(u64),
    /// At the last, whichever that is.
    End,
}

/// What the player is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct Props {
    /// The step that is shown, from 0.
    pub(super) at: u64,
    /// How many there are, where that is known.
    pub(super) total: Option<u64>,
    /// Hears where the reader wants to be.
    pub(super) on_seek: Callback<Seek>,
}

/// Where a key leads, if it is one of the player's.
pub(super) fn key_leads(key: &str, shift: bool, at: u64, total: Option<u64>) -> Option<Seek> {
    let far = if shift { 5 } else { 1 };
    let last = total.map_or(u64::MAX, |total| total.saturating_sub(1));
    match key {
        "ArrowRight" | "PageDown" => Some(Seek::At(at.saturating_add(far).min(last))),
        "ArrowLeft" | "PageUp" => Some(Seek::At(at.saturating_sub(far))),
        "Home" => Some(Seek::At(0)),
        "End" => Some(Seek::End),
        _ => None,
    }
}

/// The player.
#[component]
pub(super) fn Steps(props: &Props) -> Html {
    let (at, total) = (props.at, props.total);
    let is_last = total.is_some_and(|total| at + 1 >= total);
    let button = |picture: Icon, name: &'static str, keys: &str, off: bool, to: Seek, id| {
        let onclick = props.on_seek.reform(move |_: MouseEvent| to);
        let title = format!("{name} ({keys})");
        html! {
            <button type="button" class="transport-button" aria-label={name} {title} disabled={off} {onclick} data-testid={id}>
                { icon(picture) }
            </button>
        }
    };
    let oninput = props.on_seek.reform(|event: InputEvent| {
        let slider = event.target_dyn_into::<HtmlInputElement>();
        Seek::At(slider.and_then(|slider| slider.value().parse().ok()).unwrap_or(0))
    });
    let place = match total {
        Some(total) => format!("Step {} of {}", Count(at + 1), Count(total)),
        None => format!("Step {}", Count(at + 1)),
    };
    html! {
        <div class="zoom-steps" role="group" aria-label="Steps of this task">
            { button(Icon::First, "First step", "Home", at == 0, Seek::At(0), "zoom-first") }
            { button(Icon::Back, "Back a step", "←", at == 0, Seek::At(at.saturating_sub(1)), "zoom-back") }
            <span class="zoom-place number" data-testid="zoom-place">{ &place }</span>
            { button(Icon::Forward, "On a step", "→", is_last, Seek::At(at + 1), "zoom-step") }
            { button(Icon::Last, "Last step", "End", is_last, Seek::End, "zoom-last") }
            if let Some(total) = total.filter(|total| *total > 2) {
                <input type="range" class="zoom-slider" aria-label="Step" min="0" max={(total - 1).to_string()}
                    value={at.to_string()} aria-valuetext={place} {oninput} />
            }
        </div>
    }
}
