//! What is appended to the topics that a job reads: records of the input, and records by hand.

use super::{Job, Sending};
use crate::base::fault::LogPartition;
use crate::base::{Level, Millis};
use crate::streaming::job::spec::Record;
use crate::streaming::log::partition_of;
use crate::trace::stream::{ElementId, Partition, StreamEvent};
use crate::trace::{Cause, EventKind, Recorder};
use std::rc::Rc;

impl Job {
    /// A record of the input is appended to its partition, and read if it may be. `cause` is what had it come
    /// now, where that was not planned.
    pub fn append(
        &mut self,
        record: u32,
        (now, cause): (Millis, Cause),
        recorder: &mut Recorder,
    ) -> Vec<Sending> {
        let Some(of) = self.records.get(record as usize).cloned() else { return Vec::new() };
        let Some(partition) = self.places.get(record as usize).copied() else { return Vec::new() };
        self.append_to(partition, (record, of), (now, cause), recorder)
    }

    /// A record that was not planned is appended to a partition, and read if it may be. It is numbered as results
    /// are.
    pub fn inject(
        &mut self,
        partition: Partition,
        record: Record,
        at: (Millis, Cause),
        recorder: &mut Recorder,
    ) -> Vec<Sending> {
        let id = self.next_result;
        self.next_result += 1;
        self.injected.insert(id, record.clone());
        self.append_to(partition, (id, record), at, recorder)
    }

    fn append_to(
        &mut self,
        partition: Partition,
        (id, record): (u32, Record),
        (now, cause): (Millis, Cause),
        recorder: &mut Recorder,
    ) -> Vec<Sending> {
        let Partition { source, index } = partition;
        let Some(topic) = self.topics.get_mut(&source) else { return Vec::new() };
        let offset = topic.append_to(index, id);
        let Record { key, value, event_time, .. } = record;
        let cause = recorder.record(Level::Records, None, cause, || {
            let record = ElementId(id);
            EventKind::Stream(StreamEvent::RecordAppended {
                record,
                partition,
                offset,
                key,
                value,
                event_time,
                clock: now,
            })
        });
        let task = self.reader(source, index);
        self.read(task, index, (now, cause), recorder)
    }

    /// The input, in the order in which it was to arrive.
    pub fn records(&self) -> &Rc<Vec<Record>> {
        &self.records
    }

    /// The partition of each record of the input.
    pub fn places(&self) -> &[Partition] {
        &self.places
    }

    /// A partition by its source's place among the sources, and the one that a key goes to where none is named.
    pub fn partition(&self, named: Option<LogPartition>, key: &str) -> Option<Partition> {
        let (source, topic) =
            self.topics.iter().nth(named.map_or(0, |of| usize::from(of.source)))?;
        let index = match named {
            Some(of) => of.index,
            None if key.is_empty() => 0,
            None => {
                let index = partition_of(key.as_bytes(), u32::from(topic.partitions()));
                u16::try_from(index).unwrap_or(0)
            }
        };
        (index < topic.partitions()).then_some(Partition { source: *source, index })
    }
}
