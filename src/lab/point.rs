//! One run of a sweep: simulated to its end and measured; its trace is not kept.

use super::forkable::{ForkState, Forkable};
use super::messages::{CommandId, LabError};
use super::run::{Progress, Run};
use crate::base::{Files, Time};
use crate::mapreduce::sequential::Sequential;
use crate::scenario::{CheckedFiles, Scenario, check_files};
use crate::trace::measures::Came;
use crate::trace::totals::Tally;

/// A run that is only measured.
pub(super) struct PointRun {
    pub(super) command: CommandId,
    run: Run,
    tally: Tally,
    oracle: Sequential,
}

impl PointRun {
    /// Checks scenario and input.
    pub(super) fn begin(
        command: CommandId,
        scenario: Scenario,
        input: Files,
    ) -> Result<PointRun, LabError> {
        scenario.validate()?;
        let CheckedFiles { files, sizes, .. } = check_files(&input)?;
        scenario.validate_with_input(sizes)?;
        let mut run = Run::start(scenario, files)?;
        let mut tally = Tally::default();
        tally.feed(&run.state.take_events());
        let oracle = run.oracle();
        Ok(PointRun { command, run, tally, oracle })
    }

    /// Simulates a slice; says at the end what the run came to.
    pub(super) fn step(&mut self) -> Option<Came> {
        let (events, progress) = self.run.work(Time(u64::MAX), &mut self.oracle);
        self.tally.feed(&events);
        match progress {
            Progress::More | Progress::Paused => None,
            Progress::Finished(summary) => Some(Came {
                totals: self.tally.totals(),
                counters: summary.counters,
                failed: summary.failed,
                is_right: summary.equals_oracle,
            }),
        }
    }
}

/// Runs a scenario to its end, and says what it came to.
///
/// # Errors
/// When the scenario or its input is not one that Millrace takes.
pub fn run_point(scenario: &Scenario, input: impl Into<Files>) -> Result<Came, LabError> {
    let mut point = PointRun::begin(0, scenario.clone(), input.into())?;
    loop {
        if let Some(came) = point.step() {
            return Ok(came);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::run_to_end;
    use crate::trace::totals::Totals;
    use bytes::Bytes;

    #[test]
    fn a_point_comes_to_what_the_whole_run_comes_to() {
        let scenario = crate::scenario::PRESETS[0].scenario();
        let crate::scenario::Input::Text(text) = &scenario.input else { panic!("it has a text") };
        let input = Bytes::copy_from_slice(text.as_bytes());
        let whole = run_to_end(&scenario, input.clone()).unwrap();
        let came = run_point(&scenario, input).unwrap();
        assert_eq!(came.totals, Totals::of(&whole.events));
        assert_eq!(came.counters, whole.summary.counters);
        assert!(came.is_right && came.failed.is_none());
    }
}
