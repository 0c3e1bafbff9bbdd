//! The command `test`: every check there is, the cheap ones first, and one line of totals at the end.

use std::{
    env,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
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
    if filter.is_none() {
        lint::run_all()?;
    }
    let chrome = browser::set_up()?;
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
    let (totals, succeeded) = count(&mut command)?;
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
fn count(command: &mut Command) -> Outcome<(Totals, bool)> {
    let mut child =
        command.stdout(Stdio::piped()).spawn().map_err(|error| not_started(command, &error))?;
    let mut totals = Totals::default();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            if let Some(part) = totals_in(&line) {
                totals.passed += part.passed;
                totals.failed += part.failed;
            }
        }
    }
    let status =
        child.wait().map_err(|error| Failure::new(format!("cargo test got lost: {error}")))?;
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
