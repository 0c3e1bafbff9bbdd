//! A world: the time, what is going to happen, and what is under way.

use super::activity::{Activity, ActivityId, ResourceId};
use super::fluid::Fluid;
use super::queue::{EventQueue, Ticket};
use crate::base::{Span, Time};

/// A world whose events are of type `E`: timers that ring, and activities that are complete.
///
/// Of events at the same microsecond that comes first which was scheduled or started first. A
/// clone goes on exactly as the original does.
///
/// ```
/// use millrace::base::Time;
/// use millrace::kernel::{Activity, Path, World};
///
/// let mut world = World::new();
/// let disk = world.add_resource(100); // units a second
/// let read = |amount| Activity { path: Path::through(&[disk]), amount, cap: None };
/// world.start(&read(50), "short read");
/// world.start(&read(150), "long read");
/// // Each gets 50 units a second for one second; then the long one has the disk to itself.
/// assert_eq!(world.next(), Some((Time(1_000_000), "short read")));
/// assert_eq!(world.next(), Some((Time(2_000_000), "long read")));
/// assert_eq!(world.next(), None);
/// ```
#[derive(Clone, Debug)]
pub struct World<E> {
    now: Time,
    queue: EventQueue<Pending<E>>,
    fluid: Fluid,
}

#[derive(Clone, Debug)]
enum Pending<E> {
    Timer(E),
    Completion(ActivityId, E),
}

impl<E> Default for World<E> {
    fn default() -> World<E> {
        World { now: Time::ZERO, queue: EventQueue::new(), fluid: Fluid::default() }
    }
}

impl<E> World<E> {
    /// An empty world at time zero.
    pub fn new() -> World<E> {
        World::default()
    }

    /// The time of the last event.
    pub fn now(&self) -> Time {
        self.now
    }

    /// Adds a resource with a capacity in units a second.
    pub fn add_resource(&mut self, units_per_second: u64) -> ResourceId {
        self.fluid.add_resource(units_per_second)
    }

    /// Has an event happen at a time.
    ///
    /// # Panics
    /// When that time is past.
    pub fn schedule_at(&mut self, at: Time, event: E) -> Ticket {
        assert!(at >= self.now, "an event at {at} is scheduled in the past of {}", self.now);
        self.queue.push(at, Pending::Timer(event))
    }

    /// Has an event happen after a while; after none, behind what happens now already.
    pub fn schedule_after(&mut self, span: Span, event: E) -> Ticket {
        self.queue.push(self.now + span, Pending::Timer(event))
    }

    /// Takes a scheduled event back; nothing when it has happened or was taken back already.
    pub fn cancel_timer(&mut self, ticket: Ticket) -> Option<E> {
        self.queue.cancel(ticket).map(Pending::into_event)
    }

    /// Starts an activity, whose event happens when all of its amount has been served. What has
    /// nothing to wait for is complete now, behind what happens now already.
    pub fn start(&mut self, activity: &Activity, event: E) -> ActivityId {
        let (id, at) = self.fluid.start(self.now, activity);
        let ticket = self.queue.push(at, Pending::Completion(id, event));
        self.fluid.set_completion(id, ticket);
        id
    }

    /// Ends an activity before it is complete; nothing when it is gone already.
    pub fn cancel(&mut self, id: ActivityId) -> Option<E> {
        let ticket = self.fluid.stop(id)?;
        self.queue.cancel(ticket).map(Pending::into_event)
    }

    /// Changes what a resource can do from now on. With 0 all that need it stall.
    pub fn set_capacity(&mut self, resource: ResourceId, units_per_second: u64) {
        self.fluid.set_capacity(resource, units_per_second);
    }

    /// Changes an activity's own limit from now on. False when it is gone.
    pub fn set_cap(&mut self, id: ActivityId, units_per_second: Option<u64>) -> bool {
        self.fluid.set_cap(id, units_per_second)
    }

    /// Goes on to the next event; nothing when none will ever come, though activities may be
    /// stalled.
    #[expect(clippy::should_implement_trait, reason = "a world has more to it than its events")]
    pub fn next(&mut self) -> Option<(Time, E)> {
        self.share();
        let (at, pending) = self.queue.pop()?;
        self.now = at;
        if let Pending::Completion(id, _) = &pending {
            self.fluid.stop(*id);
        }
        Some((at, pending.into_event()))
    }

    /// The time of the next event; nothing when none will ever come.
    pub fn next_time(&mut self) -> Option<Time> {
        self.share();
        self.queue.next_time()
    }

    /// Lets time pass up to a moment before which nothing happens.
    ///
    /// # Panics
    /// When that moment is past, or an event comes before it.
    pub fn advance_to(&mut self, at: Time) {
        assert!(at >= self.now, "time does not go back from {} to {at}", self.now);
        let next = self.next_time();
        assert!(next.is_none_or(|next| next >= at), "an event comes before {at}");
        self.now = at;
    }

    /// Units a second that an activity gets now; nothing when it is gone.
    pub fn rate(&mut self, id: ActivityId) -> Option<u64> {
        self.share();
        self.fluid.running(id).map(|running| running.rate)
    }

    /// Units that an activity has still to do, a part of one counted as a whole; nothing when it
    /// is gone.
    pub fn remaining(&self, id: ActivityId) -> Option<u64> {
        self.fluid.running(id).map(|running| running.remaining_units(self.now))
    }

    /// Units a second that a resource can do.
    pub fn capacity(&self, resource: ResourceId) -> u64 {
        self.fluid.resources[resource.place()].capacity
    }

    /// Units a second that are used of a resource now.
    pub fn used(&mut self, resource: ResourceId) -> u64 {
        self.share();
        let users = &self.fluid.resources[resource.place()].users;
        users.iter().map(|user| self.fluid.activities[user.activity as usize].rate).sum()
    }

    /// Activities that use a resource now, the stalled included.
    pub fn users(&self, resource: ResourceId) -> u64 {
        self.fluid.resources[resource.place()].users.len() as u64
    }

    fn share(&mut self) {
        let queue = &mut self.queue;
        self.fluid.share(self.now, &mut |ticket, at| {
            queue.reschedule(ticket, at);
        });
    }
}

impl<E> Pending<E> {
    fn into_event(self) -> E {
        match self {
            Pending::Timer(event) | Pending::Completion(_, event) => event,
        }
    }
}
