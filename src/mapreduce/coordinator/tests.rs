//! The coordinator by itself: messages and times go in by hand, orders and events come out.

use super::super::messages;
use super::*;
use crate::base::{BlockId, Codec, FileId, RackId, Span};
use crate::mapreduce::config::{CommitRule, ShuffleRule};
use crate::mapreduce::segment::{SegmentCodec, SegmentSize};
use crate::mapreduce::split::{Piece, SplitRule};
use crate::mapreduce::{Job, Partitioner};
use crate::trace::Event;
use crate::trace::event::Volume;
use crate::trace::failure::{KillReason, LaunchReason};

const SECOND: u64 = 1_000_000;

/// A coordinator and all that it said.
struct Desk {
    coordinator: Coordinator,
    recorder: Recorder,
    orders: Vec<(NodeId, Order)>,
    events: Vec<Event>,
    at: Time,
}

fn config() -> JobConfig {
    JobConfig {
        job: Job::WordCount,
        splits: SplitRule::BY_BLOCKS,
        reducers: 2,
        combiner: true,
        partitioner: Partitioner::HadoopText,
        sort_buffer_bytes: 4_096,
        spill_percent: 80,
        codec: SegmentCodec::Plain,
        commit: CommitRule::SINCE_3_0,
        sort_factor: 10,
        parallel_copies: 5,
        shuffle: ShuffleRule::of_heap(1 << 30),
        slow_start_percent: 5,
        locality_delay: 0,
        node_timeout: Span::from_secs(30),
        task_timeout: Span::from_secs(300),
        read_timeout: Span::from_secs(9),
        max_attempts: 4,
        max_node_failures: 3,
        speculation: true,
        task_failure_percent: 0,
        seed: 1,
    }
}

fn piece(offset: u64) -> Piece {
    Piece { file: FileId(0), codec: Codec::Plain, offset, length: 100 }
}

impl Desk {
    /// Two racks of half the nodes each; one block a map, each on two nodes.
    fn new(nodes: u16, maps: u32, config: JobConfig) -> Desk {
        let racks = (0..nodes).map(|place| RackId(1 + u16::from(place >= nodes / 2))).collect();
        let blocks: Vec<StoredBlock> = (0..maps)
            .map(|map| StoredBlock {
                id: BlockId(map),
                file: FileId(0),
                offset: u64::from(map) * 100,
                length: 100,
                replicas: vec![
                    NodeId(u16::try_from(map).unwrap() % nodes + 1),
                    NodeId((u16::try_from(map).unwrap() + 1) % nodes + 1),
                ],
            })
            .collect();
        let splits = blocks
            .iter()
            .map(|block| Split::of(piece(block.offset), block.replicas.clone()))
            .collect();
        let spec = JobSpec {
            config: Arc::new(config),
            topology: Arc::new(Topology(racks)),
            capacity: Capacity { map_slots: 2, reduce_slots: 1, containers: 3 },
            splits,
            blocks,
            replication: 2,
        };
        let mut recorder = Recorder::new(Level::Records);
        let coordinator = Coordinator::submit(spec, Time::ZERO, &mut recorder);
        let (orders, events) = (Vec::new(), Vec::new());
        Desk { coordinator, recorder, orders, events, at: Time::ZERO }
    }

    /// Lets time pass second by second, with heartbeats of the given nodes that are full up.
    fn wait(&mut self, seconds: u64, beating: &[u16]) {
        for _ in 0..seconds {
            self.at = Time(self.at.0 + SECOND);
            self.recorder.set_time(self.at);
            for node in beating {
                self.beat(*node, 0, 0);
            }
            let mut out = Vec::new();
            self.coordinator.on_time(self.at, &mut self.recorder, &mut out);
            self.keep(out);
        }
    }

    fn tell(&mut self, message: Message) {
        let mut out = Vec::new();
        self.coordinator.on_message(self.at, message, Cause::NONE, &mut self.recorder, &mut out);
        self.keep(out);
    }

    fn keep(&mut self, out: Vec<Directed>) {
        self.orders.extend(out.into_iter().map(|(node, order, _)| (node, order)));
        self.events.extend(self.recorder.take());
    }

