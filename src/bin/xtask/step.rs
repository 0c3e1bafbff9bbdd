//! A step: one line that says what is done, one program that does it, one sentence when it fails.

use std::{
    fmt::Display,
    io::{self, ErrorKind},
    path::Path,
    process::{Command, Output, Stdio},
    time::Instant,
};

/// Why a command of xtask failed and what to do, in a sentence for the person who called it.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) String);

impl Failure {
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

/// What a step brings.
pub(crate) type Outcome<T = ()> = Result<T, Failure>;

/// Says in one line what is done now.
pub(crate) fn say(what: impl Display) {
    eprintln!("==> {what}");
}

/// Runs a program whose own output is the progress, after saying `what` it does.
///
/// # Errors
///
/// `what` failed; `remedy` says what to do then.
pub(crate) fn carry_out(what: &str, command: &mut Command, remedy: &str) -> Outcome {
    say(what);
    let start = Instant::now();
    let status = command.status().map_err(|error| not_started(command, &error))?;
    if !status.success() {
        return Err(Failure::new(format!("`{what}` failed ({status}): {remedy}")));
    }
    let seconds = start.elapsed().as_secs();
    if seconds >= 5 {
        eprintln!("    done in {seconds} s");
    }
    Ok(())
}

/// Runs a program silently, and gives what it printed if it succeeded.
pub(crate) fn ask(command: &mut Command) -> Option<String> {
    let Output { status, stdout, .. } =
        command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    status.success().then(|| String::from_utf8_lossy(&stdout).trim().to_owned())
}

/// Why `command` did not even start.
pub(crate) fn not_started(command: &Command, error: &io::Error) -> Failure {
    let program = Path::new(command.get_program()).display();
    if error.kind() == ErrorKind::NotFound {
        return Failure::new(format!("`{program}` was not found; install it or put it on PATH"));
    }
    Failure::new(format!("`{program}` could not be started: {error}"))
}

/// A failure of the file system, with the path it is about.
pub(crate) fn at<'a>(path: &'a Path, verb: &'a str) -> impl FnOnce(io::Error) -> Failure + 'a {
    move |error| Failure::new(format!("cannot {verb} {}: {error}", path.display()))
}
