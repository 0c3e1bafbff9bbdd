//! Flink's `WatermarkOutputMultiplexer`: the splits of one source, with `CombinedWatermarkStatus`.

use super::Signal;
use crate::streaming::{BEFORE_ALL, Millis};
use std::collections::BTreeMap;

/// The least watermark of the splits that aren't idle, and it never goes back.
#[derive(Clone, Debug)]
pub struct Multiplexer<K: Ord> {
    splits: BTreeMap<K, Split>,
    combined: Millis,
    idle: bool,
}

#[derive(Clone, Copy, Debug)]
struct Split {
    watermark: Millis,
    idle: bool,
}

impl<K: Ord> Multiplexer<K> {
    /// No splits, and no watermark.
    pub const fn new() -> Multiplexer<K> {
        Multiplexer { splits: BTreeMap::new(), combined: BEFORE_ALL, idle: false }
    }

    /// A split begins, active and without a watermark. False when it was there already.
    pub fn register(&mut self, id: K) -> bool {
        let free = !self.splits.contains_key(&id);
        if free {
            self.splits.insert(id, Split { watermark: BEFORE_ALL, idle: false });
        }
        free
    }

    /// A split ends. What it held back shows at the next update. False when there was none.
    pub fn unregister(&mut self, id: &K) -> bool {
        self.splits.remove(id).is_some()
    }

    /// The split that keeps the combined watermark from going further: the first of the least that count.
    pub fn holder(&self) -> Option<&K> {
        let active = self.splits.iter().filter(|(_, split)| !split.idle);
        active.min_by_key(|(_, split)| split.watermark).map(|(id, _)| id)
    }

    /// A watermark of a split that counts at once; a split that doesn't exist says nothing.
    pub fn immediate(&mut self, id: &K, watermark: Millis) -> Vec<Signal> {
        let updated = self.set(id, watermark);
        if updated && watermark > self.combined { self.update() } else { Vec::new() }
    }

    /// A watermark of a split that counts at the next update.
    pub fn deferred(&mut self, id: &K, watermark: Millis) {
        self.set(id, watermark);
    }

    /// A split has fallen silent.
    pub fn idle(&mut self, id: &K) -> Vec<Signal> {
        self.set_idle(id, true)
    }

    /// A split has something again, before its next watermark.
    pub fn active(&mut self, id: &K) -> Vec<Signal> {
        self.set_idle(id, false)
    }

    /// The periodic update. Says idle each time that all splits are.
    pub fn on_periodic_emit(&mut self) -> Vec<Signal> {
        self.update()
    }

    /// Keeps the greater watermark; any watermark, even an old one, ends idleness.
    fn set(&mut self, id: &K, watermark: Millis) -> bool {
        let Some(split) = self.splits.get_mut(id) else { return false };
        split.idle = false;
        let updated = watermark > split.watermark;
        split.watermark = split.watermark.max(watermark);
        updated
    }

    fn set_idle(&mut self, id: &K, idle: bool) -> Vec<Signal> {
        let Some(split) = self.splits.get_mut(id) else { return Vec::new() };
        split.idle = idle;
        self.update()
    }

    /// The least watermark of the active splits; when all are idle, the greatest of all, since none of them
    /// holds the others back any more.
    fn update(&mut self) -> Vec<Signal> {
        let mut signals = Vec::new();
        // Without splits there is nothing to judge idleness by: it stays what it was.
        if !self.splits.is_empty() {
            let active = self.splits.values().filter(|split| !split.idle);
            let least = active.map(|split| split.watermark).min();
            self.idle = least.is_none();
            let greatest = self.splits.values().map(|split| split.watermark).max();
            let combined = least.or(greatest).filter(|watermark| *watermark > self.combined);
            if let Some(combined) = combined {
                self.combined = combined;
                signals.push(Signal::Watermark(combined));
            }
        }
        signals.extend(self.idle.then_some(Signal::Idle));
        signals
    }
}

impl<K: Ord> Default for Multiplexer<K> {
    fn default() -> Multiplexer<K> {
        Multiplexer::new()
    }
}
