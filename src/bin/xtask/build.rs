//! The finished page: what Trunk builds, stamped.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    stamp,
    step::{Failure, Outcome, at, carry_out, say},
    tools,
    wasm::Toolchain,
};

/// What an interrupted build leaves.
const LEFT_BY_TRUNK: [&str; 2] = [".stage", ".trunk-lock"];

/// Builds the page in `dist`, which is emptied first.
///
/// # Errors
///
/// When a tool is missing or the build fails.
pub(crate) fn run_into(dist: &Path) -> Outcome<String> {
    refuse_foreign(dist)?;
    let dist = absolute(dist)?;
    let mut trunk = trunk()?;
    trunk.args(["build", "--release", "--dist"]).arg(&dist);
    carry_out(
        "build the page (1 to 4 minutes the first time, then seconds)",
        &mut trunk,
        "see what was said above",
    )?;
    let lock = dist.join(".trunk-lock");
    if lock.exists() {
        fs::remove_file(&lock).map_err(at(&lock, "remove"))?;
    }
    stamp::stamp(&dist)
}

/// The command `build`.
///
/// # Errors
///
/// See [`run_into`].
pub(crate) fn run(dist: &Path) -> Outcome {
    let build = run_into(dist)?;
    say(format!(
        "{} holds build {build}: copy it to any folder of any static host",
        dist.display()
    ));
    Ok(())
}

/// Trunk, ready to be called, with everything it needs.
///
/// # Errors
///
/// When a tool is missing and cannot be set up.
pub(crate) fn trunk() -> Outcome<Command> {
    let toolchain = Toolchain::set_up()?;
    let bindgen = tools::bindgen_folder()?;
    let mut command = Command::new(tools::trunk()?);
    toolchain.apply(&mut command, &[&bindgen])?;
    // Its failures say what failed; its own call stack says nothing to anybody here.
    command.env_remove("RUST_BACKTRACE");
    Ok(command)
}

/// Trunk empties the folder: a slip of the keyboard must not cost anybody's files.
fn refuse_foreign(dist: &Path) -> Outcome {
    let Ok(entries) = fs::read_dir(dist) else {
        return Ok(());
    };
    let holds_files =
        entries.flatten().any(|entry| !LEFT_BY_TRUNK.iter().any(|name| entry.file_name() == *name));
    if !holds_files || dist.join(stamp::MARK).is_file() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "{} holds files that are not a build of the page, and a build would delete them; name an empty folder",
        dist.display()
    )))
}

fn absolute(path: &Path) -> Outcome<PathBuf> {
    fs::create_dir_all(path).map_err(at(path, "make the folder"))?;
    let here = env::current_dir()
        .map_err(|error| Failure::new(format!("cannot tell the current folder: {error}")))?;
    Ok(here.join(path))
}
