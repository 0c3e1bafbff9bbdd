//! What only a real browser can show. Run by `cargo xtask test`, which builds the page and finds the browser.

#[allow(
    dead_code,
    reason = "a harness for all browser tests; the benchmark of the page uses another part of it"
)]
mod harness;
mod lab;
#[path = "../shared/random_runs.rs"]
mod random_runs;
#[path = "../shared/stream_runs.rs"]
mod stream_runs;

mod accessibility;
mod agreement;
mod answers;
mod bad_input;
mod branches;
mod breakdown;
mod files;
mod hands;
mod hosting;
mod jobs;
mod keyboard;
mod layout;
mod links;
mod live;
mod opening;
mod own_text;
mod results;
mod sharing;
mod spoilers;
mod stepping;
mod stream;
mod stream_hands;
mod sweep;
mod zoom;
