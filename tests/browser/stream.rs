//! The stream lab: its first sight, the late record and its why, the plot, the tables, by keyboard too.

use std::fs;

use serde_json::{Value, json};

use crate::lab::{Lab, NOTHING, link_to};

/// Steps until the caption holds these words.
#[track_caller]
fn step_to(lab: &mut Lab, words: &str) {
    const STEPS_MOST: u32 = 80;
    for _ in 0..STEPS_MOST {
        if lab.seen().caption.contains(words) {
            return;
        }
        lab.press_and_move("ArrowRight");
    }
    panic!("no step leads to {words:?}; the last: {:?}", lab.seen());
}

/// The names of the marks of a kind on the plot.
fn marks(lab: &mut Lab, kind: &str) -> Vec<String> {
    lab.drawn();
    let names = lab.page.evaluate(&format!(
        "[...document.querySelectorAll('.event-plot .{kind} [role=button]')].map((it) => it.ariaLabel)"
    ));
    let names = names.as_array().into_iter().flatten();
    names.map(|name| name.as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn the_stream_lab_opens_on_six_records_paused_under_one_sentence() {
    let mut lab = Lab::open("");
    lab.page.click("[data-testid=labs] .switch:last-child");
    lab.page.wait_until("document.querySelector('.stream-stage .flow')");
    lab.simulated();
    let page = &mut lab.page;
    assert_eq!(page.evaluate("location.hash"), "#first-stream");
    let question = page.text("[data-testid=question]");
    assert_eq!(question.matches(['?', '.', '!']).count(), 1, "{question}");
    for (selector, times) in [
        (".event-plot svg.event-plot-picture", 1),
        (".button.primary", 1),
        ("aside, .panel, #drawer, dialog, table", 0),
    ] {
        let count =
            page.evaluate(&format!("document.querySelectorAll({}).length", json!(selector)));
        assert_eq!(count, times, "{selector}");
    }
    assert!(marks(&mut lab, "dot-mark").is_empty(), "nothing has come yet");
    lab.page.click("[data-testid=labs] .switch:first-child");
    lab.page.wait_until("document.querySelector('[data-testid=scenario]').value === 'first-steps'");
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn the_late_record_is_dropped_and_says_why_in_numbers() {
    let mut lab = Lab::open("#first-stream");
    lab.simulated();
    step_to(&mut lab, "dropped");
    let dots = marks(&mut lab, "dot-mark");
    assert_eq!(dots.iter().filter(|name| name.ends_with("dropped")).count(), 1, "{dots:?}");
    lab.page.click(".event-plot .dot-mark:has(.dot.is-dropped) [role=button]");
    lab.page.wait_until("document.querySelector('aside[aria-label=Inspector] .why-card')");
    let asks = lab.page.text(".inspector .why-card summary");
    assert_eq!(asks, "Why was it dropped?");
    let rule = lab.page.text(".inspector .why-card .rule");
    assert!(rule.contains("≤ watermark") && rule.contains("dropped"), "{rule}");
    lab.open_tab("Ledger");
    let row = lab.page.text(".ledger tbody tr.is-other");
    assert!(row.contains("no"), "{row}");
    assert_eq!(lab.page.problems(), NOTHING);
}

/// One moment has one spelling, and terms are explained as they are meant of streams.
#[test]
fn moments_are_told_by_the_job_s_clock_and_terms_in_the_stream_s_sense() {
    let mut lab = Lab::open("#lost-nine");
    lab.simulated();
    step_to(&mut lab, "dropped");
    let time = lab.seen().time;
    assert!(time.starts_with("12:08:19"), "{time}");
    lab.open_tab("Log");
    let logged = lab.page.text(".log-lines li .log-time");
    assert!(logged.starts_with(&time), "{logged}");
    let said = lab.page.text(".log-lines");
    assert!(said.contains("“source”") && !said.contains("perator 0"), "{said}");
    lab.page.click(".event-plot .dot-mark:has(.dot.is-dropped) [role=button]");
    lab.page.wait_until("document.querySelector('aside[aria-label=Inspector] .why-card')");
    let rule = lab.page.text(".inspector .why-card .rule");
    assert!(rule.contains("end 12:01:59.999 + lateness 0 s"), "{rule}");
    let at = lab.page.text(".inspector .why-card .event-time");
    assert!(at.starts_with(&time), "{at}");
    let meanings = lab.page.evaluate(
        "[...document.querySelectorAll('.term-meaning')].map((it) => it.textContent).join(' ')",
    );
    let meanings = meanings.as_str().unwrap_or_default();
    assert!(meanings.contains("The claim that no record"), "{meanings}");
    assert!(meanings.contains("each key has windows of its own"), "{meanings}");
    assert!(!meanings.contains("reducer"), "{meanings}");
    assert_eq!(lab.page.problems(), NOTHING);
}

/// Streaming Systems, figure 2-10, right.
#[test]
fn the_plot_of_the_nine_scores_is_the_books_figure() {
    let mut lab = Lab::open("#lost-nine");
    lab.go_to_end();
    let says = |name: &String| name.rsplit(' ').next().unwrap_or_default().to_owned();
    let panes: Vec<String> = marks(&mut lab, "pane-mark").iter().map(says).collect();
    assert_eq!(panes, ["5", "18", "4", "12"]);
    let dropped: Vec<String> =
        marks(&mut lab, "dot-mark").into_iter().filter(|name| name.ends_with("dropped")).collect();
    assert_eq!(dropped, ["Record #6, value 9, dropped"]);
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn keys_alone_step_select_and_open_the_tables() {
    let mut lab = Lab::open("#first-stream");
    lab.simulated();
    lab.press_and_move("ArrowRight");
    lab.press_and_move("ArrowRight");
    lab.page.evaluate("document.querySelector('.event-plot .dot-mark [role=button]').focus()");
    lab.page.press("Enter");
    lab.page.wait_until("document.querySelector('.event-plot .dot-mark.is-selected')");
    lab.page.press("n");
    lab.page
        .wait_until("document.querySelector('#drawer')?.getAttribute('aria-label') === 'Panes'");
    lab.page.press("e");
    lab.page.wait_until("document.querySelector('#drawer [data-testid=ledger]')");
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn axe_finds_nothing_in_the_stream_lab() {
    let mut found = Vec::new();
    let mut lab = Lab::open("#first-stream");
    lab.simulated();
    step_to(&mut lab, "dropped");
    lab.page.click(".event-plot .dot-mark [role=button]");
    lab.page.wait_until("document.querySelector('aside[aria-label=Inspector]')");
    for tab in ["Panes", "Ledger"] {
        lab.open_tab(tab);
        for theme in ["light", "dark"] {
            lab.page.set_preferences(&[("prefers-color-scheme", theme)]);
            lab.drawn();
            let violations = lab.page.axe_violations();
            found.extend(violations.into_iter().map(|line| format!("{tab}, {theme}: {line}")));
        }
    }
    assert_eq!(found, NOTHING);
}

#[test]
fn each_scenario_of_the_stream_lab_opens_by_its_link_and_begins() {
    for preset in &millrace::scenario::STREAM_PRESETS {
        let mut lab = Lab::open(&format!("#{}", preset.name));
        let chosen = lab.page.evaluate("document.querySelector('[data-testid=scenario]').value");
        assert_eq!(chosen, preset.name);
        lab.page.wait_until("document.querySelector('#lab').dataset.simulated === 'true'");
        lab.press_and_move("ArrowRight");
        lab.go_to_end();
        assert_eq!(lab.page.problems(), NOTHING, "{}", preset.name);
    }
}

#[test]
fn the_verdict_says_how_many_windows_differ_and_why() {
    for (name, words, differs) in [
        ("lost-nine", "1 of 4 windows differs (1 record dropped)", true),
        ("last-window", "1 of 3 windows differs (2 records still pending)", true),
        ("perfect-costs", "4 of 4 windows", false),
    ] {
        let mut lab = Lab::open(&format!("#{name}"));
        lab.go_to_end();
        let verdict = lab.page.text("[data-testid=verdict]");
        assert!(verdict.contains(words), "{name}: {verdict}");
        let is_marked = "document.querySelector('[data-testid=verdict]').matches('.partly')";
        assert_eq!(lab.page.evaluate(is_marked), differs, "{name}");
        lab.open_tab("Ledger");
        assert!(lab.page.text(".ledger [role=status]").contains(words), "{name}");
    }
}

#[test]
fn windows_of_the_clock_lie_across_the_plot_and_old_names_lead_on() {
    let mut lab = Lab::open("#whose-clock");
    lab.go_to_end();
    let says = |name: &String| name.rsplit(' ').next().unwrap_or_default().to_owned();
    let told = |lab: &mut Lab| marks(lab, "pane-mark").iter().map(says).collect::<Vec<String>>();
    assert_eq!(told(&mut lab), ["14", "18", "4", "12"]);
    lab.page.evaluate(
        "[...document.querySelectorAll('.flow [role=button]')].find((it) => it.ariaLabel.startsWith('clock windows'))
            .dispatchEvent(new MouseEvent('click', { bubbles: true }))",
    );
    lab.page.wait_until("document.querySelectorAll('.event-plot .pane-mark').length === 3");
    assert_eq!(told(&mut lab), ["12", "18", "18"]);
    let wide = lab.page.evaluate(
        "[...document.querySelectorAll('.event-plot .pane-fill')].every((it) => it.getBoundingClientRect().width > 400)",
    );
    assert_eq!(wide, true);
    assert_eq!(lab.page.problems(), NOTHING);
    let mut lab = Lab::open("#lost-nine");
    let chosen = lab.page.evaluate("document.querySelector('[data-testid=scenario]').value");
    assert_eq!(chosen, "lost-nine");
}

/// The first stream with other parameters or another job.
fn first_stream_with(changes: &[(&str, Value)]) -> Value {
    let mut scenario = json!({
        "version": 1, "job": {"stream": "windows"}, "input": {"events": "six"}, "parameters": {}
    });
    for (name, value) in changes {
        match *name {
            "job" => scenario["job"] = value.clone(),
            _ => scenario["parameters"][*name] = value.clone(),
        }
    }
    scenario
}

/// Scenarios that can't be, and words that must be said of each.
fn impossible() -> Vec<(Value, [&'static str; 2])> {
    let parameter = |name, value: Value| first_stream_with(&[(name, value)]);
    let graph = |operators: Value| {
        first_stream_with(&[("job", json!({"stream": {"graph": {"operators": operators}}}))])
    };
    let source = json!({"name": "in", "kind": "source"});
    let sink = json!({"name": "out", "kind": "sink", "inputs": ["in"]});
    vec![
        (parameter("window_size_ms", json!(0)), ["window_size_ms = 0", "1 to"]),
        (parameter("session_gap_ms", json!(-1)), ["session_gap_ms", "-1"]),
        (parameter("window_slide_ms", json!(-5)), ["window_slide_ms", "-5"]),
        (
            parameter("allowed_lateness_ms", json!(94_608_000_000_u64)),
            ["allowed_lateness_ms", "2592000000"],
        ),
        (
            first_stream_with(&[("parallelism", json!(9)), ("max_parallelism", json!(8))]),
            ["parallelism = 9", "max_parallelism = 8"],
        ),
        (
            graph(json!([source, sink, {"name": "a", "kind": {"map": {}}, "inputs": ["a"]}])),
            ["job.stream.graph", "hear itself"],
        ),
        (
            graph(json!([source, sink, {"name": "other", "kind": "source"}])),
            ["operators[2].name", "unused"],
        ),
    ]
}

#[test]
fn a_link_to_what_cant_be_says_so_and_the_stream_on_the_screen_stays() {
    let mut lab = Lab::open("#first-stream");
    lab.simulated();
    step_to(&mut lab, "dropped");
    let seen = lab.seen();
    let address = lab.site.address();
    for (scenario, words) in impossible() {
        lab.page.goto(&format!("{address}{}", link_to(&scenario)));
        let notice = lab.notice();
        for word in words {
            assert!(
                notice.to_lowercase().contains(&word.to_lowercase()),
                "{scenario}: {notice} has not {word}"
            );
        }
        assert_eq!(lab.seen(), seen);
    }
    lab.page.evaluate("document.activeElement.blur()");
    lab.press_and_move("ArrowLeft");
    lab.press_and_move("ArrowRight");
    assert_eq!(lab.seen(), seen);
    assert_eq!(lab.page.problems(), NOTHING);
}

/// A file that is dropped on the stream lab is events for its job; a broken one is refused by its line.
#[test]
fn a_file_of_events_is_read_and_a_broken_one_is_refused_by_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let mut lab = Lab::open("#first-stream");
    lab.simulated();
    lab.press_and_move("ArrowRight");
    let seen = lab.seen();
    for (events, words) in [
        ("time,key,value\n1000,a,5\nsoon,b,3\n", "line 3, column \"time\""),
        ("time,key,value\n1000,a,5\n2000,b\n", "line 3: it has 2 fields"),
        ("time,key,value\n253402300800000,a,5\n", "line 2, column \"time\""),
    ] {
        let path = folder.path().join("events.csv");
        fs::write(&path, events).unwrap();
        lab.page.drop_files(".stage", &[&path]);
        let notice = lab.notice();
        assert!(notice.to_lowercase().contains(words), "{notice}");
        assert_eq!(lab.seen(), seen);
    }
    let path = folder.path().join("right.csv");
    fs::write(&path, "time,key,value\n1000,a,5\n2000,a,7\n30000,a,1\n").unwrap();
    lab.page.drop_files(".stage", &[&path]);
    lab.page.wait_until("document.querySelector('[data-testid=scenario]').value === ''");
    lab.go_to_end();
    let panes = marks(&mut lab, "pane-mark");
    assert!(panes.iter().any(|name| name.ends_with(" 12")), "{panes:?}");
    assert_eq!(lab.page.problems(), NOTHING);
}
