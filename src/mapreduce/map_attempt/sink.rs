//! Where a mapper's pairs go: into the sort buffer, until that says stop; or, with no reducers,
//! straight into the output (`MapTask.NewDirectOutputCollector`).

use super::mapping::Stop;
use crate::mapreduce::JobConfig;
use crate::mapreduce::buffer::{INDEX_BYTES, SortBuffer};
use crate::mapreduce::job::{Emit, Shape};
use crate::trace::event::Counters;

/// Takes a mapper's pairs during one step.
pub(super) struct Sink<'a> {
    buffer: &'a mut SortBuffer,
    /// The output, when the pairs go there.
    output: Option<&'a mut Vec<u8>>,
    counters: &'a mut Counters,
    shape: Shape,
    /// Bytes of the buffer, and those at which a spill begins.
    capacity: u64,
    threshold: u64,
    /// Bytes that a spill under way still takes up; nothing while none is.
    frozen: Option<u64>,
    /// Bytes that may be emitted in this step, and that were.
    left: u64,
    pub(super) emitted: u64,
    /// Why it said stop.
    pub(super) stop: Stop,
}

impl<'a> Sink<'a> {
    /// A sink that takes so many bytes.
    pub(super) fn new(
        config: &JobConfig,
        (buffer, output): (&'a mut SortBuffer, &'a mut Vec<u8>),
        counters: &'a mut Counters,
        frozen: Option<u64>,
        left: u64,
    ) -> Sink<'a> {
        Sink {
            shape: buffer.shape(),
            buffer,
            output: config.is_map_only().then_some(output),
            counters,
            capacity: config.sort_buffer_bytes,
            threshold: config.spill_threshold(),
            frozen,
            left,
            emitted: 0,
            stop: Stop::Pause,
        }
    }

    /// Takes a pair, or refuses it when there is no room.
    #[inline]
    pub(super) fn take(&mut self, key: &[u8], value: &[u8]) -> Emit {
        if self.output.is_some() {
            return self.write(key, value);
        }
        let bytes = self.shape.serialized_bytes(key, value);
        let used = self.frozen.unwrap_or(0) + self.buffer.accounted_bytes();
        if used > 0 && used + bytes + INDEX_BYTES > self.capacity {
            self.stop = Stop::NoRoom;
            return Emit::Refused;
        }
        self.buffer.push_sized(key, value, bytes);
        self.counters.map_output_records += 1;
        self.counters.map_output_bytes += bytes;
        self.emitted += bytes;
        if self.frozen.is_none() && self.buffer.accounted_bytes() >= self.threshold {
            self.stop = Stop::Threshold;
            return Emit::TakenStop;
        }
        if self.emitted >= self.left { Emit::TakenStop } else { Emit::Taken }
    }
    /// Writes a line of the output. `MAP_OUTPUT_BYTES` counts only what goes into a buffer.
    fn write(&mut self, key: &[u8], value: &[u8]) -> Emit {
        let Some(output) = &mut self.output else { return Emit::Refused };
        let before = output.len();
        self.shape.write_line(key, value, output);
        self.emitted += (output.len() - before) as u64;
        self.counters.map_output_records += 1;
        if self.emitted >= self.left { Emit::TakenStop } else { Emit::Taken }
    }
}
