//! Whether the files of an input are texts that Millrace takes, told file by file in one pass that
//! can pause anywhere.

use super::files::InputSizes;
use super::input::{INPUT_BYTES_MAX, InputError, InputFacts, InputScan, check_size};
use crate::base::{FileId, Files};

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
    scan: Option<InputScan>,
    facts: InputFacts,
    sizes: InputSizes,
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
        let mut scan = FilesScan { files, bytes_max, file, scan: None, facts, sizes };
        scan.open()?;
        Ok(scan)
    }

    /// Looks at about `budget` bytes more; gives the facts of all files together at their end.
    ///
    /// # Errors
    /// When what it finds is not a text that Millrace takes.
    pub fn step(&mut self, budget: usize) -> Result<Option<InputFacts>, FilesError> {
        let (Some(file), Some(scan)) = (self.files.get(self.file), &mut self.scan) else {
            return Ok(Some(self.facts));
        };
        let found = scan.step(&file.bytes, budget).map_err(|error| self.error(error))?;
        let Some(facts) = found else { return Ok(None) };
        self.facts.bytes += facts.bytes;
        self.facts.lines += facts.lines;
        self.facts.words += facts.words;
        self.facts.byte_order_mark |= facts.byte_order_mark;
        self.file = FileId(self.file.0 + 1);
        self.open()?;
        Ok(self.scan.is_none().then_some(self.facts))
    }

    /// The files that are looked at.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// How large they are, as far as it is known by now.
    pub fn sizes(&self) -> &InputSizes {
        &self.sizes
    }

    /// Opens the file that comes next. One that is empty, among others, has nothing to look at.
    fn open(&mut self) -> Result<(), FilesError> {
        self.scan = None;
        while let Some(file) = self.files.get(self.file) {
            if file.length() > 0 {
                let scan = InputScan::begin_up_to(&file.bytes, self.bytes_max);
                self.scan = Some(scan.map_err(|error| self.error(error))?);
                return Ok(());
            }
            self.file = FileId(self.file.0 + 1);
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
pub fn check_files(files: &Files) -> Result<(InputFacts, InputSizes), FilesError> {
    let mut scan = FilesScan::begin(files.clone())?;
    loop {
        if let Some(facts) = scan.step(usize::MAX)? {
            return Ok((facts, scan.sizes));
        }
    }
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
        let (facts, sizes) = check_files(&files).unwrap();
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
    fn what_is_wrong_names_its_file_when_there_are_several() {
        let told = |texts: &[(&str, &[u8])]| check_files(&files(texts)).unwrap_err().to_string();
        assert!(
            told(&[("a", b"x"), ("b.txt", b"one\n\xe9")]).starts_with("b.txt: the text is not")
        );
        assert!(told(&[("b.txt", b"\xe9x")]).starts_with("the text is not UTF-8"));
        assert!(told(&[("a", b""), ("b", b"")]).contains("empty"));
    }
}
