//! The fast path: counts and sums by key in tumbling or sliding windows of event time, where nobody watches.
//!
//! It gives what Flink's `WindowOperator` gives with `EventTimeTrigger` and no allowed lateness, and is tested
//! against that. Records come in batches. Windows are made of slices that they share, so that an element is
//! added once, however many windows it is in; a slice has a cell for each key, and keys are numbered as they
//! come. Memory grows with keys and open windows, not with the records that have passed.

use super::watermark::Bounded;
use super::{BEFORE_ALL, Millis, Window};
use hashbrown::HashTable;
use std::collections::VecDeque;

/// A record: its key, its event time, its value.
pub type Record = (u64, Millis, i64);

/// The result of a window of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fired {
    /// The window.
    pub window: Window,
    /// The key.
    pub key: u64,
    /// Elements in it.
    pub count: u64,
    /// Their sum, as far as it fits.
    pub sum: i64,
}

/// Counts and sums of one key in one slice.
#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    count: u64,
    sum: i64,
}

/// A piece of time that is in the same windows as a whole.
#[derive(Clone, Debug)]
struct Slice {
    cells: Vec<Cell>,
    /// Whether anything is in it.
    is_used: bool,
}

/// The windows of all keys.
#[derive(Clone, Debug)]
pub struct FastWindows {
    size_ms: Millis,
    slide_ms: Millis,
    offset_ms: Millis,
    slice_ms: Millis,
    keys: Keys,
    /// Side by side, from `first_start` on.
    slices: VecDeque<Slice>,
    first_start: Millis,
    /// Slices that were used and are over, to be used again.
    spare: Vec<Slice>,
    generator: Bounded,
    watermark: Millis,
    /// The end of the last window that fired.
    fired_end: Millis,
    dropped: u64,
}

/// The most slices that may be open at once; a record further ahead has no place.
const SLICES_MAX: usize = 1 << 20;

impl FastWindows {
    /// Windows of `size_ms` that begin each `slide_ms`, which is the size of tumbling ones, and a watermark
    /// that stays `delay_ms` behind.
    ///
    /// # Panics
    /// When a length is not positive, or the slide above the size.
    pub fn new(
        size_ms: Millis,
        slide_ms: Millis,
        offset_ms: Millis,
        delay_ms: Millis,
    ) -> FastWindows {
        assert!(slide_ms > 0 && slide_ms <= size_ms, "windows without gaps");
        let slice_ms = greatest_common_divisor(size_ms, slide_ms);
        FastWindows {
            size_ms,
            slide_ms,
            offset_ms,
            slice_ms,
            keys: Keys::default(),
            slices: VecDeque::new(),
            first_start: 0,
            spare: Vec::new(),
            generator: Bounded::new(delay_ms),
            watermark: BEFORE_ALL,
            fired_end: BEFORE_ALL,
            dropped: 0,
        }
    }

    /// A batch of records, then the watermark that follows from it.
    pub fn on_batch(&mut self, records: &[Record], out: &mut Vec<Fired>) {
        // The slice of the last record, as most of those that follow are in it too.
        let (mut place, mut start, mut end) = (0, 0, 0);
        for (key, at, value) in records {
            self.generator.on_element(*at);
            if *at < start || *at >= end {
                let Some(found) = self.slice_of(*at) else { continue };
                (place, start) = found;
                end = start.saturating_add(self.slice_ms);
            }
            let id = self.keys.id(*key);
            let cells = &mut self.slices[place].cells;
            if id >= cells.len() {
                cells.resize(self.keys.len(), Cell::default());
            }
            let cell = &mut cells[id];
            cell.count += 1;
            cell.sum = cell.sum.saturating_add(*value);
            // An element in several windows may be too late for the earlier ones.
            if self.slide_ms < self.size_ms {
                self.dropped += self.late_windows(*at);
            }
        }
        self.on_watermark(self.generator.watermark(), out);
    }

    /// The watermark moves: windows whose last millisecond it has reached fire, the earliest first, key by key.
    pub fn on_watermark(&mut self, watermark: Millis, out: &mut Vec<Fired>) {
        if watermark <= self.watermark {
            return;
        }
        while !self.slices.is_empty() {
            // The first window that ends with or after the first slice.
            let end = self.next_end(self.first_start.saturating_add(self.slice_ms));
            let fired = self.fire_up_to(end, watermark, out);
            if !fired {
                break;
            }
        }
        self.watermark = watermark;
    }

    /// Elements that were too late for a window, each once a window.
    pub const fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Slices that are open, and keys that have a number.
    pub fn state(&self) -> (usize, usize) {
        (self.slices.len(), self.keys.len())
    }

