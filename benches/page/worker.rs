//! What the engine does in the web worker, beside what it does natively; and how soon it answers meanwhile.

use millrace::{
    base::Level,
    scenario::{Input, JobKind, Key, Parameters, Scenario, VERSION, suggest_layout},
};
use serde_json::{Value, json};

use crate::{
    harness::Page,
    stage::{Stage, TEXT},
    table::{Cell, percentile},
    words,
};

/// As many as `millrace bench` takes, and as many turns, of which the best counts.
const KERNEL_EVENTS: u64 = 1_000_000;
const TURNS: u32 = 5;

/// The longest text that may be opened.
const LONGEST_BYTES: u64 = 50_000_000;

/// The kernel's mix of events.
pub(crate) fn kernel(stage: &Stage) -> Vec<Cell> {
    let mut page = Page::open(&stage.site.address());
    let best = page.with_conductor(
        &json!({ "kernel": KERNEL_EVENTS }),
        &format!(
            "let best = Infinity;
            for (let turn = 0; turn < {TURNS}; turn += 1) {{
                const start = performance.now();
                await conductor.command({{ measure: {{ workload: given }} }});
                best = Math.min(best, performance.now() - start);
            }}
            return best;"
        ),
    );
    let rate = KERNEL_EVENTS as f64 * 1000.0 / number(&best);
    vec![Cell::new("kernel", "worker", rate, "events/s")]
}

/// The full path of a word count over the text that all word counts count.
pub(crate) fn word_count(stage: &Stage) -> Vec<Cell> {
    let mut page = Page::open(&stage.site.address());
    let rate = page.with_conductor(
        &json!(TEXT),
        &format!(
            "const bytes = await (await fetch(given)).arrayBuffer();
            let best = Infinity;
            for (let turn = 0; turn < {TURNS}; turn += 1) {{
                const copy = bytes.slice(0);
                const start = performance.now();
                await conductor.command({{ measure: {{ workload: 'word_count' }} }}, copy);
                best = Math.min(best, performance.now() - start);
            }}
            return bytes.byteLength / 1000 / best;"
        ),
    );
    vec![Cell::new(words::ROW, "worker", number(&rate), "MB/s")]
}

/// How long commands wait while the longest text is counted: one that only has to be heard, and one that looks at
/// the lines of a map.
pub(crate) fn latency(stage: &Stage) -> Vec<Cell> {
    let mut page = Page::open(&stage.site.address());
    let times = page.with_conductor(
        &json!(longest_run()),
        &format!(
            "const piece = new Uint8Array(await (await fetch('{TEXT}')).arrayBuffer());
            const bytes = new Uint8Array({LONGEST_BYTES}).fill(10);
            for (let at = 0; at < bytes.length; at += piece.length) bytes.set(piece.subarray(0, bytes.length - at), at);
            await conductor.command({{ start: {{ run: 1, scenario: given }} }}, bytes.buffer);
            const start = performance.now();
            await conductor.command({{ advance: {{ run: 1, until: 'end' }} }});
            const queries = [
                {{ output: {{ parts: [], search: '', skip: 0, limit: 1 }} }},
                {{ map_records: {{ map: 0, skip: 0, limit: 20 }} }},
            ];
            const times = [[], []];
            while (conductor.finished.length === 0) {{
                for (const [place, query] of queries.entries()) {{
                    const start = performance.now();
                    await conductor.command({{ inspect: {{ run: 1, query }} }});
                    times[place].push(performance.now() - start);
                }}
                await new Promise((done) => setTimeout(done, 20));
            }}
            return [...times, {LONGEST_BYTES} / 1000 / (performance.now() - start)];"
        ),
    );
    let mut cells =
        vec![Cell::new("50 MB run with its simulation", "worker", number(&times[2]), "MB/s")];
    for (place, what) in ["a command", "a look at a map"].into_iter().enumerate() {
        let times: Vec<f64> = times[place].as_array().into_iter().flatten().map(number).collect();
        for (name, share) in [("median", 50), ("worst (budget 50)", 100)] {
            let row = format!("{what} during a 50 MB run, {name}");
            cells.push(Cell::new(&row, "worker", percentile(times.clone(), share), "ms"));
        }
    }
    cells
}

/// As the page opens a large file.
fn longest_run() -> Scenario {
    let layout = suggest_layout(LONGEST_BYTES, Parameters::default().get(Key::Nodes));
    let parameters = Parameters::default()
        .with(Key::BlockSize, layout.block_size)
        .with(Key::Scale, layout.scale)
        .with(Key::SortBuffer, layout.sort_buffer);
    let input = Input::File { name: "longest.txt".to_owned(), hash: None };
    Scenario {
        version: VERSION,
        job: JobKind::WordCount,
        input,
        level: Level::Tasks,
        parameters,
        faults: Vec::new(),
    }
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}
