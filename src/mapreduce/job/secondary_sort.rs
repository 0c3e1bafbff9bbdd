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

/// The readings of one moment that are not yet written. The shuffle brings equal keys in no order,
/// so these are written in the order of their text.
#[derive(Clone, Debug, Default)]
pub(super) struct Moment {
    key: Vec<u8>,
    readings: Vec<Vec<u8>>,
    /// Whether the sensor's line has a reading already.
    begun: bool,
}

impl Moment {
    /// Begins a sensor's line.
    pub(super) fn begin(&mut self, sensor: &[u8], lines: &mut Lines<'_>) {
        self.begun = false;
        lines.write(sensor);
        lines.write(b"\t");
    }

    /// Takes a reading, and writes those before it when it is of another moment.
    pub(super) fn take(&mut self, key: &[u8], value: &[u8], lines: &mut Lines<'_>) {
        if self.key != key {
            self.write(lines);
            self.key = key.to_vec();
        }
        self.readings.push(value.to_vec());
    }

    /// Ends a sensor's line.
    pub(super) fn end(&mut self, lines: &mut Lines<'_>) {
        self.write(lines);
        lines.end();
    }

    fn write(&mut self, lines: &mut Lines<'_>) {
        self.readings.sort_unstable();
        for reading in self.readings.drain(..) {
            if std::mem::replace(&mut self.begun, true) {
                lines.write(b" ");
            }
            lines.write(&reading);
        }
    }
}
