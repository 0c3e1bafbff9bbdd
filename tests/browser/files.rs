//! What is taken along: plots as pictures and numbers, and the trace, which is opened again.

use serde_json::json;

use crate::lab::{Lab, NOTHING};

/// Keeps what the page offers as files, by their names.
const CATCH: &str = "window.caught = {}; window.blobs = new Map();
    URL.createObjectURL = (blob) => { const at = 'blob:' + window.blobs.size; window.blobs.set(at, blob); return at; };
    HTMLAnchorElement.prototype.click = function () {
        window.blobs.get(this.getAttribute('href'))?.text().then((text) => { window.caught[this.download] = text; });
    }; 0";

#[test]
fn every_plot_is_a_picture_and_numbers() {
    let mut lab = Lab::open("#kill-a-node");
    lab.go_to_end();
    lab.open_tab("Plots");
    let plots = [
        "attempts",
        "throughput",
        "tasks",
        "counter",
        "memory",
        "disk",
        "partitions",
        "task-times",
    ];
    lab.page.wait_until(&format!(
        "document.querySelectorAll('[data-plot]').length === {}",
        plots.len()
    ));
    lab.page.evaluate(CATCH);
    lab.page
        .evaluate("document.querySelectorAll('.plot-files button').forEach((it) => it.click()); 0");
    lab.page.wait_until(&format!("Object.keys(window.caught).length === {}", 2 * plots.len()));
    for plot in plots {
        let csv = lab.page.evaluate(&format!("window.caught['{plot}.csv']"));
        let csv = csv.as_str().unwrap_or_default();
        assert!(csv.lines().count() > 2, "{plot}: {csv}");
        let commas = |line: &str| line.matches(',').count();
        let head = csv.lines().next().map(commas);
        assert!(csv.lines().all(|line| Some(commas(line)) == head), "{plot}: {csv}");
        let picture = lab.page.evaluate(&format!(
            "(() => {{ const parsed = new DOMParser().parseFromString(window.caught['{plot}.svg'], 'image/svg+xml');
                return [!parsed.querySelector('parsererror'), parsed.querySelectorAll('path, rect, polyline, polygon').length > 3,
                    !window.caught['{plot}.svg'].includes('var(--')]; }})()"
        ));
        assert_eq!(picture, json!([true, true, true]), "{plot} is a picture by itself");
    }
    assert_eq!(lab.page.problems(), NOTHING);
}

/// Gives the field for traces a file with this text, which is a JavaScript expression.
fn give(lab: &mut Lab, name: &str, text: &str) {
    lab.page.evaluate(&format!(
        "(() => {{ const given = new DataTransfer(); given.items.add(new File([{text}], '{name}'));
            const field = document.querySelector('[data-testid=open-trace]');
            field.files = given.files; field.dispatchEvent(new Event('change', {{ bubbles: true }})); return 0; }})()"
    ));
}

#[test]
fn a_trace_is_saved_and_opened_again() {
    let mut lab = Lab::open("#kill-a-node");
    // The stage has less room beside an open tab, and shows less: both looks are beside it.
    lab.open_tab("Log");
    lab.go_to_end();
    let (end, seen) = (lab.event(), lab.seen());
    lab.page.evaluate(CATCH);
    lab.page.click("[data-testid=save-trace]");
    let lines =
        lab.page.wait_until("window.caught['kill-a-node.trace.jsonl']?.split('\\n').length");
    assert_eq!(lines.as_u64(), Some(end + 2), "a header, the events, and the last line's end");
    give(&mut lab, "mine.jsonl", "window.caught['kill-a-node.trace.jsonl']");
    let said = lab.page.text("[data-testid=opened]");
    assert!(said.contains("mine.jsonl"), "{said}");
    lab.go_to_end();
    let again = lab.seen();
    assert_eq!((again.event, again.time), (seen.event, seen.time));
    // The text itself is in no trace: without it there is more room for names. What is said of nodes is the same.
    let nodes = |stage: &[String]| -> Vec<String> {
        stage
            .iter()
            .filter(|it| it.contains("node ") && it.contains(':') && !it.starts_with("block"))
            .cloned()
            .collect()
    };
    assert!(nodes(&seen.stage).len() > 2);
    assert_eq!(nodes(&again.stage), nodes(&seen.stage));
    let verdict = lab.page.text("[data-testid=verdict]");
    assert!(verdict.contains("not checked"), "{verdict}");
    give(
        &mut lab,
        "bad.jsonl",
        "window.caught['kill-a-node.trace.jsonl'].split('\\n').map((it, n) => n === 4 ? it.slice(0, 9) : it).join('\\n')",
    );
    let notice = lab.notice();
    assert!(notice.contains("Line 5") && notice.contains("column"), "{notice}");
    assert_eq!(lab.event(), end, "what was on the screen stays");
    assert_eq!(lab.page.problems(), NOTHING);
}
