//! Operators that look at each element by itself.

use super::context::Context;
use super::message::{Element, Message};
use super::spec::{NewKey, Work};
use crate::base::{Amount, Level};
use crate::trace::stream::{Content, StreamEvent};
use std::rc::Rc;

/// Handles an element; what is said of it goes on.
pub(super) fn on_element(work: &Work, element: Element, c: &mut Context<'_>) {
    match work {
        Work::Map { by, add } => {
            let wide = i128::from(element.value.0) * i128::from(*by) + i128::from(add.0);
            let value = Amount::narrow(wide);
            pass(Element { value, content: Content::Number(value), ..element }, c);
        }
        Work::KeyBy(new) => {
            let key = new_key(*new, &element);
            pass(Element { key, ..element }, c);
        }
        Work::Filter { at_least, at_most, key } => {
            let fits = at_least.is_none_or(|least| element.value >= least)
                && at_most.is_none_or(|most| element.value <= most)
                && key.as_ref().is_none_or(|key| **key == *element.key);
            if fits {
                c.say(Message::Element(element), c.cause);
                return;
            }
            let (subtask, Element { id, key, value, .. }) = (c.subtask, element);
            c.tell(Level::Records, || StreamEvent::ElementFiltered {
                element: id,
                subtask,
                key: key.to_string(),
                value,
            });
        }
        Work::Source
        | Work::Window(_)
        | Work::Running(_)
        | Work::Deduplicate { .. }
        | Work::WindowJoin(_)
        | Work::IntervalJoin { .. }
        | Work::Silence { .. }
        | Work::Sink => {}
    }
}

fn pass(element: Element, c: &mut Context<'_>) {
    let subtask = c.subtask;
    let cause = c.tell(Level::Records, || StreamEvent::ElementMapped {
        element: element.id,
        subtask,
        key: element.key.to_string(),
        value: element.value,
        event_time: element.at,
    });
    c.say(Message::Element(element), cause);
}

fn new_key(new: NewKey, element: &Element) -> Rc<str> {
    match new {
        NewKey::FirstLetter => {
            let letter = element.key.chars().next().map(String::from).unwrap_or_default();
            Rc::from(letter)
        }
        NewKey::Value => Rc::from(element.value.to_string()),
        NewKey::One => Rc::from("all"),
    }
}
