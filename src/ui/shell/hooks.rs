//! What the page does in the world while it is shown: it runs the worker, fetches texts, plays,
//! and listens to keys, the clipboard, dropped files and the address. Each is a hook of its own.

use super::browser;
use super::store;
use crate::base::Span;
use crate::lab::messages::{CommandBody, Reply};
use crate::ui::conductor_link::ConductorLink;
use crate::ui::model::action::{Action, Asking, Change, Hear, Play, Shared, Sweeping};
use crate::ui::model::keys::{Focus, Press, action_for};
use crate::ui::model::link;
use crate::ui::model::needs::Needs;
use crate::ui::model::state::LabState;
use crate::ui::shell::own_text;
use crate::ui::sweep_pool::{SweepPool, Work};
use gloo::events::{EventListener, EventListenerOptions};
use gloo::render::{AnimationFrame, request_animation_frame};
use gloo::timers::callback::Timeout;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, UnwrapThrowExt};
use wasm_bindgen_futures::spawn_local;
use web_sys::{ClipboardEvent, Element, KeyboardEvent};
use yew::prelude::*;

/// Keeps a conductor running, and posts what it is to be told.
#[hook]
pub(crate) fn use_conductor(state: &LabState, send: &Callback<Action>) {
    let link = use_mut_ref(|| None::<(u32, ConductorLink)>);
    let send = send.clone();
    let worker = state.worker.clone();
    use_effect_with((worker.generation, worker.unanswered), move |(generation, unanswered)| {
        let mut link = link.borrow_mut();
        if link.as_ref().is_none_or(|(running, _)| running != generation) {
            // The worker before it is terminated first, so that its memory is free.
            *link = None;
            let first = unanswered.first().map_or(worker.next_command, |sent| sent.command.id);
            match ConductorLink::start(first, send.clone()) {
                Ok(started) => *link = Some((*generation, started)),
                Err(reason) => send.emit(Action::Hear(Hear::WorkerFailed(reason))),
            }
        }
        if let Some((_, link)) = link.as_ref() {
            link.post(unanswered);
        }
    });
}

/// Keeps the workers of a sweep for as long as it runs.
#[hook]
pub(crate) fn use_sweep(state: &LabState, send: &Callback<Action>) {
    let plan = state.sweeps.plan.clone().filter(|_| state.sweeps.is_running);
    let number = plan.as_ref().map(|plan| plan.number);
    let send = send.clone();
    use_workers(number, move || {
        let plan = plan?;
        let number = plan.number;
        let body = |point: &crate::scenario::sweep::Point| {
            let scenario = Box::new(point.scenario.as_ref().ok()?.clone());
            Some(CommandBody::Point { scenario })
        };
        let send = Callback::from(move |(point, result): (usize, Result<Reply, String>)| {
            let result = Box::new(match result {
                Ok(Reply::Came(came)) => Ok(*came),
                Ok(_) => Err(ELSE_WAS_ANSWERED.to_owned()),
                Err(reason) => Err(reason),
            });
            send.emit(Action::Sweep(Sweeping::Came { number, point, result }));
        });
        let bodies = plan.points.iter().map(body).collect();
        Some(Work { bodies, input: plan.input.clone(), send })
    });
}

/// Keeps the workers that run one stream in several ways, for as long as they do.
#[hook]
pub(crate) fn use_several(state: &LabState, send: &Callback<Action>) {
    let plan = state.several.plan.clone().filter(|_| state.several.is_running);
    let number = plan.as_ref().map(|plan| plan.number);
    let send = send.clone();
    use_workers(number, move || {
        let plan = plan?;
        let number = plan.number;
        let body = |variant: &crate::scenario::variants::Variant| {
            let scenario = Box::new(variant.scenario.as_ref().ok()?.clone());
            Some(CommandBody::Answer { scenario })
        };
        let send = Callback::from(move |(place, result): (usize, Result<Reply, String>)| {
            let result = match result {
                Ok(Reply::Answered(answer)) => Ok(Rc::from(answer)),
                Ok(_) => Err(ELSE_WAS_ANSWERED.to_owned()),
                Err(reason) => Err(reason),
            };
            send.emit(Action::Several(Asking::Came { number, place, result }));
        });
        let bodies = plan.variants.iter().map(body).collect();
        Some(Work { bodies, input: plan.run.input.clone(), send })
    });
}

