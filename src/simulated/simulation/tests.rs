//! What each fault does on a tiny cluster, with numbers by hand: disks, cards and links carry
//! 1,000,000 bytes a second, a read that brings nothing fails after 9 s.

use super::*;
use crate::base::random::{Purpose, Random};
use crate::base::{Level, PartitionId, TaskId};
use crate::kernel::ClusterSpec;
use crate::mapreduce::attempt::{Lane, Stage, Work};
use crate::mapreduce::config::{CommitRule, ShuffleRule};
use crate::mapreduce::messages::Source;
use crate::mapreduce::segment::SegmentCodec;
use crate::mapreduce::split::SplitRule;
use crate::mapreduce::{Job, JobConfig, Partitioner};
use crate::simulated::busy::{Doing, State, Toil};
use crate::simulated::{FaultRates, Setup};
use crate::trace::event::WorldEvent;
use crate::trace::{BatchEvent, EventKind, FailureEvent};
use bytes::Bytes;

mod forks;

/// Bytes that a disk, a card or a link carries in a second.
const RATE: u64 = 1_000_000;
const SECOND: u64 = 1_000_000;

fn setup(nodes: u16, racks: u16, faults: &[&str]) -> Setup {
    Setup {
        cluster: ClusterSpec {
            nodes,
            racks,
            cores: 2,
            memory_bytes: 4 << 30,
            disk_bytes_per_second: RATE,
            network_bytes_per_second: RATE,
            uplink_bytes_per_second: RATE,
        },
        cost: CostModel {
            scale: 1_000,
            map_bytes_per_second: RATE,
            sort_bytes_per_second: RATE,
            codec_bytes_per_second: RATE,
            launch: Span::from_millis(500),
            seed: 1,
        },
        map_slots: 2,
        reduce_slots: 1,
        heartbeat: Span::from_secs(1),
        block_size: 1_000,
        replication: 2,
        job: job(),
        network: Network { latency: Span::from_millis(1), lost_percent: 0, doubled_percent: 0 },
        faults: faults.iter().map(|fault| fault.parse().unwrap()).collect(),
        rates: FaultRates::default(),
        data: Bytes::from("to be or not to be\n".repeat(400)).into(),
    }
}

fn job() -> JobConfig {
    JobConfig {
        job: Job::WordCount,
        splits: SplitRule::BY_BLOCKS,
        reducers: 2,
        combiner: true,
        partitioner: Partitioner::default(),
        sort_buffer_bytes: 4_096,
        spill_percent: 80,
        codec: SegmentCodec::Plain,
        commit: CommitRule::SINCE_3_0,
        sort_factor: 10,
        parallel_copies: 2,
        shuffle: ShuffleRule::of_heap(1 << 30),
        slow_start_percent: 5,
        locality_delay: 0,
        node_timeout: Span::from_secs(30),
        task_timeout: Span::from_secs(30),
        read_timeout: Span::from_secs(9),
        max_attempts: 4,
        max_node_failures: 3,
        speculation: false,
        task_failure_percent: 0,
        seed: 1,
    }
}

/// A run whose containers take very long to start, so that the cluster is idle until then.
fn start(nodes: u16, racks: u16, faults: &[&str]) -> Simulation {
    let mut setup = setup(nodes, racks, faults);
    setup.cost.launch = Span::from_secs(10_000);
    setup.job.task_timeout = Span::from_secs(20_000);
    Simulation::start(setup, Recorder::new(Level::Records))
}

/// An attempt that no agent knows, so that its work can be looked at by itself.
fn stranger(node: u16) -> BusyId {
    (NodeId(node), Doing::Lane(TaskId::reduce(9).attempt(0), Lane::Main))
}

/// Has the work of a stranger on node 1 begin now. Amounts are scaled by a thousand.
fn begin(simulation: &mut Simulation, work: Work) -> BusyId {
    let id = stranger(1);
    simulation.begin(id, Toil::Step(work));
    id
}

/// A fetch of so many bytes.
fn read_from(from: NodeId, bytes: u64) -> Work {
    let source = Source::Segment { map: TaskId::map(9).attempt(0), partition: PartitionId(9) };
    Work::read(from, source, bytes)
}

