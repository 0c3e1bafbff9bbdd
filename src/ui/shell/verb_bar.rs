//! What can be done to what is selected, as a bar under the stage: one press acts at the playhead.

use super::stream_form::{StreamForm, last_record};
use crate::base::fault::NodePart;
use crate::base::{Fault, NodeId};
use crate::ui::inspector::facts::title;
use crate::ui::model::action::{Action, Change};
use crate::ui::model::live::NO_FORK;
use crate::ui::model::run::Run;
use crate::ui::model::verbs::{Dials, Offer, PARTS, verbs};
use crate::ui::selection::Selection;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// What the bar needs.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// The run on the screen.
    pub(crate) run: Run,
    /// What is selected.
    pub(crate) selection: Selection,
    /// Whether a branch is being made.
    pub(crate) busy: bool,
    /// What the reader does.
    pub(crate) send: Callback<Action>,
}

/// What is done to a percentage that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dial {
    Slow,
    Lose,
    Pace,
    Inject,
}

/// The bar under the stage. Nothing is drawn where nothing can be done.
#[component]
pub(crate) fn VerbBar(props: &Props) -> Html {
    let dial = use_state(|| None::<Dial>);
    let Props { run, selection, .. } = props;
    let verbs = verbs(run, *selection);
    if verbs.offers.is_empty() {
        return html! {};
    }
    let is_over = run.is_over();
    let subject = title(*selection, &run.snapshot);
    let done = {
        let dial = dial.clone();
        Callback::from(move |()| dial.set(None))
    };
    let dial_button = |which: Dial, label: &'static str| {
        let (dial, is_open) = (dial.clone(), *dial == Some(which));
        let onclick = move |_: MouseEvent| dial.set((!is_open).then_some(which));
        html! {
            <button type="button" class="button verb" aria-expanded={is_open.to_string()} disabled={is_over} {onclick}>
                { label }
            </button>
        }
    };
    html! {
        <section class="verbs" aria-label={format!("Do something to {}", subject.to_lowercase())} data-testid="verbs">
            <p class="verbs-subject">
                <strong>{ subject }</strong>
                <span class="number verbs-time">{ format!("at {}", run.timeline.clock().rough(run.place.at)) }</span>
            </p>
            { for verbs.offers.iter().map(|offer| button(props, offer, is_over)) }
            { match verbs.dials {
                Some(Dials::Node(_)) => html! { <>
                    { dial_button(Dial::Slow, "Slow down…") }
                    { dial_button(Dial::Lose, "Lose messages…") }
                </> },
                Some(Dials::Partition(_)) => html! { <>
                    { dial_button(Dial::Pace, "Other pace…") }
                    { dial_button(Dial::Inject, "Inject a record…") }
                </> },
                None => html! {},
            } }
            { for note(run, &verbs.offers, is_over) }
            { match (verbs.dials, *dial, is_over) {
                (Some(Dials::Node(node)), Some(which @ (Dial::Slow | Dial::Lose)), false) => html! {
                    <DialForm key={format!("{which:?}")} {node} {which} {done} send={props.send.clone()} />
                },
                (Some(Dials::Partition(partition)), Some(which @ (Dial::Pace | Dial::Inject)), false) => html! {
                    <StreamForm key={format!("{which:?} {partition}")} {partition} injects={which == Dial::Inject}
                        near={last_record(run)} {done} send={props.send.clone()} />
                },
                _ => html! {},
            } }
        </section>
    }
}

fn button(props: &Props, offer: &Offer, is_over: bool) -> Html {
    let fault = offer.fault;
    let onclick = props.send.reform(move |_: MouseEvent| Action::Change(Change::Strike(fault)));
    let off = is_over || props.busy || offer.unfit.is_some();
    html! {
        <button type="button" class="button verb" disabled={off} {onclick} data-fault={fault.to_string()}>
            { offer.label.clone() }
            if offer.has_key {
                <kbd aria-hidden="true">{ "k" }</kbd>
            }
        </button>
    }
}

/// Why something cannot be done.
fn note(run: &Run, offers: &[Offer], is_over: bool) -> Option<Html> {
    let unfit = offers.iter().find_map(|offer| offer.unfit.map(|why| (offer, why)));
    let text = match (is_over, unfit) {
        (true, _) if run.live.is_some() => "The live run is over.".to_owned(),
        (true, _) => "The job is over: go back to a moment when it runs.".to_owned(),
        (false, Some((offer, why))) => format!("{}: {why}.", offer.label),
        (false, None) if run.live.is_some() => NO_FORK.to_owned(),
        (false, None) => return None,
    };
    Some(html! { <p class="small verbs-note">{ text }</p> })
}

/// What a form needs.
#[derive(Clone, PartialEq, Properties)]
struct FormProps {
    node: NodeId,
    which: Dial,
    done: Callback<()>,
    send: Callback<Action>,
}

/// Asks for the percentage.
#[component]
fn DialForm(props: &FormProps) -> Html {
    let (part, percent) = (use_node_ref(), use_node_ref());
    let which = props.which;
    let onsubmit = {
        let (props, part, percent) = (props.clone(), part.clone(), percent.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let percent = percent.cast::<HtmlInputElement>().map(|field| field.value());
            let percent = percent.and_then(|text| text.trim().parse().ok());
            let Some(percent) = percent.filter(|percent| *percent <= 100_u32) else { return };
            let node = props.node;
            let fault = match which {
                Dial::Lose => Fault::LoseMessages { node, percent },
                Dial::Slow | Dial::Pace | Dial::Inject => {
                    Fault::Slow { node, part: chosen(&part), percent }
                }
            };
            props.send.emit(Action::Change(Change::Strike(fault)));
            props.done.emit(());
        })
    };
    let (before, after, first) = match which {
        Dial::Slow | Dial::Pace | Dial::Inject => {
            ("to", "% of its speed; 0 stands still, 100 is as new", "20")
        }
        Dial::Lose => ("Lose", "% of its messages", "30"),
    };
    html! {
        <form class="verb-form" {onsubmit}>
            if which == Dial::Slow {
                <label>
                    { "Slow its " }
                    <select ref={part}>
                        { for PARTS.into_iter().map(|part| html! {
                            <option value={part.to_string()} selected={part == NodePart::Processor}>{ part.to_string() }</option>
                        }) }
                    </select>
                </label>
            }
            <label>
                { before }{ " " }
                <input ref={percent} type="number" class="number" min="0" max="100" step="1" required={true} value={first} />
                { " " }{ after }
            </label>
            <button type="submit" class="button primary">{ if which == Dial::Slow { "Slow down" } else { "Lose them" } }</button>
        </form>
    }
}

fn chosen(part: &NodeRef) -> NodePart {
    let name = part.cast::<HtmlSelectElement>().map(|select| select.value()).unwrap_or_default();
    PARTS.into_iter().find(|part| part.to_string() == name).unwrap_or(NodePart::Processor)
}
