//! What the engine does in the web worker, beside what it does natively; and how soon it answers meanwhile.

use millrace::{
    base::Level,
    scenario::{Input, JobKind, Key, Parameters, Scenario, VERSION, suggest_layout},
};
use serde_json::{Value, json};

use crate::{
    harness::Page,
    stage::{RECORDS, Stage, ZIPF},
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

/// The engine's full path over texts and records, natively measured by `millrace bench` under the same names.
pub(crate) fn word_count(stage: &Stage) -> Vec<Cell> {
    let rows = words::ROWS.map(|(row, text)| (row, text, "word_count"));
    let sort = ("sort 1,000,000 records of 100 bytes", RECORDS, "sort");
    rows.into_iter().chain([sort]).flat_map(|row| full_path(stage, row)).collect()
}

fn full_path(stage: &Stage, (row, text, workload): (&str, &str, &str)) -> [Cell; 2] {
    let mut page = Page::open(&stage.site.address());
    let measured = page.with_conductor(
        &json!({ "text": text, "workload": workload }),
        &format!(
            "const bytes = await (await fetch(given.text)).arrayBuffer();
            let best = Infinity;
            let memory = 0;
            for (let turn = 0; turn < {TURNS}; turn += 1) {{
                const copy = bytes.slice(0);
                const start = performance.now();
                const answer = await conductor.command({{ measure: {{ workload: given.workload }} }}, copy);
                best = Math.min(best, performance.now() - start);
                memory = answer.Ok.measured.memory_bytes;
            }}
            return [bytes.byteLength / 1000 / best, memory / bytes.byteLength];"
        ),
    );
    [
        Cell::new(row, "worker", number(&measured[0]), "MB/s"),
        Cell::new(&format!("{row}: memory ÷ input"), "worker", number(&measured[1]), "×"),
    ]
}

/// How long commands wait while the longest text is counted: one that only has to be heard, and one that looks at
/// the lines of a map.
pub(crate) fn latency(stage: &Stage) -> Vec<Cell> {
    let mut page = Page::open(&stage.site.address());
    let times = page.with_conductor(
        &json!(longest_run()),
        &format!(
            "const piece = new Uint8Array(await (await fetch('{ZIPF}')).arrayBuffer());
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
    let input = Input::File { name: "longest.txt".to_owned(), hash: None, bytes: None };
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
