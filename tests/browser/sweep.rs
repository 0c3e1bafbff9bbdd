//! A sweep as a person makes it: with the keyboard alone, with failures shown, and a run opened from it.

use serde_json::json;

use crate::lab::{Lab, NOTHING};

const OVER: &str = "document.querySelector('[data-testid=sweep]')?.dataset.running === 'false' && document.querySelectorAll('.sweep-point').length";

#[test]
fn a_parameter_is_swept_by_keyboard_and_a_run_of_it_is_opened() {
    let mut lab = Lab::open("");
    lab.simulated();
    lab.page.press("w");
    lab.page.wait_until("document.querySelector('#sweep-values')");
    lab.replace_text("#sweep-values", "1, 2, 4");
    lab.replace_text("#sweep-seeds", "2");
    lab.page.press("Tab");
    lab.page.evaluate("document.querySelector('#sweep-values').focus(); 0");
    lab.page.press("Enter");
    assert_eq!(lab.page.wait_until(OVER), json!(4), "four runs can be opened");
    let refused = lab.page.text("[data-testid=sweep-refused]");
    assert!(
        refused.contains("Replicas = 2"),
        "one node can't hold two replicas, and that is said: {refused}"
    );
    let rows = lab.page.evaluate(
        "[...document.querySelectorAll('.sweep-numbers tbody tr')].map((row) => [...row.cells].map((it) => it.innerText))",
    );
    assert_eq!((&rows[0][0], &rows[0][5]), (&json!("2"), &json!("0")), "{rows}");
    assert_eq!((&rows[1][0], &rows[1][1]), (&json!("4"), &json!("2")), "{rows}");
    lab.page.evaluate("document.querySelector('.sweep-point:last-of-type').focus(); 0");
    lab.page.press("Enter");
    lab.page.wait_until("document.querySelector('.sweep-point.is-shown')");
    lab.simulated();
    let name = "document.querySelector('[data-testid=scenario]').selectedOptions[0].label";
    assert_eq!(lab.page.evaluate(name), json!("First steps: nodes 4, seed 2"), "and is named");
    let nodes = lab.page.evaluate(
        "[...document.querySelectorAll('.stage .hit-button')].filter((it) => /^node \\d/i.test(it.ariaLabel)).length",
    );
    assert_eq!(nodes, json!(4), "the run with four nodes is on the screen");
    lab.page.press("Control+z");
    lab.page.wait_until("!document.querySelector('.sweep-point.is-shown')");
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn a_sweep_that_means_nothing_is_refused_and_one_that_runs_is_given_up() {
    let mut lab = Lab::open("#alice");
    lab.page.press("w");
    lab.page.wait_until("document.querySelector('#sweep-values')");
    lab.replace_text("#sweep-values", "9..1");
    lab.page.press("Enter");
    let problem = lab.page.text("#sweep-problem");
    assert!(problem.contains("9..1"), "{problem}");
    lab.replace_text("#sweep-values", "2..12");
    lab.page.press("Enter");
    lab.page.wait_until("document.querySelector('[data-testid=sweep]').dataset.running === 'true'");
    lab.page.evaluate("[...document.querySelectorAll('.sweep-form button')].find((it) => it.innerText === 'Cancel').toggleAttribute('data-wanted', true)");
    lab.page.click("[data-wanted]");
    lab.page
        .wait_until("document.querySelector('[data-testid=sweep]').dataset.running === 'false'");
    let said = lab.page.text(".sweep-progress");
    assert!(said.contains("Given up"), "{said}");
    assert_eq!(lab.page.problems(), NOTHING);
}
