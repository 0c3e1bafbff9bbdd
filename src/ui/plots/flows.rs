//! What a run read, shuffled and wrote, and when, gathered from its events as they come.

use crate::base::{AttemptId, Time};
use crate::charts::rates::Flow;
use crate::trace::event::{BatchEvent, Event, EventKind, Phase};
use std::collections::BTreeMap;

/// What flowed so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Flows {
    /// How many events were taken in.
    pub taken: usize,
    /// From the input, by maps.
    pub read: Vec<Flow>,
    /// From maps to reduces.
    pub shuffled: Vec<Flow>,
    /// To the output, by reduces.
    pub written: Vec<Flow>,
    last: BTreeMap<u64, (Time, u64)>,
    splits: Vec<u64>,
    fetches: BTreeMap<(u64, u64), Time>,
}

impl Flows {
    /// Takes in the events that were not taken in yet; from the beginning when there are fewer
    /// than before.
    pub fn take(&mut self, events: &[Event]) {
        if events.len() < self.taken {
            *self = Flows::default();
        }
        for event in events.get(self.taken..).unwrap_or_default() {
            if let EventKind::Batch(kind) = &event.kind {
                self.one(event.at, kind);
            }
        }
        self.taken = events.len();
    }

    fn one(&mut self, at: Time, kind: &BatchEvent) {
        match kind {
            BatchEvent::SplitPlanned { length, .. } => self.splits.push(*length),
            BatchEvent::PhaseStarted { attempt, phase: Phase::Map | Phase::Reduce } => {
                // After a wait for a spill the same phase goes on.
                self.last.entry(attempt.key()).or_insert((at, 0));
            }
            BatchEvent::MapProgress { attempt, input, .. } => {
                let flow = self.since(*attempt, at, input.bytes);
                self.read.extend(flow);
            }
            // Where progress is not recorded, the split is read between its two phases.
            BatchEvent::PhaseStarted { attempt, phase: Phase::Flush } => {
                let known = self.last.get(&attempt.key()).is_some_and(|(_, bytes)| *bytes > 0);
                let split = usize::try_from(attempt.task.index).ok();
                let length = split.and_then(|split| self.splits.get(split)).copied();
                if let Some(length) = length.filter(|_| !known) {
                    let flow = self.since(*attempt, at, length);
                    self.read.extend(flow);
                }
            }
            BatchEvent::FetchStarted { attempt, map, .. } => {
                self.fetches.insert((attempt.key(), map.key()), at);
            }
            BatchEvent::FetchFinished { attempt, map, volume, .. } => {
                let began = self.fetches.remove(&(attempt.key(), map.key())).unwrap_or(at);
                self.shuffled.push(flow(began, at, volume.bytes));
            }
            BatchEvent::ReduceProgress { attempt, output, .. } => {
                let flow = self.since(*attempt, at, output.bytes);
                self.written.extend(flow);
            }
            BatchEvent::OutputWritten { attempt, volume, .. } => {
                let flow = self.since(*attempt, at, volume.bytes);
                self.written.extend(flow);
            }
            BatchEvent::JobSubmitted { .. }
            | BatchEvent::HeartbeatReceived { .. }
            | BatchEvent::SlowStartReached { .. }
            | BatchEvent::MapAssigned { .. }
            | BatchEvent::ReduceAssigned { .. }
            | BatchEvent::AttemptLaunched { .. }
            | BatchEvent::PhaseStarted { .. }
            | BatchEvent::InputOpened { .. }
            | BatchEvent::ReadPastEnd { .. }
            | BatchEvent::PartialLineSkipped { .. }
            | BatchEvent::SpillStarted { .. }
            | BatchEvent::SpillFinished { .. }
            | BatchEvent::FetchesStalled { .. }
            | BatchEvent::MergeStarted { .. }
            | BatchEvent::MergeFinished { .. }
            | BatchEvent::MapOutputReady { .. }
            | BatchEvent::MapOutputsLearned { .. }
            | BatchEvent::CommitGranted { .. }
            | BatchEvent::OutputCommitted { .. }
            | BatchEvent::AttemptSucceeded { .. }
            | BatchEvent::TasksFinished { .. }
            | BatchEvent::JobCommitStarted { .. }
            | BatchEvent::PartPublished { .. }
            | BatchEvent::JobFinished { .. } => {}
        }
    }

    /// What an attempt has done since its count last grew.
    fn since(&mut self, attempt: AttemptId, at: Time, bytes: u64) -> Option<Flow> {
        let (began, before) = self.last.get(&attempt.key()).copied().unwrap_or((at, 0));
        let more = bytes.checked_sub(before).filter(|more| *more > 0)?;
        self.last.insert(attempt.key(), (at, bytes));
        Some(flow(began, at, more))
    }
}

fn flow(from: Time, to: Time, bytes: u64) -> Flow {
    Flow { from: from.seconds(), to: to.seconds(), amount: bytes as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{Timeline, synthetic};

    fn sum(flows: &[Flow]) -> u64 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole bytes")]
        let sum = flows.iter().map(|flow| flow.amount).sum::<f64>().round() as u64;
        sum
    }

    #[test]
    fn what_flowed_is_what_the_run_read_shuffled_and_wrote() {
        let events = synthetic::run(&synthetic::small());
        let mut timeline = Timeline::new();
        timeline.append(events.clone()).unwrap();
        let end = timeline.seek(u32::MAX);
        let mut flows = Flows::default();
        for n in (0..events.len()).step_by(7) {
            flows.take(&events[..n]);
        }
        flows.take(&events);
        assert_eq!(sum(&flows.shuffled), end.counters.reduce_shuffle_bytes);
        let written: u64 = end.outputs.iter().map(|output| output.volume.bytes).sum();
        assert_eq!(sum(&flows.written), written);
        let maps = end.maps.iter().flat_map(|task| &task.attempts);
        let read: u64 = maps.map(|attempt| attempt.progress.input.bytes).sum();
        assert_eq!(sum(&flows.read), read);
        assert!(flows.read.iter().chain(&flows.shuffled).all(|flow| flow.from <= flow.to));
    }

    #[test]
    fn going_back_begins_anew() {
        let events = synthetic::run(&synthetic::small());
        let (mut there, mut fresh) = (Flows::default(), Flows::default());
        there.take(&events);
        there.take(&events[..60]);
        fresh.take(&events[..60]);
        assert_eq!(there, fresh);
    }
}
