//! Whose turn it is on a node: the oldest attempt of which a lane can go on. A node is one thread, so
//! attempts that shared it evenly would end together, and the node would stand still until the
//! master has given it others. A lane that waits for bytes of another node is busy and is left alone.

use crate::base::AttemptId;
use crate::mapreduce::Lane;
use std::collections::{BTreeMap, BTreeSet};

/// A lane that has to wait may just have freed another, so it takes two quiet rounds to know that
/// an attempt waits.
const QUIET_ROUNDS: u8 = 2;

/// The attempts that run on a node.
#[derive(Debug, Default)]
pub(super) struct Turns {
    /// Those that may be able to go on, by their ages.
    awake: BTreeSet<(u64, AttemptId)>,
    /// Of each that runs: how many there were before it, and how many rounds it was quiet.
    running: BTreeMap<AttemptId, (u64, u8)>,
    begun: u64,
    /// The lanes that wait for bytes.
    waiting: BTreeSet<(AttemptId, Lane)>,
}

impl Turns {
    /// Something changed for an attempt: it gets turns again, or for the first time.
    pub(super) fn wake(&mut self, attempt: AttemptId) {
        let age = self.running.get(&attempt).map_or(self.begun, |(age, _)| *age);
        self.begun = self.begun.max(age + 1);
        self.running.insert(attempt, (age, 0));
        self.awake.insert((age, attempt));
    }

    /// The attempt whose turn it is.
    pub(super) fn next(&mut self) -> Option<AttemptId> {
        self.awake.first().map(|(_, attempt)| *attempt)
    }

    /// A turn is over, in which something was done or not.
    pub(super) fn ended_turn(&mut self, attempt: AttemptId, progress: bool) {
        let Some((age, quiet)) = self.running.get_mut(&attempt) else { return };
        *quiet = if progress { 0 } else { *quiet + 1 };
        if *quiet >= QUIET_ROUNDS {
            self.awake.remove(&(*age, attempt));
        }
    }

    /// An attempt is over.
    pub(super) fn end(&mut self, attempt: AttemptId) {
        if let Some((age, _)) = self.running.remove(&attempt) {
            self.awake.remove(&(age, attempt));
        }
        self.waiting.retain(|(other, _)| *other != attempt);
    }

    /// A lane waits for bytes.
    pub(super) fn wait(&mut self, attempt: AttemptId, lane: Lane) {
        self.waiting.insert((attempt, lane));
    }

    /// Whether a lane waits for bytes.
    pub(super) fn waits(&self, attempt: AttemptId, lane: Lane) -> bool {
        self.waiting.contains(&(attempt, lane))
    }

    /// The bytes came, or will not.
    pub(super) fn resume(&mut self, attempt: AttemptId, lane: Lane) {
        self.waiting.remove(&(attempt, lane));
        if self.running.contains_key(&attempt) {
            self.wake(attempt);
        }
    }

    /// All attempts that run.
    pub(super) fn attempts(&self) -> Vec<AttemptId> {
        self.running.keys().copied().collect()
    }

    /// Whether an attempt has a turn to take.
    pub(super) fn is_busy(&self) -> bool {
        !self.awake.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::TaskId;

    #[test]
    fn the_oldest_goes_on_until_it_was_quiet_twice() {
        let (one, two) = (TaskId::map(0).attempt(0), TaskId::map(1).attempt(0));
        let mut turns = Turns::default();
        turns.wake(one);
        turns.wake(two);
        turns.wake(one);
        let mut order = Vec::new();
        while let Some(attempt) = turns.next() {
            order.push(attempt);
            turns.ended_turn(attempt, order.len() == 1);
        }
        assert_eq!(order, [one, one, one, two, two]);
        turns.resume(one, Lane::Copy(0));
        assert!(turns.is_busy());
    }
}
