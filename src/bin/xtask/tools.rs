//! Trunk and wasm-bindgen: found where they are, else built once and kept in the user's cache folder.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    cache,
    step::{Failure, Outcome, ask, at, carry_out},
};

/// The version that `Trunk.toml` and `bindgen.rs` were written for.
const TRUNK_VERSION: &str = "0.22.1";

/// Our own wasm-bindgen command.
const BINDGEN_SOURCE: &str = "src/bin/bindgen.rs";

/// The program `trunk`.
///
/// # Errors
///
/// When it is not there and cannot be built.
pub(crate) fn trunk() -> Outcome<PathBuf> {
    if let Some(found) = cache::on_path("trunk").filter(|file| is_right_trunk(file)) {
        return Ok(found);
    }
    let folder = cache::folder("trunk", TRUNK_VERSION)?;
    let program = folder.join("bin").join(cache::program("trunk"));
    if is_right_trunk(&program) {
        return Ok(program);
    }
    if cache::on_path("cargo-binstall").is_some() {
        let mut command = Command::new("cargo");
        command
            .args(["binstall", "--no-confirm", "--root"])
            .arg(&folder)
            .arg(format!("trunk@{TRUNK_VERSION}"));
        // It may find no program for this system; then there is still the long way.
        let _ = carry_out("fetch Trunk with cargo-binstall", &mut command, "it is built instead");
        if is_right_trunk(&program) {
            return Ok(program);
        }
    }
    install_trunk(&folder)?;
    Ok(program)
}

/// Builds Trunk from its source, optimized for a short build: it only calls other programs.
fn install_trunk(folder: &Path) -> Outcome {
    let mut command = Command::new("cargo");
    command
        // It declares a newer rustc than it needs.
        .args(["install", "--locked", "--ignore-rust-version", "trunk", "--version", TRUNK_VERSION])
        .args(["--no-default-features", "--features", "rustls", "--root"])
        .arg(folder)
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "0");
    let what = format!("build Trunk {TRUNK_VERSION}, once for this computer (2 to 6 minutes)");
    carry_out(
        &what,
        &mut command,
        "see what cargo said above; it needs the network and a C compiler",
    )
}

fn is_right_trunk(program: &Path) -> bool {
    program.is_file()
        && ask(Command::new(program).arg("--version")).as_deref()
            == Some(&format!("trunk {TRUNK_VERSION}"))
}

/// The folder with a `wasm-bindgen` of the version in Cargo.lock; it comes first on Trunk's PATH.
///
/// # Errors
///
/// When it cannot be built or kept.
pub(crate) fn bindgen_folder() -> Outcome<PathBuf> {
    let folder = cache::folder("wasm-bindgen", &bindgen_version()?)?;
    let program = folder.join(cache::program("wasm-bindgen"));
    if program.is_file() {
        return Ok(folder);
    }
    let built = Path::new("target").join("tools").join(cache::program("bindgen"));
    let mut command = Command::new("cargo");
    command
        .args([
            "build",
            "--profile",
            "tools",
            "--bin",
            "bindgen",
            "--no-default-features",
            "--features",
            "bindgen",
        ])
        .env("CARGO_TARGET_DIR", "target");
    carry_out(
        "build wasm-bindgen, once for this computer (1 to 2 minutes)",
        &mut command,
        "see what cargo said above",
    )?;
    fs::create_dir_all(&folder).map_err(at(&folder, "make the folder"))?;
    // Copied beside and then renamed: another clone may be looking for it at this moment.
    let beside = folder.join(format!("wasm-bindgen-{}", std::process::id()));
    fs::copy(&built, &beside).map_err(at(&beside, "write"))?;
    fs::rename(&beside, &program).map_err(at(&program, "write"))?;
    Ok(folder)
}

/// The version in Cargo.lock, and a hash of our source, so that a change of either builds it again.
fn bindgen_version() -> Outcome<String> {
    let lock = read("Cargo.lock")?;
    let version = locked_version(&lock, "wasm-bindgen").ok_or_else(|| {
        Failure::new("Cargo.lock names no wasm-bindgen; restore it from the repository")
    })?;
    let mut hasher = DefaultHasher::new();
    read(BINDGEN_SOURCE)?.hash(&mut hasher);
    Ok(format!("{version}-{:08x}", hasher.finish() >> 32))
}

fn read(file: &str) -> Outcome<String> {
    let path = Path::new(file);
    fs::read_to_string(path).map_err(at(path, "read"))
}

/// The version of a package in the text of a Cargo.lock.
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let mut lines = lock.lines();
    let name = format!("name = \"{package}\"");
    lines.find(|line| *line == name)?;
    lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::locked_version;

    #[test]
    fn a_version_is_read_from_the_lock_file() {
        let lock = "[[package]]\nname = \"wasm-bindgen-shared\"\nversion = \"1.0.0\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(lock, "wasm"), None);
    }
}