/// A conductor that answers another question than it was asked would be our mistake.
const ELSE_WAS_ANSWERED: &str = "The worker answered something else.";

/// Keeps workers for as long as the number of their work stays the same.
#[hook]
fn use_workers(number: Option<u32>, work: impl FnOnce() -> Option<Work> + 'static) {
    use_effect_with(number, move |_| {
        let pool = work().map(SweepPool::start);
        move || drop(pool)
    });
}

/// Fetches the text that a run waits for.
#[hook]
pub(crate) fn use_texts(state: &LabState, send: &Callback<Action>) {
    let needs = state.pending.as_ref().and_then(|pending| pending.needs.as_ref());
    let needed = needs.and_then(Needs::to_fetch).map(str::to_owned);
    let send = send.clone();
    use_effect_with(needed, move |needed| {
        let Some(name) = needed.clone() else { return };
        spawn_local(async move {
            let result = browser::fetch(&address_of(&name)).await;
            send.emit(Action::Hear(Hear::Text { name, result }));
        });
    });
}

/// Where a text that Millrace carries lies beside the page.
fn address_of(name: &str) -> String {
    let file = crate::scenario::texts::named(name).map_or(name, |text| text.file);
    format!("texts/{file}")
}

/// Plays: each frame of the screen is a tick.
#[hook]
pub(crate) fn use_frames(playing: bool, send: &Callback<Action>) {
    let send = send.clone();
    use_effect_with(playing, move |playing| {
        let frame: Rc<RefCell<Option<AnimationFrame>>> = Rc::default();
        if *playing {
            next_frame(Rc::clone(&frame), None, send);
        }
        move || {
            frame.borrow_mut().take();
        }
    });
}

