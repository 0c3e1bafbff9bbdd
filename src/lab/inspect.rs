//! Looking into the data of a run: what lies in a block, a split, a segment, a part.

use super::messages::{EmittedPair, KeyValue, LabError, MappedLine, Query, Reply};
use crate::base::{AttemptId, BlockId, FileId, Files, PartitionId};
use crate::mapreduce::job::{Emit, Mapper, Record};
use crate::mapreduce::messages::{BlockAt, Served, Source};
use crate::mapreduce::output::OutputFolder;
use crate::mapreduce::reader::{Line, LineReader, Peek};
use crate::mapreduce::{JobConfig, NodeAgent, Split};
use std::cmp::Reverse;
use std::ops::Range;

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
    }
}

fn page(skip: u64, limit: u32) -> Range<u64> {
    skip..skip.saturating_add(u64::from(limit.min(LIMIT_MAX)))
}

fn missing(what: &str) -> LabError {
    LabError { field: None, message: format!("{what} is not in this run") }
}

fn block_text(run: &Looked<'_>, block: BlockId) -> Result<Reply, LabError> {
    let found = run.blocks.iter().find(|found| found.id == block);
    let found = found.ok_or_else(|| missing(&format!("block {}", block.0)))?;
    let (file, offset, length) = (found.file, found.offset, found.length.min(TEXT_BYTES_MAX));
    let bytes = run.files.slice(file, offset, length).unwrap_or_default();
    Ok(Reply::Block { offset, text: text(&bytes) })
}

fn map_records(run: &Looked<'_>, map: u32, page: Range<u64>) -> Result<Reply, LabError> {
    let split = run.splits.get(map as usize).ok_or_else(|| missing(&format!("map {map}")))?;
    let mut mapper = Mapper::new(&run.job.job);
    let mut total = 0;
    let mut lines = Vec::new();
    for piece in &split.pieces {
        let Some(file) = run.files.get(piece.file) else { continue };
        let mut reader = LineReader::new(piece.offset, piece.end(), file.length());
        let rest = run.files.slice(piece.file, piece.offset, file.length() - piece.offset);
        reader.feed(rest.unwrap_or_default());
        while let Peek::Line(line) = reader.peek() {
            let mapped = mapped(run, &mut mapper, (piece.file, line));
            if page.contains(&total) {
                lines.push(mapped);
            }
            total += 1;
            reader.advance();
        }
    }
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

/// A line of the output: its count first, since by that they are sorted, and then its place, so
/// that lines without a count stay as they are written.
type Ranked<'a> = (Reverse<u64>, u32, &'a [u8], &'a [u8], PartitionId);

fn output(run: &Looked<'_>, parts: &[PartitionId], search: &str, page: Range<u64>) -> Reply {
    let committed = run.output.parts();
    let mut found: Vec<Ranked<'_>> = Vec::new();
    for part in parts {
        let Some(committed) = committed.get(part) else { continue };
        let lines = committed.bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let finder = memchr::memmem::Finder::new(search.as_bytes());
        for line in lines {
            let (key, value) = split_line(line);
            if finder.find(key).is_some() {
                let count = number(value);
                // Counts of the same size are in the order of their words.
                let place = if count.is_some() { 0 } else { found.len() };
                let place = u32::try_from(place).unwrap_or(u32::MAX);
                found.push((Reverse(count.unwrap_or(0)), place, key, value, *part));
            }
        }
    }
    let total = found.len() as u64;
    let end = usize::try_from(page.end).unwrap_or(usize::MAX).min(found.len());
    let start = usize::try_from(page.start).unwrap_or(usize::MAX).min(end);
    if end > 0 && end < found.len() {
        found.select_nth_unstable(end - 1);
    }
    found.truncate(end);
    found.sort_unstable();
    let record = |(_, _, key, value, partition): &Ranked<'_>| KeyValue {
        key: text(key),
        value: text(value),
        partition: *partition,
    };
    let records = found[start..].iter().map(record).collect();
    Reply::Records { total, records }
}

/// Key and value of a line, with the first tab between them.
fn split_line(line: &[u8]) -> (&[u8], &[u8]) {
    let tab = memchr::memchr(b'\t', line).unwrap_or(line.len());
    (&line[..tab], line.get(tab + 1..).unwrap_or_default())
}

/// A count; nothing when it is none.
fn number(digits: &[u8]) -> Option<u64> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
