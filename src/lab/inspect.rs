//! Looking into the data of a run: what lies in a block, a split, a segment, a part.

use super::lineage::{self, Wanted};
use super::messages::{EmittedPair, KeyValue, LabError, MappedLine, Query, Reply};
use crate::base::{AttemptId, BlockId, FileId, Files, PartitionId};
use crate::mapreduce::attempt::Budget;
use crate::mapreduce::config::Topology;
use crate::mapreduce::job::{Emit, Mapper, Record};
use crate::mapreduce::messages::{BlockAt, Served, Source};
use crate::mapreduce::output::OutputFolder;
use crate::mapreduce::reader::{Line, Peek};
use crate::mapreduce::{JobConfig, NodeAgent, Split};
use std::cmp::Reverse;
use std::ops::Range;
use std::sync::Arc;

/// The most records of an answer.
const LIMIT_MAX: u32 = 1_000;

/// The most bytes of a block's text in an answer.
const TEXT_BYTES_MAX: u64 = 64 << 10;

/// What of a run is looked into.
pub(super) struct Looked<'a> {
    pub(super) job: &'a JobConfig,
    pub(super) splits: &'a [Split],
    pub(super) blocks: &'a [BlockAt],
    pub(super) files: &'a Files,
    pub(super) output: &'a OutputFolder,
    /// The nodes whose disks are here; those of live nodes are not.
    pub(super) agents: &'a [NodeAgent],
    /// Who is near whom.
    pub(super) topology: Arc<Topology>,
    /// How far one step of an attempt goes.
    pub(super) budget: Budget,
}

/// Answers a question about a run's data.
pub(super) fn answer(run: &Looked<'_>, query: &Query) -> Result<Reply, LabError> {
    match query {
        Query::Block { block } => block_text(run, *block),
        Query::MapRecords { map, skip, limit } => map_records(run, *map, page(*skip, *limit)),
        Query::Segment { attempt, partition, skip, limit } => {
            segment(run, *attempt, *partition, &page(*skip, *limit))
        }
        Query::Output { parts, search, skip, limit } => {
            Ok(output(run, parts, search, page(*skip, *limit)))
        }
        Query::Lineage { part, line, from_map } => {
            Ok(lineage::sources(run, &Wanted { part: *part, line: line.as_bytes() }, *from_map))
        }
        Query::Became { map, file, offset } => lineage::became(run, *map, (*file, *offset)),
        Query::Zoom(_) => Err(later()),
    }
}

fn page(skip: u64, limit: u32) -> Range<u64> {
    skip..skip.saturating_add(u64::from(limit.min(LIMIT_MAX)))
}

pub(super) fn missing(what: &str) -> LabError {
    LabError { field: None, message: format!("{what} is not in this run") }
}

/// What takes more than a moment is no answer of this kind (`Conductor` answers it).
fn later() -> LabError {
    LabError { field: None, message: "the steps of a task are answered later".to_owned() }
}

fn block_text(run: &Looked<'_>, block: BlockId) -> Result<Reply, LabError> {
    let found = run.blocks.iter().find(|found| found.id == block);
    let found = found.ok_or_else(|| missing(&format!("block {}", block.0)))?;
    let (file, offset, length) = (found.file, found.offset, found.length.min(TEXT_BYTES_MAX));
    let bytes = run.files.slice(file, offset, length).unwrap_or_default();
    let is_plain = run.files.get(file).is_some_and(|file| file.codec.is_plain());
    let packed = || format!("{} bytes, compressed by gzip", found.length);
    Ok(Reply::Block { offset, text: if is_plain { text(&bytes) } else { packed() } })
}

fn map_records(run: &Looked<'_>, map: u32, page: Range<u64>) -> Result<Reply, LabError> {
    let split = run.splits.get(map as usize).ok_or_else(|| missing(&format!("map {map}")))?;
    let mut total = 0;
    let mut lines = Vec::new();
    each_line(run, split, |mapper, file, line| {
        let mapped = mapped(run, mapper, (file, line));
        if page.contains(&total) {
            lines.push(mapped);
        }
        total += 1;
    });
    Ok(Reply::MapRecords { total, lines })
}

/// A line with the pairs that it was mapped to; none when the job can't read it.
fn mapped(run: &Looked<'_>, mapper: &mut Mapper, (file, line): (FileId, Line<'_>)) -> MappedLine {
    let shape = run.job.job.shape();
    let mut emitted = Vec::new();
    let record = Record { file: file.0, offset: line.start, text: line.text };
    let mut emit = |key: &[u8], value: &[u8]| {
        emitted.push(EmittedPair {
            key: shape.show_key(key),
            value: shape.show_value(value),
            hash: run.job.partitioner.hash_part(shape.partition_part(key)),
            partition: run.job.partition(key),
        });
        Emit::Taken
    };
    if mapper.map(record, 0, &mut emit).is_err() {
        emitted.clear();
    }
    MappedLine { file, offset: line.start, text: text(line.text), emitted }
}

