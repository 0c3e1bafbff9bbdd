//! How the events of a stream job change its state.

mod faults;
mod inputs;
mod windows;

use super::Misfit;
use crate::base::Time;
use crate::trace::event::{Event, Seq};
use crate::trace::snapshot::Snapshot;
use crate::trace::snapshot::stream::{
    Flight, OracleDifference, PartitionState, Received, StreamState, SubtaskState,
};
use crate::trace::stream::{
    ElementId, JobPlan, LedgerCounts, OperatorId, Partition, StreamEvent, Subtask,
};
use std::rc::Rc;

/// The most subtasks, and partitions, of a plan.
const PARTS_MAX: usize = 100_000;

impl Snapshot {
    pub(super) fn apply_stream(&mut self, event: &Event, kind: &StreamEvent) -> Result<(), Misfit> {
        if let StreamEvent::JobStarted { plan } = kind {
            if self.stream.is_some() {
                return Err(Misfit::Repeated("the stream job"));
            }
            self.stream = Some(Rc::new(begin(event.stamp(), plan)?));
            return Ok(());
        }
        let state = self.stream.as_mut().ok_or(Misfit::NoStream)?;
        Rc::make_mut(state).apply(event, kind)
    }
}

/// The state of a job of which only the plan is known.
fn begin(started: (Time, Seq), plan: &JobPlan) -> Result<StreamState, Misfit> {
    check(plan)?;
    let seq = started.1;
    let subtasks = |operator: OperatorId, parallelism: u16| {
        (0..parallelism).map(|index| fresh(Subtask { operator, index }, seq)).collect()
    };
    let partitions = plan.operators.iter().flat_map(|operator| {
        (0..operator.partitions).map(|index| Partition { source: operator.id, index })
    });
    let partition = |id| PartitionState {
        id,
        log: Vec::new(),
        read: 0,
        watermark: None,
        idle: None,
        paused: None,
        silent: None,
        missing: None,
        pace: None,
        seq,
    };
    Ok(StreamState {
        plan: Rc::new(plan.clone()),
        started,
        partitions: partitions.map(|id| Rc::new(partition(id))).collect(),
        records: Vec::new(),
        strays: Rc::default(),
        is_disturbed: false,
        to_inject: 0,
        subtasks: plan.operators.iter().map(|of| subtasks(of.id, of.parallelism)).collect(),
        flights: Rc::default(),
        panes: Vec::new(),
        received: Vec::new(),
        ledger: LedgerCounts::default(),
        differences: Vec::new(),
        finished: None,
    })
}

fn fresh(id: Subtask, seq: Seq) -> Rc<SubtaskState> {
    Rc::new(SubtaskState {
        id,
        watermark: None,
        held_by: None,
        inputs: Vec::new(),
        windows: std::collections::BTreeMap::new(),
        timers: Vec::new(),
        size: (0, 0, 0),
        seq,
    })
}

fn check(plan: &JobPlan) -> Result<(), Misfit> {
    let in_order = (0..).zip(&plan.operators).all(|(place, of)| of.id == OperatorId(place));
    if !in_order || plan.operators.is_empty() {
        return Err(Misfit::NoPlan("operators are numbered from 0"));
    }
    let parts = |of: fn(&crate::trace::stream::OperatorPlan) -> u16| -> usize {
        plan.operators.iter().map(|operator| usize::from(of(operator))).sum()
    };
    if parts(|of| of.parallelism).max(parts(|of| of.partitions)) > PARTS_MAX {
        return Err(Misfit::NoPlan("it has too many subtasks or partitions"));
    }
    let count = plan.operators.len();
    let forward = |from: OperatorId, to: OperatorId| from < to && usize::from(to.0) < count;
    if plan.edges.iter().all(|edge| forward(edge.from, edge.to)) {
        Ok(())
    } else {
        Err(Misfit::NoPlan("an edge leads backwards, or to no operator"))
    }
}

