//! First sight: the first run, paused at its beginning, and hardly anything else.

use serde_json::json;

use crate::lab::{Lab, NOTHING};

/// What a person can see of what matches.
const VISIBLE: &str = "(selector) => [...document.querySelectorAll(selector)].filter((it) =>
    it.checkVisibility({ opacityProperty: true, visibilityProperty: true }))";

#[test]
fn it_opens_on_the_first_run_paused_at_the_beginning() {
    let mut lab = Lab::open("");
    let before = lab.seen();
    lab.simulated();
    assert_eq!(lab.seen(), before, "it moves by itself");
    let page = &mut lab.page;
    assert_eq!(page.text("h1"), "Millrace");
    assert_eq!(page.evaluate("document.querySelectorAll('h1').length"), 1);
    assert_eq!(
        page.evaluate("document.querySelector('[data-testid=scenario]').value"),
        "first-steps"
    );
    assert_eq!(page.text("[data-testid=time]"), "0.0 s");
    assert_eq!(page.evaluate("document.querySelector('[data-testid=play]').ariaLabel"), "Play");
    assert_eq!(
        page.evaluate("document.querySelector('[data-testid=step-back]').ariaDisabled"),
        "true"
    );
    assert_eq!(page.evaluate("location.hash"), "", "the address is as it was given");
    assert_eq!(page.problems(), NOTHING);
}

#[test]
fn at_first_sight_there_are_stage_player_one_sentence_and_one_button() {
    let mut lab = Lab::open("");
    let page = &mut lab.page;
    let seen = |page: &mut crate::harness::Page, selector: &str| {
        page.evaluate(&format!("({VISIBLE})({}).length", json!(selector)))
    };
    for (selector, times) in [
        (".stage .stage-picture", 1),
        (".transport", 1),
        (".caption p:not(.scale)", 1),
        (".button.primary", 1),
        ("[data-testid=start]", 1),
        ("aside, .panel, #drawer, dialog, table, .notice, .failure, .starting", 0),
        ("[aria-expanded=true]", 0),
        ("textarea, input[type=text], input[type=search]", 0),
    ] {
        assert_eq!(seen(page, selector), times, "{selector}");
    }
    let question = page.text("[data-testid=question]");
    assert_eq!(question.matches(['?', '.', '!']).count(), 1, "{question}");
    assert_eq!(page.text("[data-testid=start]"), "Start");
}

#[test]
fn each_scenario_of_the_picker_opens_by_its_link_and_begins() {
    for preset in &millrace::scenario::PRESETS {
        let mut lab = Lab::open(&format!("#{}", preset.name));
        let page = &mut lab.page;
        let chosen = page.evaluate("document.querySelector('[data-testid=scenario]').value");
        assert_eq!(chosen, preset.name);
        assert_eq!(page.text("[data-testid=time]"), "0.0 s");
        lab.press_and_move("ArrowRight");
        assert_eq!(lab.page.problems(), NOTHING, "{}", preset.name);
    }
}
