//! A scenario and its input, from what a person named.

use crate::{Failure, presets};
use bytes::Bytes;
use millrace::base::{FileId, Files};
use millrace::scenario::input::{check_size, content_hash};
use millrace::scenario::{
    CheckedFiles, Content, FileInput, Input, InputFacts, Key, Lab, Named, Scenario, check_files,
    texts,
};
use std::fs;
use std::path::{Path, PathBuf};

/// The largest scenario file; a longer text belongs in a file of its own.
const SCENARIO_BYTES_MAX: u64 = 64_000_000;

/// A scenario and its input, both checked.
pub(crate) struct Loaded {
    pub(crate) scenario: Scenario,
    pub(crate) input: Files,
    pub(crate) facts: InputFacts,
}

/// Loads what `named` names, a preset or a file, with these changes (`key=value`) and these faults
/// beside its own.
pub(crate) fn load(named: &str, changes: &[String], faults: &[String]) -> Result<Loaded, Failure> {
    load_with(named, changes, faults, &[])
}

/// The same with the files of `inputs` for its own input, unless there are none.
pub(crate) fn load_with(
    named: &str,
    changes: &[String],
    faults: &[String],
    inputs: &[PathBuf],
) -> Result<Loaded, Failure> {
    let (mut scenario, folder) = match millrace::scenario::presets::named(named) {
        Some(preset) => (preset.scenario(), Path::new("")),
        None => (scenario_file(named)?, Path::new(named).parent().unwrap_or(Path::new(""))),
    };
    let folder = if inputs.is_empty() { folder } else { Path::new("") };
    if let Some(input) = named_input(inputs)? {
        scenario.input = input;
    }
    for change in changes {
        let (key, value) = change
            .split_once('=')
            .ok_or_else(|| Failure(format!("--set {change} is not of the form key=value")))?;
        let changed = scenario.parameters.set_text(key.trim(), value);
        changed.map_err(|error| Failure(format!("--set {change}: {error}")))?;
    }
    for fault in faults {
        let fault = fault.parse().map_err(|error| Failure(format!("--fault {error}")))?;
        scenario.faults.push(fault);
    }
    scenario.validate().map_err(|error| Failure(format!("{named}: {error}")))?;
    let input = read_input(&mut scenario, folder)?;
    if scenario.lab() == Lab::Stream {
        // Its events are read, and told of line by line, when the job begins.
        return Ok(Loaded { scenario, input, facts: InputFacts::default() });
    }
    let CheckedFiles { files: input, facts, sizes } = check_files(&input)
        .map_err(|error| Failure(format!("{}{error}", prefix(&scenario.input))))?;
    scenario.validate_with_input(sizes).map_err(|error| Failure(format!("{named}: {error}")))?;
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

/// The input that the files at these places are; their names are their paths.
fn named_input(inputs: &[PathBuf]) -> Result<Option<Input>, Failure> {
    let name = |path: &PathBuf| {
        let name = path.to_str().map(str::to_owned);
        name.ok_or_else(|| Failure(format!("--input {}: the name is not UTF-8", path.display())))
    };
    match inputs {
        [] => Ok(None),
        [one] => Ok(Some(Input::File { name: name(one)?, hash: None, bytes: None })),
        several => {
            let file = |path| {
                Ok(FileInput { name: name(path)?, content: Content::default(), gzip: false })
            };
            let files = several.iter().map(file).collect::<Result<_, Failure>>()?;
            Ok(Some(Input::Files(files)))
        }
    }
}

/// The files of the input. A file's hash is compared, or put into the scenario.
fn read_input(scenario: &mut Scenario, folder: &Path) -> Result<Files, Failure> {
    let seed = scenario.parameters.get(Key::Seed);
    let files = scenario.input.files(seed, |named| match named {
        Named::Builtin(name) => texts::content(name)
            .map(Bytes::from_static)
            .ok_or_else(|| Failure(format!("there is no built-in text \"{name}\""))),
        Named::File { name, hash, .. } => {
            let bytes = read_file(name, &folder.join(name))?;
            check_hash(name, hash, &bytes)?;
            Ok(bytes)
        }
    })?;
    note_hashes(&mut scenario.input, &files);
    Ok(files)
}

fn check_hash(name: &str, hash: Option<&str>, bytes: &[u8]) -> Result<(), Failure> {
    let found = content_hash(bytes);
    match hash {
        Some(expected) if !expected.eq_ignore_ascii_case(&found) => Err(Failure(format!(
            "{name}: the file is not the one that the scenario was made with: its hash is {found}, \
             not {expected}; take the same file, or the hash out of the scenario"
        ))),
        Some(_) | None => Ok(()),
    }
}

fn note_hashes(input: &mut Input, files: &Files) {
    let hash_of = |place: u32| files.get(FileId(place)).map(|file| content_hash(&file.bytes));
    match input {
        Input::File { hash, .. } => *hash = hash_of(0),
        Input::Files(inputs) => {
            for (place, file) in (0..).zip(inputs) {
                if let Content::File { hash, .. } = &mut file.content {
                    *hash = hash_of(place);
                }
            }
        }
        Input::Text(_) | Input::Builtin(_) | Input::Made(_) | Input::Events(_) => {}
    }
}

fn read_file(name: &str, path: &Path) -> Result<Bytes, Failure> {
    let about = |why: String| Failure(format!("{name}: {why}"));
    let read = |error| about(format!("the input can't be read: {error}"));
    let metadata = fs::metadata(path).map_err(read)?;
    if metadata.is_file() && metadata.len() > 0 {
        check_size(metadata.len()).map_err(|error| about(error.to_string()))?;
    }
    fs::read(path).map(Bytes::from).map_err(read)
}

/// What an error about the input begins with; one about one of several files names it itself.
fn prefix(input: &Input) -> String {
    match input {
        Input::Text(_) => "the scenario's text: ".to_owned(),
        Input::Builtin(name) | Input::File { name, .. } => format!("{name}: "),
        Input::Files(files) if files.len() == 1 => format!("{}: ", files[0].name),
        Input::Files(_) | Input::Made(_) | Input::Events(_) => String::new(),
    }
}
