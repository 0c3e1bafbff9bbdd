//! The batch engine: MapReduce as Hadoop and Google's paper describe it.
//!
//! The data plane (reader, sort buffer, spills, merges, reduce) works on real bytes in resumable
//! steps; the control plane (coordinator, scheduler, liveness) is a state machine that takes
//! messages and the time and answers with orders. Neither knows a clock, a thread, a disk or a
//! network: a driver carries out what they ask and gives them their time.

pub mod attempt;
pub mod bare;
pub mod beginning;
pub mod buffer;
pub mod combine;
pub mod config;
pub mod coordinator;
pub mod disk;
mod heap;
pub mod job;
pub mod liveness;
pub mod map_attempt;
pub mod merge;
pub mod messages;
pub mod name_node;
pub mod node_agent;
pub mod output;
pub mod partitioner;
pub mod placement;
pub mod reader;
pub mod reduce_attempt;
pub mod sampling;
pub mod scheduler;
pub mod segment;
pub mod sequential;
pub mod spill;
pub mod split;

pub use attempt::{Budget, Lane, Read, Stage, Work};
pub use config::{JobConfig, StoredBlock};
pub use coordinator::Coordinator;
pub use disk::Disk;
pub use job::Job;
pub use messages::{Message, Order};
pub use node_agent::{AgentSpec, NodeAgent};
pub use partitioner::Partitioner;
pub use split::{Piece, Split};