impl StreamState {
    #[expect(clippy::too_many_lines, reason = "a closed enum, one arm a kind")]
    fn apply(&mut self, event: &Event, kind: &StreamEvent) -> Result<(), Misfit> {
        use StreamEvent as S;
        match kind {
            S::JobStarted { .. } => Err(Misfit::Repeated("the stream job")),
            S::RecordAppended { partition, .. } => self.record_appended(event, *partition, kind),
            S::RecordRead { record, subtask, partition, offset, .. } => {
                self.record_read(event, *record, *subtask, (*partition, *offset))
            }
            S::ElementMapped { subtask, .. } => self.touched(event, *subtask).map(|_| ()),
            S::ElementFiltered { element, subtask, .. } => {
                self.touched(event, *subtask)?;
                if let Some(record) = self.record_mut(*element) {
                    record.filtered = Some(event.seq);
                }
                Ok(())
            }
            S::WatermarkAdvanced { subtask, from, to, held_by } => {
                self.watermark_advanced(event, *subtask, (*from, *to), *held_by)
            }
            S::InputAdvanced { subtask, input, from, to } => {
                self.input_advanced(event, *subtask, *input, (*from, *to))
            }
            S::InputIdle { subtask, input, .. } => {
                self.input_turned(event, *subtask, *input, Some(event.seq))
            }
            S::InputActive { subtask, input } => self.input_turned(event, *subtask, *input, None),
            S::NeverArrived { partition, records } => {
                self.never_arrived(event, *partition, *records)
            }
            S::PartitionPaused { subtask, partition, .. } => {
                self.partition_held(event, *subtask, *partition, Some(event.seq))
            }
            S::PartitionResumed { subtask, partition, .. } => {
                self.partition_held(event, *subtask, *partition, None)
            }
            S::Sent { from, to, what, latency } => {
                self.check_subtask(*to)?;
                self.touched(event, *from)?;
                let flights = Rc::make_mut(&mut self.flights);
                flights.retain(|flight| flight.arrives >= event.at);
                let (from, to, what) = (*from, *to, *what);
                let (sent, arrives) = (event.stamp(), event.at + *latency);
                flights.push(Flight { from, to, what, sent, arrives });
                Ok(())
            }
            S::WindowsAssigned { .. } => self.windows_assigned(event, kind),
            S::WindowsMerged { subtask, key, from, into } => {
                self.windows_merged(event, *subtask, key, (from, *into))
            }
            S::TimerSet { subtask, .. } => self.timer_set(event, *subtask, kind),
            S::TimerFired { subtask, .. } => self.timer_fired(event, *subtask, kind),
            S::PaneFired { .. } => self.pane_fired(event, kind),
            S::RecordDropped { subtask, element, key, window, .. } => {
                self.record_dropped(event, *subtask, (*element, key), *window)
            }
            S::LateOutput { subtask, .. }
            | S::Joined { subtask, .. }
            | S::Emitted { subtask, .. } => self.touched(event, *subtask).map(|_| ()),
            S::WindowForgotten { subtask, key, window, .. } => {
                self.window_forgotten(event, *subtask, key, *window)
            }
            S::StateChanged { subtask, keys, windows, timers } => {
                self.touched(event, *subtask)?.size = (*keys, *windows, *timers);
                Ok(())
            }
            S::SinkReceived { .. } => self.sink_received(event, kind),
            S::JobFinished { windows, equal, .. } => {
                if self.finished.is_some() {
                    return Err(Misfit::Repeated("the end of the job"));
                }
                self.finished = Some((event.stamp(), (*windows, *equal)));
                Ok(())
            }
            S::OracleDiffers { .. } => self.oracle_differs(event, kind),
        }
    }

    fn sink_received(&mut self, event: &Event, kind: &StreamEvent) -> Result<(), Misfit> {
        let StreamEvent::SinkReceived {
            subtask,
            element,
            key,
            content,
            event_time,
            window,
            retraction,
        } = kind
        else {
            return Ok(());
        };
        self.touched(event, *subtask)?;
        self.received.push(Rc::new(Received {
            subtask: *subtask,
            element: *element,
            key: key.clone(),
            content: content.clone(),
            event_time: *event_time,
            window: *window,
            retraction: *retraction,
            received: event.stamp(),
        }));
        Ok(())
    }

    fn oracle_differs(&mut self, event: &Event, kind: &StreamEvent) -> Result<(), Misfit> {
        let StreamEvent::OracleDiffers { operator, key, window, verdict, batch, stream, elements } =
            kind
        else {
            return Ok(());
        };
        self.check_subtask(Subtask::first(*operator))?;
        self.differences.push(Rc::new(OracleDifference {
            operator: *operator,
            key: key.clone(),
            window: *window,
            verdict: *verdict,
            batch: batch.clone(),
            stream: stream.clone(),
            elements: elements.clone(),
            seq: event.seq,
        }));
        Ok(())
    }

    fn check_subtask(&self, id: Subtask) -> Result<(), Misfit> {
        self.subtask(id).map(|_| ()).ok_or(Misfit::NoSubtask(id))
    }

    /// Our own copy of a subtask, to change, marked as touched by the event. Whatever can go wrong with the
    /// event otherwise must be checked before.
    fn touched(&mut self, event: &Event, id: Subtask) -> Result<&mut SubtaskState, Misfit> {
        let subtasks = self.subtasks.get_mut(usize::from(id.operator.0));
        let found = subtasks.and_then(|subtasks| subtasks.get_mut(usize::from(id.index)));
        let subtask = found.map(Rc::make_mut).ok_or(Misfit::NoSubtask(id))?;
        subtask.seq = event.seq;
        Ok(subtask)
    }

    fn record_mut(
        &mut self,
        id: ElementId,
    ) -> Option<&mut crate::trace::snapshot::stream::RecordState> {
        let place = self.place_of(id)?;
        self.records.get_mut(place).map(Rc::make_mut)
    }
}
