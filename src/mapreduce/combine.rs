//! Many small files in few splits: Hadoop's `CombineFileInputFormat`.
//!
//! Blocks that lie on one node are put together first, a split a node and round, until no node has
//! a whole split left; then blocks of one rack; then what is left of all racks. A split is closed
//! when it has its size, so the last block may take it further.

use super::config::{StoredBlock, Topology};
use super::split::{Piece, Split};
use crate::base::{Codec, FileId, Files, InputFile, NodeId, RackId};
use std::collections::{BTreeMap, BTreeSet};

/// A block, or what of it goes into one split, and where it lies.
#[derive(Clone, Debug)]
struct Chunk {
    piece: Piece,
    nodes: Vec<NodeId>,
}

/// Splits under way: chunks that are not in one yet, and the splits.
struct Combining<'a> {
    chunks: Vec<Chunk>,
    free: BTreeSet<usize>,
    max_bytes: u64,
    topology: &'a Topology,
    splits: Vec<Split>,
}

/// The combined splits of these files, of about `max_bytes` each. Files in the order given, nodes
/// and racks in theirs (Hadoop's come in the order of a hash map).
pub fn combine(
    files: &Files,
    blocks: &[StoredBlock],
    topology: &Topology,
    max_bytes: u64,
) -> Vec<Split> {
    let chunks: Vec<Chunk> =
        files.iter().flat_map(|(id, file)| chunks_of(id, file, blocks, max_bytes)).collect();
    let free = (0..chunks.len()).collect();
    let mut combining = Combining { chunks, free, max_bytes, topology, splits: Vec::new() };
    combining.fill_by_node();
    let overflow = combining.fill_by_rack();
    combining.fill_with(&overflow);
    combining.splits
}

/// The chunks of a file (`CombineFileInputFormat.OneFileInfo`). A file that can't be cut is one.
fn chunks_of(id: FileId, file: &InputFile, blocks: &[StoredBlock], max_bytes: u64) -> Vec<Chunk> {
    let of_file = || blocks.iter().filter(|block| block.file == id);
    match file.codec {
        Codec::Gzip => of_file()
            .take(1)
            .map(|block| Chunk {
                piece: Piece { file: id, codec: Codec::Gzip, offset: 0, length: file.length() },
                nodes: block.replicas.clone(),
            })
            .collect(),
        Codec::Plain => of_file().flat_map(|block| cut(block, max_bytes)).collect(),
    }
}

/// A block as chunks of at most `max_bytes`; a rest of less than two of them in two halves.
fn cut(block: &StoredBlock, max_bytes: u64) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let (mut offset, mut left) = (block.offset, block.length);
    while left > 0 {
        let is_between = left > max_bytes && left < max_bytes.saturating_mul(2);
        let length = if is_between { left / 2 } else { max_bytes.min(left) }.max(1);
        let piece = Piece { file: block.file, codec: Codec::Plain, offset, length };
        chunks.push(Chunk { piece, nodes: block.replicas.clone() });
        (offset, left) = (offset + length, left - length);
    }
    chunks
}

