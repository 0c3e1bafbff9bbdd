//! Windows of a stream in the web worker, natively measured by `millrace bench` under the same names.

use serde_json::json;

use crate::{harness::Page, stage::Stage, table::Cell};

/// As many as `millrace bench` takes, and as many turns, of which the best counts.
const EVENTS: u64 = 5_000_000;
const TURNS: u32 = 5;

/// The rows, and what is done with the events.
const ROWS: [(&str, &str); 4] = [
    ("stream, plain loop over a hash map", "plain"),
    ("stream, tumbling count by key", "tumbling"),
    ("stream, sliding 60 s by 5 s", "sliding"),
    ("stream, sessions", "sessions"),
];

/// Each loop over the events, the plain one for comparison.
pub(crate) fn windows(stage: &Stage) -> Vec<Cell> {
    ROWS.map(|(row, work)| {
        let mut page = Page::open(&stage.site.address());
        let best = page.with_conductor(
            &json!({ "stream": [work, EVENTS] }),
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
        let rate = EVENTS as f64 * 1000.0 / best.as_f64().unwrap_or(f64::NAN);
        Cell::new(row, "worker", rate, "events/s")
    })
    .into()
}
