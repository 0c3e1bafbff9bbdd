//! The laboratory as a person sees and uses it: what the tests of the page have in common.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::harness::{Page, Site};

/// What `Page::problems` gives where there are none.
pub(crate) const NOTHING: [&str; 0] = [];

/// What parts words, for Java's `StringTokenizer` and so for Hadoop's word count.
const SEPARATORS: [char; 5] = [' ', '\t', '\n', '\r', '\u{c}'];

/// What the stage shows: all its words, and all its names for who cannot see it.
const STAGE: &str = "[...document.querySelectorAll('.stage [aria-label], .stage text')]
    .map((it) => it.getAttribute('aria-label') ?? it.textContent)";

/// True after what was done is drawn, by all parts of a stage whose parts take turns.
const DRAWN: &str = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() =>
    done(!document.querySelector('.stage[data-behind]')))))";

/// The page with a run on it.
pub(crate) struct Lab {
    pub(crate) page: Page,
    pub(crate) site: Site,
}

/// All that a person can tell of where the run is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Seen {
    pub(crate) event: u64,
    pub(crate) time: String,
    pub(crate) caption: String,
    pub(crate) stage: Vec<String>,
}

impl Lab {
    /// Opens the page as by a link with this fragment (with its `#`, or empty), on an ordinary laptop.
    pub(crate) fn open(fragment: &str) -> Self {
        Self::open_sized(fragment, 1280, 800)
    }

    /// Opens the page in a view of this size.
    pub(crate) fn open_sized(fragment: &str, width: u32, height: u32) -> Self {
        let site = Site::start();
        let mut page = Page::blank();
        page.set_view(width, height);
        page.goto(&format!("{}{fragment}", site.address()));
        page.wait_until("document.querySelector('#lab').dataset.state === 'ready'");
        let mut lab = Self { page, site };
        lab.drawn();
        lab
    }

    /// Waits until all that was done so far is drawn.
    pub(crate) fn drawn(&mut self) {
        self.page.wait_until(DRAWN);
    }

    /// Waits until the whole run is simulated; the playhead stays.
    pub(crate) fn simulated(&mut self) {
        self.page.wait_until("document.querySelector('#lab').dataset.simulated === 'true'");
        self.drawn();
    }

    /// The number of events before the playhead.
    pub(crate) fn event(&mut self) -> u64 {
        let number = self.page.evaluate("Number(document.querySelector('#lab').dataset.event)");
        number.as_u64().expect("the page says how many events have happened")
    }

