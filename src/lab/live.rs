//! A live run as the lab sees it: its scenario and input are checked as any run's, and its result
//! against the same oracle. It knows no web worker: whoever drives the master tells it.

use super::inspect::{self, Looked};
use super::jobs::{Prepared, prepare};
use super::messages::{LabError, Query, Reply, RunId, Summary};
use super::pending::started;
use super::run::why_it_failed;
use super::setup::job_config;
use super::zoom::Material;
use crate::base::{Files, RackId};
use crate::live::{LiveSetup, Master, values};
use crate::mapreduce::beginning::{Beginning, Machines, Writer};
use crate::mapreduce::config::Topology;
use crate::mapreduce::messages::BlockAt;
use crate::mapreduce::sequential::Sequential;
use crate::scenario::input::STEP_BYTES;
use crate::scenario::{FilesScan, Key, Lab, Scenario};
use crate::trace::Event;
use crate::trace::jsonl::TraceHasher;
use crate::trace::script::Script;
use std::sync::Arc;

/// Bytes that the oracle counts in a slice; some milliseconds in a browser.
const SLICE_BYTES: usize = 128 << 10;

/// The longest text; it is in the memory of several workers at once.
const LIVE_BYTES_MAX: u64 = 64 << 20;

/// A start of a live run, whose input is checked in slices.
pub struct LiveStart {
    scenario: Scenario,
    scan: FilesScan,
}

/// What is kept of a live run beside its master: the hash of its trace, and the oracle.
#[derive(Default)]
pub struct LiveRun {
    /// The page's number of it.
    pub run: RunId,
    oracle: Option<Sequential>,
    hasher: TraceHasher,
    events: u32,
    failed: Option<String>,
}

impl LiveStart {
    /// Checks what can be checked at once.
    ///
    /// # Errors
    /// When the scenario or its input is not one that Millrace takes, or asks for more workers
    /// than there may be.
    pub fn begin(scenario: Scenario, data: Files) -> Result<LiveStart, LabError> {
        scenario.validate()?;
        if scenario.lab() != Lab::Mapreduce {
            let message = "A stream job runs in virtual time alone.".to_owned();
            return Err(LabError { field: Some("job".to_owned()), message });
        }
        let scan = FilesScan::begin_up_to(data, LIVE_BYTES_MAX)?;
        let nodes = scenario.parameters.get(Key::Nodes);
        if !u16::try_from(nodes).is_ok_and(|nodes| values::NODES.contains(&nodes)) {
            let (most, field) = (values::NODES.end(), Key::Nodes.parameter().name.to_owned());
            let message = format!(
                "A live cluster has up to {most} nodes, not {nodes}: each is a web worker."
            );
            return Err(LabError { field: Some(field), message });
        }
        Ok(LiveStart { scenario, scan })
    }

    /// Looks at the next slice of the input; at its end gives what the run is made of, and the
    /// reply to the page.
    ///
    /// # Errors
    /// When the input is not one that Millrace takes.
    pub fn step(&mut self) -> Result<Option<(LiveSetup, Reply)>, LabError> {
        let Some(facts) = self.scan.step(STEP_BYTES)? else { return Ok(None) };
        let prepared = prepare(&self.scenario, self.scan.files())?;
        let setup = live_setup(&self.scenario, prepared);
        let splits = setup.beginning.job_spec().splits.len();
        let splits = u32::try_from(splits).unwrap_or(u32::MAX);
        let reply = started(facts, splits, values::notes());
        Ok(Some((setup, reply)))
    }
}

impl LiveRun {
    /// A run of this number, at its beginning.
    pub fn new(run: RunId) -> LiveRun {
        LiveRun { run, ..LiveRun::default() }
    }

    /// Takes note of events that go to the page.
    pub fn note(&mut self, events: &[Event]) {
        self.hasher.feed(events);
        self.failed = self.failed.take().or_else(|| events.iter().find_map(why_it_failed));
        self.events = self.events.saturating_add(u32::try_from(events.len()).unwrap_or(u32::MAX));
    }

