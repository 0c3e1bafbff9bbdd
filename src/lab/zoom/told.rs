//! The steps that an answer tells: those of its window, while all are counted.

use crate::base::PartitionId;
use crate::lab::messages::zoom::{BufferUse, Did, ROWS_MAX, Row, Rows, ZoomStep};
use crate::mapreduce::job::Shape;
use crate::mapreduce::segment::Segment;
use std::ops::Range;

/// The longest text of a line, and of a key or a value, in characters.
const LINE_CHARS_MAX: usize = 400;
const WORD_CHARS_MAX: usize = 120;

/// The steps of a window.
#[derive(Debug)]
pub(super) struct Told {
    /// How many steps there were so far.
    pub(super) next: u64,
    window: Range<u64>,
    /// The first row that is wanted of each table.
    pub(super) rows_from: u64,
    pub(super) steps: Vec<ZoomStep>,
}

impl Told {
    /// None yet, of these.
    pub(super) fn new(window: Range<u64>, rows_from: u64) -> Told {
        Told { next: 0, window, rows_from, steps: Vec::new() }
    }

    /// Goes on to a later window.
    pub(super) fn turn_to(&mut self, window: Range<u64>, rows_from: u64) {
        (self.window, self.rows_from) = (window, rows_from);
        self.steps.clear();
    }

    /// Whether the next step is one of the window.
    pub(super) fn wants(&self) -> bool {
        self.window.contains(&self.next)
    }

    /// Whether one of the next so many steps is of the window.
    pub(super) fn wants_soon(&self, steps: u64) -> bool {
        self.next < self.window.end && self.next.saturating_add(steps) > self.window.start
    }

    /// Whether it is of this very window.
    pub(super) fn is_window(&self, window: &Range<u64>, rows_from: u64) -> bool {
        self.window == *window && self.rows_from == rows_from
    }

    /// Whether no step is wanted.
    pub(super) fn is_empty_window(&self) -> bool {
        self.window.is_empty()
    }

    /// Whether all steps of the window were told.
    pub(super) fn is_full(&self) -> bool {
        self.next >= self.window.end
    }

    /// The first step of the window.
    pub(super) fn from(&self) -> u64 {
        self.window.start
    }

    /// A step was taken; what it was is only put together where it is wanted.
    pub(super) fn tell(&mut self, buffer: Option<BufferUse>, did: impl FnOnce(u64) -> Did) {
        if self.wants() {
            self.steps.push(ZoomStep { did: did(self.rows_from), buffer });
        }
        self.next += 1;
    }
}

/// A text, cut where it is longer than anyone reads.
fn cut(mut text: String, most: usize) -> String {
    if let Some((at, _)) = text.char_indices().nth(most) {
        text.truncate(at);
        text.push('…');
    }
    text
}

/// The text of a line.
pub(super) fn line_text(bytes: &[u8]) -> String {
    cut(String::from_utf8_lossy(bytes).into_owned(), LINE_CHARS_MAX)
}

/// A key or a value.
pub(super) fn word(text: String) -> String {
    cut(text, WORD_CHARS_MAX)
}

/// A page of records that come one after another.
pub(super) struct Paged {
    rows: Rows,
}

impl Paged {
    /// A page from this record on.
    pub(super) fn from(from: u64) -> Paged {
        Paged { rows: Rows { total: 0, from, rows: Vec::new() } }
    }

    /// One more record; what is not here is not on the page, and is only counted.
    pub(super) fn add(&mut self, row: impl FnOnce() -> Option<Row>) {
        let rows = &mut self.rows;
        if (rows.from..rows.from.saturating_add(ROWS_MAX)).contains(&rows.total) {
            rows.rows.extend(row());
        }
        rows.total += 1;
    }

    /// The page.
    pub(super) fn finish(self) -> Rows {
        self.rows
    }
}

/// A record as people read it.
pub(super) fn row(
    shape: Shape,
    (key, value): (&[u8], &[u8]),
    partition: Option<PartitionId>,
    map: Option<u32>,
) -> Row {
    let (key, value) = (word(shape.show_key(key)), word(shape.show_value(value)));
    Row { partition, map, key, value }
}

/// A page of the records of segments, which are of the partitions from this one on. Only the page
/// is read, so that a large segment takes no time.
pub(super) fn segment_rows(
    shape: Shape,
    segments: &[Segment],
    first: PartitionId,
    from: u64,
) -> Rows {
    let total = segments.iter().map(|segment| segment.volume().records).sum();
    let mut rows = Rows { total, from, rows: Vec::new() };
    let mut skip = from;
    for (partition, segment) in (first.0..).map(PartitionId).zip(segments) {
        let records = segment.volume().records;
        if skip >= records {
            skip -= records;
            continue;
        }
        let mut reader = segment.reader();
        while rows.rows.len() as u64 != ROWS_MAX && reader.advance() {
            if skip > 0 {
                skip -= 1;
                continue;
            }
            let pair = (reader.key(), reader.value());
            rows.rows.push(row(shape, pair, Some(partition), None));
        }
    }
    rows
}
