//! What the coordinator does and knows: the job, its tasks, and what it heard.

use super::{CELLS_MAX, Misfit, REDUCES_MAX, count, place};
use crate::base::{AttemptId, MapIndex, NodeId, PartitionId, TaskId, TaskKind};
use crate::trace::event::{Counters, Event, Locality, Phase, Volume};
use crate::trace::snapshot::{
    Attempt, Belief, Cell, Job, Output, Progress, ShuffleRow, Snapshot, Split, Task, TaskState,
};
use std::rc::Rc;

impl Snapshot {
    /// The job makes its reduces pending; splits that were planned before get their cells.
    pub(super) fn job_submitted(
        &mut self,
        event: &Event,
        input_bytes: u64,
        reduces: u32,
    ) -> Result<(), Misfit> {
        if self.job.is_some() {
            return Err(Misfit::Repeated("the job's submission"));
        }
        check_size(count(&self.maps).max(1), reduces)?;
        for row in &mut self.shuffle {
            Rc::make_mut(row).cells = vec![Cell::default(); place(reduces)];
        }
        let pending = |index| Rc::new(pending_task(event, TaskId::reduce(index), None));
        self.reduces = (0..reduces).map(pending).collect();
        self.job = Some(Rc::new(Job {
            input_bytes,
            submitted_at: event.at,
            slow_start: None,
            maps_done: 0,
            reduces_done: 0,
            finished: None,
        }));
        Ok(())
    }

    pub(super) fn split_planned(
        &mut self,
        event: &Event,
        map: MapIndex,
        (offset, length): (u64, u64),
        hosts: &[NodeId],
    ) -> Result<(), Misfit> {
        let expected = count(&self.maps);
        if map.0 != expected {
            return Err(Misfit::OutOfOrder { what: "split", expected, found: map.0 });
        }
        check_size(expected.saturating_add(1), count(&self.reduces))?;
        self.check_nodes(hosts)?;
        let split = Split { offset, length, hosts: hosts.to_vec() };
        self.maps.push(Rc::new(pending_task(event, TaskId::map(map.0), Some(split))));
        let cells = vec![Cell::default(); self.reduces.len()];
        self.shuffle.push(Rc::new(ShuffleRow { map, source: None, cells }));
        Ok(())
    }

    pub(super) fn heartbeat_received(
        &mut self,
        event: &Event,
        node: NodeId,
        (free_map_slots, free_reduce_slots): (u32, u32),
    ) -> Result<(), Misfit> {
        let (heard_at, seq) = (Some(event.at), Some(event.seq));
        self.node_mut(node)?.belief = Belief { heard_at, free_map_slots, free_reduce_slots, seq };
        Ok(())
    }

    pub(super) fn slow_start_reached(&mut self, event: &Event) -> Result<(), Misfit> {
        self.job_mut()?.slow_start = Some(event.seq);
        Ok(())
    }

    /// A task was given to a node: a new attempt, which the node does not know of yet.
    pub(super) fn assigned(
        &mut self,
        event: &Event,
        kind: TaskKind,
        id: AttemptId,
        node: NodeId,
        locality: Option<Locality>,
    ) -> Result<(), Misfit> {
        if id.task.kind != kind {
            return Err(Misfit::WrongKind(id));
        }
        self.check_node(node)?;
        let task = self.task(id.task).ok_or(Misfit::NoTask(id.task))?;
        let (expected, found) = (count(&task.attempts), u32::from(id.number));
        if expected != found {
            return Err(Misfit::OutOfOrder { what: "attempt of this task", expected, found });
        }
        let task = self.task_mut(id.task)?;
        task.state = TaskState::Running;
        task.attempts.push(Rc::new(fresh_attempt(event, id, node, locality)));
        Ok(())
    }

    /// The coordinator knows that an attempt ended well. Where phases are not recorded this is
    /// also all that tells of its end on the node.
    pub(super) fn attempt_succeeded(
        &mut self,
        event: &Event,
        id: AttemptId,
        counters: &Counters,
    ) -> Result<(), Misfit> {
        let task = self.task(id.task).ok_or(Misfit::NoTask(id.task))?;
        if task.state == TaskState::Done {
            return Err(Misfit::Repeated("the task's success"));
        }
        if self.job.is_none() {
            return Err(Misfit::NoJob);
        }
        self.touched(event, id)?;
        self.end_on_node(event, id)?;
        self.task_mut(id.task)?.state = TaskState::Done;
        let job = self.job_mut()?;
        match id.task.kind {
            TaskKind::Map => job.maps_done = job.maps_done.saturating_add(1),
            TaskKind::Reduce => job.reduces_done = job.reduces_done.saturating_add(1),
        }
        Rc::make_mut(&mut self.counters).add(counters);
        Ok(())
    }

    /// A part of the output can be seen.
    pub(super) fn output_committed(
        &mut self,
        event: &Event,
        id: AttemptId,
        part: PartitionId,
        volume: Volume,
    ) -> Result<(), Misfit> {
        self.part_of(id, part)?;
        let Err(at) = self.outputs.binary_search_by_key(&part, |output| output.part) else {
            return Err(Misfit::Repeated("the commit of this part"));
        };
        self.reduce_attempt(event, id)?;
        let committed = event.stamp();
        self.outputs.insert(at, Rc::new(Output { part, attempt: id, volume, committed }));
        Ok(())
    }

    pub(super) fn job_finished(&mut self, event: &Event) -> Result<(), Misfit> {
        let job = self.job_mut()?;
        if job.finished.is_some() {
            return Err(Misfit::Repeated("the job's end"));
        }
        job.finished = Some(event.stamp());
        Ok(())
    }

    /// A reduce writes the part that has its number.
    pub(super) fn part_of(&self, id: AttemptId, part: PartitionId) -> Result<(), Misfit> {
        match id.task.kind {
            TaskKind::Reduce if id.task.index == part.0 => Ok(()),
            TaskKind::Reduce | TaskKind::Map => {
                Err(Misfit::WrongPart { attempt: id, part: part.0 })
            }
        }
    }

    fn job_mut(&mut self) -> Result<&mut Job, Misfit> {
        self.job.as_mut().map(Rc::make_mut).ok_or(Misfit::NoJob)
    }
}

/// A trace file may claim any numbers; memory is bounded.
fn check_size(maps: u32, reduces: u32) -> Result<(), Misfit> {
    if reduces > REDUCES_MAX || u64::from(maps) * u64::from(reduces) > CELLS_MAX {
        return Err(Misfit::TooLarge { maps, reduces });
    }
    Ok(())
}

fn pending_task(event: &Event, id: TaskId, split: Option<Split>) -> Task {
    Task { id, state: TaskState::Pending, split, attempts: Vec::new(), seq: event.seq }
}

fn fresh_attempt(
    event: &Event,
    id: AttemptId,
    node: NodeId,
    locality: Option<Locality>,
) -> Attempt {
    Attempt {
        id,
        node,
        assigned: event.stamp(),
        locality,
        phase: Phase::Launch,
        phase_since: event.stamp(),
        phases: Vec::new(),
        ended: None,
        reads_from: None,
        progress: Progress::default(),
        spills: Vec::new(),
        merges: Vec::new(),
        fetching: Vec::new(),
        written: None,
        seq: event.seq,
    }
}
