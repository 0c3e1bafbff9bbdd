//! The log of map outputs that came and went, as reduces ask for it, and what is done about those
//! that cannot be fetched.

use super::{Coordinator, Turn, count, size_of};
use crate::base::{AttemptId, Level, NodeId};
use crate::mapreduce::messages::{MapOutputAt, Order, OutputLogEntry};
use crate::mapreduce::segment::SegmentSize;
use crate::trace::failure::TaskError;
use crate::trace::{Cause, FailureEvent};
use std::sync::Arc;

/// Notifications from which on a map is redone
/// (`mapreduce.job.reduce.shuffle… MAX_FETCH_FAILURES_NOTIFICATIONS`).
const NOTIFICATIONS_NEEDED: u32 = 3;

/// Percent of the reduces that copy which so many notifications must be, too
/// (`JobImpl`, `MAX_ALLOWED_FETCH_FAILURES_FRACTION`).
const COPYING_PERCENT_NEEDED: u32 = 50;

/// Map outputs as the coordinator learned of them and gave them up: Hadoop's task completion events.
#[derive(Clone, Debug, Default)]
pub(super) struct OutputLog(Vec<Entry>);

#[derive(Clone, Debug)]
enum Entry {
    Ready { map: AttemptId, node: NodeId, segments: Arc<[SegmentSize]>, cause: Cause },
    Withdrawn { map: AttemptId, cause: Cause },
}

impl OutputLog {
    /// A map's output can be fetched.
    pub(super) fn ready(
        &mut self,
        map: AttemptId,
        node: NodeId,
        segments: Vec<SegmentSize>,
        cause: Cause,
    ) {
        self.0.push(Entry::Ready { map, node, segments: segments.into(), cause });
    }

    /// A map's output does not count any more.
    pub(super) fn withdraw(&mut self, map: AttemptId, cause: Cause) {
        self.0.push(Entry::Withdrawn { map, cause });
    }

    /// Tells a reduce what came after the first `known` entries; nothing when nothing did.
    pub(super) fn tell(&self, reduce: AttemptId, node: NodeId, known: u32, turn: &mut Turn<'_>) {
        let fresh = self.0.get(known as usize..).unwrap_or_default();
        let Some(last) = fresh.last() else { return };
        let entries = fresh.iter().map(|entry| entry.of(reduce.task.index)).collect();
        turn.order(node, Order::MapOutputs { attempt: reduce, known, entries }, last.cause());
    }
}

impl Entry {
    fn of(&self, partition: u32) -> OutputLogEntry {
        match self {
            Entry::Ready { map, node, segments, .. } => OutputLogEntry::Ready(MapOutputAt {
                map: *map,
                node: *node,
                size: size_of(segments, partition),
            }),
            Entry::Withdrawn { map, .. } => OutputLogEntry::Withdrawn(*map),
        }
    }

    fn cause(&self) -> Cause {
        match self {
            Entry::Ready { cause, .. } | Entry::Withdrawn { cause, .. } => *cause,
        }
    }
}

impl Coordinator {
    /// A reduce could not fetch a finished map's output. With enough of such notifications the
    /// attempt that made it is failed after all, and the map runs again.
    /// (`JobImpl.TaskAttemptFetchFailureTransition`)
    pub(super) fn on_fetch_failed(
        &mut self,
        map: AttemptId,
        by: AttemptId,
        cause: Cause,
        turn: &mut Turn<'_>,
    ) {
        let of_running = self.task_mut(by.task).running_mut(by).is_some();
        let success = self.task(map.task).success().map(|(attempt, a_try)| (attempt, a_try.node));
        let Some((_, node)) = success.filter(|(attempt, _)| *attempt == map && of_running) else {
            return;
        };
        let copying = self.copying();
        let task = self.task_mut(map.task);
        task.fetch_failures += 1;
        let notifications = task.fetch_failures;
        let cause = turn.failure(Level::Tasks, cause, || FailureEvent::FetchFailureHeard {
            map,
            by,
            notifications,
            needed: NOTIFICATIONS_NEEDED,
            copying,
        });
        let too_many = notifications >= NOTIFICATIONS_NEEDED
            && notifications * 100 >= copying * COPYING_PERCENT_NEEDED;
        if too_many {
            let needed = NOTIFICATIONS_NEEDED;
            let error = TaskError::OutputUnreachable { notifications, needed, copying };
            self.task_mut(map.task).fetch_failures = 0;
            let cause = self.count_failure(map, node, error.clone(), cause, turn);
            self.check_attempts_left(map.task, error, cause, turn);
        }
    }

    /// Reduce attempts that still fetch.
    fn copying(&self) -> u32 {
        let running = self.reduces.iter().flat_map(|reduce| reduce.running());
        count(running.filter(|(_, a_try)| a_try.copying).count())
    }
}
