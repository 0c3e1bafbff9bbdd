//! What the page opens: presets with their words, links, and texts of the reader's own.

pub use super::labels::in_labels;
use crate::base::Level;
use crate::lessons::jobs::JobText;
use crate::lessons::presets::{self as words, PresetText};
use crate::scenario::codec::{self, LINK_TEXT_BYTES_MAX};
use crate::scenario::presets::{self, Preset};
use crate::scenario::{
    FileInput, Input, JobKind, Key, Lab, Parameters, Scenario, VERSION, input, suggest_layout,
};
use bytes::Bytes;

/// Above this size the progress of each step is not recorded for a text of the reader's.
const RECORDS_BYTES_MAX: u64 = 200_000;

/// The presets of the MapReduce lab, in the order of the picker; the page opens on the first.
pub fn presets() -> &'static [Preset] {
    presets_of(Lab::Mapreduce)
}

/// The presets of a lab, in the order of the picker; it opens on the first.
pub fn presets_of(lab: Lab) -> &'static [Preset] {
    match lab {
        Lab::Mapreduce => &presets::PRESETS,
        Lab::Stream => &presets::STREAM_PRESETS,
    }
}

/// The presets of all labs.
fn all_presets() -> impl Iterator<Item = &'static Preset> {
    LABS.into_iter().flat_map(|(lab, _)| presets_of(lab))
}

/// The labs, and what they are called.
pub const LABS: [(Lab, &str); 2] = [(Lab::Mapreduce, "MapReduce"), (Lab::Stream, "Stream")];

/// A preset by its name.
pub fn preset(name: &str) -> Option<&'static Preset> {
    presets::named(name)
}

/// A preset's words.
pub fn text_of(name: &str) -> Option<&'static PresetText> {
    words::named(name)
}

/// A preset's title; its name when it has none.
pub fn title(preset: &'static Preset) -> &'static str {
    text_of(preset.name).map_or(preset.name, |text| text.title)
}

/// The words of a job of the MapReduce lab.
pub fn job_text(job: &JobKind) -> Option<&'static JobText> {
    crate::lessons::jobs::named(job.name())
}

/// What a run asks before its start: its preset's question, as long as its job is the preset's;
/// else what its job teaches.
pub fn question(scenario: &Scenario, preset: Option<&str>) -> Option<&'static str> {
    own_words(scenario, preset).map(|text| text.question).or_else(|| lesson(scenario))
}

/// What was seen at a run's end, in the same way; of a stream only as long as nothing was changed, since its
/// sentence has the run's numbers.
pub fn closing(scenario: &Scenario, preset: Option<&str>) -> Option<&'static str> {
    let is_told = |text: &&PresetText| {
        let same =
            || presets::named(text.name).is_some_and(|preset| preset.scenario() == *scenario);
        scenario.lab() != Lab::Stream || same()
    };
    let words = own_words(scenario, preset).filter(is_told);
    words.map(|text| text.closing).or_else(|| lesson(scenario))
}

fn own_words(scenario: &Scenario, name: Option<&str>) -> Option<&'static PresetText> {
    let preset = name.and_then(preset)?;
    let is_of_job = preset.scenario().job == scenario.job || scenario.lab() == Lab::Stream;
    text_of(preset.name).filter(|_| is_of_job)
}

/// What a job other than the word count teaches.
fn lesson(scenario: &Scenario) -> Option<&'static str> {
    job_text(&scenario.job).filter(|_| scenario.job != JobKind::WordCount).map(|text| text.teaches)
}

/// What a link's fragment leads to, and the preset that it is or was made from.
///
/// # Errors
/// In words, when it can't be read.
pub fn read_link(fragment: &str) -> Result<(Scenario, Option<&'static str>), String> {
    match codec::decode(fragment) {
        Ok(Some(scenario)) => {
            let name = preset_of(&scenario);
            Ok((scenario, name))
        }
        Ok(None) => match presets().first() {
            Some(first) => Ok((first.scenario(), Some(first.name))),
            None => Err("There is no scenario to open.".to_owned()),
        },
        Err(error) => Err(sentence(&error.to_string())),
    }
}

/// The preset that a scenario is, or was made from.
pub fn preset_of(scenario: &Scenario) -> Option<&'static str> {
    let same = all_presets().find(|preset| preset.scenario() == *scenario);
    let of_job = |preset: &&Preset| preset.scenario().job == scenario.job;
    let related = || all_presets().filter(|preset| preset.scenario().input == scenario.input);
    same.or_else(|| related().find(of_job)).or_else(|| related().next()).map(|preset| preset.name)
}

/// The fragment that leads to a scenario, without its `#`; empty when no link can carry it. Of a
/// file it carries the name and the hash.
pub fn link_to(scenario: &Scenario) -> String {
    // Of several files a page can't ask for each yet.
    if matches!(&scenario.input, Input::Files(files) if files.iter().any(FileInput::is_readers)) {
        return String::new();
    }
    let link = codec::encode(scenario).unwrap_or_default();
    link.trim_start_matches('#').to_owned()
}

