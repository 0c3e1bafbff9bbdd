//! The branches of a run: the run as it was planned, and what it became where something was done
//! to its cluster. One of them is on the screen; the others stand beside it, each with its own
//! trace, playhead and furthest place.

use super::clock::RunClock;
use super::run::Run;
use super::state::LabState;
use crate::base::fault::PlannedFault;
use crate::base::{Fault, Time};
use crate::lab::messages::RunId;
use std::rc::Rc;

/// Where a run stands among the branches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Branch {
    /// Its place in the order of their making, from 0; its name is the letter of that place.
    pub number: u32,
    /// The branch that it comes from; nothing for the first.
    pub parent: Option<u32>,
    /// When it parted from that.
    pub forked_at: Time,
    /// How many events both share.
    pub shared: u32,
    /// What is different in it, such as `crash node 3 at 12.4 s`; empty for the first.
    pub change: String,
}

impl Branch {
    /// `A`, `B`, and after `Z` `AA`.
    pub fn name(&self) -> String {
        let mut letters = Vec::new();
        let mut rest = self.number;
        loop {
            letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
            match (rest / 26).checked_sub(1) {
                Some(higher) => rest = higher,
                None => return letters.into_iter().rev().collect(),
            }
        }
    }

    /// Name and difference: `B: crash node 3 at 12.4 s`.
    pub fn label(&self) -> String {
        match self.change.as_str() {
            "" => format!("{}: as planned", self.name()),
            change => format!("{}: {change}", self.name()),
        }
    }
}

/// A fault and its time by the run's clock, in words that are no more exact than people say them.
pub fn words(planned: &PlannedFault, clock: RunClock) -> String {
    format!("{} at {}", planned.fault, clock.rough(planned.at))
}

/// A branch that the conductor was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Forking {
    /// Its number as a run.
    pub run: RunId,
    /// The run that it comes from.
    pub parent: RunId,
    /// When it parts, and by what.
    pub planned: PlannedFault,
    /// All branches as they were when it was asked for, with their playheads.
    pub before: Rc<Tree>,
    /// Whether the conductor was told; it is not while it takes up the parent again.
    pub posted: bool,
}

impl Forking {
    /// What is done.
    pub fn fault(&self) -> Fault {
        self.planned.fault
    }
}

/// All branches at a moment of the page's life, for undoing.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree {
    /// The one on the screen.
    pub shown: Run,
    /// The others, in the order of their making.
    pub others: Vec<Rc<Run>>,
}

impl LabState {
    /// All branches as they are, when there is a run.
    pub fn tree(&self) -> Option<Tree> {
        Some(Tree { shown: self.run.clone()?, others: self.others.clone() })
    }

    /// All branches in the order of their making, the one on the screen among them.
    pub fn branches(&self) -> Vec<&Run> {
        let mut all: Vec<&Run> = self.run.iter().collect();
        all.extend(self.others.iter().map(|run| &**run));
        all.sort_by_key(|run| run.branch.number);
        all
    }

    /// The branch with this number.
    pub fn branch(&self, number: u32) -> Option<&Run> {
        self.branches().into_iter().find(|run| run.branch.number == number)
    }

    /// The number that the next branch gets.
    pub fn next_branch(&self) -> u32 {
        let most = self.branches().into_iter().map(|run| run.branch.number).max();
        most.map_or(0, |most| most.saturating_add(1))
    }

    /// Does something to a run wherever it stands: on the screen, among the branches, about to
    /// begin, or taken back.
    pub fn each_run(&mut self, id: RunId, mut change: impl FnMut(&mut Run)) {
        let pending = self.pending.as_mut().map(|pending| &mut pending.run);
        for run in self.run.as_mut().into_iter().chain(pending).filter(|run| run.id == id) {
            change(run);
        }
        for run in self.others.iter_mut().filter(|run| run.id == id) {
            change(Rc::make_mut(run));
        }
        let kept = self.former.iter_mut().chain(&mut self.undone);
        for tree in kept.filter(|tree| tree.has(id)) {
            let tree = Rc::make_mut(tree);
            if tree.shown.id == id {
                change(&mut tree.shown);
            }
            for run in tree.others.iter_mut().filter(|run| run.id == id) {
                change(Rc::make_mut(run));
            }
        }
    }
}

impl Tree {
    /// Whether a run is one of the branches.
    pub fn has(&self, id: RunId) -> bool {
        self.shown.id == id || self.others.iter().any(|run| run.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_are_named_by_letters() {
        let name = |number| Branch { number, ..Branch::default() }.name();
        assert_eq!([0, 1, 25, 26, 27, 52, 702].map(name), ["A", "B", "Z", "AA", "AB", "BA", "AAA"]);
    }

    #[test]
    fn a_branch_says_what_is_different_in_it() {
        let planned: PlannedFault = "crash node 3 at 12.437219 s".parse().unwrap();
        let branch =
            Branch { number: 1, change: words(&planned, RunClock::default()), ..Branch::default() };
        assert_eq!(branch.label(), "B: crash node 3 at 12.4 s");
    }
}
