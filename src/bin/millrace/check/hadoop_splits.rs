//! Splits and the lines of each, against Hadoop's `FileInputFormat` and `LineRecordReader`.

use super::inputs::Inputs;
use super::{Report, compare};
use millrace::base::{FileId, Files};
use millrace::mapreduce::reader::{LineReader, Peek};
use millrace::mapreduce::split::{Piece, SplitRule};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Compares the list under each key `file@max`.
pub(super) fn check(
    lists: &BTreeMap<String, Value>,
    inputs: &Inputs,
    report: &mut Report,
) -> Result<(), String> {
    for (key, expected) in lists {
        let (name, max) = key.split_once('@').unwrap_or((key, ""));
        let max_bytes = max.parse().ok().filter(|max| *max > 0);
        let max_bytes =
            max_bytes.ok_or_else(|| format!("splits.{key}: a key is \"file@most bytes\""))?;
        let rows = expected.as_array().ok_or_else(|| format!("splits.{key} is not a list"))?;
        let files = inputs.files(&[name])?;
        // A short row has numbers where a long one has lists.
        let is_short = rows.iter().all(|row| row.get(2).is_none_or(Value::is_number));
        let rule = SplitRule { min_bytes: 1, max_bytes };
        let splits = rule.plan(&files, u64::MAX, &[]);
        let pieces = splits.iter().flat_map(|split| &split.pieces);
        let actual: Vec<Value> = pieces.map(|piece| row(&files, piece, is_short)).collect();
        let fields: Vec<String> = if rows.len() == actual.len() {
            let place = (0..rows.len()).find(|place| rows[*place] != actual[*place]);
            place
                .and_then(|place| compare(&format!("split {place}"), &rows[place], &actual[place]))
                .into_iter()
                .collect()
        } else {
            vec![format!("expected {} splits, actual {}", rows.len(), actual.len())]
        };
        report.case(&format!("splits of {key}"), &fields);
    }
    Ok(())
}

/// A split as the file has it: where it lies, and its lines.
fn row(files: &Files, piece: &Piece, is_short: bool) -> Value {
    let lines = lines(files, piece);
    let starts: Vec<u64> = lines.iter().map(|(start, _)| *start).collect();
    if is_short {
        return json!([piece.offset, piece.length, lines.len(), starts.first(), starts.last()]);
    }
    let lengths: Vec<usize> = lines.iter().map(|(_, length)| *length).collect();
    json!([piece.offset, piece.length, starts, lengths])
}

/// Where each line of a split begins, and how long it is.
fn lines(files: &Files, piece: &Piece) -> Vec<(u64, usize)> {
    let Some(file) = files.get(FileId(0)) else { return Vec::new() };
    let mut reader = LineReader::new(piece.offset, piece.end(), file.length());
    let rest = files.slice(FileId(0), piece.offset, file.length() - piece.offset);
    reader.feed(rest.unwrap_or_default());
    let mut found = Vec::new();
    while let Peek::Line(line) = reader.peek() {
        found.push((line.start, line.text.len()));
        reader.advance();
    }
    found
}
