//! The parameters, in groups, made from the table. A change is a new run from the start.

use super::field::Field;
use super::icon::{Icon, icon};
use crate::scenario::table::{Group, PARAMETERS};
use crate::ui::model::action::{Action, Change, Look};
use crate::ui::model::run::Run;
use crate::ui::model::state::Notice;
use crate::ui::model::view::Panel;
use yew::prelude::*;

/// The groups, most-used first.
const GROUPS: [(Group, &str); 12] = [
    (Group::Job, "Job"),
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
            { for GROUPS.iter().filter(|(group, _)| group.lab() == run.lab())
                .map(|(group, name)| group_of(props, *group, name)) }
            <footer class="row panel-foot">
                <button type="button" class="button" disabled={!is_changed} onclick={reset}>{ "All back" }</button>
            </footer>
        </aside>
    }
}

fn group_of(props: &Props, group: Group, name: &'static str) -> Html {
    let Props { run, notice, send, .. } = props;
    let fields = PARAMETERS.iter().filter(|parameter| parameter.group == group);
    let about = |name: &str| {
        let notice = notice.as_ref().filter(|notice| notice.about.as_deref() == Some(name));
        notice.map(|notice| AttrValue::from(notice.message.clone()))
    };
    // What is wrong must be seen.
    let is_wrong = fields.clone().any(|parameter| about(parameter.name).is_some());
    let is_open = is_wrong || matches!(group, Group::Job | Group::Cluster | Group::Windows);
    html! {
        <details class="group" open={is_open}>
            <summary>{ name }</summary>
            { for fields.map(|parameter| html! {
                <Field key={parameter.name} parameter={parameter.key}
                    value={run.scenario.parameters.get(parameter.key)}
                    original={run.original.parameters.get(parameter.key)}
                    refused={about(parameter.name)} send={send.clone()} />
            }) }
        </details>
    }
}
