//! The lines that contain a text.

use super::{Oracle, Place};
use crate::mapreduce::{JobConfig, Split};

/// The lines that contain a text, split by split.
#[derive(Debug)]
pub(super) struct Matches {
    pattern: String,
    found: Vec<(Place, String)>,
}

impl Matches {
    pub(super) fn new(pattern: &str) -> Matches {
        Matches { pattern: pattern.to_owned(), found: Vec::new() }
    }
}

impl Oracle for Matches {
    fn line(&mut self, at: Place, line: &[u8]) {
        let line = String::from_utf8_lossy(line);
        if line.contains(&self.pattern) {
            self.found.push((at, format!("{}\t{line}\n", at.offset)));
        }
    }

    fn parts(&self, _: &JobConfig, splits: &[Split]) -> Vec<Vec<u8>> {
        let of_split = |split: &Split| {
            let of_piece = |piece| self.found.iter().filter(move |(at, _)| at.is_in(piece));
            let lines = split.pieces.iter().flat_map(of_piece);
            lines.flat_map(|(_, line)| line.bytes()).collect()
        };
        splits.iter().map(of_split).collect()
    }
}
