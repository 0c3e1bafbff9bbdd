//! The one reducer: a state and an action make the next state. It knows no browser and no clock;
//! what has to be done in the world (posting commands, fetching texts) stands in the state, and
//! the page does it.

mod branch;
mod change;
mod hear;
mod link;
mod look;
mod play;
mod several;
mod sweep;
#[cfg(test)]
mod tests;

use super::action::Action;
use super::state::LabState;

/// The state after an action.
#[must_use]
pub fn reduce(mut state: LabState, action: Action) -> LabState {
    match action {
        Action::Play(play) => play::reduce(&mut state, play),
        Action::Change(change) => change::reduce(&mut state, change),
        Action::Sweep(sweeping) => sweep::reduce(&mut state, sweeping),
        Action::Several(asking) => several::reduce(&mut state, asking),
        Action::Look(look) => look::reduce(&mut state, look),
        Action::Hear(hear) => hear::reduce(&mut state, hear),
    }
    several::keep_up(&mut state);
    state
}
