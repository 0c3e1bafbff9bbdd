//! Links to a moment, the browser's way back and forward, and the page as a frame.

use serde_json::json;

use crate::lab::{Lab, NOTHING};

#[test]
fn a_link_leads_to_the_very_moment_and_to_what_is_open() {
    let mut lab = Lab::open("#kill-a-node");
    lab.simulated();
    for _ in 0..4 {
        lab.press_and_move("ArrowRight");
    }
    lab.open_tab("Log");
    let seen = lab.seen();
    lab.page.wait_until("/&t=.*open=log/.test(location.hash)");
    lab.page.reload();
    lab.page
        .wait_until(&format!("document.querySelector('#lab')?.dataset.event === '{}'", seen.event));
    lab.page.wait_until("document.querySelector('#drawer')?.getAttribute('aria-label') === 'Log'");
    let again = lab.seen();
    assert_eq!((again.event, again.time, again.caption), (seen.event, seen.time, seen.caption));
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn back_and_forward_lead_to_the_run_before_and_to_its_moment() {
    let mut lab = Lab::open("#cut-line");
    lab.simulated();
    lab.press_and_move("ArrowRight");
    let event = lab.event();
    lab.page.wait_until("location.hash.includes('&t=')");
    lab.page.evaluate("location.hash = '#no-combiner'; 0");
    let chosen = "document.querySelector('[data-testid=scenario]').value";
    lab.page.wait_until(&format!("{chosen} === 'no-combiner'"));
    lab.page.evaluate("history.back(); 0");
    lab.page.wait_until(&format!("{chosen} === 'cut-line'"));
    lab.page.wait_until(&format!("document.querySelector('#lab').dataset.event === '{event}'"));
    lab.page.evaluate("history.forward(); 0");
    lab.page.wait_until(&format!("{chosen} === 'no-combiner'"));
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn a_broken_moment_is_said() {
    let mut lab = Lab::open("#kill-a-node&t=soon");
    let notice = lab.notice();
    assert!(notice.contains("damaged") && notice.contains("t=soon"), "{notice}");
}

#[test]
fn in_a_frame_there_are_stage_and_player_and_a_press_is_answered() {
    let mut lab = Lab::open_sized("?embed#kill-a-node", 800, 500);
    lab.simulated();
    let hidden = lab.page.evaluate(
        "['.top-bar', '.drawer-frame', '.side-tab'].map((it) => document.querySelector(it)?.checkVisibility() ?? false)",
    );
    assert_eq!(hidden, json!([false, false, false]));
    for _ in 0..4 {
        lab.press_and_move("ArrowRight");
    }
    lab.page.evaluate(
        "document.querySelector('.stage .hit-button[aria-label^=\"Node 1\" i]').focus(); 0",
    );
    lab.page.press("Enter");
    lab.page.wait_until("document.querySelector('.inspector')?.checkVisibility()");
    let fits = lab.page.evaluate(
        "document.documentElement.scrollWidth <= 800 && document.documentElement.scrollHeight <= 500",
    );
    assert_eq!(fits, json!(true));
    assert_eq!(lab.page.problems(), NOTHING);
}
