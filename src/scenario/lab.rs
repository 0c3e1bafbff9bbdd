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
            JobKind::WordCount
            | JobKind::Grep
            | JobKind::InvertedIndex
            | JobKind::TotalOrder
            | JobKind::SecondarySort
            | JobKind::Distinct
            | JobKind::Top
            | JobKind::Average
            | JobKind::NaiveAverage
            | JobKind::Join
            | JobKind::SaltedJoin
            | JobKind::BroadcastJoin
            | JobKind::BucketedJoin
            | JobKind::Compaction
            | JobKind::PageRank
            | JobKind::TfIdf => Lab::Mapreduce,
            JobKind::Stream(_) => Lab::Stream,
        }
    }
}
