//! A task's steps in the inspector: one at a time, with the rule behind it and what was in it.

use super::buffer::Buffer;
use super::content::StepContent;
use super::steps::{Seek, Steps, key_leads};
use crate::base::AttemptId;
use crate::lab::messages::zoom::{Window, ZoomQuery, ZoomStep, ZoomSteps};
use crate::lab::messages::{Query, Reply};
use crate::trace::Snapshot;
use crate::trace::script::Script;
use crate::ui::model::answers::{Answer, Answers};
use crate::ui::shared_timeline::SharedTimeline;
use crate::ui::shell::with_terms;
use crate::ui::stage::derive;
use crate::ui::zoom::rules::rule;
use crate::ui::zoom::wording::caption;
use std::rc::Rc;
use std::sync::Arc;
use web_sys::HtmlElement;
use yew::prelude::*;

/// Steps of an answer.
const STEPS: u32 = 25;

/// What the zoom is given.
#[derive(Clone, PartialEq, Properties)]
pub struct ZoomProps {
    /// The attempt.
    pub attempt: AttemptId,
    /// The run at the playhead.
    pub snapshot: Rc<Snapshot>,
    /// The run's events.
    pub timeline: SharedTimeline,
    /// What the conductor said.
    pub answers: Rc<Answers>,
    /// Asks the conductor.
    pub on_query: Callback<Query>,
    /// The step that it begins with, from 0.
    pub start: u64,
    /// Hears which step is looked at.
    pub on_step: Callback<u64>,
    /// Leads back to the task as a whole.
    pub on_out: Callback<()>,
}

/// A step that is shown.
#[derive(Clone, PartialEq)]
struct Shown {
    at: u64,
    total: Option<u64>,
    step: Rc<ZoomStep>,
    rows_from: u64,
}

/// A task, step by step.
#[component]
pub fn Zoom(props: &ZoomProps) -> Html {
    let seek = use_state(|| Seek::At(props.start));
    let rows_from = use_state(|| 0_u64);
    let last = use_mut_ref(|| None::<Shown>);
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            if let Some(element) = node.cast::<HtmlElement>() {
                let _ = element.focus();
            }
        });
    }
    let script = use_script(props);
    let Some(script) = (*script).clone() else {
        return html! { <p class="inspector-note">{ "This attempt has not begun yet." }</p> };
    };
    let query = query(&script, *seek, *rows_from);
    use_asked(props, &query);
    let answer = props.answers.get(&query);
    if let Some(Answer::Here(Reply::Zoom(steps))) = answer {
        *last.borrow_mut() = shown(steps, *seek, *rows_from);
    }
    let shown = last.borrow().clone();
    let (at, total) = shown.as_ref().map_or((0, None), |shown| (shown.at, shown.total));
    use_told(props, shown.as_ref().map(|shown| shown.at));
    let go = {
        let (seek, rows_from) = (seek.clone(), rows_from.clone());
        Callback::from(move |to: Seek| {
            rows_from.set(0);
            seek.set(to);
        })
    };
    let on_page = {
        let (seek, rows_from) = (seek.clone(), rows_from.clone());
        Callback::from(move |from: u64| {
            seek.set(Seek::At(at));
            rows_from.set(from);
        })
    };
    let onkeydown = keys(&go, (at, total));
    let out = props.on_out.reform(|_: MouseEvent| ());
    let is_waiting = !matches!(answer, Some(Answer::Here(_) | Answer::Failed(_)));
    html! {
        <section class={classes!("zoom", is_waiting.then_some("is-waiting"))} ref={node} tabindex="0" {onkeydown}
            aria-label={format!("{}, step by step", props.attempt)} aria-busy={is_waiting.to_string()}
            data-testid="zoom" data-step={shown.as_ref().map(|shown| shown.at.to_string())}>
            <p class="zoom-out">
                <button type="button" class="link" onclick={out} data-testid="zoom-out">{ format!("Back to all of {}", props.attempt.task) }</button>
            </p>
            <Steps {at} {total} on_seek={go} />
            { failed(props, &query, answer) }
            { match &shown {
                Some(shown) => step_view(props, shown, on_page),
                None if is_waiting => html! { <p class="inspector-note" role="status">{ "Doing its work again…" }</p> },
                None => html! {},
            } }
        </section>
    }
}