    /// What there is to see.
    pub(crate) fn seen(&mut self) -> Seen {
        self.drawn();
        let all = self.page.evaluate(&format!(
            "({{ time: document.querySelector('[data-testid=time]').innerText,
                 caption: document.querySelector('.caption-text, .closing').innerText, stage: {STAGE} }})"
        ));
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let stage: Vec<_> = all["stage"].as_array().into_iter().flatten().map(word).collect();
        assert!(stage.len() > 10, "the stage is empty: {stage:?}");
        Seen {
            event: self.event(),
            time: word(&all["time"]),
            caption: word(&all["caption"]),
            stage,
        }
    }

    /// Presses a key and waits until the playhead has moved.
    #[track_caller]
    pub(crate) fn press_and_move(&mut self, key: &str) {
        let before = self.event();
        self.page.press(key);
        self.page
            .wait_until(&format!("document.querySelector('#lab').dataset.event !== '{before}'"));
    }

    /// Goes to the end of the run at once, seen or not.
    pub(crate) fn go_to_end(&mut self) {
        self.simulated();
        self.page.press("Shift+End");
        self.page.wait_until("document.querySelector('#lab').dataset.finished === 'true'");
        self.drawn();
    }

    /// What a notice over the stage says, once there is one; it is dismissed.
    #[track_caller]
    pub(crate) fn notice(&mut self) -> String {
        let text = self.page.text("[data-testid=notice] p");
        self.page.click("[data-testid=notice] [aria-label=Dismiss]");
        self.page.wait_until("!document.querySelector('[data-testid=notice]')");
        text
    }

    /// Opens the tab of this name below the player.
    pub(crate) fn open_tab(&mut self, name: &str) {
        let open =
            format!("document.querySelector('#drawer')?.getAttribute('aria-label') === '{name}'");
        if self.page.evaluate(&open) == json!(false) {
            self.page.evaluate(&format!(
                "[...document.querySelectorAll('.drawer-tab')].forEach((it) => it.toggleAttribute('data-wanted', it.innerText === '{name}'))"
            ));
            self.page.click(".drawer-tab[data-wanted]");
        }
        self.page.wait_until(&open);
        self.drawn();
    }

    /// The whole table of results, page by page, with this in the search field.
    pub(crate) fn results(&mut self, search: &str) -> BTreeMap<String, u64> {
        self.open_tab("Results");
        self.page.wait_until("document.querySelector('.results input')");
        self.replace_text(".results input", search);
        // What was found before stays in view until the answer is here.
        let search = json!(search);
        self.page.wait_until(&format!("{ROWS}.rows.every(([word]) => word.includes({search}))"));
        let mut all = BTreeMap::new();
        loop {
            let rows = self.page.wait_until(ROWS);
            for row in rows["rows"].as_array().into_iter().flatten() {
                let word = row[0].as_str().expect("a word is text").to_owned();
                let count =
                    row[1].as_str().unwrap_or_default().replace([',', '\u{202f}', '\u{a0}'], "");
                let count = count.parse().unwrap_or_else(|_| panic!("{row} has no count"));
                assert_eq!(all.insert(word, count), None, "a word stands twice: {row}");
            }
            if rows["next"] != json!(true) {
                return all;
            }
            self.page.evaluate(&format!("window.former = JSON.stringify({ROWS}.rows); 0"));
            self.page.click(".pages button:last-child");
            self.page.wait_until(&format!("JSON.stringify({ROWS}.rows) !== window.former"));
        }
    }

    /// Types a text into a field in place of what is there.
    #[track_caller]
    pub(crate) fn replace_text(&mut self, selector: &str, text: &str) {
        self.page.click(selector);
        self.page.evaluate("document.activeElement.select()");
        if text.is_empty() {
            self.page.press("Delete");
        }
        self.page.type_text(text);
        self.drawn();
    }

    /// Opens a panel by its key, and waits for it.
    #[track_caller]
    pub(crate) fn open_panel(&mut self, key: &str, name: &str) {
        self.page.press(key);
        self.page.wait_until(&format!("document.querySelector('aside[aria-label={name}]')"));
        self.drawn();
    }
}

/// The rows of the results' table, and whether more follow. Nothing while an answer is on its way.
const ROWS: &str = "(() => {
    const table = document.querySelector('.results');
    const note = table.querySelector('.empty-note');
    if (note) return note.innerText.includes('No key') && { rows: [], next: false };
    const rows = [...table.querySelectorAll('tbody tr')].map((row) => [...row.cells].map((it) => it.textContent));
    const next = [...table.querySelectorAll('.pages button')].at(-1);
    return rows.length > 0 && { rows, next: !!next && !next.disabled };
})()";

/// How often each word occurs: what the page must come to, computed without any of its code.
pub(crate) fn count(text: &str) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for word in text.split(SEPARATORS).filter(|word| !word.is_empty()) {
        *counts.entry(word.to_owned()).or_default() += 1;
    }
    counts
}

/// The fragment that carries a scenario, made without the page's own code, so that it can also be wrong.
pub(crate) fn link_to(scenario: &Value) -> String {
    format!("#r=1.{}", URL_SAFE_NO_PAD.encode(scenario.to_string()))
}

/// The scenario of the first run, as JSON, with these parameters changed.
pub(crate) fn first_steps_with(changes: &Value) -> Value {
    let scenario = millrace::scenario::presets::PRESETS[0].scenario();
    let mut json = serde_json::to_value(scenario).expect("a scenario can be written");
    for (name, value) in changes.as_object().into_iter().flatten() {
        json["parameters"][name] = value.clone();
    }
    json
}
