//! An input of several files: what a scenario says of them, the limits, and their bytes.

use super::parameters::ParameterError;
use super::texts;
use super::validate::{is_hash, problem};
use super::{Input, Scenario};
use crate::base::random::{Purpose, Random};
use crate::base::{Codec, Files, InputFile};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The most files of an input.
pub const FILES_MAX: usize = 2_000;

/// The longest name of a file.
const FILE_NAME_BYTES_MAX: usize = 1_024;

/// The most bytes that a made file has on average.
const MADE_FILE_BYTES_MAX: u64 = 1 << 20;

/// A file of an input of several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileInput {
    /// Its name, which no other file of the input has. For the command line its path, relative to
    /// the scenario's folder, when it is a file of the reader's.
    pub name: String,
    /// What is in it.
    #[serde(default, skip_serializing_if = "Content::is_unnamed")]
    pub content: Content,
    /// Whether Millrace compresses what is in it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub gzip: bool,
}

/// What is in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// This text.
    Text(String),
    /// A text that Millrace carries, by its short name.
    Builtin(String),
    /// What the reader's file of this name holds; the XXH3 of its bytes and their number, once these
    /// are known.
    File {
        /// 16 hexadecimal digits.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hash: Option<String>,
        /// Its length.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bytes: Option<u64>,
    },
}

/// Files of words, made from the seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MadeFiles {
    /// How many.
    pub count: u32,
    /// Bytes of each, about: from a half to three halves of it.
    pub bytes: u64,
    /// Whether Millrace compresses them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub gzip: bool,
}

/// Bytes that a scenario names and does not carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named<'a> {
    /// A text that Millrace carries.
    Builtin(&'a str),
    /// A file of the reader's.
    File {
        /// Its name.
        name: &'a str,
        /// The hash that it should have.
        hash: Option<&'a str>,
        /// The length that it should have.
        bytes: Option<u64>,
    },
}

impl Default for Content {
    fn default() -> Content {
        Content::File { hash: None, bytes: None }
    }
}

impl Content {
    fn is_unnamed(&self) -> bool {
        *self == Content::default()
    }
}

impl FileInput {
    /// The text that the scenario carries, or else what it names instead.
    fn text(&self) -> Result<&String, Named<'_>> {
        match &self.content {
            Content::Text(text) => Ok(text),
            Content::Builtin(name) => Err(Named::Builtin(name)),
            Content::File { hash, bytes } => {
                Err(Named::File { name: &self.name, hash: hash.as_deref(), bytes: *bytes })
            }
        }
    }
}

impl Input {
    /// The files of the input. `read` gives the bytes that the scenario only names.
    ///
    /// # Errors
    /// When `read` does.
    pub fn files<E>(
        &self,
        seed: u64,
        mut read: impl FnMut(Named<'_>) -> Result<Bytes, E>,
    ) -> Result<Files, E> {
        let text = |text: &String| Bytes::copy_from_slice(text.as_bytes());
        let one = |name: &str, bytes| Files::new(vec![InputFile::new(name, bytes)]);
        match self {
            Input::Text(content) => Ok(Files::from(text(content))),
            Input::Builtin(name) => Ok(one(name, read(Named::Builtin(name))?)),
            Input::File { name, hash, bytes } => {
                let hash = hash.as_deref();
                Ok(one(name, read(Named::File { name, hash, bytes: *bytes })?))
            }
            Input::Files(files) => {
                let file = |file: &FileInput| {
                    let bytes = match file.text() {
                        Ok(content) => text(content),
                        Err(named) => read(named)?,
                    };
                    Ok(file_of(&file.name, bytes, file.gzip))
                };
                files.iter().map(file).collect::<Result<_, E>>().map(Files::new)
            }
            Input::Made(made) => Ok(made.files(seed)),
            // Made in the engine from the scenario alone.
            Input::Events(_) => Ok(Files::from(Bytes::new())),
        }
    }

    /// What the input names and does not carry, each once, in order. In this order the bytes of all
    /// travel beside a scenario.
    pub fn named(&self) -> Vec<Named<'_>> {
        match self {
            Input::Builtin(name) => vec![Named::Builtin(name)],
            Input::File { name, hash, bytes } => {
                vec![Named::File { name, hash: hash.as_deref(), bytes: *bytes }]
            }
            Input::Files(files) => {
                let mut named: Vec<Named<'_>> = Vec::new();
                let mut builtin = false;
                for one in files.iter().filter_map(|file| file.text().err()) {
                    // All built-in texts of an input are one, and files have names of their own.
                    let is_builtin = matches!(one, Named::Builtin(_));
                    if !(is_builtin && std::mem::replace(&mut builtin, true)) {
                        named.push(one);
                    }
                }
                named
            }
            Input::Text(_) | Input::Made(_) | Input::Events(_) => Vec::new(),
        }
    }

