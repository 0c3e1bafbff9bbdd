//! The inverted index.

use super::{Oracle, Place, fields, spread};
use crate::mapreduce::{JobConfig, Split};
use std::collections::BTreeMap;

/// The postings of each word.
#[derive(Debug, Default)]
pub(super) struct Index(BTreeMap<String, Vec<String>>);

impl Oracle for Index {
    fn line(&mut self, _: Place, line: &[u8]) {
        let fields = fields(line, '\t');
        let (document, text) = (&fields[0], fields[1..].join("\t").to_lowercase());
        let mut in_line: BTreeMap<String, u32> = BTreeMap::new();
        let mut word = String::new();
        for letter in text.chars().chain([' ']) {
            if letter.is_ascii_lowercase() {
                word.push(letter);
            } else if !word.is_empty() {
                *in_line.entry(std::mem::take(&mut word)).or_default() += 1;
            }
        }
        for (word, count) in in_line {
            self.0.entry(word).or_default().push(format!("{document}:{count}"));
        }
    }

    fn parts(&self, config: &JobConfig, _: &[Split]) -> Vec<Vec<u8>> {
        let line = |word: &String, postings: &Vec<String>| {
            let mut postings = postings.clone();
            postings.sort();
            format!("{word}\t{}\n", postings.join(" ")).into_bytes()
        };
        spread(config, self.0.iter().map(|(word, list)| (word.as_bytes(), line(word, list))))
    }
}
