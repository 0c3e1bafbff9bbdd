//! Keys and nothing else: all of them in order, or each once.

use super::{Oracle, Place, spread, words};
use crate::mapreduce::{JobConfig, Split};
use std::collections::BTreeSet;

/// The keys of all lines.
#[derive(Debug, Default)]
pub(super) struct Keys(Vec<Vec<u8>>);

/// The words that occur.
#[derive(Debug, Default)]
pub(super) struct Vocabulary(BTreeSet<Vec<u8>>);

impl Oracle for Keys {
    fn line(&mut self, _: Place, line: &[u8]) {
        let key = line.split(|byte| *byte == b'\t').next().unwrap_or_default();
        self.0.push(key.to_vec());
    }

    fn parts(&self, config: &JobConfig, _: &[Split]) -> Vec<Vec<u8>> {
        let mut sorted = self.0.clone();
        sorted.sort();
        spread(config, sorted.iter().map(|key| (key.as_slice(), [key.as_slice(), b"\n"].concat())))
    }
}

impl Oracle for Vocabulary {
    fn line(&mut self, _: Place, line: &[u8]) {
        for word in words(line) {
            if !self.0.contains(word) {
                self.0.insert(word.to_vec());
            }
        }
    }

    fn parts(&self, config: &JobConfig, _: &[Split]) -> Vec<Vec<u8>> {
        spread(config, self.0.iter().map(|key| (key.as_slice(), [key.as_slice(), b"\n"].concat())))
    }
}
