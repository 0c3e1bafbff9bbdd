//! The reader's own events, as CSV or JSON lines: `time`, `key`, `value` and perhaps `arrival`.
//!
//! ```
//! use millrace::scenario::events::read_events;
//! let events = read_events(b"time,key,value\n12:00:26,TeamX,5\n").unwrap();
//! assert_eq!(events[0].value.to_string(), "5");
//! let error = read_events(b"time,key,value\n1000,a,5\nsoon,b,3\n").unwrap_err();
//! assert!(error.to_string().starts_with("line 3, column \"time\": \"soon\""));
//! ```

use super::{EVENTS_MAX, StreamInput, by_arrival};
use crate::base::clock::time;
use crate::base::{Amount, Millis};

/// What an event says, and what each is called.
const COLUMNS: [&str; 4] = ["time", "key", "value", "arrival"];

/// The longest key, in bytes.
const KEY_BYTES_MAX: usize = 200;

/// What is wrong with a file of events, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}{}: {problem}", .column.map(|name| format!(", column \"{name}\"")).unwrap_or_default())]
pub struct EventsError {
    /// The line, from 1.
    pub line: usize,
    /// The column, where it is about one.
    pub column: Option<&'static str>,
    /// What is wrong, and what is allowed.
    pub problem: String,
}

/// The four fields of a line, as text; the last may be missing.
type Fields = [Option<String>; 4];

/// The events of a file, in the order of their arrival. Without one, an event arrives when it happened, or
/// with the one before it where that came later.
///
/// # Errors
/// At the first line that is none, with its number and the column.
pub fn read_events(bytes: &[u8]) -> Result<Vec<StreamInput>, EventsError> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = 1 + bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
        problem(line, None, "it is not UTF-8".to_owned())
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()).peekable();
    let Some((_, first)) = lines.peek() else {
        return Err(problem(
            1,
            None,
            "there are no events; give a header time,key,value and a line each".to_owned(),
        ));
    };
    let is_json = first.trim_start().starts_with('{');
    let header = if is_json { Vec::new() } else { header(lines.next())? };
    let mut events: Vec<StreamInput> = Vec::new();
    for (number, line) in lines {
        if events.len() == EVENTS_MAX {
            let most = format!("there are more than {EVENTS_MAX} events, the most that are taken");
            return Err(problem(number, None, most));
        }
        let fields = if is_json { json(number, line)? } else { csv(number, line, &header)? };
        let before = events.last().map_or(Millis::MIN, |event| event.arrival);
        events.push(event(number, fields, before)?);
    }
    if events.is_empty() {
        return Err(problem(2, None, "there are no events below the header".to_owned()));
    }
    Ok(by_arrival(events))
}

fn problem(line: usize, column: Option<&'static str>, problem: String) -> EventsError {
    EventsError { line, column, problem }
}

/// Which place of the columns each of the header's is.
fn header(line: Option<(usize, &str)>) -> Result<Vec<usize>, EventsError> {
    let (number, line) = line.unwrap_or((1, ""));
    let mut places = Vec::new();
    for name in split(number, line)? {
        let place = COLUMNS.iter().position(|column| *column == name.trim());
        match place {
            Some(place) if !places.contains(&place) => places.push(place),
            Some(_) => return Err(problem(number, None, format!("{name:?} is there twice"))),
            None => {
                let known = "columns are time, key, value and perhaps arrival";
                return Err(problem(number, None, format!("there is no column {name:?}; {known}")));
            }
        }
    }
    match (0..3).find(|place| !places.contains(place)) {
        Some(missing) => {
            let text = "the header has no such column; it must name time, key and value".to_owned();
            Err(problem(number, Some(COLUMNS[missing]), text))
        }
        None => Ok(places),
    }
}

fn csv(number: usize, line: &str, header: &[usize]) -> Result<Fields, EventsError> {
    let cells = split(number, line)?;
    if cells.len() != header.len() {
        let text = format!("it has {} fields, and the header has {}", cells.len(), header.len());
        return Err(problem(number, None, text));
    }
    let mut fields = Fields::default();
    for (place, cell) in header.iter().zip(cells) {
        let is_given = *place != 3 || !cell.trim().is_empty();
        fields[*place] = is_given.then_some(cell);
    }
    Ok(fields)
}

/// The cells of a line: parted by commas, in quotes where a comma is meant; a quote is doubled.
fn split(number: usize, line: &str) -> Result<Vec<String>, EventsError> {
    let mut cells = vec![String::new()];
    let (mut quoted, mut letters) = (false, line.chars().peekable());
    while let Some(letter) = letters.next() {
        let last = cells.len() - 1;
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cells[last].push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            _ => cells[last].push(letter),
        }
    }
    if quoted { Err(problem(number, None, "a quote is not closed".to_owned())) } else { Ok(cells) }
}

