//! The MapReduce lab's stage: the cluster at work at the moment of the playhead. All that it draws
//! is a function of the snapshot there; nothing is drawn that did not happen.
//!
//! What lies where, what it says and what it is made of is plain code, tested without a browser;
//! the components in `parts` only draw it. A component is handed shared pieces of the snapshot, so
//! that what an event did not touch is not drawn again.

pub mod derive;
pub mod layout;
pub mod ribbon;
pub mod trouble;
pub mod turns;
pub mod wording;

#[cfg(feature = "page")]
mod parts;
#[cfg(feature = "page")]
pub use parts::stage::{Stage, StageProps};
#[cfg(feature = "page")]
pub(in crate::ui) use parts::{draw, hit};
