//! The run itself, from the lab's façade.

use bytes::Bytes;
use millrace::base::{Span, Time};
use millrace::kernel::ClusterSpec;
use millrace::lab::messages::{LabError, Summary};
use millrace::mapreduce::sequential::SequentialWordCount;
use millrace::mapreduce::{Job, JobConfig, Partitioner};
use millrace::scenario::{Key, Scenario};
use millrace::simulated::{CostModel, Setup, Simulation, Slice};
use millrace::trace::{Event, Recorder, jsonl};

/// A run that has come to its end.
pub(crate) struct FinishedRun {
    /// Its trace.
    pub(crate) events: Vec<Event>,
    /// What it came to.
    pub(crate) summary: Summary,
    /// Its output: lines of `key TAB value`, by part.
    pub(crate) parts: Vec<Vec<u8>>,
}

/// Runs a scenario over an input, both checked, to its end.
pub(crate) fn run_to_end(scenario: &Scenario, input: Bytes) -> Result<FinishedRun, LabError> {
    let setup = setup(scenario, input.clone());
    let (partitioner, reducers) = (setup.job.partitioner, setup.job.reducers);
    let mut simulation = Simulation::start(setup, Recorder::new(scenario.level));
    let slice = Slice { bytes: u64::MAX, happenings: 10_000, until: Time(u64::MAX) };
    while simulation.advance(slice) {}
    let events = simulation.take_events();
    let parts: Vec<Vec<u8>> =
        simulation.output().parts().values().map(|part| part.bytes.to_vec()).collect();
    let mut oracle = SequentialWordCount::default();
    while !oracle.step(&input, 1 << 20) {}
    let summary = Summary {
        finished_at: simulation.now(),
        events: u32::try_from(events.len()).unwrap_or(u32::MAX),
        trace_hash: jsonl::trace_hash(&events),
        output_records: parts.iter().flatten().filter(|byte| **byte == b'\n').count() as u64,
        counters: simulation.coordinator().counters(),
        equals_oracle: parts == oracle.parts(partitioner, reducers),
    };
    Ok(FinishedRun { events, summary, parts })
}

fn setup(scenario: &Scenario, data: Bytes) -> Setup {
    let get = |key| scenario.parameters.get(key);
    let count = |key| scenario.parameters.count(key);
    let narrow = |key| u16::try_from(get(key)).unwrap_or(u16::MAX);
    Setup {
        cluster: ClusterSpec {
            nodes: narrow(Key::Nodes),
            racks: narrow(Key::Racks),
            cores: count(Key::Cores),
            memory_bytes: get(Key::NodeMemory) << 20,
            disk_bytes_per_second: get(Key::DiskRate) * 1_000_000,
            network_bytes_per_second: get(Key::NetworkRate) * 125_000,
            uplink_bytes_per_second: get(Key::UplinkRate) * 125_000,
        },
        cost: CostModel {
            scale: get(Key::Scale),
            map_bytes_per_second: get(Key::MapRate) * 1_000_000,
            sort_bytes_per_second: get(Key::SortRate) * 1_000_000,
            launch: Span::from_millis(get(Key::Launch)),
            seed: get(Key::Seed),
        },
        map_slots: count(Key::MapSlots),
        reduce_slots: count(Key::ReduceSlots),
        heartbeat: Span::from_millis(get(Key::Heartbeat)),
        block_size: get(Key::BlockSize),
        replication: count(Key::Replication),
        job: JobConfig {
            job: Job::WordCount,
            reducers: count(Key::Reducers),
            combiner: scenario.parameters.is_on(Key::Combiner),
            partitioner: Partitioner::from_choice(get(Key::Partitioner)).unwrap_or_default(),
            sort_buffer_bytes: get(Key::SortBuffer),
            spill_percent: get(Key::SpillPercent),
            sort_factor: count(Key::SortFactor),
            parallel_copies: count(Key::ParallelCopies),
            slow_start_percent: count(Key::SlowStart),
            locality_delay: count(Key::LocalityDelay),
            node_timeout: Span::from_secs(600),
            seed: get(Key::Seed),
        },
        data,
    }
}
