//! The job, and the others that could be run over the same input, each with what it teaches. One
//! that the input does not fit says why, and offers its own preset.

use super::icon::{Icon, icon};
use crate::lessons::jobs::JobText;
use crate::scenario::{BATCH_JOBS, JobKind};
use crate::ui::model::action::{Action, Change};
use crate::ui::model::catalog;
use yew::prelude::*;

/// What the picker needs.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// The job of the run on the screen.
    pub(crate) job: JobKind,
    /// The job that was wanted and does not fit the input.
    pub(crate) unfit: Option<JobKind>,
    /// Why it does not.
    pub(crate) refused: Option<AttrValue>,
    /// What the reader does.
    pub(crate) send: Callback<Action>,
}

/// The job, and a list of all to choose from.
#[component]
pub(crate) fn JobPicker(props: &Props) -> Html {
    let is_open = use_state(|| false);
    let Props { job, unfit, refused, send } = props;
    let Some(text) = catalog::job_text(job) else { return html! {} };
    {
        // What was chosen has begun: the list has done its work.
        let is_open = is_open.clone();
        use_effect_with(job.clone(), move |_| is_open.set(false));
    }
    let toggle = {
        let is_open = is_open.clone();
        move |_: MouseEvent| is_open.set(!*is_open)
    };
    html! {
        <section class="job-picker" aria-label="Job" data-testid="job-picker">
            <button type="button" id="job" class="job-now" aria-expanded={is_open.to_string()} aria-controls="jobs" onclick={toggle}>
                <span class="field-label">{ "Job" }</span>
                <strong>{ text.title }</strong>
                { icon(Icon::Down) }
            </button>
            <p class="field-help">{ text.teaches }</p>
            { for refused.iter().map(|refused| problem(unfit.as_ref(), refused, send)) }
            <ul id="jobs" class="jobs" hidden={!*is_open}>
                { for BATCH_JOBS.iter().map(|other| entry(other, other == job, send)) }
            </ul>
        </section>
    }
}

fn entry(job: &JobKind, is_chosen: bool, send: &Callback<Action>) -> Html {
    let Some(text) = catalog::job_text(job) else { return html! {} };
    let onclick = {
        let job = job.clone();
        send.reform(move |_: MouseEvent| Action::Change(Change::Job(job.clone())))
    };
    html! {
        <li>
            <button type="button" class="job" aria-pressed={is_chosen.to_string()} {onclick} data-job={text.name}>
                <strong>{ text.title }</strong>
                <span class="field-help">{ text.teaches }</span>
            </button>
        </li>
    }
}

/// Why the job does not fit, and the way to an input that fits.
fn problem(unfit: Option<&JobKind>, refused: &AttrValue, send: &Callback<Action>) -> Html {
    let text = unfit.and_then(catalog::job_text);
    let way = |text: &'static JobText| {
        let preset = catalog::preset(text.preset)?;
        let onclick = send.reform(|_: MouseEvent| Action::Change(Change::Preset(text.preset)));
        Some(html! {
            <button type="button" class="button" {onclick} data-testid="own-input">
                { format!("Run it over the input of “{}”", catalog::title(preset)) }
            </button>
        })
    };
    html! {
        <div class="job-problem">
            <p class="problem" role="alert" data-testid="job-problem">
                { for text.iter().map(|text| html! { <strong>{ format!("{} does not fit this input. ", text.title) }</strong> }) }
                { refused.clone() }
            </p>
            { for text.and_then(way) }
        </div>
    }
}
