//! Who may import whom. The floor plan is ARCHITECTURE.md's; change plan and test together.

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms, and which others each may import.
const ROOMS: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("kernel", &["base"]),
    ("trace", &["base"]),
    ("scenario", &["base"]),
    ("charts", &["base"]),
    ("lessons", &["base"]),
    ("mapreduce", &["base", "trace"]),
    ("streaming", &["base", "trace"]),
    ("simulated", &["base", "kernel", "mapreduce", "streaming", "trace"]),
    ("live", &["base", "mapreduce", "trace"]),
    (
        "lab",
        &["base", "kernel", "mapreduce", "streaming", "scenario", "simulated", "live", "trace"],
    ),
    ("ui", &["base", "scenario", "trace", "charts", "lessons", "lab"]),
];

/// The binaries, and what of the library each may import.
const BINARIES: &[(&str, &[&str])] = &[
    ("app", &["ui"]),
    ("worker", &["lab", "live", "trace"]),
    (
        "millrace",
        &["base", "kernel", "mapreduce", "streaming", "scenario", "trace", "lab", "lessons"],
    ),
    ("xtask", &[]),
    ("bindgen", &[]),
];

/// Crates that only the page and its worker may name.
const BROWSER_CRATES: &[&str] =
    &["yew", "web_sys", "js_sys", "gloo", "wasm_bindgen", "wasm_bindgen_futures"];

/// Where those may be named.
const BROWSER_PLACES: &[&str] = &["src/ui", "src/live", "src/bin/app", "src/bin/worker"];

#[test]
fn rooms_import_only_what_the_floor_plan_allows() {
    let mut broken = Vec::new();
    for file in sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))) {
        let Some((room, allowed)) = place_of(&file) else { continue };
        for (line, imported) in imports(&file) {
            if imported != room && !allowed.contains(&imported.as_str()) {
                broken.push(format!(
                    "{}:{line}: {room} imports {imported}; it may import {}: move the code to the \
                     room that it belongs to, or change the plan in a commit of its own",
                    show(&file),
                    if allowed.is_empty() { "nothing".to_owned() } else { allowed.join(", ") },
                ));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn the_page_knows_of_the_lab_only_its_messages() {
    let mut broken = Vec::new();
    for file in sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/ui"))) {
        for (number, line) in code_lines(&file) {
            let mut rest = line.as_str();
            while let Some(at) = rest.find("crate::lab") {
                rest = &rest[at + "crate::lab".len()..];
                if !rest.starts_with("::messages") {
                    broken.push(format!("{}:{number}: only crate::lab::messages", show(&file)));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn only_the_page_and_its_worker_name_the_browser() {
    let mut broken = Vec::new();
    for file in sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))) {
        if BROWSER_PLACES.iter().any(|place| show(&file).starts_with(place)) {
            continue;
        }
        for (number, line) in code_lines(&file) {
            for name in BROWSER_CRATES {
                if names_crate(&line, name) {
                    broken.push(format!(
                        "{}:{number}: {name} belongs to the page: keep the browser out of the engine",
                        show(&file)
                    ));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// No clock, thread, sleep, input or output, and no luck of its own, where runs are made.
#[test]
fn the_engine_is_pure() {
    const FORBIDDEN: &[&str] = &[
        "std::time",
        "std::thread",
        "std::fs",
        "std::net",
        "std::env",
        "SystemTime",
        "Instant::now",
        "RandomState",
        "std::collections::HashMap",
        "std::collections::HashSet",
        "SmallRng",
        "ThreadRng",
    ];
    let engine =
        ["base", "kernel", "trace", "mapreduce", "streaming", "simulated", "lab", "scenario"];
    let mut broken = Vec::new();
    for room in engine {
        for file in sources(&Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).join(room)) {
            if show(&file).ends_with("tests.rs") {
                continue;
            }
            for (number, line) in code_lines(&file) {
                for name in FORBIDDEN.iter().filter(|name| line.contains(**name)) {
                    broken.push(format!(
                        "{}:{number}: {name}: a run depends on its scenario alone; time and data are arguments",
                        show(&file)
                    ));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn each_module_says_what_it_is() {
    let silent: Vec<String> = sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")))
        .into_iter()
        .filter(|file| !read(file).starts_with("//!"))
        .map(|file| format!("{}: begin with a //! line that says what it is", show(&file)))
        .collect();
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}

/// The room or binary that a file is in, and what it may import.
fn place_of(file: &Path) -> Option<(&'static str, &'static [&'static str])> {
    let shown = show(file);
    let mut parts = shown.trim_start_matches("src/").split('/');
    let first = parts.next()?.trim_end_matches(".rs");
    let (plan, name) = if first == "bin" {
        (BINARIES, parts.next()?.trim_end_matches(".rs"))
    } else {
        (ROOMS, first)
    };
    if name == "lib" {
        return None;
    }
    let found = plan.iter().find(|(room, _)| *room == name);
    let Some((room, allowed)) = found else {
        panic!("{shown}: the floor plan in tests/architecture.rs has no {name}: add it there");
    };
    Some((room, allowed))
}

/// The rooms that a file names, with the line.
fn imports(file: &Path) -> Vec<(usize, String)> {
    let prefix = if show(file).starts_with("src/bin") { "millrace::" } else { "crate::" };
    let mut found = Vec::new();
    for (number, line) in code_lines(file) {
        for (at, _) in line.match_indices(prefix) {
            let before = line[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            found.extend(names_after(&line[at + prefix.len()..]).map(|name| (number, name)));
        }
    }
    let rooms = |name: &str| ROOMS.iter().any(|(room, _)| *room == name);
    found.retain(|(_, name)| rooms(name));
    found
}

/// The first names behind `crate::`: one, or several in braces.
fn names_after(text: &str) -> impl Iterator<Item = String> {
    let group = text.strip_prefix('{').and_then(|rest| rest.split('}').next());
    let parts: Vec<&str> = group.map_or(vec![text], |group| group.split(',').collect());
    let names: Vec<String> = parts
        .into_iter()
        .map(|part| part.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect())
        .collect();
    names.into_iter()
}

fn names_crate(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let is_word = before.is_none_or(|c| !c.is_alphanumeric() && c != '_');
        is_word && line[at + name.len()..].starts_with("::")
    })
}

/// The lines of a file with their numbers, comments left out.
fn code_lines(file: &Path) -> Vec<(usize, String)> {
    read(file)
        .lines()
        .enumerate()
        .map(|(number, line)| (number + 1, line.split("//").next().unwrap_or_default().to_owned()))
        .collect()
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// A file's path from the project's folder, with slashes.
fn show(file: &Path) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    file.strip_prefix(root).unwrap_or(file).to_string_lossy().replace('\\', "/")
}

/// All Rust files below a folder, in order.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return found };
    for entry in entries {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}
