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
    // Its way is kept in view: the blocks and maps that it came through, its segments and its part.
    lab.page.evaluate(
        "[...document.querySelectorAll('[data-testid=lineage] button')].find((it) => it.innerText.startsWith('Follow')).click()",
    );
    lab.page.wait_until("document.querySelector('[data-testid=following]')");
    let way = lab.page.text("[data-testid=following]");
    assert!(way.contains("“the”: maps 0, 1, 2, 3 → part 0"), "{way}");
    let marked = "[...document.querySelectorAll('.stage .is-followed > .hit-button')].map((it) => it.ariaLabel).join('; ')";
    let marked = lab.page.evaluate(marked);
    let marked = marked.as_str().unwrap_or_default();
    assert!(marked.contains("map 0") && marked.contains("part 0 of the output"), "{marked}");
    assert!(!marked.contains("part 1 of the output"), "{marked}");
    lab.page.click("[data-testid=following] button");
    lab.page.wait_until("!document.querySelector('.stage .follow-mark')");
    lab.page.click("[data-testid=lineage] li .small .link");
    lab.page.wait_until("document.querySelector('aside[aria-label=Inspector]')?.innerText.toLowerCase().includes('map 0')");
    // And from a line of that map forward, to the records that its words are in.
    lab.page
        .wait_until("document.querySelector('[aria-label=\"What became of the line at byte 0\"]')");
    lab.page.click("[aria-label='What became of the line at byte 0']");
    lab.page.wait_until("document.querySelector('[data-testid=became] li')");
    let became = lab.page.text("[data-testid=became]");
    assert!(became.contains("In the output: the 16"), "{became}");
    assert!(became.contains("map 0 on node") && became.contains("fetched from node"), "{became}");
    assert_eq!(lab.page.problems(), NOTHING);
}

/// The job's counters under Hadoop's names, and beside them those of what is selected.
#[test]
fn counters_of_the_job_stand_beside_those_of_a_task() {
    let mut lab = Lab::open("");
    play(&mut lab);
    lab.open_tab("Counters");
    lab.page.wait_until("document.querySelector('[data-testid=counters]')");
    let value = |lab: &mut Lab, name: &str| {
        lab.page.evaluate(&format!(
            "[...document.querySelectorAll('.counter-list > div')]
                .find((it) => it.querySelector('code').innerText === '{name}').querySelector('dd').innerText"
        ))
    };
    assert_eq!(value(&mut lab, "MAP_OUTPUT_RECORDS"), "64");
    assert_eq!(value(&mut lab, "TOTAL_LAUNCHED_MAPS"), "4");
    lab.open_tab("Results");
    lab.page.wait_until("document.querySelector('.records .link')");
    lab.page.click(".records .link");
    lab.page.wait_until("document.querySelector('[data-testid=lineage] li .small .link')");
    lab.page.click("[data-testid=lineage] li .small .link");
    lab.open_tab("Counters");
    lab.page.wait_until("document.querySelector('[data-testid=counters] small')");
    let of_both = value(&mut lab, "MAP_OUTPUT_RECORDS");
    let of_both = of_both.as_str().unwrap_or_default();
    assert!(of_both.starts_with("64 (") && of_both != "64 (64)", "{of_both}");
    assert_eq!(lab.page.problems(), NOTHING);
}

/// By commit algorithm 1 a job that fails shows nothing of what its tasks committed.
#[test]
fn a_part_that_is_set_aside_cannot_be_seen() {
    let mut lab = Lab::open("#all-or-nothing");
    play(&mut lab);
    lab.open_tab("Results");
    lab.page.wait_until("document.querySelector('.empty-note')");
    assert!(lab.page.text(".empty-note").contains("none can be seen"));
    let output = lab.page.evaluate("document.querySelector('.outputs').textContent");
    assert!(output.as_str().unwrap_or_default().contains("set aside"), "{output}");
    assert_eq!(lab.page.problems(), NOTHING);
}
