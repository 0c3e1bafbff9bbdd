//! What only a real browser can show. Run by `cargo xtask test`, which builds the page and finds the browser.

#[allow(
    dead_code,
    reason = "a harness for all browser tests; the benchmark of the page uses another part of it"
)]
mod harness;

mod hands;
mod hosting;
mod opening;
