//! A link is a run of the reader's own file, which does not travel in it: it is asked for.

use super::dialog::Dialog;
use super::own_text;
use crate::ui::model::action::{Action, Change};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// What the dialog needs.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// The file's name.
    pub(crate) name: AttrValue,
    /// The hash of its bytes.
    pub(crate) hash: Option<AttrValue>,
    /// What is wrong with the file that was given, if something is.
    pub(crate) problem: Option<AttrValue>,
    /// What the reader does.
    pub(crate) send: Callback<Action>,
}

/// The file is asked for.
#[component]
pub(crate) fn AskFile(props: &Props) -> Html {
    let give_up = props.send.reform(|()| Action::Change(Change::GiveUp));
    let chosen = {
        let send = props.send.clone();
        Callback::from(move |event: Event| {
            let input: Option<HtmlInputElement> = event.target_dyn_into();
            let file = input.and_then(|input| input.files()).and_then(|files| files.item(0));
            if let Some(file) = file {
                own_text::open(file, send.clone());
            }
        })
    };
    let another = give_up.reform(|_: MouseEvent| ());
    html! {
        <Dialog title="This link needs a file" on_close={give_up}>
            <p data-testid="ask-file">
                { "It is a run of the file " }<strong>{ format!("“{}”", props.name) }</strong>
                { ", which is too long to travel in a link. Choose the same file: it stays in this browser." }
            </p>
            if let Some(hash) = &props.hash {
                <p class="small">{ "It is known by its hash, " }<code>{ hash.clone() }</code>{ "." }</p>
            }
            if let Some(problem) = &props.problem {
                <p class="problem" role="alert">{ problem.clone() }</p>
            }
            <div class="row">
                <label class="button primary file-button">
                    { "Choose the file…" }
                    <input type="file" onchange={chosen} />
                </label>
                <button type="button" class="button" onclick={another}>{ "Go on without it" }</button>
            </div>
        </Dialog>
    }
}
