//! How keys and values lie in bytes: the sort compares keys as raw bytes, so a key of several
//! parts is written such that its bytes sort as its parts do. What Hadoop's types would take is
//! told by `serialized_bytes`, and what a person reads by `show_key` and `show_value`.

use crate::base::hashes::hadoop;
use std::borrow::Cow;

/// The shapes of a job's pairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Its keys'.
    pub key: KeyShape,
    /// Its values'.
    pub value: ValueShape,
}

/// What a key is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyShape {
    /// Text: Hadoop's `Text`.
    Text,
    /// Nothing: Hadoop's `NullWritable`.
    Nothing,
    /// Text, a zero byte and a number of 32 bits. Only the text partitions and groups.
    TextAndInt,
    /// A number of 64 bits: `LongWritable`.
    Long,
    /// A number of 32 bits: `IntWritable`.
    Int,
    /// An id of 32 bits, a side (an int to Hadoop) and text. The id partitions and groups.
    Row,
    /// An id of 32 bits, a salt of 16 (an int to Hadoop), a side and text. Id and salt partition
    /// and group.
    SaltedRow,
    /// A file's number of 32 bits, which partitions, and a place in it of 64.
    Place,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueShape {
    /// A number of 32 bits: `IntWritable`.
    Int,
    /// Text: `Text`.
    Text,
    /// Nothing: `NullWritable`.
    Nothing,
    /// A number of 64 bits that counts thousandths: `LongWritable`.
    Thousandths,
    /// A sum of thousandths and how many they are: `LongWritable` and `IntWritable`.
    SumAndCount,
}

/// The part of a key that chooses its reducer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyPart<'a> {
    /// Text.
    Text(&'a [u8]),
    /// Nothing, whose hash is 0.
    Nothing,
    /// A number of 64 bits.
    Long(i64),
    /// A number of 32 bits.
    Int(i32),
}

impl<'a> KeyPart<'a> {
    /// Bytes that sort as these parts do.
    pub fn sorting_bytes(self) -> Cow<'a, [u8]> {
        match self {
            KeyPart::Text(text) => Cow::Borrowed(text),
            KeyPart::Nothing => Cow::Borrowed(&[]),
            KeyPart::Long(number) => Cow::Owned(write_sorted_long(number).to_vec()),
            KeyPart::Int(number) => Cow::Owned(write_int(number).to_vec()),
        }
    }
}

/// Bytes of a zero byte and a number of 32 bits behind it.
const INT_TAIL: usize = 5;

/// Bytes of an id, and of an id and a salt, before the side.
pub(super) const ROW_HEAD: usize = 4;
pub(super) const SALTED_HEAD: usize = 6;

impl Shape {
    /// The bytes of a pair as Hadoop's types serialize it: `MAP_OUTPUT_BYTES`.
    #[inline]
    pub fn serialized_bytes(self, key: &[u8], value: &[u8]) -> u64 {
        let key = match self.key {
            KeyShape::Text => text_bytes(key.len()),
            KeyShape::Nothing => 0,
            KeyShape::TextAndInt => text_bytes(key.len().saturating_sub(INT_TAIL)) + 4,
            KeyShape::Long => 8,
            KeyShape::Int => 4,
            KeyShape::Row => 8 + text_bytes(key.len().saturating_sub(ROW_HEAD + 1)),
            KeyShape::SaltedRow => 12 + text_bytes(key.len().saturating_sub(SALTED_HEAD + 1)),
            KeyShape::Place => 12,
        };
        let value = match self.value {
            ValueShape::Text => text_bytes(value.len()),
            ValueShape::Int
            | ValueShape::Nothing
            | ValueShape::Thousandths
            | ValueShape::SumAndCount => value.len() as u64,
        };
        key + value
    }

    /// The part of a key that its group shares, which all its values are reduced by.
    #[inline]
    pub fn group_part(self, key: &[u8]) -> &[u8] {
        match self.key {
            KeyShape::Text
            | KeyShape::Nothing
            | KeyShape::Long
            | KeyShape::Int
            | KeyShape::Place => key,
            KeyShape::Row => &key[..ROW_HEAD.min(key.len())],
            KeyShape::SaltedRow => &key[..SALTED_HEAD.min(key.len())],
            KeyShape::TextAndInt => &key[..key.len().saturating_sub(INT_TAIL)],
        }
    }

