//! Traces as JSON lines: a header, then one event a line. Reading believes nothing: whatever is
//! wrong with a file is said with its line and what to do about it.

use super::event::Event;
use super::timeline::Timeline;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

/// The version of the trace format that this build reads and writes.
pub const VERSION: u32 = 1;

/// The longest line that is read, in bytes. An event lists at most some thousand nodes or
/// segments; only the header's scenario, which may carry a text of 50 MB, is longer.
const LINE_BYTES_MAX: usize = 4 << 20;

/// The first line of a trace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The format's version.
    pub millrace_trace: u32,
    /// The version of the engine that made the run.
    pub engine: String,
    /// What the run was made of, as the scenario room writes it; opaque here.
    #[serde(default)]
    pub scenario: serde_json::Value,
}

/// What of the header can be read in every version.
#[derive(Deserialize)]
struct Versioned {
    millrace_trace: u64,
}

/// A line of a trace file that cannot be read, why, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}. {advice}")]
pub struct ReadError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub advice: &'static str,
}

const NO_TRACE: &str = "A trace begins with the line {\"millrace_trace\":1,…}; choose a file that \
                        `millrace run --trace` or the page's export wrote";
const CUT_OFF: &str = "The file seems to be cut off; export or copy it again";
const DAMAGED: &str = "The file was changed or damaged; export or copy it again";
const OTHER_VERSION: &str = "Run its scenario again with this version to get a trace that fits";

impl Header {
    /// The header of a trace that this build writes.
    pub fn new(scenario: serde_json::Value) -> Header {
        let engine = env!("CARGO_PKG_VERSION").to_owned();
        Header { millrace_trace: VERSION, engine, scenario }
    }

    /// The header as a line, with its end.
    pub fn line(&self) -> String {
        with_end(serde_json::to_string(self))
    }
}

/// An event as a line, with its end.
pub fn line(event: &Event) -> String {
    with_end(serde_json::to_string(event))
}

/// A whole trace as text.
pub fn write(header: &Header, events: &[Event]) -> String {
    let mut text = header.line();
    events.iter().for_each(|event| text.push_str(&line(event)));
    text
}

/// Reads a whole trace.
///
/// # Errors
/// At the first line that is not what must stand there: no header, another version, no event, an
/// event out of order or that does not fit those before it, or a file that was cut off.
pub fn read(text: &[u8]) -> Result<(Header, Timeline), ReadError> {
    let mut lines = text.split_inclusive(|byte| *byte == b'\n').enumerate();
    let first = lines.next().map_or(&b""[..], |(_, line)| line);
    let header = read_header(first)?;
    let mut timeline = Timeline::new();
    for (place, line) in lines {
        let number = place + 1;
        if line.trim_ascii().is_empty() {
            continue;
        }
        let event = read_event(number, line)?;
        timeline.append(vec![event]).map_err(|error| ReadError {
            line: number,
            problem: error.to_string(),
            advice: DAMAGED,
        })?;
    }
    Ok((header, timeline))
}

fn read_header(line: &[u8]) -> Result<Header, ReadError> {
    let error = |problem, advice| ReadError { line: 1, problem, advice };
    if line.trim_ascii().is_empty() {
        return Err(error("there is no header".to_owned(), NO_TRACE));
    }
    let known: Versioned = serde_json::from_slice(line)
        .map_err(|_| error("this is not the header of a trace".to_owned(), NO_TRACE))?;
    if known.millrace_trace != u64::from(VERSION) {
        let problem = format!(
            "the trace has version {}, but this build reads version {VERSION}",
            known.millrace_trace
        );
        return Err(error(problem, OTHER_VERSION));
    }
    serde_json::from_slice(line).map_err(|bad| error(format!("bad header: {bad}"), DAMAGED))
}

fn read_event(number: usize, line: &[u8]) -> Result<Event, ReadError> {
    let error = |problem, advice| ReadError { line: number, problem, advice };
    if line.len() > LINE_BYTES_MAX {
        let problem = format!("it has {} bytes, more than any event has", line.len());
        return Err(error(problem, DAMAGED));
    }
    serde_json::from_slice(line).map_err(|bad| {
        let advice = if bad.is_eof() && !line.ends_with(b"\n") { CUT_OFF } else { DAMAGED };
        error(format!("this is not an event ({})", without_place(&bad)), advice)
    })
}

/// What a JSON error says, without its own count of lines, which is always 1 here.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.split_once(" at line ") {
        Some((what, _)) => format!("{what}, at column {}", error.column()),
        None => text,
    }
}

/// Events and headers hold only what JSON can say, so that writing them never fails.
fn with_end(written: serde_json::Result<String>) -> String {
    assert!(written.is_ok(), "plain data is always JSON: {written:?}");
    let mut line = written.unwrap_or_default();
    line.push('\n');
    line
}

/// Hashes the events of a run as they come: XXH3, 64 bits, over their JSON lines. Equal hashes
/// mean equal traces, on whatever machine; the header is left out, since it names the version.
#[derive(Clone, Default)]
pub struct TraceHasher(Xxh3);

impl TraceHasher {
    /// A hash of no events.
    pub fn new() -> TraceHasher {
        TraceHasher(Xxh3::new())
    }

    /// Adds the events that come next.
    pub fn feed(&mut self, events: &[Event]) {
        events.iter().for_each(|event| self.0.update(line(event).as_bytes()));
    }

    /// The hash so far, as 16 hexadecimal digits.
    pub fn hex(&self) -> String {
        format!("{:016x}", self.0.digest())
    }
}

/// The hash of a whole trace, as 16 hexadecimal digits.
pub fn trace_hash(events: &[Event]) -> String {
    let mut hasher = TraceHasher::new();
    hasher.feed(events);
    hasher.hex()
}

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, reason = "small numbers of our own making")]
#[path = "jsonl_tests.rs"]
mod tests;
