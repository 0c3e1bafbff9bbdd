//! A link is a run of the reader's own files, which do not travel in it: they are asked for.

use super::dialog::Dialog;
use super::own_text;
use crate::base::format::Bytes;
use crate::ui::model::action::{Action, Change};
use crate::ui::model::needs::{Needs, Source, Wanted};
use yew::prelude::*;

/// What the dialog needs.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// The files, those that are here and those that are missing.
    pub(crate) needs: Needs,
    /// What is wrong with the files that were given, if something is.
    pub(crate) problem: Option<AttrValue>,
    /// What the reader does.
    pub(crate) send: Callback<Action>,
}

/// As many files as are seen without scrolling.
const SEEN: usize = 5;

/// Files are asked for.
#[component]
pub(crate) fn AskFiles(props: &Props) -> Html {
    let give_up = props.send.reform(|()| Action::Change(Change::GiveUp));
    let chosen = own_text::chosen(&props.send);
    let another = give_up.reform(|_: MouseEvent| ());
    let count = props.needs.files().count();
    let is_one = count == 1;
    let (title, what, button) = match is_one {
        true => (
            "This link needs a file",
            "It is a run of a file that is too long to travel in a link. Choose the same file: it stays in this browser, and is known by its hash.",
            "Choose the file…",
        ),
        false => (
            "This link needs files",
            "It is a run of files that are too long to travel in a link. Choose the same files, together or one after the other: they stay in this browser, and are known by their hashes.",
            "Choose files…",
        ),
    };
    html! {
        <Dialog {title} on_close={give_up}>
            <p>{ what }</p>
            // A list that scrolls can be reached by the keyboard.
            <ul class="asked-files" data-testid="ask-files" aria-label="Files" tabindex={(count > SEEN).then_some("0")}>
                { for props.needs.files().map(line) }
            </ul>
            if let Some(problem) = &props.problem {
                <p class="problem" role="alert">{ problem.clone() }</p>
            }
            <div class="row">
                <label class="button primary file-button">
                    { button }
                    <input type="file" multiple={!is_one} onchange={chosen} />
                </label>
                <button type="button" class="button" onclick={another}>{ "Go on without" }</button>
            </div>
        </Dialog>
    }
}

/// A file, and whether it is here.
fn line(wanted: &Wanted) -> Html {
    let Source::File { name, hash, bytes } = &wanted.source else { return html! {} };
    let state = if wanted.is_missing_file() { "missing" } else { "here" };
    html! {
        <li data-file={state}>
            <span class="asked-state">{ state }</span>
            <span>
                <strong>{ name.clone() }</strong>
                if let Some(bytes) = bytes {
                    { format!(", {}", Bytes(*bytes)) }
                }
                if let Some(hash) = hash {
                    <span class="small">{ ", hash " }<code>{ hash.clone() }</code></span>
                }
            </span>
        </li>
    }
}
