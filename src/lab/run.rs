//! A run: the simulation, the hash of its trace, and the check of its result against the oracle,
//! all in slices.

use super::forkable::{ForkState, Forkable};
use super::inspect::{self, Looked};
use super::jobs::prepare;
use super::messages::{LabError, Query, Reply, Summary};
use super::setup::setup;
use super::stream;
use super::zoom::Material;
use crate::base::{Files, PlannedFault, Time};
use crate::mapreduce::JobConfig;
use crate::mapreduce::sequential::Sequential;
use crate::scenario::{CheckedFiles, Lab, Scenario, check_files};
use crate::simulated::{Simulation, Slice, TooLate};
use crate::trace::failure::FailureEvent;
use crate::trace::jsonl::TraceHasher;
use crate::trace::script::Script;
use crate::trace::sentence::sentence;
use crate::trace::{Event, EventKind, Recorder};

/// Bytes of data that a slice works on; some milliseconds in a browser.
const SLICE_BYTES: u64 = 128 << 10;

/// Happenings that a slice takes at the most.
const SLICE_HAPPENINGS: u32 = 500;

/// A run that has come to its end.
#[derive(Clone, Debug)]
pub struct FinishedRun {
    /// Its trace.
    pub events: Vec<Event>,
    /// What it came to.
    pub summary: Summary,
    /// The committed parts, each lines of `key TAB value`.
    pub parts: Vec<Vec<u8>>,
}

/// A run under way.
pub(super) struct Run {
    pub(super) scenario: Scenario,
    pub(super) data: Files,
    job: JobConfig,
    pub(super) state: RunState,
    summary: Option<Summary>,
}

/// What a run has come to. A clone goes on exactly as the original does.
#[derive(Clone)]
pub(super) struct RunState {
    pub(super) simulation: Simulation,
    hasher: TraceHasher,
    /// Events so far.
    pub(super) events: u32,
    /// How many of the scenario's faults the simulation knows.
    faults: usize,
    failed: Option<String>,
}

/// What a slice came to.
pub(super) enum Progress {
    /// There is more to do.
    More,
    /// The moment that was asked for is reached.
    Paused,
    /// The run is over and checked.
    Finished(Summary),
}

impl Run {
    /// A run at its beginning. Scenario and input are checked, but for the lines that the job can't
    /// read.
    pub(super) fn start(scenario: Scenario, files: Files) -> Result<Run, LabError> {
        let recorder = Recorder::new(scenario.level);
        let prepared = prepare(&scenario, files)?;
        let data = prepared.files.clone();
        let setup = setup(&scenario, prepared);
        let job = setup.job.clone();
        let state = RunState {
            simulation: Simulation::start(setup, recorder),
            hasher: TraceHasher::new(),
            events: 0,
            faults: scenario.faults.len(),
            failed: None,
        };
        Ok(Run { scenario, data, job, state, summary: None })
    }

    /// How many splits its input was cut into.
    pub(super) fn splits(&self) -> u32 {
        u32::try_from(self.state.simulation.coordinator().splits().len()).unwrap_or(u32::MAX)
    }

    /// Answers a question about its data.
    pub(super) fn look_into(&self, query: &Query) -> Result<Reply, LabError> {
        self.look(|looked| inspect::answer(looked, query))
    }

    /// What stepping through one of its attempts takes of it.
    pub(super) fn material(&self, script: &Script) -> Result<Material, LabError> {
        self.look(|looked| Material::of(looked, script))
    }

