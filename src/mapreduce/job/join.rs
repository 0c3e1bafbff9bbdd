//! Joins of two tables by an id. A row is `id TAB text`; what comes out is, for each right row and
//! each left row of its id, `id TAB left,right`, by the right rows' text. In all of them the first
//! file is the left table, and the others are the right one.
//!
//! - The reduce-side join shuffles both tables. Its key is (id, side, text), of which the id alone
//!   partitions and groups: a reducer meets the left rows first and lets the right ones pass by.
//! - With salt, the right rows of an id are dealt out to several groups, and its left rows go to
//!   each of them. So a hot id has several reducers.
//! - The broadcast join has the whole left table in each map's memory and no shuffle at all.
//! - The bucketed join has the one bucket of it that belongs to the map's file.

use super::fields::{BadRecord, row};
use super::mapper::{Scratch, emit_one};
use super::reducer::Lines;
use super::shape::write_int;
use super::{Emit, Record, Shape};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The files of the left table.
const LEFT_FILE: u32 = 0;

/// The sides of a join, so that the left one sorts first.
const LEFT: u8 = 0;
const RIGHT: u8 = 1;

/// A left table in memory: its rows by id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table(Arc<[(i32, String)]>);

impl Table {
    /// The table in the lines of a text.
    ///
    /// # Errors
    /// When a line is no row; with where it begins.
    pub fn read<'a>(
        lines: impl IntoIterator<Item = (u64, &'a [u8])>,
    ) -> Result<Table, (u64, BadRecord)> {
        let mut rows = Vec::new();
        for (offset, line) in lines {
            let (id, text) = row(line).map_err(|bad| (offset, bad))?;
            rows.push((id, String::from_utf8_lossy(text).into_owned()));
        }
        rows.sort();
        Ok(Table(rows.into()))
    }

    /// The rows whose ids leave this rest: the bucket of a table of so many.
    pub fn bucket(&self, bucket: u32, of: u32) -> Table {
        let in_bucket = |row: &&(i32, String)| bucket_of(row.0, of) == bucket;
        Table(self.0.iter().filter(in_bucket).cloned().collect())
    }

    /// Its rows, by id and text.
    pub fn rows(&self) -> &[(i32, String)] {
        &self.0
    }

    fn of_id(&self, id: i32) -> &[(i32, String)] {
        let start = self.0.partition_point(|row| row.0 < id);
        let end = self.0.partition_point(|row| row.0 <= id);
        &self.0[start..end]
    }
}

/// The bucket of an id, as its partition would be.
pub fn bucket_of(id: i32, buckets: u32) -> u32 {
    let rest = i64::from(id & i32::MAX) % i64::from(buckets.max(1));
    u32::try_from(rest).unwrap_or(0)
}

/// Emits a row under (id, side, text).
pub(super) fn map(
    record: Record<'_>,
    from: usize,
    scratch: &mut Scratch,
    emit: &mut impl FnMut(&[u8], &[u8]) -> Emit,
) -> Result<Option<usize>, BadRecord> {
    let (id, text) = row(record.text)?;
    let side = if record.file == LEFT_FILE { LEFT } else { RIGHT };
    scratch.key.clear();
    scratch.key.extend_from_slice(&write_int(id));
    scratch.key.push(side);
    scratch.key.extend_from_slice(text);
    Ok(emit_one(from, (&scratch.key, text), emit))
}

/// Emits a right row under one salt, and a left row under each, from the `from`-th on.
pub(super) fn map_salted(
    record: Record<'_>,
    from: usize,
    salts: u16,
    scratch: &mut Scratch,
    emit: &mut impl FnMut(&[u8], &[u8]) -> Emit,
) -> Result<Option<usize>, BadRecord> {
    let (id, text) = row(record.text)?;
    let salts = salts.max(1);
    let (side, of_row) = if record.file == LEFT_FILE {
        (LEFT, 0..salts)
    } else {
        let salt = salt_of(record.offset, salts);
        (RIGHT, salt..salt + 1)
    };
    for (place, salt) in of_row.enumerate().skip(from) {
        scratch.key.clear();
        scratch.key.extend_from_slice(&write_int(id));
        scratch.key.extend_from_slice(&salt.to_be_bytes());
        scratch.key.push(side);
        scratch.key.extend_from_slice(text);
        match emit(&scratch.key, text) {
            Emit::Taken => {}
            Emit::TakenStop => return Ok(Some(place + 1)),
            Emit::Refused => return Ok(Some(place)),
        }
    }
    Ok(None)
}

