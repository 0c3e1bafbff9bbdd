//! The oracle: the same job in one plain loop. Every run's result is checked against it.
//!
//! It shares nothing with the engine but the meaning of a line, a word and a partition: no splits,
//! no buffers, no segments, no merges.

use super::Partitioner;
use crate::base::{FileId, Files};
use std::collections::BTreeMap;

/// Counts the words of files in slices.
#[derive(Clone, Debug, Default)]
pub struct SequentialWordCount {
    counts: BTreeMap<Vec<u8>, u64>,
    file: FileId,
    position: usize,
}

impl SequentialWordCount {
    /// Counts on until about `bytes` more are read; says whether the last file is at its end.
    pub fn step(&mut self, files: &Files, bytes: usize) -> bool {
        let Some(file) = files.get(self.file) else { return true };
        if self.step_in(&file.bytes, bytes) {
            (self.file, self.position) = (FileId(self.file.0 + 1), 0);
        }
        files.get(self.file).is_none()
    }

    /// Counts on in a text; says whether it is at its end.
    fn step_in(&mut self, text: &[u8], bytes: usize) -> bool {
        if self.position == 0 && text.starts_with("\u{feff}".as_bytes()) {
            self.position = "\u{feff}".len();
        }
        let mut end = self.position.saturating_add(bytes).min(text.len());
        while end < text.len() && !is_blank(text[end]) {
            end += 1;
        }
        for word in text[self.position..end].split(|byte| is_blank(*byte)) {
            if !word.is_empty() {
                match self.counts.get_mut(word) {
                    Some(count) => *count += 1,
                    None => drop(self.counts.insert(word.to_vec(), 1)),
                }
            }
        }
        self.position = end;
        end == text.len()
    }

    /// The result as the job writes it: each part's lines in the order of their keys.
    pub fn parts(&self, partitioner: Partitioner, reducers: u32) -> Vec<Vec<u8>> {
        let mut parts = vec![Vec::new(); reducers as usize];
        for (word, count) in &self.counts {
            let part = &mut parts[partitioner.partition(word, reducers).0 as usize];
            part.extend_from_slice(word);
            part.extend_from_slice(format!("\t{count}\n").as_bytes());
        }
        parts
    }
}

/// What stands between words.
fn is_blank(byte: u8) -> bool {
    [b' ', b'\t', b'\n', b'\r', b'\x0c'].contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    #[test]
    fn slices_do_not_change_the_counts() {
        let text = Bytes::from_static(b"to be, or not to be\nthat is the question\n");
        let text = &Files::from(text);
        let mut whole = SequentialWordCount::default();
        assert!(whole.step(text, usize::MAX));
        let mut sliced = SequentialWordCount::default();
        while !sliced.step(text, 3) {}
        let parts = |count: &SequentialWordCount| count.parts(Partitioner::HadoopText, 2);
        assert_eq!(parts(&whole), parts(&sliced));
        assert_eq!(whole.counts.values().sum::<u64>(), 10);
    }
}