    /// A heartbeat with so many free slots of each kind.
    fn beat(&mut self, node: u16, maps: u32, reduces: u32) {
        self.tell(Message::Heartbeat {
            node: NodeId(node),
            free_map_slots: maps,
            free_reduce_slots: reduces,
            free_containers: maps + reduces,
        });
    }

    fn finish(&mut self, attempt: AttemptId, node: u16) {
        let stored = Volume { records: 1, bytes: 10 };
        let segments = vec![SegmentSize { stored, raw_bytes: 10 }; 2];
        let counters = Counters { map_input_records: 1, ..Counters::default() };
        self.tell(Message::Finished { node: NodeId(node), attempt, counters, segments });
    }

    fn fail(&mut self, attempt: AttemptId, node: u16) {
        self.tell(Message::Failed { node: NodeId(node), attempt, error: TaskError::Exception });
    }

    fn progress(&mut self, attempt: AttemptId, node: u16, millionths: u32, copying: bool) {
        let (node, worked) = (NodeId(node), millionths > 0);
        self.tell(Message::Progress { node, attempt, millionths, worked, copying });
    }

    /// The attempts that were given out since the last time, with their nodes.
    fn given(&mut self) -> Vec<(u16, AttemptId)> {
        let launched = |(node, order): (NodeId, Order)| match order {
            Order::LaunchMap { attempt, .. } | Order::LaunchReduce { attempt, .. } => {
                Some((node.0, attempt))
            }
            _ => None,
        };
        std::mem::take(&mut self.orders).into_iter().filter_map(launched).collect()
    }

    fn failures(&self) -> impl Iterator<Item = &FailureEvent> {
        self.events.iter().filter_map(|event| match &event.kind {
            EventKind::Failure(failure) => Some(failure),
            EventKind::Batch(_) | EventKind::World(_) | EventKind::Stream(_) => None,
        })
    }

    fn killed(&self) -> Vec<(AttemptId, KillReason)> {
        let killed = |event: &FailureEvent| match event {
            FailureEvent::AttemptKilled { attempt, reason, .. } => Some((*attempt, *reason)),
            _ => None,
        };
        self.failures().filter_map(killed).collect()
    }

    fn reason_of(&self, attempt: AttemptId) -> Option<LaunchReason> {
        self.events.iter().find_map(|event| match &event.kind {
            EventKind::Batch(
                BatchEvent::MapAssigned { attempt: given, reason, .. }
                | BatchEvent::ReduceAssigned { attempt: given, reason, .. },
            ) if *given == attempt => Some(*reason),
            _ => None,
        })
    }
}

fn map(index: u32, number: u16) -> AttemptId {
    TaskId::map(index).attempt(number)
}

fn reduce(index: u32, number: u16) -> AttemptId {
    TaskId::reduce(index).attempt(number)
}

/// Node 1 has run map 0 and runs map 1; node 2 runs maps 2 and 3.
fn four_maps() -> Desk {
    four_maps_with(config())
}

fn four_maps_with(config: JobConfig) -> Desk {
    let mut desk = Desk::new(4, 4, config);
    desk.beat(1, 2, 0);
    desk.beat(2, 2, 0);
    let given = desk.given();
    assert_eq!(given, [(1, map(0, 0)), (1, map(3, 0)), (2, map(1, 0)), (2, map(2, 0))]);
    desk.finish(map(0, 0), 1);
    desk
}

/// `JobImpl.actOnUnusableNode`: running attempts are killed, and completed maps run again while
/// reduces need them; neither counts as a failure.
#[test]
fn a_silent_node_is_lost_at_the_time_out_and_its_maps_are_pending_again() {
    let mut desk = four_maps();
    desk.wait(30, &[2, 3, 4]);
    assert_eq!(desk.killed(), [], "30 s are not more than 30 s");
    desk.wait(1, &[2, 3, 4]);
    let reason = KillReason::NodeLost { node: NodeId(1) };
    assert_eq!(desk.killed(), [(map(3, 0), reason), (map(0, 0), reason)]);
    assert!(desk.failures().any(|event| matches!(event, FailureEvent::NodeLost { silent, .. }
        if *silent == Span::from_secs(31))));
    desk.orders.clear();
    desk.beat(3, 2, 0);
    assert_eq!(desk.given(), [(3, map(3, 1)), (3, map(0, 1))], "the nearer first");
    assert_eq!(desk.reason_of(map(0, 1)), Some(LaunchReason::Rerun));
    assert_eq!(desk.coordinator.task(TaskId::map(0)).failures, 0);
    assert_eq!(desk.coordinator.counters().map_input_records, 0, "what is lost does not count");
}

