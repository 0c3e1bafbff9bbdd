//! What the window files share: named sequences of elements, watermarks and times, and rows to compare.

use millrace::streaming::Millis;
use millrace::streaming::assigner::Assigner;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;

/// A step of a sequence.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "op")]
pub(super) enum Step {
    /// An element.
    #[serde(rename = "e")]
    Element { k: String, v: i64, t: Millis },
    /// The watermark advances.
    #[serde(rename = "w")]
    Watermark { t: Millis },
    /// The clock advances.
    #[serde(rename = "p")]
    ProcessingTime { t: Millis },
}

/// Sequences by name.
pub(super) type Sequences = BTreeMap<String, Vec<Step>>;

/// A window as the files have it.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum WindowSpec {
    #[serde(alias = "fixed")]
    Tumbling {
        size: Millis,
        #[serde(default)]
        offset: Millis,
    },
    Sliding {
        size: Millis,
        slide: Millis,
        #[serde(default)]
        offset: Millis,
    },
    Session {
        gap: Millis,
    },
    Global,
    Count {
        size: usize,
        slide: Option<usize>,
    },
}

impl WindowSpec {
    /// The assigner that it means; none for a count window.
    pub(super) fn assigner(self) -> Result<Option<Assigner>, String> {
        let assigner = match self {
            WindowSpec::Tumbling { size: size_ms, offset: offset_ms } => {
                Assigner::Tumbling { size_ms, offset_ms }
            }
            WindowSpec::Sliding { size: size_ms, slide: slide_ms, offset: offset_ms } => {
                Assigner::Sliding { size_ms, slide_ms, offset_ms }
            }
            WindowSpec::Session { gap: gap_ms } => Assigner::Session { gap_ms },
            WindowSpec::Global => Assigner::Global,
            WindowSpec::Count { .. } => return Ok(None),
        };
        assigner.validate().map(Some).map_err(|error| error.to_string())
    }
}

/// Reads a part of a file; an error names the place in it.
pub(super) fn read<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    serde_path_to_error::deserialize(value).map_err(|error| error.to_string())
}

/// What a name stands for.
pub(super) fn named<'a, T>(
    what: &str,
    table: &'a BTreeMap<String, T>,
    id: &str,
    name: &str,
) -> Result<&'a T, String> {
    table.get(name).ok_or_else(|| format!("{id}: there is no {what} named {name:?}"))
}

/// Refuses a sequence whose watermark or clock stands still or goes back.
pub(super) fn validate(sequences: &Sequences) -> Result<(), String> {
    for (name, steps) in sequences {
        let (mut watermark, mut clock) = (None, None);
        for (index, step) in steps.iter().enumerate() {
            let forward = match step {
                Step::Element { .. } => true,
                Step::Watermark { t } => watermark.replace(*t).is_none_or(|before| before < *t),
                Step::ProcessingTime { t } => clock.replace(*t).is_none_or(|before| before <= *t),
            };
            if !forward {
                return Err(format!("sequences.{name}[{index}]: time does not advance"));
            }
        }
    }
    Ok(())
}

/// What differs between two lists of rows: the first row that does, and how long the lists are.
pub(super) fn differing_rows(field: &str, expected: &[Value], actual: &[Value]) -> Option<String> {
    let longest = expected.len().max(actual.len());
    let index = (0..longest).find(|index| expected.get(*index) != actual.get(*index))?;
    let show = |rows: &[Value]| {
        rows.get(index).map_or_else(|| "no such row".to_owned(), ToString::to_string)
    };
    Some(format!(
        "{field}[{index}] expected {}, actual {} ({} rows expected, {} actual)",
        show(expected),
        show(actual),
        expected.len(),
        actual.len()
    ))
}

/// All keys of a sequence, each once.
pub(super) fn keys(steps: &[Step]) -> std::collections::BTreeSet<&str> {
    steps
        .iter()
        .filter_map(|step| match step {
            Step::Element { k, .. } => Some(k.as_str()),
            Step::Watermark { .. } | Step::ProcessingTime { .. } => None,
        })
        .collect()
}