/// The salt of a row that begins here: all attempts of a map must choose the same, so it is no luck.
fn salt_of(offset: u64, salts: u16) -> u16 {
    let mixed = offset.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    u16::try_from(mixed % u64::from(salts)).unwrap_or(0)
}

/// Emits a right row beside each left row of its id in a table, from the `from`-th on.
pub(super) fn map_beside(
    record: Record<'_>,
    from: usize,
    table: &Table,
    scratch: &mut Scratch,
    emit: &mut impl FnMut(&[u8], &[u8]) -> Emit,
) -> Result<Option<usize>, BadRecord> {
    let (id, right) = row(record.text)?;
    for (place, (_, left)) in table.of_id(id).iter().enumerate().skip(from) {
        scratch.value.clear();
        scratch.value.extend_from_slice(left.as_bytes());
        scratch.value.push(b',');
        scratch.value.extend_from_slice(right);
        match emit(&write_int(id), &scratch.value) {
            Emit::Taken => {}
            Emit::TakenStop => return Ok(Some(place + 1)),
            Emit::Refused => return Ok(Some(place)),
        }
    }
    Ok(None)
}

/// Keeps a left row of the group, and writes a right one beside each left one. `head` is what of
/// the key stands before the side.
pub(super) fn take(
    key: &[u8],
    head: usize,
    value: &[u8],
    left: &mut Vec<Vec<u8>>,
    lines: &mut Lines<'_>,
) {
    if key.get(head) == Some(&LEFT) {
        left.push(value.to_vec());
        return;
    }
    let id = super::shape::read_int(key.get(..4).unwrap_or_default()).to_string();
    for row in left {
        lines.pair(id.as_bytes(), &[row, b",".as_slice(), value].concat());
    }
}

/// Whether a row is one of the two that a line of the output was made of.
pub(super) fn has_part(shape: Shape, key: &[u8], value: &[u8], line: &[u8]) -> bool {
    let head = shape.group_part(key).len();
    let id = super::shape::read_int(key.get(..4).unwrap_or_default()).to_string();
    let rest = line.strip_prefix(id.as_bytes()).and_then(|rest| rest.strip_prefix(b"\t"));
    let Some(rest) = rest else { return false };
    if key.get(head) == Some(&LEFT) {
        rest.strip_prefix(value).is_some_and(|rest| rest.starts_with(b","))
    } else {
        rest.strip_suffix(value).is_some_and(|rest| rest.ends_with(b","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let lines = [(0, &b"7\tseven"[..]), (9, b"4\tfour"), (16, b"7\tsette")];
        Table::read(lines).unwrap()
    }

    #[test]
    fn a_table_gives_all_rows_of_an_id() {
        let names = |id| table().of_id(id).iter().map(|row| row.1.clone()).collect::<Vec<_>>();
        assert_eq!(names(7), ["sette", "seven"]);
        assert_eq!(names(4), ["four"]);
        assert!(names(5).is_empty());
        assert_eq!(table().bucket(1, 2).0.len(), 2);
        let bad = Table::read([(3, &b"seven\t7"[..])]).unwrap_err();
        assert_eq!((bad.0, bad.1.column), (3, 1));
    }

    #[test]
    fn a_left_row_goes_to_every_salt_and_a_right_one_to_one() {
        let mut scratch = Scratch::default();
        let mut count = |file, from| {
            let mut pairs = 0;
            let record = Record { file, offset: 12, text: b"7\tseven" };
            let stopped = map_salted(record, from, 4, &mut scratch, &mut |_, _| {
                pairs += 1;
                Emit::Taken
            });
            assert_eq!(stopped, Ok(None));
            pairs
        };
        assert_eq!((count(0, 0), count(0, 3), count(1, 0), count(1, 1)), (4, 1, 1, 0));
    }
}