    fn look<T>(&self, see: impl FnOnce(&Looked<'_>) -> T) -> T {
        let simulation = &self.state.simulation;
        let coordinator = simulation.coordinator();
        see(&Looked {
            job: &self.job,
            splits: coordinator.splits(),
            blocks: &coordinator.blocks(),
            files: &self.data,
            output: simulation.output(),
            agents: simulation.agents(),
            topology: coordinator.topology(),
            budget: simulation.step_budget(),
        })
    }

    /// The simulation is over: the oracle counts on, and at its end the results are compared. A
    /// job that failed has no result.
    fn check_slice(&mut self, oracle: &mut Sequential) -> Progress {
        if let Some(summary) = &self.summary {
            return Progress::Finished(summary.clone());
        }
        let bytes = usize::try_from(SLICE_BYTES).unwrap_or(usize::MAX);
        if self.state.failed.is_none() && !oracle.step(&self.data.texts(), bytes) {
            return Progress::More;
        }
        let summary = self.summarize(oracle);
        self.summary = Some(summary.clone());
        Progress::Finished(summary)
    }

    fn summarize(&self, oracle: &Sequential) -> Summary {
        let state = &self.state;
        let counters = state.simulation.coordinator().counters();
        Summary {
            finished_at: state.simulation.now(),
            failed: state.failed.clone(),
            events: state.events,
            trace_hash: state.hasher.hex(),
            output_records: self.job.output_records(&counters),
            counters,
            equals_oracle: state.failed.is_none() && self.equals_oracle(oracle),
        }
    }

    fn equals_oracle(&self, oracle: &Sequential) -> bool {
        let expected = oracle.parts(&self.job, self.state.simulation.coordinator().splits());
        let parts = self.state.simulation.output().parts();
        parts.len() == expected.len()
            && parts.values().zip(&expected).all(|(part, expected)| part.bytes == *expected)
    }
}

impl RunState {
    /// Takes in the faults of a scenario that it does not know yet, in their order.
    fn learn(&mut self, faults: &[PlannedFault]) -> Result<(), TooLate> {
        for fault in faults.iter().skip(self.faults) {
            self.simulation.intervene(*fault)?;
        }
        self.faults = faults.len();
        Ok(())
    }
}

impl Forkable for Run {
    type State = RunState;
    type Oracle = Sequential;

    fn state(&self) -> &RunState {
        &self.state
    }

    fn state_mut(&mut self) -> &mut RunState {
        &mut self.state
    }

    fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The plain loop that its result is checked against.
    fn oracle(&self) -> Sequential {
        Sequential::new(&self.job.job)
    }

    fn checkpoint_bytes(&self) -> u64 {
        self.data.bytes()
    }

    fn check(&self, scenario: &Scenario) -> Result<(), LabError> {
        Ok(scenario.validate_with_input(&self.data)?)
    }

    fn resume(&self, scenario: Scenario, mut state: RunState) -> Result<Run, TooLate> {
        state.learn(&scenario.faults)?;
        let (data, job) = (self.data.clone(), self.job.clone());
        Ok(Run { scenario, data, job, state, summary: None })
    }

    fn work(&mut self, until: Time, oracle: &mut Sequential) -> (Vec<Event>, Progress) {
        let more = self.state.advance(until);
        let events = self.state.take_events();
        let progress = match more {
            true if self.state.reached(until) => Progress::Paused,
            true => Progress::More,
            false => self.check_slice(oracle),
        };
        (events, progress)
    }
}

impl ForkState for RunState {
    fn now(&self) -> Time {
        self.simulation.now()
    }

    fn is_over(&self) -> bool {
        self.simulation.is_over()
    }

    fn events(&self) -> u32 {
        self.events
    }

    fn advance(&mut self, until: Time) -> bool {
        let slice = Slice { bytes: SLICE_BYTES, happenings: SLICE_HAPPENINGS, until };
        self.simulation.advance(slice)
    }

    fn reached(&mut self, until: Time) -> bool {
        self.simulation.next_time().is_none_or(|next| next > until)
    }

    fn take_events(&mut self) -> Vec<Event> {
        let events = self.simulation.take_events();
        self.hasher.feed(&events);
        self.events += u32::try_from(events.len()).unwrap_or(u32::MAX);
        self.failed = self.failed.take().or_else(|| events.iter().find_map(why_it_failed));
        events
    }
}

/// Why the job failed, when this event says so.
pub(super) fn why_it_failed(event: &Event) -> Option<String> {
    let failed = matches!(event.kind, EventKind::Failure(FailureEvent::JobFailed { .. }));
    failed.then(|| sentence(event))
}

/// Runs a scenario from its beginning to its end.
///
/// # Errors
/// When the scenario or its input is not one that Millrace takes.
pub fn run_to_end(scenario: &Scenario, input: impl Into<Files>) -> Result<FinishedRun, LabError> {
    let input = input.into();
    if scenario.lab() == Lab::Stream {
        return stream::run_to_end(scenario, &stream::text_of(&input));
    }
    scenario.validate().map_err(LabError::from)?;
    let CheckedFiles { files, sizes, .. } = check_files(&input).map_err(LabError::from)?;
    scenario.validate_with_input(sizes).map_err(LabError::from)?;
    let mut run = Run::start(scenario.clone(), files)?;
    let mut oracle = run.oracle();
    let mut events = run.state.take_events();
    loop {
        let (fresh, progress) = run.work(Time(u64::MAX), &mut oracle);
        events.extend(fresh);
        if let Progress::Finished(summary) = progress {
            let parts = run.state.simulation.output().parts();
            let parts = parts.values().map(|part| part.bytes.to_vec()).collect();
            return Ok(FinishedRun { events, summary, parts });
        }
    }
}
