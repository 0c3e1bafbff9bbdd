//! Faults by hand, and what becomes of them: branches, the way back, and their comparison.

use serde_json::json;

use crate::lab::{Lab, NOTHING, first_steps_with, link_to};

/// The name of the branch on the screen.
const BRANCH: &str = "document.querySelector('#lab').dataset.branch";

/// Where maps are at work: nodes have something to lose.
fn at_work() -> Lab {
    let mut lab = Lab::open("");
    lab.simulated();
    for _ in 0..10 {
        lab.press_and_move("ArrowRight");
    }
    lab
}

/// Selects a node on the stage, and waits for what can be done to it.
#[track_caller]
fn select_node(lab: &mut Lab, number: u32) {
    lab.page.evaluate(&format!(
        "[...document.querySelectorAll('.stage .hit-button')].forEach((it) => it.toggleAttribute('data-wanted', /^node {number}\\b/i.test(it.ariaLabel)))"
    ));
    lab.page.wait_until("document.querySelector('.stage [data-wanted]')");
    lab.page.evaluate("document.querySelector('.stage [data-wanted]').focus(); 0");
    lab.page.press("Enter");
    lab.page.wait_until(&format!(
        "document.querySelector('[data-testid=verbs]')?.innerText.includes('Node {number}')"
    ));
}

/// Waits for a branch to be on the screen, simulated whole.
#[track_caller]
fn on_branch(lab: &mut Lab, name: &str) {
    lab.page.wait_until(&format!("{BRANCH} === '{name}'"));
    lab.simulated();
}

fn time(lab: &mut Lab) -> String {
    lab.page.text("[data-testid=time]")
}

