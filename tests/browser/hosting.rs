//! The build as plain files: from any folder, without a network after one visit, and honest where it cannot work.

use std::fs;

use crate::harness::{Page, Site, copy_of_the_build, dist};

const NOTHING: [&str; 0] = [];

/// True once the service worker has kept every file.
const KEPT: &str =
    "navigator.serviceWorker.getRegistration().then((it) => it.active.state === 'activated')";

/// True once the page has its run from its worker.
const RUNS: &str = "document.querySelector('#lab').dataset.simulated === 'true'";

/// True once the service worker of another build has kept every file, and waits.
const WAITING: &str = "navigator.serviceWorker.getRegistration().then((it) => !!it.waiting)";

#[test]
fn opened_as_a_file_it_says_what_to_do() {
    let index = dist().join("index.html");
    // On Windows a path has backslashes and no first slash.
    let path = index.display().to_string().replace('\\', "/");
    let mut page = Page::open(&format!("file:///{}", path.trim_start_matches('/')));
    let text = page.text("#boot");
    assert!(text.contains("cannot run when it is opened as a file"), "{text}");
    assert!(text.contains("http.server"), "{text}");
    assert!(!text.contains("Loading"), "{text}");
    assert_eq!(page.axe_violations(), NOTHING);
}

#[test]
fn a_program_that_does_not_arrive_is_said_in_plain_words() {
    let broken = copy_of_the_build().unwrap();
    for entry in fs::read_dir(broken.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.to_string_lossy().ends_with("_bg.wasm") {
            fs::remove_file(path).unwrap();
        }
    }
    let site = Site::of(broken.path());
    let mut page = Page::open(&site.address());
    page.wait_until("!document.querySelector('#boot-failed').hidden");
    let text = page.text("#boot");
    assert!(text.contains("could not be loaded"), "{text}");
    assert!(!text.contains("Loading"), "{text}");
}

#[test]
fn after_one_visit_it_works_with_the_network_off() {
    let site = Site::start();
    let address = site.address();
    let mut page = Page::open(&address);
    page.wait_until(KEPT);
    drop(site);
    page.reload();
    page.wait_until(RUNS);
    // A text that was not on the screen at the visit is here, too.
    page.goto(&format!("{address}#pride"));
    page.wait_until("document.querySelector('[data-testid=scenario]').value === 'pride'");
    page.wait_until(RUNS);
    assert_eq!(page.problems(), NOTHING);
}

#[test]
fn a_newer_build_takes_over_at_the_next_visit() {
    let folder = copy_of_the_build().unwrap();
    let site = Site::of(folder.path());
    let mut page = Page::open(&site.address());
    page.wait_until(KEPT);
    let old = page.evaluate("document.querySelector('meta[name=millrace-build]').content");
    let old = old.as_str().unwrap();
    for file in ["index.html", "service-worker.js"] {
        let path = folder.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace(old, "newer")).unwrap();
    }
    page.evaluate("navigator.serviceWorker.getRegistration().then((it) => it.update())");
    page.wait_until(WAITING);
    page.reload();
    page.wait_until("document.querySelector('meta[name=millrace-build]').content === 'newer'");
    page.wait_until(RUNS);
    drop(site);
    page.reload();
    page.wait_until(RUNS);
    assert_eq!(page.problems(), NOTHING);
}