fn segment(
    run: &Looked<'_>,
    attempt: AttemptId,
    partition: PartitionId,
    page: &Range<u64>,
) -> Result<Reply, LabError> {
    let shape = run.job.job.shape();
    let source = Source::Segment { map: attempt, partition };
    let segment = run.agents.iter().find_map(|agent| match agent.serve(&source)? {
        Served::Segment(segment) => Some(segment),
        Served::Input(_) => None,
    });
    let segment = segment.ok_or_else(|| missing(&format!("the output of {attempt}")))?;
    let mut reader = segment.reader();
    let mut records = Vec::new();
    let mut total = 0;
    while reader.advance() {
        if page.contains(&total) {
            let (key, value) = (shape.show_key(reader.key()), shape.show_value(reader.value()));
            records.push(KeyValue { key, value, partition });
        }
        total += 1;
    }
    Ok(Reply::Records { total, records })
}

/// A record of the output: the largest number first, if all values are numbers; else as written.
type Ranked<'a> = (Reverse<u64>, &'a [u8], &'a [u8], PartitionId);

fn output(run: &Looked<'_>, parts: &[PartitionId], search: &str, page: Range<u64>) -> Reply {
    let committed = run.output.parts();
    let finder = memchr::memmem::Finder::new(search.as_bytes());
    let mut found: Vec<Ranked<'_>> = Vec::new();
    let mut all_numbers = true;
    for part in parts {
        let Some(committed) = committed.get(part) else { continue };
        let lines = committed.bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        for (key, value) in lines.map(split_line) {
            let number = number(value);
            all_numbers &= number.is_some();
            if finder.find(key).is_some() {
                found.push((Reverse(number.unwrap_or(0)), key, value, *part));
            }
        }
    }
    let total = found.len() as u64;
    let end = usize::try_from(page.end).unwrap_or(usize::MAX).min(found.len());
    let start = usize::try_from(page.start).unwrap_or(usize::MAX).min(end);
    if all_numbers {
        if end > 0 && end < found.len() {
            found.select_nth_unstable(end - 1);
        }
        found.truncate(end);
        found.sort_unstable();
    }
    let record = |(_, key, value, partition): &Ranked<'_>| KeyValue {
        key: text(key),
        value: text(value),
        partition: *partition,
    };
    Reply::Records { total, records: found[start..end].iter().map(record).collect() }
}

/// Key and value of a line as `TextOutputFormat` writes them: the key ends at the first tab.
pub(super) fn split_line(line: &[u8]) -> (&[u8], &[u8]) {
    let tab = memchr::memchr(b'\t', line).unwrap_or(line.len());
    (&line[..tab], line.get(tab + 1..).unwrap_or_default())
}

