//! What the coordinator does and knows: the job, its tasks, and what it heard.

use super::{CELLS_MAX, Misfit, REDUCES_MAX, count, place};
use crate::base::{AttemptId, MapIndex, NodeId, PartitionId, TaskId, TaskKind};
use crate::trace::event::{Event, Locality, Phase, SplitPiece, Volume};
use crate::trace::failure::LaunchReason;
use crate::trace::snapshot::{
    Attempt, Belief, Cell, Job, Output, Progress, ShuffleRow, Snapshot, Split, Task, TaskState,
    Verdict,
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
            failed: None,
        }));
        Ok(())
    }

    pub(super) fn split_planned(
        &mut self,
        event: &Event,
        map: MapIndex,
        pieces: Vec<SplitPiece>,
        hosts: &[NodeId],
    ) -> Result<(), Misfit> {
        let expected = count(&self.maps);
        if map.0 != expected {
            return Err(Misfit::OutOfOrder { what: "split", expected, found: map.0 });
        }
        check_size(expected.saturating_add(1), count(&self.reduces))?;
        self.check_nodes(hosts)?;
        for piece in &pieces {
            self.check_file(piece.file)?;
        }
        let offset = pieces.first().map_or(0, |piece| self.in_line(piece.file, piece.offset));
        let length = pieces.iter().map(|piece| piece.length).fold(0, u64::saturating_add);
        let split = Split { offset, length, pieces, hosts: hosts.to_vec() };
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
        let node = self.node_mut(node)?;
        let Belief { lost, barred, replicas_lost, .. } = node.belief;
        node.belief = Belief {
            heard_at,
            free_map_slots,
            free_reduce_slots,
            seq,
            lost,
            barred,
            replicas_lost,
        };
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
        id: AttemptId,
        node: NodeId,
        (locality, reason): (Option<Locality>, LaunchReason),
    ) -> Result<(), Misfit> {
        self.check_node(node)?;
        let task = self.task(id.task).ok_or(Misfit::NoTask(id.task))?;
        let (expected, found) = (count(&task.attempts), u32::from(id.number));
        if expected != found {
            return Err(Misfit::OutOfOrder { what: "attempt of this task", expected, found });
        }
        let task = self.task_mut(id.task)?;
        let living = task.attempts.iter().rfind(|attempt| attempt.is_living());
        let backs = living.filter(|_| reason == LaunchReason::Backup).map(|living| living.id);
        let fresh = fresh_attempt(event, id, node, locality);
        task.attempts.push(Rc::new(Attempt { reason, backs, ..fresh }));
        self.settle(id.task).map(|_| ())
    }

    /// A part of the output can be seen. A later attempt may commit it again, when the first died
    /// before the coordinator knew.
    pub(super) fn output_committed(
        &mut self,
        event: &Event,
        id: AttemptId,
        (part, volume): (PartitionId, Volume),
        visible: bool,
    ) -> Result<(), Misfit> {
        self.part_of(id, part)?;
        self.writer(event, id)?;
        let output = Rc::new(Output { part, attempt: id, volume, committed: event.stamp() });
        put(if visible { &mut self.outputs } else { &mut self.set_aside }, output);
        Ok(())
    }

    pub(super) fn part_published(
        &mut self,
        event: &Event,
        part: PartitionId,
    ) -> Result<(), Misfit> {
        let at = self.set_aside.binary_search_by_key(&part, |output| output.part);
        let aside = at.map_err(|_| Misfit::NoPart(part))?;
        let output = self.set_aside.remove(aside);
        put(&mut self.outputs, Rc::new(Output { committed: event.stamp(), ..(*output).clone() }));
        Ok(())
    }

    pub(super) fn job_finished(&mut self, event: &Event) -> Result<(), Misfit> {
        let job = self.job_mut()?;
        if job.over().is_some() {
            return Err(Misfit::Repeated("the job's end"));
        }
        job.finished = Some(event.stamp());
        Ok(())
    }

    /// Checks that an attempt is there to write a part.
    pub(super) fn writer(&mut self, event: &Event, id: AttemptId) -> Result<(), Misfit> {
        match id.task.kind {
            TaskKind::Map => self.map_attempt(event, id).map(|_| ()),
            TaskKind::Reduce => self.reduce_attempt(event, id).map(|_| ()),
        }
    }

    /// A reduce writes the part that has its number; without reduces a map does.
    pub(super) fn part_of(&self, id: AttemptId, part: PartitionId) -> Result<(), Misfit> {
        match id.task.kind {
            TaskKind::Reduce if id.task.index == part.0 => Ok(()),
            TaskKind::Map if id.task.index == part.0 && self.reduces.is_empty() => Ok(()),
            TaskKind::Reduce | TaskKind::Map => {
                Err(Misfit::WrongPart { attempt: id, part: part.0 })
            }
        }
    }

    pub(super) fn job_mut(&mut self) -> Result<&mut Job, Misfit> {
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
    Task {
        id,
        state: TaskState::Pending,
        split,
        attempts: Vec::new(),
        failures: (0, None),
        seq: event.seq,
    }
}

/// Puts a part among others, in the place of an earlier one of its number.
fn put(outputs: &mut Vec<Rc<Output>>, output: Rc<Output>) {
    match outputs.binary_search_by_key(&output.part, |output| output.part) {
        Ok(at) => outputs[at] = output,
        Err(at) => outputs.insert(at, output),
    }
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
        reason: LaunchReason::First,
        backs: None,
        locality,
        phase: Phase::Launch,
        phase_since: event.stamp(),
        phases: Vec::new(),
        ended: None,
        ending: None,
        verdict: Verdict::Running,
        heard: None,
        found_slow: None,
        reads_from: None,
        progress: Progress::default(),
        spills: Vec::new(),
        merges: Vec::new(),
        fetching: Vec::new(),
        fetched: Vec::new(),
        fetch_failures: 0,
        avoided: Vec::new(),
        written: None,
        segments: Rc::from([]),
        is_deleted: false,
        seq: event.seq,
    }
}
