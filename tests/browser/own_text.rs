//! A text of one's own: pasted, typed, chosen as a file, dropped. Its counts are right each time.

use std::fs;

use crate::lab::{Lab, NOTHING, count};

/// All that parts words, letters of several bytes, and what looks like markup.
const TEXT: &str =
    "Über über\tüber\r\nto be\u{c}or not\rto be, <b>to</b> be & 漢字 漢字 🌾\n\n  end";

fn ends_right(lab: &mut Lab, text: &str) {
    lab.page.wait_until("document.querySelector('[data-testid=scenario]').value === ''");
    lab.go_to_end();
    assert!(lab.page.text("[data-testid=verdict]").ends_with("yes"));
    assert_eq!(lab.results(""), count(text));
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn a_pasted_text_is_counted_right() {
    let mut lab = Lab::open("");
    lab.page.paste(TEXT);
    ends_right(&mut lab, TEXT);
}

#[test]
fn a_text_typed_into_the_dialog_is_counted_right_and_can_be_undone() {
    let mut lab = Lab::open("");
    let text = "one two two\nthree three three";
    lab.page.click(".top-bar .button.quiet");
    lab.page.wait_until("document.querySelector('dialog[open] #own-text')");
    lab.page.click("#own-text");
    lab.page.type_text(text);
    lab.page.click("dialog .button.primary");
    lab.page.wait_until("!document.querySelector('dialog')");
    ends_right(&mut lab, text);
    // The focus is in the search field, whose own undo Ctrl+Z is; the button is for the run.
    lab.page.click(".top-bar [title*='Ctrl+Z']");
    lab.page.wait_until("document.querySelector('[data-testid=scenario]').value === 'first-steps'");
}

#[test]
fn a_chosen_file_is_counted_right() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine & yours.txt");
    let text = TEXT.repeat(200);
    fs::write(&file, &text).unwrap();
    let mut lab = Lab::open("");
    lab.page.click(".top-bar .button.quiet");
    lab.page.wait_until("document.querySelector('dialog[open] input[type=file]')");
    lab.page.choose_files("dialog input[type=file]", &[&file]);
    lab.page.wait_until("!document.querySelector('dialog')");
    ends_right(&mut lab, &text);
    let name = lab
        .page
        .evaluate("document.querySelector('[data-testid=scenario]').selectedOptions[0].label");
    assert_eq!(name, "mine & yours.txt");
}

#[test]
fn a_dropped_file_is_counted_right() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dropped.txt");
    fs::write(&file, format!("\u{feff}{TEXT}")).unwrap();
    let mut lab = Lab::open("");
    lab.page.drop_files(".stage", &[&file]);
    // A byte order mark is no part of the first word.
    ends_right(&mut lab, TEXT);
}
