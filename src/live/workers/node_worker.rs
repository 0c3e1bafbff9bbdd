//! A node's web worker: posts what its node has to say, and gives it its turns.

use super::parcels::{buffers_of, parcel_of};
use super::turn::Turn;
use super::wall::{Every, now, scope};
use super::{NODE_LOOK_MILLIS, SLICE};
use crate::base::NodeId;
use crate::live::node::{Node, Posted};
use crate::live::wire::Parcel;
use std::cell::RefCell;
use std::collections::BTreeMap;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{MessageEvent, MessagePort};

thread_local! {
    static WORKER: RefCell<NodeWorker> = RefCell::new(NodeWorker::default());
}

#[derive(Default)]
struct NodeWorker {
    node: Option<Node>,
    peers: BTreeMap<NodeId, MessagePort>,
    turn: Option<Turn>,
    looks: Option<Every>,
}

/// Makes this web worker a node, which waits for its setup.
///
/// # Panics
/// When the browser has no channels or timers: then the master hears of it.
pub fn run() {
    let (turn, looks) = (Turn::new(work), Every::millis(NODE_LOOK_MILLIS, work));
    let (Ok(turn), Ok(looks)) = (turn, looks) else {
        panic!("this browser cannot call a worker back")
    };
    WORKER.with_borrow_mut(|worker| {
        worker.turn = Some(turn);
        worker.looks = Some(looks);
    });
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| hear(&event));
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The worker listens until it is terminated.
    on_message.forget();
}

/// Hears the master: a parcel, or the number of another node with the port that leads to it.
fn hear(event: &MessageEvent) {
    let data = event.data();
    WORKER.with_borrow_mut(|worker| match parcel_of(&data) {
        Some(parcel) => worker.hear(parcel),
        None => worker.meet(&data, event.ports().get(0)),
    });
}

fn work() {
    WORKER.with_borrow_mut(NodeWorker::work);
}

impl NodeWorker {
    fn hear(&mut self, parcel: Parcel) {
        match &mut self.node {
            Some(node) => node.hear(now(), parcel),
            None => self.node = Node::start(&parcel, now()),
        }
        self.post();
    }

    fn meet(&mut self, number: &JsValue, port: JsValue) {
        let (Some(number), Ok(port)) = (number.as_f64(), port.dyn_into::<MessagePort>()) else {
            panic!("the master posted what is no message");
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a node's number"
        )]
        let peer = NodeId(number as u16);
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(parcel) = parcel_of(&event.data()) {
                WORKER.with_borrow_mut(|worker| worker.hear_peer(peer, parcel));
            }
        });
        port.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        // As long as the worker.
        on_message.forget();
        self.peers.insert(peer, port);
    }

    fn hear_peer(&mut self, from: NodeId, parcel: Parcel) {
        if let Some(node) = &mut self.node {
            node.hear_peer(now(), from, parcel);
        }
        self.post();
    }

    /// Works for a slice, and has itself called again if there is more.
    fn work(&mut self) {
        let Some(node) = &mut self.node else { return };
        let begun = now();
        node.work(begun);
        while node.is_busy() && now().since(begun) < SLICE {
            node.work(now());
        }
        self.post();
    }

    fn post(&mut self) {
        let Some(node) = &mut self.node else { return };
        for posted in node.take_posts() {
            let sent = match &posted {
                Posted::ToMaster(parcel) => {
                    let buffers = buffers_of(parcel);
                    scope().post_message_with_transfer(&buffers, &buffers)
                }
                Posted::ToPeer(to, parcel) => {
                    let buffers = buffers_of(parcel);
                    let Some(port) = self.peers.get(to) else { continue };
                    port.post_message_with_transferable(&buffers, &buffers)
                }
            };
            assert!(sent.is_ok(), "the node cannot post: {sent:?}");
        }
        if let Some(turn) = self.turn.as_ref().filter(|_| node.is_busy()) {
            turn.call();
        }
    }
}
