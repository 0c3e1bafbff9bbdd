//! Who gets how much: max-min fairness by progressive filling, in integers.
//!
//! All rates rise together; the resource that is exhausted first fixes the rates of its users, and
//! so does an activity's own bound; the rest go on rising (Bertsekas and Gallager, *Data
//! Networks*, section 6.5.2). The share of a resource is what is left of its capacity by the
//! users that have no rate yet, rounded down, so that less than one unit a second for each user
//! stays unused, and never less than 1. Of resources with the same share the one that was added
//! first is taken first: one right answer, whatever happened before.
//!
//! A resource whose users could not exhaust it even at their bounds (it is not *tight*) has
//! nothing to decide, and is left out. So a change reaches only as far as tight resources are
//! connected by common users, and a task with a core to itself costs next to nothing.

use super::activity::ResourceId;
use super::fluid::{Fluid, Resource};
use super::queue::Ticket;
use crate::base::Time;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;

/// What sharing works with, kept only so as not to be allocated for each event.
#[derive(Clone, Debug, Default)]
pub(super) struct Scratch {
    /// The number of the round; marks made in earlier rounds are void.
    round: u64,
    /// Activities and tight resources that are connected with each other.
    group: Vec<u32>,
    tight: Vec<ResourceId>,
    /// Lower bounds of the shares of tight resources, least first. A share only grows while
    /// others are settled, so that a stale entry is corrected when it comes to the top.
    shares: BinaryHeap<Reverse<(u64, ResourceId)>>,
    /// Bounds that may be reached before the share of a resource is.
    bounds: Vec<(u64, u32)>,
}

impl Fluid {
    /// Shares anew what has changed, and tells which completions move and to when.
    pub(super) fn share(&mut self, now: Time, moved: &mut impl FnMut(Ticket, Time)) {
        if self.pending.resources.is_empty() && self.pending.activities.is_empty() {
            return;
        }
        self.scratch.round += 1;
        while let Some(id) = self.pending.resources.pop() {
            self.resources[id.place()].pending = false;
            for place in 0..self.resources[id.place()].users.len() {
                let activity = self.resources[id.place()].users[place].activity;
                self.share_around(now, activity, moved);
            }
        }
        while let Some(activity) = self.pending.activities.pop() {
            if self.activities[activity as usize].occupied {
                self.share_around(now, activity, moved);
            }
        }
    }

    /// Shares among all activities that are connected with this one, unless that is done.
    fn share_around(&mut self, now: Time, activity: u32, moved: &mut impl FnMut(Ticket, Time)) {
        if self.activities[activity as usize].seen == self.scratch.round {
            return;
        }
        self.gather(activity);
        match self.scratch.tight[..] {
            [] => {
                self.activities[activity as usize].next = self.activities[activity as usize].bound
            }
            [resource] => self.fill_one(resource),
            _ => self.fill_many(),
        }
        for member in 0..self.scratch.group.len() {
            let activity = self.scratch.group[member];
            if let Some((ticket, at)) = self.activities[activity as usize].adopt(now) {
                moved(ticket, at);
            }
        }
    }

    /// Walks from an activity to all that share tight resources with it, directly or not.
    fn gather(&mut self, first: u32) {
        let Scratch { round, group, tight, .. } = &mut self.scratch;
        group.clear();
        tight.clear();
        self.activities[first as usize].seen = *round;
        group.push(first);
        let mut next = 0;
        while let Some(activity) = group.get(next) {
            next += 1;
            let path = self.activities[*activity as usize].path;
            for id in path.resources() {
                let resource = &mut self.resources[id.place()];
                if !resource.tight || resource.seen == *round {
                    continue;
                }
                resource.seen = *round;
                resource.left = resource.capacity;
                resource.open = resource.users.len() as u64;
                tight.push(*id);
                for user in &resource.users {
                    let running = &mut self.activities[user.activity as usize];
                    if running.seen != *round {
                        running.seen = *round;
                        group.push(user.activity);
                    }
                }
            }
        }
    }

    /// One tight resource: settle those whose bounds lie below the share until none does.
    fn fill_one(&mut self, id: ResourceId) {
        let round = self.scratch.round;
        let resource = &mut self.resources[id.place()];
        loop {
            let (share, open) = (resource.share(), resource.open);
            for user in &resource.users {
                let running = &mut self.activities[user.activity as usize];
                if running.settled != round && running.bound <= share {
                    running.settled = round;
                    running.next = running.bound;
                    resource.left = resource.left.saturating_sub(running.bound);
                    resource.open -= 1;
                }
            }
            if resource.open == open {
                for user in &resource.users {
                    let running = &mut self.activities[user.activity as usize];
                    if running.settled != round {
                        running.next = share;
                    }
                }
                return;
            }
        }
    }

    /// Several tight resources: settle by rising shares and bounds, whichever comes first.
    fn fill_many(&mut self) {
        self.list_shares();
        self.list_bounds();
        let mut bounds = std::mem::take(&mut self.scratch.bounds);
        while let Some((share, id)) = self.least_share() {
            match bounds.last() {
                Some((bound, activity)) if *bound <= share => {
                    self.settle(*activity, *bound);
                    bounds.pop();
                }
                Some(_) | None => self.exhaust(id, share),
            }
        }
        self.scratch.bounds = bounds;
    }

    fn list_shares(&mut self) {
        let Scratch { tight, shares, .. } = &mut self.scratch;
        shares.clear();
        shares.extend(tight.iter().map(|id| Reverse((self.resources[id.place()].share(), *id))));
    }

    /// Lists the bounds in falling order. One that is the capacity of a tight resource is no
    /// more than that resource will see to.
    fn list_bounds(&mut self) {
        let Scratch { group, bounds, .. } = &mut self.scratch;
        bounds.clear();
        for activity in group {
            let running = &self.activities[*activity as usize];
            let path = running.path.resources().iter().map(|id| &self.resources[id.place()]);
            let least = path.filter(|resource| resource.tight).map(|r| r.capacity).min();
            if least.is_none_or(|least| running.bound < least) {
                bounds.push((running.bound, *activity));
            }
        }
        bounds.sort_unstable_by(|one, other| other.cmp(one));
    }

    /// The resource that is exhausted next, and its share; nothing when all rates are settled.
    fn least_share(&mut self) -> Option<(u64, ResourceId)> {
        loop {
            let mut top = self.scratch.shares.peek_mut()?;
            let Reverse((listed, id)) = *top;
            let resource = &self.resources[id.place()];
            if resource.open == 0 {
                PeekMut::pop(top);
                continue;
            }
            let share = resource.share();
            if share == listed {
                return Some((share, id));
            }
            *top = Reverse((share, id));
        }
    }

    /// Settles all users of a resource that have no rate yet.
    fn exhaust(&mut self, id: ResourceId, share: u64) {
        for place in 0..self.resources[id.place()].users.len() {
            self.settle(self.resources[id.place()].users[place].activity, share);
        }
    }

    /// Settles an activity's rate, unless that is done, and takes it from what is left of each
    /// tight resource on its path.
    fn settle(&mut self, activity: u32, rate: u64) {
        let running = &mut self.activities[activity as usize];
        if std::mem::replace(&mut running.settled, self.scratch.round) == self.scratch.round {
            return;
        }
        running.next = rate;
        for id in running.path.resources() {
            let resource = &mut self.resources[id.place()];
            if resource.tight {
                resource.left = resource.left.saturating_sub(rate);
                resource.open -= 1;
            }
        }
    }
}

impl Resource {
    /// What each user without a rate can have; at least one is needed.
    fn share(&self) -> u64 {
        (self.left / self.open).max(1)
    }
}
