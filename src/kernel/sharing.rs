//! Who gets how much: max-min fairness, in integers.
//!
//! The rule is progressive filling (Bertsekas and Gallager, *Data Networks*, section 6.5.2): all
//! rates rise together; the resource that is exhausted first fixes the rates of its users, and so
//! does an activity's own bound; the others go on rising. The *share* of a resource is what is
//! left of its capacity by the users that have no rate yet, rounded down, so that less than one
//! unit a second for each user stays unused, and never less than 1. Of resources with the same
//! share the one that was added first is taken first. So there is one right answer to a set of
//! activities, whatever happened before; the tests compute it from nothing after each event.
//!
//! Here it is not computed from nothing. What is kept is the *level* of each resource: the share
//! at which it was exhausted, or none. An activity's rate is its bound or the least level on its
//! path. A level depends only on lower ones, namely on those that fixed some of the resource's
//! users before. So when something changes, levels are put right from the lowest that is wrong
//! upwards, and only where a change arrives. Mostly it does not get far: where one stream of a
//! disk follows another, no level changes at all.
//!
//! A resource whose users could not exhaust it even at their bounds (it is not *tight*) decides
//! nothing and has no level. So a task with a core to itself costs next to nothing.

use super::activity::ResourceId;
use super::fluid::{Fluid, Running, User};
use super::queue::Ticket;
use crate::base::Time;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A rate and what fixes it. Levels are settled in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Level {
    /// Units a second.
    rate: u64,
    /// The resource's number from 1, or 0 for an activity's own bound.
    fixed_by: u32,
}

/// What sharing works with, kept only so as not to be allocated for each event.
#[derive(Clone, Debug, Default)]
pub(super) struct Scratch {
    /// Resources whose level is not what it should be, by the lower of what it is and should be.
    /// An entry may be outdated; that is seen when it comes up.
    wrong: BinaryHeap<Reverse<(Level, ResourceId)>>,
    /// Resources that a change of level reaches, each once.
    reached: Vec<ResourceId>,
    /// At what levels the users of a resource are fixed elsewhere.
    elsewhere: Vec<Level>,
}

impl Fluid {
    /// Shares anew what has changed, and tells which completions move and to when.
    pub(super) fn share(&mut self, now: Time, moved: &mut impl FnMut(Ticket, Time)) {
        while let Some(id) = self.pending.resources.pop() {
            self.resources[id.place()].pending = false;
            self.examine(id);
        }
        while let Some(Reverse((lower, id))) = self.scratch.wrong.pop() {
            self.put_right(lower, id);
        }
        while let Some(activity) = self.pending.activities.pop() {
            let running = &mut self.activities[activity as usize];
            running.pending = false;
            if running.occupied
                && let Some((ticket, at)) = running.adopt(now, running.fixed.rate)
            {
                moved(ticket, at);
            }
        }
    }

    /// Notes a resource whose level is wrong.
    fn examine(&mut self, id: ResourceId) {
        let (is, should_be) = (self.resources[id.place()].level, self.level_of(id));
        if is != should_be {
            self.scratch.wrong.push(Reverse((is.min(should_be), id)));
        }
    }

    /// Gives a resource the level that it should have, unless there is a lower one to put right
    /// first, and examines those that this may concern.
    fn put_right(&mut self, lower: Level, id: ResourceId) {
        let (is, should_be) = (self.resources[id.place()].level, self.level_of(id));
        if is == should_be {
            return;
        }
        if is.min(should_be) != lower {
            self.scratch.wrong.push(Reverse((is.min(should_be), id)));
            return;
        }
        self.resources[id.place()].level = should_be;
        self.resources[id.place()].reached = true; // by itself, and is right
        for place in 0..self.resources[id.place()].users.len() {
            let activity = self.resources[id.place()].users[place].activity;
            if !self.activities[activity as usize].accept(id, should_be) {
                self.refresh(activity);
            }
            if self.activities[activity as usize].fixed_without(id) > lower {
                self.mark_activity(activity);
                self.reach_along(activity, is, should_be);
            }
        }
        self.resources[id.place()].reached = false;
        while let Some(other) = self.scratch.reached.pop() {
            self.resources[other.place()].reached = false;
            self.examine(other);
        }
    }

    /// Notes what a change of level may concern on the path of an activity that it concerns: not
    /// a level at or below both the old and the new one, and when others take less, not a
    /// resource that was not exhausted before.
    fn reach_along(&mut self, activity: u32, old: Level, new: Level) {
        let path = self.activities[activity as usize].path;
        for id in path.resources() {
            let resource = &mut self.resources[id.place()];
            let spared = new < old && resource.level == Level::NONE;
            if resource.tight && resource.level > old.min(new) && !spared && !resource.reached {
                resource.reached = true;
                self.scratch.reached.push(*id);
            }
        }
    }

    /// The level that a resource should have by those of the others.
    fn level_of(&mut self, id: ResourceId) -> Level {
        let resource = &self.resources[id.place()];
        if !resource.tight {
            return Level::NONE;
        }
        let (users, left) = (resource.users.len() as u64, resource.capacity);
        let share = Level { rate: (left / users).max(1), fixed_by: id.0 + 1 };
        let fixed = |user: &User| self.activities[user.activity as usize].fixed_without(id);
        if resource.users.iter().all(|user| fixed(user) > share) {
            return share;
        }
        self.scratch.elsewhere.clear();
        self.scratch.elsewhere.extend(resource.users.iter().map(fixed));
        self.scratch.level(share, left)
    }

    /// Works out anew where an activity's rate is fixed.
    pub(super) fn refresh(&mut self, activity: u32) {
        let running = &mut self.activities[activity as usize];
        let (mut least, mut second) = (Level { rate: running.bound, fixed_by: 0 }, Level::NONE);
        for id in running.path.resources() {
            let level = self.resources[id.place()].level;
            second = second.min(level.max(least));
            least = least.min(level);
        }
        (running.fixed, running.fixed_else) = (least, second);
    }
}

impl Scratch {
    /// The level of a resource, whose share is this at first, by those of its users elsewhere.
    fn level(&mut self, mut share: Level, mut left: u64) -> Level {
        loop {
            let open = self.elsewhere.len();
            self.elsewhere.retain(|fixed| {
                let before = *fixed < share;
                if before {
                    left = left.saturating_sub(fixed.rate);
                }
                !before
            });
            match self.elsewhere.len() {
                0 => return Level::NONE,
                same if same == open => return share,
                fewer => share.rate = (left / fewer as u64).max(1),
            }
        }
    }
}

impl Running {
    /// Where the rate is fixed when one resource of the path is not asked.
    fn fixed_without(&self, id: ResourceId) -> Level {
        if self.fixed.fixed_by == id.0 + 1 { self.fixed_else } else { self.fixed }
    }

    /// Takes note of a new level on the path. False when that takes a look at the other levels.
    fn accept(&mut self, id: ResourceId, level: Level) -> bool {
        if self.fixed.fixed_by == id.0 + 1 {
            if level > self.fixed_else {
                return false;
            }
            self.fixed = level;
        } else if level < self.fixed {
            (self.fixed, self.fixed_else) = (level, self.fixed);
        } else if self.fixed_else.fixed_by == id.0 + 1 && level > self.fixed_else {
            return false;
        } else {
            self.fixed_else = self.fixed_else.min(level);
        }
        true
    }
}

impl Level {
    /// Of a resource that fixes no rate.
    pub(super) const NONE: Level = Level { rate: u64::MAX, fixed_by: u32::MAX };
}
