//! What the reader must be told: what happened and what to do, until it is dismissed.

use super::icon::{Icon, icon};
use crate::ui::model::action::{Action, Look};
use crate::ui::model::state;
use yew::prelude::*;

/// What a notice needs.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// What happened.
    pub(crate) notice: state::Notice,
    /// What the reader does.
    pub(crate) send: Callback<Action>,
}

/// A notice over the stage.
#[component]
pub(crate) fn Notice(props: &Props) -> Html {
    let dismiss = props.send.reform(|_: MouseEvent| Action::Look(Look::Dismiss));
    html! {
        <div class="notice" role="alert" data-testid="notice">
            <p>{ props.notice.message.clone() }</p>
            <button type="button" class="button quiet icon-only" aria-label="Dismiss" onclick={dismiss}>
                { icon(Icon::Close) }
            </button>
        </div>
    }
}
