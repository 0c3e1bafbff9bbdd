//! A run's timeline as the page's states and components share it.
//!
//! A timeline only ever grows at its end, and a seek changes nothing that can be seen. So all
//! states of a run share one, each with the number of events that it knew of: two are equal when
//! they share and know the same, and neither an append nor a seek copies the events.

use crate::base::Time;
use crate::trace::moment::Moments;
use crate::trace::sentence::sentence_of;
use crate::trace::stream::JobPlan;
use crate::trace::{
    BatchEvent, Event, EventKind, FailureEvent, Seq, Snapshot, StreamEvent, Timeline, WorldEvent,
};
use crate::ui::model::clock::RunClock;
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

/// A timeline, its notable moments, and the times of all that is not a mere heartbeat.
#[derive(Debug, Default)]
struct Indexed {
    timeline: Timeline,
    moments: Moments,
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
        let Indexed { timeline, moments, activity } = &mut *shared;
        moments.extend(timeline.events().get(index(known)..).unwrap_or_default());
        activity.extend(active);
        Ok(SharedTimeline { shared: Rc::clone(&self.shared), len: shared.timeline.len() })
    }

    /// A timeline of its own that begins with the first `n` events of this one.
    #[must_use]
    pub fn prefix(&self, n: u32) -> SharedTimeline {
        let shared = self.shared.borrow();
        let timeline = shared.timeline.prefix(n.min(self.len));
        let moments = shared.moments.prefix(timeline.events());
        let len = timeline.len();
        let seen = shared.activity.partition_point(|(_, seq)| seq.0 < len);
        let activity = shared.activity.get(..seen).unwrap_or_default().to_vec();
        let indexed = Indexed { timeline, moments, activity };
        SharedTimeline { shared: Rc::new(RefCell::new(indexed)), len }
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

    /// What an event of this timeline says.
    pub fn sentence(&self, event: &Event) -> String {
        self.read(self.len, |events| sentence_of(event, JobPlan::of(events)))
    }

    /// By which clock its moments are told.
    pub fn clock(&self) -> RunClock {
        self.read(self.len, RunClock::of)
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

    /// The last event of the moment that a step goes to where `n` events are shown.
    pub fn moment_from(&self, n: u32) -> Option<Seq> {
        let shared = self.shared.borrow();
        shared.moments.after(n).filter(|moment| moment.seq.0 < self.len).map(|moment| moment.seq)
    }

    /// The last notable moment that ended among the first `n` events: its last event, and what
    /// happened, in at most 15 words.
    pub fn moment_before(&self, n: u32) -> Option<(Seq, String)> {
        let shared = self.shared.borrow();
        shared.moments.latest(n.min(self.len)).map(|moment| (moment.seq, moment.caption.clone()))
    }

    /// The marks of the notable moments among the first `n` events, at most one a column of a
    /// line from the beginning to `end`.
    pub fn marks(&self, n: u32, end: Time, columns: u32) -> Vec<Mark> {
        let shared = self.shared.borrow();
        let moments = shared.moments.all();
        let seen = moments.partition_point(|moment| moment.seq.0 < n.min(self.len));
        let mut marks: Vec<Mark> = Vec::new();
        for moment in moments.get(..seen).unwrap_or_default() {
            let column = u128::from(moment.at.0) * u128::from(columns) / u128::from(end.0.max(1));
            let column = u32::try_from(column).unwrap_or(columns).min(columns.saturating_sub(1));
            let event = shared.timeline.event(moment.seq);
            let is_major = event.is_some_and(|event| is_turn(&event.kind));
            match marks.last_mut().filter(|mark| mark.column == column) {
                Some(mark) => mark.is_major |= is_major,
                None => marks.push(Mark { column, is_major }),
            }
        }
        marks
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

/// Whether something happens by this that playing must not hurry past. What is merely heard,
/// measured or sent again is not.
fn is_activity(kind: &EventKind) -> bool {
    !matches!(
        kind,
        EventKind::Batch(BatchEvent::HeartbeatReceived { .. })
            | EventKind::World(
                WorldEvent::LoadChanged { .. }
                    | WorldEvent::MessageLost { .. }
                    | WorldEvent::DuplicateDropped { .. }
            )
            | EventKind::Failure(
                FailureEvent::ProgressHeard { .. } | FailureEvent::FetchShare { .. }
            )
    )
}

/// Whether the whole job takes a turn by this.
fn is_turn(kind: &EventKind) -> bool {
    matches!(
        kind,
        EventKind::Batch(
            BatchEvent::SlowStartReached { .. }
                | BatchEvent::TasksFinished { .. }
                | BatchEvent::OutputCommitted { .. }
                | BatchEvent::JobFinished { .. }
        ) | EventKind::World(WorldEvent::FaultStruck { effect: true, .. })
            | EventKind::Stream(StreamEvent::PaneFired { .. } | StreamEvent::JobFinished { .. })
            | EventKind::Failure(
                FailureEvent::NodeLost { .. }
                    | FailureEvent::NodeReturned { .. }
                    | FailureEvent::NodeBarred { .. }
                    | FailureEvent::AttemptFailed { .. }
                    | FailureEvent::JobFailed { .. }
            )
    )
}
