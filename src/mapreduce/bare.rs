//! The bare engine: all attempts of a job one after another, on one node, with no cluster, no time
//! and no trace. The benchmark measures the data plane with it.

use super::attempt::{Budget, Lane};
use super::config::{JobConfig, Topology};
use super::disk::Disk;
use super::map_attempt::{MapAttempt, MapSpec};
use super::messages::{BlockAt, MapOutputAt, OutputLogEntry, Served};
use super::reduce_attempt::{ReduceAttempt, ReduceSpec};
use super::segment::Segment;
use super::split::SplitRule;
use crate::base::{BlockId, FileId, Files, InputFile, NodeId, PartitionId, RackId, TaskId, Time};
use crate::trace::event::Counters;
use crate::trace::failure::{ReadError, TaskError};
use crate::trace::{Cause, Recorder};
use bytes::Bytes;
use std::sync::Arc;

/// The only node.
const NODE: NodeId = NodeId(1);

/// Steps as long as in a browser.
const BUDGET: Budget = Budget { records: 1 << 14, bytes: 128 << 10 };

/// Runs a job over files, each one block, in splits by its rule; gives the parts and the job's
/// counters. No attempt throws by luck.
///
/// # Errors
/// When the job can't read a line.
pub fn run(files: &Files, config: JobConfig) -> Result<(Vec<Bytes>, Counters), TaskError> {
    let mut counters = Counters::default();
    let config = Arc::new(JobConfig { task_failure_percent: 0, ..config });
    let maps = run_maps(files, &config, &mut counters)?;
    if config.is_map_only() {
        return Ok((maps.into_iter().map(|map| map.lines).collect(), counters));
    }
    let maps: Vec<Vec<Segment>> = maps.into_iter().map(|map| map.segments).collect();
    let parts =
        (0..config.reducers).map(|part| run_reduce(part, &maps, &config, &mut counters)).collect();
    Ok((parts, counters))
}

/// What a map left: segments for reduces, or the lines of its part.
struct Mapped {
    segments: Vec<Segment>,
    lines: Bytes,
}

fn run_maps(
    files: &Files,
    config: &Arc<JobConfig>,
    counters: &mut Counters,
) -> Result<Vec<Mapped>, TaskError> {
    let splits = SplitRule { combine: false, ..config.splits }.plan(files, u64::MAX, &[]);
    let mut disk = Disk::default();
    let block = |(file, one): (FileId, &InputFile)| {
        let (id, length) = (BlockId(file.0), one.length());
        disk.blocks.insert(id, (0, one.bytes.clone()));
        BlockAt { id, file, offset: 0, length, replicas: vec![NODE] }
    };
    let blocks: Arc<[BlockAt]> = files.iter().map(block).collect();
    let topology = Arc::new(Topology(vec![RackId(1)]));
    let run = |(index, split)| {
        let id = TaskId::map(index).attempt(0);
        let (blocks, config, topology) = (blocks.clone(), config.clone(), topology.clone());
        let spec = MapSpec { id, node: NODE, split, blocks, config, topology };
        let mut map = MapAttempt::new(spec, Cause::NONE);
        run_map(&mut map, &disk)?;
        counters.add(&map.counters());
        let lines = map.commit(Cause::NONE, &mut Recorder::off());
        Ok(Mapped { segments: map.output().to_vec(), lines })
    };
    (0..).zip(splits).map(run).collect()
}

