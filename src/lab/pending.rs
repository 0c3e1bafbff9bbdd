//! A start that is not yet a run: its input is checked in slices, while the run before it stays.

use super::messages::{CommandId, LabError, Reply, RunId};
use super::run::Run;
use crate::scenario::Scenario;
use crate::scenario::input::{InputFacts, InputScan, STEP_BYTES};
use crate::scenario::split_count;
use crate::scenario::{Key, ScenarioError, input::InputError};
use bytes::Bytes;

/// A start under way.
pub(super) struct PendingStart {
    pub(super) command: CommandId,
    pub(super) run: RunId,
    scenario: Scenario,
    data: Bytes,
    scan: InputScan,
}

impl PendingStart {
    /// Checks what can be checked at once.
    pub(super) fn begin(
        command: CommandId,
        run: RunId,
        scenario: Scenario,
        data: Bytes,
    ) -> Result<PendingStart, LabError> {
        scenario.validate()?;
        let scan = InputScan::begin(&data)?;
        scenario.validate_with_input(data.len() as u64)?;
        Ok(PendingStart { command, run, scenario, data, scan })
    }

    /// Looks at the next slice of the input; gives the run and the reply at its end.
    pub(super) fn step(&mut self) -> Result<Option<(Run, Reply)>, LabError> {
        let Some(facts) = self.scan.step(&self.data, STEP_BYTES)? else { return Ok(None) };
        let block_size = self.scenario.parameters.get(Key::BlockSize);
        let reply = started(facts, split_count(facts.bytes, block_size), Vec::new());
        Ok(Some((Run::start(self.scenario.clone(), self.data.clone()), reply)))
    }
}

/// The answer to a start: what the input is, into how many splits it was cut, and what else there
/// is to know.
pub(super) fn started(facts: InputFacts, splits: u64, mut notes: Vec<String>) -> Reply {
    if facts.byte_order_mark {
        notes.push("The text begins with a byte order mark, which is left out.".into());
    }
    Reply::Started {
        input_bytes: facts.bytes,
        lines: facts.lines,
        splits: u32::try_from(splits).unwrap_or(u32::MAX),
        notes,
    }
}

impl From<ScenarioError> for LabError {
    fn from(error: ScenarioError) -> LabError {
        LabError { message: error.to_string(), field: error.field }
    }
}

impl From<InputError> for LabError {
    fn from(error: InputError) -> LabError {
        LabError { field: Some("input".to_owned()), message: error.to_string() }
    }
}
