//! The faults of the branch on the screen, in words, and a field that takes the verbs of the
//! command line.

use super::icon::{Icon, icon};
use crate::base::fault::{PlannedFault, STREAM_VERBS};
use crate::base::{Fault, Time};
use crate::scenario::Lab;
use crate::ui::model::action::{Action, Change, Look, Play};
use crate::ui::model::branches::words;
use crate::ui::model::catalog;
use crate::ui::model::clock::RunClock;
use crate::ui::model::live::NO_FORK;
use crate::ui::model::run::Run;
use crate::ui::model::view::Panel;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// What can be done to a cluster, one of each.
const VERBS: [&str; 11] = [
    "crash node 3",
    "restart node 3",
    "restart node 3 without disk",
    "slow processor of node 3 to 20 %",
    "slow disk of node 3 to 20 %",
    "slow network of node 3 to 20 %",
    "cut off rack 2",
    "join rack 2",
    "lose 30 % of node 3",
    "fail map 2",
    "poison byte 120",
];

/// When what is written with a time of its own happens, for an example.
const LATER: Time = Time(12_400_000);

/// What the panel needs.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// The run on the screen.
    pub(crate) run: Run,
    /// Whether nothing later than the furthest place reached may be shown.
    pub(crate) hold_back: bool,
    /// What the conductor or the page said against the last fault, if it did.
    pub(crate) refused: Option<AttrValue>,
    /// Whether a branch is being made.
    pub(crate) busy: bool,
    /// What the reader does.
    pub(crate) send: Callback<Action>,
}

/// The faults of the branch on the screen.
#[component]
pub(crate) fn Faults(props: &Props) -> Html {
    let Props { run, send, .. } = props;
    let close = send.reform(|_: MouseEvent| Action::Look(Look::Toggle(Panel::Faults)));
    let note = match run.live {
        Some(_) => NO_FORK,
        None if run.lab() == Lab::Stream => {
            "What is done to the log makes another branch of the run. Undo takes it back."
        }
        None => "What is done to the cluster makes another branch of the run. Undo takes it back.",
    };
    html! {
        <aside class="panel parameters faults" aria-label="Faults" data-testid="faults">
            <header class="panel-head">
                <h2>{ "Faults" }</h2>
                <button type="button" class="button quiet icon-only" aria-label="Close the faults" onclick={close}>
                    { icon(Icon::Close) }
                </button>
            </header>
            <p class="small panel-note" role="status">
                { if props.busy { "Making the branch…" } else { note } }
            </p>
            <h3 class="faults-branch">{ run.branch.label() }</h3>
            { list(props) }
            if run.live.is_none() {
                <Written lab={run.lab()} at={run.place.at} clock={run.timeline.clock()} refused={props.refused.clone()} send={send.clone()} />
            }
        </aside>
    }
}

fn list(props: &Props) -> Html {
    let Props { run, send, .. } = props;
    let seen = |planned: &PlannedFault| !props.hold_back || planned.at <= run.furthest.at;
    let faults = run.scenario.faults.iter().enumerate().filter(|(_, planned)| seen(planned));
    let clock = run.timeline.clock();
    let line = |(place, planned): (usize, &PlannedFault)| {
        let (at, text) = (planned.at, words(planned, clock));
        let go = send.reform(move |_: MouseEvent| Action::Play(Play::Scrub(at)));
        let remove = send.reform(move |_: MouseEvent| Action::Change(Change::RemoveFault(place)));
        html! {
            <li>
                <button type="button" class="link" onclick={go} title="Go there">{ text.clone() }</button>
                <button type="button" class="button quiet icon-only" aria-label={format!("Remove: {text}")} onclick={remove}>
                    { icon(Icon::Close) }
                </button>
            </li>
        }
    };
    let lines: Vec<Html> = faults.map(line).collect();
    if lines.is_empty() {
        return html! {
            <p class="faults-none small">
                { match run.lab() {
                    Lab::Mapreduce => "Nothing is done to this cluster. Select a node on the stage and crash it, or write below what happens.",
                    Lab::Stream => "Nothing is done to this log. Select a partition on the stage and silence it, or write below what happens.",
                } }
            </p>
        };
    }
    html! { <ol class="fault-list">{ lines }</ol> }
}

/// What the field needs.
#[derive(Clone, PartialEq, Properties)]
struct WrittenProps {
    lab: Lab,
    at: Time,
    clock: RunClock,
    refused: Option<AttrValue>,
    send: Callback<Action>,
}

/// The field that takes a fault in words, at the playhead or at a time.
#[component]
fn Written(props: &WrittenProps) -> Html {
    let field = use_node_ref();
    let wrong = use_state(|| None::<AttrValue>);
    let onsubmit = {
        let (field, wrong, send) = (field.clone(), wrong.clone(), props.send.clone());
        let clock = props.clock;
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(input) = field.cast::<HtmlInputElement>() else { return };
            match read(&input.value(), clock) {
                Ok(change) => {
                    input.set_value("");
                    wrong.set(None);
                    send.emit(Action::Change(change));
                }
                Err(message) => wrong.set(Some(message.into())),
            }
        })
    };
    let message = (*wrong).clone().or_else(|| props.refused.clone());
    let verbs: Vec<&str> = match props.lab {
        Lab::Mapreduce => VERBS.to_vec(),
        Lab::Stream => STREAM_VERBS.iter().map(|(verb, _)| *verb).collect(),
    };
    let example = verbs[0];
    let described = if message.is_some() { "fault-problem fault-help" } else { "fault-help" };
    html! {
        <form class="fault-form" {onsubmit}>
            <label for="fault" class="field-label">{ format!("Do at {}", props.clock.rough(props.at)) }</label>
            <div class="row">
                <input id="fault" ref={field} type="text" autocomplete="off" spellcheck="false" placeholder={example}
                    aria-invalid={message.is_some().to_string()} aria-describedby={described} />
                <button type="submit" class="button">{ "Do it" }</button>
            </div>
            if let Some(message) = message {
                <p id="fault-problem" class="problem" role="alert">{ message }</p>
            }
            <p id="fault-help" class="small">{ format!("With a time of its own it happens then: {example} at {}.", props.clock.rough(LATER)) }</p>
            <details>
                <summary>{ "What can be done" }</summary>
                <ul class="fault-verbs">
                    { for verbs.into_iter().map(|verb| html! { <li><code>{ verb }</code></li> }) }
                </ul>
            </details>
        </form>
    }
}

/// A fault as it is written, with a time or without. A time may be of the clock that the page shows, or seconds
/// since the run began.
fn read(text: &str, clock: RunClock) -> Result<Change, String> {
    let said = |error: crate::base::fault::FaultError| catalog::sentence(&error.to_string());
    let text = text.trim();
    if let Some(planned) = by_clock(text, clock) {
        return Ok(Change::StrikeAt(planned));
    }
    match text.parse::<Fault>() {
        Ok(fault) => Ok(Change::Strike(fault)),
        Err(_) if text.contains(" at ") => {
            text.parse::<PlannedFault>().map(Change::StrikeAt).map_err(said)
        }
        Err(error) => Err(said(error)),
    }
}

/// A fault with a moment of a stream job's clock.
fn by_clock(text: &str, clock: RunClock) -> Option<PlannedFault> {
    let (fault, when) = text.rsplit_once(" at ")?;
    Some(PlannedFault { at: clock.read(when.trim())?, fault: fault.parse().ok()? })
}
