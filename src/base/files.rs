//! The files of an input: named bytes, in the order in which a job names them.

use super::{FileId, gzip};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How a file's text lies in its bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Codec {
    /// As it is.
    #[default]
    Plain,
    /// Compressed by gzip, which cannot be read from its middle, and so not be split.
    Gzip,
}

/// A file of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputFile {
    /// Its name, which no other file of the input has.
    pub name: Arc<str>,
    /// Its bytes, as they lie on disk.
    pub bytes: Bytes,
    /// How its text lies in them.
    pub codec: Codec,
    /// The text of a compressed file, once someone has read it: the plain loop that a result is
    /// checked against, and who looks into the data, read it from here. A task never does.
    decoded: Option<Bytes>,
}

/// The files of an input, in order. A clone shares their bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files(Arc<[InputFile]>);

impl Codec {
    /// The codec of a file, by the end of its name (`CompressionCodecFactory`) or its first bytes.
    pub fn of(name: &str, bytes: &[u8]) -> Codec {
        let is_named = name.rsplit_once('.').is_some_and(|(_, end)| end.eq_ignore_ascii_case("gz"));
        if is_named || bytes.starts_with(gzip::MAGIC) { Codec::Gzip } else { Codec::Plain }
    }

    /// Whether a file can be cut into several splits (`FileInputFormat.isSplitable`).
    pub fn is_plain(self) -> bool {
        self == Codec::Plain
    }
}

impl InputFile {
    /// A file of this name and these bytes.
    pub fn new(name: &str, bytes: Bytes) -> InputFile {
        InputFile { name: name.into(), codec: Codec::of(name, &bytes), bytes, decoded: None }
    }

    /// A file whose text is compressed by gzip.
    pub fn gzipped(name: &str, text: &[u8]) -> InputFile {
        InputFile::new(name, gzip::encode(text).into())
    }

    /// The same, with the text that was read from it.
    #[must_use]
    pub fn with_text(self, text: Bytes) -> InputFile {
        InputFile { decoded: Some(text), ..self }
    }

    /// Its text; nothing when it is compressed and nobody has read it yet.
    pub fn text(&self) -> Option<&Bytes> {
        match self.codec {
            Codec::Plain => Some(&self.bytes),
            Codec::Gzip => self.decoded.as_ref(),
        }
    }

    /// Its length on disk.
    pub fn length(&self) -> u64 {
        self.bytes.len() as u64
    }
}

impl Files {
    /// These files, in this order.
    pub fn new(files: Vec<InputFile>) -> Files {
        Files(files.into())
    }

    /// All files with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &InputFile)> {
        (0..).map(FileId).zip(self.0.iter())
    }

    /// A file, if there is one of this number.
    pub fn get(&self, file: FileId) -> Option<&InputFile> {
        self.0.get(file.place())
    }

    /// How many they are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Their bytes on disk, all together.
    pub fn bytes(&self) -> u64 {
        self.0.iter().map(InputFile::length).sum()
    }

    /// The text of each; of a compressed file that nobody has read yet, none.
    pub fn texts(&self) -> Vec<&[u8]> {
        self.0.iter().map(|file| file.text().map_or(&[][..], |text| &text[..])).collect()
    }

    /// The same files, with the texts that were read from those of these numbers.
    #[must_use]
    pub fn with_texts(&self, texts: Vec<(FileId, Bytes)>) -> Files {
        let mut files = self.0.to_vec();
        for (id, text) in texts {
            if let Some(file) = files.get_mut(id.place()) {
                file.decoded = Some(text);
            }
        }
        Files::new(files)
    }

    /// The one file, when there is only one and it is plain: nothing need be said of it.
    pub fn only_plain(&self) -> Option<&InputFile> {
        match &*self.0 {
            [one] if one.codec.is_plain() => Some(one),
            _ => None,
        }
    }

    /// Bytes of a file; nothing when it has none there.
    pub fn slice(&self, file: FileId, offset: u64, length: u64) -> Option<Bytes> {
        let bytes = &self.get(file)?.bytes;
        let start = usize::try_from(offset).ok()?;
        let end = start.checked_add(usize::try_from(length).ok()?)?;
        (end <= bytes.len()).then(|| bytes.slice(start..end))
    }
}

/// One text of no name of its own.
impl From<Bytes> for Files {
    fn from(bytes: Bytes) -> Files {
        Files::new(vec![InputFile::new("input", bytes)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_gzip_by_its_name_or_its_first_bytes() {
        assert_eq!(Codec::of("logs.GZ", b"x"), Codec::Gzip);
        assert_eq!(Codec::of("logs", b"\x1f\x8b\x08"), Codec::Gzip);
        assert_eq!(Codec::of("gz", b"\x1f"), Codec::Plain);
        assert_eq!(Codec::of("logs.gz.txt", b""), Codec::Plain);
    }

    #[test]
    fn only_bytes_that_are_there_are_given() {
        let files = Files::from(Bytes::from_static(b"abc"));
        assert_eq!(files.slice(FileId(0), 1, 2).as_deref(), Some(&b"bc"[..]));
        assert_eq!(files.slice(FileId(0), 1, 3), None);
        assert_eq!(files.slice(FileId(1), 0, 0), None);
        assert_eq!(files.bytes(), 3);
    }
}
