//! A stream run: the simulation of a stream job and the hash of its trace, in slices.

use super::forkable::{ForkState, Forkable};
use super::messages::{LabError, Summary};
use super::run::{FinishedRun, Progress};
use super::stream_setup::{Setup, setup};
use crate::base::format::Clock;
use crate::base::{FileId, Files, Millis, PlannedFault, StreamFault, Time};
use crate::scenario::Scenario;
use crate::simulated::{StreamSimulation, TooLate};
use crate::streaming::job::{Delivered, Record};
use crate::trace::event::Counters;
use crate::trace::jsonl::TraceHasher;
use crate::trace::{Event, Recorder};
use bytes::Bytes;
use std::fmt::Write;

/// Happenings that a slice takes at the most; some milliseconds in a browser.
const SLICE_HAPPENINGS: u32 = 2_000;

/// What a record takes in a checkpoint, about.
const RECORD_BYTES: u64 = 200;

/// A stream run under way.
pub(super) struct StreamRun {
    scenario: Scenario,
    state: StreamState,
    data_bytes: u64,
}

/// What a stream run has come to. A clone goes on exactly as the original does.
#[derive(Clone)]
pub(super) struct StreamState {
    simulation: StreamSimulation,
    hasher: TraceHasher,
    events: u32,
    /// How many of the scenario's faults the simulation knows.
    faults: usize,
}

impl StreamRun {
    /// A run at its beginning, and how many records it will have.
    ///
    /// # Errors
    /// When the scenario is none of a stream job, or its input can't be read.
    pub(super) fn start(scenario: &Scenario, data: &[u8]) -> Result<(StreamRun, u64), LabError> {
        scenario.validate()?;
        let Setup { spec, linger_ms } = setup(scenario, data)?;
        check_moves(&scenario.faults, &spec.records)?;
        let records = spec.records.len() as u64;
        let recorder = Recorder::new(scenario.level);
        let simulation = StreamSimulation::start(spec, linger_ms, &scenario.faults, recorder)
            .map_err(|error| LabError {
                field: Some(error.field.to_owned()),
                message: error.to_string(),
            })?;
        let (hasher, faults) = (TraceHasher::new(), scenario.faults.len());
        let state = StreamState { simulation, hasher, events: 0, faults };
        let data_bytes = (data.len() as u64).max(records * RECORD_BYTES);
        Ok((StreamRun { scenario: scenario.clone(), state, data_bytes }, records))
    }

    /// What the run has come to. It equals the oracle when the ledger adds up and each difference from batch
    /// is explained by what became of an element.
    fn summary(&self) -> Summary {
        let job = self.state.simulation.job();
        let unexplained = self.state.simulation.comparison().map_or(0, |found| found.unexplained);
        Summary {
            finished_at: self.state.simulation.now(),
            failed: job.imbalance().map(|what| format!("The ledger does not add up: {what}.")),
            events: self.state.events,
            trace_hash: self.state.hasher.hex(),
            output_records: job.received().count() as u64,
            counters: Counters::default(),
            equals_oracle: job.imbalance().is_none() && unexplained == 0,
        }
    }

    /// What sinks received, a line each: key, window's start and end in milliseconds, what was said, and
    /// whether it was said or taken back.
    fn output(&self) -> Vec<u8> {
        let mut text = String::new();
        for Delivered { key, window, at, content, retraction } in
            self.state.simulation.job().received()
        {
            let (start, end) = window.map_or((*at, *at), |window| (window.start, window.end));
            let sign = if *retraction { "-" } else { "+" };
            // Writing to a text never fails.
            let _ = writeln!(text, "{key}\t{start}\t{end}\t{content}\t{sign}");
        }
        text.into_bytes()
    }
}

impl Forkable for StreamRun {
    type State = StreamState;
    /// The job compares itself with batch.
    type Oracle = ();

    fn state(&self) -> &StreamState {
        &self.state
    }

    fn state_mut(&mut self) -> &mut StreamState {
        &mut self.state
    }

    fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    fn oracle(&self) {}

    fn checkpoint_bytes(&self) -> u64 {
        self.data_bytes
    }

    fn check(&self, scenario: &Scenario) -> Result<(), LabError> {
        scenario.validate()?;
        check_moves(&scenario.faults, self.state.simulation.job().records())
    }

    fn resume(&self, scenario: Scenario, mut state: StreamState) -> Result<StreamRun, TooLate> {
        for fault in scenario.faults.iter().skip(state.faults) {
            state.simulation.intervene(*fault)?;
        }
        state.faults = scenario.faults.len();
        Ok(StreamRun { scenario, state, data_bytes: self.data_bytes })
    }

    fn work(&mut self, until: Time, _: &mut ()) -> (Vec<Event>, Progress) {
        let more = self.state.advance(until);
        let events = self.state.take_events();
        let progress = match more {
            true if self.state.reached(until) => Progress::Paused,
            true => Progress::More,
            false => Progress::Finished(self.summary()),
        };
        (events, progress)
    }
}

