//! Splits: the pieces of the input that one map task reads (Hadoop's `FileInputFormat`).

use super::combine::combine;
use super::config::{StoredBlock, Topology};
use super::reader::LineReader;
use crate::base::{Codec, FileId, Files, NodeId};
use crate::trace::event::SplitPiece;
use serde::{Deserialize, Serialize};

/// What one map reads: pieces of files, in order, and the nodes near their data. Only a combined
/// split has more than one piece, and none has none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    /// The pieces.
    pub pieces: Vec<Piece>,
    /// The nodes that hold the block that it starts in.
    pub hosts: Vec<NodeId>,
}

/// A piece of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// The file.
    pub file: FileId,
    /// How the file's text lies in its bytes.
    pub codec: Codec,
    /// Where the piece begins, in bytes on disk.
    pub offset: u64,
    /// Its length on disk.
    pub length: u64,
}

/// How files are cut into splits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SplitRule {
    /// The least bytes of a split (`mapreduce.input.fileinputformat.split.minsize`).
    pub min_bytes: u64,
    /// The most bytes of a split (`…split.maxsize`), though a slop of a tenth may go with the last.
    pub max_bytes: u64,
    /// Whether small files go together into splits of up to `max_bytes`
    /// (`CombineTextInputFormat`).
    pub combine: bool,
}

impl Split {
    /// A split of one piece.
    pub fn of(piece: Piece, hosts: Vec<NodeId>) -> Split {
        Split { pieces: vec![piece], hosts }
    }

    /// The bytes on disk of all its pieces.
    pub fn length(&self) -> u64 {
        self.pieces.iter().map(|piece| piece.length).sum()
    }

    /// Its pieces, as a trace tells of them.
    pub(super) fn pieces_told(&self) -> Vec<SplitPiece> {
        let told =
            |&Piece { file, offset, length, .. }: &Piece| SplitPiece { file, offset, length };
        self.pieces.iter().map(told).collect()
    }
}

impl Piece {
    /// The first byte after it.
    pub fn end(&self) -> u64 {
        self.offset + self.length
    }
}

impl Piece {
    /// A reader of its lines that has all of them; nothing when its file is not there, or is
    /// compressed and nobody has read it yet. This is for who looks into the data; a task reads
    /// from disks.
    pub fn lines(&self, files: &Files) -> Option<LineReader> {
        let text = files.get(self.file)?.text()?;
        let (start, end) = match self.codec {
            Codec::Plain => (self.offset, self.end()),
            Codec::Gzip => (0, text.len() as u64),
        };
        let mut reader = LineReader::new(start, end, text.len() as u64);
        reader.feed(text.slice(usize::try_from(start).ok()?.min(text.len())..));
        Some(reader)
    }
}

impl SplitRule {
    /// One split a block.
    pub const BY_BLOCKS: SplitRule =
        SplitRule { min_bytes: 1, max_bytes: u64::MAX, combine: false };

    /// The split size that Hadoop computes (`FileInputFormat.computeSplitSize`).
    pub fn split_size(&self, block_size: u64) -> u64 {
        self.min_bytes.max(self.max_bytes.min(block_size)).max(1)
    }

    /// The splits of these files as they lie on a cluster.
    pub fn plan_on(
        &self,
        files: &Files,
        block_size: u64,
        (blocks, topology): (&[StoredBlock], &Topology),
    ) -> Vec<Split> {
        if self.combine {
            combine(files, blocks, topology, self.max_bytes)
        } else {
            self.plan(files, block_size, blocks)
        }
    }

    /// The splits of these files, file by file.
    pub fn plan(&self, files: &Files, block_size: u64, blocks: &[StoredBlock]) -> Vec<Split> {
        let size = self.split_size(block_size);
        let of_file = |(id, file): (FileId, &crate::base::InputFile)| {
            let whole = Piece { file: id, codec: file.codec, offset: 0, length: file.length() };
            plan_splits(whole, size, blocks)
        };
        files.iter().flat_map(of_file).collect()
    }
}

