//! The benchmark of the page, in a real browser.

fn main() {}
