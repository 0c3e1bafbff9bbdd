//! The trace as a file: saved as JSON lines, and opened again.

use super::own_text;
use crate::trace::jsonl;
use crate::ui::export;
use crate::ui::model::action::{Action, Change};
use crate::ui::model::comparison::counted;
use crate::ui::model::run::Run;
use yew::prelude::*;

/// What the trace's files need.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// The run on the screen.
    pub(crate) run: Run,
    /// Whether nothing later than the furthest place reached may be shown.
    pub(crate) hold_back: bool,
    /// What the reader does.
    pub(crate) send: Callback<Action>,
}

/// Buttons that save the trace and open another.
#[component]
pub(crate) fn TraceFiles(props: &Props) -> Html {
    let save = {
        let (run, hold_back) = (props.run.clone(), props.hold_back);
        Callback::from(move |_: MouseEvent| save(&run, hold_back))
    };
    let chosen = own_text::chosen(&props.send);
    let again = props.send.reform(|_: MouseEvent| Action::Change(Change::RunAgain));
    html! {
        <div class="row trace-files">
            <button type="button" class="button" onclick={save} data-testid="save-trace">{ "Save the trace" }</button>
            <label class="button file-button">
                { "Open a trace…" }
                <input type="file" accept=".jsonl,.json,application/jsonl" onchange={chosen} data-testid="open-trace" />
            </label>
            if let Some(opened) = &props.run.opened {
                <p class="small" data-testid="opened">
                    { format!("Opened from {}, made by Millrace {}.", opened.name, opened.engine) }
                </p>
                <button type="button" class="button" onclick={again}>{ "Run its scenario here" }</button>
            }
        </div>
    }
}

/// Saves the events as JSON lines, as far as they may be seen.
fn save(run: &Run, hold_back: bool) {
    let scenario = serde_json::to_value(&run.scenario).unwrap_or_default();
    let header = jsonl::Header::new(scenario);
    let text = run.timeline.read(counted(run, hold_back), |events| jsonl::write(&header, events));
    let name = format!("{}.trace.jsonl", run.preset.unwrap_or("run"));
    export::save(&name, "application/jsonl", &text);
}
