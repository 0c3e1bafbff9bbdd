//! The batch engine.

pub mod partitioner;