/// Asks for the next frame; `last` is when the one before was shown, in milliseconds.
fn next_frame(
    frame: Rc<RefCell<Option<AnimationFrame>>>,
    last: Option<f64>,
    send: Callback<Action>,
) {
    let again = Rc::clone(&frame);
    let asked = request_animation_frame(move |now| {
        let passed_us = last.map_or(0.0, |last| (now - last).clamp(0.0, 1_000.0) * 1_000.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
        let passed = Span(passed_us as u64);
        next_frame(again, Some(now), send.clone());
        send.emit(Action::Play(Play::Tick(passed)));
    });
    *frame.borrow_mut() = Some(asked);
}

/// Listens to the keyboard.
#[hook]
pub(crate) fn use_keys(state: &LabState, send: &Callback<Action>) {
    let send = send.clone();
    use_effect_with(state.view.clone(), move |view| {
        let view = view.clone();
        let options = EventListenerOptions::enable_prevent_default();
        let listener = browser::document().map(|document| {
            EventListener::new_with_options(&document, "keydown", options, move |event| {
                let event: &KeyboardEvent = event.dyn_ref().unwrap_throw();
                let key = event.key();
                let press = Press {
                    key: &key,
                    shift: event.shift_key(),
                    control: event.ctrl_key() || event.meta_key(),
                    alt: event.alt_key(),
                    focus: focus_of(event),
                };
                if let Some(action) =
                    action_for(press, &view).filter(|_| !event.default_prevented())
                {
                    event.prevent_default();
                    send.emit(action);
                }
            })
        });
        move || drop(listener)
    });
}

/// What has the focus, as far as keys care.
fn focus_of(event: &KeyboardEvent) -> Focus {
    const CHOICES: &str = "select, input[type=range], [role=slider]";
    const FIELDS: &str =
        "input:not([type=checkbox]):not([type=button]), textarea, [contenteditable], dialog";
    const BUTTONS: &str =
        "button, a[href], summary, input, [role=button], [role=tab], [role=menuitem], [tabindex]";
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let is = |selector: &str| {
        let found = target.as_ref().and_then(|target| target.closest(selector).ok().flatten());
        found.is_some()
    };
    match () {
        () if is(CHOICES) => Focus::Choice,
        () if is(FIELDS) => Focus::Field,
        () if is(BUTTONS) => Focus::Button,
        () => Focus::Page,
    }
}

/// How long the page stands still before its moment is written into the address, in milliseconds:
/// browsers refuse an address that changes all the time.
const ADDRESS_AFTER_MS: u32 = 350;

/// Opens what the address names, now and whenever it changes, and names in the address what is
/// open. Another run is a step of the browser's history; another moment is not.
#[hook]
pub(crate) fn use_address(state: &LabState, send: &Callback<Action>) {
    {
        let send = send.clone();
        use_effect_with((), move |()| {
            send.emit(Action::Change(Change::Link(browser::fragment())));
            let listener = web_sys::window().map(|window| {
                EventListener::new(&window, "hashchange", move |_| {
                    send.emit(Action::Change(Change::Link(browser::fragment())));
                })
            });
            move || drop(listener)
        });
    }
    let run = state.run.as_ref().filter(|run| state.pending.is_none() && run.waits.is_none());
    // What is live has no moment: its link is another only when something else is open.
    let live = run.filter(|run| run.live.is_some());
    let live = live.map(|run| (run.id, state.view.clone(), state.selection));
    let is_still = run.is_some() && live.is_none() && !state.player.playing;
    let moment = is_still.then(|| link::parts(state)).flatten();
    let state = state.clone();
    use_effect_with((moment, live), move |(moment, live)| {
        let of_live = || live.as_ref().and_then(|_| link::parts(&state));
        let timer = moment.clone().or_else(of_live).map(|(base, sight)| {
            Timeout::new(ADDRESS_AFTER_MS, move || browser::show_moment(&base, &sight))
        });
        move || drop(timer)
    });
}

/// Puts a link to what is on the screen at that very moment on the clipboard. The address may be
/// behind: while the page plays it stays as it was.
#[hook]
pub(crate) fn use_share(state: &LabState, send: &Callback<Action>) -> Callback<()> {
    let latest = use_mut_ref(LabState::default);
    *latest.borrow_mut() = state.clone();
    let send = send.clone();
    let share = use_memo((), move |()| {
        Callback::from(move |()| {
            let state = latest.borrow().clone();
            let Some((base, sight)) = link::parts(&state) else { return };
            if !link::can_carry(&state) {
                return send.emit(Action::Hear(Hear::Shared(Shared::TooLong)));
            }
            browser::show_moment(&base, &sight);
            let send = send.clone();
            spawn_local(async move {
                let copied = browser::copy_address().await;
                let shared = if copied { Shared::Copied } else { Shared::InAddress };
                send.emit(Action::Hear(Hear::Shared(shared)));
            });
        })
    });
    (*share).clone()
}

/// Stops playing when the page is hidden.
#[hook]
pub(crate) fn use_visibility(send: &Callback<Action>) {
    let send = send.clone();
    use_effect_with((), move |()| {
        let listener = browser::document().map(|document| {
            EventListener::new(&document, "visibilitychange", move |_| {
                if browser::document().is_some_and(|document| document.hidden()) {
                    send.emit(Action::Hear(Hear::Hidden));
                }
            })
        });
        move || drop(listener)
    });
}

/// Takes a text from the clipboard, unless it is pasted into a field.
#[hook]
pub(crate) fn use_paste(send: &Callback<Action>) {
    let send = send.clone();
    use_effect_with((), move |()| {
        let listener = browser::document().map(|document| {
            EventListener::new(&document, "paste", move |event| {
                let event: &ClipboardEvent = event.dyn_ref().unwrap_throw();
                let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
                let field =
                    target.and_then(|target| target.closest("input, textarea").ok().flatten());
                if let Some(data) = event.clipboard_data().filter(|_| field.is_none()) {
                    own_text::take(&data, &send);
                }
            })
        });
        move || drop(listener)
    });
}

/// Marks the document's root with what styles depend on, and remembers the habits.
#[hook]
pub(crate) fn use_look(state: &LabState) {
    use_effect_with((state.view.clone(), state.player.step), |(view, step)| {
        browser::mark_root("data-theme", Some(view.theme.name()));
        browser::mark_root("data-presenter", view.presenter.then_some("on"));
        browser::mark_root("data-embed", view.embedded.then_some("on"));
        store::remember(view, *step);
    });
}
