//! An event of every kind of fault and failure.

use super::NODE;
use crate::base::fault::LogPartition;
use crate::base::{
    Amount, AttemptId, BlockId, Fault, FileId, NodePart, RackId, Span, StreamFault, Time,
};
use crate::trace::event::{Counters, WorldEvent};
use crate::trace::failure::{FailureEvent as F, KillReason, ReadError, TaskError};

const LONG: Span = Span(123_400_000);
const FROM: crate::base::NodeId = crate::base::NodeId(12);

/// Each fault with and without effect, by plan and by rate, and what a network does by itself.
pub(super) fn faults() -> Vec<WorldEvent> {
    let slow = |percent| Fault::Slow { node: NODE, part: NodePart::Processor, percent };
    let partition = LogPartition { source: 1, index: 7 };
    let (key, value) = ("a key of twenty-four byt".parse().unwrap_or_default(), Amount::whole(6));
    let event_time = 43_226_500;
    let faults = [
        Fault::Crash { node: NODE },
        Fault::Restart { node: NODE, keep_disk: true },
        Fault::Restart { node: NODE, keep_disk: false },
        slow(0),
        slow(20),
        slow(100),
        Fault::CutRack { rack: RackId(7) },
        Fault::JoinRack { rack: RackId(7) },
        Fault::LoseMessages { node: NODE, percent: 20 },
        Fault::LoseMessages { node: NODE, percent: 0 },
        Fault::FailTask { task: crate::base::TaskId::map(449) },
        Fault::PoisonRecord { offset: 123_456_789, file: FileId(0) },
        Fault::PoisonRecord { offset: 123_456_789, file: FileId(99) },
        Fault::Stream(StreamFault::Silence { partition }),
        Fault::Stream(StreamFault::Resume { partition }),
        Fault::Stream(StreamFault::Pace { partition, percent: 50 }),
        Fault::Stream(StreamFault::Pace { partition, percent: 100 }),
        Fault::Stream(StreamFault::Inject { key, value, event_time, partition: None }),
        Fault::Stream(StreamFault::Move { record: 123_456_789, arrival: event_time }),
    ];
    let mut kinds = Vec::new();
    for fault in faults {
        for (by_rate, effect) in [(false, true), (true, true), (false, false)] {
            kinds.push(WorldEvent::FaultStruck { fault, by_rate, effect });
        }
    }
    for to_coordinator in [true, false] {
        let (node, again_after) = (NODE, LONG);
        kinds.push(WorldEvent::MessageLost { node, to_coordinator, tries: 3, again_after });
        kinds.push(WorldEvent::DuplicateDropped { node: NODE, to_coordinator });
    }
    let reason = "RuntimeError: memory access out of bounds".to_owned();
    kinds.push(WorldEvent::WorkerBroke { reason });
    kinds.push(WorldEvent::LoadChanged {
        cores_thousandths: 15_960,
        disk_bytes_per_second: 123_456_789,
        sent_bytes_per_second: 12_345_678,
        received_bytes_per_second: 98_765_432,
    });
    kinds
}

pub(super) fn failures(map: AttemptId, reduce: AttemptId) -> Vec<F> {
    let mut kinds = attempts(map, reduce);
    kinds.extend(fetches(map, reduce));
    kinds.extend(nodes(map, reduce));
    kinds.extend(blocks());
    let counters = Counters::default();
    kinds.extend(errors().map(|error| F::JobFailed {
        took: LONG,
        task: map.task,
        error,
        failures: 4,
        counters,
    }));
    kinds
}

fn errors() -> [TaskError; 11] {
    [
        TaskError::Exception,
        TaskError::PoisonRecord { offset: 123_456_789, file: FileId(12) },
        TaskError::CorruptInput { file: FileId(12), offset: 123_456_789 },
        TaskError::BadRecord {
            offset: 123_456_789,
            column: 7,
            file: FileId(12),
            problem: "the count \"many\" is not a whole number".to_owned(),
        },
        TaskError::BlockMissing { block: BlockId(1_234) },
        TaskError::FetchesFailed { failing: 123, fetched: 12 },
        TaskError::TimedOut { silent: LONG, timeout: LONG },
        TaskError::OutputUnreachable { notifications: 3, needed: 3, copying: 5 },
        TaskError::NoNodes { silent: LONG, limit: LONG },
        TaskError::TookTooLong { limit: LONG },
        TaskError::Worker { message: "it ran out of memory".to_owned() },
    ]
}