/// Cuts a file into splits of `split_size`, the last up to a tenth longer: a rest is cut again only
/// while it is more than 1.1 splits, so that 129 MiB in blocks of 128 MiB are one split. An empty
/// file is one empty split, and one that cannot be cut is one split. (`FileInputFormat.getSplits`,
/// `SPLIT_SLOP`, `isSplitable`.)
///
/// # Panics
/// When `split_size` is 0.
pub fn plan_splits(file: Piece, split_size: u64, blocks: &[StoredBlock]) -> Vec<Split> {
    assert!(split_size > 0, "a split holds at least one byte");
    let mut splits = Vec::new();
    let mut rest = file;
    let mut cut = |piece: Piece| {
        let hosts = hosts_at(piece.file, piece.offset, blocks);
        splits.push(Split::of(piece, hosts));
    };
    while file.codec.is_plain() && u128::from(rest.length) * 10 > u128::from(split_size) * 11 {
        cut(Piece { length: split_size, ..rest });
        rest.offset += split_size;
        rest.length -= split_size;
    }
    if rest.length > 0 || file.length == 0 {
        cut(rest);
    }
    splits
}

/// The nodes with the block that holds this byte (`FileInputFormat.getBlockIndex`).
fn hosts_at(file: FileId, offset: u64, blocks: &[StoredBlock]) -> Vec<NodeId> {
    let holds =
        |block: &&StoredBlock| block.file == file && (block.offset..block.end()).contains(&offset);
    blocks.iter().find(holds).map(|block| block.replicas.clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{BlockId, InputFile};
    use bytes::Bytes;

    fn lengths(length: u64, split_size: u64, codec: Codec) -> Vec<u64> {
        let file = Piece { file: FileId(0), codec, offset: 0, length };
        plan_splits(file, split_size, &[]).iter().map(Split::length).collect()
    }

    #[test]
    fn a_rest_of_up_to_a_tenth_goes_with_the_last_split() {
        let plain = |length, split_size| lengths(length, split_size, Codec::Plain);
        assert_eq!(plain(129, 128), [129]);
        assert_eq!(plain(110, 100), [110]);
        assert_eq!(plain(111, 100), [100, 11]);
        assert_eq!(plain(300, 100), [100, 100, 100]);
    }

    #[test]
    fn an_empty_file_is_one_empty_split() {
        assert_eq!(lengths(0, 100, Codec::Plain), [0]);
    }

    /// `TextInputFormat.isSplitable`: only a codec that can be cut is cut, and gzip cannot.
    #[test]
    fn a_gzip_file_is_one_split() {
        assert_eq!(lengths(1_000, 100, Codec::Gzip), [1_000]);
    }

    /// `FileInputFormat.computeSplitSize`.
    #[test]
    fn the_split_size_is_the_block_size_within_its_bounds() {
        let size = |min_bytes, max_bytes| {
            SplitRule { min_bytes, max_bytes, combine: false }.split_size(128)
        };
        assert_eq!(size(1, u64::MAX), 128);
        assert_eq!(size(256, u64::MAX), 256);
        assert_eq!(size(1, 64), 64);
    }

    /// `FileInputFormat.getSplits`: files in the order given, each split's hosts those of the block
    /// that it starts in, and of its own file.
    #[test]
    fn splits_come_file_by_file_with_the_hosts_of_the_block_that_they_start_in() {
        let file = |name, length| InputFile::new(name, Bytes::from(vec![b'x'; length]));
        let files = Files::new(vec![file("b", 250), file("empty", 0), file("a", 100)]);
        let block = |id, file, offset, node| StoredBlock {
            id: BlockId(id),
            file: FileId(file),
            offset,
            length: 200,
            replicas: vec![NodeId(node)],
        };
        let blocks = [block(0, 0, 0, 1), block(1, 0, 200, 2), block(2, 2, 0, 3)];
        let rule = SplitRule { max_bytes: 100, ..SplitRule::BY_BLOCKS };
        let splits = rule.plan(&files, 200, &blocks);
        let told = |split: &Split| {
            let Piece { file, offset, .. } = split.pieces[0];
            (file.0, offset, split.hosts.clone())
        };
        let told: Vec<_> = splits.iter().map(told).collect();
        let node = |id| vec![NodeId(id)];
        let expected = [
            (0, 0, node(1)),
            (0, 100, node(1)),
            (0, 200, node(2)),
            (1, 0, vec![]),
            (2, 0, node(3)),
        ];
        assert_eq!(told, expected);
    }
}
