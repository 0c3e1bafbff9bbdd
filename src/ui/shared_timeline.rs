//! A run's timeline as the page's states and components share it.
//!
//! A timeline only ever grows at its end, and a seek changes nothing that can be seen. So all
//! states of a run share one, each with the number of events that it knew of: two are equal when
//! they share and know the same, and neither an append nor a seek copies the events.

use crate::base::Time;
use crate::trace::{BatchEvent, Event, EventKind, Seq, Snapshot, Timeline};
use std::cell::RefCell;
use std::rc::Rc;

/// A handle on a run's timeline, as it stood when the handle was made.
#[derive(Clone, Debug, Default)]
pub struct SharedTimeline {
    timeline: Rc<RefCell<Timeline>>,
    len: u32,
}

impl PartialEq for SharedTimeline {
    fn eq(&self, other: &SharedTimeline) -> bool {
        self.len == other.len && Rc::ptr_eq(&self.timeline, &other.timeline)
    }
}

impl SharedTimeline {
    /// The handle after these events. Those that the timeline has already are passed over, so that
    /// a run which is computed a second time goes on where it broke off.
    ///
    /// # Errors
    /// In words, when an event does not fit those before it; those after it are left out.
    pub fn append(&self, events: Vec<Event>) -> Result<SharedTimeline, String> {
        let mut timeline = self.timeline.borrow_mut();
        let known = timeline.len();
        let fresh: Vec<Event> = events.into_iter().filter(|event| event.seq.0 >= known).collect();
        timeline.append(fresh).map_err(|error| error.to_string())?;
        Ok(SharedTimeline { timeline: Rc::clone(&self.timeline), len: timeline.len() })
    }

    /// How many events there are.
    pub fn len(&self) -> u32 {
        self.len
    }

    /// Whether nothing has happened.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The state after the first `n` events.
    pub fn seek(&self, n: u32) -> Rc<Snapshot> {
        self.timeline.borrow_mut().seek(n.min(self.len))
    }

    /// How many events had happened by a time, those of that very moment included.
    pub fn at_time(&self, time: Time) -> u32 {
        self.timeline.borrow().at_time(time).min(self.len)
    }

    /// An event by its place.
    pub fn event(&self, seq: Seq) -> Option<Event> {
        self.timeline.borrow().event(seq).filter(|event| event.seq.0 < self.len).cloned()
    }

    /// The time after `n` events: that of the last of them, or the beginning.
    pub fn time_after(&self, n: u32) -> Time {
        let last = n.min(self.len).checked_sub(1);
        last.and_then(|last| self.timeline.borrow().event(Seq(last)).map(|event| event.at))
            .unwrap_or(Time::ZERO)
    }

    /// The time of the last event.
    pub fn end_time(&self) -> Time {
        self.time_after(self.len)
    }

    /// Looks at the first `n` events in place. Must not call back into this timeline's `append`
    /// or `seek`.
    pub fn read<T>(&self, n: u32, look: impl FnOnce(&[Event]) -> T) -> T {
        let timeline = self.timeline.borrow();
        let end = usize::try_from(n.min(self.len)).unwrap_or(usize::MAX);
        look(timeline.events().get(..end).unwrap_or_default())
    }

    /// Looks at the timeline itself. Must not call back into its `append` or `seek`.
    pub fn with<T>(&self, look: impl FnOnce(&Timeline) -> T) -> T {
        look(&self.timeline.borrow())
    }

    /// The first notable moment that is not among the first `n` events.
    pub fn moment_from(&self, n: u32) -> Option<Seq> {
        self.read(self.len, |events| {
            let rest = events.get(index(n)..).unwrap_or_default();
            rest.iter().find(|event| is_notable(&event.kind)).map(|event| event.seq)
        })
    }

    /// The last notable moment among the first `n` events.
    pub fn moment_before(&self, n: u32) -> Option<Seq> {
        self.read(n, |events| {
            events.iter().rev().find(|event| is_notable(&event.kind)).map(|event| event.seq)
        })
    }

    /// When something happens next after a time, heartbeats aside.
    pub fn activity_after(&self, at: Time) -> Option<Time> {
        let from = index(self.at_time(at));
        self.read(self.len, |events| {
            let rest = events.get(from..).unwrap_or_default();
            rest.iter().find(|event| is_activity(&event.kind)).map(|event| event.at)
        })
    }

    /// When something happened last by a time, heartbeats aside; else the beginning.
    pub fn activity_before(&self, at: Time) -> Time {
        self.read(self.at_time(at), |events| {
            let last = events.iter().rev().find(|event| is_activity(&event.kind));
            last.map_or(Time::ZERO, |event| event.at)
        })
    }
}

fn index(n: u32) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

/// Whether something happens by this that playing must not hurry past; heartbeats are not.
fn is_activity(kind: &EventKind) -> bool {
    !matches!(kind, EventKind::Batch(BatchEvent::HeartbeatReceived { .. }))
}

fn is_notable(kind: &EventKind) -> bool {
    matches!(kind, EventKind::Batch(BatchEvent::PhaseStarted { .. } | BatchEvent::SpillFinished { .. } | BatchEvent::FetchFinished { .. } | BatchEvent::JobSubmitted { .. }| BatchEvent::JobFinished { .. }))
}
