//! The same from all records at once: what the order of arrival must not change.

use super::{Sliding, SlidingConfig};
use crate::streaming::{Millis, Window};
use std::collections::BTreeMap;

/// The windows of these records when all are there at once.
pub fn sliding_in_batch<V: Clone>(
    config: SlidingConfig,
    records: &[(Millis, V)],
) -> BTreeMap<Window, Vec<V>> {
    let mut sorted: Vec<&(Millis, V)> = records.iter().filter(|(at, _)| *at >= 0).collect();
    sorted.sort_by_key(|(at, _)| *at);
    let within = |window: Window| {
        let from = sorted.partition_point(|(at, _)| *at < window.start);
        let until = sorted.partition_point(|(at, _)| *at < window.end);
        sorted[from..until].iter().map(|(_, value)| value.clone()).collect::<Vec<V>>()
    };
    let mut windows = BTreeMap::new();
    for (at, _) in &sorted {
        let left = Sliding::<crate::streaming::aggregate::Bag<V>>::left_of(config, *at);
        for window in left.into_iter().chain([config.window(at.saturating_add(1))]) {
            let held = within(window);
            if !held.is_empty() {
                windows.insert(window, held);
            }
        }
    }
    windows
}