impl Combining<'_> {
    /// Node by node, a split each, round after round, while any node has a whole one left.
    fn fill_by_node(&mut self) {
        let mut of_node: BTreeMap<NodeId, Vec<usize>> = BTreeMap::new();
        for (place, chunk) in self.chunks.iter().enumerate() {
            for node in &chunk.nodes {
                of_node.entry(*node).or_default().push(place);
            }
        }
        while !of_node.is_empty() {
            of_node.retain(|node, places| {
                places.retain(|place| self.free.contains(place));
                match self.take_whole(places) {
                    Some(taken) => {
                        self.close(&taken, vec![*node]);
                        true
                    }
                    None => false,
                }
            });
        }
    }

    /// Rack by rack, as by node; gives what is left of all.
    fn fill_by_rack(&mut self) -> Vec<usize> {
        let mut of_rack: BTreeMap<RackId, Vec<usize>> = BTreeMap::new();
        for (place, chunk) in self.chunks.iter().enumerate() {
            for rack in self.racks_of(chunk) {
                of_rack.entry(rack).or_default().push(place);
            }
        }
        let mut overflow = Vec::new();
        while !self.free.is_empty() {
            for (rack, places) in &mut of_rack {
                places.retain(|place| self.free.contains(place));
                if let Some(taken) = self.take_whole(places) {
                    let hosts = self.nodes_of(&BTreeSet::from([*rack]));
                    self.close(&taken, hosts);
                } else {
                    self.free.retain(|place| !places.contains(place));
                    overflow.append(places);
                }
            }
            // Chunks that lie nowhere are near to no rack.
            if of_rack.values().all(Vec::is_empty) {
                overflow.extend(std::mem::take(&mut self.free));
            }
        }
        overflow
    }

    /// What is left, in the order in which it was left.
    fn fill_with(&mut self, overflow: &[usize]) {
        let mut begun = Vec::new();
        let mut bytes = 0;
        for place in overflow {
            begun.push(*place);
            bytes += self.chunks[*place].piece.length;
            if bytes >= self.max_bytes {
                self.close_anywhere(&std::mem::take(&mut begun));
                bytes = 0;
            }
        }
        if !begun.is_empty() {
            self.close_anywhere(&begun);
        }
    }

    /// The first of these chunks that make a whole split together, if they do.
    fn take_whole(&mut self, places: &[usize]) -> Option<Vec<usize>> {
        let mut bytes = 0;
        let last = places.iter().position(|place| {
            bytes += self.chunks[*place].piece.length;
            bytes >= self.max_bytes
        })?;
        let taken = places[..=last].to_vec();
        self.free.retain(|place| !taken.contains(place));
        Some(taken)
    }

    fn close_anywhere(&mut self, places: &[usize]) {
        let racks = places.iter().flat_map(|place| self.racks_of(&self.chunks[*place])).collect();
        let hosts = self.nodes_of(&racks);
        self.close(places, hosts);
    }

    fn close(&mut self, places: &[usize], hosts: Vec<NodeId>) {
        let pieces = places.iter().map(|place| self.chunks[*place].piece).collect();
        self.splits.push(Split { pieces, hosts });
    }

    fn racks_of(&self, chunk: &Chunk) -> BTreeSet<RackId> {
        let rack = |node: &NodeId| self.topology.0.get(node.place()).copied();
        chunk.nodes.iter().filter_map(rack).collect()
    }

    /// The nodes on these racks that hold anything of the input (`rackToNodes`).
    fn nodes_of(&self, racks: &BTreeSet<RackId>) -> Vec<NodeId> {
        let holders: BTreeSet<NodeId> =
            self.chunks.iter().flat_map(|chunk| chunk.nodes.iter().copied()).collect();
        let on_racks = |node: &NodeId| {
            self.topology.0.get(node.place()).is_some_and(|rack| racks.contains(rack))
        };
        holders.into_iter().filter(on_racks).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::BlockId;
    use bytes::Bytes;

    fn files(lengths: &[usize]) -> Files {
        let file = |(place, length): (usize, &usize)| {
            InputFile::new(&format!("part-{place}"), Bytes::from(vec![b'x'; *length]))
        };
        Files::new(lengths.iter().enumerate().map(file).collect())
    }

    /// A block a file, on these nodes.
    fn blocks(files: &Files, nodes: &[&[u16]]) -> Vec<StoredBlock> {
        let block = |((file, one), nodes): ((FileId, &InputFile), &&[u16])| StoredBlock {
            id: BlockId(file.0),
            file,
            offset: 0,
            length: one.length(),
            replicas: nodes.iter().map(|node| NodeId(*node)).collect(),
        };
        files.iter().zip(nodes).map(block).collect()
    }

    fn told(splits: &[Split]) -> Vec<(Vec<u32>, Vec<u16>)> {
        let told = |split: &Split| {
            let files = split.pieces.iter().map(|piece| piece.file.0).collect();
            (files, split.hosts.iter().map(|host| host.0).collect())
        };
        splits.iter().map(told).collect()
    }

    /// `CombineFileInputFormat.createSplits`: node-local splits first, one a node and round.
    #[test]
    fn blocks_of_a_node_go_together_a_split_a_node_and_round() {
        let files = files(&[10; 8]);
        let nodes: [&[u16]; 8] = [&[1], &[1], &[1], &[1], &[2], &[2], &[2], &[2]];
        let topology = Topology(vec![RackId(1), RackId(2)]);
        let splits = combine(&files, &blocks(&files, &nodes), &topology, 20);
        let expected = [
            (vec![0, 1], vec![1]),
            (vec![4, 5], vec![2]),
            (vec![2, 3], vec![1]),
            (vec![6, 7], vec![2]),
        ];
        assert_eq!(told(&splits), expected);
    }

    /// What is too little for a node goes with others of its rack, and what is too little for a
    /// rack with others of all.
    #[test]
    fn what_a_node_leaves_goes_with_its_rack_and_then_with_all() {
        let files = files(&[10, 10, 10, 10, 4]);
        let nodes: [&[u16]; 5] = [&[1], &[2], &[3], &[4], &[2]];
        let topology = Topology(vec![RackId(1), RackId(1), RackId(2), RackId(2)]);
        let splits = combine(&files, &blocks(&files, &nodes), &topology, 18);
        let expected = [(vec![0, 1], vec![1, 2]), (vec![2, 3], vec![3, 4]), (vec![4], vec![1, 2])];
        assert_eq!(told(&splits), expected);
        let all = combine(&files, &blocks(&files, &nodes), &topology, u64::MAX);
        assert_eq!(told(&all), [(vec![0, 1, 4, 2, 3], vec![1, 2, 3, 4])]);
    }

    /// `OneFileInfo`: a block between one and two sizes is cut in two halves; each byte is in one
    /// split, whatever the sizes.
    #[test]
    fn each_byte_is_in_exactly_one_split() {
        let nodes: [&[u16]; 4] = [&[1, 2], &[2, 3], &[3, 1], &[1]];
        let topology = Topology(vec![RackId(1), RackId(2), RackId(2)]);
        let files = files(&[100, 35, 7, 61]);
        for max_bytes in [1, 7, 30, 36, 50, 70, 101, 1_000] {
            let splits = combine(&files, &blocks(&files, &nodes), &topology, max_bytes);
            let mut pieces: Vec<Piece> =
                splits.iter().flat_map(|split| split.pieces.iter().copied()).collect();
            pieces.sort_by_key(|piece| (piece.file, piece.offset));
            for (id, file) in files.iter() {
                let mut end = 0;
                for piece in pieces.iter().filter(|piece| piece.file == id) {
                    assert_eq!(piece.offset, end, "size {max_bytes}");
                    assert!(piece.length <= max_bytes, "size {max_bytes}");
                    end = piece.end();
                }
                assert_eq!(end, file.length(), "size {max_bytes}");
            }
        }
        let halves = cut(&blocks(&files, &nodes)[0], 70);
        assert_eq!(halves.iter().map(|half| half.piece.length).collect::<Vec<_>>(), [50, 50]);
    }
}
