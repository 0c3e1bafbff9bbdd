//! What cannot be run is said in words, in the page, and the run on the screen is still there and still works.

use std::{fs::File, io::Write};

use serde_json::json;

use crate::lab::{Lab, NOTHING, Seen, first_steps_with, link_to};

/// A run under way, some steps from its beginning.
fn under_way() -> (Lab, Seen) {
    let mut lab = Lab::open("");
    lab.simulated();
    for _ in 0..4 {
        lab.press_and_move("ArrowRight");
    }
    let seen = lab.seen();
    (lab, seen)
}

/// The run is where it was, and steps on and back.
#[track_caller]
fn is_still_there(lab: &mut Lab, seen: &Seen) {
    assert_eq!(lab.seen(), *seen);
    lab.page.evaluate("document.activeElement.blur()");
    lab.press_and_move("ArrowRight");
    lab.press_and_move("ArrowLeft");
    assert_eq!(lab.seen(), *seen);
}

#[test]
fn a_file_that_is_no_text_is_refused_with_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let (mut lab, seen) = under_way();
    let line = vec![b'x'; (1 << 20) + 1];
    let cases: [(&str, &[u8], &[&str]); 6] = [
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", &["binary", "plain text file"]),
        ("latin.txt", b"one\ncaf\xe9 noir\n", &["UTF-8", "line 2", "0xe9", "save"]),
        ("wide.txt", b"\xff\xfea\0b\0", &["UTF-16", "save it as UTF-8"]),
        ("big-endian.txt", b"\xfe\xff\0a\0b", &["UTF-16", "save it as UTF-8"]),
        ("empty.txt", b"", &["empty"]),
        ("line.txt", &line, &["line 1", "1 MiB", "break it"]),
    ];
    for (name, bytes, words) in cases {
        let path = folder.path().join(name);
        File::create(&path).unwrap().write_all(bytes).unwrap();
        lab.page.drop_files(".stage", &[&path]);
        let notice = lab.notice();
        for word in words {
            assert!(notice.to_lowercase().contains(&word.to_lowercase()), "{name}: {notice}");
        }
        is_still_there(&mut lab, &seen);
    }
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn a_file_over_the_limit_is_refused_before_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("huge.txt");
    File::create(&path).unwrap().set_len(50_000_001).unwrap();
    let (mut lab, seen) = under_way();
    lab.page.drop_files(".stage", &[&path]);
    let notice = lab.notice();
    assert!(notice.contains("50 MB") && notice.contains("50000001"), "{notice}");
    is_still_there(&mut lab, &seen);
    lab.page.click(".top-bar .button.quiet");
    lab.page.wait_until("document.querySelector('dialog[open] input[type=file]')");
    lab.page.choose_files("dialog input[type=file]", &[&path]);
    let problem = lab.page.text("dialog .problem");
    assert!(problem.contains("50 MB"), "{problem}");
    lab.page.press("Escape");
    lab.page.wait_until("!document.querySelector('dialog')");
    is_still_there(&mut lab, &seen);
}

#[test]
fn nothing_typed_in_the_dialog_is_said_at_the_field() {
    let (mut lab, seen) = under_way();
    lab.page.click(".top-bar .button.quiet");
    lab.page.click("dialog .button.primary");
    let problem = lab.page.text("dialog .problem");
    assert!(problem.contains("empty"), "{problem}");
    assert_eq!(lab.page.evaluate("document.querySelector('#own-text').ariaInvalid"), "true");
    lab.page.press("Escape");
    is_still_there(&mut lab, &seen);
}

