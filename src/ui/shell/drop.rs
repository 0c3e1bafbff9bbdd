//! Files and texts that are dropped anywhere on the page.

use super::own_text;
use crate::ui::model::action::Action;
use yew::prelude::*;

/// What the page's outermost element listens to.
pub(crate) struct Drop {
    /// Whether something is held over the page.
    pub(crate) is_held: bool,
    pub(crate) over: Callback<DragEvent>,
    pub(crate) leave: Callback<DragEvent>,
    pub(crate) dropped: Callback<DragEvent>,
}

/// Takes what is dropped on the page as a text of the reader's own.
#[hook]
pub(crate) fn use_drop(send: &Callback<Action>) -> Drop {
    let held = use_state(|| false);
    let over = {
        let held = held.clone();
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            held.set(true);
        })
    };
    let leave = {
        let held = held.clone();
        Callback::from(move |_: DragEvent| held.set(false))
    };
    let dropped = {
        let (held, send) = (held.clone(), send.clone());
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            held.set(false);
            if let Some(data) = event.data_transfer() {
                own_text::take(&data, &send);
            }
        })
    };
    Drop { is_held: *held, over, leave, dropped }
}
