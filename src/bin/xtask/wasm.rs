//! A Rust toolchain that builds for wasm32: rustup's where rustup may download, else Debian's.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    cache, debian,
    step::{Failure, Outcome, ask, carry_out},
};

/// The target of the page and its workers.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// Compiler, cargo, the standard library's source, LLVM's tools. Its linker is a package of its own.
const DEBIAN_PACKAGES: [&str; 4] = ["cargo-web", "rust-web-llvm", "rust-web-src", "rustc-web"];

/// A link to the linker, in one of `DEBIAN_PACKAGES`; it dangles where the linker is not installed.
const DEBIAN_LINKER: &str = "/usr/bin/rust-lld";

/// Where to get Rust, for the sentences that end in it.
const REMEDY: &str = "install Rust with rustup (https://rustup.rs), then run `rustup target add wasm32-unknown-unknown`";

/// Which toolchain builds the wasm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Toolchain {
    /// The one that runs this, with wasm32's standard library beside it.
    Same,
    /// Debian's `*-web` packages, which bring the standard library as source.
    Debian,
}

impl Toolchain {
    /// Finds a toolchain, after setting it up where it is missing.
    ///
    /// # Errors
    ///
    /// When there is none and this machine offers no way to get one.
    pub(crate) fn set_up() -> Outcome<Self> {
        if has_wasm_target() {
            return Ok(Self::Same);
        }
        if cache::on_path("rustup").is_some() && rustup_may_download() {
            let mut command = Command::new("rustup");
            command.args(["target", "add", TARGET]);
            carry_out(
                "add the wasm target to the Rust toolchain (under a minute)",
                &mut command,
                REMEDY,
            )?;
            return Ok(Self::Same);
        }
        if !debian::is_here() {
            return Err(Failure::new(format!(
                "the Rust toolchain has no {TARGET}, and rustup is missing or may not download: {REMEDY}"
            )));
        }
        debian::install(&DEBIAN_PACKAGES, "building wasm without rustup")?;
        debian::install(&[&debian_linker()?], "linking wasm")?;
        Ok(Self::Debian)
    }

    /// Sets up clippy for wasm.
    ///
    /// # Errors
    ///
    /// When Debian's package cannot be installed.
    pub(crate) fn set_up_clippy(self) -> Outcome {
        match self {
            Self::Same => Ok(()),
            Self::Debian => debian::install(&["rust-web-clippy"], "the lints of the wasm code"),
        }
    }

    /// Gives `command`, which is cargo or calls it, the environment to build wasm with; `first` are
    /// folders that come before all others on PATH.
    ///
    /// # Errors
    ///
    /// When a folder's name cannot stand in PATH.
    pub(crate) fn apply(self, command: &mut Command, first: &[&Path]) -> Outcome {
        match self {
            Self::Same => command.env("PATH", cache::path_with(first)?),
            Self::Debian => {
                let mut first = first.to_vec();
                first.push(Path::new("/usr/bin"));
                // What `cargo run` of another toolchain leaves in the environment would lead back to it.
                for name in ["RUSTUP_TOOLCHAIN", "RUSTC", "RUSTDOC", "CARGO", "LD_LIBRARY_PATH"] {
                    command.env_remove(name);
                }
                command
                    .env("PATH", cache::path_with(&first)?)
                    .env("RUSTC_BOOTSTRAP", "1")
                    .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
                    // Another compiler in the same folder would make native builds start over.
                    .env("CARGO_TARGET_DIR", target_folder()?)
            }
        };
        Ok(())
    }
}

/// Whether the toolchain in use has the standard library of wasm32.
fn has_wasm_target() -> bool {
    ask(Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]))
        .is_some_and(|folder| Path::new(&folder).is_dir())
}

/// Whoever sets this to 0 wants rustup to fetch nothing.
fn rustup_may_download() -> bool {
    env::var("RUSTUP_AUTO_INSTALL").as_deref() != Ok("0")
}

/// The package of the linker that this version of Rust was built with, such as `lld-22`.
fn debian_linker() -> Outcome<String> {
    let link = fs::read_link(DEBIAN_LINKER).ok();
    link.as_deref()
        .and_then(Path::file_name)
        .map(|name| name.to_string_lossy().into_owned())
        .ok_or_else(|| {
            Failure::new(format!(
                "{DEBIAN_LINKER} is not the link that it should be; reinstall rust-web-llvm"
            ))
        })
}

fn target_folder() -> Outcome<PathBuf> {
    let here = env::current_dir()
        .map_err(|error| Failure::new(format!("cannot tell the current folder: {error}")))?;
    Ok(here.join("target").join("web"))
}
