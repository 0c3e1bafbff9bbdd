//! A run: the simulation, the hash of its trace, and the oracle that its result is checked
//! against, all in slices.

use super::messages::{LabError, Summary};
use super::setup::{partitioner, setup};
use crate::base::Time;
use crate::mapreduce::sequential::SequentialWordCount;
use crate::scenario::input::check_input;
use crate::scenario::{Key, Scenario};
use crate::simulated::{Simulation, Slice};
use crate::trace::jsonl::TraceHasher;
use crate::trace::{Event, Recorder};
use bytes::Bytes;

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
    pub(super) data: Bytes,
    pub(super) simulation: Simulation,
    oracle: SequentialWordCount,
    hasher: TraceHasher,
    events: u32,
    summary: Option<Summary>,
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
    /// A run at its beginning. Scenario and input are checked.
    pub(super) fn start(scenario: Scenario, data: Bytes) -> Run {
        let recorder = Recorder::new(scenario.level);
        let simulation = Simulation::start(setup(&scenario, data.clone()), recorder);
        Run {
            scenario,
            data,
            simulation,
            oracle: SequentialWordCount::default(),
            hasher: TraceHasher::new(),
            events: 0,
            summary: None,
        }
    }

    /// Simulates a slice, or checks one when the simulation is over; gives the events of it.
    pub(super) fn work(&mut self, until: Time) -> (Vec<Event>, Progress) {
        let more = self.simulation.advance(Slice {
            bytes: SLICE_BYTES,
            happenings: SLICE_HAPPENINGS,
            until,
        });
        let events = self.take_events();
        let progress = if more { self.progress(until) } else { self.check_slice() };
        (events, progress)
    }

    /// The events since the last time that this was asked.
    pub(super) fn take_events(&mut self) -> Vec<Event> {
        let events = self.simulation.take_events();
        self.hasher.feed(&events);
        self.events += u32::try_from(events.len()).unwrap_or(u32::MAX);
        events
    }

    fn progress(&mut self, until: Time) -> Progress {
        let reached = self.simulation.next_time().is_none_or(|next| next > until);
        if reached { Progress::Paused } else { Progress::More }
    }

    /// The simulation is over: the oracle counts on, and at its end the results are compared.
    fn check_slice(&mut self) -> Progress {
        if let Some(summary) = &self.summary {
            return Progress::Finished(summary.clone());
        }
        let bytes = usize::try_from(SLICE_BYTES).unwrap_or(usize::MAX);
        if !self.oracle.step(&self.data, bytes) {
            return Progress::More;
        }
        let summary = self.summarize();
        self.summary = Some(summary.clone());
        Progress::Finished(summary)
    }

    fn summarize(&self) -> Summary {
        let counters = self.simulation.coordinator().counters();
        Summary {
            finished_at: self.simulation.now(),
            failed: None,
            events: self.events,
            trace_hash: self.hasher.hex(),
            output_records: counters.reduce_output_records,
            counters,
            equals_oracle: self.equals_oracle(),
        }
    }

    fn equals_oracle(&self) -> bool {
        let values = &self.scenario.parameters;
        let expected = self.oracle.parts(partitioner(values), values.count(Key::Reducers));
        let parts = self.simulation.output().parts();
        parts.len() == expected.len()
            && parts.values().zip(&expected).all(|(part, expected)| part.bytes == *expected)
    }
}

/// Runs a scenario from its beginning to its end.
///
/// # Errors
/// When the scenario or its input is not one that Millrace takes.
pub fn run_to_end(scenario: &Scenario, input: Bytes) -> Result<FinishedRun, LabError> {
    scenario.validate().map_err(LabError::from)?;
    check_input(&input).map_err(LabError::from)?;
    scenario.validate_with_input(input.len() as u64).map_err(LabError::from)?;
    let mut run = Run::start(scenario.clone(), input);
    let mut events = run.take_events();
    loop {
        let (fresh, progress) = run.work(Time(u64::MAX));
        events.extend(fresh);
        if let Progress::Finished(summary) = progress {
            let parts = run.simulation.output().parts();
            let parts = parts.values().map(|part| part.bytes.to_vec()).collect();
            return Ok(FinishedRun { events, summary, parts });
        }
    }
}
