//! A real browser, driven from Rust over the Chrome DevTools Protocol.
//!
//! `Site` serves the finished build from a sub-folder, as a static host would; `Page` is a headless
//! Chrome, Chromium or Edge of its own with one page in it. All calls wait until they are done and
//! panic with a sentence when they cannot be; none sleeps, and dropping a page ends its browser.
//!
//! ```text
//! let site = Site::start();
//! let mut page = Page::open(&site.address());
//! page.click("#start");
//! page.wait_until("document.querySelector('#result').textContent === '42'");
//! assert_eq!(page.problems(), [] as [&str; 0]);
//! ```

mod axe;
mod chrome;
mod conductor;
mod connection;
mod input;
mod page;
mod site;

pub(crate) use page::Page;
#[allow(unused_imports, reason = "the benchmark shares the harness, and some of it only")]
pub(crate) use site::{Site, copy_folder, copy_of_the_build, dist};
