//! Secondary sort: a pair ((sensor, time), `time=value`) for each reading. The sort is by both
//! parts of the key, the partition and the group by the first alone, so that the values of a group
//! come in the order of their times without ever being in memory together.

use super::Emit;
use super::fields::{BadRecord, reading};
use super::mapper::{Scratch, emit_one};
use super::reducer::Lines;
use super::shape::write_text_and_int;
use std::io::Write;

/// Emits a reading.
pub(super) fn map(
    line: &[u8],
    from: usize,
    scratch: &mut Scratch,
    emit: &mut impl FnMut(&[u8], &[u8]) -> Emit,
) -> Result<Option<usize>, BadRecord> {
    let reading = reading(line)?;
    write_text_and_int(&mut scratch.key, reading.sensor, reading.time);
    scratch.value.clear();
    // Writing to memory does not fail.
    let _ = write!(scratch.value, "{}=", reading.time);
    scratch.value.extend_from_slice(reading.written);
    Ok(emit_one(from, (&scratch.key, &scratch.value), emit))
}

/// Begins a sensor's line.
pub(super) fn begin(sensor: &[u8], lines: &mut Lines<'_>) {
    lines.write(sensor);
    lines.write(b"\t");
}

/// Writes a reading behind those before it.
pub(super) fn take(value: &[u8], is_first: bool, lines: &mut Lines<'_>) {
    if !is_first {
        lines.write(b" ");
    }
    lines.write(value);
}