    /// The part of a key that chooses its reducer.
    #[inline]
    pub fn partition_part(self, key: &[u8]) -> KeyPart<'_> {
        match self.key {
            KeyShape::Text | KeyShape::TextAndInt => KeyPart::Text(self.group_part(key)),
            KeyShape::Nothing => KeyPart::Nothing,
            KeyShape::Long => KeyPart::Long(read_sorted_long(key)),
            KeyShape::Int | KeyShape::Row => KeyPart::Int(read_id(key)),
            KeyShape::SaltedRow => {
                KeyPart::Long((i64::from(read_id(key)) << 16) | i64::from(read_salt(key)))
            }
            KeyShape::Place => KeyPart::Int(read_file(key)),
        }
    }

    /// Writes a pair as Hadoop's `TextOutputFormat` does: key, tab, value, line end; a nothing
    /// leaves out the tab too.
    pub fn write_line(self, key: &[u8], value: &[u8], line: &mut Vec<u8>) {
        let (has_key, has_value) =
            (self.key != KeyShape::Nothing, self.value != ValueShape::Nothing);
        match self.key {
            KeyShape::Text => line.extend_from_slice(key),
            KeyShape::Nothing => {}
            KeyShape::TextAndInt
            | KeyShape::Long
            | KeyShape::Int
            | KeyShape::Row
            | KeyShape::SaltedRow
            | KeyShape::Place => {
                line.extend_from_slice(self.show_key(key).as_bytes());
            }
        }
        if has_key && has_value {
            line.push(b'\t');
        }
        match self.value {
            ValueShape::Text => line.extend_from_slice(value),
            ValueShape::Nothing => {}
            ValueShape::Int | ValueShape::Thousandths | ValueShape::SumAndCount => {
                line.extend_from_slice(self.show_value(value).as_bytes());
            }
        }
        line.push(b'\n');
    }

    /// A key as people read it.
    pub fn show_key(self, key: &[u8]) -> String {
        match self.key {
            KeyShape::Text => text(key),
            KeyShape::Nothing => "(null)".to_owned(),
            KeyShape::Long => read_sorted_long(key).to_string(),
            KeyShape::Int => read_id(key).to_string(),
            KeyShape::Row => format!("{}, {}", read_id(key), show_side(key, ROW_HEAD)),
            KeyShape::SaltedRow => {
                let (id, salt) = (read_id(key), read_salt(key));
                format!("{id}#{salt}, {}", show_side(key, SALTED_HEAD))
            }
            KeyShape::Place => {
                format!(
                    "file {}, byte {}",
                    read_file(key),
                    read_long(key.get(4..).unwrap_or_default())
                )
            }
            KeyShape::TextAndInt => {
                let (name, tail) = key.split_at(key.len().saturating_sub(INT_TAIL));
                format!("{}, {}", text(name), read_int(&tail[1.min(tail.len())..]))
            }
        }
    }

    /// A value as people read it.
    pub fn show_value(self, value: &[u8]) -> String {
        match self.value {
            ValueShape::Int => value.try_into().map_or(0, i32::from_be_bytes).to_string(),
            ValueShape::Text => text(value),
            ValueShape::Nothing => "(null)".to_owned(),
            ValueShape::Thousandths => show_thousandths(i128::from(read_long(value))),
            ValueShape::SumAndCount => {
                let (sum, count) = read_sum_and_count(value);
                format!("sum {} of {count}", show_thousandths(i128::from(sum)))
            }
        }
    }
}

