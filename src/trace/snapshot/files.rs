//! The files of the input, and the line that they stand in one after another: a place in a file is
//! a place in that line, so that a picture of several files is drawn as one of a single file is.

use super::Snapshot;
use crate::base::{Codec, FileId, TaskId};

/// A file of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFile {
    /// Its name.
    pub name: String,
    /// Its bytes on disk.
    pub bytes: u64,
    /// How its text lies in them.
    pub codec: Codec,
    /// Where it begins in the line of all files.
    pub start: u64,
}

impl Snapshot {
    /// The place in the line of all files of a byte of a file.
    pub fn in_line(&self, file: FileId, offset: u64) -> u64 {
        let start = self.files.get(file.place()).map_or(0, |file| file.start);
        start.saturating_add(offset)
    }

    /// The file and the byte of it at this place in the line of all files.
    pub fn in_file(&self, place: u64) -> (FileId, u64) {
        let found = (0..).map(FileId).zip(&self.files).filter(|(_, file)| file.start <= place);
        // An empty file begins where the next one does; the later of them holds the byte.
        found.last().map_or((FileId(0), place), |(id, file)| (id, place - file.start))
    }

    /// For each piece of a map's split: its place in the split's part of the line, and where it
    /// begins in its file.
    pub(in crate::trace) fn split_places(&self, map: TaskId) -> Vec<(u64, u64)> {
        let split = self.task(map).and_then(|task| task.split.as_ref());
        let Some(split) = split else { return Vec::new() };
        let mut place = split.offset;
        let place_of = |piece: &crate::trace::event::SplitPiece| {
            let at = (place, piece.offset);
            place = place.saturating_add(piece.length);
            at
        };
        split.pieces.iter().map(place_of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::rc::Rc;

    #[test]
    fn a_place_in_the_line_is_a_place_in_a_file_and_back() {
        let file = |name: &str, start, bytes| {
            Rc::new(StoredFile { name: name.to_owned(), bytes, codec: Codec::Plain, start })
        };
        let files = vec![file("a", 0, 10), file("empty", 10, 0), file("b", 10, 5)];
        let snapshot = Snapshot { files, ..Snapshot::default() };
        assert_eq!(snapshot.in_line(FileId(2), 4), 14);
        assert_eq!(snapshot.in_file(14), (FileId(2), 4));
        assert_eq!(snapshot.in_file(9), (FileId(0), 9));
        assert_eq!(Snapshot::default().in_file(7), (FileId(0), 7), "a single file is not told of");
    }
}
