//! Lineage, computed anew: which lines a record of the output was made from, and what became of a
//! line. The splits are mapped again as the maps did; who handled what is in the snapshot.

use super::inspect::{Looked, each_line, missing, text};
use super::messages::{BecamePair, KeyValue, LabError, Reply, SourceLine};
use crate::base::{FileId, PartitionId};
use crate::mapreduce::Split;
use crate::mapreduce::job::{Emit, Mapper, Record};
use crate::mapreduce::reader::Line;

/// The most lines of an answer.
const SOURCES_MAX: usize = 200;

/// Bytes of splits after which a search pauses, so that no call runs long.
const SEARCHED_BYTES_MAX: u64 = 2 << 20;

/// Bytes of a part that are searched for what became of a line.
const PART_BYTES_MAX: usize = 2 << 20;

/// The most records that are told of one pair.
const RECORDS_MAX: usize = 3;

/// A record of the output that is asked for.
pub(super) struct Wanted<'a> {
    /// The part that it lies in.
    pub(super) part: PartitionId,
    /// Its line, without the end.
    pub(super) line: &'a [u8],
}

/// Maps split after split anew, as the maps did, and keeps the lines that emit pairs which have a
/// part in the record.
pub(super) fn sources(run: &Looked<'_>, wanted: &Wanted<'_>, from_map: u32) -> Reply {
    let (mut found, mut maps, mut lines, mut searched) = (0, Vec::new(), Vec::new(), 0);
    for (map, split) in (0..).zip(run.splits).skip(from_map as usize) {
        if searched >= SEARCHED_BYTES_MAX {
            return Reply::Lineage { found, maps, lines, next_map: Some(map) };
        }
        // What maps write themselves they write to their own part.
        if run.job.is_map_only() && map != wanted.part.0 {
            continue;
        }
        searched += split.pieces.iter().map(|piece| piece.length).sum::<u64>();
        let here = sources_in(run, (map, split), wanted, &mut lines);
        maps.extend((here > 0).then_some(map));
        found += here;
    }
    Reply::Lineage { found, maps, lines, next_map: None }
}

fn sources_in(
    run: &Looked<'_>,
    (map, split): (u32, &Split),
    wanted: &Wanted<'_>,
    lines: &mut Vec<SourceLine>,
) -> u64 {
    let (first, mut found, mut emitted) = (lines.len(), 0, 0);
    let mut mapper = each_line(run, split, |mapper, file, line| {
        let Some(pairs) = pairs_of(run, mapper, (file, line), wanted, &mut emitted) else {
            return;
        };
        found += 1;
        if lines.len() < SOURCES_MAX {
            let (offset, text) = (line.start, text(line.text));
            lines.push(SourceLine { map, file, offset, text, pairs });
        }
    });
    if run.job.job.emits_at_end() {
        let pairs = at_end(run, &mut mapper, wanted, emitted);
        lines[first..].iter_mut().for_each(|line| line.pairs.clone_from(&pairs));
    }
    found
}

