//! Why an event happened: the rule, with the numbers that were in it, and the chain of causes.
//!
//! The rules are those of the real systems, which are named. Nothing is decided here; what an
//! event and the state before it do not tell is not said.

mod attempts;
mod coordinator;
mod failures;
mod faults;
mod maps;
mod reduces;
mod stream;
mod world;

pub use stream::{fire_rule, judged_rule};

use super::event::{BatchEvent, Event, EventKind, Seq};
use super::snapshot::Snapshot;

/// The longest chain of causes that is followed.
pub const CAUSES_MAX: usize = 1_000;

/// The rule that brought the event about, in one to three sentences. `before` is the state just
/// before it: `Timeline::seek` to its number.
pub fn why(event: &Event, before: &Snapshot) -> String {
    match &event.kind {
        EventKind::World(kind) => world::why(kind),
        EventKind::Batch(kind) => batch(event, kind, before),
        EventKind::Failure(kind) => failures::why(kind, before),
        EventKind::Stream(kind) => stream::why(kind, event.at, before),
    }
}

/// The events that led to this one, the nearest first, back to one without a cause. A cause that
/// does not lie before its effect ends the chain.
pub fn causes(events: &[Event], seq: Seq) -> Vec<Seq> {
    let cause = |seq: &Seq| {
        let event = events.get(usize::try_from(seq.0).ok()?)?;
        event.cause.filter(|cause| cause < seq)
    };
    std::iter::successors(cause(&seq), cause).take(CAUSES_MAX).collect()
}

fn batch(event: &Event, kind: &BatchEvent, before: &Snapshot) -> String {
    use BatchEvent as B;
    match kind {
        B::JobSubmitted { input_bytes, maps, reduces } => {
            coordinator::job_submitted(*input_bytes, *maps, *reduces)
        }
        B::SplitPlanned { length, hosts, .. } => coordinator::split_planned(*length, hosts),
        B::HeartbeatReceived { node, .. } => coordinator::heartbeat(event, *node, before),
        B::SlowStartReached { maps_done, maps, needed } => {
            coordinator::slow_start(*maps_done, *maps, *needed)
        }
        B::MapAssigned { .. } => coordinator::map_assigned(kind),
        B::ReduceAssigned { attempt, node, pending, reason } => {
            coordinator::reduce_assigned(*attempt, *node, *pending, *reason)
        }
        B::CommitGranted { attempt, part } => coordinator::commit_granted(*attempt, *part),
        B::AttemptSucceeded { attempt, took, .. } => {
            coordinator::succeeded(*attempt, *took, before)
        }
        B::TasksFinished { kind, tasks } => coordinator::tasks_finished(*kind, *tasks),
        B::JobFinished { took, counters } => coordinator::job_finished(*took, counters),
        B::AttemptLaunched { attempt } => attempts::launched(event, *attempt, before),
        B::PhaseStarted { attempt, phase } => attempts::phase(*attempt, *phase, before),
        B::MergeStarted { inputs, memory: Some(memory), .. } if memory.from_memory > 0 => {
            attempts::memory_merged(*inputs, memory)
        }
        B::FetchesStalled { used_bytes, limit_bytes, .. } => {
            attempts::fetches_stalled(*used_bytes, *limit_bytes)
        }
        B::MergeStarted { attempt, inputs, segments, last, .. } => {
            attempts::merge_started(*attempt, (*inputs, *segments), *last)
        }
        B::MergeFinished { before, after, .. } => attempts::merge_finished(*before, *after),
        B::InputOpened { block, from, locality, .. } => {
            maps::input_opened(*block, *from, *locality, before)
        }
        B::ReadPastEnd { split_end, line_end, .. } => maps::read_past_end(*split_end, *line_end),
        B::PartialLineSkipped { bytes, .. } => maps::partial_line_skipped(*bytes),
        B::MapProgress { input, output, buffer_bytes, buffer_capacity, .. } => {
            maps::progress(*input, *output, (*buffer_bytes, *buffer_capacity))
        }
        B::SpillStarted { .. } => maps::spill_started(kind, before),
        B::SpillFinished { before, after, .. } => maps::spill_finished(*before, *after),
        B::MapOutputReady { attempt, segments } => maps::output_ready(*attempt, segments, before),
        B::MapOutputsLearned { attempt, maps } => reduces::outputs_learned(*attempt, maps, before),
        B::FetchStarted { attempt, map, from, .. } => {
            reduces::fetch_started(*attempt, *map, *from, before)
        }
        B::FetchFinished { attempt, from, volume, .. } => {
            reduces::fetch_finished(*attempt, *from, *volume, before)
        }
        B::ReduceProgress { groups, input, .. } => reduces::progress(*groups, *input),
        B::OutputWritten { volume, .. } => reduces::output_written(*volume),
        B::OutputCommitted { part, visible, .. } => reduces::output_committed(*part, *visible),
        B::JobCommitStarted { parts } => coordinator::job_commit_started(*parts),
        B::PartPublished { part } => coordinator::part_published(*part, before),
    }
}

#[cfg(test)]
mod tests;
