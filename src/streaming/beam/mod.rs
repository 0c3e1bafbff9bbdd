//! Windows as Beam has them: panes, triggers, holds.
//!
//! Two profiles that differ on named points: [`Runner`] is Java's `ReduceFnRunner`, [`python::Driver`] is
//! Python's `GeneralTriggerDriver`. Prefer Java's.

mod after_watermark;
mod composites;
mod config;
mod holds;
mod leaves;
mod machine;
mod merging;
mod pane;
pub mod python;
mod runner;
mod trigger;

pub use config::{Accumulation, Config, ConfigError, Emptiness, TimestampCombiner};
pub use runner::Runner;
pub use trigger::{Alignment, Trigger, TriggerError};
