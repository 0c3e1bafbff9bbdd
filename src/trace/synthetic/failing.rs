//! A made run in which much fails: 4 nodes on 2 racks, 4 maps, 2 reduces. In seconds:
//!
//! ```text
//!  1    the processor of node 4 becomes slow; map 3 runs there until 22.1
//!  3    map 1 throws on node 2 (known at 3.1), and runs again on node 1 from 4 to 9
//!  5    map 0 is done on node 1, map 2 on node 3
//!  6    reduce 0 is given to node 1, reduce 1 to node 2; each has map 0 at 7
//!  8    reduce 0 has map 2; node 3 crashes while reduce 1 fetches it, which fails at 11
//! 16.5  node 3 is believed lost: map 2 is pending, and runs again on node 2 from 17 to 21
//! 18    map 3 gets a backup on node 1, which is done at 22; the other is killed and stopped
//! 19    node 3 starts again with an empty disk, and is heard at 19.5; block 1, which lay on it,
//!       is copied to node 4 from 17 to 20
//! 23    the reduces have all, are done at 25, and the job at 26
//! ```

use super::{Play, Script, Shape, small, words};
use crate::base::{AttemptId, BlockId, Fault, NodeId, NodePart, Span, TaskId, TaskKind, Time};
use crate::trace::event::{
    BatchEvent as B, Counters, Event, EventKind, Locality, Phase, Volume, WorldEvent,
};
use crate::trace::failure::{FailureEvent as F, KillReason, LaunchReason, ReadError, TaskError};

/// What each map has for each reduce.
pub(crate) const SEGMENT: Volume = Volume { records: 10, bytes: 1_000 };

/// The tale, which tells what happens in any order.
struct Tale {
    script: Script,
}

/// The events of that run.
pub(crate) fn failing() -> Vec<Event> {
    let shape = Shape { nodes: 4, racks: 2, ..small() };
    let inputs = words::inputs(&shape);
    let script = Script::default();
    let (maps, reduces) = (Vec::new(), Vec::new());
    let mut play = Play { shape: &shape, inputs, script, maps, reduces, slow_start: None };
    play.start();
    let mut tale = Tale { script: play.script };
    tale.heartbeats();
    tale.maps();
    tale.crash();
    tale.backup();
    tale.reduces();
    tale.script.events()
}

impl Tale {
    fn batch(&mut self, ms: u64, node: u16, kind: B) {
        self.tell(ms, node, EventKind::Batch(kind));
    }

    fn failure(&mut self, ms: u64, node: u16, kind: F) {
        self.tell(ms, node, EventKind::Failure(kind));
    }

    fn fault(&mut self, ms: u64, fault: Fault) {
        let kind = WorldEvent::FaultStruck { fault, by_rate: false, effect: true };
        self.tell(ms, 0, EventKind::World(kind));
    }

    /// Node 0 stands for the coordinator.
    fn tell(&mut self, ms: u64, node: u16, kind: EventKind) {
        let (at, node) = (Time(ms * 1_000), (node > 0).then_some(NodeId(node)));
        self.script.drafts.push(super::Draft { at, node, kind, cause: None });
    }

    /// Once a second from each node that is up.
    fn heartbeats(&mut self) {
        for second in 0..26 {
            for node in 1..=4 {
                let ms = second * 1_000 + u64::from(node) * 10;
                if node == 3 && (8_000..19_500).contains(&ms) {
                    continue;
                }
                let (node, free_map_slots, free_reduce_slots) = (NodeId(node), 1, 1);
                self.batch(ms, 0, B::HeartbeatReceived { node, free_map_slots, free_reduce_slots });
            }
        }
    }

