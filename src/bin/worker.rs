//! The conductor's web worker.

fn main() {}
