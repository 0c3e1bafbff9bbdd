//! The `wasm-bindgen` command that Trunk calls, from the very version in Cargo.lock.
//!
//! It understands what Trunk 0.22 passes and no more: not the whole command line of wasm-bindgen-cli,
//! which takes longer to build and keeps its own lock file. `cargo xtask` builds it once, under the name
//! that Trunk looks for.

use std::{ffi::OsString, path::PathBuf, process::ExitCode};

use pico_args::Arguments;
use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_env();
    if arguments.contains(["-V", "--version"]) {
        // Trunk compares it with Cargo.lock, and would download another where they differ.
        println!("wasm-bindgen {}", wasm_bindgen_shared::version());
        return ExitCode::SUCCESS;
    }
    match generate(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("wasm-bindgen: {reason}");
            ExitCode::FAILURE
        }
    }
}

/// Reads the arguments and writes the JavaScript and the wasm file.
fn generate(mut arguments: Arguments) -> Result<(), String> {
    let told = |error: pico_args::Error| error.to_string();
    let target: String = arguments.value_from_str("--target").map_err(told)?;
    let out_dir: PathBuf = arguments.value_from_str("--out-dir").map_err(told)?;
    let out_name: String = arguments.value_from_str("--out-name").map_err(told)?;
    let mut bindgen = Bindgen::new();
    bindgen
        .out_name(&out_name)
        .typescript(!arguments.contains("--no-typescript"))
        .debug(arguments.contains("--debug"))
        .keep_debug(arguments.contains("--keep-debug"))
        .demangle(!arguments.contains("--no-demangle"));
    // Trunk may pass these; this version finds both out by itself.
    let _ = arguments.contains("--reference-types") || arguments.contains("--weak-refs");
    let input = only_file(arguments.finish())?;
    // Names make panics readable while developing, and a quarter of a release build's size.
    let release = !input.parent().is_some_and(|folder| folder.ends_with("debug"));
    bindgen.remove_name_section(release).remove_producers_section(release);
    set_target(&mut bindgen, &target)?;
    bindgen.input_path(&input).generate(&out_dir).map_err(|error| format!("{error:#}"))
}

/// The wasm file is the one argument that is not an option.
fn only_file(rest: Vec<OsString>) -> Result<PathBuf, String> {
    match rest.as_slice() {
        [file] if !file.to_string_lossy().starts_with('-') => Ok(PathBuf::from(file)),
        other => Err(format!("expected one wasm file, got {other:?}")),
    }
}

fn set_target(bindgen: &mut Bindgen, target: &str) -> Result<(), String> {
    match target {
        "web" => bindgen.web(true),
        "no-modules" => bindgen.no_modules(true),
        other => {
            return Err(format!(
                "--target {other} is not used by Millrace; web and no-modules are"
            ));
        }
    }
    .map(|_| ())
    .map_err(|error| format!("{error:#}"))
}
