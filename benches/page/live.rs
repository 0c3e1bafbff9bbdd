//! The live cluster on a text of 64 MB: two workers beside one, and one beside the engine without a cluster.

use serde_json::{Value, json};

use crate::{
    harness::Page,
    stage::{Stage, ZIPF},
    table::Cell,
};

/// Turns, of which the best counts: the first ones share the processors with the browser's compiler.
const TURNS: u32 = 20;

/// Rates of the engine alone, of one live worker and of two, from the job's start to its end; and of two engines
/// alone that work at once, which is the most that two nodes can come to on this machine.
pub(crate) fn word_count(stage: &Stage) -> Vec<Cell> {
    let mut page = Page::open(&stage.site.address());
    let rates = page.with_conductor(
        &json!({ "text": ZIPF, "turns": TURNS }),
        "const text = new Uint8Array(await (await fetch(given.text)).arrayBuffer());
        const alone = async () => {
            const copy = text.slice().buffer;
            const start = performance.now();
            await conductor.command({ measure: { workload: 'word_count' } }, copy);
            return performance.now() - start;
        };
        const other = startConductor();
        const half = text.subarray(0, text.length / 2);
        const both = async () => {
            const halves = [conductor, other].map((one) => [one, half.slice().buffer]);
            const start = performance.now();
            await Promise.all(halves.map(([one, copy]) => one.command({ measure: { workload: 'word_count' } }, copy)));
            return performance.now() - start;
        };
        let run = 0;
        const live = async (nodes) => {
            run += 1;
            // A worker is one thread, so each has room for one reduce, and there are as many of them.
            const parameters = { nodes, replication: 1, racks: 1, reducers: nodes, reduce_slots: 1 };
            const input = { file: { name: 'live.txt' } };
            const scenario = { version: 1, job: 'word_count', input, level: 'counters', parameters };
            const begun = await conductor.command({ start_live: { run, scenario } }, text.slice().buffer);
            if (begun.Err) throw new Error(begun.Err.message);
            await conductor.until((it) => it.finished.some((it) => it.run === run));
            const { summary } = conductor.finished.find((it) => it.run === run);
            if (!summary.equals_oracle) throw new Error('it is not the oracle\\'s result');
            return summary.finished_at / 1000;
        };
        const best = [Infinity, Infinity, Infinity, Infinity];
        for (let turn = 0; turn < given.turns; turn += 1) {
            const measured = [await alone(), await live(1), await live(2), await both()];
            measured.forEach((millis, place) => { best[place] = Math.min(best[place], millis); });
        }
        return best.map((millis) => text.length / 1000 / millis);",
    );
    let rate = |place: usize| rates.get(place).and_then(Value::as_f64).unwrap_or(f64::NAN);
    let [alone, one, two, both] = [0, 1, 2, 3].map(rate);
    let row = "live word count of 64 MB";
    vec![
        Cell::new(&format!("{row}, engine alone"), "worker", alone, "MB/s"),
        Cell::new(&format!("{row}, 1 node"), "worker", one, "MB/s"),
        Cell::new(&format!("{row}, 2 nodes"), "worker", two, "MB/s"),
        Cell::new("1 live node ÷ engine alone (target 0.85)", "worker", one / alone, "×"),
        Cell::new("2 live nodes ÷ 1 (target 1.6)", "worker", two / one, "×"),
        Cell::new(
            "2 engines alone at once ÷ 1: what two cores give here",
            "worker",
            both / alone,
            "×",
        ),
    ]
}