    /// An attempt is given out, and launched 100 ms later.
    fn give(&mut self, ms: u64, attempt: AttemptId, node: u16, reason: LaunchReason) {
        let (pending, there) = (1, NodeId(node));
        let (kind, phase) = match attempt.task.kind {
            TaskKind::Map => {
                let (locality, pending_local, opportunities_passed) = (Locality::NodeLocal, 1, 0);
                let node = there;
                (
                    B::MapAssigned {
                        attempt,
                        node,
                        locality,
                        pending,
                        pending_local,
                        opportunities_passed,
                        reason,
                    },
                    Phase::Map,
                )
            }
            TaskKind::Reduce => {
                (B::ReduceAssigned { attempt, node: there, pending, reason }, Phase::Copy)
            }
        };
        self.batch(ms, 0, kind);
        self.batch(ms + 100, node, B::AttemptLaunched { attempt });
        self.batch(ms + 500, node, B::PhaseStarted { attempt, phase });
    }

    /// A map is done, and the coordinator knows it 100 ms later.
    fn map_done(&mut self, ms: u64, attempt: AttemptId, node: u16) {
        self.batch(ms, node, B::MapOutputReady { attempt, segments: vec![SEGMENT; 2] });
        self.done(ms, attempt, node);
    }

    fn done(&mut self, ms: u64, attempt: AttemptId, node: u16) {
        self.batch(ms, node, B::PhaseStarted { attempt, phase: Phase::Done });
        let (took, counters) = (Span(1), Counters { map_input_records: 1, ..Counters::default() });
        self.batch(ms + 100, 0, B::AttemptSucceeded { attempt, took, counters });
    }

    fn maps(&mut self) {
        let slow = Fault::Slow { node: NodeId(4), part: NodePart::Processor, percent: 20 };
        self.fault(1_000, slow);
        for (map, node) in (0..4).zip(1..) {
            self.give(u64::from(node) * 10, TaskId::map(map).attempt(0), node, LaunchReason::First);
        }
        let thrown = TaskId::map(1).attempt(0);
        self.failure(3_000, 2, F::AttemptThrew { attempt: thrown, error: TaskError::Exception });
        let (node, error, failures, limit) = (NodeId(2), TaskError::Exception, 1, 4);
        let failed = F::AttemptFailed { attempt: thrown, node, error, failures, limit };
        self.failure(3_100, 0, failed);
        self.give(4_000, TaskId::map(1).attempt(1), 1, LaunchReason::Retry);
        self.map_done(5_000, TaskId::map(0).attempt(0), 1);
        self.map_done(5_000, TaskId::map(2).attempt(0), 3);
        self.batch(5_200, 0, B::SlowStartReached { maps_done: 2, maps: 4, needed: 1 });
        self.map_done(9_000, TaskId::map(1).attempt(1), 1);
    }

    fn crash(&mut self) {
        let (node, map) = (NodeId(3), TaskId::map(2).attempt(0));
        self.fault(8_000, Fault::Crash { node });
        let (silent, timeout) = (Span(8_470_000), Span(8_000_000));
        let (running, outputs) = (Vec::new(), vec![map]);
        self.failure(16_500, 0, F::NodeLost { node, silent, timeout, running, outputs });
        let reason = KillReason::NodeLost { node };
        self.failure(16_500, 0, F::AttemptKilled { attempt: map, node, reason });
        let blocks = vec![BlockId(1), BlockId(2)];
        self.failure(16_600, 0, F::ReplicasLost { node, silent, timeout, blocks });
        let (block, from, to) = (BlockId(1), NodeId(2), NodeId(4));
        self.failure(17_000, 0, F::ReplicationStarted { block, from, to, live: 1, wanted: 2 });
        self.give(17_000, TaskId::map(2).attempt(1), 2, LaunchReason::Rerun);
        self.fault(19_000, Fault::Restart { node, keep_disk: false });
        let (incarnation, outputs_kept, blocks_kept) = (1, 0, 0);
        let registered = F::NodeRegistered { node, incarnation, outputs_kept, blocks_kept };
        self.failure(19_500, 0, registered);
        self.failure(19_500, 0, F::ReplicasReported { node, blocks: Vec::new() });
        self.failure(20_000, 0, F::ReplicaRestored { block, from, to });
        self.map_done(21_000, TaskId::map(2).attempt(1), 2);
    }

