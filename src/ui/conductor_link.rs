//! The conductor as the page speaks to it: commands go out as JSON text, with the bytes of texts
//! beside them in buffers that change hands; traces come back packed, other updates as JSON text.

use super::model::Texts;
use super::model::action::{Action, Hear};
use super::model::state::Outgoing;
use super::worker_link::WorkerLink;
use crate::lab::messages::{Command, CommandId, Update, unpack};
use js_sys::{Array, ArrayBuffer, Object, Reflect, Uint8Array};
use std::cell::Cell;
use wasm_bindgen::{JsCast, JsValue};
use yew::Callback;

/// A conductor in its web worker. Dropping it terminates the worker.
pub(crate) struct ConductorLink {
    worker: WorkerLink,
    /// The first command that was not posted yet.
    next: Cell<CommandId>,
    send: Callback<Action>,
}

impl ConductorLink {
    /// Starts a worker with a conductor, which will be told the commands from `first` on. All
    /// that it says, and that it breaks down, is sent as actions.
    ///
    /// # Errors
    /// In words, when the browser refuses to make a worker.
    pub(crate) fn start(first: CommandId, send: Callback<Action>) -> Result<ConductorLink, String> {
        let (heard, failed) = (send.clone(), send.clone());
        let worker = WorkerLink::start(
            move |message| pass_on(&heard, &message),
            move |reason| failed.emit(Action::Hear(Hear::WorkerFailed(reason))),
        );
        let worker =
            worker.map_err(|refusal| format!("The browser refused a worker: {refusal:?}"))?;
        Ok(ConductorLink { worker, next: Cell::new(first), send })
    }

    /// Posts those commands that were not posted yet.
    pub(crate) fn post(&self, commands: &[Outgoing]) {
        for outgoing in commands.iter().filter(|outgoing| outgoing.command.id >= self.next.get()) {
            self.next.set(outgoing.command.id + 1);
            if let Err(refusal) = self.post_one(outgoing) {
                let reason = format!("A command could not be posted: {refusal:?}");
                self.send.emit(Action::Hear(Hear::WorkerFailed(reason)));
            }
        }
    }

    fn post_one(&self, outgoing: &Outgoing) -> Result<(), JsValue> {
        post(&self.worker, &outgoing.command, outgoing.input.as_ref())
    }
}

/// Posts a command, and a copy of the texts' bytes.
///
/// # Errors
/// When the browser refuses.
pub(crate) fn post(
    worker: &WorkerLink,
    command: &Command,
    input: Option<&Texts>,
) -> Result<(), JsValue> {
    let text = serde_json::to_string(command).map_err(|error| error.to_string())?;
    let message = Object::new();
    Reflect::set(&message, &"command".into(), &text.into())?;
    let buffers = Array::new();
    if let Some(input) = input {
        for text in input.iter() {
            buffers.push(&Uint8Array::from(&text[..]).buffer());
        }
        Reflect::set(&message, &"input".into(), &buffers)?;
    }
    worker.post(&message, &buffers)
}

/// Sends on what the conductor says.
fn pass_on(send: &Callback<Action>, message: &JsValue) {
    match hear(message) {
        Ok(updates) => {
            for update in updates {
                send.emit(Action::Hear(Hear::Update(Box::new(update))));
            }
        }
        Err(reason) => send.emit(Action::Hear(Hear::WorkerFailed(reason))),
    }
}

/// A packed trace, or a list of other updates.
///
/// # Errors
/// In words, when it is neither.
pub(crate) fn hear(message: &JsValue) -> Result<Vec<Update>, String> {
    let heard = match message.dyn_ref::<ArrayBuffer>() {
        Some(buffer) => unpack(&Uint8Array::new(buffer).to_vec())
            .map(|(run, events)| vec![Update::Trace { run, events }])
            .map_err(|error| error.to_string()),
        None => serde_json::from_str(&message.as_string().unwrap_or_default())
            .map_err(|error| error.to_string()),
    };
    heard.map_err(|error: String| {
        format!("The worker said something that the page cannot read: {error}")
    })
}
