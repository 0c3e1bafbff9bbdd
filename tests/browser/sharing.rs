//! Links that are shared: of live runs, and of runs of the reader's own files. Who opens one has the same result.

use std::{fs, path::PathBuf};

use serde_json::json;
use tempfile::TempDir;

use crate::harness::{Page, Site};
use crate::lab::{Lab, NOTHING, count};

/// Presses the button that copies a link, and gives its fragment and what is said of it.
#[track_caller]
fn share(lab: &mut Lab) -> (String, String) {
    lab.page.evaluate(
        "window.copied = null; navigator.clipboard.writeText = async (text) => { window.copied = text; }; 0",
    );
    lab.page.click("[data-testid=share]");
    let address = lab.page.wait_until("window.copied");
    let said = lab.page.text("[data-testid=toast]");
    let address = address.as_str().unwrap_or_default();
    assert_eq!(lab.page.evaluate("location.href"), address, "it stands in the address, too");
    let (_, fragment) = address.split_once('#').unwrap_or_default();
    (format!("#{fragment}"), said)
}

/// Opens a link that asks for files.
fn open_asking(fragment: &str) -> Lab {
    let site = Site::start();
    let mut page = Page::blank();
    page.set_view(1280, 800);
    page.goto(&format!("{}{fragment}", site.address()));
    page.wait_until("document.querySelector('dialog[open] [data-testid=ask-files]')");
    Lab { page, site }
}

/// The files of the dialog: `missing` or `here`, and the name.
fn asked(lab: &mut Lab) -> Vec<String> {
    let lines = lab.page.evaluate(
        "[...document.querySelectorAll('[data-testid=ask-files] li')].map((it) => it.dataset.file + ' ' + it.querySelector('strong').innerText)",
    );
    let lines = lines.as_array().into_iter().flatten();
    lines.map(|line| line.as_str().unwrap_or_default().to_owned()).collect()
}

/// Two files in a folder, and all that is in them.
struct Own {
    _folder: TempDir,
    one: PathBuf,
    two: PathBuf,
    text: String,
}

impl Own {
    /// Files with these texts so many times over.
    fn repeated(times: usize) -> Own {
        let folder = tempfile::tempdir().expect("a folder");
        let (one, two) = (folder.path().join("one.txt"), folder.path().join("two.txt"));
        let texts = ["to be or not to be\n".repeat(times), "that is the question\n".repeat(times)];
        fs::write(&one, &texts[0]).expect("it is written");
        fs::write(&two, &texts[1]).expect("it is written");
        Own { _folder: folder, one, two, text: texts.concat() }
    }

    /// Opens both in the page, as one input.
    fn open(&self) -> Lab {
        let mut lab = Lab::open("");
        lab.page.click(".top-bar .button.quiet");
        lab.page.wait_until("document.querySelector('dialog[open] input[type=file]')");
        lab.page.choose_files("dialog input[type=file]", &[&self.one, &self.two]);
        lab.page.wait_until("!document.querySelector('dialog')");
        lab.page.wait_until("document.querySelector('[data-testid=scenario]').value === ''");
        lab
    }

    /// The run ends with the words of both counted.
    #[track_caller]
    fn ends_right(&self, lab: &mut Lab) {
        lab.go_to_end();
        assert!(lab.page.text("[data-testid=verdict]").ends_with("yes"));
        assert_eq!(lab.results(""), count(&self.text));
        assert_eq!(lab.page.problems(), NOTHING);
    }
}

const IS_LIVE: &str = "document.querySelector('[data-testid=live]').ariaPressed === 'true' &&
    document.querySelector('[data-testid=live-notes]')";

#[test]
fn a_link_to_a_live_run_begins_it_anew_and_says_what_differs() {
    let mut lab = Lab::open("#kill-a-node");
    lab.page.click("[data-testid=live]");
    lab.page.wait_until(IS_LIVE);
    let (link, said) = share(&mut lab);
    assert_eq!(link, "#kill-a-node&run=live", "at once, while it runs");
    assert!(said.contains("times differ") && said.contains("struck by hand"), "{said}");
    lab.go_to_end();
    let results = lab.results("");
    let mut other = Lab::open(&link);
    other.page.wait_until(IS_LIVE);
    let notes = other.page.text("[data-testid=live-notes]");
    assert!(notes.contains("times differ from run to run; its result does not"), "{notes}");
    other.go_to_end();
    assert!(other.page.text("[data-testid=verdict]").ends_with("yes"));
    assert_eq!(other.results(""), results);
    assert_eq!(lab.page.problems(), NOTHING);
    assert_eq!(other.page.problems(), NOTHING);
}

