//! What is told and sent of what a machine said.

use super::context::Context;
use super::machine::Item;
use super::message::{Element, Message};
use crate::base::{Level, Millis, Window};
use crate::streaming::aggregate::Bag;
use crate::streaming::output::{Dropped, Output, Pane};
use crate::trace::stream::{Content, ElementId, StreamEvent};
use std::rc::Rc;

/// Each of them is in one window more.
pub(super) fn say_copied(key: &Rc<str>, items: &[Item], into: Window, c: &mut Context<'_>) {
    let subtask = c.subtask;
    for item in items {
        c.tell(Level::Records, || StreamEvent::WindowsAssigned {
            subtask,
            element: ElementId(item.id),
            key: key.to_string(),
            value: item.value,
            event_time: item.at,
            windows: vec![into],
        });
    }
}

pub(super) fn say_dropped(key: &Rc<str>, dropped: &Dropped<Item>, c: &mut Context<'_>) {
    let (subtask, element) = (c.subtask, ElementId(dropped.value.id));
    let (event_time, window, why) = (dropped.at, dropped.window, dropped.reason);
    c.tell(Level::Counters, || StreamEvent::RecordDropped {
        subtask,
        element,
        key: key.to_string(),
        event_time,
        window,
        why,
    });
}

/// The result of a window, of this event time.
pub(super) fn sent(
    key: &Rc<str>,
    (window, at): (Window, Millis),
    id: ElementId,
    value: crate::base::Amount,
    content: Content,
    retraction: bool,
) -> Message {
    Message::Element(Element {
        id,
        at,
        key: Rc::clone(key),
        value,
        content,
        window: Some(window),
        retraction,
    })
}

/// The same with the numbers of the elements alone, as the ledger books it.
pub(super) fn ids_of(output: &Output<Bag<Item>, Item>) -> Output<Bag<u64>, u64> {
    let bag = |pane: &Pane<Bag<Item>>| Pane {
        window: pane.window,
        contents: Bag(pane.contents.0.iter().map(|item| u64::from(item.id)).collect()),
        timestamp: pane.timestamp,
        info: pane.info,
    };
    match output {
        Output::Pane(pane) => Output::Pane(bag(pane)),
        Output::Retraction(pane) => Output::Retraction(bag(pane)),
        Output::Merged { from, into } => Output::Merged { from: from.clone(), into: *into },
        Output::Copied { contents, into } => Output::Copied {
            contents: Bag(contents.0.iter().map(|item| u64::from(item.id)).collect()),
            into: *into,
        },
        Output::Dropped(dropped) => Output::Dropped(Dropped {
            value: u64::from(dropped.value.id),
            at: dropped.at,
            window: dropped.window,
            reason: dropped.reason,
        }),
        Output::Late { value, at, allowed_lateness_ms, watermark } => Output::Late {
            value: u64::from(value.id),
            at: *at,
            allowed_lateness_ms: *allowed_lateness_ms,
            watermark: *watermark,
        },
        Output::Forgotten { window, unseen } => {
            Output::Forgotten { window: *window, unseen: *unseen }
        }
    }
}
