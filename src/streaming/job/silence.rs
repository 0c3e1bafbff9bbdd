//! A process function with timers: counts by key, and says the count when the key was silent for so long. The
//! `CountWithTimeoutFunction` of Flink's documentation.

use super::context::Context;
use super::message::{Element, Message};
use crate::base::{Amount, Level, Millis};
use crate::trace::stream::{Content, StreamEvent, TimeDomain};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Counts and timers by key.
#[derive(Clone, Debug)]
pub(super) struct Silence {
    timeout_ms: Millis,
    counts: BTreeMap<Rc<str>, (i64, Millis)>,
    timers: BTreeSet<(Millis, Rc<str>)>,
}

impl Silence {
    /// Nothing counted.
    pub(super) const fn new(timeout_ms: Millis) -> Silence {
        Silence { timeout_ms, counts: BTreeMap::new(), timers: BTreeSet::new() }
    }

    /// Counts, and sets a timer from the element's time on. One from before stays, and will say nothing.
    pub(super) fn on_element(&mut self, element: &Element, c: &mut Context<'_>) {
        let (count, last) = self.counts.entry(Rc::clone(&element.key)).or_insert((0, element.at));
        *count += 1;
        *last = element.at;
        let time = element.at.saturating_add(self.timeout_ms);
        if !self.timers.insert((time, Rc::clone(&element.key))) {
            return;
        }
        let (subtask, key) = (c.subtask, element.key.to_string());
        let (window, domain) = (None, TimeDomain::Event);
        c.tell(Level::Records, || StreamEvent::TimerSet { subtask, key, window, domain, time });
    }

    /// Timers up to the watermark fire; the last one of a key speaks.
    pub(super) fn on_watermark(&mut self, watermark: Millis, c: &mut Context<'_>) {
        while let Some((time, key)) =
            self.timers.first().filter(|(at, _)| *at <= watermark).cloned()
        {
            self.timers.remove(&(time, Rc::clone(&key)));
            let subtask = c.subtask;
            c.tell(Level::Records, || StreamEvent::TimerFired {
                subtask,
                key: key.to_string(),
                window: None,
                domain: TimeDomain::Event,
                time,
                clock: watermark,
            });
            let Some((count, last)) = self.counts.get(&key).copied() else { continue };
            if last.saturating_add(self.timeout_ms) != time {
                continue;
            }
            let (result, value) = (c.number(), Amount::whole(count));
            let cause = c.tell(Level::Tasks, || StreamEvent::Emitted {
                subtask,
                key: key.to_string(),
                result,
                value,
                event_time: time,
            });
            let element = Element {
                id: result,
                at: time,
                key,
                value,
                content: Content::Number(value),
                window: None,
                retraction: false,
            };
            c.say(Message::Element(element), cause);
        }
        c.say(Message::Watermark(watermark), c.cause);
    }

    /// Keys and timers that are kept.
    pub(super) fn size(&self) -> (u64, u64) {
        (self.counts.len() as u64, self.timers.len() as u64)
    }
}