fn json(number: usize, line: &str) -> Result<Fields, EventsError> {
    let object: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(line).map_err(|error| {
            let text = error.to_string();
            let what = text.split(" at line ").next().unwrap_or_default();
            problem(number, None, format!("it is no JSON object ({what}, at {})", error.column()))
        })?;
    let mut fields = Fields::default();
    for (name, value) in object {
        let Some(place) = COLUMNS.iter().position(|column| *column == name) else {
            let known = "there are time, key, value and perhaps arrival";
            return Err(problem(number, None, format!("there is no field {name:?}; {known}")));
        };
        fields[place] = match value {
            serde_json::Value::String(text) => Some(text),
            serde_json::Value::Number(value) => Some(value.to_string()),
            serde_json::Value::Null => None,
            serde_json::Value::Bool(_)
            | serde_json::Value::Array(_)
            | serde_json::Value::Object(_) => {
                let text = format!("{value} is neither a text nor a number");
                return Err(problem(number, Some(COLUMNS[place]), text));
            }
        };
    }
    Ok(fields)
}

fn event(number: usize, fields: Fields, before: Millis) -> Result<StreamInput, EventsError> {
    let [at, key, value, arrival] = fields;
    let missing = |column| problem(number, Some(column), "it is missing".to_owned());
    let read_time = |column, text: &str| {
        time(text.trim()).ok_or_else(|| {
            let allowed = "a time is in milliseconds, such as 12:00:26.5 or such as \
                           2026-11-21T15:39:12Z, in the years 1 to 9999";
            problem(number, Some(column), format!("{text:?} is not allowed: {allowed}"))
        })
    };
    let event_time = read_time("time", &at.ok_or_else(|| missing("time"))?)?;
    let key = key.ok_or_else(|| missing("key"))?;
    if key.len() > KEY_BYTES_MAX {
        let text = format!("it has {} bytes, and a key at most {KEY_BYTES_MAX}", key.len());
        return Err(problem(number, Some("key"), text));
    }
    let value = value.ok_or_else(|| missing("value"))?;
    let value: Amount = value
        .trim()
        .parse()
        .map_err(|error| problem(number, Some("value"), format!("{value:?} {error}")))?;
    let arrival = match arrival {
        Some(text) => read_time("arrival", &text)?,
        None => event_time.max(before),
    };
    Ok(StreamInput { event_time, arrival, key, value })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::{Purpose, Random};

    const CSV: &str = "time,key,value,arrival\n0:01,a,5,0:03\n0:02,\"b, c\",-2.5,0:02\n";

    #[test]
    fn csv_and_json_lines_say_the_same() {
        let json = "{\"time\": 60000, \"key\": \"a\", \"value\": 5, \"arrival\": \"0:03\"}\n\
                    {\"time\": \"0:02\", \"key\": \"b, c\", \"value\": \"-2.5\", \"arrival\": 120000}";
        let events = read_events(CSV.as_bytes()).unwrap();
        assert_eq!(read_events(json.as_bytes()), Ok(events.clone()));
        assert_eq!((events[0].key.as_str(), events[0].arrival), ("b, c", 120_000));
        let late = read_events(b"value,time,key\n1,5000,a\n1,3000,a\n").unwrap();
        assert_eq!((late[1].event_time, late[1].arrival), (3_000, 5_000));
    }

    #[test]
    fn each_error_names_line_and_column() {
        for (text, words) in [
            ("", "line 1: there are no events"),
            ("time,key\n", "line 1, column \"value\""),
            ("time,key,value,price\n", "line 1: there is no column \"price\""),
            ("time,key,value\n", "line 2: there are no events"),
            ("time,key,value\n1,a\n", "line 2: it has 2 fields"),
            ("time,key,value\n1,a,1\n\n1,\"a,1\n", "line 4: a quote"),
            ("time,key,value\n1,a,many\n", "line 2, column \"value\": \"many\" must be a number"),
            ("time,key,value\n9999999999999999,a,1\n", "line 2, column \"time\""),
            ("time,key,value,arrival\n1,a,1,later\n", "line 2, column \"arrival\""),
            ("{\"time\": 1, \"key\": \"a\"}\n", "line 1, column \"value\": it is missing"),
            ("{\"time\": 1, \"key\": [], \"value\": 1}\n", "line 1, column \"key\": [] is neither"),
            ("{\"time\": 1\n", "line 1: it is no JSON object"),
            ("{\"when\": 1}\n", "line 1: there is no field \"when\""),
        ] {
            let error = read_events(text.as_bytes()).unwrap_err().to_string();
            assert!(error.starts_with(words), "{text:?}: {error}");
        }
        assert!(
            read_events(b"time,key,value\n1,\xff,1\n")
                .unwrap_err()
                .to_string()
                .starts_with("line 2")
        );
    }

    #[test]
    fn nothing_foreign_makes_it_panic() {
        for seed in 0..2_000 {
            let mut random = Random::keyed(seed, Purpose::Test, 9, 0);
            let mut text = CSV.as_bytes().to_vec();
            for _ in 0..=random.below(4) {
                let place = usize::try_from(random.below(text.len() as u64)).unwrap();
                text[place] = [b'"', b',', b'\n', b'-', b'{', 0xff, b'9', b':'][place % 8];
            }
            let _ = read_events(&text);
        }
    }
}