#[test]
fn the_way_back_leads_from_a_live_run_to_the_simulated_one() {
    let mut lab = Lab::open("#cut-line");
    lab.simulated();
    lab.page.click("[data-testid=live]");
    lab.page.wait_until(IS_LIVE);
    lab.page.wait_until("location.hash.startsWith('#cut-line&run=live')");
    lab.page.evaluate("history.back(); 0");
    lab.page.wait_until("document.querySelector('[data-testid=simulated]').ariaPressed === 'true'");
    lab.page.wait_until("!document.querySelector('[data-testid=live-notes]')");
    lab.page.evaluate("history.forward(); 0");
    lab.page.wait_until(IS_LIVE);
    lab.go_to_end();
    assert_eq!(lab.page.problems(), NOTHING);
}

#[test]
fn a_live_run_that_there_cannot_be_is_said_and_the_default_opened() {
    let mut lab = Lab::open("#lost-nine&run=live");
    let notice = lab.notice();
    assert!(notice.contains("virtual time") && notice.contains("opened instead"), "{notice}");
    lab.simulated();
}

#[test]
fn short_files_travel_in_the_link() {
    let own = Own::repeated(5);
    let mut lab = own.open();
    own.ends_right(&mut lab);
    let (link, _) = share(&mut lab);
    let mut other = Lab::open(&link);
    assert_eq!(other.page.evaluate("!document.querySelector('dialog')"), json!(true));
    own.ends_right(&mut other);
}

#[test]
fn long_files_are_asked_for_each_by_its_hash() {
    let own = Own::repeated(400);
    let mut lab = own.open();
    lab.simulated();
    for _ in 0..4 {
        lab.press_and_move("ArrowRight");
    }
    let seen = lab.seen();
    let (link, _) = share(&mut lab);
    assert!(link.len() < 1_500, "no text travels: {} bytes", link.len());

    let mut other = open_asking(&link);
    assert_eq!(asked(&mut other), ["missing one.txt", "missing two.txt"]);
    let said = other.page.text("[data-testid=ask-files]");
    assert!(said.contains("7.4 KB") && said.contains("hash"), "{said}");
    assert_eq!(other.page.axe_violations(), NOTHING);
    let folder = tempfile::tempdir().unwrap();
    let wrong = folder.path().join("two.txt");
    fs::write(&wrong, "that is another question\n".repeat(400)).unwrap();
    other.page.choose_files("dialog input[type=file]", &[&wrong]);
    let problem = other.page.text("dialog .problem");
    assert!(problem.contains("“two.txt” is another file"), "{problem}");
    // The same file under another name is the same file.
    let renamed = folder.path().join("first.txt");
    fs::copy(&own.one, &renamed).unwrap();
    other.page.choose_files("dialog input[type=file]", &[&renamed]);
    other.page.wait_until("document.querySelector('[data-file=here]')");
    assert_eq!(asked(&mut other), ["here one.txt", "missing two.txt"]);
    other.page.wait_until("!document.querySelector('dialog .problem')");
    other.page.choose_files("dialog input[type=file]", &[&own.two]);
    other.page.wait_until("!document.querySelector('dialog')");
    other
        .page
        .wait_until(&format!("document.querySelector('#lab').dataset.event === '{}'", seen.event));
    let again = other.seen();
    assert_eq!((again.event, again.time, again.caption), (seen.event, seen.time, seen.caption));
    own.ends_right(&mut other);
}

/// A live run of files: both are asked for, given together, and the run is begun live.
#[test]
fn a_live_run_of_files_is_begun_anew_once_they_are_here() {
    let own = Own::repeated(400);
    let mut lab = own.open();
    lab.page.click("[data-testid=live]");
    lab.page.wait_until(IS_LIVE);
    own.ends_right(&mut lab);
    let (link, _) = share(&mut lab);
    let mut other = open_asking(&link);
    other.page.choose_files("dialog input[type=file]", &[&own.two, &own.one]);
    other.page.wait_until(IS_LIVE);
    own.ends_right(&mut other);
}

#[test]
fn without_the_files_the_default_is_opened() {
    let mut lab = Own::repeated(400).open();
    let (link, _) = share(&mut lab);
    let mut other = open_asking(&link);
    other.page.press("Escape");
    other
        .page
        .wait_until("document.querySelector('[data-testid=scenario]')?.value === 'first-steps'");
    other.simulated();
    assert_eq!(other.page.problems(), NOTHING);
}
