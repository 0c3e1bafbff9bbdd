//! A scenario and its input, from what a person named.

use crate::{Failure, presets};
use bytes::Bytes;
use millrace::scenario::input::{check_input, check_size, content_hash};
use millrace::scenario::{Input, InputFacts, Scenario, texts};
use std::fs;
use std::path::Path;

/// The largest scenario file; a longer text belongs in a file of its own.
const SCENARIO_BYTES_MAX: u64 = 64_000_000;

/// A scenario and its input, both checked.
pub(crate) struct Loaded {
    pub(crate) scenario: Scenario,
    pub(crate) input: Bytes,
    pub(crate) facts: InputFacts,
}

/// Loads what `named` names, a preset or a file, with these changes (`key=value`) and these faults
/// beside its own.
pub(crate) fn load(named: &str, changes: &[String], faults: &[String]) -> Result<Loaded, Failure> {
    let (mut scenario, folder) = match millrace::scenario::presets::named(named) {
        Some(preset) => (preset.scenario(), Path::new("")),
        None => (scenario_file(named)?, Path::new(named).parent().unwrap_or(Path::new(""))),
    };
    for change in changes {
        let (key, value) = change
            .split_once('=')
            .ok_or_else(|| Failure(format!("--set {change} is not of the form key=value")))?;
        let changed = scenario.parameters.set_text(key.trim(), value.trim());
        changed.map_err(|error| Failure(format!("--set {change}: {error}")))?;
    }
    for fault in faults {
        let fault = fault.parse().map_err(|error| Failure(format!("--fault {error}")))?;
        scenario.faults.push(fault);
    }
    scenario.validate().map_err(|error| Failure(format!("{named}: {error}")))?;
    let input = read_input(&mut scenario, folder)?;
    let facts = check_input(&input)
        .map_err(|error| Failure(format!("{}: {error}", name_of(&scenario.input))))?;
    scenario
        .validate_with_input(facts.bytes)
        .map_err(|error| Failure(format!("{named}: {error}")))?;
    Ok(Loaded { scenario, input, facts })
}

fn scenario_file(named: &str) -> Result<Scenario, Failure> {
    let about = |why: String| Failure(format!("{named}: {why}"));
    let path = Path::new(named);
    if !path.exists() {
        return Err(about(format!(
            "there is no such file, and no preset of that name; presets are {}",
            presets::names()
        )));
    }
    let metadata = fs::metadata(path).map_err(|error| about(format!("can't be read: {error}")))?;
    if metadata.len() > SCENARIO_BYTES_MAX {
        return Err(about(format!(
            "a scenario has at most {SCENARIO_BYTES_MAX} bytes, and this has {}; name a long text \
             as {{\"file\": {{\"name\": …}}}}",
            metadata.len()
        )));
    }
    let bytes = fs::read(path).map_err(|error| about(format!("can't be read: {error}")))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        about(format!("the scenario is not JSON: it is not UTF-8 from byte {offset} on"))
    })?;
    Scenario::from_json_unvalidated(&text).map_err(|error| about(error.to_string()))
}

/// The bytes of the input. A file's hash is compared, or put into the scenario.
fn read_input(scenario: &mut Scenario, folder: &Path) -> Result<Bytes, Failure> {
    match &mut scenario.input {
        Input::Text(text) => Ok(Bytes::from(text.clone())),
        // Made in the engine from the scenario alone.
        Input::Events(_) => Ok(Bytes::new()),
        Input::Builtin(name) => texts::content(name)
            .map(Bytes::from_static)
            .ok_or_else(|| Failure(format!("there is no built-in text \"{name}\""))),
        Input::File { name, hash } => {
            let bytes = read_file(name, &folder.join(&*name))?;
            let found = content_hash(&bytes);
            match hash {
                Some(expected) if !expected.eq_ignore_ascii_case(&found) => {
                    return Err(Failure(format!(
                        "{name}: the file is not the one that the scenario was made with: its hash \
                         is {found}, not {expected}; take the same file, or the hash out of the \
                         scenario"
                    )));
                }
                Some(_) | None => *hash = Some(found),
            }
            Ok(bytes)
        }
    }
}

fn read_file(name: &str, path: &Path) -> Result<Bytes, Failure> {
    let about = |why: String| Failure(format!("{name}: {why}"));
    let read = |error| about(format!("the input can't be read: {error}"));
    let metadata = fs::metadata(path).map_err(read)?;
    if metadata.is_file() {
        check_size(metadata.len()).map_err(|error| about(error.to_string()))?;
    }
    fs::read(path).map(Bytes::from).map_err(read)
}

fn name_of(input: &Input) -> &str {
    match input {
        Input::Text(_) => "the scenario's text",
        Input::Builtin(name) | Input::Events(name) | Input::File { name, .. } => name,
    }
}
