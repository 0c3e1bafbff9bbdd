//! The worker broke down: what happened, that nothing on the screen is lost, and what to do.

use crate::ui::model::action::{Action, Hear};
use yew::prelude::*;

/// What is known of a failure.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// What the worker said.
    pub(crate) message: AttrValue,
    /// What to report besides: the scenario and where the playhead stood.
    pub(crate) report: AttrValue,
    /// Whether a trace is on the screen.
    pub(crate) has_trace: bool,
    /// What the reader does.
    pub(crate) send: Callback<Action>,
}

/// The worker broke down.
#[component]
pub(crate) fn Failure(props: &Props) -> Html {
    let copied = use_state(|| false);
    let restart = props.send.reform(|_: MouseEvent| Action::Hear(Hear::RestartWorker));
    let copy = {
        let (report, copied) = (props.report.clone(), copied.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(window) = web_sys::window() {
                // Where the clipboard is forbidden the report can still be marked by hand below.
                let _ = window.navigator().clipboard().write_text(&report);
                copied.set(true);
            }
        })
    };
    html! {
        <section class="failure" role="alert" data-testid="failure">
            <h2>{ "The simulation broke down" }</h2>
            <p>
                { "This is a mistake in Millrace, not yours. " }
                if props.has_trace {
                    { "What was simulated so far is still here: you can step through it. " }
                }
                { "Restarting computes the same run again and goes on from here." }
            </p>
            <div class="row">
                <button type="button" class="button primary" onclick={restart}>{ "Restart the worker" }</button>
                <button type="button" class="button" onclick={copy}>
                    { if *copied { "Copied" } else { "Copy the report" } }
                </button>
            </div>
            <details>
                <summary>{ "What it said" }</summary>
                <pre tabindex="0">{ props.message.clone() }</pre>
            </details>
        </section>
    }
}
