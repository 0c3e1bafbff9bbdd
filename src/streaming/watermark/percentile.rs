//! A watermark that follows a percentile of the last event times: most elements are on time, some are not.

use crate::streaming::{BEFORE_ALL, Millis};
use std::collections::VecDeque;

/// Below this share of the last elements.
#[derive(Clone, Debug)]
pub struct Percentile {
    share_per_mille: u32,
    last: VecDeque<Millis>,
    capacity: usize,
    watermark: Millis,
}

impl Percentile {
    /// Looks at the last `capacity` elements and stays below all but `share_per_mille` thousandths of them.
    pub fn new(share_per_mille: u32, capacity: usize) -> Percentile {
        Percentile {
            share_per_mille: share_per_mille.min(1_000),
            last: VecDeque::new(),
            capacity: capacity.max(1),
            watermark: BEFORE_ALL,
        }
    }

    /// An element of this event time.
    pub fn on_element(&mut self, at: Millis) {
        if self.last.len() == self.capacity {
            self.last.pop_front();
        }
        self.last.push_back(at);
    }

    /// One less than the event time of that rank; it never goes back. Costs a sort of what is kept.
    pub fn watermark(&mut self) -> Millis {
        let mut sorted: Vec<Millis> = self.last.iter().copied().collect();
        sorted.sort_unstable();
        let share = u64::from(self.share_per_mille) * sorted.len() as u64 / 1_000;
        let rank = usize::try_from(share).unwrap_or(usize::MAX).min(sorted.len().saturating_sub(1));
        if let Some(at) = sorted.get(rank) {
            self.watermark = self.watermark.max(at.saturating_sub(1));
        }
        self.watermark
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenth_may_be_late_and_it_never_goes_back() {
        let mut percentile = Percentile::new(100, 10);
        assert_eq!(percentile.watermark(), BEFORE_ALL);
        for at in [50, 10, 20, 30, 40, 60, 70, 80, 90, 100] {
            percentile.on_element(at);
        }
        assert_eq!(percentile.watermark(), 19);
        for _ in 0..10 {
            percentile.on_element(5);
        }
        assert_eq!(percentile.watermark(), 19);
    }
}
