//! The browser of the tests: an ordinary Chrome, Chromium or Edge. A missing one is a failure.

use std::{
    env::{self, consts},
    path::PathBuf,
};

use crate::{
    cache, debian,
    step::{Failure, Outcome},
};

/// Names the browser's program, for machines where it lies somewhere else.
pub(crate) const VARIABLE: &str = "MILLRACE_CHROME";

const PROGRAMS: [&str; 7] = [
    "google-chrome",
    "google-chrome-stable",
    "chromium",
    "chromium-browser",
    "microsoft-edge",
    "chrome",
    "msedge",
];

const APPLICATIONS: [&str; 3] = [
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Chromium.app/Contents/MacOS/Chromium",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
];

const WINDOWS_PROGRAMS: [&str; 3] = [
    "Google/Chrome/Application/chrome.exe",
    "Chromium/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
];

/// The browser's program; on Debian it is installed where it is missing.
///
/// # Errors
///
/// When there is none, with what to do.
pub(crate) fn set_up() -> Outcome<PathBuf> {
    if let Some(named) = env::var_os(VARIABLE).map(PathBuf::from) {
        let missing =
            || Failure::new(format!("{VARIABLE} names {}, which is not a file", named.display()));
        return if named.is_file() { Ok(named) } else { Err(missing()) };
    }
    if let Some(found) = find() {
        return Ok(found);
    }
    if debian::is_here() {
        debian::install(&["chromium"], "the tests in a real browser")?;
    }
    find().ok_or_else(|| {
        Failure::new(format!(
            "the tests need Chrome, Chromium or Edge, and none was found: install one, or name its program in {VARIABLE}"
        ))
    })
}

fn find() -> Option<PathBuf> {
    let on_path = PROGRAMS.iter().find_map(|name| cache::on_path(name));
    on_path.or_else(|| usual_places().into_iter().find(|file| file.is_file()))
}

fn usual_places() -> Vec<PathBuf> {
    let (roots, files): (Vec<PathBuf>, &[&str]) = match consts::OS {
        "macos" => {
            let own = env::var_os("HOME").map(|home| PathBuf::from(home).join("Applications"));
            (own.into_iter().chain([PathBuf::from("/Applications")]).collect(), &APPLICATIONS)
        }
        "windows" => {
            let names = ["ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA"];
            (
                names.into_iter().filter_map(env::var_os).map(PathBuf::from).collect(),
                &WINDOWS_PROGRAMS,
            )
        }
        _ => (Vec::new(), &[]),
    };
    roots.iter().flat_map(|root| files.iter().map(|file| root.join(file))).collect()
}
