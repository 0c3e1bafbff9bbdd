//! The first load: how much comes over the line, and how long until a person can do something.

use std::{collections::BTreeSet, fs, io::Write};

use flate2::{Compression, write::GzEncoder};
use serde_json::json;

use crate::{
    harness::Page,
    stage::Stage,
    table::{Cell, median},
};

/// Each with a browser of its own, so that nothing is in any cache.
const LOADS: usize = 5;

/// The app has mounted: what `index.html` shows until then is gone.
const INTERACTIVE: &str = "!document.querySelector('#boot')";

/// Notes in the page when it became interactive, to the frame and not to our next question.
const WATCH: &str = "addEventListener('DOMContentLoaded', () => {
    const look = () => {
        if (document.querySelector('#boot')) requestAnimationFrame(look);
        else window.interactiveAt = performance.now();
    };
    look();
});";

/// All files that the page asks for until it has nothing more to ask for.
pub(crate) fn size(stage: &Stage) -> Vec<Cell> {
    let before = stage.site.served().len();
    let mut page = Page::open(&stage.site.address());
    page.wait_until(INTERACTIVE);
    page.wait_until(QUIET);
    let files: BTreeSet<_> = stage.site.served().into_iter().skip(before).collect();
    let (mut raw, mut compressed) = (0, 0);
    for file in files {
        let bytes = fs::read(stage.folder.path().join(file)).expect("it has just been served");
        raw += bytes.len();
        compressed += gzip(&bytes).len();
    }
    let kilobytes = |bytes: usize| bytes as f64 / 1000.0;
    vec![
        Cell::new("first load, raw", "page", kilobytes(raw), "kB"),
        Cell::new("first load, gzip (budget 500)", "page", kilobytes(compressed), "kB"),
    ]
}

/// Half a second without a further request of the page or its workers.
const QUIET: &str = "new Promise((done) => {
    let last = performance.now();
    new PerformanceObserver(() => { last = performance.now(); }).observe({ type: 'resource' });
    const look = () => performance.now() - last > 500 ? done(true) : setTimeout(look, 50);
    look();
})";

/// From opening the address to an app that has mounted.
pub(crate) fn time(stage: &Stage) -> Vec<Cell> {
    let times = (0..LOADS).map(|_| {
        let mut page = Page::blank();
        page.call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCH }));
        page.goto(&stage.site.address());
        page.wait_until("window.interactiveAt").as_f64().unwrap_or_default()
    });
    let time = median(times.collect());
    vec![Cell::new("first load to interactive (budget 1500)", "page", time, "ms")]
}

/// As static hosts compress.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let written = encoder.write_all(bytes);
    written.and_then(|()| encoder.finish()).expect("memory takes everything")
}
