//! Segments: sorted records of one partition as bytes, the unit of spill, merge and fetch.
//!
//! Each record is its key's length, its value's length (both as LEB128 numbers), the key and the
//! value; Hadoop's `IFile` has the same shape. A checksum (CRC-32) over the bytes goes with each.

use crate::trace::event::Volume;
use bytes::Bytes;

/// Sorted records of one partition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Segment {
    bytes: Bytes,
    records: u64,
    checksum: u32,
}

/// Writes records into a segment.
#[derive(Clone, Debug, Default)]
pub struct SegmentWriter {
    bytes: Vec<u8>,
    records: u64,
}

/// Reads the records of a segment one after another.
#[derive(Clone, Debug)]
pub struct SegmentReader {
    bytes: Bytes,
    key: (usize, usize),
    value: (usize, usize),
}

impl Segment {
    /// How much it holds.
    pub fn volume(&self) -> Volume {
        Volume { records: self.records, bytes: self.bytes.len() as u64 }
    }

    /// Puts a segment together again from what was sent of it; nothing when the bytes are not
    /// those that were written.
    pub fn from_parts(bytes: Bytes, records: u64, checksum: u32) -> Option<Segment> {
        let segment = Segment { bytes, records, checksum };
        segment.is_intact().then_some(segment)
    }

    /// What is sent of it: bytes, records, checksum.
    pub fn parts(&self) -> (Bytes, u64, u32) {
        (self.bytes.clone(), self.records, self.checksum)
    }

    /// Whether the bytes are those that were written.
    pub fn is_intact(&self) -> bool {
        crc32fast::hash(&self.bytes) == self.checksum
    }

    /// A reader before the first record.
    pub fn reader(&self) -> SegmentReader {
        SegmentReader { bytes: self.bytes.clone(), key: (0, 0), value: (0, 0) }
    }
}

impl SegmentWriter {
    /// Appends a record; the caller sees to the order.
    pub fn push(&mut self, key: &[u8], value: &[u8]) {
        write_length(&mut self.bytes, key.len());
        write_length(&mut self.bytes, value.len());
        self.bytes.extend_from_slice(key);
        self.bytes.extend_from_slice(value);
        self.records += 1;
    }

    /// What was written so far.
    pub fn volume(&self) -> Volume {
        Volume { records: self.records, bytes: self.bytes.len() as u64 }
    }

    /// The segment.
    pub fn finish(self) -> Segment {
        let checksum = crc32fast::hash(&self.bytes);
        Segment { bytes: self.bytes.into(), records: self.records, checksum }
    }
}

impl SegmentReader {
    /// Goes to the next record, if there is one.
    pub fn advance(&mut self) -> bool {
        let mut at = self.value.1;
        if at >= self.bytes.len() {
            return false;
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

    /// Bytes read so far.
    pub fn consumed(&self) -> usize {
        self.value.1
    }
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
        let (bytes, records, checksum) = segment.parts();
        assert_eq!(Segment::from_parts(bytes.clone(), records, checksum), Some(segment));
        let mut changed = bytes.to_vec();
        changed[3] ^= 1;
        assert_eq!(Segment::from_parts(changed.into(), records, checksum), None);
    }
}
