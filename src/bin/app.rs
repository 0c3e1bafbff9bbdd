//! The page.

#[path = "../ui/worker_link.rs"]
mod worker_link;

use wasm_bindgen::JsValue;
use worker_link::WorkerLink;
use yew::prelude::*;

/// Asks the worker, and shows what it answers.
#[function_component]
fn Hello() -> Html {
    let answer = use_state(String::new);
    let link = use_mut_ref(|| None::<WorkerLink>);
    {
        let (answer, link) = (answer.clone(), link.clone());
        use_effect_with((), move |()| {
            let (heard, failed) = (answer.clone(), answer);
            let started = WorkerLink::start(
                move |message| heard.set(message.as_string().unwrap_or_default()),
                move |reason| failed.set(format!("The worker stopped: {reason}")),
            );
            *link.borrow_mut() = started.ok();
            post(&link.borrow(), "ping");
        });
    }
    let panic = move |_| post(&link.borrow(), "panic");
    html! {
        <main>
            <h1>{ "Millrace" }</h1>
            <p role="status" id="answer">{ (*answer).clone() }</p>
            <button id="panic" onclick={panic}>{ "Make the worker panic" }</button>
        </main>
    }
}

fn post(link: &Option<WorkerLink>, message: &str) {
    if let Some(link) = link {
        // A string can always be copied.
        let _ = link.post(&JsValue::from_str(message));
    }
}

fn main() {
    let root = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.get_element_by_id("app"))
        .expect("index.html has an element #app");
    yew::Renderer::<Hello>::with_root(root).render();
}