/// What Hadoop's `Text` takes for so many bytes.
#[inline]
fn text_bytes(length: usize) -> u64 {
    hadoop::text_serialized_len(length)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn read_id(key: &[u8]) -> i32 {
    read_int(key.get(..4).unwrap_or_default())
}

fn read_salt(key: &[u8]) -> u16 {
    let salt = key.get(4..6).unwrap_or_default();
    salt.try_into().map_or(0, u16::from_be_bytes)
}

/// Files are numbered from 0, and are few.
fn read_file(key: &[u8]) -> i32 {
    let file = key.get(..4).unwrap_or_default();
    file.try_into().map_or(0, i32::from_be_bytes)
}

fn show_side(key: &[u8], head: usize) -> String {
    let side = if key.get(head) == Some(&0) { "left" } else { "right" };
    format!("{side}, {}", text(key.get(head + 1..).unwrap_or_default()))
}

/// Writes a text and a number so that the bytes sort by the text and then by the number.
pub(super) fn write_text_and_int(key: &mut Vec<u8>, name: &[u8], number: i32) {
    key.clear();
    key.extend_from_slice(name);
    key.push(0);
    key.extend_from_slice(&write_int(number));
}

/// A number so that its bytes sort as it does: the sign's bit is turned round.
pub(super) fn write_int(number: i32) -> [u8; 4] {
    (number ^ i32::MIN).to_be_bytes()
}

/// The number that `write_int` wrote.
pub(super) fn read_int(bytes: &[u8]) -> i32 {
    bytes.try_into().map_or(0, i32::from_be_bytes) ^ i32::MIN
}

/// A number of 64 bits so that its bytes sort as it does.
pub(super) fn write_sorted_long(number: i64) -> [u8; 8] {
    (number ^ i64::MIN).to_be_bytes()
}

/// The number that `write_sorted_long` wrote.
pub(super) fn read_sorted_long(bytes: &[u8]) -> i64 {
    read_long(bytes) ^ i64::MIN
}

/// A number of 64 bits, the highest byte first.
pub(super) fn read_long(bytes: &[u8]) -> i64 {
    bytes.try_into().map_or(0, i64::from_be_bytes)
}

/// A sum and a count, as `ValueShape::SumAndCount` has them.
pub(super) fn write_sum_and_count(sum: i64, count: u32) -> [u8; 12] {
    let mut value = [0; 12];
    value[..8].copy_from_slice(&sum.to_be_bytes());
    value[8..].copy_from_slice(&count.to_be_bytes());
    value
}

/// The sum and the count that `write_sum_and_count` wrote.
pub(super) fn read_sum_and_count(value: &[u8]) -> (i64, u32) {
    let (sum, count) = value.split_at(value.len().min(8));
    (read_long(sum), count.try_into().map_or(0, u32::from_be_bytes))
}

/// Millionths as a decimal number with six places.
pub(super) fn show_millionths(number: u64) -> String {
    format!("{}.{:06}", number / 1_000_000, number % 1_000_000)
}

/// Thousandths as a decimal number with three places.
pub(super) fn show_thousandths(number: i128) -> String {
    let sign = if number < 0 { "-" } else { "" };
    let size = number.unsigned_abs();
    format!("{sign}{}.{:03}", size / 1_000, size % 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_text_and_number_sorts_by_both() {
        let key = |name: &str, number| {
            let mut key = Vec::new();
            write_text_and_int(&mut key, name.as_bytes(), number);
            key
        };
        let sorted = [
            key("alpha", i32::MIN),
            key("alpha", -1),
            key("alpha", 0),
            key("alpha", 256),
            key("alpha2", -9),
            key("beta", i32::MAX),
        ];
        assert!(sorted.is_sorted());
        let shape = Shape { key: KeyShape::TextAndInt, value: ValueShape::Text };
        assert_eq!(shape.group_part(&sorted[3]), b"alpha");
        assert_eq!(shape.partition_part(&sorted[3]), KeyPart::Text(b"alpha"));
        assert_eq!(shape.show_key(&sorted[1]), "alpha, -1");
    }

    /// `Text` is its length as a `VInt` and its bytes; a time is an int, a count an `IntWritable`.
    #[test]
    fn pairs_are_as_large_as_hadoop_makes_them() {
        let shape = Shape { key: KeyShape::TextAndInt, value: ValueShape::Text };
        let mut key = Vec::new();
        write_text_and_int(&mut key, b"theta", 3_047);
        assert_eq!(shape.serialized_bytes(&key, b"3047=-15"), (1 + 5) + 4 + (1 + 8));
        let counts = Shape { key: KeyShape::Text, value: ValueShape::Int };
        assert_eq!(counts.serialized_bytes(b"mill", &[0, 0, 0, 1]), 1 + 4 + 4);
        let nothing = Shape { key: KeyShape::Nothing, value: ValueShape::Nothing };
        assert_eq!(nothing.serialized_bytes(b"", b""), 0);
    }

    #[test]
    fn thousandths_are_read_as_decimals() {
        assert_eq!(show_thousandths(-15_000), "-15.000");
        assert_eq!(show_thousandths(-1), "-0.001");
        assert_eq!(show_thousandths(1_234), "1.234");
    }
}
