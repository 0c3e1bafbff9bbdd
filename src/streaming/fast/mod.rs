//! The fast path: tumbling and sliding windows of event time, where nobody watches single elements.
//!
//! It gives what Flink's `WindowOperator` gives with `EventTimeTrigger` and no allowed lateness, and is tested
//! against that. A window is made of slices that it shares with others, so that an element is added once,
//! however many windows it is in; a slice keeps a fold for each key that it has met, and no element. Memory
//! grows with open windows and the keys in them, not with the elements that have passed.

mod table;

pub use table::spread;

use super::aggregate::Aggregate;
use super::assigner::start_of;
use super::{BEFORE_ALL, Millis, Window};
use std::collections::BTreeMap;
use table::Table;

/// The result of a window of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fired<A> {
    /// The window.
    pub window: Window,
    /// The key.
    pub key: u64,
    /// What it came to.
    pub contents: A,
}

/// The windows of all keys, a key being a number.
#[derive(Clone, Debug)]
pub struct FastWindows<A> {
    size_ms: Millis,
    slide_ms: Millis,
    offset_ms: Millis,
    /// The greatest common divisor of both: no window begins or ends inside a slice.
    slice_ms: Millis,
    /// Where the slices that have elements are, by their first millisecond.
    open: BTreeMap<Millis, usize>,
    tables: Vec<Table<A>>,
    /// Tables that are not in use.
    free: Vec<usize>,
    /// The slices that were looked for last, as most elements that follow are in one of them.
    recent: [Slice; 2],
    /// Which of them is forgotten next.
    older: usize,
    watermark: Millis,
    dropped: u64,
    /// For a window of several slices.
    sum: Table<A>,
}

/// A piece of time that is in the same windows as a whole.
#[derive(Clone, Copy, Debug)]
struct Slice {
    start: Millis,
    end: Millis,
    placed: Placed,
    /// Where its folds are; nothing when all its windows are passed.
    table: Option<usize>,
}

/// No time is in it.
const NO_SLICE: Slice = Slice {
    start: Millis::MAX,
    end: Millis::MIN,
    placed: Placed { taken: 0, late: 0 },
    table: None,
};

/// In how many windows an element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Those that took it.
    pub taken: u64,
    /// Those that it was too late for: the watermark had reached their last millisecond.
    pub late: u64,
}

impl<A: Aggregate> FastWindows<A> {
    /// Windows of `size_ms` that begin each `slide_ms`, which is the size of tumbling ones.
    ///
    /// # Panics
    /// When the slide is not positive, or above the size.
    pub fn new(size_ms: Millis, slide_ms: Millis, offset_ms: Millis) -> FastWindows<A> {
        assert!(slide_ms > 0 && slide_ms <= size_ms, "windows without gaps");
        FastWindows {
            size_ms,
            slide_ms,
            offset_ms,
            slice_ms: greatest_common_divisor(size_ms, slide_ms),
            open: BTreeMap::new(),
            tables: Vec::new(),
            free: Vec::new(),
            recent: [NO_SLICE; 2],
            older: 0,
            watermark: BEFORE_ALL,
            dropped: 0,
            sum: Table::default(),
        }
    }

    /// An element comes, into those of its windows that it is not too late for.
    #[inline]
    pub fn on_element(&mut self, key: u64, at: Millis, value: &A::Input) -> Placed {
        let place = self.recent.iter().position(|slice| slice.start <= at && at < slice.end);
        let slice = match place {
            Some(place) => self.recent[place],
            None => self.look_for(at),
        };
        if let Some(table) = slice.table {
            self.tables[table].of(key).add(value);
        }
        self.dropped += slice.placed.late;
        slice.placed
    }

    /// The watermark moves: windows whose last millisecond it has reached fire, the earliest first.
    pub fn on_watermark(&mut self, watermark: Millis, out: &mut Vec<Fired<A>>) {
        if watermark <= self.watermark {
            return;
        }
        let mut fired: Option<Millis> = None;
        while let Some((start, table)) = self.open.first_key_value().map(|(at, of)| (*at, *of)) {
            let mut is_over = true;
            for window in self.windows_of(start) {
                is_over = window.max_timestamp() <= watermark;
                if !is_over {
                    break;
                }
                // Not what has fired with an earlier slice, nor what no element was in time for.
                let is_due = window.max_timestamp() > self.watermark;
                if is_due && fired.is_none_or(|before| window.start > before) {
                    fired = Some(window.start);
                    self.fire(window, out);
                }
            }
            if !is_over {
                break;
            }
            self.open.remove(&start);
            self.tables[table].clear();
            self.free.push(table);
        }
        self.watermark = watermark;
        self.recent = [NO_SLICE; 2];
    }

    /// Elements that were too late for a window, each once a window.
    pub const fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Slices that are open, and folds of keys in them.
    pub fn state(&self) -> (usize, usize) {
        let folds = self.open.values().map(|table| self.tables[*table].entries().len());
        (self.open.len(), folds.sum())
    }

    fn fire(&mut self, window: Window, out: &mut Vec<Fired<A>>) {
        let fired =
            |(key, contents): &(u64, A)| Fired { window, key: *key, contents: contents.clone() };
        let mut slices = self.open.range(window.start..window.end).map(|(_, table)| *table);
        let Some(first) = slices.next() else { return };
        let mut slices = slices.peekable();
        if slices.peek().is_none() {
            out.extend(self.tables[first].entries().iter().map(fired));
            return;
        }
        self.sum.clone_from(&self.tables[first]);
        for table in slices {
            for (key, contents) in self.tables[table].entries() {
                self.sum.of(*key).merge(contents.clone());
            }
        }
        out.extend(self.sum.entries().iter().map(fired));
    }

    /// The slice of a time, opened where it was not and is not too late.
    #[cold]
    fn look_for(&mut self, at: Millis) -> Slice {
        let start = start_of(at, self.slice_ms, self.offset_ms);
        let end = start.saturating_add(self.slice_ms);
        let placed = self.placed(start);
        let table = (placed.taken > 0).then(|| self.table_of(start));
        let slice = Slice { start, end, placed, table };
        self.recent[self.older] = slice;
        self.older = 1 - self.older;
        slice
    }

    fn table_of(&mut self, start: Millis) -> usize {
        if let Some(table) = self.open.get(&start) {
            return *table;
        }
        let table = self.free.pop().unwrap_or_else(|| {
            self.tables.push(Table::default());
            self.tables.len() - 1
        });
        self.open.insert(start, table);
        table
    }

    /// The windows that hold the slice from `start` on, the earliest first.
    fn windows_of(&self, start: Millis) -> impl Iterator<Item = Window> + use<A> {
        let (size, slide) = (self.size_ms, self.slide_ms);
        let last = start_of(start, slide, self.offset_ms);
        let before =
            (i128::from(size) - 1 - (i128::from(start) - i128::from(last))) / i128::from(slide);
        let before = Millis::try_from(before).unwrap_or(0);
        (0..=before).rev().map(move |back| {
            let start = last.saturating_sub(back * slide);
            Window { start, end: start.saturating_add(size) }
        })
    }

    /// In how many of them an element is.
    fn placed(&self, start: Millis) -> Placed {
        let mut placed = Placed { taken: 0, late: 0 };
        for window in self.windows_of(start) {
            match window.max_timestamp() <= self.watermark {
                true => placed.late += 1,
                false => placed.taken += 1,
            }
        }
        placed
    }
}

fn greatest_common_divisor(one: Millis, other: Millis) -> Millis {
    if other == 0 { one } else { greatest_common_divisor(other, one % other) }
}

#[cfg(test)]
mod tests;
