//! What the page opens: presets with their words, links, and texts of the reader's own.

use super::OwnFile;
use super::clock::RunClock;
pub use super::labels::in_labels;
use super::naming;
use crate::base::Level;
use crate::lessons::jobs::JobText;
use crate::lessons::presets::{self as words, PresetText};
use crate::scenario::codec::{self, LINK_TEXT_BYTES_MAX};
use crate::scenario::presets::{self, Preset};
use crate::scenario::{
    Content, FileInput, Input, JobKind, Key, Lab, Parameters, Scenario, VERSION, input,
    suggest_layout,
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

/// What a run asks before its start: its preset's question, as long as nothing of that was changed; else what
/// its job teaches.
pub fn question(scenario: &Scenario, preset: Option<&str>) -> Option<&'static str> {
    own_words(scenario, preset).map(|text| text.question).or_else(|| lesson(scenario))
}

/// What was seen at a run's end, in the same way: with another parameter, or a fault more or less, a preset's
/// sentence may be false.
pub fn closing(scenario: &Scenario, preset: Option<&str>) -> Option<&'static str> {
    own_words(scenario, preset).map(|text| text.closing).or_else(|| lesson(scenario))
}

/// A preset's words, for a run of that very preset.
fn own_words(scenario: &Scenario, name: Option<&str>) -> Option<&'static PresetText> {
    let preset = name.and_then(preset)?;
    text_of(preset.name).filter(|_| preset.scenario() == *scenario)
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

/// The preset that a scenario is, or was made from: of those over the same input the one from which it differs
/// least, first in its job and then in the number of its parameters and faults.
pub fn preset_of(scenario: &Scenario) -> Option<&'static str> {
    let distance = |preset: &&Preset| {
        let other = preset.scenario();
        let is_same = other == *scenario;
        (
            !is_same,
            other.job != scenario.job,
            naming::differences(&other, scenario, RunClock::default()).len(),
        )
    };
    let related = all_presets().filter(|preset| preset.scenario().input == scenario.input);
    related.min_by_key(distance).map(|preset| preset.name)
}

/// The fragment that leads to a scenario, without its `#`; empty when no link can carry it. Of the
/// reader's files it carries names, lengths and hashes.
pub fn link_to(scenario: &Scenario) -> String {
    let link = codec::encode(scenario).unwrap_or_default();
    link.trim_start_matches('#').to_owned()
}