impl ForkState for StreamState {
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
        self.simulation.advance(SLICE_HAPPENINGS, until)
    }

    fn reached(&mut self, until: Time) -> bool {
        self.simulation.next_time().is_some_and(|next| next > until)
    }

    fn take_events(&mut self) -> Vec<Event> {
        let events = self.simulation.take_events();
        self.hasher.feed(&events);
        self.events += u32::try_from(events.len()).unwrap_or(u32::MAX);
        events
    }
}

/// Whether the records that are moved are there, and none arrives before it happened.
fn check_moves(faults: &[PlannedFault], records: &[Record]) -> Result<(), LabError> {
    /// A run ends within about a day of its last record.
    const DAY: Millis = 24 * 3_600_000;
    let last_arrival = records.iter().map(|record| record.arrival).max().unwrap_or(0);
    let problem = |planned: &PlannedFault| {
        let Some(StreamFault::Move { record, arrival }) = planned.fault.of_stream() else {
            return None;
        };
        let Some(found) = records.get(record as usize) else {
            let last = records.len().max(1) - 1;
            return Some(format!("there are {} records, so record 0 to {last}", records.len()));
        };
        // Some files have records arrive before they happen; they may stay there.
        let least = found.event_time.min(found.arrival);
        let most = last_arrival.saturating_add(DAY);
        if arrival > most {
            return Some(format!(
                "the last record arrives at {}, so at most a day later",
                Clock(last_arrival)
            ));
        }
        (arrival < least).then(|| {
            let happened = Clock(found.event_time);
            format!("record {record} happened at {happened} and cannot arrive before it")
        })
    };
    for (place, planned) in faults.iter().enumerate() {
        if let Some(allowed) = problem(planned) {
            let message = format!("faults[{place}] = \"{planned}\" is not allowed: {allowed}");
            return Err(LabError { field: Some(format!("faults[{place}]")), message });
        }
    }
    Ok(())
}

/// The text of the events: that of the only file, if there is one.
pub(super) fn text_of(files: &Files) -> Bytes {
    files.get(FileId(0)).map(|file| file.bytes.clone()).unwrap_or_default()
}

/// Runs a stream scenario from its beginning to its end.
pub(super) fn run_to_end(scenario: &Scenario, data: &[u8]) -> Result<FinishedRun, LabError> {
    let (mut run, _) = StreamRun::start(scenario, data)?;
    let mut events = run.state_mut().take_events();
    loop {
        let (fresh, progress) = run.work(Time(u64::MAX), &mut ());
        events.extend(fresh);
        if let Progress::Finished(summary) = progress {
            return Ok(FinishedRun { events, summary, parts: vec![run.output()] });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::Conductor;
    use crate::lab::messages::{Command, CommandBody, Reply, Until, Update};
    use crate::scenario::{PRESETS, STREAM_PRESETS};

    fn all(conductor: &mut Conductor, body: CommandBody) -> Vec<Update> {
        let mut updates = conductor.handle(Command { id: 1, body }, None);
        while conductor.is_busy() {
            updates.extend(conductor.work());
        }
        updates
    }

    fn events(updates: &[Update]) -> u32 {
        let count = |update: &Update| match update {
            Update::Trace { events, .. } => u32::try_from(events.len()).unwrap(),
            Update::Ready { .. } | Update::Reply { .. } | Update::Finished { .. } => 0,
        };
        updates.iter().map(count).sum()
    }

    /// Through the conductor, to a moment and then to the end, it is the run that `run_to_end` gives.
    #[test]
    fn the_conductor_runs_a_stream_and_a_batch_run_takes_its_place() {
        let scenario = STREAM_PRESETS[0].scenario();
        let expected = run_to_end(&scenario, &[]).unwrap();
        let mut conductor = Conductor::new();
        let start = CommandBody::Start { run: 7, scenario: Box::new(scenario) };
        let begun = all(&mut conductor, start);
        assert!(matches!(
            &begun[..],
            [
                Update::Reply { result: Ok(Reply::Started { lines: 6, .. }), .. },
                Update::Trace { .. }
            ]
        ));
        let mut told = events(&begun);
        for until in [Until::Time(Time(9_000_000)), Until::End] {
            let updates = all(&mut conductor, CommandBody::Advance { run: 7, until });
            told += events(&updates);
            let finished = updates.iter().find_map(|update| match update {
                Update::Finished { summary, .. } => Some(summary),
                Update::Ready { .. } | Update::Reply { .. } | Update::Trace { .. } => None,
            });
            assert_eq!(finished.is_some(), until == Until::End);
            if let Some(summary) = finished {
                assert_eq!(**summary, expected.summary);
            }
        }
        assert_eq!(told, expected.summary.events);
        let batch = Box::new(PRESETS[0].scenario());
        all(&mut conductor, CommandBody::Start { run: 8, scenario: batch });
        let gone = all(&mut conductor, CommandBody::Advance { run: 7, until: Until::End });
        assert!(matches!(&gone[..], [Update::Reply { result: Err(_), .. }]), "{gone:?}");
    }
}
