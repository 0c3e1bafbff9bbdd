//! Where a mapper's pairs go: into the sort buffer, until that says stop; or, with no reducers,
//! straight into the output (`MapTask.NewDirectOutputCollector`).

use super::mapping::Stop;
use crate::mapreduce::JobConfig;
use crate::mapreduce::buffer::{INDEX_BYTES, SortBuffer};
use crate::mapreduce::job::{Emit, Shape};
use crate::trace::event::Volume;

/// Takes a mapper's pairs during one step.
pub(super) struct Sink<'a> {
    buffer: &'a mut SortBuffer,
    /// The output, when the pairs go there.
    output: Option<&'a mut Vec<u8>>,
    shape: Shape,
    /// Bytes of the buffer in use, those of a spill under way included.
    used: u64,
    /// How many it has, and at how many a spill begins: never, while one is under way.
    capacity: u64,
    threshold: u64,
    /// Bytes that may be emitted in this step.
    left: u64,
    /// What was emitted in this step.
    pub(super) emitted: Volume,
    /// Why it said stop.
    pub(super) stop: Stop,
}

impl<'a> Sink<'a> {
    /// A sink that takes `left` bytes. `frozen` is what a spill under way still takes up.
    pub(super) fn new(
        config: &JobConfig,
        (buffer, output): (&'a mut SortBuffer, &'a mut Vec<u8>),
        frozen: Option<u64>,
        left: u64,
    ) -> Sink<'a> {
        Sink {
            shape: buffer.shape(),
            used: frozen.unwrap_or(0) + buffer.accounted_bytes(),
            buffer,
            output: config.is_map_only().then_some(output),
            capacity: config.sort_buffer_bytes,
            threshold: frozen.map_or(config.spill_threshold(), |_| u64::MAX),
            left,
            emitted: Volume::default(),
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
        let used = self.used + bytes + INDEX_BYTES;
        if used > self.capacity && self.used > 0 {
            self.stop = Stop::NoRoom;
            return Emit::Refused;
        }
        self.buffer.push_sized(key, value, bytes);
        self.used = used;
        self.emitted.records += 1;
        self.emitted.bytes += bytes;
        if used >= self.threshold {
            self.stop = Stop::Threshold;
            return Emit::TakenStop;
        }
        if self.emitted.bytes >= self.left { Emit::TakenStop } else { Emit::Taken }
    }

    /// Writes a line of the output.
    fn write(&mut self, key: &[u8], value: &[u8]) -> Emit {
        let Some(output) = &mut self.output else { return Emit::Refused };
        let before = output.len();
        self.shape.write_line(key, value, output);
        self.emitted.records += 1;
        self.emitted.bytes += (output.len() - before) as u64;
        if self.emitted.bytes >= self.left { Emit::TakenStop } else { Emit::Taken }
    }
}
