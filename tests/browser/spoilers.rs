//! In presenter mode nothing tells of what is still to come. Two runs that only differ later must look the same, in
//! every panel and to the last mark, until the moment at which they part.

use serde_json::{Value, json};

use crate::lab::{Lab, first_steps_with, link_to};

/// All that is in the document, but for what was set, which is known from the beginning: the run's name and its
/// question tell it.
const DOCUMENT: &str = "(() => {
    const lab = document.querySelector('#lab').cloneNode(true);
    lab.querySelectorAll('[data-testid=scenario], [data-testid=question]').forEach((it) => it.remove());
    return lab.outerHTML;
})()";

/// A run in presenter mode, simulated to its end, with nothing seen of it.
fn presented(changes: &Value) -> Lab {
    let mut lab = Lab::open(&link_to(&first_steps_with(changes)));
    lab.page.press("m");
    lab.page.wait_until("document.documentElement.dataset.presenter === 'on'");
    lab.simulated();
    lab
}

#[test]
fn two_runs_that_part_later_look_the_same_until_then() {
    // When reduces may be given out changes nothing before the first map has ended.
    let mut one = presented(&json!({ "slow_start_percent": 75 }));
    let mut other = presented(&json!({ "slow_start_percent": 25 }));
    for step in 0..4 {
        for tab in ["Plots", "Results", "Log", "Counters"] {
            one.open_tab(tab);
            other.open_tab(tab);
            let documents = [&mut one, &mut other].map(|lab| lab.page.evaluate(DOCUMENT));
            let difference =
                first_difference(documents.map(|it| it.as_str().unwrap_or_default().to_owned()));
            assert_eq!(difference, None, "step {step}, {tab}");
        }
        one.press_and_move("ArrowRight");
        other.press_and_move("ArrowRight");
    }
    one.go_to_end();
    other.go_to_end();
    assert_ne!(one.seen().time, other.seen().time, "they were to part");
}

/// Where two texts part, with what stands around it.
fn first_difference([one, other]: [String; 2]) -> Option<String> {
    let (one, other): (Vec<_>, Vec<_>) = (one.chars().collect(), other.chars().collect());
    let place =
        (0..one.len().max(other.len())).find(|place| one.get(*place) != other.get(*place))?;
    let around = |text: &[char]| -> String {
        text.iter().skip(place.saturating_sub(120)).take(200).collect()
    };
    Some(format!("{}\n{}", around(&one), around(&other)))
}

#[test]
fn a_presented_run_shows_nothing_later_than_the_furthest_moment() {
    let mut lab = presented(&json!({}));
    let opening = lab.event();
    for _ in 0..6 {
        let event = lab.event();
        lab.open_tab("Results");
        assert_eq!(lab.page.evaluate("document.querySelectorAll('#drawer tr').length"), 0);
        lab.open_tab("Log");
        lab.page.wait_until("document.querySelector('.log')");
        let log = lab.page.text(".log p");
        assert!(log.starts_with(&format!("{event} events so far")), "{log}");
        if lab.page.evaluate("document.querySelector('.log input').checked") == json!(false) {
            lab.page.click(".log .check");
        }
        lab.drawn();
        let lines = lab.page.evaluate("document.querySelectorAll('.log-line').length");
        assert_eq!(lines, event, "the log has a line for each event that has happened");
        assert_eq!(lab.page.evaluate("document.querySelectorAll('.outputs .hit').length"), 0);
        let beyond = lab.page.evaluate(
            "(() => {
                const reached = document.querySelector('.reached').getBoundingClientRect().right;
                return [...document.querySelectorAll('.density path, .marks path')]
                    .map((it) => it.getBoundingClientRect()).filter((it) => it.width > 0 && it.right > reached + 8).length;
            })()",
        );
        assert_eq!(beyond, 0, "a mark lies beyond the furthest moment");
        lab.press_and_move("ArrowRight");
    }
    let furthest = lab.event();
    lab.press_and_move("Home");
    assert_eq!(lab.event(), opening);
    lab.press_and_move("End");
    assert_eq!(lab.event(), furthest, "End goes no further than what was seen");
    lab.page.press("End");
    lab.drawn();
    assert_eq!(lab.event(), furthest);
}

#[test]
fn without_presenter_mode_the_stage_still_shows_only_what_has_happened() {
    let mut lab = Lab::open("");
    lab.go_to_end();
    let committed = "document.querySelectorAll('.outputs .hit').length";
    assert_eq!(lab.page.evaluate(committed), 2, "two parts at the end");
    lab.open_tab("Counters");
    let written =
        "[...document.querySelectorAll('.counter-list div')].at(-1).querySelector('dd').innerText";
    assert_ne!(lab.page.evaluate(written), "0");
    lab.press_and_move("Home");
    lab.drawn();
    assert_eq!(lab.page.evaluate(committed), 0);
    assert_eq!(lab.page.evaluate(written), "0");
    lab.open_tab("Results");
    assert!(lab.page.text("#drawer").contains("No part of the output is committed yet"));
}
