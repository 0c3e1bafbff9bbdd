//! Which splits a file is cut into, and which lines are each split's, against Hadoop's
//! `FileInputFormat` and `LineRecordReader`: by the engine's own planner and its own reader, which
//! is fed as a map task feeds it, in portions of several sizes.

use super::{Report, compare};
use bytes::Bytes;
use millrace::base::{Codec, FileId};
use millrace::mapreduce::reader::{LineReader, Peek};
use millrace::mapreduce::split::{Piece, plan_splits};
use serde_json::{Value, json};

/// Bytes that a reader is fed with at once, one size after another.
const PORTIONS: [usize; 5] = [1, 3, 64, 1_000, 1 << 20];

/// Compares the split lists of the file, each named `file@largest split`, with what Millrace plans
/// and reads. `bytes_of` gives an input by its name.
pub(super) fn check(
    lists: &Value,
    bytes_of: impl Fn(&str) -> Result<Bytes, String>,
    report: &mut Report,
) -> Result<(), String> {
    let lists = lists.as_object().ok_or("splits is no object of lists by name")?;
    for (name, expected) in lists {
        let wrong = || format!("splits.{name} is not named FILE@BYTES");
        let (file, most) = name.split_once('@').ok_or_else(wrong)?;
        let most: u64 = most.parse().ok().filter(|most| *most > 0).ok_or_else(wrong)?;
        let expected = expected.as_array().ok_or(format!("splits.{name} is no list"))?;
        let data = bytes_of(file)?;
        report.case(name, &differing(&data, most, expected)?);
    }
    Ok(())
}

/// What differs between the splits of a file and those that are expected.
fn differing(data: &Bytes, most: u64, expected: &[Value]) -> Result<Vec<String>, String> {
    let length = data.len() as u64;
    let whole = Piece { file: FileId(0), codec: Codec::Plain, offset: 0, length };
    let splits = plan_splits(whole, most, &[]);
    let mut fields: Vec<String> =
        compare("splits", &json!(expected.len()), &json!(splits.len())).into_iter().collect();
    for (place, (split, expected)) in splits.iter().zip(expected).enumerate() {
        let lines = expected.as_array().ok_or("a split is no list")?;
        let is_long = lines.get(2).is_some_and(Value::is_array);
        let Some(piece) = split.pieces.first() else { continue };
        for portion in PORTIONS {
            let read = read(data, piece, portion);
            let actual = told(piece, &read, is_long);
            let differs = compare(&format!("split {place}"), expected, &actual);
            if let Some(differs) = differs {
                fields.push(format!("{differs}, read by {portion} bytes"));
                break;
            }
        }
    }
    Ok(fields)
}

/// A line of a split: where it begins, and its bytes without its end.
type Line = (u64, u64);

/// The lines that belong to a split, by a reader that is fed with so many bytes at once.
fn read(data: &Bytes, piece: &Piece, portion: usize) -> Vec<Line> {
    let mut reader = LineReader::new(piece.offset, piece.end(), data.len() as u64);
    let mut lines = Vec::new();
    loop {
        match reader.peek() {
            Peek::Line(line) => {
                lines.push((line.start, line.text.len() as u64));
                reader.advance();
            }
            Peek::More => {
                let from = usize::try_from(reader.fed()).unwrap_or(usize::MAX).min(data.len());
                let to = from.saturating_add(portion).min(data.len());
                reader.feed(data.slice(from..to));
            }
            Peek::End => return lines,
        }
    }
}

/// A split as the file has it: with all its lines, or with their number, the first and the last.
fn told(piece: &Piece, lines: &[Line], is_long: bool) -> Value {
    let starts: Vec<u64> = lines.iter().map(|(start, _)| *start).collect();
    if is_long {
        let lengths: Vec<u64> = lines.iter().map(|(_, length)| *length).collect();
        json!([piece.offset, piece.length, starts, lengths])
    } else {
        json!([piece.offset, piece.length, lines.len(), starts.first(), starts.last()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(lists: &Value) -> Result<Report, String> {
        let mut report = Report::default();
        let text = Bytes::from_static(b"one\ntwo\r\nthree\rfour");
        check(lists, |_| Ok(text.clone()), &mut report)?;
        Ok(report)
    }

    #[test]
    fn both_forms_are_compared_and_a_wrong_line_is_named() {
        let right = json!({
            "a@10": [[0, 10, [0, 4, 9], [3, 3, 5]], [10, 9, [15], [4]]],
            "b@10": [[0, 10, 3, 0, 9], [10, 9, 1, 15, 15]],
        });
        assert_eq!(report(&right), Ok(Report { passed: 2, differences: Vec::new() }));
        let wrong = json!({"a@10": [[0, 10, [0, 4], [3, 3]], [10, 9, 1, 15, 15]]});
        let differences = report(&wrong).unwrap().differences;
        assert!(differences[0].starts_with("a@10: split 0 expected"), "{differences:?}");
        let fewer = json!({"a@10": [[0, 10, 3, 0, 9]]});
        assert!(report(&fewer).unwrap().differences[0].contains("splits expected 1, actual 2"));
    }

    #[test]
    fn a_malformed_list_is_refused() {
        for lists in [json!(3), json!({"a": []}), json!({"a@0": []}), json!({"a@5": 3})] {
            assert!(report(&lists).is_err(), "{lists}");
        }
    }
}