    /// The one built-in text that the input names, if it names one.
    pub fn builtin(&self) -> Option<&str> {
        self.named().into_iter().find_map(|named| match named {
            Named::Builtin(name) => Some(name),
            Named::File { .. } => None,
        })
    }

    /// What is wrong with the name or the hash of a file, in whichever lab.
    pub(super) fn file_problem(&self) -> Option<ParameterError> {
        match self {
            Input::File { name, hash, .. } => {
                name_problem("input.file.name", name).or_else(|| hash_problem("input.file", hash))
            }
            Input::Text(_)
            | Input::Builtin(_)
            | Input::Events(_)
            | Input::Files(_)
            | Input::Made(_) => None,
        }
    }

    /// What of the input of a batch job is not allowed.
    pub(super) fn problem(&self) -> Option<ParameterError> {
        match self {
            Input::Text(_) => None,
            Input::Builtin(name) => builtin_problem("input.builtin", name),
            Input::File { .. } => self.file_problem(),
            Input::Events(name) => {
                let allowed =
                    "a batch job reads a text: {\"builtin\": NAME}, {\"text\": TEXT} or files";
                Some(problem("input.events", name, allowed.to_owned()))
            }
            Input::Files(files) => files_problem(files),
            Input::Made(made) => made.problem(),
        }
    }
}

fn files_problem(files: &[FileInput]) -> Option<ParameterError> {
    if files.is_empty() || files.len() > FILES_MAX {
        let allowed = format!("from 1 to {FILES_MAX} files");
        return Some(problem("input.files", format!("{} files", files.len()), allowed));
    }
    let mut seen = BTreeSet::new();
    let mut builtins = BTreeSet::new();
    for (place, FileInput { name, content, .. }) in files.iter().enumerate() {
        let field = format!("input.files[{place}]");
        if !seen.insert(name) {
            let allowed = "each file has a name of its own, and this one was there before";
            return Some(problem(&format!("{field}.name"), name, allowed.to_owned()));
        }
        let found = name_problem(&format!("{field}.name"), name).or_else(|| match content {
            Content::Text(_) => None,
            Content::Builtin(builtin) => builtin_problem(&format!("{field}.content"), builtin),
            Content::File { hash, .. } => hash_problem(&field, hash),
        });
        if found.is_some() {
            return found;
        }
        if let Content::Builtin(builtin) = content
            && builtins.insert(builtin)
            && builtins.len() > 1
        {
            let allowed = "the files of an input are of one built-in text at most".to_owned();
            return Some(problem(&format!("{field}.content"), builtin, allowed));
        }
    }
    None
}

fn name_problem(field: &str, name: &str) -> Option<ParameterError> {
    let allowed = || format!("the name of a file, of at most {FILE_NAME_BYTES_MAX} bytes");
    let is_name = (1..=FILE_NAME_BYTES_MAX).contains(&name.len());
    (!is_name).then(|| problem(field, format!("{name:?}"), allowed()))
}

fn hash_problem(field: &str, hash: &Option<String>) -> Option<ParameterError> {
    let hash = hash.as_ref().filter(|hash| !is_hash(hash))?;
    Some(problem(&format!("{field}.hash"), hash, "16 hexadecimal digits".to_owned()))
}

fn builtin_problem(field: &str, name: &str) -> Option<ParameterError> {
    if texts::named(name).is_some() {
        return None;
    }
    let names: Vec<&str> = texts::BUILTIN_TEXTS.iter().map(|text| text.name).collect();
    Some(problem(field, name, format!("one of {}", names.join(", "))))
}

