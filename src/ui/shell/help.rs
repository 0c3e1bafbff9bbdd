//! The help dialog: how to read the page, and the keys.

use super::dialog::Dialog;
use super::term::Term;
use crate::ui::model::action::{Action, Change, Look};
use crate::ui::model::keys::LINES;
use crate::ui::model::view;
use yew::prelude::*;

/// What the help needs.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// Whether keys of a single character are off.
    pub(crate) letters_off: bool,
    /// The engine's version, once the worker told it.
    pub(crate) version: AttrValue,
    /// What the reader does.
    pub(crate) send: Callback<Action>,
}

/// The help dialog.
#[component]
pub(crate) fn Help(props: &Props) -> Html {
    let on_close =
        props.send.reform(|()| Action::Look(Look::Toggle(view::Panel::Dialog(view::Dialog::Help))));
    let break_down = {
        let (send, on_close) = (props.send.clone(), on_close.clone());
        Callback::from(move |_: MouseEvent| {
            on_close.emit(());
            send.emit(Action::Change(Change::Break));
        })
    };
    let letters = props.send.reform(|_: Event| Action::Look(Look::Letters));
    html! {
        <Dialog title="Help" {on_close}>
            <p>
                { "A " }<Term word="cluster" />{ " counts words, for real: the text is cut into " }
                <Term word="split">{ "splits" }</Term>{ ", mapped, sorted, " }
                <Term word="spill">{ "spilled" }</Term>{ ", shuffled and reduced in your browser. Only " }
                <Term word="virtual time">{ "time" }</Term>
                { " is simulated. Click anything on the stage to see what is in it, its numbers, and why." }
            </p>
            <h3>{ "Keys" }</h3>
            <dl class="keys">
                { for LINES.iter().map(|line| html! {
                    <div>
                        <dt>{ for line.keys.iter().map(|key| html! { <kbd>{ *key }</kbd> }) }</dt>
                        <dd>{ line.does }</dd>
                    </div>
                }) }
            </dl>
            <p>
                <label class="check">
                    <input type="checkbox" checked={!props.letters_off} onchange={letters} />
                    { " Keys of a single letter or sign are on" }
                </label>
            </p>
            <p>{ "The address always leads to what is on the screen, with its parameters: share it." }</p>
            <div class="row">
                <button type="button" class="button quiet" onclick={break_down} data-testid="break">
                    { "Break the worker, to see what happens" }
                </button>
            </div>
            <p class="small">{ "Millrace " }{ props.version.clone() }</p>
        </Dialog>
    }
}
