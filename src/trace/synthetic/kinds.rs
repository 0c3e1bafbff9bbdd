//! An event of every kind, with large numbers and second attempts: what sentences must bear.

mod failures;
mod streams;

use crate::base::{
    AttemptId, BlockId, Codec, FileId, MapIndex, NodeId, PartitionId, RackId, Span, TaskId,
    TaskKind, Time,
};
use crate::trace::event::{
    BatchEvent as B, Counters, Event, EventKind, Locality, MemoryUse, Phase, Seq, SpillReason,
    SplitPiece, Volume, WorldEvent,
};
use crate::trace::failure::LaunchReason;

const VOLUME: Volume = Volume { records: 1_234_567, bytes: 98_765_432 };
const LESS: Volume = Volume { records: 12_345, bytes: 654_321 };
const NODE: NodeId = NodeId(49);
const REASONS: [LaunchReason; 4] =
    [LaunchReason::First, LaunchReason::Retry, LaunchReason::Rerun, LaunchReason::Backup];

/// At least one event of each kind, and one of each phase, locality and reason.
pub(crate) fn every_kind() -> Vec<Event> {
    let map = TaskId::map(449).attempt(1);
    let reduce = TaskId::reduce(99).attempt(1);
    let mut kinds = world();
    let batches =
        [planning(), maps(map), merges(map, reduce), reduces(map, reduce), ends(map, reduce)];
    kinds.extend(batches.into_iter().flatten().map(EventKind::Batch));
    kinds.extend(failures::failures(map, reduce).into_iter().map(EventKind::Failure));
    kinds.extend(streams::streams().into_iter().map(EventKind::Stream));
    let event = |(seq, kind)| {
        let (at, node) = (Time(123_456_789), Some(NODE));
        Event { seq: Seq(seq), at, node, kind, cause: None }
    };
    (0..).zip(kinds).map(event).collect()
}

fn world() -> Vec<EventKind> {
    let replicas = |count| (0..count).map(NodeId::nth).collect();
    let block = |count| WorldEvent::BlockPlaced {
        block: BlockId(1_234),
        offset: 1 << 30,
        length: 134_000_000,
        replicas: replicas(count),
        file: FileId(99),
    };
    let file = WorldEvent::FileStored {
        file: FileId(99),
        name: "part-2024-12-31.log.gz".to_owned(),
        bytes: 134_000_000,
        codec: Codec::Gzip,
    };
    let (cores, memory_bytes, map_slots, reduce_slots) = (16, 64 << 30, 16, 12);
    let node =
        WorldEvent::NodeStarted { rack: RackId(7), cores, memory_bytes, map_slots, reduce_slots };
    let cluster = WorldEvent::ClusterStarted { nodes: 200, racks: 20, scale: 1_024 };
    let mut kinds = vec![cluster, node, file, block(1), block(3), block(10)];
    kinds.extend(failures::faults());
    kinds.into_iter().map(EventKind::World).collect()
}

fn planning() -> Vec<B> {
    let hosts = |count| (0..count).map(NodeId::nth).collect();
    let split = |count: u16| B::SplitPlanned {
        map: MapIndex(449),
        offset: 123_456_789,
        length: 134_000_000,
        hosts: hosts(count),
        file: FileId(99),
        more: vec![SplitPiece { file: FileId(98), offset: 0, length: 1_000 }; usize::from(count)],
    };
    vec![
        B::JobSubmitted { input_bytes: 50_000_000, maps: 450, reduces: 100 },
        split(0),
        split(3),
        B::HeartbeatReceived { node: NODE, free_map_slots: 12, free_reduce_slots: 10 },
        B::SlowStartReached { maps_done: 23, maps: 450, needed: 23 },
    ]
}

