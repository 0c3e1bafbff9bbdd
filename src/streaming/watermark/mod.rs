//! Watermarks: how they are made from elements, and how those of several inputs become one.

mod bounded;
mod idleness;
mod multiplexer;
mod percentile;
mod perfect;
mod scripted;
mod valve;

pub use bounded::Bounded;
pub use idleness::{Idleness, IdlenessTimer};
pub use multiplexer::Multiplexer;
pub use percentile::Percentile;
pub use perfect::Perfect;
pub use scripted::Scripted;
pub use valve::Valve;

use super::Millis;

/// What a generator, a multiplexer or a valve says downstream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// No element before this time is expected any more; in Flink none at or before it.
    Watermark(Millis),
    /// Nothing comes from here for now: don't wait.
    Idle,
    /// Something comes again.
    Active,
}