#[test]
fn a_node_is_crashed_with_the_mouse_and_the_crash_is_taken_back() {
    let mut lab = at_work();
    let before = lab.seen();
    select_node(&mut lab, 3);
    lab.page.click("[data-testid=verbs] [data-fault='crash node 3']");
    on_branch(&mut lab, "B");
    assert_eq!(time(&mut lab), before.time, "at the same playhead");
    let toast = lab.page.text("[data-testid=toast]");
    assert!(toast.contains("B: crash node 3"), "{toast}");
    let tracks = lab.page.text("[data-testid=tracks]");
    assert!(tracks.contains("A: as planned") && tracks.contains("B: crash node 3"), "{tracks}");
    let restart = "document.querySelector('[data-testid=verbs] [data-fault=\"restart node 3\"]')";
    lab.page.wait_until(restart);
    lab.page.click("[data-testid=toast] button");
    lab.page.wait_until(&format!("{BRANCH} === 'A'"));
    let after = lab.seen();
    assert_eq!(
        (after.event, &after.time, &after.caption),
        (before.event, &before.time, &before.caption)
    );
    assert_eq!(lab.page.evaluate("document.querySelectorAll('[data-testid=tracks]').length"), 0);
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn the_keyboard_alone_crashes_restarts_undoes_and_does_it_again() {
    let mut lab = at_work();
    let before = time(&mut lab);
    select_node(&mut lab, 2);
    lab.page.press("k");
    on_branch(&mut lab, "B");
    for _ in 0..3 {
        lab.press_and_move("ArrowRight");
    }
    lab.page.press("k");
    on_branch(&mut lab, "C");
    let tracks = lab.page.text("[data-testid=tracks]");
    assert!(tracks.contains("C: restart node 2"), "{tracks}");
    lab.page.press("Control+z");
    lab.page.wait_until(&format!("{BRANCH} === 'B'"));
    lab.page.press("Control+z");
    lab.page.wait_until(&format!("{BRANCH} === 'A'"));
    assert_eq!(time(&mut lab), before);
    lab.page.press("Control+Shift+Z");
    lab.page.wait_until(&format!("{BRANCH} === 'B'"));
    lab.page.press("v");
    lab.page.wait_until(&format!("{BRANCH} === 'A'"));
    lab.page.press("v");
    lab.page.wait_until(&format!("{BRANCH} === 'B'"));
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn the_parent_is_a_ghost_in_the_timeline_of_attempts() {
    let mut lab = at_work();
    lab.open_tab("Plots");
    assert_eq!(
        lab.page.evaluate("document.querySelectorAll('.ghost, [data-testid=ghost]').length"),
        0
    );
    select_node(&mut lab, 3);
    lab.page.press("k");
    on_branch(&mut lab, "B");
    lab.go_to_end();
    lab.page.wait_until("document.querySelector('.ghost-bars')?.getAttribute('d').startsWith('M')");
    let chosen = "document.querySelector('[data-testid=ghost]').selectedOptions[0].text";
    assert_eq!(lab.page.evaluate(chosen), "A: as planned");
    let strip =
        lab.page.evaluate("document.querySelector('.ghost-strip').getAttribute('d').length");
    assert!(strip.as_u64() > Some(10), "{strip}");
    lab.page.evaluate(
        "(() => {
            const select = document.querySelector('[data-testid=ghost]');
            select.selectedIndex = 0;
            select.dispatchEvent(new Event('change', { bubbles: true }));
        })()",
    );
    lab.page.wait_until("!document.querySelector('.ghost')");
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn a_branch_comes_to_the_same_result_and_is_compared_with_its_parent() {
    let mut lab = at_work();
    select_node(&mut lab, 3);
    lab.page.press("k");
    on_branch(&mut lab, "B");
    lab.go_to_end();
    let verdict = lab.page.text("[data-testid=verdict]");
    assert!(verdict.contains("yes"), "{verdict}");
    lab.open_tab("Compare");
    let rows = lab.page.wait_until(
        "(() => {
            const rows = [...document.querySelectorAll('.compared tbody tr')];
            return rows.length > 8 && Object.fromEntries(rows.map((row) => [row.cells[0].innerText, [...row.cells].slice(1).map((it) => it.innerText)]));
        })()",
    );
    let longer = rows["Job time"][2].as_str().unwrap_or_default();
    assert!(longer.starts_with('+'), "a crash costs time: {rows}");
    let killed = rows["Killed"][1].as_str().unwrap_or_default();
    assert_ne!(killed, "0", "what ran on the node was killed: {rows}");
    assert_eq!(rows["Outcome"][0], rows["Outcome"][1], "{rows}");
    lab.page.click(".parting .link");
    lab.page.wait_until(&format!("{BRANCH} === 'A'"));
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn a_run_is_compared_with_a_preset_and_with_itself_under_another_value() {
    let mut lab = Lab::open("");
    lab.simulated();
    lab.open_tab("Compare");
    choose_preset(&mut lab, "no-combiner");
    on_branch(&mut lab, "B");
    let numbers = |lab: &mut Lab| {
        lab.page.wait_until(
            "document.querySelector('.compare')?.ariaBusy === 'false' && Object.fromEntries([...document.querySelectorAll('.compared tbody tr')].filter((row) => row.cells.length > 3).map((row) => [row.querySelector('code')?.innerText ?? row.cells[0].innerText, [...row.cells].slice(1).map((it) => it.innerText)]))",
        )
    };
    let rows = numbers(&mut lab);
    assert_eq!(rows["MAP_INPUT_RECORDS"][0], "6", "{rows}");
    let more = rows["COMBINE_INPUT_RECORDS"][2].as_str().unwrap_or_default();
    assert!(more.starts_with('−'), "nothing is combined in the other: {rows}");
    assert_eq!(rows["Combiner"], json!(["on", "off", "differs"]), "{rows}");
    lab.page.press("Control+z");
    lab.page.wait_until(&format!("{BRANCH} === 'A'"));
    lab.open_tab("Compare");
    lab.replace_text("#beside-value", "6");
    lab.page.press("Enter");
    on_branch(&mut lab, "B");
    let rows = numbers(&mut lab);
    assert_eq!(rows["Nodes"], json!(["3", "6", "differs"]), "{rows}");
    assert_eq!(rows["MAP_INPUT_RECORDS"][2], "", "both read the same lines: {rows}");
    assert_eq!(lab.page.problems(), NOTHING);
}

/// Chooses a preset to run beside, as a person who types its name does.
#[track_caller]
fn choose_preset(lab: &mut Lab, name: &str) {
    lab.page.wait_until("document.querySelector('[data-testid=beside-preset] select')");
    lab.page.evaluate(&format!(
        "(() => {{ const it = document.querySelector('[data-testid=beside-preset] select'); it.value = '{name}'; it.dispatchEvent(new Event('change', {{ bubbles: true }})); }})()"
    ));
}

