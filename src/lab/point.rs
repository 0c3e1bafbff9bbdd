//! One run of a sweep: simulated to its end and measured; its trace is not kept.

use super::forkable::{ForkState, Forkable};
use super::messages::{CommandId, LabError, Reply};
use super::run::{Progress, Run};
use super::{stream, stream_point};
use crate::base::{Files, Time};
use crate::mapreduce::sequential::Sequential;
use crate::scenario::{CheckedFiles, Lab, Scenario, check_files};
use crate::trace::answer::StreamAnswer;
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
                stream: None,
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
    let input = input.into();
    if scenario.lab() == Lab::Stream {
        let reply = stream_point::to_end(scenario, &stream::text_of(&input), false)?;
        let Reply::Came(came) = reply else { return Err(something_else()) };
        return Ok(*came);
    }
    let mut point = PointRun::begin(0, scenario.clone(), input)?;
    loop {
        if let Some(came) = point.step() {
            return Ok(came);
        }
    }
}

/// Runs a stream scenario to its end, and says what its windows answered.
///
/// # Errors
/// When the scenario or its input is not one that Millrace takes, is no stream job, or is too large.
pub fn run_answer(scenario: &Scenario, input: impl Into<Files>) -> Result<StreamAnswer, LabError> {
    check_stream(scenario)?;
    let reply = stream_point::to_end(scenario, &stream::text_of(&input.into()), true)?;
    let Reply::Answered(answer) = reply else { return Err(something_else()) };
    Ok(*answer)
}

/// A run that answers another question than it was asked is our mistake.
fn something_else() -> LabError {
    LabError { field: None, message: "the run answered something else".to_owned() }
}

/// Only windows answer.
pub(super) fn check_stream(scenario: &Scenario) -> Result<(), LabError> {
    if scenario.lab() == Lab::Stream {
        return Ok(());
    }
    let message = "Only stream jobs have windows that answer: open one first.".to_owned();
    Err(LabError { field: Some("job".to_owned()), message })
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
