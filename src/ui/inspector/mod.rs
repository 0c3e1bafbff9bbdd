//! The inspector: what is selected, with its numbers, its content, and why it is so. Nothing in it
//! is later than the playhead.
//!
//! What it says is computed by plain code from the snapshot; the components in `parts` show it and
//! ask the conductor for records.

pub mod facts;
pub mod formula;
pub mod history;
pub mod questions;
pub mod related;
pub mod truth;

#[cfg(feature = "page")]
mod parts;
#[cfg(feature = "page")]
pub use parts::panel::{Inspector, InspectorProps};
#[cfg(feature = "page")]
pub(in crate::ui) use parts::words::part_style;
