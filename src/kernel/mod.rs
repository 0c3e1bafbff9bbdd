//! The world of the simulated cluster: virtual time, an event queue, and resources (processors,
//! disks, network cards, links) that activities compete for.
//!
//! It knows no engine, no browser and no clock, draws no random numbers, and is the same to the
//! bit on every machine: all that is accounted is an integer. What a task *does* is not known
//! here; a driver asks for so many bytes of a disk or nanoseconds of a core, and is told when
//! they have been served.

mod activity;
pub mod bench;
pub mod cluster;
mod fluid;
pub mod queue;
mod sharing;
pub mod world;

#[cfg(test)]
mod oracle;
#[cfg(test)]
mod rules;

pub use activity::{Activity, ActivityId, Path, ResourceId};
pub use cluster::{Cluster, ClusterSpec};
pub use queue::{EventQueue, NEVER, Ticket};
pub use world::World;
