//! Whose turn it is on a node: its attempts, one after another, each until none of its lanes can
//! go on. A lane that waits for bytes of another node is busy and is left alone.

use crate::base::AttemptId;
use crate::mapreduce::Lane;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A lane that has to wait may just have freed another, so it takes two quiet rounds to know that
/// an attempt waits.
const QUIET_ROUNDS: u8 = 2;

/// The attempts that run on a node.
#[derive(Debug, Default)]
pub(super) struct Turns {
    /// Those that may be able to go on, in the order of their turns.
    awake: VecDeque<AttemptId>,
    /// How many rounds each that runs was quiet.
    quiet: BTreeMap<AttemptId, u8>,
    /// The lanes that wait for bytes.
    waiting: BTreeSet<(AttemptId, Lane)>,
}

impl Turns {
    /// Something changed for an attempt: it gets turns again, or for the first time.
    pub(super) fn wake(&mut self, attempt: AttemptId) {
        if self.quiet.insert(attempt, 0).is_none_or(|quiet| quiet >= QUIET_ROUNDS) {
            self.awake.push_back(attempt);
        }
    }

    /// Takes the attempt whose turn it is. It comes again when `ended_turn` says so.
    pub(super) fn next(&mut self) -> Option<AttemptId> {
        self.awake.pop_front()
    }

    /// A turn is over, in which something was done or not.
    pub(super) fn ended_turn(&mut self, attempt: AttemptId, progress: bool) {
        let Some(quiet) = self.quiet.get_mut(&attempt) else { return };
        *quiet = if progress { 0 } else { *quiet + 1 };
        if *quiet < QUIET_ROUNDS {
            self.awake.push_back(attempt);
        }
    }

    /// An attempt is over.
    pub(super) fn end(&mut self, attempt: AttemptId) {
        self.quiet.remove(&attempt);
        self.awake.retain(|other| *other != attempt);
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
        if self.quiet.contains_key(&attempt) {
            self.wake(attempt);
        }
    }

    /// All attempts that run.
    pub(super) fn attempts(&self) -> Vec<AttemptId> {
        self.quiet.keys().copied().collect()
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
    fn attempts_take_turns_until_they_were_quiet_twice() {
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
        assert_eq!(order, [one, two, one, two, one]);
        turns.resume(one, Lane::Copy(0));
        assert!(turns.is_busy());
    }
}
