//! A run's events with the state at every one of them: the playhead's ground.
//!
//! Keyframes are kept at a stride that doubles as the run grows, so that their number, and with
//! it memory, stays bounded; a seek folds at most one stride of events onto a keyframe, wherever
//! it goes. The snapshot of the last seek is kept too: a step forward folds one event.

use super::event::{Event, Seq};
use super::fold::Misfit;
use super::snapshot::{Cell, Snapshot};
use crate::base::Time;
use std::rc::Rc;

/// The stride of a short run, in events.
const FIRST_STRIDE: u32 = 256;

/// The most keyframes of a run, and the fewest where each is large.
const FRAMES_MAX: usize = 64;
const FRAMES_MIN: usize = 8;

/// What the keyframes' shuffle matrices may take together, in bytes: of all that a keyframe does
/// not share with others, only they can be large.
const CELLS_BYTES_MAX: usize = 64 << 20;

/// The events of a run, and the state after any number of them.
#[derive(Clone, Debug)]
pub struct Timeline {
    events: Vec<Event>,
    /// `frames[i]` is the state after `i * stride` events.
    frames: Vec<Rc<Snapshot>>,
    stride: u32,
    head: Snapshot,
    last: Rc<Snapshot>,
}

/// An event that could not be appended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("event {} does not fit the trace: {misfit}", .seq.0)]
pub struct AppendError {
    /// The number that the event gave itself.
    pub seq: Seq,
    /// Why it does not fit.
    pub misfit: Misfit,
}

impl Default for Timeline {
    fn default() -> Timeline {
        Timeline::new()
    }
}

impl Timeline {
    /// A run of which nothing has happened.
    pub fn new() -> Timeline {
        let nothing = Rc::new(Snapshot::default());
        Timeline {
            events: Vec::new(),
            frames: vec![Rc::clone(&nothing)],
            stride: FIRST_STRIDE,
            head: Snapshot::default(),
            last: nothing,
        }
    }

    /// Appends the events that come next.
    ///
    /// # Errors
    /// At the first event that leaves a gap, goes back in time or does not fit; it and those after
    /// it are left out, and those before it are in.
    pub fn append(&mut self, batch: Vec<Event>) -> Result<(), AppendError> {
        self.events.reserve(batch.len());
        for event in batch {
            self.push(event)?;
        }
        Ok(())
    }

    /// The run as far as its first `n` events: what a fork shares with the run that it comes from.
    #[must_use]
    pub fn prefix(&self, n: u32) -> Timeline {
        let n = n.min(self.len());
        let events = self.events.get(..place(n)).unwrap_or_default().to_vec();
        let mut frames = self.frames.clone();
        frames.truncate(place(n / self.stride).saturating_add(1));
        let mut head = frames.last().map(|frame| Snapshot::clone(frame)).unwrap_or_default();
        for event in events.get(place(head.applied)..).unwrap_or_default() {
            let folded = head.apply(event);
            assert!(folded.is_ok(), "an event that was appended once fits again: {folded:?}");
        }
        let last = Rc::new(head.clone());
        Timeline { events, frames, stride: self.stride, head, last }
    }

    /// The state after the first `n` events, or after all of them when there are fewer.
    pub fn seek(&mut self, n: u32) -> Rc<Snapshot> {
        let n = n.min(self.len());
        if n == self.last.applied {
            return Rc::clone(&self.last);
        }
        if n == self.head.applied {
            self.last = Rc::new(self.head.clone());
            return Rc::clone(&self.last);
        }
        let frame = self.frames.get(place(n / self.stride));
        if let Some(frame) = frame.filter(|_| n < self.last.applied || self.is_far(n)) {
            self.last = Rc::clone(frame);
        }
        let todo = self.events.get(place(self.last.applied)..place(n)).unwrap_or_default();
        if !todo.is_empty() {
            let state = Rc::make_mut(&mut self.last);
            for event in todo {
                let folded = state.apply(event);
                assert!(folded.is_ok(), "an event that was appended once fits again: {folded:?}");
            }
        }
        Rc::clone(&self.last)
    }

    /// How many events had happened by a time, those of that very moment included.
    pub fn at_time(&self, time: Time) -> u32 {
        number(self.events.partition_point(|event| event.at <= time))
    }

    /// An event by its place.
    pub fn event(&self, seq: Seq) -> Option<&Event> {
        self.events.get(place(seq.0))
    }

    /// All events so far, in order.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// How many events there are.
    pub fn len(&self) -> u32 {
        self.head.applied
    }

    /// Whether nothing has happened.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// The time of the last event.
    pub fn end_time(&self) -> Time {
        self.head.at
    }

    fn push(&mut self, event: Event) -> Result<(), AppendError> {
        if let Err(misfit) = self.head.apply(&event) {
            return Err(AppendError { seq: event.seq, misfit });
        }
        self.events.push(event);
        if self.head.applied.is_multiple_of(self.stride) {
            self.frames.push(Rc::new(self.head.clone()));
            self.thin();
        }
        Ok(())
    }

    /// Whether a keyframe is nearer to the state after `n` events than the last one sought.
    fn is_far(&self, n: u32) -> bool {
        n - n % self.stride > self.last.applied
    }

    /// Keeps every other keyframe when there are too many.
    fn thin(&mut self) {
        while self.frames.len() > frames_most(&self.head) {
            let mut place = 0;
            self.frames.retain(|_| {
                place += 1;
                place % 2 == 1
            });
            self.stride = self.stride.saturating_mul(2);
        }
    }
}

/// How many keyframes may be kept of states of this size.
fn frames_most(state: &Snapshot) -> usize {
    let cells: usize = state.shuffle.iter().map(|row| row.cells.len()).sum();
    let bytes = cells.saturating_mul(size_of::<Cell>());
    (CELLS_BYTES_MAX / bytes.max(1)).clamp(FRAMES_MIN, FRAMES_MAX)
}

fn place(n: u32) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, reason = "small numbers of our own making")]
#[path = "timeline_tests.rs"]
mod tests;
