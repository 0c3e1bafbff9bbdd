//! The first element of each key, remembered for a while: Spark's `dropDuplicatesWithinWatermark`, element by
//! element.

use super::context::Context;
use super::message::{Element, Message};
use crate::base::{Level, Millis};
use crate::streaming::BEFORE_ALL;
use crate::streaming::spark;
use crate::trace::stream::{StreamEvent, Subtask};
use std::rc::Rc;

/// The keys that were seen lately.
#[derive(Clone, Debug)]
pub(super) struct Deduplicate {
    seen: spark::Deduplicate<Rc<str>>,
    watermark: Millis,
    /// Elements that did not pass.
    pub(super) dropped: u64,
}

impl Deduplicate {
    /// Nothing seen; a key is remembered so long after its first time.
    pub(super) fn new(within_ms: Millis) -> Deduplicate {
        let seen = spark::Deduplicate::new(within_ms);
        Deduplicate { seen, watermark: BEFORE_ALL, dropped: 0 }
    }

    pub(super) fn on_element(&mut self, element: Element, c: &mut Context<'_>) {
        let batch = [(element.at, element)];
        let result = self.seen.on_batch(self.watermark, &batch, |of| Rc::clone(&of.key));
        for (_, element) in result.passed {
            c.say(Message::Element(element), c.cause);
        }
        for dropped in result.dropped {
            self.dropped += 1;
            let subtask: Subtask = c.subtask;
            c.tell(Level::Counters, || StreamEvent::RecordDropped {
                subtask,
                element: dropped.value.id,
                key: dropped.value.key.to_string(),
                event_time: dropped.at,
                window: None,
                why: dropped.reason,
            });
        }
    }

    pub(super) fn on_watermark(&mut self, watermark: Millis, c: &mut Context<'_>) {
        self.watermark = watermark;
        self.seen.on_batch(watermark, &[], |of: &Element| Rc::clone(&of.key));
        c.say(Message::Watermark(watermark), c.cause);
    }

    /// Keys that are remembered.
    pub(super) fn keys(&self) -> u64 {
        self.seen.state_rows() as u64
    }
}
