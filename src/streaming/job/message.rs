//! What operators say to each other.

use crate::base::{Amount, Millis, Window};
use crate::trace::stream::{Content, ElementId, Sent};
use std::rc::Rc;

/// An element of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// Its number.
    pub id: ElementId,
    /// When it happened.
    pub at: Millis,
    /// What it is about.
    pub key: Rc<str>,
    /// What it says, as a number.
    pub value: Amount,
    /// What it says, whole.
    pub content: Content,
    /// The window that it is the result of.
    pub window: Option<Window>,
    /// Whether it is taken back.
    pub retraction: bool,
}

/// What goes over a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// An element.
    Element(Element),
    /// A watermark.
    Watermark(Millis),
    /// Nothing comes for now.
    Idle,
    /// Something comes again.
    Active,
    /// A micro-batch of Spark ends, with the watermark of the next.
    BatchEnd(Millis),
}

impl Message {
    /// What the trace says of it.
    pub fn sent(&self) -> Sent {
        match self {
            Message::Element(element) if element.retraction => Sent::Retraction(element.id),
            Message::Element(element) => Sent::Element(element.id),
            Message::Watermark(to) => Sent::Watermark(*to),
            Message::Idle => Sent::Idle,
            Message::Active => Sent::Active,
            Message::BatchEnd(to) => Sent::BatchEnd(*to),
        }
    }
}
