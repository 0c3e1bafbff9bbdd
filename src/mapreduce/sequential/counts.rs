//! Word counts, and the largest of counts.

use super::{Oracle, Place, fields, spread, words};
use crate::mapreduce::job::KeyPart;
use crate::mapreduce::{JobConfig, Split};
use std::collections::BTreeMap;

/// How often each word occurs.
#[derive(Debug, Default)]
pub(super) struct Words(BTreeMap<Vec<u8>, u64>);

impl Oracle for Words {
    fn line(&mut self, _: Place, line: &[u8]) {
        for word in words(line) {
            match self.0.get_mut(word) {
                Some(count) => *count += 1,
                None => drop(self.0.insert(word.to_vec(), 1)),
            }
        }
    }

    fn parts(&self, config: &JobConfig, _: &[Split]) -> Vec<Vec<u8>> {
        let line = |word: &[u8], count| [word, format!("\t{count}\n").as_bytes()].concat();
        spread(config, self.0.iter().map(|(word, count)| (word.as_slice(), line(word, count))))
    }
}

/// The largest of all lines `name TAB count`.
#[derive(Debug)]
pub(super) struct Largest {
    most: usize,
    all: Vec<(i64, String)>,
}

impl Largest {
    pub(super) fn new(most: u32) -> Largest {
        Largest { most: most as usize, all: Vec::new() }
    }
}

impl Oracle for Largest {
    fn line(&mut self, _: Place, line: &[u8]) {
        if let [name, count] = &fields(line, '\t')[..] {
            self.all.push((count.parse().unwrap_or(0), name.clone()));
        }
    }

    /// All keys are the same nothing, so one reducer has them all.
    fn parts(&self, config: &JobConfig, _: &[Split]) -> Vec<Vec<u8>> {
        let mut sorted = self.all.clone();
        sorted.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
        let lines = sorted.iter().take(self.most).map(|(count, name)| format!("{name}\t{count}\n"));
        let mut parts = vec![Vec::new(); config.reducers as usize];
        let part = config.partitioner.partition_part(KeyPart::Nothing, config.reducers);
        parts[part.0 as usize] = lines.collect::<String>().into_bytes();
        parts
    }
}
