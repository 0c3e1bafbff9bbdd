//! What was done last, in passing, with the way back. It goes by itself after a while, unless the
//! pointer or the focus is on it.

use crate::ui::model::action::{Action, Change, Look};
use crate::ui::model::state;
use gloo::timers::callback::Timeout;
use yew::prelude::*;

/// How long it stays, in milliseconds of the reader's time.
const STAYS_MS: u32 = 10_000;

/// What a toast needs.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// What was done.
    pub(crate) toast: state::Toast,
    /// What the reader does.
    pub(crate) send: Callback<Action>,
}

/// What was done last.
#[component]
pub(crate) fn Toast(props: &Props) -> Html {
    let held = use_state(|| false);
    {
        let send = props.send.clone();
        use_effect_with((props.toast.number, *held), move |(_, held)| {
            let leave = move || send.emit(Action::Look(Look::DismissToast));
            let timeout = (!held).then(|| Timeout::new(STAYS_MS, leave));
            move || drop(timeout)
        });
    }
    let undo = props.send.reform(|_: MouseEvent| Action::Change(Change::Undo));
    let hold = |is_held: bool| {
        let held = held.clone();
        move || held.set(is_held)
    };
    let (enter, focus) = (hold(true), hold(true));
    let (leave, blur) = (hold(false), hold(false));
    html! {
        <div class="toast" data-testid="toast"
            onmouseenter={move |_: MouseEvent| enter()} onmouseleave={move |_: MouseEvent| leave()}
            onfocusin={move |_: FocusEvent| focus()} onfocusout={move |_: FocusEvent| blur()}>
            <p role="status">{ props.toast.message.clone() }</p>
            if props.toast.can_undo {
                <button type="button" class="button quiet" onclick={undo} title="Ctrl+Z">{ "Undo" }</button>
            }
        </div>
    }
}
