//! What a spill does with the buffer's content: sort, combine, write.

use super::pairs::Pairs;
use super::told::{Told, row, segment_rows, word};
use crate::base::PartitionId;
use crate::lab::messages::zoom::{BufferUse, Combined, Did, ROWS_MAX, Rows};
use crate::mapreduce::JobConfig;
use crate::mapreduce::segment::Segment;
use crate::mapreduce::spill::SpillRun;
use crate::trace::event::Volume;

/// Steps that a spill has at the most, beside its beginning and its end.
const STEPS: u64 = 3;

/// Values of a key that are shown of those that a combiner read.
const VALUES_MAX: usize = 24;

/// Tells of a spill that is written: its order, what the combiner did, its segments.
pub(super) fn tell(
    told: &mut Told,
    config: &JobConfig,
    (spill, run): (u32, &SpillRun),
    arrived: &Pairs,
    buffer: Option<BufferUse>,
) {
    let is_seen = told.wants_soon(STEPS);
    let written = if is_seen { run.written() } else { Vec::new() };
    let (shape, before) = (config.job.shape(), run.before());
    let after: Volume = written.iter().map(Segment::volume).sum();
    let combines = config.combines();
    let sorted = match (is_seen, combines) {
        (false, _) => None,
        (true, false) => Some(written.clone()),
        (true, true) => arrived.sorted(config),
    };
    told.tell(buffer, |from| {
        let rows = sorted.as_ref().map(|all| segment_rows(shape, all, PartitionId(0), from));
        let rows = rows.unwrap_or(Rows { total: before.records, from, rows: Vec::new() });
        Did::Sort { spill, rows }
    });
    if combines {
        told.tell(buffer, |from| {
            let groups = combined(config, sorted.as_deref(), &written, from);
            Did::Combine { spill, before, after, groups, all_groups: after.records }
        });
    }
    told.tell(buffer, |from| Did::WriteSpill {
        spill,
        segments: written.iter().map(Segment::volume).collect(),
        rows: segment_rows(shape, &written, PartitionId(0), from),
    });
}

/// A page of the combiner's keys: what went in, where that is known, and what came out.
fn combined(
    config: &JobConfig,
    before: Option<&[Segment]>,
    after: &[Segment],
    from: u64,
) -> Vec<Combined> {
    let shape = config.job.shape();
    let (mut groups, mut place) = (Vec::new(), 0);
    for (partition, written) in (0..).map(PartitionId).zip(after) {
        let mut input = before.and_then(|all| all.get(partition.0 as usize)).map(Segment::reader);
        let mut has_input = input.as_mut().is_some_and(|reader| reader.advance());
        let mut output = written.reader();
        while output.advance() {
            let (mut values, mut count) = (Vec::new(), 0);
            while let Some(reader) = input.as_mut().filter(|_| has_input)
                && reader.key() == output.key()
            {
                if values.len() < VALUES_MAX {
                    values.push(word(shape.show_value(reader.value())));
                }
                count += 1;
                has_input = reader.advance();
            }
            if (from..from + ROWS_MAX).contains(&place) {
                let pair = (output.key(), output.value());
                let out = row(shape, pair, Some(partition), None);
                let (key, result) = (out.key, out.value);
                groups.push(Combined { partition, key, values, count, result });
            }
            place += 1;
        }
    }
    groups
}