fn attempts(map: AttemptId, reduce: AttemptId) -> Vec<F> {
    let winner = map.task.attempt(0);
    let reasons = [
        KillReason::NodeLost { node: NODE },
        KillReason::NodeRestarted { node: NODE },
        KillReason::LostRace { winner },
        KillReason::MadeRoom { maps_waiting: 123 },
        KillReason::JobFailed,
        KillReason::JobFinished,
    ];
    let mut kinds: Vec<F> = errors().map(|error| F::AttemptThrew { attempt: map, error }).to_vec();
    kinds.extend(errors().map(|error| F::AttemptFailed {
        attempt: map,
        node: NODE,
        error,
        failures: 2,
        limit: 4,
    }));
    for attempt in [map, reduce] {
        kinds.extend(reasons.map(|reason| F::AttemptKilled { attempt, node: NODE, reason }));
    }
    kinds.extend([
        F::AttemptStopped { attempt: map },
        F::ProgressHeard { attempt: map, millionths: 634_567 },
        F::BackupDecided {
            attempt: map,
            millionths: 123_456,
            estimated_end: Time(345_600_000),
            replacement_end: Time(145_600_000),
            mean: Span(22_000_000),
            done: 400,
            tasks: 450,
            backups: 2,
            cap: 10,
        },
    ]);
    kinds
}

fn fetches(map: AttemptId, attempt: AttemptId) -> Vec<F> {
    let errors = [
        ReadError::NoConnection { waited: LONG },
        ReadError::Stalled { waited: LONG },
        ReadError::NotFound,
        ReadError::Checksum,
    ];
    let mut kinds = Vec::new();
    for error in errors {
        let block = BlockId(1_234);
        kinds.push(F::ReadFailed { attempt: map, block, from: FROM, error });
        for reported in [true, false] {
            kinds.push(F::FetchFailed {
                attempt,
                map,
                from: FROM,
                error,
                map_failures: 1,
                host_failures: 1,
                retry_after: LONG,
                reported,
            });
        }
    }
    for notifications in [1, 3] {
        let (needed, copying) = (3, 5);
        kinds.push(F::FetchFailureHeard { map, by: attempt, notifications, needed, copying });
    }
    kinds.extend([
        F::OutputsWithdrawn { attempt, maps: vec![map] },
        F::OutputsWithdrawn { attempt, maps: vec![map; 40] },
        F::FetchShare { attempt, map, bytes_per_second: 1_048_500, done_bytes: 98_765_432 },
    ]);
    kinds
}

fn nodes(map: AttemptId, reduce: AttemptId) -> Vec<F> {
    let (node, silent) = (NODE, LONG);
    let lost = |running, outputs| F::NodeLost { node, silent, timeout: LONG, running, outputs };
    let registered =
        |outputs_kept| F::NodeRegistered { node, incarnation: 1, outputs_kept, blocks_kept: 40 };
    let barred =
        |ignored| F::NodeBarred { node, failures: 3, limit: 3, barred: 12, nodes: 50, ignored };
    vec![
        lost(vec![map, reduce], vec![map; 12]),
        lost(Vec::new(), Vec::new()),
        F::NodeReturned { node, silent },
        registered(0),
        registered(12),
        barred(false),
        barred(true),
    ]
}

fn blocks() -> Vec<F> {
    let (block, from, to) = (BlockId(1_234), FROM, NODE);
    vec![
        F::ReplicasLost { node: NODE, silent: LONG, timeout: LONG, blocks: vec![block; 120] },
        F::ReplicasReported { node: NODE, blocks: vec![block; 120] },
        F::ReplicationStarted { block, from, to, live: 1, wanted: 3 },
        F::ReplicaRestored { block, from, to },
        F::ReplicationFailed { block, from, to },
    ]
}