/// Links that lead nowhere, and words that must be said of each.
fn broken_links() -> Vec<(String, Vec<&'static str>)> {
    let mut unknown = first_steps_with(&json!({}));
    unknown["speed"] = json!(3);
    let parameter = |changes| link_to(&first_steps_with(&changes));
    vec![
        ("#first-stairs".to_owned(), vec!["first-stairs", "first-steps"]),
        ("#r=1.a*c".to_owned(), vec!["damaged"]),
        ("#r=9.abc".to_owned(), vec!["newer"]),
        (link_to(&unknown), vec!["speed"]),
        (parameter(json!({ "wheels": 4 })), vec!["wheels"]),
        (parameter(json!({ "nodes": 0 })), vec!["nodes = 0", "1"]),
        (parameter(json!({ "nodes": 3, "replication": 4 })), vec!["replication = 4", "3"]),
        (parameter(json!({ "reducers": 1_000_000_000 })), vec!["reducers = 1000000000", "1000"]),
    ]
}

#[test]
fn a_broken_link_is_said_and_the_run_on_the_screen_stays() {
    let (mut lab, seen) = under_way();
    let address = lab.site.address();
    for (fragment, words) in broken_links() {
        lab.page.goto(&format!("{address}{fragment}"));
        let notice = lab.notice();
        for word in words {
            assert!(notice.to_lowercase().contains(word), "{fragment}: {notice} has not {word}");
        }
        is_still_there(&mut lab, &seen);
    }
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn a_page_that_is_opened_by_a_broken_link_opens_the_first_run_and_says_so() {
    for (fragment, words) in broken_links().into_iter().step_by(3) {
        let mut lab = Lab::open(&fragment);
        let notice = lab.notice();
        for word in words {
            assert!(notice.to_lowercase().contains(word), "{fragment}: {notice} has not {word}");
        }
        let chosen = lab.page.evaluate("document.querySelector('[data-testid=scenario]').value");
        assert_eq!(chosen, "first-steps");
        lab.press_and_move("ArrowRight");
        assert_eq!(lab.page.problems(), NOTHING);
    }
}

#[test]
fn a_wrong_value_is_refused_where_it_is_typed() {
    let (mut lab, seen) = under_way();
    lab.open_panel("p", "Parameters");
    let seen = Seen { stage: lab.seen().stage, ..seen };
    for (field, value, words) in [
        ("nodes", "0", ["whole number", "1 to 200"]),
        ("nodes", "three", ["whole number", "1 to 200"]),
        ("reducers", "1000000000", ["whole number", "1 to 1000"]),
        ("reducers", "", ["whole number", "1 to 1000"]),
        // Only all values together tell that this one is wrong.
        ("racks", "9", ["racks = 9", "at most 3"]),
    ] {
        lab.replace_text(&format!("#{field}"), value);
        lab.page.press("Tab");
        let problem = lab.page.text(&format!("#{field}-problem"));
        for word in words {
            assert!(problem.to_lowercase().contains(word), "{field} = {value}: {problem}");
        }
        assert_eq!(lab.seen(), seen, "{field} = {value}");
        // What was refused can be typed right again; the value of the run is still known.
        let back = format!(
            "document.querySelector('#{field}').closest('.field').querySelector('.problem')"
        );
        let right = if field == "nodes" {
            "3"
        } else if field == "racks" {
            "1"
        } else {
            "2"
        };
        lab.replace_text(&format!("#{field}"), right);
        lab.page.press("Tab");
        lab.page.wait_until(&format!("!{back}"));
    }
    is_still_there(&mut lab, &seen);
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn more_replicas_than_nodes_are_refused_where_they_are_typed() {
    let (mut lab, _) = under_way();
    lab.open_panel("p", "Parameters");
    let seen = lab.seen();
    lab.page.evaluate("document.querySelector('#replication').closest('details').open = true");
    lab.replace_text("#replication", "4");
    lab.page.press("Tab");
    let problem = lab.page.text("#replication-problem").to_lowercase();
    assert!(problem.contains("replicas = 4") && problem.contains("at most 3"), "{problem}");
    assert!(
        lab.page.evaluate("document.querySelector('#replication').checkVisibility()")
            == json!(true)
    );
    is_still_there(&mut lab, &seen);
}
