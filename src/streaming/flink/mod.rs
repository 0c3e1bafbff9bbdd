//! Windows as Flink has them: `WindowOperator` and its triggers.

mod count_windows;
mod merging;
mod trigger;
mod windows;

pub use count_windows::{CountError, CountPane, CountWindows};
pub use trigger::{Trigger, TriggerError};
pub use windows::{Config, Windows};
