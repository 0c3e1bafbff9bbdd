//! Partitions, channels and watermarks.

use crate::base::Millis;
use crate::trace::event::{Event, Seq};
use crate::trace::fold::Misfit;
use crate::trace::snapshot::stream::{InputState, PartitionState, RecordState, StreamState};
use crate::trace::stream::{ElementId, Input, Partition, StreamEvent, Subtask};
use std::rc::Rc;

impl StreamState {
    pub(super) fn record_appended(
        &mut self,
        event: &Event,
        id: Partition,
        kind: &StreamEvent,
    ) -> Result<(), Misfit> {
        let StreamEvent::RecordAppended { record, offset, key, value, event_time, .. } = kind
        else {
            return Ok(());
        };
        let place = u32::try_from(self.records.len()).unwrap_or(u32::MAX);
        self.check_number(*record, place)?;
        let partition = self.partition_mut(id)?;
        let next = partition.log.len() as u64;
        if *offset != next {
            let [expected, found] = [next, *offset].map(|at| u32::try_from(at).unwrap_or(u32::MAX));
            return Err(Misfit::OutOfOrder { what: "offset", expected, found });
        }
        partition.log.push(*record);
        partition.seq = event.seq;
        if record.0 != place {
            Rc::make_mut(&mut self.strays).insert(*record, place);
        }
        if record.0 >= self.plan.records {
            self.to_inject -= 1;
        }
        self.records.push(Rc::new(RecordState {
            id: *record,
            place: (id, *offset),
            key: key.clone(),
            value: *value,
            event_time: *event_time,
            appended: event.stamp(),
            read: None,
            filtered: None,
            fates: Vec::new(),
        }));
        Ok(())
    }

    /// Records come in the order of their numbers, unless something was done to that; but none comes twice, and
    /// numbers beyond the plan's are of those that come by hand.
    fn check_number(&self, record: ElementId, place: u32) -> Result<(), Misfit> {
        let is_planned = record.0 < self.plan.records;
        let fits = match self.is_disturbed {
            false => is_planned && record.0 == place,
            true => self.record(record).is_none() && (is_planned || self.to_inject > 0),
        };
        let (what, expected, found) = ("record", place, record.0);
        if fits { Ok(()) } else { Err(Misfit::OutOfOrder { what, expected, found }) }
    }

    pub(super) fn record_read(
        &mut self,
        event: &Event,
        record: ElementId,
        subtask: Subtask,
        (index, offset): (u16, u64),
    ) -> Result<(), Misfit> {
        self.check_subtask(subtask)?;
        let id = Partition { source: subtask.operator, index };
        let partition = self.partition_mut(id)?;
        let place = usize::try_from(offset).unwrap_or(usize::MAX);
        if partition.log.get(place) != Some(&record) || offset != partition.read {
            let (what, found) = ("record to be read", record.0);
            let expected = u32::try_from(partition.read).unwrap_or(u32::MAX);
            return Err(Misfit::OutOfOrder { what, expected, found });
        }
        partition.read += 1;
        partition.seq = event.seq;
        self.touched(event, subtask)?;
        if let Some(record) = self.record_mut(record) {
            record.read = Some(event.stamp());
        }
        Ok(())
    }

    pub(super) fn watermark_advanced(
        &mut self,
        event: &Event,
        id: Subtask,
        (from, to): (Millis, Millis),
        held_by: Option<Input>,
    ) -> Result<(), Misfit> {
        let stands = self.subtask(id).ok_or(Misfit::NoSubtask(id))?.watermark;
        check_step(stands, from, to)?;
        let subtask = self.touched(event, id)?;
        subtask.watermark = Some(to);
        subtask.held_by = held_by;
        Ok(())
    }

    pub(super) fn input_advanced(
        &mut self,
        event: &Event,
        id: Subtask,
        input: Input,
        (from, to): (Millis, Millis),
    ) -> Result<(), Misfit> {
        let subtask = self.subtask(id).ok_or(Misfit::NoSubtask(id))?;
        let known = subtask.inputs.iter().find(|known| known.input == input);
        check_step(known.and_then(|known| known.watermark), from, to)?;
        self.on_partition(event, id, input, |partition| partition.watermark = Some(to))?;
        self.input(event, id, input)?.watermark = Some(to);
        Ok(())
    }

    pub(super) fn input_turned(
        &mut self,
        event: &Event,
        id: Subtask,
        input: Input,
        idle: Option<Seq>,
    ) -> Result<(), Misfit> {
        self.check_subtask(id)?;
        self.on_partition(event, id, input, |partition| partition.idle = idle)?;
        self.input(event, id, input)?.idle = idle;
        Ok(())
    }

    pub(super) fn partition_held(
        &mut self,
        event: &Event,
        id: Subtask,
        partition: u16,
        paused: Option<Seq>,
    ) -> Result<(), Misfit> {
        self.check_subtask(id)?;
        let input = Input::Partition(partition);
        self.on_partition(event, id, input, |partition| partition.paused = paused)?;
        self.touched(event, id).map(|_| ())
    }

    /// What a subtask knows of an input, to change; it is listed once it has spoken.
    fn input(
        &mut self,
        event: &Event,
        id: Subtask,
        input: Input,
    ) -> Result<&mut InputState, Misfit> {
        let inputs = &mut self.touched(event, id)?.inputs;
        let place = inputs.iter().position(|known| known.input == input);
        let place = place.unwrap_or_else(|| {
            inputs.push(InputState { input, watermark: None, idle: None });
            inputs.len() - 1
        });
        Ok(&mut inputs[place])
    }

    /// Changes the partition that an input is, if it is one.
    fn on_partition(
        &mut self,
        event: &Event,
        id: Subtask,
        input: Input,
        change: impl FnOnce(&mut PartitionState),
    ) -> Result<(), Misfit> {
        match input {
            Input::Channel(_) => {}
            Input::Partition(index) => {
                let partition = self.partition_mut(Partition { source: id.operator, index })?;
                change(partition);
                partition.seq = event.seq;
            }
        }
        Ok(())
    }

    pub(super) fn partition_mut(&mut self, id: Partition) -> Result<&mut PartitionState, Misfit> {
        let found = self.partitions.iter_mut().find(|partition| partition.id == id);
        found.map(Rc::make_mut).ok_or(Misfit::NoPartition(id))
    }
}

/// A watermark goes on from where it stands; the first one comes from minus infinity.
fn check_step(stands: Option<Millis>, from: Millis, to: Millis) -> Result<(), Misfit> {
    let stands = stands.unwrap_or(Millis::MIN);
    if from == stands && to > from { Ok(()) } else { Err(Misfit::Watermark { stands, from, to }) }
}
