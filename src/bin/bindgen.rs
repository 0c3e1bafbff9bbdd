//! The `wasm-bindgen` command that Trunk calls, from the very version in Cargo.lock.

fn main() {}
