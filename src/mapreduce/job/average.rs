//! The mean of each sensor's values, twice: from sums and counts, which may be added up in any
//! order and grouping, and from means, which may not. Fixed-point: thousandths, and a mean is
//! rounded once, at the end.

use super::Emit;
use super::combiner::mean;
use super::fields::{BadRecord, reading};
use super::mapper::emit_one;
use super::reducer::Lines;
use super::shape::{read_long, read_sum_and_count, show_thousandths, write_sum_and_count};

/// Emits a reading as a sum of one.
pub(super) fn map(
    line: &[u8],
    from: usize,
    emit: &mut impl FnMut(&[u8], &[u8]) -> Emit,
) -> Result<Option<usize>, BadRecord> {
    let reading = reading(line)?;
    let value = write_sum_and_count(reading.thousandths, 1);
    Ok(emit_one(from, (reading.sensor, &value), emit))
}

/// Emits a reading as it is.
pub(super) fn map_naively(
    line: &[u8],
    from: usize,
    emit: &mut impl FnMut(&[u8], &[u8]) -> Emit,
) -> Result<Option<usize>, BadRecord> {
    let reading = reading(line)?;
    Ok(emit_one(from, (reading.sensor, &reading.thousandths.to_be_bytes()), emit))
}

/// Adds a sum to the group's.
pub(super) fn take(value: &[u8], sum: &mut i128, count: &mut u64) {
    let (more, times) = read_sum_and_count(value);
    *sum += i128::from(more);
    *count += u64::from(times);
}

/// Adds a reading, or what the combiner made of several, as if it were one.
pub(super) fn take_naively(value: &[u8], sum: &mut i128, count: &mut u64) {
    *sum += i128::from(read_long(value));
    *count += 1;
}

/// Writes a sensor's mean.
pub(super) fn end(sensor: &[u8], sum: i128, count: u64, lines: &mut Lines<'_>) {
    lines.pair(sensor, show_thousandths(mean(sum, count).into()).as_bytes());
}
