//! How much of a run is recorded.

use serde::{Deserialize, Serialize};

/// How much of a run is recorded. Each level includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Decisions, starts and ends of tasks, counters.
    Counters,
    /// Also phases, spills, fetches, merges and heartbeats.
    Tasks,
    /// Also the progress of each step.
    Records,
}