/// What the run recorded of the attempt by now. It is put together anew when an event touched the
/// attempt.
#[hook]
fn use_script(props: &ZoomProps) -> Rc<Option<Arc<Script>>> {
    let attempt = derive::attempt(&props.snapshot, props.attempt);
    let touched = attempt.map(|attempt| attempt.seq);
    let (timeline, applied) = (props.timeline.clone(), props.snapshot.applied);
    use_memo((props.attempt, touched), move |(attempt, _)| {
        timeline.read(applied, |events| Script::of(events, *attempt)).map(Arc::new)
    })
}

/// Asks, unless that was asked.
#[hook]
fn use_asked(props: &ZoomProps, query: &Query) {
    let (on_query, is_asked) = (props.on_query.clone(), props.answers.get(query).is_some());
    use_effect_with((query.clone(), is_asked), move |(query, is_asked)| {
        if !is_asked {
            on_query.emit(query.clone());
        }
    });
}

/// Says which step is looked at, whenever it is another.
#[hook]
fn use_told(props: &ZoomProps, at: Option<u64>) {
    let on_step = props.on_step.clone();
    use_effect_with(at, move |at| {
        if let Some(at) = at {
            on_step.emit(*at);
        }
    });
}

/// The question whose answer has the step.
fn query(script: &Arc<Script>, seek: Seek, rows_from: u64) -> Query {
    let window = match seek {
        Seek::At(at) if rows_from > 0 => Window::From(at, 1),
        Seek::At(at) => Window::From(at - at % u64::from(STEPS), STEPS),
        Seek::End => Window::Last(STEPS),
    };
    Query::Zoom(Box::new(ZoomQuery { script: script.clone(), window, rows_from }))
}

/// The step that is wanted, or the nearest that there is.
fn shown(steps: &ZoomSteps, seek: Seek, rows_from: u64) -> Option<Shown> {
    let most = (steps.steps.len() as u64).checked_sub(1)?;
    let place = match seek {
        Seek::At(at) => at.saturating_sub(steps.from).min(most),
        Seek::End => most,
    };
    let step = steps.steps.get(usize::try_from(place).ok()?)?.clone();
    let (at, total) = (steps.from + place, steps.total);
    Some(Shown { at, total, step: Rc::new(step), rows_from })
}

/// While the focus is in here, the player's keys are the steps'.
fn keys(go: &Callback<Seek>, (at, total): (u64, Option<u64>)) -> Callback<KeyboardEvent> {
    let go = go.clone();
    Callback::from(move |event: KeyboardEvent| {
        let has_own = event.target_dyn_into::<web_sys::HtmlInputElement>().is_some();
        if has_own || event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        if let Some(to) = key_leads(&event.key(), event.shift_key(), at, total) {
            event.prevent_default();
            go.emit(to);
        }
    })
}

fn failed(props: &ZoomProps, query: &Query, answer: Option<&Answer>) -> Html {
    let Some(Answer::Failed(error)) = answer else { return html! {} };
    let query = query.clone();
    let again = props.on_query.reform(move |_: MouseEvent| query.clone());
    html! {
        <p class="problem" role="alert">
            { &error.message }{ " " }
            <button type="button" class="button" onclick={again}>{ "Try again" }</button>
        </p>
    }
}

fn step_view(props: &ZoomProps, shown: &Shown, on_page: Callback<u64>) -> Html {
    let reducers = props.snapshot.reduces.len();
    let step = &shown.step;
    html! { <>
        <p class="zoom-caption" role="status" aria-live="polite" aria-atomic="true" data-testid="zoom-caption">
            { with_terms(&caption(&step.did)) }
        </p>
        if let Some(rule) = rule(step) {
            <p class="zoom-rule" data-testid="zoom-rule">{ with_terms(&rule) }</p>
        }
        if let Some(buffer) = step.buffer {
            <Buffer {buffer} />
        }
        <StepContent step={Rc::clone(step)} rows_from={shown.rows_from} {reducers} {on_page} />
    </> }
}
