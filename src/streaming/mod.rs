//! The stream engine: event time, windows, watermarks and triggers, as state machines.
//!
//! An input and the time go in; panes, late records and drops come out, each drop with the numbers it was
//! decided by. Nothing here reads a clock, orders by a hash or drops in silence.

pub mod aggregate;
pub mod assigner;
pub mod batch;
pub mod beam;
pub mod fast;
pub mod flink;
pub mod job;
pub mod kafka;
pub mod key_groups;
pub mod ledger;
pub mod log;
pub mod output;
pub mod spark;
pub mod timers;
pub mod watermark;

pub use crate::base::{Millis, Window};

/// Minus infinity: where a watermark starts.
pub const BEFORE_ALL: Millis = Millis::MIN;
