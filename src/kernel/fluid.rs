//! Activities that flow through resources, and how far they have come.
//!
//! An activity has a rate in units a second and a remaining amount in *micro-units*, since rate ×
//! microseconds is then a whole number: nothing is lost by rounding, however often rates change.
//! The last microsecond may be used in part only, so that completion is the ceiling.
//!
//! Here is the bookkeeping; who gets how much is decided in `sharing`. Changes only note what is
//! to be shared anew, and that is done once, before time goes on: an activity that ends and
//! another that takes its place at the same moment cost one sharing, not two.

use super::activity::{Activity, ActivityId, PATH_MAX, Path, ResourceId};
use super::queue::{NEVER, Ticket};
use super::sharing::{Level, Scratch};
use crate::base::Time;

/// Micro-units in a unit: the microseconds of a second.
const MICRO: u128 = 1_000_000;

/// All resources and the activities that use them.
#[derive(Clone, Debug, Default)]
pub(super) struct Fluid {
    pub(super) resources: Vec<Resource>,
    pub(super) activities: Vec<Running>,
    free: Vec<u32>,
    pub(super) pending: Pending,
    pub(super) scratch: Scratch,
}

/// What is to be shared anew.
#[derive(Clone, Debug, Default)]
pub(super) struct Pending {
    /// Resources whose capacity or users changed, where that can matter; each once.
    pub(super) resources: Vec<ResourceId>,
    /// Activities that may get another rate, each once; some may be gone by now.
    pub(super) activities: Vec<u32>,
}

#[derive(Clone, Debug)]
pub(super) struct Resource {
    /// Units a second.
    pub(super) capacity: u64,
    /// What its users could use together if each ran at its bound, in units a second.
    demand: u128,
    /// Whether that is more than there is. Only then does sharing have to decide.
    pub(super) tight: bool,
    /// Whether it is in `Pending::resources`.
    pub(super) pending: bool,
    /// Whether it is in `Scratch::reached`.
    pub(super) reached: bool,
    /// The share at which it was exhausted.
    pub(super) level: Level,
    pub(super) users: Vec<User>,
}

/// An activity in the list of a resource's users.
#[derive(Clone, Copy, Debug)]
pub(super) struct User {
    pub(super) activity: u32,
    /// Which resource of the activity's path this one is.
    hop: u8,
}

/// An activity under way, or a vacant slot.
#[derive(Clone, Debug)]
pub(super) struct Running {
    generation: u32,
    pub(super) occupied: bool,
    pub(super) path: Path,
    /// Where in the users of each resource of its path it stands.
    places: [u32; PATH_MAX],
    /// Its own limit, and the least of that and the capacities on its path; units a second.
    cap: u64,
    pub(super) bound: u64,
    /// What fixes its rate, by the levels on its path; and what would if that did not.
    pub(super) fixed: Level,
    pub(super) fixed_else: Level,
    /// Units a second, since this time, at which so many micro-units were left.
    pub(super) rate: u64,
    since: Time,
    remaining: u128,
    /// The event of its completion.
    ticket: Ticket,
    /// Whether it is in `Pending::activities`.
    pub(super) pending: bool,
}

impl Fluid {
    /// Adds a resource of so many units a second.
    pub(super) fn add_resource(&mut self, capacity: u64) -> ResourceId {
        let id = ResourceId(u32::try_from(self.resources.len()).expect("fewer than 2^32"));
        self.resources.push(Resource {
            capacity,
            demand: 0,
            tight: false,
            pending: false,
            reached: false,
            level: Level::NONE,
            users: Vec::new(),
        });
        id
    }

    /// Starts an activity; its completion is to be named by `set_completion`. It has no rate
    /// before the next sharing, so that it comes to an end at [`NEVER`] until then, or at once.
    pub(super) fn start(&mut self, now: Time, activity: &Activity) -> (ActivityId, Time) {
        let free = activity.path.resources().is_empty() && activity.cap.is_none();
        let slot = self.vacant_slot();
        let running = &mut self.activities[slot as usize];
        running.occupied = true;
        running.path = activity.path;
        running.cap = activity.cap.unwrap_or(u64::MAX);
        running.since = now;
        running.remaining = if free { 0 } else { u128::from(activity.amount) * MICRO };
        let (id, at) = (ActivityId { slot, generation: running.generation }, running.finish());
        self.join(slot);
        self.rebound(slot);
        (id, at)
    }

    /// Names the event of an activity's completion, which sharing moves.
    pub(super) fn set_completion(&mut self, id: ActivityId, ticket: Ticket) {
        self.activities[id.slot as usize].ticket = ticket;
    }

    /// Forgets an activity that is complete or cancelled; says which event was its completion.
    pub(super) fn stop(&mut self, id: ActivityId) -> Option<Ticket> {
        self.running(id)?;
        self.set_bound(id.slot, 0);
        self.leave(id.slot);
        let running = &mut self.activities[id.slot as usize];
        running.occupied = false;
        running.rate = 0;
        running.generation = running.generation.wrapping_add(1);
        self.free.push(id.slot);
        Some(running.ticket)
    }