/// A finished reduce's output lies in the file system; so the job is over when all are.
#[test]
fn finished_reduces_are_kept_and_with_the_last_the_job_is_done() {
    let mut desk = four_maps();
    for (index, node) in [(3, 1), (1, 2), (2, 2)] {
        desk.finish(map(index, 0), node);
    }
    desk.beat(1, 0, 1);
    desk.beat(2, 0, 1);
    assert_eq!(desk.given().len(), 2);
    desk.finish(reduce(0, 0), 1);
    desk.wait(31, &[2, 3, 4]);
    let maps = desk.killed().iter().all(|(attempt, _)| attempt.task.kind == TaskKind::Map);
    assert!(maps && !desk.killed().is_empty(), "only maps are taken back");
    desk.beat(3, 2, 1);
    assert_eq!(desk.given(), [(3, map(3, 1)), (3, map(0, 1))], "the nearer first");
    desk.finish(reduce(1, 0), 2);
    assert!(desk.coordinator.is_finished(), "no map is needed any more");
    assert_eq!(desk.killed().last().unwrap().1, KillReason::JobFinished);
}

#[test]
fn a_lost_node_that_speaks_again_must_stop_what_it_runs() {
    let mut desk = four_maps();
    desk.wait(32, &[2, 3, 4]);
    desk.orders.clear();
    desk.beat(1, 2, 1);
    assert_eq!(desk.orders, [(NodeId(1), Order::Resync)], "and gets nothing yet");
    desk.orders.clear();
    desk.finish(map(3, 0), 1);
    assert!(desk.coordinator.task(TaskId::map(3)).is_pending(), "what was given up does not count");
    desk.beat(1, 2, 0);
    assert_eq!(desk.given().len(), 2);
}

/// `mapreduce.map.maxattempts` = 4.
#[test]
fn the_fourth_failure_of_a_task_fails_the_job() {
    let mut desk = Desk::new(9, 1, config());
    for number in 0..4 {
        let node = number + 1;
        desk.beat(node, 1, 0);
        assert_eq!(desk.given(), [(node, map(0, number))]);
        assert!(!desk.coordinator.is_over());
        desk.fail(map(0, number), node);
    }
    let failure = desk.coordinator.failure().unwrap();
    assert_eq!((failure.task, failure.failures), (TaskId::map(0), 4));
    assert!(matches!(desk.failures().last(), Some(FailureEvent::JobFailed { failures: 4, .. })));
    desk.beat(6, 1, 0);
    assert_eq!(desk.given(), [], "what is over stays over");
}

/// `mapreduce.job.maxtaskfailures.per.tracker` = 3.
#[test]
fn a_node_is_barred_at_its_third_failure_unless_a_third_of_all_is() {
    let fail_three = |desk: &mut Desk| {
        for failed in 0..3 {
            desk.beat(1, 1, 0);
            let (node, attempt) = desk.given()[0];
            assert_eq!(node, 1, "after {failed} failures");
            desk.fail(attempt, 1);
            desk.beat(2, 1, 0);
            let (_, retried) = desk.given()[0];
            desk.finish(retried, 2);
        }
        desk.beat(1, 1, 0);
        desk.given()
    };
    let mut of_four = Desk::new(4, 8, config());
    assert_eq!(fail_three(&mut of_four), [], "one of four is 25 %");
    let mut of_three = Desk::new(3, 8, config());
    assert_eq!(fail_three(&mut of_three).len(), 1, "one of three is 33 %");
    assert!(
        of_three.failures().any(|event| matches!(
            event,
            FailureEvent::NodeBarred { ignored: true, failures: 3, .. }
        ))
    );
}

