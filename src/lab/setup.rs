//! From a scenario, which is data, to the parts of a simulated run.

use super::jobs::Prepared;
use crate::base::{Files, Span};
use crate::kernel::ClusterSpec;
use crate::mapreduce::config::{CommitAlgorithm, CommitRule, ShuffleRule};
use crate::mapreduce::sampling::split_points;
use crate::mapreduce::segment::SegmentCodec;
use crate::mapreduce::split::SplitRule;
use crate::mapreduce::{Job, JobConfig, Partitioner};
use crate::scenario::table::MAP_OUTPUT_CODECS;
use crate::scenario::{Key, Parameters, Scenario};
use crate::simulated::{CostModel, FaultRates, Network, Setup};

/// Bytes a second of a megabyte and of a megabit a second.
const MEGABYTE: u64 = 1_000_000;
const MEGABIT: u64 = MEGABYTE / 8;

/// The parts of the run that a valid scenario and its input make.
pub(super) fn setup(scenario: &Scenario, prepared: Prepared) -> Setup {
    let Prepared { job, files: data } = prepared;
    let values = &scenario.parameters;
    Setup {
        cluster: cluster(values),
        cost: cost(values),
        map_slots: values.count(Key::MapSlots),
        reduce_slots: values.count(Key::ReduceSlots),
        heartbeat: Span::from_millis(values.get(Key::Heartbeat)),
        block_size: values.get(Key::BlockSize),
        replication: values.count(Key::Replication),
        job: job_config(scenario, job, &data),
        network: network(values),
        faults: scenario.faults.clone(),
        rates: rates(values),
        data,
    }
}

/// The partitioner of a scenario; ranges are made from a sample of its input.
fn partitioner(values: &Parameters, job: &Job, files: &Files) -> Partitioner {
    let points = || {
        let splits = split_rule(values).plan(files, values.get(Key::BlockSize), &[]);
        split_points(job, files, &splits, values.count(Key::Reducers))
    };
    Partitioner::from_choice(values.get(Key::Partitioner), points).unwrap_or_default()
}

/// How the input is cut into splits.
fn split_rule(values: &Parameters) -> SplitRule {
    SplitRule {
        min_bytes: values.get(Key::SplitMin),
        max_bytes: values.get(Key::SplitMax),
        combine: values.is_on(Key::CombineInputs),
    }
}

/// A reduce's heap, in bytes of the text as it is.
fn heap_bytes(values: &Parameters) -> u64 {
    (values.get(Key::ReduceHeap) << 20) / values.get(Key::Scale).max(1)
}

/// Renaming a file is one call to the name node and its answer.
fn commit_rule(values: &Parameters) -> CommitRule {
    let algorithm = match values.get(Key::CommitAlgorithm) {
        1 => CommitAlgorithm::AtJobCommit,
        _ => CommitAlgorithm::AtTaskCommit,
    };
    CommitRule { algorithm, rename: Span::from_millis(2 * values.get(Key::Latency)) }
}

fn map_output_codec(values: &Parameters) -> SegmentCodec {
    match MAP_OUTPUT_CODECS.get(usize::try_from(values.get(Key::MapOutputCodec)).unwrap_or(0)) {
        Some(&"lz4") => SegmentCodec::Lz4,
        Some(_) | None => SegmentCodec::Plain,
    }
}

/// The settings of a job over these files.
pub(super) fn job_config(scenario: &Scenario, job: Job, files: &Files) -> JobConfig {
    let values = &scenario.parameters;
    JobConfig {
        partitioner: partitioner(values, &job, files),
        reducers: if job.is_map_only() { 0 } else { values.count(Key::Reducers) },
        job,
        splits: split_rule(values),
        combiner: values.is_on(Key::Combiner),
        sort_buffer_bytes: values.get(Key::SortBuffer),
        spill_percent: values.get(Key::SpillPercent),
        codec: map_output_codec(values),
        commit: commit_rule(values),
        sort_factor: values.count(Key::SortFactor),
        parallel_copies: values.count(Key::ParallelCopies),
        shuffle: ShuffleRule::of_heap(heap_bytes(values)),
        slow_start_percent: values.count(Key::SlowStart),
        locality_delay: values.count(Key::LocalityDelay),
        node_timeout: Span::from_millis(values.get(Key::NodeTimeout)),
        task_timeout: Span::from_millis(values.get(Key::TaskTimeout)),
        read_timeout: Span::from_millis(values.get(Key::ReadTimeout)),
        max_attempts: values.count(Key::MaxAttempts),
        max_node_failures: values.count(Key::NodeFailures),
        speculation: values.is_on(Key::Speculation),
        task_failure_percent: values.count(Key::TaskFailures),
        seed: values.get(Key::Seed),
    }
}

fn cluster(values: &Parameters) -> ClusterSpec {
    let small = |key| u16::try_from(values.get(key)).unwrap_or(u16::MAX);
    ClusterSpec {
        nodes: small(Key::Nodes),
        racks: small(Key::Racks),
        cores: values.count(Key::Cores),
        memory_bytes: values.get(Key::NodeMemory) << 20,
        disk_bytes_per_second: values.get(Key::DiskRate) * MEGABYTE,
        network_bytes_per_second: values.get(Key::NetworkRate) * MEGABIT,
        uplink_bytes_per_second: values.get(Key::UplinkRate) * MEGABIT,
    }
}

fn network(values: &Parameters) -> Network {
    Network {
        latency: Span::from_millis(values.get(Key::Latency)),
        lost_percent: values.count(Key::MessageLoss),
        doubled_percent: values.count(Key::MessageDuplication),
    }
}

fn rates(values: &Parameters) -> FaultRates {
    FaultRates {
        crashes_per_hour: values.count(Key::CrashRate),
        restart_after: Span::from_millis(values.get(Key::RestartAfter)),
        straggler_percent: values.count(Key::Stragglers),
        straggler_speed_percent: values.count(Key::StragglerSpeed),
    }
}

fn cost(values: &Parameters) -> CostModel {
    CostModel {
        scale: values.get(Key::Scale),
        map_bytes_per_second: values.get(Key::MapRate) * MEGABYTE,
        sort_bytes_per_second: values.get(Key::SortRate) * MEGABYTE,
        codec_bytes_per_second: values.get(Key::CodecRate) * MEGABYTE,
        launch: Span::from_millis(values.get(Key::Launch)),
        seed: values.get(Key::Seed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapreduce::partitioner::SplitPoints;
    use crate::scenario::table::PARTITIONERS;

    #[test]
    fn each_choice_of_a_partitioner_has_one() {
        let choice = |place| Partitioner::from_choice(place, SplitPoints::default);
        let count = PARTITIONERS.len() as u64;
        assert!((0..count).all(|place| choice(place).is_some()));
        assert_eq!(choice(count), None);
        assert_eq!(PARTITIONERS[5..], ["range", "all_to_one"]);
    }
}
