//! Lines of a split, by the record-boundary rule of Hadoop's `LineRecordReader`.
//!
//! A split that does not start at 0 discards everything up to its first line end: that line, whole
//! or partial, belongs to the split before, which reads on while its position is at most its end.
//! So each line is read exactly once. `\n`, `\r\n` and `\r` all end a line.
//!
//! The reader is fed with the file piece by piece, and says when it needs more. Lines are not
//! copied, but for those that lie in more than one piece.

use bytes::Bytes;

/// UTF-8's byte order mark, which belongs to no line (`LineRecordReader.skipUtfByteOrderMark`).
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads the lines that belong to one split.
#[derive(Clone, Debug)]
pub struct LineReader {
    /// Where the split ends, and where the file does.
    end: u64,
    length: u64,
    /// Where the next line begins.
    position: u64,
    /// Bytes at the split's head that belong to no line of it; nothing while they are not known.
    skipped: Option<u64>,
    /// The head of the next line, from pieces before this one.
    carried: Vec<u8>,
    /// The last piece, and what of it is not yet behind us nor carried.
    piece: Bytes,
    at: usize,
    /// Where the piece ends.
    fed: u64,
    found: Option<Found>,
}

/// What the reader stands before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peek<'a> {
    /// A line.
    Line(Line<'a>),
    /// The reader has to be fed before it knows.
    More,
    /// The split has no more lines.
    End,
}

/// A line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// Where it begins in the file.
    pub start: u64,
    /// Its bytes without the line end.
    pub text: &'a [u8],
    /// Where the line after it begins.
    pub next: u64,
}

/// A line whose end was found.
#[derive(Clone, Copy, Debug)]
struct Found {
    /// Bytes of its text.
    text: usize,
    /// Where in the piece the line after it begins.
    after: usize,
    /// The same in the file.
    next: u64,
}

impl LineReader {
    /// A reader of the split `start..end` of a file of this length, yet to be fed from `start` on.
    pub fn new(start: u64, end: u64, length: u64) -> LineReader {
        let mut reader = LineReader {
            end,
            length,
            position: start,
            skipped: None,
            carried: Vec::new(),
            piece: Bytes::new(),
            at: 0,
            fed: start,
            found: None,
        };
        reader.skip_head();
        reader
    }

    /// Feeds the next piece of the file, which begins at `fed`.
    pub fn feed(&mut self, piece: Bytes) {
        debug_assert!(self.found.is_none(), "a reader is fed when it asks for more");
        self.carried.extend_from_slice(&self.piece[self.at..]);
        self.fed += piece.len() as u64;
        self.piece = piece;
        self.at = 0;
        self.skip_head();
    }

    /// A reader of a whole text whose length is not known before its end.
    pub fn of_whole() -> LineReader {
        LineReader::new(0, u64::MAX, u64::MAX)
    }

    /// The text ends with what was fed.
    pub fn end_here(&mut self) {
        self.length = self.fed;
        self.skip_head();
    }

    /// The first byte of the file that it was not fed with.
    pub fn fed(&self) -> u64 {
        self.fed
    }

    /// Bytes at the head of the split that were discarded; nothing while it is not known.
    pub fn skipped(&self) -> Option<u64> {
        self.skipped
    }

