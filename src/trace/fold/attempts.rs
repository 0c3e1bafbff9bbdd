//! What attempts of either kind do on their nodes: start, change phase, merge, end.

use super::Misfit;
use crate::base::AttemptId;
use crate::trace::event::{Event, Phase, Volume};
use crate::trace::snapshot::{Attempt, Ending, Merge, Snapshot};

impl Snapshot {
    pub(super) fn attempt_launched(&mut self, event: &Event, id: AttemptId) -> Result<(), Misfit> {
        self.phase_started(event, id, Phase::Launch)
    }

    /// A phase began; the first one puts the attempt on its node, and `Done` takes it off.
    pub(super) fn phase_started(
        &mut self,
        event: &Event,
        id: AttemptId,
        phase: Phase,
    ) -> Result<(), Misfit> {
        let attempt = self.attempt(id).ok_or(Misfit::NoAttempt(id))?;
        if attempt.is_gone() {
            return Ok(());
        }
        if attempt.ended.is_some() {
            return Err(Misfit::Over(id));
        }
        let node = attempt.node;
        begin_phase(self.touched(event, id)?, event, phase);
        if phase == Phase::Done {
            return self.end_on_node(event, id, Ending::Done);
        }
        if self.node(node).is_some_and(|there| !there.running.contains(&id)) {
            self.node_mut(node)?.running.push(id);
        }
        Ok(())
    }

    /// The attempt is over on its node; nothing changes where that is known already.
    pub(super) fn end_on_node(
        &mut self,
        event: &Event,
        id: AttemptId,
        ending: Ending,
    ) -> Result<(), Misfit> {
        let attempt = self.attempt(id).ok_or(Misfit::NoAttempt(id))?;
        if attempt.ended.is_some() {
            return Ok(());
        }
        let attempt = self.attempt_mut(id)?;
        begin_phase(attempt, event, Phase::Done);
        attempt.ended = Some(event.stamp());
        attempt.seq = event.seq;
        attempt.ending = Some(ending);
        attempt.fetching.clear();
        attempt.avoided.clear();
        let (node, is_gone) = (attempt.node, attempt.is_gone());
        let node = self.node_mut(node)?;
        node.running.retain(|other| *other != id);
        node.ended.push(id);
        if is_gone {
            self.choose_source(event.seq, id.task);
            self.refresh_column(event.seq, id.task);
        }
        Ok(())
    }

    pub(super) fn merge_started(
        &mut self,
        event: &Event,
        id: AttemptId,
        pass: u32,
        (inputs, last): (u32, bool),
    ) -> Result<(), Misfit> {
        let merge = Merge { pass, inputs, last, written: None, started: event.seq };
        self.touched(event, id)?.merges.push(merge);
        Ok(())
    }

    pub(super) fn merge_finished(
        &mut self,
        event: &Event,
        id: AttemptId,
        pass: u32,
        after: Volume,
    ) -> Result<(), Misfit> {
        let open = |merge: &Merge| merge.pass == pass && merge.written.is_none();
        let attempt = self.attempt(id).ok_or(Misfit::NoAttempt(id))?;
        let found = attempt.merges.iter().rposition(open);
        let at = found.ok_or(Misfit::NotBegun { attempt: id, what: "a merge pass" })?;
        if let Some(merge) = self.touched(event, id)?.merges.get_mut(at) {
            merge.written = Some(after);
        }
        Ok(())
    }
}

/// A phase that is said twice (a launch and its phase) began the first time.
fn begin_phase(attempt: &mut Attempt, event: &Event, phase: Phase) {
    if attempt.phases.last().is_some_and(|(last, _)| *last == phase) {
        return;
    }
    attempt.phase = phase;
    attempt.phase_since = event.stamp();
    attempt.phases.push((phase, event.at));
}
