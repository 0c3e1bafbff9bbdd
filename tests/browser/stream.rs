//! The stream lab: its first sight, the late record and its why, the plot, the tables, by keyboard too.

use serde_json::json;

use crate::lab::{Lab, NOTHING};

/// Steps until the caption holds these words.
#[track_caller]
fn step_to(lab: &mut Lab, words: &str) {
    const STEPS_MOST: u32 = 80;
    for _ in 0..STEPS_MOST {
        if lab.seen().caption.contains(words) {
            return;
        }
        lab.press_and_move("ArrowRight");
    }
    panic!("no step leads to {words:?}; the last: {:?}", lab.seen());
}

/// The names of the marks of a kind on the plot.
fn marks(lab: &mut Lab, kind: &str) -> Vec<String> {
    lab.drawn();
    let names = lab.page.evaluate(&format!(
        "[...document.querySelectorAll('.event-plot .{kind} [role=button]')].map((it) => it.ariaLabel)"
    ));
    let names = names.as_array().into_iter().flatten();
    names.map(|name| name.as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn the_stream_lab_opens_on_six_records_paused_under_one_sentence() {
    let mut lab = Lab::open("");
    lab.page.click("[data-testid=labs] .switch:last-child");
    lab.page.wait_until("document.querySelector('.stream-stage .flow')");
    lab.simulated();
    let page = &mut lab.page;
    assert_eq!(page.evaluate("location.hash"), "#first-stream");
    let question = page.text("[data-testid=question]");
    assert_eq!(question.matches(['?', '.', '!']).count(), 1, "{question}");
    for (selector, times) in [
        (".event-plot svg.event-plot-picture", 1),
        (".button.primary", 1),
        ("aside, .panel, #drawer, dialog, table", 0),
    ] {
        let count =
            page.evaluate(&format!("document.querySelectorAll({}).length", json!(selector)));
        assert_eq!(count, times, "{selector}");
    }
    assert!(marks(&mut lab, "dot-mark").is_empty(), "nothing has come yet");
    lab.page.click("[data-testid=labs] .switch:first-child");
    lab.page.wait_until("document.querySelector('[data-testid=scenario]').value === 'first-steps'");
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn the_late_record_is_dropped_and_says_why_in_numbers() {
    let mut lab = Lab::open("#first-stream");
    lab.simulated();
    step_to(&mut lab, "dropped");
    let dots = marks(&mut lab, "dot-mark");
    assert_eq!(dots.iter().filter(|name| name.ends_with("dropped")).count(), 1, "{dots:?}");
    lab.page.click(".event-plot .dot-mark:has(.dot.is-dropped) [role=button]");
    lab.page.wait_until("document.querySelector('aside[aria-label=Inspector] .why-card')");
    let asks = lab.page.text(".inspector .why-card summary");
    assert_eq!(asks, "Why was it dropped?");
    let rule = lab.page.text(".inspector .why-card .rule");
    assert!(rule.contains("≤ watermark") && rule.contains("dropped"), "{rule}");
    lab.open_tab("Ledger");
    let row = lab.page.text(".ledger tbody tr.is-other");
    assert!(row.contains("no"), "{row}");
    assert_eq!(lab.page.problems(), NOTHING);
}

/// Streaming Systems, figure 2-10, right.
#[test]
fn the_plot_of_the_nine_scores_is_the_books_figure() {
    let mut lab = Lab::open("#score-heuristic");
    lab.go_to_end();
    let says = |name: &String| name.rsplit(' ').next().unwrap_or_default().to_owned();
    let panes: Vec<String> = marks(&mut lab, "pane-mark").iter().map(says).collect();
    assert_eq!(panes, ["5", "18", "4", "12"]);
    let dropped: Vec<String> =
        marks(&mut lab, "dot-mark").into_iter().filter(|name| name.ends_with("dropped")).collect();
    assert_eq!(dropped, ["Record #6, value 9, dropped"]);
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn keys_alone_step_select_and_open_the_tables() {
    let mut lab = Lab::open("#first-stream");
    lab.simulated();
    lab.press_and_move("ArrowRight");
    lab.press_and_move("ArrowRight");
    lab.page.evaluate("document.querySelector('.event-plot .dot-mark [role=button]').focus()");
    lab.page.press("Enter");
    lab.page.wait_until("document.querySelector('.event-plot .dot-mark.is-selected')");
    lab.page.press("n");
    lab.page
        .wait_until("document.querySelector('#drawer')?.getAttribute('aria-label') === 'Panes'");
    lab.page.press("e");
    lab.page.wait_until("document.querySelector('#drawer [data-testid=ledger]')");
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn axe_finds_nothing_in_the_stream_lab() {
    let mut found = Vec::new();
    let mut lab = Lab::open("#first-stream");
    lab.simulated();
    step_to(&mut lab, "dropped");
    lab.page.click(".event-plot .dot-mark [role=button]");
    lab.page.wait_until("document.querySelector('aside[aria-label=Inspector]')");
    for tab in ["Panes", "Ledger"] {
        lab.open_tab(tab);
        for theme in ["light", "dark"] {
            lab.page.set_preferences(&[("prefers-color-scheme", theme)]);
            lab.drawn();
            let violations = lab.page.axe_violations();
            found.extend(violations.into_iter().map(|line| format!("{tab}, {theme}: {line}")));
        }
    }
    assert_eq!(found, NOTHING);
}

#[test]
fn each_scenario_of_the_stream_lab_opens_by_its_link_and_begins() {
    for preset in &millrace::scenario::STREAM_PRESETS {
        let mut lab = Lab::open(&format!("#{}", preset.name));
        let chosen = lab.page.evaluate("document.querySelector('[data-testid=scenario]').value");
        assert_eq!(chosen, preset.name);
        lab.page.wait_until("document.querySelector('#lab').dataset.simulated === 'true'");
        lab.press_and_move("ArrowRight");
        lab.go_to_end();
        assert_eq!(lab.page.problems(), NOTHING, "{}", preset.name);
    }
}
