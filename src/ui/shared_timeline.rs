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
    shared: Rc<RefCell<Indexed>>,
    len: u32,
}

/// A mark of the scrubber.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The column that it stands in.
    pub column: u32,
    /// Whether it is a turn of the whole job.
    pub is_major: bool,
}

/// A timeline, with the places and times of what is not a mere heartbeat.
#[derive(Debug, Default)]
struct Indexed {
    timeline: Timeline,
    activity: Vec<(Time, Seq)>,
}

impl PartialEq for SharedTimeline {
    fn eq(&self, other: &SharedTimeline) -> bool {
        self.len == other.len && Rc::ptr_eq(&self.shared, &other.shared)
    }
}

impl SharedTimeline {
    /// The handle after these events. Those that the timeline has already are passed over, so that
    /// a run which is computed a second time goes on where it broke off.
    ///
    /// # Errors
    /// In words, when an event does not fit those before it; those after it are left out.
    pub fn append(&self, events: Vec<Event>) -> Result<SharedTimeline, String> {
        let mut shared = self.shared.borrow_mut();
        let known = shared.timeline.len();
        let fresh: Vec<Event> = events.into_iter().filter(|event| event.seq.0 >= known).collect();
        let active = fresh.iter().filter(|event| is_activity(&event.kind));
        let active: Vec<(Time, Seq)> = active.map(Event::stamp).collect();
        shared.timeline.append(fresh).map_err(|error| error.to_string())?;
        shared.activity.extend(active);
        Ok(SharedTimeline { shared: Rc::clone(&self.shared), len: shared.timeline.len() })
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
        self.shared.borrow_mut().timeline.seek(n.min(self.len))
    }

    /// How many events had happened by a time, those of that very moment included.
    pub fn at_time(&self, time: Time) -> u32 {
        self.shared.borrow().timeline.at_time(time).min(self.len)
    }

    /// An event by its place.
    pub fn event(&self, seq: Seq) -> Option<Event> {
        self.shared.borrow().timeline.event(seq).filter(|event| event.seq.0 < self.len).cloned()
    }

    /// The time after `n` events: that of the last of them, or the beginning.
    pub fn time_after(&self, n: u32) -> Time {
        let last = n.min(self.len).checked_sub(1);
        last.and_then(|last| self.shared.borrow().timeline.event(Seq(last)).map(|event| event.at))
            .unwrap_or(Time::ZERO)
    }

    /// The time of the last event.
    pub fn end_time(&self) -> Time {
        self.time_after(self.len)
    }

    /// Looks at the first `n` events in place. Must not call back into this timeline's `append`
    /// or `seek`.
    pub fn read<T>(&self, n: u32, look: impl FnOnce(&[Event]) -> T) -> T {
        let shared = self.shared.borrow();
        look(shared.timeline.events().get(..index(n.min(self.len))).unwrap_or_default())
    }

    /// Looks at the timeline itself. Must not call back into its `append` or `seek`.
    pub fn with<T>(&self, look: impl FnOnce(&Timeline) -> T) -> T {
        look(&self.shared.borrow().timeline)
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
        let shared = self.shared.borrow();
        let next = shared.activity.partition_point(|(time, _)| *time <= at);
        shared.activity.get(next).filter(|(_, seq)| seq.0 < self.len).map(|(time, _)| *time)
    }

    /// When something happened last by a time, heartbeats aside; else the beginning.
    pub fn activity_before(&self, at: Time) -> Time {
        let shared = self.shared.borrow();
        let next = shared.activity.partition_point(|(time, _)| *time <= at);
        let last = next.checked_sub(1).and_then(|last| shared.activity.get(last));
        last.map_or(Time::ZERO, |(time, _)| *time)
    }

    /// How much happened in each of `buckets` equal parts of `0..end`, among the first `n`
    /// events and heartbeats aside.
    pub fn density(&self, n: u32, end: Time, buckets: u32) -> Vec<u32> {
        let shared = self.shared.borrow();
        let seen = shared.activity.partition_point(|(_, seq)| seq.0 < n.min(self.len));
        let seen = shared.activity.get(..seen).unwrap_or_default();
        let mut before = 0;
        let bounds = (1..=u64::from(buckets)).map(|part| {
            let until = u128::from(end.0) * u128::from(part) / u128::from(buckets.max(1));
            seen.partition_point(|(time, _)| u128::from(time.0) <= until)
        });
        bounds
            .map(|upto| {
                let count = upto - std::mem::replace(&mut before, upto);
                u32::try_from(count).unwrap_or(u32::MAX)
            })
            .collect()
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
