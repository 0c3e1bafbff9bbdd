//! Segments: sorted records of one partition as bytes, the unit of spill, merge and fetch.
//!
//! Each record is its key's length, its value's length (both as LEB128 numbers), the key and the
//! value; Hadoop's `IFile` has the same shape. A checksum (CRC-32) over the bytes as they are stored
//! goes with each.
//!
//! A compressed segment is a row of blocks, as Hadoop's `BlockCompressorStream` writes them: the
//! length before, the length after (both 32 bits, the largest byte first), and the bytes as LZ4 has
//! them. Hadoop cuts through records; here each block ends with one, so that a reader needs no more
//! than one block at a time.

use crate::trace::event::Volume;
use bytes::Bytes;
use lz4_flex::block as lz4;
use serde::{Deserialize, Serialize};

/// Bytes from which on a block is compressed (`io.compression.codec.lz4.buffersize`, 256 KiB, read
/// through a scale of 16: segments here are small).
const BLOCK_BYTES: usize = 16 << 10;

/// Bytes of the two lengths before each block.
const BLOCK_HEAD: usize = 8;

/// How intermediate data is kept (`mapreduce.map.output.compress`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SegmentCodec {
    /// As it is.
    #[default]
    Plain,
    /// In LZ4 blocks (`Lz4Codec`).
    Lz4,
}

/// What a segment takes where it lies, and what it takes when it is unpacked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentSize {
    /// Records, and bytes as they are stored and sent.
    pub stored: Volume,
    /// Bytes before compression; the same when there is none.
    pub raw_bytes: u64,
}

/// How much of some segments' bytes is left by compression.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ratio {
    stored: u64,
    raw: u64,
}

/// What a slice of work wrote into segments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Packed {
    /// Bytes that went to disk.
    pub bytes: u64,
    /// Bytes of the records, before compression.
    pub raw_bytes: u64,
}

/// Sorted records of one partition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Segment {
    bytes: Bytes,
    codec: SegmentCodec,
    raw_bytes: u64,
    records: u64,
    checksum: u32,
}

/// What goes along with a segment's bytes when it is sent (Hadoop's `ShuffleHeader`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentHeader {
    codec: SegmentCodec,
    raw_bytes: u64,
    records: u64,
    checksum: u32,
}

/// Writes records into a segment.
#[derive(Clone, Debug, Default)]
pub struct SegmentWriter {
    codec: SegmentCodec,
    bytes: Vec<u8>,
    /// Records that are not yet compressed.
    block: Vec<u8>,
    /// Bytes that are, before they were.
    packed: u64,
    records: u64,
}

/// Reads the records of a segment one after another.
#[derive(Clone, Debug)]
pub struct SegmentReader {
    /// The segment; of a compressed one, the block under way.
    bytes: Bytes,
    /// The blocks after it.
    blocks: Bytes,
    key: (usize, usize),
    value: (usize, usize),
}

impl Packed {
    /// A writer went from one size to another.
    #[inline]
    pub fn add(&mut self, before: SegmentSize, after: SegmentSize) {
        self.bytes += after.stored.bytes - before.stored.bytes;
        self.raw_bytes += after.raw_bytes - before.raw_bytes;
    }
}

impl Ratio {
    /// That of these segments together.
    pub fn of<'a>(segments: impl Iterator<Item = &'a Segment>) -> Ratio {
        segments.map(Segment::size).fold(Ratio::default(), |Ratio { stored, raw }, size| Ratio {
            stored: stored + size.stored.bytes,
            raw: raw + size.raw_bytes,
        })
    }

    /// Stored bytes that so many unpacked ones stand for.
    pub fn of_raw(self, raw_bytes: u64) -> u64 {
        if self.stored == self.raw {
            return raw_bytes;
        }
        let stored = u128::from(raw_bytes) * u128::from(self.stored) / u128::from(self.raw.max(1));
        u64::try_from(stored).unwrap_or(raw_bytes)
    }
}

impl SegmentCodec {
    /// Bytes that are packed or unpacked when records of so many go through.
    pub fn work(self, raw_bytes: u64) -> u64 {
        match self {
            SegmentCodec::Plain => 0,
            SegmentCodec::Lz4 => raw_bytes,
        }
    }
}

impl Segment {
    /// How much it holds, in bytes as they are stored.
    pub fn volume(&self) -> Volume {
        Volume { records: self.records, bytes: self.bytes.len() as u64 }
    }

    /// What it takes, packed and unpacked.
    pub fn size(&self) -> SegmentSize {
        SegmentSize { stored: self.volume(), raw_bytes: self.raw_bytes }
    }

    /// Whether it has to be unpacked to be read.
    pub fn is_compressed(&self) -> bool {
        self.codec != SegmentCodec::Plain
    }

