//! The keyboard alone suffices; and where something is typed, no key is a shortcut.

use serde_json::json;

use crate::{
    harness::Page,
    lab::{Lab, NOTHING, count},
};
use millrace::scenario::presets::MILL;

/// More stops of the Tab key than the page has.
const STOPS_MAX: u32 = 150;

/// Moves the focus by Tab until it is on what matches; the focus can be seen.
#[track_caller]
fn tab_to(page: &mut Page, selector: &str) {
    let here = format!("document.activeElement.matches({})", json!(selector));
    for _ in 0..STOPS_MAX {
        page.press("Tab");
        if page.evaluate(&here) == json!(true) {
            let visible = page.evaluate(
                "(() => {
                    const it = document.activeElement;
                    const box = it.getBoundingClientRect();
                    const style = getComputedStyle(it);
                    return it.matches(':focus-visible') && box.width > 0 && box.height > 0
                        && (style.outlineStyle !== 'none' || style.boxShadow !== 'none');
                })()",
            );
            assert_eq!(visible, true, "the focus on {selector} cannot be seen");
            return;
        }
    }
    let seen = page.evaluate("[document.activeElement.outerHTML.slice(0, 300), document.querySelectorAll('.stage .attempt').length]");
    panic!("Tab never comes to {selector}; it is at {seen}");
}

#[test]
fn a_run_is_started_paused_and_stepped_by_keys() {
    let mut lab = Lab::open("");
    lab.simulated();
    let first = lab.event();
    tab_to(&mut lab.page, "[data-testid=start]");
    lab.page.press("Enter");
    lab.page.wait_until(&format!("Number(document.querySelector('#lab').dataset.event) > {first}"));
    lab.page.wait_until("document.querySelector('[data-testid=play]').ariaLabel === 'Pause'");
    // The start button is gone, and with it the focus on it: space belongs to the player.
    lab.page.press("Space");
    lab.page.wait_until("document.querySelector('[data-testid=play]').ariaLabel === 'Play'");
    let paused = lab.seen();
    assert_eq!(lab.seen(), paused, "it stands still");
    lab.press_and_move("ArrowRight");
    assert!(lab.event() > paused.event);
    lab.press_and_move("ArrowLeft");
    lab.press_and_move("ArrowLeft");
    assert!(lab.event() < paused.event);
    lab.page.press("Space");
    lab.page.wait_until("document.querySelector('[data-testid=play]').ariaLabel === 'Pause'");
    lab.page.press("PageDown");
    lab.page.wait_until("document.querySelector('[data-testid=play]').ariaLabel === 'Play'");
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn something_on_the_stage_is_opened_and_says_why() {
    let mut lab = Lab::open("");
    lab.simulated();
    for _ in 0..6 {
        lab.press_and_move("ArrowRight");
    }
    while lab.page.evaluate("document.querySelectorAll('.stage .attempt').length") == json!(0) {
        lab.press_and_move("ArrowRight");
    }
    let event = lab.event();
    tab_to(&mut lab.page, ".stage .attempt .hit-button");
    let name = lab.page.evaluate("document.activeElement.ariaLabel");
    lab.page.press("Enter");
    let inspector = lab.page.text("aside[aria-label=Inspector]");
    assert!(inspector.to_lowercase().contains("why"), "{name}: {inspector}");
    let task = name.as_str().unwrap().split(',').next().unwrap();
    assert!(inspector.to_lowercase().contains(task), "{name}: {inspector}");
    assert_eq!(lab.event(), event, "looking moves nothing");
    lab.page.press("Space");
    lab.drawn();
    assert_eq!(lab.page.evaluate("document.querySelector('[data-testid=play]').ariaLabel"), "Play");
    lab.page.press("Escape");
    lab.page.wait_until("!document.querySelector('aside[aria-label=Inspector]')");
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn a_parameter_is_changed_applied_and_taken_back() {
    let mut lab = Lab::open("");
    lab.simulated();
    for _ in 0..3 {
        lab.press_and_move("ArrowRight");
    }
    let before = lab.seen();
    lab.open_panel("p", "Parameters");
    tab_to(&mut lab.page, "#reducers");
    lab.page.evaluate("document.activeElement.select()");
    lab.page.type_text("5");
    assert_eq!(lab.event(), before.event, "nothing is applied while it is typed");
    lab.page.press("Enter");
    lab.page.wait_until("document.querySelector('#reducers').value === '5' && document.querySelector('[data-testid=time]').innerText === '0.0 s'");
    lab.page.evaluate("document.activeElement.blur()");
    lab.go_to_end();
    assert_eq!(lab.results(""), count(MILL));
    let parts = lab.page.text(".results [role=status]");
    assert!(parts.starts_with("5 of 5 parts"), "{parts}");
    lab.page.evaluate("document.activeElement.blur()");
    lab.page.press("p");
    lab.page.press("o");
    lab.page.press("Control+z");
    lab.page.wait_until(&format!(
        "document.querySelector('#lab').dataset.event === '{}'",
        before.event
    ));
    assert_eq!(lab.seen(), before, "the former run, at its former playhead");
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn every_panel_has_a_key_and_help_lists_them() {
    let mut lab = Lab::open("");
    lab.go_to_end();
    for (key, seen) in [
        ("p", "aside[aria-label=Parameters]"),
        ("i", "aside[aria-label=Inspector]"),
        ("o", "#drawer[aria-label=Results]"),
        ("l", "#drawer[aria-label=Log]"),
        ("g", "#drawer[aria-label=Plots]"),
        ("b", ".blank"),
        ("?", "dialog[open]"),
    ] {
        lab.page.press(key);
        lab.page.wait_until(&format!("document.querySelector('{seen}')"));
        let escape = if key == "?" { "Escape" } else { key };
        lab.page.press(escape);
        lab.page.wait_until(&format!("!document.querySelector('{seen}')"));
    }
    lab.page.press("?");
    let help = lab.page.text("dialog");
    for words in ["play or pause", "step back", "Ctrl + Z", "parameters", "results"] {
        assert!(help.contains(words), "{words} is not in {help}");
    }
    lab.page.press("Escape");
    lab.page.wait_until("!document.querySelector('dialog')");
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn no_key_is_a_shortcut_where_something_is_typed() {
    let mut lab = Lab::open("");
    lab.go_to_end();
    lab.results("");
    let before = lab.seen();
    lab.page.click(".results input");
    let look = "[document.querySelectorAll('aside, dialog, .blank').length, !!document.querySelector('.stage-alone'),
        document.documentElement.dataset.presenter ?? null, document.querySelector('#drawer').ariaLabel]";
    let looks = lab.page.evaluate(look);
    lab.page.type_text("pigolsbm.?r[] k");
    for key in ["Home", "End", "ArrowLeft", "PageUp", "PageDown"] {
        lab.page.press(key);
    }
    lab.drawn();
    assert_eq!(
        lab.page.evaluate("document.querySelector('.results input').value"),
        "pigolsbm.?r[] k"
    );
    assert_eq!(lab.page.evaluate(look), looks);
    assert_eq!(lab.seen(), before);
    lab.page.evaluate("document.querySelector('[data-testid=speed]').focus()");
    lab.page.press("ArrowLeft");
    lab.drawn();
    assert_eq!(lab.seen(), before, "a slider's arrows are its own");
}
