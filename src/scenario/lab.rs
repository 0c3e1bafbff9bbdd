//! The labs: what a scenario is run by.

use super::{JobKind, Scenario};
use serde::{Deserialize, Serialize};

/// A lab.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lab {
    /// Batch jobs on a simulated cluster.
    #[default]
    Mapreduce,
    /// Stream jobs.
    Stream,
}

impl Scenario {
    /// The lab that this scenario is of: its job's.
    pub fn lab(&self) -> Lab {
        self.job.lab()
    }
}

impl JobKind {
    /// The lab that runs this job.
    pub fn lab(&self) -> Lab {
        match self {
            JobKind::WordCount => Lab::Mapreduce,
            JobKind::Windows
            | JobKind::Running
            | JobKind::Deduplicate
            | JobKind::Silence
            | JobKind::Graph(_) => Lab::Stream,
        }
    }
}
