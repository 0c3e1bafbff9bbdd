//! What the page opens: presets by name, links, and texts of the reader's own.

use crate::base::Level;
use crate::scenario::{Input, JobKind, Key, Parameters, Scenario, VERSION};

/// The preset that a page without a link opens.
pub const FIRST: &str = "first-steps";

/// A scenario that Millrace carries.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    pub name: &'static str,
    pub title: &'static str,
    pub question: &'static str,
    pub closing: &'static str,
    pub make: fn() -> Scenario,
}

impl Preset {
    pub fn scenario(&self) -> Scenario {
        (self.make)()
    }
}

static PRESETS: [Preset; 1] = [Preset {
    name: FIRST,
    title: "First steps",
    question: "Six lines of text, three machines: how do they count the words together?",
    closing: "Four maps and two reduces counted the words that one loop would have counted.",
    make: first_steps,
}];

fn first_steps() -> Scenario {
    let text = "the quick brown fox\n".repeat(15);
    Scenario {
        version: VERSION,
        job: JobKind::WordCount,
        input: Input::Text(text),
        level: Level::Records,
        parameters: Parameters::default()
            .with(Key::Nodes, 3)
            .with(Key::Racks, 1)
            .with(Key::BlockSize, 80)
            .with(Key::Scale, 1_048_576),
    }
}

/// All presets, in the order in which they are offered.
pub fn presets() -> &'static [Preset] {
    &PRESETS
}

/// A preset by its name.
pub fn preset(name: &str) -> Option<&'static Preset> {
    presets().iter().find(|preset| preset.name == name)
}

/// What a link's fragment stands for.
///
/// # Errors
/// In words, when it can't be read.
pub fn read_link(fragment: &str) -> Result<(Scenario, Option<&'static str>), String> {
    let name = if fragment.is_empty() { FIRST } else { fragment };
    match preset(name) {
        Some(preset) => Ok((preset.scenario(), Some(preset.name))),
        None => Err(format!("This link names “{name}”, which Millrace does not know.")),
    }
}

/// A scenario that suits a text of the reader's own.
///
/// # Errors
/// In words, when the text is not fit for a run.
pub fn own_text(name: String, bytes: &[u8]) -> Result<Scenario, String> {
    if bytes.is_empty() {
        return Err("The text is empty.".to_owned());
    }
    Ok(Scenario { input: Input::File { name, hash: None }, ..first_steps() })
}

/// The most bytes of a text.
pub const TEXT_BYTES_MAX: u64 = 50_000_000;

/// What is said of a file that is too large to be read at all.
pub fn too_large(name: &str) -> String {
    format!("“{name}” is larger than 50 MB. Use a part of it.")
}