    fn backup(&mut self) {
        let (slow, backup) = (TaskId::map(3).attempt(0), TaskId::map(3).attempt(1));
        let decided = F::BackupDecided {
            attempt: slow,
            millionths: 300_000,
            estimated_end: Time(60_000_000),
            replacement_end: Time(23_000_000),
            mean: Span(5_000_000),
            done: 2,
            tasks: 4,
            backups: 0,
            cap: 10,
        };
        self.failure(18_000, 0, decided);
        self.give(18_000, backup, 1, LaunchReason::Backup);
        self.map_done(22_000, backup, 1);
        let (node, reason) = (NodeId(4), KillReason::LostRace { winner: backup });
        self.failure(22_100, 0, F::AttemptKilled { attempt: slow, node, reason });
        self.failure(22_200, 4, F::AttemptStopped { attempt: slow });
    }

    fn reduces(&mut self) {
        let [one, two] = [0, 1].map(|reduce| TaskId::reduce(reduce).attempt(0));
        let map = |map, attempt| TaskId::map(map).attempt(attempt);
        self.give(6_000, one, 1, LaunchReason::First);
        self.give(6_000, two, 2, LaunchReason::First);
        self.fetch((6_600, 7_000), (one, 1), (map(0, 0), 1));
        self.fetch((6_600, 7_000), (two, 2), (map(0, 0), 1));
        self.fetch((7_000, 7_900), (one, 1), (map(2, 0), 3));
        self.fetch_fails(two);
        for (reduce, node) in [(one, 1), (two, 2)] {
            self.fetch((10_000, 10_500), (reduce, node), (map(1, 1), 1));
            self.fetch((22_500, 23_000), (reduce, node), (map(3, 1), 1));
        }
        self.fetch((21_500, 22_000), (two, 2), (map(2, 1), 2));
        for (reduce, node) in [(one, 1), (two, 2)] {
            let part = crate::base::PartitionId(reduce.task.index);
            self.batch(23_100, node, B::PhaseStarted { attempt: reduce, phase: Phase::Reduce });
            self.batch(
                24_900,
                node,
                B::OutputCommitted { attempt: reduce, part, volume: SEGMENT, visible: true },
            );
            self.done(25_000, reduce, node);
        }
        let (took, counters) = (Span(26_000_000), Counters::default());
        self.batch(26_000, 0, B::JobFinished { took, counters });
    }

    fn fetch(
        &mut self,
        (from_ms, to_ms): (u64, u64),
        (attempt, node): (AttemptId, u16),
        (map, host): (AttemptId, u16),
    ) {
        let (from, volume) = (NodeId(host), SEGMENT);
        self.batch(from_ms, node, B::FetchStarted { attempt, map, from, volume, to_disk: false });
        self.batch(to_ms, node, B::FetchFinished { attempt, map, from, volume });
    }

    /// Node 3 crashes while reduce 1 fetches from it.
    fn fetch_fails(&mut self, attempt: AttemptId) {
        let (map, from) = (TaskId::map(2).attempt(0), NodeId(3));
        self.batch(
            7_500,
            2,
            B::FetchStarted { attempt, map, from, volume: SEGMENT, to_disk: false },
        );
        let failed = F::FetchFailed {
            attempt,
            map,
            from,
            error: ReadError::Stalled { waited: Span::from_secs(3) },
            map_failures: 1,
            host_failures: 1,
            retry_after: Span::from_secs(10),
            reported: true,
        };
        self.failure(11_000, 2, failed);
        let (notifications, needed, copying) = (1, 3, 2);
        let heard = F::FetchFailureHeard { map, by: attempt, notifications, needed, copying };
        self.failure(11_100, 0, heard);
    }
}