fn run_until(simulation: &mut Simulation, at: u64) -> Vec<Event> {
    simulation.advance(Slice { bytes: u64::MAX, happenings: u32::MAX, until: Time(at) });
    simulation.take_events()
}

/// When someone is done, in microseconds.
fn end_of(simulation: &mut Simulation, id: BusyId) -> u64 {
    while simulation.busy.contains(id) {
        let (at, turn) = simulation.next_turn().unwrap();
        simulation.take(at, turn);
    }
    simulation.now().0
}

/// Heartbeats that the coordinator heard from a node, in milliseconds.
fn beats(events: &[Event], of: u16) -> Vec<u64> {
    let heard = events.iter().filter_map(|event| {
        let EventKind::Batch(BatchEvent::HeartbeatReceived { node, .. }) = event.kind else {
            return None;
        };
        (node.0 == of).then_some(event.at.0 / 1_000)
    });
    heard.collect()
}

/// Whether each fault that struck had an effect.
fn effects(events: &[Event]) -> Vec<bool> {
    let faults = events.iter().filter_map(|event| {
        let EventKind::World(WorldEvent::FaultStruck { effect, .. }) = event.kind else {
            return None;
        };
        Some(effect)
    });
    faults.collect()
}

#[test]
fn a_slow_part_takes_so_much_longer_from_then_on() {
    let read = read_from(NodeId(1), 2_000);
    let fetch = read_from(NodeId(2), 2_000);
    let compute = Work::compute(Stage::Map, 2_000);
    for (fault, work, end) in [
        ("slow disk of node 1 to 50 % at 1 s", read, 3),
        ("slow disk of node 2 to 25 % at 1 s", fetch, 5),
        ("slow network of node 1 to 50 % at 1 s", fetch, 3),
        ("lose 50 % of node 2 at 1 s", fetch, 3),
        ("slow processor of node 1 to 20 % at 1 s", compute, 6),
        ("slow processor of node 2 to 20 % at 1 s", compute, 2),
    ] {
        let mut simulation = start(2, 1, &[fault]);
        let id = begin(&mut simulation, work);
        assert_eq!(end_of(&mut simulation, id), end * SECOND, "{fault}");
    }
}

#[test]
fn what_begins_on_a_slow_processor_is_slow_too() {
    let mut simulation = start(1, 1, &["slow processor of node 1 to 50 % at 0 s"]);
    run_until(&mut simulation, 0);
    let id = begin(&mut simulation, Work::compute(Stage::Map, 1_000));
    assert_eq!(end_of(&mut simulation, id), 2 * SECOND);
}

/// Cut at 1 s and joined at 4 s: three seconds are lost, and nothing fails.
#[test]
fn a_transfer_across_a_cut_goes_on_when_it_is_joined() {
    let mut simulation = start(2, 2, &["cut off rack 2 at 1 s", "join rack 2 at 4 s"]);
    let id = begin(&mut simulation, read_from(NodeId(2), 2_000));
    run_until(&mut simulation, SECOND);
    let state = simulation.busy.get(id).unwrap().state;
    assert!(matches!(state, State::Flows { stalled: Some(_), .. }), "{state:?}");
    assert_eq!(end_of(&mut simulation, id), 5 * SECOND);
}

#[test]
fn within_a_rack_that_is_cut_off_transfers_go_on() {
    let mut simulation = start(4, 2, &["cut off rack 1 at 1 s"]);
    let id = begin(&mut simulation, read_from(NodeId(2), 2_000));
    assert_eq!(end_of(&mut simulation, id), 2 * SECOND);
}

/// One second of two is read when the peer dies; the reader notices nine seconds later.
#[test]
fn the_reader_notices_a_crash_only_by_the_time_out() {
    let mut simulation = start(2, 1, &["crash node 2 at 1 s", "restart node 2 at 3 s"]);
    let id = begin(&mut simulation, read_from(NodeId(2), 2_000));
    run_until(&mut simulation, 9 * SECOND);
    let state = simulation.busy.get(id).unwrap().state;
    assert!(matches!(state, State::Broken { left: 1_000_000, .. }), "{state:?}");
    assert_eq!(end_of_state(&mut simulation, id), 10 * SECOND);
}

