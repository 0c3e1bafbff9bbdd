//! axe-core finds nothing, wherever a person can be on the page.

use crate::lab::{Lab, NOTHING};

/// The themes of the system.
const THEMES: [&str; 2] = ["light", "dark"];

/// Checks what is on the screen, in both themes.
#[track_caller]
fn check(lab: &mut Lab, what: &str, found: &mut Vec<String>) {
    for theme in THEMES {
        lab.page.set_preferences(&[
            ("prefers-color-scheme", theme),
            ("prefers-reduced-motion", "reduce"),
        ]);
        lab.drawn();
        let violations = lab.page.axe_violations();
        found.extend(violations.into_iter().map(|line| format!("{what}, {theme}: {line}")));
    }
}

/// Opens a run, with a step for each moment up to the middle where maps run and reduces fetch.
fn middle() -> Lab {
    let mut lab = Lab::open("");
    lab.simulated();
    for _ in 0..14 {
        lab.press_and_move("ArrowRight");
    }
    lab
}

#[test]
fn nothing_is_found_at_first_sight_and_at_the_end() {
    let mut found = Vec::new();
    let mut lab = Lab::open("");
    check(&mut lab, "first sight", &mut found);
    lab.go_to_end();
    check(&mut lab, "end", &mut found);
    lab.results("");
    check(&mut lab, "results", &mut found);
    assert_eq!(found, NOTHING);
}

#[test]
fn nothing_is_found_in_the_middle_with_everything_open() {
    let mut found = Vec::new();
    let mut lab = middle();
    check(&mut lab, "middle", &mut found);
    lab.page.click(".stage .attempt");
    lab.page.wait_until("document.querySelector('aside[aria-label=Inspector]')");
    check(&mut lab, "inspector", &mut found);
    lab.page.press("p");
    lab.page.wait_until("document.querySelector('aside[aria-label=Parameters]')");
    lab.page.evaluate("document.querySelectorAll('details').forEach((it) => { it.open = true; })");
    check(&mut lab, "parameters", &mut found);
    for tab in ["Plots", "Results", "Log", "Counters"] {
        lab.open_tab(tab);
        check(&mut lab, tab, &mut found);
    }
    assert_eq!(found, NOTHING);
}

#[test]
fn nothing_is_found_in_dialogs_presenter_mode_and_a_breakdown() {
    let mut found = Vec::new();
    let mut lab = middle();
    lab.page.press("?");
    lab.page.wait_until("document.querySelector('dialog[open]')");
    check(&mut lab, "help", &mut found);
    lab.page.press("Escape");
    lab.page.wait_until("!document.querySelector('dialog')");
    lab.page.click(".top-bar .button.quiet");
    lab.page.wait_until("document.querySelector('dialog[open]')");
    check(&mut lab, "own text", &mut found);
    lab.page.press("Escape");
    lab.page.wait_until("!document.querySelector('dialog')");
    lab.page.press("m");
    lab.page.wait_until("document.documentElement.dataset.presenter === 'on'");
    check(&mut lab, "presenter", &mut found);
    lab.page.press("?");
    lab.page.click("[data-testid=break]");
    lab.page.wait_until("document.querySelector('[data-testid=failure]')");
    check(&mut lab, "breakdown", &mut found);
    assert_eq!(found, NOTHING);
}

#[test]
fn nothing_is_found_on_the_big_cluster_and_on_a_tablet() {
    let mut found = Vec::new();
    let mut lab = Lab::open("#big-cluster");
    lab.simulated();
    lab.page.press("Shift+ArrowRight");
    check(&mut lab, "fifty nodes", &mut found);
    lab.page.set_view(820, 1180);
    check(&mut lab, "fifty nodes on a tablet", &mut found);
    assert_eq!(found, NOTHING);
}
