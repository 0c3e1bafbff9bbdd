//! Lines of a split, by the record-boundary rule of Hadoop's `LineRecordReader`.
//!
//! A split that does not start at 0 discards everything up to its first line end: that line, whole
//! or partial, belongs to the split before, which reads on while its position is at most its end.
//! So each line is read exactly once. `\n`, `\r\n` and `\r` all end a line.

use bytes::Bytes;
use std::ops::Range;

/// Reads the lines that belong to one split.
#[derive(Clone, Debug)]
pub struct LineReader {
    data: Bytes,
    position: usize,
    end: usize,
    skipped: usize,
}

/// A line: its bytes without the line end, and where the next one begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Where its bytes lie in the file, the line end left out.
    pub text: Range<usize>,
    /// Where the line after it begins.
    pub next: usize,
}

impl LineReader {
    /// A reader of the split `start..end` of a file.
    pub fn new(data: Bytes, start: usize, end: usize) -> LineReader {
        let position = if start == 0 { byte_order_mark(&data) } else { line_at(&data, start).next };
        LineReader { data, position, end, skipped: position - start }
    }

    /// Bytes at the head of the split that were discarded.
    pub fn skipped(&self) -> usize {
        self.skipped
    }

    /// Where the next line begins.
    pub fn position(&self) -> usize {
        self.position
    }

    /// The next line of the split, without going past it.
    pub fn peek(&self) -> Option<Line> {
        let at_end_of_file = self.position >= self.data.len();
        (self.position <= self.end && !at_end_of_file).then(|| line_at(&self.data, self.position))
    }

    /// Goes past a line that `peek` showed.
    pub fn advance(&mut self, line: &Line) {
        self.position = line.next;
    }

    /// Where the reader will stand once it has read about `bytes` more, whole lines only.
    pub fn position_after(&self, bytes: usize) -> usize {
        let mut ahead = self.position.saturating_add(bytes.max(1) - 1);
        if ahead > self.end {
            ahead = self.end;
        }
        if self.position > self.end || self.position >= self.data.len() {
            return self.position;
        }
        line_at(&self.data, ahead.max(self.position).min(self.data.len())).next
    }
}

/// UTF-8's byte order mark belongs to no line (`LineRecordReader.skipUtfByteOrderMark`).
fn byte_order_mark(data: &[u8]) -> usize {
    if data.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 }
}

/// The line (or the rest of one) that begins at `start`.
fn line_at(data: &[u8], start: usize) -> Line {
    let rest = &data[start..];
    match memchr::memchr2(b'\n', b'\r', rest) {
        None => Line { text: start..data.len(), next: data.len() },
        Some(length) => {
            let two = rest[length] == b'\r' && rest.get(length + 1) == Some(&b'\n');
            let next = start + length + if two { 2 } else { 1 };
            Line { text: start..start + length, next }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::{Purpose, Random};

    fn lines(text: &str, start: usize, end: usize) -> Vec<&str> {
        let mut reader = LineReader::new(Bytes::copy_from_slice(text.as_bytes()), start, end);
        let mut found = Vec::new();
        while let Some(line) = reader.peek() {
            reader.advance(&line);
            found.push(&text[line.text]);
        }
        found
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
    fn a_byte_order_mark_belongs_to_no_line() {
        assert_eq!(lines("\u{feff}one\ntwo", 0, 10), ["one", "two"]);
    }

    #[test]
    fn each_of_the_three_line_ends_ends_a_line() {
        assert_eq!(lines("a\r\nb\rc\n\nd", 0, 9), ["a", "b", "c", "", "d"]);
    }

    #[test]
    fn however_a_text_is_cut_each_line_is_read_once() {
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
            let pieces: Vec<&str> =
                cuts.windows(2).flat_map(|cut| lines(&text, cut[0], cut[1])).collect();
            assert_eq!(pieces, whole, "seed {seed}: {text:?} cut at {cuts:?}");
        }
    }

    #[test]
    fn reading_ahead_stops_where_lines_end() {
        let text = "one two\nthree four\nfive";
        let reader = LineReader::new(Bytes::from_static(text.as_bytes()), 0, 12);
        assert_eq!(reader.position_after(1), 8);
        assert_eq!(reader.position_after(9), 19);
        assert_eq!(reader.position_after(1_000), 19);
    }
}
