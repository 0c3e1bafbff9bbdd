//! A text of the reader's own: typed or pasted into a field, chosen as a file, or dropped.

use super::browser;
use super::dialog::Dialog;
use crate::scenario::Lab;
use crate::ui::model::OwnFile;
use crate::ui::model::action::{Action, Change, Hear, Look};
use crate::ui::model::catalog;
use crate::ui::model::view;
use crate::ui::same::Same;
use bytes::Bytes;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DataTransfer, File, FileList, HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

/// Takes what was pasted or dropped: files, or else the text.
pub(crate) fn take(data: &DataTransfer, send: &Callback<Action>) {
    let files = data.files().map(all_of).unwrap_or_default();
    if !files.is_empty() {
        return open(files, send.clone());
    }
    let text = data.get_data("text/plain").unwrap_or_default();
    if !text.is_empty() {
        send.emit(own("pasted text", text));
    }
}

/// Opens what is chosen in a field for files. The same may be chosen again.
pub(super) fn chosen(send: &Callback<Action>) -> Callback<Event> {
    let send = send.clone();
    Callback::from(move |event: Event| {
        let Some(input) = event.target_dyn_into::<HtmlInputElement>() else { return };
        let files = input.files().map(all_of).unwrap_or_default();
        if !files.is_empty() {
            open(files, send.clone());
        }
        input.set_value("");
    })
}

fn all_of(list: FileList) -> Vec<File> {
    (0..list.length()).filter_map(|place| list.item(place)).collect()
}

/// Reads files and asks for a run of them. What is too large is refused before it is read.
fn open(files: Vec<File>, send: Callback<Action>) {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a file's size is a whole number"
    )]
    let size = files.iter().map(|file| file.size() as u64).sum();
    if let Err(message) = catalog::check_size(size) {
        return send.emit(Action::Hear(Hear::TextRefused(message)));
    }
    spawn_local(async move {
        send.emit(match read(&files).await {
            Ok(files) => Action::Change(Change::OwnText(files)),
            Err(message) => Action::Hear(Hear::TextRefused(message)),
        });
    });
}

async fn read(files: &[File]) -> Result<Vec<OwnFile>, String> {
    let mut all = Vec::new();
    for file in files {
        let name = file.name();
        match browser::read(file).await {
            Ok(bytes) => all.push((name, bytes)),
            Err(reason) => return Err(format!("“{name}” could not be read: {reason}.")),
        }
    }
    Ok(all)
}

fn own(name: &str, text: String) -> Action {
    Action::Change(Change::OwnText(vec![(name.to_owned(), Same::new(Bytes::from(text)))]))
}

/// What the dialog needs.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// The lab on the screen: a text to count, or events.
    pub(crate) lab: Lab,
    /// What is wrong with the last text, if something is.
    pub(crate) problem: Option<AttrValue>,
    /// Whether a text is being started.
    pub(crate) busy: bool,
    /// What the reader does.
    pub(crate) send: Callback<Action>,
}

/// The dialog for a text of the reader's own.
#[component]
pub(crate) fn OwnText(props: &Props) -> Html {
    let field = use_node_ref();
    let on_close = props
        .send
        .reform(|()| Action::Look(Look::Toggle(view::Panel::Dialog(view::Dialog::OwnText))));
    let use_it = {
        let (field, send) = (field.clone(), props.send.clone());
        Callback::from(move |_: MouseEvent| {
            let text = field.cast::<HtmlTextAreaElement>().map(|field| field.value());
            send.emit(own("pasted text", text.unwrap_or_default()));
        })
    };
    let chosen = chosen(&props.send);
    let described = props.problem.as_ref().map(|_| "own-text-problem");
    let is_events = props.lab == Lab::Stream;
    let (title, verb) = match props.lab {
        Lab::Mapreduce => ("Your own text", "Count its words"),
        Lab::Stream => ("Your own events", "Run them"),
    };
    {
        // The line that the problem names is selected, so that it can be mended at once.
        let (field, line) = (field.clone(), props.problem.as_deref().and_then(line_of));
        use_effect_with((line, props.busy), move |(line, _)| {
            if let (Some(line), Some(field)) = (*line, field.cast::<HtmlTextAreaElement>()) {
                select_line(&field, line);
            }
        });
    }
    html! {
        <Dialog {title} {on_close}>
            <p class="small">
                { match props.lab {
                    Lab::Mapreduce => "UTF-8, up to 50 MB, in one file or several. It stays in this browser: nothing is sent anywhere.",
                    Lab::Stream => "UTF-8, up to 50 MB. It stays in this browser: nothing is sent anywhere.",
                } }
            </p>
            if is_events {
                <p class="small">
                    { "A header and a line for each event; the arrival may be left out. A time is " }
                    <code>{ "12:00:26.5" }</code>{ ", a date and a time, or milliseconds. JSON lines with the same names work too." }
                </p>
            }
            <label for="own-text" class="field-label">{ "Paste or type" }</label>
            <textarea id="own-text" ref={field} class="text-area" rows="9" spellcheck="false" placeholder={is_events.then_some(EXAMPLE)}
                aria-invalid={props.problem.is_some().to_string()} aria-describedby={described} />
            if let Some(problem) = &props.problem {
                <p id="own-text-problem" class="problem" role="alert">{ problem.clone() }</p>
            }
            <div class="row">
                <button type="button" class="button primary" disabled={props.busy} onclick={use_it}>
                    { if props.busy { "Reading…" } else { verb } }
                </button>
                <label class="button file-button">
                    { if is_events { "Choose a file…" } else { "Choose files…" } }
                    <input type="file" multiple={!is_events} accept="text/*,.txt,.md,.csv,.tsv,.log,.json,.jsonl,.ndjson" onchange={chosen} />
                </label>
            </div>
            <p class="small">{ "Files can also be dropped anywhere on the page, and Ctrl+V works without this dialog." }</p>
        </Dialog>
    }
}

/// What events look like.
const EXAMPLE: &str =
    "time,key,value,arrival\n12:00:26,TeamX,5,12:05:12\n12:01:26,TeamX,9,12:08:19";

/// The line that a problem is about, from 1: `Line 3, column "time": …`.
fn line_of(problem: &str) -> Option<usize> {
    let (_, rest) = problem.split_once("ine ")?;
    rest.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

/// Selects a line of a field, from 1, and shows it.
fn select_line(field: &HtmlTextAreaElement, line: usize) {
    let text = field.value();
    let mut lines = text.split('\n').map(|line| line.encode_utf16().count());
    let before: usize = lines.by_ref().take(line.saturating_sub(1)).map(|length| length + 1).sum();
    let length = lines.next().unwrap_or(0);
    let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let _ = field.focus();
    let _ = field.set_selection_range(place(before), place(before + length));
}
