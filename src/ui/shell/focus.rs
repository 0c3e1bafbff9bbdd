//! The keyboard's focus is never lost. What had it may be gone after a key or a click, since the page has
//! become another: then the focus goes to what took its place, else to what is near.

use super::browser::document;
use gloo::events::{EventListener, EventListenerOptions};
use gloo::timers::callback::Timeout;
use std::cell::RefCell;
use std::rc::Rc;
use web_sys::{Element, HtmlElement, wasm_bindgen::JsCast};
use yew::prelude::*;

const FOCUSABLE: &str = "button:not(:disabled), a[href], input:not(:disabled), select:not(:disabled), textarea, summary, [tabindex='0']";

/// What had the focus last: what it was called, and itself with all that it lay in.
#[derive(Debug)]
struct Trail {
    name: String,
    path: Vec<Element>,
}

/// Gives the focus to the first element of a selector, when the page has been drawn again.
pub(crate) fn go_to(selector: &'static str) {
    let go = move || {
        let found =
            document().and_then(|document| document.query_selector(selector).ok().flatten());
        if let Some(element) = found {
            give(&element);
        }
    };
    Timeout::new(0, go).forget();
}

/// Keeps the focus, whatever becomes of what had it.
#[hook]
pub(crate) fn use_kept_focus() {
    let last = use_mut_ref(|| None::<Trail>);
    let heard = Rc::clone(&last);
    use_effect_with((), move |()| {
        let listeners = document().map(|document| listen(&document, &heard));
        move || drop(listeners)
    });
    // What the worker answers may change the page as well.
    use_effect(move || restore(&last));
}

fn listen(document: &web_sys::Document, last: &Rc<RefCell<Option<Trail>>>) -> Vec<EventListener> {
    let options = EventListenerOptions::run_in_capture_phase();
    let noted = Rc::clone(last);
    let note = EventListener::new_with_options(document, "focusin", options, move |event| {
        let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        *noted.borrow_mut() = element.map(trail);
    });
    // When the page has been drawn again.
    let after = |kind: &'static str| {
        let last = Rc::clone(last);
        EventListener::new_with_options(document, kind, options, move |_| {
            let last = Rc::clone(&last);
            Timeout::new(0, move || restore(&last)).forget();
        })
    };
    vec![note, after("keyup"), after("click")]
}

fn trail(element: Element) -> Trail {
    let name = name(&element);
    let path = std::iter::successors(Some(element), |element| element.parent_element()).collect();
    Trail { name, path }
}

fn name(element: &Element) -> String {
    let label = element.get_attribute("aria-label").or_else(|| element.text_content());
    label.unwrap_or_default().trim().to_owned()
}

/// Where nothing has the focus, since what had it is gone, something near gets it: what has the same name,
/// else what is selected, else the first.
fn restore(last: &RefCell<Option<Trail>>) {
    let Some(document) = document() else { return };
    let is_lost = document.active_element().is_none_or(|active| active.tag_name() == "BODY");
    let is_gone = last.borrow().as_ref().is_some_and(|trail| !trail.path[0].is_connected());
    if !is_lost || !is_gone {
        return;
    }
    let Some(trail) = last.borrow_mut().take() else { return };
    let Some(near) = trail.path.iter().find(|element| element.is_connected()) else { return };
    if let Some(next) = next(near, &trail.name) {
        give(&next);
    }
}

fn next(near: &Element, wanted: &str) -> Option<Element> {
    let all = near.query_selector_all(FOCUSABLE).ok()?;
    let all: Vec<Element> =
        (0..all.length()).filter_map(|place| all.get(place)?.dyn_into::<Element>().ok()).collect();
    let same = all.iter().find(|element| name(element) == wanted);
    let selected = || all.iter().find(|element| element.matches(".is-selected").unwrap_or(false));
    same.or_else(selected).or_else(|| all.first()).cloned()
}

fn give(element: &Element) {
    // A shape of a picture has the same method. One that cannot be given the focus is as good as none.
    drop(element.unchecked_ref::<HtmlElement>().focus());
}

/// Space plays, also after something was clicked: what a pointer pressed does not capture the key that the
/// keyboard's focus would.
#[hook]
pub(crate) fn use_space(on_space: Callback<()>) {
    let steady = crate::ui::steady::use_steady(&on_space);
    use_effect_with((), move |()| {
        let listeners = document().map(|document| space(&document, &steady));
        move || drop(listeners)
    });
}

fn space(document: &web_sys::Document, on_space: &Callback<()>) -> [EventListener; 2] {
    const PRESSED: &str =
        "button, a[href], summary, [role=button], [role=tab], [role=slider], input[type=range]";
    let pressed: Rc<RefCell<Option<Element>>> = Rc::default();
    let by_pointer = Rc::clone(&pressed);
    let options = EventListenerOptions::run_in_capture_phase();
    let down = EventListener::new_with_options(document, "pointerdown", options, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let found = target.and_then(|target| target.closest(PRESSED).ok().flatten());
        *by_pointer.borrow_mut() =
            found.filter(|element| element.closest("dialog").ok().flatten().is_none());
    });
    let options = EventListenerOptions { passive: false, ..options };
    let (on_space, page) = (on_space.clone(), document.clone());
    let key = EventListener::new_with_options(document, "keydown", options, move |event| {
        let Some(event) = event.dyn_ref::<web_sys::KeyboardEvent>() else { return };
        match event.key().as_str() {
            "Tab" => *pressed.borrow_mut() = None,
            " " if !event.ctrl_key() && !event.alt_key() && !event.meta_key() => {
                let active = page.active_element();
                let Some(active) =
                    active.filter(|active| pressed.borrow().as_ref() == Some(active))
                else {
                    return;
                };
                event.prevent_default();
                event.stop_propagation();
                // Else the browser would press it when the key comes up.
                if let Some(element) = active.dyn_ref::<HtmlElement>() {
                    drop(element.blur());
                }
                on_space.emit(());
            }
            _ => {}
        }
    });
    [down, key]
}
