//! Spark's event-time watermark: `EventTimeWatermarkExec` and `WatermarkTracker`.

use crate::streaming::Millis;

/// The greatest event time of all earlier batches, less the delay; never below 0, and never back.
#[derive(Clone, Copy, Debug)]
pub struct BatchWatermark {
    delay_ms: Millis,
    watermark: Millis,
}

impl BatchWatermark {
    /// At 0, not at minus infinity: what is older than 1970 is late from the start.
    pub const fn new(delay_ms: Millis) -> BatchWatermark {
        BatchWatermark { delay_ms, watermark: 0 }
    }

    /// What is in force in the batch to come.
    pub const fn in_force(&self) -> Millis {
        self.watermark
    }

    /// A batch has been run.
    pub fn on_batch(&mut self, times: impl Iterator<Item = Millis>) {
        if let Some(greatest) = times.max() {
            self.watermark = self.watermark.max(greatest.saturating_sub(self.delay_ms));
        }
    }
}
