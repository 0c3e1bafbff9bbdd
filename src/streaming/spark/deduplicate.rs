//! `dropDuplicatesWithinWatermark`: Spark's `StreamingDeduplicateWithinWatermarkExec`.

use crate::streaming::Millis;
use crate::streaming::output::{DropReason, Dropped};
use std::collections::BTreeMap;

/// The keys that were seen lately.
#[derive(Clone, Debug)]
pub struct Deduplicate<K: Ord> {
    delay_ms: Millis,
    /// Until which watermark a key is remembered.
    seen: BTreeMap<K, Millis>,
}

/// What a batch came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deduplicated<V> {
    /// The elements that are the first of their keys, as they came.
    pub passed: Vec<(Millis, V)>,
    /// The others: late ones, which Spark counts, and duplicates, which it doesn't.
    pub dropped: Vec<Dropped<V>>,
}

impl<K: Ord> Deduplicate<K> {
    /// Nothing seen. The delay is that of the watermark.
    pub const fn new(delay_ms: Millis) -> Deduplicate<K> {
        Deduplicate { delay_ms, seen: BTreeMap::new() }
    }

    /// Runs a batch. An element is late when the watermark has reached its time; a key is remembered until the
    /// watermark has reached its first time and the delay.
    pub fn on_batch<V: Clone>(
        &mut self,
        watermark: Millis,
        batch: &[(Millis, V)],
        key: impl Fn(&V) -> K,
    ) -> Deduplicated<V> {
        let mut result = Deduplicated { passed: Vec::new(), dropped: Vec::new() };
        for (at, value) in batch {
            let reason = self.judge(*at, key(value), watermark);
            let (at, value) = (*at, value.clone());
            match reason {
                None => result.passed.push((at, value)),
                Some(reason) => result.dropped.push(Dropped { value, at, window: None, reason }),
            }
        }
        self.seen.retain(|_, until| *until > watermark);
        result
    }

    /// Keys in the state store.
    pub fn state_rows(&self) -> usize {
        self.seen.len()
    }

    fn judge(&mut self, at: Millis, key: K, watermark: Millis) -> Option<DropReason> {
        if at <= watermark {
            let (max_timestamp, allowed_lateness_ms) = (at, 0);
            return Some(DropReason::Expired { max_timestamp, allowed_lateness_ms, watermark });
        }
        if let Some(until) = self.seen.get(&key) {
            return Some(DropReason::Duplicate { remembered_until: *until });
        }
        self.seen.insert(key, at.saturating_add(self.delay_ms));
        None
    }
}