/// The number that a value is, when it is one of up to 18 digits.
fn number(value: &[u8]) -> Option<u64> {
    let is_number = (1..=18).contains(&value.len()) && value.iter().all(u8::is_ascii_digit);
    is_number.then(|| value.iter().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0')))
}

/// Reads the lines of a split by the record-boundary rule.
/// Gives the mapper, which has seen them all.
pub(super) fn each_line(
    run: &Looked<'_>,
    split: &Split,
    mut see: impl FnMut(&mut Mapper, FileId, Line<'_>),
) -> Mapper {
    let mut mapper = Mapper::new(&run.job.job);
    for piece in &split.pieces {
        let Some(mut reader) = piece.lines(run.files) else { continue };
        while let Peek::Line(line) = reader.peek() {
            see(&mut mapper, piece.file, line);
            reader.advance();
        }
    }
    mapper
}

pub(super) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::Conductor;
    use crate::lab::messages::{Command, CommandBody, SourceLine, Until, Update};
    use crate::scenario::{Content, Input, presets};

    /// The answer to a command, once it is there.
    fn done(conductor: &mut Conductor, body: CommandBody) -> Reply {
        let mut updates = conductor.handle(Command { id: 7, body }, None);
        loop {
            for update in updates {
                if let Update::Reply { id: 7, result } = update {
                    return result.unwrap();
                }
            }
            updates = conductor.work();
        }
    }

    fn finished(preset: &str) -> Conductor {
        let mut conductor = Conductor::new();
        let scenario = presets::named(preset).unwrap().scenario();
        done(&mut conductor, CommandBody::Start { run: 1, scenario: Box::new(scenario) });
        done(&mut conductor, CommandBody::Advance { run: 1, until: Until::End });
        while conductor.is_busy() {
            conductor.work();
        }
        conductor
    }

    fn ask(conductor: &mut Conductor, query: Query) -> Reply {
        done(conductor, CommandBody::Inspect { run: 1, query })
    }

    /// Each word's count is the number of pairs that its lines are traced to, on lines that have
    /// the word, from left to right.
    #[test]
    fn a_count_is_traced_to_as_many_pairs() {
        let mut conductor = finished("first-steps");
        let parts = vec![PartitionId(0), PartitionId(1)];
        let all = Query::Output { parts, search: String::new(), skip: 0, limit: 1_000 };
        let Reply::Records { records, total } = ask(&mut conductor, all) else { panic!("records") };
        assert!(records.len() as u64 == total && total > 20, "{total}");
        assert!(
            records
                .windows(2)
                .all(|two| number(two[0].value.as_bytes()) >= number(two[1].value.as_bytes()))
        );
        for record in records {
            let (part, key) = (record.partition, record.key.clone());
            let query = Query::Lineage { part, line: record.line(), from_map: 0 };
            let Reply::Lineage { found, lines, next_map, .. } = ask(&mut conductor, query) else {
                panic!("a lineage")
            };
            assert_eq!((found, next_map), (lines.len() as u64, None));
            let pairs: usize = lines.iter().map(|line| line.pairs.len()).sum();
            assert_eq!(record.value, pairs.to_string(), "{key}");
            for line in lines {
                let times = line.text.split(' ').filter(|word| *word == key).count();
                assert_eq!(times, line.pairs.len(), "{key} in {}", line.text);
                assert!(line.pairs.is_sorted() && line.pairs.iter().all(|pair| pair.1 == "1"));
            }
        }
    }

    /// Whether what became of a line has this record.
    fn leads_to(conductor: &mut Conductor, line: &SourceLine, record: &KeyValue) -> bool {
        let query = Query::Became { map: line.map, file: line.file, offset: line.offset };
        let Reply::Became { pairs } = ask(conductor, query) else { panic!("pairs") };
        let all = pairs.iter().all(|pair| pair.records.len() < 3);
        let of_part = || pairs.iter().filter(|pair| pair.partition == record.partition);
        assert!(of_part().all(|pair| pair.is_searched));
        !all || pairs.iter().any(|pair| pair.records.contains(record))
    }

    /// Whatever the job, each record of its output is traced to lines, and these back to it.
    #[test]
    fn each_record_of_each_job_is_traced_to_lines() {
        let mut untraced = Vec::new();
        let is_here = |preset: &&presets::Preset| match &preset.scenario().input {
            Input::Text(_) => true,
            Input::Files(files) => {
                files.iter().all(|file| matches!(file.content, Content::Text(_)))
            }
            Input::Builtin(_) | Input::File { .. } | Input::Made(_) | Input::Events(_) => false,
        };
        for preset in presets::PRESETS.iter().filter(is_here) {
            let mut conductor = finished(preset.name);
            let parts = (0..20).map(PartitionId).collect();
            let all = Query::Output { parts, search: String::new(), skip: 0, limit: 1_000 };
            let Reply::Records { records, .. } = ask(&mut conductor, all) else {
                panic!("records")
            };
            for record in records {
                let (part, line) = (record.partition, record.line());
                let query = Query::Lineage { part, line, from_map: 0 };
                let reply = ask(&mut conductor, query);
                let Reply::Lineage { found, lines, .. } = reply else { panic!("lines") };
                let back = lines.iter().all(|line| leads_to(&mut conductor, line, &record));
                if found == 0 || lines.iter().any(|line| line.pairs.is_empty()) || !back {
                    untraced.push(format!("{} {} {}", preset.name, record.key, record.value));
                }
            }
        }
        assert!(untraced.is_empty(), "{}: {:#?}", untraced.len(), untraced);
    }

    /// A value that is no number is shown as it is, and does not disturb the order.
    #[test]
    fn values_that_are_no_numbers_are_shown_as_they_are() {
        assert_eq!(split_line(b"mill\td001:2\td2"), (&b"mill"[..], &b"d001:2\td2"[..]));
        assert_eq!(split_line(b"mill"), (&b"mill"[..], &b""[..]));
        let numbers = [&b"17"[..], b"", b"-3", b"d001:2", b"9999999999999999999999"].map(number);
        assert_eq!(numbers, [Some(17), None, None, None, None]);
    }
}
