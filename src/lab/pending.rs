//! A start that is not yet a run: its input is checked in slices, while the run before it stays.

use super::messages::{CommandId, LabError, Reply, RunId};
use super::run::Run;
use crate::base::Files;
use crate::scenario::input::{InputFacts, STEP_BYTES};
use crate::scenario::{FilesError, FilesScan, Scenario, ScenarioError};

/// A start under way.
pub(super) struct PendingStart {
    pub(super) command: CommandId,
    pub(super) run: RunId,
    scenario: Scenario,
    scan: FilesScan,
}

impl PendingStart {
    /// Checks what can be checked at once.
    pub(super) fn begin(
        command: CommandId,
        run: RunId,
        scenario: Scenario,
        data: Files,
    ) -> Result<PendingStart, LabError> {
        scenario.validate()?;
        let scan = FilesScan::begin(data)?;
        scenario.validate_with_input(scan.sizes().clone())?;
        Ok(PendingStart { command, run, scenario, scan })
    }

    /// Looks at the next slice of the input; gives the run and the reply at its end.
    pub(super) fn step(&mut self) -> Result<Option<(Run, Reply)>, LabError> {
        let Some(facts) = self.scan.step(STEP_BYTES)? else { return Ok(None) };
        self.scenario.validate_with_input(self.scan.sizes().clone())?;
        let run = Run::start(self.scenario.clone(), self.scan.files())?;
        let reply = started(facts, run.splits(), Vec::new());
        Ok(Some((run, reply)))
    }
}

/// The answer to a start: what the input is, into how many splits it was cut, and what else there
/// is to know.
pub(super) fn started(facts: InputFacts, splits: u32, mut notes: Vec<String>) -> Reply {
    if facts.byte_order_mark {
        notes.push("The text begins with a byte order mark, which is left out.".into());
    }
    Reply::Started { input_bytes: facts.bytes, lines: facts.lines, splits, notes }
}

impl From<ScenarioError> for LabError {
    fn from(error: ScenarioError) -> LabError {
        LabError { message: error.to_string(), field: error.field }
    }
}

impl From<FilesError> for LabError {
    fn from(error: FilesError) -> LabError {
        LabError { field: Some("input".to_owned()), message: error.to_string() }
    }
}