#[test]
fn a_rack_is_cut_off_and_joined_again_from_the_stage() {
    let racks = link_to(&first_steps_with(&json!({ "racks": 2 })));
    let mut lab = Lab::open(&racks);
    lab.simulated();
    for _ in 0..10 {
        lab.press_and_move("ArrowRight");
    }
    lab.page.evaluate(
        "[...document.querySelectorAll('.stage .hit-button')].forEach((it) => it.toggleAttribute('data-wanted', it.ariaLabel.startsWith('rack 2: ')))",
    );
    lab.page.click(".stage [data-wanted]");
    lab.page
        .wait_until("document.querySelector('[data-testid=verbs]')?.innerText.includes('Rack 2')");
    let facts = lab.page.text(".inspector .facts");
    assert!(facts.contains("node"), "{facts}");
    assert_eq!(lab.page.axe_violations(), NOTHING);
    lab.page.click("[data-testid=verbs] [data-fault='cut off rack 2']");
    on_branch(&mut lab, "B");
    let named = "[...document.querySelectorAll('.stage .hit-button')].some((it) => it.ariaLabel.startsWith('rack 2: ') && it.ariaLabel.endsWith('cut off'))";
    lab.page.wait_until(named);
    lab.page.click("[data-testid=verbs] [data-fault='join rack 2']");
    on_branch(&mut lab, "C");
    lab.page.wait_until(&format!("!{named}"));
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn faults_are_written_refused_and_removed_in_their_panel() {
    let mut lab = at_work();
    let before = time(&mut lab);
    lab.open_panel("f", "Faults");
    lab.page.click("#fault");
    lab.page.type_text("crash everything");
    lab.page.press("Enter");
    let problem = lab.page.text("#fault-problem");
    assert!(problem.contains("crash node 3"), "it says what can be written: {problem}");
    lab.replace_text("#fault", "slow disk of node 1 to 20 %");
    lab.page.press("Enter");
    on_branch(&mut lab, "B");
    let list = lab.page.text(".fault-list");
    assert!(list.contains("slow disk of node 1 to 20 %"), "{list}");
    assert_eq!(lab.page.evaluate("!!document.querySelector('#fault-problem')"), json!(false));
    lab.page.click("[aria-label^='Remove: slow disk']");
    lab.page.wait_until(&format!("{BRANCH} === 'A'"));
    assert_eq!(time(&mut lab), before);
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn in_presenter_mode_a_branch_shows_nothing_that_was_not_seen() {
    let mut lab = at_work();
    lab.page.press("m");
    lab.page.wait_until("document.documentElement.dataset.presenter === 'on'");
    select_node(&mut lab, 3);
    lab.page.press("k");
    on_branch(&mut lab, "B");
    let ends = lab
        .page
        .evaluate("[...document.querySelectorAll('.track-row .end')].map((it) => it.innerText)");
    assert_eq!(ends, json!(["…", "…"]), "no track tells how long its run will be");
    lab.open_tab("Compare");
    let compared = lab.page.text(".compared");
    assert!(compared.contains("not seen to its end yet"), "{compared}");
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn axe_finds_nothing_in_branches_faults_and_comparison() {
    let mut found = Vec::new();
    let mut lab = at_work();
    select_node(&mut lab, 3);
    lab.page.click("[data-testid=verbs] [aria-expanded=false]");
    lab.page.wait_until("document.querySelector('.verb-form')");
    check(&mut lab, "what can be done", &mut found);
    lab.page.press("Escape");
    select_node(&mut lab, 3);
    lab.page.press("k");
    on_branch(&mut lab, "B");
    lab.open_panel("f", "Faults");
    check(&mut lab, "a branch with its faults", &mut found);
    lab.open_tab("Compare");
    check(&mut lab, "comparison", &mut found);
    assert_eq!(found, NOTHING);
}

#[track_caller]
fn check(lab: &mut Lab, what: &str, found: &mut Vec<String>) {
    for theme in ["light", "dark"] {
        lab.page.set_preferences(&[
            ("prefers-color-scheme", theme),
            ("prefers-reduced-motion", "reduce"),
        ]);
        lab.drawn();
        let violations = lab.page.axe_violations();
        found.extend(violations.into_iter().map(|line| format!("{what}, {theme}: {line}")));
    }
}