/// A scenario that suits a text of the reader's own, or several. Whether it is a text at all is
/// looked at by the conductor, in slices.
///
/// # Errors
/// In words, when it is empty or too large.
pub fn own_text(files: &[OwnFile]) -> Result<Scenario, String> {
    let size = files.iter().map(|(_, bytes)| bytes.len() as u64).sum();
    check_size(size)?;
    let input = own_input(files);
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

/// Short texts travel in links, all together; of longer ones the hashes do, so that a link asks for
/// the same files again.
fn own_input(files: &[OwnFile]) -> Input {
    let length: usize = files.iter().map(|(name, bytes)| name.len() + bytes.len()).sum();
    let texts = files.iter().map(|(_, bytes)| String::from_utf8(bytes.to_vec()).ok());
    let texts = || texts.collect::<Option<Vec<String>>>();
    let hash = |bytes: &Bytes| Some(input::content_hash(bytes));
    let size = |bytes: &Bytes| Some(bytes.len() as u64);
    if let [(name, bytes)] = files {
        let short = (bytes.len() <= LINK_TEXT_BYTES_MAX).then(texts).flatten();
        return match short.and_then(|mut texts| texts.pop()) {
            Some(text) => Input::Text(text),
            None => Input::File { name: name.clone(), hash: hash(bytes), bytes: size(bytes) },
        };
    }
    let contents: Vec<Content> = match (length <= LINK_TEXT_BYTES_MAX).then(texts).flatten() {
        Some(texts) => texts.into_iter().map(Content::Text).collect(),
        None => {
            let named =
                |(_, bytes): &OwnFile| Content::File { hash: hash(bytes), bytes: size(bytes) };
            files.iter().map(named).collect()
        }
    };
    let file = |((name, _), content): (&OwnFile, Content)| FileInput {
        name: name.clone(),
        content,
        gzip: false,
    };
    Input::Files(files.iter().zip(contents).map(file).collect())
}

/// The same for events of the reader's own: the job and the parameters of the stream that is on the screen, but for a
/// watermark that a book drew for its own events.
///
/// # Errors
/// In words, when it is empty or too large, or of several files.
pub fn own_events(files: &[OwnFile], stream: &Scenario) -> Result<Scenario, String> {
    if files.len() > 1 {
        return Err("A stream job reads one file of events: open one at a time.".to_owned());
    }
    let input = own_text(files)?.input;
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
    use crate::scenario::Named;
    use crate::ui::same::Same;

    fn file(name: &str, text: &str) -> OwnFile {
        (name.to_owned(), Same::new(Bytes::from(text.to_owned())))
    }

    fn own(files: &[(&str, &str)]) -> Scenario {
        let files: Vec<OwnFile> = files.iter().map(|(name, text)| file(name, text)).collect();
        own_text(&files).unwrap()
    }

    #[test]
    fn short_texts_of_several_files_travel_in_links_and_long_ones_do_not() {
        let short = own(&[("a.txt", "one two"), ("b.txt", "two three")]);
        let Input::Files(files) = &short.input else { panic!("{:?}", short.input) };
        assert_eq!(files[1].content, Content::Text("two three".to_owned()));
        assert_eq!(read_link(&link_to(&short)), Ok((short.clone(), None)));
        // Either is short, and both together are not.
        let half = "word ".repeat(300);
        let long = own(&[("a.txt", &half), ("b.txt", &half)]);
        assert_eq!(long.input.named().len(), 2, "by their hashes");
        let (read, preset) = read_link(&link_to(&long)).unwrap();
        assert_eq!((&read, preset), (&long, None), "names, lengths and hashes travel");
        assert!(link_to(&long).len() < 1_000, "the texts do not");
        assert_eq!(
            read.input.named()[1],
            Named::File {
                name: "b.txt",
                hash: Some(&input::content_hash(half.as_bytes())),
                bytes: Some(1_500),
            }
        );
    }

    /// Five hundred names are more than 2 KB, and none of them is a text.
    #[test]
    fn names_of_many_files_travel_as_far_as_a_link_reaches() {
        let many = |count: usize| {
            let files: Vec<OwnFile> = (0..count)
                .map(|place| file(&format!("part-{place:05}.txt"), "to be or not"))
                .collect();
            own_text(&files).unwrap()
        };
        let all = many(500);
        assert_eq!(read_link(&link_to(&all)), Ok((all, None)));
        assert_eq!(link_to(&many(2_000)), "", "a link has an end");
    }

    #[test]
    fn events_are_of_one_file() {
        let stream = preset("lost-nine").unwrap().scenario();
        let refused = own_events(&[file("a", "x"), file("b", "y")], &stream).unwrap_err();
        assert!(refused.contains("one file"), "{refused}");
    }

    #[test]
    fn an_empty_link_opens_the_first_preset_and_a_wrong_one_says_so() {
        assert_eq!(read_link("").map(|(_, preset)| preset), Ok(Some("first-steps")));
        let refused = read_link("first-stairs").unwrap_err();
        assert!(refused.contains("first-stairs") && refused.ends_with('?'), "{refused}");
    }

    #[test]
    fn a_changed_preset_has_a_link_that_remembers_the_preset() {
        let mut scenario = presets()[0].scenario();
        scenario.parameters = scenario.parameters.with(Key::Reducers, 5);
        let read = read_link(&link_to(&scenario));
        assert_eq!(read, Ok((scenario, Some("first-steps"))));
    }

    #[test]
    fn a_changed_preset_is_known_by_what_it_differs_in_least() {
        for preset in all_presets() {
            let mut scenario = preset.scenario();
            let seed = scenario.parameters.get(Key::Seed);
            scenario.parameters = scenario.parameters.with(Key::Seed, seed + 77);
            assert_eq!(preset_of(&scenario), Some(preset.name));
            assert_eq!(question(&scenario, Some(preset.name)), lesson(&scenario));
            assert_eq!(closing(&scenario, Some(preset.name)), lesson(&scenario));
        }
        let mut straggler = preset("straggler").unwrap().scenario();
        straggler.parameters = straggler.parameters.with(Key::Speculation, 0);
        assert_eq!(read_link(&link_to(&straggler)).map(|(_, name)| name), Ok(Some("straggler")));
        let mut crashed = preset("straggler").unwrap().scenario();
        crashed.faults.push("crash node 3 at 12.4 s".parse().unwrap());
        assert_eq!(preset_of(&crashed), Some("straggler"));
        assert_eq!(closing(&crashed, Some("straggler")), None, "nobody planned that");
    }

    #[test]
    fn a_short_text_travels_in_links_and_a_long_one_does_not() {
        let short = own(&[("a", "one two")]);
        assert_eq!(read_link(&link_to(&short)), Ok((short, None)));
        let text = "word ".repeat(1_000);
        let long = own(&[("a", &text)]);
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
        let refused = own_text(&[file("a", "")]).unwrap_err();
        assert!(refused.starts_with("The text is empty"), "{refused}");
    }
}
