//! What a run must be able to do to be forked: batch runs and stream runs alike.

use super::messages::LabError;
use super::run::Progress;
use crate::base::Time;
use crate::scenario::Scenario;
use crate::simulated::TooLate;
use crate::trace::Event;

/// A run that can be forked.
pub(super) trait Forkable: Sized {
    /// What it has come to.
    type State: ForkState;
    /// What its result is checked against; one serves all branches.
    type Oracle;

    fn state(&self) -> &Self::State;
    fn state_mut(&mut self) -> &mut Self::State;
    fn scenario(&self) -> &Scenario;
    fn oracle(&self) -> Self::Oracle;

    /// About how many bytes a checkpoint takes at the most.
    fn checkpoint_bytes(&self) -> u64;

    /// Whether a scenario with other faults can be run over the same input.
    fn check(&self, scenario: &Scenario) -> Result<(), LabError>;

    /// The run of the same scenario with more faults, which goes on from a state that this one was
    /// in before them.
    fn resume(&self, scenario: Scenario, state: Self::State) -> Result<Self, TooLate>;

    /// Simulates a slice, or checks one when the simulation is over; gives the events of it.
    fn work(&mut self, until: Time, oracle: &mut Self::Oracle) -> (Vec<Event>, Progress);
}

/// What a run has come to. A clone goes on exactly as the original does.
pub(super) trait ForkState: Clone {
    /// The time of what happened last.
    fn now(&self) -> Time;
    fn is_over(&self) -> bool;

    /// Events so far.
    fn events(&self) -> u32;

    /// Simulates a slice; says whether there is more to come.
    fn advance(&mut self, until: Time) -> bool;

    /// Whether nothing more happens up to this time.
    fn reached(&mut self, until: Time) -> bool;

    /// The events since the last time that this was asked.
    fn take_events(&mut self) -> Vec<Event>;
}
