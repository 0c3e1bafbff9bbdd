//! A watermark by a table: at this time of the clock, this watermark.

use crate::streaming::{BEFORE_ALL, Millis};
use std::collections::BTreeMap;

/// The watermark of each moment, as a figure in a book has it.
#[derive(Clone, Debug, Default)]
pub struct Scripted {
    steps: BTreeMap<Millis, Millis>,
}

impl Scripted {
    /// Steps of (time of the clock, watermark), in any order. A step back is no step.
    pub fn new(steps: impl IntoIterator<Item = (Millis, Millis)>) -> Scripted {
        Scripted { steps: steps.into_iter().collect() }
    }

    /// The watermark at this time: the greatest of the steps until then.
    pub fn watermark(&self, now: Millis) -> Millis {
        self.steps.range(..=now).map(|(_, watermark)| *watermark).max().unwrap_or(BEFORE_ALL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_step_counts_and_a_step_back_does_not() {
        let scripted = Scripted::new([(10, 100), (20, 90), (30, 110)]);
        let at = [9, 10, 25, 30].map(|now| scripted.watermark(now));
        assert_eq!(at, [BEFORE_ALL, 100, 100, 110]);
    }
}
