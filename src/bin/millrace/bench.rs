//! The native rows of the benchmark's table, as JSON lines. It measures and prints, and judges
//! nothing: `cargo xtask bench` puts the rows beside those of the browser.

use super::{Answer, Failure};
use bytes::Bytes;
use millrace::lab::{
    measure,
    messages::{StreamWork, Workload},
};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Events of the kernel's mix in one turn.
const KERNEL_EVENTS: u64 = 1_000_000;

/// What is counted and sorted: the row, the file, and what is done with it.
const TEXTS: [(&str, &str, Workload); 3] = [
    ("word count, 64 MB Zipf", "zipf.txt", Workload::WordCount),
    ("word count, 64 MB prose", "prose.txt", Workload::WordCount),
    ("sort 1,000,000 records of 100 bytes", "records.txt", Workload::Sort),
];

/// Events of a stream in one turn, and what is done with them.
const STREAM_EVENTS: u64 = 5_000_000;
const STREAMS: [(&str, StreamWork); 4] = [
    ("stream, plain loop over a hash map", StreamWork::Plain),
    ("stream, tumbling count by key", StreamWork::Tumbling),
    ("stream, sliding 60 s by 5 s", StreamWork::Sliding),
    ("stream, sessions", StreamWork::Sessions),
];

/// Turns, of which the best counts: machines are shared and noisy.
const TURNS: u32 = 5;

/// Measures what runs without a browser.
pub(crate) fn bench() -> Result<Answer, Failure> {
    let kernel = best(|| measure(Workload::Kernel(KERNEL_EVENTS), Bytes::new()));
    let mut rows = vec![row("kernel", KERNEL_EVENTS as f64 / kernel, "events/s")];
    if let Some(folder) = std::env::var_os("MILLRACE_BENCH_TEXTS").map(PathBuf::from) {
        for (row_name, file, workload) in TEXTS {
            let text = read(&folder.join(file))?;
            let seconds = best(|| measure(workload, text.clone()));
            rows.push(row(row_name, text.len() as f64 / 1e6 / seconds, "MB/s"));
        }
    }
    for (name, work) in STREAMS {
        let seconds = best(|| measure(Workload::Stream(work, STREAM_EVENTS), Bytes::new()));
        rows.push(row(name, STREAM_EVENTS as f64 / seconds, "events/s"));
    }
    Ok(Answer::success(rows.concat()))
}

fn read(file: &Path) -> Result<Bytes, Failure> {
    let bytes = std::fs::read(file);
    let failure =
        |error| Failure(format!("can't read what to measure, {}: {error}", file.display()));
    bytes.map(Bytes::from).map_err(failure)
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
