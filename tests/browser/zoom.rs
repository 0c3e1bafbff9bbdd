//! A task is stepped through as a person would: by pointer and by keys, with what is on the page
//! compared with the input and the results.

use serde_json::json;

use crate::lab::{Lab, NOTHING, count, first_steps_with, link_to};
use millrace::scenario::presets::MILL;

/// The number of the step that is shown, once it is.
const STEP: &str = "document.querySelector('[data-testid=zoom]')?.dataset.step";

/// Waits for a step.
#[track_caller]
fn stands_at(lab: &mut Lab, step: u64) {
    lab.page.wait_until(&format!("{STEP} === '{step}'"));
    lab.drawn();
}

/// Selects a task on the stage by its name's beginning, and enters its steps by the button.
#[track_caller]
fn enter(lab: &mut Lab, selection: &str) {
    let fragment = lab.page.evaluate("location.hash.split('&')[0]");
    let fragment = fragment.as_str().unwrap_or_default().to_owned();
    let at = if fragment.is_empty() { "#first-steps".to_owned() } else { fragment };
    lab.page.evaluate(&format!(
        "location.hash = '{at}&t=1000000&open=inspector&select={selection}'; 0"
    ));
    lab.page.wait_until("document.querySelector('[data-testid=zoom-in]')");
    lab.page.click("[data-testid=zoom-in]");
    stands_at(lab, 0);
}

/// How many steps there are.
#[track_caller]
fn total(lab: &mut Lab) -> u64 {
    let place = lab.page.text("[data-testid=zoom-place]");
    let (_, total) = place.rsplit_once(" of ").unwrap_or_else(|| panic!("{place}"));
    total.replace(',', "").parse().unwrap_or_else(|_| panic!("{place}"))
}

/// All captions of a task, forward by the button.
fn captions(lab: &mut Lab) -> Vec<String> {
    let total = total(lab);
    let mut all = Vec::new();
    for step in 0..total {
        stands_at(lab, step);
        all.push(lab.page.text("[data-testid=zoom-caption]"));
        if step + 1 < total {
            lab.page.click("[data-testid=zoom-step]");
        }
    }
    all
}

