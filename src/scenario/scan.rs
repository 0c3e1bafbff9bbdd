//! Whether the files of an input are texts that Millrace takes, told file by file in one pass that
//! can pause anywhere.

use super::files::InputSizes;
use super::input::{INPUT_BYTES_MAX, InputError, InputFacts, InputScan, STEP_BYTES, check_size};
use crate::base::gzip::{Corrupt, Decoder};
use crate::base::{Codec, FileId, Files};
use bytes::Bytes;

/// What is wrong with an input, and in which of its files.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{error}", name.as_ref().map(|name| format!("{name}: ")).unwrap_or_default())]
pub struct FilesError {
    /// The file's name, when there are several.
    pub name: Option<String>,
    /// What is wrong with it.
    pub error: InputError,
}

/// A look at an input that goes on where it paused.
#[derive(Clone, Debug)]
pub struct FilesScan {
    files: Files,
    bytes_max: u64,
    file: FileId,
    looking: Looking,
    /// The texts of the compressed files so far.
    texts: Vec<(FileId, Bytes)>,
    facts: InputFacts,
    sizes: InputSizes,
}

/// What is done with the file that it has come to.
#[derive(Clone, Debug)]
enum Looking {
    /// Its bytes are decoded, of which so many are fed; this is the text so far.
    Decoding(Box<Decoder>, usize, Vec<u8>),
    /// Its text is looked at.
    Scanning(InputScan, Bytes),
    /// All files are behind.
    Over,
}

impl FilesScan {
    /// Begins a scan: looks at the size and at the first bytes.
    ///
    /// # Errors
    /// When these already tell that it is not an input that Millrace takes.
    pub fn begin(files: Files) -> Result<FilesScan, FilesError> {
        FilesScan::begin_up_to(files, INPUT_BYTES_MAX)
    }

    /// Begins a scan of files of up to so many bytes together.
    ///
    /// # Errors
    /// As `begin`.
    pub fn begin_up_to(files: Files, bytes_max: u64) -> Result<FilesScan, FilesError> {
        let bytes = files.bytes();
        if bytes > bytes_max || bytes == 0 {
            check_size(bytes).map_err(|error| FilesError { name: None, error })?;
        }
        let facts = InputFacts { bytes: 0, lines: 0, words: 0, byte_order_mark: false };
        let sizes = InputSizes::from(&files);
        let file = FileId(0);
        let (looking, texts) = (Looking::Over, Vec::new());
        let mut scan = FilesScan { files, bytes_max, file, looking, texts, facts, sizes };
        scan.open()?;
        Ok(scan)
    }

    /// Looks at about `budget` bytes more; gives the facts of all files together at their end.
    ///
    /// # Errors
    /// When what it finds is not a text that Millrace takes.
    pub fn step(&mut self, budget: usize) -> Result<Option<InputFacts>, FilesError> {
        let found = match &mut self.looking {
            Looking::Over => return Ok(Some(self.facts)),
            Looking::Decoding(..) => return self.decode(budget),
            Looking::Scanning(scan, text) => scan.step(text, budget),
        };
        let Some(facts) = found.map_err(|error| self.error(error))? else { return Ok(None) };
        self.facts.bytes += facts.bytes;
        self.facts.lines += facts.lines;
        self.facts.words += facts.words;
        self.facts.byte_order_mark |= facts.byte_order_mark;
        self.file = FileId(self.file.0 + 1);
        self.open()?;
        Ok(matches!(self.looking, Looking::Over).then_some(self.facts))
    }

    /// Decodes about so many bytes of text of a compressed file.
    fn decode(&mut self, budget: usize) -> Result<Option<InputFacts>, FilesError> {
        let most = budget.min(STEP_BYTES);
        let (Looking::Decoding(decoder, fed, text), Some(file)) =
            (&mut self.looking, self.files.get(self.file))
        else {
            return Ok(None);
        };
        let mut decoded = decoder.decode(most);
        if decoded.as_ref().is_ok_and(Vec::is_empty) {
            let rest = file.bytes.slice(*fed..file.bytes.len().min(*fed + most));
            decoded = match rest.len() {
                0 => decoder.finish().map(|()| Vec::new()),
                more => {
                    *fed += more;
                    decoder.feed(rest);
                    return Ok(None);
                }
            };
            if decoded.is_ok() {
                let text = std::mem::take(text);
                return self.scan_decoded(text.into());
            }
        }
        match decoded {
            Ok(more) => text.extend(more),
            Err(Corrupt { offset, what }) => {
                return Err(self.error(InputError::Gzip { offset, what }));
            }
        }
        let bytes = text.len() as u64;
        if bytes > self.bytes_max {
            return Err(self.error(InputError::TooLarge { bytes }));
        }
        Ok(None)
    }

