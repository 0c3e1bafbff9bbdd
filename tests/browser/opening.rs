//! The page opens, talks to its worker, and has nothing to complain of.

use crate::harness::{Page, Site};

const NOTHING: [&str; 0] = [];

#[test]
fn the_page_opens_without_a_complaint() {
    let site = Site::start();
    let mut page = Page::open(&site.address());
    page.wait_until("!document.querySelector('#boot')");
    assert_eq!(page.text("h1"), "Millrace");
    assert_eq!(page.problems(), NOTHING);
}

#[test]
fn the_worker_answers() {
    let site = Site::start();
    let mut page = Page::open(&site.address());
    page.wait_until("document.querySelector('#answer').textContent === 'pong'");
    assert_eq!(page.problems(), NOTHING);
}

#[test]
fn a_panic_in_the_worker_reaches_the_page_in_words() {
    let site = Site::start();
    let mut page = Page::open(&site.address());
    page.wait_until("document.querySelector('#answer').textContent === 'pong'");
    page.click("#panic");
    page.wait_until("document.querySelector('#answer').textContent.includes('asked to panic')");
}

#[test]
fn axe_finds_nothing_in_both_themes() {
    let site = Site::start();
    let mut page = Page::open(&site.address());
    page.wait_until("!document.querySelector('#boot')");
    for theme in ["light", "dark"] {
        page.set_preferences(&[("prefers-color-scheme", theme)]);
        assert_eq!(page.axe_violations(), NOTHING, "{theme}");
    }
}
