//! A web worker calls itself: over a channel, which unlike a timer is never slowed down, and
//! behind whatever was posted to it meanwhile.

use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{MessageChannel, MessageEvent, MessagePort};

/// A call to itself, at most one at a time.
pub struct Turn {
    caller: MessagePort,
    callee: MessagePort,
    called: Rc<Cell<bool>>,
    _on_call: Closure<dyn FnMut(MessageEvent)>,
}

impl Turn {
    /// `on_call` will be called once for each call.
    ///
    /// # Errors
    /// When the browser has no channels.
    pub fn new(mut on_call: impl FnMut() + 'static) -> Result<Turn, JsValue> {
        let channel = MessageChannel::new()?;
        let called = Rc::new(Cell::new(false));
        let arrived = called.clone();
        let on_call = Closure::<dyn FnMut(MessageEvent)>::new(move |_: MessageEvent| {
            arrived.set(false);
            on_call();
        });
        let (callee, caller) = (channel.port1(), channel.port2());
        callee.set_onmessage(Some(on_call.as_ref().unchecked_ref()));
        Ok(Turn { caller, callee, called, _on_call: on_call })
    }

    /// Calls, unless a call is on its way.
    ///
    /// # Panics
    /// When the browser cannot post a null.
    pub fn call(&self) {
        if !self.called.replace(true) {
            let posted = self.caller.post_message(&JsValue::NULL);
            assert!(posted.is_ok(), "the worker cannot call itself");
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.callee.close();
    }
}
