//! The page at work: seeking in a long trace, playing a large cluster, and the memory that takes.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use millrace::{
    base::Level,
    scenario::{Key, presets},
};
use serde_json::Value;

use crate::{
    harness::Page,
    stage::Stage,
    table::{Cell, percentile},
};

/// Such that 50 nodes make a trace of some 100,000 events of a novel.
const BLOCK_SIZE: u64 = 1_300;

/// Clicks all along the scrubber, each a seek; how long until the page is drawn and laid out again, without the
/// wait for the screen: first what takes its turn at once, then all parts of the stage.
const SEEKS: &str = "(async () => {
    const turn = () => new Promise((done) => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => { channel.port1.close(); done(); };
        channel.port2.postMessage(0);
    });
    const track = document.querySelector('[data-testid=scrubber] .track');
    const box = track.getBoundingClientRect();
    const [first, whole] = [[], []];
    const behind = () => document.querySelector('.stage[data-behind]');
    let random = 1;
    for (let seek = 0; seek < 200; seek += 1) {
        random = (random * 48271) % 2147483647;
        const at = { bubbles: true, pointerId: 1, clientY: box.y + 1, clientX: box.x + box.width * (random / 2147483647) };
        await new Promise(requestAnimationFrame);
        const start = performance.now();
        track.dispatchEvent(new PointerEvent('pointerdown', at));
        await turn();
        document.body.getBoundingClientRect();
        first.push(performance.now() - start);
        while (behind()) await turn();
        document.body.getBoundingClientRect();
        whole.push(performance.now() - start);
        track.dispatchEvent(new PointerEvent('pointerup', at));
    }
    return { first, whole };
})()";

/// The times between frames, while the run plays.
const FRAMES: &str = "(async () => {
    const times = [];
    let last = await new Promise(requestAnimationFrame);
    while (times.length < 240) {
        const now = await new Promise(requestAnimationFrame);
        times.push(now - last);
        last = now;
    }
    return document.querySelector('[data-testid=play]').ariaLabel === 'Pause' ? times : null;
})()";

const SIMULATED: &str = "document.querySelector('#lab').dataset.simulated === 'true'";

/// Seeks in a trace of 100,000 events, and what the tab takes of memory with it.
pub(crate) fn long_trace(stage: &Stage) -> Vec<Cell> {
    let mut scenario = presets::named("big-cluster").expect("it is a preset").scenario();
    scenario.level = Level::Records;
    scenario.parameters = scenario.parameters.with(Key::BlockSize, BLOCK_SIZE);
    let link = URL_SAFE_NO_PAD.encode(scenario.to_json());
    let mut page = Page::blank();
    page.set_view(1280, 800);
    page.goto(&format!("{}#r=1.{link}", stage.site.address()));
    page.wait_until(SIMULATED);
    page.press("Shift+End");
    page.wait_until("document.querySelector('#lab').dataset.finished === 'true'");
    let events = page.evaluate("Number(document.querySelector('#lab').dataset.event)");
    let seeks = page.evaluate(SEEKS);
    let (first, whole) = (numbers(&seeks["first"]), numbers(&seeks["whole"]));
    let mut cells =
        vec![Cell::new("a long trace", "page", events.as_f64().unwrap_or_default(), "events")];
    for (name, share) in [("median", 50), ("95 % within (budget 16)", 95), ("worst", 100)] {
        let row = format!("seek in it and answer, {name}");
        cells.push(Cell::new(&row, "page", percentile(first.clone(), share), "ms"));
    }
    for (name, share) in [("median", 50), ("95 % within", 95)] {
        let row = format!("seek in it until all parts are drawn, {name}");
        cells.push(Cell::new(&row, "page", percentile(whole.clone(), share), "ms"));
    }
    if let Some(megabytes) = page.private_megabytes() {
        cells.push(Cell::new(
            "memory of the tab with it, worker included (budget 200)",
            "page",
            megabytes,
            "MB",
        ));
    }
    cells
}

/// Frames while fifty nodes work at five hundred tasks.
pub(crate) fn frames(stage: &Stage) -> Vec<Cell> {
    frames_of(stage, "#big-cluster", "with 50 nodes and 500 tasks")
}

/// Frames of the busiest stream that is to be smooth: eight partitions, each operator eight times, and 500
/// events a second.
pub(crate) fn stream_frames(stage: &Stage) -> Vec<Cell> {
    let mut scenario = presets::named("web-sessions").expect("it is a preset").scenario();
    let changes = [
        (Key::StreamPartitions, 8),
        (Key::SourceParallelism, 8),
        (Key::Parallelism, 8),
        (Key::Events, 4_000),
        (Key::EventRate, 500),
        (Key::Window, 0),
        (Key::WindowSize, 2_000),
    ];
    for (key, value) in changes {
        scenario.parameters = scenario.parameters.with(key, value);
    }
    let link = URL_SAFE_NO_PAD.encode(scenario.to_json());
    frames_of(stage, &format!("#r=1.{link}"), "of a stream of 500 events a second")
}

fn frames_of(stage: &Stage, link: &str, what: &str) -> Vec<Cell> {
    let mut page = Page::blank();
    page.set_view(1280, 800);
    page.goto(&format!("{}{link}", stage.site.address()));
    page.wait_until(SIMULATED);
    let mut cells = Vec::new();
    for (slow, times) in [("", 1), (", processor slowed four times", 4)] {
        // A third of its time into the run, maps run and reduces fetch.
        page.evaluate(
            "(() => {
                const track = document.querySelector('[data-testid=scrubber] .track');
                const box = track.getBoundingClientRect();
                const at = { bubbles: true, pointerId: 1, clientY: box.y + 1, clientX: box.x + box.width / 3 };
                track.dispatchEvent(new PointerEvent('pointerdown', at));
                track.dispatchEvent(new PointerEvent('pointerup', at));
                document.activeElement.blur();
            })()",
        );
        page.slow_down(times);
        page.press("Space");
        let frames = numbers(&page.evaluate(FRAMES));
        page.press("Space");
        for (name, share) in [("median", 50), ("95 % within (budget 16.7)", 95)] {
            let row = format!("frame {what} playing{slow}, {name}");
            cells.push(Cell::new(&row, "page", percentile(frames.clone(), share), "ms"));
        }
    }
    cells
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
}
