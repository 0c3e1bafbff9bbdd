//! The harness itself: a check that hears nothing, or a hand that does not reach the page, would pass every test.

use std::fs;

use serde_json::json;
use tempfile::TempDir;

use crate::harness::{Page, Site};

/// A page, and what it needs to live.
struct Stage {
    page: Page,
    _site: Site,
    _folder: TempDir,
}

/// Opens a page with this body.
fn page_with(body: &str) -> Stage {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let page = format!(
        "<!DOCTYPE html><html lang=en><title>Hands</title><link rel=icon href=data:,>{body}"
    );
    fs::write(folder.path().join("index.html"), page).expect("it can be written");
    let site = Site::of(folder.path());
    Stage { page: Page::open(&site.address()), _site: site, _folder: folder }
}

#[test]
fn complaints_of_a_worker_are_heard() {
    let mut stage = page_with("");
    let page = &mut stage.page;
    page.evaluate(
        "self.kept = new Worker(URL.createObjectURL(new Blob(['console.error(42); later()'])));0",
    );
    page.wait_for_problem("console error: 42");
    page.wait_for_problem("later is not defined");
}

#[test]
fn complaints_of_the_page_are_heard() {
    let mut stage =
        page_with("<script>console.warn('mind', 7); missing()</script><img src=gone.png alt=gone>");
    let page = &mut stage.page;
    page.wait_for_problem("console warning: mind 7");
    page.wait_for_problem("missing is not defined");
    page.wait_for_problem("gone.png");
}

#[test]
fn axe_finds_what_is_wrong() {
    let mut stage = page_with("<main><h1>Picture</h1><img src='data:,'></main>");
    let page = &mut stage.page;
    let found = page.axe_violations();
    assert!(found.iter().any(|line| line.starts_with("image-alt (critical)")), "{found:#?}");
}

#[test]
fn mouse_and_keyboard_reach_the_page() {
    let mut stage = page_with(
        "<button onclick='this.textContent = \"clicked\"'>Press</button><input id=a><input id=b>
         <script>keys = []; addEventListener('keydown', (e) => keys.push(e.code + (e.shiftKey ? '+' : '')))</script>",
    );
    let page = &mut stage.page;
    page.click("button");
    assert_eq!(page.text("button"), "clicked");
    page.press("Tab");
    page.type_text("a b");
    page.press("Tab");
    page.paste("long text");
    page.press("Shift+ArrowLeft");
    let seen =
        page.evaluate("[document.querySelector('#a').value, document.querySelector('#b').value]");
    assert_eq!(seen, json!(["a b", "long text"]));
    let keys = page.evaluate("keys");
    assert_eq!(keys, json!(["Tab", "KeyA", "Space", "KeyB", "Tab", "ArrowLeft+"]));
}

#[test]
fn files_can_be_chosen_and_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("words.txt");
    fs::write(&file, "one two").unwrap();
    let mut stage = page_with(
        "<input type=file><div id=place style='width:9em;height:9em'></div>
         <script>
           place.ondragover = (e) => e.preventDefault();
           place.ondrop = (e) => { e.preventDefault(); dropped = e.dataTransfer.files[0]; };
         </script>",
    );
    let page = &mut stage.page;
    page.choose_files("input", &[&file]);
    assert_eq!(page.evaluate("document.querySelector('input').files[0].text()"), "one two");
    page.drop_files("#place", &[&file]);
    page.wait_until("dropped");
    assert_eq!(page.evaluate("dropped.text()"), "one two");
}

#[test]
fn the_view_and_preferences_are_the_pages() {
    let mut stage = page_with("");
    let page = &mut stage.page;
    page.set_view(820, 1180);
    page.set_preferences(&[("prefers-color-scheme", "dark"), ("prefers-reduced-motion", "reduce")]);
    let seen = page.evaluate(
        "[innerWidth, innerHeight, matchMedia('(prefers-color-scheme: dark) and (prefers-reduced-motion)').matches]",
    );
    assert_eq!(seen, json!([820, 1180, true]));
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("view.png");
    page.screenshot(&picture);
    assert!(fs::read(&picture).unwrap().starts_with(b"\x89PNG"));
}

#[test]
fn a_page_without_a_network_fetches_nothing() {
    let mut stage = page_with("");
    let page = &mut stage.page;
    page.set_offline(true);
    assert_eq!(page.evaluate("fetch('./').then(() => 'fetched', () => 'failed')"), "failed");
    page.set_offline(false);
    assert_eq!(page.evaluate("fetch('./').then(({ ok }) => ok)"), true);
}
