//! Where tools lie: on PATH, or built once in the user's cache folder, by version.

use std::{
    env::{self, consts},
    ffi::OsString,
    path::{Path, PathBuf},
};

use crate::step::{Failure, Outcome};

/// The folder of one tool's one version; a second clone of the repository finds it there, too.
///
/// # Errors
///
/// When the system does not say where the user's cache is.
pub(crate) fn folder(tool: &str, version: &str) -> Outcome<PathBuf> {
    let from = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = match consts::OS {
        "windows" => from("LOCALAPPDATA"),
        "macos" => from("HOME").map(|home| home.join("Library").join("Caches")),
        _ => from("XDG_CACHE_HOME").or_else(|| from("HOME").map(|home| home.join(".cache"))),
    };
    let cache = cache.ok_or_else(|| {
        Failure::new("the environment does not say where your home folder is; set HOME")
    })?;
    Ok(cache.join("millrace").join("tools").join(format!("{tool}-{version}")))
}

/// The file name of a program on this system.
pub(crate) fn program(name: &str) -> String {
    format!("{name}{}", consts::EXE_SUFFIX)
}

/// The first program of this name on PATH.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(program(name))).find(|file| file.is_file())
}

/// PATH with some folders before all others.
///
/// # Errors
///
/// When a folder's name cannot stand in PATH.
pub(crate) fn path_with(first: &[&Path]) -> Outcome<OsString> {
    let rest = env::var_os("PATH").unwrap_or_default();
    let folders = first.iter().map(PathBuf::from).chain(env::split_paths(&rest));
    env::join_paths(folders)
        .map_err(|error| Failure::new(format!("cannot put the tools on PATH: {error}")))
}
