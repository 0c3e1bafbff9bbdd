//! The command `lint`: format and lints, native and wasm.

use std::process::Command;

use crate::{
    step::{Outcome, carry_out},
    wasm::{TARGET, Toolchain},
};

const REMEDY: &str = "mend what is listed above";

/// Runs every check that reads the source only.
///
/// # Errors
///
/// When a check finds something, or a tool is missing.
pub(crate) fn run_all() -> Outcome {
    let mut format = Command::new("cargo");
    format.args(["fmt", "--check"]);
    carry_out("check the format", &mut format, "run `cargo fmt`")?;
    let mut native = Command::new("cargo");
    native.args(["clippy", "--all-targets", "--features", "bindgen", "--", "-D", "warnings"]);
    carry_out("check the lints, native (up to a minute the first time)", &mut native, REMEDY)?;
    let toolchain = Toolchain::set_up()?;
    toolchain.set_up_clippy()?;
    let mut wasm = Command::new("cargo");
    wasm.args(["clippy", "--target", TARGET, "--no-default-features", "--features", "page"]);
    wasm.args(["--lib", "--bin", "app", "--bin", "worker", "--", "-D", "warnings"]);
    toolchain.apply(&mut wasm, &[])?;
    carry_out("check the lints, wasm (up to two minutes the first time)", &mut wasm, REMEDY)
}
