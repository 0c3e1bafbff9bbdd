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
use super::fluid::Fluid;
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
            let fixed = self.fixed_at(activity, None);
            let running = &mut self.activities[activity as usize];
            running.pending = false;
            if running.occupied
                && let Some((ticket, at)) = running.adopt(now, fixed.rate)
            {
                moved(ticket, at);
            }
        }
    }

    /// Notes a resource whose level is wrong.
    fn examine(&mut self, id: ResourceId) {
        let (is, should_be) = (self.resources[id.place()].level, self.level(id));
        if is != should_be {
            self.scratch.wrong.push(Reverse((is.min(should_be), id)));
        }
    }

    /// Gives a resource the level that it should have, unless there is a lower one to put right
    /// first, and examines those that this may concern.
    fn put_right(&mut self, lower: Level, id: ResourceId) {
        let (is, should_be) = (self.resources[id.place()].level, self.level(id));
        if is == should_be {
            return;
        }
        if is.min(should_be) != lower {
            self.scratch.wrong.push(Reverse((is.min(should_be), id)));
            return;
        }
        self.resources[id.place()].level = should_be;
        for place in 0..self.resources[id.place()].users.len() {
            let activity = self.resources[id.place()].users[place].activity;
            self.mark_activity(activity);
            let path = self.activities[activity as usize].path;
            for other in path.resources() {
                let resource = &mut self.resources[other.place()];
                // A level at or below both the old and the new one depends on neither.
                if resource.tight && !resource.reached && resource.level > lower && *other != id {
                    resource.reached = true;
                    self.scratch.reached.push(*other);
                }
            }
        }
        while let Some(other) = self.scratch.reached.pop() {
            self.resources[other.place()].reached = false;
            self.examine(other);
        }
    }

    /// The level that a resource should have by those of the others.
    fn level(&mut self, id: ResourceId) -> Level {
        let resource = &self.resources[id.place()];
        if !resource.tight {
            return Level::NONE;
        }
        let (mut left, mut open) = (resource.capacity, resource.users.len() as u64);
        let mut elsewhere = std::mem::take(&mut self.scratch.elsewhere);
        elsewhere.clear();
        elsewhere.extend(resource.users.iter().map(|user| self.fixed_at(user.activity, Some(id))));
        let level = loop {
            let share = Level { rate: (left / open).max(1), fixed_by: id.0 + 1 };
            elsewhere.retain(|fixed| {
                let before = *fixed < share;
                if before {
                    left = left.saturating_sub(fixed.rate);
                }
                !before
            });
            match elsewhere.len() as u64 {
                0 => break Level::NONE,
                same if same == open => break share,
                fewer => open = fewer,
            }
        };
        self.scratch.elsewhere = elsewhere;
        level
    }

    /// Where an activity's rate is fixed, when one resource of its path is not asked.
    fn fixed_at(&self, activity: u32, except: Option<ResourceId>) -> Level {
        let running = &self.activities[activity as usize];
        let others = running.path.resources().iter().filter(|id| Some(**id) != except);
        let bound = Level { rate: running.bound, fixed_by: 0 };
        others.map(|id| self.resources[id.place()].level).fold(bound, Level::min)
    }
}

impl Level {
    /// Of a resource that fixes no rate.
    pub(super) const NONE: Level = Level { rate: u64::MAX, fixed_by: u32::MAX };
}
