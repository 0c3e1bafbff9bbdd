//! Stream jobs: operators as state machines, and the graph that they make.
//!
//! A subtask hears messages and the time and says messages; who carries them, and how long that takes, is the
//! driver's. Whatever happens is told to a recorder, which is never read back.

mod building;
mod comparison;
mod context;
mod deduplicate;
mod interval_join;
mod keyed;
mod machine;
mod making;
mod message;
mod plain;
mod plan;
mod reasons;
mod running;
mod saying;
mod silence;
mod source;
mod spec;
mod split;
mod stateless;
mod task;
mod windowed;

pub use comparison::Comparison;
pub use context::Sending;
pub use message::{Element, Message};
pub use running::{ChannelInfo, Job};
pub use spec::{
    JobError, JobSpec, NewKey, OperatorSpec, Part, Record, SparkOutput, TimeOf, TriggerSpec,
    WatermarkSpec, WindowSpec, Work,
};
pub use task::Delivered;
