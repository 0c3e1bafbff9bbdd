//! The worker breaks down: the page says so in words, keeps what it has, and goes on without being loaded again.

use crate::lab::{Lab, count};
use millrace::scenario::presets::MILL;

#[test]
fn a_panic_in_the_worker_is_said_and_the_run_goes_on_after_a_restart() {
    let mut lab = Lab::open("");
    lab.simulated();
    for _ in 0..5 {
        lab.press_and_move("ArrowRight");
    }
    let before = lab.seen();
    lab.page.evaluate("window.sameDocument = true");
    lab.page.press("?");
    lab.page.click("[data-testid=break]");
    let text = lab.page.text("[data-testid=failure]");
    assert!(text.contains("broke down") && text.contains("Restart"), "{text}");
    lab.page.click("[data-testid=failure] summary");
    let said = lab.page.text("[data-testid=failure] pre");
    assert!(said.contains("asked to panic"), "{said}");
    let stays = lab.seen();
    assert_eq!(
        (stays.event, &stays.time, &stays.caption),
        (before.event, &before.time, &before.caption)
    );
    lab.press_and_move("ArrowLeft");
    lab.press_and_move("ArrowRight");
    assert_eq!(lab.seen().event, before.event, "what is here can still be stepped through");

    lab.page.click("[data-testid=failure] .button.primary");
    lab.page.wait_until("!document.querySelector('[data-testid=failure]')");
    lab.page.wait_until("document.querySelector('#lab').dataset.state === 'ready'");
    assert_eq!(lab.seen(), before);
    // The data is the new worker's: it has computed the same run again.
    lab.go_to_end();
    assert_eq!(lab.results(""), count(MILL));
    assert_eq!(lab.page.evaluate("window.sameDocument"), true, "it was loaded again");
}

#[test]
fn a_run_that_is_lost_on_its_way_is_computed_to_its_end_after_a_restart() {
    let mut lab = Lab::open("#big-cluster");
    lab.page.press("?");
    lab.page.click("[data-testid=break]");
    lab.page.wait_until("document.querySelector('[data-testid=failure]')");
    lab.page.click("[data-testid=failure] .button.primary");
    lab.go_to_end();
    assert!(lab.page.text("[data-testid=verdict]").ends_with("yes"));
}
