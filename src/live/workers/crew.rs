//! The web workers of a live cluster, as the master's worker sees them: one a node, from the one
//! compiled program, with a port from each to each.

use super::parcels::{buffers_of, parcel_of};
use super::wall::scope;
use super::{NODE_NAME, Said};
use crate::base::NodeId;
use crate::live::wire::Parcel;
use js_sys::{Array, Object, Reflect};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{ErrorEvent, MessageChannel, MessageEvent, Worker, WorkerOptions};

/// The workers, by the places of their nodes; nothing where one is terminated.
#[derive(Default)]
pub(super) struct Crew(Vec<Option<Member>>);

struct Member {
    worker: Worker,
    // The browser calls these for as long as the worker lives.
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

impl Crew {
    /// Starts so many workers. `hear` hears what they post, and of those that break down.
    ///
    /// # Errors
    /// When the browser lets no worker start workers.
    pub(super) fn start(nodes: u16, hear: &Rc<dyn Fn(NodeId, Said)>) -> Result<Crew, JsValue> {
        let module = wasm_bindgen::module();
        let start = |place| Member::start(NodeId::nth(place), &module, hear.clone()).map(Some);
        let crew = Crew((0..nodes).map(start).collect::<Result<_, _>>()?);
        for one in 0..nodes {
            for other in one + 1..nodes {
                crew.introduce(NodeId::nth(one), NodeId::nth(other))?;
            }
        }
        Ok(crew)
    }

    /// Posts a parcel to a node, if it is not terminated.
    ///
    /// # Errors
    /// When the browser cannot post it.
    pub(super) fn post(&self, to: NodeId, parcel: &Parcel) -> Result<(), JsValue> {
        let Some(member) = self.member(to) else { return Ok(()) };
        let buffers = buffers_of(parcel);
        member.worker.post_message_with_transfer(&buffers, &buffers)
    }

    /// Terminates a node's worker, at once and in the middle of whatever it does.
    pub(super) fn terminate(&mut self, node: NodeId) {
        if let Some(member) = self.0.get_mut(node.place()) {
            *member = None;
        }
    }

    fn member(&self, node: NodeId) -> Option<&Member> {
        self.0.get(node.place())?.as_ref()
    }

    /// Gives each of two nodes a port that leads to the other.
    fn introduce(&self, one: NodeId, other: NodeId) -> Result<(), JsValue> {
        let channel = MessageChannel::new()?;
        for (node, peer, port) in [(one, other, channel.port1()), (other, one, channel.port2())] {
            if let Some(member) = self.member(node) {
                let number = JsValue::from(peer.0);
                member.worker.post_message_with_transfer(&number, &Array::of1(&port))?;
            }
        }
        Ok(())
    }
}

impl Member {
    fn start(
        node: NodeId,
        module: &JsValue,
        hear: Rc<dyn Fn(NodeId, Said)>,
    ) -> Result<Member, JsValue> {
        if !Reflect::has(&js_sys::global(), &"Worker".into())? {
            return Err("web workers cannot start web workers".into());
        }
        let options = WorkerOptions::new();
        options.set_name(&format!("{NODE_NAME}{}", node.0));
        let worker = Worker::new_with_options(&scope().location().href(), &options)?;
        let heard = hear.clone();
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let said = said(&event.data());
            heard(node, said);
        });
        let on_error = Closure::<dyn FnMut(ErrorEvent)>::new(move |event: ErrorEvent| {
            // Or it would be this worker's error too, and the page's.
            event.prevent_default();
            hear(node, Said::Broke(reason(&event)));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        let member = Member { worker, _on_message: on_message, _on_error: on_error };
        let message = Object::new();
        Reflect::set(&message, &"module".into(), module)?;
        member.worker.post_message(&message)?;
        Ok(member)
    }
}

thread_local! {
    /// Hears the errors of workers that are gone: after its last words a worker that panicked ends
    /// with a trap, which unheard would be this worker's error too, and the page's.
    static DEAF: Closure<dyn FnMut(ErrorEvent)> =
        Closure::new(|event: ErrorEvent| event.prevent_default());
}

impl Drop for Member {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        DEAF.with(|deaf| self.worker.set_onerror(Some(deaf.as_ref().unchecked_ref())));
        self.worker.terminate();
    }
}

fn said(message: &JsValue) -> Said {
    if let Some(parcel) = parcel_of(message) {
        return Said::Parcel(parcel);
    }
    let panic = Reflect::get(message, &"panic".into()).ok().and_then(|panic| panic.as_string());
    Said::Broke(panic.unwrap_or_else(|| "it said what is no message".to_owned()))
}

/// What a worker's error says. A panic is told before its trap, so a trap without a word is what
/// the standard library does when there is no memory.
fn reason(event: &ErrorEvent) -> String {
    // Where the script cannot be loaded, it is a plain event, which has no message at all.
    let message = Reflect::get(event, &"message".into()).ok().and_then(|it| it.as_string());
    match message.unwrap_or_default() {
        message if message.is_empty() => "it could not be loaded".to_owned(),
        message if message.contains("RuntimeError") => {
            format!("it stopped without a word, as it does when it runs out of memory ({message})")
        }
        message => message,
    }
}
