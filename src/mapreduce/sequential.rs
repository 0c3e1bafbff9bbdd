//! The oracle: each job once more as one plain loop over all lines. Every run's result is checked
//! against it.
//!
//! It shares nothing with the engine but the meaning of a job and of a partition: no splits, no
//! buffers, no segments, no merges, and none of the jobs' own functions.

mod chains;
mod counts;
mod grep;
mod index;
mod joins;
mod keys;
mod readings;

use super::split::Piece;
use super::{Job, JobConfig, Split};
use std::fmt::Debug;

/// UTF-8's byte order mark, which belongs to no line.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// A job's plain loop, in slices.
#[derive(Debug)]
pub struct Sequential {
    oracle: Box<dyn Oracle>,
    file: usize,
    position: usize,
}

/// What one job makes of all lines.
trait Oracle: Debug {
    /// Takes the next line.
    fn line(&mut self, at: Place, line: &[u8]);

    /// The result as the job writes it: the bytes of each part. Only without reducers do the parts
    /// depend on the splits.
    fn parts(&self, config: &JobConfig, splits: &[Split]) -> Vec<Vec<u8>>;
}

/// Where a line begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    file: usize,
    offset: usize,
}

impl Sequential {
    /// The plain loop of a job, before its first line.
    pub fn new(job: &Job) -> Sequential {
        let oracle: Box<dyn Oracle> = match job {
            Job::WordCount => Box::new(counts::Words::default()),
            Job::Grep { pattern } => Box::new(grep::Matches::new(pattern)),
            Job::InvertedIndex => Box::new(index::Index::default()),
            Job::TotalOrder => Box::new(keys::Keys::default()),
            Job::SecondarySort => Box::new(readings::Series::default()),
            Job::Distinct => Box::new(keys::Vocabulary::default()),
            Job::Top { count } => Box::new(counts::Largest::new(*count)),
            Job::Average | Job::NaiveAverage => Box::new(readings::Averages::default()),
            Job::Join | Job::SaltedJoin { .. } => Box::new(joins::Shuffled::default()),
            Job::BroadcastJoin { left } => Box::new(joins::Beside::new(std::slice::from_ref(left))),
            Job::BucketedJoin { left } => Box::new(joins::Beside::new(left)),
            Job::Compaction => Box::new(joins::Lines::default()),
            Job::PageRank => Box::new(chains::Ranks::default()),
            Job::TermCounts => Box::new(chains::Terms::default()),
            Job::DocumentSizes => Box::new(chains::Sizes::default()),
            Job::TermWeights { documents } => Box::new(chains::Weights::new(*documents)),
        };
        Sequential { oracle, file: 0, position: 0 }
    }

    /// Goes on until about `bytes` more are read; says whether the files are at their end.
    pub fn step(&mut self, files: &[&[u8]], bytes: usize) -> bool {
        let mut left = bytes;
        while let Some(text) = files.get(self.file) {
            if self.position == 0 && text.starts_with(BYTE_ORDER_MARK) {
                self.position = BYTE_ORDER_MARK.len();
            }
            while self.position < text.len() {
                if left == 0 {
                    return false;
                }
                let (line, next) = line_at(text, self.position);
                self.oracle.line(Place { file: self.file, offset: self.position }, line);
                left = left.saturating_sub(next - self.position);
                self.position = next;
            }
            (self.file, self.position) = (self.file + 1, 0);
        }
        true
    }

    /// The result as the job writes it: the bytes of each part. Only without reducers do the parts
    /// depend on the splits.
    pub fn parts(&self, config: &JobConfig, splits: &[Split]) -> Vec<Vec<u8>> {
        self.oracle.parts(config, splits)
    }

    /// The result of a job over whole files.
    pub fn of(config: &JobConfig, files: &[&[u8]], splits: &[Split]) -> Vec<Vec<u8>> {
        let mut sequential = Sequential::new(&config.job);
        sequential.step(files, usize::MAX);
        sequential.parts(config, splits)
    }
}

impl Place {
    /// Whether a line that begins here belongs to a piece of a split: it does not begin at the
    /// piece's first byte, unless that is the file's, and may begin at its end. A compressed file is
    /// one piece, and its places count bytes of its text.
    fn is_in(self, piece: &Piece) -> bool {
        let at = self.offset as u64;
        let from = if piece.offset == 0 { 0 } else { piece.offset + 1 };
        let holds = !piece.codec.is_plain() || (from..=piece.end()).contains(&at);
        piece.file.place() == self.file && holds
    }
}

/// The line that begins here, and where the next one does.
fn line_at(text: &[u8], at: usize) -> (&[u8], usize) {
    let rest = &text[at..];
    let length = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
    let end = if rest[length..].starts_with(b"\r\n") { 2 } else { 1 };
    (&rest[..length], (at + length + end).min(text.len()))
}

/// Words between the five separators of Java's `StringTokenizer`.
fn words(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|byte| b" \t\n\r\x0c".contains(byte)).filter(|word| !word.is_empty())
}

/// The fields of a line as text.
fn fields(line: &[u8], separator: char) -> Vec<String> {
    String::from_utf8_lossy(line).split(separator).map(str::to_owned).collect()
}

/// Lines by the parts that their keys go to; the lines come in the order of their part.
fn spread<'a>(
    config: &JobConfig,
    lines: impl IntoIterator<Item = (&'a [u8], Vec<u8>)>,
) -> Vec<Vec<u8>> {
    let mut parts = vec![Vec::new(); config.reducers as usize];
    for (key, line) in lines {
        let part = config.partitioner.partition(key, config.reducers);
        parts[part.0 as usize].extend(line);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapreduce::bare::tests::config;

    #[test]
    fn slices_do_not_change_the_result() {
        let texts: [&[u8]; 2] = [b"to be, or not to be\nthat is the question\n", b"to\rbe\r\n\nor"];
        let mut whole = Sequential::new(&Job::WordCount);
        assert!(whole.step(&texts, usize::MAX));
        let mut sliced = Sequential::new(&Job::WordCount);
        while !sliced.step(&texts, 3) {}
        assert_eq!(whole.parts(&config(), &[]), sliced.parts(&config(), &[]));
        let all = whole.parts(&config(), &[]).concat();
        assert!(String::from_utf8_lossy(&all).contains("to\t3\n"));
    }
}