/// A connection to a dead node comes about as soon as it lives again.
#[test]
fn a_dead_node_gives_no_connection_until_it_is_back() {
    let mut simulation = start(2, 1, &["crash node 2 at 0 s", "restart node 2 at 3 s"]);
    run_until(&mut simulation, 0);
    let id = begin(&mut simulation, read_from(NodeId(2), 2_000));
    let state = simulation.busy.get(id).unwrap().state;
    assert!(matches!(state, State::Connects { .. }), "{state:?}");
    assert_eq!(end_of(&mut simulation, id), 5 * SECOND);
}

/// HDFS's pipeline recovery: a second of two is written to both, then the other one dies; nine
/// seconds later the rest is written alone, and so is all that comes.
#[test]
fn a_write_goes_on_alone_when_the_second_replica_does_not_answer() {
    let write = Work { replicate_to: Some(NodeId(2)), ..Work::write(2_000) };
    let mut simulation = start(2, 1, &["crash node 2 at 1 s"]);
    let id = begin(&mut simulation, write);
    assert_eq!(end_of(&mut simulation, id), 11 * SECOND);
    let id = begin(&mut simulation, write);
    assert_eq!(end_of(&mut simulation, id), 13 * SECOND);
}

#[test]
fn all_that_runs_on_a_node_goes_with_it() {
    let mut simulation = start(2, 1, &["crash node 1 at 1 s"]);
    let id = begin(&mut simulation, read_from(NodeId(2), 2_000));
    let events = run_until(&mut simulation, 20 * SECOND);
    assert!(!simulation.busy.contains(id));
    assert!(beats(&events, 1).iter().all(|at| *at < 1_000));
    assert_eq!(beats(&events, 2).len(), 20);
}

#[test]
fn a_node_that_starts_again_says_so_first() {
    let mut simulation = start(2, 1, &["crash node 1 at 2 s", "restart node 1 at 5.5 s"]);
    let events = run_until(&mut simulation, 8 * SECOND);
    let registered = events.iter().find_map(|event| {
        let EventKind::Failure(FailureEvent::NodeRegistered { node, incarnation, .. }) = event.kind
        else {
            return None;
        };
        Some((event.at, node, incarnation))
    });
    assert_eq!(registered, Some((Time(5_501_000), NodeId(1), 1)));
    let after: Vec<u64> = beats(&events, 1).into_iter().filter(|at| *at > 2_000).collect();
    assert_eq!(after, [5_501, 6_501, 7_501]);
}

/// Two nodes with two replicas hold every block; the job has eight.
#[test]
fn a_node_keeps_its_blocks_with_its_disk_and_loses_them_without() {
    for (restart, kept) in [("", 8), (" without disk", 0)] {
        let restart = format!("restart node 1{restart} at 4 s");
        let mut simulation = start(2, 1, &["crash node 1 at 2 s", &restart]);
        let events = run_until(&mut simulation, 5 * SECOND);
        let blocks = events.iter().find_map(|event| {
            let EventKind::Failure(FailureEvent::NodeRegistered { blocks_kept, .. }) = event.kind
            else {
                return None;
            };
            Some(blocks_kept)
        });
        assert_eq!(blocks, Some(kept), "{restart}");
    }
}

#[test]
fn a_task_that_is_made_to_fail_throws_where_it_runs() {
    let events = run_until(&mut start(2, 1, &["fail map 0 at 3 s"]), 3 * SECOND);
    assert_eq!(effects(&events), [true]);
    let threw = events.iter().find_map(|event| {
        let EventKind::Failure(FailureEvent::AttemptThrew { attempt, .. }) = event.kind else {
            return None;
        };
        Some((event.at, attempt))
    });
    assert_eq!(threw, Some((Time(3 * SECOND), TaskId::map(0).attempt(0))));
}

