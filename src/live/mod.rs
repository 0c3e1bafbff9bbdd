//! The live cluster: the same coordinator and the same tasks as in the simulation, on real web
//! workers, one a node, in wall-clock time.
//!
//! ```text
//! page ◄──trace── master (coordinator) ◄──control──► node ◄──data──► node
//! ```
//!
//! What a master and a node do is plain code that knows no browser: it is shown the wall clock,
//! hears what was posted, and says what to post. It is tested natively, on a cluster in one thread.

pub mod clock;
pub mod master;
pub mod merge;
pub mod node;
mod reads;
#[cfg(test)]
mod tests;
mod turns;
pub mod values;
pub mod wire;
#[cfg(feature = "page")]
pub mod workers;

pub use master::{LiveSetup, Master};
pub use node::{Node, Posted};