    /// A compressed file is decoded: its text is looked at like any other.
    fn scan_decoded(&mut self, text: Bytes) -> Result<Option<InputFacts>, FilesError> {
        if let Some(size) = self.sizes.0.get_mut(self.file.place()) {
            size.text_bytes = Some(text.len() as u64);
        }
        self.texts.push((self.file, text.clone()));
        if text.is_empty() {
            self.file = FileId(self.file.0 + 1);
            self.open()?;
            return Ok(matches!(self.looking, Looking::Over).then_some(self.facts));
        }
        let scan = InputScan::begin_up_to(&text, self.bytes_max);
        self.looking = Looking::Scanning(scan.map_err(|error| self.error(error))?, text);
        Ok(None)
    }

    /// The files, with the texts of the compressed ones that were looked at.
    pub fn files(&self) -> Files {
        if self.texts.is_empty() {
            self.files.clone()
        } else {
            self.files.with_texts(self.texts.clone())
        }
    }
    /// How large they are, as far as it is known by now.
    pub fn sizes(&self) -> &InputSizes {
        &self.sizes
    }

    /// Opens the file that comes next. One that is empty, among others, has nothing to look at.
    fn open(&mut self) -> Result<(), FilesError> {
        self.looking = Looking::Over;
        while let Some(file) = self.files.get(self.file) {
            match (file.codec, file.length()) {
                (_, 0) => self.file = FileId(self.file.0 + 1),
                (Codec::Gzip, _) => {
                    self.looking = Looking::Decoding(Box::default(), 0, Vec::new());
                    return Ok(());
                }
                (Codec::Plain, _) => {
                    let text = file.bytes.clone();
                    let scan = InputScan::begin_up_to(&text, self.bytes_max);
                    self.looking =
                        Looking::Scanning(scan.map_err(|error| self.error(error))?, text);
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn error(&self, error: InputError) -> FilesError {
        let is_one = self.files.count() == 1;
        let name = self.files.get(self.file).filter(|_| !is_one).map(|file| file.name.to_string());
        FilesError { name, error }
    }
}

/// Looks at a whole input in one call.
///
/// # Errors
/// When it is not one that Millrace takes.
pub fn check_files(files: &Files) -> Result<CheckedFiles, FilesError> {
    let mut scan = FilesScan::begin(files.clone())?;
    loop {
        if let Some(facts) = scan.step(usize::MAX)? {
            return Ok(CheckedFiles { files: scan.files(), facts, sizes: scan.sizes });
        }
    }
}

/// An input that Millrace takes.
#[derive(Clone, Debug)]
pub struct CheckedFiles {
    /// Its files, with the texts of the compressed ones.
    pub files: Files,
    /// What is in all of them together.
    pub facts: InputFacts,
    /// How large they are.
    pub sizes: InputSizes,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::InputFile;
    use bytes::Bytes;

    fn files(texts: &[(&str, &[u8])]) -> Files {
        let file =
            |(name, bytes): &(&str, &[u8])| InputFile::new(name, Bytes::copy_from_slice(bytes));
        Files::new(texts.iter().map(file).collect())
    }

    #[test]
    fn facts_of_files_add_up_and_empty_ones_have_none() {
        let files = files(&[("a", b"to be"), ("b", b""), ("c", b"or\nnot\n"), ("d", b"")]);
        let CheckedFiles { facts, sizes, .. } = check_files(&files).unwrap();
        assert_eq!((facts.bytes, facts.lines, facts.words), (12, 3, 4));
        assert_eq!(sizes.splits(100), 4, "an empty file is a split of its own");
        for budget in 1..6 {
            let mut scan = FilesScan::begin(files.clone()).unwrap();
            let found = loop {
                if let Some(found) = scan.step(budget).unwrap() {
                    break found;
                }
            };
            assert_eq!(found, facts, "in steps of {budget}");
        }
    }

    #[test]
    fn a_compressed_file_is_looked_at_as_its_text_is() {
        let text = "to be or not to be\n".repeat(1_000);
        let packed = crate::base::gzip::encode(text.as_bytes());
        let checked = check_files(&files(&[("a.gz", &packed), ("b", b"x")])).unwrap();
        assert_eq!((checked.facts.bytes, checked.facts.lines), (19_001, 1_001));
        assert_eq!(checked.sizes.0[0].text_bytes, Some(19_000));
        assert_eq!(checked.files.texts(), [text.as_bytes(), b"x"]);
        let told = |bytes: &[u8]| check_files(&files(&[("a.gz", bytes)])).unwrap_err().to_string();
        assert!(told(b"no gzip").contains("no gzip member begins at byte"), "{}", told(b"no gzip"));
        let cut = told(&packed[..packed.len() - 3]);
        assert!(cut.contains("ends too early"), "{cut}");
        let latin = crate::base::gzip::encode(b"one\ncaf\xe9");
        assert!(told(&latin).contains("line 2"), "{}", told(&latin));
    }

    #[test]
    fn what_is_wrong_names_its_file_when_there_are_several() {
        let told = |texts: &[(&str, &[u8])]| check_files(&files(texts)).unwrap_err().to_string();
        assert!(
            told(&[("a", b"x"), ("b.txt", b"one\n\xe9")]).starts_with("b.txt: the text is not")
        );
        assert!(told(&[("b.txt", b"\xe9x")]).starts_with("the text is not UTF-8"));
        assert!(told(&[("a", b""), ("b", b"")]).contains("empty"));
    }
}
