//! The stream engine.

pub mod key_groups;
