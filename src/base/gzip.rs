//! Gzip (RFC 1952), in steps: members one after another, each deflated text with its checksum.
//!
//! The deflate streams themselves are `miniz_oxide`'s, whose state can be cloned, as the state of
//! a run has to be; what is here is the few bytes around them.

use bytes::Bytes;
use crc32fast::Hasher;
use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZError, MZFlush, MZStatus};
use std::fmt;

/// What every member begins with.
pub const MAGIC: &[u8] = &[0x1f, 0x8b];

/// The only method of compression that there is.
const DEFLATE: u8 = 8;

/// Bytes of a header without its optional fields, and of a trailer.
const HEADER_BYTES: usize = 10;
const TRAILER_BYTES: usize = 8;

/// Flags of the optional fields of a header.
const HEADER_CHECKSUM: u8 = 1 << 1;
const EXTRA: u8 = 1 << 2;
const NAME: u8 = 1 << 3;
const COMMENT: u8 = 1 << 4;

/// That bytes are not what gzip writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} at byte {offset}")]
pub struct Corrupt {
    /// The byte of the file at which it is seen.
    pub offset: u64,
    /// What is wrong.
    pub what: &'static str,
}

/// Decodes a file that it is fed with piece by piece.
#[derive(Clone)]
pub struct Decoder {
    part: Part,
    /// What was fed and not yet decoded.
    input: Bytes,
    /// Bytes of the file that are behind.
    consumed: u64,
    checksum: Hasher,
    length: u32,
}

/// What comes next in the file.
#[derive(Clone)]
enum Part {
    /// A member's header, of which these bytes are there; or the end.
    Header(Vec<u8>),
    /// Deflated text.
    Body(Box<InflateState>),
    /// Checksum and length, of which these bytes are there.
    Trailer(Vec<u8>),
}

impl fmt::Debug for Decoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decoder").field("consumed", &self.consumed).finish_non_exhaustive()
    }
}

impl Default for Decoder {
    fn default() -> Decoder {
        Decoder {
            part: Part::Header(Vec::new()),
            input: Bytes::new(),
            consumed: 0,
            checksum: Hasher::new(),
            length: 0,
        }
    }
}

impl Decoder {
    /// Takes the next bytes of the file.
    pub fn feed(&mut self, piece: Bytes) {
        debug_assert!(self.input.is_empty(), "a decoder is fed when it needs more");
        self.input = piece;
    }

    /// Bytes of the file that are decoded.
    pub fn consumed(&self) -> u64 {
        self.consumed
    }

    /// Decodes up to about so many bytes of text. When it gives none, it needs more of the file.
    ///
    /// # Errors
    /// When the bytes are not what gzip writes.
    pub fn decode(&mut self, most: usize) -> Result<Vec<u8>, Corrupt> {
        let mut text = vec![0; most.max(1)];
        let mut filled = 0;
        loop {
            let stands = match &mut self.part {
                Part::Header(_) => self.read_header()?,
                Part::Body(_) => {
                    let (written, stands) = self.read_body(&mut text[filled..])?;
                    filled += written;
                    stands
                }
                Part::Trailer(_) => self.read_trailer()?,
            };
            if stands || filled == text.len() {
                text.truncate(filled);
                return Ok(text);
            }
        }
    }

    /// Says that the file has no more bytes.
    ///
    /// # Errors
    /// When it ends inside a member.
    pub fn finish(&self) -> Result<(), Corrupt> {
        let is_whole = matches!(&self.part, Part::Header(bytes) if bytes.is_empty());
        let is_whole = is_whole && self.consumed > 0;
        is_whole.then_some(()).ok_or_else(|| self.corrupt("the file ends too early"))
    }

    fn corrupt(&self, what: &'static str) -> Corrupt {
        Corrupt { offset: self.consumed, what }
    }

    /// Takes bytes of the input until there are so many; says whether there are.
    fn gather(&mut self, bytes: &mut Vec<u8>, wanted: usize) -> bool {
        let more = wanted.saturating_sub(bytes.len()).min(self.input.len());
        bytes.extend_from_slice(&self.input.split_to(more));
        self.consumed += more as u64;
        bytes.len() >= wanted
    }

    /// Says whether the decoder stands for want of input.
    fn read_header(&mut self) -> Result<bool, Corrupt> {
        let Part::Header(bytes) = &mut self.part else { return Ok(false) };
        let mut bytes = std::mem::take(bytes);
        loop {
            let wanted = match header_length(&bytes) {
                Ok(wanted) => wanted,
                Err(what) => return Err(self.corrupt(what)),
            };
            let Some(wanted) = wanted else { break };
            if !self.gather(&mut bytes, wanted) {
                header_length(&bytes).map_err(|what| self.corrupt(what))?;
                self.part = Part::Header(bytes);
                return Ok(true);
            }
        }
        (self.checksum, self.length) = (Hasher::new(), 0);
        self.part = Part::Body(InflateState::new_boxed(DataFormat::Raw));
        Ok(false)
    }

    fn read_body(&mut self, text: &mut [u8]) -> Result<(usize, bool), Corrupt> {
        let Part::Body(state) = &mut self.part else { return Ok((0, false)) };
        let result = inflate(state, &self.input, text, MZFlush::None);
        let before = self.consumed;
        self.consumed += result.bytes_consumed as u64;
        drop(self.input.split_to(result.bytes_consumed));
        let written = result.bytes_written;
        self.checksum.update(&text[..written]);
        self.length = self.length.wrapping_add(u32::try_from(written).unwrap_or(u32::MAX));
        match result.status {
            Ok(MZStatus::StreamEnd) => {
                self.part = Part::Trailer(Vec::new());
                Ok((written, false))
            }
            Ok(MZStatus::Ok | MZStatus::NeedDict) | Err(MZError::Buf) => {
                let stands = written == 0 && self.consumed == before;
                Ok((written, stands))
            }
            Err(_) => Err(self.corrupt("what is deflated is damaged")),
        }
    }