    /// Fires all windows that hold the first slice and that the watermark has reached; when the last of them
    /// is fired, the slice is over. False when one is still to come.
    fn fire_up_to(&mut self, first_end: Millis, watermark: Millis, out: &mut Vec<Fired>) -> bool {
        let last_end = self.last_end_of(self.first_start);
        let mut end = first_end;
        while end <= last_end {
            if end.saturating_sub(1) > watermark {
                return false;
            }
            // Not again, and not where what came was too late.
            if end > self.fired_end && end.saturating_sub(1) > self.watermark {
                self.fired_end = end;
                self.fire(Window { start: end.saturating_sub(self.size_ms), end }, out);
            }
            end = end.saturating_add(self.slide_ms);
        }
        if let Some(mut slice) = self.slices.pop_front() {
            self.first_start = self.first_start.saturating_add(self.slice_ms);
            if slice.is_used {
                slice.is_used = false;
                slice.cells.fill(Cell::default());
                self.spare.push(slice);
            }
        }
        true
    }

    fn fire(&self, window: Window, out: &mut Vec<Fired>) {
        let slices = || {
            let starts = (0..).map(|place: i64| self.first_start + place * self.slice_ms);
            let held = starts.zip(&self.slices).filter(|(start, slice)| {
                slice.is_used && *start >= window.start && *start < window.end
            });
            held.map(|(_, slice)| slice)
        };
        let keys = slices().map(|slice| slice.cells.len()).max().unwrap_or(0);
        for id in 0..keys {
            let mut sum = Cell::default();
            for cell in slices().filter_map(|slice| slice.cells.get(id)) {
                sum.count += cell.count;
                sum.sum = sum.sum.saturating_add(cell.sum);
            }
            if sum.count > 0 {
                let Cell { count, sum } = sum;
                out.push(Fired { window, key: self.keys.key(id), count, sum });
            }
        }
    }

    /// The place and the start of a time's slice, which is opened where it was not; nothing when the time is
    /// late for all of its windows, or too far ahead.
    fn slice_of(&mut self, at: Millis) -> Option<(usize, Millis)> {
        let start = super::assigner::start_of(at, self.slice_ms, self.offset_ms);
        if self.last_end_of(start).saturating_sub(1) <= self.watermark {
            self.dropped += self.late_windows(at);
            return None;
        }
        if self.slices.is_empty() {
            self.first_start = start;
        }
        while start < self.first_start {
            self.slices.push_front(Slice { cells: Vec::new(), is_used: false });
            self.first_start -= self.slice_ms;
        }
        let place = usize::try_from((start - self.first_start) / self.slice_ms).ok()?;
        if place >= SLICES_MAX {
            self.dropped += 1;
            return None;
        }
        while self.slices.len() <= place {
            self.slices.push_back(Slice { cells: Vec::new(), is_used: false });
        }
        let slice = &mut self.slices[place];
        if !slice.is_used {
            *slice = self.spare.pop().unwrap_or_else(|| Slice { cells: Vec::new(), is_used: true });
            slice.is_used = true;
        }
        Some((place, start))
    }

    /// How many of an element's windows the watermark has passed.
    fn late_windows(&self, at: Millis) -> u64 {
        let mut late = 0;
        let start = super::assigner::start_of(at, self.slide_ms, self.offset_ms);
        let mut end = start.saturating_add(self.size_ms);
        while end > at {
            late += u64::from(end.saturating_sub(1) <= self.watermark);
            end -= self.slide_ms;
        }
        late
    }

    /// The end of the last window that holds the slice from `start` on.
    fn last_end_of(&self, start: Millis) -> Millis {
        let last_start = super::assigner::start_of(start, self.slide_ms, self.offset_ms);
        last_start.saturating_add(self.size_ms)
    }

    /// The first end of a window at or after this time.
    fn next_end(&self, at: Millis) -> Millis {
        let offset = (self.offset_ms + self.size_ms).rem_euclid(self.slide_ms);
        let before = super::assigner::start_of(at, self.slide_ms, offset);
        if before == at { at } else { before.saturating_add(self.slide_ms) }
    }
}

fn greatest_common_divisor(one: Millis, other: Millis) -> Millis {
    if other == 0 { one } else { greatest_common_divisor(other, one % other) }
}

/// Keys, numbered as they come.
#[derive(Clone, Debug, Default)]
struct Keys {
    table: HashTable<u32>,
    keys: Vec<u64>,
}

impl Keys {
    fn id(&mut self, key: u64) -> usize {
        let Keys { table, keys } = self;
        let hash = spread(key);
        if let Some(id) = table.find(hash, |id| keys[*id as usize] == key) {
            return *id as usize;
        }
        let id = keys.len();
        keys.push(key);
        let number = u32::try_from(id).unwrap_or(u32::MAX);
        table.insert_unique(hash, number, |id| spread(keys[*id as usize]));
        id
    }

    fn key(&self, id: usize) -> u64 {
        self.keys[id]
    }

    fn len(&self) -> usize {
        self.keys.len()
    }
}

