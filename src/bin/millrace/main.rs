//! The command line: the same engine without a browser.
//!
//! Results go to standard output, errors to standard error in one clear sentence. Exit status 0
//! is success, 1 says that a check found a difference, 2 that the command could not be done, 3 that
//! the job failed, as its rules say.

mod bench;
mod check;
mod compare;
mod faults;
mod files;
mod load;
mod params;
mod presets;
mod run;
mod run_stream;
mod soak;
mod sweep;

use clap::{Parser, Subcommand};
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use compare::CompareArguments;
use run::RunArguments;
use soak::SoakArguments;
use sweep::SweepArguments;

/// A laboratory for batch and stream processing: the engine without the browser.
#[derive(Parser)]
#[command(name = "millrace", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run a scenario to its end and say what it came to
    Run(RunArguments),
    /// Print the parameter table
    Params {
        /// As JSON
        #[arg(long, conflicts_with = "markdown")]
        json: bool,
        /// As a Markdown table
        #[arg(long)]
        markdown: bool,
    },
    /// Run two scenarios, and set side by side what they came to
    Compare(CompareArguments),
    /// Run a scenario with several values of a parameter and several seeds
    Sweep(SweepArguments),
    /// List the faults, as `run --fault` and a scenario's `faults` take them
    Faults,
    /// Run random clusters, texts and plans of faults against the plain loop and the rules
    Soak(SoakArguments),
    /// List the scenarios that Millrace carries, or print one as a file to start from
    Presets {
        /// The preset to print as a scenario
        #[arg(value_name = "NAME")]
        name: Option<String>,
    },
    /// Measure the engine, for `cargo xtask bench`
    #[command(hide = true)]
    Bench,
    /// Compare Millrace with the results of real systems; the kind of file is told by its name
    Check {
        /// Files such as partitioners.json
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

/// The exit status of a run whose job failed as its rules say.
const JOB_FAILED: u8 = 3;

/// Why a command could not be done: one sentence that says what to do.
#[derive(Debug)]
struct Failure(String);

/// What a command has to say, and whether all was well.
struct Answer {
    text: String,
    exit: ExitCode,
}

impl Answer {
    fn success(text: String) -> Answer {
        Answer { text, exit: ExitCode::SUCCESS }
    }
}

fn main() -> ExitCode {
    let answer = match Cli::parse().command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Compare(arguments) => compare::compare(&arguments),
        Command::Sweep(arguments) => sweep::sweep(&arguments),
        Command::Faults => Ok(faults::list()),
        Command::Soak(arguments) => soak::soak(&arguments),
        Command::Params { json: true, .. } => Ok(params::json()),
        Command::Params { markdown: true, .. } => Ok(params::markdown()),
        Command::Params { .. } => Ok(params::text()),
        Command::Presets { name: Some(name) } => presets::show(&name),
        Command::Presets { name: None } => Ok(presets::list()),
        Command::Bench => bench::bench(),
        Command::Check { files } => check::files(&files),
    };
    match answer {
        Ok(answer) => say(&answer),
        Err(Failure(message)) => {
            eprintln!("millrace: {message}");
            ExitCode::from(2)
        }
    }
}

/// Writes the answer. A reader that has seen enough, such as `head`, is no failure.
fn say(answer: &Answer) -> ExitCode {
    let mut out = io::stdout().lock();
    match out.write_all(answer.text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            eprintln!("millrace: can't write to standard output: {error}");
            ExitCode::from(2)
        }
        Ok(()) | Err(_) => answer.exit,
    }
}
