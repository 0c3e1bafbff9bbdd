//! Set up, serve, build, test and bench; needs only cargo.
//!
//! Each command sets up what it needs and is missing, says what it is doing in one line a step, and
//! fails with a sentence that says what to do. What it sets up lies in the user's cache folder, by
//! version, or in `target/`; nothing of the repository is changed.

mod bench;
mod browser;
mod build;
mod cache;
mod debian;
mod lint;
mod serve;
mod stamp;
mod step;
mod test;
mod tools;
mod wasm;
mod words;

use std::{path::PathBuf, process::ExitCode};

use pico_args::Arguments;
use step::{Failure, Outcome};

const HELP: &str = "\
Usage: cargo xtask COMMAND

  serve [--port N] [--no-open] [--release]
                 build the page, serve it on this computer, open it in the browser, and build it
                 again whenever a file changes
  build [--dist DIR]
                 leave the finished page in DIR (dist): plain files for any folder of any static host
  test [FILTER]  run every check: format, lints, tests, tests in a real browser;
                 with FILTER only the tests whose names contain it
  lint           only the format and the lints
  bench          measure the engine and the page, natively and in the browser, in one table

The first run sets up what is missing (a wasm toolchain, Trunk, wasm-bindgen; for the tests a browser
on Debian) and takes some minutes; later runs take seconds.
";

fn main() -> ExitCode {
    match enter_repository().and_then(|()| dispatch(Arguments::from_env())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure(sentence)) => {
            eprintln!("\nxtask: {sentence}");
            ExitCode::FAILURE
        }
    }
}

/// Every path in this program is relative to the root of the repository.
fn enter_repository() -> Outcome {
    let root = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let root =
        root.ok_or_else(|| Failure::new("call it as `cargo xtask`, inside the repository"))?;
    std::env::set_current_dir(&root)
        .map_err(|error| Failure::new(format!("cannot enter {}: {error}", root.display())))
}

fn dispatch(mut arguments: Arguments) -> Outcome {
    if arguments.contains(["-h", "--help"]) {
        print!("{HELP}");
        return Ok(());
    }
    let command = arguments.subcommand().map_err(unclear)?;
    match command.as_deref() {
        Some("serve") => {
            let port = arguments.opt_value_from_str("--port").map_err(unclear)?;
            let open = !arguments.contains("--no-open");
            let release = arguments.contains("--release");
            end(arguments)?;
            serve::run(port, open, release)
        }
        Some("build") => {
            let dist: Option<PathBuf> = arguments.opt_value_from_str("--dist").map_err(unclear)?;
            end(arguments)?;
            build::run(&dist.unwrap_or_else(|| PathBuf::from("dist")))
        }
        Some("test") => {
            let filter: Option<String> = arguments.opt_free_from_str().map_err(unclear)?;
            if let Some(option) = filter.as_deref().filter(|word| word.starts_with('-')) {
                return Err(not_understood(option));
            }
            end(arguments)?;
            test::run(filter.as_deref())
        }
        Some("lint") => end(arguments).and_then(|()| lint::run_all()),
        Some("bench") => end(arguments).and_then(|()| bench::run()),
        Some("help") => {
            print!("{HELP}");
            Ok(())
        }
        Some(other) => Err(Failure::new(format!(
            "there is no command `{other}`; `cargo xtask --help` lists them"
        ))),
        None => Err(Failure::new(format!("which command?\n\n{HELP}"))),
    }
}

fn end(arguments: Arguments) -> Outcome {
    match arguments.finish().first() {
        None => Ok(()),
        Some(extra) => Err(not_understood(&extra.to_string_lossy())),
    }
}

fn not_understood(word: &str) -> Failure {
    Failure::new(format!("`{word}` is not understood here; `cargo xtask --help` lists what is"))
}

#[expect(clippy::needless_pass_by_value, reason = "it is the function that map_err wants")]
fn unclear(error: pico_args::Error) -> Failure {
    Failure::new(format!("{error}; `cargo xtask --help` says how it is called"))
}
