//! What the coordinator does by the clock: it notices silence, and gives up what is silent.

use super::{Coordinator, JobFailure, Turn};
use crate::base::{AttemptId, BlockId, Level, NodeId, Span, TaskId, TaskKind, Time};
use crate::mapreduce::messages::{Directed, Order};
use crate::trace::failure::{KillReason, TaskError};
use crate::trace::{Cause, FailureEvent, Recorder};

/// How often the monitors look.
pub(super) const CHECK_INTERVAL: Span = Span::from_secs(1);

/// The longest that a job may take; our own bound, so that every run ends.
const JOB_LIMIT: Span = Span::from_secs(24 * 3_600);

/// How many node time-outs a job waits without any node; our own bound.
const NO_NODES_TIMEOUTS: u64 = 10;

impl Coordinator {
    /// When `on_time` has something to look at next; nothing when the job is over.
    pub fn next_deadline(&self) -> Option<Time> {
        let due = self.next_rename().unwrap_or(self.next_check);
        (!self.is_over()).then_some(due)
    }

    /// Looks at the clock. Before its deadline it does nothing.
    pub fn on_time(&mut self, at: Time, recorder: &mut Recorder, out: &mut Vec<Directed>) {
        if self.is_over() {
            return;
        }
        let turn = &mut Turn { at, recorder, out };
        if self.job_commit.is_some() {
            return self.rename_what_is_due(turn);
        }
        if at < self.next_check {
            return;
        }
        self.next_check = at + CHECK_INTERVAL;
        self.check_nodes(turn);
        self.check_silent_tasks(turn);
        self.make_room_for_maps(turn);
        self.speculate(TaskKind::Map, turn);
        self.speculate(TaskKind::Reduce, turn);
        self.name_node.check(&self.liveness, turn);
        self.check_job_limits(turn);
    }

    fn check_nodes(&mut self, turn: &mut Turn<'_>) {
        for (node, silent) in self.liveness.expire(turn.at) {
            self.lose(node, silent, turn);
        }
        if self.liveness.alive() > 0 {
            self.alive_at = turn.at;
        }
    }

    /// A node is believed lost. What runs there is killed; and of the maps that are done there
    /// the output is lost, so they run again while there is a reduce that may need them. Finished
    /// reduces are kept: their output lies in the file system. (`JobImpl.actOnUnusableNode`)
    fn lose(&mut self, node: NodeId, silent: Span, turn: &mut Turn<'_>) {
        let (running, outputs) = (self.running_on(node), self.outputs_on(node));
        let cause = self.liveness.heard(node).map_or(Cause::NONE, |(_, cause)| cause);
        let timeout = self.liveness.timeout();
        let cause = turn.failure(Level::Counters, cause, || FailureEvent::NodeLost {
            node,
            silent,
            timeout,
            running: running.clone(),
            outputs: outputs.clone(),
        });
        for attempt in running.into_iter().chain(outputs) {
            self.kill(attempt, KillReason::NodeLost { node }, cause, turn);
        }
    }

    /// A node that was believed lost speaks: whatever it still does has been given to others.
    pub(super) fn on_returned(
        &mut self,
        node: NodeId,
        silent: Span,
        cause: Cause,
        turn: &mut Turn<'_>,
    ) {
        let cause =
            turn.failure(Level::Counters, cause, || FailureEvent::NodeReturned { node, silent });
        turn.order(node, Order::Resync, cause);
        self.name_node.on_returned(node, cause, turn);
    }

    /// A node says that it began anew. What it ran is gone. Of finished maps whose output it did
    /// not keep the coordinator hears from the reduces that cannot fetch them, as in Hadoop.
    pub(super) fn on_registered(
        &mut self,
        (node, incarnation): (NodeId, u32),
        outputs: &[AttemptId],
        blocks: &[BlockId],
        cause: Cause,
        turn: &mut Turn<'_>,
    ) {
        let (outputs_kept, blocks_kept) = (super::count(outputs.len()), super::count(blocks.len()));
        let cause = turn.failure(Level::Counters, cause, || FailureEvent::NodeRegistered {
            node,
            incarnation,
            outputs_kept,
            blocks_kept,
        });
        self.liveness.hear(node, turn.at, cause);
        for attempt in self.running_on(node) {
            self.kill(attempt, KillReason::NodeRestarted { node }, cause, turn);
        }
        self.name_node.on_report(node, blocks, cause, turn);
    }