    /// The run is over: the oracle counts a slice; at its end the results are compared.
    pub fn check_slice(&mut self, master: &Master) -> Option<Summary> {
        let coordinator = master.coordinator()?;
        let LiveSetup { beginning, .. } = master.setup();
        let oracle = self.oracle.get_or_insert_with(|| Sequential::new(&beginning.job.job));
        if self.failed.is_none() && !oracle.step(&beginning.files.texts(), SLICE_BYTES) {
            return None;
        }
        let counters = coordinator.counters();
        Some(Summary {
            finished_at: master.now(),
            failed: self.failed.clone(),
            events: self.events,
            trace_hash: self.hasher.hex(),
            output_records: beginning.job.output_records(&counters),
            counters,
            equals_oracle: self.failed.is_none() && self.equals_oracle(master),
        })
    }

    /// Answers a question about its data. What lies on a node's disk only its worker has.
    ///
    /// # Errors
    /// When it is not here.
    pub fn look_into(&self, master: &Master, query: &Query) -> Result<Reply, LabError> {
        match query {
            Query::Segment { .. } => Err(LabError {
                field: None,
                message: "Live, a segment is in its node's worker alone.".to_owned(),
            }),
            Query::Block { .. }
            | Query::MapRecords { .. }
            | Query::Output { .. }
            | Query::Lineage { .. }
            | Query::Became { .. }
            | Query::Zoom(_) => look(master, |looked| inspect::answer(looked, query)),
        }
    }

    /// What stepping through one of its attempts takes of it. Its maps' outputs are made again.
    ///
    /// # Errors
    /// When there is no such attempt.
    pub fn material(&self, master: &Master, script: &Script) -> Result<Material, LabError> {
        look(master, |looked| Material::of(looked, script))
    }

    fn equals_oracle(&self, master: &Master) -> bool {
        let job = &master.setup().beginning.job;
        let Some(oracle) = &self.oracle else { return false };
        let Some(coordinator) = master.coordinator() else { return false };
        let expected = oracle.parts(job, coordinator.splits());
        let parts = master.output().parts();
        parts.len() == expected.len()
            && parts.values().zip(&expected).all(|(part, expected)| part.bytes == *expected)
    }
}

fn look<T>(master: &Master, see: impl FnOnce(&Looked<'_>) -> T) -> T {
    let LiveSetup { beginning, .. } = master.setup();
    let spec = beginning.job_spec();
    see(&Looked {
        job: &beginning.job,
        splits: &spec.splits,
        blocks: &spec.blocks.iter().map(BlockAt::from).collect::<Vec<_>>(),
        files: &beginning.files,
        output: master.output(),
        agents: &[],
        topology: spec.topology,
        budget: beginning.step_budget(),
    })
}

/// What the live run of a scenario is made of. A worker is one thread, and workers have no racks.
fn live_setup(scenario: &Scenario, prepared: Prepared) -> LiveSetup {
    let Prepared { job, files } = prepared;
    let parameters = &scenario.parameters;
    let nodes = u16::try_from(parameters.get(Key::Nodes)).unwrap_or(u16::MAX);
    let machines = Machines {
        topology: Arc::new(Topology(vec![RackId(1); usize::from(nodes)])),
        racks: 1,
        cores: 1,
        memory_bytes: parameters.get(Key::NodeMemory) << 20,
        map_slots: parameters.count(Key::MapSlots),
        reduce_slots: parameters.count(Key::ReduceSlots),
        scale: 1,
    };
    let block_size = values::block_size(files.bytes(), nodes);
    let beginning = Beginning {
        job: values::live_job(job_config(scenario, job, &files), parameters.get(Key::Scale)),
        machines,
        files,
        block_size,
        replication: parameters.count(Key::Replication),
        writer: Writer::NodesInTurn,
    };
    LiveSetup { beginning, level: scenario.level }
}
