//! One stream under several rules, side by side; the dials over the ledger; and the sweep of a stream.

use serde_json::json;

use crate::lab::{Lab, NOTHING};

/// True when all rows of the answers are there.
const ANSWERED: &str = "document.querySelector('[data-testid=answers]')?.dataset.running === 'false' && document.querySelectorAll('.answer-row').length";

/// The rows: their names, what their windows say, and what is said of what differs.
const ROWS: &str = "[...document.querySelectorAll('.answer-row')].map((row) => ({
    name: row.querySelector('h3').innerText,
    cells: [...row.querySelectorAll('.answer-cell')].map((it) => it.ariaLabel),
    said: row.innerText }))";

/// Chooses in what the answers differ.
fn choose(lab: &mut Lab, respect: &str) {
    lab.page.evaluate(&format!(
        "(() => {{ const it = document.querySelector('[data-testid=answers-respect]');
           it.selectedIndex = [...it.options].findIndex((one) => one.text.includes('{respect}'));
           it.dispatchEvent(new Event('change', {{ bubbles: true }})); return 0; }})()"
    ));
    lab.drawn();
    lab.page.wait_until(ANSWERED);
    lab.drawn();
}

#[test]
fn five_systems_answer_the_nine_scores_on_one_plot() {
    let mut lab = Lab::open("#lost-nine");
    lab.simulated();
    lab.page.press("a");
    assert_eq!(lab.page.wait_until(ANSWERED), json!(5));
    let rows = lab.page.evaluate(ROWS);
    assert_eq!(rows[0]["name"], "1. Beam (Java)");
    let first: Vec<&str> =
        rows[0]["cells"].as_array().into_iter().flatten().filter_map(|it| it.as_str()).collect();
    assert_eq!(first.len(), 4, "{first:?}");
    assert!(first[0].starts_with("12:00–12:02: 5 at 12:06"), "{first:?}");
    let spark = rows[4]["said"].as_str().unwrap_or_default();
    assert!(spark.contains("Not possible") && spark.contains("bounded"), "{spark}");
    let dots = lab.page.evaluate("document.querySelectorAll('.answer-plot .dot-mark').length");
    assert_eq!(dots, json!(9), "one plot for all");
    lab.page.click(".answer-plot .dot-mark [role=button]");
    lab.page.wait_until("document.querySelector('aside[aria-label=Inspector]')");
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn watermarks_and_batch_runs_say_why_they_differ_and_one_is_opened() {
    let mut lab = Lab::open("#lost-nine");
    lab.simulated();
    lab.page.press("a");
    lab.page.wait_until(ANSWERED);
    choose(&mut lab, "watermark strategies");
    let rows = lab.page.evaluate(ROWS);
    let perfect = rows.as_array().into_iter().flatten();
    let perfect =
        perfect.filter(|row| row["name"].as_str().is_some_and(|it| it.ends_with("book perfect")));
    let said: Vec<&str> = perfect.filter_map(|row| row["said"].as_str()).collect();
    assert_eq!(said.len(), 1, "{rows}");
    assert!(said[0].contains("The 9 of 12:01:26 counts"), "{}", said[0]);
    assert!(said[0].contains("≤ watermark") || said[0].contains("< watermark"), "{}", said[0]);
    choose(&mut lab, "batch against stream");
    let cuts = lab.page.evaluate("document.querySelectorAll('.answer-plot .cut-line').length");
    assert!(cuts.as_u64().is_some_and(|cuts| cuts >= 2), "a run and its lookback: {cuts}");
    let rows = lab.page.evaluate(ROWS);
    assert_eq!(rows[1]["name"], "2. batch", "{rows}");
    assert!(rows[1]["said"].as_str().is_some_and(|it| it.contains("is not read")), "{rows}");
    choose(&mut lab, "accumulation");
    lab.page.click(".answer-row:nth-child(2) .link");
    lab.page.wait_until("document.querySelector('.answer-row .tag') && document.querySelector('.answer-row.is-own h3').innerText === '1. discarding'");
    lab.page.press("Control+z");
    lab.page.wait_until(
        "document.querySelector('.answer-row.is-own h3')?.innerText === '1. accumulating'",
    );
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn the_dials_over_the_ledger_tell_latency_completeness_and_state() {
    let mut lab = Lab::open("#lost-nine");
    lab.go_to_end();
    lab.open_tab("Ledger");
    let dials = lab.page.text("[data-testid=dials]");
    for words in ["Latency", "Completeness", "88.9 %", "8 of 9", "State kept", "0 now"] {
        assert!(dials.contains(words), "{words}: {dials}");
    }
    lab.page.press("Home");
    lab.page.wait_until("document.querySelector('#lab').dataset.finished === 'false'");
    lab.drawn();
    let begun = lab.page.evaluate("document.querySelector('[data-testid=dials]')?.innerText ?? ''");
    assert!(!begun.as_str().unwrap_or_default().contains("8 of 9"), "{begun}");
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn a_stream_is_swept_over_the_watermarks_delay_and_a_run_of_it_is_opened() {
    const OVER: &str = "document.querySelector('[data-testid=sweep]')?.dataset.running === 'false' && document.querySelectorAll('.sweep-point').length";
    let mut lab = Lab::open("#web-sessions");
    lab.simulated();
    lab.page.press("w");
    lab.page.wait_until("document.querySelector('#sweep-values')");
    lab.replace_text("#sweep-values", "0, 6000, 20000");
    lab.replace_text("#sweep-seeds", "2");
    lab.page.press("Tab");
    lab.page.evaluate("document.querySelector('#sweep-values').focus(); 0");
    lab.page.press("Enter");
    assert_eq!(lab.page.wait_until(OVER), json!(18), "six runs on three plots");
    let titles = lab.page.evaluate(
        "[...document.querySelectorAll('.sweep-plots figcaption, .sweep-plots h3')].map((it) => it.innerText).join(' ')",
    );
    for words in ["Latency", "Completeness", "Elements held"] {
        assert!(titles.as_str().unwrap_or_default().contains(words), "{titles}");
    }
    lab.page.evaluate("document.querySelector('.sweep-point:last-of-type').focus(); 0");
    lab.page.press("Enter");
    lab.page.wait_until("document.querySelector('.sweep-point.is-shown')");
    lab.simulated();
    lab.page.press("Control+z");
    lab.page.wait_until("!document.querySelector('.sweep-point.is-shown')");
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn axe_finds_nothing_among_answers_dials_and_a_streams_sweep() {
    let mut found = Vec::new();
    let mut lab = Lab::open("#lost-nine");
    lab.go_to_end();
    lab.page.press("a");
    lab.page.wait_until(ANSWERED);
    let mut check = |lab: &mut Lab, what: &str| {
        for theme in ["light", "dark"] {
            lab.page.set_preferences(&[("prefers-color-scheme", theme)]);
            lab.drawn();
            let violations = lab.page.axe_violations();
            found.extend(violations.into_iter().map(|line| format!("{what}, {theme}: {line}")));
        }
    };
    check(&mut lab, "profiles");
    choose(&mut lab, "batch against stream");
    check(&mut lab, "batch");
    lab.page.set_view(820, 1180);
    choose(&mut lab, "triggers");
    check(&mut lab, "triggers on a tablet");
    for tab in ["Ledger", "Sweep"] {
        lab.open_tab(tab);
        check(&mut lab, tab);
    }
    assert_eq!(found, NOTHING);
}
