//! Block size, scale and sort buffer for a text that nobody has thought about yet.

use super::table::{Key, Kind};
use super::validate::CONTAINER_BYTES;

/// What a block stands for at the suggested scale: Hadoop's 128 MiB.
const REAL_BLOCK_BYTES: u64 = 128 << 20;

/// Splits that a node gets, about.
const SPLITS_PER_NODE: u64 = 3;

/// How a text may lie on a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Bytes of a block.
    pub block_size: u64,
    /// Bytes that a byte stands for.
    pub scale: u64,
    /// Bytes of a map's sort buffer.
    pub sort_buffer: u64,
}

/// A layout with about three splits a node, in which a block stands for about 128 MiB and the
/// sort buffer for about 100 MiB, as far as the ranges of the parameter table reach. With it the
/// table's speeds give a map task some seconds.
pub fn suggest_layout(input_bytes: u64, nodes: u64) -> Layout {
    let wished = input_bytes.div_ceil(nodes.max(1) * SPLITS_PER_NODE);
    let block_size = clamp(Key::BlockSize, rounded(wished));
    // The smallest sort buffer, times the scale, has to leave room in its container.
    let scale_most = CONTAINER_BYTES / 2 / range(Key::SortBuffer).0;
    let scale = clamp(Key::Scale, REAL_BLOCK_BYTES / block_size).min(scale_most);
    let sort_buffer = clamp(Key::SortBuffer, block_size * 100 / 128);
    Layout { block_size, scale, sort_buffer }
}

/// A number to read: from 1 KiB up, rounded up by at most a sixteenth.
fn rounded(bytes: u64) -> u64 {
    let step = if bytes < 1_024 { 1 } else { 1 << (bytes.ilog2() - 4) };
    bytes.next_multiple_of(step)
}

fn clamp(key: Key, value: u64) -> u64 {
    let (min, max) = range(key);
    value.clamp(min, max)
}

fn range(key: Key) -> (u64, u64) {
    match key.parameter().kind {
        Kind::Number { min, max, .. } => (min, max),
        Kind::Switch => (0, 1),
        Kind::Choice(options) => (0, options.len() as u64 - 1),
        Kind::Text { .. } => (0, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::validate::split_count;
    use crate::scenario::{Input, JobKind, Parameters, Scenario, VERSION};

    #[test]
    fn every_suggestion_is_a_valid_scenario_with_two_to_four_splits_a_node() {
        for nodes in [1, 3, 6, 50, 200] {
            for bytes in [1, 40, 340, 1_000, 4_097, 152_089, 1_000_000, 50_000_000] {
                let layout = suggest_layout(bytes, nodes);
                let splits = split_count(bytes, layout.block_size);
                assert!(splits <= 4 * nodes, "{bytes} bytes on {nodes} nodes: {splits} splits");
                if bytes >= nodes * SPLITS_PER_NODE * 16 {
                    assert!(splits >= 2 * nodes, "{bytes} bytes on {nodes}: {splits} splits");
                }
                let scenario = Scenario {
                    version: VERSION,
                    job: JobKind::WordCount,
                    input: Input::Text(String::new()),
                    level: crate::base::Level::Tasks,
                    faults: Vec::new(),
                    parameters: Parameters::default()
                        .with(Key::Nodes, nodes)
                        .with(Key::Racks, 1)
                        .with(Key::Replication, 1)
                        .with(Key::BlockSize, layout.block_size)
                        .with(Key::Scale, layout.scale)
                        .with(Key::SortBuffer, layout.sort_buffer),
                };
                assert_eq!(scenario.validate_with_input(bytes), Ok(()));
            }
        }
    }

    #[test]
    fn a_block_stands_for_hadoop_s() {
        let layout = suggest_layout(1_000_000, 6);
        let block = layout.block_size * layout.scale;
        assert!(block.abs_diff(REAL_BLOCK_BYTES) < REAL_BLOCK_BYTES / 100, "{layout:?}");
    }
}
