//! What lies on a node's disk: blocks of the input, and the outputs of finished maps. It outlives
//! the agent when a node crashes and starts again.

use super::messages::{Served, Source};
use super::segment::Segment;
use crate::base::{AttemptId, BlockId};
use bytes::Bytes;
use std::collections::BTreeMap;

/// A node's disk.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    /// Blocks of the input: where each begins in the file, and its bytes.
    pub blocks: BTreeMap<BlockId, (u64, Bytes)>,
    /// The segments of finished maps, by partition.
    pub outputs: BTreeMap<AttemptId, Vec<Segment>>,
}

impl Disk {
    /// What someone comes to read; nothing when it is not here.
    pub fn serve(&self, source: &Source) -> Option<Served> {
        match *source {
            Source::Input { block, offset, bytes } => {
                let (begin, data) = self.blocks.get(&block)?;
                let start = usize::try_from(offset.checked_sub(*begin)?).ok()?;
                let end = start.checked_add(usize::try_from(bytes).ok()?)?;
                (end <= data.len()).then(|| Served::Input(data.slice(start..end)))
            }
            Source::Segment { map, partition } => {
                let segment = self.outputs.get(&map)?.get(partition.0 as usize)?;
                Some(Served::Segment(segment.clone()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_found_by_their_place_in_the_file_and_only_inside_the_block() {
        let mut disk = Disk::default();
        disk.blocks.insert(BlockId(3), (100, Bytes::from_static(b"abcdef")));
        let served = |block, offset, bytes| {
            let source = Source::Input { block: BlockId(block), offset, bytes };
            match disk.serve(&source) {
                Some(Served::Input(bytes)) => Some(bytes),
                Some(Served::Segment(_)) | None => None,
            }
        };
        assert_eq!(served(3, 102, 3), Some(Bytes::from_static(b"cde")));
        assert_eq!(served(3, 100, 6), Some(Bytes::from_static(b"abcdef")));
        assert_eq!((served(3, 99, 2), served(3, 104, 3), served(2, 102, 1)), (None, None, None));
    }
}
