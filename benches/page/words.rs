//! Word count over the same text: what the engine is compared with.

use crate::{
    harness::Page,
    stage::{PROSE, Stage, ZIPF},
    table::Cell,
};

/// The rows in which native, worker and others stand side by side, and the texts that are counted.
pub(crate) const ROWS: [(&str, &str); 2] =
    [("word count, 64 MB Zipf", ZIPF), ("word count, 64 MB prose", PROSE)];

/// What anybody would write, from bytes to counts, best of five.
const COUNT: &str = "async (address) => {
    const bytes = await (await fetch(address)).arrayBuffer();
    let best = Infinity;
    for (let turn = 0; turn < 5; turn += 1) {
        const start = performance.now();
        const counts = new Map();
        for (const line of new TextDecoder().decode(bytes).split('\\n')) {
            for (const word of line.split(' ')) {
                if (word) counts.set(word, (counts.get(word) ?? 0) + 1);
            }
        }
        best = Math.min(best, performance.now() - start);
    }
    return bytes.byteLength / 1000 / best;
}";

/// In the page itself, without a worker, in the browser that runs the others.
pub(crate) fn in_plain_javascript(stage: &Stage) -> Vec<Cell> {
    let mut page = Page::open(&stage.site.address());
    let mut rate = |text| page.evaluate(&format!("({COUNT})('{text}')")).as_f64();
    let cell = |(row, text)| Cell::new(row, "JavaScript", rate(text).unwrap_or(f64::NAN), "MB/s");
    ROWS.map(cell).into()
}