/// Spreads the bits of a number over a hash: multiplication by the golden ratio, the high half folded down.
pub fn spread(key: u64) -> u64 {
    let wide = u128::from(key ^ 0x9e37_79b9_7f4a_7c15) * 0x9e37_79b9_7f4a_7c15_u128;
    let [low, high] = [wide & u128::from(u64::MAX), wide >> 64];
    u64::try_from(low ^ high).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::{Purpose, Random};
    use crate::streaming::aggregate::CountAndSum;
    use crate::streaming::assigner::Assigner;
    use crate::streaming::flink::{Config, Trigger, Windows};
    use crate::streaming::output::Output;
    use crate::streaming::timers::TimeDomain;
    use std::collections::BTreeMap;

    /// The same through `WindowOperator`, one for each key.
    struct Slow {
        config: Config,
        keys: BTreeMap<u64, Windows<CountAndSum>>,
        generator: Bounded,
        watermark: Millis,
        dropped: u64,
    }

    impl Slow {
        fn on_batch(&mut self, records: &[Record], fired: &mut Vec<Fired>) {
            for (key, at, value) in records {
                let config = self.config.clone();
                let windows = self.keys.entry(*key).or_insert_with(|| Windows::new(config));
                let mut out = Vec::new();
                windows.on_watermark(self.watermark, &mut out);
                windows.on_element(*at, value, &mut out);
                let is_drop = |output: &&Output<_, _>| matches!(output, Output::Dropped(_));
                self.dropped += out.iter().filter(is_drop).count() as u64;
                self.generator.on_element(*at);
            }
            self.on_watermark(self.generator.watermark(), fired);
        }

        fn on_watermark(&mut self, watermark: Millis, fired: &mut Vec<Fired>) {
            self.watermark = self.watermark.max(watermark);
            for (key, windows) in &mut self.keys {
                let mut out = Vec::new();
                windows.on_watermark(self.watermark, &mut out);
                fired.extend(out.into_iter().filter_map(|output| {
                    let Output::Pane(pane) = output else { return None };
                    let CountAndSum { count, sum } = pane.contents;
                    let sum = i64::try_from(sum).unwrap();
                    Some(Fired { window: pane.window, key: *key, count, sum })
                }));
            }
        }
    }

    #[test]
    fn it_gives_what_the_window_operator_gives() {
        for seed in 0..2_000 {
            let mut random = Random::keyed(seed, Purpose::Test, 13, 0);
            let signed = |number: u64| number.cast_signed();
            let size_ms = signed(random.between(1, 400));
            let slide_ms = if random.below(2) == 0 {
                size_ms
            } else {
                signed(random.between(1, size_ms.unsigned_abs()))
            };
            let offset_ms = signed(random.below(slide_ms.unsigned_abs()));
            let delay_ms = signed(random.below(300));
            let assigner = Assigner::Sliding { size_ms, slide_ms, offset_ms };
            let (trigger, domain) = (Trigger::EventTime, TimeDomain::Event);
            let config = Config { assigner, trigger, allowed_lateness_ms: 0, domain };
            let mut slow = Slow {
                config,
                keys: BTreeMap::new(),
                generator: Bounded::new(delay_ms),
                watermark: BEFORE_ALL,
                dropped: 0,
            };
            let mut fast = FastWindows::new(size_ms, slide_ms, offset_ms, delay_ms);
            let mut now = signed(random.below(2_000)) - 1_000;
            for step in 0..12 {
                let records: Vec<Record> = (0..random.below(20))
                    .map(|_| {
                        now += signed(random.below(60));
                        let at = now - signed(random.below(500));
                        (random.below(6), at, signed(random.below(9)) - 3)
                    })
                    .collect();
                let (mut ones, mut others) = (Vec::new(), Vec::new());
                fast.on_batch(&records, &mut ones);
                slow.on_batch(&records, &mut others);
                if step == 11 {
                    fast.on_watermark(Millis::MAX, &mut ones);
                    slow.on_watermark(Millis::MAX, &mut others);
                }
                ones.sort_unstable();
                others.sort_unstable();
                assert_eq!(ones, others, "seed {seed}, step {step}");
                assert_eq!(fast.dropped(), slow.dropped, "seed {seed}, step {step}");
            }
            assert_eq!(fast.state().0, 0, "seed {seed}: nothing is open at the end");
        }
    }

    #[test]
    fn memory_does_not_grow_with_what_has_passed() {
        let mut fast = FastWindows::new(1_000, 1_000, 0, 100);
        let mut out = Vec::new();
        for batch in 0..1_000 {
            let records: Vec<Record> = (0..100)
                .map(|n| (n % 7, batch * 100 + n, 1))
                .collect::<Vec<(i64, Millis, i64)>>()
                .into_iter()
                .map(|(key, at, value)| (key.unsigned_abs(), at, value))
                .collect();
            fast.on_batch(&records, &mut out);
            assert!(fast.state().0 <= 2 && fast.state().1 <= 7);
        }
        assert_eq!(out.iter().map(|fired| fired.count).sum::<u64>(), 99_000);
    }
}
