//! The parameters, in groups, made from the table. A change is a new run from the start.

use super::field::Field;
use super::icon::{Icon, icon};
use super::job_picker::JobPicker;
use super::text_field::TextField;
use crate::scenario::table::{Group, Kind, PARAMETERS, Parameter};
use crate::scenario::{JobKind, Lab};
use crate::ui::model::action::{Action, Change, Look};
use crate::ui::model::run::Run;
use crate::ui::model::search::has_words;
use crate::ui::model::state::Notice;
use crate::ui::model::view::Panel;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The groups, most-used first.
const GROUPS: [(Group, &str); 12] = [
    (Group::Job, "Job settings"),
    (Group::Cluster, "Cluster"),
    (Group::Storage, "Storage"),
    (Group::Shuffle, "Sort and shuffle"),
    (Group::Speeds, "Speeds"),
    (Group::Recovery, "Failure and recovery"),
    (Group::Faults, "Faults by chance"),
    (Group::Windows, "Windows"),
    (Group::Triggers, "Triggers and panes"),
    (Group::Watermarks, "Watermarks"),
    (Group::StreamJob, "Job"),
    (Group::Workload, "Events"),
];

/// What the parameters need.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// The run on the screen.
    pub(crate) run: Run,
    /// What is wrong with a change, if something is.
    pub(crate) notice: Option<Notice>,
    /// The job that was wanted last, when it does not fit the input.
    pub(crate) unfit: Option<JobKind>,
    /// Whether a changed run is being started.
    pub(crate) busy: bool,
    /// What the reader does.
    pub(crate) send: Callback<Action>,
}

/// The parameters.
#[component]
pub(crate) fn Parameters(props: &Props) -> Html {
    let Props { run, send, .. } = props;
    let close = send.reform(|_: MouseEvent| Action::Look(Look::Toggle(Panel::Parameters)));
    let reset = send.reform(|_: MouseEvent| Action::Change(Change::ResetParameters));
    let is_changed = run.scenario.parameters != run.original.parameters;
    let words = use_state(String::new);
    let refused = about(props, "job");
    let groups = GROUPS.iter().filter(|(group, _)| group.lab() == run.lab());
    let found: Vec<Html> =
        groups.filter_map(|(group, name)| group_of(props, *group, name, &words)).collect();
    html! {
        <aside class="panel parameters" aria-label="Parameters" data-testid="parameters">
            <header class="panel-head">
                <h2>{ "Parameters" }</h2>
                <button type="button" class="button quiet icon-only" aria-label="Close the parameters" onclick={close}>
                    { icon(Icon::Close) }
                </button>
            </header>
            <p class="small panel-note" role="status">
                { if props.busy { "Starting the changed run…" } else { "A change applies to the run from the start. Undo brings this run back." } }
            </p>
            if run.lab() == Lab::Mapreduce {
                <JobPicker job={run.scenario.job.clone()} unfit={props.unfit.clone()} {refused} send={send.clone()} />
            }
            { search(run.lab(), &words) }
            if found.is_empty() {
                <p class="small panel-note" role="status">{ "No parameter has these words." }</p>
            }
            // In an element of their own: where their number changed among the others, the search
            // before them would be made anew, and lose the focus between two letters.
            <div class="panel-groups">{ found }</div>
            <footer class="row panel-foot">
                <button type="button" class="button" disabled={!is_changed} onclick={reset}>{ "All back" }</button>
            </footer>
        </aside>
    }
}

/// What is wrong with a field, if something is.
fn about(props: &Props, name: &str) -> Option<AttrValue> {
    let notice = props.notice.as_ref().filter(|notice| notice.about.as_deref() == Some(name));
    notice.map(|notice| AttrValue::from(notice.message.clone()))
}

fn search(lab: Lab, words: &UseStateHandle<String>) -> Html {
    let placeholder = match lab {
        Lab::Mapreduce => "Search, also by Hadoop's names",
        Lab::Stream => "Search, also by Flink's names",
    };
    let oninput = {
        let words = words.clone();
        Callback::from(move |event: InputEvent| {
            let input: Option<HtmlInputElement> = event.target_dyn_into();
            words.set(input.map(|input| input.value()).unwrap_or_default());
        })
    };
    html! {
        <label class="panel-search">
            <span class="unseen">{ "Search the parameters" }</span>
            <input type="search" id="parameter-search" {placeholder} autocomplete="off"
                value={(**words).clone()} {oninput} />
        </label>
    }
}

/// A group with the fields that the job asks for and that have the words searched for; nothing
/// where none is left.
fn group_of(props: &Props, group: Group, name: &'static str, words: &str) -> Option<Html> {
    let run = &props.run;
    let is_shown = |parameter: &&Parameter| {
        let is_asked = parameter.group == group && parameter.is_asked_by(&run.scenario.job);
        is_asked && has_words(parameter, words)
    };
    let mut fields: Vec<&'static Parameter> = PARAMETERS.iter().filter(is_shown).collect();
    // What only this job asks for is what one looks for first.
    fields.sort_by_key(|parameter| parameter.is_asked_by(&JobKind::WordCount));
    // What is wrong must be seen.
    let is_wrong = fields.iter().any(|parameter| about(props, parameter.name).is_some());
    let is_first = matches!(group, Group::Job | Group::Cluster | Group::Windows);
    let is_open = is_wrong || is_first || !words.trim().is_empty();
    (!fields.is_empty()).then(|| {
        html! {
            <details class="group" open={is_open}>
                <summary>{ name }</summary>
                { for fields.into_iter().map(|parameter| field(props, parameter)) }
            </details>
        }
    })
}

fn field(props: &Props, parameter: &'static Parameter) -> Html {
    let Props { run, send, .. } = props;
    let (key, refused) = (parameter.key, about(props, parameter.name));
    let (values, originals) = (&run.scenario.parameters, &run.original.parameters);
    if matches!(parameter.kind, Kind::Text { .. }) {
        let [value, original] =
            [values, originals].map(|all| AttrValue::from(all.text(key).to_owned()));
        return html! {
            <TextField key={parameter.name} parameter={key} {value} {original} {refused} send={send.clone()} />
        };
    }
    html! {
        <Field key={parameter.name} parameter={key} value={values.get(key)} original={originals.get(key)}
            {refused} send={send.clone()} />
    }
}