/// The pairs of a line that have a part in the record; nothing when none has. Counts all that are
/// emitted.
fn pairs_of(
    run: &Looked<'_>,
    mapper: &mut Mapper,
    (file, line): (FileId, Line<'_>),
    wanted: &Wanted<'_>,
    emitted: &mut u64,
) -> Option<Vec<(u64, String)>> {
    let record = Record { file: file.0, offset: line.start, text: line.text };
    let mut pairs = Vec::new();
    // What an attempt can't read it fails at, and makes no record of.
    mapper.map(record, 0, &mut collector(run, wanted, emitted, &mut pairs)).ok()?;
    if run.job.job.emits_at_end() {
        return kept_alone(run, record, wanted).then(Vec::new);
    }
    (!pairs.is_empty()).then_some(pairs)
}

/// What the mapper emits of the lines that it kept.
fn at_end(
    run: &Looked<'_>,
    mapper: &mut Mapper,
    wanted: &Wanted<'_>,
    mut emitted: u64,
) -> Vec<(u64, String)> {
    let mut pairs = Vec::new();
    mapper.finish(0, &mut collector(run, wanted, &mut emitted, &mut pairs));
    pairs
}

/// Whether a mapper that sees this line alone emits a pair at its end that has a part.
fn kept_alone(run: &Looked<'_>, record: Record<'_>, wanted: &Wanted<'_>) -> bool {
    let mut mapper = Mapper::new(&run.job.job);
    let ignored = mapper.map(record, 0, &mut |_, _| Emit::Taken);
    ignored.is_ok() && !at_end(run, &mut mapper, wanted, 0).is_empty()
}

fn collector<'a>(
    run: &'a Looked<'_>,
    wanted: &'a Wanted<'_>,
    emitted: &'a mut u64,
    pairs: &'a mut Vec<(u64, String)>,
) -> impl FnMut(&[u8], &[u8]) -> Emit + 'a {
    let (is_map_only, shape) = (run.job.is_map_only(), run.job.job.shape());
    move |key, value| {
        let is_in_part = is_map_only || run.job.partition(key) == wanted.part;
        if is_in_part && run.job.job.has_part((key, value), wanted.line) {
            pairs.push((*emitted, shape.show_value(value)));
        }
        *emitted += 1;
        Emit::Taken
    }
}

/// What became of the line of a map that begins here: its pairs, and the records of the committed
/// output that they have a part in.
///
/// # Errors
/// When the map has no such line.
pub(super) fn became(
    run: &Looked<'_>,
    map: u32,
    (file, offset): (FileId, u64),
) -> Result<Reply, LabError> {
    let split = run.splits.get(map as usize).ok_or_else(|| missing(&format!("map {map}")))?;
    let (mut pairs, mut emitted, mut is_there) = (Vec::new(), 0, false);
    each_line(run, split, |mapper, of, line| {
        let record = Record { file: of.0, offset: line.start, text: line.text };
        let is_it = of == file && line.start == offset;
        is_there |= is_it;
        let mut emit = |key: &[u8], value: &[u8]| {
            if is_it {
                pairs.push((emitted, key.to_vec(), value.to_vec()));
            }
            emitted += 1;
            Emit::Taken
        };
        // A line that can't be read fails its attempts, and becomes nothing.
        let read = mapper.map(record, 0, &mut emit);
        if is_it && read.is_ok() && run.job.job.emits_at_end() {
            let mut alone = Mapper::new(&run.job.job);
            let kept = alone.map(record, 0, &mut |_, _| Emit::Taken);
            if kept.is_ok() {
                alone.finish(0, &mut |key, value| {
                    pairs.push((emitted, key.to_vec(), value.to_vec()));
                    Emit::Taken
                });
            }
        }
    });
    if !is_there {
        return Err(missing(&format!("a line at byte {offset} of map {map}")));
    }
    let pairs = pairs.iter().map(|(place, key, value)| {
        let partition =
            if run.job.is_map_only() { PartitionId(map) } else { run.job.partition(key) };
        became_pair(run, *place, (key, value), partition)
    });
    Ok(Reply::Became { pairs: pairs.collect() })
}

fn became_pair(
    run: &Looked<'_>,
    place: u64,
    (key, value): (&[u8], &[u8]),
    partition: PartitionId,
) -> BecamePair {
    let shape = run.job.job.shape();
    let part = run.output.parts().get(&partition);
    let bytes = part.map_or(&[][..], |part| &part.bytes);
    let searched = &bytes[..bytes.len().min(PART_BYTES_MAX)];
    let lines = searched.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let made = lines.filter(|line| run.job.job.has_part((key, value), line));
    let record = |line: &[u8]| {
        let (key, value) = super::inspect::split_line(line);
        KeyValue { key: text(key), value: text(value), partition }
    };
    BecamePair {
        place,
        key: shape.show_key(key),
        value: shape.show_value(value),
        partition,
        records: made.take(RECORDS_MAX).map(record).collect(),
        is_searched: part.is_some() && searched.len() == bytes.len(),
    }
}
