//! What hands do in the stream lab: a partition is silenced and slowed, a record comes by hand, another is dragged or
//! typed to another time, events of one's own are pasted. Branches part, are compared, and are taken back.

use serde_json::{Value, json};

use crate::lab::{Lab, NOTHING, link_to};

/// What the panes of the plot say.
fn panes(lab: &mut Lab) -> Vec<String> {
    lab.drawn();
    let names = lab.page.evaluate(
        "[...document.querySelectorAll('.event-plot .pane-mark [role=button]')].map((it) => it.ariaLabel)",
    );
    let says = |name: &Value| {
        let name = name.as_str().unwrap_or_default();
        name.rsplit(' ').next().unwrap_or_default().to_owned()
    };
    names.as_array().into_iter().flatten().map(says).collect()
}

fn tracks(lab: &mut Lab) -> u64 {
    lab.page
        .evaluate("document.querySelectorAll('[data-testid=tracks] > li').length")
        .as_u64()
        .unwrap_or(0)
}

#[test]
fn a_partition_is_silenced_at_the_playhead_and_the_branch_is_compared_and_undone() {
    let mut lab = Lab::open("#lost-nine");
    lab.simulated();
    for _ in 0..6 {
        lab.press_and_move("ArrowRight");
    }
    lab.page.click(".stage .tape [role=button]");
    lab.page.wait_until("document.querySelector('[data-testid=verbs] [data-fault]')");
    assert_eq!(
        lab.page
            .evaluate("document.querySelector('[data-testid=verbs] [data-fault]').dataset.fault"),
        "silence partition 0"
    );
    lab.page.press("k");
    lab.page.wait_until("document.querySelectorAll('[data-testid=tracks] > li').length === 2");
    lab.simulated();
    lab.page.wait_until("document.querySelector('.stage .tape.is-silent')");
    assert_eq!(
        lab.page
            .evaluate("document.querySelector('[data-testid=verbs] [data-fault]').dataset.fault"),
        "resume partition 0"
    );
    lab.go_to_end();
    let silenced = panes(&mut lab);
    let verdict = lab.page.text("[data-testid=verdict]");
    assert!(verdict.contains("never arrived, because it was silent till the end"), "{verdict}");
    lab.open_tab("Compare");
    lab.page.wait_until("document.querySelector('[data-testid=compare] .parting')");
    let compared = lab.page.text("[data-testid=compare]");
    assert!(compared.contains("First decision that differs"), "{compared}");
    assert!(compared.contains("silence partition 0"), "{compared}");
    lab.page.click(".top-bar [title*='Ctrl+Z']");
    lab.page.wait_until("document.querySelectorAll('[data-testid=tracks] > li').length === 0");
    lab.go_to_end();
    assert_ne!(panes(&mut lab), silenced, "the run as planned says something else");
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn a_record_comes_by_hand_and_what_is_written_wrongly_is_refused() {
    let mut lab = Lab::open("#lost-nine");
    lab.simulated();
    for _ in 0..4 {
        lab.press_and_move("ArrowRight");
    }
    lab.page.click(".stage .tape [role=button]");
    lab.page.wait_until("document.querySelector('[data-testid=verbs]')");
    lab.page.click("[data-testid=verbs] [aria-expanded]:last-of-type");
    lab.page.wait_until("document.querySelector('[data-testid=stream-form] input')");
    lab.page.click("[data-testid=stream-form] input");
    lab.page.press("Control+a");
    lab.page.type_text("many");
    lab.page.click("[data-testid=stream-form] .primary");
    lab.page.wait_until("document.querySelector('[data-testid=stream-form] .problem')");
    assert!(lab.page.text("[data-testid=stream-form] .problem").contains("number"));
    let kept = "document.querySelector('[data-testid=stream-form] input').value";
    assert_eq!(lab.page.evaluate(kept), "many", "what was written stays");
    lab.page.click("[data-testid=stream-form] input");
    lab.page.press("Control+a");
    lab.page.type_text("100");
    lab.page.click("[data-testid=stream-form] .primary");
    lab.page.wait_until("document.querySelectorAll('[data-testid=tracks] > li').length === 2");
    lab.simulated();
    lab.go_to_end();
    let total: Vec<String> = panes(&mut lab);
    assert!(total.iter().any(|value| value.len() == 3), "a hundred more: {total:?}");
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn the_lost_nine_is_dragged_to_its_window_and_typed_back() {
    let mut lab = Lab::open("#lost-nine");
    lab.go_to_end();
    assert_eq!(panes(&mut lab), ["5", "18", "4", "12"]);
    lab.page.click(".event-plot .dot-mark:has(.dot.is-dropped) [role=button]");
    lab.page.wait_until("document.querySelector('[data-testid=drag-handle] .drag-grip')");
    lab.drawn();
    // Down, to the line of the clock on which the window's first record came.
    let to = ".event-plot .dot-mark [aria-label*=', value 5,']";
    lab.page.drag("[data-testid=drag-handle] .drag-grip", to);
    lab.page.wait_until("!document.querySelector('.event-plot-picture .dot.is-dropped')");
    lab.simulated();
    assert_eq!(panes(&mut lab), ["14", "18", "4", "12"]);
    assert_eq!(tracks(&mut lab), 0, "it takes the place of the run");
    // Its own card stays open, and its arrival can be typed.
    lab.page.wait_until("document.querySelector('[data-testid=arrives] input')");
    lab.page.evaluate("document.querySelector('#arrives').value = '12:00:00'");
    lab.page.click("[data-testid=arrives] .button");
    lab.page.wait_until("document.querySelector('#arrives-problem')");
    assert!(lab.page.text("#arrives-problem").contains("cannot arrive before"));
    lab.page.evaluate("document.querySelector('#arrives').value = '12:08:19'");
    lab.page.click("[data-testid=arrives] .button");
    lab.page.wait_until("document.querySelector('.event-plot-picture .dot.is-dropped')");
    lab.simulated();
    assert_eq!(panes(&mut lab), ["5", "18", "4", "12"]);
    lab.page.click(".top-bar [title*='Ctrl+Z']");
    lab.page.wait_until("!document.querySelector('.event-plot-picture .dot.is-dropped')");
    assert_eq!(panes(&mut lab), ["14", "18", "4", "12"]);
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn a_link_carries_what_is_done_to_the_log_and_refuses_what_is_done_to_a_cluster() {
    let scenario = |fault: &str| {
        json!({"version": 1, "job": {"stream": "windows"}, "input": {"events": "six"},
               "parameters": {}, "faults": [fault]})
    };
    let mut lab = Lab::open(&link_to(&scenario("inject 5 of ada from 0:00:07 at 20 s")));
    lab.go_to_end();
    lab.page.click(".side-tab:nth-of-type(2)");
    lab.page.wait_until("document.querySelector('[data-testid=faults] .fault-list')");
    assert!(lab.page.text("[data-testid=faults]").contains("inject 5 of ada"));
    let address = lab.site.address();
    lab.page.goto(&format!("{address}{}", link_to(&scenario("crash node 1 at 2 s"))));
    assert!(lab.notice().contains("no cluster"));
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn events_of_ones_own_are_pasted_and_a_wrong_line_is_named_and_selected() {
    let mut lab = Lab::open("#first-stream");
    lab.simulated();
    lab.page.click(".top-bar .button.quiet");
    lab.page.wait_until("document.querySelector('dialog[open] #own-text')");
    assert!(lab.page.text("dialog").contains("Your own events"));
    lab.page.evaluate(
        "document.querySelector('#own-text').value = 'time,key,value\\n12:00:01,a,1\\nsoon,a,2\\n'",
    );
    lab.page.click("dialog .button.primary");
    lab.page.wait_until("document.querySelector('#own-text-problem')");
    let problem = lab.page.text("#own-text-problem");
    assert!(problem.to_lowercase().contains("line 3") && problem.contains("time"), "{problem}");
    lab.page.wait_until(
        "(() => { const it = document.querySelector('#own-text'); return it.value.slice(it.selectionStart, it.selectionEnd) === 'soon,a,2' })()",
    );
    lab.page.evaluate(
        "document.querySelector('#own-text').value = 'time,key,value\\n12:00:01,a,1\\n12:00:02,a,2\\n'",
    );
    lab.page.click("dialog .button.primary");
    lab.page.wait_until("!document.querySelector('dialog')");
    lab.go_to_end();
    assert_eq!(panes(&mut lab), ["3"]);
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn axe_finds_nothing_where_hands_are_at_work() {
    let mut lab = Lab::open("#lost-nine");
    lab.simulated();

    for _ in 0..6 {
        lab.press_and_move("ArrowRight");
    }
    let mut found = Vec::new();
    lab.page.click(".event-plot .dot-mark [role=button]");
    lab.page.wait_until("document.querySelector('[data-testid=arrives]')");
    found.extend(lab.page.axe_violations());
    lab.page.click(".stage .tape [role=button]");
    lab.page.wait_until("document.querySelector('[data-testid=verbs]')");
    lab.page.click("[data-testid=verbs] [aria-expanded]:last-of-type");
    lab.page.wait_until("document.querySelector('[data-testid=stream-form]')");
    for theme in ["light", "dark"] {
        lab.page.set_preferences(&[("prefers-color-scheme", theme)]);
        lab.drawn();
        found.extend(lab.page.axe_violations());
    }
    assert_eq!(found, NOTHING);
}
