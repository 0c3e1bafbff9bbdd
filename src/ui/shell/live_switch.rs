//! Simulated or live: the same engine in virtual time, or on real web workers.

use crate::ui::model::action::{Action, Change};
use crate::ui::model::live::NO_FORK;
use yew::prelude::*;

/// What the switch needs.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// Whether the run on the screen is live.
    pub(crate) is_live: bool,
    /// What the reader does.
    pub(crate) send: Callback<Action>,
}

/// Simulated or live.
#[component]
pub(crate) fn LiveSwitch(props: &Props) -> Html {
    let side = |name: &'static str, title: String, is_live: bool| {
        let onclick = props.send.reform(move |_: MouseEvent| Action::Change(Change::Live(is_live)));
        let is_on = props.is_live == is_live;
        html! {
            <button type="button" class="segment" aria-pressed={is_on.to_string()} {title} {onclick}
                data-testid={if is_live { "live" } else { "simulated" }}>
                { name }
            </button>
        }
    };
    html! {
        <div class="segments" role="group" aria-label="How it runs">
            { side("Simulated", "In virtual time: it can be stepped, forked and repeated.".to_owned(), false) }
            { side("Live", format!("On real web workers, now. {NO_FORK}"), true) }
        </div>
    }
}
