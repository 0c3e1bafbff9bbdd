//! What fails and is mended: attempts on their nodes, fetches, nodes as they are believed, the
//! job. What the coordinator makes of attempts is in `verdicts`.

use super::{Misfit, place};
use crate::base::{AttemptId, FileId, NodeId, TaskId};
use crate::trace::event::Event;
use crate::trace::failure::{FailureEvent, TaskError};
use crate::trace::snapshot::{Barred, Ending, JobFailure, Lost, Snapshot};
use std::rc::Rc;

impl Snapshot {
    #[expect(clippy::too_many_lines, reason = "a closed enum, one arm a kind")]
    pub(super) fn apply_failure(
        &mut self,
        event: &Event,
        kind: &FailureEvent,
    ) -> Result<(), Misfit> {
        use FailureEvent as F;
        match kind {
            F::AttemptThrew { attempt, error } => {
                self.end_on_node(event, *attempt, Ending::Threw(error.clone()))
            }
            F::AttemptStopped { attempt } => self.attempt_stopped(event, *attempt),
            F::ReadFailed { attempt, block, from, .. } => {
                self.check_node(*from)?;
                self.check_block(*block)?;
                self.map_attempt(event, *attempt)?.reads_from = None;
                Ok(())
            }
            F::FetchFailed { .. } => self.fetch_failed(event, kind),
            F::OutputsWithdrawn { attempt, maps } => {
                maps.iter().try_for_each(|map| self.check_attempt(*map))?;
                self.reduce_attempt(event, *attempt).map(|_| ())
            }
            F::FetchFailureHeard { map, by, .. } => {
                self.check_attempt(*by)?;
                self.map_attempt(event, *map).map(|_| ())
            }
            F::ProgressHeard { attempt, millionths } => {
                self.touched(event, *attempt)?.heard = Some((*millionths, event.stamp()));
                Ok(())
            }
            F::AttemptFailed { attempt, node, error, failures, limit } => {
                self.check_node(*node)?;
                self.attempt_failed(event, *attempt, error, (*failures, *limit))
            }
            F::AttemptKilled { attempt, node, reason } => {
                self.check_node(*node)?;
                self.attempt_killed(event, *attempt, *reason)
            }
            F::NodeLost { node, silent, timeout, running, outputs } => {
                running.iter().chain(outputs).try_for_each(|id| self.check_attempt(*id))?;
                let lost = Lost { since: event.stamp(), silent: *silent, timeout: *timeout };
                self.node_mut(*node)?.belief.lost = Some(lost);
                Ok(())
            }
            F::NodeReturned { node, .. } | F::NodeRegistered { node, .. } => {
                self.heard_again(event, *node)
            }
            F::NodeBarred { node, failures, ignored, .. } => {
                self.node_barred(event, *node, *failures, *ignored)
            }
            F::BackupDecided { attempt, .. } => {
                self.touched(event, *attempt)?.found_slow = Some(event.seq);
                Ok(())
            }
            F::ReplicasLost { node, silent, timeout, blocks } => {
                let lost = Lost { since: event.stamp(), silent: *silent, timeout: *timeout };
                self.replicas_lost(*node, lost, blocks)
            }
            F::ReplicasReported { node, blocks } => self.replicas_reported(*node, blocks),
            F::ReplicationStarted { block, from, to, .. } => {
                self.replication_started(event, *block, (*from, *to))
            }
            F::ReplicaRestored { block, from, to } => self.replica_restored(*block, (*from, *to)),
            F::ReplicationFailed { block, from, to } => {
                self.replication_over(*block, (*from, *to)).map(|_| ())
            }
            F::FetchShare { attempt, map, bytes_per_second, done_bytes } => {
                self.fetch_share(event, *attempt, *map, (*bytes_per_second, *done_bytes))
            }
            F::JobFailed { task, error, failures, .. } => {
                self.job_failed(event, *task, error, *failures)
            }
        }
    }

    /// Its files are deleted, those of a finished attempt too.
    fn attempt_stopped(&mut self, event: &Event, id: AttemptId) -> Result<(), Misfit> {
        self.end_on_node(event, id, Ending::Stopped)?;
        self.touched(event, id)?.is_deleted = true;
        self.choose_source(event.seq, id.task);
        Ok(())
    }

    /// What is heard of a node ends the belief that it is lost.
    fn heard_again(&mut self, event: &Event, id: NodeId) -> Result<(), Misfit> {
        let belief = &mut self.node_mut(id)?.belief;
        belief.lost = None;
        belief.heard_at = Some(event.at);
        belief.seq = Some(event.seq);
        Ok(())
    }

    /// When too many are barred, none of them is.
    fn node_barred(
        &mut self,
        event: &Event,
        id: NodeId,
        failures: u32,
        ignored: bool,
    ) -> Result<(), Misfit> {
        let barred = Barred { since: event.stamp(), failures, ignored };
        self.node_mut(id)?.belief.barred = Some(barred);
        for node in self.nodes.iter_mut().filter(|node| node.belief.barred.is_some()) {
            if let Some(barred) = &mut Rc::make_mut(node).belief.barred {
                barred.ignored = ignored;
            }
        }
        Ok(())
    }

    fn job_failed(
        &mut self,
        event: &Event,
        task: TaskId,
        error: &TaskError,
        failures: u32,
    ) -> Result<(), Misfit> {
        self.task(task).ok_or(Misfit::NoTask(task))?;
        let job = self.job_mut()?;
        if job.over().is_some() {
            return Err(Misfit::Repeated("the job's end"));
        }
        let (at, error) = (event.stamp(), error.clone());
        job.failed = Some(JobFailure { at, task, error, failures });
        Ok(())
    }

    pub(super) fn check_attempt(&self, id: AttemptId) -> Result<(), Misfit> {
        self.attempt(id).map(|_| ()).ok_or(Misfit::NoAttempt(id))
    }

    /// The one file of a run with a single plain one is not told of.
    pub(super) fn check_file(&self, id: FileId) -> Result<(), Misfit> {
        let is_known = self.files.get(id.place()).is_some() || id == FileId(0);
        is_known.then_some(()).ok_or(Misfit::NoFile(id))
    }

    pub(super) fn check_block(&self, id: crate::base::BlockId) -> Result<(), Misfit> {
        self.blocks.get(place(id.0)).map(|_| ()).ok_or(Misfit::NoBlock(id))
    }
}
