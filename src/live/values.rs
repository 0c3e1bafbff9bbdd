//! What a live cluster runs with where wall-clock time and real bytes ask for other values than a
//! simulation: declared here, once, and told on the page.

use crate::base::Span;
use crate::mapreduce::JobConfig;
use crate::mapreduce::config::{CommitRule, ShuffleRule};

/// The fewest and the most nodes.
pub const NODES: std::ops::RangeInclusive<u16> = 1..=8;

/// How often a node speaks. It also speaks as soon as a task of it ends, as Hadoop's
/// `mapreduce.tasktracker.outofband.heartbeat` has it.
pub const HEARTBEAT: Span = Span::from_millis(250);

/// How long a node may be silent: eight heartbeats.
pub const NODE_TIMEOUT: Span = Span::from_secs(2);

/// How long an attempt may make no progress.
pub const TASK_TIMEOUT: Span = Span::from_secs(10);

/// How long a read from another node may bring nothing.
pub const READ_TIMEOUT: Span = Span::from_secs(1);

/// How often a reduce asks for new map outputs: a two-hundredth of the engine's `TICK_INTERVAL`,
/// since a whole job takes about half a second. Each third time an attempt reports its progress.
pub const TICK_INTERVAL: Span = Span::from_millis(5);

/// How often a node tells the master what happened on it.
pub const REPORT_INTERVAL: Span = Span::from_millis(20);

/// How long the master waits for a node's web worker to start.
pub const START_TIMEOUT: Span = Span::from_secs(10);

/// How many maps a node gets of an input that would fit into fewer blocks, so that there is something to see.
const MAPS_PER_NODE: u64 = 2;

/// Blocks from here on are not halved for that: each map sorts the words that it found, and what two found
/// is merged again.
const LARGE_BLOCK_BYTES: u64 = 8 << 20;

/// What a large block grows to, where it is not the node's only one.
const BLOCK_BYTES: u64 = 32 << 20;

/// The largest block: HDFS's own, `dfs.blocksize` 128 MiB.
const BLOCK_BYTES_MAX: u64 = 128 << 20;

/// The largest sort buffer: Hadoop's own, `mapreduce.task.io.sort.mb` 100 MiB.
const SORT_BUFFER_BYTES_MAX: u64 = 100 << 20;

/// The block size that gives every node as much work as the others.
pub fn block_size(input_bytes: u64, nodes: u16) -> u64 {
    let share = input_bytes.div_ceil(u64::from(nodes.max(1)));
    let block = share.div_ceil(MAPS_PER_NODE);
    let large = if block < LARGE_BLOCK_BYTES { block } else { block.max(share.min(BLOCK_BYTES)) };
    large.clamp(16, BLOCK_BYTES_MAX)
}

/// A job's settings in wall-clock time. `scale` is what a byte stands for in the simulation: here
/// each stands for itself, so that buffers are as much larger, up to the real one.
pub fn live_job(job: JobConfig, scale: u64) -> JobConfig {
    JobConfig {
        sort_buffer_bytes: job.sort_buffer_bytes.saturating_mul(scale).min(SORT_BUFFER_BYTES_MAX),
        shuffle: ShuffleRule::of_heap(job.shuffle.heap_bytes.saturating_mul(scale)),
        // The master renames in its own memory.
        commit: CommitRule { rename: Span::ZERO, ..job.commit },
        node_timeout: NODE_TIMEOUT,
        task_timeout: TASK_TIMEOUT,
        read_timeout: READ_TIMEOUT,
        ..job
    }
}

/// What a person is told of these values when a live run begins.
pub fn notes() -> Vec<String> {
    vec![
        format!(
            "Live, a node speaks every {HEARTBEAT} and is believed lost after {NODE_TIMEOUT} of \
             silence; in Hadoop that is 1 s and 10 minutes."
        ),
        "Live, each byte stands for itself: blocks are cut so that every node has work.".to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_node_has_work_in_few_blocks_when_they_are_large() {
        for (bytes, nodes, block, blocks) in [
            (1_000, 4, 125, 8),
            (0, 4, 16, 0),
            (16_000_000, 2, 4_000_000, 4),
            (64_000_000, 2, 32_000_000, 2),
            (64_000_000, 1, 32 << 20, 2),
            (64_000_000, 8, 4_000_000, 16),
            (1_u64 << 30, 2, 128 << 20, 8),
        ] {
            assert_eq!(block_size(bytes, nodes), block, "{bytes} on {nodes}");
            assert_eq!(bytes.div_ceil(block), blocks, "{bytes} on {nodes}");
        }
    }
}
