//! The native rows of the benchmark's table, as JSON lines. It measures and prints, and judges
//! nothing: `cargo xtask bench` puts the rows beside those of the browser.

use super::{Answer, Failure};
use bytes::Bytes;
use millrace::lab::{measure, messages::Workload};
use serde_json::json;
use std::time::Instant;

/// Events of the kernel's mix in one turn.
const KERNEL_EVENTS: u64 = 1_000_000;

/// Turns, of which the best counts: machines are shared and noisy.
const TURNS: u32 = 5;

/// Measures what runs without a browser.
pub(crate) fn bench() -> Result<Answer, Failure> {
    let kernel = best(|| measure(Workload::Kernel(KERNEL_EVENTS), Bytes::new()));
    let mut rows = vec![row("kernel", KERNEL_EVENTS as f64 / kernel, "events/s")];
    if let Some(path) = std::env::var_os("MILLRACE_BENCH_TEXT") {
        let shown = path.to_string_lossy().into_owned();
        let text = std::fs::read(path)
            .map_err(|error| Failure(format!("can't read the text to count, {shown}: {error}")))?;
        let text = Bytes::from(text);
        let seconds = best(|| measure(Workload::WordCount, text.clone()));
        rows.push(row("word count", text.len() as f64 / 1e6 / seconds, "MB/s"));
    }
    Ok(Answer::success(rows.concat()))
}

fn row(name: &str, value: f64, unit: &str) -> String {
    format!("{}\n", json!({ "row": name, "value": value, "unit": unit }))
}

/// The seconds of the best turn.
fn best(work: impl Fn() -> u64) -> f64 {
    let turns = (0..TURNS).map(|_| {
        let start = Instant::now();
        std::hint::black_box(work());
        start.elapsed().as_secs_f64()
    });
    turns.fold(f64::INFINITY, f64::min)
}
