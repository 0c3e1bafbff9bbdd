//! Checkpoints of a run: states that a fork can begin from, so that it need not begin at zero.
//!
//! They are taken as the run advances, each so many slices of work after the one before. When
//! there are too many, every other one goes and the distance doubles: what a fork has to simulate
//! again is at most an eighth of the run, however long it is. Blocks and segments are shared, but
//! sort buffers are not: of a run over a large input fewer are kept.

use super::forkable::ForkState;
use crate::base::Time;
use std::rc::Rc;

/// The most checkpoints of a run. One of fifty nodes at work takes 2 to 3 MB, whatever its input.
pub const CHECKPOINTS_MAX: usize = 16;

/// The fewest, whatever the input.
const CHECKPOINTS_MIN: usize = 4;

/// What all of them may take together. One takes about as much as the input at the most (measured:
/// 60 MB at 45 MB of distinct words in buffers of 100 MiB).
const BYTES_MAX: usize = 192 << 20;

/// States of a run, in the order of time; the first is its beginning.
pub(super) struct Checkpoints<S> {
    kept: Vec<Rc<S>>,
    most: usize,
    /// Slices from one to the next.
    distance: u32,
    slices: u32,
}

impl<S: ForkState> Checkpoints<S> {
    /// With the beginning of a run over so many bytes, before anything happened.
    pub(super) fn new(beginning: &S, input_bytes: u64) -> Checkpoints<S> {
        let input_bytes = usize::try_from(input_bytes).unwrap_or(usize::MAX);
        let most = (BYTES_MAX / input_bytes.max(1)).clamp(CHECKPOINTS_MIN, CHECKPOINTS_MAX);
        Checkpoints { kept: vec![Rc::new(beginning.clone())], most, distance: 1, slices: 0 }
    }

    /// A slice was simulated: keeps the state when it is time to.
    pub(super) fn offer(&mut self, state: &S) {
        self.slices += 1;
        if self.slices < self.distance {
            return;
        }
        self.slices = 0;
        if self.kept.len() >= self.most {
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
    pub(super) fn before(&self, at: Time) -> &S {
        let later = self.kept.iter().skip(1).take_while(|state| state.now() < at);
        later.last().unwrap_or(&self.kept[0])
    }

    /// Those that a branch which parts at this time shares.
    pub(super) fn shared_until(&self, at: Time) -> Checkpoints<S> {
        let shared = 1 + self.kept.iter().skip(1).filter(|state| state.now() < at).count();
        Checkpoints {
            kept: self.kept[..shared].to_vec(),
            most: self.most,
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

    /// A run of this many slices; each is told by a number of events of its own.
    fn places(input_bytes: u64, slices: u32) -> Vec<u32> {
        let scenario = PRESETS[0].scenario();
        let Input::Text(text) = scenario.input.clone() else { panic!("it has a text") };
        let mut run = Run::start(scenario, bytes::Bytes::from(text).into()).unwrap();
        run.state.events = 0;
        let mut checkpoints = Checkpoints::new(&run.state, input_bytes);
        for slice in 1..=slices {
            run.state.events = slice;
            checkpoints.offer(&run.state);
            assert!(checkpoints.kept.len() <= CHECKPOINTS_MAX);
        }
        checkpoints.kept.iter().map(|state| state.events).collect()
    }

    #[test]
    fn they_are_few_and_cover_the_run_evenly() {
        let places = places(1_000, 10_000);
        assert_eq!(places[0], 0);
        assert!(places.len() > CHECKPOINTS_MAX / 2);
        let gaps: Vec<u32> = places.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(gaps.iter().all(|gap| (1..=1_024).contains(gap)), "{gaps:?}");
    }

    #[test]
    fn a_large_input_has_fewer() {
        assert!(places(50_000_000, 10_000).len() <= 4);
        assert!(places(10_000_000, 10_000).len() <= 20);
    }
}
