//! `millrace presets`: the scenarios that Millrace carries.

use crate::{Answer, Failure};
use millrace::lessons::presets as lessons;
use millrace::scenario::{PRESETS, Preset, STREAM_PRESETS, presets};

/// Each name with its question.
pub(crate) fn list() -> Answer {
    let width = all().map(|preset| preset.name.len()).max().unwrap_or(0);
    let line = |name: &str| {
        let question = lessons::named(name).map_or("", |text| text.question);
        format!("{name:width$}  {question}\n")
    };
    Answer::success(all().map(|preset| line(preset.name)).collect())
}

/// The presets of all labs.
fn all() -> impl Iterator<Item = &'static Preset> {
    PRESETS.iter().chain(&STREAM_PRESETS)
}

/// A preset as a scenario file, to start one's own from.
pub(crate) fn show(name: &str) -> Result<Answer, Failure> {
    let preset = presets::named(name)
        .ok_or_else(|| Failure(format!("there is no preset \"{name}\"; there are {}", names())))?;
    Ok(Answer::success(format!("{}\n", preset.scenario().to_json())))
}

/// All names, for a message.
pub(crate) fn names() -> String {
    let names: Vec<&str> = all().map(|preset| preset.name).collect();
    names.join(", ")
}
