//! The k-way merge of sorted segments.
//!
//! Records with equal keys come in the order of their segments, so that a result does not depend
//! on which segment arrived first.

use super::heap;
use super::segment::{Segment, SegmentReader};
use std::cmp::Ordering;
use std::sync::Arc;

/// Gives the records of several segments in the order of their keys.
#[derive(Clone, Debug)]
pub struct Merger {
    readers: Vec<Reader>,
    /// A binary heap of places in `readers`; the smallest key is at its root.
    heap: Vec<usize>,
}

impl Merger {
    /// A merge of these segments, standing on the first record.
    pub fn new<'a>(segments: impl IntoIterator<Item = &'a Segment>) -> Merger {
        Merger::by_source(
            (0..).zip(segments).map(|(place, segment)| (segment, Sources::One(place))),
        )
    }

    /// A merge of these segments in which equal keys come in the order of their sources.
    pub fn by_source<'a>(segments: impl IntoIterator<Item = (&'a Segment, Sources)>) -> Merger {
        let reader = |(segment, sources): (&Segment, Sources)| Reader {
            records: segment.reader(),
            source: sources.at(0),
            sources,
            place: 0,
        };
        let mut readers: Vec<Reader> = segments.into_iter().map(reader).collect();
        let mut heap: Vec<usize> =
            (0..readers.len()).filter(|place| readers[*place].records.advance()).collect();
        heap::build(&mut heap, |one, other| is_before(&readers, one, other));
        Merger { readers, heap }
    }

    /// The record that comes next.
    pub fn peek(&self) -> Option<(&[u8], &[u8])> {
        self.heap.first().map(|place| {
            let reader = &self.readers[*place].records;
            (reader.key(), reader.value())
        })
    }

    /// The source of that record.
    pub fn source(&self) -> u32 {
        self.heap.first().map_or(0, |place| self.readers[*place].source)
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

/// Whether a reader's record comes before another's: by key, then by source and by place.
fn is_before(readers: &[Reader], one: usize, other: usize) -> bool {
    let (reader, another) = (&readers[one], &readers[other]);
    let keys = reader.records.key().cmp(another.records.key());
    let sources = || reader.source.cmp(&another.source);
    keys.then_with(sources).then(one.cmp(&other)) == Ordering::Less
}

/// A segment that is read, and the source of the record that it stands on.
#[derive(Clone, Debug)]
struct Reader {
    records: SegmentReader,
    source: u32,
    sources: Sources,
    place: usize,
}

impl Reader {
    fn advance(&mut self) -> bool {
        self.place += 1;
        self.source = self.sources.at(self.place);
        self.records.advance()
    }
}

/// Where a segment's records are from. It is kept beside the segment, so that what was merged with
/// what never shows in an order; no byte of it is stored or counted.
#[derive(Clone, Debug)]
pub enum Sources {
    /// All from one.
    One(u32),
    /// Each from its own.
    Each(Arc<[u32]>),
}

impl Sources {
    fn at(&self, place: usize) -> u32 {
        match self {
            Sources::One(source) => *source,
            Sources::Each(sources) => sources.get(place).copied().unwrap_or(u32::MAX),
        }
    }
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

    /// However segments were merged before, equal keys come in the order of their sources.
    #[test]
    fn what_was_merged_with_what_does_not_show() {
        let one = |value| segment(&[("a", value)]);
        let (first, second, third) = (one("1"), one("2"), one("3"));
        let merged = segment(&[("a", "1"), ("a", "3")]);
        let values = |mut merger: Merger| {
            let mut seen = Vec::new();
            while let Some((_, value)) = merger.peek() {
                seen.push((String::from_utf8_lossy(value).into_owned(), merger.source()));
                merger.advance();
            }
            seen
        };
        let at_once = Merger::by_source([
            (&third, Sources::One(2)),
            (&first, Sources::One(0)),
            (&second, Sources::One(1)),
        ]);
        let in_turn = Merger::by_source([
            (&merged, Sources::Each([0, 2].into())),
            (&second, Sources::One(1)),
        ]);
        assert_eq!(values(at_once), values(in_turn));
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
