//! Plain types that every room may use: time, ids, files, hashes, keyed randomness, and
//! numbers as people read them.
//!
//! Nothing here knows an engine, a driver or a page, and nothing here has a clock.

pub mod amount;
pub mod clock;
pub mod fault;
pub mod files;
pub mod format;
pub mod gzip;
pub mod hashes;
pub mod ids;
pub mod level;
pub mod logarithm;
pub mod median;
pub mod random;
pub mod time;
pub mod window;

pub use amount::Amount;
pub use fault::{Breakdown, Fault, NodePart, PlannedFault, StreamFault};
pub use files::{Codec, Files, InputFile};
pub use ids::{
    AttemptId, BlockId, FileId, MapIndex, NodeId, PartitionId, RackId, TaskId, TaskKind,
};
pub use level::Level;
pub use time::{Span, Time};
pub use window::{Millis, Window};