impl Scenario {
    /// The files of an input of which Millrace carries all; nothing when one is the reader's.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn carried_files(&self) -> Option<Files> {
        let read = |named: Named<'_>| match named {
            Named::Builtin(name) => texts::content(name).map(Bytes::from_static).ok_or(()),
            Named::File { .. } => Err(()),
        };
        self.input.files(self.parameters.get(super::Key::Seed), read).ok()
    }
}

/// What made files are about.
const WORDS: [&str; 24] = [
    "mill", "race", "water", "wheel", "stone", "grain", "flour", "sack", "river", "gate", "weir",
    "pond", "miller", "mule", "cart", "road", "bread", "oven", "market", "coin", "cloth", "saw",
    "board", "naïve",
];

impl MadeFiles {
    fn files(self, seed: u64) -> Files {
        let digits = self.count.saturating_sub(1).to_string().len();
        let file = |place: u32| {
            let mut random = Random::keyed(seed, Purpose::Text, u64::from(place), 1);
            let bytes = self.bytes / 2 + random.between(0, self.bytes);
            let end = if self.gzip { ".gz" } else { "" };
            let name = format!("part-{place:0digits$}.txt{end}");
            file_of(&name, made_text(bytes, &mut random).into(), self.gzip)
        };
        Files::new((0..self.count).map(file).collect())
    }

    fn problem(self) -> Option<ParameterError> {
        let total = u64::from(self.count).saturating_mul(self.bytes.saturating_mul(3) / 2);
        if !(1..=FILES_MAX as u64).contains(&u64::from(self.count)) {
            let allowed = format!("from 1 to {FILES_MAX} files");
            return Some(problem("input.made.count", self.count, allowed));
        }
        let most =
            MADE_FILE_BYTES_MAX.min(super::input::INPUT_BYTES_MAX * 2 / 3 / u64::from(self.count));
        let fits = (1..=MADE_FILE_BYTES_MAX).contains(&self.bytes)
            && total <= super::input::INPUT_BYTES_MAX;
        (!fits).then(|| {
            problem("input.made.bytes", self.bytes, format!("from 1 to {most} bytes a file"))
        })
    }
}

fn file_of(name: &str, bytes: Bytes, gzip: bool) -> InputFile {
    if gzip { InputFile::gzipped(name, &bytes) } else { InputFile::new(name, bytes) }
}

/// Lines of words, of about so many bytes; a word in four is one of the first three.
fn made_text(bytes: u64, random: &mut Random) -> String {
    let mut text = String::new();
    while (text.len() as u64) < bytes {
        for _ in 0..random.between(3, 9) {
            let among = if random.chance(250_000) { 3 } else { WORDS.len() as u64 };
            let place = usize::try_from(random.below(among)).unwrap_or(0);
            text.push_str(WORDS[place]);
            text.push(' ');
        }
        text.pop();
        text.push('\n');
    }
    text
}

/// How much of a file there is to read, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileSize {
    /// Its bytes on disk.
    pub bytes: u64,
    /// Bytes of its text, once that is known.
    pub text_bytes: Option<u64>,
    /// How its text lies in its bytes.
    pub codec: Codec,
}

/// How large an input is, file by file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputSizes(pub Vec<FileSize>);

/// One plain file of so many bytes.
impl From<u64> for InputSizes {
    fn from(bytes: u64) -> InputSizes {
        InputSizes(vec![FileSize { bytes, text_bytes: Some(bytes), codec: Codec::Plain }])
    }
}

/// A compressed file's text is as long as it is found to be when it is read.
impl From<&Files> for InputSizes {
    fn from(files: &Files) -> InputSizes {
        let size = |file: &InputFile| FileSize {
            bytes: file.length(),
            text_bytes: file.text().map(|text| text.len() as u64),
            codec: file.codec,
        };
        InputSizes(files.iter().map(|(_, file)| size(file)).collect())
    }
}

impl InputSizes {
    /// Bytes on disk of all files.
    pub fn bytes(&self) -> u64 {
        self.0.iter().map(|file| file.bytes).fold(0, u64::saturating_add)
    }

