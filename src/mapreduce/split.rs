//! Splits: the pieces of the input that one map task reads (Hadoop's `FileInputFormat`).

use super::config::StoredBlock;
use crate::base::NodeId;
use serde::{Deserialize, Serialize};

/// A piece of the input file, and the nodes near its data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    /// Where it begins, in bytes.
    pub offset: u64,
    /// Its length in bytes.
    pub length: u64,
    /// The nodes that hold the block that it starts in.
    pub hosts: Vec<NodeId>,
}

impl Split {
    /// The first byte after it.
    pub fn end(&self) -> u64 {
        self.offset + self.length
    }
}

/// Cuts a file of `length` bytes into splits of `split_size`, the last up to a tenth longer: a
/// rest is cut again only while it is more than 1.1 splits, so that 129 MiB in blocks of 128 MiB
/// are one split. An empty file is one empty split. (`FileInputFormat.getSplits`, `SPLIT_SLOP`.)
///
/// # Panics
/// When `split_size` is 0.
pub fn plan_splits(length: u64, split_size: u64, blocks: &[StoredBlock]) -> Vec<Split> {
    assert!(split_size > 0, "a split holds at least one byte");
    let mut splits = Vec::new();
    let mut offset = 0;
    while u128::from(length - offset) * 10 > u128::from(split_size) * 11 {
        splits.push(Split { offset, length: split_size, hosts: hosts_at(offset, blocks) });
        offset += split_size;
    }
    if offset < length || splits.is_empty() {
        let hosts = hosts_at(offset, blocks);
        splits.push(Split { offset, length: length - offset, hosts });
    }
    splits
}

/// The split size that Hadoop computes: `max(min, min(max, block size))`.
pub fn split_size(min: u64, max: u64, block_size: u64) -> u64 {
    min.max(max.min(block_size))
}

fn hosts_at(offset: u64, blocks: &[StoredBlock]) -> Vec<NodeId> {
    let block = blocks.iter().find(|block| (block.offset..block.end()).contains(&offset));
    block.map(|block| block.replicas.clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths(length: u64, split_size: u64) -> Vec<u64> {
        plan_splits(length, split_size, &[]).iter().map(|split| split.length).collect()
    }

    #[test]
    fn a_rest_of_up_to_a_tenth_goes_with_the_last_split() {
        assert_eq!(lengths(129, 128), [129]);
        assert_eq!(lengths(110, 100), [110]);
        assert_eq!(lengths(111, 100), [100, 11]);
        assert_eq!(lengths(300, 100), [100, 100, 100]);
    }

    #[test]
    fn an_empty_file_is_one_empty_split() {
        assert_eq!(lengths(0, 100), [0]);
    }

    #[test]
    fn the_split_size_is_the_block_size_within_its_bounds() {
        assert_eq!(split_size(1, u64::MAX, 128), 128);
        assert_eq!(split_size(256, u64::MAX, 128), 256);
        assert_eq!(split_size(1, 64, 128), 64);
    }
}