    /// Where the next line begins.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// The next line of the split, without going past it.
    pub fn peek(&mut self) -> Peek<'_> {
        if self.found.is_none() {
            if self.skipped.is_none() {
                return Peek::More;
            }
            if self.position > self.end || self.position >= self.length {
                return Peek::End;
            }
            self.found = self.find_line();
        }
        let Some(found) = self.found else { return Peek::More };
        let text = if self.carried.is_empty() {
            &self.piece[self.at..self.at + found.text]
        } else {
            &self.carried[..found.text]
        };
        Peek::Line(Line { start: self.position, text, next: found.next })
    }

    /// Goes past the line that `peek` showed.
    pub fn advance(&mut self) {
        if let Some(found) = self.found.take() {
            self.go_past(found);
        }
    }

    fn skip_head(&mut self) {
        if self.skipped.is_some() {
            return;
        }
        let start = self.position;
        let is_past = if start == 0 { self.skip_byte_order_mark() } else { self.skip_line() };
        if is_past {
            self.skipped = Some(self.position - start);
        }
    }

    /// Says whether there are bytes enough to know.
    fn skip_byte_order_mark(&mut self) -> bool {
        let head = self.carried.iter().chain(&self.piece[self.at..]);
        let head: Vec<u8> = head.copied().take(BYTE_ORDER_MARK.len()).collect();
        if head == BYTE_ORDER_MARK {
            self.at += head.len() - self.carried.len();
            self.carried.clear();
            self.position = head.len() as u64;
            return true;
        }
        !BYTE_ORDER_MARK.starts_with(&head) || self.is_whole()
    }

    fn skip_line(&mut self) -> bool {
        let found = self.find_line();
        if let Some(found) = found {
            self.go_past(found);
        }
        found.is_some()
    }

    fn go_past(&mut self, found: Found) {
        self.at = found.after;
        self.position = found.next;
        self.carried.clear();
    }

    /// Whether all the rest of the file is here.
    fn is_whole(&self) -> bool {
        self.fed >= self.length
    }

    /// Finds the end of the line (or the rest of one) that begins at the position. A `\r` ends
    /// a line, but the next byte has to be seen to know whether it belongs to that end too.
    fn find_line(&mut self) -> Option<Found> {
        let rest = &self.piece[self.at..];
        if self.carried.last() == Some(&b'\r') {
            return self.end_after_return();
        }
        let (text, end) = match memchr::memchr2(b'\n', b'\r', rest) {
            None if !self.is_whole() => return None,
            None => (rest.len(), 0),
            Some(text) if rest[text] == b'\n' => (text, 1),
            Some(text) => match rest.get(text + 1) {
                None if !self.is_whole() => return None,
                Some(b'\n') => (text, 2),
                None | Some(_) => (text, 1),
            },
        };
        let after = self.at + text + end;
        let text = if self.carried.is_empty() {
            text
        } else {
            self.carried.extend_from_slice(&rest[..text]);
            self.carried.len()
        };
        Some(Found { text, after, next: self.position + (text + end) as u64 })
    }

    /// The line end's `\r` was the last byte of the piece before this one.
    fn end_after_return(&self) -> Option<Found> {
        let end = match self.piece.get(self.at) {
            None if !self.is_whole() => return None,
            Some(b'\n') => 1,
            None | Some(_) => 0,
        };
        let carried = self.carried.len();
        let next = self.position + (carried + end) as u64;
        Some(Found { text: carried - 1, after: self.at + end, next })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::{Purpose, Random};

    /// The lines of a split, fed in pieces of so many bytes.
    fn lines_in(text: &str, start: usize, end: usize, piece: usize) -> Vec<&str> {
        let data = Bytes::copy_from_slice(text.as_bytes());
        let (length, mut fed) = (text.len(), start);
        let mut reader = LineReader::new(start as u64, end as u64, length as u64);
        let mut found = Vec::new();
        loop {
            match reader.peek() {
                Peek::Line(line) => {
                    let start = usize::try_from(line.start).unwrap();
                    found.push(&text[start..start + line.text.len()]);
                    assert_eq!(line.text, found.last().unwrap().as_bytes());
                    reader.advance();
                }
                Peek::More => {
                    assert!(fed < length, "there is no more");
                    let next = (fed + piece).min(length);
                    reader.feed(data.slice(fed..next));
                    fed = next;
                }
                Peek::End => return found,
            }
        }
    }

    fn lines(text: &str, start: usize, end: usize) -> Vec<&str> {
        lines_in(text, start, end, usize::MAX / 2)
    }

    #[test]
    fn a_cut_line_belongs_to_the_split_that_it_starts_in() {
        let text = "one two\nthree four\nfive";
        assert_eq!(lines(text, 0, 12), ["one two", "three four"]);
        assert_eq!(lines(text, 12, 23), ["five"]);
    }

    #[test]
    fn a_line_that_starts_exactly_at_the_end_belongs_to_the_earlier_split() {
        let text = "one\ntwo\nthree\n";
        assert_eq!(lines(text, 0, 4), ["one", "two"]);
        assert_eq!(lines(text, 4, 14), ["three"]);
    }

    #[test]
    fn a_split_that_starts_inside_a_line_end_has_the_next_line() {
        assert_eq!(lines("one\r\ntwo\r\nthree", 0, 4), ["one"]);
        assert_eq!(lines("one\r\ntwo\r\nthree", 4, 15), ["two", "three"]);
    }

    #[test]
    fn a_byte_order_mark_belongs_to_no_line() {
        for piece in [1, 2, 3, 100] {
            assert_eq!(lines_in("\u{feff}one\ntwo", 0, 10, piece), ["one", "two"]);
            assert_eq!(lines_in("on", 0, 2, piece), ["on"]);
        }
    }

    #[test]
    fn a_text_of_unknown_length_is_read_to_where_it_ends() {
        for (text, expected) in [("one\ntwo", vec!["one", "two"]), ("", vec![]), ("a\r", vec!["a"])]
        {
            let mut reader = LineReader::of_whole();
            let mut found = Vec::new();
            for piece in text.as_bytes().chunks(2) {
                reader.feed(Bytes::copy_from_slice(piece));
                while let Peek::Line(line) = reader.peek() {
                    found.push(String::from_utf8_lossy(line.text).into_owned());
                    reader.advance();
                }
            }
            reader.end_here();
            while let Peek::Line(line) = reader.peek() {
                found.push(String::from_utf8_lossy(line.text).into_owned());
                reader.advance();
            }
            assert_eq!(
                (found, reader.peek()),
                (expected.iter().map(|line| (*line).to_owned()).collect(), Peek::End)
            );
        }
    }

    #[test]
    fn each_of_the_three_line_ends_ends_a_line() {
        assert_eq!(lines("a\r\nb\rc\n\nd", 0, 9), ["a", "b", "c", "", "d"]);
    }

    /// The rule said once more, over a whole text in memory.
    fn expected(text: &str, start: usize, end: usize) -> Vec<&str> {
        let line = |at: usize| {
            let rest = &text.as_bytes()[at..];
            let length = rest.iter().position(|byte| b"\r\n".contains(byte));
            let length = length.unwrap_or(rest.len());
            let end = if rest[length..].starts_with(b"\r\n") { 2 } else { 1 };
            (&text[at..at + length], (at + length + end).min(text.len()))
        };
        let mut at = if start == 0 { 0 } else { line(start).1 };
        let mut found = Vec::new();
        while at <= end && at < text.len() {
            let (one, next) = line(at);
            found.push(one);
            at = next;
        }
        found
    }

    #[test]
    fn however_a_text_is_cut_and_fed_each_line_is_read_once() {
        for seed in 0..2_000 {
            let mut random = Random::keyed(seed, Purpose::Test, 0, 0);
            let length = random.below(40);
            let alphabet = ["a", "b", "\n", "\r", "\r\n"];
            let below = |random: &mut Random, bound| usize::try_from(random.below(bound)).unwrap();
            let text: String = (0..length).map(|_| alphabet[below(&mut random, 5)]).collect();
            let whole = lines(&text, 0, text.len());
            let mut cuts: Vec<usize> =
                (0..random.below(6)).map(|_| below(&mut random, text.len() as u64 + 1)).collect();
            cuts.extend([0, text.len()]);
            cuts.sort_unstable();
            cuts.dedup();
            let mut read = Vec::new();
            for cut in cuts.windows(2) {
                let piece = 1 + below(&mut random, 9);
                let split = lines_in(&text, cut[0], cut[1], piece);
                assert_eq!(split, expected(&text, cut[0], cut[1]), "seed {seed}: {text:?} {cut:?}");
                read.extend(split);
            }
            assert_eq!(read, whole, "seed {seed}: {text:?} cut at {cuts:?}");
        }
    }
}
