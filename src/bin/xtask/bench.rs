//! The command `bench`: native rows from the command line, browser rows from `benches/page/main.rs`, one table.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{
    browser, build,
    step::{Failure, Outcome, at, carry_out, not_started, say},
    words,
};

const DIST: &str = "target/bench-dist";

/// Measures and prints the table.
///
/// # Errors
///
/// When something cannot be built or measured.
pub(crate) fn run() -> Outcome {
    let chrome = browser::set_up()?;
    let here = env::current_dir()
        .map_err(|error| Failure::new(format!("cannot tell the current folder: {error}")))?;
    let texts = here.join("target").join("bench-texts");
    words::write(&texts)?;
    build::run_into(Path::new(DIST))?;
    let native = native_rows(&here, &texts)?;
    let mut page = Command::new("cargo");
    // The dev profile: it is the browser that is measured, and a program with LTO takes minutes to build.
    page.args(["bench", "--profile", "dev", "--bench", "page"])
        .env(browser::VARIABLE, chrome)
        .env("MILLRACE_DIST", here.join(DIST))
        .env("MILLRACE_NATIVE_ROWS", native)
        .env(words::VARIABLE, texts);
    carry_out(
        "measure in the browser, and print the table (a minute or two)",
        &mut page,
        "see what was said above",
    )
}

/// Runs the hidden `millrace bench`, one JSON object a line, and keeps what it prints in a file.
fn native_rows(here: &Path, texts: &Path) -> Outcome<PathBuf> {
    say("build and measure the native engine (1 to 3 minutes the first time)");
    let mut command = Command::new("cargo");
    command
        .args(["run", "--release", "--bin", "millrace", "--", "bench"])
        .env(words::VARIABLE, texts)
        .stderr(Stdio::inherit());
    let output = command.output().map_err(|error| not_started(&command, &error))?;
    if !output.status.success() {
        return Err(Failure::new(format!(
            "`millrace bench` failed ({}); see what it said above",
            output.status
        )));
    }
    let file = here.join("target").join("bench-native.jsonl");
    fs::write(&file, output.stdout).map_err(at(&file, "write"))?;
    Ok(file)
}
