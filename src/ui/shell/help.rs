//! The help dialog: how to read the page, and the keys.

use super::dialog::Dialog;
use super::reading;
use super::term::Term;
use crate::scenario::Lab;
use crate::ui::model::action::{Action, Change, Look};
use crate::ui::model::keys::LINES;
use crate::ui::model::view;
use yew::prelude::*;

/// What the help needs.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// The lab of what is on the screen.
    pub(crate) lab: Lab,
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
            { in_short(props.lab) }
            <h3>{ "How to read the stage" }</h3>
            <dl class="reading">
                { for reading::lines(props.lab).iter().map(|(what, means)| html! {
                    <div><dt>{ *what }</dt><dd>{ *means }</dd></div>
                }) }
            </dl>
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

/// What is going on, in two sentences.
fn in_short(lab: Lab) -> Html {
    match lab {
        Lab::Mapreduce => html! {
            <p>
                { "A " }<Term word="cluster" />{ " works through a text, for real: it is cut into " }
                <Term word="split">{ "splits" }</Term>{ ", mapped, sorted, " }
                <Term word="spill">{ "spilled" }</Term>{ ", shuffled and reduced in your browser. Only " }
                <Term word="virtual time">{ "time" }</Term>
                { " is simulated. Click anything on the stage to see what is in it, its numbers, and why." }
            </p>
        },
        Lab::Stream => html! {
            <p>
                { "Records are read, sent to windows and summed up, for real, in your browser; only time is simulated. A " }
                <Term word="watermark" />
                { " says how far event time is thought to have come. Click anything to see its numbers, and why." }
            </p>
        },
    }
}