fn run_map(map: &mut MapAttempt, disk: &Disk) -> Result<(), TaskError> {
    let mut recorder = Recorder::off();
    map.launch(&mut recorder);
    while !map.is_done() && !map.is_asking() {
        while map.step(Lane::Spill, BUDGET, &mut recorder).is_some() {}
        let read = map.step(Lane::Main, BUDGET, &mut recorder).and_then(|work| work.read);
        if let Some(error) = map.error() {
            return Err(error.clone());
        }
        let Some(read) = read else { continue };
        match disk.serve(&read.source) {
            Some(served) => map.arrived(served, &mut recorder),
            None => map.read_failed(ReadError::NotFound, &mut recorder),
        }
    }
    Ok(())
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
        let output = MapOutputAt { map, node: NODE, size: segment.size() };
        let known = reduce.known_map_outputs();
        reduce.learn(known, &[OutputLogEntry::Ready(output)], Cause::NONE, &mut recorder);
        // A fetch may have to wait until a merge has emptied memory.
        while reduce.step(Lane::Copy(0), BUDGET, &mut recorder).is_none() {
            reduce.step(Lane::Main, BUDGET, &mut recorder);
        }
        let served = Served::Segment(segment.clone());
        reduce.arrived(Time::ZERO, 0, served, &mut recorder, &mut Vec::new());
        // Until it is unpacked, where it has to be.
        while reduce.step(Lane::Copy(0), BUDGET, &mut recorder).is_some() {}
    }
    while !reduce.is_asking() {
        reduce.step(Lane::Main, BUDGET, &mut recorder);
    }
    let bytes = reduce.commit(Cause::NONE, &mut recorder);
    counters.add(&reduce.counters());
    bytes
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::base::Span;
    use crate::mapreduce::config::{CommitRule, ShuffleRule};
    use crate::mapreduce::segment::SegmentCodec;
    use crate::mapreduce::sequential::Sequential;
    use crate::mapreduce::{Job, Partitioner};

    /// A small word count.
    pub(in crate::mapreduce) fn config() -> JobConfig {
        JobConfig {
            job: Job::WordCount,
            splits: SplitRule { max_bytes: 7_000, ..SplitRule::BY_BLOCKS },
            reducers: 3,
            combiner: true,
            partitioner: Partitioner::HadoopText,
            sort_buffer_bytes: 4_096,
            spill_percent: 80,
            codec: SegmentCodec::Plain,
            commit: CommitRule::SINCE_3_0,
            sort_factor: 3,
            parallel_copies: 5,
            shuffle: ShuffleRule::of_heap(1 << 30),
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
        let (parts, counters) = run(&Bytes::new().into(), config()).unwrap();
        assert_eq!(parts, [Bytes::new(), Bytes::new(), Bytes::new()]);
        assert_eq!((counters.map_input_records, counters.shuffled_maps), (0, 3));
    }

    /// With LZ4 the result is the same, and only fewer bytes lie on disk and travel.
    #[test]
    fn compression_changes_bytes_and_nothing_else() {
        let text = "to be or not to be\nthat is the question\n".repeat(2_000);
        let files = Files::from(Bytes::from(text));
        let plain = JobConfig { combiner: false, ..config() };
        let packed = JobConfig { codec: SegmentCodec::Lz4, ..plain.clone() };
        let (parts, counters) = run(&files, plain).unwrap();
        let (packed_parts, packed_counters) = run(&files, packed).unwrap();
        assert_eq!(packed_parts, parts);
        let less = Counters {
            map_output_materialized_bytes: packed_counters.map_output_materialized_bytes,
            reduce_shuffle_bytes: packed_counters.reduce_shuffle_bytes,
            ..counters
        };
        assert_eq!(packed_counters, less);
        assert_eq!(counters.map_output_materialized_bytes, counters.reduce_shuffle_bytes);
        assert!(packed_counters.reduce_shuffle_bytes * 3 < counters.reduce_shuffle_bytes);
    }

    /// A reduce whose memory holds a fraction of what it fetches merges in between.
    #[test]
    fn little_memory_is_enough() {
        let text = "to be or not to be\nthat is the question\n".repeat(2_000);
        let files = Files::from(Bytes::from(text));
        let shuffle = ShuffleRule::of_heap(9_000);
        for codec in [SegmentCodec::Plain, SegmentCodec::Lz4] {
            let job = JobConfig { combiner: false, shuffle, codec, ..config() };
            let (parts, _) = run(&files, job.clone()).unwrap();
            assert_eq!(parts, Sequential::of(&job, &files.texts(), &[]), "{codec:?}");
        }
    }

    #[test]
    fn it_counts_what_one_plain_loop_counts() {
        let text = "to be or not to be\nthat is the question\n".repeat(500);
        let files = Files::from(Bytes::from(text));
        let (parts, counters) = run(&files, config()).unwrap();
        assert_eq!(parts, Sequential::of(&config(), &files.texts(), &[]));
        assert_eq!(counters.map_output_records, 500 * 10);
    }
}