    /// Puts a segment together again from what was sent of it; nothing when the bytes are not
    /// those that were written.
    pub fn from_parts(bytes: Bytes, header: SegmentHeader) -> Option<Segment> {
        let SegmentHeader { codec, raw_bytes, records, checksum } = header;
        let segment = Segment { bytes, codec, raw_bytes, records, checksum };
        segment.is_intact().then_some(segment)
    }

    /// What is sent of it.
    pub fn parts(&self) -> (Bytes, SegmentHeader) {
        let Segment { codec, raw_bytes, records, checksum, .. } = *self;
        (self.bytes.clone(), SegmentHeader { codec, raw_bytes, records, checksum })
    }

    /// The segment with a byte that is not what was written.
    #[cfg(test)]
    pub(super) fn damaged(&self) -> Segment {
        let mut bytes = self.bytes.to_vec();
        bytes[0] ^= 1;
        Segment { bytes: bytes.into(), ..self.clone() }
    }

    /// Whether the bytes are those that were written.
    pub fn is_intact(&self) -> bool {
        crc32fast::hash(&self.bytes) == self.checksum
    }

    /// The same records, not compressed, as a reduce keeps them in memory.
    pub fn unpacked(&self) -> Segment {
        if !self.is_compressed() {
            return self.clone();
        }
        let mut bytes = Vec::with_capacity(usize::try_from(self.raw_bytes).unwrap_or(0));
        let mut blocks = self.bytes.clone();
        while let Some(block) = next_block(&mut blocks) {
            bytes.extend_from_slice(&block);
        }
        let writer = SegmentWriter { bytes, records: self.records, ..SegmentWriter::default() };
        writer.finish()
    }

    /// A reader before the first record.
    pub fn reader(&self) -> SegmentReader {
        let (bytes, blocks) = match self.codec {
            SegmentCodec::Plain => (self.bytes.clone(), Bytes::new()),
            SegmentCodec::Lz4 => (Bytes::new(), self.bytes.clone()),
        };
        SegmentReader { bytes, blocks, key: (0, 0), value: (0, 0) }
    }
}

impl SegmentWriter {
    /// A writer of a segment that is kept like this.
    pub fn new(codec: SegmentCodec) -> SegmentWriter {
        SegmentWriter { codec, ..SegmentWriter::default() }
    }

    /// Makes room for so many bytes of records that stay as they are.
    pub fn reserve(&mut self, raw_bytes: u64) {
        if self.codec == SegmentCodec::Plain {
            self.bytes.reserve(usize::try_from(raw_bytes).unwrap_or(0));
        }
    }

    /// Appends a record; the caller sees to the order.
    #[inline]
    pub fn push(&mut self, key: &[u8], value: &[u8]) {
        let bytes = match self.codec {
            SegmentCodec::Plain => &mut self.bytes,
            SegmentCodec::Lz4 => &mut self.block,
        };
        write_length(bytes, key.len());
        write_length(bytes, value.len());
        bytes.extend_from_slice(key);
        bytes.extend_from_slice(value);
        self.records += 1;
        if self.block.len() >= BLOCK_BYTES {
            self.close_block();
        }
    }

    /// What was written so far; records of an open block are not among its stored bytes.
    pub fn size(&self) -> SegmentSize {
        let stored = Volume { records: self.records, bytes: self.bytes.len() as u64 };
        let raw_bytes = match self.codec {
            SegmentCodec::Plain => stored.bytes,
            SegmentCodec::Lz4 => self.packed + self.block.len() as u64,
        };
        SegmentSize { stored, raw_bytes }
    }

    /// The segment.
    pub fn finish(mut self) -> Segment {
        self.close_block();
        // It stays for as long as the job: what it grew beyond its end is given back.
        self.bytes.shrink_to_fit();
        let SegmentSize { raw_bytes, .. } = self.size();
        let checksum = crc32fast::hash(&self.bytes);
        let (codec, records) = (self.codec, self.records);
        Segment { bytes: self.bytes.into(), codec, raw_bytes, records, checksum }
    }

    fn close_block(&mut self) {
        if self.block.is_empty() {
            return;
        }
        let packed = lz4::compress(&self.block);
        for length in [self.block.len(), packed.len()] {
            let length = u32::try_from(length).unwrap_or(u32::MAX);
            self.bytes.extend_from_slice(&length.to_be_bytes());
        }
        self.bytes.extend_from_slice(&packed);
        self.packed += self.block.len() as u64;
        self.block.clear();
    }
}

impl SegmentReader {
    /// Goes to the next record, if there is one.
    #[inline]
    pub fn advance(&mut self) -> bool {
        let mut at = self.value.1;
        if at >= self.bytes.len() {
            let Some(block) = next_block(&mut self.blocks) else { return false };
            (self.bytes, at) = (block, 0);
        }
        let key_length = read_length(&self.bytes, &mut at);
        let value_length = read_length(&self.bytes, &mut at);
        self.key = (at, at + key_length);
        self.value = (self.key.1, self.key.1 + value_length);
        true
    }

