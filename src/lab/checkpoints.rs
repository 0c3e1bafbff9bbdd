//! Checkpoints of a run: states that a fork can begin from, so that it need not begin at zero.
//!
//! They are taken as the run advances, each so many slices of work after the one before. When
//! there are too many, every other one goes and the distance doubles: what a fork has to simulate
//! again is at most a sixteenth of the run, however long it is.

use super::run::RunState;
use crate::base::Time;
use std::rc::Rc;

/// The most checkpoints of a run.
pub const CHECKPOINTS_MAX: usize = 32;

/// States of a run, in the order of time; the first is its beginning. Data is shared, not copied.
#[derive(Clone)]
pub(super) struct Checkpoints {
    kept: Vec<Rc<RunState>>,
    /// Slices from one to the next.
    distance: u32,
    slices: u32,
}

impl Checkpoints {
    /// With a run's beginning, before anything happened.
    pub(super) fn new(beginning: &RunState) -> Checkpoints {
        Checkpoints { kept: vec![Rc::new(beginning.clone())], distance: 1, slices: 0 }
    }

    /// A slice was simulated: keeps the state when it is time to.
    pub(super) fn offer(&mut self, state: &RunState) {
        self.slices += 1;
        if self.slices < self.distance {
            return;
        }
        self.slices = 0;
        if self.kept.len() == CHECKPOINTS_MAX {
            let mut place = 0;
            self.kept.retain(|_| {
                place += 1;
                place % 2 == 1
            });
            self.distance *= 2;
        }
        self.kept.push(Rc::new(state.clone()));
    }

    /// The last state in which nothing of this time had happened yet.
    pub(super) fn before(&self, at: Time) -> &RunState {
        let later = self.kept.iter().skip(1).take_while(|state| state.simulation.now() < at);
        later.last().unwrap_or(&self.kept[0])
    }

    /// Those that a branch which parts at this time shares.
    pub(super) fn shared_until(&self, at: Time) -> Checkpoints {
        let shared =
            1 + self.kept.iter().skip(1).filter(|state| state.simulation.now() < at).count();
        Checkpoints {
            kept: self.kept[..shared].to_vec(),
            distance: self.distance,
            slices: self.slices,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::run::Run;
    use crate::scenario::{Input, PRESETS};

    #[test]
    fn they_are_few_and_cover_the_run_evenly() {
        let scenario = PRESETS[0].scenario();
        let Input::Text(text) = scenario.input.clone() else { panic!("it has a text") };
        let mut run = Run::start(scenario, text.into());
        run.state.take_events();
        let mut checkpoints = Checkpoints::new(&run.state);
        // One more event each: what is kept is told by its events.
        let first = run.state.events;
        for slice in 1..=10_000 {
            run.state.events = first + slice;
            checkpoints.offer(&run.state);
            assert!(checkpoints.kept.len() <= CHECKPOINTS_MAX);
        }
        let places: Vec<u32> = checkpoints.kept.iter().map(|state| state.events).collect();
        assert_eq!(places[0], first);
        assert!(places.len() > CHECKPOINTS_MAX / 2);
        let gaps: Vec<u32> = places.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(gaps.iter().all(|gap| (1..=1_024).contains(gap)), "{gaps:?}");
    }
}
