//! Flink's `IntervalJoinOperator`: a left element meets right ones of its key within bounds of its time.

use super::context::Context;
use super::message::{Element, Message};
use crate::base::{Amount, Level, Millis};
use crate::streaming::BEFORE_ALL;
use crate::trace::stream::{Content, DropReason, ElementId, StreamEvent};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// What came by one input: by key and time, the numbers and values.
type Buffer = BTreeMap<(Rc<str>, Millis), Vec<(ElementId, Amount)>>;

/// Both buffers, and when what is in them is over.
#[derive(Clone, Debug)]
pub(super) struct IntervalJoin {
    lower_ms: Millis,
    upper_ms: Millis,
    buffers: [Buffer; 2],
    /// Until when an element is kept: the watermark, the side, the key, its time.
    cleanup: BTreeSet<(Millis, usize, Rc<str>, Millis)>,
    watermark: Millis,
    /// Elements that came late.
    pub(super) dropped: u64,
}

const LEFT: usize = 0;

impl IntervalJoin {
    /// Right elements from `lower_ms` to `upper_ms` after a left one, both ends included.
    pub(super) const fn new(lower_ms: Millis, upper_ms: Millis) -> IntervalJoin {
        IntervalJoin {
            lower_ms,
            upper_ms,
            buffers: [Buffer::new(), Buffer::new()],
            cleanup: BTreeSet::new(),
            watermark: BEFORE_ALL,
            dropped: 0,
        }
    }

    /// `processElement`: a late one is dropped; another is kept, and meets what is in the other buffer.
    pub(super) fn on_element(&mut self, element: &Element, right: bool, c: &mut Context<'_>) {
        let (subtask, at) = (c.subtask, element.at);
        if at < self.watermark {
            self.dropped += 1;
            let why = DropReason::Behind { watermark: self.watermark };
            c.tell(Level::Counters, || StreamEvent::RecordDropped {
                subtask,
                element: element.id,
                key: element.key.to_string(),
                event_time: at,
                window: None,
                why,
            });
            return;
        }
        let side = usize::from(right);
        let key = (Rc::clone(&element.key), at);
        self.buffers[side].entry(key).or_default().push((element.id, element.value));
        let (from, to) = if side == LEFT {
            (self.lower_ms, self.upper_ms)
        } else {
            (-self.upper_ms, -self.lower_ms)
        };
        let until = if to > 0 { at.saturating_add(to) } else { at };
        self.cleanup.insert((until, side, Rc::clone(&element.key), at));
        let range = (Rc::clone(&element.key), at.saturating_add(from))
            ..=(Rc::clone(&element.key), at.saturating_add(to));
        let met: Vec<(Millis, ElementId, Amount)> = self.buffers[1 - side]
            .range(range)
            .flat_map(|((_, time), items)| items.iter().map(|(id, value)| (*time, *id, *value)))
            .collect();
        for (time, id, value) in met {
            let ours = (element.id, element.value);
            let (left, right) =
                if side == LEFT { (ours, (id, value)) } else { ((id, value), ours) };
            say_pair(&element.key, (left, right), at.max(time), c);
        }
    }

    /// What no element to come can meet is forgotten.
    pub(super) fn on_watermark(&mut self, watermark: Millis, c: &mut Context<'_>) {
        self.watermark = watermark;
        while let Some(first) =
            self.cleanup.first().filter(|(until, ..)| *until <= watermark).cloned()
        {
            self.cleanup.remove(&first);
            let (_, side, key, at) = first;
            self.buffers[side].remove(&(key, at));
        }
        c.say(Message::Watermark(watermark), c.cause);
    }

    /// Times of keys that are kept, and timers.
    pub(super) fn size(&self) -> (u64, u64) {
        let kept = self.buffers.iter().map(BTreeMap::len).sum::<usize>();
        (kept as u64, self.cleanup.len() as u64)
    }
}

type Side = (ElementId, Amount);

fn say_pair(key: &Rc<str>, (left, right): (Side, Side), at: Millis, c: &mut Context<'_>) {
    let (result, subtask) = (c.number(), c.subtask);
    let value = Amount(left.1.0.saturating_add(right.1.0));
    let cause = c.tell(Level::Tasks, || StreamEvent::Joined {
        subtask,
        key: key.to_string(),
        left: left.0,
        right: right.0,
        result,
        value,
        event_time: at,
    });
    let element = Element {
        id: result,
        at,
        key: Rc::clone(key),
        value,
        content: Content::Pairs(vec![(left.1, right.1)]),
        window: None,
        retraction: false,
    };
    c.say(Message::Element(element), cause);
}