    /// How many blocks, or pieces of blocks of at most this size, there are to combine.
    pub fn chunks(&self, block_size: u64, most: u64) -> u64 {
        let of_file = |file: &FileSize| match file.codec {
            Codec::Gzip => 1,
            Codec::Plain => {
                let (whole, rest) = (file.bytes / block_size, file.bytes % block_size);
                whole.saturating_mul(block_size.div_ceil(most)).saturating_add(rest.div_ceil(most))
            }
        };
        self.0.iter().map(of_file).fold(0, u64::saturating_add)
    }

    /// How many splits of this size the files are cut into, each file by itself.
    pub fn splits(&self, split_size: u64) -> u64 {
        let of_file = |file: &FileSize| match (file.codec, self.0.len()) {
            (Codec::Gzip, _) => 1,
            (Codec::Plain, 1) => super::split_count(file.bytes, split_size),
            (Codec::Plain, _) => super::split_count(file.bytes, split_size).max(1),
        };
        self.0.iter().map(of_file).fold(0, u64::saturating_add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::PRESETS;

    fn with(input: &str) -> Result<Scenario, String> {
        let text = format!(r#"{{"version": 1, "job": "word_count", "input": {input}}}"#);
        Scenario::from_json(&text).map_err(|error| error.to_string())
    }

    #[test]
    fn several_files_are_read_and_written() {
        let scenario = with(
            r#"{"files": [
                {"name": "a.txt", "content": {"text": "to be"}},
                {"name": "b.txt", "content": {"builtin": "alice"}},
                {"name": "c.txt"}]}"#,
        )
        .unwrap();
        assert_eq!(Scenario::from_json(&scenario.to_json()), Ok(scenario.clone()));
        let read = |named: Named<'_>| match named {
            Named::Builtin(name) => Err(format!("builtin {name}")),
            Named::File { name, .. } => Ok(Bytes::copy_from_slice(name.as_bytes())),
        };
        assert_eq!(scenario.input.files(1, read), Err("builtin alice".to_owned()));
        assert_eq!(scenario.input.builtin(), Some("alice"));
        let file = Named::File { name: "c.txt", hash: None, bytes: None };
        assert_eq!(scenario.input.named(), [Named::Builtin("alice"), file]);
    }

    #[test]
    fn what_is_not_allowed_is_named_with_its_place() {
        let file = |name: &str| format!(r#"{{"name": "{name}", "content": {{"text": "x"}}}}"#);
        let many = vec![file("x"); FILES_MAX + 1].join(",");
        for (input, words) in [
            (r#"{"files": []}"#.to_owned(), ["input.files", "1 to 2000"]),
            (format!(r#"{{"files": [{many}]}}"#), ["2001 files", "1 to 2000"]),
            (
                format!(r#"{{"files": [{}, {}]}}"#, file("x"), file("x")),
                ["input.files[1].name", "own"],
            ),
            (format!(r#"{{"files": [{}]}}"#, file("")), ["input.files[0].name", "at most"]),
            (
                r#"{"files": [{"name": "a", "content": {"builtin": "alise"}}]}"#.to_owned(),
                ["alise", "alice"],
            ),
            (
                r#"{"files": [{"name": "a", "content": {"file": {"hash": "7"}}}]}"#.to_owned(),
                ["input.files[0].hash", "16"],
            ),
            (r#"{"made": {"count": 0, "bytes": 7}}"#.to_owned(), ["input.made.count", "2000"]),
            (
                r#"{"made": {"count": 2000, "bytes": 900000}}"#.to_owned(),
                ["input.made.bytes", "16666"],
            ),
            (r#"{"files": [{"nam": "a"}]}"#.to_owned(), ["nam", "`name`"]),
        ] {
            let error = with(&input).unwrap_err();
            for word in words {
                assert!(error.contains(word), "{word}: {error}");
            }
        }
    }

    #[test]
    fn made_files_depend_on_the_seed_alone() {
        let made = MadeFiles { count: 12, bytes: 300, gzip: false };
        assert_eq!(made.files(7), made.files(7));
        assert_ne!(made.files(7), made.files(8));
        let files = made.files(7);
        assert_eq!(files.count(), 12);
        for (_, file) in files.iter() {
            assert!((150..=530).contains(&file.length()), "{}", file.length());
            assert!(super::super::input::check_input(&file.bytes).is_ok());
        }
        assert!(PRESETS[0].scenario().input.builtin().is_none());
    }
}
