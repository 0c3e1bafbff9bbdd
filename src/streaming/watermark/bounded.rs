//! Flink's `BoundedOutOfOrdernessWatermarks`.

use crate::streaming::Millis;

/// The greatest event time so far, less a bound, less one.
#[derive(Clone, Copy, Debug)]
pub struct Bounded {
    max_timestamp: Millis,
    bound_ms: Millis,
}

impl Bounded {
    /// No element yet: the first watermark is minus infinity. `bound_ms` is not negative.
    pub const fn new(bound_ms: Millis) -> Bounded {
        // So chosen in Flink that subtracting bound and one does not run under.
        Bounded { max_timestamp: Millis::MIN.saturating_add(bound_ms).saturating_add(1), bound_ms }
    }

    /// An element of this event time. Asking for the watermark after each makes it one per record
    /// (punctuated); asking each 200 ms makes it periodic.
    pub fn on_element(&mut self, at: Millis) {
        self.max_timestamp = self.max_timestamp.max(at);
    }

    /// The watermark, which may be the same as before.
    pub const fn watermark(&self) -> Millis {
        self.max_timestamp.saturating_sub(self.bound_ms).saturating_sub(1)
    }
}
