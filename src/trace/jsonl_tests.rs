//! Tests of reading and writing traces.

use super::*;
use crate::base::random::{Purpose, Random};
use crate::trace::{moment, sentence, synthetic, why};

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/traces/small.jsonl");

fn sample() -> (Header, Vec<Event>) {
    let scenario = serde_json::json!({"made_up": "for tests"});
    let engine = "0.1.0".to_owned();
    let header = Header { millrace_trace: VERSION, engine, scenario };
    (header, synthetic::run(&synthetic::small()))
}

fn refused(text: &[u8]) -> String {
    read(text).unwrap_err().to_string()
}

/// The stored sample is what tests of the page draw; `UPDATE_EXPECT=1` writes it anew.
#[test]
fn the_stored_sample_is_the_made_run() {
    let (header, events) = sample();
    let text = write(&header, &events);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(SAMPLE, &text).unwrap();
    }
    assert!(std::fs::read_to_string(SAMPLE).unwrap() == text, "run with UPDATE_EXPECT=1");
}

/// Traces from before an input could be several files are of one file.
#[test]
fn a_trace_that_names_no_files_is_still_read() {
    let old = include_bytes!("../../tests/traces/small-of-one-file.jsonl");
    assert_eq!(read(old).unwrap().1.events(), sample().1);
}

#[test]
fn what_is_written_is_read() {
    let (header, events) = sample();
    let (found, timeline) = read(write(&header, &events).as_bytes()).unwrap();
    assert_eq!(found, header);
    assert_eq!(timeline.events(), events);
}

#[test]
fn line_ends_of_windows_and_empty_lines_are_read() {
    let (header, events) = sample();
    let text = write(&header, &events).replace('\n', "\r\n\r\n");
    let (_, timeline) = read(text.as_bytes()).unwrap();
    assert_eq!(timeline.events(), events);
}

#[test]
fn every_error_names_its_line_and_what_to_do() {
    let (header, events) = sample();
    let text = write(&header, &events);
    let lines: Vec<&str> = text.lines().collect();
    let cases = [
        (String::new(), "line 1: there is no header. A trace begins with"),
        ("hello\n".into(), "line 1: this is not the header of a trace. A trace begins with"),
        (
            text.replace("\"millrace_trace\":1", "\"millrace_trace\":7"),
            "line 1: the trace has version 7, but this build reads version 1. Run its scenario",
        ),
        (
            text.replace("\"engine\"", "\"motor\""),
            "line 1: bad header: unknown field `motor`, expected",
        ),
        (text[..text.len() - 20].into(), "a value, at column"),
        (
            [&lines[..9], &lines[10..]].concat().join("\n"),
            "line 10: event 9 does not fit the trace: event 8 comes next, not event 9. The file",
        ),
        (
            text.replace("\"reduce_slots\":", "\"reduce_slots\":-"),
            "line 3: this is not an event (invalid value: integer `-1`, expected u32, at column",
        ),
        (
            text.replace("\"block\":2,", "\"block\":2,\"colour\":3,"),
            "line 8: this is not an event (unknown field `colour`, expected",
        ),
        (
            text.replace("\"replicas\":[3,1]", "\"replicas\":[3,9]"),
            "line 8: event 6 does not fit the trace: there is no node 9 yet. The file was changed",
        ),
    ];
    for (text, expected) in cases {
        let found = refused(text.as_bytes());
        assert!(found.contains(expected), "{found}\n  does not contain\n{expected}");
    }
    assert!(refused(&text.as_bytes()[..text.len() - 20]).ends_with(CUT_OFF));
}

/// Keyed random damage: bytes changed, cut out, doubled, swapped lines, numbers replaced.
#[test]
fn nothing_foreign_makes_it_panic() {
    let (header, events) = sample();
    let whole = write(&header, &events).into_bytes();
    let mut refused = 0;
    for case in 0..2_000 {
        let mut random = Random::keyed(5, Purpose::Test, case, 0);
        let mut text = whole.clone();
        for _ in 0..random.between(1, 4) {
            damage(&mut text, &mut random);
        }
        match read(&text) {
            Ok((_, mut timeline)) => speak_of_all(&mut timeline),
            Err(error) => {
                refused += 1;
                assert!(error.line <= 1 + text.iter().filter(|byte| **byte == b'\n').count());
            }
        }
    }
    assert!(refused > 1_000, "most damage is seen: {refused}");
}

/// What the page does with a trace: seek, list moments, say what happened and why.
fn speak_of_all(timeline: &mut Timeline) {
    let middle = timeline.seek(timeline.len() / 2);
    moment::moments(timeline.events());
    for event in timeline.events() {
        assert!(!sentence::sentence(event).is_empty());
        assert!(!why::why(event, &middle).is_empty());
        why::causes(timeline.events(), event.seq);
    }
}

fn damage(text: &mut Vec<u8>, random: &mut Random) {
    let mut place = |len: usize| random.below(len.max(1) as u64) as usize;
    let (from, byte) = (place(text.len()), place(256) as u8);
    let to = (from + place(300)).min(text.len());
    match place(6) {
        0 => text.truncate(from),
        1 => drop(text.drain(from..to)),
        2 => text.splice(from..from, text[from..to].to_vec()).for_each(drop),
        3 => text.iter_mut().skip(from).take(1).for_each(|old| *old = byte),
        4 => {
            let digits = text.iter().skip(from).position(u8::is_ascii_digit).map(|at| from + at);
            let number: &[u8] =
                [&b"0"[..], b"4294967295", b"18446744073709551615", b"-1", b"9e99"][place(5)];
            if let Some(at) = digits {
                text.splice(at..=at, number.iter().copied()).for_each(drop);
            }
        }
        _ => {
            let mut lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').collect();
            let (one, other) = (place(lines.len()), place(lines.len()));
            lines.swap(one, other);
            *text = lines.join(&b'\n');
        }
    }
}

#[test]
fn the_hash_is_the_same_however_the_events_come_and_another_for_another_trace() {
    let (_, mut events) = sample();
    let whole = trace_hash(&events);
    let mut hasher = TraceHasher::new();
    events.chunks(7).for_each(|batch| hasher.feed(batch));
    assert_eq!(hasher.hex(), whole);
    assert_eq!(whole.len(), 16);
    let text: String = events.iter().map(line).collect();
    assert_eq!(whole, format!("{:016x}", xxhash_rust::xxh3::xxh3_64(text.as_bytes())));
    events[50].at.0 += 1;
    assert_ne!(trace_hash(&events), whole);
}
