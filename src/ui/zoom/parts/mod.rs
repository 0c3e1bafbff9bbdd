//! The components of the zoom, one a file.

mod buffer;
mod content;
pub(super) mod panel;
mod steps;
mod tables;