    fn read_trailer(&mut self) -> Result<bool, Corrupt> {
        let Part::Trailer(bytes) = &mut self.part else { return Ok(false) };
        let mut bytes = std::mem::take(bytes);
        if !self.gather(&mut bytes, TRAILER_BYTES) {
            self.part = Part::Trailer(bytes);
            return Ok(true);
        }
        let number = |at: usize| {
            u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
        };
        if number(0) != self.checksum.clone().finalize() {
            return Err(self.corrupt("the text does not have its checksum"));
        }
        if number(4) != self.length {
            return Err(self.corrupt("the text does not have its length"));
        }
        self.part = Part::Header(Vec::new());
        Ok(false)
    }
}

/// How many bytes of a header have to be there before more is known; nothing when all of it is.
fn header_length(bytes: &[u8]) -> Result<Option<usize>, &'static str> {
    let seen = bytes.len().min(MAGIC.len());
    if bytes[..seen] != MAGIC[..seen] {
        return Err("no gzip member begins");
    }
    if bytes.len() < HEADER_BYTES {
        return Ok(Some(HEADER_BYTES));
    }
    let flags = bytes[3];
    if bytes[2] != DEFLATE {
        return Err("the method of compression is unknown");
    }
    let mut length = HEADER_BYTES;
    if flags & EXTRA != 0 {
        let Some(extra) = bytes.get(length..length + 2) else { return Ok(Some(length + 2)) };
        length += 2 + usize::from(u16::from_le_bytes([extra[0], extra[1]]));
    }
    for flag in [NAME, COMMENT] {
        if flags & flag != 0 {
            let rest = bytes.get(length..).unwrap_or_default();
            let Some(end) = rest.iter().position(|byte| *byte == 0) else {
                return Ok(Some(bytes.len().max(length) + 1));
            };
            length += end + 1;
        }
    }
    if flags & HEADER_CHECKSUM != 0 {
        length += 2;
    }
    Ok((bytes.len() < length).then_some(length))
}

/// A text as a gzip file of one member, with no name and no time.
pub fn encode(text: &[u8]) -> Vec<u8> {
    let mut bytes = vec![MAGIC[0], MAGIC[1], DEFLATE, 0, 0, 0, 0, 0, 0, 0xff];
    bytes.extend(miniz_oxide::deflate::compress_to_vec(text, 6));
    bytes.extend(crc32fast::hash(text).to_le_bytes());
    let [a, b, c, d, ..] = (text.len() as u64).to_le_bytes();
    bytes.extend([a, b, c, d]);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Decodes a file that comes in pieces, with so many bytes of text at once.
    fn decode(file: &[u8], piece: usize, most: usize) -> Result<Vec<u8>, Corrupt> {
        let mut decoder = Decoder::default();
        let mut text = Vec::new();
        let mut pieces = file.chunks(piece.max(1));
        loop {
            let more = decoder.decode(most)?;
            if more.is_empty() {
                match pieces.next() {
                    Some(piece) => decoder.feed(Bytes::copy_from_slice(piece)),
                    None => break,
                }
            }
            text.extend(more);
        }
        decoder.finish()?;
        Ok(text)
    }

    fn text() -> Vec<u8> {
        "to be or not to be\nthat is the question\n".repeat(300).into_bytes()
    }

    #[test]
    fn what_is_encoded_is_decoded_however_it_is_cut() {
        let file = encode(&text());
        assert!(file.len() < text().len() / 10);
        for (piece, most) in [(1, 7), (3, 1), (100, 10_000), (usize::MAX, usize::MAX >> 40)] {
            assert_eq!(decode(&file, piece, most).unwrap(), text(), "{piece}, {most}");
        }
        assert_eq!(decode(&encode(b""), 5, 5), Ok(Vec::new()));
    }

    #[test]
    fn members_follow_one_another_with_names_and_comments() {
        let mut file = encode(b"one ");
        let mut named = encode(b"two");
        named[3] = NAME | COMMENT | EXTRA | HEADER_CHECKSUM;
        named.splice(10..10, *b"\x03\x00abcname\0comment\0\x12\x34");
        file.extend(named);
        for piece in [1, 2, 1_000] {
            assert_eq!(decode(&file, piece, 100).unwrap(), b"one two");
        }
    }

    #[test]
    fn every_damage_is_seen_and_placed() {
        let file = encode(&text());
        let damaged = |place: usize| {
            let mut file = file.clone();
            file[place] ^= 0x55;
            decode(&file, 64, 512)
        };
        for place in [0, 1, 2, file.len() - 8, file.len() - 1] {
            assert!(damaged(place).is_err(), "byte {place}");
        }
        assert_eq!(damaged(0).unwrap_err().what, "no gzip member begins");
        let seen = (10..file.len() - 8).filter(|place| damaged(*place).is_err()).count();
        assert_eq!(seen, file.len() - 18, "each byte of the body is covered by the checksum");
        for end in 0..file.len() {
            let error = decode(&file[..end], 64, 512).unwrap_err();
            assert!(error.offset <= end as u64, "{error}");
        }
    }
}