/// With all nodes dead nothing ever happens but the coordinator's clock, which ends the job.
#[test]
fn a_run_whose_nodes_are_all_dead_ends() {
    let mut simulation = start(2, 1, &["crash node 1 at 3 s", "crash node 2 at 4 s"]);
    run_until(&mut simulation, u64::MAX);
    assert!(simulation.is_over() && !simulation.is_finished());
    assert!(simulation.now() < Time(1_000 * SECOND), "{}", simulation.now());
}

/// The next beat is on its way; those after it come at four times the distance.
#[test]
fn a_slow_processor_slows_the_heart_from_the_next_beat_on() {
    let faults = [
        "slow processor of node 1 to 25 % at 1 s",
        "slow processor of node 1 to 0 % at 12 s",
        "slow processor of node 1 to 100 % at 20 s",
    ];
    let mut simulation = start(1, 1, &faults);
    let events = run_until(&mut simulation, 26 * SECOND);
    let beats = beats(&events, 1);
    let first = beats[0];
    // The beat that was due at first + 13 s had `first + 1 s` left at 12 s, and rests for 8 s.
    let expected = [0, 1, 5, 9].map(|after| first + after * 1_000);
    assert_eq!(beats[..4], expected);
    assert_eq!(beats[4], first + 21_000);
    assert_eq!(beats[5], first + 22_000);
}

#[test]
fn a_fault_that_finds_nothing_to_do_has_no_effect() {
    let faults = [
        "crash node 9 at 1 s",
        "restart node 1 at 1 s",
        "slow disk of node 1 to 100 % at 1 s",
        "cut off rack 7 at 1 s",
        "join rack 1 at 1 s",
        "lose 0 % of node 1 at 1 s",
        "fail map 77 at 1 s",
        "poison byte 99999999 at 1 s",
        "crash node 1 at 1 s",
        "crash node 1 at 1 s",
    ];
    let events = run_until(&mut start(2, 1, &faults), SECOND);
    assert_eq!(
        effects(&events),
        [false, false, false, false, false, false, false, false, true, false]
    );
}

/// Across a cut messages wait, and come in order when the rack is joined.
#[test]
fn messages_wait_until_the_rack_is_joined() {
    let mut simulation = start(2, 2, &["cut off rack 2 at 2 s", "join rack 2 at 5 s"]);
    let events = run_until(&mut simulation, 9 * SECOND);
    let beats = beats(&events, 2);
    assert_eq!(beats.len(), 9, "{beats:?}");
    assert!(beats.iter().all(|at| !(2_000..5_000).contains(at)), "{beats:?}");
    let waits = events.iter().filter_map(|event| {
        let EventKind::World(WorldEvent::MessageLost { again_after, .. }) = event.kind else {
            return None;
        };
        Some(again_after.0)
    });
    assert_eq!(waits.collect::<Vec<_>>(), [200_000, 400_000, 800_000, 1_600_000]);
}

#[test]
fn load_is_told_once_a_second_when_it_has_changed() {
    let mut simulation = start(2, 1, &[]);
    begin(&mut simulation, read_from(NodeId(2), 1_500));
    let events = run_until(&mut simulation, SECOND);
    let loads = events.iter().filter_map(|event| {
        let EventKind::World(WorldEvent::LoadChanged {
            sent_bytes_per_second: sent,
            received_bytes_per_second: received,
            ..
        }) = event.kind
        else {
            return None;
        };
        Some((event.at.0, event.node?.0, sent, received))
    });
    assert_eq!(loads.collect::<Vec<_>>(), [(SECOND, 1, 0, RATE), (SECOND, 2, RATE, 0)]);
}

/// When the state of someone's work ends, in microseconds.
fn end_of_state(simulation: &mut Simulation, id: BusyId) -> u64 {
    let before = simulation.busy.get(id).map(|running| std::mem::discriminant(&running.state));
    while simulation.busy.get(id).map(|running| std::mem::discriminant(&running.state)) == before {
        let (at, turn) = simulation.next_turn().unwrap();
        simulation.take(at, turn);
    }
    simulation.now().0
}
