//! The bare engine: all attempts of a job one after another, on one node, with no cluster, no time
//! and no trace. The benchmark measures the data plane with it.

use super::attempt::{Budget, Lane};
use super::config::{InputFile, JobConfig, StoredBlock, Topology};
use super::map_attempt::{MapAttempt, MapSpec};
use super::messages::MapOutputAt;
use super::reduce_attempt::{ReduceAttempt, ReduceSpec};
use super::segment::Segment;
use super::split::plan_splits;
use crate::base::{BlockId, NodeId, PartitionId, RackId, TaskId};
use crate::trace::event::Counters;
use crate::trace::{Cause, Recorder};
use bytes::Bytes;
use std::sync::Arc;

/// The only node.
const NODE: NodeId = NodeId(1);

/// Steps as long as in a browser.
const BUDGET: Budget = Budget { records: 1 << 14, bytes: 128 << 10 };

/// Runs a job over a text in splits of this size; gives the parts and the job's counters.
pub fn run(data: Bytes, split_size: u64, config: JobConfig) -> (Vec<Bytes>, Counters) {
    let mut counters = Counters::default();
    let config = Arc::new(config);
    let maps = run_maps(data, split_size, &config, &mut counters);
    let parts =
        (0..config.reducers).map(|part| run_reduce(part, &maps, &config, &mut counters)).collect();
    (parts, counters)
}

fn run_maps(
    data: Bytes,
    split_size: u64,
    config: &Arc<JobConfig>,
    counters: &mut Counters,
) -> Vec<Vec<Segment>> {
    let length = data.len() as u64;
    let block = StoredBlock { id: BlockId(0), offset: 0, length, replicas: vec![NODE] };
    let splits = plan_splits(length, split_size, std::slice::from_ref(&block));
    let input = Arc::new(InputFile { data, blocks: vec![block] });
    let topology = Arc::new(Topology(vec![RackId(1)]));
    let mut recorder = Recorder::off();
    let run = |(index, split)| {
        let id = TaskId::map(index).attempt(0);
        let (input, config, topology) = (input.clone(), config.clone(), topology.clone());
        let spec = MapSpec { id, node: NODE, split, input, config, topology };
        let mut map = MapAttempt::new(spec, Cause::NONE);
        map.launch(&mut recorder);
        while !map.is_done() {
            while map.step(Lane::Spill, BUDGET, &mut recorder).is_some() {}
            map.step(Lane::Main, BUDGET, &mut recorder);
        }
        counters.add(&map.counters());
        map.output().to_vec()
    };
    (0..).zip(splits).map(run).collect()
}

fn run_reduce(
    part: u32,
    maps: &[Vec<Segment>],
    config: &Arc<JobConfig>,
    counters: &mut Counters,
) -> Bytes {
    let mut recorder = Recorder::off();
    let id = TaskId::reduce(part).attempt(0);
    let count = u32::try_from(maps.len()).unwrap_or(u32::MAX);
    let (partition, config) = (PartitionId(part), config.clone());
    let spec = ReduceSpec { id, node: NODE, partition, maps: count, replicate_to: None, config };
    let mut reduce = ReduceAttempt::new(spec, Cause::NONE);
    reduce.launch(&mut recorder);
    reduce.step(Lane::Main, BUDGET, &mut recorder);
    for (map, segments) in (0..).zip(maps) {
        let segment = &segments[part as usize];
        let map = TaskId::map(map).attempt(0);
        let output = MapOutputAt { map, node: NODE, volume: segment.volume() };
        reduce.learn(&[output], Cause::NONE, &mut recorder);
        reduce.step(Lane::Copy(0), BUDGET, &mut recorder);
        reduce.deliver(segment.clone(), map, &mut recorder);
    }
    while !reduce.is_asking() {
        reduce.step(Lane::Main, BUDGET, &mut recorder);
    }
    let bytes = reduce.commit(Cause::NONE, &mut recorder);
    counters.add(&reduce.counters());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Span;
    use crate::mapreduce::sequential::SequentialWordCount;
    use crate::mapreduce::{Job, Partitioner};

    fn config() -> JobConfig {
        JobConfig {
            job: Job::WordCount,
            reducers: 3,
            combiner: true,
            partitioner: Partitioner::HadoopText,
            sort_buffer_bytes: 4_096,
            spill_percent: 80,
            sort_factor: 3,
            parallel_copies: 5,
            slow_start_percent: 5,
            locality_delay: 40,
            node_timeout: Span::from_secs(600),
            task_timeout: Span::from_secs(600),
            read_timeout: Span::from_secs(180),
            max_attempts: 4,
            max_node_failures: 3,
            speculation: false,
            task_failure_percent: 0,
            seed: 1,
        }
    }

    /// An empty file is one empty split; each reduce still commits its part, which is empty.
    #[test]
    fn an_empty_file_is_a_job_too() {
        let (parts, counters) = run(Bytes::new(), 7_000, config());
        assert_eq!(parts, [Bytes::new(), Bytes::new(), Bytes::new()]);
        assert_eq!((counters.map_input_records, counters.shuffled_maps), (0, 3));
    }

    #[test]
    fn it_counts_what_one_plain_loop_counts() {
        let text = "to be or not to be\nthat is the question\n".repeat(500);
        let (parts, counters) = run(Bytes::from(text.clone()), 7_000, config());
        let mut oracle = SequentialWordCount::default();
        assert!(oracle.step(text.as_bytes(), usize::MAX));
        assert_eq!(parts, oracle.parts(Partitioner::HadoopText, 3));
        assert_eq!(counters.map_output_records, 500 * 10);
    }
}
