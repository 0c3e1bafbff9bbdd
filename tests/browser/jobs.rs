//! Another job over the same input, what it asks for, and an input that it does not fit.

use serde_json::json;

use crate::lab::{Lab, NOTHING};

/// The page with its parameters open.
fn with_parameters(fragment: &str) -> Lab {
    let mut lab = Lab::open(fragment);
    lab.simulated();
    lab.open_panel("p", "Parameters");
    lab
}

/// Chooses a job, from the list that is opened for that.
#[track_caller]
fn choose(lab: &mut Lab, job: &str) {
    lab.page.click("#job");
    lab.page.wait_until("!document.querySelector('#jobs').hidden");
    lab.page.click(&format!("#jobs [data-job={job}]"));
}

/// Waits until the picker names this job.
#[track_caller]
fn runs(lab: &mut Lab, title: &str) {
    lab.page.wait_until(&format!("document.querySelector('#job strong').innerText === '{title}'"));
    lab.simulated();
}

/// Whether a parameter has a field in the panel.
fn has_field(lab: &mut Lab, name: &str) -> bool {
    lab.page.evaluate(&format!("!!document.querySelector('.parameters #{name}')")) == json!(true)
}

#[test]
fn every_job_is_offered_with_what_it_teaches_and_runs_over_the_same_text() {
    let mut lab = with_parameters("");
    lab.page.click("#job");
    let offered = lab.page.evaluate(
        "[...document.querySelectorAll('#jobs .job')].filter((it) => it.innerText.includes('.')).length",
    );
    assert_eq!(offered, json!(16));
    lab.page.click("#job");
    assert!(!has_field(&mut lab, "pattern") && !has_field(&mut lab, "salts"));
    choose(&mut lab, "grep");
    runs(&mut lab, "Grep");
    assert!(has_field(&mut lab, "pattern") && !has_field(&mut lab, "top"));
    let question = lab.page.text("[data-testid=question]");
    assert!(question.contains("no shuffle"), "{question}");
    lab.go_to_end();
    let verdict = lab.page.text("[data-testid=verdict]");
    assert!(verdict.contains("yes"), "{verdict}");
    lab.page.press("Control+z");
    runs(&mut lab, "Word count");
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn a_job_that_the_input_does_not_fit_says_where_and_offers_its_own() {
    let mut lab = with_parameters("");
    choose(&mut lab, "secondary_sort");
    let problem = lab.page.text("[data-testid=job-problem]");
    for words in ["Secondary sort", "line 1, column", "sensor,time,value"] {
        assert!(problem.contains(words), "{problem}");
    }
    assert_eq!(lab.page.text("#job strong"), "Word count", "what is on the screen stays");
    lab.page.click("[data-testid=own-input]");
    runs(&mut lab, "Secondary sort");
    assert_eq!(lab.page.evaluate("!!document.querySelector('[data-testid=job-problem]')"), false);
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn grep_looks_for_what_is_typed() {
    let mut lab = with_parameters("#grep");
    lab.replace_text("#pattern", "");
    let problem = lab.page.text("#pattern-problem");
    assert!(problem.contains("1 to 100 bytes"), "{problem}");
    lab.replace_text("#pattern", "the mill");
    lab.page.press("Enter");
    lab.page
        .wait_until("document.querySelector('.parameters [aria-label=\"Pattern back to river\"]')");
    // The key is for the page, not for the field.
    lab.page.evaluate("document.activeElement.blur(); 0");
    lab.go_to_end();
    lab.open_tab("Results");
    let found = lab.page.text(".results tbody");
    assert!(found.contains("the river runs to the mill") && !found.contains("children"), "{found}");
    // The pattern is in the address, which follows in a while.
    lab.page.wait_until("location.hash.includes('r=1.')");
    lab.page.reload();
    lab.page.wait_until("document.querySelector('#lab').dataset.state === 'ready'");
    lab.page.wait_until("document.querySelector('#pattern')?.value === 'the mill'");
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn parameters_are_found_by_hadoop_s_names() {
    let mut lab = with_parameters("");
    lab.page.evaluate("document.querySelector('#parameter-search').focus(); 0");
    lab.page.type_text("io.sort");
    let fields = "[...document.querySelectorAll('.parameters .field')].map((it) => it.querySelector('label').textContent.trim())";
    lab.page.wait_until(&format!("({fields}).length > 0 && !({fields}).includes('Reducers')"));
    let found = lab.page.evaluate(fields).to_string();
    assert!(found.contains("Sort buffer") && !found.contains("Reducers"), "{found}");
    lab.page.evaluate("document.querySelector('#parameter-search').select(); 0");
    lab.page.type_text("zebra");
    lab.page.wait_until("document.querySelectorAll('.parameters .field').length === 0");
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn axe_finds_nothing_in_the_list_of_jobs() {
    let mut lab = with_parameters("");
    choose(&mut lab, "join");
    lab.page.text("[data-testid=job-problem]");
    for theme in ["light", "dark"] {
        lab.page.set_preferences(&[
            ("prefers-color-scheme", theme),
            ("prefers-reduced-motion", "reduce"),
        ]);
        lab.drawn();
        assert_eq!(lab.page.axe_violations(), NOTHING, "{theme}");
    }
}