/// `RMContainerRequestor.computeIgnoreBlacklisting` counts the nodes that are active.
#[test]
fn a_barred_node_gets_tasks_again_when_most_others_are_lost() {
    let mut desk = Desk::new(4, 8, config());
    for _ in 0..3 {
        desk.beat(1, 1, 0);
        let (_, attempt) = desk.given()[0];
        desk.fail(attempt, 1);
        desk.beat(2, 1, 0);
        let (_, retried) = desk.given()[0];
        desk.finish(retried, 2);
    }
    desk.beat(3, 0, 0);
    desk.beat(4, 0, 0);
    desk.beat(1, 1, 0);
    assert_eq!(desk.given(), [], "one of four is 25 %");
    desk.wait(32, &[1]);
    desk.beat(1, 1, 0);
    assert_ne!(desk.given(), [], "one of one is 100 %");
}

/// `RMContainerAllocator`, `PRIORITY_FAST_FAIL_MAP`.
#[test]
fn a_failed_map_goes_before_the_others() {
    let mut desk = Desk::new(4, 4, config());
    desk.beat(1, 1, 0);
    desk.fail(map(0, 0), 1);
    desk.given();
    desk.beat(2, 1, 0);
    assert_eq!(desk.given(), [(2, map(0, 1))]);
    assert_eq!(desk.reason_of(map(0, 1)), Some(LaunchReason::Retry));
}

/// Three notifications, from at least half of the reduces that copy.
#[test]
fn a_map_whose_output_cannot_be_fetched_runs_again() {
    let mut desk = four_maps();
    for (index, node) in [(3, 1), (1, 2), (2, 2)] {
        desk.finish(map(index, 0), node);
    }
    desk.beat(2, 0, 1);
    desk.beat(3, 0, 1);
    desk.given();
    let failed = |by| Message::FetchFailed { node: NodeId(2), attempt: by, map: map(0, 0) };
    desk.tell(failed(reduce(0, 0)));
    desk.tell(failed(reduce(1, 0)));
    assert!(desk.coordinator.task(TaskId::map(0)).is_done());
    desk.tell(failed(reduce(0, 0)));
    assert!(desk.coordinator.task(TaskId::map(0)).is_pending());
    assert_eq!(desk.coordinator.task(TaskId::map(0)).failures, 1, "it counts as a failure");
    desk.tell(failed(reduce(1, 0)));
    assert_eq!(desk.coordinator.task(TaskId::map(0)).failures, 1, "of an output that is gone");
    desk.tell(Message::MapOutputsAsked { node: NodeId(2), attempt: reduce(0, 0), known: 4 });
    let withdrawn = vec![messages::OutputLogEntry::Withdrawn(map(0, 0))];
    let told = Order::MapOutputs { attempt: reduce(0, 0), known: 4, entries: withdrawn };
    assert_eq!(desk.orders.last(), Some(&(NodeId(2), told)));
}

/// `DefaultSpeculator`: the estimated end must lie behind that of a new attempt; and a twin that
/// is first makes the other a loser.
#[test]
fn a_slow_attempt_gets_a_backup_and_the_first_of_both_counts() {
    let mut desk = four_maps();
    desk.wait(5, &[1, 2, 3, 4]);
    desk.finish(map(1, 0), 2);
    desk.progress(map(3, 0), 1, 50_000, false);
    desk.progress(map(2, 0), 2, 900_000, false);
    desk.wait(1, &[1, 2, 3, 4]);
    let decided = desk.failures().find_map(|event| match event {
        FailureEvent::BackupDecided { attempt, estimated_end, replacement_end, mean, .. } => {
            Some((*attempt, *estimated_end, *replacement_end, *mean))
        }
        _ => None,
    });
    // 5 s for a twentieth are 100 s in all; maps 0 and 1 took 0 and 5 s.
    let expected = (map(3, 0), Time(100 * SECOND), Time(8_500_000), Span(2_500_000));
    assert_eq!(decided, Some(expected));
    desk.given();
    desk.beat(1, 1, 0);
    assert_eq!(desk.given(), [], "not where it is slow");
    desk.beat(3, 1, 0);
    assert_eq!(desk.given(), [(3, map(3, 1))]);
    assert_eq!(desk.reason_of(map(3, 1)), Some(LaunchReason::Backup));
    desk.finish(map(3, 1), 3);
    assert_eq!(desk.killed(), [(map(3, 0), KillReason::LostRace { winner: map(3, 1) })]);
    assert_eq!(desk.orders, [(NodeId(1), Order::Kill { attempt: map(3, 0) })]);
    assert_eq!(desk.coordinator.counters().map_input_records, 3);
}

