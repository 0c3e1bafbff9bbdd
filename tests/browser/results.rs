//! A run comes to the right counts. What is right is counted here, by a plain loop.

use crate::lab::{Lab, NOTHING, count};
use millrace::scenario::{presets::MILL, texts};

/// How often "faster" is pressed so that nobody waits long.
const FASTER: u32 = 20;

/// True when the run has ended or has stopped before its key moment.
const STANDS: &str = "document.querySelector('#lab').dataset.finished === 'true'
    || document.querySelector('[data-testid=start]')?.innerText === 'Go on'";

/// Plays from the start button on to the end.
fn play(lab: &mut Lab) {
    for _ in 0..FASTER {
        lab.page.press("]");
    }
    lab.page.click("[data-testid=start]");
    lab.page.wait_until(STANDS);
    if lab.page.evaluate("document.querySelector('#lab').dataset.finished") != "true" {
        lab.page.click("[data-testid=start]");
        lab.page.wait_until("document.querySelector('#lab').dataset.finished === 'true'");
    }
}

#[test]
fn the_first_run_is_played_and_its_counts_are_right() {
    let mut lab = Lab::open("");
    play(&mut lab);
    assert!(lab.page.text("[data-testid=verdict]").ends_with("yes"));
    assert_eq!(lab.results(""), count(MILL));
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn a_whole_book_is_counted_right_and_its_words_are_found() {
    let mut lab = Lab::open("#alice");
    play(&mut lab);
    assert!(lab.page.text("[data-testid=verdict]").ends_with("yes"));
    let text = String::from_utf8(texts::content("alice").unwrap().to_vec()).unwrap();
    let right = count(&text);
    lab.open_tab("Results");
    lab.page.wait_until("document.querySelector('.results table')");
    let head = lab.page.text(".results [role=status]");
    let words = format!("{},{:03} records", right.len() / 1000, right.len() % 1000);
    assert!(head.contains(&words), "{head} has not {words}");
    for search in ["Alice", "rabbit", "queen", "'", "Caterpillar", "zzz"] {
        let mut found = right.clone();
        found.retain(|word, _| word.contains(search));
        assert_eq!(lab.results(search), found, "search for {search}");
    }
    assert_eq!(lab.page.problems(), NOTHING);
}

/// "the" is 16: its lines are those that have the word, and the attempt that read one is a click away.
#[test]
fn an_output_record_is_traced_to_its_lines_and_attempts() {
    let mut lab = Lab::open("");
    play(&mut lab);
    lab.open_tab("Results");
    lab.page.wait_until("document.querySelector('.results table')");
    lab.page.evaluate(
        "[...document.querySelectorAll('.records .link')].find((it) => it.innerText === 'the').click()",
    );
    lab.page.wait_until("document.querySelector('[data-testid=lineage] ol')");
    let with_the = MILL.lines().filter(|line| line.split(' ').any(|word| word == "the"));
    let lines = lab.page.evaluate(
        "[...document.querySelectorAll('[data-testid=lineage] .line-text code')].map((it) => it.innerText)",
    );
    assert_eq!(lines, serde_json::json!(with_the.collect::<Vec<_>>()));
    let first = lab.page.text("[data-testid=lineage] li .small");
    assert!(first.contains("map 0 on node") && first.contains("spill 0"), "{first}");
    assert!(first.contains("fetched from node"), "{first}");
    lab.page.click("[data-testid=lineage] li .small .link");
    lab.page.wait_until("document.querySelector('aside[aria-label=Inspector]')?.innerText.toLowerCase().includes('map 0')");
    assert_eq!(lab.page.problems(), NOTHING);
}
