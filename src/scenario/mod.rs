//! What a run is made of: a scenario is data, and everything that a run depends on is in it.

pub mod codec;
pub mod events;
mod faults;
mod files;
pub mod graph;
pub mod input;
mod jobs;
mod lab;
mod layout;
mod nearest;
pub mod parameters;
pub mod presets;
mod read;
mod scan;
mod stream_checks;
pub mod sweep;
pub mod table;
pub mod texts;
pub mod trigger;
mod validate;
pub mod variants;

pub use codec::LinkError;
pub use faults::FAULTS_MAX;
pub use files::{Content, FILES_MAX, FileInput, FileSize, InputSizes, MadeFiles, Named};
pub use graph::Graph;
pub use input::{InputError, InputFacts, InputScan};
pub use jobs::BATCH_JOBS;
pub use lab::Lab;
pub use layout::{Layout, suggest_layout};
pub use parameters::{ParameterError, Parameters};
pub use presets::{PRESETS, Preset, STREAM_PRESETS};
pub use read::ScenarioError;
pub use scan::{CheckedFiles, FilesError, FilesScan, check_files};
pub use sweep::Sweep;
pub use table::{Key, PARAMETERS, Parameter};
pub use texts::{BUILTIN_TEXTS, BuiltinText};
pub use validate::{CELLS_MAX, CONTAINER_BYTES, SPLITS_MAX, split_count};

use crate::base::{Level, PlannedFault};
use serde::{Deserialize, Serialize};

/// The version of the scenario format that this build reads and writes.
pub const VERSION: u32 = 1;

/// Everything that a run depends on, its seed included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The format's version.
    pub version: u32,
    /// What to compute.
    pub job: JobKind,
    /// What to compute it over.
    pub input: Input,
    /// How much of the run to record.
    #[serde(default = "default_level")]
    pub level: Level,
    /// The tunables that differ from their defaults.
    #[serde(default)]
    pub parameters: Parameters,
    /// What is done to the cluster, and when; those of one time strike in this order. A fault by
    /// hand is one more of them, so that a fork is the run of a scenario too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<PlannedFault>,
}

/// The jobs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// How often does each word occur? Hadoop's example of the same name.
    WordCount,
    /// Which lines contain a word? Without a reduce.
    Grep,
    /// Which documents is each word in, and how often?
    InvertedIndex,
    /// The keys of all lines in one order over all parts.
    TotalOrder,
    /// Each sensor's readings in the order of their times.
    SecondarySort,
    /// Which words are there?
    Distinct,
    /// The largest counts.
    Top,
    /// Each sensor's mean value, from sums and counts.
    Average,
    /// The same from means of means, which a combiner makes wrong.
    NaiveAverage,
    /// Rows of two tables by their id, brought together by the shuffle.
    Join,
    /// The same, with the rows of one id dealt out to several reducers.
    SaltedJoin,
    /// The same without a shuffle: the first file is in each map's memory.
    BroadcastJoin,
    /// The same without a shuffle: each map has the bucket that it needs.
    BucketedJoin,
    /// Many small files into a few.
    Compaction,
    /// A round of PageRank.
    PageRank,
    /// What a word weighs in a document: a chain of three jobs.
    TfIdf,
    /// A job of the stream lab.
    Stream(StreamJob),
}

/// The jobs of the stream lab.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StreamJob {
    /// An aggregate by key and window, as the parameters say.
    Windows,
    /// The same, by a trigger of the reader's own making.
    Triggered(trigger::Trigger),
    /// An aggregate by key that says each change.
    Running,
    /// The first element of each key.
    Deduplicate,
    /// Counts by key, said when a key falls silent.
    Silence,
    /// A job of the reader's own making.
    Graph(Graph),
}

/// Where the input comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// The text itself.
    Text(String),
    /// A text that Millrace carries, by its short name.
    Builtin(String),
    /// A file of the reader's: its name, and the XXH3 of its bytes and their number once these are known.
    File {
        /// The file's name; for the command line its path, relative to the scenario's folder.
        name: String,
        /// 16 hexadecimal digits.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hash: Option<String>,
        /// Its length.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bytes: Option<u64>,
    },
    /// Several files, in the order in which they are read.
    Files(Vec<FileInput>),
    /// Files that are made from the seed.
    Made(MadeFiles),
    /// Events that Millrace makes or carries, by the name of their set.
    Events(String),
}

fn default_level() -> Level {
    Level::Records
}
