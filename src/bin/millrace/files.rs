//! Files that are whole or not there: written beside their place, then renamed into it.

use crate::Failure;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file on its way. Until it is committed, and when it is dropped, its place is as it was.
#[derive(Debug)]
pub(crate) struct PendingFile {
    place: PathBuf,
    draft: PathBuf,
    file: File,
    committed: bool,
}

impl PendingFile {
    /// Opens a draft beside the place, so that a folder that can't be written is found early.
    pub(crate) fn create(place: &Path) -> Result<PendingFile, Failure> {
        if place.is_dir() {
            return Err(failure(place, "it is a folder; name a file in it"));
        }
        let draft = draft_of(place).ok_or_else(|| failure(place, "it does not name a file"))?;
        let file = File::create_new(&draft).map_err(|error| failure(place, &error.to_string()))?;
        Ok(PendingFile { place: place.to_owned(), draft, file, committed: false })
    }

    /// Writes the content to the draft.
    pub(crate) fn write(&mut self, content: &[u8]) -> Result<(), Failure> {
        let written = self.file.write_all(content).and_then(|()| self.file.sync_all());
        written.map_err(|error| failure(&self.place, &error.to_string()))
    }

    /// Renames the draft into its place.
    pub(crate) fn commit(mut self) -> Result<(), Failure> {
        let renamed = fs::rename(&self.draft, &self.place);
        renamed.map_err(|error| failure(&self.place, &error.to_string()))?;
        self.committed = true;
        Ok(())
    }
}

impl Drop for PendingFile {
    fn drop(&mut self) {
        if !self.committed {
            // The draft is ours alone; if it can't be removed, there is no one left to tell.
            let _: io::Result<()> = fs::remove_file(&self.draft);
        }
    }
}

/// A name beside the place that no other process uses.
fn draft_of(place: &Path) -> Option<PathBuf> {
    let mut name = OsString::from(".");
    name.push(place.file_name()?);
    name.push(format!(".{}.part", std::process::id()));
    Some(place.with_file_name(name))
}

fn failure(place: &Path, why: &str) -> Failure {
    Failure(format!("can't write {}: {why}", place.display()))
}