#[test]
fn no_backup_while_another_task_waits_or_too_few_are_done() {
    let mut desk = Desk::new(4, 40, config());
    desk.beat(1, 2, 0);
    desk.wait(5, &[1]);
    desk.finish(map(0, 0), 1);
    desk.progress(map(3, 0), 1, 1_000, false);
    desk.wait(3, &[1]);
    assert!(!desk.failures().any(|event| matches!(event, FailureEvent::BackupDecided { .. })));
}

/// `TaskImpl.canCommit`: one attempt of a task commits; when it is gone, another may.
#[test]
fn one_attempt_may_commit_until_it_is_gone() {
    let mut desk = four_maps();
    for (index, node) in [(3, 1), (1, 2), (2, 2)] {
        desk.finish(map(index, 0), node);
    }
    desk.beat(3, 0, 1);
    desk.given();
    let ask = |attempt, node| Message::CommitAsked { node: NodeId(node), attempt };
    desk.tell(ask(reduce(0, 0), 3));
    assert_eq!(desk.orders.pop(), Some((NodeId(3), Order::Commit { attempt: reduce(0, 0) })));
    desk.tell(ask(reduce(0, 0), 3));
    assert_eq!(desk.orders, []);
    desk.wait(31, &[1, 2, 4]);
    desk.orders.clear();
    desk.beat(4, 0, 1);
    assert_eq!(desk.given(), [(4, reduce(0, 1))]);
    desk.tell(ask(reduce(0, 1), 4));
    assert_eq!(desk.orders, [(NodeId(4), Order::Commit { attempt: reduce(0, 1) })]);
}

/// `RMContainerAllocator.preemptReducesIfNeeded`
#[test]
fn a_reduce_makes_room_when_maps_have_none() {
    let mut desk = Desk::new(2, 1, JobConfig { reducers: 2, ..config() });
    desk.coordinator.capacity = Capacity { map_slots: 1, reduce_slots: 1, containers: 1 };
    desk.beat(1, 1, 0);
    desk.finish(map(0, 0), 1);
    desk.beat(1, 0, 1);
    desk.beat(2, 0, 1);
    desk.given();
    let failed = |by| Message::FetchFailed { node: NodeId(2), attempt: by, map: map(0, 0) };
    for by in [reduce(0, 0), reduce(1, 0), reduce(0, 0)] {
        desk.tell(failed(by));
    }
    desk.progress(reduce(0, 0), 1, 100, true);
    desk.wait(1, &[1, 2]);
    assert_eq!(desk.killed(), [(reduce(1, 0), KillReason::MadeRoom { maps_waiting: 1 })]);
    desk.orders.clear();
    desk.beat(2, 1, 1);
    assert_eq!(desk.given(), [(2, map(0, 1))], "the map goes first");
}

/// Else the room that a reduce made would be given to another reduce, for ever.
#[test]
fn a_backup_counts_among_the_reduces_that_leave_room_for_maps() {
    let mut desk = Desk::new(3, 2, JobConfig { reducers: 2, ..config() });
    desk.coordinator.capacity = Capacity { map_slots: 1, reduce_slots: 1, containers: 1 };
    for (index, node) in [(0, 1), (1, 2)] {
        desk.beat(node, 1, 0);
        desk.finish(map(index, 0), node);
    }
    for node in 1..=3 {
        desk.beat(node, 0, 1);
    }
    desk.coordinator.task_mut(TaskId::reduce(0)).backup = Some(Cause::NONE);
    desk.beat(3, 0, 1);
    assert_eq!(desk.given().last(), Some(&(3, reduce(0, 1))));
    let lost = Message::FetchFailed { node: NodeId(1), attempt: reduce(0, 0), map: map(0, 0) };
    for _ in 0..3 {
        desk.tell(lost.clone());
    }
    desk.wait(1, &[1, 2, 3]);
    let (killed, reason) = desk.killed()[0];
    assert_eq!(reason, KillReason::MadeRoom { maps_waiting: 1 });
    desk.orders.clear();
    let node = if killed == reduce(0, 0) { 1 } else { 3 };
    desk.beat(node, 1, 1);
    assert_eq!(desk.given(), [(node, map(0, 1))]);
    assert!(desk.coordinator.task(TaskId::map(0)).is_running());
}