    /// The key of the record that it stands on.
    pub fn key(&self) -> &[u8] {
        &self.bytes[self.key.0..self.key.1]
    }

    /// The value of the record that it stands on.
    pub fn value(&self) -> &[u8] {
        &self.bytes[self.value.0..self.value.1]
    }
}

/// Unpacks the first of these blocks and goes past it; nothing when there is none.
fn next_block(blocks: &mut Bytes) -> Option<Bytes> {
    let length = |at: usize| {
        let bytes: [u8; 4] = blocks.get(at..at + 4)?.try_into().ok()?;
        usize::try_from(u32::from_be_bytes(bytes)).ok()
    };
    let (raw, packed) = (length(0)?, length(4)?);
    let block = blocks.get(BLOCK_HEAD..BLOCK_HEAD + packed)?;
    // The checksum was right, so these are the bytes that were packed.
    let bytes = lz4::decompress(block, raw).ok()?;
    *blocks = blocks.slice(BLOCK_HEAD + packed..);
    Some(bytes.into())
}

fn write_length(bytes: &mut Vec<u8>, mut length: usize) {
    while length >= 0x80 {
        bytes.push(0x80 | low_bits(length));
        length >>= 7;
    }
    bytes.push(low_bits(length));
}

/// The lowest seven bits.
fn low_bits(length: usize) -> u8 {
    length.to_le_bytes()[0] & 0x7f
}

fn read_length(bytes: &[u8], at: &mut usize) -> usize {
    let mut length = 0;
    for shift in (0..).step_by(7) {
        let byte = bytes[*at];
        *at += 1;
        length |= usize::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            break;
        }
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let long = vec![b'x'; 300];
        let mut writer = SegmentWriter::default();
        writer.push(b"", b"1");
        writer.push(&long, b"");
        let segment = writer.finish();
        assert!(segment.is_intact());
        assert_eq!(segment.volume().records, 2);
        let mut reader = segment.reader();
        assert!(reader.advance());
        assert_eq!((reader.key(), reader.value()), (&b""[..], &b"1"[..]));
        assert!(reader.advance());
        assert_eq!((reader.key(), reader.value()), (&long[..], &b""[..]));
        assert!(!reader.advance());
    }

    #[test]
    fn what_was_changed_on_its_way_is_no_segment() {
        let mut writer = SegmentWriter::default();
        writer.push(b"mill", b"1");
        let segment = writer.finish();
        let (bytes, header) = segment.parts();
        assert_eq!(Segment::from_parts(bytes.clone(), header), Some(segment));
        let mut changed = bytes.to_vec();
        changed[3] ^= 1;
        assert_eq!(Segment::from_parts(changed.into(), header), None);
    }

    /// All records of a segment.
    fn records(segment: &Segment) -> Vec<(Vec<u8>, Vec<u8>)> {
        let mut reader = segment.reader();
        let mut records = Vec::new();
        while reader.advance() {
            records.push((reader.key().to_vec(), reader.value().to_vec()));
        }
        records
    }

    #[test]
    fn a_compressed_segment_holds_the_same_records_in_fewer_bytes() {
        let mut writers = [SegmentCodec::Plain, SegmentCodec::Lz4].map(SegmentWriter::new);
        for number in 0..20_000_u32 {
            for writer in &mut writers {
                writer.push(format!("key {number:05}").as_bytes(), b"1");
            }
        }
        assert_eq!(writers[0].size().raw_bytes, writers[1].size().raw_bytes);
        let [plain, packed] = writers.map(SegmentWriter::finish);
        assert!(packed.is_intact() && packed.is_compressed() && !plain.is_compressed());
        assert_eq!(plain.size().raw_bytes, plain.volume().bytes);
        assert_eq!(packed.size().raw_bytes, plain.volume().bytes);
        assert!(packed.volume().bytes * 2 < plain.volume().bytes, "{:?}", packed.volume());
        assert_eq!(records(&packed), records(&plain));
        assert_eq!(packed.unpacked(), plain);
    }

    #[test]
    fn an_empty_segment_is_empty_packed_or_not() {
        let packed = SegmentWriter::new(SegmentCodec::Lz4).finish();
        assert_eq!(packed.size(), SegmentSize::default());
        assert!(packed.is_intact() && !packed.reader().advance());
    }

    /// A record longer than a block is a block of its own.
    #[test]
    fn a_long_record_goes_through_whole() {
        let long: Vec<u8> = (0..100_000_u32).flat_map(|n| (n % 251).to_le_bytes()).collect();
        let mut writer = SegmentWriter::new(SegmentCodec::Lz4);
        writer.push(b"a", b"1");
        writer.push(b"b", &long);
        writer.push(b"c", b"3");
        let segment = writer.finish();
        let values: Vec<usize> = records(&segment).iter().map(|(_, value)| value.len()).collect();
        assert_eq!(values, [1, long.len(), 1]);
    }
}