    /// An attempt that makes no progress for too long fails. Its silence counts only while its
    /// node is heard: that of a node is the node's time-out's business. (In Hadoop both clocks
    /// run at once, and either may be first: `TaskHeartbeatHandler`.)
    fn check_silent_tasks(&mut self, turn: &mut Turn<'_>) {
        let timeout = self.config.task_timeout;
        for (attempt, silent) in self.silent_attempts(timeout) {
            let Some(a_try) = self.task(attempt.task).get(attempt) else { continue };
            let (node, cause) = (a_try.node, a_try.cause);
            self.fail(attempt, TaskError::TimedOut { silent, timeout }, cause, turn);
            turn.order(node, Order::Kill { attempt }, cause);
        }
    }

    fn silent_attempts(&self, timeout: Span) -> Vec<(AttemptId, Span)> {
        let tasks = self.maps.iter().chain(&self.reduces);
        tasks
            .flat_map(|task| task.running())
            .filter_map(|(attempt, a_try)| {
                let (heard, _) = self.liveness.heard(a_try.node)?;
                let silent = heard.since(a_try.progress_at);
                (silent > timeout).then_some((attempt, silent))
            })
            .collect()
    }

    /// When maps wait and reduces have taken all room there is for any, the reduce that has come
    /// least far makes room. (`RMContainerAllocator.preemptReducesIfNeeded`)
    fn make_room_for_maps(&mut self, turn: &mut Turn<'_>) {
        let waiting = self.maps.iter().filter(|map| map.is_pending()).count();
        if waiting == 0 || self.liveness.alive() == 0 || self.room_for_maps() > 0 {
            return;
        }
        let running = self.reduces.iter().flat_map(|reduce| reduce.running());
        let on_usable = running.filter(|(_, a_try)| self.is_usable(a_try.node));
        let least = on_usable.min_by_key(|(attempt, a_try)| (a_try.millionths, *attempt));
        if let Some((attempt, cause)) = least.map(|(attempt, a_try)| (attempt, a_try.cause)) {
            let maps_waiting = super::count(waiting);
            self.kill(attempt, KillReason::MadeRoom { maps_waiting }, cause, turn);
        }
    }

    fn check_job_limits(&mut self, turn: &mut Turn<'_>) {
        let silent = turn.at.since(self.alive_at);
        let limit = Span(self.liveness.timeout().0.saturating_mul(NO_NODES_TIMEOUTS));
        let error = if silent > limit {
            TaskError::NoNodes { silent, limit }
        } else if turn.at.since(self.submitted_at) > JOB_LIMIT {
            TaskError::TookTooLong { limit: JOB_LIMIT }
        } else {
            return;
        };
        let undone = self.maps.iter().chain(&self.reduces).find(|task| !task.is_done());
        let (task, failures) =
            undone.map_or((TaskId::reduce(0), 0), |task| (task.id, task.failures));
        self.fail_job(JobFailure { task, error, failures }, Cause::NONE, turn);
    }

    /// The attempts that are believed to run on a node.
    fn running_on(&self, node: NodeId) -> Vec<AttemptId> {
        let tasks = self.maps.iter().chain(&self.reduces);
        let running = tasks.flat_map(|task| task.running());
        running.filter(|(_, a_try)| a_try.node == node).map(|(attempt, _)| attempt).collect()
    }

    /// The map attempts that succeeded on a node, if a reduce may still need what they left.
    fn outputs_on(&self, node: NodeId) -> Vec<AttemptId> {
        if self.reduces.iter().all(super::Task::is_done) {
            return Vec::new();
        }
        let done = self.maps.iter().filter_map(|map| map.success());
        done.filter(|(_, a_try)| a_try.node == node).map(|(attempt, _)| attempt).collect()
    }
}