/// `mapreduce.task.timeout`
#[test]
fn an_attempt_without_progress_fails_but_not_for_its_nodes_silence() {
    let mut desk = four_maps_with(JobConfig { task_timeout: Span::from_secs(30), ..config() });
    desk.wait(29, &[1, 2, 3, 4]);
    desk.progress(map(1, 0), 2, 0, false);
    desk.progress(map(2, 0), 2, 10, false);
    desk.wait(2, &[1, 2, 3, 4]);
    let timed_out = |event: &&FailureEvent| {
        matches!(event, FailureEvent::AttemptFailed { error: TaskError::TimedOut { .. }, .. })
    };
    assert_eq!(desk.failures().filter(timed_out).count(), 2, "maps 1 and 3, not map 2");
    assert!(desk.orders.contains(&(NodeId(2), Order::Kill { attempt: map(1, 0) })));
    let mut silent = four_maps_with(JobConfig { task_timeout: Span::from_secs(30), ..config() });
    silent.wait(40, &[3, 4]);
    assert_eq!(silent.failures().filter(timed_out).count(), 0);
}

#[test]
fn a_node_that_began_anew_has_lost_what_it_ran() {
    let mut desk = four_maps();
    desk.given();
    let (node, outputs, blocks) = (NodeId(1), Vec::new(), vec![BlockId(0)]);
    desk.tell(Message::Registered { node, incarnation: 1, outputs, blocks });
    assert_eq!(desk.killed(), [(map(3, 0), KillReason::NodeRestarted { node })]);
    assert!(desk.coordinator.task(TaskId::map(0)).is_done(), "of that reduces must tell");
    let locations = desk.coordinator.name_node.locations();
    assert!(locations[0].replicas.contains(&node) && !locations[3].replicas.contains(&node));
}

/// A data node is believed dead at 630 s of Hadoop's, a twentieth after the node time-out.
#[test]
fn replicas_of_a_dead_node_are_copied_and_count_again_when_it_returns() {
    let mut desk = four_maps();
    desk.beat(3, 0, 0);
    desk.beat(4, 0, 0);
    desk.wait(31, &[2, 3, 4]);
    assert!(!desk.failures().any(|event| matches!(event, FailureEvent::ReplicasLost { .. })));
    desk.wait(4, &[2, 3, 4]);
    let started: Vec<(BlockId, NodeId, NodeId)> = desk
        .failures()
        .filter_map(|event| match event {
            FailureEvent::ReplicationStarted { block, from, to, live: 1, wanted: 2 } => {
                Some((*block, *from, *to))
            }
            _ => None,
        })
        .collect();
    // Block 0 lay on nodes 1 and 2, block 3 on nodes 4 and 1; nodes 3 and 4 are the other rack.
    assert_eq!(started.len(), 2);
    let (block, from, to) = started[0];
    assert_eq!((block, from), (BlockId(0), NodeId(2)));
    assert!([NodeId(3), NodeId(4)].contains(&to), "on the other rack");
    desk.tell(Message::BlockCopied { node: to, block, from, arrived: true });
    assert_eq!(desk.coordinator.name_node.locations()[0].replicas, [NodeId(2), to]);
    desk.beat(1, 0, 0);
    assert_eq!(desk.coordinator.name_node.locations()[0].replicas, [NodeId(2), to, NodeId(1)]);
}

#[test]
fn a_job_without_nodes_fails_in_the_end() {
    let mut desk = four_maps();
    desk.wait(330, &[]);
    assert!(!desk.coordinator.is_over());
    desk.wait(10, &[]);
    let failure = desk.coordinator.failure().unwrap();
    assert!(matches!(failure.error, TaskError::NoNodes { .. }), "{failure:?}");
}
