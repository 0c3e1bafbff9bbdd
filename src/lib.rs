//! Millrace: a laboratory for batch and stream processing.
//!
//! The rooms of the house, from the ground up. Each may import only what
//! `tests/architecture.rs` allows it; ARCHITECTURE.md says why.

pub mod base;
pub mod charts;
pub mod kernel;
pub mod lab;
pub mod lessons;
pub mod live;
pub mod mapreduce;
pub mod scenario;
pub mod simulated;
pub mod streaming;
pub mod trace;
pub mod ui;
