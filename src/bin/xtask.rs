//! Set up, serve, build, test and bench; needs only cargo.

fn main() {}
