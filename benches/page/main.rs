//! The benchmark of the page, in a real browser, and the table of all benchmarks. Run by `cargo xtask bench`.
//!
//! It measures and prints, and never fails for being slow: only ratios within one run mean something.

#[path = "../../tests/browser/harness/mod.rs"]
#[allow(dead_code, reason = "the harness of all browser tests; this uses a part of it")]
mod harness;

mod duckdb;
mod live;
mod load;
mod playing;
mod stage;
mod streams;
mod table;
mod words;
mod worker;

use stage::Stage;
use table::{Cell, Table};

type Measure = fn(&Stage) -> Vec<Cell>;

/// What is measured in the browser, in the table's order. A further measurement is a function in a file of its
/// own and a line here; cells of the same row, such as `words::ROW`, stand side by side.
const MEASUREMENTS: [(&str, Measure); 12] = [
    ("size of the first load", load::size),
    ("time of the first load", load::time),
    ("the kernel in the worker", worker::kernel),
    ("windows of a stream in the worker", streams::windows),
    ("word count in the worker", worker::word_count),
    ("word count in plain JavaScript", words::in_plain_javascript),
    ("word count in DuckDB-Wasm, where it is installed", duckdb::word_count),
    ("commands while 50 MB are counted", worker::latency),
    ("a live cluster of one and of two workers", live::word_count),
    ("seeks in a long trace", playing::long_trace),
    ("frames of a large cluster", playing::frames),
    ("frames of a busy stream", playing::stream_frames),
];

type Place = (&'static str, &'static str);

/// Ratios that have a target, each of two measurements by row and column.
const RATIOS: [(&str, Place, Place); 7] = [
    (
        "word count of Zipf, worker ÷ DuckDB-Wasm (target 1.5)",
        (ZIPF, "worker"),
        (ZIPF, duckdb::COLUMN),
    ),
    (
        "word count of prose, worker ÷ DuckDB-Wasm (target 1.5)",
        (PROSE, "worker"),
        (PROSE, duckdb::COLUMN),
    ),
    ("word count of Zipf, worker ÷ native (target 0.5)", (ZIPF, "worker"), (ZIPF, "native")),
    ("word count of prose, worker ÷ native (target 0.5)", (PROSE, "worker"), (PROSE, "native")),
    ("sort, worker ÷ native (target 0.5)", (SORT, "worker"), (SORT, "native")),
    ("tumbling windows ÷ plain loop, native (target 0.5)", (TUMBLING, "native"), (PLAIN, "native")),
    ("tumbling windows ÷ plain loop, worker (target 0.5)", (TUMBLING, "worker"), (PLAIN, "worker")),
];

/// Rows of the table, as `millrace bench` names them too.
const ZIPF: &str = "word count, 64 MB Zipf";
const PROSE: &str = "word count, 64 MB prose";
const SORT: &str = "sort 1,000,000 records of 100 bytes";
const PLAIN: &str = "stream, plain loop over a hash map";
const TUMBLING: &str = "stream, tumbling count by key";

/// Names a word of the measurements to make, where not all are wanted.
const ONLY: &str = "MILLRACE_BENCH_ONLY";

fn main() {
    // `cargo bench` passes arguments of its own, which mean nothing here.
    let stage = Stage::set_up();
    let mut table = Table::default();
    table.extend(table::native_cells());
    let only = std::env::var(ONLY).unwrap_or_default();
    for (what, measure) in MEASUREMENTS.into_iter().filter(|(what, _)| what.contains(&only)) {
        eprintln!("    measuring: {what}");
        table.extend(measure(&stage));
    }
    for (title, over, under) in RATIOS {
        table.add_ratio(title, over, under);
    }
    println!("\n{table}");
}
