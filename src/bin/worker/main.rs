//! The conductor's web worker: it feeds the conductor with what the page posts, and posts what the
//! conductor has to say. By another name it is the web worker of a live node.
//!
//! Long work is done in slices. Between two slices the worker posts a message to itself over a
//! channel: unlike a timer this is never slowed down, and commands of the page get their turn.

mod live;

use bytes::Bytes;
use js_sys::{Array, ArrayBuffer, JsString, Reflect, Uint8Array};
use millrace::lab::conductor::Conductor;
use millrace::lab::messages::{Command, RunId, Update, pack};
use millrace::live::workers::{NODE_NAME, Turn, run_node};
use millrace::trace::Event;
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

thread_local! {
    static CONDUCTOR: RefCell<Conductor> = RefCell::new(Conductor::new());
    /// How the worker calls itself; nothing when the browser has no channels.
    static TURN: Option<Turn> = Turn::new(work).ok();
}

fn main() {
    std::panic::set_hook(Box::new(|panic| fail(&panic.to_string())));
    if scope().name().starts_with(NODE_NAME) {
        return run_node();
    }
    let on_message =
        Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| on_command(&event.data()));
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The worker listens until it is terminated.
    on_message.forget();
    post(&[Update::Ready { version: env!("CARGO_PKG_VERSION").to_owned() }]);
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Does a slice of work.
fn work() {
    post(&CONDUCTOR.with_borrow_mut(Conductor::work));
    post(&live::work());
    go_on();
}

/// Has another slice done after what the page has posted meanwhile, if there is work.
fn go_on() {
    if live::is_busy() || CONDUCTOR.with_borrow(Conductor::is_busy) {
        TURN.with(|turn| match turn {
            Some(turn) => turn.call(),
            None => panic!("the worker cannot call itself"),
        });
    }
}

/// A command is an object: `command` is JSON text, and `input` an optional list of buffers.
fn on_command(message: &JsValue) {
    let text = Reflect::get(message, &"command".into()).ok().and_then(|text| text.as_string());
    let input = Reflect::get(message, &"input".into()).ok();
    let input = input.and_then(|input| input.dyn_into::<Array>().ok());
    let input = input.map(|buffers| buffers.iter().map(bytes_of).collect());
    match serde_json::from_str::<Command>(&text.unwrap_or_default()) {
        Ok(command) => {
            post(&CONDUCTOR.with_borrow_mut(|conductor| live::handle(conductor, command, input)));
            go_on();
        }
        Err(error) => panic!("the page posted what is no command: {error}"),
    }
}

fn bytes_of(buffer: JsValue) -> Bytes {
    let buffer: ArrayBuffer = buffer.unchecked_into();
    Bytes::from(Uint8Array::new(&buffer).to_vec())
}

/// Posts a trace as a packed buffer that changes hands, and other updates as the JSON text of a list.
fn post(updates: &[Update]) {
    for update in updates {
        let posted = match update {
            Update::Trace { run, events } => post_trace(*run, events),
            Update::Ready { .. } | Update::Reply { .. } | Update::Finished { .. } => {
                post_text(update)
            }
        };
        assert!(posted.is_ok(), "the worker cannot post an update");
    }
}

fn post_trace(run: RunId, events: &[Event]) -> Result<(), JsValue> {
    let packed = pack(run, events).map_err(|error| error.to_string())?;
    let buffer = Uint8Array::from(&packed[..]).buffer();
    scope().post_message_with_transfer(&buffer, &Array::of1(&buffer))
}

fn post_text(update: &Update) -> Result<(), JsValue> {
    let text = serde_json::to_string(&[update]).map_err(|error| error.to_string())?;
    scope().post_message(&JsString::from(text))
}

/// Tells the page, and closes the worker: after a panic it would go on answering, from a broken state.
fn fail(reason: &str) {
    let message = js_sys::Object::new();
    let _ = Reflect::set(&message, &"panic".into(), &reason.into());
    let _ = scope().post_message(&message);
    scope().close();
}
