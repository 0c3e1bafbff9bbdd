//! Plots of the run up to the furthest moment that was reached, with a line at the playhead.

pub mod flows;
pub mod ghost;
pub mod samples;
pub mod skew;
pub mod tasks;

#[cfg(feature = "page")]
mod parts;
#[cfg(feature = "page")]
pub use parts::plots::{Plots, PlotsProps};
