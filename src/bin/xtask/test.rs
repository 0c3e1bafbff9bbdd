//! The command `test`: every check there is, the cheap ones first, and one line of totals at the end.

use std::{
    env,
    io::{self, BufRead, BufReader},
    path::Path,
    process::Command,
};

use crate::{
    browser, build, lint,
    step::{Failure, Outcome, not_started, say},
};

/// The build that the browser tests open: never the one being served, which carries a script of Trunk's.
const DIST: &str = "target/test-dist";

/// How many tests passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Totals {
    passed: u64,
    failed: u64,
}

/// Runs all checks; with a filter only the tests whose names contain it.
///
/// # Errors
///
/// When a check fails, or something it needs cannot be set up.
pub(crate) fn run(filter: Option<&str>) -> Outcome {
    // First what may be missing: nobody should learn of it after minutes.
    let chrome = browser::set_up()?;
    if filter.is_none() {
        lint::run_all()?;
    }
    build::run_into(Path::new(DIST))?;
    let here = env::current_dir()
        .map_err(|error| Failure::new(format!("cannot tell the current folder: {error}")))?;
    let mut command = Command::new("cargo");
    command
        .args(["test", "--no-fail-fast"])
        .args(filter)
        .env(browser::VARIABLE, chrome)
        .env("MILLRACE_DIST", here.join(DIST));
    say(
        "run the tests, those in the browser included (building them takes a minute or two the first time)",
    );
    let (totals, succeeded) = count(command)?;
    println!("\n{} passed, {} failed", totals.passed, totals.failed);
    match (succeeded, filter) {
        (true, Some(filter)) if totals == Totals::default() => {
            Err(Failure::new(format!("no test has `{filter}` in its name")))
        }
        (true, _) => Ok(()),
        (false, _) => Err(Failure::new("not everything passed; the failures are listed above")),
    }
}

/// Runs cargo test, passes its output on, and adds up the totals in it.
fn count(mut command: Command) -> Outcome<(Totals, bool)> {
    // One pipe for both of its outputs: on two, cargo's lines would come in the middle of the tests' lines.
    let lost =
        |error: io::Error| Failure::new(format!("the output of cargo test got lost: {error}"));
    let (reader, writer) = io::pipe().map_err(lost)?;
    command.stdout(writer.try_clone().map_err(lost)?).stderr(writer);
    let mut child = command.spawn().map_err(|error| not_started(&command, &error))?;
    // It holds our ends of the pipe, which would never close.
    drop(command);
    let mut totals = Totals::default();
    for line in BufReader::new(reader).split(b'\n') {
        let line = line.map_err(lost)?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        if let Some(part) = totals_in(&line) {
            totals.passed += part.passed;
            totals.failed += part.failed;
        }
    }
    let status = child.wait().map_err(lost)?;
    Ok((totals, status.success()))
}

/// Reads a line like `test result: ok. 3 passed; 0 failed; 0 ignored; …`.
fn totals_in(line: &str) -> Option<Totals> {
    let result = line.strip_prefix("test result: ")?;
    let number = |unit: &str| {
        let words = result.split_whitespace().collect::<Vec<_>>();
        let place = words.iter().position(|word| word.trim_end_matches(';') == unit)?;
        words.get(place.checked_sub(1)?)?.parse().ok()
    };
    Some(Totals { passed: number("passed")?, failed: number("failed")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_are_read_from_the_runners_line() {
        let line =
            "test result: FAILED. 12 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(totals_in(line), Some(Totals { passed: 12, failed: 3 }));
        assert_eq!(totals_in("test x ... ok"), None);
    }
}