#[test]
fn a_map_is_stepped_through_from_its_first_byte_to_its_segments() {
    let mut lab = Lab::open("#first-steps");
    lab.go_to_end();
    enter(&mut lab, "map-0");
    let told = captions(&mut lab);
    let has = |words: &str| told.iter().filter(|said| said.contains(words)).count();
    assert!(has("The map begins") == 1 && has("It reads") >= 1, "{told:#?}");
    assert!(has("sorted by partition") >= 1 && has("The combiner makes") >= 1, "{told:#?}");
    assert!(told.last().unwrap().contains("The map is done"), "{told:#?}");
    // Back again, to a line: its words are the input's.
    let line = told.iter().position(|said| said.contains("Line 1 becomes")).unwrap();
    lab.page.click("[data-testid=zoom-first]");
    stands_at(&mut lab, 0);
    for step in 1..=line {
        lab.page.click("[data-testid=zoom-step]");
        stands_at(&mut lab, step as u64);
    }
    let text = lab.page.text(".zoom .line-text code");
    assert_eq!(text, MILL.lines().next().unwrap());
    let pairs = lab.page.evaluate(
        "[...document.querySelectorAll('.zoom .pairs tbody tr')].map((row) => [...row.cells].map((it) => it.innerText))",
    );
    let pairs = pairs.as_array().unwrap();
    let words: Vec<&str> = pairs.iter().map(|pair| pair[0].as_str().unwrap()).collect();
    assert_eq!(words, text.split_whitespace().collect::<Vec<_>>());
    for pair in pairs {
        let formula = pair[2].as_str().unwrap();
        assert!(formula.contains("Text.hashCode") && formula.contains('%'), "{formula}");
    }
    assert!(lab.page.text("[data-testid=zoom-rule]").contains("Bytes 0 to"));
    assert!(lab.page.text("[data-testid=zoom-buffer]").contains("Spills begin at"));
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn a_reduce_is_stepped_through_call_by_call() {
    let mut lab = Lab::open("#first-steps");
    lab.go_to_end();
    let counts = count(MILL);
    enter(&mut lab, "reduce-0");
    let total = total(&mut lab);
    let mut seen = 0;
    for step in 0..total {
        stands_at(&mut lab, step);
        let said = lab.page.text("[data-testid=zoom-caption]");
        if said.starts_with("Call ") {
            let (_, rest) = said.split_once("reduce: ").unwrap();
            let (word, _) = rest.rsplit_once(", with").unwrap();
            let written = lab.page.text(".zoom .block-text");
            assert_eq!(written.trim_end(), format!("{word}\t{}", counts[word]), "{said}");
            seen += 1;
        }
        lab.page.press("ArrowRight");
    }
    assert!(seen > 5, "{seen}");
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn keys_step_the_task_while_the_focus_is_in_it_and_the_run_outside() {
    let mut lab = Lab::open("#first-steps");
    lab.go_to_end();
    let event = lab.event();
    enter(&mut lab, "map-1");
    // The focus went along.
    lab.page.press("ArrowRight");
    stands_at(&mut lab, 1);
    lab.page.press("PageDown");
    stands_at(&mut lab, 2);
    lab.page.press("ArrowLeft");
    stands_at(&mut lab, 1);
    lab.page.press("End");
    let last = total(&mut lab) - 1;
    stands_at(&mut lab, last);
    lab.page.press("Home");
    stands_at(&mut lab, 0);
    assert_eq!(lab.event(), event, "the run stands still");
    lab.page.press("Escape");
    lab.page.wait_until("!document.querySelector('[data-testid=zoom]')");
    lab.drawn();
    let focus = lab.page.evaluate("document.activeElement.dataset.testid");
    assert_eq!(focus, "zoom-in", "who leaves stands where the way in is");
    lab.page.press("z");
    stands_at(&mut lab, 0);
    lab.page.click("[data-testid=zoom-out]");
    lab.page.wait_until("!document.querySelector('[data-testid=zoom]')");
    lab.press_and_move("ArrowLeft");
    // With nothing selected the key says what to do.
    lab.page.press("Escape");
    lab.page.wait_until("!document.querySelector('aside[aria-label=Inspector]')");
    lab.page.press("z");
    assert!(lab.page.text(".toast").contains("Select a map or a reduce"));
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn an_attempt_under_way_tells_only_what_it_has_done() {
    let mut lab = Lab::open("#first-steps");
    lab.simulated();
    while lab.page.evaluate("document.querySelectorAll('.stage .attempt').length") == json!(0) {
        lab.press_and_move("ArrowRight");
    }
    lab.page.click(".stage .attempt");
    lab.page.wait_until("document.querySelector('[data-testid=zoom-in]')");
    lab.page.click("[data-testid=zoom-in]");
    stands_at(&mut lab, 0);
    lab.page.press("End");
    let said = "document.querySelector('[data-testid=zoom-caption]').innerText";
    lab.page.wait_until(&format!("{said}.includes('So far')"));
    let before = total(&mut lab);
    // The run goes on, and so does what can be seen of the task.
    for _ in 0..40 {
        lab.page.click("[data-testid=step]");
    }
    lab.page.click("[data-testid=zoom-first]");
    lab.page.wait_until(&format!(
        "Number(document.querySelector('[data-testid=zoom-place]').innerText.split(' of ')[1]) > {before}"
    ));
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn the_steps_are_legible_in_every_view_and_axe_finds_nothing() {
    let mut found = Vec::new();
    let scenario = first_steps_with(&json!({ "sort_buffer": 400 }));
    let mut lab = Lab::open(&link_to(&scenario));
    lab.go_to_end();
    enter(&mut lab, "map-0");
    let last = total(&mut lab);
    for step in 0..last {
        stands_at(&mut lab, step);
        if step % 4 == 0 || step + 3 >= last {
            for (theme, width, height) in [("light", 1280, 800), ("dark", 820, 1180)] {
                lab.page.set_view(width, height);
                lab.page.set_preferences(&[
                    ("prefers-color-scheme", theme),
                    ("prefers-reduced-motion", "reduce"),
                ]);
                lab.drawn();
                let violations = lab.page.axe_violations();
                found.extend(violations.into_iter().map(|line| format!("{step}, {theme}: {line}")));
                let wide = lab.page.evaluate(
                    "[document.scrollingElement.scrollWidth > innerWidth,
                      document.querySelector('.zoom').scrollWidth > document.querySelector('.zoom').clientWidth + 1]",
                );
                assert_eq!(wide, json!([false, false]), "step {step} at {width}×{height}");
            }
        }
        lab.page.press("ArrowRight");
    }
    lab.page.press("m");
    lab.page.wait_until("document.documentElement.dataset.presenter === 'on'");
    lab.drawn();
    found.extend(lab.page.axe_violations());
    assert_eq!(found, NOTHING);
}
