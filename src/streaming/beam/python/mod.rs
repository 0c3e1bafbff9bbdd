//! Beam Python's `GeneralTriggerDriver`, for one key, where it differs from Java's runner:
//!
//! - an element is dropped when the watermark is past `end + allowed lateness`, a millisecond later;
//! - nothing is emitted or forgotten at the end of a window's life: what a count trigger has left never appears,
//!   and sessions long over still merge;
//! - a pane is the last only when the trigger finishes;
//! - a window that has closed swallows what merges with it;
//! - what was late once stays late through merges, so that no pane is on time after that;
//! - timers fire when their clock reaches them, not when it is past them.

mod driver;
mod machine;
mod state;

pub use driver::Driver;