fn maps(attempt: AttemptId) -> Vec<B> {
    use Phase::{Blocked, Commit, Copy, Done, Flush, Launch, Map, Merge, Reduce, Sort};
    let localities = [Locality::NodeLocal, Locality::RackLocal, Locality::OffRack];
    let assigned = |locality, reason| B::MapAssigned {
        attempt,
        node: NODE,
        locality,
        pending: 120,
        pending_local: 3,
        opportunities_passed: 17,
        reason,
    };
    let opened =
        |locality| B::InputOpened { attempt, block: BlockId(449), from: NodeId(12), locality };
    let spill = |reason| B::SpillStarted {
        attempt,
        spill: 12,
        reason,
        content: VOLUME,
        buffer_bytes: 83_900_000,
        threshold_bytes: 83_886_080,
    };
    let phases = [Launch, Map, Blocked, Flush, Merge, Copy, Sort, Reduce, Commit, Done];
    let mut kinds = vec![
        B::AttemptLaunched { attempt },
        B::ReadPastEnd { attempt, split_end: 1_000, line_end: 1_002_000, piece: 0 },
        B::PartialLineSkipped { attempt, bytes: 123_456 },
        B::MapProgress {
            attempt,
            position: 99_999_999,
            piece: 12,
            text_position: Some(999_999_999),
            input: LESS,
            output: VOLUME,
            buffer_bytes: 12_345_678,
            buffer_capacity: 104_857_600,
        },
        B::SpillFinished { attempt, spill: 12, before: VOLUME, after: LESS },
        B::SpillFinished { attempt, spill: 12, before: LESS, after: LESS },
        B::MapOutputReady { attempt, segments: vec![LESS; 100] },
    ];
    for reason in REASONS {
        kinds.extend(localities.map(|locality| assigned(locality, reason)));
    }
    kinds.extend(localities.map(opened));
    kinds.extend([SpillReason::Threshold, SpillReason::EndOfInput].map(spill));
    kinds.extend(phases.map(|phase| B::PhaseStarted { attempt, phase }));
    kinds
}

fn merges(map: AttemptId, reduce: AttemptId) -> Vec<B> {
    let started = |attempt, inputs, last: bool| {
        let memory = (!last).then_some(MemoryUse {
            from_memory: inputs,
            used_bytes: 98_765_432,
            limit_bytes: 99_999_999,
        });
        B::MergeStarted { attempt, pass: 1, inputs, segments: 117, last, memory }
    };
    vec![
        started(map, 117, true),
        started(map, 9, false),
        started(reduce, 10, true),
        started(reduce, 9, false),
        B::MergeFinished { attempt: reduce, pass: 1, before: VOLUME, after: LESS },
    ]
}

fn reduces(map: AttemptId, attempt: AttemptId) -> Vec<B> {
    let from = NodeId(12);
    let assigned = |reason| B::ReduceAssigned { attempt, node: NODE, pending: 100, reason };
    let mut kinds = REASONS.map(assigned).to_vec();
    kinds.extend([
        B::MapOutputsLearned { attempt, maps: vec![MapIndex(17)] },
        B::MapOutputsLearned { attempt, maps: vec![MapIndex(17); 40] },
        B::FetchStarted { attempt, map, from, volume: LESS, to_disk: true },
        B::FetchesStalled { attempt, used_bytes: 123_456_789, limit_bytes: 98_765_432 },
        B::FetchFinished { attempt, map, from, volume: LESS },
        B::ReduceProgress { attempt, groups: 54_321, input: VOLUME, output: LESS },
        B::OutputWritten { attempt, part: PartitionId(99), volume: LESS },
    ]);
    kinds
}

fn ends(map: AttemptId, reduce: AttemptId) -> Vec<B> {
    let (took, counters, part) = (Span(123_400_000), Counters::default(), PartitionId(99));
    vec![
        B::CommitGranted { attempt: reduce, part },
        B::OutputCommitted { attempt: reduce, part, volume: LESS, visible: true },
        B::OutputCommitted { attempt: reduce, part, volume: LESS, visible: false },
        B::JobCommitStarted { parts: 2 },
        B::PartPublished { part },
        B::AttemptSucceeded { attempt: map, took, counters },
        B::TasksFinished { kind: TaskKind::Map, tasks: 450 },
        B::TasksFinished { kind: TaskKind::Reduce, tasks: 100 },
        B::JobFinished { took, counters },
    ]
}
