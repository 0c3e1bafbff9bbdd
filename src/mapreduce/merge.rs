//! The k-way merge of sorted segments.
//!
//! Records with equal keys come in the order of their segments, so that a result does not depend
//! on which segment arrived first.

use super::heap;
use super::segment::{Segment, SegmentReader};
use std::cmp::Ordering;

/// Gives the records of several segments in the order of their keys.
#[derive(Clone, Debug)]
pub struct Merger {
    readers: Vec<SegmentReader>,
    /// A binary heap of places in `readers`; the smallest key is at its root.
    heap: Vec<usize>,
}

impl Merger {
    /// A merge of these segments, standing on the first record.
    pub fn new<'a>(segments: impl IntoIterator<Item = &'a Segment>) -> Merger {
        let mut readers: Vec<SegmentReader> = segments.into_iter().map(Segment::reader).collect();
        let mut heap: Vec<usize> =
            (0..readers.len()).filter(|place| readers[*place].advance()).collect();
        heap::build(&mut heap, |one, other| is_before(&readers, one, other));
        Merger { readers, heap }
    }

    /// The record that comes next.
    pub fn peek(&self) -> Option<(&[u8], &[u8])> {
        self.heap.first().map(|place| {
            let reader = &self.readers[*place];
            (reader.key(), reader.value())
        })
    }

    /// Goes past the record that `peek` showed.
    pub fn advance(&mut self) {
        let Some(&first) = self.heap.first() else { return };
        if !self.readers[first].advance() {
            self.heap.swap_remove(0);
        }
        let readers = &self.readers;
        heap::sift_down(&mut self.heap, 0, |one, other| is_before(readers, one, other));
    }
}

/// Whether a reader's record comes before another's: by key, then by place.
fn is_before(readers: &[SegmentReader], one: usize, other: usize) -> bool {
    let keys = readers[one].key().cmp(readers[other].key());
    keys.then(one.cmp(&other)) == Ordering::Less
}

/// How many segments a merge pass reads: the first pass just so many that all later ones are full
/// (Hadoop's `Merger.getPassFactor`). Passes count from 1.
pub fn pass_factor(factor: u32, pass: u32, segments: u32) -> u32 {
    if pass > 1 || segments <= factor || factor <= 1 {
        return factor;
    }
    match (segments - 1) % (factor - 1) {
        0 => factor,
        rest => rest + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::super::segment::SegmentWriter;
    use super::*;

    fn segment(records: &[(&str, &str)]) -> Segment {
        let mut writer = SegmentWriter::default();
        for (key, value) in records {
            writer.push(key.as_bytes(), value.as_bytes());
        }
        writer.finish()
    }

    #[test]
    fn equal_keys_come_in_the_order_of_their_segments() {
        let segments =
            [segment(&[("a", "1"), ("c", "2")]), segment(&[]), segment(&[("a", "3"), ("b", "4")])];
        let mut merger = Merger::new(&segments);
        let mut seen = String::new();
        while let Some((key, value)) = merger.peek() {
            seen += &format!("{}{} ", String::from_utf8_lossy(key), String::from_utf8_lossy(value));
            merger.advance();
        }
        assert_eq!(seen, "a1 a3 b4 c2 ");
    }

    /// `Merger.getPassFactor`: 12 segments by 10 are merged 3 first, then the 10 that are left.
    #[test]
    fn the_first_pass_makes_the_later_ones_full() {
        assert_eq!(pass_factor(10, 1, 12), 3);
        assert_eq!(pass_factor(10, 2, 10), 10);
        assert_eq!(pass_factor(10, 1, 19), 10);
        assert_eq!(pass_factor(10, 1, 9), 10);
    }
}
