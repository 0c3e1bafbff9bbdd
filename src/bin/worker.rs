//! The conductor's web worker.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

fn main() {
    std::panic::set_hook(Box::new(|panic| fail(&panic.to_string())));
    let on_message =
        Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| answer(&event.data()));
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The worker listens until it is terminated.
    on_message.forget();
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

fn answer(message: &JsValue) {
    match message.as_string().as_deref() {
        Some("ping") => {
            let _ = scope().post_message(&"pong".into());
        }
        Some(other) => panic!("the worker was asked to {other}"),
        None => panic!("the worker knows only words"),
    }
}

/// Tells the page, and closes the worker: after a panic it would go on answering, from a broken state.
fn fail(reason: &str) {
    let message = js_sys::Object::new();
    let _ = js_sys::Reflect::set(&message, &"panic".into(), &reason.into());
    let _ = scope().post_message(&message);
    scope().close();
}