/// A scenario that suits a text of the reader's own. Whether it is a text at all is looked at by
/// the conductor, in slices.
///
/// # Errors
/// In words, when it is empty or too large.
pub fn own_text(name: String, bytes: &Bytes) -> Result<Scenario, String> {
    let size = bytes.len() as u64;
    check_size(size)?;
    let short = (bytes.len() <= LINK_TEXT_BYTES_MAX).then(|| std::str::from_utf8(bytes));
    let input = match short {
        Some(Ok(text)) => Input::Text(text.to_owned()),
        // By its hash a link asks for the same file again.
        Some(Err(_)) | None => Input::File { name, hash: Some(input::content_hash(bytes)) },
    };
    let mut parameters = Parameters::default();
    let layout = suggest_layout(size, parameters.get(Key::Nodes));
    for (key, value) in [
        (Key::BlockSize, layout.block_size),
        (Key::Scale, layout.scale),
        (Key::SortBuffer, layout.sort_buffer),
    ] {
        parameters.set(key, value).map_err(|error| sentence(&error.to_string()))?;
    }
    let level = if size <= RECORDS_BYTES_MAX { Level::Records } else { Level::Tasks };
    Ok(Scenario {
        version: VERSION,
        job: JobKind::WordCount,
        input,
        level,
        parameters,
        faults: Vec::new(),
    })
}

/// The same for events of the reader's own: the job and the parameters of the stream that is on the screen, but for a
/// watermark that a book drew for its own events.
///
/// # Errors
/// In words, when it is empty or too large.
pub fn own_events(name: String, bytes: &Bytes, stream: &Scenario) -> Result<Scenario, String> {
    let input = own_text(name, bytes)?.input;
    let mut parameters = stream.parameters.clone();
    let watermark = Key::Watermark.parameter().show(parameters.get(Key::Watermark));
    if watermark.starts_with("book_") {
        parameters = parameters.with(Key::Watermark, Key::Watermark.parameter().default);
    }
    Ok(Scenario { input, parameters, faults: Vec::new(), ..stream.clone() })
}

/// Looks at the size of a text alone, so that a file that is too large need not be read.
///
/// # Errors
/// In words, when it is empty or too large.
pub fn check_size(bytes: u64) -> Result<(), String> {
    input::check_size(bytes).map_err(|error| sentence(&error.to_string()))
}

/// A message as a sentence: with a capital and a full stop.
pub fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    let first: String =
        letters.next().map(|letter| letter.to_uppercase().collect()).unwrap_or_default();
    let stop = if message.ends_with(['.', '?', '!']) { "" } else { "." };
    format!("{first}{}{stop}", letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_link_opens_the_first_preset_and_a_wrong_one_says_so() {
        assert_eq!(read_link("").map(|(_, preset)| preset), Ok(Some("first-steps")));
        let refused = read_link("first-stairs").unwrap_err();
        assert!(refused.contains("first-stairs") && refused.ends_with('.'), "{refused}");
    }

    #[test]
    fn a_changed_preset_has_a_link_that_remembers_the_preset() {
        let mut scenario = presets()[0].scenario();
        scenario.parameters = scenario.parameters.with(Key::Reducers, 5);
        let read = read_link(&link_to(&scenario));
        assert_eq!(read, Ok((scenario, Some("first-steps"))));
    }

    #[test]
    fn a_short_text_travels_in_links_and_a_long_one_does_not() {
        let short = own_text("a".to_owned(), &Bytes::from_static(b"one two")).unwrap();
        assert_eq!(read_link(&link_to(&short)), Ok((short, None)));
        let text = "word ".repeat(1_000);
        let long = own_text("a".to_owned(), &Bytes::from(text.clone())).unwrap();
        assert_eq!(long.validate_with_input(5_000), Ok(()));
        let (read, preset) = read_link(&link_to(&long)).unwrap();
        assert_eq!((&read, preset), (&long, None), "the name and the hash travel");
        assert!(link_to(&long).len() < 1_000, "the text does not");
    }

    #[test]
    fn a_preset_with_another_job_has_the_job_s_words() {
        let words = presets()[0].scenario();
        let name = Some(presets()[0].name);
        assert!(question(&words, name).unwrap().contains("three machines"));
        let grep = words.with_job(JobKind::Grep);
        assert!(question(&grep, name).unwrap().contains("no shuffle"));
        assert_eq!(closing(&grep, name), question(&grep, name));
        assert_eq!(closing(&words, None), None, "the page has words of its own for a word count");
    }

    #[test]
    fn an_empty_text_is_refused_in_a_sentence() {
        let refused = own_text("a".to_owned(), &Bytes::new()).unwrap_err();
        assert!(refused.starts_with("The text is empty"), "{refused}");
    }
}