    /// Changes what a resource can do, in units a second. With 0 its users stall.
    pub(super) fn set_capacity(&mut self, resource: ResourceId, capacity: u64) {
        self.resources[resource.place()].capacity = capacity;
        for place in 0..self.resources[resource.place()].users.len() {
            self.rebound(self.resources[resource.place()].users[place].activity);
        }
        self.weigh(resource);
    }

    /// Changes an activity's own limit, in units a second. False when it is gone.
    pub(super) fn set_cap(&mut self, id: ActivityId, cap: Option<u64>) -> bool {
        if self.running(id).is_none() {
            return false;
        }
        self.activities[id.slot as usize].cap = cap.unwrap_or(u64::MAX);
        self.rebound(id.slot);
        true
    }

    /// The activity of this name, unless it is gone.
    pub(super) fn running(&self, id: ActivityId) -> Option<&Running> {
        let running = self.activities.get(id.slot as usize)?;
        (running.occupied && running.generation == id.generation).then_some(running)
    }

    fn vacant_slot(&mut self) -> u32 {
        if let Some(slot) = self.free.pop() {
            return slot;
        }
        let slot = u32::try_from(self.activities.len()).expect("fewer than 2^32 activities");
        self.activities.push(Running {
            generation: 0,
            occupied: false,
            path: Path::EMPTY,
            places: [0; PATH_MAX],
            cap: 0,
            bound: 0,
            fixed: Level::NONE,
            fixed_else: Level::NONE,
            rate: 0,
            since: Time::ZERO,
            remaining: 0,
            ticket: Ticket::VOID,
            pending: false,
        });
        slot
    }

    fn join(&mut self, slot: u32) {
        let running = &mut self.activities[slot as usize];
        for (hop, resource) in (0..).zip(running.path.resources()) {
            let users = &mut self.resources[resource.place()].users;
            running.places[usize::from(hop)] = u32::try_from(users.len()).unwrap_or(u32::MAX);
            users.push(User { activity: slot, hop });
        }
    }

    fn leave(&mut self, slot: u32) {
        let Running { path, places, .. } = self.activities[slot as usize];
        for (resource, place) in path.resources().iter().zip(places) {
            let users = &mut self.resources[resource.place()].users;
            users.swap_remove(place as usize);
            if let Some(moved) = users.get(place as usize) {
                self.activities[moved.activity as usize].places[usize::from(moved.hop)] = place;
            }
        }
    }

    /// Works out an activity's bound anew and has its rate shared anew.
    fn rebound(&mut self, slot: u32) {
        let running = &self.activities[slot as usize];
        let capacities =
            running.path.resources().iter().map(|r| self.resources[r.place()].capacity);
        let bound = capacities.fold(running.cap, u64::min);
        self.set_bound(slot, bound);
        self.refresh(slot);
        self.mark_activity(slot);
    }

    fn set_bound(&mut self, slot: u32, bound: u64) {
        let running = &mut self.activities[slot as usize];
        let before = std::mem::replace(&mut running.bound, bound);
        let path = running.path;
        for resource in path.resources() {
            let demand = &mut self.resources[resource.place()].demand;
            *demand = *demand - u128::from(before) + u128::from(bound);
            self.weigh(*resource);
        }
    }

    /// Notes that an activity may get another rate.
    pub(super) fn mark_activity(&mut self, slot: u32) {
        if !std::mem::replace(&mut self.activities[slot as usize].pending, true) {
            self.pending.activities.push(slot);
        }
    }

    /// Notes whether a resource is tight; where it is or was, its level may change.
    fn weigh(&mut self, id: ResourceId) {
        let resource = &mut self.resources[id.place()];
        let was =
            std::mem::replace(&mut resource.tight, resource.demand > u128::from(resource.capacity));
        if (was || resource.tight) && !std::mem::replace(&mut resource.pending, true) {
            self.pending.resources.push(id);
        }
    }
}

impl Running {
    /// Micro-units left at this moment.
    pub(super) fn remaining_at(&self, now: Time) -> u128 {
        let flowed = u128::from(self.rate) * u128::from(now.since(self.since).0);
        self.remaining.saturating_sub(flowed)
    }

    /// Units left at this moment, a part of one counted as a whole.
    pub(super) fn remaining_units(&self, now: Time) -> u64 {
        u64::try_from(self.remaining_at(now).div_ceil(MICRO)).unwrap_or(u64::MAX)
    }

    /// Goes on at this rate. Says which event moves and to when, if that is another than before.
    pub(super) fn adopt(&mut self, now: Time, rate: u64) -> Option<(Ticket, Time)> {
        if rate == self.rate {
            return None;
        }
        self.remaining = self.remaining_at(now);
        self.since = now;
        self.rate = rate;
        Some((self.ticket, self.finish()))
    }

    fn finish(&self) -> Time {
        if self.remaining == 0 {
            return self.since;
        }
        if self.rate == 0 {
            return NEVER;
        }
        let left_us = match u64::try_from(self.remaining) {
            Ok(remaining) => remaining.div_ceil(self.rate),
            Err(_) => {
                u64::try_from(self.remaining.div_ceil(u128::from(self.rate))).unwrap_or(u64::MAX)
            }
        };
        Time(self.since.0.saturating_add(left_us))
    }
}
